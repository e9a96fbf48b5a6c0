"""The tables of slides, measured: no figure is cut, the head comes back on each slide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from core.documents.content import Table
from core.documents.page import cell_text, groups_of_rows
from core.documents.pptx import measure
from core.documents.pptx.geometry import TEXT_WIDTH
from core.documents.pptx.pieces import Para, Piece, Scale, Text

CELL_X, CELL_Y = 7.0, 5.0
HEAD_LINES = 4


@dataclass(frozen=True)
class Line:
    """A row of a table, its cells written. ``role``: an ordinary row, a sub-title or the total."""

    cells: tuple[str, ...]
    role: Literal["row", "group", "total"] = "row"
    tones: tuple[str, ...] = ()


@dataclass(frozen=True)
class Grid(Piece):
    """A native table. Its header is repeated on each slide that it reaches."""

    table: Table
    lines: tuple[Line, ...]
    shows_caption: bool = False
    every: tuple[Line, ...] = ()
    """All the rows of the table, when ``lines`` are those of one slide: columns keep their widths."""

    @classmethod
    def of(cls, table: Table, *, shows_caption: bool = False) -> Grid:
        return cls(table, tuple(_lines(table)), shows_caption)

    @property
    def shown(self) -> list[int]:
        return [rank for rank in range(len(self.table.columns)) if rank != self.table.group_by]

    @property
    def heads(self) -> list[str]:
        return [self.table.columns[rank].title for rank in self.shown]

    def head_lines(self, widths: Sequence[float], scale: Scale) -> list[str]:
        """The titles of the columns, four lines at most: the description of the table has them whole."""
        return [
            measure.begun(text, HEAD_LINES, scale.table, width - 2 * CELL_X, True)
            for text, width in zip(self.heads, widths, strict=True)
        ]

    def widths(self, scale: Scale) -> list[float]:
        """Shared as the columns ask, but no word nor figure is cut while there is room."""
        columns = [self.table.columns[rank] for rank in self.shown]
        needed = []
        for rank, column in enumerate(columns):
            lines = self.every or self.lines
            cells = [line.cells[rank] for line in lines if line.role != "group"]
            longest = max(
                [measure.longest_word(column.title, scale.table, True)]
                + [measure.longest_word(cell, scale.table, True) for cell in cells]
            )
            needed.append(min(longest + 2 * CELL_X + 1, TEXT_WIDTH / 2))
        weights = [column.width or (4 if column.kind == "text" else 2) for column in columns]
        wished = [
            max(least, TEXT_WIDTH * weight / sum(weights))
            for least, weight in zip(needed, weights, strict=True)
        ]
        over, spare = sum(wished) - TEXT_WIDTH, sum(wished) - sum(needed)
        if over > spare:  # too many columns for any size: all are narrowed alike
            return [width * TEXT_WIDTH / sum(needed) for width in needed]
        kept = 1 - over / spare if spare else 1.0
        return [least + (wish - least) * kept for least, wish in zip(needed, wished, strict=True)]

    def line_height(self, line: Line, widths: Sequence[float], scale: Scale) -> float:
        size = scale.table
        if line.role == "group":
            return measure.height(line.cells[0], size, sum(widths) - 2 * CELL_X, True) + 2 * CELL_Y
        heights = (
            measure.height(cell, size, width - 2 * CELL_X, line.role == "total")
            for cell, width in zip(line.cells, widths, strict=True)
        )
        return max(heights) + 2 * CELL_Y

    def head_height(self, widths: Sequence[float], scale: Scale) -> float:
        heights = (
            measure.height(text, scale.table, width - 2 * CELL_X, True)
            for text, width in zip(self.head_lines(widths, scale), widths, strict=True)
        )
        return max(heights) + 2 * CELL_Y

    def caption_height(self, scale: Scale) -> float:
        return (
            Para(self.table.caption, "heading").height(scale, TEXT_WIDTH)
            if self.shows_caption
            else 0.0
        )

    def height(self, scale: Scale) -> float:
        widths = self.widths(scale)
        return (
            self.caption_height(scale)
            + self.head_height(widths, scale)
            + sum(self.line_height(line, widths, scale) for line in self.lines)
        )

    def cut(self, height: float, scale: Scale, *, forced: bool) -> tuple[Piece | None, Piece]:
        widths = self.widths(scale)
        left = height - self.caption_height(scale) - self.head_height(widths, scale)
        kept: list[Line] = []
        for rank, line in enumerate(self.lines):
            need = self.line_height(line, widths, scale)
            if need > left:
                rest = list(self.lines[rank:])
                if len(kept) > 1 and line.role == "total":
                    rest.insert(0, kept.pop())  # a total alone would be read as a figure of its own
                while kept and kept[-1].role == "group":
                    rest.insert(0, kept.pop())
                if not kept and forced:
                    head, tail = _cut_line(rest[0], left, widths, scale)
                    kept, rest = [head], [tail, *rest[1:]] if any(tail.cells) else rest[1:]
                return (self._with(kept) if kept else None), self._with(rest)
            kept.append(line)
            left -= need
        return self, Text(())

    def _with(self, lines: Sequence[Line]) -> Grid:
        return replace(self, lines=tuple(lines), every=self.every or self.lines)


def _lines(table: Table) -> list[Line]:
    shown = [rank for rank in range(len(table.columns)) if rank != table.group_by]
    columns = table.printed_columns
    lines = []
    for title, rows in groups_of_rows(table):
        if title:
            lines.append(Line((title, *[""] * (len(shown) - 1)), "group"))
        for row in rows:
            cells = tuple(cell_text(columns[rank], row[rank]) for rank in shown)
            tones = tuple(getattr(row[rank], "tone", "") for rank in shown)
            lines.append(Line(cells, "row", tones))
    if table.has_total:
        totals = table.totals
        lines.append(Line(tuple(cell_text(columns[r], totals[r]) for r in shown), "total"))
    return lines


def _cut_line(
    line: Line, height: float, widths: Sequence[float], scale: Scale
) -> tuple[Line, Line]:
    """A row taller than a slide goes on in a second one."""
    size = scale.table
    count = max(int((height - 2 * CELL_Y) // (size * measure.LINE)), 1)
    halves = [
        measure.cut(cell, count, size, width - 2 * CELL_X)
        for cell, width in zip(line.cells, widths, strict=True)
    ]
    return (
        replace(line, cells=tuple(head for head, _ in halves)),
        replace(line, cells=tuple(tail for _, tail in halves)),
    )
