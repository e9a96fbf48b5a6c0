"""Writes of the desk: dates to come, lines put off."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import transaction

from accounts.models import User
from agreements.access import Access
from agreements.models import Agreement
from agreements.services import create_row, delete_row, update_row
from desk.models import Deadline, PostponedLine

POSTPONED_FOR = timedelta(days=7)


def create_deadline(agreement: Agreement, *, actor: User | None, **fields: Any) -> Deadline:
    return create_row(Deadline, agreement, actor=actor, fields=fields)


def update_deadline(deadline: Deadline, *, actor: User | None, **fields: Any) -> Deadline:
    return update_row(deadline, actor=actor, fields=fields)


def delete_deadline(deadline: Deadline, *, actor: User | None) -> None:
    delete_row(deadline, actor=actor)


def complete_deadline(deadline: Deadline, *, actor: User | None, on: date) -> Deadline:
    return update_row(
        deadline, actor=actor, fields={"done_on": on}, sentence=f"a tenu l'échéance « {deadline} »"
    )


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
