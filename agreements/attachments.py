"""Reads of the files hung on anything: the audience is obeyed here, for every page that lists them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import Model, Q, QuerySet

from accounts.models import User
from agreements.access import Access
from agreements.models import Agreement, Attachment
from core.audience import Audience


def readable(
    agreement: Agreement, model: type[Model], audience: Audience, reader: User
) -> QuerySet[Attachment]:
    """Those hung on objects of ``model`` that the reader may read: of their audience, or added by
    themselves (a partner may hand a file to the coordinator alone, and still see it)."""
    return Attachment.objects.filter(
        Q(audience__in=audience.readable) | Q(added_by=reader),
        agreement=agreement,
        target_type=model._meta.label_lower,
    ).select_related("agreement")


def for_audience(targets: Sequence[Model], audience: Audience) -> dict[int, list[Attachment]]:
    """By object of one model, those that a document for this audience may name; one query."""
    found: dict[int, list[Attachment]] = {}
    if targets:
        rows = Attachment.objects.filter(
            agreement=targets[0].agreement_id,  # type: ignore[attr-defined]
            target_type=targets[0]._meta.label_lower,
            target_id__in=[target.pk for target in targets],
            audience__in=audience.readable,
        )
        for row in rows.order_by("dated_on", "added_at", "pk"):
            found.setdefault(row.target_id, []).append(row)
    return found


def attachments_by_target(
    model: type[Model], pks: Iterable[int], access: Access
) -> dict[int, list[Attachment]]:
    """By object, for whoever has this access; one query for all of them."""
    found: dict[int, list[Attachment]] = {}
    rows = readable(access.agreement, model, access.audience, access.user)
    for row in rows.filter(target_id__in=list(pks)).order_by("dated_on", "added_at", "pk"):
        found.setdefault(row.target_id, []).append(row)
    return found


def attachments_of(target: Model, access: Access) -> list[Attachment]:
    """Those of one object, for whoever has this access; one query."""
    rows = readable(access.agreement, type(target), access.audience, access.user)
    return list(rows.filter(target_id=target.pk))
