"""Dossier de séance: what those who sit in a committee read before it meets.

Core of eight pages at most, its parts chosen for the meeting: summary with the decisions asked,
what became of the last ones, points of arbitration before any statistics, progress, means,
perspectives. Annexes of ten at most, behind a divide. What the stated audience may not read is in
none of it.
"""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from core import formats as fr
from core.audience import Audience
from core.documents.content import Content
from core.documents.declaration import registry
from reports import pack_sections
from reports.documents import parts
from reports.documents.base import Document, Request
from reports.documents.dossier import cover
from reports.documents.dossier.annexes import annex, annexes
from reports.documents.dossier.core import CORE
from reports.documents.dossier.facts import Facts, gather
from reports.meetings import hours_and_place

IDENTIFIER = "dossier-copil"


@registry.register
class DossierCopil(Document):
    """Named after the committee that asks the most of it; it serves any meeting."""

    identifier = IDENTIFIER
    title = "Dossier de séance"
    description = "Ce que les membres d'une instance lisent avant la réunion : ordre du jour, décisions demandées, arbitrages, avancement, moyens."
    formats = ("pdf", "docx")
    audience = Audience.COMMITTEE
    needs_meeting = True
    section_keys = pack_sections.KEYS

    def prepare_url(self, context: Request) -> str:
        return reverse("reports:pack", args=[context.agreement.slug, context.meeting.pk])

    def details(self, context: Request) -> dict[str, Any]:
        """The parts chosen: told again when the plan of today is compared with what was frozen."""
        return {"sections": list(gather(context).keys)}

    def build(self, context: Request) -> Content:
        return content_of(gather(context))


def content_of(facts: Facts) -> Content:
    meeting, request = facts.meeting, facts.request
    sections = [
        *cover.sections(facts),
        *[part for key in facts.keys if key in CORE for part in CORE[key](facts)],
        *annexes(facts),
    ]
    blocks = cover.blocks(facts)
    if "glossaire" in facts.keys:
        words = parts.glossary_section(sections, blocks)
        if words.blocks:
            sections.append(annex(words, whole=True))
    return Content(
        identifier=IDENTIFIER,
        title=f"Dossier de séance – {meeting.committee.name}, {fr.date_long(meeting.on)}",
        subtitle=hours_and_place(meeting),
        cover_blocks=blocks,
        audience=facts.audience,
        sections=tuple(sections),
        meta=parts.meta(request.agreement, request.on, facts.sources),
    )
