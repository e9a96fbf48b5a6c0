"""Every real file handed to the project, when they are there: imported, or refused with its reason.

None of them is part of the project; ``CTG_SHARED_DATA`` says where they are.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction

from core.errors import DomainError
from opendata.imports.engine import Report, import_file
from opendata.imports.publication import Options
from opendata.models import Observation, Territory
from opendata.services import load_catalogue, load_territories

SHARED = Path(os.environ.get("CTG_SHARED_DATA", settings.BASE_DIR.parent / "shared" / "data"))
pytestmark = [
    pytest.mark.skipif(not SHARED.is_dir(), reason=f"{SHARED} is not there"),
    pytest.mark.django_db,
]

REFUSED = {
    "README.md": "pas un tableau",
    "saint_andre.csv": "aucun format connu",
    "bpe-type-labels.json": "ni un tableau ni un fichier de contours",
    "PIEGE_bpe2024_communes_compte_triple.csv": "multiples de 3",
    "POP_MENAGES.csv": "croisent plusieurs critères",
    "dgcl_epcicom2025.xlsx": "découpage officiel",
    "meta_base-cc-emploi-pop-active-2020_v2.CSV": "dictionnaire",
    "meta_base-cc-logement-2021.CSV": "dictionnaire",
    "sevremoine_2023-2026.csv": "aucun format connu",
    "sud-avesnois_2026-2030.csv": "aucun format connu",
}
"""File → what its refusal says. All the others are imported."""
ON_A_PERSONS_WORD = {
    "statistiques_locales_reenregistre_tableur.csv": "zéro initial",
    "POP_FILOSOFI_AGE.csv": "sans donner leur code",
    "POP_NAISSANCES.csv": "sans donner leur code",
    "POP_RECENSEMENT.csv": "sans donner leur code",
}
"""File → what it says before a person confirms."""
FIRST = "insee_mouvements-communes.csv"
LEVELS = {level.value for level in Territory.Level}
ONE_SCHOOL_MORE = {("ips_ecoles_effectifs", "44", 2022): Decimal(51)}
"""The table of facts leaves out the school of a commune that merged since: 2,645 of 2,646."""


@pytest.fixture(scope="module")
def reports(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Report]]:
    """Every file imported once, movements first; gone after the module."""
    files = sorted(path for path in SHARED.rglob("*") if path.is_file())
    files.sort(key=lambda path: path.name != FIRST)
    told: dict[str, Report] = {}
    with django_db_blocker.unblock(), transaction.atomic():
        load_catalogue()
        load_territories()
        for path in files:
            if path.name in REFUSED:
                with pytest.raises(DomainError, match=REFUSED[path.name]):
                    import_file(path)
                continue
            options = Options()
            if path.name in ON_A_PERSONS_WORD:
                with pytest.raises(DomainError, match=ON_A_PERSONS_WORD[path.name]):
                    import_file(path)
                options = Options(repair_codes=True, match_names=True)
            told[path.name] = import_file(path, options=options)
        yield told
        transaction.set_rollback(True)


def test_every_file_is_imported_or_refused_with_its_reason(reports: dict[str, Report]) -> None:
    assert {report.state for report in reports.values()} <= {"applied", "unchanged"}
    assert all(report.read for report in reports.values())


def test_what_is_refused_is_little(reports: dict[str, Report]) -> None:
    """Groupings that are no more, homonyms; never a thousandth of a communal file."""
    for name, report in reports.items():
        by_name = name in ON_A_PERSONS_WORD
        assert report.refused <= (70 if by_name else 60), name


def facts() -> Iterator[tuple[str, str, str, int, str]]:
    with (SHARED / "saint_andre.csv").open(encoding="utf-8-sig") as handle:
        for row in csv.DictReader(handle):
            if row["level"] in LEVELS and row["year"][:4].isdigit():
                code = "FR" if row["level"] == Territory.Level.FRANCE else row["code"]
                yield row["level"], code, row["indicator"], int(row["year"][:4]), row["value"]


@pytest.mark.usefixtures("reports")
def test_figures_equal_those_of_the_table_of_facts() -> None:
    compared, wrong = 0, []
    rows = (
        Observation.objects.current()
        .filter(territory__code__in=["10333", "200069250", "10", "44", "FR"])
        .values_list("territory__level", "territory__code", "indicator__key", "period", "value")
    )
    imported: dict[tuple[str, str, str, int], list[Decimal | None]] = {}
    for level, code, key, period, value in rows:
        imported.setdefault((level, code, key, period), []).append(value)
    for level, code, key, year, text in facts():
        for value in imported.get((level, code, key, year), []):
            compared += 1
            expected = Decimal(text) if text else None
            allowed = ONE_SCHOOL_MORE.get((key, code, year), Decimal("0.06"))
            if (value is None) != (expected is None) or (
                value is not None and expected is not None and abs(value - expected) > allowed
            ):
                wrong.append((level, code, key, year, expected, value))
    assert wrong == []
    assert compared >= 330
