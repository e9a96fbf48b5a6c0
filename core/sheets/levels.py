"""Lines that only name a level: « Axe 1 : la petite enfance », above the actions that it holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from core.sheets.declaration import Sheet

if TYPE_CHECKING:
    from core.sheets.reader import Line


def carried(
    sheet: Sheet, lines: Sequence[Line], banners: Mapping[int, str]
) -> tuple[list[Line], list[Line]]:
    """(ordinary lines, lines that only name a level).

    A level named alone holds for the new lines beneath that name none, until another one of the same
    rank or above. Lines that bear a key say by themselves where they stand.
    """
    if not sheet.levels and sheet.level_rows is None:
        return list(lines), []
    ordinary: list[Line] = []
    naming: list[Line] = []
    current: dict[str, Any] = {}
    for line in lines:
        named = None if line.key else _named(sheet, line, banners.get(line.number, ""))
        if named is not None:
            current = _below(sheet, current, named)
            naming.append(replace(line, cells=dict(current)))
        elif line.key or any(_filled(line.cells.get(key)) for key in sheet.levels):
            ordinary.append(line)
        else:
            ordinary.append(replace(line, cells={**line.cells, **current}))
    return ordinary, naming


def _named(sheet: Sheet, line: Line, banner: str) -> Mapping[str, Any] | None:
    if sheet.level_rows is not None:
        return sheet.level_rows(line.cells, banner)
    told = {key: cell for key, cell in line.cells.items() if _filled(cell)}
    return told if told and set(told) <= set(sheet.levels) else None


def _below(sheet: Sheet, current: Mapping[str, Any], named: Mapping[str, Any]) -> dict[str, Any]:
    """A level named anew ends those that stood below it."""
    ranks = [sheet.levels.index(key) for key in named if key in sheet.levels]
    above = sheet.levels[: min(ranks)] if ranks else ()
    return {**{key: current[key] for key in above if key in current}, **named}


def _filled(cell: Any) -> bool:
    return cell is not None and str(cell).strip() != ""
