"""What the report says, read once: as its edition may read it, in a constant number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from actionplan.models import Action
from agreements.models import Agreement, Theme
from core.audience import Audience
from core.documents.content import AuthorWords, Block
from core.errors import DomainError
from opendata.models import Territory
from opendata.queries import is_old
from participation.models import Consultation
from participation.queries import consultations
from reports import themes as queries
from reports.documents.base import Request
from reports.figures import FigureLine, figure_lines
from reports.preparation import report_indicators
from reports.sections import TOLD_BEFORE, ReportSection
from territory.comparison import territories_of
from territory.models import (
    Challenge,
    Diagnosis,
    Finding,
    LocalObservation,
    ReportText,
    UnderServedArea,
    Workshop,
)
from territory.offer_queries import FacilityLine
from territory.queries import local_observations, report_texts
from territory.secrecy import Total, withheld_totals

AUTHOR = "Le mot de l'auteur"


@dataclass(frozen=True)
class Facts:
    """Everything that the chapters print. ``lines`` holds every figure of the report's fields;
    ``kept`` those that may enter it."""

    request: Request
    audience: Audience
    withheld: set[Total]
    """Totals that would give this edition, by subtraction, a figure that it may not read."""
    theme: Theme | None
    themes: list[Theme]
    territories: list[Territory]
    lines: list[FigureLine]
    texts: dict[tuple[str, int | None], ReportText]
    local: list[LocalObservation]
    given: set[int]
    """Indicators that somebody gave a figure of, whoever may read it: they are not to be asked."""
    offer: list[FacilityLine]
    areas: list[UnderServedArea]
    findings: list[Finding]
    challenges: list[Challenge]
    actions: list[Action]
    consultations: list[Consultation]
    studies: list[Diagnosis]
    workshop: Workshop | None

    @property
    def agreement(self) -> Agreement:
        return self.request.agreement

    @property
    def kept(self) -> list[FigureLine]:
        return [line for line in self.lines if line.enters]

    def may_cite(self, period: int, indicator_id: int | None) -> bool:
        """An old figure, wherever it was written down, is cited only when its author ticked it."""
        if not is_old(period, self.request.on.year):
            return True
        return any(line.keep_old for line in self.lines if line.indicator.pk == indicator_id)

    def by_keys(self, keys: tuple[str, ...]) -> list[FigureLine]:
        """The figures that enter, in the order of ``keys``."""
        known = {line.indicator.key: line for line in self.kept}
        return [known[key] for key in keys if key in known]

    def of_theme(self, theme: Theme) -> list[FigureLine]:
        """Of one theme alone, all its figures; in the whole report, those not told before."""
        return [
            line
            for line in self.kept
            if line.indicator.domain_id == theme.domain_id
            and (self.theme is not None or line.indicator.key not in TOLD_BEFORE)
        ]

    def words(self, section: ReportSection | str, theme: Theme | None = None) -> list[Block]:
        """The author's words of a chapter or of a theme, as a block of their own.

        The words of a chapter are about the whole territory: a report of one theme leaves them out.
        """
        if self.theme is not None and theme is None:
            return []
        key = section if isinstance(section, str) else section.key
        text = self.texts.get((key, theme.pk if theme else None))
        if text is None:
            return []
        return [AuthorWords(AUTHOR, paragraphs(text.text), audience=text.audience)]


def paragraphs(text: str) -> tuple[str, ...]:
    """Blank lines part paragraphs; a single line break stays inside its own."""
    blocks = text.replace("\r\n", "\n").split("\n\n")
    return tuple(block.strip() for block in blocks if block.strip())


def gather(request: Request) -> Facts:
    """Raises ``DomainError`` for a theme that is not the agreement's."""
    agreement = request.agreement
    audience = edition(request)
    used = list(queries.themes(agreement))
    theme = theme_asked(request, used)
    indicators = report_indicators()
    if theme is not None:
        indicators = [row for row in indicators if row.domain_id == theme.domain_id]

    def of_theme(rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows if theme is None else rows.filter(theme=theme)

    own = {"agreement": agreement}
    challenges = list(of_theme(queries.answering_actions(agreement)))
    return Facts(
        request=request,
        audience=audience,
        withheld=withheld_totals(agreement, audience),
        theme=theme,
        themes=[theme] if theme else used,
        territories=territories_of(agreement),
        lines=figure_lines(agreement, indicators, audience, request.on.year),
        texts={(row.section, row.theme_id): row for row in report_texts(agreement, audience)},
        local=local_figures(agreement, audience, theme),
        given=set(
            LocalObservation.objects.filter(**own, indicator__isnull=False).values_list("indicator_id", flat=True)
        ),
        offer=queries.offer_of(agreement, request.on, theme),
        areas=list(of_theme(UnderServedArea.objects.filter(**own)).select_related("territory", "theme")),
        findings=list(
            of_theme(Finding.objects.filter(**own, is_archived=False))
            .select_related("theme", "diagnosis")
            .prefetch_related("evidence__indicator", "evidence__local_observation", "evidence__territory")
            .order_by("theme__position", "pk")
        ),
        challenges=challenges,
        actions=list({action.pk: action for row in challenges for action in row.actions.all()}.values()),  # type: ignore[attr-defined]
        consultations=list(of_theme(consultations(agreement))),
        studies=list(studies(agreement, theme)),
        workshop=Workshop.objects.filter(**own, applied_on__isnull=False).first(),
    )  # fmt: skip


def local_figures(
    agreement: Agreement, audience: Audience, theme: Theme | None
) -> list[LocalObservation]:
    """The latest figure typed for each subject and territory, in the field of the theme."""
    rows = local_observations(agreement, audience)
    if theme is not None:
        rows = rows.filter(indicator__domain=theme.domain_id)
    latest: dict[tuple[Any, int], LocalObservation] = {}
    for row in rows:  # the latest first
        latest.setdefault((row.indicator_id or row.label, row.territory_id), row)
    return sorted(latest.values(), key=lambda row: (row.title, row.pk))


def studies(agreement: Agreement, theme: Theme | None) -> QuerySet[Diagnosis]:
    rows = Diagnosis.objects.filter(agreement=agreement, is_archived=False)
    if theme is not None:
        rows = rows.filter(theme=None) | rows.filter(theme=theme)
    return rows.select_related("theme", "organisation")


def edition(request: Request) -> Audience:
    """For whom: the committee when nothing is said. There is no internal edition."""
    asked = Audience(request.audience or Audience.COMMITTEE)
    if asked == Audience.INTERNAL:
        raise DomainError("Le rapport a une édition publique et une édition pour le COPIL.")
    return asked


def theme_asked(request: Request, used: list[Theme]) -> Theme | None:
    if request.theme_id is None:
        return None
    for theme in used:
        if theme.pk == request.theme_id:
            return theme
    raise DomainError("Ce thème n'est pas un thème de la convention.", field="theme")
