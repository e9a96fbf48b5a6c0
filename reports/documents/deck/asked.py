"""What is asked of the committee: each question, its options side by side, the decisions expected."""

from __future__ import annotations

from committees.arbitration import criteria, options_of, words_of
from committees.models import AgendaItem, ArbitrationPoint
from core import formats as fr
from core.documents.content import (
    Block,
    Callout,
    Column,
    Paragraph,
    Section,
    SpeakerNotes,
    Table,
)
from reports.documents.arbitration import OPINION
from reports.documents.deck.facts import Facts, said_briefly
from reports.meetings import questions

CONTEXT_LENGTH, OPTION_TITLE, OPTION_LENGTH = 280, 70, 110
"""Characters shown of a context and of an option; the whole of them is in the notes."""


def arbitration_sections(facts: Facts, item: AgendaItem, rank: int) -> list[Section]:
    """The question alone, then the options side by side."""
    point: ArbitrationPoint = item.arbitration
    title = f"Arbitrage n°{fr.NBSP}{rank} : {item.title}"
    words = words_of(item, with_money=facts.with_money)
    context = f"Contexte{fr.NBSP}: {words.context}"
    said = SpeakerNotes(
        (context, *([f"Action concernée : {point.action}."] if point.action else []))
    )
    question = Section(
        title,
        (
            Callout("decision", "La question posée", (f"**{words.question}**", said_briefly(words.context, CONTEXT_LENGTH))),
            said,
        ),
        identifier=f"arbitrage-{rank}",
        numbered=False,
    )  # fmt: skip
    return [question, options_section(facts, point, rank)]


def options_section(facts: Facts, point: ArbitrationPoint, rank: int) -> Section:
    options = options_of(point, with_money=facts.with_money)
    compared = criteria(options, with_money=facts.with_money, amount=fr.keuros)
    table = Table(
        caption=f"Options de l'arbitrage n°{fr.NBSP}{rank}",
        columns=(
            Column("Critère", width=3),
            *(Column(fr.shortened(option.title, OPTION_TITLE), width=4) for option in options),
        ),
        rows=tuple(
            (row.label, *(fr.shortened(value, OPTION_LENGTH) for value in row.values))
            for row in compared
        ),
    )
    if not options:
        shown: Block = Paragraph("Aucune option n'est encore écrite.")
    else:
        shown = table
    opinion = words_of(point.item, with_money=facts.with_money).technical_opinion
    said = [f"Avis technique : {opinion}"] if opinion else []
    said += [
        f"{option.title} – "
        + " ; ".join(
            f"{row.label[0].lower()}{row.label[1:]} : {row.values[place].rstrip('.')}"
            for row in compared
        )
        + "."
        for place, option in enumerate(options)
    ]
    if facts.with_money:
        said.append("La recette Caf est une estimation : seule la notification engage la Caf.")
    return Section(
        f"Arbitrage n°{fr.NBSP}{rank} : les options",
        (shown, SpeakerNotes((*said, OPINION))),
        identifier=f"options-{rank}",
        numbered=False,
    )


def asked_section(facts: Facts) -> list[Section]:
    asked = questions(facts.items, with_money=facts.with_money)
    if not asked:
        return []
    title = fr.plural(len(asked), "décision attendue", "décisions attendues")
    items = tuple(f"**{rank}.** {question}" for rank, question in enumerate(asked, 1))
    said = SpeakerNotes(
        (OPINION, "Relire chaque décision à voix haute avant de passer à la suivante.")
    )
    return [
        Section(
            "Ce qui est demandé aujourd'hui",
            (Callout("decision", title, items), said),
            identifier="demande",
            numbered=False,
        )
    ]
