"""Writes of the room. A change to a part (step, budget, measure…) raises the action's version:
the action is the root that two people may edit at once."""

from actionplan.services.actions import (
    TRANSITIONS,
    archive_action,
    change_status,
    create_action,
    duplicate_action,
    move_action,
    propose_code,
    restore_action,
    update_action,
)
from actionplan.services.common import check_version
from actionplan.services.followup import (
    add_note,
    add_partner_role,
    add_step,
    add_weather,
    complete_step,
    delete_part,
    order_steps,
    remove_note,
    remove_weather,
    update_note,
    update_step,
)
from actionplan.services.levels import (
    create_objective,
    create_orientation,
    delete_level,
    move_level,
    next_code,
    update_objective,
    update_orientation,
)
from actionplan.services.measures import create_measure, set_measure_point, take_up, update_measure
from actionplan.services.money import (
    planned_of,
    set_budget_line,
    set_funding,
    set_planned,
    shares,
    update_budget_line,
    update_funding,
)
from actionplan.services.placing import place_action
from actionplan.services.staff import set_staff_time, update_staff_time

__all__ = [
    "TRANSITIONS",
    "add_note",
    "add_partner_role",
    "add_step",
    "add_weather",
    "archive_action",
    "change_status",
    "check_version",
    "complete_step",
    "create_action",
    "create_measure",
    "create_objective",
    "create_orientation",
    "delete_level",
    "delete_part",
    "duplicate_action",
    "move_action",
    "move_level",
    "next_code",
    "order_steps",
    "place_action",
    "planned_of",
    "propose_code",
    "remove_note",
    "remove_weather",
    "restore_action",
    "set_budget_line",
    "set_funding",
    "set_measure_point",
    "set_planned",
    "set_staff_time",
    "shares",
    "take_up",
    "update_action",
    "update_budget_line",
    "update_funding",
    "update_measure",
    "update_note",
    "update_objective",
    "update_orientation",
    "update_staff_time",
    "update_step",
]
