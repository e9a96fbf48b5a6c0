"""Writes of the room: committees, meetings, what is put to them, what they decide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max

from accounts.models import User
from actionplan.models import Action
from agreements.models import Agreement
from agreements.services import check, create_row, delete_row, record, update_row
from committees.models import (
    AgendaItem,
    ArbitrationOption,
    ArbitrationPoint,
    Attendance,
    Committee,
    CommitteeMember,
    Decision,
    Meeting,
)
from core.errors import DomainError
from core.formats import date_long

K = Committee.Kind
STANDARD_COMMITTEES = [
    (K.STEERING, "Comité de pilotage (COPIL)", "Donne un avis, arbitre, valide le bilan et les orientations.", 1),
    (K.TECHNICAL, "Comité technique (COTECH)", "Prépare le COPIL et suit le plan.", 3),
    (K.WORKING_GROUP, "Groupe petite enfance", "Met en œuvre les actions de la petite enfance.", 3),
    (K.WORKING_GROUP, "Groupe enfance et jeunesse", "Met en œuvre les actions de l'enfance et de la jeunesse.", 3),
    (K.WORKING_GROUP, "Groupe parentalité et vie sociale", "Met en œuvre les actions de la parentalité.", 3),
    (K.WORKING_GROUP, "Groupe accès aux droits", "Met en œuvre les actions d'accès aux droits.", 3),
    (K.EVALUATION, "Temps d'évaluation partagée", "Juge ensemble ce qui a marché et ce qui reste à faire.", 1),
    (K.CAF_POINT, "Point régulier avec la Caf", "Suivi courant entre la commune et la Caf.", 4),
]


@transaction.atomic
def create_standard_committees(agreement: Agreement, *, actor: User | None) -> list[Committee]:
    """The usual bodies, editable afterwards. Does nothing where some already stand."""
    if Committee.objects.filter(agreement=agreement).exists():
        return []
    return [
        create_committee(
            agreement, actor=actor, kind=kind, name=name, purpose=purpose, meetings_per_year=rhythm, position=rank
        )
        for rank, (kind, name, purpose, rhythm) in enumerate(STANDARD_COMMITTEES)
    ]


def create_committee(agreement: Agreement, *, actor: User | None, **fields: Any) -> Committee:
    return create_row(Committee, agreement, actor=actor, fields=fields)


def update_committee(
    committee: Committee, *, actor: User | None, expected_version: int | None = None, **fields: Any
) -> Committee:
    return update_row(committee, actor=actor, fields=fields, expected_version=expected_version)


def add_member(committee: Committee, *, actor: User | None, **fields: Any) -> CommitteeMember:
    return create_row(
        CommitteeMember, committee.agreement, actor=actor, fields={"committee": committee, **fields}
    )


def remove_member(member: CommitteeMember, *, actor: User | None) -> None:
    delete_row(member, actor=actor)


# --- Meetings -------------------------------------------------------------------------------
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
        meeting, actor=actor, fields={"state": Meeting.State.HELD}, sentence=f"a noté la tenue de : {meeting}"
    )


def cancel_meeting(meeting: Meeting, *, actor: User | None) -> Meeting:
    if meeting.state == Meeting.State.HELD:
        raise DomainError("Cette réunion s'est tenue : elle ne s'annule plus.")
    return update_row(
        meeting, actor=actor, fields={"state": Meeting.State.CANCELLED}, sentence=f"a annulé : {meeting}"
    )


# --- Agenda ---------------------------------------------------------------------------------
def add_agenda_item(
    meeting: Meeting, *, actor: User | None, actions: Iterable[Action] = (), **fields: Any
) -> AgendaItem:
    if "position" not in fields:
        last = meeting.agenda.aggregate(last=Max("position"))["last"]
        fields["position"] = 0 if last is None else last + 1
    return create_row(
        AgendaItem,
        meeting.agreement,
        actor=actor,
        fields={"meeting": meeting, **fields},
        links={"actions": actions},
        sentence=f"a mis à l'ordre du jour ({meeting}) : {fields.get('title', '')}",
    )


def propose_agenda_item(meeting: Meeting, *, actor: User | None, **fields: Any) -> AgendaItem:
    """The Caf proposes; whoever steers keeps it or not."""
    if meeting.state != Meeting.State.PLANNED:
        raise DomainError("Cette réunion n'est plus à préparer.")
    return add_agenda_item(
        meeting, actor=actor, proposed_by_caf=True, is_confirmed=False, **fields
    )


def update_agenda_item(
    item: AgendaItem, *, actor: User | None, actions: Iterable[Action] | None = None, **fields: Any
) -> AgendaItem:
    return update_row(
        item, actor=actor, fields=fields, links=None if actions is None else {"actions": actions}
    )


def remove_agenda_item(item: AgendaItem, *, actor: User | None) -> None:
    delete_row(item, actor=actor)


@transaction.atomic
def move_agenda_item(item: AgendaItem, *, actor: User | None, up: bool) -> None:
    """One place up or down; positions are dealt again from the order."""
    items = list(item.meeting.agenda.all())
    index = next(rank for rank, row in enumerate(items) if row.pk == item.pk)
    other = index - 1 if up else index + 1
    if not 0 <= other < len(items):
        return
    items[index], items[other] = items[other], items[index]
    for position, row in enumerate(items):
        if row.position != position:
            AgendaItem.objects.filter(pk=row.pk).update(position=position)


@transaction.atomic
def set_arbitration(
    item: AgendaItem,
    *,
    actor: User | None,
    question: str,
    context: str,
    options: Iterable[Mapping[str, Any]],
    technical_opinion: str = "",
    action: Action | None = None,
    expected_version: int | None = None,
) -> ArbitrationPoint:
    """A question with two or three options, side by side. Writing again replaces the options that
    no decision has chosen."""
    given = list(options)
    if not 2 <= len(given) <= 3:
        raise DomainError("Un point d'arbitrage propose deux ou trois options.", field="options")
    fields = {
        "question": question,
        "context": context,
        "technical_opinion": technical_opinion,
        "action": action,
    }
    point = ArbitrationPoint.objects.filter(item=item).first()
    if point is None:
        point = create_row(
            ArbitrationPoint, item.agreement, actor=actor, fields={"item": item, **fields}
        )
    else:
        update_row(point, actor=actor, fields=fields, expected_version=expected_version)
    known = list(point.options.all())
    for position, option in enumerate(given):
        row = known[position] if position < len(known) else ArbitrationOption(agreement=item.agreement, point=point)
        for name, value in option.items():
            setattr(row, name, value)
        row.position = position
        check(row)
        row.save()
    for extra in known[len(given) :]:
        extra.delete()
    return point


# --- Attendance -----------------------------------------------------------------------------
@transaction.atomic
def invite_members(meeting: Meeting, *, actor: User | None) -> int:
    """Put the committee's members on the list; those already there stay as they are."""
    present = set(meeting.attendances.values_list("contact_id", flat=True))
    members = [member for member in meeting.committee.members.all() if member.contact_id not in present]
    for member in members:
        create_row(
            Attendance,
            meeting.agreement,
            actor=actor,
            fields={"meeting": meeting, "contact": member.contact, "organisation": member.organisation},
            sentence="",
        )
    if members:
        record(meeting.agreement, actor=actor, verb="invite", target=meeting, sentence=f"a inscrit les membres : {meeting}")
    return len(members)


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


# --- Decisions ------------------------------------------------------------------------------
def next_number(agreement: Agreement, year: int) -> str:
    """« 2026-03 » : numbers run within a year and are never reused."""
    prefix = f"{year}-"
    numbers = Decision.objects.filter(agreement=agreement, number__startswith=prefix).values_list(
        "number", flat=True
    )
    ranks = [int(number.removeprefix(prefix)) for number in numbers if number.removeprefix(prefix).isdigit()]
    return f"{prefix}{max(ranks, default=0) + 1:02d}"


@transaction.atomic
def take_decision(
    agreement: Agreement, *, actor: User | None, actions: Iterable[Action] = (), **fields: Any
) -> Decision:
    """Note a decision. A COPIL gives an opinion and votes no credits: see ``institutional``."""
    Agreement.objects.select_for_update().get(pk=agreement.pk)
    if not fields.get("number"):
        fields["number"] = next_number(agreement, fields["decided_on"].year)
    return create_row(
        Decision,
        agreement,
        actor=actor,
        fields=fields,
        links={"actions": actions},
        sentence=f"a noté la décision n° {fields['number']}",
    )


def update_decision(
    decision: Decision,
    *,
    actor: User | None,
    expected_version: int | None = None,
    actions: Iterable[Action] | None = None,
    reason: str = "",
    **fields: Any,
) -> Decision:
    """Follow a decision. One that must go before the council is done once its act is known."""
    state = fields.get("state", decision.state)
    council = fields.get("institutional", decision.institutional) == Decision.InstitutionalFollowUp.COUNCIL
    reference = fields.get("institutional_reference", decision.institutional_reference)
    if state == Decision.State.DONE and council and not reference:
        raise DomainError(
            "Donnez le numéro de la délibération : sans elle, la décision n'est pas faite.",
            field="institutional_reference",
        )
    return update_row(
        decision,
        actor=actor,
        fields=fields,
        links=None if actions is None else {"actions": actions},
        expected_version=expected_version,
        reason=reason,
        sentence=f"a suivi la décision n° {decision.number}",
    )
