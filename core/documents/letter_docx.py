"""The same letter in Word, to be read over, changed and signed along the usual circuit."""

from __future__ import annotations

import io
from typing import Any

from django.core.files.storage import default_storage
from docx import Document
from docx.shared import Mm, Pt, RGBColor

from core import palette
from core.documents.docx import FONT, WRITERS, set_language
from core.documents.letter import Letter

RIGHT = Mm(82)
DATE_LEFT = Mm(70)
SIGNATURE_ROOM = Mm(22)


def word(letter: Letter) -> bytes:
    """Paragraphs alone, no table to lay out: it reads in order, and nothing moves when edited."""
    file = Document()
    set_language(file)
    file.core_properties.title = letter.subject
    file.core_properties.author = letter.sender
    page = file.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin, page.right_margin = Mm(24), Mm(22)
    page.top_margin, page.bottom_margin = Mm(16), Mm(18)
    normal = file.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(10.5)
    normal.paragraph_format.space_after = Pt(7)
    _head(file, letter)
    for rank, line in enumerate(letter.addressee):
        paragraph = _line(file, line, left=RIGHT, after=Pt(0), bold=rank == 0)
        if rank == 0:
            paragraph.paragraph_format.space_before = Mm(6)
    for rank, (name, value) in enumerate(letter.references):
        paragraph = _line(file, f"{name} : {value}", size=Pt(9), after=Pt(1))
        if rank == 0:
            paragraph.paragraph_format.space_before = Mm(8)
    dated = _line(file, letter.place_and_date, left=DATE_LEFT, after=Mm(6))
    dated.paragraph_format.space_before = Mm(6)
    _line(file, f"Objet : {letter.subject}", bold=True, after=Mm(5))
    for block in letter.body:
        WRITERS[type(block)](file, block)
    quality = _line(file, letter.signatory[0], left=RIGHT, after=SIGNATURE_ROOM)
    quality.paragraph_format.space_before = Mm(4)
    quality.paragraph_format.keep_with_next = True
    _line(file, letter.signatory[1], left=RIGHT)
    if letter.foot:
        foot = page.footer.paragraphs[0]
        foot.add_run(letter.foot).font.size = Pt(8)
    target = io.BytesIO()
    file.save(target)
    return target.getvalue()


def _head(file: Any, letter: Letter) -> None:
    if letter.logo and default_storage.exists(letter.logo):  # a letter outlives its logo
        with default_storage.open(letter.logo) as data:
            picture = file.add_paragraph().add_run().add_picture(data, height=Mm(20))
        picture._inline.docPr.set("descr", f"Logo : {letter.sender}")
    name = _line(file, letter.sender, bold=True, size=Pt(14), after=Pt(0))
    for run in name.runs:
        run.font.color.rgb = RGBColor.from_string(palette.PRIMARY.lstrip("#").upper())
    for line in letter.sender_lines:
        _line(file, line, size=Pt(9.5), after=Pt(0))


def _line(
    file: Any, text: str, *, left: Any = None, after: Any = None, bold: bool = False,
    size: Any = None,
) -> Any:  # fmt: skip
    paragraph = file.add_paragraph()
    run = paragraph.add_run(text)
    run.bold = bold or None
    if size is not None:
        run.font.size = size
    if left is not None:
        paragraph.paragraph_format.left_indent = left
    if after is not None:
        paragraph.paragraph_format.space_after = after
    return paragraph
