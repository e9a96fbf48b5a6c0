"""Writes of the desk: dates to come, lines put off."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from agreements.access import Access
from agreements.models import Agreement
from agreements.services import create_row, delete_row, update_row
from core.audience import Audience
from core.errors import DomainError
from desk.models import Deadline, PostponedLine

POSTPONED_FOR = timedelta(days=7)


LONGEST_PERIOD = timedelta(days=366)


def _check_deadline(agreement: Agreement, row: Deadline, fields: Mapping[str, Any]) -> None:
    """What a constraint of the table cannot say in plain words. ``row``: as it is; ``fields``:
    what it becomes."""

    def value(name: str) -> Any:
        return fields.get(name, getattr(row, name))

    on, ends_on = value("on"), value("ends_on")
    for field, day in (("on", on), ("ends_on", ends_on), ("done_on", value("done_on"))):
        if day is not None and not _is_sensible(agreement, day):
            raise DomainError(
                f"Cette date est loin de la convention ({agreement.period_label}) : vérifiez l'année.",
                field=field,
            )
    if ends_on is not None:
        if ends_on < on:
            raise DomainError("La fin doit suivre le début.", field="ends_on")
        if ends_on - on > LONGEST_PERIOD:
            raise DomainError("Une période dure un an au plus.", field="ends_on")
        if ends_on > on and value("starts_at"):
            raise DomainError(
                "Des heures ne vont qu'avec un seul jour : videz les heures, ou « jusqu'au ».",
                field="starts_at",
            )
    if value("ends_at") and not value("starts_at"):
        raise DomainError("Donnez aussi l'heure de début.", field="starts_at")
    if value("ends_at") and value("ends_at") <= value("starts_at"):
        raise DomainError("L'heure de fin doit suivre l'heure de début.", field="ends_at")
    if value("done_on") and value("done_on") > timezone.localdate():
        raise DomainError("Une échéance ne se note faite qu'une fois faite.", field="done_on")


def _is_sensible(agreement: Agreement, day: date) -> bool:
    """From a year before the agreement (it is being prepared) to two after (its last report)."""
    return agreement.starts_on.year - 1 <= day.year <= agreement.ends_on.year + 2


def create_deadline(agreement: Agreement, *, actor: User | None, **fields: Any) -> Deadline:
    _check_deadline(agreement, Deadline(), fields)
    return create_row(
        Deadline, agreement, actor=actor, fields=fields,
        is_internal=fields.get("audience") == Audience.INTERNAL,
    )  # fmt: skip


def update_deadline(
    deadline: Deadline, *, actor: User | None, expected_version: int | None = None, **fields: Any
) -> Deadline:
    _check_deadline(deadline.agreement, deadline, fields)
    return update_row(
        deadline, actor=actor, fields=fields, expected_version=expected_version,
        is_internal=_is_internal(deadline),
    )  # fmt: skip


def delete_deadline(deadline: Deadline, *, actor: User | None) -> None:
    delete_row(deadline, actor=actor, is_internal=_is_internal(deadline))


def complete_deadline(deadline: Deadline, *, actor: User | None, on: date) -> Deadline:
    """Ticking twice keeps the first day."""
    if deadline.done_on is not None:
        return deadline
    return update_row(
        deadline, actor=actor, fields={"done_on": on}, sentence=f"a tenu l'échéance « {deadline} »",
        is_internal=_is_internal(deadline),
    )  # fmt: skip


def reopen_deadline(deadline: Deadline, *, actor: User | None) -> Deadline:
    """Ticked by mistake."""
    return update_row(
        deadline, actor=actor, fields={"done_on": None},
        sentence=f"a rouvert l'échéance « {deadline} »", is_internal=_is_internal(deadline),
    )  # fmt: skip


def _is_internal(deadline: Deadline) -> bool:
    return deadline.audience == Audience.INTERNAL


@transaction.atomic
def preload_deadlines(agreement: Agreement, *, actor: User | None, year: int) -> list[Deadline]:
    """The usual dates of one year. None is in a text that we could read: each says so."""
    to_check = "Date d'usage, à vérifier avec la Caf"
    usual = [
        ("Transmettre le bilan définitif à la Caf", date(year + 1, 4, 30), Deadline.Kind.CAF),
        ("Déclarer les données d'activité de l'année", date(year + 1, 1, 31), Deadline.Kind.CAF),
        ("Réunir le comité de pilotage de l'année", date(year, 12, 20), Deadline.Kind.CAF),
    ]
    return [
        create_row(
            Deadline,
            agreement,
            actor=actor,
            sentence="",
            fields={"title": title, "on": on, "kind": kind, "note": to_check},
        )
        for title, on, kind in usual
        if agreement.covers(on)
        and not Deadline.objects.filter(agreement=agreement, title=title, on=on).exists()
    ]


@transaction.atomic
def postpone_line(access: Access, *, key: str, on: date) -> PostponedLine:
    """« Reporter » : the line comes back in a week. It concerns its author only: no journal."""
    line, _ = PostponedLine.objects.update_or_create(
        agreement=access.agreement,
        user=access.user,
        key=key,
        defaults={"until": on + POSTPONED_FOR},
    )
    return line
