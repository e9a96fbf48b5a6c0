"""The Caf's dates, the legal ones and the network's: those that no other room holds."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q

from agreements.roles import Capability as C
from desk.calendar.entries import Entry, Kind, Scope, State
from desk.calendar.sources.common import address, uid
from desk.models import Deadline

KINDS = {
    Deadline.Kind.CAF: Kind.CAF,
    Deadline.Kind.LEGAL: Kind.LEGAL,
    Deadline.Kind.NETWORK: Kind.NETWORK,
    Deadline.Kind.OTHER: Kind.OTHER,
}


def deadline_entry(scope: Scope, row: Deadline) -> Entry:
    """Whoever may change it is led to its form; the others, to its day in the list."""
    if scope.access.can(C.DESK_VIEW):
        url = address(scope, "desk:deadline_update", row.pk)
    else:
        url = address(scope, "desk:calendar_month", row.on.year, row.on.month)
    late = State.LATE if (row.ends_on or row.on) < scope.today else State.NONE
    is_meeting = row.kind == Deadline.Kind.NETWORK
    return Entry(
        kind=KINDS[Deadline.Kind(row.kind)],
        uid=uid(scope, "echeance", row.pk),
        title=row.title,
        on=row.on,
        ends_on=row.ends_on,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        place=row.place,
        detail=row.note,
        url=url,
        changed_at=row.updated_at,
        state=State.DONE if row.done_on else State.NONE if is_meeting else late,
        sequence=row.version - 1,
    )


def deadlines(scope: Scope) -> Iterator[Entry]:
    rows = Deadline.objects.filter(
        agreement=scope.access.agreement, audience__in=scope.access.audience.readable
    )
    if scope.start:
        rows = rows.filter(Q(on__gte=scope.start) | Q(ends_on__gte=scope.start))
    if scope.end:
        rows = rows.filter(on__lte=scope.end)
    for row in rows:
        yield deadline_entry(scope, row)
