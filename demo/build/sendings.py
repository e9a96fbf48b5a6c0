"""The coming COPIL's invitation, sent and answered by some. Nothing of an example leaves by itself."""

from __future__ import annotations

from datetime import datetime, time

from django.utils import timezone

from committees import sendings as reads
from committees import services
from committees.models import Attendance, Meeting, Sending, SendingRecipient
from committees.services import deliveries
from core import mail
from core.models import OutgoingMail
from demo.build.context import Example
from demo.content import sendings as content

Channel = SendingRecipient.Channel


def build_sendings(example: Example) -> None:
    meeting: Meeting = example.extra["coming_copil"]
    sent_at = _at(example, content.SENT)
    sending = services.prepare_sending(
        meeting, Sending.Kind.INVITATION, actor=example.actor, today=sent_at.date()
    )
    keys = {contact.pk: key for key, contact in example.contacts.items()}
    rows = list(meeting.attendances.select_related("contact"))
    services.update_sending(
        sending,
        actor=example.actor,
        channels={
            row: Channel.PAPER if keys[row.contact_id] in content.ON_PAPER else Channel.OWN_MAIL
            for row in rows
        },
        signatory=content.SIGNATORY,
    )
    services.send(sending, actor=example.actor, now=sent_at)
    _leave(example, sending, sent_at)
    _hand_over(example, sending)
    for row in rows:
        if keys[row.contact_id] in content.ANSWERS:
            _answer(example, row, keys[row.contact_id])


def _at(example: Example, days: int) -> datetime:
    """So many days from the reference day, in office hours."""
    return datetime.combine(example.day(days), time(9, 30), timezone.get_current_timezone())


def _leave(example: Example, sending: Sending, sent_at: datetime) -> None:
    """The coordinator says that the messages have left from their own mailbox."""
    written = OutgoingMail.objects.filter(unique_key__startswith=reads.mail_prefix(sending))
    for draft in written:
        mail.mark_sent(draft)
    written.update(sent_at=sent_at, created_at=sent_at)


def _hand_over(example: Example, sending: Sending) -> None:
    for key, day in content.ON_PAPER.items():
        if day is not None:
            person = sending.recipients.get(contact=example.contacts[key])
            deliveries.hand_over(
                person, actor=example.actor, on=min(example.day(day), timezone.localdate())
            )


def _answer(example: Example, attendance: Attendance, key: str) -> None:
    answer, represented_by, note, day, is_typed = content.ANSWERS[key]
    services.answer_invitation(
        attendance, answer=answer, represented_by=represented_by, note=note,
        actor=example.actor if is_typed else None,
    )  # fmt: skip
    Attendance.objects.filter(pk=attendance.pk).update(answered_at=_at(example, day))
