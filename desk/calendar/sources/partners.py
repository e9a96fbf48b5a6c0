"""Contracts (COF…): their end, and when their renewal should be begun."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from committees.suggestions import RENEWAL_HORIZON
from core.formats import plural
from desk.calendar.entries import Entry, Kind, Scope
from desk.calendar.sources.common import address, uid
from partners.models import Contract


def contracts(scope: Scope) -> Iterator[Entry]:
    """One entry for all the contracts that end the same day: those of an agreement often end
    together. The renewal is dated as the agenda of a meeting proposes it, six months before."""
    rows = (
        Contract.objects.filter(
            agreement=scope.access.agreement, **scope.widened(RENEWAL_HORIZON).on("ends_on")
        )
        .only("title", "starts_on", "ends_on", "updated_at")
        .order_by("title", "pk")
    )
    by_end: dict[date, list[Contract]] = defaultdict(list)
    for contract in rows:
        by_end[contract.ends_on].append(contract)
    for ends_on, ending in by_end.items():
        yield _entry(scope, "contrats-fin", ends_on, ends_on, ending, "Fin")
        renewal = ends_on - RENEWAL_HORIZON
        begun = [contract for contract in ending if contract.starts_on <= renewal]
        if begun:
            yield _entry(
                scope, "contrats-renouvellement", ends_on, renewal, begun,
                "Préparer le renouvellement",
            )  # fmt: skip


def _entry(
    scope: Scope, name: str, ends_on: date, on: date, contracts: list[Contract], what: str
) -> Entry:
    alone = len(contracts) == 1
    told = f"du contrat : {contracts[0]}" if alone else f"de {plural(len(contracts), 'contrat')}"
    return Entry(
        kind=Kind.CONTRACT,
        uid=uid(scope, f"{name}-{ends_on:%Y%m%d}", scope.access.agreement.pk),
        title=f"{what} {told}",
        on=on,
        url=address(scope, "partners:contracts"),
        changed_at=max(contract.updated_at for contract in contracts),
        detail="" if alone else " ; ".join(map(str, contracts)),
    )
