"""Background work that a person can follow: progress, resumption, sweep of what was orphaned.

A room declares its work in ``<app>/jobs.py``::

    @job("documents")
    def build_documents(job: Job) -> str:
        for index, item in enumerate(items[job.resume_from.get("done", 0):]):
            ...
            progress(job, done=index, total=len(items), message=item.name, resume_from={"done": index})
        return url_of_the_result

The work must bear being started again: it reads ``resume_from`` and skips what is done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules
from django_tasks import task

from core.errors import DomainError
from core.models import Job, WorkerBeat

Runner = Callable[[Job], str | None]

MAX_ATTEMPTS = 3
BEAT_SECONDS = 10
SILENCE = timedelta(seconds=60)
"""A worker that has not been heard for this long listens no more."""
ORPHANED_AFTER = timedelta(minutes=5)

_runners: dict[str, Runner] = {}
_current: set[int] = set()


def job(kind: str) -> Callable[[Runner], Runner]:
    """Declare the function that does the work called ``kind``; it returns the result's address."""

    def register(runner: Runner) -> Runner:
        _runners[kind] = runner
        return runner

    return register


def runner_of(kind: str) -> Runner:
    if kind not in _runners:
        autodiscover_modules("jobs")
    return _runners[kind]


@transaction.atomic
def start(
    *,
    realm: str,
    kind: str,
    label: str,
    parameters: dict[str, Any] | None = None,
    owner_label: str = "",
) -> Job:
    """Ask for work, in the transaction of what causes it."""
    work = Job.objects.create(
        realm=realm,
        kind=kind,
        label=label,
        parameters=parameters or {},
        owner_label=owner_label,
        heartbeat_at=timezone.now(),
    )
    run_job.enqueue(work.pk)
    work.refresh_from_db()
    return work


def progress(
    work: Job,
    *,
    done: int,
    total: int,
    message: str = "",
    resume_from: dict[str, Any] | None = None,
) -> None:
    """Say how far the work is; ``resume_from`` is what a second attempt needs to go on from here."""
    work.done, work.total, work.message = done, total, message
    work.heartbeat_at = timezone.now()
    if resume_from is not None:
        work.resume_from = resume_from
    work.save(update_fields=["done", "total", "message", "heartbeat_at", "resume_from"])


def _claim(pk: int) -> Job | None:
    """None when the work is done, or done by another process at this moment."""
    with transaction.atomic():
        work = Job.objects.select_for_update().get(pk=pk)
        if work.state != Job.State.WAITING:
            return None
        work.state, work.heartbeat_at = Job.State.RUNNING, timezone.now()
        work.attempts += 1
        work.save(update_fields=["state", "heartbeat_at", "attempts"])
        return work


def _finish(work: Job, state: Job.State, message: str | None = None) -> None:
    work.state, work.finished_at = state, timezone.now()
    if message is not None:
        work.message = message
    work.save(update_fields=["state", "finished_at", "message", "result_url", "done"])


@contextmanager
def _watched(work: Job) -> Iterator[None]:
    """Whatever happens, the work does not stay « en cours » for ever."""
    settled = False
    _current.add(work.pk)
    try:
        yield
        settled = True
    except DomainError as refusal:
        settled = True
        _finish(work, Job.State.FAILED, refusal.message)
    finally:
        _current.discard(work.pk)
        if not settled:
            _finish(
                work,
                Job.State.FAILED,
                "Une erreur inattendue a arrêté le travail. Elle est notée dans le journal du serveur.",
            )


@task()
def run_job(pk: int) -> None:
    work = _claim(pk)
    if work is None:
        return
    with _watched(work):
        work.result_url = runner_of(work.kind)(work) or ""
        work.done = work.total
        _finish(work, Job.State.DONE)


def beat(worker: str) -> None:
    """Sign of life of a worker, and of the work that it is doing."""
    now = timezone.now()
    WorkerBeat.objects.update_or_create(worker=worker, defaults={"seen_at": now})
    Job.objects.filter(pk__in=list(_current), state=Job.State.RUNNING).update(heartbeat_at=now)


def worker_is_listening() -> bool:
    """Whether somebody will do what is asked (always, when tasks run at once)."""
    if "immediate" in settings.TASKS["default"]["BACKEND"]:
        return True
    return WorkerBeat.objects.filter(seen_at__gt=timezone.now() - SILENCE).exists()


@transaction.atomic
def sweep_orphans(older_than: timedelta = ORPHANED_AFTER) -> int:
    """Queue again the work whose process died, three attempts at most. Returns how many."""
    silent = Job.objects.select_for_update(skip_locked=True).filter(
        state__in=[Job.State.RUNNING, Job.State.WAITING],
        heartbeat_at__lt=timezone.now() - older_than,
    )
    count = 0
    for work in silent:
        if work.attempts >= MAX_ATTEMPTS:
            _finish(work, Job.State.FAILED, "Interrompu trois fois. Relancez, ou signalez-le.")
            continue
        work.state, work.heartbeat_at = Job.State.WAITING, timezone.now()
        work.save(update_fields=["state", "heartbeat_at"])
        run_job.enqueue(work.pk)
        count += 1
    return count
