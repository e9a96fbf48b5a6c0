"""Work that can be followed, and that survives the death of its process."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from core import jobs
from core.errors import DomainError
from core.models import Job, WorkerBeat

pytestmark = pytest.mark.django_db
State = Job.State


@jobs.job("test-count")
def count(work: Job) -> str:
    start = work.resume_from.get("done", 0)
    for step in range(start + 1, work.parameters["steps"] + 1):
        jobs.progress(work, done=step, total=work.parameters["steps"], resume_from={"done": step})
    return f"/resultat/{start}/"


@jobs.job("test-refused")
def refused(work: Job) -> str:
    raise DomainError("Il manque les montants de 2026.")


@jobs.job("test-broken")
def broken(work: Job) -> str:
    raise RuntimeError("boom")


def start(kind: str, **parameters: object) -> Job:
    return jobs.start(realm="agreement:1", kind=kind, label="Essai", parameters=parameters)


def waiting(kind: str = "test-count", **fields: object) -> Job:
    values = {"realm": "agreement:1", "label": "Essai", "parameters": {"steps": 4}}
    return Job.objects.create(kind=kind, **{**values, **fields})


def test_work_is_done_and_tells_its_result() -> None:
    work = start("test-count", steps=3)
    assert (work.state, work.done, work.total) == (State.DONE, 3, 3)
    assert work.result_url == "/resultat/0/"


def test_refusal_of_the_domain_is_shown_to_the_person() -> None:
    work = start("test-refused")
    assert work.state == State.FAILED
    assert work.message == "Il manque les montants de 2026."


def test_unexpected_error_does_not_leave_the_work_running() -> None:
    work = waiting("test-broken")
    with pytest.raises(RuntimeError):
        jobs.run_job.call(work.pk)
    work.refresh_from_db()
    assert work.state == State.FAILED
    assert "inattendue" in work.message


def test_orphan_is_queued_again_and_resumes_where_it_was() -> None:
    work = waiting(
        state=State.RUNNING,
        attempts=1,
        resume_from={"done": 2},
        heartbeat_at=timezone.now() - timedelta(hours=1),
    )
    assert jobs.sweep_orphans() == 1
    work.refresh_from_db()
    assert work.state == State.DONE
    assert work.result_url == "/resultat/2/"
    assert work.attempts == 2


def test_living_work_is_left_alone() -> None:
    waiting(state=State.RUNNING, heartbeat_at=timezone.now())
    assert jobs.sweep_orphans() == 0


def test_work_interrupted_three_times_is_given_up_in_words() -> None:
    work = waiting(
        state=State.RUNNING, attempts=3, heartbeat_at=timezone.now() - timedelta(hours=1)
    )
    assert jobs.sweep_orphans() == 0
    work.refresh_from_db()
    assert work.state == State.FAILED
    assert "trois fois" in work.message


def test_two_tasks_for_one_work_do_it_once() -> None:
    work = start("test-count", steps=2)
    jobs.run_job.call(work.pk)
    work.refresh_from_db()
    assert work.attempts == 1


def test_nobody_listens_until_a_worker_beats(settings) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    assert not jobs.worker_is_listening()
    jobs.beat("poste-1")
    assert jobs.worker_is_listening()
    WorkerBeat.objects.update(seen_at=timezone.now() - timedelta(minutes=5))
    assert not jobs.worker_is_listening()


def test_health_page_tells_whether_database_and_worker_answer(client) -> None:
    answer = client.get("/sante/")
    assert answer.status_code == 200
    assert answer.json() == {"database": True, "worker": True}
