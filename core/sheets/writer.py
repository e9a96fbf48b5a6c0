"""The workbook as it leaves: typed cells, drop-down lists, hidden and locked keys, a frozen header.

Written line by line: thousands of rows cost little more than openpyxl itself (``make bench``).
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from copy import copy
from datetime import date
from decimal import Decimal
from math import ceil
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, Protection
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation

from core.documents.xlsx import (
    BOLD,
    HEAD_FILL,
    HEAD_FONT,
    LINE_HEIGHT,
    TITLE_FONT,
    WRAPPED,
)
from core.sheets.declaration import KEY_TITLE, VERSION_TITLE, Sheet, SheetColumn, guarded

HELP_SHEET, LISTS_SHEET = "Mode d'emploi", "Listes"
SPARE_ROWS = 300
"""Empty lines beneath, where the drop-down lists work too."""
HIDDEN = 2
"""Key and version stand before the first visible column."""
LONGEST_TEXT = 32_767
"""Characters that a cell holds."""
TOP = Alignment(vertical="top")
UNLOCKED = Protection(locked=False)
WHOLE, CENTS = '#,##0\\ "€"', '#,##0.00\\ "€"'
FORMATS = {"date": "dd/mm/yyyy", "integer": "0", "percent": "0\\ %"}
LOCKED_HELP = (
    "Feuilles protégées",
    "Les colonnes masquées sont verrouillées, sans mot de passe : pour trier ou supprimer des lignes,"
    " ôtez d'abord la protection (Révision, « Ôter la protection de la feuille »).",
)


def write(title: str, sheets: Sequence[Sheet], help_lines: Sequence[tuple[str, str]]) -> bytes:
    """Draw the workbook: its sheets, their lists (hidden), and how to use it."""
    book = Workbook(write_only=True)
    book.properties.title = title
    book.properties.language = "fr-FR"
    styles = _Styles(book)
    lists = _Lists()
    named = {known.name: known for known in sheets}
    for sheet in sheets:
        _write_sheet(book, sheet, styles, lists, named)
    _write_help(book, title, sheets, [*help_lines, LOCKED_HELP])
    lists.write(book)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


class _Styles:
    """Each look of a cell, registered once: a style set cell by cell costs more than the cell."""

    def __init__(self, book: Workbook) -> None:
        self.page = book.create_sheet("styles")
        self.known: dict[str, Any] = {}
        self._add("text", alignment=WRAPPED, protection=UNLOCKED)
        for name in ("General", "#,##0", "#,##0.##", WHOLE, CENTS, *FORMATS.values()):
            self._add(name, alignment=TOP, protection=UNLOCKED, number_format=name)
        self._add("head", alignment=WRAPPED, font=HEAD_FONT, fill=HEAD_FILL)
        self._add("locked", font=Font())
        book.remove(self.page)

    def _add(self, name: str, **look: Any) -> None:
        cell = WriteOnlyCell(self.page)
        for attribute, value in look.items():
            setattr(cell, attribute, value)
        self.known[name] = copy(cell._style)

    def cell(self, page: Any, value: Any, style: str) -> WriteOnlyCell:
        """Text never becomes a formula, whatever it begins with."""
        cell = WriteOnlyCell(page)
        cell._style = self.known[style]
        if isinstance(value, str):
            cell._value, cell.data_type = guarded(value)[:LONGEST_TEXT], "s"
        elif isinstance(value, date):
            cell._value, cell.data_type = value, "d"
        else:
            cell._value = value
        return cell


class _Lists:
    """The values of the drop-down lists, one column each, on a hidden sheet written last."""

    def __init__(self) -> None:
        self.columns: list[list[str]] = []

    def add(self, column: SheetColumn) -> str:
        labels = [column.title, *(label for _, label in column.choices)]
        if labels not in self.columns:
            self.columns.append(labels)
        letter = get_column_letter(self.columns.index(labels) + 1)
        return f"{LISTS_SHEET}!${letter}$2:${letter}${max(len(labels), 2)}"

    def write(self, book: Workbook) -> None:
        page = book.create_sheet(LISTS_SHEET)
        page.sheet_state = "hidden"
        for line in range(max(map(len, self.columns), default=0)):
            page.append([
                _text(page, labels[line]) if line < len(labels) else None for labels in self.columns
            ])  # fmt: skip


def _write_sheet(
    book: Workbook, sheet: Sheet, styles: _Styles, lists: _Lists, sheets: dict[str, Sheet]
) -> None:
    page = book.create_sheet(sheet.name)
    _set_page(page)
    _set_columns(page, sheet, styles, lists, sheets)
    titles = [KEY_TITLE, VERSION_TITLE, *(column.title for column in sheet.columns)]
    page.append([styles.cell(page, title, "head") for title in titles])
    for line, row in enumerate(sheet.rows, start=2):
        cells = [
            styles.cell(page, row.key, "locked"),
            styles.cell(page, sheet.prints(row), "locked"),
        ]
        height = 1
        for column in sheet.columns:
            value = row.values.get(column.key)
            if value is None or value == "" or value == ():
                cells.append(None)  # type: ignore[arg-type]
                continue
            cell = _value(page, styles, column, value)
            cells.append(cell)
            if isinstance(cell._value, str):
                height = max(height, _height(cell._value, column.width - 2))
        if height > 1:
            # LibreOffice keeps the height that a file gives: without it, wrapped lines overlap.
            page.row_dimensions[line].height = height * LINE_HEIGHT
        page.append(cells)


def _set_page(page: Any) -> None:
    """The keys are locked, without a password; printed, no column is left for another page."""
    page.freeze_panes = f"{get_column_letter(HIDDEN + 2)}2"
    page.print_title_rows = "1:1"
    _fit_to_width(page)
    protection = page.protection
    protection.sheet = True
    for allowed in (
        "formatCells",
        "formatColumns",
        "formatRows",
        "insertRows",
        "autoFilter",
        "sort",
    ):
        setattr(protection, allowed, False)  # False: not forbidden


def _fit_to_width(page: Any) -> None:
    page.page_setup.orientation = "landscape"
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr.fitToPage = True


def _set_columns(
    page: Any, sheet: Sheet, styles: _Styles, lists: _Lists, sheets: dict[str, Sheet]
) -> None:
    last = len(sheet.rows) + 1 + SPARE_ROWS
    for rank in range(1, HIDDEN + 1):
        page.column_dimensions[get_column_letter(rank)].hidden = True
    for rank, column in enumerate(sheet.columns, start=HIDDEN + 1):
        letter = get_column_letter(rank)
        dimension = page.column_dimensions[letter]
        dimension.width = column.width
        dimension._style = styles.known[_style_of(column)]
        if column.list_from:
            other = sheets[column.list_from]
            end = len(other.rows) + 1 + SPARE_ROWS
            first = get_column_letter(HIDDEN + 1)
            _validate(
                page, f"{quote_sheetname(other.name)}!${first}$2:${first}${end}", letter, last
            )
        elif column.kind == "choice":
            _validate(page, lists.add(column), letter, last)


def _validate(page: Any, formula: str, letter: str, last: int) -> None:
    rule = DataValidation(type="list", formula1=formula, allow_blank=True, showErrorMessage=False)
    page.data_validations.append(rule)
    rule.add(f"{letter}2:{letter}{last}")


def _style_of(column: SheetColumn) -> str:
    """The look of an empty cell: what is typed there is read as it is shown."""
    if column.kind == "amount":
        return WHOLE
    return FORMATS.get(column.kind, "text" if column.kind in ("text", "choice") else "General")


def _value(page: Any, styles: _Styles, column: SheetColumn, value: Any) -> WriteOnlyCell:
    typed = column.show is None and not column.many and isinstance(value, int | Decimal | date)
    if not typed or column.kind in ("text", "choice"):
        return styles.cell(page, column.text(value), "text")
    if column.kind == "percent":
        return styles.cell(page, Decimal(value) / 100, FORMATS["percent"])
    if column.kind == "amount":
        return styles.cell(page, value, WHOLE if value == int(value) else CENTS)
    style = FORMATS.get(column.kind, "General")
    if column.kind == "decimal" and column.width >= 14:
        style = "#,##0" if value == int(value) else "#,##0.##"
    return styles.cell(page, value, style)


def _height(text: str, width: int) -> int:
    if len(text) <= width and "\n" not in text:
        return 1
    return sum(max(1, ceil(len(part) / width)) for part in text.split("\n"))


def _text(page: Any, text: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(page)
    cell._value, cell.data_type = guarded(text)[:LONGEST_TEXT], "s"
    return cell


def _write_help(
    book: Workbook, title: str, sheets: Sequence[Sheet], help_lines: Sequence[tuple[str, str]]
) -> None:
    page = book.create_sheet(HELP_SHEET)
    page.column_dimensions["A"].width, page.column_dimensions["B"].width = 34, 100
    _fit_to_width(page)
    head = _text(page, title)
    head.font = TITLE_FONT
    page.append([head])
    page.append([])
    columns = [
        (f"{sheet.name} : {column.title}", _column_help(column))
        for sheet in sheets
        for column in sheet.columns
    ]
    for label, text in [*help_lines, *columns]:
        cells = [_text(page, label), _text(page, text)]
        cells[0].font = BOLD
        for cell in cells:
            cell.alignment = WRAPPED
        page.append(cells)


def _column_help(column: SheetColumn) -> str:
    kinds = {
        "text": "Texte.", "integer": "Nombre entier.", "decimal": "Nombre.",
        "amount": "Montant en euros.", "percent": "Pourcentage, de 0 à 100 %.",
        "date": "Date, jj/mm/aaaa.", "choice": "À choisir dans la liste.",
    }  # fmt: skip
    told = column.help or kinds[column.kind]
    many = " Plusieurs valeurs possibles, séparées par « ; »." if column.many else ""
    must = " Obligatoire." if column.required else ""
    return f"{told}{many}{must}"
