"""One month, as weeks of days; and a list of dates, by month. Nothing here touches the database."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from core.dates import holiday_name, last_day, months_later
from core.formats import MONTHS, NBSP, WEEKDAYS
from desk.calendar.entries import Entry


@dataclass(frozen=True)
class Placed:
    """An entry on one day; ``moment`` says which end of a period it is."""

    entry: Entry
    moment: str = ""


@dataclass(frozen=True)
class Day:
    on: date
    entries: tuple[Placed, ...]
    holiday: str
    is_today: bool

    @property
    def words(self) -> str:
        """« mardi 8 décembre », « mardi 1er décembre »."""
        number = "1er" if self.on.day == 1 else str(self.on.day)
        return f"{WEEKDAYS[self.on.weekday()]} {number}{NBSP}{MONTHS[self.on.month - 1]}"

    @property
    def is_off(self) -> bool:
        return self.on.weekday() >= 5 or bool(self.holiday)

    @property
    def is_bare(self) -> bool:
        """Nothing to say of it: the list of a phone leaves it out."""
        return not (self.entries or self.holiday or self.is_today)


@dataclass(frozen=True)
class Week:
    number: int
    """As ISO 8601 counts them, as French calendars print them."""
    days: tuple[Day | None, ...]
    """Seven, from Monday; None for a day of another month."""


@dataclass(frozen=True)
class Month:
    year: int
    month: int
    weeks: tuple[Week, ...]
    running: tuple[Entry, ...]
    """Periods that hold the whole month: they begin before it and end after it."""

    @property
    def title(self) -> str:
        return month_title(self.first)

    @property
    def first(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        return last_day(self.year, self.month)

    @property
    def previous(self) -> date:
        return months_later(self.first, -1)

    @property
    def following(self) -> date:
        return months_later(self.first, 1)

    @property
    def is_empty(self) -> bool:
        days = [day for week in self.weeks for day in week.days if day]
        return not self.running and not any(day.entries for day in days)


def month_title(day: date) -> str:
    """« Décembre 2026 »."""
    return f"{MONTHS[day.month - 1].capitalize()} {day.year}"


def month_of(year: int, month: int, entries: Iterable[Entry], today: date) -> Month:
    """A period is shown on its first and last days, and apart when neither falls in the month."""
    first, last = date(year, month, 1), last_day(year, month)
    by_day: dict[date, list[Placed]] = {}
    running = []
    for entry in entries:
        if not entry.overlaps(first, last):
            continue
        placed = [(day, moment) for day, moment in moments(entry) if first <= day <= last]
        for day, moment in placed:
            by_day.setdefault(day, []).append(Placed(entry, moment))
        if not placed:
            running.append(entry)

    def day_of(on: date) -> Day | None:
        if on.month != month:
            return None
        return Day(on, tuple(by_day.get(on, ())), holiday_name(on), on == today)

    weeks = tuple(
        Week(days[0].isocalendar().week, tuple(map(day_of, days)))
        for days in calendar.Calendar().monthdatescalendar(year, month)
    )
    return Month(year, month, weeks, tuple(running))


def moments(entry: Entry) -> list[tuple[date, str]]:
    """The days on which an entry is shown."""
    if not entry.is_period:
        return [(entry.on, "")]
    return [(entry.on, "début"), (entry.last, "fin")]


@dataclass(frozen=True)
class Group:
    """The dates of one month, in order; ``title`` « En ce moment » for the periods under way."""

    title: str
    entries: tuple[Entry, ...]


NOW = "En ce moment"


def coming(entries: Iterable[Entry], today: date) -> list[Entry]:
    """Not ended yet: what is under way first, then by day."""
    return sorted(
        (entry for entry in entries if entry.last >= today),
        key=lambda entry: (max(entry.on, today - timedelta(days=1)), entry.order),
    )


def past(entries: Iterable[Entry], today: date) -> list[Entry]:
    """Ended before today, the latest first."""
    ended = (entry for entry in entries if entry.last < today)
    return sorted(ended, key=lambda entry: entry.order, reverse=True)


def grouped(entries: Iterable[Entry], today: date) -> list[Group]:
    """Entries already in order, by month of their first day."""
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        is_now = entry.is_period and entry.on < today <= entry.last
        groups.setdefault(NOW if is_now else month_title(entry.on), []).append(entry)
    return [Group(title, tuple(rows)) for title, rows in groups.items()]
