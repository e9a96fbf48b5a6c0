"""Calendar files, read again with icalendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from core.documents.ics import Attendee, CalendarEvent, Method, calendar_file, event_uid

PARIS = ZoneInfo("Europe/Paris")
STAMP = datetime(2026, 10, 1, 8, 30, tzinfo=UTC)


def meeting(**changes: object) -> CalendarEvent:
    facts: dict[str, object] = {
        "uid": "reunion-1@exemple.fr",
        "start": datetime(2026, 12, 8, 18, 0, tzinfo=PARIS),
        "end": datetime(2026, 12, 8, 19, 30, tzinfo=PARIS),
        "summary": "Comité de pilotage",
        "stamp": STAMP,
    }
    return CalendarEvent(**{**facts, **changes})  # type: ignore[arg-type]


def read(data: bytes) -> Calendar:
    return Calendar.from_ical(data)


def test_an_invitation_says_what_it_is() -> None:
    data = calendar_file(
        [
            meeting(
                sequence=2,
                organizer=Attendee("Camille Durand", "ctg@exemple.fr"),
                attendees=(Attendee("Élue, déléguée ; petite enfance", "elue@exemple.fr"),),
            )
        ],
        method=Method.REQUEST,
    )
    calendar = read(data)
    event = calendar.events[0]
    assert calendar["METHOD"] == "REQUEST"
    assert calendar["VERSION"] == "2.0"
    assert (str(event["UID"]), event["SEQUENCE"]) == ("reunion-1@exemple.fr", 2)
    assert event["DTSTAMP"].dt == STAMP
    assert event["ORGANIZER"] == "mailto:ctg@exemple.fr"
    assert event["ATTENDEE"].params["CN"] == "Élue, déléguée ; petite enfance"


def test_a_cancellation_keeps_the_uid_and_says_cancelled() -> None:
    calendar = read(calendar_file([meeting(sequence=3, is_cancelled=True)], method=Method.CANCEL))
    assert calendar["METHOD"] == "CANCEL"
    assert calendar.events[0]["STATUS"] == "CANCELLED"
    assert str(calendar.events[0]["UID"]) == "reunion-1@exemple.fr"


def test_the_hour_holds_on_both_sides_of_summer_time() -> None:
    """The zone travels with its rules: 18 h in Paris is 17 h UTC in winter and 16 h in summer."""
    winter = datetime(2027, 3, 25, 18, 0, tzinfo=PARIS)
    summer = datetime(2027, 3, 30, 18, 0, tzinfo=PARIS)
    data = calendar_file(
        [
            meeting(uid=f"{day:%d}@exemple.fr", start=day, end=day + timedelta(hours=1))
            for day in (winter, summer)
        ]
    )
    calendar = read(data)
    assert [zone["TZID"] for zone in calendar.timezones] == ["Europe/Paris"]
    starts = [event["DTSTART"].dt for event in calendar.events]
    assert [start.astimezone(UTC).hour for start in starts] == [17, 16]
    assert {start.hour for start in starts} == {18}


def test_a_whole_day_ends_on_the_next_one() -> None:
    """RFC 5545, 3.6.1: DTEND is the first day that is not of the event."""
    event = read(calendar_file([meeting(start=date(2027, 3, 1), end=date(2027, 3, 31))])).events[0]
    assert event["DTSTART"].dt == date(2027, 3, 1)
    assert event["DTEND"].dt == date(2027, 4, 1)


@given(text=st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=300))
def test_any_text_is_read_again_and_no_line_is_too_long(text: str) -> None:
    """RFC 5545, 3.1: lines of 75 octets at most, folded between characters, ended by CRLF."""
    data = calendar_file([meeting(summary=text, description=f"{text}\n{text}")])
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    assert b"\n" not in data.replace(b"\r\n", b"")
    event = read(data).events[0]
    assert str(event["SUMMARY"]) == text
    assert str(event["DESCRIPTION"]) == f"{text}\n{text}"


def test_the_same_facts_give_the_same_file() -> None:
    assert calendar_file([meeting()]) == calendar_file([meeting()])


def test_a_uid_is_the_object_s_for_ever() -> None:
    created = datetime(2026, 9, 1, 10, 0, tzinfo=PARIS)
    assert event_uid("reunion", 4, created) == event_uid("reunion", 4, created.astimezone(UTC))
    assert event_uid("reunion", 4, created) != event_uid("reunion", 5, created)
