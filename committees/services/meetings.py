"""Meetings and who came."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from accounts.models import User
from agreements.models import Agreement
from agreements.services import create_row, delete_row, record, update_row
from committees.models import (
    Attendance,
    Meeting,
)
from core.errors import DomainError
from core.formats import date_long


def _check_day(agreement: Agreement, on: date) -> None:
    if not agreement.covers(on):
        period = f"du {date_long(agreement.starts_on)} au {date_long(agreement.ends_on)}"
        raise DomainError(f"La réunion sort de la convention ({period}).", field="on")


def create_meeting(agreement: Agreement, *, actor: User | None, **fields: Any) -> Meeting:
    _check_day(agreement, fields["on"])
    sentence = f"a fixé une réunion : {fields['committee']}, le {date_long(fields['on'])}"
    return create_row(Meeting, agreement, actor=actor, fields=fields, sentence=sentence)


def update_meeting(
    meeting: Meeting, *, actor: User | None, expected_version: int | None = None, **fields: Any
) -> Meeting:
    if "on" in fields:
        _check_day(meeting.agreement, fields["on"])
    return update_row(meeting, actor=actor, fields=fields, expected_version=expected_version)


def hold_meeting(meeting: Meeting, *, actor: User | None) -> Meeting:
    if meeting.state == Meeting.State.CANCELLED:
        raise DomainError("Cette réunion est annulée.")
    return update_row(
        meeting,
        actor=actor,
        fields={"state": Meeting.State.HELD},
        sentence=f"a noté la tenue de : {meeting}",
    )


def cancel_meeting(meeting: Meeting, *, actor: User | None) -> Meeting:
    if meeting.state == Meeting.State.HELD:
        raise DomainError("Cette réunion s'est tenue : elle ne s'annule plus.")
    return update_row(
        meeting,
        actor=actor,
        fields={"state": Meeting.State.CANCELLED},
        sentence=f"a annulé : {meeting}",
    )


def plan_meeting_again(meeting: Meeting, *, actor: User | None) -> Meeting:
    """A meeting cancelled, or noted as held by mistake, is to come again."""
    if meeting.state == Meeting.State.HELD and meeting.decisions.exists():
        raise DomainError("Cette réunion a pris des décisions : elle s'est donc tenue.")
    return update_row(
        meeting,
        actor=actor,
        fields={"state": Meeting.State.PLANNED},
        sentence=f"a remis au calendrier : {meeting}",
    )


def delete_meeting(meeting: Meeting, *, actor: User | None) -> None:
    """Only a meeting that evidences nothing: one that was held stays, and so do its decisions."""
    if meeting.state == Meeting.State.HELD:
        raise DomainError("Cette réunion s'est tenue : elle ne se supprime pas.")
    delete_row(meeting, actor=actor)


@transaction.atomic
def invite_members(meeting: Meeting, *, actor: User | None) -> int:
    """Put the committee's members on the list; those already there stay as they are."""
    present = set(meeting.attendances.values_list("contact_id", flat=True))
    members = [
        member for member in meeting.committee.members.all() if member.contact_id not in present
    ]
    for member in members:
        create_row(
            Attendance,
            meeting.agreement,
            actor=actor,
            fields={
                "meeting": meeting,
                "contact": member.contact,
                "organisation": member.organisation,
            },
            sentence="",
        )
    if members:
        record(
            meeting.agreement,
            actor=actor,
            verb="invite",
            target=meeting,
            sentence=f"a inscrit les membres : {meeting}",
        )
    return len(members)


def add_attendance(meeting: Meeting, *, actor: User | None, **fields: Any) -> Attendance:
    """Somebody who is no member: invited for one meeting."""
    return create_row(
        Attendance,
        meeting.agreement,
        actor=actor,
        fields={"meeting": meeting, **fields},
        sentence=f"a inscrit {fields['contact']} : {meeting}",
    )


def remove_attendance(attendance: Attendance, *, actor: User | None) -> None:
    delete_row(attendance, actor=actor)


def record_attendance(
    attendance: Attendance, *, actor: User | None, status: str, represented_by: str = ""
) -> Attendance:
    """A represented person is not present; only a represented person has a representative."""
    return update_row(
        attendance,
        actor=actor,
        fields={"status": status, "represented_by": represented_by},
        sentence=f"a noté la présence de {attendance.contact} : {Attendance.Status(status).label}",
    )
