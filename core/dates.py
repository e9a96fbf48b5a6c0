"""Dates counted in months, as deadlines are."""

from __future__ import annotations

import calendar
from datetime import date


def last_day(year: int, month: int) -> date:
    """Raises ``ValueError`` when there is no such month."""
    return date(year, month, calendar.monthrange(year, month)[1])


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or its last day: 31 January gives 28 February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = last_day(year, month + 1)
    return last.replace(day=min(day.day, last.day))
