"""Links to read one document without an account: personal, expiring, revocable, hashed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TypeVar

from django.conf import settings
from django.core.cache import cache
from django.db import models, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from agreements.models import AccessLink, Agreement, Snapshot
from agreements.services.journal import record
from agreements.services.rows import check
from agreements.services.tokens import hash_token, new_token
from core.errors import DomainError

LINK_DAYS = 30
MAX_LINK_DAYS = 365
WRONG_TOKENS = 20
WRONG_TOKENS_SECONDS = 600
"""Twenty wrong addresses in ten minutes from one machine: it waits. Nobody types these by hand."""


D = TypeVar("D", bound=models.Model)


def make_link(
    agreement: Agreement,
    purpose: AccessLink.Purpose,
    *,
    actor: User | None,
    label: str,
    expires_at: datetime,
    snapshot: Snapshot | None = None,
) -> tuple[AccessLink, str]:
    """The link and its token, which is never shown again: only its hash is kept. The caller tells
    the journal."""
    token, token_hash = new_token()
    link = AccessLink(
        agreement=agreement,
        purpose=purpose,
        snapshot=snapshot,
        label=label,
        token_hash=token_hash,
        created_by=actor,
        expires_at=expires_at,
    )
    check(link)
    link.save()
    return link, token


def door_of(doors: QuerySet[D], token: str, purpose: AccessLink.Purpose) -> D | None:
    """The door of this token, open or not, in one query whatever the answer."""
    return doors.filter(link__token_hash=hash_token(token), link__purpose=purpose).first()


def note_use(link_id: int) -> None:
    """The trace of a visit: the one thing that reading the page writes."""
    AccessLink.objects.filter(pk=link_id).update(last_used_at=timezone.now())


def personal_address(page: str, token: str) -> str:
    """The full address to hand over."""
    return settings.SITE_URL.rstrip("/") + reverse(page, args=[token])


@transaction.atomic
def create_link(
    snapshot: Snapshot,
    *,
    actor: User | None,
    label: str,
    days: int = LINK_DAYS,
    is_told: bool = True,
) -> tuple[AccessLink, str]:
    """Returns the link and its token, which is never shown again. ``is_told`` False: the caller
    tells one line of the journal for several links."""
    if not 1 <= days <= MAX_LINK_DAYS:
        raise DomainError("Choisissez une durée entre 1 et 365 jours.", field="days")
    link, token = make_link(
        snapshot.agreement,
        AccessLink.Purpose.READ_DOCUMENT,
        actor=actor,
        label=label,
        expires_at=timezone.now() + timedelta(days=days),
        snapshot=snapshot,
    )
    if is_told:
        record(
            snapshot.agreement,
            actor=actor,
            verb="link",
            target=link,
            sentence=f"a créé un lien de lecture de « {snapshot} » pour {label}",
        )
    return link, token


def link_address(token: str) -> str:
    """The room of documents serves it."""
    return personal_address("shared_document", token)


@transaction.atomic
def revoke_link(link: AccessLink, *, actor: User | None) -> None:
    if link.revoked_at is not None:
        return
    link.revoked_at = timezone.now()
    link.save(update_fields=["revoked_at"])
    record(
        link.agreement,
        actor=actor,
        verb="revoke",
        target=link,
        sentence=f"a retiré le lien de lecture remis à {link.label}",
    )


def _failures_key(client: str) -> str:
    return f"wrong-tokens:{client}"


def is_blocked(client: str) -> bool:
    return bool(client) and cache.get(_failures_key(client), 0) >= WRONG_TOKENS


def note_failure(client: str) -> None:
    if not client:
        return
    key = _failures_key(client)
    if not cache.add(key, 1, WRONG_TOKENS_SECONDS):
        try:
            cache.incr(key)
        except ValueError:  # it expired in between
            cache.set(key, 1, WRONG_TOKENS_SECONDS)


def open_link(token: str, *, client: str = "") -> AccessLink | None:
    """The link that this token opens today; None when it opens nothing, or when ``client`` (the
    caller's address) has tried too many wrong ones. Leaves the date of its last use."""
    if is_blocked(client):
        return None
    link = (
        AccessLink.objects.select_related("agreement", "snapshot")
        .filter(token_hash=hash_token(token), revoked_at=None, expires_at__gt=timezone.now())
        .first()
    )
    if link is None:
        note_failure(client)
        return None
    note_use(link.pk)
    return link
