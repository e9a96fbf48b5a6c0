"""The page itself, as it stands on the day: one set of facts for the screen, the link and the PDF."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from agreements.models import Agreement, Membership, Role
from committees.models import Meeting, MeetingBrief
from core import formats as fr
from core.audience import Audience
from core.glossary import ENTRIES
from partners.models import Contact
from reports.brief.asked import Asked, asked_of
from reports.brief.figures import BriefFigure, chosen_figures, proposed_figures
from reports.brief.sentences import proposed_sentences

TO_READ_OVER = "proposé, à relire"
ACRONYM = re.compile(r"[A-Z]{3,}")


@dataclass(frozen=True)
class Reach:
    """Whom to ask: a function, and its address when it is known. No name, no telephone."""

    function: str
    email: str


@dataclass(frozen=True)
class BriefPage:
    meeting: Meeting
    on: date
    sentences: tuple[str, ...]
    sentences_proposed: bool
    figures: tuple[BriefFigure, ...]
    figures_proposed: bool
    asked: tuple[Asked, ...]
    reach: Reach
    words: tuple[tuple[str, str], ...]
    """Acronyms that the page uses, in full."""

    @property
    def title(self) -> str:
        return f"{self.meeting.committee.name}, {fr.date_long(self.meeting.on)}"

    @property
    def place(self) -> str:
        return self.meeting.place or "lieu à préciser"

    @property
    def chair(self) -> str:
        return str(self.meeting.chair or "à préciser")

    @property
    def is_cancelled(self) -> bool:
        return self.meeting.state == Meeting.State.CANCELLED

    @property
    def is_held(self) -> bool:
        return self.meeting.state == Meeting.State.HELD

    @property
    def asked_words(self) -> str:
        count = len(self.asked)
        if not count:
            return "Aucune décision n'est demandée"
        return f"{fr.plural(count, 'décision demandée', 'décisions demandées')}"

    @property
    def hidden_amounts(self) -> bool:
        return any(asked.is_reworded for asked in self.asked)


def brief_of(meeting: Meeting, audience: Audience, on: date) -> BriefPage:
    """As a reader of ``audience`` may read it: the committee's at most, whoever reads."""
    level = audience if Audience.COMMITTEE.allows(audience) else Audience.COMMITTEE
    written = MeetingBrief.objects.filter(meeting=meeting).first()
    asked = asked_of(meeting)
    sentences = list(written.sentences) if written else []
    keys = list(written.figures) if written else []
    shown = sentences or proposed_sentences(meeting, asked, on)
    figures = (
        chosen_figures(meeting.agreement, keys, level, on.year)
        if keys
        else proposed_figures(meeting, level, on)
    )
    return BriefPage(
        meeting=meeting,
        on=on,
        sentences=tuple(shown),
        sentences_proposed=not sentences,
        figures=tuple(figures),
        figures_proposed=not keys,
        asked=tuple(asked),
        reach=reach_of(meeting.agreement),
        words=acronyms_of(
            [*shown, *(figure.label for figure in figures), *_texts(asked), meeting.committee.name]
        ),
    )


def _texts(asked: Sequence[Asked]) -> list[str]:
    return [text for row in asked for text in (row.question, *row.options)]


def acronyms_of(texts: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Those of the glossary that stand in the texts, with their words in full."""
    found = {match for text in texts for match in ACRONYM.findall(text)}
    return tuple(
        (entry.term, entry.expansion)
        for entry in ENTRIES
        if entry.expansion and entry.term in found
    )


def reach_of(agreement: Agreement) -> Reach:
    """Whoever steers: their professional address, that of their account failing that."""
    member = (
        Membership.objects.filter(agreement=agreement, role=Role.COORDINATOR, is_active=True)
        .select_related("user")
        .order_by("pk")
        .first()
    )
    if member is None:
        return Reach(agreement.coordinator_title, "")
    contact = Contact.objects.filter(agreement=agreement, user=member.user_id).first()
    known = contact.email if contact else ""
    return Reach(member.title or agreement.coordinator_title, known or member.user.email)
