"""The agreement's own dates: no query, they are in the access."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from agreements.models import Agreement
from desk.calendar.entries import Entry, Kind, Scope, State
from desk.calendar.sources.common import address, uid


def mid_term(agreement: Agreement) -> date:
    """The day that begins the second half."""
    days = (agreement.ends_on - agreement.starts_on).days + 1
    return agreement.starts_on + timedelta(days=days // 2)


def own_dates(scope: Scope) -> Iterator[Entry]:
    agreement = scope.access.agreement
    named: list[tuple[str, str, date | None]] = [
        ("debut", "Début de la convention", agreement.starts_on),
        ("mi-parcours", "Mi-parcours de la convention", mid_term(agreement)),
        ("fin", "Fin de la convention", agreement.ends_on),
    ]
    acts: list[tuple[str, str, date | None]] = [
        ("deliberation", "Délibération du conseil sur la convention", agreement.deliberated_on),
        ("accord-caf", f"Accord du conseil d'administration : {agreement.caf_name}",
         agreement.caf_approved_on),
        ("signature", "Signature de la convention", agreement.signed_on),
    ]  # fmt: skip
    for name, title, on in [*named, *acts]:
        if on is None:
            continue
        is_done = (name, title, on) in acts and on <= scope.today
        yield Entry(
            kind=Kind.AGREEMENT,
            uid=uid(scope, f"convention-{name}", agreement.pk),
            title=title,
            on=on,
            url=address(scope, "agreements:identity"),
            changed_at=agreement.updated_at,
            state=State.DONE if is_done else State.NONE,
        )
