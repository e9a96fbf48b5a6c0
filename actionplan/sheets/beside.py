"""The sheets beside the plan, made comparable: the action that each line names, and its row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from actionplan.sheets.book import Book
from actionplan.sheets.cells import cell_text, filled, only_writable, own_key, refusal
from actionplan.sheets.columns import MEASURES
from actionplan.sheets.labels import action_label, level_label
from core.formats import plain_key
from core.sheets import Line, Table

if TYPE_CHECKING:
    from actionplan.sheets.adapt import Adapted


class NewActions:
    """The actions that the file is about to create or to rename, by any of their names."""

    def __init__(self) -> None:
        self.labels: dict[str, str] = {}

    def add(self, code: str, title: str, *, known_as: str = "") -> str:
        label = known_as or (action_label(code, title) if code else title)
        whole = action_label(code, title) if code and title else ""
        for name in (whole,) if known_as else (whole, code, title):
            if name:
                self.labels.setdefault(plain_key(name), label)
        return label

    def get(self, text: str) -> str:
        return self.labels.get(plain_key(text), "")


class Beside:
    """Reads the lines of one sheet."""

    def __init__(self, book: Book, table: Table, found: Adapted, names: NewActions) -> None:
        self.book, self.table, self.found, self.names = book, table, found, names
        self.sheet = book.sheet(table.sheet.name)
        self.rows = {row.key: row for row in self.sheet.rows}
        self.by_identity = {
            self.sheet.identity_of(row.values): row.key for row in reversed(self.sheet.rows)
        }

    def adapted(self) -> Table:
        given = sorted([*self.table.lines, *self.table.level_lines], key=lambda line: line.number)
        lines = [line for one in given if (line := self._line(one)) is not None]
        return replace(
            self.table, sheet=self.sheet, lines=tuple(lines), level_lines=(),
            columns=tuple(key for key in self.table.columns if key != "reason"),
        )  # fmt: skip

    def _line(self, given: Line) -> Line | None:
        line = own_key(self.book, given, self.found)
        cells = dict(line.cells)
        reason = cell_text(cells, "reason")
        cells.pop("reason", None)
        if reason:
            self.found.reasons[self.sheet.name, line.number] = reason[:300]
        text = cell_text(cells, "action")
        label = self._followed(text)
        if label is not None:
            cells["action"] = label
        elif text and line.key not in self.rows:
            self._refuse(line, "action", f"« {text} » n'est pas une action du plan")
            return None
        elif text:
            title = self.sheet.column("action").title
            self.found.tell(
                f"« {title} » ne se retrouve plus au plan, la ligne garde la sienne", line.number
            )
            cells.pop("action")
        line = replace(line, cells=cells)
        if not line.key and (key := self._same_row(cells)):
            told = {name: cell for name, cell in cells.items() if filled(cell)}
            line = replace(line, key=key, version="", cells=told)
        if self.book.whole:
            return line
        if line.key:
            return only_writable(self.book, self.table, line, self.rows, self.found)
        if self.sheet.name == MEASURES:
            self._refuse(line, "", "une mesure nouvelle se demande à la personne qui tient le plan")
            return None
        return line

    def _refuse(self, line: Line, column: str, message: str) -> None:
        self.found.refused.append(refusal(self.table, line, column, message))

    def _followed(self, text: str) -> str | None:
        """The action (or the level) that a cell names, as the application writes it now."""
        if not text:
            return None
        if self.book.known.exact_action(text) is None and (new := self.names.get(text)):
            return new
        action = self.book.known.action(text)
        if action is not None:
            return action_label(action.code, action.title)
        if not self.book.whole:
            return None
        orientation = self.book.known.orientations.get(text)
        if orientation is not None:
            return level_label(orientation)
        return text if text in self.found.new_codes else None

    def _same_row(self, cells: Mapping[str, Any]) -> str:
        """The row that a line without key names by what identifies it; cells that do not read
        name none."""
        try:
            values = {
                key: self.sheet.column(key).read(cells.get(key)) for key in self.sheet.identity
            }
        except ValueError:
            return ""
        return self.by_identity.get(self.sheet.identity_of(values), "")
