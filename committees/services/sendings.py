"""Sendings: prepared and read over, then sent in one act, and from then on never rewritten."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from agreements.access import Access
from agreements.models import DocumentState, Snapshot
from agreements.services import check, create_row, delete_row, record, transition, update_row
from committees import sending_texts as texts
from committees import sendings as reads
from committees.models import Attendance, Meeting, Sending, SendingRecipient, Step
from committees.services import deliveries
from committees.services.preparation import tick_step
from core.errors import DomainError
from core.formats import plural

Kind, Channel, State = Sending.Kind, SendingRecipient.Channel, Sending.State
STEPS = {Kind.INVITATION: Step.INVITATION, Kind.PACK: Step.PACK, Kind.RECORD: Step.RECORD}
"""The step of the rétroplanning that a sending accomplishes."""


# --- Preparing ----------------------------------------------------------------------------------
@transaction.atomic
def prepare_sending(
    meeting: Meeting, kind: str, *, actor: User | None, today: date | None = None
) -> Sending:
    """A draft with everything proposed: texts, signatory, people and how to reach each. The draft
    already begun, when there is one."""
    kind, today = Kind(kind), today or timezone.localdate()
    Meeting.objects.select_for_update().get(pk=meeting.pk)
    known = Sending.objects.filter(meeting=meeting, kind=kind, state=State.DRAFT).first()
    if known is not None:
        return known
    check_kind(meeting, kind, today)
    rows = list(
        meeting.attendances.select_related("contact", "organisation", "agreement").order_by("pk")
    )
    last = reads.told(meeting)
    people = reads.people_for(kind, meeting, rows, last)
    if not people:
        raise DomainError(nobody_words(kind, bool(rows)))
    fields = {
        "meeting": meeting,
        "kind": kind,
        "signatory": _signatory(meeting),
        "reference": texts.reference_of(meeting),
        "dated_on": today,
        "snapshot": _document(meeting, kind),
        **texts.proposed(meeting, kind, before=_announced(meeting, last), actor=actor, today=today),
    }
    sending = create_row(
        Sending, meeting.agreement, actor=actor, fields=fields,
        sentence=f"a préparé un envoi : {kind.label} ({meeting})",
    )  # fmt: skip
    for attendance in people:
        _add(sending, attendance, _channel(attendance, last.get(attendance.contact_id)))
    return sending


def _channel(attendance: Attendance, last: SendingRecipient | None) -> str:
    """As the person was reached last time; a message wherever there is an address."""
    if not attendance.contact.email:
        return Channel.PAPER
    return last.channel if last is not None else Channel.MAIL


def _signatory(meeting: Meeting) -> str:
    """As the last letter was signed: what was corrected once stays so."""
    known = (
        Sending.objects.filter(agreement=meeting.agreement_id)
        .exclude(signatory="")
        .order_by("-pk")
        .values_list("signatory", flat=True)
        .first()
    )
    return known or texts.signatory_of(meeting)


def check_kind(meeting: Meeting, kind: str, today: date) -> None:
    """Raises ``DomainError``: what the state of the meeting does not allow to send."""
    if kind == Kind.CANCELLATION:
        if meeting.state != Meeting.State.CANCELLED:
            raise DomainError("Cette réunion n'est pas annulée.")
        return
    if meeting.state == Meeting.State.CANCELLED:
        raise DomainError("Cette réunion est annulée : seule son annulation s'annonce.")
    if kind == Kind.RECORD:
        if meeting.state != Meeting.State.HELD:
            raise DomainError("Le relevé se diffuse une fois la réunion tenue.")
        return
    if meeting.state == Meeting.State.HELD or meeting.on < today:
        raise DomainError("Cette réunion est passée : il n'y a plus rien à annoncer.")


def nobody_words(kind: str, has_people: bool) -> str:
    if not has_people:
        return "Personne n'est inscrit sur la liste de présence : inscrivez d'abord les membres."
    return {
        Kind.INVITATION: "Toutes les personnes inscrites ont déjà été invitées.",
        Kind.UPDATE: "Toutes les personnes invitées connaissent déjà ce jour, cette heure et ce lieu.",
        Kind.CANCELLATION: "Toutes les personnes invitées savent déjà que la réunion est annulée.",
    }.get(Kind(kind), "Personne à qui écrire.")


def _document(meeting: Meeting, kind: str) -> Snapshot | None:
    """The document that leaves: proposed for the pack, the validated record and no other."""
    if kind == Kind.PACK:
        return reads.packs(meeting).first()
    return reads.record_snapshot(meeting) if kind == Kind.RECORD else None


def _announced(meeting: Meeting, last: Mapping[int, SendingRecipient]) -> date | None:
    """The day that people were told last, when it is not the one of today."""
    times = [row.sending.sent_at for row in last.values() if row.sending.sent_at]
    if not times:
        return None
    known = meeting.history.filter(history_date__lte=max(times)).order_by("-history_date").first()
    return known.on if known is not None and known.on != meeting.on else None


def _add(sending: Sending, attendance: Attendance, channel: str) -> SendingRecipient:
    row = SendingRecipient(
        agreement=sending.agreement,
        sending=sending,
        contact=attendance.contact,
        attendance=attendance,
        channel=channel,
    )
    check(row)
    row.save()
    return row


def locked(sending: Sending, state: str, refusal: str) -> Sending:
    """The sending as it stands, held until the end of the act."""
    row = (
        Sending.objects.select_for_update(of=("self",))
        .select_related(
            "agreement__lead_commune", "meeting__agreement", "meeting__committee", "snapshot"
        )
        .get(pk=sending.pk)
    )
    if row.state != state:
        raise DomainError(refusal)
    return row


LEFT = "Cet envoi est déjà parti : il ne se modifie plus."


@transaction.atomic
def update_sending(
    sending: Sending,
    *,
    actor: User | None,
    channels: Mapping[Attendance, str] | None = None,
    expected_version: int | None = None,
    **fields: Any,
) -> Sending:
    """Change a draft. ``channels``: how to reach each person; empty for whoever is left out."""
    locked(sending, State.DRAFT, LEFT)
    if channels is not None:
        _set_channels(sending, channels)
    return update_row(
        sending,
        actor=actor,
        fields=fields,
        expected_version=expected_version,
        sentence=f"a modifié un envoi en préparation : {sending}",
    )


def _set_channels(sending: Sending, channels: Mapping[Attendance, str]) -> None:
    wanted = {row.contact_id: (row, channel) for row, channel in channels.items() if channel}
    if not wanted:
        raise DomainError("Choisissez au moins une personne à qui écrire.")
    for attendance, channel in wanted.values():
        if channel != Channel.PAPER and not attendance.contact.email:
            raise DomainError(
                f"{attendance.contact} n'a pas d'adresse électronique : choisissez le courrier, "
                "ou ajoutez une adresse à sa fiche."
            )
    known = {row.contact_id: row for row in sending.recipients.all()}
    sending.recipients.exclude(contact_id__in=wanted).delete()
    for pk, (attendance, channel) in wanted.items():
        if pk in known:
            known[pk].channel = Channel(channel)
            known[pk].save(update_fields=["channel"])
        else:
            _add(sending, attendance, Channel(channel))


@transaction.atomic
def delete_sending(sending: Sending, *, actor: User | None) -> None:
    locked(sending, State.DRAFT, "Un envoi parti ne se supprime pas.")
    delete_row(sending, actor=actor)


# --- Sending ------------------------------------------------------------------------------------
@transaction.atomic
def send(
    sending: Sending,
    *,
    actor: User | None,
    access: Access | None = None,
    now: datetime | None = None,
) -> Sending:
    """Send to everybody in one act: a message a person, or a letter to hand over; and pass the
    document to « transmis ».

    ``access`` is asked for a document that is not sent yet; ``now`` is the moment told. Raises ``DomainError``, with nothing
    sent, when the meeting or the document does not allow it.
    """
    row = locked(sending, State.DRAFT, "Cet envoi est déjà parti.")
    meeting, now = row.meeting, now or timezone.now()
    check_kind(meeting, row.kind, timezone.localdate(now))
    people = _who_receives(row)
    if not people:
        raise DomainError("Plus personne à qui écrire : choisissez d'autres personnes.")
    items = texts.confirmed(meeting)
    if row.kind in reads.DOCUMENT:
        _transmit(row, len(people), actor=actor, access=access, on=timezone.localdate(now))
    if row.kind in reads.TELLING:
        deliveries.withdraw_waiting(meeting, [person.contact_id for person in people])
    for name in ("subject", "message", "letter"):
        setattr(row, name, texts.filled(getattr(row, name), meeting, items))
    row.subject = " ".join(row.subject.split())[:200]
    row.dated_on = row.dated_on or timezone.localdate(now)
    row.calendar_sequence, row.sent_at, row.sent_by = meeting.calendar_sequence, now, actor
    row.state = State.SENT
    check(row)
    row.save_new_version(expected=None)
    delivery = deliveries.Delivery(row, actor, items, now, deliveries.attached_file(row))
    for person in people:
        delivery.deliver(person)
    _tick(row, actor, timezone.localdate(now))
    record(
        row.agreement,
        actor=actor,
        verb="send",
        target=meeting,
        sentence=f"a envoyé à {plural(len(people), 'personne')} : {row.get_kind_display()} ({meeting})",
    )
    sending.refresh_from_db()
    return sending


def _who_receives(sending: Sending) -> list[SendingRecipient]:
    """Those still on the list: a person erased, archived or taken off it since is left out. One
    whose address has gone receives a letter."""
    kept = []
    for person in sending.recipients.select_related("contact", "attendance", "agreement"):
        if person.contact is None or person.attendance is None or person.contact.is_archived:
            person.delete()
            continue
        if person.channel != Channel.PAPER and not person.contact.email:
            person.channel = Channel.PAPER
            person.save(update_fields=["channel"])
        kept.append(person)
    return kept


def _transmit(
    sending: Sending, count: int, *, actor: User | None, access: Access | None, on: date
) -> None:
    """The document may leave, and is said to have left. The record was validated by its chair:
    only the pack asks for the direction's word."""
    if sending.kind == Kind.RECORD:
        sending.snapshot = reads.record_snapshot(sending.meeting)
    snapshot = sending.snapshot
    problem = reads.document_problem(snapshot, sending.kind)
    if problem or snapshot is None:
        raise DomainError(problem)
    if snapshot.state != DocumentState.APPROVED:
        return
    if access is None:
        raise DomainError("Cet envoi transmet un document : il se fait depuis une page.")
    transition(
        snapshot, actor=actor, access=access, state=DocumentState.SENT, on=on,
        note=f"Envoyé à {plural(count, 'personne')}",
    )  # fmt: skip


def _tick(sending: Sending, actor: User | None, on: date) -> None:
    step = STEPS.get(Kind(sending.kind))
    if step is not None:
        tick_step(sending.meeting, step, actor=actor, on=on)
