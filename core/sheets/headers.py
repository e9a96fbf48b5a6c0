"""Where the titles of a page stand, on one line or two, and what merged cells mean beneath."""

from __future__ import annotations

from typing import Any

from core.formats import plain_key
from core.sheets.declaration import unguarded
from core.sheets.opening import Grid
from core.sheets.report import spans
from core.sheets.values import Unresolved

WITHIN = 20
"""Lines among which the titles stand: published plans begin with a logo and a name."""
LONGEST_TITLE = 120
ENOUGH = 0.6
"""Share of the widest line that a line of titles fills, at least."""


def guess(grid: Grid) -> int | None:
    """Index of the line of titles: the first that is nearly as wide as the widest and holds words.

    None when the page holds no table.
    """
    spread = _spread_down(grid)
    counts = []
    for index, row in enumerate(grid.rows[:WITHIN]):
        filled = {plain_key(str(cell)): cell for rank, cell in enumerate(row) if _text(cell)}
        filled |= {plain_key(str(cell)): cell for cell in spread.get(index, {}).values()}
        words = [cell for cell in filled.values() if isinstance(cell, str)]
        is_title = len(words) >= 0.8 * len(filled) and all(
            len(word) <= LONGEST_TITLE for word in words
        )
        counts.append((len(filled), is_title))
    widest = max((count for count, _ in counts), default=0)
    if widest == 0:
        return None
    for index, (count, is_title) in enumerate(counts):
        if is_title and count >= max(1, ENOUGH * widest) and (count >= 2 or widest == 1):
            is_group = (
                index + 1 < len(counts) and counts[index + 1][1] and _groups_below(grid, index)
            )
            return index + 1 if is_group else index
    return None


def _groups_below(grid: Grid, index: int) -> bool:
    """A cell of this line spreads over several columns, each of which has its own title below."""
    below = grid.rows[index + 1]
    return any(
        bottom == index and right > left and all(_text(cell) for cell in below[left : right + 1])
        for top, left, bottom, right in grid.merges
        if top <= index and right < len(below)
    )


def _text(cell: Any) -> bool:
    return cell is not None and not isinstance(cell, Unresolved) and str(cell).strip() != ""


def _spread_down(grid: Grid) -> dict[int, dict[int, Any]]:
    """Row → {column: value} for cells merged downwards in the first lines, below their first one."""
    found: dict[int, dict[int, Any]] = {}
    for top, left, bottom, _ in grid.merges:
        if top >= WITHIN or top == bottom or top >= len(grid.rows) or left >= len(grid.rows[top]):
            continue
        value = grid.rows[top][left]
        if _text(value):
            for row in range(top + 1, min(bottom + 1, WITHIN)):
                found.setdefault(row, {})[left] = value
    return found


def titles(grid: Grid, header: int) -> dict[int, str]:
    """Column index → title. Where two lines make the titles, the upper one names a group: it is
    told where the lower one is empty, or says the same thing twice (« Budget : prévu »)."""
    lower = _texts(grid, header)
    upper = _texts(grid, header - 1) if header else {}
    groups = _groups(grid, header - 1, upper) if header else {}
    found: dict[int, str] = {}
    repeated = _repeated(lower.values())
    for rank in sorted(set(lower) | set(upper)):
        title = lower.get(rank, "")
        if not title:
            # A title over several lines, or over nothing: a group alone is not one.
            title = upper.get(rank, "") if _stands_alone(grid, header - 1, rank, lower) else ""
        elif plain_key(title) in repeated and groups.get(rank):
            title = f"{groups[rank]} : {title}"
        if title:
            found[rank] = title
    return found


def _texts(grid: Grid, index: int) -> dict[int, str]:
    if index >= len(grid.rows):
        return {}
    return {
        rank: " ".join(unguarded(str(cell)).split())
        for rank, cell in enumerate(grid.rows[index])
        if _text(cell)
    }


def _repeated(texts: Any) -> set[str]:
    keys = [plain_key(text) for text in texts]
    return {key for key in keys if keys.count(key) > 1}


def _stands_alone(grid: Grid, above: int, rank: int, lower: dict[int, str]) -> bool:
    """The cell above an empty one is a title of its own, and the line below holds real titles."""
    for top, left, bottom, right in grid.merges:
        if top <= above <= bottom and left <= rank <= right:
            return bottom > above or left == right
    return len(lower) >= 2


def _groups(grid: Grid, above: int, upper: dict[int, str]) -> dict[int, str]:
    """The title above each column: that of its merged cell, else the last one on its left."""
    found: dict[int, str] = {}
    told = ""
    for rank in range(max((len(row) for row in grid.rows[above : above + 2]), default=0)):
        told = upper.get(rank, told)
        if told:
            found[rank] = told
    return found


def filled(grid: Grid, header: int, levels: set[int]) -> tuple[list[list[Any]], list[str]]:
    """The lines below the titles, where a cell merged downwards in a column of ``levels`` is read
    on each of its lines; and what is to be told of merged cells."""
    rows = grid.rows[header + 1 :]
    repeated: list[int] = []
    first_only: list[int] = []
    for top, left, bottom, _ in grid.merges:
        if bottom <= header or top == bottom or top >= len(grid.rows):
            continue
        if left >= len(grid.rows[top]) or not _text(grid.rows[top][left]):
            continue
        last = min(bottom, len(grid.rows) - 1)
        if left in levels and top > header:
            for index in range(top + 1, last + 1):
                row = rows[index - header - 1] = list(rows[index - header - 1])
                row += [None] * (left + 1 - len(row))
                row[left] = grid.rows[top][left]
            repeated.append(top + 1)
        elif last > top > header:
            first_only.append(top + 1)
    notes = []
    if repeated:
        notes.append(f"cellules fusionnées ({spans(repeated)}) : le niveau vaut pour toutes")
    if first_only:
        notes.append(
            f"cellules fusionnées ({spans(first_only)}) : la valeur n'est lue que sur la première"
        )
    return rows, notes
