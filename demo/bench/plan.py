"""The views of the plan with 40 and with 400 actions: the same queries, and not ten times the time."""

from __future__ import annotations

from datetime import timedelta
from statistics import median

from django.core.cache import cache
from django.test import Client, override_settings
from django.urls import reverse

from accounts.models import User
from actionplan.models import Action, ActionTheme, Step
from actionplan.services import duplicate_action
from agreements.models import Agreement
from demo.bench import clone
from demo.bench.pages import PageCost, _timed, measure_paths

FEW, MANY = 40, 400
MAX_QUERIES = 15
MAX_RATIO = 3.0
TIMED = ("actionplan:plan", "actionplan:table", "actionplan:timeline")
"""The pages whose time is held to the limit; of the others, the queries."""
COUNTED = (
    "actionplan:attention",
    "actionplan:by_pilot",
    "actionplan:by_theme",
    "actionplan:by_funder",
    "actionplan:arrange",
)
DRAWINGS = 5


def paths_of(agreement: Agreement) -> dict[str, str]:
    return {name: reverse(name, args=[agreement.slug]) for name in (*TIMED, *COUNTED)}


def measure(
    agreement: Agreement, user: User
) -> tuple[dict[str, PageCost], dict[str, PageCost], dict[str, float]]:
    """Each page with few actions, then with many; and the calendar whose drawings are not kept."""
    costs, drawn = [], []
    for count in (FEW, MANY):
        fill(agreement, count)
        clone.settle()
        costs.append(measure_paths(agreement, user, paths_of(agreement)))
        drawn.append(first_drawing(agreement, user))
    return costs[0], costs[1], {"few": drawn[0], "many": drawn[1]}


def fill(agreement: Agreement, count: int) -> None:
    """Complete the plan by copies of its actions, each with the status, the themes and the steps of
    its original."""
    originals = list(
        Action.objects.filter(agreement=agreement).active().prefetch_related("steps").order_by("pk")
    )
    for rank in range(count - len(originals)):
        original = originals[rank % len(originals)]
        copy = duplicate_action(original, actor=None)
        Action.objects.filter(pk=copy.pk).update(
            status=original.status,
            progress=original.progress,
            blocked_cause=original.blocked_cause,
            unblock_condition=original.unblock_condition,
            blocked_review_on=original.blocked_review_on,
            dropped_reason=original.dropped_reason,
            due_on=min(original.due_on + timedelta(rank % 60), agreement.ends_on),
        )
        Step.objects.bulk_create(
            Step(
                agreement=agreement,
                action=copy,
                title=step.title,
                due_on=step.due_on,
                done_on=step.done_on,
                position=step.position,
            )
            for step in original.steps.all()
        )
    assert Action.objects.filter(agreement=agreement).active().count() == count
    assert ActionTheme.objects.filter(agreement=agreement).count() >= count / 2


@override_settings(ROOT_URLCONF="demo.bench.urls", ALLOWED_HOSTS=["*"], DEBUG=False)
def first_drawing(agreement: Agreement, user: User) -> float:
    """Median seconds of the calendar when nothing of it is drawn yet, as once a day."""
    client = Client()
    client.force_login(user)
    path = reverse("actionplan:timeline", args=[agreement.slug])
    _timed(client, path)
    times = []
    for _ in range(DRAWINGS):
        cache.clear()
        times.append(_timed(client, path))
    return median(times)
