"""The faulty workbook handed back: a summary first, then its pages, refused cells coloured and noted.

An xlsx is handed back as it is, with its looks, lists and formulas; macros are left out. What openpyxl
cannot draw again, and files of another format, are handed back as values.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from re import sub
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import MergedCell, WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from core import palette
from core.documents.xlsx import HEAD_FILL, HEAD_FONT, TITLE_FONT, WRAPPED
from core.formats import plural
from core.sheets import headers
from core.sheets.declaration import KEY_TITLE, VERSION_TITLE, guarded
from core.sheets.inspection import without_empty_rows
from core.sheets.opening import Grid, open_file
from core.sheets.report import Refusal, grouped
from core.sheets.values import Percent, Unresolved

SUMMARY = "À corriger"
AUTHOR = "Fil rouge"
FILL = PatternFill("solid", fgColor="FF" + palette.TONES["danger"][1].removeprefix("#").upper())
HIDDEN_TITLES = (KEY_TITLE, VERSION_TITLE)
WIDEST, NARROWEST = 48, 11
LONGEST_NAME = 31
MANY_CELLS = 300_000
"""Beyond, the workbook is handed back as values: drawing it again would take minutes."""
Places = dict[str, dict[tuple[int, int | None], list[str]]]
"""Page → (row, column or None for the whole line) from 0 → reasons."""


def annotate(data: bytes, file_name: str, refusals: Sequence[Refusal]) -> bytes:
    """The file as an xlsx whose refused cells bear their reason. Raises ``Unreadable``."""
    grids = open_file(data, file_name)
    places: Places = {}
    for refusal in refusals:
        marks = places.setdefault(refusal.place, {})
        marks.setdefault((refusal.line - 1, refusal.rank), []).append(refusal.message)
    if file_name.lower().endswith((".xlsx", ".xlsm")) and _is_small(grids):
        try:
            return _as_it_was(data, refusals, places)
        except Exception:  # openpyxl fails in a hundred ways on what a damaged file may hold
            pass
    return _as_values(grids, refusals, places)


def _is_small(grids: Sequence[Grid]) -> bool:
    return sum(len(grid.rows) * max(map(len, grid.rows), default=0) for grid in grids) <= MANY_CELLS


# --- As it was --------------------------------------------------------------------------------
def _as_it_was(data: bytes, refusals: Sequence[Refusal], places: Places) -> bytes:
    book = load_workbook(io.BytesIO(_without_weight(data)))
    for name, marks in places.items():
        page = book[name]
        for (line, rank), messages in marks.items():
            cell = _first_cell(
                page.cell(line + 1, (_first_seen(page) if rank is None else rank) + 1)
            )
            cell.fill = FILL
            before = f"{cell.comment.text}\n" if cell.comment is not None else ""
            cell.comment = _comment(before, messages)
    summary = book.create_sheet(_free_name(SUMMARY, {n.lower() for n in book.sheetnames}), 0)
    for cells in _summary(summary, refusals):
        summary.append(cells)
    for page in book.worksheets:
        page.sheet_view.tabSelected = page is summary
    book.active = 0
    return _saved(book)


def _without_weight(data: bytes) -> bytes:
    """The archive without its macros nor the rows that hold nothing."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as archive:
        for name in source.namelist():
            held = source.read(name)
            if name.startswith("xl/worksheets/"):
                held = without_empty_rows(held)
            archive.writestr(name, held)
    return out.getvalue()


def _first_seen(page: Any) -> int:
    """The first column that is not hidden bears what concerns the whole line."""
    rank = 0
    while page.column_dimensions[get_column_letter(rank + 1)].hidden and rank < 50:
        rank += 1
    return rank


def _first_cell(cell: Any) -> Any:
    """Only the first cell of a merged area may be noted."""
    if isinstance(cell, MergedCell):
        for area in cell.parent.merged_cells.ranges:
            if cell.coordinate in area:
                return cell.parent.cell(area.min_row, area.min_col)
    return cell


def _comment(before: str, messages: Sequence[str]) -> Comment:
    told = [message[:1].upper() + message[1:] + "." for message in dict.fromkeys(messages)]
    text = before + "\n".join(told)
    return Comment(text, AUTHOR, height=60 + 15 * (len(text) // 30), width=260)


def _saved(book: Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


# --- As values --------------------------------------------------------------------------------
def _as_values(grids: Sequence[Grid], refusals: Sequence[Refusal], places: Places) -> bytes:
    book = Workbook(write_only=True)
    summary = book.create_sheet(SUMMARY)
    for cells in _summary(summary, refusals):
        summary.append(cells)
    used = {SUMMARY.lower()}
    for grid in grids:
        _page(book, grid, _free_name(grid.name, used), places.get(grid.name, {}))
    return _saved(book)


def _summary(page: Any, refusals: Sequence[Refusal]) -> Iterator[list[Any]]:
    page.column_dimensions["A"].width = 110
    _fit_to_width(page)
    yield [_cell(page, "Ce qui est à corriger avant d'importer ce classeur", font=TITLE_FONT)]
    yield [_cell(page, _lead(refusals), alignment=WRAPPED)]
    yield []
    yield [_cell(page, "Motif", font=HEAD_FONT, fill=HEAD_FILL)]
    for text in grouped(refusals):
        yield [_cell(page, text[:1].upper() + text[1:], alignment=WRAPPED)]


def _fit_to_width(page: Any) -> None:
    page.page_setup.orientation = "landscape"
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _lead(refusals: Sequence[Refusal]) -> str:
    told = plural(len(refusals), "refus", "refus")
    return (
        f"{told}. Les cellules en cause sont colorées ; le motif est en commentaire. Corrigez-les dans"
        " ce classeur, puis importez-le : cette première feuille n'est pas lue."
    )


def _page(
    book: Workbook, grid: Grid, name: str, marks: dict[tuple[int, int | None], list[str]]
) -> None:
    page = book.create_sheet(name)
    _fit_to_width(page)
    header = headers.guess(grid)
    width = max((len(row) for row in grid.rows), default=0)
    for rank in range(width):
        _set_column(page, grid, rank)
    for index in grid.hidden:
        page.row_dimensions[index + 1].hidden = True
    first = _first_seen(page)
    for index, row in enumerate(grid.rows):
        whole = marks.get((index, None), [])
        cells: list[Any] = []
        for rank in range(width):
            value = row[rank] if rank < len(row) else None
            messages = [*marks.get((index, rank), []), *(whole if rank == first else [])]
            cells.append(_marked(page, value, messages, is_title=index == header))
        page.append(cells)


def _set_column(page: Any, grid: Grid, rank: int) -> None:
    letter = get_column_letter(rank + 1)
    texts = [str(row[rank]) for row in grid.rows[:200] if rank < len(row) and row[rank] is not None]
    if any(text.strip() in HIDDEN_TITLES for text in texts[:20]):
        page.column_dimensions[letter].hidden = True
        return
    longest = max((len(line) for text in texts for line in text.split("\n")), default=0)
    page.column_dimensions[letter].width = min(max(longest + 2, NARROWEST), WIDEST)


def _marked(page: Any, value: Any, messages: Sequence[str], *, is_title: bool) -> Any:
    if is_title and not messages:
        return _cell(page, value, font=HEAD_FONT, fill=HEAD_FILL, alignment=WRAPPED)
    if not messages:
        return None if value is None or value == "" else _cell(page, value)
    cell = _cell(page, value, fill=FILL, alignment=WRAPPED)
    cell.comment = _comment("", messages)
    return cell


def _cell(page: Any, value: Any, **look: Any) -> WriteOnlyCell:
    cell = WriteOnlyCell(page)
    if isinstance(value, Unresolved):
        value = str(value)
    if isinstance(value, str):
        cell._value, cell.data_type = guarded(value)[:32_767], "s"
    elif isinstance(value, Percent):
        cell.value, cell.number_format = float(value), "0\\ %"
    elif isinstance(value, datetime | date | time | timedelta):
        cell.value = value
        if not isinstance(value, time | timedelta):
            cell.number_format = "dd/mm/yyyy"
    else:
        cell.value = value
    for name, given in look.items():
        setattr(cell, name, given)
    return cell


def _free_name(name: str, used: set[str]) -> str:
    """A name that a sheet may bear, once."""
    base = sub(r"[\[\]:*?/\\]", " ", name).strip("' ")[:LONGEST_NAME] or "Feuille"
    found, rank = base, 2
    while found.lower() in used:
        found, rank = f"{base[: LONGEST_NAME - 4]} ({rank})", rank + 1
    used.add(found.lower())
    return found
