"""The workbook as it leaves: typed cells, drop-down lists, hidden keys, a frozen header."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from math import ceil
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation

from core.documents.xlsx import (
    BOLD,
    HEAD_FILL,
    HEAD_FONT,
    LINE_HEIGHT,
    TITLE_FONT,
    WRAPPED,
    safe_text,
)
from core.sheets.declaration import KEY_TITLE, VERSION_TITLE, Sheet, SheetColumn

HELP_SHEET, LISTS_SHEET = "Mode d'emploi", "Listes"
SPARE_ROWS = 300
"""Empty lines beneath, where the drop-down lists work too."""
HIDDEN = 2
"""Key and version stand before the first visible column."""
TOP = Alignment(vertical="top")
FORMATS = {"date": "dd/mm/yyyy", "decimal": "#,##0.##", "integer": "0"}


def write(title: str, sheets: Sequence[Sheet], help_lines: Sequence[tuple[str, str]]) -> bytes:
    """Draw the workbook: its sheets, their lists (hidden), and how to use it."""
    book = Workbook()
    book.properties.title = title
    book.properties.language = "fr-FR"
    book.remove(book.active)
    lists = _Lists(book)
    for sheet in sheets:
        _write_sheet(book, sheet, lists, {known.name: known for known in sheets})
    _write_help(book, title, sheets, help_lines)
    lists.finish()
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


class _Lists:
    """The values of the drop-down lists, one column each, on a hidden sheet."""

    def __init__(self, book: Workbook) -> None:
        self.page = book.create_sheet(LISTS_SHEET)
        self.book = book
        self.count = 0

    def add(self, column: SheetColumn) -> str:
        self.count += 1
        letter = get_column_letter(self.count)
        _put(self.page, 1, self.count, column.title)
        for line, (_, label) in enumerate(column.choices, start=2):
            _put(self.page, line, self.count, label)
        last = max(len(column.choices) + 1, 2)
        return f"{LISTS_SHEET}!${letter}$2:${letter}${last}"

    def finish(self) -> None:
        self.page.sheet_state = "hidden"
        self.book.move_sheet(self.page, len(self.book.sheetnames))


def _write_sheet(book: Workbook, sheet: Sheet, lists: _Lists, sheets: dict[str, Sheet]) -> None:
    page = book.create_sheet(sheet.name)
    titles = [KEY_TITLE, VERSION_TITLE, *(column.title for column in sheet.columns)]
    for rank, title in enumerate(titles, start=1):
        cell = _put(page, 1, rank, title)
        cell.font, cell.fill, cell.alignment = HEAD_FONT, HEAD_FILL, WRAPPED
    for line, row in enumerate(sheet.rows, start=2):
        _put(page, line, 1, row.key)
        _put(page, line, 2, sheet.fingerprint(row))
        for rank, column in enumerate(sheet.columns, start=HIDDEN + 1):
            _write_value(page, line, rank, column, row.values.get(column.key))
        _make_room(page, line, sheet.columns)
    last = len(sheet.rows) + 1 + SPARE_ROWS
    for rank, column in enumerate(sheet.columns, start=HIDDEN + 1):
        letter = get_column_letter(rank)
        page.column_dimensions[letter].width = column.width
        if column.list_from:
            other = sheets[column.list_from]
            end = len(other.rows) + 1 + SPARE_ROWS
            first = get_column_letter(HIDDEN + 1)
            _validate(
                page, f"{quote_sheetname(other.name)}!${first}$2:${first}${end}", letter, last
            )
        elif column.kind == "choice":
            _validate(page, lists.add(column), letter, last)
    for rank in range(1, HIDDEN + 1):
        page.column_dimensions[get_column_letter(rank)].hidden = True
    page.freeze_panes = f"{get_column_letter(HIDDEN + 2)}2"
    page.print_title_rows = "1:1"
    _fit_to_width(page)


def _fit_to_width(page: Any) -> None:
    """Printed, no column is left for another page."""
    page.page_setup.orientation = "landscape"
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr.fitToPage = True


def _make_room(page: Any, line: int, columns: Sequence[SheetColumn]) -> None:
    """LibreOffice keeps the height that a file gives: without it, wrapped lines overlap."""
    wanted = 1
    for rank, column in enumerate(columns, start=HIDDEN + 1):
        value = page.cell(line, rank).value
        if isinstance(value, str):
            width = column.width - 2
            wanted = max(wanted, sum(ceil(len(part) / width) for part in value.split("\n")))
    if wanted > 1:
        page.row_dimensions[line].height = wanted * LINE_HEIGHT


def _validate(page: Any, formula: str, letter: str, last: int) -> None:
    rule = DataValidation(type="list", formula1=formula, allow_blank=True, showErrorMessage=False)
    page.add_data_validation(rule)
    rule.add(f"{letter}2:{letter}{last}")


def _write_value(page: Any, line: int, rank: int, column: SheetColumn, value: Any) -> None:
    if value is None or value == "":
        return
    typed = column.show is None and isinstance(value, (int, Decimal, date))
    typed = typed and column.kind != "choice"
    cell = _put(page, line, rank, value if typed else column.text(value))
    if typed:
        cell.number_format = FORMATS.get(column.kind, "General")
        cell.alignment = TOP
        if column.kind == "decimal" and value == value.to_integral_value():
            cell.number_format = "#,##0"
        if column.kind == "decimal" and column.width < 14:
            cell.number_format = "General"
    else:
        cell.alignment = WRAPPED


def _put(page: Any, line: int, rank: int, value: Any) -> Any:
    """A cell; text never becomes a formula, whatever it begins with."""
    cell = page.cell(line, rank)
    if isinstance(value, str):
        cell.value = safe_text(value)
        cell.data_type = "s"
    else:
        cell.value = value
    return cell


def _write_help(
    book: Workbook, title: str, sheets: Sequence[Sheet], help_lines: Sequence[tuple[str, str]]
) -> None:
    page = book.create_sheet(HELP_SHEET)
    page.column_dimensions["A"].width, page.column_dimensions["B"].width = 34, 100
    _put(page, 1, 1, title).font = TITLE_FONT
    lines = [
        *help_lines,
        *(
            (f"{sheet.name} : {column.title}", _column_help(column))
            for sheet in sheets
            for column in sheet.columns
        ),
    ]
    for line, (label, text) in enumerate(lines, start=3):
        _put(page, line, 1, label).font = BOLD
        _put(page, line, 2, text).alignment = WRAPPED
        page.cell(line, 1).alignment = WRAPPED
    _fit_to_width(page)


def _column_help(column: SheetColumn) -> str:
    kinds = {
        "text": "Texte.", "integer": "Nombre entier.", "decimal": "Nombre.",
        "date": "Date, jj/mm/aaaa.", "choice": "À choisir dans la liste.",
    }  # fmt: skip
    must = " Obligatoire." if column.required else ""
    return f"{column.help or kinds[column.kind]}{must}"
