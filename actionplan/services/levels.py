"""Orientations and objectives: written, ordered, removed."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from accounts.models import User
from actionplan.models import (
    Objective,
    Orientation,
)
from actionplan.services.common import next_position
from agreements.models import Agreement
from agreements.services import create_row, delete_row, update_row
from territory.models import Challenge


def create_orientation(
    agreement: Agreement, *, actor: User | None, challenges: Iterable[Challenge] = (), **fields: Any
) -> Orientation:
    fields.setdefault("position", next_position(Orientation, agreement))
    return create_row(
        Orientation, agreement, actor=actor, fields=fields, links={"challenges": challenges}
    )


def update_orientation(
    orientation: Orientation,
    *,
    actor: User | None,
    expected_version: int | None = None,
    challenges: Iterable[Challenge] | None = None,
    **fields: Any,
) -> Orientation:
    return update_row(
        orientation,
        actor=actor,
        fields=fields,
        links=None if challenges is None else {"challenges": challenges},
        expected_version=expected_version,
    )


def create_objective(agreement: Agreement, *, actor: User | None, **fields: Any) -> Objective:
    fields.setdefault("position", next_position(Objective, agreement))
    return create_row(Objective, agreement, actor=actor, fields=fields)


def update_objective(
    objective: Objective, *, actor: User | None, expected_version: int | None = None, **fields: Any
) -> Objective:
    return update_row(objective, actor=actor, fields=fields, expected_version=expected_version)


@transaction.atomic
def move_level(level: Orientation | Objective, *, actor: User | None, up: bool) -> None:
    """One place up or down among its own; positions are dealt again from the order."""
    model: Any = type(level)
    siblings = model.objects.filter(agreement=level.agreement)
    if isinstance(level, Objective):
        siblings = siblings.filter(orientation=level.orientation)
    rows = list(siblings.order_by("position", "pk"))
    index = next(rank for rank, row in enumerate(rows) if row.pk == level.pk)
    other = index - 1 if up else index + 1
    if not 0 <= other < len(rows):
        return
    rows[index], rows[other] = rows[other], rows[index]
    for position, row in enumerate(rows):
        if row.position != position:
            model.objects.filter(pk=row.pk).update(position=position)


def next_code(agreement: Agreement, orientation: Orientation | None = None) -> str:
    """The number to propose for a new orientation, or for a new objective of ``orientation``."""
    if orientation is None:
        return str(Orientation.objects.filter(agreement=agreement).count() + 1)
    return f"{orientation.code}.{orientation.objectives.count() + 1}"


def delete_level(level: Orientation | Objective, *, actor: User | None) -> None:
    """A level that holds something is refused, saying what."""
    delete_row(level, actor=actor)
