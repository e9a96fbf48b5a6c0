"""The answer of whoever reads the page of a meeting, when they are invited to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from accounts.models import User
from committees.models import Attendance
from committees.papers import Papers
from committees.sendings import is_stale
from committees.services.answers import is_over

Answer = Attendance.Answer
WORDS = {
    Answer.COMING: "vous venez",
    Answer.EXCUSED: "vous ne venez pas",
    Answer.REPRESENTED: "vous vous faites représenter par",
}


@dataclass(frozen=True)
class OwnAnswer:
    attendance: Attendance
    is_stale: bool
    """Given for another date, hour or place."""

    @property
    def is_awaited(self) -> bool:
        return self.is_stale or not self.attendance.answer

    @property
    def words(self) -> str:
        """« vous vous faites représenter par Mme Roux »; empty when nothing was answered."""
        if not self.attendance.answer:
            return ""
        said = WORDS[Answer(self.attendance.answer)]
        return f"{said} {self.attendance.answer_represented_by}".strip()


def own_answer(papers: Papers, rows: Iterable[Attendance], reader: User) -> OwnAnswer | None:
    """None when no answer is asked of this reader, or none may be given any more; ``answer_mine``
    decides again. No query: ``rows`` are the list of the meeting."""
    row = next((row for row in rows if row.contact.user_id == reader.pk), None)
    if row is None or is_over(papers.meeting) or not papers.has_invited(row.contact_id):
        return None
    return OwnAnswer(row, is_stale(row, papers.moved_at))
