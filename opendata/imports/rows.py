"""What the readers of long tables share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from opendata.imports.publication import Column, Figure, Refusal
from opendata.imports.values import MARKS, Marks, read_value


def cell(cells: Sequence[str], index: int) -> str:
    """A cell, blank where the row is shorter than its header."""
    return cells[index].strip() if index < len(cells) else ""


def figures_of_row(
    line: int,
    level: str,
    code: str,
    cells: Sequence[str],
    columns: Sequence[Column],
    names: Sequence[str],
    marks: Marks = MARKS,
) -> Iterator[Figure | Refusal]:
    for column in columns:
        try:
            value, reason = read_value(cell(cells, column.index), marks)
        except ValueError as error:
            yield Refusal(line, f"{error}", names[column.index])
            continue
        yield Figure(line, level, code, column.indicator, column.period, value, reason)


def year_of(text: str) -> int | None:
    """« 2023 », « 2023.0 », « 2024-12 », « 2023-01-01T00:00:00 » → the year."""
    start = text.strip()[:4]
    return int(start) if start.isdigit() and len(start) == 4 else None


def decimal_of(text: str, marks: Marks = MARKS) -> Decimal | None:
    """The number of a cell; None where it holds a mark. Raises ``ValueError``."""
    value, _reason = read_value(text, marks)
    return Decimal(value) if value else None


def span(years: set[int]) -> str:
    """« 2022-2023 », « 2024 »."""
    return str(min(years)) if len(years) == 1 else f"{min(years)}-{max(years)}"
