"""What a document says, apart from how it is drawn.

One ``Content`` gives the page, the PDF, the workbook and the Word file; frozen as JSON in a
snapshot, it can be drawn again exactly. Text is plain, with ``**bold**`` as its only markup.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from core.audience import Audience

SCHEMA_VERSION = 1


@dataclass(frozen=True)
class State:
    """A cell that names a state: printed with its word and a drawn shape."""

    key: str
    label: str


@dataclass(frozen=True)
class Missing:
    """A cell without value, and why (« secret statistique », « non disponible »). Never a zero."""

    reason: str = "n.d."


Cell = str | int | Decimal | date | State | Missing | None


@dataclass(frozen=True)
class Heading:
    text: str
    level: int = 2


@dataclass(frozen=True)
class Paragraph:
    """``style``: body, lead, note, question or quote."""

    text: str
    style: str = "body"


@dataclass(frozen=True)
class BulletList:
    items: tuple[str, ...]
    ordered: bool = False


@dataclass(frozen=True)
class KeyValues:
    """Pairs (term, value): the identity of something."""

    rows: tuple[tuple[str, str], ...]
    caption: str = ""


@dataclass(frozen=True)
class Column:
    """``kind``: text, integer, decimal, euros, keuros, percent, date or state. ``width`` is
    relative. A keuros column prints k€ and writes the exact euros in the workbook."""

    title: str
    kind: str = "text"
    width: float = 1.0
    decimals: int | None = None


@dataclass(frozen=True)
class Table:
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    source: str = ""
    empty: str = "Rien à signaler."
    total: tuple[Cell, ...] | None = None


@dataclass(frozen=True)
class Figure:
    label: str
    value: str
    comparison: str = ""
    source: str = ""


@dataclass(frozen=True)
class FigureRow:
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class ChartBlock:
    """A chart with the rows it is drawn from; ``sentence`` is its reading, ``alt`` its text."""

    title: str
    sentence: str
    spec: dict[str, Any]
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    source: str = ""
    alt: str = ""


@dataclass(frozen=True)
class Callout:
    """``kind``: decision, info, warning or success."""

    title: str
    paragraphs: tuple[str, ...]
    kind: str = "info"


@dataclass(frozen=True)
class Timeline:
    """Rows (when, what, who)."""

    items: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class SignatureBlock:
    parties: tuple[str, ...]


@dataclass(frozen=True)
class NotesArea:
    lines: int = 8


@dataclass(frozen=True)
class Contents:
    """The table of contents, with page numbers where there are pages."""


@dataclass(frozen=True)
class PageBreak:
    pass


Block = (
    Heading
    | Paragraph
    | BulletList
    | KeyValues
    | Table
    | FigureRow
    | ChartBlock
    | Callout
    | Timeline
    | SignatureBlock
    | NotesArea
    | Contents
    | PageBreak
)


@dataclass(frozen=True)
class Section:
    """``sheet`` names the workbook sheet of its tables (several sections may share one; None:
    not in the workbook). ``audience`` None: as the document."""

    title: str
    blocks: tuple[Block, ...]
    level: int = 1
    landscape: bool = False
    page_break: bool = False
    sheet: str | None = None
    numbered: bool = True
    audience: str | None = None
    identifier: str = ""

    @property
    def tables(self) -> Iterator[Table]:
        return (block for block in self.blocks if isinstance(block, Table))


@dataclass(frozen=True)
class DocumentMeta:
    """What every page prints: whose document, which number, in which state, on which data."""

    agreement_name: str
    reference: str
    number: int | None = None
    state: str = "draft"
    state_label: str = "projet"
    produced_on: date | None = None
    data_as_of: str = ""
    sources: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    logos: tuple[str, ...] = ()
    extra_lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Content:
    identifier: str
    title: str
    subtitle: str
    audience: str
    meta: DocumentMeta
    sections: tuple[Section, ...]
    has_cover: bool = False
    schema_version: int = SCHEMA_VERSION

    def to_json(self) -> dict[str, Any]:
        return _encode(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Content:
        content = _decode(data)
        assert isinstance(content, cls)
        return content

    def stamped(self, **meta: Any) -> Content:
        """The same content with other words on its pages (number, state…)."""
        return replace(self, meta=replace(self.meta, **meta))


_TYPES = {
    cls.__name__: cls
    for cls in (
        State,
        Missing,
        Heading,
        Paragraph,
        BulletList,
        KeyValues,
        Column,
        Table,
        Figure,
        FigureRow,
        ChartBlock,
        Callout,
        Timeline,
        SignatureBlock,
        NotesArea,
        Contents,
        PageBreak,
        Section,
        DocumentMeta,
        Content,
    )
}


def _encode(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {
            "_": type(value).__name__,
            **{item.name: _encode(getattr(value, item.name)) for item in fields(value)},
        }
    if isinstance(value, tuple | list):
        return [_encode(item) for item in value]
    if isinstance(value, dict):
        return {"_": "dict", "items": {key: _encode(item) for key, item in value.items()}}
    if isinstance(value, Decimal):
        return {"_": "decimal", "value": str(value)}
    if isinstance(value, datetime):
        return {"_": "date", "value": value.date().isoformat()}
    if isinstance(value, date):
        return {"_": "date", "value": value.isoformat()}
    return value


def _decode(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_decode(item) for item in value)
    if not isinstance(value, dict):
        return value
    kind = value["_"]
    if kind == "dict":
        return {key: _thaw(item) for key, item in value["items"].items()}
    if kind == "decimal":
        return Decimal(value["value"])
    if kind == "date":
        return date.fromisoformat(value["value"])
    return _TYPES[kind](**{key: _decode(item) for key, item in value.items() if key != "_"})


def _thaw(value: Any) -> Any:
    """Inside a chart's specification lists stay lists: Vega-Lite reads JSON."""
    decoded = _decode(value)
    if isinstance(decoded, tuple):
        return [_thaw_item(item) for item in decoded]
    return decoded


def _thaw_item(item: Any) -> Any:
    return [_thaw_item(part) for part in item] if isinstance(item, tuple) else item


def content_hash(content: Content) -> str:
    """sha256 of the canonical JSON: the same words and figures give the same hash."""
    canonical = json.dumps(content.to_json(), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def visible_to(content: Content, audience: Audience | str) -> Content:
    """Without the sections marked for fewer people than ``audience``."""
    reader = Audience(audience)
    kept = tuple(
        section
        for section in content.sections
        if section.audience is None or reader.allows(section.audience)
    )
    return replace(content, sections=kept)

