"""Writes about the register: types of facilities, activity by year, under-served areas."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max

from accounts.models import User
from agreements.models import Agreement
from agreements.services import create_row, delete_row, update_row
from agreements.services.journal import record
from core.errors import DomainError
from territory.models import Activity, Capacity, Facility, FacilityType, UnderServedArea


@transaction.atomic
def set_activity(
    facility: Facility,
    *,
    actor: User | None,
    year: int,
    kind: str,
    value: Decimal | None,
    note: str | None = None,
) -> Activity | None:
    """What the facility did in one year. None removes the value: unknown is not zero.

    ``note`` None leaves the one that is there.
    """
    key = {"facility": facility, "year": year, "kind": kind}
    known = Activity.objects.filter(**key).first()
    label = Activity.Kind(kind).label
    sentence = f"a saisi l'activité {year} de « {facility} » : {label}"
    if value is None:
        if known is not None:
            delete_row(known, actor=actor)
        return None
    if kind == Activity.Kind.OCCUPANCY and value > 200:
        raise DomainError("Un taux d'occupation est un pourcentage : 200 au plus.")
    fields: dict[str, Any] = {"value": value} | ({} if note is None else {"note": note})
    if known is not None:
        return update_row(known, actor=actor, fields=fields, sentence=sentence)
    return create_row(
        Activity, facility.agreement, actor=actor, fields={**key, **fields}, sentence=sentence
    )


# --- Types ----------------------------------------------------------------------------------
def create_type(agreement: Agreement, *, actor: User | None, **fields: Any) -> FacilityType:
    last = FacilityType.objects.filter(agreement=agreement).aggregate(last=Max("position"))["last"]
    return create_row(
        FacilityType, agreement, actor=actor, fields={**fields, "position": (last or 0) + 1}
    )


def update_type(kind: FacilityType, *, actor: User | None, **fields: Any) -> FacilityType:
    """Rename, hide (``is_active`` False) or describe anew; facilities keep a hidden type."""
    return update_row(kind, actor=actor, fields=fields)


@transaction.atomic
def move_type(kind: FacilityType, *, actor: User | None, up: bool) -> None:
    """Exchange the type with its neighbour; at the end of the list nothing happens."""
    kinds = list(FacilityType.objects.select_for_update().filter(agreement=kind.agreement))
    index = [row.pk for row in kinds].index(kind.pk)
    target = index - 1 if up else index + 1
    if not 0 <= target < len(kinds):
        return
    kinds[index], kinds[target] = kinds[target], kinds[index]
    for position, moved in enumerate(kinds, start=1):
        moved.position = position
    FacilityType.objects.bulk_update(kinds, ["position"])
    record(
        kind.agreement, actor=actor, verb="move", target=kind,
        sentence=f"a changé l'ordre des types d'équipement : « {kind} »",
    )  # fmt: skip


def remove_type(kind: FacilityType, *, actor: User | None) -> None:
    """Raises ``DomainError`` while a facility bears it: hide it then."""
    used = Facility.objects.filter(type=kind).count()
    if used:
        raise DomainError(
            f"« {kind} » est le type de {used} équipement{'s' if used > 1 else ''} : masquez-le plutôt."
        )
    delete_row(kind, actor=actor)


# --- Under-served areas -----------------------------------------------------------------------
def create_area(agreement: Agreement, *, actor: User | None, **fields: Any) -> UnderServedArea:
    return create_row(UnderServedArea, agreement, actor=actor, fields=fields)


def update_area(
    area: UnderServedArea, *, actor: User | None, expected_version: int | None = None, **fields: Any
) -> UnderServedArea:
    return update_row(area, actor=actor, fields=fields, expected_version=expected_version)


def remove_area(area: UnderServedArea, *, actor: User | None) -> None:
    delete_row(area, actor=actor)


def remove_figure(figure: Capacity | Activity, *, actor: User | None) -> None:
    """Unsay a capacity or an activity typed by mistake: unknown is not zero."""
    delete_row(figure, actor=actor)
