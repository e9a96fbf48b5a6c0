"""From a section to its slides: as few as possible, in letters as large as possible."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.documents.content import (
    AuthorWords,
    Block,
    BulletList,
    Callout,
    ChartBlock,
    Column,
    Contents,
    FigureRow,
    Heading,
    KeyValues,
    Missing,
    PageBreak,
    Paragraph,
    Section,
    SignatureBlock,
    SpeakerNotes,
    Table,
    Timeline,
    printed,
)
from core.documents.pptx import geometry as place
from core.documents.pptx import measure
from core.documents.pptx.grid import Grid
from core.documents.pptx.pieces import (
    FIGURES_A_ROW,
    SCALES,
    Boxes,
    Drawing,
    Figures,
    Para,
    Piece,
    Scale,
    Text,
)

GAP = 16.0
TITLE_SIZES = (36, 32, 28, 26, 24)
READABLE = 4
"""The smallest of the ``SCALES`` for what goes on several slides anyway."""

BALANCE = 20
"""Steps by which the room is narrowed so that the last slide is not left with one line."""


@dataclass(frozen=True)
class Slide:
    """What one slide holds, and at which sizes."""

    title: str
    title_size: float
    pieces: tuple[Piece, ...]
    scale: Scale
    section: Section
    rank: int = 0
    """0 for the first slide of its section."""

    is_decision: bool = False
    whole_title: str = ""
    """When the title on the slide had to be shortened."""


def slides_of(section: Section, title: str, titles: Sequence[str]) -> list[Slide]:
    decision = is_decision(section)
    room = place.DECISION_BODY.height if decision else place.BODY.height
    groups = pieces_of(section, titles, decision=decision)
    shown, size = fitted_title(title)
    whole = "" if shown == title else title
    found: list[Slide] = []
    for pieces in groups or [[]]:
        scale, pages = laid_out(pieces, room)
        found += [
            Slide(
                suite(shown, len(found) + rank, size), size, tuple(page), scale, section,
                len(found) + rank, decision, whole,
            )
            for rank, page in enumerate(pages or [[]])
        ]  # fmt: skip
    return found


def suite(title: str, rank: int, size: float) -> str:
    """« Titre (suite) », « Titre (suite 2) »: the titles of a deck are all different; in letters of
    the first one's size."""
    if not rank:
        return title
    end = f" (suite{f' {rank}' if rank > 1 else ''})".replace(" ", "\u00a0")
    return fitted_title(title, end, sizes=(size,))[0]


def fitted_title(
    title: str, end: str = "", *, sizes: Sequence[float] = TITLE_SIZES
) -> tuple[str, float]:
    """The title in its frame: smaller when it is long, then shortened (the notes have it whole)."""
    for size in sizes:
        if title_holds(title + end, size):
            return title + end, size
    kept = title
    while not title_holds(f"{kept}\u00a0…{end}", sizes[-1]):
        head, _, _ = kept.rpartition(" ")
        kept = head or kept[:-1]
    return f"{kept.rstrip(' ,;:.(')}\u00a0…{end}", sizes[-1]


def title_holds(title: str, size: float) -> bool:
    lines = len(measure.wrapped(title, size, place.TITLE.width, True))
    return lines * size * measure.LINE <= place.TITLE.height


def is_decision(section: Section) -> bool:
    """What is asked of a committee has a slide that looks like no other."""
    blocks = printed(section.blocks)
    return any(isinstance(b, Callout) and b.kind == "decision" for b in blocks) and not any(
        isinstance(b, Table | ChartBlock | FigureRow | Timeline | KeyValues) for b in blocks
    )


def laid_out(pieces: Sequence[Piece], room: float) -> tuple[Scale, list[list[Piece]]]:
    """One slide where it can be, in letters as large as can be; else as few as letters that are
    read without effort allow, and evenly filled."""
    for scale in SCALES:
        pages = paginated(pieces, scale, room, limit=1)
        if len(pages) <= 1:
            return scale, pages
    least = len(paginated(pieces, SCALES[READABLE], room))
    scale = next(
        larger
        for larger in SCALES[: READABLE + 1]
        if len(paginated(pieces, larger, room, limit=least)) <= least
    )
    for step in range(BALANCE // 2, BALANCE):
        pages = paginated(pieces, scale, room * step / BALANCE, limit=least)
        if len(pages) <= least:
            return scale, pages
    return scale, paginated(pieces, scale, room)


def paginated(
    pieces: Sequence[Piece], scale: Scale, room: float, limit: int | None = None
) -> list[list[Piece]]:
    """The slides that the pieces fill at this scale; stopped beyond ``limit``, which is enough to
    know that it is too many."""
    waiting = deque(pieces)
    pages: list[list[Piece]] = []
    page: list[Piece] = []
    left = room
    while waiting and (limit is None or len(pages) <= limit):
        piece = waiting.popleft()
        gap = GAP if page else 0.0
        need = gap + piece.height(scale)
        following = waiting[0] if piece.keeps_next and waiting else None
        beside = GAP + _least(following, scale) if following else 0.0
        if need + beside <= left or (not page and following and need <= left):
            page.append(piece)
            left -= need
            continue
        if following and page:
            kept, rest = None, piece
        else:
            kept, rest = piece.cut(left - gap, scale, forced=not page)
        if kept is not None:
            page.append(kept)
        if not page:  # a drawing that asks for more than the room: it takes the room
            page.append(rest)
        elif not _is_empty(rest):
            waiting.appendleft(rest)
        pages.append(page)
        page, left = [], room
    return [*pages, page] if page else pages


def _least(piece: Piece, scale: Scale) -> float:
    """What must stand with the words that introduce it: the whole of it, or its first rows."""
    return min(piece.height(scale), 130.0) if isinstance(piece, Grid) else piece.height(scale)


def _is_empty(piece: Piece) -> bool:
    return isinstance(piece, Text) and not piece.paras


# --- Blocks to pieces -----------------------------------------------------------------------
def pieces_of(section: Section, titles: Sequence[str], *, decision: bool) -> list[list[Piece]]:
    """The pieces of the section, in groups that page breaks part."""
    blocks = [block for block in printed(section.blocks) if not isinstance(block, SpeakerNotes)]
    captioned = sum(isinstance(block, Table | ChartBlock | KeyValues) for block in blocks) > 1
    groups: list[list[Piece]] = [[]]
    for block in blocks:
        if isinstance(block, PageBreak):
            groups.append([])
            continue
        for piece in _pieces(block, titles, captioned=captioned, decision=decision):
            last = groups[-1][-1] if groups[-1] else None
            groups[-1] = [*groups[-1][:-1], *_joined(last, piece)] if last else [piece]
    return [_alone(group) for group in groups if group]


def _alone(group: list[Piece]) -> list[Piece]:
    """Four figures that have the slide for themselves stand two by two, and are seen from afar."""
    first = group[0]
    if len(group) == 1 and isinstance(first, Figures) and len(first.figures) == FIGURES_A_ROW:
        return [replace(first, a_row=FIGURES_A_ROW // 2)]
    return group


def _joined(last: Piece, piece: Piece) -> list[Piece]:
    """Texts that follow each other are one; two framed texts stand side by side."""
    if isinstance(last, Text) and isinstance(piece, Text) and not last.keeps_next:
        return [replace(piece, paras=last.paras + piece.paras)]
    if isinstance(last, Boxes) and isinstance(piece, Boxes) and len(last.callouts) == 1:
        return [Boxes(last.callouts + piece.callouts)]
    return [last, piece]


def _pieces(block: Block, titles: Sequence[str], *, captioned: bool, decision: bool) -> list[Piece]:
    width = place.DECISION_BODY.width if decision else place.BODY.width
    if isinstance(block, Callout):
        if not decision:
            return [Boxes((block,))]
        asked = tuple(Para(text) for text in block.paragraphs)
        return [Text((Para(block.title, "heading"), *asked), width=width)]
    if isinstance(block, FigureRow):
        return [Figures(block.figures)] if block.figures else []
    if isinstance(block, ChartBlock):
        told: list[Piece] = [Text((Para(block.sentence),), True)] if block.sentence else []
        return [*told, Drawing(block, least=least_height(block))]
    table = as_table(block)
    if table is not None:
        if table.rows:
            return [Grid.of(table, shows_caption=captioned)]
        return [Text((Para(table.empty),))]
    paras = paragraphs(block, titles)
    return [Text(tuple(paras), width=width)] if paras else []


def least_height(chart: ChartBlock) -> float:
    """A line of bars needs some thirty points, and its legend twice that."""
    lines = len(chart.rows) if chart.kind in ("bars", "stacked_bars") else 0
    return min(max(170.0, 28.0 * lines + 40), place.BODY.height)


def as_table(block: Block) -> Table | None:
    if isinstance(block, Table):
        return block
    if isinstance(block, KeyValues):
        rows = tuple((label, Missing() if value is None else value) for label, value in block.rows)
        return Table(block.caption or "En bref", _columns(Rubrique=1, Contenu=3), rows)
    if isinstance(block, Timeline):
        return Table("Calendrier", _columns(Date=3, Quoi=5, Précision=4), block.items)
    if isinstance(block, SignatureBlock):
        return Table("Signataires", _columns(Qualité=1, Nom=1), block.parties)
    return None


def _columns(**widths: int) -> tuple[Column, ...]:
    return tuple(Column(title, width=width) for title, width in widths.items())


def paragraphs(block: Block, titles: Sequence[str]) -> list[Para]:
    if isinstance(block, Heading):
        return [Para(block.text, "heading")]
    if isinstance(block, Paragraph):
        return [Para(block.text, block.style)]
    if isinstance(block, BulletList):
        marks = [f"{rank}." if block.ordered else "•" for rank in range(1, len(block.items) + 1)]
        return [Para(item, mark=mark) for item, mark in zip(block.items, marks, strict=True)]
    if isinstance(block, AuthorWords):
        return [Para(block.title, "heading"), *(Para(text, "quote") for text in block.paragraphs)]
    if isinstance(block, Contents):
        return [Para(title, mark="•") for title in titles]
    return []  # NotesArea: nobody writes on a slide
