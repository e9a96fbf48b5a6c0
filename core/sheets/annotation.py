"""The faulty workbook handed back: a summary first, then its pages, refused cells coloured and noted.

The pages are those that were read: values, widths and titles. What the import does not look at
(pictures, formulas, macros) is not copied.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from re import sub
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.utils import get_column_letter

from core import palette
from core.documents.xlsx import HEAD_FILL, HEAD_FONT, TITLE_FONT, WRAPPED
from core.formats import plural
from core.sheets.declaration import KEY_TITLE, VERSION_TITLE, guarded
from core.sheets.opening import Grid, open_file
from core.sheets.report import Refusal, grouped
from core.sheets.values import Percent, Unresolved

SUMMARY = "À corriger"
AUTHOR = "Fil rouge"
FILL = PatternFill("solid", fgColor="FF" + palette.TONES["danger"][1].removeprefix("#").upper())
HIDDEN_TITLES = (KEY_TITLE, VERSION_TITLE)
WIDEST, NARROWEST = 48, 11
LONGEST_NAME = 31


def annotate(data: bytes, file_name: str, refusals: Sequence[Refusal]) -> bytes:
    """The file as an xlsx whose refused cells bear their reason. Raises ``Unreadable``."""
    places: dict[str, dict[tuple[int, int | None], list[str]]] = {}
    for refusal in refusals:
        marks = places.setdefault(refusal.place, {})
        marks.setdefault((refusal.line - 1, refusal.rank), []).append(refusal.message)
    book = Workbook(write_only=True)
    _summary(book, refusals)
    used = {SUMMARY.lower()}
    for grid in open_file(data, file_name):
        _page(book, grid, _free_name(grid.name, used), places.get(grid.name, {}))
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _summary(book: Workbook, refusals: Sequence[Refusal]) -> None:
    page = book.create_sheet(SUMMARY)
    page.column_dimensions["A"].width = 110
    page.append(
        [_cell(page, "Ce qui est à corriger avant d'importer ce classeur", font=TITLE_FONT)]
    )
    page.append([_cell(page, _lead(refusals), alignment=WRAPPED)])
    page.append([])
    page.append([_cell(page, "Motif", font=HEAD_FONT, fill=HEAD_FILL)])
    for text in grouped(refusals):
        page.append([_cell(page, text[:1].upper() + text[1:], alignment=WRAPPED)])


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
    width = max((len(row) for row in grid.rows), default=0)
    for rank in range(width):
        _set_column(page, grid, rank)
    for index in grid.hidden:
        page.row_dimensions[index + 1].hidden = True
    for index, row in enumerate(grid.rows):
        whole = marks.get((index, None), [])
        cells: list[Any] = []
        for rank in range(width):
            value = row[rank] if rank < len(row) else None
            messages = [*marks.get((index, rank), []), *(whole if _is_first(page, rank) else [])]
            cells.append(_marked(page, value, messages))
        page.append(cells)


def _is_first(page: Any, rank: int) -> bool:
    """The first column that is seen bears what concerns the whole line."""
    hidden = [page.column_dimensions[get_column_letter(r + 1)].hidden for r in range(rank + 1)]
    return not hidden[-1] and all(hidden[:-1])


def _set_column(page: Any, grid: Grid, rank: int) -> None:
    letter = get_column_letter(rank + 1)
    texts = [str(row[rank]) for row in grid.rows[:200] if rank < len(row) and row[rank] is not None]
    if any(text.strip() in HIDDEN_TITLES for text in texts[:20]):
        page.column_dimensions[letter].hidden = True
        return
    longest = max((len(line) for text in texts for line in text.split("\n")), default=0)
    page.column_dimensions[letter].width = min(max(longest + 2, NARROWEST), WIDEST)


def _marked(page: Any, value: Any, messages: Sequence[str]) -> Any:
    if not messages:
        return None if value is None or value == "" else _cell(page, value)
    cell = _cell(page, value, fill=FILL, alignment=WRAPPED)
    text = "\n".join(message[:1].upper() + message[1:] + "." for message in dict.fromkeys(messages))
    cell.comment = Comment(text, AUTHOR, height=60 + 15 * (len(text) // 30), width=260)
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
