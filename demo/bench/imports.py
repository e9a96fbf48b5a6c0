"""What importing costs: beside a bare COPY of the same rows, and as the file grows."""

from __future__ import annotations

import csv
import importlib
import importlib.util
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from statistics import median
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from demo.bench import database
from opendata.imports import storage
from opendata.imports.engine import import_file, undo
from opendata.imports.report import Report
from opendata.models import DatasetVersion, Territory

ROUNDS = 5
MAX_OVER_COPY = 1.5
MAX_MEGABYTES = 400
MAX_GROWTH = 2.2
"""Time for twice the rows."""
SHARED = Path(os.environ.get("CTG_SHARED_DATA", settings.BASE_DIR.parent / "shared" / "data"))
FILOSOFI = "cc_filosofi_2021_COM.csv"
DICTIONARY = "meta_base-cc-emploi-pop-active-2020_v2.CSV"
CENSUS = "base-cc-emploi-pop-active-2020.CSV"
CENSUS_ROWS, CENSUS_COLUMNS = 35_000, 354
CENSUS_ROUNDS = 2
SECRET_SHARE = 0.79
"""Of the cells of the file published in 2024."""
CELLS_OF_FILOSOFI = [
    "NBMENFISC21",
    "NBPERSMENFISC21",
    "MED21",
    "PIMP21",
    "TP6021",
    "TP60AGE121",
    "TP60AGE221",
    "TP60AGE321",
    "TP60AGE421",
    "TP60AGE521",
    "TP60AGE621",
    "TP60TOL121",
    "TP60TOL221",
    "PACT21",
    "PTSA21",
    "PCHO21",
    "PBEN21",
    "PPEN21",
    "PPAT21",
    "PPSOC21",
    "PPFAM21",
    "PPMINI21",
    "PPLOGT21",
    "PIMPOT21",
    "D121",
    "D921",
    "RD21",
]


@dataclass(frozen=True)
class ImportCost:
    """Median seconds of the import and of its floor; None when the tool is not there."""

    rows: int
    source: str
    seconds: float
    copy_seconds: float
    pandas_seconds: float | None

    @property
    def ratio(self) -> float:
        return self.seconds / self.copy_seconds


@dataclass(frozen=True)
class GrowthCost:
    megabytes: float
    """Peak memory of the process that imports the whole file."""
    file_megabytes: float
    half_seconds: float
    seconds: float

    @property
    def growth(self) -> float:
        return self.seconds / self.half_seconds


# --- Beside a bare COPY -----------------------------------------------------------------------
def filosofi() -> ImportCost:
    with tempfile.TemporaryDirectory() as folder:
        published = SHARED / "filosofi" / FILOSOFI
        path = published if published.is_file() else _like_filosofi(Path(folder) / FILOSOFI)
        _import_then_undo(path)  # the file enters the cache of the system
        rows, text = _rows_of(path)
        times: dict[str, list[float]] = {"import": [], "copy": [], "pandas": []}
        for _ in range(ROUNDS):  # in turn, so that all meet the same noise
            times["import"].append(_import_then_undo(path))
            times["copy"].append(_bare_copy(text))
        pandas = _pandas(text)
        return ImportCost(
            rows,
            "fichier publié" if path == published else "fichier engendré",
            median(times["import"]),
            median(times["copy"]),
            pandas,
        )


def _import_then_undo(path: Path) -> float:
    start = time.perf_counter()
    report = import_file(path)
    taken = time.perf_counter() - start
    undo(_version(report))
    return taken


def _version(report: Report) -> DatasetVersion:
    assert report.version is not None
    return DatasetVersion.objects.get(pk=report.version)


def _rows_of(path: Path) -> tuple[int, str]:
    """The lines of COPY that the import writes."""
    report = import_file(path)
    version = _version(report)
    out = StringIO()
    with connection.cursor() as cursor:
        cursor.copy_expert(
            f"COPY (SELECT * FROM {storage.table_of(version)}) TO STDOUT",
            out,
        )
    undo(version)
    return report.read, out.getvalue()


def _bare_copy(text: str) -> float:
    """Into a table with the same indexes, and no foreign key."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE bench_copy (LIKE {storage.PARENT} INCLUDING ALL)")
        start = time.perf_counter()
        with transaction.atomic():
            cursor.copy_expert("COPY bench_copy FROM STDIN", StringIO(text))
        taken = time.perf_counter() - start
        cursor.execute("DROP TABLE bench_copy")
    return taken


def _pandas(text: str) -> float | None:
    """``to_sql`` of the same rows, for comparison only; None where pandas is not installed."""
    if any(importlib.util.find_spec(name) is None for name in ("pandas", "sqlalchemy")):
        return None
    pandas, sqlalchemy = map(importlib.import_module, ("pandas", "sqlalchemy"))
    frame = pandas.read_csv(
        StringIO(text), sep="\t", header=None, na_values="\\N", keep_default_na=False,
        names=["version_id", "indicator_id", "territory_id", "period", "value", "reason",
               "estimated", "lower_bound", "note"],
    )  # fmt: skip
    engine = sqlalchemy.create_engine(
        database.url().replace("postgresql://", "postgresql+psycopg2://")
    )
    start = time.perf_counter()
    frame.to_sql("bench_pandas", engine, index=False)
    taken = time.perf_counter() - start
    engine.dispose()  # the database is dropped after the bench
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE bench_pandas")
    return taken


def _communes() -> list[str]:
    return list(
        Territory.objects.filter(level=Territory.Level.COMMUNE)
        .order_by("code")
        .values_list("code", flat=True)
    )


def _like_filosofi(path: Path) -> Path:
    """A file of the same shape as the published one: communes, columns, share of secret cells."""
    chance = random.Random(2021)
    with path.open("w", encoding="utf-8") as out:
        out.write(";".join(["CODGEO", *CELLS_OF_FILOSOFI]) + "\n")
        for code in _communes():
            cells = [
                "s" if chance.random() < SECRET_SHARE else f"{chance.uniform(1, 30000):.1f}"
                for _ in CELLS_OF_FILOSOFI
            ]
            out.write(";".join([code, *cells]) + "\n")
    return path


# --- As the file grows ------------------------------------------------------------------------
CHILD = """
import json, re, sys, time
import django
django.setup()
from pathlib import Path
from opendata.imports.engine import import_file
start = time.perf_counter()
report = import_file(Path(sys.argv[1]))
seconds = time.perf_counter() - start
peak = re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())
print(json.dumps({"seconds": seconds, "version": report.version, "peak_kb": int(peak[1])}))
"""
"""VmHWM and not ``getrusage``: a process inherits the peak of the one that started it."""


def census(rows: int = CENSUS_ROWS) -> GrowthCost:
    """Half of the rows and all of them, in turn, each in a process of its own; the best time of
    each, since a busy machine only adds."""
    halves, wholes = [], []
    for _ in range(CENSUS_ROUNDS):
        halves.append(_census(rows // 2))
        wholes.append(_census(rows))
    return GrowthCost(
        megabytes=max(peak for _, peak, _ in wholes),
        file_megabytes=wholes[0][2],
        half_seconds=min(seconds for seconds, _, _ in halves),
        seconds=min(seconds for seconds, _, _ in wholes),
    )


def _census(rows: int) -> tuple[float, float, float]:
    """(seconds, peak megabytes, megabytes of the file)."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / CENSUS
        labels = _labels()
        _write_dictionary(path.with_name(f"meta_{path.name}"), labels)
        _write_census(path, list(labels), rows)
        size = path.stat().st_size / 1e6
        answer = subprocess.run(
            [sys.executable, "-c", CHILD, str(path)],
            cwd=settings.BASE_DIR, check=True, capture_output=True, text=True,
            env={**os.environ, "DATABASE_URL": database.url(),
                 "DJANGO_SETTINGS_MODULE": "ctg.settings"},
        )  # fmt: skip
        told: dict[str, Any] = json.loads(answer.stdout)
        undo(DatasetVersion.objects.get(pk=told["version"]))
        return told["seconds"], told["peak_kb"] / 1024, size


def _labels() -> dict[str, str]:
    """Variable → label, from Insee's dictionary when it is there; else one of the same shape."""
    published = SHARED / "rp" / DICTIONARY
    if published.is_file():
        with published.open(encoding="utf-8-sig") as handle:
            labels = {
                row["COD_VAR"]: row["LIB_VAR_LONG"]
                for row in csv.DictReader(handle, delimiter=";")
                if row["COD_VAR"][:1] in "PC" and row["COD_VAR"][1:3].isdigit()
            }
    else:
        labels = {f"P20_VAR{rank:03d}": f"Nombre de personnes, cas {rank}, en 2020"
                  for rank in range(CENSUS_COLUMNS - 1)}  # fmt: skip
    return dict(list(labels.items())[: CENSUS_COLUMNS - 1])


def _write_dictionary(path: Path, labels: dict[str, str]) -> None:
    with path.open("w", encoding="utf-8", newline="") as handle:
        out = csv.writer(handle, delimiter=";")
        out.writerow(["COD_VAR", "LIB_VAR", "LIB_VAR_LONG"])
        out.writerows((name, label, label) for name, label in labels.items())


def _write_census(path: Path, names: list[str], rows: int) -> None:
    """Weighted counts are published with a dozen digits: about 140 MB for all the communes."""
    chance = random.Random(rows)
    pool = [f"{chance.uniform(0, 4000):.6f}" for _ in range(50_000)]
    with path.open("w", encoding="utf-8") as out:
        out.write(";".join(["CODGEO", *names]) + "\n")
        for code in _some(_communes(), rows):
            out.write(";".join([code, *chance.choices(pool, k=len(names))]) + "\n")


def _some(codes: list[str], count: int) -> Iterator[str]:
    """As many codes as there are, spread over the country."""
    step = max(1, len(codes) // count)
    yield from codes[::step][:count]
