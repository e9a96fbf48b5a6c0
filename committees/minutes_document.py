"""The full minutes: what was said, point by point. Optional; approved at a later meeting."""

from __future__ import annotations

import re
from datetime import date

from actionplan.working_paper import agreement_meta
from agreements.models import Snapshot
from committees.models import AgendaItem, Meeting, MeetingRecord
from committees.record_document import heading_blocks, outcome_words
from committees.records import chair_words
from core import formats as fr
from core.audience import Audience
from core.documents.content import Block, Callout, Content, Heading, Paragraph, Section

KIND = "compte-rendu"
TITLE_LINE = re.compile(r"^\*\*(?P<title>[^*]+)\*\*$")
"""A line alone, in bold, is the title of a point."""


def proposed_minutes(meeting: Meeting) -> str:
    """A text to begin from: each point, the notes taken under it, what was decided."""
    items = (
        meeting.agenda.filter(is_confirmed=True)
        .select_related("session_note")
        .prefetch_related("decisions")
    )
    return "\n\n".join(_told(rank, item) for rank, item in enumerate(items, 1))


def _told(rank: int, item: AgendaItem) -> str:
    note = getattr(item, "session_note", None)
    parts = [f"**{rank}. {item.title}**"]
    if note is not None and note.text.strip():
        parts.append(note.text.strip())
    decisions = sorted(item.decisions.all(), key=lambda row: row.number)
    parts += [f"Décision n° {row.number} : {row.text}" for row in decisions]
    if not decisions:
        parts.append(f"Ce point : {outcome_words(item)}.")
    return "\n".join(parts)


def text_blocks(text: str) -> list[Block]:
    """Lines become paragraphs; a bold line alone, a heading."""
    blocks: list[Block] = []
    for line in text.splitlines():
        line = fr.tied(line.strip())
        if not line:
            continue
        title = TITLE_LINE.match(line)
        blocks.append(Heading(title["title"]) if title else Paragraph(line))
    return blocks


def minutes_content(
    meeting: Meeting, *, on: date, approved_in: Meeting | None = None, remarks: str = ""
) -> Content:
    blocks: list[Block] = text_blocks(meeting.minutes)
    if not blocks:
        blocks = [Paragraph("Le compte rendu n'est pas encore écrit.")]
    approval: tuple[Block, ...] = ()
    if approved_in is not None:
        words = [f"Approuvé à la réunion du {fr.date_long(approved_in.on)}."]
        if remarks:
            words.append(fr.tied(f"Observations : {remarks}"))
        approval = (Callout("success", "Compte rendu approuvé", tuple(words)),)
    return Content(
        identifier=KIND,
        title="Compte rendu",
        subtitle=f"{meeting.committee.name}, réunion du {fr.date_long(meeting.on)}",
        audience=Audience.COMMITTEE,
        cover=False,
        sections=(
            Section(
                "La réunion",
                (*heading_blocks(meeting, chair_words(meeting)), *approval),
                numbered=False,
                identifier="reunion",
            ),
            Section("Les échanges", tuple(blocks), numbered=False, identifier="echanges"),
        ),
        meta=agreement_meta(meeting.agreement, on),
    )


def current_minutes(meeting: Meeting, record: MeetingRecord | None, *, on: date) -> Content:
    """As they were frozen when a later meeting approved them; a draft until then."""
    if record is None or record.minutes_approved_in is None:
        return minutes_content(meeting, on=on)
    frozen = (
        Snapshot.objects.filter(agreement=meeting.agreement_id, kind=KIND, subject_id=meeting.pk)
        .order_by("-number")
        .first()
    )
    assert frozen is not None  # approving freezes
    label = f"approuvé le {fr.date_long(record.minutes_approved_in.on)}"
    return Content.from_json(frozen.content).with_meta(
        number=frozen.number, state="approved", state_label=label
    )
