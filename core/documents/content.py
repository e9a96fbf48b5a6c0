"""What a document says, free of any format: immutable, and kept as JSON exactly as it was.

Rooms compose these blocks; the renderers (``page``, ``pdf``, ``xlsx``, ``docx``, ``pptx``) draw them all.
Texts are plain: ``**gras**`` is the only markup, HTML is never read. Lists are accepted wherever
a tuple is declared.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from core.audience import Audience
from core.documents import coding

if TYPE_CHECKING:
    from core.charts.base import Chart

SCHEMA_VERSION = 1

ChartKind = Literal["", "bars", "stacked_bars", "lines"]
Kind = Literal["text", "integer", "decimal", "euros", "keuros", "percent", "date", "state", "clock"]
NUMERIC_KINDS = ("integer", "decimal", "euros", "keuros", "percent")


@dataclass(frozen=True)
class State:
    """A state in a table cell: its word, and the tone of its mark (``core.states.TONES``)."""

    key: str
    label: str
    tone: str = "neutral"


@dataclass(frozen=True)
class Missing:
    """A value that is not there, and why. ``reason`` is what is printed in its place."""

    NOT_AVAILABLE: ClassVar[str] = "n.d."
    SECRET: ClassVar[str] = "secret"
    NOT_APPLICABLE: ClassVar[str] = "sans objet"

    reason: str = "n.d."


@dataclass(frozen=True)
class Quantity:
    """A figure that bears its unit, for a column whose rows have different ones.

    A workbook keeps the figure as a figure; ``at_least`` says that it is a lower bound.
    """

    value: Decimal
    unit: str = ""
    decimals: int = 0
    at_least: bool = False


Cell = str | int | Decimal | date | time | State | Missing | Quantity | None


@dataclass(frozen=True, kw_only=True)
class Block:
    """What a section is made of. An audience narrower than the document's drops the block."""

    audience: str = ""

    def __post_init__(self) -> None:
        for item in fields(self):
            value = getattr(self, item.name)
            if isinstance(value, list):
                object.__setattr__(self, item.name, coding.frozen(value))


@dataclass(frozen=True)
class Heading(Block):
    """A heading inside a section; ``level`` 2 or 3 (1 is the section's own)."""

    text: str
    level: int = 2


@dataclass(frozen=True)
class Paragraph(Block):
    text: str
    style: Literal["body", "lead", "note", "question", "quote"] = "body"


@dataclass(frozen=True)
class BulletList(Block):
    items: tuple[str, ...]
    ordered: bool = False


@dataclass(frozen=True)
class KeyValues(Block):
    """A two-column list: what it is called, what it is."""

    rows: tuple[tuple[str, str | Missing | None], ...]
    caption: str = ""


@dataclass(frozen=True)
class Column:
    """A column of a table.

    ``keuros`` cells hold euros and are told in thousands; ``percent`` cells hold 17 for 17 %.
    ``width`` is relative to the other columns; ``total="sum"`` adds its figures in the last row.
    ``mixed_units``: each row has its own unit, and a whole figure is written without decimals
    (« 40 » places beside « 0,80 » ETP).
    ``clock`` cells are times of the day. ``runs_from`` is the index of a column of minutes: each
    time is the former one plus its minutes, so that a workbook computes them again when the
    minutes change, and the last row tells the end.
    ``choices``: what a workbook offers in the cells of the column.
    """

    title: str
    kind: Kind = "text"
    width: int | None = None
    total: Literal["sum"] | None = None
    decimals: int | None = None
    note: str = ""
    unit: str = ""
    mixed_units: bool = False
    runs_from: int | None = None
    choices: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "choices", tuple(self.choices))

    @property
    def numeric(self) -> bool:
        return self.kind in NUMERIC_KINDS

    @property
    def places(self) -> int:
        """Decimals shown, whatever the stored precision."""
        if self.decimals is not None:
            return self.decimals
        return 1 if self.kind in ("decimal", "keuros", "percent") else 0


@dataclass(frozen=True)
class Table(Block):
    """A table. ``group_by`` is the index of a column (sorted) that becomes sub-titles in the rows.

    ``sheet`` sends it to another sheet than its section's; ``empty`` is said when no row is there.
    ``workbook_only``: a detail that the workbook lists and that nobody reads on paper.
    ``row_height``: millimetres at least, where people write by hand; its empty cells are drawn.
    ``large``: read from the other side of the table.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...] = ()
    total_row: bool = False
    group_by: int | None = None
    note: str = ""
    source: str = ""
    empty: str = "Aucune ligne."
    sheet: str | None = None
    total_label: str = "Total"
    workbook_only: bool = False
    row_height: int = 0
    large: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(
                    f"« {self.caption} » : {len(row)} cellules pour {len(self.columns)} colonnes."
                )

    @classmethod
    def from_chart(cls, chart: Chart | ChartBlock, **options: Any) -> Table:
        """The same rows as the figure, as a table: caption, columns and source come along."""
        block = chart if isinstance(chart, ChartBlock) else chart.freeze()
        options = {"caption": block.title, "source": block.source} | options
        return cls(columns=block.columns, rows=block.rows, **options)

    @property
    def has_total(self) -> bool:
        """``total_row`` asks for it, and there is something to add."""
        told = any(column.total or column.runs_from is not None for column in self.columns)
        return self.total_row and bool(self.rows) and told

    @property
    def totals(self) -> tuple[Cell, ...]:
        """The cells of the last row. Values that are missing are left out, and ``total_note`` says so."""
        cells: list[Cell] = [self._total(i) if c.total else "" for i, c in enumerate(self.columns)]
        for rank, column in enumerate(self.columns):
            if column.runs_from is not None:
                cells[rank] = self._end(rank, column.runs_from)
        first = 1 if self.group_by == 0 and len(self.columns) > 1 else 0  # a column that stays one
        if self.columns and not self.columns[first].total:
            cells[first] = self.total_label
        return tuple(cells)

    @property
    def total_note(self) -> str:
        added = [i for i, column in enumerate(self.columns) if column.total]
        if self.has_total and any(_absent(row[i]) for row in self.rows for i in added):
            return "Les totaux portent sur les seules valeurs connues."
        return ""

    @property
    def printed_columns(self) -> tuple[Column, ...]:
        """As printed: a column of amounts tells its cents only where there are some."""
        return tuple(
            replace(column, decimals=0)
            if column.kind == "euros" and all(_is_whole(row[rank]) for row in self.rows)
            else column
            for rank, column in enumerate(self.columns)
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """What is printed beneath: column notes, the table's note, what its totals leave out."""
        columns = (f"{column.title} : {column.note}" for column in self.columns if column.note)
        return tuple(text for text in (*columns, self.note, self.total_note) if text)

    def _end(self, clock: int, minutes: int) -> Cell:
        """When the last row ends."""
        starts, lasts = self.rows[-1][clock], self.rows[-1][minutes]
        if not isinstance(starts, time) or not isinstance(lasts, int):
            return Missing()
        return (datetime.combine(date.min, starts) + timedelta(minutes=lasts)).time()

    def _total(self, index: int) -> Cell:
        known = [row[index] for row in self.rows if not _absent(row[index])]
        return sum(known, Decimal(0)) if known else Missing()  # type: ignore[type-var,arg-type]


def _absent(cell: Cell) -> bool:
    return cell is None or cell == "" or isinstance(cell, Missing)


def _is_whole(cell: Cell) -> bool:
    return not isinstance(cell, Decimal) or cell == cell.to_integral_value()


@dataclass(frozen=True)
class Figure:
    """One key figure: its value already written (« 12 806 »), its unit, what it compares to."""

    label: str
    value: str
    unit: str = ""
    comparison: str = ""
    source: str = ""


@dataclass(frozen=True)
class FigureRow(Block):
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class ChartBlock(Block):
    """A frozen chart: its rows, its specification, and what says it without seeing it.

    ``kind`` says which chart a slide may draw natively from the same rows; empty: its picture only.
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    spec: dict[str, Any]
    sentence: str = ""
    alt: str = ""
    source: str = ""
    kind: ChartKind = ""


@dataclass(frozen=True)
class Callout(Block):
    kind: Literal["decision", "info", "warning", "success"]
    title: str
    paragraphs: tuple[str, ...] = ()


@dataclass(frozen=True)
class AuthorWords(Block):
    """What the authors of the document say themselves, told apart from what the figures say.

    ``title`` says what these words are (« Commentaire », « Le mot de l'auteur »).
    """

    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class SpeakerNotes(Block):
    """What is said aloud and known of a slide, and that the room does not read: its notes.

    A page and a paper, which have no notes, show it apart under its section, under ``title``.
    """

    paragraphs: tuple[str, ...]
    title: str = "À dire"


@dataclass(frozen=True)
class Timeline(Block):
    """Dated points: (when, what, who)."""

    items: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class SignatureBlock(Block):
    """Who signs: (quality, name), one frame each, with room for date and signature."""

    parties: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class NotesArea(Block):
    """Blank ruled lines to write on during the meeting."""

    lines: int = 6
    title: str = "Notes"


@dataclass(frozen=True)
class TickBoxes(Block):
    """Boxes to tick by hand, one for each answer; ``stacked``: one under the other."""

    title: str
    choices: tuple[str, ...]
    stacked: bool = False


@dataclass(frozen=True)
class Contents(Block):
    """The table of contents, with page numbers where there are pages: the sections of the levels
    from ``from_level`` to ``to_level``."""

    title: str = "Sommaire"
    from_level: int = 1
    to_level: int = 2

    def holds(self, level: int) -> bool:
        return self.from_level <= level <= self.to_level


@dataclass(frozen=True)
class PageBreak(Block):
    pass


@dataclass(frozen=True)
class Section:
    """A chapter. ``sheet`` names its sheet of the workbook; a section without one stays out of it.

    ``page_break=True`` begins it on a new page. An ``annex`` is a chapter with a quieter title.
    ``whole``: the foot of a page does not cut it, where a page holds it.
    """

    title: str
    blocks: tuple[Block, ...] = ()
    level: int = 1
    landscape: bool = False
    page_break: bool = False
    sheet: str | None = None
    audience: str = ""
    numbered: bool = True
    identifier: str = ""
    annex: bool = False
    whole: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "blocks", coding.frozen(self.blocks))


@dataclass(frozen=True)
class DocumentMeta:
    """What every page of every format says of the document itself."""

    agreement_name: str = ""
    territory: str = ""
    reference: str = ""
    number: int | None = None
    state: str = "draft"
    state_label: str = "projet"
    produced_on: date | None = None
    data_as_of: date | None = None
    sources: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    logos: tuple[str, ...] = ()
    extra_lines: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("sources", "authors", "logos", "extra_lines"):
            object.__setattr__(self, name, tuple(getattr(self, name)))

    @property
    def is_draft(self) -> bool:
        return self.state in ("draft", "projet")


@dataclass(frozen=True)
class Content:
    """A whole document. ``cover=False`` starts straight with the text (a one-page sheet).

    ``cover_blocks`` are printed on the cover, under the title (the agenda of a meeting).
    ``working_paper``: written upon, never sent: it does not bear « PROJET ».
    """

    identifier: str
    title: str
    subtitle: str = ""
    audience: str = Audience.PUBLIC.value
    sections: tuple[Section, ...] = ()
    meta: DocumentMeta = field(default_factory=DocumentMeta)
    cover: bool = True
    cover_blocks: tuple[Block, ...] = ()
    working_paper: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "audience", Audience(self.audience).value)
        object.__setattr__(self, "sections", tuple(self.sections))
        object.__setattr__(self, "cover_blocks", tuple(self.cover_blocks))

    def restricted(self) -> Content:
        """Without the sections and blocks meant for fewer people than the document."""
        level = Audience(self.audience)
        sections = [
            replace(section, blocks=_readable(section.blocks, level))
            for section in self.sections
            if not section.audience or level.allows(section.audience)
        ]
        return replace(
            self, sections=tuple(sections), cover_blocks=_readable(self.cover_blocks, level)
        )

    def with_meta(self, **changes: Any) -> Content:
        """The same content, with its number, state or dates told anew."""
        return replace(self, meta=replace(self.meta, **changes))

    def to_json(self) -> dict[str, Any]:
        return {"schema_version": SCHEMA_VERSION, "content": coding.encode(self)}

    @classmethod
    def from_json(cls, data: dict[str, Any] | str) -> Content:
        """Raises ``ValueError`` for a format that this version does not know."""
        loaded = json.loads(data) if isinstance(data, str) else data
        if loaded.get("schema_version") != SCHEMA_VERSION:
            raise ValueError("Ce document figé est d'un format que cette version ne lit pas.")
        return coding.decode(loaded["content"], KNOWN)

    @property
    def content_hash(self) -> str:
        return content_hash(self)


def is_printed(section: Section) -> bool:
    """Does it say something on paper? One whose blocks are all the workbook's own does not."""
    return not section.blocks or bool(printed(section.blocks))


def printed(blocks: Iterable[Block]) -> list[Block]:
    """Without what only the workbook lists."""
    return [block for block in blocks if not (isinstance(block, Table) and block.workbook_only)]


def _readable(blocks: Iterable[Block], level: Audience) -> tuple[Block, ...]:
    return tuple(block for block in blocks if not block.audience or level.allows(block.audience))


def content_hash(content: Content) -> str:
    """SHA-256 of the canonical JSON: equal contents have equal hashes, whatever stored them."""
    canonical = json.dumps(
        content.to_json(), sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


KNOWN: dict[str, type] = {
    known.__name__: known
    for known in (
        State, Missing, Quantity, Heading, Paragraph, BulletList, KeyValues, Column, Table, Figure, FigureRow,
        ChartBlock, Callout, AuthorWords, SpeakerNotes, Timeline, SignatureBlock, NotesArea, TickBoxes, Contents,
        PageBreak, Section, DocumentMeta, Content,
    )
}  # fmt: skip
