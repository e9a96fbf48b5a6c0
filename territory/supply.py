"""What the register of facilities offers, in one unit at a time, and what it does not know.

A sum that lacks a facility says « au moins » and names it; nothing unknown is counted as zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from core import formats as fr
from opendata.models import Unit
from territory.models import Activity, Capacity, Facility

UNKNOWN = "n.d."


def written(value: Decimal, unit: str) -> str:
    """« 77 places », « 1,5 ETP »: two decimals at most, none that says nothing."""
    decimals = 0 if value == value.to_integral_value() else 2
    return fr.with_unit(value, str(Unit(unit).label), decimals)


@dataclass(frozen=True)
class Supply:
    """What the register offers in one unit. ``missing`` names the facilities without a figure,
    ``older`` those whose last figure is of an earlier year."""

    unit: str
    value: Decimal | None = None
    year: int | None = None
    planned: Decimal | None = None
    planned_year: int | None = None
    missing: tuple[str, ...] = ()
    older: tuple[str, ...] = ()
    by_year: tuple[tuple[int, Decimal], ...] = ()
    """Only the years for which every facility then open has its figure."""

    @property
    def text(self) -> str:
        """« 77 places en 2026 », « au moins 77 places en 2026 »."""
        if self.value is None:
            return UNKNOWN
        told = f"{written(self.value, self.unit)} en {self.year}"
        return f"au moins {told}" if self.missing else told

    @property
    def planned_text(self) -> str:
        if self.planned is None:
            return ""
        told = f"{written(self.planned, self.unit)} en {self.planned_year}"
        return f"au moins {told}" if self.missing else told


def is_open(facility: Facility, year: int) -> bool:
    """Open on at least a day of ``year``, as far as its dates tell."""
    if facility.opened_on is not None and facility.opened_on.year > year:
        return False
    return facility.closed_on is None or facility.closed_on.year >= year


def supply_of(
    facilities: Sequence[Facility], unit: str, usual: str, absent: tuple[str, ...] = ()
) -> Supply:
    """The register in one unit, in the latest year that any facility has typed.

    A facility that is open and says nothing in ``unit`` is missing only when that is what it is
    counted in (its type's unit, or ``usual`` with no capacity at all); ``absent`` is missing too.
    """
    facts = {f.pk: _capacities(f, unit, planned=False) for f in facilities}
    plans = {f.pk: _capacities(f, unit, planned=True) for f in facilities}
    years = [year for known in facts.values() for year in known]
    planned_years = [year for known in plans.values() for year in known]
    if not years:
        promised = [known[max(known)] for known in plans.values() if known]
        return Supply(
            unit,
            planned=sum(promised, Decimal(0)) if promised else None,
            planned_year=max(planned_years, default=None),
            missing=tuple(f.name for f in facilities if _counted_in(f, unit, usual) and f.closed_on is None),
        )  # fmt: skip
    year = max(years)
    value, missing, older = Decimal(0), list(absent), []
    for facility in facilities:
        if not is_open(facility, year):
            continue
        known = {y: v for y, v in facts[facility.pk].items() if y <= year}
        if not known:
            if _counted_in(facility, unit, usual):
                missing.append(facility.name)
            continue
        value += known[max(known)]
        if max(known) < year:
            older.append(f"{facility.name} ({max(known)})")
    planned_year = max(planned_years, default=None)
    return Supply(
        unit, value, year, _planned(facilities, facts, plans, planned_year), planned_year,
        tuple(missing), tuple(older), tuple(_full_years(facilities, facts, unit, usual)),
    )  # fmt: skip


def _capacities(facility: Facility, unit: str, *, planned: bool) -> dict[int, Decimal]:
    rows: Iterable[Capacity] = facility.capacities.all()
    return {row.year: row.value for row in rows if row.unit == unit and row.is_planned is planned}


def _counted_in(facility: Facility, unit: str, usual: str) -> bool:
    rows: list[Capacity] = list(facility.capacities.all())
    if rows:
        return any(row.unit == unit for row in rows)
    return (facility.type.unit or usual) == unit


def _planned(
    facilities: Sequence[Facility],
    facts: dict[int, dict[int, Decimal]],
    plans: dict[int, dict[int, Decimal]],
    year: int | None,
) -> Decimal | None:
    """What is planned at ``year``: a facility that plans nothing keeps what it has."""
    if year is None:
        return None
    added = Decimal(0)
    for facility in facilities:
        if not is_open(facility, year):
            continue
        plan, fact = plans[facility.pk], facts[facility.pk]
        if plan:
            added += plan[max(plan)]
        elif fact:
            added += fact[max(fact)]
    return added


def _full_years(
    facilities: Sequence[Facility], facts: dict[int, dict[int, Decimal]], unit: str, usual: str
) -> list[tuple[int, Decimal]]:
    found = []
    for year in sorted({year for known in facts.values() for year in known}):
        there = [f for f in facilities if is_open(f, year) and _counted_in(f, unit, usual)]
        if all(year in facts[facility.pk] for facility in there):
            found.append((year, sum((facts[f.pk][year] for f in there), Decimal(0))))
    return found


def hours_done(facilities: Sequence[Facility]) -> tuple[int, Decimal] | None:
    """Hours really done in the latest year for which every facility counted in hours says them."""
    counted = [f for f in facilities if _counted_in(f, Unit.HOURS, Unit.HOURS)]
    done = {
        f.pk: {a.year: a.value for a in f.activities.all() if a.kind == Activity.Kind.HOURS_DONE}
        for f in counted
    }
    for year in sorted({year for known in done.values() for year in known}, reverse=True):
        there = [f for f in counted if is_open(f, year)]
        if all(year in done[f.pk] for f in there):
            return year, sum((done[f.pk][year] for f in there), Decimal(0))
    return None
