"""Workbooks that go out and come back: a room declares its columns, the rest is here.

``writer.write`` draws the workbook, ``reader.read`` takes one in (xlsx, ods, csv), ``report.compare``
tells what it would create and change, ``report.attempt`` writes it, all or nothing. Each row carries
its key and a print of what it held when it left: a row that moved on both sides is shown, not lost.
"""

from core.sheets.declaration import Sheet, SheetColumn, SheetRow
from core.sheets.reader import Table, Unreadable, read
from core.sheets.report import Change, Refusal, Report, attempt, compare
from core.sheets.writer import write

__all__ = [
    "Change", "Refusal", "Report", "Sheet", "SheetColumn", "SheetRow", "Table", "Unreadable",
    "attempt", "compare", "read", "write",
]  # fmt: skip
