"""The month grid and the list: nothing is lost, nothing is shown twice."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.dates import last_day, public_holidays, working_day
from desk.calendar.entries import Entry, Kind
from desk.calendar.month import NOW, coming, grouped, month_of, month_title, past

FIRST, LAST = date(2025, 1, 1), date(2032, 12, 31)
days = st.dates(FIRST, LAST)


def entry(on: date, length: int = 0, number: int = 0, starts_at: time | None = None) -> Entry:
    return Entry(
        kind=Kind.CAF, uid=f"echeance-{number}", title=f"Date {number}", on=on, url="/",
        changed_at=datetime(2026, 1, 1, tzinfo=UTC), starts_at=starts_at,
        ends_on=on + timedelta(length) if length else None,
    )  # fmt: skip


entries = st.lists(st.tuples(days, st.sampled_from([0, 0, 1, 5, 40, 200])), max_size=25).map(
    lambda rows: [entry(on, length, number) for number, (on, length) in enumerate(rows)]
)


@settings(deadline=None)
@given(rows=entries, month=days, today=days)
def test_every_date_of_the_month_is_shown_on_its_days_and_on_no_other(rows, month, today) -> None:
    grid = month_of(month.year, month.month, rows, today)
    first, last = month.replace(day=1), last_day(month.year, month.month)
    shown = {}
    for week in grid.weeks:
        for day in filter(None, week.days):
            for placed in day.entries:
                shown.setdefault(placed.entry.uid, []).append((day.on, placed.moment))
    running = {row.uid for row in grid.running}
    for row in rows:
        wanted = [(row.on, "début"), (row.last, "fin")] if row.is_period else [(row.on, "")]
        inside = [pair for pair in wanted if first <= pair[0] <= last]
        assert shown.get(row.uid, []) == inside
        assert (row.uid in running) == (row.on < first and row.last > last)
    assert set(shown) | running == {row.uid for row in rows if row.overlaps(first, last)}


@settings(deadline=None)
@given(month=days, today=days)
def test_grid_holds_each_day_of_the_month_once_under_its_weekday(month, today) -> None:
    grid = month_of(month.year, month.month, [], today)
    seen = [day.on for week in grid.weeks for day in week.days if day]
    assert seen == [
        date(month.year, month.month, number)
        for number in range(1, calendar.monthrange(month.year, month.month)[1] + 1)
    ]
    for week in grid.weeks:
        assert len(week.days) == 7
        for weekday, day in enumerate(week.days):
            if day:
                assert day.on.weekday() == weekday
                assert week.number == day.on.isocalendar().week
                assert day.is_today == (day.on == today)
                assert day.holiday == public_holidays(day.on.year).get(day.on, "")
    assert grid.previous == (grid.first - timedelta(1)).replace(day=1)
    assert grid.following == grid.last + timedelta(1)


@settings(deadline=None)
@given(rows=entries, today=days)
def test_list_is_cut_in_two_by_the_day_and_keeps_everything(rows, today) -> None:
    ahead, behind = coming(rows, today), past(rows, today)
    assert sorted(row.uid for row in [*ahead, *behind]) == sorted(row.uid for row in rows)
    assert all(row.last >= today for row in ahead)
    assert all(row.last < today for row in behind)
    assert [row.on for row in behind] == sorted((row.on for row in behind), reverse=True)
    starts = [max(row.on, today - timedelta(1)) for row in ahead]
    assert starts == sorted(starts)
    groups = grouped(ahead, today)
    assert [row for group in groups for row in group.entries] == ahead
    for group in groups:
        for row in group.entries:
            assert group.title == (NOW if row.on < today else month_title(row.on))


@given(days)
def test_working_day_is_the_last_one_not_after(day) -> None:
    found = working_day(day)
    assert found.weekday() < 5
    assert found not in public_holidays(found.year)
    assert found <= day <= found + timedelta(5)
    assert working_day(found) == found


def test_days_are_named_as_one_reads_them() -> None:
    grid = month_of(2026, 12, [entry(date(2026, 12, 8))], date(2026, 12, 8))
    named = {day.on: day for week in grid.weeks for day in week.days if day}
    assert named[date(2026, 12, 1)].words == "mardi 1er\u00a0décembre"
    assert named[date(2026, 12, 25)].holiday == "Noël"
    assert named[date(2026, 12, 2)].is_bare
    assert not named[date(2026, 12, 25)].is_bare
    assert not named[date(2026, 12, 8)].is_bare
    assert [week.number for week in grid.weeks] == [49, 50, 51, 52, 53]
    assert grid.title == "Décembre 2026"


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (None, None, ""),
        (time(14), None, "14\u00a0h"),
        (time(9, 5), time(11, 30), "9\u00a0h\u00a005 – 11\u00a0h\u00a030"),
    ],
)
def test_hours_are_told(start, end, words) -> None:
    row = entry(date(2026, 1, 1), starts_at=start)
    assert Entry(**{**vars(row), "ends_at": end}).hours == words
