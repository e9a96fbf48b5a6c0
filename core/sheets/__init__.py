"""Workbooks that go out and come back: a room declares its columns, the rest is here.

``write`` draws the workbook, ``read`` takes one in (xlsx, ods, csv; ``inspect`` and ``propose`` for
those made by someone else), ``compare`` tells what it would create and change, ``annotate`` hands the
faulty one back with its cells coloured, ``attempt`` writes it, all or nothing. Each row carries its
key and a print of each cell as it left: a cell that moved on both sides is shown, not lost.
"""

from core.sheets.annotation import annotate
from core.sheets.comparison import compare
from core.sheets.declaration import Sheet, SheetColumn, SheetRow
from core.sheets.matching import propose
from core.sheets.opening import Unreadable
from core.sheets.reader import Columns, Line, NotOurs, Page, Table, inspect, read
from core.sheets.report import (
    Change,
    Choices,
    Difference,
    LevelRow,
    Refusal,
    Report,
    UnknownName,
    attempt,
    grouped,
)
from core.sheets.values import Unknown
from core.sheets.writer import write

__all__ = [
    "Change", "Choices", "Columns", "Difference", "LevelRow", "Line", "NotOurs", "Page", "Refusal", "Report",
    "Sheet", "SheetColumn", "SheetRow", "Table", "Unknown", "UnknownName", "Unreadable", "annotate",
    "attempt", "compare", "grouped", "inspect", "propose", "read", "write",
]  # fmt: skip
