"""A theme of the diagnosis read across the rooms: figures, offer, findings, words of inhabitants."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, OuterRef, Prefetch, Q, QuerySet, Subquery

from actionplan.models import Action
from agreements.models import Agreement, Theme
from core.audience import Audience
from core.db import fr_order
from core.states import QUADRANT_STATES
from opendata.models import Indicator
from participation.models import Consultation
from reports.figures import FigureLine
from reports.sections import THEME
from territory.afom import HEADINGS
from territory.comparison import comparison
from territory.models import (
    Challenge,
    Facility,
    Finding,
    ReportText,
    UnderServedArea,
)
from territory.offer_queries import FacilityLine, lines_of, register
from territory.queries import challenges


def themes(agreement: Agreement) -> QuerySet[Theme]:
    return Theme.objects.filter(agreement=agreement, is_active=True).select_related("domain")


def themes_told(agreement: Agreement, audience: Audience) -> QuerySet[Theme]:
    """The themes with ``words``: what their authors say of each, as far as the reader may read."""
    words = ReportText.objects.filter(
        agreement=agreement, section=THEME, theme=OuterRef("pk"), audience__in=audience.readable
    )
    return themes(agreement).annotate(words=Subquery(words.values("text")[:1]))


def indicators_of(theme: Theme) -> QuerySet[Indicator]:
    """What the catalogue of family policy has in the field of the theme, the usual ones first."""
    return (
        Indicator.objects.filter(domain_id=theme.domain_id)
        .filter(Q(is_family_policy=True) | Q(position__isnull=False) | ~Q(ask_to=""))
        .order_by(F("position").asc(nulls_last=True), "label")
    )


def offer_of(agreement: Agreement, on: date, theme: Theme | None = None) -> list[FacilityLine]:
    """The facilities that are not closed, of one theme or of all, by theme then type."""
    facilities = register(agreement).order_by(
        "theme__position", "type__position", *fr_order("name"), "pk"
    )
    if theme is not None:
        facilities = facilities.filter(theme=theme)
    return [line for line in lines_of(facilities, on) if not line.is_closed]


@dataclass(frozen=True)
class ThemePage:
    """All that is known of a theme, as one reader may read it."""

    theme: Theme
    figures: list[FigureLine]
    to_ask: list[FigureLine]
    offer: list[FacilityLine]
    quadrants: list[Quadrant]
    challenges: list[Challenge]
    consultations: list[Consultation]
    areas: list[UnderServedArea]

    @property
    def theme_id(self) -> str:
        """For an address: a text, which no thousands separator will cut."""
        return str(self.theme.pk)


def theme_page(agreement: Agreement, theme: Theme, audience: Audience, on: date) -> ThemePage:
    lines = [
        FigureLine(row, keep_old=False, year=on.year)
        for row in comparison(agreement, list(indicators_of(theme)), audience=audience)
    ]
    return ThemePage(
        theme=theme,
        figures=[line for line in lines if line.is_known],
        to_ask=[line for line in lines if line.row.is_to_ask],
        offer=offer_of(agreement, on, theme),
        quadrants=quadrants(Finding.objects.filter(agreement=agreement, is_archived=False, theme=theme)),
        challenges=list(challenges(agreement).filter(theme=theme).prefetch_related(None)),
        consultations=list(
            Consultation.objects.filter(agreement=agreement, theme=theme).order_by("-starts_on", "-pk")
        ),
        areas=list(
            UnderServedArea.objects.filter(agreement=agreement, theme=theme).select_related("territory")
        ),
    )  # fmt: skip


@dataclass(frozen=True)
class Quadrant:
    """One of the four quadrants, were it empty."""

    heading: str
    icon: str
    findings: list[Finding]


def quadrants(findings: Iterable[Finding]) -> list[Quadrant]:
    rows = list(findings)
    return [
        Quadrant(heading, QUADRANT_STATES[key].icon, [row for row in rows if row.quadrant == key])
        for key, heading in HEADINGS.items()
    ]


@dataclass(frozen=True)
class ThemeCard:
    """A theme in the index: how much of it is known."""

    theme: Theme
    facilities: int
    findings: int
    challenges: int
    consultations: int


def theme_cards(agreement: Agreement) -> list[ThemeCard]:
    """The themes in use and what each holds, in five queries."""

    def counts(rows: QuerySet[Any]) -> Counter[int]:
        return Counter(rows.filter(agreement=agreement).values_list("theme_id", flat=True))

    facilities = counts(Facility.objects.filter(closed_on=None))
    findings = counts(Finding.objects.filter(is_archived=False))
    challenges = counts(Challenge.objects.filter(is_archived=False))
    consultations = counts(Consultation.objects.all())
    return [
        ThemeCard(
            theme, facilities[theme.pk], findings[theme.pk], challenges[theme.pk],
            consultations[theme.pk],
        )
        for theme in themes(agreement)
    ]  # fmt: skip


def answering_actions(agreement: Agreement) -> QuerySet[Challenge]:
    """The challenges with the actions that answer them, for the report."""
    actions = Action.objects.active().in_plan_order()
    return challenges(agreement).prefetch_related(Prefetch("actions", actions))
