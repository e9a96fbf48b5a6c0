"""The words of a Word document: runs, paragraphs and their styles."""

from __future__ import annotations

import re
from typing import Any

from docx.document import Document as WordDocument
from docx.shared import Pt, RGBColor

from core.documents.content import Paragraph

BOLD = re.compile(r"(\*\*.+?\*\*)")


def add_text(paragraph: Any, text: str) -> Any:
    """``**gras**`` becomes bold; line breaks stay."""
    for piece in BOLD.split(text):
        bold = piece.startswith("**") and piece.endswith("**") and len(piece) > 4
        run = paragraph.add_run(piece[2:-2] if bold else piece)
        run.bold = bold or None
    return paragraph


def write_paragraph(word: WordDocument, block: Paragraph) -> None:
    paragraph = add_text(word.add_paragraph(), block.text)
    for run in paragraph.runs:
        if block.style == "lead":
            run.font.size = Pt(12.5)
        elif block.style == "question":
            run.bold = True
        elif block.style == "note":
            run.font.size = Pt(9)
        elif block.style == "quote":
            run.italic = True


def rgb(colour: str) -> RGBColor:
    return RGBColor.from_string(colour.lstrip("#").upper())
