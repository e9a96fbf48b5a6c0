"""The slides of a content: one a section, to be edited freely, that a room reads from its last row.

Real titles, native tables and charts, our theme; letters never under 18 points (14 in a table):
what does not hold goes on a following slide, and what is said aloud stands in the notes.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from django.core.files.storage import default_storage

from core.documents.content import Content, Heading, Paragraph
from core.documents.page import numbered
from core.documents.pptx import geometry as place
from core.documents.pptx import master, measure, notes, package
from core.documents.pptx.draw import Pen, describe, layout_of
from core.documents.pptx.flow import slides_of
from core.documents.pptx.geometry import points
from core.documents.pptx.text import INK, WHITE, fill, paragraph
from core.formats import NBSP, date_long, shortened

FOOTER_LENGTH = 120


def render(content: Content, *, watermark: bool = False) -> bytes:
    """Draw the deck. ``watermark`` writes « PROJET » at the head of every footer."""
    content = content.restricted()
    deck = master.blank()
    footer = footer_text(content, watermark=watermark)
    if content.cover:
        _cover(deck, content, footer)
    parts = numbered(content)
    titles = [part.section.title for part in parts if part.section.title]
    taken: set[str] = set()
    for part in parts:
        title = unique(part.section.title or content.title, taken)
        for slide in slides_of(part.section, title, titles):
            shown = deck.slides.add_slide(deck.slide_layouts[layout_of(slide)])
            Pen(shown, slide).draw()
            _running(shown, footer)
            notes.write(shown, notes.notes_of(slide, content))
    package.set_properties(deck, content)
    return package.written(deck, content)


def unique(title: str, taken: set[str]) -> str:
    """Two slides of one title could not be told apart in a list of slides."""
    shown, rank = title, 1
    while shown in taken:
        rank += 1
        shown = f"{title}{NBSP}({rank})"
    taken.add(shown)
    return shown


def footer_text(content: Content, *, watermark: bool) -> str:
    """« Saint-André · CTG 2026-2030 · Figé n° 3 le 20 novembre 2026 · projet »."""
    meta = content.meta
    frozen = f"figé n°{NBSP}{meta.number}" if meta.number else ""
    if meta.produced_on:
        frozen = f"{f'{frozen} le' if frozen else 'état au'} {date_long(meta.produced_on)}"
    state = "PROJET" if watermark else meta.state_label
    parts = (meta.agreement_name or meta.territory, meta.reference, state, frozen)
    return shortened(" · ".join(part for part in parts if part), FOOTER_LENGTH)


def _running(shown: Any, footer: str, colour: str = INK) -> None:
    """Footer and number as places of the layout: they move with it. Read last."""
    tree = shown.shapes._spTree
    for layout_shape in shown.slide_layout.placeholders:
        if layout_shape.placeholder_format.idx not in (10, 11):
            continue
        copy = deepcopy(layout_shape._element)
        copy.xpath(".//p:cNvPr")[0].set(
            "id", str(max(shape.shape_id for shape in shown.shapes) + 1)
        )
        spPr = copy.find("{*}spPr")
        for child in list(spPr):
            spPr.remove(child)
        tree.append(copy)
        if layout_shape.placeholder_format.idx == 10:
            fill(copy.txBody, [paragraph(footer, master.FOOTER_SIZE, colour=colour)])


def _cover(deck: Any, content: Content, footer: str) -> None:
    """A heading among the blocks of the cover is what the room reads, in place of the title of the
    document; the paragraphs that follow are its subtitle."""
    title, subtitle = cover_texts(content)
    shown = deck.slides.add_slide(deck.slide_layouts[master.COVER])
    places = {item.placeholder_format.idx: item for item in shown.placeholders}
    size = _fitting(title, (48, 44, 40, 36, 32, 28), place.COVER_TITLE, bold=True)
    fill(places[0]._element.txBody, [paragraph(title, size, bold=True, colour=WHITE)])
    small = _fitting("\n".join(subtitle), (28, 26, 24, 22, 20, 18), place.COVER_SUBTITLE)
    lines = [paragraph(line, small, colour=WHITE) for line in subtitle]
    meta = content.meta
    told = [" · ".join(filter(None, (meta.agreement_name or meta.territory, meta.reference)))]
    told += meta.extra_lines
    kept = _fitting("\n".join(told), (18,), place.COVER_LINES)
    for key, paragraphs in (
        (1, lines),
        (master.LINES_PLACE, [paragraph(line, kept) for line in told if line]),
    ):
        if paragraphs:
            fill(places[key]._element.txBody, paragraphs)
        else:
            places[key]._element.getparent().remove(places[key]._element)
    _logos(shown, content)
    _running(shown, footer)
    notes.write(shown, notes.cover_notes(content))


def cover_texts(content: Content) -> tuple[str, list[str]]:
    title = next((b.text for b in content.cover_blocks if isinstance(b, Heading)), content.title)
    lines = [b.text for b in content.cover_blocks if isinstance(b, Paragraph)]
    return title, lines or ([content.subtitle] if content.subtitle else [])


def _fitting(text: str, sizes: tuple[int, ...], box: place.Box, *, bold: bool = False) -> int:
    held = (s for s in sizes if measure.height(text, s, box.width, bold) <= box.height)
    return next(held, sizes[-1])


def _logos(shown: Any, content: Content) -> None:
    left = place.LOGOS.left
    for logo in content.meta.logos:
        if not default_storage.exists(logo):
            continue  # a document outlives its logos
        with default_storage.open(logo) as file:
            picture = shown.shapes.add_picture(
                file, points(left), points(place.LOGOS.top), height=points(place.LOGOS.height)
            )
        describe(picture, "Logo d'un signataire")
        left += picture.width / place.POINT + 24
