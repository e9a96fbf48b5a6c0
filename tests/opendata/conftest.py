"""A country of three communes, and a way to hand files over to the import."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from opendata.imports.engine import Report, import_file
from opendata.imports.publication import Options
from opendata.models import Indicator, Movement, Observation, Territory
from opendata.services import load_catalogue

Level = Territory.Level
Import = Callable[..., Report]


@pytest.fixture
def country(db: None) -> dict[str, Territory]:
    """Code → territory: Saint-André and Troyes make the EPCI, Bar-sur-Aube the rest of the Aube.

    Isle-Aumont (10173) joined Troyes on 1 January 2020: invented, for the mergers.
    """
    load_catalogue()

    def make(level: str, code: str, name: str, **above: Territory | None) -> Territory:
        return Territory.objects.create(level=level, code=code, name=name, **above)

    france = make(Level.FRANCE, "FR", "France")
    region = make(Level.REGION, "44", "Grand Est")
    aube = make(Level.DEPARTEMENT, "10", "Aube", region=region)
    epci = make(Level.EPCI, "200069250", "Troyes Champagne Métropole")
    above = {"departement": aube, "region": region}
    communes = [
        make(Level.COMMUNE, "10333", "Saint-André-les-Vergers", epci=epci, **above),
        make(Level.COMMUNE, "10387", "Troyes", epci=epci, **above),
        make(Level.COMMUNE, "10033", "Bar-sur-Aube", epci=None, **above),
    ]
    Movement.objects.create(former_code="10173", commune=communes[1], effective_on=date(2020, 1, 1))
    return {row.code: row for row in [france, region, aube, epci, *communes]}


@pytest.fixture
def hand_over(tmp_path: Path, country: dict[str, Territory]) -> Import:
    """``hand_over("name.csv", text)`` imports a file; options as those of the command."""

    def run(name: str, text: str | bytes, *, encoding: str = "utf-8", **keywords: object) -> Report:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        chosen = {
            key: keywords.pop(key)
            for key in ("year", "repair_codes", "match_names")
            if key in keywords
        }
        return import_file(path, options=Options(**chosen), **keywords)  # type: ignore[arg-type]

    return run


@pytest.fixture
def figure(country: dict[str, Territory]) -> Callable[..., Observation | None]:
    """The current observation of an indicator in a territory; None when nothing was loaded."""

    def read(key: str, code: str, year: int) -> Observation | None:
        Indicator.objects.get(key=key)
        return (
            Observation.objects.current()
            .filter(indicator__key=key, territory__code=code, period=year)
            .order_by("-version__dataset__precedence", "-version_id")
            .first()
        )

    return read


def value_of(row: Observation | None) -> Decimal | str | None:
    """The value, else its reason, else None: what a test compares."""
    if row is None:
        return None
    return row.value if row.value is not None else row.reason
