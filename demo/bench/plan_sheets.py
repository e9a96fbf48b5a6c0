"""The plan's own workbook at 5,000 lines, beside openpyxl: its names, levels and rules included.

``sheets`` measures the engine with a sheet of every kind of column; here the plan reads its file,
resolves what each cell names and compares, as on the page. Nothing is written in the database: the
rows are built, not loaded.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from actionplan.sheets.adapt import adapt
from actionplan.sheets.book import Book, whole_book
from actionplan.sheets.columns import PLAN
from actionplan.sheets.kind import export
from actionplan.sheets.options import Options
from agreements.models import Agreement
from core.sheets import Report, SheetRow, compare, read
from demo.bench.sheets import ROWS, in_turn, openpyxl_reading, openpyxl_writing

DAY = date(2026, 11, 24)


@dataclass(frozen=True)
class PlanSheetCost:
    """Best times in seconds of the processor, each beside openpyxl alone."""

    lines: int
    preview_seconds: float
    reading_seconds: float
    export_seconds: float
    writing_seconds: float

    @property
    def preview_ratio(self) -> float:
        return self.preview_seconds / self.reading_seconds

    @property
    def export_ratio(self) -> float:
        return self.export_seconds / self.writing_seconds


def large_book(agreement: Agreement, count: int = ROWS) -> Book:
    """The agreement's own book, its actions told again until there are ``count`` lines."""
    book = whole_book(agreement)
    plan = book.sheet(PLAN)
    actions = [row for row in plan.rows if row.values.get("title")]
    lines = [row for row in plan.rows if not row.values.get("title")]
    rank = 0
    while actions and len(lines) < count:
        row = actions[rank % len(actions)]
        values: dict[str, Any] = {
            **row.values, "code": f"{row.values['code']}-{rank}", "title": f"{row.values['title']} {rank}",
        }  # fmt: skip
        lines.append(SheetRow(f"{agreement.pk}.a{10**9 + rank}", values))
        rank += 1
    larger = replace(plan, rows=tuple(lines))
    return replace(book, sheets=tuple(larger if sheet is plan else sheet for sheet in book.sheets))


def preview(data: bytes, book: Book, options: Options) -> Report:
    found = adapt(book, read(data, "plan.xlsx", book.sheets), options)
    report = compare(found.tables, book.order)
    report.refused += found.refused
    return report


def measure(agreement: Agreement, count: int = ROWS) -> PlanSheetCost:
    book = large_book(agreement, count)
    options = Options(lead="", due_on=agreement.ends_on, budget_year=agreement.years[0])
    data = export(book, on=DAY)
    report = preview(data, book, options)
    assert not report.refused, report.refused[:3]
    assert report.changes_nothing, "the bench must measure a workbook that changes nothing"
    lines = openpyxl_reading(data)
    times = in_turn(
        {
            "export": lambda: export(book, on=DAY),
            "writing": lambda: openpyxl_writing(lines),
            "preview": lambda: preview(data, book, options),
            "reading": lambda: openpyxl_reading(data),
        }
    )
    return PlanSheetCost(
        report.unchanged, times["preview"], times["reading"], times["export"], times["writing"]
    )
