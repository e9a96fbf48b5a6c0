"""Figures as a reader of the diagnosis meets them: with the author's reading, and their age."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from agreements.models import Agreement
from core.audience import Audience
from opendata.models import Indicator
from territory.comparison import Row, comparison
from territory.models import IndicatorNote

OLD_AFTER = 4
"""Years beyond which a figure enters a document only when its author ticks it (issue 3, § 2)."""


@dataclass(frozen=True)
class FigureLine:
    """One indicator, its note as far as the reader may read it, and whether it is kept though old."""

    row: Row
    note: IndicatorNote | None
    keep_old: bool
    year: int

    @property
    def indicator(self) -> Indicator:
        return self.row.indicator

    @property
    def is_known(self) -> bool:
        """A figure was published, were it to say that it is secret."""
        return self.row.own is not None

    @property
    def has_value(self) -> bool:
        return self.row.own is not None and self.row.own.value is not None

    @property
    def is_old(self) -> bool:
        return self.row.own is not None and self.year - self.row.own.period > OLD_AFTER

    @property
    def enters(self) -> bool:
        """May it stand in a document?"""
        return self.is_known and (self.keep_old or not self.is_old)

    @property
    def sentence(self) -> str:
        rewritten = self.note.sentence.strip() if self.note else ""
        return rewritten or self.row.sentence

    @property
    def comment(self) -> str:
        return self.note.comment.strip() if self.note else ""

    @property
    def age_note(self) -> str:
        """What a document says of an old figure that its author keeps."""
        if not self.is_old or self.row.own is None:
            return ""
        return f"Chiffre ancien ({self.row.own.period}), gardé faute de plus récent."


def figure_lines(
    agreement: Agreement, indicators: Sequence[Indicator], audience: Audience, year: int
) -> list[FigureLine]:
    """The indicators in their order, each with its figure or without, in three queries."""
    notes = {
        note.indicator_id: note
        for note in IndicatorNote.objects.filter(agreement=agreement, indicator__in=indicators)
    }
    lines = []
    for row in comparison(agreement, indicators):
        note = notes.get(row.indicator.pk)
        readable = note if note and audience.allows(note.audience) else None
        lines.append(FigureLine(row, readable, bool(note and note.keep_old), year))
    return lines


def charted(lines: list[FigureLine]) -> FigureLine | None:
    """The figure worth a drawing: one that compares, known here and in two other places at least,
    those that the author comments first."""
    comparable = [
        line
        for line in lines
        if line.has_value
        and not line.indicator.is_summable
        and sum(1 for r in line.row.readings if r and r.value is not None) >= 3
    ]
    return min(comparable, key=lambda line: not line.comment, default=None)
