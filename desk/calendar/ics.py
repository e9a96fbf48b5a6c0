"""Entries as a calendar file. It leaves the application: titles, hours and places, no more.

Neither the people invited, nor notes, nor the text of a decision (which may tell an amount): the
link of each entry leads to the page, where the reader's rights are asked again.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from agreements.models import Agreement
from core.documents.ics import CalendarEvent, calendar_file
from desk.calendar.entries import Entry, State

REFRESH = timedelta(hours=6)
"""How often a program is asked to read again; each follows it as it likes (RFC 7986, 5.7)."""
UNSAID = timedelta(hours=1)
"""How long a date lasts of which only the beginning is known."""


def event_of(entry: Entry) -> CalendarEvent:
    start, end = bounds(entry)
    return CalendarEvent(
        uid=entry.uid,
        start=start,
        end=end,
        summary=summary(entry),
        stamp=entry.changed_at,
        sequence=entry.sequence,
        location=entry.place,
        description=f"{entry.kind_word} : {entry.about}" if entry.about else entry.kind_word,
        url=settings.SITE_URL.rstrip("/") + entry.url,
        categories=(entry.kind_word,),
        is_cancelled=entry.is_cancelled,
    )


def bounds(entry: Entry) -> tuple[date | datetime, date | datetime]:
    """Days for what has no hour; else two moments, in the time of the instance."""
    if entry.starts_at is None:
        return entry.on, entry.last
    zone = ZoneInfo(settings.TIME_ZONE)
    start = datetime.combine(entry.on, entry.starts_at)
    midnight = datetime.combine(entry.on, time(23, 59))
    end = datetime.combine(entry.on, entry.ends_at) if entry.ends_at else start + UNSAID
    return start.replace(tzinfo=zone), max(start, min(end, midnight)).replace(tzinfo=zone)


def summary(entry: Entry) -> str:
    """Programs show a cancelled event in their own way, or not at all: the title says it too."""
    if entry.is_cancelled:
        return f"Annulée : {entry.title}"
    if entry.state == State.DONE and entry.state_kind == "calendar":
        return f"{entry.title} (fait)"
    return entry.title


def file_of(entries: Iterable[Entry], agreement: Agreement, *, is_feed: bool = False) -> bytes:
    return calendar_file(
        map(event_of, entries), name=str(agreement), refresh=REFRESH if is_feed else None
    )
