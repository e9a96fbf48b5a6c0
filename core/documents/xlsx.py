"""The workbook of a content: one sheet a chapter, figures as figures, ready to print.

Only tables and key-value lists go to the workbook: text is read elsewhere. A sheet « Aide à la
lecture » says what the workbook is and how to read it. Nothing typed by a person is ever executed
by the spreadsheet: text that begins like a formula is kept as text.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from math import ceil
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from core import formats, palette
from core.documents.content import (
    Block,
    Cell,
    ChartBlock,
    Column,
    Content,
    KeyValues,
    Missing,
    Quantity,
    Section,
    State,
    Table,
)
from core.documents.page import data_sentence, identity_sentence, places_of, plain
from core.documents.xlsx_live import formula_of, offer_choices, total_formula

HELP_SHEET = "Aide à la lecture"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
FORBIDDEN_IN_NAME = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
LONGEST_NAME = 31
WIDTHS = {
    "text": 34,
    "state": 16,
    "date": 13,
    "clock": 10,
    "integer": 12,
    "decimal": 14,
    "euros": 16,
    "keuros": 16,
    "percent": 12,
}
WIDEST = 60
FOOTER_LENGTH = 70  # characters: the page number stands on the same line
CLOCK = 'hh" h "mm'
A4 = 9  # the code of the paper in the file format


def _colour(value: str) -> str:
    return value.replace("#", "FF").upper()


FONT = "Calibri"
HEAD_FONT = Font(name=FONT, bold=True, color="FFFFFFFF")
HEAD_FILL = PatternFill("solid", fgColor=_colour(palette.PRIMARY))
TITLE_FONT = Font(name=FONT, bold=True, size=14, color=_colour(palette.PRIMARY))
CAPTION_FONT = Font(name=FONT, bold=True, size=12, color=_colour(palette.PRIMARY))
BOLD = Font(name=FONT, bold=True)
NOTE_FONT = Font(name=FONT, italic=True, color=_colour(palette.INK_SOFT))
WRAPPED = Alignment(horizontal="left", wrap_text=True, vertical="top", indent=1)
ON_ONE_LINE = Alignment(horizontal="left", vertical="top")
HEAD = Alignment(horizontal="left", wrap_text=True, vertical="bottom", indent=1)
NUMERIC_HEAD = Alignment(horizontal="right", wrap_text=True, vertical="bottom")
LINE_HEIGHT = 15  # points
RIGHT = Alignment(horizontal="right", vertical="top")
TO_FILL = 4
"""Characters for one unit of width, in a table where people write."""
POINTS_A_MILLIMETRE = 2.835
CELL_LINE = Side(style="thin", color=_colour(palette.LINE))
CELL_BORDER = Border(top=CELL_LINE, bottom=CELL_LINE, left=CELL_LINE, right=CELL_LINE)
TOTAL_BORDER = Border(top=Side(style="medium", color=_colour(palette.PRIMARY)))


@dataclass
class Sheet:
    """A sheet to write: its name, and its tables in order."""

    name: str
    title: str
    tables: list[Table] = field(default_factory=list)


def render(content: Content, *, watermark: bool = False) -> bytes:
    """Draw the workbook. ``watermark`` writes « PROJET » at the head of every sheet."""
    book = Workbook(write_only=True)
    book.properties.title = content.title
    book.properties.creator = content.meta.agreement_name or "Fil rouge"
    book.properties.language = "fr-FR"
    sheets = list(sheets_of(content))
    _write_help(book, content, sheets, watermark)
    for sheet in sheets:
        _write_sheet(book, sheet, content, watermark)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def sheets_of(content: Content) -> Iterable[Sheet]:
    """The tables of the content by sheet, in the order of the document."""
    found: dict[str, Sheet] = {}
    for section in content.restricted().sections:
        for block in section.blocks:
            table = _as_table(block, section)
            wanted = (table.sheet or section.sheet) if table else None
            if table is None or not wanted:
                continue
            name = sheet_name(wanted)
            found.setdefault(name, Sheet(name, section.title)).tables.append(table)
    return found.values()


def sheet_name(wanted: str) -> str:
    """What spreadsheets accept as a name: 31 characters, without ``[]:*?/\\``."""
    return wanted.translate(FORBIDDEN_IN_NAME).strip("' ")[:LONGEST_NAME] or "Feuille"


def _as_table(block: Block, section: Section) -> Table | None:
    if isinstance(block, Table):
        return block
    if isinstance(block, ChartBlock):
        return None  # its rows stand in the table beneath it
    if isinstance(block, KeyValues):
        rows = tuple((label, Missing() if value is None else value) for label, value in block.rows)
        return Table(
            caption=block.caption or section.title,
            columns=(Column("Rubrique"), Column("Valeur")),
            rows=rows,
        )
    return None


# --- Sheets ---------------------------------------------------------------------------------
def _write_sheet(book: Workbook, sheet: Sheet, content: Content, watermark: bool) -> None:
    page = book.create_sheet(sheet.name)
    columns = max(len(table.columns) for table in sheet.tables)
    for rank in range(columns):
        page.column_dimensions[get_column_letter(rank + 1)].width = max(
            _width(table, rank) for table in sheet.tables if rank < len(table.columns)
        )
    _set_up_printing(page, content, columns)
    lines: list[list[Any]] = [[_line(page, sheet.title, TITLE_FONT)]]
    state = identity_sentence(content.meta)
    lines.append([_line(page, f"PROJET – {state}" if watermark else state, NOTE_FONT)])
    lines.append([])
    # The head of the first table stays in sight: it is the sixth line.
    page.freeze_panes = "A6"
    if len(sheet.tables) == 1:
        page.print_title_rows = "5:5"
    for rank, table in enumerate(sheet.tables):
        if rank:
            lines.append([])
        lines += _table_lines(page, table, len(lines))
    page.print_area = f"A1:{get_column_letter(columns)}{len(lines)}"
    _append(page, lines)


def _table_lines(page: Any, table: Table, above: int) -> list[list[Any]]:
    """The lines of a table that stands under ``above`` others."""
    first = above + 3  # under its caption and its head
    offer_choices(page, table, first)
    lines: list[list[Any]] = [[_line(page, table.caption, CAPTION_FONT)]]
    lines.append(
        [
            _cell(
                page,
                _head(column),
                font=HEAD_FONT,
                fill=HEAD_FILL,
                alignment=NUMERIC_HEAD if column.numeric else HEAD,
            )
            for column in table.columns
        ]
    )
    if not table.rows:
        lines.append([_line(page, table.empty, NOTE_FONT)])
    for number, row in enumerate(table.rows, start=first):
        cells = [
            _formula(page, column, formula_of(table, rank, number, first))
            or _value(page, column, cell)
            for rank, (column, cell) in enumerate(zip(table.columns, row, strict=True))
        ]
        if table.row_height:
            page.row_dimensions[number].height = table.row_height * POINTS_A_MILLIMETRE
            for cell in cells:
                cell.border = CELL_BORDER
        lines.append(cells)
    if table.has_total:
        last = first + len(table.rows)
        total = [
            _formula(page, column, total_formula(table, rank, last, first))
            or _value(page, column, cell)
            for rank, (column, cell) in enumerate(zip(table.columns, table.totals, strict=True))
        ]
        for cell in total:
            cell.font, cell.border = BOLD, TOTAL_BORDER
        lines.append(total)
    notes = [*table.notes, f"Source : {table.source}" if table.source else ""]
    lines += [[_line(page, note, NOTE_FONT)] for note in notes if note]
    return lines


def _head(column: Column) -> str:
    unit = {"euros": "€", "keuros": "€", "percent": "%"}.get(column.kind, column.unit)
    return f"{column.title} ({unit})" if unit and f"({unit})" not in column.title else column.title


def _width(table: Table, rank: int) -> float:
    column = table.columns[rank]
    if column.kind != "text":
        return WIDTHS[column.kind]
    longest = max((len(str(row[rank])) for row in table.rows), default=0)
    if table.row_height:
        longest = max(longest, (column.width or TO_FILL) * TO_FILL)
    return min(max(longest + 2, len(column.title) + 2, 10), WIDEST)


def _set_up_printing(page: Any, content: Content, columns: int) -> None:
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.page_setup.paperSize = A4
    page.page_setup.orientation = "landscape" if columns > 4 else "portrait"
    page.oddHeader.left.text = _header_text(content.title)
    page.oddFooter.left.text = _header_text(data_sentence(content.meta, FOOTER_LENGTH))
    page.oddFooter.right.text = "page &P sur &N"


def _header_text(text: str) -> str:
    """« & » begins a code in headers; they hold 255 characters in all."""
    return text.replace("&", "&&")[:200]


# --- Cells ----------------------------------------------------------------------------------
def _cell(page: Any, value: Any, **style: Any) -> WriteOnlyCell:
    if isinstance(value, str):
        value = safe_text(value)
    cell = WriteOnlyCell(page, value)
    if isinstance(value, str):
        cell.data_type = "s"  # never a formula, whatever the text begins with
        cell.alignment = WRAPPED
    for name, given in style.items():
        setattr(cell, name, given)
    return cell


def _line(page: Any, text: str, font: Font) -> WriteOnlyCell:
    """A title or a note: it runs over the empty cells at its right."""
    return _cell(page, text, font=font, alignment=ON_ONE_LINE)


def _append(page: Any, lines: list[list[Any]]) -> None:
    """Each row as high as its longest text needs: not every spreadsheet works it out by itself."""
    for number, line in enumerate(lines, 1):
        height = 1
        for rank, cell in enumerate(line, 1):
            if isinstance(cell.value, str) and cell.alignment.wrap_text:
                width = page.column_dimensions[get_column_letter(rank)].width - 2
                height = max(
                    height, sum(ceil(len(part) / width) for part in cell.value.split("\n"))
                )
        if height > 1:
            given = page.row_dimensions[number].height or 0
            page.row_dimensions[number].height = max(given, height * LINE_HEIGHT)
        page.append(line)


def safe_text(text: str) -> str:
    """Text as it is read, marked so that saving it again as CSV does not make a formula of it."""
    cleaned = ILLEGAL_CHARACTERS_RE.sub("", plain(text))
    return f"'{cleaned}" if cleaned.startswith(FORMULA_STARTS) else cleaned


def _value(page: Any, column: Column, value: Cell) -> WriteOnlyCell:
    """A typed cell: a figure stays the exact figure, its format only shows it."""
    if value is None or isinstance(value, Missing):
        reason = (
            value.reason
            if isinstance(value, Missing)
            else ("" if column.kind == "text" else formats.MISSING)
        )
        return _cell(page, reason, font=NOTE_FONT, alignment=RIGHT if column.numeric else WRAPPED)
    if isinstance(value, State):
        return _cell(page, value.label)
    if isinstance(value, Quantity):
        return _cell(page, value.value, number_format=_quantity_format(value))
    if isinstance(value, datetime):
        return _cell(
            page, value.replace(tzinfo=None), number_format="dd/mm/yyyy hh:mm", alignment=WRAPPED
        )
    if isinstance(value, date):
        return _cell(page, value, number_format="dd/mm/yyyy", alignment=WRAPPED)
    if isinstance(value, time):
        return _cell(page, value, number_format=CLOCK, alignment=WRAPPED)
    if isinstance(value, str):
        return _cell(page, value)
    return _cell(page, value, number_format=_number_format(column, value), alignment=RIGHT)


def _formula(page: Any, column: Column, formula: str) -> WriteOnlyCell | None:
    """A cell that the spreadsheet works out: written by us, never by a person."""
    if not formula:
        return None
    is_clock = column.kind == "clock"
    cell = WriteOnlyCell(page, formula)
    cell.number_format = CLOCK if is_clock else _number_format(column, 0)
    cell.alignment = WRAPPED if is_clock else RIGHT
    return cell


def _number_format(column: Column, value: Any) -> str:
    """17 is shown « 17,0 »: percents are kept as they are said, the head gives the sign."""
    places = 2 if column.kind in ("euros", "keuros") else places_of(column, value)
    return "#,##0" + (f".{'0' * places}" if places else "")


def _quantity_format(quantity: Quantity) -> str:
    """The unit stands in the format: « 12 806 hab. » is read, and 12806 is there to compute with."""
    figure = "#,##0" + (f".{'0' * quantity.decimals}" if quantity.decimals else "")
    before = '"au moins "' if quantity.at_least else ""
    unit = quantity.unit.replace('"', "")
    return f'{before}{figure}" {unit}"' if unit else f"{before}{figure}"


# --- Help -----------------------------------------------------------------------------------
READING = (
    ("n.d.", "Valeur non disponible : elle n'est pas connue. Ce n'est jamais un zéro."),
    ("secret", "Valeur que le producteur ne diffuse pas, pour protéger les personnes."),
    ("sans objet", "La question ne se pose pas pour cette ligne."),
    ("Totaux", "Somme des seules valeurs connues de la colonne."),
    (
        "Montants",
        "En euros, au centime ; les documents imprimés peuvent les dire en milliers (k€).",
    ),
    ("Pourcentages", "17 se lit 17 %."),
    (
        "Texte commençant par =, +, - ou @",
        "Précédé d'une apostrophe, pour qu'un tableur ne l'exécute pas.",
    ),
)


def _write_help(book: Workbook, content: Content, sheets: list[Sheet], watermark: bool) -> None:
    page = book.create_sheet(HELP_SHEET)
    page.column_dimensions["A"].width, page.column_dimensions["B"].width = 34, 90
    _set_up_printing(page, content, 2)
    meta = content.meta
    facts = [
        ("Territoire", meta.agreement_name or meta.territory),
        ("Convention", meta.reference),
        ("État", f"{'PROJET – ' if watermark else ''}{identity_sentence(meta)}"),
        ("Données", f"au {formats.date_long(meta.data_as_of)}" if meta.data_as_of else ""),
        ("Sources", " ; ".join(meta.sources)),
        *(("À savoir", line) for line in meta.extra_lines),
    ]
    lines: list[list[Any]] = [
        [_line(page, f"{content.title} – {content.subtitle}".removesuffix(" – "), TITLE_FONT)]
    ]
    lines += [_told(page, label, text) for label, text in facts if text]
    lines += [[], [_line(page, "Feuilles", CAPTION_FONT)]]
    lines += [
        _told(page, sheet.name, " ; ".join(table.caption for table in sheet.tables))
        for sheet in sheets
    ]
    lines += [[], [_line(page, "Comment lire", CAPTION_FONT)]]
    lines += [_told(page, label, text) for label, text in READING]
    _append(page, lines)


def _told(page: Any, label: str, text: str) -> list[Any]:
    return [_cell(page, label, font=BOLD), _cell(page, text)]
