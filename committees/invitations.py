"""A meeting as calendars read it: one UID for ever, a SEQUENCE that rises (RFC 5545, RFC 5546)."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.utils import parseaddr
from zoneinfo import ZoneInfo

from django.conf import settings

from accounts.models import User
from committees import sending_texts as texts
from committees.models import AgendaItem, Meeting, Sending
from core.documents.ics import Attendee, CalendarEvent, Method, calendar_file, event_uid
from core.mail import MailFile

FILE_NAME = "invitation.ics"


def start_of(meeting: Meeting) -> datetime:
    """In the zone of the instance, so that the hour holds through summer time."""
    return datetime.combine(meeting.on, meeting.starts_at, ZoneInfo(settings.TIME_ZONE))


def uid_of(meeting: Meeting) -> str:
    return event_uid("reunion", meeting.pk, meeting.created_at)


def event_of(
    meeting: Meeting,
    *,
    sequence: int,
    stamp: datetime,
    items: list[AgendaItem] | None = None,
    organizer: Attendee | None = None,
    attendee: Attendee | None = None,
) -> CalendarEvent:
    """``items``: the agenda to tell. Only the person written to is named: nobody learns from a
    calendar file who else was invited."""
    start = start_of(meeting)
    described = f"Ordre du jour :\n{texts.agenda_words(items)}" if items else ""
    return CalendarEvent(
        uid=uid_of(meeting),
        start=start,
        end=start + timedelta(minutes=meeting.duration_minutes),
        summary=f"{meeting.committee.name}, CTG de {meeting.agreement.name}",
        stamp=stamp,
        sequence=sequence,
        location=meeting.place,
        description=described,
        organizer=organizer,
        attendees=(attendee,) if attendee else (),
        is_cancelled=meeting.state == Meeting.State.CANCELLED,
    )


def organizer_of(first_sender: User | None, actor: User | None) -> Attendee:
    """The same from the invitation to its updates: calendars refuse a change that comes from
    somebody else (RFC 5546, 2.1.4). Without an account, the address of the installation."""
    person = first_sender or actor
    if person is not None and person.email:
        return Attendee(str(person), person.email)
    name, email = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return Attendee(name or "Fil rouge", email)


def invitation_file(
    sending: Sending,
    *,
    name: str,
    email: str,
    organizer: Attendee,
    items: list[AgendaItem],
    stamp: datetime,
) -> MailFile:
    """What one person's calendar receives: an invitation, its update or its end."""
    is_end = sending.kind == Sending.Kind.CANCELLATION
    method = Method.CANCEL if is_end else Method.REQUEST
    event = event_of(
        sending.meeting,
        sequence=sending.calendar_sequence,
        stamp=stamp,
        items=items,
        organizer=organizer,
        attendee=Attendee(name, email),
    )
    data = calendar_file([event], method=method)
    return MailFile(FILE_NAME, f"text/calendar; method={method}; charset=utf-8", data)


def meeting_file(meeting: Meeting, items: list[AgendaItem]) -> bytes:
    """To add by hand to a calendar: the same event, addressed to nobody."""
    event = event_of(
        meeting, sequence=meeting.calendar_sequence, stamp=meeting.updated_at, items=items
    )
    return calendar_file([event], method=Method.PUBLISH)
