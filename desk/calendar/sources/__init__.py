"""Where the dates come from: one function for each thing that has some, and the right it takes.

To add a source: a function ``(Scope) -> Iterable[Entry]`` in the module of its room, and its row
in ``SOURCES``. A source reads in one query, and never what the reader's audience may not see.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date

from agreements.access import Access
from agreements.roles import Capability as C
from desk.calendar.entries import Entry, Kind, Scope
from desk.calendar.sources import agreement, committees, deadlines, partners, plan, short

Read = Callable[[Scope], Iterable[Entry]]


@dataclass(frozen=True)
class Source:
    read: Read
    capability: C
    kinds: frozenset[Kind]


def _source(read: Read, capability: C, *kinds: Kind) -> Source:
    return Source(read, capability, frozenset(kinds))


SOURCES: tuple[Source, ...] = (
    _source(committees.meetings, C.COMMITTEES_VIEW, Kind.MEETING),
    _source(committees.preparation, C.PREPARATION_VIEW, Kind.PREPARATION),
    _source(committees.decisions, C.COMMITTEES_VIEW, Kind.DECISION),
    _source(plan.actions, C.PLAN_VIEW, Kind.ACTION),
    _source(plan.steps, C.PLAN_VIEW, Kind.STEP),
    _source(partners.contracts, C.PARTNERS_VIEW, Kind.CONTRACT),
    _source(
        deadlines.deadlines, C.CALENDAR_VIEW, Kind.CAF, Kind.LEGAL, Kind.NETWORK, Kind.OTHER
    ),
    _source(agreement.own_dates, C.AGREEMENT_VIEW, Kind.AGREEMENT),
    _source(
        short.short_rows, C.CALENDAR_VIEW,
        Kind.AGREEMENT, Kind.CAMPAIGN, Kind.EVALUATION, Kind.OFFER, Kind.PARTICIPATION,
    ),
)  # fmt: skip


def allowed_kinds(access: Access) -> list[Kind]:
    """What this reader may ask for, in the order of the filters."""
    allowed = {
        kind
        for source in SOURCES
        if source.read is not short.short_rows and access.can(source.capability)
        for kind in source.kinds
    }
    allowed |= {kind for kind, capability in short.CAPABILITIES.items() if access.can(capability)}
    return [kind for kind in Kind if kind in allowed]


def entries(
    access: Access,
    *,
    today: date,
    start: date | None = None,
    end: date | None = None,
    kinds: Collection[Kind] = (),
) -> list[Entry]:
    """What the reader may see between two days, both included, in order. ``kinds`` empty: all.

    The number of queries depends on the sources asked, never on the number of dates.
    """
    wanted = set(kinds or Kind).intersection(allowed_kinds(access))
    scope = Scope(access, today, start, end)
    found = [
        entry
        for source in SOURCES
        if access.can(source.capability) and source.kinds & wanted
        for entry in source.read(scope)
        if entry.kind in wanted and entry.overlaps(start, end)
    ]
    return sorted(found, key=lambda entry: entry.order)
