"""What the preview page lists: so many lines of each kind, and how many others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from agreements.services.imports import Preview
from core.sheets import Change, Choices, Difference, UnknownName, grouped

SHOWN = 200
"""Lines of each kind that the page lists; it counts them all."""
SHOWN_CREATED = 100
SHOWN_REFUSALS = 60


@dataclass(frozen=True)
class Cell:
    """A cell changed on both sides, and which one is ticked."""

    change: Change
    difference: Difference
    takes_file: bool

    @property
    def name(self) -> str:
        return f"cell-{self.difference.identifier}"


@dataclass(frozen=True)
class Name:
    """An unknown name, and whether it is ticked."""

    unknown: UnknownName
    words: str
    ticked: bool


@dataclass(frozen=True)
class Shown:
    created: Sequence[Change]
    more_created: int
    changed: Sequence[Change]
    more_changed: int
    both: Sequence[Cell]
    more_both: int
    names: Sequence[Name]
    refused: Sequence[str]
    more_refused: int

    @classmethod
    def of(cls, found: Preview, choices: Choices | None = None) -> Shown:
        report, choices = found.report, choices or Choices()
        cells = [
            Cell(change, difference, choices.takes_file(difference))
            for change in report.both
            for difference in change.differences
        ]
        refused = grouped(report.refused)
        names = [
            Name(name, found.kind.creates[name.kind].words, name.identifier in choices.create)
            for name in report.unknown
        ]
        return cls(
            report.created[:SHOWN_CREATED],
            max(0, len(report.created) - SHOWN_CREATED),
            report.changed[:SHOWN],
            max(0, len(report.changed) - SHOWN),
            cells[:SHOWN],
            max(0, len(cells) - SHOWN),
            names,
            refused[:SHOWN_REFUSALS],
            max(0, len(refused) - SHOWN_REFUSALS),
        )
