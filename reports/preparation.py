"""« Préparer le rapport » : what each chapter already holds, and what is left to write."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F, Q

from agreements.models import Agreement, Theme
from core.audience import Audience
from core.formats import plural
from opendata.models import Indicator
from participation.models import Consultation
from reports.figures import FigureLine, figure_lines
from reports.sections import SECTIONS, THEME, TOLD_BEFORE, ReportSection
from reports.themes import themes
from territory.models import Challenge, Diagnosis, Facility, Finding, ReportText
from territory.queries import report_texts

READY, TO_WRITE, EMPTY = "ready", "to_write", "empty"
STATES = {
    READY: ("prêt", "circle-check", "success"),
    TO_WRITE: ("à commenter", "pencil", "warning"),
    EMPTY: ("rien encore", "circle-dashed", "neutral"),
}


@dataclass(frozen=True)
class SectionState:
    """A chapter before it is printed."""

    section: ReportSection
    state: str
    content: str
    text: ReportText | None

    @property
    def badge(self) -> tuple[str, str, str]:
        """Word, icon, tone."""
        return STATES[self.state]


@dataclass(frozen=True)
class ThemeState:
    theme: Theme
    figures: int
    text: ReportText | None


@dataclass(frozen=True)
class Preparation:
    sections: list[SectionState]
    themes: list[ThemeState]
    old: list[FigureLine]
    to_comment: list[FigureLine]


def report_indicators() -> list[Indicator]:
    """All that the report may tell: the chapters' own, and the catalogue of family policy."""
    return list(
        Indicator.objects.filter(
            Q(key__in=TOLD_BEFORE)
            | Q(domain__isnull=False)
            & (Q(is_family_policy=True) | Q(position__isnull=False) | ~Q(ask_to=""))
        )
        .select_related("domain")
        .order_by("domain__position", F("position").asc(nulls_last=True), "label")
    )


def prepare(agreement: Agreement, year: int) -> Preparation:
    """As its authors see it: whatever the audience of the texts."""
    lines = figure_lines(agreement, report_indicators(), Audience.INTERNAL, year)
    known = [line for line in lines if line.is_known]
    entering = [line for line in known if line.enters]
    texts = {
        (text.section, text.theme_id): text for text in report_texts(agreement, Audience.INTERNAL)
    }
    used = list(themes(agreement))
    contents = contents_by_section(agreement, entering, len(used))
    return Preparation(
        sections=[
            section_state(section, contents, entering, texts.get((section.key, None)))
            for section in SECTIONS
        ],
        themes=[
            ThemeState(
                theme,
                sum(
                    1
                    for line in entering
                    if line.indicator.domain_id == theme.domain_id
                    and line.indicator.key not in TOLD_BEFORE
                ),
                texts.get((THEME, theme.pk)),
            )
            for theme in used
        ],
        old=[line for line in known if line.is_old],
        to_comment=[line for line in entering if not line.comment],
    )


def contents_by_section(
    agreement: Agreement, entering: list[FigureLine], theme_total: int
) -> dict[str, str]:
    """What each chapter would print, in a few words; empty where it would print nothing."""
    own = {"agreement": agreement}
    live = {**own, "is_archived": False}
    areas = Facility.objects.filter(**own, closed_on=None).count()
    findings = Finding.objects.filter(**live).count()
    challenges = Challenge.objects.filter(**live).count()
    consultations = Consultation.objects.filter(**own).count()
    studies = Diagnosis.objects.filter(**live).count()

    def told(count: int, singular: str, many: str = "") -> str:
        return plural(count, singular, many) if count else ""

    def figures(section: ReportSection) -> str:
        count = sum(1 for line in entering if line.indicator.key in section.indicators)
        return told(count, "chiffre")

    words = {section.key: figures(section) for section in SECTIONS if section.indicators}
    return words | {
        "synthese": told(challenges, "enjeu", "enjeux") or told(len(entering), "chiffre"),
        "presentation": agreement.lead_commune.name,
        "offre": f"{told(areas, 'équipement')} dans {told(theme_total, 'thème')}" if areas else "",
        "adequation": told(areas, "équipement"),
        "habitants": told(consultations, "concertation"),
        "afom": told(findings, "constat"),
        "enjeux": told(challenges, "enjeu", "enjeux"),
        "methodes": told(studies, "étude") or "sources des chiffres",
        "glossaire": "écrit par l'application",
    }


def section_state(
    section: ReportSection,
    contents: dict[str, str],
    entering: list[FigureLine],
    text: ReportText | None,
) -> SectionState:
    """« À commenter »: its figures are there, and no author has said anything of any of them."""
    content = contents[section.key]
    own = [line for line in entering if line.indicator.key in section.indicators]
    if not content:
        state = EMPTY
    elif own and not any(line.comment for line in own) and text is None:
        state = TO_WRITE
    else:
        state = READY
    return SectionState(section, state, content, text)
