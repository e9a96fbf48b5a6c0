"""What the services of the room share: the version of the action, positions, years."""

from typing import Any

from django.db.models import Max

from actionplan.models import Action, Objective
from agreements.models import Agreement
from core.errors import DomainError, StaleObject

UNSET: Any = object()


def next_position(model: Any, agreement: Agreement, **within: Any) -> int:
    last = model.objects.filter(agreement=agreement, **within).aggregate(last=Max("position"))[
        "last"
    ]
    return 0 if last is None else last + 1


def free_code(agreement: Agreement, prefix: str) -> str:
    """The first number under ``prefix`` that neither an action nor an objective bears: « 1.2.3 »."""
    taken = {
        code
        for model in (Action, Objective)
        for code in model.objects.filter(
            agreement=agreement, code__startswith=f"{prefix}."
        ).values_list("code", flat=True)
    }
    rank = 1
    while f"{prefix}.{rank}" in taken:
        rank += 1
    return f"{prefix}.{rank}"


def check_version(action: Action, *, expected: int | None) -> None:
    """Raises ``StaleObject`` when the action, or a part of it, changed since ``expected``."""
    current = Action.objects.select_for_update().get(pk=action.pk)
    if expected is not None and current.version != expected:
        raise StaleObject(current)


def touch(action: Action) -> None:
    """A part of the action has changed: whoever is editing the sheet must know."""
    fresh = Action.objects.select_for_update().get(pk=action.pk)
    Action.objects.filter(pk=action.pk).update(version=fresh.version + 1)
    action.version = fresh.version + 1


def check_year(agreement: Agreement, year: int) -> None:
    if year not in agreement.years:
        raise DomainError(f"{year} n'est pas une année de la convention.", field="year")
