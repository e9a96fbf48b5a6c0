"""The main pages of every room: queries, and time beside an empty signed-in page."""

from __future__ import annotations

import gc
import time
from dataclasses import dataclass
from statistics import median

from django.db import connection, reset_queries
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from actionplan.models import Action
from agreements.models import Agreement, Snapshot
from committees.models import Meeting
from demo.bench import EMPTY_PAGE
from partners.models import Organisation

ROUNDS = 25
MAX_QUERIES = 15
MAX_GROWTH = 1.2
LIST_OF_AGREEMENTS = "Mes conventions"
"""Shows fifty lines instead of two: its time is told, and not held to the limit."""


@dataclass(frozen=True)
class PageCost:
    """Median seconds of a page, and of the empty page asked in turn with it."""

    path: str
    queries: int
    seconds: float
    empty_seconds: float


def paths_of(agreement: Agreement) -> dict[str, str]:
    """Name of the page → its path."""
    mine = {"agreement": agreement}
    objects = {
        "actionplan:action": Action.objects.filter(**mine, status="in_progress").first(),
        "actionplan:update": Action.objects.filter(**mine, status="in_progress").first(),
        "committees:meeting": Meeting.objects.filter(**mine, state=Meeting.State.HELD).first(),
        "partners:organisation": Organisation.objects.filter(**mine).first(),
        "reports:snapshot": Snapshot.objects.filter(**mine).first(),
    }
    rooms = [
        "desk:week", "territory:home", "territory:compare", "territory:offer", "territory:figures",
        "actionplan:plan", "actionplan:table", "partners:home", "partners:contacts",
        "partners:contracts", "committees:home", "committees:decisions", "participation:home",
        "evaluation:home", "reports:documents", "agreements:identity", "agreements:members",
        "agreements:journal",
    ]  # fmt: skip
    years = {"evaluation:values": 2026, "evaluation:questions": 2026, "evaluation:gaps": 2026}
    return {
        LIST_OF_AGREEMENTS: reverse("agreements_list"),
        "page vide": f"/ctg/{agreement.slug}/{EMPTY_PAGE}/",
        **{name: reverse(name, args=[agreement.slug]) for name in rooms},
        **{name: reverse(name, args=[agreement.slug, obj.pk]) for name, obj in objects.items() if obj},
        **{name: reverse(name, args=[agreement.slug, year]) for name, year in years.items()},
    }  # fmt: skip


def measure(agreement: Agreement, user: User) -> dict[str, PageCost]:
    return measure_paths(agreement, user, paths_of(agreement))


@override_settings(ROOT_URLCONF="demo.bench.urls", ALLOWED_HOSTS=["*"], DEBUG=False)
def measure_paths(agreement: Agreement, user: User, paths: dict[str, str]) -> dict[str, PageCost]:
    """Every page in turn with the empty one, so that both meet the same noise."""
    client = Client()
    client.force_login(user)
    empty = f"/ctg/{agreement.slug}/{EMPTY_PAGE}/"
    return {name: _cost(client, path, empty) for name, path in paths.items()}


def _cost(client: Client, path: str, empty: str) -> PageCost:
    _ask(client, path)  # templates, charts and formats enter the caches
    reset_queries()  # the log holds so many lines, and no more
    with CaptureQueriesContext(connection) as captured:
        _ask(client, path)
    queries = len(captured)  # now: the next request empties the log
    times, floors = [], []
    gc.collect()
    for _ in range(ROUNDS):
        times.append(_timed(client, path))
        floors.append(_timed(client, empty))
    return PageCost(path, queries, median(times), median(floors))


def _timed(client: Client, path: str) -> float:
    start = time.perf_counter()
    _ask(client, path)
    return time.perf_counter() - start


def _ask(client: Client, path: str) -> None:
    response = client.get(path)
    if response.status_code != 200:
        raise RuntimeError(f"{path} answers {response.status_code}: nothing to measure.")
