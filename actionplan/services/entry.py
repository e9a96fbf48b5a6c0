"""A whole plan written at once: its new levels, its new organisations, its actions. All, or nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from accounts.models import User
from actionplan.entry.resolving import Lead, Level
from actionplan.models import Objective
from actionplan.services.actions import create_action
from actionplan.services.levels import create_objective, create_orientation, next_code
from agreements.models import Agreement
from core.errors import DomainError
from partners.services import create_organisation


@dataclass(frozen=True)
class Entry:
    """One action to create. ``level`` is the lowest one that it stands under."""

    line: int
    level: Level
    lead: Lead
    fields: Mapping[str, Any]


class EntryRefused(Exception):
    """Nothing was written. ``refusals``: line → the sentence of each refusal."""

    def __init__(self, refusals: dict[int, DomainError]) -> None:
        super().__init__(str(refusals))
        self.refusals = refusals


class _Writing:
    """One run: what it created, and what was refused."""

    def __init__(self, agreement: Agreement, actor: User | None) -> None:
        self.agreement, self.actor = agreement, actor
        self.created: list[Level | Lead] = []
        self.refusals: dict[int, DomainError] = {}

    def attempt(self, entry: Entry, act: Any) -> None:
        if entry.line in self.refusals:
            return
        try:
            with transaction.atomic():
                act(entry)
        except DomainError as refusal:
            self.refusals[entry.line] = refusal

    def prepare(self, entry: Entry) -> None:
        self.level(entry.level)
        if entry.lead.row is None:
            entry.lead.row = create_organisation(
                self.agreement, actor=self.actor, name=entry.lead.name
            )
            self.created.append(entry.lead)

    def level(self, level: Level) -> Any:
        """The row of the level, created with those above it where they are new."""
        if level.row is not None:
            return level.row
        above = self.level(level.above) if level.above else None
        if above is None:
            level.row = create_orientation(
                self.agreement,
                actor=self.actor,
                code=level.code or next_code(self.agreement),
                title=level.title,
            )
        else:
            parent = above if isinstance(above, Objective) else None
            level.row = create_objective(
                self.agreement,
                actor=self.actor,
                orientation=parent.orientation if parent else above,
                parent=parent,
                code=level.code,
                title=level.title,
            )
        self.created.append(level)
        return level.row

    def write(self, entry: Entry) -> None:
        level = entry.level.row
        objective = level if isinstance(level, Objective) else None
        create_action(
            self.agreement,
            actor=self.actor,
            orientation=objective.orientation if objective else level,
            objective=objective,
            lead_organisation=entry.lead.row,
            **entry.fields,
        )


@transaction.atomic
def write_entries(
    agreement: Agreement, *, actor: User | None, entries: Sequence[Entry]
) -> dict[str, int]:
    """Counts of what was created: « orientation », « objective », « below », « lead », « action ».

    Raises ``EntryRefused``, all refusals at once; then nothing is written, nor believed to be.
    """
    run = _Writing(agreement, actor)
    for entry in entries:
        run.attempt(entry, run.prepare)
    for entry in entries:
        run.attempt(entry, run.write)
    if run.refusals:
        for thing in run.created:
            thing.row = None
        raise EntryRefused(run.refusals)
    kinds = [thing.kind if isinstance(thing, Level) else "lead" for thing in run.created]
    return {"action": len(entries), **{kind: kinds.count(kind) for kind in set(kinds)}}
