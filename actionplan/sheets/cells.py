"""What the readers of the sheets share: the text of a cell, keys, refusals, the cells that a partner
may write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from actionplan.sheets.book import Book
from core.sheets import Line, Refusal, SheetColumn, SheetRow, Table
from core.sheets.declaration import unguarded
from core.sheets.values import plain

if TYPE_CHECKING:
    from actionplan.sheets.adapt import Adapted


def cell_text(cells: Mapping[str, Any], key: str) -> str:
    cell = cells.get(key)
    return "" if cell is None else unguarded(plain(cell))


def filled(cell: Any) -> bool:
    return cell is not None and plain(cell).strip() != ""


def own_key(book: Book, line: Line, found: Adapted) -> Line:
    """Without the key of another agreement, which names nothing here."""
    prefix, dot, _ = line.key.partition(".")
    if dot and prefix.isdigit() and prefix != str(book.agreement.pk):
        found.tell("vient d'une autre convention, lue comme nouvelle", line.number)
        return replace(line, key="", version="")
    return line


def refusal(table: Table, line: Line, column: str, message: str) -> Refusal:
    title = table.sheet.column(column).title if column else ""
    return Refusal(
        table.sheet.name, line.number, title, message, table.name,
        table.ranks.get(column) if column else None,
    )  # fmt: skip


def only_writable(
    book: Book, table: Table, line: Line, rows: Mapping[str, SheetRow], found: Adapted
) -> Line:
    """Without the cells that only tell which line it is; changed all the same, they are told."""
    kept = {key: cell for key, cell in line.cells.items() if book.may_write(table.sheet.name, key)}
    row = rows.get(line.key)
    if row is None:
        return replace(line, cells=kept)
    for key in sorted(set(line.cells) - set(kept)):
        column = table.sheet.column(key)
        if not _same(column, line.cells[key], row.values.get(key)):
            found.tell(
                f"« {column.title} » ne se modifie pas dans ce classeur, laissée telle quelle",
                line.number,
            )
        if key in table.sheet.identity:
            kept[key] = row.values.get(key)
    return replace(line, cells=kept)


def _same(column: SheetColumn, cell: Any, stands: Any) -> bool:
    try:
        return column.canonical(column.read(cell)) == column.canonical(stands)
    except ValueError:
        return False
