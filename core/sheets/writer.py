"""The workbook as it leaves: typed cells, drop-down lists, hidden and locked keys, a frozen header.

The rows themselves are written by ``rows_xml``: thousands cost less than with openpyxl (``make bench``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import copy
from datetime import date
from decimal import Decimal
from math import ceil
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Protection
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation

from core.documents.xlsx import (
    A4,
    BOLD,
    HEAD_FILL,
    HEAD_FONT,
    LINE_HEIGHT,
    TITLE_FONT,
    WRAPPED,
)
from core.sheets.declaration import KEY_TITLE, VERSION_TITLE, Sheet, SheetColumn, guarded
from core.sheets.rows_xml import Cell, Row, save

HELP_SHEET, LISTS_SHEET = "Mode d'emploi", "Listes"
SPARE_ROWS = 300
"""Empty lines beneath, where the drop-down lists work too."""
PRINTED_WIDTH = 240
"""Width of the columns that a landscape A4 page prints readably."""
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
    book = Workbook()
    book.remove(book.active)
    book.properties.title = title
    book.properties.language = "fr-FR"
    lists = _Lists()
    named = {known.name: known for known in sheets}
    pages = {sheet.name: book.create_sheet(sheet.name) for sheet in sheets}
    styles = _Styles(book)
    for sheet in sheets:
        _set_page(pages[sheet.name], sheet)
        _set_columns(pages[sheet.name], sheet, styles, lists, named)
    _write_help(book, title, sheets, [*help_lines, LOCKED_HELP])
    lists.write(book)
    return save(
        book,
        {sheet.name: _rows(sheet, styles) for sheet in sheets},
        {sheet.name: HIDDEN + len(sheet.columns) for sheet in sheets},
    )


class _Styles:
    """Each look of a cell, registered once, by its number in the workbook."""

    def __init__(self, book: Workbook) -> None:
        self.page = book.create_sheet("styles")
        self.known: dict[str, Any] = {}
        self.numbers: dict[str, int] = {}
        self._add("text", alignment=WRAPPED, protection=UNLOCKED)
        for name in ("General", "#,##0", "#,##0.##", WHOLE, CENTS, *FORMATS.values()):
            self._add(name, alignment=TOP, protection=UNLOCKED, number_format=name)
        self._add("head", alignment=WRAPPED, font=HEAD_FONT, fill=HEAD_FILL)
        self._add("locked")
        book.remove(self.page)

    def _add(self, name: str, **look: Any) -> None:
        cell = self.page.cell(1, len(self.known) + 1)
        for attribute, value in look.items():
            setattr(cell, attribute, value)
        self.known[name] = copy(cell._style)
        self.numbers[name] = cell.style_id

    def text(self, text: str, style: str = "text") -> Cell:
        """Text never becomes a formula, whatever it begins with."""
        return Cell(safe(text), self.numbers[style])


def safe(text: str) -> str:
    """As a cell may hold it."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return guarded(text)[:LONGEST_TEXT]


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
        for rank, labels in enumerate(self.columns, start=1):
            for line, label in enumerate(labels, start=1):
                _put(page, line, rank, label)


def _rows(sheet: Sheet, styles: _Styles) -> Iterator[Row]:
    titles = [KEY_TITLE, VERSION_TITLE, *(column.title for column in sheet.columns)]
    yield Row(tuple(styles.text(title, "head") for title in titles))
    for row in sheet.rows:
        texts = [column.text(row.values.get(column.key)) for column in sheet.columns]
        cells: list[Cell | None] = [
            styles.text(row.key, "locked"),
            styles.text(sheet.prints_of_texts(texts), "locked"),
        ]
        lines = 1
        for column, text in zip(sheet.columns, texts, strict=True):
            if not text:
                cells.append(None)
                continue
            cell = _cell(styles, column, row.values[column.key], text)
            cells.append(cell)
            if isinstance(cell.value, str):
                lines = max(lines, _lines(cell.value, column.width - 2))
        # LibreOffice keeps the height that a file gives: without it, wrapped lines overlap.
        yield Row(tuple(cells), lines * LINE_HEIGHT if lines > 1 else None)


def _set_page(page: Any, sheet: Sheet) -> None:
    """The keys are locked, without a password; printed, no column is left for another page."""
    page.freeze_panes = f"{get_column_letter(HIDDEN + 2)}2"
    page.print_title_rows = "1:1"
    width = sum(column.width for column in sheet.columns)
    _fit_to_width(page, width)
    if width > PRINTED_WIDTH:
        page.print_title_cols = _naming_columns(sheet)
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


def _naming_columns(sheet: Sheet) -> str:
    """The columns repeated on each page abreast: what first identifies a line, and its neighbour."""
    keys = [column.key for column in sheet.columns]
    first = keys.index(sheet.identity[0])
    second = keys.index(sheet.identity[1]) if len(sheet.identity) > 1 else first
    last = second if second == first + 1 else first
    letters = [get_column_letter(HIDDEN + 1 + rank) for rank in (first, last)]
    return ":".join(letters)


def _fit_to_width(page: Any, width: int = 0) -> None:
    """``width``: of all the columns. A wide sheet takes several pages abreast, to stay readable."""
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = A4
    page.page_setup.fitToWidth = max(1, ceil(width / PRINTED_WIDTH))
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
    page.add_data_validation(rule)
    rule.add(f"{letter}2:{letter}{last}")


def _style_of(column: SheetColumn) -> str:
    """The look of an empty cell: what is typed there is read as it is shown."""
    if column.kind == "amount":
        return WHOLE
    return FORMATS.get(column.kind, "text" if column.kind in ("text", "choice") else "General")


def _cell(styles: _Styles, column: SheetColumn, value: Any, text: str) -> Cell:
    typed = column.show is None and not column.many and isinstance(value, int | Decimal | date)
    if not typed or column.kind in ("text", "choice"):
        return styles.text(text)
    if column.kind == "percent":
        return Cell(Decimal(value) / 100, styles.numbers[FORMATS["percent"]])
    if column.kind == "amount":
        return Cell(value, styles.numbers[WHOLE if value == int(value) else CENTS])
    style = FORMATS.get(column.kind, "General")
    if column.kind == "decimal" and column.width >= 14:
        style = "#,##0" if value == int(value) else "#,##0.##"
    return Cell(value, styles.numbers[style])


def _lines(text: str, width: int) -> int:
    if len(text) <= width and "\n" not in text:
        return 1
    return sum(max(1, ceil(len(part) / width)) for part in text.split("\n"))


def _put(page: Any, line: int, rank: int, text: str) -> Any:
    cell = page.cell(line, rank)
    cell.value, cell.data_type = safe(text), "s"
    return cell


def _write_help(
    book: Workbook, title: str, sheets: Sequence[Sheet], help_lines: Sequence[tuple[str, str]]
) -> None:
    page = book.create_sheet(HELP_SHEET)
    page.column_dimensions["A"].width, page.column_dimensions["B"].width = 34, 100
    _fit_to_width(page)
    _put(page, 1, 1, title).font = TITLE_FONT
    columns = [
        (f"{sheet.name} : {column.title}", _column_help(column))
        for sheet in sheets
        for column in sheet.columns
    ]
    for line, (label, text) in enumerate([*help_lines, *columns], start=3):
        cells = [_put(page, line, 1, label), _put(page, line, 2, text)]
        cells[0].font = BOLD
        for cell in cells:
            cell.alignment = WRAPPED


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
