"""Reads of the sendings: what left for whom, with which fate, who answered, what to send next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from django.db.models import QuerySet

from accounts.models import User
from agreements.models import Agreement, DocumentState, Membership, Role, Snapshot
from committees.models import (
    Attendance,
    CommitteeMember,
    Meeting,
    MeetingRecord,
    Sending,
    SendingRecipient,
)
from core.audience import Audience
from core.db import fr_order
from core.formats import NBSP, plural, tied
from core.models import OutgoingMail
from partners.models import Position

Kind, Channel = Sending.Kind, SendingRecipient.Channel
TELLING = (Kind.INVITATION, Kind.UPDATE, Kind.CANCELLATION)
"""What tells people when and where: it carries the calendar file."""
ASKING = (Kind.INVITATION, Kind.UPDATE)
DOCUMENT = (Kind.PACK, Kind.RECORD)
PACK_DOCUMENT = "dossier-copil"
MailState = OutgoingMail.State


# --- Rows ---------------------------------------------------------------------------------------
def sendings(agreement: Agreement) -> QuerySet[Sending]:
    return Sending.objects.filter(agreement=agreement).select_related(
        "agreement__lead_commune",
        "meeting__agreement",
        "meeting__committee",
        "meeting__chair",
        "sent_by",
        "snapshot",
    )


def recipients(agreement: Agreement) -> QuerySet[SendingRecipient]:
    """In the order of the attendance list: by organisation, then by name."""
    return (
        SendingRecipient.objects.filter(agreement=agreement)
        .select_related(
            "agreement",
            "contact",
            "attendance__organisation",
            "link",
            "sending__meeting__committee",
            "sending__agreement__lead_commune",
            "sending__sent_by",
        )
        .order_by(
            *fr_order("attendance__organisation__name"), *fr_order("contact__last_name"), "pk"
        )
    )


def mail_prefix(sending: Sending) -> str:
    return f"sending:{sending.meeting_id}:{sending.pk}:"


def mails_of(meeting: Meeting) -> dict[int, OutgoingMail]:
    """The last message of each recipient, whatever the sending: the second part of the key is the
    sending, the third the recipient."""
    rows: dict[int, OutgoingMail] = {}
    for mail in (
        OutgoingMail.objects.filter(
            realm=meeting.agreement.realm, unique_key__startswith=f"sending:{meeting.pk}:"
        )
        .defer("body")
        .order_by("pk")
    ):
        rows[int(mail.unique_key.split(":")[3])] = mail
    return rows


def roles_of(meeting: Meeting, contact_ids: Iterable[int | None]) -> dict[int, str]:
    """The quality in which each person sits, else their function: what a letter is addressed to."""
    wanted = [pk for pk in contact_ids if pk is not None]
    roles = {
        position.contact_id: position.function
        for position in Position.objects.filter(contact__in=wanted).order_by("-pk")
        if position.is_current(meeting.on)
    }
    seats = CommitteeMember.objects.filter(
        committee=meeting.committee_id, contact__in=wanted
    ).in_mandate(meeting.on)
    roles.update({seat.contact_id: seat.role for seat in seats if seat.role})
    return roles


def coordinator(agreement: Agreement) -> User | None:
    """Who steers the agreement, for « affaire suivie par »."""
    member = (
        Membership.objects.filter(agreement=agreement, role=Role.COORDINATOR, is_active=True)
        .select_related("user")
        .order_by("pk")
        .first()
    )
    return member.user if member is not None else None


# --- The fate of what left ----------------------------------------------------------------------
class Reached(StrEnum):
    YES = "yes"
    WAITING = "waiting"
    PROBLEM = "problem"


@dataclass(frozen=True)
class Fate:
    """What became of one message or one letter. ``mail`` is to be opened where there is one."""

    recipient: SendingRecipient
    mail: OutgoingMail | None

    @property
    def key(self) -> str:
        """A state of the kind « fate » (``core.states``)."""
        if self.recipient.handed_on is not None:
            return "handed"
        if self.recipient.channel == Channel.PAPER:
            return "to_hand"
        return str(self.mail.state) if self.mail is not None else MailState.FAILED.value

    @property
    def on(self) -> date | datetime | None:
        if self.recipient.handed_on is not None:
            return self.recipient.handed_on
        if self.mail is not None and self.mail.state == MailState.SENT:
            return self.mail.sent_at
        return None

    @property
    def reached(self) -> Reached:
        if self.key in ("handed", MailState.SENT):
            return Reached.YES
        if self.key in (MailState.FAILED, MailState.UNKNOWN):
            return Reached.PROBLEM
        return Reached.WAITING

    @property
    def to_do(self) -> str:
        """What a person must do; empty when nothing is asked."""
        return {
            "to_hand": "Remettez le courrier, puis notez-le.",
            MailState.DRAFT.value: "À envoyer depuis votre messagerie, puis à marquer comme envoyé.",
            MailState.UNKNOWN.value: "Demandez à la personne si elle l'a reçu, puis marquez-le envoyé ou renvoyez-le.",
            MailState.FAILED.value: "Corrigez l'adresse puis réécrivez, ou remettez un courrier.",
        }.get(self.key, "")

    @property
    def can_write_again(self) -> bool:
        return self.key == MailState.FAILED and bool(
            self.recipient.contact and self.recipient.contact.email
        )


@dataclass(frozen=True)
class Sent:
    """One sending on the page of the meeting, with its people."""

    sending: Sending
    fates: list[Fate] = field(default_factory=list)

    @property
    def summary(self) -> str:
        """« 9 atteints, 2 à remettre, 1 à décider »."""
        counts = {state: sum(fate.reached == state for fate in self.fates) for state in Reached}
        told = [plural(counts[Reached.YES], "personne atteinte", "personnes atteintes")]
        if counts[Reached.WAITING]:
            told.append(f"{counts[Reached.WAITING]} en attente")
        if counts[Reached.PROBLEM]:
            told.append(f"{counts[Reached.PROBLEM]} à décider")
        return ", ".join(told)

    @property
    def has_problem(self) -> bool:
        return any(fate.reached == Reached.PROBLEM for fate in self.fates)

    @property
    def on_paper(self) -> int:
        return sum(fate.recipient.channel == Channel.PAPER for fate in self.fates)

    @property
    def to_hand(self) -> int:
        return sum(fate.key == "to_hand" for fate in self.fates)

    @property
    def by_own_mail(self) -> int:
        return sum(
            fate.recipient.channel == Channel.OWN_MAIL and fate.reached == Reached.WAITING
            for fate in self.fates
        )


# --- Who was told what --------------------------------------------------------------------------
def told(meeting: Meeting) -> dict[int, SendingRecipient]:
    """For each person, the last sending that told them when and where (or that it is off)."""
    rows = SendingRecipient.objects.filter(
        sending__meeting=meeting,
        sending__state=Sending.State.SENT,
        sending__kind__in=TELLING,
        contact__isnull=False,
    ).select_related("sending")
    return last_told(rows.order_by("sending__sent_at", "pk"))


def last_told(rows: Iterable[SendingRecipient]) -> dict[int, SendingRecipient]:
    """``rows`` in the order in which they left."""
    return {row.contact_id: row for row in rows if row.contact_id is not None}


def was_told(meeting: Meeting) -> bool:
    """Somebody has been invited: from then on, a change must reach them."""
    return Sending.objects.filter(
        meeting=meeting, state=Sending.State.SENT, kind__in=TELLING
    ).exists()


def changed_at(meeting: Meeting) -> datetime | None:
    """When the meeting last moved after its invitation left; None when it never did."""
    if not meeting.calendar_sequence:
        return None
    first = (
        meeting.history.filter(calendar_sequence=meeting.calendar_sequence)
        .order_by("history_date")
        .first()
    )
    return first.history_date if first is not None else None


def is_stale(attendance: Attendance, moved_at: datetime | None) -> bool:
    """The person answered for another date, hour or place."""
    return bool(
        moved_at
        and attendance.answer
        and attendance.answered_at
        and attendance.answered_at < moved_at
    )


def needs(kind: str, meeting: Meeting, last: SendingRecipient | None) -> bool:
    """Whether a person, last told by ``last``, is to receive a sending of this kind."""
    is_off = meeting.state == Meeting.State.CANCELLED
    if kind == Kind.INVITATION:
        return last is None and not is_off
    if kind == Kind.UPDATE:
        return (
            last is not None
            and not is_off
            and last.sending.calendar_sequence < meeting.calendar_sequence
        )
    if kind == Kind.CANCELLATION:
        return (
            last is not None
            and is_off
            and (
                last.sending.kind != Kind.CANCELLATION
                or last.sending.calendar_sequence < meeting.calendar_sequence
            )
        )
    return True


def people_for(
    kind: str, meeting: Meeting, rows: Iterable[Attendance], last: dict[int, SendingRecipient]
) -> list[Attendance]:
    return [
        row
        for row in rows
        if not row.contact.is_archived and needs(kind, meeting, last.get(row.contact_id))
    ]


# --- The documents that leave --------------------------------------------------------------------
def pack_rows() -> QuerySet[Snapshot]:
    """The packs that may leave the house, the last first."""
    return Snapshot.objects.filter(
        kind=PACK_DOCUMENT, audience__in=[Audience.PUBLIC, Audience.COMMITTEE]
    ).order_by("-number")


def packs(meeting: Meeting) -> QuerySet[Snapshot]:
    """Those frozen for this meeting."""
    rows = pack_rows().filter(agreement=meeting.agreement_id, subject_id=meeting.pk)
    return rows.select_related("agreement").defer("content")


def record_snapshot(meeting: Meeting) -> Snapshot | None:
    """The validated record; None while its chair has not validated it."""
    record = MeetingRecord.objects.filter(meeting=meeting).select_related("snapshot").first()
    return record.snapshot if record is not None and record.is_locked else None


def document_problem(snapshot: Snapshot | None, kind: str) -> str:
    """Why this document may not leave; empty when it may."""
    if snapshot is None:
        if kind == Kind.RECORD:
            return "Le relevé de décisions n'est pas encore validé par la présidence."
        return "Aucun dossier de séance n'est figé pour cette réunion : produisez-le d'abord."
    if kind == Kind.PACK and snapshot.state not in (DocumentState.APPROVED, DocumentState.SENT):
        return tied(
            f"Le dossier n°{NBSP}{snapshot.number} est « {snapshot.get_state_display()} » : "
            "la direction doit le valider avant son envoi."
        )
    return ""
