"""A point of arbitration on one page: in the pack, and by itself for whoever carries it."""

from __future__ import annotations

from datetime import date

from agreements.models import Agreement
from committees.arbitration import criteria, options_of, words_of
from committees.models import AgendaItem, ArbitrationPoint
from core import formats as fr
from core.audience import Audience
from core.documents.content import (
    Block,
    Callout,
    Column,
    Content,
    Heading,
    Paragraph,
    Section,
    Table,
)
from reports.documents import parts

OPINION = "Le comité donne un avis. Tout crédit reste soumis au vote du conseil municipal."


def arbitration_blocks(point: ArbitrationPoint, *, with_money: bool = True) -> tuple[Block, ...]:
    """Under the question: the context, the options side by side, the technical opinion."""
    words = words_of(point.item, with_money=with_money)
    options = options_of(point, with_money=with_money)
    compared = criteria(options, with_money=with_money, amount=fr.keuros)
    blocks: list[Block] = [
        Heading("Contexte"),
        Paragraph(words.context),
        Table(
            caption=f"Options du point « {point.item.title} »",
            columns=(
                Column("Critère", width=2),
                *(Column(option.title, width=3) for option in options),
            ),
            rows=tuple((row.label, *row.values) for row in compared),
            empty="Aucune option n'est encore écrite.",
        ),
    ]
    if words.technical_opinion:
        blocks.append(Callout("info", "Avis technique", (words.technical_opinion,)))
    blocks.append(Paragraph(OPINION, "note"))
    return tuple(blocks)


def arbitration_page(
    agreement: Agreement, item: AgendaItem, *, on: date, with_money: bool
) -> Content:
    """The page alone, as it stands on the day: what was sent is frozen in the pack."""
    meeting, point = item.meeting, item.arbitration
    concerned: tuple[Block, ...] = ()
    if point.action is not None:
        concerned = (Paragraph(f"Action concernée : {point.action}", "note"),)
    section = Section(
        words_of(item, with_money=with_money).question,
        (*arbitration_blocks(point, with_money=with_money), *concerned),
        numbered=False,
        identifier="arbitrage",
    )
    return Content(
        identifier="point-d-arbitrage",
        title=item.title,
        subtitle=f"Point d'arbitrage, {meeting.committee.name}, {fr.date_long(meeting.on)}",
        cover=False,
        audience=Audience.COMMITTEE if with_money else Audience.PUBLIC,
        sections=(section,),
        meta=parts.meta(agreement, on, ()),
    )
