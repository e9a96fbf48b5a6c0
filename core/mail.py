"""Outgoing mail: a row written with what causes it, sent by the worker one at a time.

A message whose fate is unknown (the process died, or the line broke while it was being handed
over) is shown to a person and never sent again by itself: nobody receives a reminder twice.
"""

from __future__ import annotations

import re
import smtplib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models.functions import Length
from django.utils import timezone
from django_tasks import task

from core.errors import DomainError
from core.models import OutgoingMail, OutgoingMailFile

State = OutgoingMail.State
HANDOVER_LIMIT = timedelta(minutes=10)
"""Longer than any SMTP exchange: a message still « sending » after it was interrupted."""
REMOVED = "(lien personnel, retiré de cette copie)"
KEPT_BYTES = 64 * 1024
"""A file larger than this leaves the copy once the message has gone: twelve copies of one pack
would fill the base, and what was sent is kept once, with its document."""
CALENDAR = "text/calendar"
_personal_paths: set[str] = set()


@dataclass(frozen=True)
class MailFile:
    """What travels with a message. ``mime`` is the whole content type (``OutgoingMailFile``)."""

    name: str
    mime: str
    data: bytes


def has_personal_links(path: str) -> None:
    """Declare that addresses under ``path`` open a door: once a message has left, the copy kept
    here does not hold them any more (docs/decisions/campaign-links.md)."""
    _personal_paths.add(path)


def without_links(body: str) -> str:
    """The text of a message, its personal links removed."""
    for path in _personal_paths:
        body = re.sub(rf"https?://\S*{re.escape(path)}\S+", REMOVED, body)
    return body


@transaction.atomic
def queue(
    *,
    realm: str,
    unique_key: str,
    recipient: str,
    subject: str,
    body: str,
    recipient_name: str = "",
    send: bool = True,
    files: Sequence[MailFile] = (),
) -> OutgoingMail:
    """Write a message, in the transaction of what causes it; the same ``unique_key`` never
    makes two. ``send`` False leaves it to be copied or downloaded by whoever prefers to send it
    from their own mailbox. ``files`` travel with it.
    """
    mail, created = OutgoingMail.objects.get_or_create(
        unique_key=unique_key,
        defaults={
            "realm": realm,
            "recipient": recipient,
            "recipient_name": recipient_name,
            "subject": subject,
            "body": body,
            "state": State.QUEUED if send else State.DRAFT,
        },
    )
    if created:
        OutgoingMailFile.objects.bulk_create(
            OutgoingMailFile(mail=mail, name=file.name, mime=file.mime, data=file.data)
            for file in files
        )
    if created and send:
        send_one.enqueue(mail.pk)
        mail.refresh_from_db(fields=["state", "sent_at", "error", "body"])
    return mail


def message_of(mail: OutgoingMail) -> EmailMultiAlternatives:
    """A calendar file goes twice: as another form of the text, which is what makes a mail program
    offer to note the meeting (RFC 6047, 2.4), and as an attachment, for those that do not."""
    name = mail.recipient_name.replace('"', "")
    message = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.body,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[f'"{name}" <{mail.recipient}>' if name else mail.recipient],
    )
    for file in mail.files.all():
        data = bytes(file.data)
        if not data:  # it left the copy once the message had gone
            continue
        mime = file.mime.partition(";")[0]
        if mime == CALENDAR:
            # Django adds the charset; what remains is « text/calendar; method=REQUEST ».
            form = "; ".join(
                part.strip() for part in file.mime.split(";") if "charset" not in part.lower()
            )
            message.attach_alternative(data.decode(), form)
            mime = "application/ics"
        message.attach(file.name, data, mime)
    return message


def as_eml(mail: OutgoingMail) -> bytes:
    """The message as a file that any mail program opens as a draft (``X-Unsent``)."""
    message = message_of(mail).message()
    del message["From"]  # the person's own program fills it
    message["X-Unsent"] = "1"
    return message.as_bytes(linesep="\r\n")  # type: ignore[call-arg]


def _claim(pk: int) -> OutgoingMail | None:
    """Take the message for this attempt, committed before anything leaves.

    A message found « sending » belongs to an attempt that died: its fate is unknown.
    """
    with transaction.atomic():
        mail = OutgoingMail.objects.select_for_update().get(pk=pk)
        if mail.state == State.SENDING:
            mail.state = State.UNKNOWN
            mail.error = "L'envoi a été interrompu : le message est peut-être parti."
            mail.save(update_fields=["state", "error"])
            return None
        if mail.state != State.QUEUED:
            return None
        mail.state, mail.sent_at, mail.error = State.SENDING, timezone.now(), ""
        mail.save(update_fields=["state", "sent_at", "error"])
        return mail


def _settle(mail: OutgoingMail, state: OutgoingMail.State, error: str = "") -> None:
    mail.state, mail.error = state, error
    if state == State.FAILED:
        mail.sent_at = None
    fields = ["state", "error", "sent_at"]
    if state == State.SENT:
        mail.refresh_from_db(fields=["body"])  # it may have been rewritten while it was leaving
        mail.body = without_links(mail.body)
        fields.append("body")
    mail.save(update_fields=fields)
    if state == State.SENT:
        _lighten(mail)


def _lighten(mail: OutgoingMail) -> None:
    """The name of a heavy file stays in the copy; its content does not."""
    heavy = mail.files.annotate(size=Length("data")).filter(size__gt=KEPT_BYTES)
    mail.files.filter(pk__in=list(heavy.values_list("pk", flat=True))).update(data=b"")


@task()
def send_one(pk: int) -> None:
    """Send one message. Refused by the server, or the server out of reach: « failed », it has not
    left. The line cut in between: « unknown »."""
    mail = _claim(pk)
    if mail is None:
        return
    try:
        message_of(mail).send()
    except (smtplib.SMTPServerDisconnected, TimeoutError) as error:
        _settle(mail, State.UNKNOWN, f"La liaison avec le serveur s'est coupée ({error}).")
    except (smtplib.SMTPException, OSError) as error:
        _settle(mail, State.FAILED, f"Le serveur de messagerie a refusé l'envoi ({error}).")
    else:
        _settle(mail, State.SENT)


@transaction.atomic
def mark_sent(mail: OutgoingMail) -> OutgoingMail:
    """A person says that the message has left (from their own mailbox, or after checking)."""
    mail = OutgoingMail.objects.select_for_update().get(pk=mail.pk)
    if mail.state == State.SENT:
        raise DomainError("Ce message est déjà marqué comme envoyé.")
    mail.state, mail.sent_at, mail.error = State.SENT, timezone.now(), ""
    mail.body = without_links(mail.body)
    mail.save(update_fields=["state", "sent_at", "error", "body"])
    _lighten(mail)
    return mail


@transaction.atomic
def send_again(mail: OutgoingMail) -> OutgoingMail:
    """A person decides that the message goes (again); never done by the application alone."""
    mail = OutgoingMail.objects.select_for_update().get(pk=mail.pk)
    if mail.state not in (State.FAILED, State.UNKNOWN, State.DRAFT):
        raise DomainError("Ce message est déjà envoyé ou en cours d'envoi.")
    mail.state, mail.error = State.QUEUED, ""
    mail.save(update_fields=["state", "error"])
    send_one.enqueue(mail.pk)
    mail.refresh_from_db()
    return mail


@transaction.atomic
def cancel(keys: Iterable[str], *, reason: str) -> None:
    """The messages of these keys serve no more: those still waiting do not leave (« failed »,
    with the reason), and no copy keeps its personal links."""
    for mail in OutgoingMail.objects.select_for_update().filter(unique_key__in=list(keys)):
        if mail.state in (State.QUEUED, State.DRAFT):
            mail.state, mail.error = State.FAILED, reason
        mail.body = without_links(mail.body)
        mail.save(update_fields=["state", "error", "body"])


def sweep_interrupted() -> int:
    """Messages left « sending » by a dead process become « unknown ». Returns how many."""
    return OutgoingMail.objects.filter(
        state=State.SENDING, sent_at__lt=timezone.now() - HANDOVER_LIMIT
    ).update(
        state=State.UNKNOWN, error="L'envoi a été interrompu : le message est peut-être parti."
    )
