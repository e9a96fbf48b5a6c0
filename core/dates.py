"""Dates counted in months, as deadlines are; public holidays and working days."""

from __future__ import annotations

import calendar
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays
from django.conf import settings


def last_day(year: int, month: int) -> date:
    """Raises ``ValueError`` when there is no such month."""
    return date(year, month, calendar.monthrange(year, month)[1])


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or its last day: 31 January gives 28 February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = last_day(year, month + 1)
    return last.replace(day=min(day.day, last.day))


def end_of_day(day: date) -> datetime:
    """The midnight that ends ``day`` where the instance is, summer time or not."""
    return datetime.combine(day + timedelta(days=1), time.min, ZoneInfo(settings.TIME_ZONE))


@cache
def public_holidays(year: int) -> dict[date, str]:
    """The eleven legal holidays of metropolitan France (Code du travail, art. L. 3133-1), by day.

    Neither those of Alsace-Moselle (art. L. 3134-13) nor of overseas (art. L. 3422-2): an
    agreement does not say whether its services close on them, and what is dated here only advises.
    """
    found = holidays.country_holidays("FR", years=[year], language="fr")
    return {day: str(found[day]) for day in sorted(found)}


def holiday_name(day: date) -> str:
    """« Noël », « Lundi de Pâques »; empty on any other day."""
    return public_holidays(day.year).get(day, "")


def working_day(day: date) -> date:
    """The day itself, or the last one before it that is neither a Saturday, a Sunday nor a public
    holiday: what was wanted for a day must be ready before it, never after."""
    while day.weekday() >= 5 or holiday_name(day):
        day -= timedelta(days=1)
    return day
