"""Calendar files (RFC 5545): an invitation sent by e-mail (RFC 5546), or a feed to subscribe to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from django.conf import settings
from icalendar import Calendar, Event, vCalAddress, vDuration, vText
from icalendar.enums import CUTYPE, PARTSTAT, ROLE, STATUS, TRANSP

PRODUCT = "-//Fil rouge//CTG//FR"
MIME = "text/calendar"


class Method(StrEnum):
    """What the reader's calendar does with the file (RFC 5546, 3.2)."""

    PUBLISH = "PUBLISH"
    REQUEST = "REQUEST"
    """An invitation, or its update: the same UID with a higher SEQUENCE."""
    CANCEL = "CANCEL"


@dataclass(frozen=True)
class Attendee:
    name: str
    email: str


@dataclass(frozen=True)
class CalendarEvent:
    """``start`` and ``end``: two aware moments, or two days (``end`` is then the last day itself).

    ``stamp``: the moment of the last change of what is told, so that the same facts give the same
    file. ``sequence`` rises with each change sent to the same people.
    """

    uid: str
    start: date | datetime
    end: date | datetime
    summary: str
    stamp: datetime
    sequence: int = 0
    location: str = ""
    description: str = ""
    url: str = ""
    categories: tuple[str, ...] = ()
    organizer: Attendee | None = None
    attendees: tuple[Attendee, ...] = ()
    is_cancelled: bool = False


def event_uid(kind: str, pk: int, created_at: datetime) -> str:
    """The same for ever for one object of one installation, and for no other."""
    host = urlsplit(settings.SITE_URL).hostname or "fil-rouge"
    return f"{kind}-{pk}-{created_at.astimezone(UTC):%Y%m%dT%H%M%SZ}@{host}"


def _address(person: Attendee) -> vCalAddress:
    address = vCalAddress(f"mailto:{person.email}")
    address.params["CN"] = vText(person.name)
    return address


def _attendee(person: Attendee) -> vCalAddress:
    address = _address(person)
    address.params["CUTYPE"] = CUTYPE.INDIVIDUAL
    address.params["ROLE"] = ROLE.REQ_PARTICIPANT
    address.params["PARTSTAT"] = PARTSTAT.NEEDS_ACTION
    address.params["RSVP"] = "FALSE"  # answers come through the personal link, not by mail
    return address


def _event(row: CalendarEvent) -> Event:
    is_day = not isinstance(row.start, datetime)
    end = row.end + timedelta(days=1) if is_day else row.end  # DTEND is the day after (3.6.1)
    return Event.new(
        uid=row.uid,
        start=row.start,
        end=end,
        summary=row.summary,
        stamp=row.stamp.astimezone(UTC),
        last_modified=row.stamp.astimezone(UTC),
        sequence=row.sequence,
        location=row.location or None,
        description=row.description or None,
        url=row.url or None,
        categories=row.categories,
        organizer=_address(row.organizer) if row.organizer else None,
        attendees=[_attendee(person) for person in row.attendees] or None,
        status=STATUS.CANCELLED if row.is_cancelled else STATUS.CONFIRMED,
        transparency=TRANSP.TRANSPARENT if is_day else TRANSP.OPAQUE,
    )


def calendar_file(
    events: Iterable[CalendarEvent],
    *,
    method: Method = Method.PUBLISH,
    name: str = "",
    refresh: timedelta | None = None,
) -> bytes:
    """The file, with the rules of every time zone it names, so that a meeting keeps its hour
    through a change to summer time."""
    calendar = Calendar.new(
        prodid=PRODUCT, method=method.value, name=name or None, language="fr",
        refresh_interval=refresh,
    )  # fmt: skip
    calendar.pop("UID", None)  # drawn at random: the same dates would give another file each time
    if refresh is not None:
        calendar["REFRESH-INTERVAL"].params["VALUE"] = "DURATION"  # it has no default (7986, 5.7)
        calendar.add("X-PUBLISHED-TTL", vDuration(refresh))  # what Outlook reads instead
    for row in events:
        calendar.add_component(_event(row))
    calendar.add_missing_timezones()
    return calendar.to_ical()
