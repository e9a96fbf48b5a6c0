"""Reads of the files hung on anything: the audience is obeyed here, for every page that lists them."""

from __future__ import annotations

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


def attachments_of(target: Model, access: Access) -> list[Attachment]:
    """Those of one object, for whoever has this access; one query."""
    rows = readable(access.agreement, type(target), access.audience, access.user)
    return list(rows.filter(target_id=target.pk))
