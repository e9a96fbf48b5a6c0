"""What was said of a measure and then changed: who, when, from what to what, and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from actionplan.models import Measure, MeasurePoint
from core import formats as fr


@dataclass(frozen=True)
class Change:
    on: datetime
    author: str
    what: str
    old: str
    new: str
    reason: str


def history_of(measure: Measure) -> list[Change]:
    """The latest first: starting value, targets and values, removed points included. Two queries."""
    decimals = measure.decimals
    found = _changes(
        measure.history.select_related("history_user").order_by("history_date", "history_id"),
        {"baseline": "valeur de départ", "baseline_year": "année de départ"},
        decimals,
    )
    points: dict[int, list[Any]] = {}
    rows = MeasurePoint.history.filter(measure_id=measure.pk)
    for row in rows.select_related("history_user").order_by("history_date", "history_id"):
        points.setdefault(row.id, []).append(row)
    for versions in points.values():
        year = versions[0].year
        found += _changes(
            versions, {"target": f"cible {year}", "value": f"valeur {year}"}, decimals
        )
    return sorted(found, key=lambda change: change.on, reverse=True)


def _changes(versions: Iterable[Any], names: dict[str, str], decimals: int) -> list[Change]:
    """Each version beside the one before it. Saying for the first time what was not known changes
    nothing that anybody relied on: it is not told."""
    found: list[Change] = []
    before: Any = None
    for version in versions:
        for name, words in names.items():
            old, new = getattr(before, name, None), getattr(version, name)
            if old is not None and old != new:
                found.append(
                    Change(
                        on=version.history_date,
                        author=str(version.history_user or "Fil rouge"),
                        what=words,
                        old=_text(old, decimals),
                        new=_text(new, decimals),
                        reason=version.history_change_reason or "",
                    )
                )
        before = version
    return found


def _text(value: Decimal | int | None, decimals: int) -> str:
    if value is None:
        return "–"
    if isinstance(value, int):
        return str(value)
    places = max(decimals, -int(value.normalize().as_tuple().exponent))
    return fr.number(value, places)
