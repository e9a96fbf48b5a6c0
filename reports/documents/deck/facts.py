"""What every slide of the deck is told from, read once."""

from __future__ import annotations

import re
from dataclasses import dataclass

from committees.models import AgendaItem, Meeting
from committees.queries import Agenda
from core import formats as fr
from core.audience import Audience
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


def said_briefly(text: str, length: int) -> str:
    """The first whole sentences that hold in ``length`` characters; the notes have the rest."""
    line = fr.SPACES.sub(" ", text).strip()
    kept = ""
    for sentence in SENTENCE_END.split(line):
        if len(f"{kept} {sentence}".strip()) > length:
            break
        kept = f"{kept} {sentence}".strip()
    return kept or fr.shortened(line, length)
