"""The COPIL held as its session left it: notes, minutes, a record validated and corrected; and the
last technical meeting, whose record waits for its chair."""

from __future__ import annotations

from itertools import chain, repeat

from django.utils import timezone

from committees import services
from committees.minutes_document import proposed_minutes
from committees.models import AgendaItem, Attendance, Meeting, MeetingRecord
from committees.record_document import draft_content, fingerprint
from committees.services.record_doors import find_door, hand_over_link, validate_by_link
from committees.services.session import TypedNote
from demo.build.context import Example
from demo.content import session as content
from demo.content.decisions import VALIDATED


def build_sessions(example: Example) -> None:
    _copil(example, example.extra["held_copil"])
    _technical(example, example.extra["last_technical"])


def _note(example: Example, meeting: Meeting, notes: dict[str, str]) -> None:
    typed = {
        item.pk: TypedNote(notes[item.title], 0)
        for item in meeting.agenda.all()
        if item.title in notes
    }
    services.save_notes(meeting, actor=example.actor, typed=typed)


def _copil(example: Example, meeting: Meeting) -> None:
    items = {item.title: item for item in meeting.agenda.all()}
    decisions = meeting.decisions.order_by("number")
    titles = chain(content.DECIDED_IN, repeat(content.DECIDED_LAST))
    for decision, title in zip(decisions, titles, strict=False):
        services.update_decision(decision, actor=example.actor, item=items[title])
        services.set_outcome(items[title], actor=example.actor, outcome=AgendaItem.Outcome.DECISION)
    services.set_hours(
        meeting, actor=example.actor, opened_at=content.OPENED, closed_at=content.CLOSED
    )
    _note(example, meeting, content.NOTES)
    services.write_minutes(meeting, actor=example.actor, minutes=proposed_minutes(meeting))
    record = services.submit_record(meeting, actor=example.actor, introduction=content.INTRODUCTION)
    validated = _validate(example, record)
    corrected = example.day(VALIDATED + content.ADDENDUM_AFTER)
    if corrected <= timezone.localdate():  # an example told about a day to come has none yet
        services.add_addendum(validated, actor=example.actor, on=corrected, text=content.ADDENDUM)


def _validate(example: Example, record: MeetingRecord) -> MeetingRecord:
    """The mayor has no account: a personal link, opened some days later."""
    meeting, on = record.meeting, example.day(VALIDATED)
    assert meeting.chair is not None
    address = hand_over_link(record, actor=example.actor, contact=meeting.chair)
    door = find_door(address.rstrip("/").rsplit("/", 1)[1])
    assert door is not None
    seen = fingerprint(draft_content(door.record.meeting, door.record, on=None))
    return validate_by_link(door, seen=seen, on=on)


def _technical(example: Example, meeting: Meeting) -> None:
    """Chaired by the élue of the example's account: it waits for her."""
    chair = example.contacts["adjointe"]
    services.update_meeting(meeting, actor=example.actor, chair=chair)
    services.add_attendance(
        meeting,
        actor=example.actor,
        contact=chair,
        organisation=example.organisations["ville"],
        status=Attendance.Status.PRESENT,
    )
    first = meeting.agenda.first()
    assert first is not None
    services.decide(
        first,
        actor=example.actor,
        text=content.TECHNICAL_DECISION,
        responsible=example.contacts["coordination"],
        due_on=example.day(7),
    )
    _note(example, meeting, {first.title: content.TECHNICAL_NOTES})
    services.submit_record(
        meeting, actor=example.actor, introduction=content.TECHNICAL_INTRODUCTION
    )
