"""Background work of the room: check a file, load a file."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection
from django.urls import reverse

from core.jobs import job
from core.models import Job
from opendata.imports import inbox
from opendata.models import ImportFile

EVERY = 0.5
"""Seconds between two words on progress."""


@job(inbox.CHECK)
def check(work: Job) -> str:
    row = ImportFile.objects.get(pk=work.parameters["file"])
    with told_aside(work, total=0) as progress:
        inbox.check(row, progress)
    return reverse("opendata:file", args=[row.pk])


@job(inbox.APPLY)
def load(work: Job) -> str:
    row = ImportFile.objects.get(pk=work.parameters["file"])
    with told_aside(work, total=row.report.get("rows", 0)) as progress:
        inbox.load(row, progress, actor=work.parameters["actor"])
    return reverse("opendata:file", args=[row.pk])


@contextmanager
def told_aside(work: Job, *, total: int) -> Iterator[Callable[[int], None]]:
    """Progress told through a connection of its own.

    An import is one transaction: what it wrote of its progress would be seen only at the end, and
    would hold the row that the worker's heart beats on.
    """
    aside = connection.copy()
    last = time.monotonic()

    def tell(rows: int) -> None:
        nonlocal last
        if time.monotonic() - last < EVERY:
            return
        last = time.monotonic()
        with aside.cursor() as cursor:
            cursor.execute(
                "UPDATE core_job SET done = %s, total = %s, heartbeat_at = now() WHERE id = %s",
                [min(rows, total) if total else rows, total, work.pk],
            )

    try:
        yield tell
    finally:
        aside.close()
        work.refresh_from_db(fields=["done", "total"])
