"""A workbook that comes in: its pages, and its rows of cells under the columns declared.

Nothing is guessed from a position: a sheet is recognised by its column titles, wherever the header
stands in the first lines; those of a workbook made by someone else are matched by a person
(``inspect``, ``matching.propose``, then ``read`` with the columns chosen). Refusals are sentences
(``Unreadable``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from core.formats import plain_key
from core.sheets import headers
from core.sheets.declaration import KEY_TITLE, VERSION_TITLE, Sheet
from core.sheets.levels import carried
from core.sheets.opening import Grid, Unreadable, open_file
from core.sheets.report import spans
from core.sheets.values import plain

SAMPLES = 3
SPECIAL = {plain_key(KEY_TITLE): "key", plain_key(VERSION_TITLE): "version"}

Columns = Mapping[str, tuple[str, Mapping[int, str]]]
"""Page name → (sheet name, {column index: column key})."""


class NotOurs(Unreadable):
    """No page has the columns expected: a person may still say which is which."""


@dataclass(frozen=True)
class Page:
    """A page as a person sees it: its titles, the first values of each column."""

    name: str
    header_line: int
    """As the spreadsheet counts."""
    titles: dict[int, str]
    samples: dict[int, tuple[str, ...]]
    line_count: int


@dataclass(frozen=True)
class Line:
    """A line of the file: its number as the spreadsheet shows it, its key, its cells."""

    number: int
    key: str
    version: str
    cells: dict[str, Any]


@dataclass(frozen=True)
class Table:
    """The lines of one declared sheet. ``ignored`` are the titles that nothing declares."""

    sheet: Sheet
    name: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    ignored: tuple[str, ...] = ()
    level_lines: tuple[Line, ...] = ()
    """Lines that only name a level; the others already bear it."""
    notes: tuple[str, ...] = ()
    ranks: Mapping[str, int] = field(default_factory=dict)
    """Column key → its index in the file."""
    has_keys: bool = False
    """It left the application: its lines bear their keys."""

    def texts(self, key: str) -> list[str]:
        """What the column holds, as text, without what is empty."""
        return [text for line in self.lines if (text := plain(line.cells.get(key) or "").strip())]


def inspect(data: bytes, file_name: str) -> list[Page]:
    """The pages of the file that hold a table, whatever their titles. Raises ``Unreadable``."""
    found = []
    for grid in open_file(data, file_name):
        header = headers.guess(grid)
        if header is None:
            continue
        titles = headers.titles(grid, header)
        body = [row for row in grid.rows[header + 1 :] if any(_filled(cell) for cell in row)]
        samples = {rank: _samples(body, rank) for rank in titles}
        found.append(Page(grid.name, header + 1, titles, samples, len(body)))
    return found


def _samples(rows: Sequence[Sequence[Any]], rank: int) -> tuple[str, ...]:
    found: list[str] = []
    for row in rows:
        text = plain(row[rank]).strip() if rank < len(row) and _filled(row[rank]) else ""
        if text and text not in found:
            found.append(text)
        if len(found) == SAMPLES:
            break
    return tuple(found)


def _filled(cell: Any) -> bool:
    return cell is not None and (not isinstance(cell, str) or cell.strip() != "")


def read(
    data: bytes, file_name: str, sheets: Sequence[Sheet], columns: Columns | None = None
) -> list[Table]:
    """The declared sheets found in the file, or those that ``columns`` names. Raises ``Unreadable``."""
    grids = open_file(data, file_name)
    if columns is not None:
        return _chosen(grids, sheets, columns)
    tables = [table for grid in grids if (table := _recognised(grid, sheets)) is not None]
    if not tables:
        wanted = " ; ".join(
            f"« {sheet.name} » : {', '.join(column.title for column in sheet.columns[:4])}…"
            for sheet in sheets
        )
        raise NotOurs(
            f"Aucune feuille n'a les colonnes attendues ({wanted}). Partez du classeur exporté."
        )
    names = [table.sheet.name for table in tables]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise Unreadable(f"Deux feuilles décrivent la même chose : {', '.join(twice)}.")
    tables[0] = replace(tables[0], notes=(*_notes_of_file(grids, tables), *tables[0].notes))
    return tables


def _notes_of_file(grids: Sequence[Grid], tables: Sequence[Table]) -> list[str]:
    """What the pages that are not read say of the whole file."""
    kept = {table.name for table in tables}
    return [
        note for grid in grids if grid.name not in kept for note in grid.notes if "macros" in note
    ]


def _chosen(grids: Sequence[Grid], sheets: Sequence[Sheet], columns: Columns) -> list[Table]:
    by_name = {sheet.name: sheet for sheet in sheets}
    tables = []
    for grid in grids:
        if grid.name not in columns:
            continue
        sheet_name, chosen = columns[grid.name]
        header = headers.guess(grid)
        if sheet_name not in by_name or header is None:
            raise Unreadable(
                f"La feuille « {grid.name} » n'est plus celle dont les colonnes ont été choisies."
            )
        sheet = by_name[sheet_name]
        known = {int(rank): key for rank, key in chosen.items() if key in sheet.keys}
        tables.append(_lines(grid, sheet, header, known))
    if not tables:
        raise Unreadable("Aucune feuille du fichier n'a été choisie.")
    return tables


def _recognised(grid: Grid, sheets: Sequence[Sheet]) -> Table | None:
    """The declared sheet that this page is, by name first, then by the titles that match."""
    ordered = sorted(sheets, key=lambda sheet: plain_key(sheet.name) != plain_key(grid.name))
    best: tuple[int, Sheet, int, dict[int, str]] | None = None
    for index in range(min(len(grid.rows), headers.WITHIN)):
        titles = {rank: plain_key(title) for rank, title in headers.titles(grid, index).items()}
        for sheet in ordered:
            known = _matched(titles, sheet)
            enough = len(known) >= 2 and set(sheet.identity) <= set(known.values())
            if enough and (best is None or len(known) > best[0]):
                best = (len(known), sheet, index, known)
    return None if best is None else _lines(grid, best[1], best[2], best[3])


def _matched(titles: Mapping[int, str], sheet: Sheet) -> dict[int, str]:
    """Columns whose title, or another that people give it, is one of the sheet's."""
    known = {
        rank: sheet.by_title[title] for rank, title in titles.items() if title in sheet.by_title
    }
    found: dict[int, str] = {}
    for rank, key in known.items():
        if sheet.column(key).many or key not in found.values():
            found[rank] = key
    return found


def _lines(grid: Grid, sheet: Sheet, header: int, known: dict[int, str]) -> Table:
    titles = headers.titles(grid, header)
    special = {
        SPECIAL[plain_key(title)]: rank
        for rank, title in titles.items()
        if plain_key(title) in SPECIAL
    }
    rows, notes = headers.filled(grid, header, {r for r, k in known.items() if k in sheet.levels})
    found, banners = [], {}
    for index, row in enumerate(rows, start=header + 2):
        cells = _cells(row, known, sheet)
        if any(_filled(cell) for cell in cells.values()):
            key, version = _hidden(row, special.get("key")), _hidden(row, special.get("version"))
            found.append(Line(index, key, version, cells))
            banners[index] = _banner(grid.rows[index - 1] if index <= len(grid.rows) else row)
    lines, level_lines = carried(sheet, found, banners)
    used = {line.number for line in found}
    hidden = [rank + 1 for rank in grid.hidden if rank + 1 in used]
    if hidden:
        many = "s" if len(hidden) > 1 else ""
        notes.append(f"{spans(hidden)} : masquée{many} dans le tableur, lue{many} comme les autres")
    ignored = tuple(
        title
        for rank, title in titles.items()
        if rank not in known and rank not in special.values()
    )
    return Table(
        sheet, grid.name, tuple(dict.fromkeys(known.values())), tuple(lines), ignored,
        tuple(level_lines), (*grid.notes, *(f"« {grid.name} », {note}" for note in notes)),
        {key: rank for rank, key in reversed(known.items())}, "key" in special,
    )  # fmt: skip


def _cells(row: Sequence[Any], known: Mapping[int, str], sheet: Sheet) -> dict[str, Any]:
    """By column; several columns of the file may feed one of several values."""
    cells: dict[str, Any] = {}
    for rank, key in known.items():
        cell = row[rank] if rank < len(row) else None
        if key not in cells:
            cells[key] = cell
        elif _filled(cell):
            before = cells[key]
            cells[key] = f"{plain(before)}\n{plain(cell)}" if _filled(before) else cell
    return cells


def _banner(row: Sequence[Any]) -> str:
    """The row's only text, spread or not; empty when it holds several."""
    texts = {plain(cell).strip() for cell in row if _filled(cell)}
    return texts.pop() if len(texts) == 1 else ""


def _hidden(row: Sequence[Any], rank: int | None) -> str:
    if rank is None or rank >= len(row) or row[rank] is None:
        return ""
    return plain(row[rank]).strip()
