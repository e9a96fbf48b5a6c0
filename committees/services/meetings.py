"""Meetings and who came."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from django.db import transaction

from accounts.models import User
from agreements.models import Agreement
from agreements.services import create_row, delete_row, record, update_row
from agreements.services.attachments import remove_hung_on
from committees.models import (
    Attendance,
    CommitteeMember,
    Meeting,
    MeetingRecord,
    Sending,
    Step,
)
from committees.services import schedule
from committees.services.briefs import follow_brief_links
from committees.services.carry import carry_over
from committees.services.locking import refuse_if_validated, refuse_locked_meeting_fields
from committees.services.preparation import follow_meeting, prepare_meeting, tick_step
from core.errors import DomainError
from core.formats import date_long

LONGEST = 12 * 60
PRESENCES = "la liste de présence"
DEFAULT_MINUTES: int = Meeting._meta.get_field("duration_minutes").default


def _check_day(agreement: Agreement, on: date) -> None:
    if not agreement.covers(on):
        period = f"du {date_long(agreement.starts_on)} au {date_long(agreement.ends_on)}"
        raise DomainError(f"La réunion sort de la convention ({period}).", field="on")


def _check_hours(starts_at: time, minutes: int) -> None:
    """A meeting has a length, and ends on the day it begins."""
    if minutes < 1:
        raise DomainError("La fin de la réunion doit suivre son début.", field="ends_at")
    if starts_at.hour * 60 + starts_at.minute + minutes >= 24 * 60:
        raise DomainError("Une réunion finit le jour où elle commence.", field="ends_at")
    if minutes > LONGEST:
        raise DomainError(
            "Cette réunion durerait plus de douze heures : vérifiez les heures.", field="ends_at"
        )


@transaction.atomic
def create_meeting(agreement: Agreement, *, actor: User | None, **fields: Any) -> Meeting:
    """Its rétroplanning comes with it where its kind asks for one, and so do the points that the
    last meeting of its committee left untreated."""
    committee = fields["committee"]
    _check_day(agreement, fields["on"])
    _check_hours(fields["starts_at"], fields.get("duration_minutes", DEFAULT_MINUTES))
    sentence = f"a fixé une réunion : {committee}, le {date_long(fields['on'])}"
    meeting = create_row(Meeting, agreement, actor=actor, fields=fields, sentence=sentence)
    if committee.kind.has_preparation:
        prepare_meeting(meeting, actor=actor)
    carry_over(committee, actor=actor)
    return meeting


@transaction.atomic
def update_meeting(
    meeting: Meeting, *, actor: User | None, expected_version: int | None = None, **fields: Any
) -> Meeting:
    """What is left to do of its rétroplanning follows its day; once people were invited, another
    day, hour, length or place is a change to tell them."""
    stored = Meeting.objects.select_related("committee").get(pk=meeting.pk)
    refuse_locked_meeting_fields(stored, fields)
    refuse_approved_minutes(stored, fields)
    if "on" in fields:
        _check_day(meeting.agreement, fields["on"])
    _check_hours(
        fields.get("starts_at", stored.starts_at),
        fields.get("duration_minutes", stored.duration_minutes),
    )
    if schedule.moves(stored, fields):
        fields |= schedule.next_sequence(stored)
    update_row(meeting, actor=actor, fields=fields, expected_version=expected_version)
    follow_meeting(meeting, actor=actor, before=stored.on)
    follow_brief_links(meeting, before=stored.on)
    if stored.on != meeting.on:
        schedule.follow_doors(meeting)
    if (stored.on, stored.committee_id) != (meeting.on, meeting.committee_id):
        carry_over(stored.committee, actor=actor)
        if stored.committee_id != meeting.committee_id:
            carry_over(meeting.committee, actor=actor)
    return meeting


def refuse_approved_minutes(stored: Meeting, fields: dict[str, Any]) -> None:
    """Minutes that a later meeting approved are never rewritten."""
    if fields.get("minutes", stored.minutes) == stored.minutes:
        return
    approved = MeetingRecord.objects.filter(meeting=stored, minutes_approved_in__isnull=False)
    if approved.exists():
        raise DomainError("Ce compte rendu est approuvé : il ne change plus.", field="minutes")


def refuse_before_its_day(meeting: Meeting, today: date) -> None:
    """Asked by the pages: an example dated in the years to come holds meetings ahead of time."""
    if meeting.on > today:
        raise DomainError(
            f"Cette réunion est fixée au {date_long(meeting.on)} : elle ne peut pas s'être déjà "
            "tenue. Si elle a été avancée, changez d'abord sa date."
        )


@transaction.atomic
def hold_meeting(meeting: Meeting, *, actor: User | None) -> Meeting:
    """Its points without an outcome go to the next meeting, until somebody says that they were
    treated (``set_outcomes``)."""
    if meeting.state == Meeting.State.CANCELLED:
        raise DomainError("Cette réunion est annulée.")
    update_row(
        meeting,
        actor=actor,
        fields={"state": Meeting.State.HELD},
        sentence=f"a noté la tenue de : {meeting}",
    )
    tick_step(meeting, Step.MEETING, actor=actor, on=meeting.on)
    carry_over(meeting.committee, actor=actor)
    return meeting


@transaction.atomic
def cancel_meeting(meeting: Meeting, *, actor: User | None, reason: str = "") -> Meeting:
    """``reason`` is told to those who were invited: asked for as soon as somebody was."""
    reason = reason.strip()
    if meeting.state == Meeting.State.HELD:
        raise DomainError("Cette réunion s'est tenue : elle ne s'annule plus.")
    if meeting.state == Meeting.State.CANCELLED:
        raise DomainError("Cette réunion est déjà annulée.")
    told = schedule.next_sequence(meeting)
    if told and not reason:
        raise DomainError("Dites pourquoi : les personnes invitées le liront.", field="reason")
    update_row(
        meeting,
        actor=actor,
        fields={"state": Meeting.State.CANCELLED, "cancel_reason": reason, **told},
        reason=reason,
        sentence=f"a annulé : {meeting}",
    )
    schedule.hold_back(meeting)
    carry_over(meeting.committee, actor=actor)
    return meeting


@transaction.atomic
def plan_meeting_again(meeting: Meeting, *, actor: User | None) -> Meeting:
    """A meeting cancelled, or noted as held by mistake, is to come again. Those who were told that
    it was off are to be told that it is on."""
    refuse_if_validated(meeting, "sa tenue")
    if meeting.state == Meeting.State.HELD and meeting.decisions.exists():
        raise DomainError("Cette réunion a pris des décisions : elle s'est donc tenue.")
    was_off = meeting.state == Meeting.State.CANCELLED
    update_row(
        meeting,
        actor=actor,
        fields={
            "state": Meeting.State.PLANNED,
            "cancel_reason": "",
            **(schedule.next_sequence(meeting) if was_off else {}),
        },
        sentence=f"a remis au calendrier : {meeting}",
    )
    meeting.preparation.filter(key=Step.MEETING).update(done_on=None)
    carry_over(meeting.committee, actor=actor)
    return meeting


@transaction.atomic
def delete_meeting(meeting: Meeting, *, actor: User | None) -> None:
    """Only a meeting that evidences nothing: one that was held stays, and so do its decisions."""
    if meeting.state == Meeting.State.HELD:
        raise DomainError("Cette réunion s'est tenue : elle ne se supprime pas.")
    if meeting.sendings.filter(state=Sending.State.SENT).exists():
        raise DomainError("Un envoi est déjà parti : annulez la réunion, elle restera visible.")
    committee = meeting.committee
    remove_hung_on(*meeting.agenda.all())
    delete_row(meeting, actor=actor)
    carry_over(committee, actor=actor)


@transaction.atomic
def invite_members(meeting: Meeting, *, actor: User | None) -> int:
    """Put on the list the members in mandate on the day of the meeting; those already there stay
    as they are."""
    refuse_if_validated(meeting, PRESENCES)
    present = set(meeting.attendances.values_list("contact_id", flat=True))
    in_mandate = CommitteeMember.objects.filter(committee=meeting.committee_id).in_mandate(
        meeting.on
    )
    members = [
        member
        for member in in_mandate.select_related("contact", "organisation")
        if member.contact_id not in present
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


@transaction.atomic
def add_attendance(meeting: Meeting, *, actor: User | None, **fields: Any) -> Attendance:
    """Somebody who is no member: invited for one meeting."""
    refuse_if_validated(meeting, PRESENCES)
    return create_row(
        Attendance,
        meeting.agreement,
        actor=actor,
        fields={"meeting": meeting, **fields},
        sentence=f"a inscrit {fields['contact']} : {meeting}",
    )


@transaction.atomic
def remove_attendance(attendance: Attendance, *, actor: User | None) -> None:
    refuse_if_validated(attendance.meeting, PRESENCES)
    delete_row(attendance, actor=actor)


@transaction.atomic
def record_attendance(
    attendance: Attendance, *, actor: User | None, status: str, represented_by: str = ""
) -> Attendance:
    """A represented person is not present; only a represented person has a representative."""
    refuse_if_validated(attendance.meeting, PRESENCES)
    is_represented = status == Attendance.Status.REPRESENTED
    if represented_by and not is_represented:
        raise DomainError(
            f"{attendance.contact} ne peut pas être « {Attendance.Status(status).label} » et avoir "
            "un représentant : choisissez « représenté », ou videz ce champ.",
            field="represented_by",
        )
    if represented_by.strip().casefold() == str(attendance.contact).casefold():
        raise DomainError("Une personne ne se représente pas elle-même.", field="represented_by")
    return update_row(
        attendance,
        actor=actor,
        fields={"status": status, "represented_by": represented_by},
        sentence=f"a noté la présence de {attendance.contact} : {Attendance.Status(status).label}",
    )
