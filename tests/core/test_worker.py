"""The background process, over the real queue in the database."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail as django_mail
from django.core.management import call_command
from django.db import transaction

from core import jobs, mail
from core.models import Job, OutgoingMail, WorkerBeat

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def real_queue(settings: Any) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


def work_until_nothing_is_left() -> None:
    call_command("worker", batch=True, startup_delay=False, interval=0, verbosity=0)


@jobs.job("test-worker")
def seen_by_the_worker(work: Job) -> str:
    beats = list(WorkerBeat.objects.values_list("worker", flat=True))
    return f"/{len(beats)}/"


def test_worker_does_the_work_sends_the_mail_and_leaves_no_beat(real_queue: None) -> None:
    work = jobs.start(realm="agreement:1", kind="test-worker", label="Essai")
    message = mail.queue(
        realm="agreement:1",
        unique_key="x",
        recipient="a@example.org",
        subject="Objet",
        body="Texte",
    )
    assert work.state == Job.State.WAITING
    assert message.state == OutgoingMail.State.QUEUED
    assert not jobs.worker_is_listening()
    work_until_nothing_is_left()
    work.refresh_from_db()
    message.refresh_from_db()
    assert work.state == Job.State.DONE
    assert message.state == OutgoingMail.State.SENT
    assert len(django_mail.outbox) == 1
    assert not WorkerBeat.objects.exists()


def test_worker_takes_up_the_mail_whose_task_was_lost(real_queue: None) -> None:
    OutgoingMail.objects.create(
        realm="agreement:1", unique_key="x", recipient="a@example.org", subject="Objet",
        body="Texte", state=OutgoingMail.State.QUEUED,
    )  # fmt: skip
    work_until_nothing_is_left()
    assert OutgoingMail.objects.get().state == OutgoingMail.State.SENT
    assert len(django_mail.outbox) == 1


def test_what_fails_is_undone_with_what_caused_it(real_queue: None) -> None:
    """The message and its task are written in the transaction of the act: both, or neither."""
    with transaction.atomic():
        mail.queue(
            realm="agreement:1", unique_key="x", recipient="a@example.org", subject="O", body="T"
        )
        transaction.set_rollback(True)
    work_until_nothing_is_left()
    assert django_mail.outbox == []
