"""Reads about imports: who sees which."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from agreements import import_kinds
from agreements.access import Access
from agreements.import_kinds import ImportKind
from agreements.models import Agreement, ImportRun


def kinds_of(access: Access) -> list[ImportKind]:
    """What the role may import."""
    return [kind for kind in import_kinds.all_kinds() if access.can(kind.capability)]


def runs_of(agreement: Agreement) -> QuerySet[ImportRun]:
    """Without the files, which a list does not need."""
    return (
        ImportRun.objects.filter(agreement=agreement)
        .select_related("agreement", "created_by")
        .defer("data", "written", "columns", "choices")
    )


def runs_seen_by(access: Access, kind: str = "") -> QuerySet[ImportRun]:
    """Those of the kinds that the role may import; a file not applied yet is its author's, and a
    list of each person's own rows is seen by its author and by whoever supervises it."""
    mine = Q(created_by=access.user) | Q(created_by=None)
    seen = Q(pk__in=())
    for known in kinds_of(access):
        if kind in ("", known.key):
            own = known.supervised_by is not None and not access.can(known.supervised_by)
            seen |= Q(kind=known.key) & mine if own else Q(kind=known.key)
    waiting = Q(state=ImportRun.State.WAITING)
    return runs_of(access.agreement).filter(seen).filter(~waiting | mine)
