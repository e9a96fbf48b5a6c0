"""Pages of figures among 20 thousand, then 20 million observations of the rest of France."""

from __future__ import annotations

from django.db import connection, transaction
from django.db.models import Q
from django.urls import NoReverseMatch, reverse

from accounts.models import User
from agreements.models import Agreement, Theme
from demo.bench import clone
from demo.bench.pages import PageCost, measure_paths
from opendata.imports import storage
from opendata.models import Dataset, DatasetVersion, Indicator, Territory

FEW, MANY = 20_000, 20_000_000
VERSIONS = 20
"""National files of about a million figures each, as Filosofi's are."""
MAX_QUERIES = 15
MAX_GROWTH = 1.3
PAGES: list[tuple[str, str]] = [
    ("territory:compare", ""),
    ("territory:indicator", "indicator"),
    ("reports:theme", "theme"),
]
"""Address → what its last argument names. An address that does not exist is passed over."""


def paths_of(agreement: Agreement) -> dict[str, str]:
    shown = Indicator.objects.filter(position=1).first()
    theme = Theme.objects.filter(agreement=agreement).order_by("pk").first()
    arguments: dict[str, list[list[object]]] = {
        "": [[]],
        "indicator": [[shown.key], [shown.pk]] if shown else [],
        "theme": [[theme.pk]] if theme else [],
    }
    found: dict[str, str] = {}
    for name, kind in PAGES:
        for more in arguments[kind]:
            try:
                found[name] = reverse(name, args=[agreement.slug, *more])
            except NoReverseMatch:
                continue
            break
    return found


def measure(agreement: Agreement, user: User) -> tuple[dict[str, PageCost], dict[str, PageCost]]:
    """Each page among few figures, then among many."""
    elsewhere = _elsewhere(agreement)
    paths = paths_of(agreement)
    _fill(elsewhere, FEW, versions=1)
    clone.settle()
    few = measure_paths(agreement, user, paths)
    _fill(elsewhere, MANY - FEW, versions=VERSIONS)
    clone.settle()
    return few, measure_paths(agreement, user, paths)


def _elsewhere(agreement: Agreement) -> list[int]:
    """Communes that the pages of the agreement do not show: their content stays the same."""
    commune = agreement.lead_commune
    shown = Q(pk=commune.pk) | Q(epci_id=commune.epci_id)
    return list(
        Territory.objects.filter(level=Territory.Level.COMMUNE)
        .exclude(shown)
        .order_by("pk")
        .values_list("pk", flat=True)
    )


@transaction.atomic
def _fill(territories: list[int], count: int, *, versions: int) -> None:
    """Versions of about ``count`` figures together, each a partition as an import makes it."""
    dataset, _ = Dataset.objects.get_or_create(
        key="bench", defaults={"title": "Banc d'essai", "producer": "Fil rouge"}
    )
    indicators = list(Indicator.objects.order_by("position", "pk").values_list("pk", flat=True))
    for rank in range(versions):
        version = DatasetVersion.objects.create(
            dataset=dataset, vintage=f"{count}-{rank}", level=Territory.Level.COMMUNE
        )
        share = count // versions
        places = territories[: max(1, min(len(territories), share))]
        wide = indicators[: max(1, share // len(places))]
        storage.fill(version, iter(()))
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {storage.table_of(version)} ({', '.join(storage.COLUMNS)})"
                " SELECT t, i, %s, (t * 7 + i * 13) %% 10000, '', false, false, ''"
                " FROM unnest(%s) AS t, unnest(%s) AS i",
                [2000 + rank, places, wide],
            )
        storage.attach(version)
