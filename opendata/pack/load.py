"""Load a pack: whole or not at all, and nothing the second time.

What the instance has of its own stays: its catalogue, its rates, its more recent versions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

import psycopg2
from django.db import DataError, IntegrityError, models, transaction

from core.errors import DomainError
from opendata.imports import storage
from opendata.models import (
    ColumnMapping,
    Contour,
    Dataset,
    DatasetVersion,
    Domain,
    FundingRate,
    Indicator,
    Movement,
    Territory,
)
from opendata.pack.archive import ALTERED, Reader, reading
from opendata.pack.build import DISTRICTS, FACTS

Progress = Callable[[int], None]
Level = Territory.Level
BATCH = 500
WRONG_DATA = (psycopg2.DataError, psycopg2.IntegrityError)
"""What COPY raises, which Django does not translate."""


@dataclass
class Loaded:
    """Rows added, by kind. ``kept``: versions that the instance has more recent."""

    versions: int = 0
    figures: int = 0
    already: int = 0
    unchanged: int = 0
    kept: int = 0
    indicators: int = 0
    districts: int = 0
    datasets: int = 0
    mappings: int = 0
    movements: int = 0
    contours: int = 0
    rates: int = 0

    @property
    def is_nothing(self) -> bool:
        added = (
            self.versions, self.indicators, self.districts, self.datasets, self.mappings,
            self.movements, self.contours, self.rates,
        )  # fmt: skip
        return not any(added)

    def as_json(self) -> dict[str, int]:
        return asdict(self)


def load(
    path: Path, *, actor: str = "", expected: str = "", progress: Progress = lambda figures: None
) -> Loaded:
    """Raises ``DomainError`` for a pack that is damaged, altered, of a newer format, or that speaks
    of territories that the instance does not know; nothing is written then."""
    with reading(path, expected=expected) as pack:
        try:
            with transaction.atomic():
                storage.wait_for_turn()
                return _Loader(pack, actor, progress).run()
        except (*WRONG_DATA, DataError, IntegrityError) as error:
            raise DomainError(ALTERED) from error


class _Nothing(Exception):
    """Leaves the savepoint of a version that brings no change."""


class _Loader:
    def __init__(self, pack: Reader, actor: str, progress: Progress) -> None:
        self.pack, self.actor, self.progress = pack, actor, progress
        self.loaded = Loaded()

    def run(self) -> Loaded:
        self.add_indicators()
        self.add_districts()
        self.add_datasets()
        self.add_mappings()
        self.add_movements()
        self.add_contours()
        self.add_rates()
        self.territories, self.unknown = self.territory_numbers()
        self.indicators = self.indicator_numbers()
        self.datasets = {row.key: row for row in Dataset.objects.all()}
        for row in self.pack.rows("versions.jsonl"):
            self.add_version(row)
        return self.loaded

    # What figures rest on -----------------------------------------------------------------
    def add_indicators(self) -> None:
        """Those that dictionaries and descriptions brought; the catalogue's own stay as they are."""
        domains = dict(Domain.objects.values_list("key", "pk"))
        known = set(Indicator.objects.values_list("key", flat=True))
        new = []
        for row in self.pack.rows("indicators.jsonl"):
            domain = row.pop("domain")
            row.pop("pk")
            if row["key"] not in known:
                new.append(Indicator(domain_id=domains.get(domain), **row))
        self.loaded.indicators = self.create(Indicator, new)

    def add_districts(self) -> None:
        communes = self.codes_of(Level.COMMUNE)
        known = {level: self.codes_of(level) for level in DISTRICTS}
        new = []
        for row in self.pack.rows("districts.jsonl"):
            commune = row.pop("commune")
            if row["code"] not in known[row["level"]]:
                new.append(Territory(commune_id=communes.get(commune), **row))
        self.loaded.districts = self.create(Territory, new)

    def add_datasets(self) -> None:
        known = set(Dataset.objects.values_list("key", flat=True))
        rows = self.pack.rows("datasets.jsonl")
        self.loaded.datasets = self.create(
            Dataset, [Dataset(**row) for row in rows if row["key"] not in known]
        )

    def add_mappings(self) -> None:
        datasets = dict(Dataset.objects.values_list("key", "pk"))
        described = set(ColumnMapping.objects.values_list("dataset__key", flat=True))
        known = set(ColumnMapping.objects.values_list("header", flat=True))
        new = []
        for row in self.pack.rows("mappings.jsonl"):
            key = row.pop("dataset")
            if row["header"] not in known and key not in described:
                new.append(ColumnMapping(dataset_id=datasets[key], **row))
        self.loaded.mappings = self.create(ColumnMapping, new)

    def add_movements(self) -> None:
        communes = self.codes_of(Level.COMMUNE)
        known = set(Movement.objects.values_list("former_code", "commune__code"))
        undated = set(
            Movement.objects.filter(effective_on=None).values_list("former_code", "commune__code")
        )
        new, dated = [], []
        for row in self.pack.rows("movements.jsonl"):
            key = (row["former"], row["commune"])
            if row["commune"] not in communes:
                continue
            movement = Movement(
                former_code=row["former"],
                commune_id=communes[row["commune"]],
                effective_on=date.fromisoformat(row["on"]) if row["on"] else None,
            )
            if key not in known:
                new.append(movement)
            elif key in undated and row["on"]:
                dated.append(movement)
        Movement.objects.bulk_create(
            dated, batch_size=BATCH, update_conflicts=True,
            unique_fields=["former_code", "commune"], update_fields=["effective_on"],
        )  # fmt: skip
        self.loaded.movements = self.create(Movement, new) + len(dated)

    def add_contours(self) -> None:
        known = set(Contour.objects.values_list("territory__level", "territory__code"))
        codes = {str(level): self.codes_of(level) for level in Level}
        rows = (
            Contour(
                territory_id=codes[row["level"]][row["code"]],
                geometry=row["geometry"],
                source=row["source"],
            )
            for row in self.pack.rows("contours.jsonl")
            if (row["level"], row["code"]) not in known and row["code"] in codes[row["level"]]
        )
        while batch := list(islice(rows, BATCH)):
            self.loaded.contours += self.create(Contour, batch)

    def add_rates(self) -> None:
        known = set(FundingRate.objects.values_list("scheme", "year", "unit"))
        new = [
            FundingRate(
                scheme=row["scheme"], year=row["year"], unit=row["unit"], source=row["source"],
                amount=Decimal(row["amount"]), calculation=row["calculation"], note=row["note"],
                ceiling=None if row["ceiling"] is None else Decimal(row["ceiling"]),
                facility_keys=row["facility_keys"],
            )
            for row in self.pack.rows("rates.jsonl")
            if (row["scheme"], row["year"], row["unit"]) not in known
        ]  # fmt: skip
        self.loaded.rates = self.create(FundingRate, new)

    @staticmethod
    def create(model: type[models.Model], rows: list[Any]) -> int:
        model._default_manager.bulk_create(rows, batch_size=BATCH)
        return len(rows)

    @staticmethod
    def codes_of(level: str) -> dict[str, int]:
        return dict(Territory.objects.filter(level=level).values_list("code", "pk"))

    # Numbers of the pack → ours -----------------------------------------------------------
    def territory_numbers(self) -> tuple[dict[bytes, bytes], dict[bytes, tuple[str, str]]]:
        """Number in the pack → pk here; and those that are unknown here, by level and code."""
        codes = {str(level): self.codes_of(level) for level in Level}
        ours: dict[bytes, bytes] = {}
        unknown: dict[bytes, tuple[str, str]] = {}
        for row in self.pack.rows("territories.jsonl"):
            number = str(row["pk"]).encode()
            pk = codes[row["level"]].get(row["code"])
            if pk is None:
                unknown[number] = (row["level"], row["code"])
            else:
                ours[number] = str(pk).encode()
        return ours, unknown

    def indicator_numbers(self) -> dict[bytes, bytes]:
        keys = dict(Indicator.objects.values_list("key", "pk"))
        return {
            str(row["pk"]).encode(): str(keys[row["key"]]).encode()
            for row in self.pack.rows("indicators.jsonl")
        }

    # Versions -----------------------------------------------------------------------------
    def add_version(self, row: dict[str, Any]) -> None:
        dataset = self.datasets[row["dataset"]]
        facts = {name: row[name] for name in FACTS}
        facts["consulted_on"] = date.fromisoformat(day) if (day := row["consulted_on"]) else None
        same = {name: facts[name] for name in ("vintage", "perimeter")}
        standing = DatasetVersion.objects.filter(dataset=dataset, undone_at=None, **same)
        if standing.filter(file_hash=facts["file_hash"]).exists():
            self.loaded.already += 1
            return
        previous = (
            standing.filter(is_current=True, level=facts["level"]).order_by("-pk").first()
            if facts["level"]
            else None
        )
        if previous is not None and _is_later(previous.consulted_on, facts["consulted_on"]):
            self.loaded.kept += 1
            return
        try:
            with transaction.atomic():
                self.load_version(dataset, facts, previous, row["figures"])
        except _Nothing:
            self.loaded.unchanged += 1

    def load_version(
        self,
        dataset: Dataset,
        facts: dict[str, Any],
        previous: DatasetVersion | None,
        member: str,
    ) -> None:
        version = DatasetVersion(dataset=dataset, replaces=previous, **facts)
        version.loaded_by = f"{self.actor}, paquet national" if self.actor else "paquet national"
        version.save()
        if version.report:
            version.report = {
                **version.report, "version": version.pk, "changes": [],
                "replaces": previous.pk if previous else None,
            }  # fmt: skip
            version.save(update_fields=["report"])
        if previous is not None:
            DatasetVersion.objects.filter(pk=previous.pk).update(is_current=False)
        storage.fill(version, self.lines(member))
        difference = storage.difference(version, previous)
        if previous is not None and difference.is_nothing:
            raise _Nothing
        storage.attach(version)
        self.loaded.versions += 1
        self.loaded.figures += difference.created + difference.changed + difference.unchanged
        self.progress(self.loaded.figures)

    def lines(self, member: str) -> Iterator[str]:
        """Lines of COPY with our own numbers instead of the pack's."""
        territories, indicators = self.territories, self.indicators
        for line in self.pack.lines(member):
            place, indicator, rest = line.split(b"\t", 2)
            try:
                ours = territories[place]
            except KeyError:
                raise self.stranger(place) from None
            yield (b"%b\t%b\t%b" % (ours, indicators[indicator], rest)).decode()

    def stranger(self, number: bytes) -> DomainError:
        if number not in self.unknown:
            return DomainError(ALTERED)
        level, code = self.unknown[number]
        geography = self.pack.manifest["geography"]
        return DomainError(
            f"Ce paquet parle d'un territoire inconnu ici ({Level(level).label} {code}) : il est fait"
            f" sur la géographie de {geography}. Chargez d'abord ce découpage"
            " (« load_territories », avec une version de l'application de la même année). Rien n'est"
            " chargé."
        )


def _is_later(ours: date | None, theirs: date | None) -> bool:
    return ours is not None and theirs is not None and ours > theirs
