"""Diaporama de séance: what the room reads while somebody speaks, for a meeting of any committee.

Few words a slide, in large letters; what is said, and where each figure comes from, is in the
notes. The order is that of the pack: what was decided, where the plan stands, what is asked,
then the means and the figures.
"""

from __future__ import annotations

from committees.queries import agenda_of
from core import formats as fr
from core.audience import Audience
from core.documents.content import Content
from core.documents.declaration import registry
from reports.documents import parts
from reports.documents.base import Document, Request
from reports.documents.deck.asked import arbitration_sections, asked_section
from reports.documents.deck.closing import (
    figures_section,
    means_section,
    next_section,
    sources_section,
)
from reports.documents.deck.facts import PLAN_SOURCE, Facts
from reports.documents.deck.opening import agenda_section, cover_blocks, decisions_section
from reports.documents.deck.plan import highlights_section, progress_section, troubles_section
from reports.meetings import hours_and_place
from territory.comparison import key_figures

FIGURES = 4


@registry.register
class Deck(Document):
    identifier = "deck-copil"
    title = "Diaporama de séance"
    description = "Ce que la salle lit pendant la réunion\u00a0: peu de mots, de gros chiffres\u00a0; ce qu'il faut dire est dans les notes."
    formats = ("pptx",)
    needs_meeting = True

    def build(self, context: Request) -> Content:
        meeting = context.meeting
        facts = Facts(
            context,
            meeting,
            agenda_of(meeting),
            Audience(context.audience or meeting.pack_audience),
        )
        figures = key_figures(context.agreement, context.on, audience=facts.audience)[:FIGURES]
        sections = [
            agenda_section(facts),
            *decisions_section(facts),
            progress_section(facts),
            *highlights_section(facts),
            *troubles_section(facts),
            *[part for rank, item in enumerate(facts.agenda.arbitrations, 1) for part in arbitration_sections(facts, item, rank)],
            *means_section(facts),
            *figures_section(figures),
            *asked_section(facts),
            *next_section(facts),
        ]  # fmt: skip
        sources = tuple(sorted({row.source for row in figures} | {PLAN_SOURCE}))
        return Content(
            identifier=self.identifier,
            title=f"Diaporama – {meeting.committee.name}, {fr.date_long(meeting.on)}",
            subtitle=hours_and_place(meeting),
            cover_blocks=tuple(cover_blocks(facts)),
            audience=facts.audience,
            sections=(*sections, sources_section(facts, sources)),
            meta=parts.meta(context.agreement, context.on, sources),
        )
