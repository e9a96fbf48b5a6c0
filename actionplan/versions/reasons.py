"""When, through whom and why each thing changed: read in the journal and in the history of rows.

The decision of a committee is in the reason that was typed, or in the sentence: the rooms above
write it there (« décision n° 2026-03 »), and this room knows nothing of committees.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.apps import apps

from actionplan.models import Action
from actionplan.versions.differences import Change
from actionplan.versions.facts import COLLECTIONS, Facts
from actionplan.versions.wording import Why
from agreements.models import Agreement, JournalEntry
from partners.models import Contact

MODELS = {
    "themes": "actionplan.action", "challenges": "actionplan.action",
    "partners": "actionplan.actionpartner", "steps": "actionplan.step",
    "budget": "actionplan.budgetline", "fundings": "actionplan.funding",
    "staff": "actionplan.stafftime", "measures": "actionplan.measure",
}  # fmt: skip
LINKERS: list[Callable[[Agreement, Iterable[str]], dict[str, str]]] = []
"""Rooms above give the page that a reason names: (agreement, reasons) → reason → address."""
ATTRIBUTES = {
    "orientation": "orientation_id", "objective": "objective_id", "lead": "lead_organisation_id",
    "lead_contact": "lead_contact_id", "sponsor": "elected_sponsor_id", "standing": "status",
    "parent": "parent_id",
}  # fmt: skip
"""Field of a block → column of the model, where the names differ."""


class Reasons:
    """Answers for a change; everything is read once, in two queries, one more for the decisions named."""

    def __init__(
        self,
        agreement: Agreement,
        facts: Facts,
        *,
        since: datetime,
        until: datetime | None = None,
        with_names: bool,
        with_internal: bool,
    ) -> None:
        self.owners = facts.owners
        self.with_names = with_names
        self.entries = self._journal(agreement, since, until, with_internal)
        self.history = self._history(agreement, since, until)
        self.links = self._links(agreement)

    def __call__(self, change: Change) -> Why | None:
        if not change.path:
            return self._whole(change)
        name = change.path[0]
        if name in COLLECTIONS:
            return self._entry(change)
        return self._field(change.block, name)

    # --- reading
    def _journal(
        self, agreement: Agreement, since: datetime, until: datetime | None, with_internal: bool
    ) -> list[JournalEntry]:
        rows = JournalEntry.objects.filter(agreement=agreement, at__gte=since)
        if until is not None:
            rows = rows.filter(at__lte=until)
        if not with_internal:
            rows = rows.filter(is_internal=False)
        return list(rows.filter(target_type__startswith="actionplan.") | rows.filter(verb="delete"))

    def _history(
        self, agreement: Agreement, since: datetime, until: datetime | None
    ) -> dict[str, list[Any]]:
        """Key of an action → its former states since then, the latest first."""
        rows = Action.history.filter(agreement=agreement, history_date__gte=since)  # type: ignore[attr-defined]
        if until is not None:
            rows = rows.filter(history_date__lte=until)
        found: dict[str, list[Any]] = {}
        for row in rows.select_related("history_user").order_by("-history_date", "-history_id"):
            found.setdefault(f"action:{row.id}", []).append(row)
        return found

    def _links(self, agreement: Agreement) -> dict[str, str]:
        reasons = {entry.reason for entry in self.entries if entry.reason} | {
            row.history_change_reason
            for rows in self.history.values()
            for row in rows
            if row.history_change_reason
        }
        found: dict[str, str] = {}
        for linker in LINKERS:
            found |= linker(agreement, reasons)
        return found

    # --- answering
    def _whole(self, change: Change) -> Why | None:
        verbs = {"create", "restore"} if change.new is not None else {"archive", "delete"}
        for entry in self.entries:
            if self._block_of(entry) == change.block and entry.verb in verbs:
                return self._why(entry)
        return None

    def _field(self, block: str, name: str) -> Why | None:
        kind, _, _ = block.partition(":")
        column = ATTRIBUTES.get(name, name)
        model = apps.get_model("actionplan", kind)
        label = str(model._meta.get_field(column.removesuffix("_id")).verbose_name)
        for entry in self.entries:
            told = {change.get("field") for change in entry.changes}
            if label in told and self._block_of(entry) == block:
                return self._why(entry)
        return self._from_history(block, column)

    def _from_history(self, block: str, column: str) -> Why | None:
        """An edit of several rows at once tells one line for all: the row's history has its date."""
        rows = self.history.get(block, [])
        for row, before in pairwise(rows):
            if getattr(row, column) != getattr(before, column):
                return self._why_of_history(row)
        return self._why_of_history(rows[-1]) if rows and rows[-1].history_type == "~" else None

    def _why_of_history(self, row: Any) -> Why:
        who = str(row.history_user) if self.with_names and row.history_user else ""
        reason = row.history_change_reason or ""
        return Why(row.history_date, who, reason, url=self.links.get(reason, ""))

    def _entry(self, change: Change) -> Why | None:
        """Of an entry: the last act on its own row. What was there before did not change by being
        created."""
        name, key = change.path
        models = {MODELS[name]} | ({"actionplan.measurepoint"} if name == "measures" else set())
        title = change.old.get("title") or change.old.get("label") if change.old else None
        for entry in self.entries:
            point = entry.target_type == "actionplan.measurepoint"
            told = change.old is None or entry.verb != "create" or point
            if told and entry.target_type in models and self._owns(entry, change.block, key):
                return self._why(entry)
            gone = change.new is None and entry.verb == "delete" and title
            if gone and f"« {title} »" in entry.sentence:
                return self._why(entry)
        return None

    def _owns(self, entry: JournalEntry, block: str, key: str) -> bool:
        if (
            entry.target_type == "actionplan.action"
        ):  # themes and challenges are links of the action
            return f"action:{entry.target_id}" == block
        return self.owners.get((entry.target_type, entry.target_id or 0)) == (block, key)

    def _block_of(self, entry: JournalEntry) -> str:
        """The block that the act is about; empty for an act on one of its parts."""
        kind = entry.target_type.removeprefix("actionplan.")
        return f"{kind}:{entry.target_id}" if kind in ("action", "objective", "orientation") else ""

    def _why(self, entry: JournalEntry) -> Why:
        who = entry.actor_label if self.with_names else ""
        url = self.links.get(entry.reason, "")
        return Why(entry.at, who, entry.reason, entry.sentence, url)


def people_named(agreement: Agreement, states: Iterable[Facts]) -> dict[str, str]:
    """« contact:3 » → the person's name, for those the plan names; an erased one is not there."""
    wanted = {
        value
        for facts in states
        for block in facts.blocks.values()
        for value in (
            block.get("lead_contact"), block.get("sponsor"),
            *(step["owner"] for step in block.get("steps", {}).values()),
        )
        if value
    }  # fmt: skip
    pks = [int(value.partition(":")[2]) for value in wanted]
    rows = Contact.objects.filter(agreement=agreement, pk__in=pks)
    return {f"contact:{row.pk}": str(row) for row in rows}
