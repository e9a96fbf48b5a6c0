"""What one writes upon in a Word document: ruled lines, boxes to tick, sheets kept whole."""

from __future__ import annotations

from typing import Any

from docx.document import Document as WordDocument
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from core import palette
from core.documents.content import NotesArea, TickBoxes

BOX = "\u2610"
LINE_SPACING = Pt(20)
HANG = Mm(6)
"""The box and its space: what follows on the next line begins under the first word."""


def write_notes(word: WordDocument, block: NotesArea) -> None:
    _bold(word.add_paragraph(), block.title)
    for _ in range(block.lines):
        paragraph = word.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(0)
        paragraph.paragraph_format.line_spacing = LINE_SPACING
        _rule(paragraph)


def _rule(paragraph: Any) -> None:
    """A line beneath, and between two such paragraphs."""
    borders = OxmlElement("w:pBdr")
    for side in ("bottom", "between"):
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("color", palette.LINE.lstrip("#"))):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def write_ticks(word: WordDocument, block: TickBoxes) -> None:
    if block.stacked:
        if block.title:
            _bold(word.add_paragraph(), block.title)
        for choice in block.choices:
            line = word.add_paragraph(f"{BOX}\u00a0{choice}").paragraph_format
            line.left_indent, line.first_line_indent = HANG, -HANG
        return
    paragraph = word.add_paragraph()
    if block.title:
        _bold(paragraph, block.title)
    for choice in block.choices:
        paragraph.add_run(f"    {BOX}\u00a0{choice}")


def _bold(paragraph: Any, text: str) -> None:
    paragraph.add_run(text).bold = True


def keep_together(elements: list[Any]) -> None:
    """Each paragraph stays with the next, those of the last element left aside."""
    for element in elements[:-1]:
        for paragraph in element.iter(qn("w:p")):
            paragraph.get_or_add_pPr().get_or_add_keepNext()
