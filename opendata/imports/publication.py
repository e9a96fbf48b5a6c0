"""What a recogniser says of a table: which publication it is, and how its figures are read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from opendata.imports.tables import Table
from opendata.imports.values import MARKS, Marks
from opendata.models import Territory

Level = Territory.Level


@dataclass(frozen=True)
class Publication:
    """The dataset and the vintage that a table holds."""

    key: str
    title: str
    producer: str
    vintage: str
    level: str
    perimeter: str = ""
    licence: str = "Licence Ouverte 2.0"
    precedence: int = 0
    rounded_to: int = 1
    """What the producer says to round counts to: 5 for the Cnaf's."""
    sums_up: bool = False
    """Counts of communes are summed to what holds them, when every commune is there."""


@dataclass(frozen=True)
class Column:
    """A column of figures: its place, the indicator and the year that it gives."""

    index: int
    indicator: str
    period: int


@dataclass(frozen=True)
class Ratio:
    """A share that Insee's dictionaries let compute: 100 × parts / wholes, of one row."""

    indicator: str
    period: int
    parts: tuple[int, ...]
    wholes: tuple[int, ...] = ()
    """Places of the columns; no whole: the sum of the parts."""


@dataclass(frozen=True)
class NewIndicator:
    """A variable of the file's own dictionary that the catalogue does not know."""

    key: str
    label: str


@dataclass(frozen=True)
class Wide:
    """One row a territory, one column a figure."""

    code: int
    columns: Sequence[Column]
    ratios: Sequence[Ratio] = ()
    marks: Marks = field(default_factory=lambda: MARKS)
    parts_of: Mapping[int, Sequence[int]] = field(default_factory=dict)
    """Place of a total → places of its parts: each row is checked."""
    new_indicators: Sequence[NewIndicator] = ()
    fixed_code: str = ""
    """The code of a file that describes one territory without saying its code."""


@dataclass(frozen=True)
class Figure:
    """One figure of a table that is not wide."""

    line: int
    level: str
    code: str
    indicator: str
    period: int
    value: str
    reason: str = ""
    estimated: bool = False
    lower_bound: bool = False
    note: str = ""


@dataclass(frozen=True)
class Refusal:
    """A line that is left out, and why."""

    line: int
    reason: str
    column: str = ""


@dataclass(frozen=True)
class Long:
    """Figures one by one: long tables, sums over parts, averages over schools."""

    figures: Callable[[], Iterator[Figure | Refusal]]


@dataclass(frozen=True)
class Reference:
    """A file that brings no figure but what figures rest on: movements of communes, outlines.

    ``load`` writes and returns (created, changed, unchanged, refusals).
    """

    load: Callable[[], tuple[int, int, int, list[Refusal]]]


@dataclass(frozen=True)
class Recognised:
    publication: Publication
    table: Table
    header: int
    """Index of the header's row in the table's head."""
    reading: Wide | Long | Reference
    ignored: Sequence[str] = ()
    """Columns that give no figure: names, and figures that nobody asked to keep."""
    remarks: Sequence[str] = ()

    @property
    def names(self) -> list[str]:
        return header_names(self.table, self.header)


@dataclass(frozen=True)
class Options:
    """What a person had to say because the file does not."""

    year: int | None = None
    repair_codes: bool = False
    """Leading zeros that a spreadsheet lost may be put back."""
    match_names: bool = False
    """Territories may be found by name and level."""


@dataclass(frozen=True)
class Request:
    """A table to recognise, with the tables handed over beside it."""

    table: Table
    header: int
    names: list[str]
    options: Options
    beside: Sequence[Table] = ()
    folder: Path | None = None

    def place(self, *names: str) -> int | None:
        """Where the first of these columns stands."""
        return next((self.names.index(name) for name in names if name in self.names), None)

    def has(self, *names: str) -> bool:
        return set(names) <= set(self.names)


def header_names(table: Table, header: int) -> list[str]:
    """Names of the columns, without the blank ones that ghost columns leave at the end."""
    names = [name.strip() for name in table.head[header]]
    while names and not names[-1]:
        names.pop()
    return names
