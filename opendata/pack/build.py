"""Write the pack: the current figures and what they rest on, named by their keys and codes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from core.errors import DomainError
from opendata.imports import storage
from opendata.models import (
    ColumnMapping,
    Contour,
    Dataset,
    DatasetVersion,
    FundingRate,
    Indicator,
    Movement,
    Territory,
)
from opendata.pack.archive import Member, Writer, writing
from opendata.services import GEOGRAPHY

Progress = Callable[[int], None]
DISTRICTS = (Territory.Level.QPV, Territory.Level.IRIS)
FACTS = (
    "vintage", "geography_vintage", "perimeter", "file_hash", "consulted_on", "loaded_by",
    "file_name", "level", "report",
)  # fmt: skip
"""What a version keeps of its origin."""
SQL = """
COPY (SELECT {columns} FROM {parent} WHERE version_id = {version:d}
      ORDER BY indicator_id, territory_id, period) TO STDOUT
"""


@dataclass(frozen=True)
class Built:
    whole: str
    versions: int
    figures: int


def build(path: Path, *, progress: Progress = lambda figures: None) -> Built:
    """Imports wait meanwhile, so that the pack is of one moment.

    Raises ``DomainError`` when nothing was ever imported, or the file cannot be written.
    """
    try:
        with transaction.atomic():
            storage.wait_for_turn()
            versions = list(
                DatasetVersion.objects.filter(is_current=True, undone_at=None)
                .select_related("dataset")
                .order_by("pk")
            )
            if not versions:
                raise DomainError("Aucun chiffre n'est chargé : il n'y a rien à mettre en paquet.")
            with writing(path) as out:
                _write_references(out)
                out.rows("versions.jsonl", map(_version, versions))
                figures = 0
                for version in versions:
                    figures += _write_figures(out, version)
                    progress(figures)
                whole = out.sign(
                    geography=GEOGRAPHY, built_at=timezone.now().isoformat(), figures=figures
                )
    except OSError as error:
        raise DomainError(f"{path} ne peut pas être écrit : {error.strerror}.") from error
    return Built(whole, len(versions), figures)


def _write_references(out: Writer) -> None:
    """Numbers of territories and indicators are the pack's own: the loader looks their code up."""
    out.rows("territories.jsonl", _territories())
    out.rows("indicators.jsonl", _indicators())
    out.rows("districts.jsonl", _districts())
    out.rows("datasets.jsonl", _datasets())
    out.rows("mappings.jsonl", _mappings())
    out.rows("movements.jsonl", _movements())
    out.rows("contours.jsonl", _contours())
    out.rows("rates.jsonl", _rates())


def _territories() -> Iterator[dict[str, Any]]:
    for pk, level, code in Territory.objects.order_by("pk").values_list("pk", "level", "code"):
        yield {"pk": pk, "level": level, "code": code}


def _indicators() -> Iterator[dict[str, Any]]:
    names = (
        "pk", "key", "label", "unit", "definition", "direction", "decimals", "is_summable",
        "caution", "source",
    )  # fmt: skip
    for row in Indicator.objects.order_by("pk").values(*names, "domain__key").iterator():
        yield {"domain": row.pop("domain__key"), **row}


def _districts() -> Iterator[dict[str, Any]]:
    rows = Territory.objects.filter(level__in=DISTRICTS).order_by("level", "code")
    names = ("level", "code", "name", "population", "vintage", "note")
    for row in rows.values(*names, "commune__code").iterator():
        yield {"commune": row.pop("commune__code"), **row}


def _datasets() -> Iterator[dict[str, Any]]:
    names = ("key", "title", "producer", "licence", "precedence")
    for row in Dataset.objects.order_by("key").values(*names).iterator():
        yield dict(row)


def _mappings() -> Iterator[dict[str, Any]]:
    rows = ColumnMapping.objects.order_by("header")
    names = ("header", "level", "columns", "marks")
    for row in rows.values(*names, "dataset__key").iterator():
        yield {"dataset": row.pop("dataset__key"), **row}


def _movements() -> Iterator[dict[str, Any]]:
    rows = Movement.objects.order_by("former_code", "pk").values_list(
        "former_code", "commune__code", "effective_on"
    )
    for former, commune, day in rows.iterator():
        yield {"former": former, "commune": commune, "on": day.isoformat() if day else None}


def _contours() -> Iterator[dict[str, Any]]:
    rows = Contour.objects.order_by("pk").values_list(
        "territory__level", "territory__code", "source", "geometry"
    )
    for level, code, source, geometry in rows.iterator(chunk_size=200):
        yield {"level": level, "code": code, "source": source, "geometry": geometry}


def _rates() -> Iterator[dict[str, Any]]:
    for row in FundingRate.objects.order_by("scheme", "year", "unit").iterator():
        yield {
            "scheme": row.scheme, "year": row.year, "unit": row.unit, "amount": str(row.amount),
            "source": row.source, "calculation": row.calculation, "note": row.note,
            "ceiling": None if row.ceiling is None else str(row.ceiling),
            "facility_keys": row.facility_keys,
        }  # fmt: skip


def _version(version: DatasetVersion) -> dict[str, Any]:
    facts = {name: getattr(version, name) for name in FACTS}
    consulted = version.consulted_on
    return {
        **facts,
        "dataset": version.dataset.key,
        "consulted_on": consulted.isoformat() if consulted else None,
        "figures": figures_name(version.pk),
    }


def figures_name(pk: int) -> str:
    return f"figures/{pk}.tsv"


def _write_figures(out: Writer, version: DatasetVersion) -> int:
    sql = SQL.format(columns=", ".join(storage.COLUMNS), parent=storage.PARENT, version=version.pk)
    with out.member(figures_name(version.pk)) as member, connection.cursor() as cursor:
        counted = _Counted(member)
        cursor.copy_expert(sql, counted)
    return counted.lines


class _Counted:
    """Lines that COPY writes, counted as they pass."""

    def __init__(self, member: Member) -> None:
        self._member = member
        self.lines = 0

    def write(self, data: bytes) -> int:
        self.lines += data.count(b"\n")
        return self._member.write(data)
