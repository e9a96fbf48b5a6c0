"""Reads of the room."""

from __future__ import annotations

from accounts.models import User
from agreements.models import Agreement
from agreements.models.agreement import AgreementQuerySet


def agreements_of(user: User) -> AgreementQuerySet:
    """The agreements whose door is open to this account, in French alphabetical order."""
    return (
        Agreement.objects.filter(
            pk__in=user.memberships.filter(is_active=True).values("agreement_id")
        )
        .select_related("lead_commune")
        .in_alphabetical_order()
    )
