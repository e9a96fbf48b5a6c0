"""The rows of a sheet as SpreadsheetML, put into a workbook that openpyxl has drawn.

openpyxl spends ten microseconds on a cell, most of it on what a register does not use. Its workbook
gives everything else (styles, lists, widths, protection); only the rows are written here, as a text.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import IO
from xml.sax.saxutils import escape

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

EMPTY_DATA = re.compile(rb"<sheetData\s*/>|<sheetData>\s*</sheetData>")
EXTENT = re.compile(rb"<dimension [^>]*?(/>|></dimension>)")
FIRST_DAY = date(1899, 12, 30)
"""Day zero of spreadsheets."""
LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
"""« _x0041_ » is how the format writes an « A »: typed by a person, its first sign is escaped."""
FLUSH = 500
"""Rows kept as text before they are compressed."""


@dataclass(frozen=True)
class Cell:
    """A value and the number of its style in the workbook."""

    value: str | int | float | Decimal | date
    style: int


@dataclass(frozen=True)
class Row:
    cells: tuple[Cell | None, ...]
    height: float | None = None
    """In points; None leaves the usual height."""


def save(book: Workbook, rows: Mapping[str, Iterable[Row]], width: Mapping[str, int]) -> bytes:
    """The workbook, its empty sheets filled: sheet name → rows, and how many columns it has."""
    drawn, target = io.BytesIO(), io.BytesIO()
    book.save(drawn)
    parts = {page.path[1:]: page.title for page in book.worksheets if page.title in rows}
    with (
        zipfile.ZipFile(drawn) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive,
    ):
        for info in source.infolist():
            data = source.read(info)
            if info.filename not in parts:
                archive.writestr(info, data)
                continue
            name = parts[info.filename]
            with archive.open(info.filename, "w") as part:
                _fill(part, data, rows[name], width[name])
    return target.getvalue()


def _fill(part: IO[bytes], data: bytes, rows: Iterable[Row], width: int) -> None:
    """The part with its rows. Its extent is left out: it is not needed, and not known yet."""
    match = EMPTY_DATA.search(data)
    assert match is not None, "openpyxl has written rows in a sheet that is to be filled"
    write = part.write
    write(EXTENT.sub(b"", data[: match.start()]))
    write(b"<sheetData>")
    letters = [get_column_letter(rank + 1) for rank in range(width)]
    waiting: list[str] = []
    for number, row in enumerate(rows, start=1):
        waiting.append(_row(number, row, letters))
        if len(waiting) == FLUSH:
            write("".join(waiting).encode())
            waiting.clear()
    write("".join(waiting).encode())
    write(b"</sheetData>")
    write(data[match.end() :])


def _row(number: int, row: Row, letters: list[str]) -> str:
    height = f' ht="{row.height}" customHeight="1"' if row.height else ""
    told = [f'<row r="{number}"{height}>']
    for letter, cell in zip(letters, row.cells, strict=False):
        if cell is None:
            continue
        value = cell.value
        if isinstance(value, str):
            told.append(
                f'<c r="{letter}{number}" s="{cell.style}" t="inlineStr"><is>'
                f'<t xml:space="preserve">{_text(value)}</t></is></c>'
            )
        else:
            told.append(f'<c r="{letter}{number}" s="{cell.style}"><v>{_figure(value)}</v></c>')
    told.append("</row>")
    return "".join(told)


def _text(value: str) -> str:
    return escape(LOOKS_ESCAPED.sub("_x005F_", value) if "_x" in value else value)


def _figure(value: int | float | Decimal | date) -> str:
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return str((value - FIRST_DAY).days)
    return f"{value:f}" if isinstance(value, Decimal) else repr(value)
