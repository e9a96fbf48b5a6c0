"""The Word document of a content: real headings, lists, tables and styles, to be edited freely."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from django.core.files.storage import default_storage
from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from core import palette
from core.charts.render import png
from core.documents.content import (
    AuthorWords,
    Block,
    BulletList,
    Callout,
    ChartBlock,
    Column,
    Content,
    Contents,
    FigureRow,
    Heading,
    KeyValues,
    Missing,
    NotesArea,
    PageBreak,
    Paragraph,
    SignatureBlock,
    SpeakerNotes,
    Table,
    TickBoxes,
    Timeline,
    printed,
)
from core.documents.docx_blanks import keep_together, write_notes, write_ticks
from core.documents.docx_tables import LANDSCAPE, MARGIN, PORTRAIT, fill, write_table
from core.documents.docx_text import add_text, rgb, write_paragraph
from core.documents.page import (
    Part,
    data_sentence,
    identity_sentence,
    is_wide,
    numbered,
)

FONT = "Calibri"  # on the computers of those who will edit it; ours is not
CHART_WIDTH = Mm(160)


def render(content: Content, *, watermark: bool = False) -> bytes:
    """Draw the Word file. ``watermark`` writes « PROJET » in the header of every page."""
    content = content.restricted()
    word = Document()
    _set_up(word, content)
    _running_texts(word, content, watermark)
    parts = numbered(content)
    _cover(word, content, parts)
    wide = False
    for rank, part in enumerate(parts):
        new_page = part.section.page_break or (rank == 0 and content.cover)
        if is_wide(part.section) != wide:
            wide, new_page = not wide, False
            _new_section(word, wide)
        _part(word, part, parts, new_page=new_page)
    target = io.BytesIO()
    word.save(target)
    return target.getvalue()


# --- The document itself --------------------------------------------------------------------
def _set_up(word: WordDocument, content: Content) -> None:
    properties = word.core_properties
    properties.title = content.title
    properties.subject = content.subtitle
    properties.author = ", ".join(content.meta.authors) or content.meta.agreement_name
    properties.language = "fr-FR"
    set_language(word)
    page = word.sections[0]
    _orient(page, wide=False)
    styles = word.styles
    # Without a cover the title heads the first page: it leaves it to the text.
    body, title, subtitle = (10.5, 26, 14) if content.cover else (10, 18, 11)
    for name, size, colour in (
        ("Normal", body, palette.INK),
        ("Title", title, palette.PRIMARY),
        ("Subtitle", subtitle, palette.INK_SOFT),
        ("Heading 1", 17, palette.PRIMARY),
        ("Heading 2", 14, palette.PRIMARY),
        ("Heading 3", 12, palette.PRIMARY),
        ("Caption", 10.5, palette.INK),
    ):
        font = styles[name].font
        font.name, font.size, font.color.rgb = FONT, Pt(size), rgb(colour)
        properties_of_run = styles[name].element.get_or_add_rPr()
        fonts = properties_of_run.find(qn("w:rFonts"))
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:hAnsi"), FONT)
    styles["Caption"].paragraph_format.space_before = Pt(10 if content.cover else 6)
    if not content.cover:
        page.top_margin = page.bottom_margin = Mm(16)
        for name in ("Normal", "Title", "Subtitle", "Caption"):
            styles[name].paragraph_format.space_after = Pt(3)


def set_language(word: WordDocument) -> None:
    """French for the speller and for screen readers."""
    defaults = word.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault"))
    run = defaults.find(qn("w:rPr"))
    language = run.find(qn("w:lang"))
    if language is None:
        language = OxmlElement("w:lang")
        run.append(language)
    language.set(qn("w:val"), "fr-FR")


def _orient(page: Any, *, wide: bool) -> None:
    page.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    page.page_width, page.page_height = LANDSCAPE if wide else PORTRAIT
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = MARGIN


def _new_section(word: WordDocument, wide: bool) -> None:
    _orient(word.add_section(), wide=wide)


def _page_break(word: WordDocument) -> None:
    word.add_paragraph().add_run().add_break(WD_BREAK.PAGE)


def _running_texts(word: WordDocument, content: Content, watermark: bool) -> None:
    page = word.sections[0]
    title = " – ".join(text for text in (content.title, content.meta.reference) if text)
    header = page.header.paragraphs[0]
    header.text = f"PROJET · {title}" if watermark else title
    footer = page.footer.paragraphs[0]
    footer.add_run(f"{identity_sentence(content.meta)}. {data_sentence(content.meta)} Page ")
    _field(footer, "PAGE")
    footer.add_run(" sur ")
    _field(footer, "NUMPAGES")
    for run in (*header.runs, *footer.runs):
        run.font.size = Pt(8.5)


def _field(paragraph: Any, code: str) -> None:
    """A field that Word computes."""
    _open_field(paragraph, code)
    _close_field(paragraph)


def _open_field(paragraph: Any, code: str) -> None:
    """What follows stands there until Word computes the field."""
    run = paragraph.add_run()
    for kind in ("begin", None, "separate"):
        if kind is None:
            element = OxmlElement("w:instrText")
            element.set(qn("xml:space"), "preserve")
            element.text = code
        else:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
            if kind == "begin" and code.startswith("TOC"):
                element.set(qn("w:dirty"), "true")
        run._r.append(element)


def _close_field(paragraph: Any) -> None:
    element = OxmlElement("w:fldChar")
    element.set(qn("w:fldCharType"), "end")
    paragraph.add_run()._r.append(element)


def _cover(word: WordDocument, content: Content, parts: list[Part]) -> None:
    meta = content.meta
    for logo in meta.logos:
        if not default_storage.exists(logo):
            continue  # a document outlives its logos
        with default_storage.open(logo) as file:
            picture = word.add_paragraph().add_run().add_picture(file, height=Mm(22))
        _describe(picture, "Logo d'un signataire")
    place = meta.agreement_name or meta.territory
    if not content.cover:
        known = (meta.reference, place, identity_sentence(meta))
        word.add_paragraph(" · ".join(text for text in known if text))
    else:
        word.add_paragraph(meta.reference)
    word.add_paragraph(content.title, style="Title")
    if content.subtitle:
        word.add_paragraph(content.subtitle, style="Subtitle")
    lines = [*([place] if content.cover else []), *meta.extra_lines]
    if meta.authors:
        lines.append(f"Établi par : {', '.join(meta.authors)}")
    for line in (*lines, *([identity_sentence(meta)] if content.cover else [])):
        word.add_paragraph(line).paragraph_format.space_after = Pt(4)
    for block in content.cover_blocks:
        _block(word, block, parts)


# --- Parts and blocks -----------------------------------------------------------------------
def _part(word: WordDocument, part: Part, parts: list[Part], *, new_page: bool = False) -> None:
    """``new_page``: the heading itself begins it; a break on its own would leave an empty page
    behind a full one."""
    if part.section.title:
        heading = word.add_heading(part.title, level=part.section.level)
        heading.paragraph_format.page_break_before = new_page or None
    elif new_page:
        _page_break(word)
    first = len(word.element.body) - 1  # before what closes the body
    for block in printed(part.section.blocks):
        _block(word, block, parts)
    if part.section.whole:
        keep_together(list(word.element.body)[first:-1])


def _block(word: WordDocument, block: Block, parts: list[Part]) -> None:
    if isinstance(block, Contents):
        _contents(word, block, parts)
        return
    write = WRITERS.get(type(block))
    if write is None:
        raise TypeError(f"No Word writer for {type(block).__name__}")
    write(word, block)


def _heading(word: WordDocument, block: Heading) -> None:
    word.add_heading(block.text, level=min(block.level, 3))


def _bullets(word: WordDocument, block: BulletList) -> None:
    style = "List Number" if block.ordered else "List Bullet"
    for item in block.items:
        add_text(word.add_paragraph(style=style), item)


def _key_values(word: WordDocument, block: KeyValues) -> None:
    rows = tuple((label, Missing() if value is None else value) for label, value in block.rows)
    columns = (Column("Rubrique", width=1), Column("Contenu", width=3))
    write_table(word, Table(caption=block.caption or "En bref", columns=columns, rows=rows))


def _describe(picture: Any, text: str) -> None:
    """The text that a screen reader says in place of the picture."""
    picture._inline.docPr.set("descr", text)


def _figures(word: WordDocument, block: FigureRow) -> None:
    for figure in block.figures:
        value = f"{figure.value} {figure.unit}".strip()
        more = " ; ".join(text for text in (figure.comparison, figure.source) if text)
        add_text(
            word.add_paragraph(style="List Bullet"),
            f"{figure.label} : **{value}**" + (f" ({more})" if more else ""),
        )


def _chart(word: WordDocument, block: ChartBlock) -> None:
    caption = word.add_paragraph(block.title, style="Caption")
    caption.paragraph_format.keep_with_next = True
    picture = (
        word.add_paragraph().add_run().add_picture(io.BytesIO(png(block.spec)), width=CHART_WIDTH)
    )
    _describe(picture, block.alt)
    word.add_paragraph(block.sentence)
    if block.source:
        write_paragraph(word, Paragraph(f"Source : {block.source}", "note"))


def _callout(word: WordDocument, block: Callout) -> None:
    grid = word.add_table(rows=1, cols=1, style="Table Grid")
    cell = grid.rows[0].cells[0]
    tone = {"decision": "danger", "info": "info", "warning": "warning", "success": "success"}
    fill(cell, palette.TONES[tone[block.kind]][1])
    _breathe(cell)
    add_text(cell.paragraphs[0], f"**{block.title}**")
    for text in block.paragraphs:
        add_text(cell.add_paragraph(), text)
    after = word.add_paragraph()  # two tables that touch would be one
    after.paragraph_format.space_after = Pt(0)
    after.paragraph_format.line_spacing = Pt(8)


def _breathe(cell: Any) -> None:
    """Room between a frame and its text, in twentieths of a point."""
    margins = OxmlElement("w:tcMar")
    for side, width in (("top", 50), ("left", 120), ("bottom", 50), ("right", 120)):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(width))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    cell._tc.get_or_add_tcPr().append(margins)


def _author_words(word: WordDocument, block: AuthorWords) -> None:
    """Indented and in italics, under a line that says whose words they are."""
    first = add_text(word.add_paragraph(), f"**{block.title}**")
    first.paragraph_format.keep_with_next = True
    first.paragraph_format.space_after = Pt(2)
    for paragraph in (first, *(add_text(word.add_paragraph(), text) for text in block.paragraphs)):
        paragraph.paragraph_format.left_indent = Mm(8)
        for run in paragraph.runs:
            run.font.color.rgb = rgb(palette.PRIMARY)
            run.italic = paragraph is not first or None


def _speaker_notes(word: WordDocument, block: SpeakerNotes) -> None:
    _author_words(word, AuthorWords(block.title, block.paragraphs))


def _timeline(word: WordDocument, block: Timeline) -> None:
    for when, what, who in block.items:
        add_text(
            word.add_paragraph(style="List Bullet"),
            f"**{when}** : {what}" + (f" ({who})" if who else ""),
        )


def _signatures(word: WordDocument, block: SignatureBlock) -> None:
    grid = word.add_table(rows=1, cols=len(block.parties), style="Table Grid")
    for cell, (quality, name) in zip(grid.rows[0].cells, block.parties, strict=True):
        cell.paragraphs[0].add_run(quality)
        cell.add_paragraph(name)
        cell.add_paragraph("Le :")
        cell.add_paragraph("\n\n")
    word.add_paragraph()


def _contents(word: WordDocument, block: Contents, parts: Sequence[Part] = ()) -> None:
    """The chapters at once; Word adds their page numbers when the fields are updated (F9)."""
    heading = add_text(word.add_paragraph(), f"**{block.title}**")
    heading.paragraph_format.space_before = Pt(8)
    heading.paragraph_format.space_after = Pt(3)
    told = [part for part in parts if block.holds(part.section.level) and part.title]
    first = paragraph = word.add_paragraph()
    for rank, part in enumerate(told):
        paragraph = word.add_paragraph() if rank else first
        paragraph.paragraph_format.space_after = Pt(3)
        paragraph.paragraph_format.left_indent = Mm(6) * (part.section.level - block.from_level)
        if not rank:
            levels = f"{block.from_level}-{block.to_level}"
            _open_field(first, f'TOC \\o "{levels}" \\h \\z \\u')
        paragraph.add_run(part.title)
    _close_field(paragraph)


def _break(word: WordDocument, block: PageBreak) -> None:
    _page_break(word)


WRITERS: dict[type, Any] = {
    Heading: _heading,
    Paragraph: write_paragraph,
    BulletList: _bullets,
    KeyValues: _key_values,
    Table: write_table,
    FigureRow: _figures,
    ChartBlock: _chart,
    Callout: _callout,
    AuthorWords: _author_words,
    SpeakerNotes: _speaker_notes,
    Timeline: _timeline,
    SignatureBlock: _signatures,
    NotesArea: write_notes,
    TickBoxes: write_ticks,
    Contents: _contents,
    PageBreak: _break,
}
