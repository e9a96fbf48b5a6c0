"""The letter of a sending: one for all, to be signed; and one a person, for those without e-mail."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from accounts.models import User
from agreements.models import Agreement, Signatory
from committees import sending_texts as texts
from committees.models import AgendaItem, Sending, SendingRecipient
from core.documents.content import Block, BulletList, Paragraph
from core.documents.letter import Letter, ReplySlip
from core.formats import date_long

NUMBERED = re.compile(r"^\d+[.)]\s+")
BULLET = re.compile(r"^[-–•]\s+")
CHOICES = (
    "sera présent(e)",
    "ne pourra pas être présent(e) et vous prie de l'excuser",
    "sera représenté(e) par …",
)
WITH_SLIP = (Sending.Kind.INVITATION, Sending.Kind.UPDATE)


def blocks_of(text: str) -> tuple[Block, ...]:
    """Paragraphs between blank lines; lines that begin with a number or a dash are a list."""
    blocks: list[Block] = []
    for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip()):
        lines = [line.strip() for line in part.splitlines() if line.strip()]
        if not lines:
            continue
        for mark, ordered in ((NUMBERED, True), (BULLET, False)):
            if all(mark.match(line) for line in lines):
                items = tuple(mark.sub("", line) for line in lines)
                blocks.append(BulletList(items, ordered=ordered))
                break
        else:
            blocks.append(Paragraph("\n".join(lines)))
    return tuple(blocks)


def signature_of(signatory: str) -> tuple[str, str]:
    """(quality, name) of « Hélène Vauthier, maire »: the quality stands above the signature."""
    name, _, quality = (part.strip() for part in signatory.partition(","))
    return (quality[:1].upper() + quality[1:], name)


def sender_of(agreement: Agreement) -> str:
    """The commune that signs; its own name when no signatory is entered yet."""
    known = Signatory.objects.filter(agreement=agreement, kind=Signatory.Kind.MUNICIPALITY).first()
    return known.name if known else f"Ville de {agreement.lead_commune.name}"


def letter_of(
    sending: Sending,
    items: list[AgendaItem],
    *,
    sender: str,
    follower: User | None,
    today: date,
    addressee: tuple[str, ...] = (),
    slip: ReplySlip | None = None,
) -> Letter:
    """A draft is drawn with the meeting as it stands; what was sent, with the words that left.

    ``follower``: who answers the questions (« affaire suivie par »).
    """
    agreement, meeting = sending.agreement, sending.meeting
    references = []
    if sending.reference:
        references.append(("Nos références", sending.reference))
    if follower is not None:
        who = (
            f"{follower}, {agreement.coordinator_title[0].lower()}{agreement.coordinator_title[1:]}"
        )
        references.append(("Affaire suivie par", f"{who}, {follower.email}"))
    return Letter(
        sender=sender,
        place_and_date=f"{agreement.lead_commune.name}, le {date_long(sending.dated_on or today)}",
        subject=texts.filled(sending.subject, meeting, items),
        body=blocks_of(texts.filled(sending.letter, meeting, items)),
        signatory=signature_of(sending.signatory),
        addressee=addressee,
        references=tuple(references),
        logo=agreement.logo.name or "",
        foot=f"Convention territoriale globale de {agreement.name}, {agreement.period_label}",
        slip=slip,
    )


def addressee_of(recipient: SendingRecipient, roles: dict[int, str]) -> tuple[str, ...]:
    """Name, quality and organisation. No postal address is kept of anybody."""
    if recipient.contact is None:
        return ("Personne effacée",)
    lines = [str(recipient.contact), roles.get(recipient.contact.pk, "")]
    if recipient.attendance is not None:
        lines.append(recipient.attendance.organisation.name)
    return tuple(f"{line[:1].upper()}{line[1:]}" for line in lines if line)


def slip_of(sending: Sending, sender: str, name: str, by: date) -> ReplySlip | None:
    """None where no answer is awaited: the meeting may have moved since the letter left."""
    meeting = sending.meeting
    is_past = sending.state == Sending.State.SENT and (
        sending.calendar_sequence != meeting.calendar_sequence
    )
    if sending.kind not in WITH_SLIP or is_past:
        return None
    return ReplySlip(
        title="Coupon-réponse à découper",
        sentence=f"Réunion {texts.of_committee(meeting)} du {texts.day_words(meeting.on)} : {name}",
        choices=CHOICES,
        return_to=f"À retourner avant le {date_long(by)} à : {sender}, coordination de la CTG.",
    )


def personal_letters(
    sending: Sending,
    recipients: Iterable[SendingRecipient],
    items: list[AgendaItem],
    *,
    roles: dict[int, str],
    follower: User | None,
    today: date,
) -> list[Letter]:
    """One a person, with their address and, where an answer is awaited, a slip to return."""
    sender = sender_of(sending.agreement)
    by = texts.answer_by(sending.meeting, sending.dated_on or today)
    return [
        letter_of(
            sending, items, sender=sender, follower=follower, today=today,
            addressee=addressee_of(recipient, roles),
            slip=slip_of(sending, sender, str(recipient), by),
        )
        for recipient in recipients
    ]  # fmt: skip
