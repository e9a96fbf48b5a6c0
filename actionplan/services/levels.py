"""Orientations, objectives and sub-objectives: written, ordered, moved, removed.

The names of the levels and their number belong to the agreement (``Agreement.plan_depth``).
"""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from accounts.models import User
from actionplan.models import (
    Action,
    Objective,
    Orientation,
)
from actionplan.services.common import free_code, next_position
from agreements.models import Agreement
from agreements.services import create_row, delete_row, update_row
from core.errors import DomainError
from core.formats import plural
from territory.models import Challenge

MOST_NAMED = 5
"""Levels named in a refusal; the others are counted."""


# --- The rules of the levels ------------------------------------------------------------------
def check_depth(agreement: Agreement) -> None:
    """A depth that would hide levels already written is refused, saying how many and where."""
    objectives = Objective.objects.filter(agreement=agreement)
    if agreement.uses_sub_objectives:
        return
    hidden = objectives.filter(parent__isnull=False) if agreement.uses_objectives else objectives
    codes = list(hidden.order_by("orientation__position", "code").values_list("code", flat=True))
    if not codes:
        return
    named = ", ".join(codes[:MOST_NAMED])
    if len(codes) > MOST_NAMED:
        named += f" et {plural(len(codes) - MOST_NAMED, 'autre')}"
    what = "sous-objectif" if agreement.uses_objectives else "objectif"
    raise DomainError(
        f"Cette profondeur cacherait {plural(len(codes), what)} du plan ({named}). "
        "Supprimez-les ou changez-les de niveau d'abord ; leurs actions peuvent être rangées ailleurs.",
        field="plan_depth",
    )


def _check_objective(objective: Objective) -> None:
    agreement, parent = objective.agreement, objective.parent
    if not agreement.uses_objectives:
        raise DomainError(
            "Le plan de cette convention n'a que deux niveaux : changez d'abord sa profondeur, "
            "sur la page de la convention."
        )
    if parent is None:
        return
    below = agreement.sub_objective_label
    if not agreement.uses_sub_objectives:
        raise DomainError(
            f"Le plan de cette convention n'a pas de niveau « {below} » : changez d'abord sa "
            "profondeur, sur la page de la convention.",
            field="parent",
        )
    if parent.pk is not None and parent.pk == objective.pk:
        raise DomainError("Un objectif ne se range pas sous lui-même.", field="parent")
    if parent.parent_id is not None:
        raise DomainError(
            f"« {parent} » est déjà de niveau « {below} » : on ne descend pas plus bas.",
            field="parent",
        )
    if parent.orientation_id != objective.orientation_id:
        raise DomainError(
            f"« {parent} » est d'une autre {agreement.orientation_label.lower()} que celle choisie.",
            field="parent",
        )
    if objective.pk is not None and objective.children.exists():
        raise DomainError(
            f"« {objective} » a lui-même des niveaux en dessous : rangez-les ailleurs d'abord.",
            field="parent",
        )


# --- Written ----------------------------------------------------------------------------------
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
    """An objective of ``orientation``; of ``parent`` too, it is a sub-objective."""
    fields.setdefault("position", next_position(Objective, agreement))
    if not fields.get("code"):
        fields["code"] = next_code(agreement, fields["orientation"], fields.get("parent"))
    _check_objective(Objective(agreement=agreement, **fields))
    return create_row(Objective, agreement, actor=actor, fields=fields)


@transaction.atomic
def update_objective(
    objective: Objective, *, actor: User | None, expected_version: int | None = None, **fields: Any
) -> Objective:
    """Moved to another orientation, an objective takes with it the levels and actions below."""
    before = Objective.objects.get(pk=objective.pk)
    for name, value in fields.items():
        setattr(objective, name, value)
    _check_objective(objective)
    row = update_row(objective, actor=actor, fields=fields, expected_version=expected_version)
    if before.orientation_id != row.orientation_id:
        _carry_along(row, actor)
    return row


def _carry_along(objective: Objective, actor: User | None) -> None:
    """The line of the journal is that of the objective: those of what follows it say nothing more."""
    fields = {"orientation": objective.orientation}
    below = list(Objective.objects.filter(parent=objective))
    for child in below:
        update_row(child, actor=actor, fields=fields, sentence="")
    for action in Action.objects.filter(objective__in=[objective, *below]):
        update_row(action, actor=actor, fields=fields, sentence="")


# --- Ordered, numbered, removed ---------------------------------------------------------------
@transaction.atomic
def move_level(level: Orientation | Objective, *, actor: User | None, up: bool) -> None:
    """One place up or down among its own; positions are dealt again from the order."""
    model: Any = type(level)
    siblings = model.objects.filter(agreement=level.agreement)
    if isinstance(level, Objective):
        siblings = siblings.filter(orientation=level.orientation, parent=level.parent_id)
    rows = list(siblings.order_by("position", "pk"))
    index = next(rank for rank, row in enumerate(rows) if row.pk == level.pk)
    other = index - 1 if up else index + 1
    if not 0 <= other < len(rows):
        return
    rows[index], rows[other] = rows[other], rows[index]
    for position, row in enumerate(rows):
        if row.position != position:
            model.objects.filter(pk=row.pk).update(position=position)


def next_code(
    agreement: Agreement,
    orientation: Orientation | None = None,
    parent: Objective | None = None,
) -> str:
    """The number to propose: « 4 » for an orientation, « 1.3 » for an objective of orientation 1,
    « 1.2.1 » for a sub-objective of objective 1.2."""
    if orientation is not None:
        return free_code(agreement, (parent or orientation).code)
    taken = set(Orientation.objects.filter(agreement=agreement).values_list("code", flat=True))
    rank = len(taken) + 1
    while str(rank) in taken:
        rank += 1
    return str(rank)


def delete_level(level: Orientation | Objective, *, actor: User | None) -> None:
    """A level that holds something is refused, saying what."""
    delete_row(level, actor=actor)
