"""Pieces to shapes: what PowerPoint edits, described for who does not see it, in reading order."""

from __future__ import annotations

import io
from typing import Any

from lxml import etree
from PIL import Image
from pptx.enum.shapes import MSO_SHAPE
from pptx.oxml.ns import qn

from core import palette
from core.charts.render import png
from core.documents.content import Figure
from core.documents.page import plain
from core.documents.pptx import charts, master
from core.documents.pptx import geometry as place
from core.documents.pptx.flow import GAP, Slide
from core.documents.pptx.geometry import Box, points
from core.documents.pptx.grid import CELL_X, CELL_Y, Grid, Line
from core.documents.pptx.master import DRAWING
from core.documents.pptx.measure import WIDENED
from core.documents.pptx.pieces import (
    BOX_GAP,
    BOX_INSET,
    CARD_GAP,
    CARD_INSET,
    Boxes,
    Drawing,
    Figures,
    Para,
    Piece,
    Text,
)
from core.documents.pptx.text import INK, PRIMARY, WHITE, fill, paragraph, written

CALLOUT_TONES = {"decision": "danger", "info": "info", "warning": "warning", "success": "success"}
NO_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
"""« Aucun style, aucune grille »: the cells carry our own looks."""


class Pen:
    """Writes the pieces of one slide, from top to bottom."""

    def __init__(self, shown: Any, slide: Slide) -> None:
        self.shown = shown
        self.slide = slide
        self.area = place.DECISION_BODY if slide.is_decision else place.BODY
        self.top = self.area.top
        self.order: list[Any] = []
        self.places = {item.placeholder_format.idx: item for item in shown.placeholders}

    def draw(self) -> None:
        title = self.places.pop(0)
        fill(
            title._element.txBody,
            [paragraph(self.slide.title, self.slide.title_size, bold=True, colour=PRIMARY)],
        )
        self.order.append(title._element)
        for rank, piece in enumerate(self.slide.pieces):
            self.top += GAP if rank else 0
            height = self.height_of(piece)
            WRITERS[type(piece)](self, piece, height)
            self.top += height
        for unused in self.places.values():
            unused._element.getparent().remove(unused._element)
        tree = self.shown.shapes._spTree
        for element in self.order:
            tree.remove(element)
            tree.append(element)

    def height_of(self, piece: Piece) -> float:
        """A drawing takes what the other pieces leave."""
        scale = self.slide.scale
        if not piece.is_elastic:
            return piece.height(scale)
        others = sum(p.height(scale) for p in self.slide.pieces if not p.is_elastic)
        drawings = sum(p.is_elastic for p in self.slide.pieces)
        gaps = GAP * (len(self.slide.pieces) - 1)
        return (self.area.height - others - gaps) / drawings

    def box(self, height: float, left: float = 0.0, width: float | None = None) -> Box:
        return Box(self.area.left + left, self.top, width or self.area.width, height)

    def frame(self, shape: Any, box: Box) -> None:
        shape.left, shape.top, shape.width, shape.height = (points(value) for value in box)

    # --- Texts ------------------------------------------------------------------------------
    def text(self, piece: Text, height: float) -> None:
        """In the place of the layout for the first one: it is then in the outline of the deck."""
        shape = self.places.pop(1, None)
        self.write(
            shape, [written(para, self.slide.scale) for para in piece.paras], self.box(height)
        )

    def write(self, shape: Any, paragraphs: list[Any], box: Box) -> Any:
        if shape is None:
            shape = self.shown.shapes.add_textbox(0, 0, 0, 0)
            shape.name = f"Texte {len(self.order)}"
            properties = shape._element.txBody.find(qn("a:bodyPr"))
            for side in ("lIns", "tIns", "rIns", "bIns"):
                properties.set(side, "0")
            properties.set("wrap", "square")
            for fitting in list(properties):
                properties.remove(fitting)
            etree.SubElement(properties, qn("a:normAutofit"))
        self.frame(shape, box)
        fill(shape._element.txBody, paragraphs)
        self.order.append(shape._element)
        return shape

    def boxes(self, piece: Boxes, height: float) -> None:
        count = len(piece.callouts)
        width = (self.area.width - BOX_GAP * (count - 1)) / count
        for rank, (callout, paras) in enumerate(zip(piece.callouts, piece.texts, strict=True)):
            tone = palette.TONES[CALLOUT_TONES[callout.kind]]
            box = self.box(height, rank * (width + BOX_GAP), width)
            shape = self.panel(
                box, tone[1], f"Encadré : {plain(callout.title)}", BOX_INSET, mark=tone[0]
            )
            fill(shape._element.txBody, [self.boxed(para, tone[0]) for para in paras])

    def boxed(self, para: Para, colour: str) -> Any:
        element = written(para, self.slide.scale)
        if para.style == "heading":
            for solid in element.iter(f"{DRAWING}solidFill"):
                for old in list(solid):
                    solid.remove(old)
                etree.SubElement(solid, f"{DRAWING}srgbClr", val=colour.lstrip("#").upper())
        return element

    def panel(self, box: Box, ground: str, name: str, inset: float, *, mark: str) -> Any:
        """A soft ground under a text, with a line of its tone."""
        shape = self.shown.shapes.add_shape(MSO_SHAPE.RECTANGLE, 0, 0, 0, 0)
        shape.name = name
        self.frame(shape, box)
        style = shape._element.find(qn("p:style"))
        shape._element.remove(style)
        shape.fill.solid()
        shape.fill.fore_color.rgb = charts._rgb(ground)
        shape.line.color.rgb = charts._rgb(mark)
        shape.line.width = points(1)
        properties = shape._element.txBody.find(qn("a:bodyPr"))
        for side in ("lIns", "tIns", "rIns", "bIns"):
            properties.set(side, str(points(inset)))
        properties.set("anchor", "t")
        properties.set("wrap", "square")
        etree.SubElement(properties, qn("a:normAutofit"))
        self.order.append(shape._element)
        return shape

    def figures(self, piece: Figures, height: float) -> None:
        scale, top = self.slide.scale, self.top
        for row in piece.rows:
            tall = piece.row_height(row, scale)
            for rank, figure in enumerate(row):
                box = Box(
                    self.area.left + rank * (piece.card_width + CARD_GAP),
                    top,
                    piece.card_width,
                    tall,
                )
                self.card(figure, piece, box)
            top += tall + CARD_GAP

    def card(self, figure: Figure, piece: Figures, box: Box) -> None:
        shape = self.panel(
            box,
            palette.PRIMARY_SOFT,
            f"Chiffre : {plain(figure.label)}",
            CARD_INSET,
            mark=palette.PRIMARY,
        )
        lines = piece.card(figure, self.slide.scale)
        fill(
            shape._element.txBody,
            [
                paragraph(text, size, bold=bold, colour=PRIMARY if bold else INK)
                for text, size, bold in lines
            ],
        )

    # --- Tables -----------------------------------------------------------------------------
    def grid(self, piece: Grid, height: float) -> None:
        scale = self.slide.scale
        captioned = piece.caption_height(scale)
        if captioned:
            caption = Para(piece.table.caption, "heading")
            self.write(None, [written(caption, scale)], self.box(captioned))
        box = Box(self.area.left, self.top + captioned, self.area.width, height - captioned)
        waiting = self.places.pop(master.TABLE_PLACE, None)
        rows, columns = len(piece.lines) + 1, len(piece.heads)
        if waiting is not None:
            frame = waiting.insert_table(rows=rows, cols=columns)
            self.frame(frame, box)
        else:
            frame = self.shown.shapes.add_table(rows, columns, *(points(value) for value in box))
        frame.name = f"Tableau : {plain(piece.table.caption)}"
        describe(frame, f"Tableau : {plain(piece.table.caption)}. {_told(piece)}")
        self.order.append(frame._element)
        self.fill_table(frame.table, piece)

    def fill_table(self, table: Any, piece: Grid) -> None:
        scale = self.slide.scale
        properties = table._tbl.tblPr
        properties.set("firstRow", "1")
        properties.set("bandRow", "0")
        properties.find(qn("a:tableStyleId")).text = NO_STYLE
        widths = piece.widths(scale)
        for column, width in zip(table.columns, widths, strict=True):
            column.width = points(width)
        numeric = [piece.table.columns[rank].numeric for rank in piece.shown]
        # Rows are as tall as our own letters ask; they grow by themselves into the room that was
        # kept for wider ones.
        ours = [(width - 2 * CELL_X) * WIDENED + 2 * CELL_X for width in widths]
        heights = [piece.head_height(ours, scale)]
        heights += [piece.line_height(line, ours, scale) for line in piece.lines]
        for row, height in zip(table.rows, heights, strict=True):
            row.height = points(height)
        head = Line(tuple(piece.head_lines(widths, scale)))
        for row, line in zip(table._tbl.tr_lst, (head, *piece.lines), strict=True):
            self.fill_row(row, line, numeric, is_head=line is head)
            if line.role == "group":
                _merge(row)

    def fill_row(self, row: Any, line: Line, numeric: list[bool], *, is_head: bool) -> None:
        for rank, (cell, text) in enumerate(zip(row.tc_lst, line.cells, strict=True)):
            tone = line.tones[rank] if line.tones else ""
            bold = is_head or bool(tone) or line.role != "row"
            colour = WHITE if is_head else palette.TONES[tone][0] if tone else INK
            written_cell = paragraph(
                text, self.slide.scale.table, bold=bold, colour=colour,
                align="r" if numeric[rank] and line.role != "group" else "l",
            )  # fmt: skip
            fill(cell.get_or_add_txBody(), [written_cell])
            _dress(cell, is_head=is_head, role=line.role)

    # --- Charts -----------------------------------------------------------------------------
    def drawing(self, piece: Drawing, height: float) -> None:
        block = piece.chart
        box = self.box(height)
        if not charts.is_native(block):
            self.picture(piece, box)
            return
        kind, data = charts.data_of(block)
        waiting = self.places.pop(master.CHART_PLACE, None)
        if waiting is not None:
            frame = waiting.insert_chart(kind, data)
            self.frame(frame, box)
        else:
            frame = self.shown.shapes.add_chart(kind, *(points(value) for value in box), data)
        frame.name = f"Graphique : {plain(block.title)}"
        describe(frame, block.alt or block.title)
        charts.finish(frame.chart, block)
        self.order.append(frame._element)

    def picture(self, piece: Drawing, box: Box) -> None:
        """What PowerPoint has no chart for (a map): its picture, whole, in the middle."""
        data = png(piece.chart.spec)
        with Image.open(io.BytesIO(data)) as image:
            wide, tall = image.size
        ratio = min(box.width / wide, box.height / tall)
        width, height = wide * ratio, tall * ratio
        shape = self.shown.shapes.add_picture(
            io.BytesIO(data),
            points(box.left + (box.width - width) / 2),
            points(box.top + (box.height - height) / 2),
            points(width),
            points(height),
        )
        shape.name = f"Image : {plain(piece.chart.title)}"
        describe(shape, piece.chart.alt or piece.chart.title)
        self.order.append(shape._element)


WRITERS: dict[type[Piece], Any] = {
    Text: Pen.text,
    Boxes: Pen.boxes,
    Figures: Pen.figures,
    Grid: Pen.grid,
    Drawing: Pen.drawing,
}


def layout_of(slide: Slide) -> int:
    """The layout whose places the slide fills."""
    if slide.is_decision:
        return master.DECISION
    if not slide.pieces:
        return master.SECTION
    if any(isinstance(piece, Grid) for piece in slide.pieces):
        return master.TABLE
    if any(isinstance(p, Drawing) and charts.is_native(p.chart) for p in slide.pieces):
        return master.CHART
    return master.TEXT


def describe(shape: Any, text: str) -> None:
    """The text that a screen reader says in place of a table, a chart or a picture."""
    shape._element.xpath(".//p:cNvPr")[0].set("descr", text)


def _told(piece: Grid) -> str:
    columns = ", ".join(plain(head) for head in piece.heads)
    return f"{len(piece.lines)} lignes ; colonnes : {columns}."


def _merge(row: Any) -> None:
    """A sub-title takes the whole line."""
    first, *others = row.tc_lst
    if others:
        first.set("gridSpan", str(len(others) + 1))
        for cell in others:
            cell.set("hMerge", "1")


def _dress(cell: Any, *, is_head: bool, role: str) -> None:
    """Horizontal lines only, as in our printed tables; the header on our colour."""
    properties = cell.get_or_add_tcPr()
    for side, value in (("marL", CELL_X), ("marR", CELL_X), ("marT", CELL_Y), ("marB", CELL_Y)):
        properties.set(side, str(points(value)))
    properties.set("anchor", "b" if is_head else "t")
    for side in ("lnL", "lnR"):
        etree.SubElement(etree.SubElement(properties, qn(f"a:{side}"), w="0"), qn("a:noFill"))
    for side, drawn in (("lnT", role == "total"), ("lnB", True)):
        width = 1.5 if role == "total" and side == "lnT" else 0.75
        line = etree.SubElement(properties, qn(f"a:{side}"), w=str(points(width if drawn else 0)))
        if not drawn:
            etree.SubElement(line, qn("a:noFill"))
            continue
        solid = etree.SubElement(line, qn("a:solidFill"))
        colour = palette.PRIMARY if role == "total" else palette.LINE
        etree.SubElement(solid, qn("a:srgbClr"), val=colour.lstrip("#").upper())
    if is_head:
        ground = etree.SubElement(properties, qn("a:solidFill"))
        etree.SubElement(ground, qn("a:schemeClr"), val=PRIMARY)
    elif role == "group":
        ground = etree.SubElement(properties, qn("a:solidFill"))
        etree.SubElement(ground, qn("a:schemeClr"), val="bg2")
    else:
        etree.SubElement(properties, qn("a:noFill"))
