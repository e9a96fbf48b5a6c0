"""A figure of narrower audience is not learnt by subtraction either.

What the Caf gives under the convention is often for internal use. When a total and its other parts
are readable, the hidden part is the difference: the total is then withheld. See
docs/decisions/figures-by-subtraction.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from agreements.models import Agreement
from core.audience import Audience
from opendata.models import Observation, Territory
from territory.models import LocalObservation


class Part(Enum):
    """What a reader knows of one part of a total."""

    READABLE = "readable"
    HIDDEN = "hidden"
    UNKNOWN = "unknown"
    """Nobody typed nor published it: the total says nothing of the others."""


def must_withhold(parts: Sequence[Part]) -> bool:
    """The rule: a total is withheld when it would give what is hidden in it, alone or summed.

    One part that nobody knows is enough to keep the others safe.
    """
    return Part.HIDDEN in parts and Part.UNKNOWN not in parts


@dataclass(frozen=True)
class Subject:
    """What is counted, and in which year. ``label`` names a figure that is not in the catalogue."""

    indicator_id: int | None
    label: str
    period: int


Total = tuple[Subject, int]
"""(subject, territory pk of the whole)."""


def subject_of(row: LocalObservation) -> Subject:
    """What a figure typed here counts, as totals name it."""
    label = "" if row.indicator_id else row.label
    return Subject(row.indicator_id, label, row.period)


def _is_added(row: LocalObservation) -> bool:
    """A rate or a median is never the sum of its parts, so nothing is learnt from it."""
    return row.indicator is None or row.indicator.is_summable


def figures_typed(agreement: Agreement) -> list[LocalObservation]:
    """Every figure typed here, the oldest first, whoever may read it: one query."""
    rows = LocalObservation.objects.filter(agreement=agreement)
    return list(rows.select_related("indicator", "territory", "agreement").order_by("period", "pk"))


def readable_figures(
    rows: Iterable[LocalObservation], audience: Audience, withheld: set[Total]
) -> list[LocalObservation]:
    """Those that the reader may read, without the totals that are withheld."""
    return [
        row
        for row in rows
        if audience.allows(row.audience) and (subject_of(row), row.territory_id) not in withheld
    ]


def withheld_totals(
    agreement: Agreement, audience: Audience, typed: Sequence[LocalObservation] | None = None
) -> set[Total]:
    """The totals that would give a hidden figure of ``agreement`` to a reader of ``audience``.

    ``typed``: the figures of ``figures_typed``, when they were read already. Two queries beside
    theirs when something is hidden from this reader, none otherwise.
    """
    if audience == Audience.INTERNAL:
        return set()
    rows = [
        row
        for row in (figures_typed(agreement) if typed is None else typed)
        if row.value is not None
    ]
    hidden: dict[Total, LocalObservation] = {
        (subject_of(row), row.territory_id): row
        for row in rows
        if not audience.allows(row.audience) and _is_added(row)
    }
    if not hidden:
        return set()
    members = _members(hidden.values())
    known = {
        (subject_of(row), row.territory_id) for row in rows if audience.allows(row.audience)
    } | _published(hidden, members)
    found: set[Total] = set()
    for (subject, territory_id), row in hidden.items():
        if (subject, territory_id) in known:
            continue
        for whole in filter(None, (row.territory.epci_id, row.territory.commune_id)):
            parts = [_part(subject, member, known, hidden) for member in members[whole]]
            if must_withhold(parts):
                found.add((subject, whole))
    return found


def _part(
    subject: Subject, territory_id: int, known: set[Total], hidden: dict[Total, LocalObservation]
) -> Part:
    if (subject, territory_id) in known:
        return Part.READABLE
    return Part.HIDDEN if (subject, territory_id) in hidden else Part.UNKNOWN


def _members(rows: Iterable[LocalObservation]) -> dict[int, list[int]]:
    """Whole → its parts: the communes of an EPCI, the known quarters of a commune.

    Quarters do not cover their commune, so it has one more part, that nobody knows: 0.
    """
    wholes = {pk for row in rows for pk in (row.territory.epci_id, row.territory.commune_id) if pk}
    members: dict[int, list[int]] = defaultdict(list)
    inside = Territory.objects.filter(epci__in=wholes) | Territory.objects.filter(
        commune__in=wholes
    )
    for pk, epci_id, commune_id in inside.values_list("pk", "epci_id", "commune_id"):
        if epci_id:
            members[epci_id].append(pk)
        if commune_id:
            members.setdefault(commune_id, [0]).append(pk)
    return members


def _published(hidden: dict[Total, LocalObservation], members: dict[int, list[int]]) -> set[Total]:
    subjects = {subject for subject, _ in hidden if subject.indicator_id}
    if not subjects:
        return set()
    rows = Observation.objects.current().filter(
        indicator__in={subject.indicator_id for subject in subjects},
        territory__in={pk for inside in members.values() for pk in inside},
        period__in={subject.period for subject in subjects},
        value__isnull=False,
    )
    return {
        (Subject(indicator_id, "", period), territory_id)
        for indicator_id, territory_id, period in rows.values_list(
            "indicator_id", "territory_id", "period"
        )
    }
