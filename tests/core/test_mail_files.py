"""Messages that carry files: what leaves, what the copy keeps, and a worker that dies half-way."""

from __future__ import annotations

import smtplib
from email import message_from_bytes, policy
from email.message import EmailMessage as Parsed

import pytest
from django.core import mail as django_mail
from django.core.mail import EmailMultiAlternatives

from core import mail
from core.models import OutgoingMail, OutgoingMailFile

pytestmark = pytest.mark.django_db
State = OutgoingMail.State
ICS = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\n"
    "SUMMARY:Comité de pilotage — été\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
INVITATION = mail.MailFile(
    "invitation.ics", "text/calendar; method=REQUEST; charset=utf-8", ICS.encode()
)
PDF = mail.MailFile("dossier.pdf", "application/pdf", b"%PDF-1.7 " + b"x" * 2000)


def queue(number: int = 1, **fields: object) -> OutgoingMail:
    values = {
        "realm": "agreement:1",
        "unique_key": f"sending:1:{number}",
        "recipient": f"personne{number}@example.org",
        "subject": "Réunion",
        "body": "Bonjour,\nvoici l'invitation.",
        "files": [INVITATION, PDF],
    }
    return mail.queue(**{**values, **fields})


def parts_of(data: bytes) -> dict[str, Parsed]:
    parsed = message_from_bytes(data, policy=policy.default)
    return {part.get_content_type(): part for part in parsed.walk()}


def test_calendar_is_another_form_of_the_text_and_an_attachment() -> None:
    parts = parts_of(mail.as_eml(queue(send=False)))
    calendar = parts["text/calendar"]
    assert calendar.get_param("method") == "REQUEST"
    assert calendar.get_content_charset() == "utf-8"
    assert "été" in calendar.get_content()
    siblings = [p.get_content_type() for p in parts["multipart/alternative"].iter_parts()]
    assert siblings == ["text/plain", "text/calendar"]
    assert parts["application/ics"].get_filename() == "invitation.ics"
    assert parts["application/ics"].get_content() == ICS.encode()
    assert parts["application/pdf"].get_filename() == "dossier.pdf"


def test_message_leaves_with_its_files_once() -> None:
    first, again = queue(), queue()
    assert first.pk == again.pk
    assert OutgoingMailFile.objects.filter(mail=first).count() == 2
    assert len(django_mail.outbox) == 1
    sent = parts_of(django_mail.outbox[0].message().as_bytes())
    assert {"text/calendar", "application/ics", "application/pdf"} <= set(sent)


def test_copy_keeps_the_calendar_and_the_name_of_a_heavy_file() -> None:
    heavy = mail.MailFile("dossier.pdf", "application/pdf", b"x" * (mail.KEPT_BYTES + 1))
    message = queue(files=[INVITATION, heavy])
    kept = {file.name: len(file.data) for file in message.files.all()}
    assert kept == {"invitation.ics": len(ICS.encode()), "dossier.pdf": 0}
    assert "application/pdf" not in parts_of(mail.as_eml(message))
    draft = mail.mark_sent(queue(2, send=False, files=[heavy]))
    assert len(draft.files.get().data) == 0


def test_message_that_waits_keeps_all_its_files() -> None:
    heavy = mail.MailFile("dossier.pdf", "application/pdf", b"x" * (mail.KEPT_BYTES + 1))
    assert "application/pdf" in parts_of(mail.as_eml(queue(send=False, files=[heavy])))


def test_failure_half_way_reaches_each_person_once_or_says_that_nobody_knows(monkeypatch) -> None:
    """Three messages with files: the server takes the first, the line breaks on the second, the
    process dies while handing over the third. What is run again sends nothing twice."""
    messages = [queue(number, send=False) for number in (1, 2, 3)]
    OutgoingMail.objects.update(state=State.QUEUED)
    genuine = EmailMultiAlternatives.send

    def send(self: EmailMultiAlternatives, *args: object, **kwargs: object) -> int:
        if self.to == ["personne2@example.org"]:
            raise smtplib.SMTPServerDisconnected("coupé")
        if self.to == ["personne3@example.org"]:
            raise KeyboardInterrupt  # the process is killed
        return genuine(self, *args, **kwargs)

    monkeypatch.setattr(EmailMultiAlternatives, "send", send)
    for message in messages[:2]:
        mail.send_one.call(message.pk)
    with pytest.raises(KeyboardInterrupt):
        mail.send_one.call(messages[2].pk)
    monkeypatch.setattr(EmailMultiAlternatives, "send", genuine)
    for message in messages:  # the sweep of a dead worker runs its tasks again
        mail.send_one.call(message.pk)
    states = [OutgoingMail.objects.get(pk=message.pk).state for message in messages]
    assert states == [State.SENT, State.UNKNOWN, State.UNKNOWN]
    assert [message.to for message in django_mail.outbox] == [["personne1@example.org"]]
    resent = mail.send_again(messages[2])  # somebody asked the person, who had received nothing
    assert resent.state == State.SENT
    assert "application/pdf" in parts_of(django_mail.outbox[-1].message().as_bytes())
