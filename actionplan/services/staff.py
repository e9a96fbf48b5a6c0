"""Working time that an action takes, in full-time equivalents."""

from decimal import Decimal
from typing import Any

from django.db import transaction

from accounts.models import User
from actionplan.models import Action, StaffTime
from actionplan.services.common import UNSET, check_year, touch
from agreements.services import create_row, delete_row, update_row


@transaction.atomic
def set_staff_time(
    action: Action,
    *,
    actor: User | None,
    year: int,
    planned: Decimal | None = UNSET,
    spent: Decimal | None = UNSET,
) -> StaffTime | None:
    """Full-time equivalents of one year; None is « not known ». Saying it again replaces it, and
    saying the same thing changes nothing. Nothing known any more: the row goes."""
    check_year(action.agreement, year)
    given = {
        name: value
        for name, value in (("planned", planned), ("spent", spent))
        if value is not UNSET
    }
    sentence = f"a saisi le temps de travail {year} de l'action {action.code}"
    row = StaffTime.objects.filter(action=action, year=year).first()
    known = {name: getattr(row, name, None) for name in ("planned", "spent")}
    if all(value is None for value in (known | given).values()):
        if row is not None:
            delete_row(row, actor=actor)
            touch(action)
        return None
    if row is not None and known == known | given:
        return row
    if row is None:
        fields = {"action": action, "year": year, **given}
        row = create_row(StaffTime, action.agreement, actor=actor, fields=fields, sentence=sentence)
    else:
        row = update_row(row, actor=actor, fields=given, sentence=sentence)
    touch(action)
    return row


@transaction.atomic
def update_staff_time(row: StaffTime, *, actor: User | None, **fields: Any) -> StaffTime | None:
    """Change the year or the figures of a row that stands; left with none, the row goes."""
    action = row.action
    check_year(row.agreement, fields.get("year", row.year))
    if all(fields.get(name, getattr(row, name)) is None for name in ("planned", "spent")):
        delete_row(row, actor=actor)
        touch(action)
        return None
    sentence = f"a modifié le temps de travail {row.year} de l'action {action.code}"
    row = update_row(row, actor=actor, fields=fields, sentence=sentence)
    touch(action)
    return row
