"""Every line of the file beside the row that it names, cell by cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.sheets.declaration import (
    Sheet,
    SheetColumn,
    SheetRow,
    print_of,
    prints_of,
    unguarded,
)
from core.sheets.reader import Line, Table
from core.sheets.report import Change, Difference, LevelRow, Refusal, Report, UnknownName
from core.sheets.values import Unknown

GONE = "cette ligne n'existe plus dans l'application ; pour la recréer, videz ses deux cellules masquées"


@dataclass
class _Known:
    """What a sheet holds, and the lines already met that name its rows."""

    by_key: dict[str, SheetRow]
    by_identity: dict[tuple[str, ...], SheetRow]
    seen: dict[str, str] = field(default_factory=dict)


def compare(tables: Sequence[Table], order: Sequence[str]) -> Report:
    """Compare every line with the row that it names, by key, else by what identifies it."""
    report = Report(order=list(order))
    known: dict[str, _Known] = {}
    unknown: dict[str, UnknownName] = {}
    for table in tables:
        sheet = table.sheet
        if sheet.name not in known:
            known[sheet.name] = _Known(
                {row.key: row for row in sheet.rows},
                {sheet.identity_of(row.values): row for row in reversed(sheet.rows)},
            )
        for line in table.lines:
            _compare_line(report, table, line, known[sheet.name], unknown)
        for line in table.level_lines:
            report.level_only.append(LevelRow(sheet, line.number, line.cells, table.name))
        report.ignored += [f"{table.name} : {title}" for title in table.ignored]
        report.notes += table.notes
        report.lines += len(table.lines)
    report.unknown = list(unknown.values())
    return report


def _compare_line(
    report: Report, table: Table, line: Line, known: _Known, unknown: dict[str, UnknownName]
) -> None:
    sheet = table.sheet
    values, refused = _values(table, line)
    if refused:
        report.refused += refused
        return
    if line.key and line.key not in known.by_key:
        report.refused.append(_refusal(table, line, None, GONE))
        return
    identity = sheet.identity_of(values)
    row = known.by_key.get(line.key) if line.key else known.by_identity.get(identity)
    same = row.key if row else f"nouveau:{identity}"
    if same in known.seen:
        report.refused.append(
            _refusal(table, line, None, f"la même {sheet.noun} est déjà à la {known.seen[same]}")
        )
        return
    known.seen[same] = f"ligne {line.number}"
    _note_unknown(table, line, values, unknown)
    named = {**(row.values if row else {}), **values}
    label = sheet.name_row(named) if sheet.name_row else ""
    label = label or ", ".join(
        filter(None, (sheet.column(k).text(named.get(k)) for k in sheet.identity))
    )
    if row is None:
        told = tuple(
            Difference(column.title, "", column.text(values[column.key]), column.key)
            for column in sheet.columns
            if values.get(column.key) not in (None, ())
        )
        report.created.append(
            Change(sheet, line.number, label, "", values, told, table.name, table.ranks)
        )
        return
    _compare_known(report, table, line, row, values, label)


def _compare_known(
    report: Report, table: Table, line: Line, row: SheetRow, values: dict[str, Any], label: str
) -> None:
    """Cell by cell, among what left, what stands and what came back."""
    sheet = table.sheet
    prints = prints_of(line.version)
    # Older workbooks carry the print of the whole row: their cells cannot be told apart.
    moved = prints is None and bool(line.version) and line.version != sheet.fingerprint(row)
    changed: list[Difference] = []
    both: list[Difference] = []
    for column in sheet.columns:
        if column.key not in values:
            continue
        new, old = values[column.key], row.values.get(column.key)
        if column.canonical(new) == column.canonical(old):
            continue
        left = prints.get(column.key) if prints is not None else None
        if left is not None and column.print(new) == left:
            continue  # changed in the application only: it stands
        is_both = moved if left is None else column.print(old) != left
        (both if is_both else changed).append(
            Difference(
                column.title, column.text(old), column.text(new), column.key, is_both,
                _identifier(report, sheet, row, column) if is_both else "",
            )
        )  # fmt: skip
    if not changed and not both:
        report.unchanged += 1
        return
    for found, into in ((changed, report.changed), (both, report.both)):
        if found:
            given = {difference.key: values[difference.key] for difference in found}
            into.append(
                Change(
                    sheet, line.number, label, row.key, given, tuple(found), table.name, table.ranks
                )
            )


def _identifier(report: Report, sheet: Sheet, row: SheetRow, column: SheetColumn) -> str:
    rank = report.order.index(sheet.name) if sheet.name in report.order else 0
    return f"{rank}-{row.key}-{column.key}"


def _values(table: Table, line: Line) -> tuple[dict[str, Any], list[Refusal]]:
    values: dict[str, Any] = {}
    refused = []
    prints = prints_of(line.version) or {}
    for column in table.sheet.columns:
        if column.key not in line.cells:
            if column.required and not line.key and column.key not in table.columns:
                refused.append(_refusal(table, line, column, "cette colonne manque"))
            continue
        cell = line.cells[column.key]
        try:
            value = column.read(cell)
        except ValueError as error:
            if _is_as_it_left(column, cell, prints):
                continue
            refused.append(_refusal(table, line, column, str(error).rstrip(".")))
            continue
        if _holds_unknown(value) and _is_as_it_left(column, cell, prints):
            continue
        if value in (None, ()) and column.required:
            refused.append(_refusal(table, line, column, "une valeur est nécessaire"))
        values[column.key] = value
    return values, refused


def _is_as_it_left(column: SheetColumn, cell: Any, prints: Mapping[str, str]) -> bool:
    """The file says what the application said that day: a name changed here since is not an error
    of the file."""
    if not isinstance(cell, str) or not cell.strip():
        return False
    return print_of(unguarded(cell), many=column.many) == prints.get(column.key)


def _holds_unknown(value: Any) -> bool:
    return any(
        isinstance(one, Unknown) for one in (value if isinstance(value, tuple) else (value,))
    )


def _note_unknown(
    table: Table, line: Line, values: Mapping[str, Any], unknown: dict[str, UnknownName]
) -> None:
    for column in table.sheet.columns:
        if not column.creates:
            continue
        value = values.get(column.key)
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, Unknown):
                name = unknown.setdefault(one.identifier, UnknownName(one, column.title))
                name.places.append((table.name, line.number))


def _refusal(table: Table, line: Line, column: SheetColumn | None, message: str) -> Refusal:
    return Refusal(
        table.sheet.name,
        line.number,
        column.title if column else "",
        message,
        table.name,
        table.ranks.get(column.key) if column else None,
    )
