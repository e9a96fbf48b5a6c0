"""The tables of a Word document: their head repeated, no word nor figure cut."""

from __future__ import annotations

import re
from math import ceil
from typing import Any

from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_ROW_HEIGHT_RULE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from core import palette
from core.documents.content import Column, Paragraph, Table
from core.documents.docx_text import add_text, rgb, write_paragraph
from core.documents.page import cell_text, groups_of_rows

PORTRAIT, LANDSCAPE = (Mm(210), Mm(297)), (Mm(297), Mm(210))
MARGIN = Mm(22)
CHARACTER = Mm(2)  # a wide one
CELL_MARGINS = Mm(4)
BORDERS = ("top", "bottom", "insideH")
SMALL, LARGE = 9, 14
"""Points: of a sheet, and of what is read from the other side of the room."""


def write_table(word: WordDocument, block: Table) -> None:
    caption = word.add_paragraph(block.caption, style="Caption")
    caption.paragraph_format.keep_with_next = True
    if not block.rows:
        word.add_paragraph(block.empty)
        return
    shown = [rank for rank in range(len(block.columns)) if rank != block.group_by]
    grid = word.add_table(rows=1, cols=len(shown), style="Normal Table")
    _thin_lines(grid, between=bool(block.row_height))
    _describe_table(grid, block.caption)
    for cell, rank in zip(grid.rows[0].cells, shown, strict=True):
        fill(cell, palette.PRIMARY)
        _write(cell, block.columns[rank].title, block.columns[rank], bold=True, colour="#ffffff")
    _repeat(grid.rows[0])
    for title, rows in groups_of_rows(block):
        if title:
            line = grid.add_row()
            merged = line.cells[0].merge(line.cells[-1])
            _write(merged, title, block.columns[0], bold=True)
        for row in rows:
            _line(grid, block, shown, row)
    if block.has_total:
        _line(grid, block, shown, block.totals, bold=True)
    _widths(grid, word, block, shown)
    notes = [*block.notes, f"Source : {block.source}" if block.source else ""]
    for note in notes:
        if note:
            write_paragraph(word, Paragraph(note, "note"))


def _line(grid: Any, block: Table, shown: list[int], row: tuple, *, bold: bool = False) -> None:
    line = grid.add_row()
    if block.row_height and not bold:
        line.height_rule, line.height = WD_ROW_HEIGHT_RULE.AT_LEAST, Mm(block.row_height)
    cannot_split = OxmlElement("w:cantSplit")
    line._tr.get_or_add_trPr().append(cannot_split)
    columns = block.printed_columns
    for cell, rank in zip(line.cells, shown, strict=True):
        column = columns[rank]
        size = LARGE if block.large else SMALL
        _write(cell, cell_text(column, row[rank]), column, bold=bold, size=size)


def _write(
    cell: Any, text: str, column: Column, *, bold: bool = False, colour: str = "", size: float = 9
) -> None:
    paragraph = add_text(cell.paragraphs[0], text)
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(1.5)
    if column.numeric:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for run in paragraph.runs:
        run.font.size = Pt(size)
        run.bold = True if bold else run.bold
        if colour:
            run.font.color.rgb = rgb(colour)


def _widths(grid: Any, word: WordDocument, block: Table, shown: list[int]) -> None:
    """Shared as the columns ask, but never so narrow that a word or a figure is cut."""
    page = word.sections[-1]
    wide = page.orientation == WD_ORIENT.LANDSCAPE
    room = (LANDSCAPE if wide else PORTRAIT)[0] - 2 * MARGIN
    columns = block.printed_columns
    character = CHARACTER * LARGE // SMALL if block.large else CHARACTER
    needed = [
        _longest_word(columns[rank], block, rank) * character + CELL_MARGINS for rank in shown
    ]
    weights = [columns[rank].width or 3 for rank in shown]
    wished = [
        max(least, room * weight / sum(weights))
        for least, weight in zip(needed, weights, strict=True)
    ]
    spare = sum(wished) - sum(needed)
    kept = max(0.0, 1 - (sum(wished) - room) / spare) if spare else 1.0
    grid.autofit = False
    for column, least, wish in zip(grid.columns, needed, wished, strict=True):
        width = int(least + (wish - least) * kept)
        column.width = width
        for cell in column.cells:
            cell.width = width


def _longest_word(column: Column, block: Table, rank: int) -> int:
    """In characters; a no-break space keeps a figure and its unit in one word."""
    cells = [row[rank] for row in block.rows] + ([block.totals[rank]] if block.has_total else [])
    texts = [cell_text(column, cell) for cell in cells]
    longest = max((len(word) for text in texts for word in re.split(r"[ \n-]", text)), default=0)
    # Titles are in bold: wider by one letter in eight.
    return max(longest, *(ceil(len(word) * 9 / 8) for word in re.split(r"[ \n-]", column.title)))


def _repeat(row: Any) -> None:
    """The head of a table begins each page that the table reaches."""
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)


def fill(cell: Any, colour: str) -> None:
    shade = OxmlElement("w:shd")
    shade.set(qn("w:val"), "clear")
    shade.set(qn("w:fill"), colour.lstrip("#"))
    cell._tc.get_or_add_tcPr().append(shade)


def _thin_lines(grid: Any, *, between: bool = False) -> None:
    """Horizontal lines, in the colour of the printed tables; vertical ones too where one writes
    in the cells (``between``)."""
    borders = OxmlElement("w:tblBorders")
    for side in (*BORDERS, "insideV") if between else BORDERS:
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("color", palette.LINE.lstrip("#"))):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    grid._tbl.tblPr.append(borders)


def _describe_table(grid: Any, caption: str) -> None:
    title = OxmlElement("w:tblCaption")
    title.set(qn("w:val"), caption)
    grid._tbl.tblPr.append(title)
