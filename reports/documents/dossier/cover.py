"""The cover: the meeting, for whom the pack is, its agenda, what it holds."""

from __future__ import annotations

from committees.queries import timed
from core import formats as fr
from core.audience import Audience
from core.documents.content import (
    Block,
    Column,
    Contents,
    KeyValues,
    Paragraph,
    Section,
    Table,
)
from reports.documents.dossier.facts import Facts
from reports.pack_sections import READERS

COVER_LINES, TITLE_LENGTH = 11, 42
"""Lines of agenda that the cover holds beside the contents; characters of a title in one line."""


def blocks(facts: Facts) -> tuple[Block, ...]:
    agenda = agenda_blocks(facts) if fits(facts) else []
    return (meeting_facts(facts), *agenda, Contents("Sommaire", to_level=1))


def sections(facts: Facts) -> list[Section]:
    """A long agenda, or the reasons of its points, take a page of their own."""
    if fits(facts):
        return []
    return [
        Section(
            "Ordre du jour", tuple(agenda_blocks(facts)), page_break=True, numbered=False,
            identifier="ordre-du-jour",
        )
    ]  # fmt: skip


def fits(facts: Facts) -> bool:
    lines = sum(1 + len(item.title) // TITLE_LENGTH for item in facts.agenda)
    return lines <= COVER_LINES and not with_reasons(facts)


def with_reasons(facts: Facts) -> bool:
    """« Pourquoi ce point » is for whoever prepares and presides."""
    return facts.audience == Audience.INTERNAL and any(item.reason for item in facts.agenda)


def meeting_facts(facts: Facts) -> KeyValues:
    meeting = facts.meeting
    rows = [
        ("Date", meeting.when),
        ("Lieu", meeting.place or "à préciser"),
    ]
    if facts.with_people:
        rows.append(("Présidence", str(meeting.chair or "à préciser")))
    rows.append(("Dossier établi pour", READERS[facts.audience]))
    return KeyValues(tuple(rows), caption="La réunion")


def agenda_blocks(facts: Facts) -> list[Block]:
    """The timed agenda, and a word when it is too long for the meeting."""
    meeting, reasons, people = facts.meeting, with_reasons(facts), facts.with_people
    table = Table(
        caption="Ordre du jour",
        columns=(
            Column("Heure", width=4),
            Column("Point", width=16),
            Column("Nature", width=5),
            *([Column("Présenté par", width=8)] if people else []),
            *([Column("Pourquoi", width=10)] if reasons else []),
            Column("Minutes", "integer", width=4),
        ),
        rows=tuple(
            (
                fr.clock(start),
                item.title,
                item.get_kind_display(),
                *([item.presenter or "–"] if people else []),
                *([item.reason or "–"] if reasons else []),
                item.minutes,
            )
            for item, start, _ in timed(meeting, facts.agenda)
        ),
        empty="L'ordre du jour n'est pas encore écrit.",
    )
    total = sum(item.minutes for item in facts.agenda)
    if total <= meeting.duration_minutes:
        return [table]
    words = (
        f"L'ordre du jour demande {fr.hours_minutes(total)} pour une réunion de "
        f"{fr.hours_minutes(meeting.duration_minutes)}."
    )
    return [table, Paragraph(words, "note")]
