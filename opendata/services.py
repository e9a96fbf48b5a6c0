"""Writes of the room: the catalogue, the territories, and datasets of figures.

Each load can be run again: what is there and unchanged stays.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection, transaction
from django.utils.text import slugify

from core.errors import DomainError
from opendata.catalogue import DOMAINS, INDICATORS, USUAL
from opendata.models import (
    Dataset,
    DatasetVersion,
    Domain,
    Indicator,
    Movement,
    Observation,
    Reason,
    Territory,
)

GEOGRAPHY = "2026"
FRANCE = "FR"
LOWER_BOUND, ESTIMATED = "minorant", "estimé"
COLUMNS = (
    "indicator", "level", "code", "period", "value", "reason", "producer", "dataset", "vintage",
    "perimeter", "flag", "note",
)  # fmt: skip
BATCH = 5000
ERRORS_SHOWN = 20


# --- Catalogue ------------------------------------------------------------------------------
@transaction.atomic
def load_catalogue() -> None:
    """Create or update the domains and the indicators of ``opendata.catalogue``."""
    for position, (key, label) in enumerate(DOMAINS, start=1):
        Domain.objects.update_or_create(key=key, defaults={"label": label, "position": position})
    domains = {domain.key: domain for domain in Domain.objects.all()}
    ranks = {fact.key: rank for rank, fact in enumerate(USUAL, start=1)}
    Indicator.objects.bulk_create(
        [
            Indicator(
                key=fact.key,
                label=fact.label,
                unit=fact.unit,
                definition=fact.definition,
                domain=domains[fact.domain],
                direction=fact.direction,
                decimals=fact.decimals,
                is_summable=fact.is_summable,
                caution=fact.caution,
                ask_to=fact.ask_to,
                is_family_policy=fact.is_family_policy,
                source=fact.source,
                position=ranks.get(fact.key),
            )
            for fact in INDICATORS
        ],
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=[
            "label", "unit", "definition", "domain", "direction", "decimals", "is_summable",
            "caution", "ask_to", "is_family_policy", "source", "position",
        ],
    )  # fmt: skip


# --- Territories ----------------------------------------------------------------------------
class _Place(NamedTuple):
    """A territory to write, in the order of ``WRITE``'s columns."""

    level: str
    code: str
    name: str
    epci: int | None = None
    departement: int | None = None
    region: int | None = None
    population: int | None = None


WRITE = """
INSERT INTO opendata_territory AS here
    (level, code, name, epci_id, departement_id, region_id, population, vintage, note)
SELECT place.*, %s, ''
FROM unnest(%s::text[], %s::text[], %s::text[], %s::bigint[], %s::bigint[], %s::bigint[],
            %s::integer[]) AS place
ON CONFLICT (level, code) DO UPDATE SET
    name = excluded.name, epci_id = excluded.epci_id, departement_id = excluded.departement_id,
    region_id = excluded.region_id, population = excluded.population, vintage = excluded.vintage
WHERE (here.name, here.epci_id, here.departement_id, here.region_id, here.population, here.vintage)
    IS DISTINCT FROM (excluded.name, excluded.epci_id, excluded.departement_id,
                      excluded.region_id, excluded.population, excluded.vintage)
"""
"""One statement for 35,000 communes, ten times faster than as many objects. Those that have not
changed are not written again."""


def load_territories(folder: Path | None = None) -> int:
    """Every commune, EPCI, département and région of the year, and France; returns how many.

    ``folder`` holds the files of Etalab's ``decoupage-administratif``. Populations are those of
    the communes' file: the EPCI's own file has another vintage, so an EPCI's is left empty.
    Raises ``DomainError`` when the files are not there.
    """
    data = folder or settings.NODE_MODULES / "@etalab" / "decoupage-administratif" / "data"
    with transaction.atomic():
        level = Territory.Level
        _write([_Place(level.FRANCE, FRANCE, "France")])
        _write(_Place(level.REGION, row["code"], row["nom"]) for row in _read(data, "regions"))
        regions = _known(level.REGION)
        _write(
            _Place(level.DEPARTEMENT, row["code"], row["nom"], region=regions.get(row["region"]))
            for row in _read(data, "departements")
        )
        groupings = _read(data, "epci")
        _write(_Place(level.EPCI, row["code"], _epci_name(row["nom"])) for row in groupings)
        epcis, departements = _known(level.EPCI), _known(level.DEPARTEMENT)
        member_of = {
            member["code"]: epcis[row["code"]] for row in groupings for member in row["membres"]
        }
        communes = [row for row in _read(data, "communes") if row["type"] == "commune-actuelle"]
        _write(
            _Place(
                level.COMMUNE,
                row["code"],
                row["nom"],
                epci=member_of.get(row["code"]),
                departement=departements.get(row.get("departement", "")),
                region=regions.get(row.get("region", "")),
                population=row.get("population"),
            )
            for row in communes
        )
        _write_movements(communes)
        return Territory.objects.count()


def _write_movements(communes: list[dict[str, Any]]) -> None:
    """Codes of communes that merged, as Etalab names them; Insee's own file gives the dates."""
    current = _known(Territory.Level.COMMUNE)
    Movement.objects.bulk_create(
        [
            Movement(former_code=former, commune_id=current[row["code"]])
            for row in communes
            for former in row.get("anciensCodes", [])
            if former not in current
        ],
        batch_size=BATCH,
        ignore_conflicts=True,
    )


def _epci_name(name: str) -> str:
    """« CA Troyes Champagne Métropole » is told without the initials of its kind."""
    kind, _, rest = name.partition(" ")
    return rest if kind in ("CA", "CC", "CU") and rest else name


def _read(folder: Path, name: str) -> list[dict[str, Any]]:
    path = folder / f"{name}.json"
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DomainError(
            f"Le fichier {path.name} du découpage administratif manque : lancez « make demo »,"
            " qui installe le paquet @etalab/decoupage-administratif."
        ) from None


def _known(level: str) -> dict[str, int]:
    return dict(Territory.objects.filter(level=level).values_list("code", "pk"))


def _write(places: Iterable[_Place]) -> None:
    columns = [list(column) for column in zip(*places, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(WRITE, [GEOGRAPHY, *columns])


def save_district(*, code: str, name: str, commune_code: str, note: str = "") -> Territory:
    """A quartier prioritaire: no national file of ours lists them, so each is named where used."""
    commune = Territory.objects.get(level=Territory.Level.COMMUNE, code=commune_code)
    district, _ = Territory.objects.update_or_create(
        level=Territory.Level.QPV,
        code=code,
        defaults={"name": name, "commune": commune, "note": note, "vintage": GEOGRAPHY},
    )
    return district


# --- Figures --------------------------------------------------------------------------------
@dataclass(frozen=True)
class Fact:
    """A line of a file of facts, read and checked."""

    indicator: Indicator
    territory: Territory
    period: int
    value: Decimal | None
    reason: str
    version: tuple[str, str, str, str]
    flag: str
    note: str


def load_facts(path: Path, *, loaded_by: str = "") -> int:
    """Load a file of facts, whole or not at all; returns how many observations were added.

    The file is a CSV with ``;`` and the columns ``COLUMNS``; a line holds a value **or** a reason
    (``Reason``). One dataset version is made for each producer, dataset, vintage and perimeter. A
    file already loaded (same SHA-256) adds nothing.

    Raises ``DomainError`` listing what is wrong by line.
    """
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    if DatasetVersion.objects.filter(file_hash=digest).exists():
        return 0
    facts = _parse(content.decode("utf-8-sig").splitlines())
    with transaction.atomic():
        versions = {
            key: _version(key, digest, loaded_by) for key in {fact.version for fact in facts}
        }
        Observation.objects.bulk_create(
            [
                Observation(
                    indicator=fact.indicator,
                    territory=fact.territory,
                    period=fact.period,
                    version=versions[fact.version],
                    value=fact.value,
                    reason=fact.reason,
                    lower_bound=fact.flag == LOWER_BOUND,
                    estimated=fact.flag == ESTIMATED,
                    note=fact.note,
                )
                for fact in facts
            ],
            batch_size=BATCH,
        )
    return len(facts)


def _version(key: tuple[str, str, str, str], digest: str, loaded_by: str) -> DatasetVersion:
    producer, title, vintage, perimeter = key
    dataset, _ = Dataset.objects.get_or_create(
        key=slugify(f"{producer} {title}")[:100], defaults={"title": title, "producer": producer}
    )
    return DatasetVersion.objects.create(
        dataset=dataset,
        vintage=vintage,
        perimeter=perimeter,
        file_hash=digest,
        loaded_by=loaded_by,
    )


def _parse(lines: list[str]) -> list[Fact]:
    reader = csv.DictReader(lines, delimiter=";")
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or [])]
    if missing:
        raise DomainError(f"Colonnes absentes du fichier : {', '.join(missing)}.")
    rows = list(reader)
    indicators = {row.key: row for row in Indicator.objects.all()}
    territories = _territories(rows)
    facts: list[Fact] = []
    errors: list[str] = []
    seen: set[tuple[Any, ...]] = set()
    for number, row in enumerate(rows, start=2):
        try:
            fact = _fact(row, indicators, territories)
        except ValueError as error:
            errors.append(f"ligne {number} : {error}")
            continue
        key = (fact.version, fact.indicator.pk, fact.territory.pk, fact.period)
        if key in seen:
            errors.append(f"ligne {number} : ce chiffre est déjà donné plus haut")
        seen.add(key)
        facts.append(fact)
    if errors:
        more = len(errors) - ERRORS_SHOWN
        tail = f" ; et {more} autres" if more > 0 else ""
        raise DomainError(f"Fichier refusé. {' ; '.join(errors[:ERRORS_SHOWN])}{tail}.")
    return facts


def _territories(rows: list[dict[str, str]]) -> dict[tuple[str, str], Territory]:
    codes = {row["code"] for row in rows}
    return {(row.level, row.code): row for row in Territory.objects.filter(code__in=codes)}


def _fact(
    row: dict[str, str],
    indicators: dict[str, Indicator],
    territories: dict[tuple[str, str], Territory],
) -> Fact:
    """Raises ``ValueError`` with what is wrong in the line."""
    if row["indicator"] not in indicators:
        raise ValueError(f"indicateur inconnu « {row['indicator']} »")
    territory = territories.get((row["level"], row["code"]))
    if territory is None:
        raise ValueError(f"territoire inconnu {row['level']} {row['code']}")
    if not row["period"].isdigit():
        raise ValueError(f"année illisible « {row['period']} »")
    return Fact(
        indicator=indicators[row["indicator"]],
        territory=territory,
        period=int(row["period"]),
        value=_value(row["value"], row["reason"]),
        reason=row["reason"],
        version=(row["producer"], row["dataset"], row["vintage"], row["perimeter"]),
        flag=row["flag"],
        note=row["note"],
    )


def _value(text: str, reason: str) -> Decimal | None:
    if reason and reason not in Reason.values:
        raise ValueError(f"raison inconnue « {reason} »")
    if bool(text) == bool(reason):
        raise ValueError("il faut une valeur ou une raison, et une seule des deux")
    if not text:
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise ValueError(f"valeur illisible « {text} »") from None
    if not value.is_finite():
        raise ValueError(f"valeur illisible « {text} »")
    return value
