"""A message leaves once, and what is not known is said to a person."""

from __future__ import annotations

import smtplib
from datetime import timedelta
from email import message_from_bytes

import pytest
from django.core import mail as django_mail
from django.core.mail import EmailMessage
from django.utils import timezone

from core import mail
from core.errors import DomainError
from core.models import OutgoingMail

pytestmark = pytest.mark.django_db
State = OutgoingMail.State


def queue(**fields: object) -> OutgoingMail:
    values = {
        "realm": "agreement:1",
        "unique_key": "relance:1",
        "recipient": "elu@example.org",
        "recipient_name": "Anne Élue",
        "subject": "Relance",
        "body": "Bonjour,\nil manque un chiffre.",
    }
    return mail.queue(**{**values, **fields})


def test_queued_message_is_sent_once() -> None:
    message = queue()
    again = queue()
    assert again.pk == message.pk
    assert message.state == State.SENT
    assert [sent.subject for sent in django_mail.outbox] == ["Relance"]
    assert django_mail.outbox[0].to == ['"Anne Élue" <elu@example.org>']


def test_message_to_send_oneself_does_not_leave() -> None:
    assert queue(send=False).state == State.DRAFT
    assert django_mail.outbox == []


def test_refused_message_is_failed_with_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: EmailMessage) -> None:
        raise smtplib.SMTPRecipientsRefused({"elu@example.org": (550, b"inconnu")})

    monkeypatch.setattr(EmailMessage, "send", refuse)
    message = queue()
    assert message.state == State.FAILED
    assert "550" in message.error
    assert message.sent_at is None


def test_line_cut_while_handing_over_leaves_the_fate_unknown(monkeypatch) -> None:
    def cut(self: EmailMessage) -> None:
        raise smtplib.SMTPServerDisconnected("coupé")

    monkeypatch.setattr(EmailMessage, "send", cut)
    assert queue().state == State.UNKNOWN


def test_message_of_a_dead_process_is_never_sent_again_alone() -> None:
    message = queue(send=False)
    OutgoingMail.objects.filter(pk=message.pk).update(state=State.SENDING)
    mail.send_one.call(message.pk)
    message.refresh_from_db()
    assert message.state == State.UNKNOWN
    mail.send_one.call(message.pk)
    assert django_mail.outbox == []


def test_sweep_tells_only_old_interrupted_messages() -> None:
    old, young = queue(send=False), queue(unique_key="relance:2", send=False)
    now = timezone.now()
    OutgoingMail.objects.filter(pk=old.pk).update(
        state=State.SENDING, sent_at=now - timedelta(hours=1)
    )
    OutgoingMail.objects.filter(pk=young.pk).update(state=State.SENDING, sent_at=now)
    assert mail.sweep_interrupted() == 1
    old.refresh_from_db()
    assert old.state == State.UNKNOWN


def test_person_may_send_an_unknown_message_again_but_not_a_sent_one() -> None:
    message = queue(send=False)
    assert mail.send_again(message).state == State.SENT
    with pytest.raises(DomainError):
        mail.send_again(message)
    with pytest.raises(DomainError):
        mail.mark_sent(message)


def test_message_marked_as_sent_by_hand() -> None:
    message = mail.mark_sent(queue(send=False))
    assert message.state == State.SENT
    assert django_mail.outbox == []


def test_eml_opens_as_a_draft_with_its_accents() -> None:
    parsed = message_from_bytes(mail.as_eml(queue(send=False, subject="Réunion du 3 décembre")))
    assert parsed["X-Unsent"] == "1"
    assert parsed["From"] is None
    assert "manque un chiffre" in parsed.get_payload(decode=True).decode()


def test_line_break_in_a_subject_is_refused_not_injected() -> None:
    with pytest.raises(ValueError, match="newline"):
        mail.as_eml(queue(send=False, subject="Objet\nBcc: tous@example.org"))


def test_personal_link_stays_in_the_copy_until_the_message_has_left() -> None:
    mail.has_personal_links("/porte/")
    body = "Bonjour,\nhttps://ctg.exemple.fr/porte/jeton-1/\nhttps://ctg.exemple.fr/aide/"
    draft = queue(send=False, body=body)
    assert "jeton-1" in draft.body
    kept = mail.mark_sent(draft).body
    assert "jeton-1" not in kept
    assert "https://ctg.exemple.fr/aide/" in kept
    sent = queue(unique_key="relance:2", body=body)
    assert "jeton-1" not in sent.body
    assert "jeton-1" in django_mail.outbox[0].body


def test_cancelled_message_does_not_leave_and_says_why() -> None:
    waiting, sent = queue(send=False), queue(unique_key="relance:2")
    mail.cancel([waiting.unique_key, sent.unique_key], reason="Plus besoin.")
    waiting.refresh_from_db()
    sent.refresh_from_db()
    assert (waiting.state, waiting.error) == (State.FAILED, "Plus besoin.")
    assert sent.state == State.SENT
