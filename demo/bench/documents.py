"""The dossier beside WeasyPrint's own time, its memory, and the workbook beside openpyxl's."""

from __future__ import annotations

import io
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, replace
from datetime import date
from statistics import median

from django.conf import settings
from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell

from actionplan.models import Action
from actionplan.services import duplicate_action
from agreements.models import Agreement
from core.documents import pdf
from core.documents.content import ChartBlock, Content, Section
from core.documents.declaration import registry, render
from demo.bench import database
from reports import pack_sections
from reports.documents.base import Request
from territory.comparison import key_figures

ROUNDS = 5
ACTIONS, CHARTS = 30, 15
MAX_OVER_FLOOR = 1.5
MAX_MEGABYTES = 400


@dataclass(frozen=True)
class DocumentCost:
    """Median seconds of the whole (database, content, file) and of the floor."""

    name: str
    seconds: float
    floor_seconds: float
    limit: float = MAX_OVER_FLOOR
    max_seconds: float | None = None

    @property
    def ratio(self) -> float:
        return self.seconds / self.floor_seconds

    @property
    def holds(self) -> bool:
        in_time = self.max_seconds is None or self.seconds <= self.max_seconds
        return in_time and self.ratio <= self.limit


def thirty_actions(agreement: Agreement) -> None:
    """Complete the plan to thirty actions."""
    actions = Action.objects.filter(agreement=agreement).active()
    for action in list(actions[: max(0, ACTIONS - actions.count())]):
        duplicate_action(action, actor=None)


def whole_pack(agreement: Agreement, on: date) -> Content:
    """The pack of the coming COPIL (five points or more), all its parts, completed to fifteen
    charts drawn from the key figures of the territory."""
    request = Request(agreement=agreement, on=on, year=on.year, sections=pack_sections.KEYS)
    content = registry.get("dossier-copil").content(request)
    shown = sum(isinstance(block, ChartBlock) for part in content.sections for block in part.blocks)
    drawn = [row.chart for row in key_figures(agreement, on)]
    charts = [
        replace(drawn[rank % len(drawn)].freeze(), title=f"Figure {rank + 1}")
        for rank in range(CHARTS - shown)
    ]
    added = Section("Figures", tuple(charts), numbered=False, identifier="figures")
    return replace(content, sections=(*content.sections, added))


def dossier(agreement: Agreement, on: date) -> DocumentCost:
    content = whole_pack(agreement, on)
    markup = pdf.html(content)

    def whole() -> None:
        render(whole_pack(agreement, on), "pdf")

    def floor() -> None:
        pdf.write(markup, content, watermark=True)

    return in_turn("dossier-copil.pdf", whole, floor)


def workbook(agreement: Agreement, on: date) -> DocumentCost:
    request = Request(agreement=agreement, on=on, year=on.year)
    rows = _cells(render(registry.get("bilan-annuel").content(request), "xlsx").data)

    def whole() -> None:
        render(registry.get("bilan-annuel").content(request), "xlsx")

    return in_turn("bilan-annuel.xlsx", whole, lambda: _write(rows))


def in_turn(name: str, whole: Callable[[], object], floor: Callable[[], object]) -> DocumentCost:
    """The whole and its floor one after the other, so that both meet the same noise."""
    times: dict[Callable[[], object], list[float]] = {whole: [], floor: []}
    for act in (whole, floor):
        act()
    for _ in range(ROUNDS):
        for act, taken in times.items():
            start = time.perf_counter()
            act()
            taken.append(time.perf_counter() - start)
    return DocumentCost(name, median(times[whole]), median(times[floor]))


Cells = dict[str, list[list[tuple[object, dict[str, object]]]]]
STYLES = ("font", "fill", "border", "alignment", "number_format")


def _cells(data: bytes) -> Cells:
    """Every cell of a workbook, by sheet: its value and its style."""
    book = load_workbook(io.BytesIO(data))
    return {
        sheet.title: [
            [(cell.value, {name: copy(getattr(cell, name)) for name in STYLES}) for cell in row]
            for row in sheet.iter_rows()
        ]
        for sheet in book
    }


def _write(rows: Cells) -> None:
    """The same cells with the same styles, by openpyxl alone."""
    book = Workbook(write_only=True)
    for title, lines in rows.items():
        sheet = book.create_sheet(title)
        for line in lines:
            written = []
            for value, style in line:
                cell = WriteOnlyCell(sheet, value)
                for name, given in style.items():
                    setattr(cell, name, given)
                written.append(cell)
            sheet.append(written)
    book.save(io.BytesIO())


def dossier_megabytes(agreement: Agreement, on: date) -> float:
    """Peak memory of a process that does nothing but write the same pack."""
    subprocess.run(
        [sys.executable, "-c", ONE_PACK, agreement.slug, on.isoformat()],
        cwd=settings.BASE_DIR, check=True, stdout=subprocess.DEVNULL,
        env={
            **os.environ, "DATABASE_URL": database.url(),
            "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "ctg.settings"),
        },
    )  # fmt: skip
    # The only child of this process: its peak is the children's.
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


ONE_PACK = """
import sys, django
django.setup()
from datetime import date
from demo.bench.documents import write_one_pack
write_one_pack(sys.argv[1], date.fromisoformat(sys.argv[2]))
"""


def write_one_pack(slug: str, on: date) -> None:
    agreement = Agreement.objects.select_related("lead_commune").get(slug=slug)
    render(whole_pack(agreement, on), "pdf")
