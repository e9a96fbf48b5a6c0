"""A theme of the diagnosis read across the rooms: figures, offer, findings, words of inhabitants."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Prefetch, Q, QuerySet

from actionplan.models import Action
from agreements.models import Agreement, Theme
from core import formats as fr
from core.audience import Audience
from core.db import fr_order
from opendata.models import Indicator
from participation.models import Consultation
from reports.figures import FigureLine, figure_lines
from reports.sections import THEME
from territory.models import (
    Capacity,
    Challenge,
    Facility,
    Finding,
    LocalObservation,
    ReportText,
    UnderServedArea,
)
from territory.report import report_texts


def themes(agreement: Agreement) -> QuerySet[Theme]:
    return Theme.objects.filter(agreement=agreement, is_active=True).select_related("domain")


def indicators_of(theme: Theme) -> QuerySet[Indicator]:
    """What the catalogue of family policy has in the field of the theme, the usual ones first."""
    return (
        Indicator.objects.filter(domain_id=theme.domain_id)
        .filter(Q(is_family_policy=True) | Q(position__isnull=False) | ~Q(ask_to=""))
        .order_by(F("position").asc(nulls_last=True), "label")
    )


@dataclass(frozen=True)
class OfferRow:
    """A facility and its capacity of the latest year known, beside what is planned."""

    facility: Facility
    now: Capacity | None
    planned: Capacity | None

    @property
    def now_text(self) -> str:
        return capacity_words(self.now)

    @property
    def planned_text(self) -> str:
        return capacity_words(self.planned)

    @property
    def ages(self) -> str:
        """« de 3 à 11 ans », from months; empty when no bound is typed."""
        low, high = self.facility.min_age_months, self.facility.max_age_months
        if low is None:
            low = self.facility.type.min_age_months
        if high is None:
            high = self.facility.type.max_age_months
        return age_words(low, high)


def capacity_words(capacity: Capacity | None) -> str:
    """« 40 places en 2026 », « 1,50 ETP en 2027 »; empty when nothing is known."""
    if capacity is None:
        return ""
    written = fr.with_unit(
        capacity.value, capacity.get_unit_display(), capacity_decimals(capacity.value)
    )
    return f"{written} en {capacity.year}"


def capacity_decimals(value: Decimal) -> int:
    """Places are whole; a part of a full-time post is not."""
    return 0 if value == value.to_integral_value() else 2


def age_words(low: int | None, high: int | None) -> str:
    """Ages of an offer in words; months under two years, years beyond."""
    if low is None and high is None:
        return ""
    if high is None:
        return f"dès {_age(low)}"
    if not low:
        return f"jusqu'à {_age(high)}"
    if low % 12 == high % 12 == 0 and high >= 24:
        return f"de {low // 12} à {high // 12} ans"
    return f"de {_age(low)} à {_age(high)}"


def _age(months: int | None) -> str:
    months = months or 0
    return f"{months // 12} ans" if months >= 24 and months % 12 == 0 else f"{months} mois"


def offer_of(agreement: Agreement, theme: Theme | None = None) -> list[OfferRow]:
    """The facilities that are open, of one theme or of all, by theme then type."""
    facilities = (
        Facility.objects.filter(agreement=agreement, closed_on=None)
        .select_related("type", "manager", "theme", "commune")
        .prefetch_related("capacities")
        .order_by("theme__position", "type__position", *fr_order("name"), "pk")
    )
    if theme is not None:
        facilities = facilities.filter(theme=theme)
    return [_offer_row(facility) for facility in facilities]


def _offer_row(facility: Facility) -> OfferRow:
    rows = list(facility.capacities.all())
    return OfferRow(
        facility,
        max((row for row in rows if not row.is_planned), key=lambda row: row.year, default=None),
        max((row for row in rows if row.is_planned), key=lambda row: row.year, default=None),
    )


def challenges_of(agreement: Agreement) -> QuerySet[Challenge]:
    """The challenges by priority then rank, with the actions still alive that answer each."""
    return (
        Challenge.objects.filter(agreement=agreement, is_archived=False)
        .select_related("theme")
        .annotate(
            finding_count=Count("findings", distinct=True),
            action_count=Count("actions", filter=Q(actions__is_archived=False), distinct=True),
        )
        # A query that counts forgets the order of its model.
        .order_by("priority", F("rank").asc(nulls_last=True), "theme__position", "pk")
    )


@dataclass(frozen=True)
class ThemePage:
    """All that is known of a theme, as one reader may read it."""

    theme: Theme
    figures: list[FigureLine]
    to_ask: list[FigureLine]
    local_figures: list[LocalObservation]
    offer: list[OfferRow]
    quadrants: list[tuple[str, str, list[Finding]]]
    challenges: list[Challenge]
    consultations: list[Consultation]
    areas: list[UnderServedArea]
    text: ReportText | None

    @property
    def theme_id(self) -> str:
        """For an address: a text, which no thousands separator will cut."""
        return str(self.theme.pk)

    @property
    def action_total(self) -> int:
        return sum(challenge.action_count for challenge in self.challenges)  # type: ignore[attr-defined]


def theme_page(agreement: Agreement, theme: Theme, audience: Audience, year: int) -> ThemePage:
    lines = figure_lines(agreement, list(indicators_of(theme)), audience, year)
    local = local_figures(agreement, audience, theme)
    typed = {row.indicator_id for row in local}
    return ThemePage(
        theme=theme,
        figures=[line for line in lines if line.is_known],
        to_ask=[
            line
            for line in lines
            if not line.is_known and line.indicator.ask_to and line.indicator.pk not in typed
        ],
        local_figures=local,
        offer=offer_of(agreement, theme),
        quadrants=quadrants(Finding.objects.filter(agreement=agreement, is_archived=False, theme=theme)),
        challenges=list(challenges_of(agreement).filter(theme=theme)),
        consultations=list(
            Consultation.objects.filter(agreement=agreement, theme=theme).order_by("-starts_on", "-pk")
        ),
        areas=list(
            UnderServedArea.objects.filter(agreement=agreement, theme=theme).select_related("territory")
        ),
        text=report_texts(agreement, audience).filter(section=THEME, theme=theme).first(),
    )  # fmt: skip


def quadrants(findings: Any) -> list[tuple[str, str, list[Finding]]]:
    """(value, label, findings) for the four quadrants, those without a finding included."""
    rows = list(findings)
    return [
        (value, str(label), [row for row in rows if row.quadrant == value])
        for value, label in Finding.Quadrant.choices
    ]


def local_figures(
    agreement: Agreement, audience: Audience, theme: Theme | None = None
) -> list[LocalObservation]:
    """The latest figure typed for each indicator, in the field of the theme when one is given."""
    rows = LocalObservation.objects.filter(
        agreement=agreement, audience__in=audience.readable
    ).select_related("indicator", "territory")
    if theme is not None:
        rows = rows.filter(indicator__domain=theme.domain_id)
    latest: dict[tuple[Any, int], LocalObservation] = {}
    for row in rows.order_by("-period", "pk"):
        latest.setdefault((row.indicator_id or row.label, row.territory_id), row)
    return sorted(latest.values(), key=lambda row: (row.title, row.pk))


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
    return challenges_of(agreement).prefetch_related(
        Prefetch("findings", Finding.objects.filter(is_archived=False)),
        Prefetch("actions", actions),
    )
