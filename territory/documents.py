"""What a workshop prints: the cards that lie on the table, and the sheet where dots are counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.template.loader import render_to_string

from core import formats as fr
from core.audience import Audience
from core.documents import pdf
from core.documents.content import Column, Content, DocumentMeta, Paragraph, Section, Table
from core.documents.declaration import DocumentDeclaration, RenderedFile, file_name
from territory.models import Workshop
from territory.workshops import Card, ballot, cards

FICTION = "Exemple fictif : participants, constats et votes sont inventés."
STYLE = "static:documents/cards.css"
"""As the fetcher of documents names it: nothing is read outside the project."""
CARDS_PER_PAGE = (2, 4)
ROOM = {2: (3, 200), 4: (3, 150)}
"""Cards per page → how many findings fit, and how many characters of each; one less under a long
title."""
LONG_TITLE = 90


def _meta(workshop: Workshop, on: date) -> DocumentMeta:
    agreement = workshop.agreement
    return DocumentMeta(
        agreement_name=agreement.name,
        reference=f"CTG {agreement.period_label}",
        state="",
        state_label=f"document d'atelier{', exemple fictif' if agreement.is_demo else ''}",
        produced_on=on,
        data_as_of=on,
        sources=("Fil rouge, diagnostic de la convention",),
        extra_lines=(FICTION,) if agreement.is_demo else (),
    )


@dataclass(frozen=True)
class PrintedCard:
    """A card cut to the paper: a few findings, shortened, and how many are left out."""

    card: Card
    findings: list[str]
    left_out: int

    @property
    def is_long(self) -> bool:
        return len(self.card.challenge.title) > LONG_TITLE


def _printed(card: Card, per_page: int) -> PrintedCard:
    most, length = ROOM[per_page]
    if len(card.challenge.title) > LONG_TITLE:
        most -= 1
    shown = [_shorten(finding.text, length) for finding in card.findings[:most]]
    return PrintedCard(card, shown, len(card.findings) - len(shown))


def _shorten(text: str, length: int) -> str:
    words = " ".join(text.split())
    return words if len(words) <= length else f"{words[:length].rsplit(' ', 1)[0]}…"


def workshop_cards(workshop: Workshop, per_page: int, on: date) -> RenderedFile:
    """The cards as a tagged PDF, two or four to an A4 page, to be cut along the dashed line.

    They are not a report: their page is drawn by its own template, and everything else (fonts,
    tags, header and footer) by the house's renderer.
    """
    content = Content(
        identifier="cartes-atelier",
        title="Cartes des enjeux",
        subtitle=f"Atelier du {fr.date_long(workshop.held_on)}",
        audience=Audience.PUBLIC.value,
        cover=False,
        meta=_meta(workshop, on),
    )
    printed = [_printed(card, per_page) for card in cards(workshop.agreement)]
    markup = render_to_string(
        "territory/documents/cards.html",
        {
            "content": content,
            "meta": content.meta,
            "pages": [printed[i : i + per_page] for i in range(0, len(printed), per_page)],
            "per_page": per_page,
            "style": STYLE,
            "workshop": workshop,
        },
    )
    data = pdf.write(markup, content)
    return RenderedFile(file_name(content, "pdf"), "application/pdf", data, "pdf")


class VotingSheet(DocumentDeclaration):
    """One page to count dots by hand. Drawn from the page of the workshop, so not registered."""

    identifier = "feuille-de-vote"
    title = "Feuille de vote"
    audience = Audience.PUBLIC
    formats = ("pdf",)

    def build(self, context: Any) -> Content:
        workshop: Workshop = context
        rule = (
            f"Chaque participant pose {fr.plural(workshop.dots_each, 'gommette')} sur les cartes des enjeux "
            "qui comptent le plus pour lui, en une ou plusieurs fois sur la même carte si l'animateur l'accepte."
            if workshop.dots_each
            else "Chaque participant pose ses gommettes sur les cartes des enjeux qui comptent le plus pour lui."
        )
        table = Table(
            caption="Enjeux soumis",
            columns=(
                Column("N°", width=1),
                Column("Enjeu", width=7),
                Column("Décompte", width=4),
                Column("Gommettes", width=2),
            ),
            rows=tuple(
                (str(line.number), line.title, "", "")
                for line in ballot(workshop)
                if not line.challenge.is_archived
            ),
            note="Une carte qui n'a pas été posée sur la table reste vide : ce n'est pas un zéro.",
            empty="Aucun enjeu n'est encore écrit.",
        )
        people = (
            fr.plural(workshop.participant_count, "participant")
            if workshop.participant_count is not None
            else "Nombre de participants : ………"
        )
        where = f", {workshop.place}" if workshop.place else ""
        return Content(
            identifier=self.identifier,
            title=self.title,
            subtitle=f"Atelier du {fr.date_long(workshop.held_on)}{where}",
            audience=self.audience,
            cover=False,
            sections=(Section("", (Paragraph(rule, "lead"), Paragraph(people), table)),),
            meta=_meta(workshop, date.today()),
        )
