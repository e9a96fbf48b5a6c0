"""Subscriptions: a person's own address, opened by their calendar program
(docs/decisions/calendar-feed.md)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone

from agreements.access import Access, get_access
from agreements.models import AccessLink
from agreements.services import create_row, record
from agreements.services.links import door_of, make_link, note_use, personal_address
from core.dates import months_later
from core.errors import DomainError
from desk.calendar import ics, sources
from desk.calendar.entries import Kind
from desk.models import CalendarFeed

MOST = 10
"""One for each machine of one person is enough; more is a mistake or a misuse."""
BEHIND = timedelta(days=365)
"""How far back a program reads."""
AFTER_THE_END = 6
"""Months after the agreement's end: the last meeting and the final report are held then."""
GONE = "Cet abonnement n'existe plus. Recréez-en un dans Fil rouge : Calendrier, « S'abonner »."


@dataclass(frozen=True)
class Reading:
    """What a program receives, and since when it is so."""

    data: bytes
    digest: str
    changed_at: datetime


def addresses(token: str) -> tuple[str, str]:
    """(webcal, https): the first opens the calendar program, the second is pasted into it."""
    plain = personal_address("calendar_feed", token)
    return "webcal://" + plain.split("://", 1)[1], plain


def own_feeds(access: Access) -> QuerySet[CalendarFeed]:
    """The person's living subscriptions in this agreement."""
    return CalendarFeed.objects.filter(
        agreement=access.agreement,
        user=access.user,
        link__revoked_at=None,
        link__expires_at__gt=timezone.now(),
    ).select_related("link")


def expiry(access: Access, today: date) -> datetime:
    """Some months after the agreement, and a year at least."""
    end = max(months_later(access.agreement.ends_on, AFTER_THE_END), months_later(today, 12))
    return timezone.make_aware(datetime.combine(end, datetime.min.time()))


@transaction.atomic
def subscribe(
    access: Access, *, label: str = "", kinds: Iterable[Kind] = ()
) -> tuple[CalendarFeed, str]:
    """The subscription and its token, which is never shown again."""
    if own_feeds(access).count() >= MOST:
        raise DomainError(
            f"Vous avez déjà {MOST} abonnements à ce calendrier : retirez ceux qui ne servent plus."
        )
    link, token = make_link(
        access.agreement,
        AccessLink.Purpose.CALENDAR,
        actor=access.user,
        label=label.strip() or "Calendrier",
        expires_at=expiry(access, timezone.localdate()),
    )
    feed = create_row(
        CalendarFeed,
        access.agreement,
        actor=access.user,
        fields={"user": access.user, "link": link, "kinds": [str(kind) for kind in kinds]},
        sentence="s'est abonné au calendrier",
        verb="link",
    )
    return feed, token


@transaction.atomic
def unsubscribe(access: Access, pk: int) -> None:
    """One's own only. Raises ``DomainError`` for any other."""
    feed = own_feeds(access).filter(pk=pk).first()
    if feed is None:
        raise DomainError("Cet abonnement n'est pas le vôtre, ou il est déjà retiré.")
    AccessLink.objects.filter(pk=feed.link_id).update(revoked_at=timezone.now())
    record(
        access.agreement,
        actor=access.user,
        verb="revoke",
        target=feed,
        sentence="a retiré un abonnement au calendrier",
    )


def find_feed(token: str) -> CalendarFeed | None:
    feeds = CalendarFeed.objects.select_related("link", "user", "agreement")
    return door_of(feeds, token, AccessLink.Purpose.CALENDAR)


def access_through(feed: CalendarFeed) -> Access | None:
    """What this person may do today; None when the address must answer nothing: revoked, expired,
    the account closed, the membership ended."""
    link = feed.link
    if link.revoked_at is not None or link.expires_at <= timezone.now():
        return None
    if not feed.user.is_active:
        return None
    try:
        return get_access(feed.user, feed.agreement.slug)
    except Http404:
        return None


def read(feed: CalendarFeed, access: Access, today: date) -> Reading:
    """The dates as this person may see them today, and the trace of the reading.

    Since when they are so is kept with the feed: no row tells that another was deleted, nor that
    a role changed.
    """
    kinds = [Kind(kind) for kind in feed.kinds if kind in Kind.values]
    if feed.kinds and not kinds:
        rows = []
    else:
        rows = sources.entries(access, today=today, start=today - BEHIND, kinds=kinds)
    data = ics.file_of(rows, access.agreement, is_feed=True)
    digest, now = hashlib.sha256(data).hexdigest(), timezone.now()
    changed_at = feed.content_changed_at
    if digest != feed.content_hash or changed_at is None:
        changed_at = now
        CalendarFeed.objects.filter(pk=feed.pk).update(content_hash=digest, content_changed_at=now)
    note_use(feed.link_id)
    return Reading(data, digest, changed_at)
