"""What every slide of the deck is told from, read once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from agreements.models import Agreement
from committees.models import AgendaItem, Meeting
from committees.models.meetings import MeetingQuerySet
from committees.queries import Agenda
from core import formats as fr
from core.audience import Audience
from reports import queries
from reports.documents.base import Request

COMMITTEE = Audience.COMMITTEE.value
PLAN_SOURCE = "Fil rouge, suivi du plan d'actions"
SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True)
class Facts:
    """What every slide is told from, read once."""

    request: Request
    meeting: Meeting
    agenda: Agenda
    audience: Audience

    @property
    def with_money(self) -> bool:
        """A public deck has no amount."""
        return self.audience != Audience.PUBLIC

    @property
    def items(self) -> list[AgendaItem]:
        return [line.item for line in self.agenda.lines]

    @property
    def plan_state(self) -> str:
        return f"Source{fr.NBSP}: {PLAN_SOURCE}, état au {fr.date_long(self.request.on)}."


def meetings(agreement: Agreement) -> MeetingQuerySet:
    """Of any committee; one that was cancelled has no deck."""
    kept = Meeting.objects.filter(agreement=agreement).exclude(state=Meeting.State.CANCELLED)
    return kept.select_related("committee", "chair")


def meeting_of(context: Request) -> Meeting | None:
    """The one asked for, else the next or the last COPIL, else a meeting of any committee."""
    chosen = queries.steering_meeting(context.agreement, context.meeting_id, context.on)
    if chosen is not None or context.meeting_id is not None:
        return chosen
    known = meetings(context.agreement)
    return known.upcoming(context.on).first() or known.order_by("-on", "-starts_at").first()


def starts(meeting: Meeting) -> datetime:
    return datetime.combine(meeting.on, meeting.starts_at)


def end_of(meeting: Meeting) -> datetime:
    return starts(meeting) + timedelta(minutes=meeting.duration_minutes)


def said_briefly(text: str, length: int) -> str:
    """The first whole sentences that hold in ``length`` characters; the notes have the rest."""
    line = fr.SPACES.sub(" ", text).strip()
    kept = ""
    for sentence in SENTENCE_END.split(line):
        if len(f"{kept} {sentence}".strip()) > length:
            break
        kept = f"{kept} {sentence}".strip()
    return kept or fr.shortened(line, length)
