"""What an import did, or would do, as it is told and kept with the version."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

SHOWN_REFUSALS = 500
"""Refused lines kept with the version; the report says how many there were."""
FEW_REFUSALS = 20


class State:
    APPLIED = "applied"
    CHECKED = "checked"
    ALREADY = "already"
    UNCHANGED = "unchanged"


STATE_LABELS = {
    State.APPLIED: "chargé",
    State.CHECKED: "vérifié, rien n'est écrit",
    State.ALREADY: "déjà chargé, rien ne change",
    State.UNCHANGED: "mêmes chiffres que la version en place, rien ne change",
}


@dataclass
class Report:
    """What an import did, or would do. Figures are counted, not rows, except ``rows``."""

    file: str
    state: str = State.CHECKED
    dataset: str = ""
    title: str = ""
    producer: str = ""
    licence: str = ""
    vintage: str = ""
    geography: str = ""
    perimeter: str = ""
    level: str = ""
    file_hash: str = ""
    version: int | None = None
    replaces: int | None = None
    is_reference: bool = False
    """The file brings no figure, but what figures rest on: movements, outlines."""
    rows: int = 0
    read: int = 0
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    secret: int = 0
    missing: int = 0
    not_applicable: int = 0
    summed: int = 0
    merged: int = 0
    refused: int = 0
    refusals: list[dict[str, Any]] = field(default_factory=list)
    """{"line", "column", "reason"}: the first ``SHOWN_REFUSALS``."""
    changes: list[dict[str, Any]] = field(default_factory=list)
    """{"indicator", "territory", "period", "old", "new"}: the first ones."""
    new_indicators: list[str] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def state_label(self) -> str:
        return STATE_LABELS[self.state]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass
class Refused:
    """What was refused in one column for one kind of reason: told once, with the first examples."""

    column: str
    pattern: str
    count: int = 0
    lines: list[int] = field(default_factory=list)
    examples: list[str] = field(default_factory=list)
    has_more: bool = False

    @property
    def reason(self) -> str:
        """« code inconnu « 200012060 », « 200033207 », … » for what differs by what it quotes."""
        if not self.examples:
            return self.pattern
        quoted = ", ".join(f"« {text} »" for text in self.examples)
        more = ", …" if self.has_more else ""
        return self.pattern.replace(HOLE, f"{quoted}{more}", 1)


SHOWN_LINES, SHOWN_EXAMPLES = 5, 3
QUOTED = re.compile("« (.*?) »")
HOLE = "« … »"


def group_refusals(rows: Iterable[Mapping[str, Any]]) -> list[Refused]:
    """The most frequent first; ``rows`` as in ``Report.refusals``. Reasons that differ only by the
    cell that they quote are one."""
    groups: dict[tuple[str, str], Refused] = {}
    for row in rows:
        found = QUOTED.search(row["reason"])
        pattern = QUOTED.sub(HOLE, row["reason"], count=1)
        group = groups.setdefault((row["column"], pattern), Refused(row["column"], pattern))
        group.count += 1
        if len(group.lines) < SHOWN_LINES:
            group.lines.append(row["line"])
        if found and found[1] not in group.examples:
            if len(group.examples) < SHOWN_EXAMPLES:
                group.examples.append(found[1])
            else:
                group.has_more = True
    return sorted(groups.values(), key=lambda group: -group.count)
