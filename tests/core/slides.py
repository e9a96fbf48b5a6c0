"""A deck read again by python-pptx, its letters measured by Pillow: another way than the writer's."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from PIL import ImageFont
from pptx import Presentation

POINT = 12700
LINE = 1.326 * 0.9


def opened(data: bytes) -> Any:
    return Presentation(io.BytesIO(data))


def titles(deck: Any) -> list[str]:
    return [slide.shapes.title.text_frame.text for slide in deck.slides]


def notes(deck: Any) -> list[str]:
    return [slide.notes_slide.notes_text_frame.text for slide in deck.slides]


def texts(deck: Any) -> str:
    """All that the room reads."""
    found = []
    for slide in deck.slides:
        for shape in slide.shapes:
            if shape.has_text_frame:
                found.append(shape.text_frame.text)
            elif shape.has_table:
                found += [cell.text for row in shape.table.rows for cell in row.cells]
    return "\n".join(found)


def everything(deck: Any) -> str:
    return "\n".join([texts(deck), *notes(deck)])


def overflows(deck: Any) -> list[str]:
    """What is taller than its frame, or leaves the slide."""
    found = []
    for rank, slide in enumerate(deck.slides, start=1):
        for shape in slide.shapes:
            name = f"diapositive {rank}, {shape.name}"
            right, bottom = shape.left + shape.width, shape.top + shape.height
            if (
                shape.left < 0
                or shape.top < 0
                or right > deck.slide_width
                or bottom > deck.slide_height
            ):
                found.append(f"{name} : hors de la diapositive")
            if shape.has_text_frame:
                found += _over(name, shape, slide.slide_layout)
            elif shape.has_table:
                found += _over_table(name, shape)
        found += _overlaps(rank, slide)
    return found


def _over(name: str, shape: Any, layout: Any) -> Iterator[str]:
    across, down = _insets(shape, layout)
    need = _height(shape.text_frame.paragraphs, shape.width / POINT - across)
    have = shape.height / POINT - down
    if need > have + 1:
        yield f"{name} : {need:.0f} points pour {have:.0f}"


def _insets(shape: Any, layout: Any) -> tuple[float, float]:
    """Of the frame, or of the place of the layout that it fills: python-pptx does not look there."""
    frame = shape.text_frame
    if shape.is_placeholder:
        rank = shape.placeholder_format.idx
        frame = next(p for p in layout.placeholders if p.placeholder_format.idx == rank).text_frame
    return (frame.margin_left + frame.margin_right) / POINT, (
        frame.margin_top + frame.margin_bottom
    ) / POINT


def _over_table(name: str, shape: Any) -> Iterator[str]:
    table = shape.table
    if sum(column.width for column in table.columns) > shape.width + POINT:
        yield f"{name} : plus large que son cadre"
    bottom = shape.top / POINT
    for row in table.rows:
        needs = []
        for cell, column in zip(row.cells, table.columns, strict=True):
            if cell.is_spanned:
                continue
            width = shape.width if cell.is_merge_origin else column.width
            room = (width - cell.margin_left - cell.margin_right) / POINT
            needs.append(
                _height(cell.text_frame.paragraphs, room)
                + (cell.margin_top + cell.margin_bottom) / POINT
            )
        if max(needs) > row.height / POINT + 1:
            yield f"{name} : une ligne demande {max(needs):.0f} points pour {row.height / POINT:.0f}"
        bottom += max(*needs, row.height / POINT)
    if bottom > 496:
        yield f"{name} : descend à {bottom:.0f} points, sur le pied de page"


def _overlaps(rank: int, slide: Any) -> Iterator[str]:
    """Two shapes of one slide on top of each other."""
    boxes = [(s.name, s.left, s.top, s.left + s.width, s.top + s.height) for s in slide.shapes]
    for place, (name, left, top, right, bottom) in enumerate(boxes):
        for other, left2, top2, right2, bottom2 in boxes[place + 1 :]:
            wide = min(right, right2) - max(left, left2)
            tall = min(bottom, bottom2) - max(top, top2)
            if wide > POINT and tall > POINT:
                yield f"diapositive {rank} : {name} et {other} se recouvrent"


def _height(paragraphs: Any, room: float) -> float:
    total = 0.0
    for paragraph in paragraphs:
        properties = paragraph._p.find("{*}pPr")
        indent = int(properties.get("marL", 0)) / POINT if properties is not None else 0.0
        lines, size = _lines(paragraph, room - indent)
        after = paragraph.space_after
        total += lines * size * LINE + (after.pt if after is not None else 0.0)
    return total


def _lines(paragraph: Any, room: float) -> tuple[int, float]:
    size = max(sizes(paragraph), default=0.0)
    lines, used = 1, 0.0
    pending = 0.0  # the word being read
    for run in [*paragraph._p]:
        tag = run.tag.rpartition("}")[2]
        if tag == "br":
            lines, used, pending = lines + 1, 0.0, 0.0
        if tag not in ("r", "fld"):
            continue
        bold = run.find("{*}rPr").get("b") == "1"
        for letter in run.find("{*}t").text or "":
            wide = _letter(letter, bold) * size
            if letter == " ":
                used, pending = used + pending + wide, 0.0
            elif used + pending + wide > room:
                lines += 1
                used, pending = (0.0, pending + wide) if used else (0.0, wide)
            else:
                pending += wide
    return lines, size


def sizes(paragraph: Any) -> list[float]:
    found = [int(rpr.get("sz")) / 100 for rpr in paragraph._p.iter("{*}rPr") if rpr.get("sz")]
    if not found and paragraph._p.find("{*}endParaRPr") is not None:
        found = [int(paragraph._p.find("{*}endParaRPr").get("sz", 0)) / 100]
    return found


@cache
def _letter(letter: str, bold: bool) -> float:
    return _font(bold).getlength(letter) / 1000


@cache
def _font(bold: bool) -> ImageFont.FreeTypeFont:
    face = "Bold" if bold else "Regular"
    path = Path(settings.NODE_MODULES) / "source-sans" / "TTF" / f"SourceSans3-{face}.ttf"
    return ImageFont.truetype(str(path), 1000)
