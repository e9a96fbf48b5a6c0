"""The personal door by which a chair without an account reads and validates a record. Only its hash
is kept (docs/decisions/campaign-links.md)."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from agreements.models import AccessLink
from agreements.services.links import door_of, make_link, personal_address
from committees import records
from committees.models import MeetingRecord, RecordLink
from committees.services.records import (
    ALREADY,
    close_links,
    mail_prefix,
    only_the_chair,
    tell_link,
    validate_through,
)
from core import mail
from core.errors import DomainError
from core.formats import date_long, datetime_long, tied
from core.models import OutgoingMail
from partners.models import Contact

LINK_DAYS = 30
PATH = "/valider-releve/"


def _new_link(row: MeetingRecord, contact: Contact, actor: User | None) -> str:
    if row.is_locked:
        raise DomainError(ALREADY)
    if contact not in records.chairs_of(row.meeting):
        raise DomainError(only_the_chair(row.meeting))
    if actor is not None and contact.user_id == actor.pk:
        raise DomainError("On ne se remet pas un lien à soi-même : faites signer le relevé.")
    link, token = make_link(
        row.agreement,
        AccessLink.Purpose.VALIDATE_RECORD,
        actor=actor,
        # No name: the person may be erased.
        label=f"Validation du relevé du {date_long(row.meeting.on)}",
        expires_at=timezone.now() + timedelta(days=LINK_DAYS),
    )
    RecordLink.objects.create(agreement=row.agreement, record=row, contact=contact, link=link)
    return personal_address("record_link", token)


@transaction.atomic
def hand_over_link(row: MeetingRecord, *, actor: User | None, contact: Contact) -> str:
    """A new link to give by hand: shown once, never again."""
    address = _new_link(row, contact, actor)
    sentence = f"a créé un lien de validation du relevé pour {contact} : {row.meeting}"
    tell_link(row, actor=actor, sentence=sentence)
    return address


@transaction.atomic
def send_link(row: MeetingRecord, *, actor: User | None, contact: Contact) -> OutgoingMail:
    """The link by e-mail; the copy kept here forgets it once it has left."""
    if not contact.email:
        raise DomainError(f"{contact} n'a pas d'adresse électronique : remettez le lien.")
    address = _new_link(row, contact, actor)
    rank = RecordLink.objects.filter(record=row).count()
    sentence = f"a envoyé à {contact} le lien de validation du relevé : {row.meeting}"
    tell_link(row, actor=actor, sentence=sentence)
    return mail.queue(
        realm=row.agreement.realm,
        unique_key=f"{mail_prefix(row)}{contact.pk}:{rank}",
        recipient=contact.email,
        recipient_name=str(contact),
        subject=f"Relevé de décisions à valider : {row.meeting.committee.name}, "
        f"{date_long(row.meeting.on)}",
        body=_message(row, contact, address, actor),
    )


def _message(row: MeetingRecord, contact: Contact, address: str, actor: User | None) -> str:
    agreement, meeting = row.agreement, row.meeting
    signature = f"{actor}\n" if actor else ""
    return tied(
        f"Bonjour {contact},\n\n"
        f"Le relevé de décisions de la réunion du {date_long(meeting.on)} "
        f"({meeting.committee.name}) est prêt. Vous l'avez présidée : c'est à vous de le valider.\n\n"
        "Pour le lire et le valider, sans compte ni mot de passe :\n"
        f"{address}\n\n"
        f"Ce lien vous est personnel, il vaut {LINK_DAYS} jours : ne le transférez pas. "
        "Une remarque ? Répondez-moi avant de valider : ensuite, le relevé ne change plus.\n\n"
        f"Merci,\n{signature}{agreement.coordinator_title}, CTG de {agreement.name}\n"
    )


@transaction.atomic
def revoke_links(row: MeetingRecord, *, actor: User | None) -> None:
    close_links(row)
    tell_link(row, actor=actor, sentence=f"a retiré les liens de validation : {row.meeting}")


def open_links(row: MeetingRecord) -> int:
    return RecordLink.objects.filter(
        record=row, link__revoked_at=None, link__expires_at__gt=timezone.now()
    ).count()


# --- The door -----------------------------------------------------------------------------------------
def find_door(token: str) -> RecordLink | None:
    doors = RecordLink.objects.select_related(
        "link__created_by",
        "contact",
        "record__agreement__lead_commune",
        "record__meeting__committee",
        "record__meeting__chair",
        "record__meeting__agreement__lead_commune",
    )
    return door_of(doors, token, AccessLink.Purpose.VALIDATE_RECORD)


def door_problem(door: RecordLink) -> str:
    """Why this door opens no more; empty when it does."""
    row, link = door.record, door.link
    if row.is_locked and row.validated_on is not None:
        return f"Ce relevé est validé depuis le {date_long(row.validated_on)} : merci. Le lien est fermé."
    if link.revoked_at is not None:
        return "Ce lien a été retiré. Utilisez le dernier reçu, ou demandez-en un autre."
    if link.expires_at <= timezone.now():
        return f"Ce lien valait jusqu'au {datetime_long(link.expires_at)} : demandez-en un autre."
    if door.contact not in records.chairs_of(row.meeting):
        return "La présidence de cette réunion a changé : ce lien n'ouvre plus rien."
    return ""


@transaction.atomic
def validate_by_link(door: RecordLink, *, seen: str, on: date) -> MeetingRecord:
    """The chair validates what they read, once. Raises ``DomainError`` when the door has closed."""
    link = AccessLink.objects.select_for_update().get(pk=door.link_id)
    fresh = RecordLink.objects.select_related("record__meeting__chair", "contact").get(pk=door.pk)
    fresh.link = link
    problem = door_problem(fresh)
    if problem:
        raise DomainError(problem)
    return validate_through(fresh.record, contact=fresh.contact, seen=seen, on=on)
