"""What the sources share: identities and addresses."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse

from core.documents.ics import event_uid
from desk.calendar.entries import Scope


def uid(scope: Scope, kind: str, pk: int) -> str:
    """Most of these rows keep no date of creation: their agreement's says which installation."""
    return event_uid(kind, pk, scope.access.agreement.created_at)


def address(scope: Scope, name: str, *args: object) -> str:
    return reverse(name, args=[scope.access.agreement.slug, *args])


def latest(moments: Iterable[datetime | date | None]) -> datetime:
    """The last of moments and days; a day counts from its midnight."""
    zone = ZoneInfo(settings.TIME_ZONE)
    return max(
        moment if isinstance(moment, datetime) else datetime.combine(moment, time.min, zone)
        for moment in moments
        if moment is not None
    )
