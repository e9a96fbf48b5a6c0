"""Figures as a reader of the diagnosis meets them: with the author's reading, and their age."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from agreements.models import Agreement
from core.audience import Audience
from opendata.models import Indicator
from territory.comparison import Row, comparison, kept_though_old

COMPARABLE = ("%", "pour 100", "places pour 100", "€")
"""Units of which a drawing over several territories says something; counts are never drawn so."""


@dataclass(frozen=True)
class FigureLine:
    """One indicator as a document tells it. ``keep_old``: its author wants it whatever its age."""

    row: Row
    keep_old: bool
    year: int

    @property
    def indicator(self) -> Indicator:
        return self.row.indicator

    @property
    def is_known(self) -> bool:
        """A figure was published or typed, were it to say that it is secret."""
        return self.row.has_figure

    @property
    def has_value(self) -> bool:
        """A published value: what a drawing compares."""
        return self.row.own is not None and self.row.own.value is not None

    @property
    def is_told(self) -> bool:
        """A value to print, published or given here."""
        local = self.row.own_local
        return self.has_value or (
            self.row.own is None and local is not None and local.value is not None
        )

    @property
    def is_old(self) -> bool:
        return self.row.is_old(self.year)

    @property
    def enters(self) -> bool:
        """May it stand in a document?"""
        return self.is_known and (self.keep_old or not self.is_old)

    @property
    def sentence(self) -> str:
        return self.row.sentence.strip()

    @property
    def comment(self) -> str:
        return self.row.comment.strip()

    @property
    def age_note(self) -> str:
        """What a document says of an old figure that its author keeps."""
        if not self.is_old:
            return ""
        return f"Chiffre ancien ({self.row.year}), gardé faute de plus récent."


def figure_lines(
    agreement: Agreement, indicators: Sequence[Indicator], audience: Audience, year: int
) -> list[FigureLine]:
    """The indicators in their order, each with its figure or without."""
    kept = kept_though_old(agreement)
    return [
        FigureLine(row, row.indicator.pk in kept, year)
        for row in comparison(agreement, indicators, audience=audience)
    ]


def charted(lines: list[FigureLine]) -> FigureLine | None:
    """The figure worth a drawing: one that compares, known here and in two other places at least,
    those that the author comments first."""
    comparable = [
        line
        for line in lines
        if line.has_value
        and not line.indicator.is_summable
        and line.indicator.unit.startswith(COMPARABLE)
        and sum(1 for r in line.row.readings if r and r.value is not None) >= 3
    ]
    return min(comparable, key=lambda line: not line.comment, default=None)
