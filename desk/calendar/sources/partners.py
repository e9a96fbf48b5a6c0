"""Contracts (COF…): their end, and when their renewal should be begun."""

from __future__ import annotations

from collections.abc import Iterator

from committees.suggestions import RENEWAL_HORIZON
from desk.calendar.entries import Entry, Kind, Scope
from desk.calendar.sources.common import address, uid
from partners.models import Contract


def contracts(scope: Scope) -> Iterator[Entry]:
    """The renewal is dated as the agenda of a meeting proposes it: six months before the end."""
    rows = Contract.objects.filter(
        agreement=scope.access.agreement, **scope.widened(RENEWAL_HORIZON).on("ends_on")
    ).only("title", "starts_on", "ends_on", "updated_at")
    url = address(scope, "partners:contracts")
    for contract in rows:
        renewal = contract.ends_on - RENEWAL_HORIZON
        for name, title, on in [
            ("contrat", f"Fin du contrat : {contract}", contract.ends_on),
            ("renouvellement", f"Préparer le renouvellement : {contract}", renewal),
        ]:
            if on >= contract.starts_on:
                yield Entry(
                    kind=Kind.CONTRACT,
                    uid=uid(scope, name, contract.pk),
                    title=title,
                    on=on,
                    url=url,
                    changed_at=contract.updated_at,
                )
