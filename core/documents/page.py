"""A content as HTML: the fragment of a page of the product, and the body that becomes the PDF.

Cells are written here, once for every format that prints: a renderer never formats a figure
itself. Texts are escaped; ``**gras**`` is the only markup they may carry.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, time
from itertools import groupby
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from core import formats
from core.charts.render import img_data_uri
from core.documents.content import (
    Block,
    Cell,
    ChartBlock,
    Column,
    Content,
    Contents,
    DocumentMeta,
    Missing,
    Quantity,
    Section,
    State,
    Table,
    is_printed,
    printed,
)
from core.icons import icon_svg
from core.palette import Theme
from core.states import STATES

BOLD = re.compile(r"\*\*(.+?)\*\*")
WIDE_COLUMNS = 9
SHORT_TABLE = 300  # characters, about five lines: never cut
TEMPLATES = "core/documents/blocks"
NAMES = re.compile(r"(?<!^)(?=[A-Z])")


@dataclass
class Part:
    """A section ready to be drawn: its number, its anchor, its blocks."""

    section: Section
    number: str
    anchor: str
    landscape: bool
    blocks: list[dict[str, Any]] = field(default_factory=list)

    @property
    def title(self) -> str:
        return (
            f"{self.number}{formats.NBSP}{self.section.title}"
            if self.number
            else self.section.title
        )

    @property
    def tag(self) -> str:
        return f"h{min(self.section.level + 1, 6)}"


def render_fragment(content: Content, theme: Theme = "light") -> SafeString:
    """The document inside a page that already has its ``<h1>``: sections begin at ``<h2>``.

    Its look is in ``static/documents/document.css``.
    """
    return render_to_string("core/documents/fragment.html", context_of(content, theme))


def context_of(content: Content, theme: Theme) -> dict[str, Any]:
    """What the templates read: meta sentences and numbered parts."""
    content = content.restricted()
    parts = numbered(content)
    for part in parts:
        part.blocks = [block_context(block, theme, parts) for block in printed(part.section.blocks)]
    return {
        "content": content,
        "meta": content.meta,
        "parts": parts,
        "cover_blocks": [block_context(block, theme, parts) for block in content.cover_blocks],
        "identity": identity_sentence(content.meta),
        "data_sentence": data_sentence(content.meta),
        "theme": theme,
    }


def numbered(content: Content) -> list[Part]:
    """Sections with their numbers (« 2. », « 2.1 ») and the anchors of the table of contents."""
    parts, counters = [], [0, 0]
    for rank, section in enumerate(content.sections, start=1):
        if not is_printed(section):
            continue
        number = ""
        if section.numbered and section.level == 1:
            counters = [counters[0] + 1, 0]
            number = f"{counters[0]}."
        elif section.numbered and section.level == 2:
            counters[1] += 1
            number = f"{counters[0]}.{counters[1]}"
        anchor = section.identifier or f"partie-{rank}"
        parts.append(Part(section, number, anchor, is_wide(section)))
    return parts


def is_wide(section: Section) -> bool:
    """Landscape where it is asked for, or where a table has too many columns for portrait."""
    return section.landscape or any(
        isinstance(block, Table) and len(block.columns) >= WIDE_COLUMNS
        for block in printed(section.blocks)
    )


def block_context(block: Block, theme: Theme, parts: list[Part]) -> dict[str, Any]:
    """A block, the name of its template, and what it prints that is not plain text."""
    name = NAMES.sub("_", type(block).__name__).lower()
    context: dict[str, Any] = {"block": block, "template": f"{TEMPLATES}/{name}.html"}
    if isinstance(block, Table):
        context |= {"head": heads(block), "groups": list(groups(block, theme))}
        context |= {"total": html_cells(block, block.totals, theme) if block.has_total else None}
        context |= {"span": len(context["head"]), "is_short": is_short(block)}
    elif isinstance(block, ChartBlock):
        context["uri"] = img_data_uri(block.spec, theme)
    elif isinstance(block, Contents):
        context["parts"] = [
            part for part in parts if block.holds(part.section.level) and part.title
        ]
    return context


def is_short(table: Table) -> bool:
    told = sum(
        len(cell_text(column, cell))
        for row in table.rows
        for column, cell in zip(table.columns, row, strict=True)
    )
    return told <= SHORT_TABLE


def heads(table: Table) -> list[dict[str, Any]]:
    """Titles and widths (in whole percents) of the columns that stay columns."""
    shown = [column for i, column in enumerate(table.columns) if i != table.group_by]
    weights = [column.width or _usual_width(column) for column in shown]
    total = sum(weights) or 1
    return [
        {"column": column, "percent": round(100 * weight / total)}
        for column, weight in zip(shown, weights, strict=True)
    ]


def groups_of_rows(table: Table) -> Iterator[tuple[str, list[tuple[Cell, ...]]]]:
    """(sub-title, rows): the rows in order, under their sub-title where the table groups them."""
    if table.group_by is None:
        yield "", list(table.rows)
        return
    column, rank = table.columns[table.group_by], table.group_by
    for title, rows in groupby(table.rows, key=lambda row: cell_text(column, row[rank])):
        yield title, list(rows)


def groups(table: Table, theme: Theme) -> Iterator[dict[str, Any]]:
    """The same, each cell as HTML."""
    for title, rows in groups_of_rows(table):
        if rows:
            yield {"title": title, "rows": [html_cells(table, row, theme) for row in rows]}


def html_cells(table: Table, row: tuple[Cell, ...], theme: Theme) -> list[dict[str, Any]]:
    return [
        {"html": cell_html(column, row[i], theme), "column": column}
        for i, column in enumerate(table.printed_columns)
        if i != table.group_by
    ]


def cell_html(column: Column, cell: Cell, theme: Theme = "print") -> SafeString:
    if isinstance(cell, State):
        return state_html(cell, theme)
    if isinstance(cell, Missing) or cell is None:
        return format_html('<span class="missing">{}</span>', cell_text(column, cell))
    return inline(cell_text(column, cell))


def cell_text(column: Column, cell: Cell) -> str:
    """The cell in French, in words where there is no value. An unknown figure is never 0."""
    if cell is None:
        return formats.MISSING if column.kind != "text" else ""
    if isinstance(cell, Missing):
        return cell.reason
    if isinstance(cell, State):
        return cell.label
    if isinstance(cell, Quantity):
        written = formats.with_unit(cell.value, cell.unit, cell.decimals)
        return f"au moins {written}" if cell.at_least else written
    if isinstance(cell, str):
        return cell
    if isinstance(cell, date):
        return formats.date_short(cell)
    if isinstance(cell, time):
        return formats.clock(cell)
    return figure_text(column, cell)


def figure_text(column: Column, value: Any) -> str:
    """A figure of a column. Units that the column's title tells are not repeated."""
    if column.kind == "keuros":
        return formats.keuros(value, column.places)
    if column.kind == "euros":
        return formats.euros(value, column.places)
    if column.kind == "percent":
        return formats.percent(value, column.places)
    if column.kind in ("integer", "decimal"):
        return formats.with_unit(value, column.unit, places_of(column, value))
    return str(value)


def places_of(column: Column, value: Any) -> int:
    """Decimals shown for this figure of the column."""
    return 0 if column.mixed_units and value == int(value) else column.places


def state_html(state: State, theme: Theme) -> SafeString:
    """The word with its drawing; in print the drawing is a shape of the style sheet."""
    known = STATES.get(state.key)
    tone = known.tone if known and state.tone == "neutral" else state.tone
    drawing = icon_svg(known.icon if known else "point", 16) if theme != "print" else ""
    return format_html(
        '<span class="state state-{}">{}<span>{}</span></span>', tone, drawing, state.label
    )


def inline(text: str) -> SafeString:
    """Escaped, with ``**gras**`` and line breaks kept."""
    bold = BOLD.sub(r"<strong>\1</strong>", escape(text))
    return mark_safe(bold.replace("\n", "<br>"))


def plain(text: str) -> str:
    """Without the marks of bold, for formats that write text alone."""
    return BOLD.sub(r"\1", text)


def identity_sentence(meta: DocumentMeta) -> str:
    """« N° 3 · projet · produit le 12 mars 2026 »."""
    parts = [f"n°{formats.NBSP}{meta.number}" if meta.number else "", meta.state_label]
    if meta.produced_on:
        parts.append(f"produit le {formats.date_long(meta.produced_on)}")
    return " · ".join(part for part in parts if part)


def data_sentence(meta: DocumentMeta, longest: int = 170) -> str:
    """« Données au 1er mars 2026. Sources : Insee ; Caf de l'Aube. », cut at a whole source."""
    sentence = f"Données au {formats.date_long(meta.data_as_of)}. " if meta.data_as_of else ""
    shown: list[str] = []
    for source in meta.sources:
        if sum(map(len, shown)) + len(source) > longest:
            shown.append("liste complète dans le document")
            break
        shown.append(source)
    return sentence + (f"Sources{formats.NBSP}: {' ; '.join(shown)}." if shown else "")


def _usual_width(column: Column) -> int:
    return {"text": 4, "state": 2, "date": 2, "clock": 2}.get(column.kind, 2)
