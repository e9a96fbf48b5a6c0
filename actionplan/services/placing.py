"""An action put under another level of the plan."""

from typing import Any

from django.db import transaction

from accounts.models import User
from actionplan.models import Action, Objective, Orientation
from actionplan.services.actions import propose_code, update_action
from actionplan.services.common import next_position


@transaction.atomic
def place_action(
    action: Action,
    *,
    actor: User | None,
    orientation: Orientation,
    objective: Objective | None = None,
    renumber: bool = False,
    expected_version: int | None = None,
) -> Action:
    """Last of its new level. It keeps its number, by which people know it, unless asked."""
    if (action.orientation_id, action.objective_id) == (
        orientation.pk,
        objective.pk if objective else None,
    ):
        return action
    old = action.code
    fields: dict[str, Any] = {
        "position": next_position(Action, action.agreement, orientation=orientation)
    }
    if renumber:
        fields["code"] = propose_code(action.agreement, orientation, objective)
    told = f", qui devient {fields['code']}" if renumber else ""
    return update_action(
        action,
        actor=actor,
        expected_version=expected_version,
        sentence=f"a rangé l'action {old} sous « {objective or orientation} »{told}",
        orientation=orientation,
        objective=objective,
        **fields,
    )
