"""A file's lines made comparable with the plan: names as the application writes them, levels carried
down, and what other people's tables put in one cell dealt to the sheets beside.

Nothing is done in silence: each manner of reading leaves a sentence in ``notes``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from typing import Any

from actionplan.models import Action
from actionplan.sheets.beside import Beside, NewActions
from actionplan.sheets.book import LEVELS, Book
from actionplan.sheets.cells import cell_text, filled, only_writable, own_key, refusal
from actionplan.sheets.columns import PLAN
from actionplan.sheets.foreign import Foreign
from actionplan.sheets.known import Levels
from actionplan.sheets.labels import action_label, level_label, split_level
from actionplan.sheets.options import Options
from actionplan.sheets.rows import key_of
from core.formats import plain_key
from core.sheets import Line, Refusal, Table
from core.sheets.report import spans

ALIKE = 0.75
"""Two titles under one number are the same action, when they share this much."""
FOREIGN_KEYS = (
    "orientation_code", "objective_code", "budget_total", "funders", "measures", "period_start",
    "period_end",
)  # fmt: skip


@dataclass
class Adapted:
    """``new_codes``: number and title of the levels to create, by label; ``reasons``: why a line
    changes what was said; ``leads``: the pilot that a line names."""

    tables: list[Table] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    new_codes: dict[str, tuple[str, str]] = field(default_factory=dict)
    reasons: dict[tuple[str, int], str] = field(default_factory=dict)
    leads: dict[tuple[str, int], str] = field(default_factory=dict)
    told: dict[str, list[int]] = field(default_factory=dict)

    def tell(self, sentence: str, line: int) -> None:
        self.told.setdefault(sentence, []).append(line)

    def finish(self) -> None:
        self.notes += [f"{spans(lines).capitalize()} : {told}" for told, lines in self.told.items()]


def adapt(book: Book, tables: Iterable[Table], options: Options) -> Adapted:
    """``tables`` were read with ``with_foreign_columns(book)``; what comes out is compared with
    ``book``."""
    found = Adapted()
    plans = [table for table in tables if table.sheet.name == PLAN]
    others = [table for table in tables if table.sheet.name != PLAN]
    foreign = Foreign(book, options, found)
    names = NewActions()
    for table in plans:
        found.tables.append(_Plan(book, table, options, found, foreign, names).adapted())
    for table in others:
        found.tables.append(Beside(book, table, found, names).adapted())
    found.tables += foreign.tables()
    found.finish()
    return found


# --- The plan -------------------------------------------------------------------------------------
class _Plan:
    def __init__(
        self, book: Book, table: Table, options: Options, found: Adapted, foreign: Foreign, names: NewActions,
    ) -> None:  # fmt: skip
        self.book, self.known, self.table = book, book.known, table
        self.options, self.found, self.foreign, self.names = options, found, foreign, names
        self.sheet = book.sheet(PLAN)
        self.rows = {row.key: row for row in self.sheet.rows}
        self.levels = {
            tuple(row.values.get(name) or "" for name in LEVELS): key
            for key, row in self.rows.items()
            if ".a" not in key
        }
        self.seen: set[tuple[str, ...]] = set()
        self.last = ""
        self.renamed: dict[str, str] = {}
        lines = sorted([*table.lines, *table.level_lines], key=lambda line: line.number)
        self.lines = [own_key(book, line, found) for line in lines]
        self.is_ours = table.has_keys

    def adapted(self) -> Table:
        if self.book.whole:
            self._note_renamed()
        lines = [line for given in self.lines if (line := self._line(given)) is not None]
        return replace(
            self.table, sheet=self.sheet, lines=tuple(lines), level_lines=(),
            columns=tuple(key for key in self.table.columns if key not in FOREIGN_KEYS),
        )  # fmt: skip

    def _note_renamed(self) -> None:
        """New label of a level → the label that stands: the lines beneath may bear either."""
        for line in self.lines:
            row = self.rows.get(line.key)
            if row is None or ".a" in line.key:
                continue
            own = next(name for name in reversed(LEVELS) if row.values.get(name))
            new = " ".join(cell_text(line.cells, own).split())
            if new and new != row.values[own]:
                self.renamed[plain_key(new)] = row.values[own]

    def _line(self, line: Line) -> Line | None:
        cells = dict(line.cells)
        self.foreign.note_period(cells, line.number)
        is_known_level = line.key in self.rows and ".a" not in line.key
        is_level = is_known_level or not (cell_text(cells, "title") or cell_text(cells, "code"))
        if self.book.whole:
            self._place(cells, line.number, keeps_name=is_known_level)
        if not line.key:
            line = replace(line, key=self._key(cells, is_level=is_level), version="")
            if line.key:
                cells = {key: cell for key, cell in cells.items() if filled(cell)}
                cells = self._same_title(line.key, cells)
        if not self.book.whole:
            return self._own(replace(line, cells=cells))
        if is_level and not line.key and self._is_repeated(cells):
            return None
        if not line.key and not is_level:
            self._complete(cells, line.number)
        label = "" if is_level else self._label(line, cells)
        self.foreign.deal(cells, label, line.number, is_new=not line.key, page=self.table.name)
        return replace(line, cells={k: c for k, c in cells.items() if k not in FOREIGN_KEYS})

    def _is_repeated(self, cells: Mapping[str, Any]) -> bool:
        """A level named on several lines is one level."""
        place = tuple(cell_text(cells, name) for name in LEVELS)
        is_seen = place in self.seen
        self.seen.add(place)
        return is_seen

    # --- Where it stands ------------------------------------------------------------------------
    def _place(self, cells: dict[str, Any], number: int, *, keeps_name: bool) -> None:
        """Each level as the application writes it; the orientation of the line above when an
        objective comes alone. A line that names a level for itself keeps the name that it gives."""
        texts = {name: " ".join(cell_text(cells, name).split()) for name in LEVELS}
        deepest = next((name for name in reversed(LEVELS) if texts[name]), "")
        if any(texts[name] for name in LEVELS[1:]) and not texts["orientation"]:
            texts["orientation"] = self.last
        above: Any = None
        for name in LEVELS:
            if name not in cells and not texts[name]:
                continue
            text = texts[name]
            if text and not (keeps_name and name == deepest):
                levels = self.known.orientations if name == "orientation" else self.known.objectives
                code = cell_text(cells, f"{name}_code")
                text, above = self._level(levels, text, code, above, number)
            cells[name] = text or None
        self.last = cell_text(cells, "orientation") or self.last

    def _level(
        self, levels: Levels, text: str, code: str, above: Any, number: int
    ) -> tuple[str, Any]:
        text = self.renamed.get(plain_key(text), text)
        label = text if not code or split_level(text)[0] == code else f"{code}. {text}"
        level = levels.get(label, within=above) or levels.get(text, within=above)
        if level is None and not self.is_ours:
            level = levels.titled(text, within=above)
        if level is not None:
            return level_label(level), level
        if label not in self.found.new_codes:
            told = (code, text) if label != text else split_level(text)
            taken = levels.by_code(told[0]) if told[0] else None
            if taken is not None and not self.is_ours:
                self.found.tell(
                    f"le numéro {told[0]} est déjà celui de « {taken.title} », le niveau en prend un autre",
                    number,
                )
                told = ("", told[1])
            self.found.new_codes[label] = told
        return label, label

    # --- Which row it is ------------------------------------------------------------------------
    def _key(self, cells: Mapping[str, Any], *, is_level: bool) -> str:
        if is_level:
            return self._level_key(cells)
        action = self._known_action(cell_text(cells, "code"), cell_text(cells, "title"), cells)
        return key_of(action) if action is not None and key_of(action) in self.rows else ""

    def _level_key(self, cells: Mapping[str, Any]) -> str:
        deepest = next((name for name in reversed(LEVELS) if cell_text(cells, name)), "")
        place = tuple(cell_text(cells, name) for name in LEVELS)
        return self.levels.get(place, "") if deepest else ""

    def _known_action(self, code: str, title: str, cells: Mapping[str, Any]) -> Action | None:
        """The action of that number and (nearly) that title, else of that title in that place."""
        same: Action | None = self.known.actions.get(plain_key(code)) if code else None
        if same is not None and (not title or _alike(same.title, title)):
            return same
        found: Action | None = self.known.action_titles.get(title)
        if found is None or plain_key(found.title) != plain_key(title):
            return None
        where = cell_text(cells, "orientation")
        return found if where in ("", level_label(found.orientation)) else None

    def _same_title(self, key: str, cells: dict[str, Any]) -> dict[str, Any]:
        """A row found by its title keeps its number, whichever the file gives."""
        row = self.rows.get(key)
        if row is not None and "code" in cells and ".a" in key:
            other = self.known.actions.get(plain_key(cell_text(cells, "code")))
            if (other is not None and key_of(other) != key) or (other is None and not self.is_ours):
                cells.pop("code")
        return cells

    def _label(self, line: Line, cells: Mapping[str, Any]) -> str:
        row = self.rows.get(line.key)
        known_as = action_label(row.values["code"], row.values["title"]) if row else ""
        return self.names.add(
            cell_text(cells, "code"), cell_text(cells, "title"), known_as=known_as
        )

    # --- What it lacks --------------------------------------------------------------------------
    def _complete(self, cells: dict[str, Any], number: int) -> None:
        """A new action needs a pilot, a due date and a sentence: asked once, told here."""
        title = cell_text(cells, "title")
        code = cell_text(cells, "code")
        if code and not self.is_ours and plain_key(code) in self.known.actions:
            self.found.tell(
                "le numéro est déjà celui d'une autre action, le suivant est donné", number
            )
            cells["code"] = None
        if not cell_text(cells, "summary") and title:
            cells["summary"] = f"{title[:380]} (à compléter)"
            self.found.tell(
                "sans phrase de présentation, le titre en tient lieu, « à compléter »", number
            )
        if not cell_text(cells, "due_on"):
            cells["due_on"] = self.options.due_on
            self.found.tell(f"sans échéance, mise au {self.options.due_on:%d/%m/%Y}", number)
        place = (self.table.name, number)
        if cell_text(cells, "lead_organisation"):
            self.found.leads[place] = cell_text(cells, "lead_organisation")
        else:
            self.found.tell(f"sans structure pilote, confiée à « {self.options.lead} »", number)
            if self.known.organisations.get(self.options.lead) is not None:
                cells["lead_organisation"] = self.options.lead
        if self.options.clamp_dates:
            self.foreign.clamp(cells, number)

    # --- A partner's own ------------------------------------------------------------------------
    def _own(self, line: Line) -> Line | None:
        """The cells that a partner may write of the actions that they lead."""
        if not line.key:
            self.found.refused.append(
                refusal(self.table, line, "", "ce classeur ne reprend que les actions que vous pilotez : cette ligne n'en est pas une")
            )  # fmt: skip
            return None
        return only_writable(self.book, self.table, line, self.rows, self.found)


def _alike(one: str, other: str) -> bool:
    return SequenceMatcher(None, plain_key(one), plain_key(other)).ratio() >= ALIKE
