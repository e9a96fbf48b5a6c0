"""Whether each committee meets as often as expected. Advice, never a rule: nothing is blocked.

An example of what it warns of: a CTG signed on 8 April 2015 whose first COPIL met on 18 March 2016,
eleven months without a committee (domaine.md §7, S55).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from agreements.models import Agreement
from committees.models import Meeting
from core.formats import date_long, plural

GRACE = timedelta(days=31)
"""A summer, a budget: one month late is not yet a silence."""
YEAR_CHECKED_FROM = 10
"""From October on, one can see whether the year's meetings will be held."""


@dataclass(frozen=True)
class MeetingDay:
    on: date
    state: str


@dataclass(frozen=True)
class YearRhythm:
    year: int
    expected: int
    held: int
    planned: int

    @property
    def is_short(self) -> bool:
        return self.held + self.planned < self.expected


def days_of(meetings: Iterable[Meeting]) -> list[MeetingDay]:
    return [MeetingDay(meeting.on, meeting.state) for meeting in meetings]


def expected_in(agreement: Agreement, per_year: int, year: int) -> int:
    """The part of the year that the agreement covers counts, rounded down to whole meetings."""
    first = max(agreement.starts_on, date(year, 1, 1))
    last = min(agreement.ends_on, date(year, 12, 31))
    covered = max((last - first).days + 1, 0)
    whole = (date(year, 12, 31) - date(year, 1, 1)).days + 1
    return per_year * covered // whole


def years_of(
    agreement: Agreement, per_year: int, meetings: list[MeetingDay], on: date
) -> list[YearRhythm]:
    """From the first year of the agreement to the one of ``on``."""
    return [
        YearRhythm(
            year=year,
            expected=expected_in(agreement, per_year, year),
            held=sum(m.on.year == year and m.state == Meeting.State.HELD for m in meetings),
            planned=sum(
                m.on.year == year and m.state == Meeting.State.PLANNED and m.on >= on
                for m in meetings
            ),
        )
        for year in agreement.years
        if year <= on.year
    ]


def advice(agreement: Agreement, per_year: int, meetings: list[MeetingDay], on: date) -> str:
    """One sentence when the rhythm is not kept; empty when it is, or when none is expected."""
    if per_year == 0 or not agreement.covers(on):
        return ""
    held = [m.on for m in meetings if m.state == Meeting.State.HELD and m.on <= on]
    is_planned = any(m.state == Meeting.State.PLANNED and m.on >= on for m in meetings)
    rhythm = f"{plural(per_year, 'réunion')} par an"
    since = max(held, default=agreement.starts_on)
    if not is_planned and on - since > timedelta(days=365 // per_year) + GRACE:
        start = f"depuis le {date_long(since)}" if held else "depuis le début de la convention"
        return f"Aucune réunion tenue {start}, et aucune n'est fixée : {rhythm} attendue{'s' if per_year > 1 else ''}."
    year = next(row for row in years_of(agreement, per_year, meetings, on) if row.year == on.year)
    if on.month >= YEAR_CHECKED_FROM and year.is_short:
        known = plural(
            year.held + year.planned, "réunion tenue ou fixée", "réunions tenues ou fixées"
        )
        return f"{known} en {year.year}, pour {year.expected} attendue{'s' if year.expected > 1 else ''}."
    return ""
