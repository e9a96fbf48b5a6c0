"""The pack of the coming COPIL: its parts chosen, documents joined to its points."""

from __future__ import annotations

from django.core.files.base import ContentFile

from agreements.services.attachments import add_attachment
from committees.models import Meeting
from committees.services import choose_pack
from core import formats as fr
from core.documents.content import Content, KeyValues, Paragraph, Section
from core.documents.declaration import render
from demo.build.context import Example
from demo.content.papers import PAPERS, Paper
from reports import pack_sections
from reports.documents import parts


def build_papers(example: Example) -> None:
    meeting: Meeting = example.extra["coming_copil"]
    items = {item.title: item for item in meeting.agenda.all()}
    for paper in PAPERS:
        add_attachment(
            items[paper.point], actor=example.actor, title=paper.title, kind=paper.kind,
            file=ContentFile(drawn(example, paper), name=paper.name),
            dated_on=example.day(paper.days), audience=paper.audience,
        )  # fmt: skip
    choose_pack(
        meeting, actor=example.actor, sections=pack_sections.chosen(meeting),
        audience=meeting.pack_audience,
    )  # fmt: skip


def drawn(example: Example, paper: Paper) -> bytes:
    """A PDF of one page, as a service of the commune would hand it over."""
    day = example.day(paper.days)
    blocks = (
        *(Paragraph(text) for text in paper.paragraphs),
        *([KeyValues(paper.rows, caption="En chiffres")] if paper.rows else []),
    )
    content = Content(
        identifier="piece", title=paper.title, subtitle=fr.date_long(day), cover=False,
        audience=paper.audience, sections=(Section("", blocks, numbered=False),),
        meta=parts.meta(example.agreement, day),
    )  # fmt: skip
    return render(content, "pdf", watermark=False).data
