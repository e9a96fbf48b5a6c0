"""The five figures: each with its unit, its year, and its starting value or the one before.

A value that is not known is said; it is never a zero. None is in euros (docs/decisions/
three-minutes.md). Figures typed here obey their audience, totals the rule of ``territory.secrecy``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from django.db.models import QuerySet

from actionplan.models import Measure
from actionplan.queries import measures_of_actions
from agreements.models import Agreement
from committees.brief_words import INDICATOR, MEASURE, MOST
from committees.models import Meeting
from core import formats as fr
from core.amounts import names_money
from core.audience import Audience
from opendata.models import Indicator
from opendata.queries import histories
from reports.figures import figure_lines
from reports.preparation import report_indicators
from territory.comparison import Row, comparison, key_figures
from territory.models import LocalObservation
from territory.secrecy import Subject, figures_typed, readable_figures, withheld_totals

NOT_SAID_YET = "pas encore renseigné"
FOLLOW_UP = "Suivi du plan d'actions"
NO_START = "valeur de départ non renseignée"
NO_FORMER = "pas de chiffre plus ancien"


@dataclass(frozen=True)
class BriefFigure:
    """``value`` is written with its unit, or says why there is none; ``before`` is the starting
    value or the former one, in words."""

    key: str
    label: str
    value: str
    when: str
    before: str
    source: str
    is_known: bool = True

    @property
    def words(self) -> str:
        """« 42 places en 2026, 36 au départ (2025) »."""
        return (
            f"{self.value} {self.when}, {self.before}"
            if self.when
            else f"{self.value}, {self.before}"
        )


class Reading(Protocol):
    """A figure of one year: published, or typed here."""

    @property
    def value(self) -> Decimal | None: ...
    @property
    def period(self) -> int: ...


# --- Measures of the plan ---------------------------------------------------------------------
def measure_figure(measure: Measure, year: int) -> BriefFigure:
    """The latest value known by ``year``; beside it the starting value, else the former one."""
    known = [row for row in measure.points.all() if row.value is not None and row.year <= year]
    last = known[-1] if known else None
    if measure.baseline is not None:
        before = f"{written(measure, measure.baseline)} au départ ({measure.baseline_year})"
    elif len(known) > 1:
        before = f"{written(measure, known[-2].value)} en {known[-2].year}"
    else:
        before = NO_START
    return BriefFigure(
        key=f"{MEASURE}{measure.pk}",
        label=measure.label,
        value=fr.with_unit(last.value, measure.unit, places(measure, last.value))
        if last
        else NOT_SAID_YET,
        when=f"en {last.year}" if last else f"pour {year}",
        before=before,
        source=without_money((last.read_from if last else "") or measure.source) or FOLLOW_UP,
        is_known=last is not None,
    )


def written(measure: Measure, value: Decimal | None) -> str:
    return fr.number(value, places(measure, value))


def places(measure: Measure, value: Decimal | None) -> int:
    """Decimals of the measure, those of the value when the measure declares none."""
    if measure.decimals or value is None or value == value.to_integral_value():
        return measure.decimals
    return 1


def measures(agreement: Agreement) -> QuerySet[Measure]:
    return measures_of_actions(agreement).filter(action__is_archived=False)


def without_money(text: str) -> str:
    return "" if names_money(text) else text


def is_offered(measure: Measure) -> bool:
    return not names_money(f"{measure.label} {measure.unit}")


# --- Figures of the territory -----------------------------------------------------------------
def indicator_figure(row: Row, former: Sequence[Reading]) -> BriefFigure:
    """``former``: its figures before the one shown, the oldest first."""
    shown = row.own or row.own_local
    assert shown is not None
    estimated = " (estimation)" if shown.estimated else ""
    return BriefFigure(
        key=f"{INDICATOR}{row.indicator.key}",
        label=row.label,
        value=f"{row.value_text}{estimated}",
        when=f"en {shown.period}",
        before=former_words(row.indicator, former),
        source=row.source,
        is_known=shown.value is not None,
    )


def former_words(indicator: Indicator, former: Sequence[Reading]) -> str:
    """« 16,1 % en 2021 »; the reason when the former ones are not told either."""
    known = [row for row in former if row.value is not None]
    if not known:
        return NO_FORMER
    last = known[-1]
    return f"{fr.number(last.value, indicator.decimals)}{percent_of(indicator)} en {last.period}"


def percent_of(indicator: Indicator) -> str:
    """A share keeps its sign beside the other; other units are not said twice."""
    return f"{fr.NBSP}%" if indicator.unit == "%" else ""


def with_history(
    agreement: Agreement, rows: Sequence[Row], audience: Audience
) -> list[BriefFigure]:
    """Each with its former figure, from the same origin: published beside published."""
    home = agreement.lead_commune
    published = histories([row.indicator for row in rows if row.own], home)
    typed = figures_typed(agreement)
    withheld = withheld_totals(agreement, audience, typed)
    local: dict[int | None, list[LocalObservation]] = {}
    for figure in readable_figures(typed, audience, withheld):
        if figure.territory_id == home.pk:
            local.setdefault(figure.indicator_id, []).append(figure)
    figures = []
    for row in rows:
        shown = row.own or row.own_local
        if shown is None:
            continue
        pk = row.indicator.pk
        same: Sequence[Reading] = published.get(pk, []) if row.own else local.get(pk, [])
        former = [
            reading
            for reading in same
            if reading.period < shown.period
            and (Subject(pk, "", reading.period), home.pk) not in withheld
        ]
        figures.append(indicator_figure(row, former))
    return figures


# --- Chosen or proposed -----------------------------------------------------------------------
def chosen_figures(
    agreement: Agreement, keys: Sequence[str], audience: Audience, year: int
) -> list[BriefFigure]:
    """Those of the author, in their order. One that is gone, or that this reader may not read, is
    left out."""
    pks = [int(key.removeprefix(MEASURE)) for key in keys if key.startswith(MEASURE)]
    names = [key.removeprefix(INDICATOR) for key in keys if key.startswith(INDICATOR)]
    found: dict[str, BriefFigure] = {}
    if pks:
        rows = measures(agreement).filter(pk__in=pks)
        told = (measure_figure(row, year) for row in rows if is_offered(row))
        found |= {figure.key: figure for figure in told}
    if names:
        indicators = [
            row for row in Indicator.objects.filter(key__in=names) if not names_money(row.unit)
        ]
        lines = comparison(agreement, indicators, audience=audience)
        found |= {figure.key: figure for figure in with_history(agreement, lines, audience)}
    return [found[key] for key in keys if key in found]


def proposed_figures(meeting: Meeting, audience: Audience, on: date) -> list[BriefFigure]:
    """Measures of the actions on the agenda that have a value, three at most; then the key figures
    of the territory; then other measures of the agenda."""
    agreement = meeting.agreement
    year = on.year
    of_agenda = [
        measure_figure(row, year)
        for row in measures(agreement)
        .filter(action__agenda_items__meeting=meeting, action__agenda_items__is_confirmed=True)
        .distinct()
        if is_offered(row)
    ]
    known = [figure for figure in of_agenda if figure.is_known]
    first, others = known[:3], known[3:]
    rows = [
        row
        for row in key_figures(agreement, on, audience=audience)
        if not names_money(row.indicator.unit)
    ]
    of_territory = with_history(agreement, rows[: MOST - len(first)], audience) if rows else []
    return [*first, *of_territory, *others][:MOST]


def figure_choices(meeting: Meeting, on: date) -> list[tuple[str, list[tuple[str, str]]]]:
    """What the author chooses among, by groups; as the committee will read them."""
    agreement = meeting.agreement
    agenda = set(meeting.agenda.filter(is_confirmed=True).values_list("actions__pk", flat=True))
    offered = [row for row in measures(agreement) if is_offered(row)]
    of_agenda = [row for row in offered if row.action_id in agenda]
    others = [row for row in offered if row.action_id not in agenda]
    lines = figure_lines(agreement, report_indicators(), Audience.COMMITTEE, on.year)
    indicators = [
        line.row
        for line in lines
        if line.is_told and line.enters and not names_money(line.indicator.unit)
    ]

    def of_measure(row: Measure) -> tuple[str, str]:
        figure = measure_figure(row, on.year)
        return figure.key, fr.shortened(f"{row.label} : {figure.value} ({row.action})", 140)

    groups = [
        ("Actions à l'ordre du jour", [of_measure(row) for row in of_agenda]),
        ("Autres actions du plan", [of_measure(row) for row in others]),
        (
            "Chiffres du territoire",
            [
                (
                    f"{INDICATOR}{row.indicator.key}",
                    fr.shortened(f"{row.label} : {row.value_text}, {row.year}", 140),
                )
                for row in indicators
            ],
        ),
    ]
    return [(label, choices) for label, choices in groups if choices]
