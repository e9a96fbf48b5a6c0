"""Workbooks of 5,000 rows: what comes in beside openpyxl's own reading, what leaves beside its writing."""

from __future__ import annotations

import io
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from openpyxl import Workbook, load_workbook

from core.sheets import Report, Sheet, SheetColumn, SheetRow, compare, read, write

ROWS = 5_000
ROUNDS = 5
MAX_OVER_READING = 3
MAX_OVER_WRITING = 1.5
MAX_MEGABYTES = 300
WORDS = [
    "accueil",
    "petite",
    "enfance",
    "parentalité",
    "jeunesse",
    "médiation",
    "coordination",
    "territoire",
    "familles",
    "habitants",
    "projet",
    "réseau",
    "parents",
]


@dataclass(frozen=True)
class SheetCost:
    """Best times in seconds of the processor, each beside openpyxl alone."""

    rows: int
    cells: int
    preview_seconds: float
    reading_seconds: float
    export_seconds: float
    writing_seconds: float
    megabytes: float
    """Peak memory of a process that only previews the workbook."""

    @property
    def preview_ratio(self) -> float:
        return self.preview_seconds / self.reading_seconds

    @property
    def export_ratio(self) -> float:
        return self.export_seconds / self.writing_seconds


def sheet(count: int = ROWS) -> Sheet:
    """A sheet as wide as that of a plan, every kind of column in it."""
    chance = random.Random(5)
    names = tuple((rank, f"Organisation numéro {rank}") for rank in range(60))

    def text(length: int) -> str:
        return " ".join(chance.choice(WORDS) for _ in range(length))

    columns = (
        SheetColumn("code", "N°", required=True),
        SheetColumn("title", "Action", required=True, width=40, max_length=300),
        SheetColumn("axis", "Axe", "choice", choices=names[:6]),
        SheetColumn("goal", "Objectif", "choice", choices=names[6:20]),
        SheetColumn("pilot", "Pilote", "choice", choices=names),
        SheetColumn("partners", "Partenaires", "choice", choices=names, many=True, width=40),
        SheetColumn("start", "Début", "date", partial="first"),
        SheetColumn("due", "Échéance", "date", partial="last"),
        SheetColumn("state", "État", "choice", choices=names[:5]),
        SheetColumn("progress", "Avancement", "percent"),
        SheetColumn("planned", "Prévu", "amount"),
        SheetColumn("spent", "Réalisé", "amount"),
        SheetColumn("note", "Note", width=50),
        SheetColumn("public", "Public", width=30),
        SheetColumn("count", "Nombre", "integer"),
    )
    rows = tuple(
        SheetRow(
            str(rank),
            {
                "code": f"{rank // 100}.{rank % 100}", "title": f"{text(8)} {rank}",
                "axis": chance.randrange(6), "goal": chance.randrange(6, 20),
                "pilot": chance.randrange(60),
                "partners": tuple(chance.sample(range(60), 3)),
                "start": date(2026, 1, chance.randrange(1, 29)),
                "due": date(2027, chance.randrange(1, 13), 15), "state": chance.randrange(5),
                "progress": chance.randrange(101), "planned": Decimal(chance.randrange(10**7)) / 100,
                "spent": Decimal(chance.randrange(10**6)), "note": text(20), "public": text(5),
                "count": chance.randrange(500),
            },
        )
        for rank in range(count)
    )  # fmt: skip
    return Sheet("Plan", columns, ("title",), "action", rows)


def preview(data: bytes, known: Sheet) -> Report:
    return compare(read(data, "plan.xlsx", [known]), [known.name])


def openpyxl_reading(data: bytes) -> list[list[Any]]:
    book = load_workbook(io.BytesIO(data))
    return [[cell.value for cell in row] for page in book for row in page.iter_rows()]


def openpyxl_writing(lines: list[list[Any]]) -> None:
    """The same cells in the cheapest way that openpyxl has: line by line, without any style."""
    book = Workbook(write_only=True)
    page = book.create_sheet("Plan")
    for line in lines:
        page.append(line)
    book.save(io.BytesIO())


def measure(count: int = ROWS) -> SheetCost:
    known = sheet(count)
    data = write("Plan", [known], [])
    lines = openpyxl_reading(data)[: count + 1]
    report = preview(data, known)
    assert report.unchanged == count, "the bench must measure a workbook that is read whole"
    times = in_turn(
        {
            "export": lambda: write("Plan", [known], []),
            "writing": lambda: openpyxl_writing(lines),
            "preview": lambda: preview(data, known),
            "reading": lambda: openpyxl_reading(data),
        }
    )
    return SheetCost(
        count, sum(map(len, lines)), times["preview"], times["reading"], times["export"],
        times["writing"], megabytes(data, count),
    )  # fmt: skip


def in_turn(acts: dict[str, Callable[[], object]]) -> dict[str, float]:
    """The best time of each, one after the other so that all meet the same noise."""
    best = dict.fromkeys(acts, float("inf"))
    for _ in range(ROUNDS):
        for name, act in acts.items():
            start = time.process_time()
            act()
            best[name] = min(best[name], time.process_time() - start)
    return best


CHILD = """
import json, re, sys
import django
django.setup()
from pathlib import Path
from demo.bench import sheets
data = Path(sys.argv[1]).read_bytes()
report = sheets.preview(data, sheets.sheet(int(sys.argv[2])))
peak = re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())
print(json.dumps({"peak_kb": int(peak[1]), "unchanged": report.unchanged}))
"""
"""VmHWM and not ``getrusage``: a process inherits the peak of the one that started it."""


def megabytes(data: bytes, count: int) -> float:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plan.xlsx"
        path.write_bytes(data)
        answer = subprocess.run(
            [sys.executable, "-c", CHILD, str(path), str(count)],
            cwd=settings.BASE_DIR, check=True, capture_output=True, text=True,
        )  # fmt: skip
    told: dict[str, Any] = json.loads(answer.stdout)
    return told["peak_kb"] / 1024
