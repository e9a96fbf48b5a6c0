"""What a workbook would do: created, changed (old → new), unchanged, refused; then doing it.

All errors are told at once, by sheet, line and column. Nothing is written while one is left.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from core.errors import DomainError
from core.sheets.declaration import Sheet, SheetRow
from core.sheets.reader import Line, Table


@dataclass(frozen=True)
class Refusal:
    sheet: str
    line: int
    column: str
    message: str

    def __str__(self) -> str:
        where = f"feuille « {self.sheet} », ligne {self.line}"
        column = f", colonne « {self.column} »" if self.column else ""
        return f"{where}{column} : {self.message}."


@dataclass(frozen=True)
class Difference:
    column: str
    old: str
    new: str


@dataclass(frozen=True)
class Change:
    """A line to write: a new row, or the values that differ of the row ``key``.

    ``moved``: the row has changed in the application since the export, too.
    """

    sheet: Sheet
    line: int
    label: str
    key: str
    values: dict[str, Any]
    differences: tuple[Difference, ...]
    moved: bool = False

    @property
    def is_new(self) -> bool:
        return not self.key


@dataclass
class Report:
    created: list[Change] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    moved: list[Change] = field(default_factory=list)
    unchanged: int = 0
    refused: list[Refusal] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    order: list[str] = field(default_factory=list)
    """Names of the sheets, what others refer to first."""

    def to_write(self, *, overwrite: bool) -> list[Change]:
        """In the order of the sheets: what a line names must be there before it."""
        kept = [*self.created, *self.changed, *(self.moved if overwrite else [])]
        return sorted(kept, key=lambda change: (self.order.index(change.sheet.name), change.line))

    @property
    def changes_nothing(self) -> bool:
        return not (self.created or self.changed or self.moved)


def compare(tables: Sequence[Table], order: Sequence[str]) -> Report:
    """Compare every line with the row that it names, by key, else by what identifies it."""
    report = Report(order=list(order))
    for table in tables:
        by_key = {row.key: row for row in table.sheet.rows}
        by_identity = {table.sheet.identity_of(row.values): row for row in table.sheet.rows}
        seen: dict[str, int] = {}
        for line in table.lines:
            _compare_line(report, table, line, by_key, by_identity, seen)
        report.ignored += [f"{table.name} : {title}" for title in table.ignored]
    return report


def _compare_line(
    report: Report,
    table: Table,
    line: Line,
    by_key: dict[str, SheetRow],
    by_identity: dict[tuple[str, ...], SheetRow],
    seen: dict[str, int],
) -> None:
    sheet = table.sheet
    values, refused = _values(table, line)
    if refused:
        report.refused += refused
        return
    if line.key and line.key not in by_key:
        report.refused.append(
            Refusal(sheet.name, line.number, "", "cette ligne n'existe plus dans l'application ; pour la recréer, videz ses deux cellules masquées")
        )  # fmt: skip
        return
    row = by_key.get(line.key) if line.key else by_identity.get(sheet.identity_of(values))
    same = row.key if row else f"nouveau:{sheet.identity_of(values)}"
    if same in seen:
        report.refused.append(
            Refusal(sheet.name, line.number, "", f"la même {sheet.noun} est déjà à la ligne {seen[same]}")
        )  # fmt: skip
        return
    seen[same] = line.number
    label = ", ".join(sheet.column(key).text(values.get(key)) for key in sheet.identity)
    if row is None:
        told = tuple(
            Difference(column.title, "", column.text(values[column.key]))
            for column in sheet.columns
            if values.get(column.key) is not None
        )
        report.created.append(Change(sheet, line.number, label, "", values, told))
        return
    _compare_known(report, sheet, line, row, values, label)


def _compare_known(
    report: Report, sheet: Sheet, line: Line, row: SheetRow, values: dict[str, Any], label: str
) -> None:
    different = {
        column.key: values[column.key]
        for column in sheet.columns
        if column.key in values and _differ(values[column.key], row.values.get(column.key))
    }
    if not different:
        report.unchanged += 1
        return
    told = tuple(
        Difference(
            column.title,
            column.text(row.values.get(column.key)),
            column.text(different[column.key]),
        )
        for column in sheet.columns
        if column.key in different
    )
    moved = bool(line.version) and line.version != sheet.fingerprint(row)
    change = Change(sheet, line.number, label, row.key, different, told, moved)
    (report.moved if moved else report.changed).append(change)


def _differ(new: Any, old: Any) -> bool:
    return (None if new == "" else new) != (None if old == "" else old)


def _values(table: Table, line: Line) -> tuple[dict[str, Any], list[Refusal]]:
    values: dict[str, Any] = {}
    refused = []
    for column in table.sheet.columns:
        if column.key not in line.cells:
            if column.required and not line.key and column.key not in table.columns:
                refused.append(_refusal(table, line, column.title, "cette colonne manque"))
            continue
        try:
            value = column.read(line.cells[column.key])
        except ValueError as error:
            refused.append(_refusal(table, line, column.title, str(error).rstrip(".")))
            continue
        if value is None and column.required:
            refused.append(_refusal(table, line, column.title, "une valeur est nécessaire"))
        values[column.key] = value
    return values, refused


def _refusal(table: Table, line: Line, column: str, message: str) -> Refusal:
    return Refusal(table.sheet.name, line.number, column, message)


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
                column = next((c.title for c in change.sheet.columns if c.key == refusal.field), "")
                refused.append(
                    Refusal(change.sheet.name, change.line, column, refusal.message.rstrip("."))
                )
        if dry_run or refused:
            transaction.set_rollback(True)
    return refused
