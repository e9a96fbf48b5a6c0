"""Committees, the COPIL held with its decisions, the one to come with its points of arbitration."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time
from decimal import Decimal

from committees.models import AgendaItem, Attendance, Committee, Meeting
from committees.services import (
    add_agenda_item,
    add_member,
    create_meeting,
    create_standard_committees,
    hold_meeting,
    invite_members,
    record_attendance,
    set_arbitration,
    set_outcomes,
    take_decision,
    tick_line,
    update_member,
)
from demo.build.context import Example
from demo.content import meetings as content
from demo.content.decisions import FIRST_ACT

HELD, COMING = -165, 14
TECHNICAL_DAYS = (-200, -95, -40)
GROUP_DAYS = (-130, -70)
# (rank among the standard committees, days ahead)
PLANNED = ((2, 25), (1, 45), (6, 80), (7, 20), (0, 200))
PRESENT = Attendance.Status.PRESENT
REPRESENTED = Attendance.Status.REPRESENTED


def build_meetings(example: Example) -> None:
    committees = create_standard_committees(example.agreement, actor=example.actor)
    copil, technical = committees[0], committees[1]
    for contact, organisation, role, is_chair in content.COPIL_MEMBERS:
        add_member(
            copil, actor=example.actor, contact=example.contacts[contact],
            organisation=example.organisations[organisation], role=role, is_chair=is_chair,
        )  # fmt: skip
    for contact in content.TECHNICAL_MEMBERS:
        add_member(
            technical, actor=example.actor, contact=example.contacts[contact],
            organisation=example.contacts[contact].positions.get().organisation,
        )  # fmt: skip
    for day in TECHNICAL_DAYS[:-1]:
        _short_meeting(example, technical, example.day(day))
    _last_technical(example, technical)
    for group in committees[2:5]:
        for day in GROUP_DAYS:
            _short_meeting(example, group, example.day(day))
    held = example.extra["held_copil"] = _held_copil(example, copil)
    _decisions(example, held)
    _outcomes(example, held)
    _end_mandate(example, copil)
    _coming_copil(example, copil)
    for rank, day in PLANNED:
        create_meeting(
            example.agreement, actor=example.actor, committee=committees[rank],
            on=example.working(example.day(day)),
            starts_at=time(14, 0), duration_minutes=90, place="Mairie, salle des commissions",
        )  # fmt: skip


def _short_meeting(example: Example, committee: Committee, day: date) -> Meeting:
    meeting = create_meeting(
        example.agreement, actor=example.actor, committee=committee, on=example.working(day), starts_at=time(9, 30),
        duration_minutes=90, place="Mairie, salle des commissions",
    )  # fmt: skip
    invite_members(meeting, actor=example.actor)
    for rank, attendance in enumerate(meeting.attendances.all(), start=day.day):
        status = Attendance.Status.EXCUSED if rank % 5 == 0 else PRESENT
        record_attendance(attendance, actor=example.actor, status=status)
    _all_done(example, meeting)
    return hold_meeting(meeting, actor=example.actor)


def _all_done(example: Example, meeting: Meeting) -> None:
    """A meeting of months ago: nothing of its rétroplanning waits."""
    for line in meeting.preparation.all():
        tick_line(line, actor=example.actor, on=line.due_on)


def _last_technical(example: Example, technical: Committee) -> None:
    """One of its points was not treated: it comes back at the next meeting."""
    meeting = _short_meeting(example, technical, example.day(TECHNICAL_DAYS[-1]))
    items = list(_agenda(example, meeting, content.TECHNICAL_AGENDA).values())
    set_outcomes(meeting, actor=example.actor, outcomes={items[0]: AgendaItem.Outcome.INFORMATION})
    example.extra["last_technical"] = meeting


def _outcomes(example: Example, meeting: Meeting) -> None:
    set_outcomes(
        meeting,
        actor=example.actor,
        outcomes={item: content.OUTCOMES[item.title] for item in meeting.agenda.all()},
    )


def _end_mandate(example: Example, copil: Committee) -> None:
    contact, day = content.ENDED_MANDATE
    member = copil.members.get(contact=example.contacts[contact])
    update_member(member, actor=example.actor, ends_on=example.day(day))


def _prepare(example: Example, meeting: Meeting) -> None:
    """Its rétroplanning partly ticked; the reading by the Caf is late by a few days."""
    for line in meeting.preparation.filter(key__in=content.TICKED):
        tick_line(line, actor=example.actor, on=example.day(content.TICKED[line.key]))


def _held_copil(example: Example, copil: Committee) -> Meeting:
    meeting = create_meeting(
        example.agreement, actor=example.actor, committee=copil, on=example.day(HELD),
        starts_at=time(14, 0), duration_minutes=90, place="Hôtel de ville, salle du conseil",
        chair=example.contacts["maire"],
    )  # fmt: skip
    _agenda(example, meeting, content.HELD_AGENDA)
    invite_members(meeting, actor=example.actor)
    keys = {contact.pk: key for key, contact in example.contacts.items()}
    for attendance in meeting.attendances.select_related("contact"):
        key = keys[attendance.contact_id]
        status = content.ATTENDANCE[key]
        record_attendance(
            attendance, actor=example.actor, status=status,
            represented_by=content.REPRESENTED_BY[key] if status == REPRESENTED else "",
        )  # fmt: skip
    _all_done(example, meeting)
    return hold_meeting(meeting, actor=example.actor)


def _agenda(
    example: Example,
    meeting: Meeting,
    points: Iterable[tuple[str, str, int, str, tuple[str, ...]]],
) -> dict[str, AgendaItem]:
    return {
        title: add_agenda_item(
            meeting, actor=example.actor, title=title, kind=kind, minutes=minutes, presenter=presenter,
            actions=example.pick("actions", actions),
        )
        for title, kind, minutes, presenter, actions in points
    }  # fmt: skip


def _decisions(example: Example, meeting: Meeting) -> None:
    for (
        text,
        responsible,
        due,
        state,
        follow_up,
        institutional,
        rank,
        actions,
    ) in content.DECISIONS:
        take_decision(
            example.agreement, actor=example.actor, meeting=meeting, decided_on=meeting.on, text=text,
            responsible=example.contacts[responsible], due_on=max(example.day(due), meeting.on),
            state=state, follow_up=follow_up, institutional=institutional,
            institutional_reference=example.act_number(FIRST_ACT, rank) if rank else "",
            actions=example.pick("actions", actions),
        )  # fmt: skip


def _coming_copil(example: Example, copil: Committee) -> None:
    statuses = [action.status for action in example.actions.values()]
    meeting = create_meeting(
        example.agreement, actor=example.actor, committee=copil, on=example.day(COMING),
        starts_at=time(14, 0), duration_minutes=90, place="Hôtel de ville, salle du conseil",
        chair=example.contacts["maire"],
        introduction=content.INTRODUCTION.format(
            done=statuses.count("done"), running=statuses.count("in_progress"), total=len(statuses)
        ),
        perspectives=content.PERSPECTIVES,
    )  # fmt: skip
    items = _agenda(example, meeting, content.COMING_AGENDA)
    for title, (question, context, opinion, action, options) in content.ARBITRATIONS.items():
        set_arbitration(
            items[title], actor=example.actor, question=question, context=context,
            technical_opinion=opinion, action=example.actions[action],
            options=[
                {
                    "title": option, "effects": effects, "cost": Decimal(cost),
                    "caf_revenue": Decimal(revenue), "delay": delay, "risk": risk,
                }
                for option, effects, cost, revenue, delay, risk in options
            ],
        )  # fmt: skip
    _prepare(example, meeting)
    invite_members(meeting, actor=example.actor)
    example.extra["coming_copil"] = meeting
