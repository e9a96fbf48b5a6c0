"""« L'élu en trois minutes » on one page A4, in type of 14 points: exactly one, whatever was typed.

The author's sentences come first and are cut last; what was cut is said at the foot, and stands
whole on the screen.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from actionplan.one_page import unbroken
from core import formats as fr
from core.audience import Audience
from core.documents.content import (
    Block,
    BulletList,
    Content,
    DocumentMeta,
    Figure,
    FigureRow,
    Paragraph,
    Section,
)
from core.documents.declaration import RenderedFile, render
from core.documents.pdf import page_count
from reports.brief.asked import Asked
from reports.brief.figures import BriefFigure
from reports.brief.page import TO_READ_OVER, BriefPage

LONGEST_WORD = 40
CUT = fr.tied("Texte abrégé pour tenir sur une page : tout se lit à l'écran.")


@dataclass(frozen=True)
class Fit:
    """Characters kept of each passage; 0 options: none; 0 of a source: not printed."""

    sentence: int = 300
    label: int = 200
    source: int = 90
    question: int = 300
    option: int = 200
    asked: int = 8
    words: bool = True
    head: int = 80
    """Of the committee, the place, who chairs, and of a value with its unit."""
    titled: bool = True
    """« Une question ? » above whom to ask."""


TIGHT = Fit(label=22, source=0, question=60, option=0, asked=2, words=False, head=40, titled=False)
"""All that may be shortened is, but for the author's sentences."""
FITS = (
    Fit(),
    Fit(label=110, source=60, question=170, option=80, asked=5),
    Fit(label=90, source=0, question=140, option=50, asked=5),
    Fit(label=90, source=0, question=140, option=0, asked=4, words=False),
    Fit(label=60, source=0, question=90, option=0, asked=3, words=False, head=60),
    Fit(label=34, source=0, question=70, option=0, asked=2, words=False, head=45, titled=False),
    TIGHT,
    replace(TIGHT, sentence=230),
    replace(TIGHT, sentence=170),
    replace(TIGHT, sentence=110),
    replace(TIGHT, sentence=70, question=40, head=28),
)
"""From the whole page to what one page holds even in capitals."""


def cut(text: str, length: int) -> str:
    """As it was typed when it is short enough; an endless word may always be broken."""
    if len(text) <= length and max(map(len, text.split()), default=0) <= LONGEST_WORD:
        return text
    return fr.tied(fr.shortened(unbroken(text), length))


def brief_file(page: BriefPage) -> RenderedFile:
    return render(one_page(page), "pdf", watermark=False)


def one_page(page: BriefPage) -> Content:
    """The longest version that one page holds."""
    for fit in FITS[:-1]:
        content = brief_content(page, fit)
        if page_count(content) == 1:
            return content
    return brief_content(page, FITS[-1])


def brief_content(page: BriefPage, fit: Fit = FITS[0]) -> Content:
    has_cut = fit != FITS[0]
    foot: list[Block] = [Paragraph(reach_words(page, fit))]
    if page.words and fit.words:
        told = f"{fr.NBSP}; ".join(f"{term}, {expansion}" for term, expansion in page.words)
        foot.append(Paragraph(f"Les mots{fr.NBSP}: {told}.", "note"))
    if has_cut:
        foot.append(Paragraph(CUT, "note"))
    return Content(
        identifier="trois-minutes",
        title=cut(page.meeting.committee.name, fit.head),
        subtitle=head_words(page, fit),
        cover=False,
        audience=Audience.COMMITTEE.value,
        sections=tuple(
            Section(title, tuple(blocks), numbered=False, identifier=anchor)
            for title, anchor, blocks in (
                ("L'essentiel", "essentiel", sentence_blocks(page, fit)),
                ("En chiffres", "chiffres", figure_blocks(page, fit)),
                ("Ce qui vous est demandé", "demande", asked_blocks(page, fit)),
                (f"Une question{fr.NBSP}?" if fit.titled else "", "question", foot),
            )
            if blocks
        ),
        meta=DocumentMeta(
            agreement_name=page.meeting.agreement.name,
            territory=page.meeting.agreement.lead_commune.name,
            reference=f"L'élu en trois minutes · CTG {page.meeting.agreement.period_label}",
            state="",
            state_label=f"état au {fr.date_long(page.on)}",
        ),
    )


def head_words(page: BriefPage, fit: Fit) -> str:
    if page.is_cancelled:
        return f"Réunion annulée, prévue le {fr.date_long(page.meeting.on)}"
    place, chair = cut(page.place, fit.head), cut(page.chair, fit.head)
    return f"{page.meeting.when}, {place} · Présidence{fr.NBSP}:{fr.NBSP}{chair}"


def sentence_blocks(page: BriefPage, fit: Fit) -> list[Block]:
    texts = tuple(cut(text, fit.sentence) for text in page.sentences)
    blocks: list[Block] = [BulletList(texts, ordered=True)] if texts else []
    if blocks and page.sentences_proposed:
        blocks.append(
            Paragraph(f"Phrases écrites d'après le plan{fr.NBSP}: {TO_READ_OVER}.", "note")
        )
    return blocks


def figure_blocks(page: BriefPage, fit: Fit) -> list[Block]:
    if not page.figures:
        return [Paragraph("Aucun chiffre n'est encore connu.")]
    return [FigureRow(tuple(_figure(figure, fit) for figure in page.figures))]


def _figure(figure: BriefFigure, fit: Fit) -> Figure:
    label = cut(figure.label, fit.label)
    return Figure(
        label=f"{label}{fr.NBSP}:",
        value=cut(figure.value, fit.head),
        comparison=f"{figure.when}, {figure.before}{'.' if fit.source else ''}",
        source=f"Source{fr.NBSP}: {cut(figure.source, fit.source)}" if fit.source else "",
    )


def asked_blocks(page: BriefPage, fit: Fit) -> list[Block]:
    if not page.asked:
        return [Paragraph(f"{page.asked_words}{fr.NBSP}: la réunion informe et échange.")]
    blocks: list[Block] = []
    for rank, row in enumerate(page.asked[: fit.asked], start=1):
        question = cut(row.question, fit.question)
        blocks.append(Paragraph(f"{rank}. {question}", "question"))
        if row.options and fit.option:
            blocks.append(options_block(row, fit))
    left = len(page.asked) - fit.asked
    if left > 0:
        blocks.append(
            Paragraph(f"Et {fr.plural(left, 'autre point', 'autres points')}, au dossier.")
        )
    return blocks


def options_block(row: Asked, fit: Fit) -> Block:
    return BulletList(tuple(cut(title, fit.option) for title in row.options))


def reach_words(page: BriefPage, fit: Fit) -> str:
    function = cut(page.reach.function, fit.head)
    if not page.reach.email:
        return f"Adressez-vous à{fr.NBSP}: {function}."
    return f"{function}{fr.NBSP}: {page.reach.email}"
