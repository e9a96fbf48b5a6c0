"""The grid of quick entry: every error at once, beside its cell; nothing half-written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from actionplan import queries
from actionplan.entry import reading, resolving
from actionplan.entry.reading import BLANK_LINES, MORE_LINES, MOST_LINES, EntryColumn, EntryLine
from actionplan.models import Action, ActionStatus, Objective
from actionplan.services.entry import Entry, EntryRefused, write_entries
from agreements.forms import AgreementForm
from core.errors import DomainError
from core.formats import date_long, plain_key, plural
from partners.models import Organisation

LIMITS = {"code": 12, "title": 250, "summary": 400}
NEEDED = {
    "title": "Donnez un titre.",
    "summary": "Dites en une phrase ce que fait l'action, pour qui.",
    "lead": "Nommez la structure pilote.",
    "due": "Donnez une échéance.",
}
TICK = "« {name} » n'existe pas encore : cochez sa création sous le tableau."
CLOSE = " Ou vouliez-vous dire « {close} » ?"
REFUSED_AT = {
    "lead_organisation": "lead", "due_on": "due", "starts_on": "due", "code": "code", "title": "title",
    "summary": "summary", "status": "status", "objective": "objective",
}  # fmt: skip


@dataclass(frozen=True)
class EntryCell:
    """What the template draws."""

    name: str
    label: str
    value: str
    error: str
    column: EntryColumn


@dataclass(frozen=True)
class Proposal:
    """Something new, to tick."""

    key: str
    words: str
    lines: str
    is_ticked: bool


def lines_in_words(ranks: Sequence[int]) -> str:
    """« ligne 3 », « lignes 1 à 8, 12 »."""
    stretches: list[list[int]] = []
    for rank in sorted(set(ranks)):
        if stretches and rank == stretches[-1][1] + 1:
            stretches[-1][1] = rank
        else:
            stretches.append([rank, rank])
    told = [str(a) if a == b else f"{a} à {b}" for a, b in stretches]
    return f"ligne{'s' if len(set(ranks)) > 1 else ''} {', '.join(told)}"


class EntryForm(AgreementForm):
    """Cells are named « l3-title »; what is new and ticked comes as « creer »."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agreement = self.access.agreement
        self.columns = reading.columns(self.agreement)
        self.lines = self._typed()
        self.proposals: list[tuple[Any, list[int]]] = []
        self.entries: list[Entry] = []

    # --- The grid -------------------------------------------------------------------------
    def _typed(self) -> list[EntryLine]:
        ranks = [int(m[1]) for name in self.data if (m := re.fullmatch(r"l(\d{1,4})-\w+", name))]
        count = min(max(ranks, default=BLANK_LINES - 1) + 1, MOST_LINES)
        return [
            EntryLine(
                {
                    c.name: reading.plain(self.data.get(f"l{rank}-{c.name}", ""))
                    for c in self.columns
                }
            )
            for rank in range(count)
        ]

    def more_lines(self) -> None:
        self._fill_up(len(self.lines) + MORE_LINES)

    def _fill_up(self, count: int) -> None:
        blank = {column.name: "" for column in self.columns}
        while len(self.lines) < min(count, MOST_LINES):
            self.lines.append(EntryLine(dict(blank)))

    def paste(self, text: str) -> int:
        """Put pasted rows after the last one that holds something; how many there was no room for."""
        rows = reading.pasted(text, self.columns)
        used = (
            max((rank for rank, line in enumerate(self.lines) if not line.is_blank), default=-1) + 1
        )
        self._fill_up(used + len(rows))
        room = self.lines[used:]
        for line, row in zip(room, rows, strict=False):
            line.cells |= row
        return max(0, len(rows) - len(room))

    @property
    def rows(self) -> list[list[EntryCell]]:
        return [
            [
                EntryCell(
                    f"l{rank}-{column.name}", f"{column.title}, ligne {rank + 1}",
                    line.cells[column.name], line.errors.get(column.name, ""), column,
                )
                for column in self.columns
            ]
            for rank, line in enumerate(self.lines)
        ]  # fmt: skip

    @property
    def wrong(self) -> list[EntryCell]:
        return [cell for row in self.rows for cell in row if cell.error]

    # --- What exists, for the lists beside the cells ---------------------------------------
    def _organisations(self) -> list[Organisation]:
        if not hasattr(self, "_known_organisations"):
            own = Organisation.objects.filter(agreement=self.agreement)
            self._known_organisations = list(own.in_alphabetical_order())
        return self._known_organisations

    def _levels(self) -> resolving.Levels:
        own = Objective.objects.filter(agreement=self.agreement)
        return resolving.Levels(
            queries.orientations(self.agreement), own, {c.name: c.title for c in self.columns}
        )

    @property
    def lists(self) -> list[tuple[str, list[str]]]:
        """Column → what may be chosen, as one would type it."""
        levels = self._levels().all()
        found = {
            kind: [str(x) for x in levels if x.kind == kind]
            for kind in ("orientation", "objective", "below")
        }
        found["lead"] = [row.name for row in self._organisations() if not row.is_archived]
        found["status"] = [s.label for s in ActionStatus if s not in reading.TO_EXPLAIN]
        return [(c.name, found[c.name]) for c in self.columns if c.has_list]  # fmt: skip

    # --- Checking -------------------------------------------------------------------------
    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        written = [(rank, line) for rank, line in enumerate(self.lines) if not line.is_blank]
        if not written:
            raise forms.ValidationError("Le tableau est vide : écrivez au moins une action.")
        self.levels, self.leads = self._levels(), resolving.Leads(self._organisations())
        above: dict[str, resolving.Level] = {}
        named: list[tuple[int, EntryLine, resolving.Level | None, resolving.Lead | None]] = []
        for rank, line in written:
            level = self._level(line, above)
            named.append((rank, line, level, self._lead(line)))
        self._check_new(named)
        self._check_numbers(written)
        known_titles = self._known_titles()
        for rank, line, level, lead in named:
            fields = self._fields(line)
            self._check_title(line, level, known_titles)
            if level is not None and lead is not None and not line.errors:
                self.entries.append(Entry(rank, level, lead, fields))
        count = len(self.wrong)
        if count:
            raise forms.ValidationError(
                f"{plural(count, 'case est', 'cases sont')} à reprendre. Rien n'est encore écrit."
            )
        return data

    def _level(self, line: EntryLine, above: dict[str, resolving.Level]) -> resolving.Level | None:
        """An empty orientation is that of the row above, with its lower levels; a lower level
        typed alone stands under it."""
        names = [c.name for c in self.columns if c.name in ("orientation", "objective", "below")]
        given = [name for name in names if line.cells[name]]
        if given:
            for name in names[names.index(given[0]) :]:
                above.pop(name, None)
        for name in given:
            parent = self._parent(name, names, above)
            if name != "orientation" and parent is None:
                upper = self.columns[names.index(name) - 1].title
                line.errors[name] = f"Dites d'abord sous quoi : « {upper} » est vide."
                return None
            try:
                above[name] = self.levels.find(name, line.cells[name], parent)
            except ValueError as error:
                line.errors[name] = str(error)
                return None
        found = [above[name] for name in names if name in above]
        if not found:
            line.errors["orientation"] = f"Dites sous quoi : « {self.columns[0].title} » est vide."
            return None
        return found[-1]

    @staticmethod
    def _parent(
        name: str, names: Sequence[str], above: dict[str, resolving.Level]
    ) -> resolving.Level | None:
        rank = names.index(name)
        return above.get(names[rank - 1]) if rank else None

    def _lead(self, line: EntryLine) -> resolving.Lead | None:
        if not line.cells["lead"]:
            return None
        try:
            return self.leads.find(line.cells["lead"])
        except ValueError as error:
            line.errors["lead"] = str(error)
            return None

    def _check_new(self, named: Sequence[tuple[int, EntryLine, Any, Any]]) -> None:
        """What is new is proposed once, and asked for in the first cell that names it."""
        data: Any = self.data
        ticked, everything = set(data.getlist("creer")), bool(data.get("tout_creer"))
        found: dict[Any, list[int]] = {}
        for rank, line, level, lead in named:
            while level is not None:
                if level.row is None:
                    self._ask(found, level, level.kind, str(level), rank, line, ticked, everything)
                level = level.above
            if lead is not None and lead.row is None:
                close = CLOSE.format(close=lead.close) if lead.close else ""
                self._ask(found, lead, "lead", lead.name, rank, line, ticked, everything, close)
        in_order = [*self.levels.new, *self.leads.new]
        self.proposals = [(thing, found[thing]) for thing in in_order if thing in found]

    def _ask(
        self, found: dict[Any, list[int]], thing: Any, column: str, name: str, rank: int,
        line: EntryLine, ticked: set[str], everything: bool, close: str = "",
    ) -> None:  # fmt: skip
        first = thing not in found
        found.setdefault(thing, []).append(rank + 1)
        if first and not everything and thing.key not in ticked:
            line.errors.setdefault(column, TICK.format(name=name) + close)

    @property
    def shown_proposals(self) -> list[Proposal]:
        data: Any = self.data
        ticked = set(data.getlist("creer")) if self.is_bound else set()
        labels = {c.name: c.title for c in self.columns} | {"lead": "Structure"}
        return [
            Proposal(
                thing.key,
                f"{labels[getattr(thing, 'kind', 'lead')]} : {getattr(thing, 'name', None) or thing}",
                lines_in_words(ranks),
                thing.key in ticked or bool(data.get("tout_creer")),
            )
            for thing, ranks in self.proposals
        ]  # fmt: skip

    def _check_numbers(self, written: Sequence[tuple[int, EntryLine]]) -> None:
        taken = set(Action.objects.filter(agreement=self.agreement).values_list("code", flat=True))
        seen: dict[str, int] = {}
        for rank, line in written:
            code = line.cells["code"]
            if code and code in taken:
                line.errors["code"] = "Ce numéro est déjà pris par une autre action."
            elif code and code in seen:
                line.errors["code"] = f"Ce numéro est déjà à la ligne {seen[code]}."
            elif code:
                seen[code] = rank + 1

    def _known_titles(self) -> set[tuple[str, str]]:
        """(level, title) of the actions that stand: a grid sent twice does not write twice."""
        rows = queries.plan_lines(self.agreement, self.agreement.starts_on)
        return {(f"{row.orientation_id}-{row.objective_id}", plain_key(row.title)) for row in rows}

    def _check_title(self, line: EntryLine, level: Any, known: set[tuple[str, str]]) -> None:
        if level is None or not line.cells["title"]:
            return
        row = level.row
        if row is None:
            place = level.key
        elif isinstance(row, Objective):
            place = f"{row.orientation_id}-{row.pk}"
        else:
            place = f"{row.pk}-None"
        title = plain_key(line.cells["title"])
        if (place, title) in known:
            line.errors["title"] = "Une action porte déjà ce titre à ce niveau."
        known.add((place, title))

    def _fields(self, line: EntryLine) -> dict[str, Any]:
        cells = line.cells
        for name, words in NEEDED.items():
            if not cells[name]:
                line.errors.setdefault(name, words)
        for name, most in LIMITS.items():
            if len(cells[name]) > most:
                line.errors[name] = f"{most} caractères au plus ({len(cells[name])} ici)."
        fields: dict[str, Any] = {name: cells[name] for name in ("code", "title", "summary")}
        try:
            if cells["due"]:
                fields["due_on"] = reading.read_date(cells["due"])
                if not self.agreement.covers(fields["due_on"]):
                    raise ValueError(
                        f"Le {date_long(fields['due_on'])} sort de la convention (jusqu'au "
                        f"{date_long(self.agreement.ends_on)})."
                    )
        except ValueError as error:
            line.errors["due"] = str(error)
        try:
            fields["status"] = reading.read_status(cells["status"])
        except ValueError as error:
            line.errors["status"] = str(error)
        if fields.get("status") == ActionStatus.DONE:
            fields["progress"] = 100
        return fields

    # --- Writing --------------------------------------------------------------------------
    def perform(self) -> dict[str, int]:
        """Raises ``DomainError`` once the refusals stand beside their cells."""
        try:
            return write_entries(self.agreement, actor=self.access.user, entries=self.entries)
        except EntryRefused as refused:
            for rank, refusal in refused.refusals.items():
                name = REFUSED_AT.get(refusal.field or "", "title")
                known = {column.name for column in self.columns}
                self.lines[rank].errors[name if name in known else "title"] = refusal.message
            count = plural(len(refused.refusals), "ligne est refusée", "lignes sont refusées")
            raise DomainError(f"{count}. Rien n'est écrit.") from refused
