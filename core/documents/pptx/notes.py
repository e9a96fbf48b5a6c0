"""The notes of a slide: what to say, then where each figure comes from and of which day it is."""

from __future__ import annotations

from typing import Any

from core.documents.content import (
    Block,
    ChartBlock,
    Content,
    FigureRow,
    SpeakerNotes,
    Table,
)
from core.documents.page import data_sentence, identity_sentence, plain
from core.documents.pptx.flow import Slide
from core.documents.pptx.text import fill, paragraph
from core.formats import NBSP

LETTERS = 12
CONTINUED = "Suite de la diapositive précédente : ses notes valent ici aussi."


def write(shown: Any, texts: list[str]) -> None:
    body = shown.notes_slide.notes_text_frame._element
    fill(body, [paragraph(text, LETTERS, after=4) for text in texts])


def notes_of(slide: Slide, content: Content) -> list[str]:
    """What to say stands on the first slide of a section; its sources on each of them."""
    told: list[str] = []
    if slide.whole_title:
        told.append(f"Titre entier{NBSP}: {slide.whole_title}")
    if slide.rank:
        told.append(CONTINUED)
    else:
        for block in slide.section.blocks:
            told += _said(block)
    return [*told, sources_sentence(slide, content)]


def cover_notes(content: Content) -> list[str]:
    said = [text for block in content.cover_blocks for text in _said(block)]
    return [
        *said,
        f"{identity_sentence(content.meta)}. {data_sentence(content.meta, 2000)}".strip(),
    ]


def sources_sentence(slide: Slide, content: Content) -> str:
    """The sources of what the section shows; those of the whole deck where none is its own."""
    own = list(
        dict.fromkeys(source for block in slide.section.blocks for source in _sources(block))
    )
    if not own:
        return data_sentence(content.meta, 2000)
    dated = data_sentence(content.meta, -1).partition("Sources")[0].strip()
    return f"Sources{NBSP}: {' ; '.join(own)}. {dated}".strip()


def _said(block: Block) -> list[str]:
    if isinstance(block, SpeakerNotes):
        return [f"**{block.title}**", *block.paragraphs] if block.paragraphs else []
    if isinstance(block, Table):
        return list(block.notes)
    if isinstance(block, FigureRow):
        return [
            f"{plain(row.label)}{NBSP}: {row.value} {row.unit}".strip()
            + (f" ({row.comparison})" if row.comparison else "")
            for row in block.figures
        ]
    return []


def _sources(block: Block) -> list[str]:
    if isinstance(block, Table | ChartBlock):
        return [block.source] if block.source else []
    if isinstance(block, FigureRow):
        return [figure.source for figure in block.figures if figure.source]
    return []
