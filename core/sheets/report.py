"""What a workbook would do: created, changed (old → new), changed on both sides, unchanged, refused.

Three states are compared: the cell as it left (its print), as the application holds it, and as the
file gives it. All errors are told at once, by sheet, line and column.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from django.db import transaction

from core.errors import DomainError
from core.sheets.declaration import Sheet
from core.sheets.values import Unknown

Side = Literal["file", "app"]


def page_words(name: str) -> str:
    """A text file is its own and only page."""
    is_file = name.lower().endswith((".csv", ".txt", ".tsv"))
    return f"{'fichier' if is_file else 'feuille'} « {name} »"


@dataclass(frozen=True)
class Refusal:
    sheet: str
    line: int
    column: str
    message: str
    page: str = ""
    """The page of the file, where it bears another name than the sheet."""
    rank: int | None = None
    """Index of the column in the file, from 0; None for a whole line."""

    @property
    def place(self) -> str:
        return self.page or self.sheet

    def __str__(self) -> str:
        where = f"{page_words(self.place)}, ligne {self.line}"
        column = f", colonne « {self.column} »" if self.column else ""
        return f"{where}{column} : {self.message}."


@dataclass(frozen=True)
class Difference:
    """A cell: what the application holds, what the file gives. ``both``: each has changed it since
    the export, so that a person chooses, naming it by ``identifier``."""

    column: str
    old: str
    new: str
    key: str = ""
    both: bool = False
    identifier: str = ""


@dataclass(frozen=True)
class Change:
    """A line to write: a new row, or the values that differ of the row ``key``."""

    sheet: Sheet
    line: int
    label: str
    key: str
    values: dict[str, Any]
    differences: tuple[Difference, ...]
    page: str = ""
    ranks: Mapping[str, int] = field(default_factory=dict)
    """Column key → its index in the file."""

    @property
    def is_new(self) -> bool:
        return not self.key

    @property
    def place(self) -> str:
        """« Plan, ligne 12 », the page as the file names it."""
        return f"{self.page or self.sheet.name}, ligne {self.line}"


@dataclass(frozen=True)
class LevelRow:
    """A line that only names a level: what it names, by level column."""

    sheet: Sheet
    line: int
    values: dict[str, Any]
    page: str = ""


@dataclass
class UnknownName:
    """A name of the file that the application does not know, and the lines that hold it."""

    unknown: Unknown
    column: str
    places: list[tuple[str, int]] = field(default_factory=list)
    """(page, line)."""

    @property
    def where(self) -> str:
        """« Plan, lignes 4, 7 à 12 »."""
        by_page: dict[str, list[int]] = {}
        for page, line in self.places:
            by_page.setdefault(page, []).append(line)
        return " ; ".join(f"{page}, {spans(lines)}" for page, lines in by_page.items())

    @property
    def identifier(self) -> str:
        return self.unknown.identifier

    @property
    def label(self) -> str:
        return self.unknown.label

    @property
    def kind(self) -> str:
        return self.unknown.kind


@dataclass(frozen=True)
class Choices:
    """What the person chose: by cell changed on both sides, and the unknown names to create."""

    cells: Mapping[str, Side] = field(default_factory=dict)
    default: Side = "app"
    """For the cells that ``cells`` does not name."""
    create: frozenset[str] = frozenset()
    """Identifiers of ``UnknownName``."""

    def takes_file(self, difference: Difference) -> bool:
        return self.cells.get(difference.identifier, self.default) == "file"


@dataclass
class Report:
    created: list[Change] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    both: list[Change] = field(default_factory=list)
    """Changed on both sides since the export; other cells of the same line stand in ``changed``."""
    unchanged: int = 0
    refused: list[Refusal] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    """Columns that nothing declares: « page : title »."""
    level_only: list[LevelRow] = field(default_factory=list)
    unknown: list[UnknownName] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """What was done with hidden rows, merged cells, formulas: told, never guessed in silence."""
    order: list[str] = field(default_factory=list)
    """Names of the sheets, what others refer to first."""
    lines: int = 0

    def to_write(self, choices: Choices | None = None) -> list[Change]:
        """One change a line, in the order of the sheets: what a line names must be there before it.

        Of the cells changed on both sides, those that the person gave to the file. An unknown
        name that is not created leaves its cell as it is.
        """
        choices = choices or Choices()
        merged: dict[tuple[str, str, int, str], Change] = {}
        for change in [*self.created, *self.changed, *self.both]:
            told = tuple(d for d in change.differences if not d.both or choices.takes_file(d))
            kept = {d.key for d in told} if change.key else set(change.values)
            values = {
                key: _known(change, key, value, choices)
                for key, value in change.values.items()
                if key in kept
            }
            values = {key: value for key, value in values.items() if value is not LEFT_OUT}
            if change.key and not values:
                continue
            # A room may make several new rows of one line: their labels tell them apart.
            place = (change.sheet.name, change.page, change.line, change.key or change.label)
            if place in merged:
                other = merged[place]
                values, told = {**other.values, **values}, (*other.differences, *told)
            merged[place] = replace(change, values=values, differences=told)
        ranks = {name: rank for rank, name in enumerate(self.order)}
        return sorted(
            merged.values(),
            key=lambda change: (ranks.get(change.sheet.name, len(ranks)), change.page, change.line),
        )

    def missing(self, choices: Choices) -> list[Refusal]:
        """New lines that cannot do without a name that nobody asked to create."""
        return [
            Refusal(
                change.sheet.name, change.line, column.title,
                f"« {value} » n'est pas connu : cochez-le pour le créer, ou corrigez la cellule",
                change.page, change.ranks.get(column.key),
            )
            for change in self.created
            for column in change.sheet.columns
            if column.required
            and isinstance(value := change.values.get(column.key), Unknown)
            and value.identifier not in choices.create
        ]  # fmt: skip

    @property
    def changes_nothing(self) -> bool:
        """No line to write; lines that only name a level may still create one."""
        return not (self.created or self.changed or self.both)

    def fingerprint(self) -> str:
        """Print of all that is shown: another one means that what would be written has moved."""
        told: list[object] = [
            (kind, change.sheet.name, change.page, change.line, change.key, change.differences)
            for kind, changes in (("+", self.created), ("~", self.changed), ("2", self.both))
            for change in changes
        ]
        told += [str(refusal) for refusal in self.refused]
        told += [name.identifier for name in self.unknown]
        told += [(row.sheet.name, row.page, row.line, row.values) for row in self.level_only]
        return hashlib.sha256(repr(told).encode("utf-8", "replace")).hexdigest()[:32]


LEFT_OUT = object()


def _known(change: Change, key: str, value: Any, choices: Choices) -> Any:
    """Without the names that nobody asked to create; nothing, when what is left stands already."""
    if isinstance(value, tuple) and any(isinstance(one, Unknown) for one in value):
        kept = tuple(
            one for one in value if not isinstance(one, Unknown) or one.identifier in choices.create
        )
        stands = next((d.old for d in change.differences if d.key == key), None)
        is_same = change.key and change.sheet.column(key).text(kept) == stands
        return LEFT_OUT if is_same else kept
    if isinstance(value, Unknown) and value.identifier not in choices.create:
        return LEFT_OUT
    return value


def attempt(
    changes: Sequence[Change], write: Callable[[Change], None], *, dry_run: bool
) -> list[Refusal]:
    """Write every line in one transaction; undo all of it when one is refused, or in a dry run.

    ``write`` calls the room's services; what they refuse (``DomainError``) is told by line.
    """
    refused = []
    with transaction.atomic():
        for change in changes:
            try:
                with transaction.atomic():
                    write(change)
            except DomainError as refusal:
                refused.append(refusal_of(change, refusal))
        if dry_run or refused:
            transaction.set_rollback(True)
    return refused


def refusal_of(change: Change, error: DomainError) -> Refusal:
    """What a service refused, where the file has it."""
    column = next((c for c in change.sheet.columns if c.key == error.field), None)
    return Refusal(
        change.sheet.name,
        change.line,
        column.title if column else "",
        error.message.rstrip("."),
        change.page,
        change.ranks.get(column.key) if column else None,
    )


def grouped(refusals: Sequence[Refusal]) -> list[str]:
    """The same message on several lines, told once: « lignes 4, 7 à 12 »."""
    places: dict[tuple[str, str, str], list[int]] = {}
    for refusal in refusals:
        place = (refusal.place, refusal.column, refusal.message)
        places.setdefault(place, []).append(refusal.line)
    told = []
    for (page, column, message), lines in places.items():
        where = f"{page_words(page)}, {spans(lines)}"
        told.append(f"{where}{f', colonne « {column} »' if column else ''} : {message}.")
    return told


def spans(lines: Sequence[int]) -> str:
    """« ligne 4 », « lignes 4, 7 à 12 »."""
    runs: list[list[int]] = []
    for line in sorted(set(lines)):
        if runs and line == runs[-1][-1] + 1:
            runs[-1].append(line)
        else:
            runs.append([line])
    told = []
    for run in runs:
        told += [str(run[0])] if len(run) == 1 else (
            [str(run[0]), str(run[1])] if len(run) == 2 else [f"{run[0]} à {run[-1]}"]
        )  # fmt: skip
    many = len(runs) > 1 or len(runs[0]) > 1 if runs else False
    return f"ligne{'s' if many else ''} {', '.join(told)}"


def tally(changes: Sequence[Change]) -> dict[str, int]:
    """How many lines by sheet."""
    return dict(Counter(change.sheet.name for change in changes))
