"""One person's part of a sending: their message, their letter, their door (docs/decisions/invitations.md)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from agreements.models import AccessLink, Snapshot, SnapshotFile
from agreements.services import record
from agreements.services.links import (
    MAX_LINK_DAYS,
    create_link,
    link_address,
    make_link,
    personal_address,
)
from committees import sending_texts as texts
from committees import sendings as reads
from committees.invitations import invitation_file, organizer_of
from committees.models import AgendaItem, Meeting, Sending, SendingRecipient
from core import mail
from core.dates import end_of_day
from core.documents.ics import Attendee
from core.errors import DomainError
from core.formats import date_long, plural
from core.mail import MailFile
from core.models import OutgoingMail

Kind, Channel, State = Sending.Kind, SendingRecipient.Channel, Sending.State
SUPERSEDED = "Ce message ne sert plus : un autre envoi le remplace."
MERGED = "Remplacé par un publipostage : son lien a été renouvelé."
READING_DAYS = 30


FileOf = Callable[[Snapshot, str], SnapshotFile]
_file_of: list[FileOf] = []


def draw_documents_with(file_of: FileOf) -> None:
    """The room of documents, above this one, says how a frozen document becomes the file that was
    sent (``reports.apps``)."""
    _file_of[:] = [file_of]


def attached_file(sending: Sending) -> SnapshotFile | None:
    """The PDF, when it is light enough for any mailbox; the reading link serves it anyway."""
    if sending.snapshot is None or not _file_of:
        return None
    file = _file_of[0](sending.snapshot, "pdf")
    return file if len(file.data) <= settings.MAIL_ATTACHMENT_BYTES else None


@dataclass(frozen=True)
class Delivery:
    """What one act of sending shares between its people."""

    sending: Sending
    actor: User | None
    items: list[AgendaItem]
    now: datetime
    file: SnapshotFile | None = None

    @cached_property
    def organizer(self) -> Attendee:
        return organizer_of(first_sender(self.sending.meeting), self.actor)

    def deliver(self, person: SendingRecipient, what: str = "ask") -> OutgoingMail | None:
        """Write to one person; None for a letter. ``what`` makes the key of the message unique."""
        if person.channel == Channel.PAPER or person.contact is None:
            return None
        name = " ".join(str(person.contact).split())
        address = open_door(person, actor=self.actor) if _has_door(self.sending) else ""
        return mail.queue(
            realm=self.sending.agreement.realm,
            unique_key=f"{reads.mail_prefix(self.sending)}{person.pk}:{what}",
            recipient=person.contact.email,
            recipient_name=name,
            subject=self.sending.subject,
            body=texts.body_for(
                self.sending, name, address=address, actor=self.actor, has_file=bool(self.file)
            ),
            send=person.channel == Channel.MAIL,
            files=self._files(name, person.contact.email),
        )

    def _files(self, name: str, email: str) -> list[MailFile]:
        if self.sending.kind in reads.TELLING:
            return [
                invitation_file(
                    self.sending, name=name, email=email, organizer=self.organizer,
                    items=self.items, stamp=self.now,
                )
            ]  # fmt: skip
        if self.file is not None:
            return [MailFile(self.file.name, self.file.mime, bytes(self.file.data))]
        return []


def _has_door(sending: Sending) -> bool:
    return sending.kind != Kind.CANCELLATION


def first_sender(meeting: Meeting) -> User | None:
    """Who sent the first invitation: the organiser, for calendars."""
    first = (
        Sending.objects.filter(meeting=meeting, state=State.SENT, kind__in=reads.TELLING)
        .select_related("sent_by")
        .order_by("sent_at", "pk")
        .first()
    )
    return first.sent_by if first is not None else None


def open_door(person: SendingRecipient, *, actor: User | None) -> str:
    """The address of a new personal link, which replaces the one this sending had given: only its
    hash is kept. To answer, it lives until the end of the meeting's day; to read, a month more."""
    sending = person.sending
    revoke(person)
    if sending.kind in reads.ASKING:
        link, token = make_link(
            person.agreement,
            AccessLink.Purpose.ANSWER_INVITATION,
            actor=actor,
            label=f"Invitation : {sending.meeting}"[:200],
            expires_at=end_of_day(sending.meeting.on),
        )
        address = personal_address("answer_invitation", token)
    else:
        assert sending.snapshot is not None
        last = max(sending.meeting.on, timezone.localdate()) + timedelta(days=READING_DAYS)
        days = min((last - timezone.localdate()).days, MAX_LINK_DAYS)
        link, token = create_link(
            sending.snapshot, actor=actor, label=str(person), days=days, is_told=False
        )
        address = link_address(token)
    person.link = link
    person.save(update_fields=["link"])
    return address


def revoke(person: SendingRecipient) -> None:
    if person.link_id is not None:
        found = AccessLink.objects.filter(pk=person.link_id, revoked_at=None)
        found.update(revoked_at=timezone.now())


def withdraw_waiting(meeting: Meeting, contact_ids: Iterable[int | None]) -> None:
    """An earlier message of theirs that still waits tells a day that is no more: it does not
    leave. What has left has left."""
    people = SendingRecipient.objects.filter(
        sending__meeting=meeting,
        sending__state=State.SENT,
        sending__kind__in=reads.TELLING,
        contact_id__in=[pk for pk in contact_ids if pk is not None],
    ).select_related("sending")
    mail.cancel(_waiting_keys(people), reason=SUPERSEDED)


def _waiting_keys(people: Iterable[SendingRecipient]) -> list[str]:
    keys: list[str] = []
    for person in people:
        found = OutgoingMail.objects.filter(
            unique_key__startswith=f"{reads.mail_prefix(person.sending)}{person.pk}:",
            state__in=[OutgoingMail.State.QUEUED, OutgoingMail.State.DRAFT],
        )
        keys += found.values_list("unique_key", flat=True)
    return keys


# --- Following one person -----------------------------------------------------------------------
def _locked(person: SendingRecipient) -> SendingRecipient:
    row = (
        SendingRecipient.objects.select_for_update(of=("self",))
        .select_related(
            "agreement",
            "contact",
            "attendance",
            "sending__agreement",
            "sending__meeting__agreement",
            "sending__meeting__committee",
            "sending__snapshot",
        )
        .get(pk=person.pk)
    )
    if row.sending.state != State.SENT:
        raise DomainError("Cet envoi n'est pas encore parti.")
    return row


@transaction.atomic
def hand_over(person: SendingRecipient, *, actor: User | None, on: date) -> SendingRecipient:
    """A letter was posted or given by hand; a message left from somebody's own mailbox."""
    row = _locked(person)
    if on > timezone.localdate():
        raise DomainError("Ce jour n'est pas encore venu.", field="on")
    row.handed_on = on
    row.save(update_fields=["handed_on"])
    record(
        row.agreement, actor=actor, verb="send", target=row.sending.meeting,
        sentence=f"a noté la remise du courrier de {row}, le {date_long(on)} ({row.sending})",
    )  # fmt: skip
    return row


@transaction.atomic
def take_back(person: SendingRecipient, *, actor: User | None) -> SendingRecipient:
    """It was noted by mistake."""
    row = _locked(person)
    row.handed_on = None
    row.save(update_fields=["handed_on"])
    record(
        row.agreement, actor=actor, verb="send", target=row.sending.meeting,
        sentence=f"a retiré la remise du courrier de {row} ({row.sending})",
    )  # fmt: skip
    return row


def check_can_reach(row: SendingRecipient) -> None:
    """Raises ``DomainError``: why no link may be given any more."""
    meeting = row.sending.meeting
    if row.contact is None:
        raise DomainError("Cette personne a été effacée : son lien n'ouvrirait rien.")
    if row.sending.kind == Kind.CANCELLATION:
        raise DomainError("Une annulation n'attend pas de réponse.")
    if row.sending.kind in reads.ASKING:
        if meeting.state != Meeting.State.PLANNED or end_of_day(meeting.on) <= timezone.now():
            raise DomainError("On ne répond plus à cette invitation.")
        if row.attendance is None:
            raise DomainError("Cette personne n'est plus sur la liste de présence.")


@transaction.atomic
def new_link(person: SendingRecipient, *, actor: User | None) -> str:
    """A new link to give by another way, shown once; the former one of this sending dies."""
    row = _locked(person)
    check_can_reach(row)
    address = open_door(row, actor=actor)
    record(
        row.agreement, actor=actor, verb="link", target=row.sending.meeting,
        sentence=f"a créé un lien pour {row} ({row.sending})",
    )  # fmt: skip
    return address


@transaction.atomic
def revoke_link(person: SendingRecipient, *, actor: User | None) -> None:
    """Close a person's page at once (a message sent to the wrong address)."""
    row = _locked(person)
    revoke(row)
    keys = OutgoingMail.objects.filter(
        unique_key__startswith=f"{reads.mail_prefix(row.sending)}{row.pk}:"
    )
    mail.cancel(keys.values_list("unique_key", flat=True), reason="Le lien a été retiré.")
    record(
        row.agreement, actor=actor, verb="revoke", target=row.sending.meeting,
        sentence=f"a retiré le lien de {row} ({row.sending})",
    )  # fmt: skip


@transaction.atomic
def write_again(person: SendingRecipient, *, actor: User | None) -> OutgoingMail | None:
    """The message was refused: write to the present address, with a new link. It leaves by the
    same way as the first."""
    row = _locked(person)
    key = f"{reads.mail_prefix(row.sending)}{row.pk}:"
    written = list(OutgoingMail.objects.filter(unique_key__startswith=key).order_by("-pk"))
    if not written or written[0].state != OutgoingMail.State.FAILED:
        raise DomainError("Le dernier message n'a pas été refusé.")
    if row.contact is None or not row.contact.email:
        raise DomainError(
            "Il manque une adresse électronique : ajoutez-la à la fiche de la personne."
        )
    if row.sending.kind != Kind.CANCELLATION:
        check_can_reach(row)
    if row.sending.kind in reads.TELLING and (
        row.sending.calendar_sequence != row.sending.meeting.calendar_sequence
    ):
        raise DomainError("La réunion a changé depuis : préparez l'annonce du changement.")
    items = texts.confirmed(row.sending.meeting)
    file = attached_file(row.sending)
    delivery = Delivery(row.sending, actor, items, timezone.now(), file)
    record(
        row.agreement, actor=actor, verb="send", target=row.sending.meeting,
        sentence=f"a réécrit à {row} ({row.sending})",
    )  # fmt: skip
    return delivery.deliver(row, f"again-{len(written)}")


@transaction.atomic
def merge_rows(sending: Sending, *, actor: User | None) -> list[tuple[str, str, str]]:
    """(name, e-mail, new link) of those to whom one writes oneself and who have received nothing
    yet. They are noted as reached today; the messages prepared one by one serve no more."""
    rows = []
    for person in sending.recipients.filter(
        channel=Channel.OWN_MAIL, handed_on=None, contact__isnull=False
    ):
        row = _locked(person)
        key = f"{reads.mail_prefix(row.sending)}{row.pk}:"
        waiting = OutgoingMail.objects.filter(
            unique_key__startswith=key, state=OutgoingMail.State.DRAFT
        )
        if not waiting.exists() or row.contact is None:
            continue
        if row.sending.kind != Kind.CANCELLATION:
            check_can_reach(row)
        mail.cancel(list(waiting.values_list("unique_key", flat=True)), reason=MERGED)
        address = open_door(row, actor=actor) if _has_door(row.sending) else ""
        row.handed_on = timezone.localdate()
        row.save(update_fields=["handed_on"])
        rows.append((str(row.contact), row.contact.email, address))
    if not rows:
        raise DomainError("Personne ne reste à joindre depuis votre messagerie.")
    record(
        sending.agreement, actor=actor, verb="link", target=sending.meeting,
        sentence=f"a créé {plural(len(rows), 'lien')} pour un publipostage ({sending})",
    )  # fmt: skip
    return rows
