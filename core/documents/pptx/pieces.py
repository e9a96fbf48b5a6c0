"""What stands on a slide, measured: each piece knows its height at a size, and how to be cut.

Nothing here draws: ``draw`` does, at the sizes that ``flow`` chose.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from core.documents.content import Callout, ChartBlock, Figure
from core.documents.page import plain
from core.documents.pptx import measure
from core.documents.pptx.geometry import TEXT_WIDTH
from core.formats import NBSP, shortened

BULLET = 24.0
"""Room of a bullet or of a number, at the left of its text."""

PARAGRAPH_GAP = 0.35  # of the size
BOX_INSET, BOX_GAP = 14.0, 18.0
SPARE = 1.15
"""A figure in large letters keeps more room than a text: cut in two it would be misread."""
FIGURES_A_ROW = 4
CARD_GAP, CARD_INSET = 16.0, 12.0
LONGEST_LABEL = 110
"""Characters of a card: what is longer is read in the notes."""


@dataclass(frozen=True)
class Scale:
    """Sizes of letters in points. Never under 18 for a text, 14 in a table: a room must read."""

    body: float
    table: float
    figure: float

    @property
    def small(self) -> float:
        return max(self.body - 4, 18)


SCALES = (
    Scale(28, 24, 66), Scale(26, 22, 60), Scale(24, 20, 54), Scale(22, 18, 44), Scale(20, 16, 40),
    Scale(18, 16, 36), Scale(18, 14, 36),
)  # fmt: skip

Style = Literal["body", "lead", "heading", "note", "quote", "question"]


@dataclass(frozen=True)
class Para:
    """A paragraph. ``mark``: « • », a number with its point, or nothing."""

    text: str
    style: Style = "body"
    mark: str = ""

    def size(self, scale: Scale) -> float:
        if self.style == "note":
            return scale.small
        return scale.body + (4 if self.style == "question" else 0)

    @property
    def bold(self) -> bool:
        return self.style in ("heading", "question")

    def width(self, room: float) -> float:
        return room - (BULLET * (1.5 if len(self.mark) > 2 else 1) if self.mark else 0)

    def lines(self, scale: Scale, room: float) -> int:
        return len(measure.wrapped(self.text, self.size(scale), self.width(room), self.bold))

    def height(self, scale: Scale, room: float) -> float:
        size = self.size(scale)
        return self.lines(scale, room) * size * measure.LINE + size * PARAGRAPH_GAP

    def cut(self, lines: int, scale: Scale, room: float) -> tuple[Para, Para]:
        head, tail = measure.cut(self.text, lines, self.size(scale), self.width(room), self.bold)
        return replace(self, text=head), replace(self, text=tail, mark="")


def paragraphs_height(paras: Sequence[Para], scale: Scale, room: float) -> float:
    return sum(para.height(scale, room) for para in paras)


def cut_paragraphs(
    paras: Sequence[Para], height: float, scale: Scale, room: float, *, forced: bool
) -> tuple[tuple[Para, ...], tuple[Para, ...]]:
    """What holds in ``height``, and the rest. ``forced``: a paragraph too long for a whole slide is
    cut between two words. A heading never stays alone below."""
    kept: list[Para] = []
    used = 0.0
    for rank, para in enumerate(paras):
        need = para.height(scale, room)
        if used + need > height:
            rest = tuple(paras[rank:])
            if kept and kept[-1].style == "heading":
                rest = (kept.pop(), *rest)
            if not kept and forced:
                return _cut_first(rest, height, scale, room)
            return tuple(kept), rest
        kept.append(para)
        used += need
    return tuple(kept), ()


def _cut_first(
    paras: tuple[Para, ...], height: float, scale: Scale, room: float
) -> tuple[tuple[Para, ...], tuple[Para, ...]]:
    before: tuple[Para, ...] = ()
    if paras[0].style == "heading" and len(paras) > 1:
        before, paras = paras[:1], paras[1:]
        height -= before[0].height(scale, room)
    size = paras[0].size(scale)
    lines = max(int((height - size * PARAGRAPH_GAP) // (size * measure.LINE)), 1)
    head, tail = paras[0].cut(lines, scale, room)
    return (*before, head), ((tail,) if tail.text else ()) + paras[1:]


class Piece:
    """``keeps_next``: it introduces the next one, and they stay together."""

    keeps_next = False
    is_elastic = False

    def height(self, scale: Scale) -> float:
        raise NotImplementedError

    def cut(self, height: float, scale: Scale, *, forced: bool) -> tuple[Piece | None, Piece]:
        """What holds in ``height`` (``None``: nothing) and the rest. ``forced``: on an empty slide."""
        return None, self


@dataclass(frozen=True)
class Text(Piece):
    paras: tuple[Para, ...]
    keeps_next: bool = False  # type: ignore[misc]
    width: float = TEXT_WIDTH

    def height(self, scale: Scale) -> float:
        return paragraphs_height(self.paras, scale, self.width)

    def cut(self, height: float, scale: Scale, *, forced: bool) -> tuple[Piece | None, Piece]:
        kept, rest = cut_paragraphs(self.paras, height, scale, self.width, forced=forced)
        return (replace(self, paras=kept) if kept else None), replace(self, paras=rest)


@dataclass(frozen=True)
class Boxes(Piece):
    """One framed text, or several side by side."""

    callouts: tuple[Callout, ...]
    rests: tuple[tuple[Para, ...], ...] = ()
    """The paragraphs left to write, by box; empty before the first slide."""

    @property
    def texts(self) -> tuple[tuple[Para, ...], ...]:
        return self.rests or tuple(_box_paras(callout) for callout in self.callouts)

    @property
    def inner(self) -> float:
        """The width of the text of each."""
        count = len(self.callouts)
        return (TEXT_WIDTH - BOX_GAP * (count - 1)) / count - 2 * BOX_INSET

    def height(self, scale: Scale) -> float:
        heights = [paragraphs_height(paras, scale, self.inner) for paras in self.texts]
        return max(heights) + 2 * BOX_INSET

    def cut(self, height: float, scale: Scale, *, forced: bool) -> tuple[Piece | None, Piece]:
        room = self.inner
        kept, rests = [], []
        for callout, paras in zip(self.callouts, self.texts, strict=True):
            head, tail = cut_paragraphs(paras, height - 2 * BOX_INSET, scale, room, forced=forced)
            kept.append(head)
            title = Para(f"{plain(callout.title)} (suite)", "heading")
            rests.append((title, *tail) if tail else ())
        if not any(kept) or (not forced and not all(kept)):
            return None, self
        left = [rank for rank, rest in enumerate(rests) if rest]
        if not left:
            return self, Text(())
        rest = Boxes(
            tuple(self.callouts[rank] for rank in left), tuple(rests[rank] for rank in left)
        )
        return replace(self, rests=tuple(kept)), rest


def value_of(figure: Figure) -> str:
    """The value and its unit, never parted."""
    return f"{figure.value} {figure.unit}".strip().replace(" ", NBSP)


def _box_paras(callout: Callout) -> tuple[Para, ...]:
    return (Para(callout.title, "heading"), *(Para(text) for text in callout.paragraphs))


@dataclass(frozen=True)
class Figures(Piece):
    """``a_row``: cards side by side at most; fewer, and larger, where they have the slide."""

    figures: tuple[Figure, ...]
    a_row: int = FIGURES_A_ROW

    @property
    def rows(self) -> list[tuple[Figure, ...]]:
        count = len(self.figures)
        width = count if count <= self.a_row else -(-count // -(-count // self.a_row))
        return [self.figures[i : i + width] for i in range(0, count, width)]

    @property
    def card_width(self) -> float:
        count = max(len(row) for row in self.rows)
        return (TEXT_WIDTH - CARD_GAP * (count - 1)) / count

    def value_size(self, scale: Scale) -> float:
        """The same for all: the largest at which each value holds on one line."""
        room = self.card_width - 2 * CARD_INSET
        widest = max(measure.longest_word(value_of(figure), 1, True) for figure in self.figures)
        return max(min(scale.figure, room / widest / SPARE if widest else scale.figure), 24.0)

    def card(self, figure: Figure, scale: Scale) -> list[tuple[str, float, bool]]:
        """The lines of a card: (text, size, bold)."""
        small = min(scale.small, 22.0)
        texts = [
            (value_of(figure), float(int(self.value_size(scale))), True),
            (shortened(figure.label, LONGEST_LABEL), small, False),
        ]
        if figure.comparison:
            texts.append((shortened(figure.comparison, LONGEST_LABEL), small, False))
        return texts

    def row_height(self, row: tuple[Figure, ...], scale: Scale) -> float:
        room = self.card_width - 2 * CARD_INSET
        return 2 * CARD_INSET + max(
            sum(measure.height(text, size, room, bold) for text, size, bold in self.card(f, scale))
            for f in row
        )

    def height(self, scale: Scale) -> float:
        rows = self.rows
        return sum(self.row_height(row, scale) for row in rows) + CARD_GAP * (len(rows) - 1)

    def cut(self, height: float, scale: Scale, *, forced: bool) -> tuple[Piece | None, Piece]:
        rows, used, kept = self.rows, 0.0, 0
        for row in rows:
            used += self.row_height(row, scale) + (CARD_GAP if kept else 0)
            if used > height and not (forced and not kept):
                break
            kept += 1
        head = tuple(figure for row in rows[:kept] for figure in row)
        tail = tuple(figure for row in rows[kept:] for figure in row)
        kept_piece = replace(self, figures=head) if head else None
        return kept_piece, (replace(self, figures=tail) if tail else Text(()))


@dataclass(frozen=True)
class Drawing(Piece):
    """A chart takes what room is left, never less than ``least``."""

    chart: ChartBlock
    least: float = 170.0
    is_elastic = True

    def height(self, scale: Scale) -> float:
        return self.least
