"""The meetings that papers are made for, and what these tell of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from agreements.models import Agreement
from committees import queries
from committees.arbitration import words_of
from committees.models import AgendaItem, CommitteeKind, Meeting
from committees.models.meetings import MeetingQuerySet


def meetings(agreement: Agreement) -> MeetingQuerySet:
    """Of any committee, the latest first; one that was cancelled has no paper."""
    return queries.meetings(agreement).exclude(state=Meeting.State.CANCELLED)  # type: ignore[return-value]


def proposed_among(rows: Sequence[Meeting], on: date) -> Meeting | None:
    """Of meetings given from the latest: the next COPIL, else the next of any committee, else the
    last that was."""
    coming = [row for row in rows if row.state == Meeting.State.PLANNED and row.on >= on]
    steering = [row for row in coming if row.committee.is_steering]
    return next(iter(steering[-1:] or coming[-1:] or rows[:1]), None)


def steering_meeting(agreement: Agreement, on: date) -> Meeting | None:
    """The next COPIL, else the last one held."""
    steering = meetings(agreement).filter(committee__kind__nature=CommitteeKind.Nature.STEERING)
    return steering.upcoming(on).first() or steering.held().order_by("-on").first()


def hours_and_place(meeting: Meeting) -> str:
    """Under a title that says the day: « De 14 h à 15 h 30, salle du conseil »."""
    return f"{meeting.hours.capitalize()}, {meeting.place or 'lieu à préciser'}"


def coming_after(meeting: Meeting, most: int) -> list[Meeting]:
    """The next meetings, of any committee."""
    return list(meetings(meeting.agreement).after(meeting)[:most])


def questions(items: Iterable[AgendaItem], *, with_money: bool) -> list[str]:
    """What the meeting is to settle, in the order of its agenda."""
    return [
        words_of(item, with_money=with_money).question
        if hasattr(item, "arbitration")
        else item.title
        for item in items
        if item.is_asked
    ]
