"""Findings in the four quadrants (atouts, faiblesses, opportunités, menaces), theme by theme."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from agreements.models import Theme
from territory.models import Finding

HEADINGS = {
    Finding.Quadrant.STRENGTH: "Atouts",
    Finding.Quadrant.WEAKNESS: "Faiblesses",
    Finding.Quadrant.OPPORTUNITY: "Opportunités",
    Finding.Quadrant.THREAT: "Menaces",
}


@dataclass(frozen=True)
class Group:
    """The findings of one theme inside a quadrant."""

    theme: Theme
    findings: list[Finding]


@dataclass(frozen=True)
class QuadrantBox:
    key: str
    heading: str
    groups: list[Group]

    @property
    def total(self) -> int:
        return sum(len(group.findings) for group in self.groups)


@dataclass(frozen=True)
class MatrixRow:
    """How many findings of a theme stand in each quadrant, in the order of ``HEADINGS``."""

    theme: Theme
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True)
class Afom:
    boxes: list[QuadrantBox]
    matrix: list[MatrixRow]

    @property
    def total(self) -> int:
        return sum(box.total for box in self.boxes)

    @property
    def column_totals(self) -> list[int]:
        return [box.total for box in self.boxes]


def arrange(findings: Iterable[Finding]) -> Afom:
    """Place findings (already read, their theme with them): no query here."""
    rows = list(findings)
    themes = {row.theme_id: row.theme for row in rows}
    ordered = sorted(themes.values(), key=lambda theme: (theme.position, theme.pk))
    counts = Counter((row.theme_id, row.quadrant) for row in rows)
    boxes = [
        QuadrantBox(
            key.value,
            heading,
            [
                Group(
                    theme, [row for row in rows if (row.theme_id, row.quadrant) == (theme.pk, key)]
                )
                for theme in ordered
                if counts[theme.pk, key.value]
            ],
        )
        for key, heading in HEADINGS.items()
    ]
    matrix = [
        MatrixRow(theme, tuple(counts[theme.pk, key.value] for key in HEADINGS))
        for theme in ordered
    ]
    return Afom(boxes, matrix)
