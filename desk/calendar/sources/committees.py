"""Meetings, their rétroplanning, and what is to follow their decisions."""

from __future__ import annotations

from collections.abc import Iterator

from committees.invitations import uid_of
from committees.models import Decision, Meeting, PreparationLine, Step
from committees.register import is_overdue
from committees.retroplanning import is_late
from core.formats import date_long, shortened
from desk.calendar.entries import Entry, Kind, Scope, State
from desk.calendar.sources.common import address, latest, uid

LONG_TEXTS = ("introduction", "perspectives", "minutes")
MEETING_STATES = {Meeting.State.HELD: State.DONE, Meeting.State.CANCELLED: State.CANCELLED}


def meetings(scope: Scope) -> Iterator[Entry]:
    """Under the identity of their invitation: a program that received both keeps one meeting."""
    rows = (
        Meeting.objects.filter(agreement=scope.access.agreement, **scope.on("on"))
        .select_related("committee")
        .defer(*LONG_TEXTS)
    )
    for meeting in rows:
        yield Entry(
            kind=Kind.MEETING,
            uid=uid_of(meeting),
            title=str(meeting.committee),
            on=meeting.on,
            starts_at=meeting.starts_at,
            ends_at=meeting.ends_at,
            place=meeting.place,
            url=address(scope, "committees:meeting", meeting.pk),
            changed_at=meeting.updated_at,
            state=MEETING_STATES.get(Meeting.State(meeting.state), State.NONE),
            sequence=meeting.calendar_sequence,
        )


def preparation(scope: Scope) -> Iterator[Entry]:
    """A cancelled meeting asks for nothing more: only what was done for it is kept. « Tenir la
    réunion » is the meeting itself, which the calendar already shows."""
    rows = (
        PreparationLine.objects.filter(agreement=scope.access.agreement, **scope.on("due_on"))
        .exclude(key=Step.MEETING)
        .select_related("meeting__committee")
        .defer(*(f"meeting__{name}" for name in LONG_TEXTS))
    )
    for line in rows:
        meeting = line.meeting
        if meeting.state == Meeting.State.CANCELLED and line.done_on is None:
            continue
        state = State.LATE if is_late(line, scope.today) else State.NONE
        yield Entry(
            kind=Kind.PREPARATION,
            uid=uid(scope, "retroplanning", line.pk),
            title=line.label,
            on=line.due_on,
            about=f"{meeting.committee} du {date_long(meeting.on)}",
            url=address(scope, "committees:meeting", meeting.pk) + "#retroplanning",
            changed_at=latest([meeting.updated_at, line.done_on]),
            state=State.DONE if line.done_on else state,
        )


def decisions(scope: Scope) -> Iterator[Entry]:
    """Due dates, and the acts that followed elsewhere. The text may name people and amounts: it is
    for the page."""
    rows = Decision.objects.filter(agreement=scope.access.agreement).exclude(
        state=Decision.State.DROPPED
    )
    due = scope.on("due_on")
    acts = scope.on("institutional_on")
    found = rows.filter(due_on__isnull=False, **due) | rows.filter(
        institutional_on__isnull=False, **acts
    )
    for decision in found.order_by("pk"):
        url = address(scope, "committees:decisions") + f"#decision-{decision.pk}"
        detail = shortened(decision.text, 140)
        if decision.due_on:
            late = State.LATE if is_overdue(decision, scope.today) else State.NONE
            yield Entry(
                kind=Kind.DECISION,
                uid=uid(scope, "decision", decision.pk),
                title=f"Suite de la décision n° {decision.number}",
                on=decision.due_on,
                detail=detail,
                url=url,
                changed_at=decision.updated_at,
                state=State.DONE if decision.state == Decision.State.DONE else late,
            )
        if decision.institutional_on:
            yield Entry(
                kind=Kind.DECISION,
                uid=uid(scope, "acte", decision.pk),
                title=f"Acte qui suit la décision n° {decision.number}",
                on=decision.institutional_on,
                about=", ".join(
                    filter(
                        None,
                        [
                            str(decision.get_institutional_display()),
                            decision.institutional_reference,
                        ],
                    )
                ),
                detail=detail,
                url=url,
                changed_at=decision.updated_at,
                state=State.DONE if decision.institutional_on <= scope.today else State.NONE,
            )
