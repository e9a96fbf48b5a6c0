"""The background process: does the work, sends the mail, and shows that it is alive."""

from __future__ import annotations

import logging
import os
import socket
import threading
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.db import close_old_connections, connection
from django.db.utils import DatabaseError
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Command as DatabaseWorker

from core import jobs, mail
from core.models import OutgoingMail, WorkerBeat

logger = logging.getLogger(__name__)
SWEEP_EVERY = 6  # beats: once a minute


class Heart(threading.Thread):
    """Beats beside the work, so that a long piece of work is not taken for a dead one."""

    def __init__(self, worker: str) -> None:
        super().__init__(daemon=True, name="heart")
        self.worker = worker
        self.stopped = threading.Event()

    def run(self) -> None:
        count = 0
        while not self.stopped.is_set():
            try:
                close_old_connections()
                jobs.beat(self.worker)
                if count % SWEEP_EVERY == 0:
                    jobs.sweep_orphans()
                    mail.sweep_interrupted()
            except DatabaseError:
                logger.exception("Pas de signe de vie : la base ne répond pas.")
            count += 1
            self.stopped.wait(jobs.BEAT_SECONDS)
        connection.close()


def resume_mail() -> None:
    """Messages queued whose task was lost with a dead worker; a second task does no harm."""
    for pk in OutgoingMail.objects.filter(state=OutgoingMail.State.QUEUED).values_list(
        "pk", flat=True
    ):
        mail.send_one.enqueue(pk)


class Command(DatabaseWorker):
    help = "Exécute les travaux de fond : documents, imports, messages."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(reload=False)

    def handle(self, **options: Any) -> None:  # type: ignore[override]
        worker = f"{socket.gethostname()}-{os.getpid()}"
        WorkerBeat.objects.filter(seen_at__lt=timezone.now() - timedelta(days=1)).delete()
        resume_mail()
        heart = Heart(worker)
        heart.start()
        try:
            super().handle(**options)
        finally:
            heart.stopped.set()
            heart.join(timeout=5)
            WorkerBeat.objects.filter(worker=worker).delete()
