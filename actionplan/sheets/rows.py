"""The plan as rows: what the workbook shows, and what a file that comes back is compared with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Prefetch, QuerySet

from actionplan.models import (
    Action,
    ActionPartner,
    BudgetLine,
    Funding,
    Measure,
    MeasurePoint,
    Objective,
    Orientation,
    StaffTime,
    Step,
)
from actionplan.sheets.known import in_order
from actionplan.sheets.labels import action_label, level_label, role_label
from agreements.models import Agreement
from core.sheets import SheetRow

LETTERS: dict[Any, str] = {
    Action: "a", Orientation: "o", Objective: "b", Step: "s", BudgetLine: "d", StaffTime: "t",
    Funding: "f", Measure: "m",
}  # fmt: skip
MODELS = {letter: model for model, letter in LETTERS.items()}
PLAIN = (
    "code", "title", "summary", "status", "starts_on", "due_on", "progress", "progress_note",
    "difficulties", "blocked_cause", "unblock_condition", "blocked_review_on", "dropped_reason",
    "target_public", "area", "context", "expected_results", "description", "steering_body",
    "human_means", "material_means", "participation", "awaited_decision", "legal_codes", "origin",
    "priority",
)  # fmt: skip
"""Fields of the action that a cell holds as they are."""


def key_of(row: Any) -> str:
    """« 7.a12 »: the agreement, the kind of row, its number. Another agreement's key names nothing
    here."""
    return f"{row.agreement_id}.{LETTERS[type(row)]}{row.pk}"


def actions_of(agreement: Agreement) -> QuerySet[Action]:
    """The actions of the plan in its order; archived ones have left it."""
    return (
        Action.objects.filter(agreement=agreement)
        .active()
        .order_by("orientation__position", "orientation__pk", "position", "pk")
    )


def loaded(actions: QuerySet[Action]) -> list[Action]:
    """With all that their rows show, in a constant number of queries."""
    return list(
        actions.select_related(
            "orientation", "objective__parent", "lead_organisation", "lead_contact",
            "elected_sponsor",
        ).prefetch_related(
            "themes", "challenges", "steps__owner", "budget_lines", "staff_times",
            Prefetch("partners", ActionPartner.objects.select_related("organisation")),
            Prefetch("fundings", Funding.objects.select_related("funder")),
            Prefetch("measures", Measure.objects.prefetch_related(_points())),
        )
    )  # fmt: skip


def _points() -> Prefetch[str, Any, str]:
    return Prefetch("points", MeasurePoint.objects.order_by("year"))


# --- Plan -----------------------------------------------------------------------------------------
def plan_rows(agreement: Agreement, actions: Sequence[Action]) -> tuple[SheetRow, ...]:
    """Each level on its own line, then what it holds: the sheet reads as the plan."""
    orientations = Orientation.objects.filter(agreement=agreement).prefetch_related("challenges")
    objectives = list(
        Objective.objects.filter(agreement=agreement).select_related("orientation", "parent")
    )
    held: dict[tuple[int, int | None], list[Action]] = {}
    for action in actions:
        held.setdefault((action.orientation_id, action.objective_id), []).append(action)
    rows: list[SheetRow] = []
    for orientation in orientations:
        rows.append(level_row(orientation))
        rows += [action_row(action) for action in held.get((orientation.pk, None), [])]
        for objective in _in_depth(objectives, orientation):
            rows.append(level_row(objective))
            rows += [action_row(a) for a in held.get((orientation.pk, objective.pk), [])]
    return tuple(rows)


def _in_depth(objectives: Sequence[Objective], orientation: Orientation) -> list[Objective]:
    own = [o for o in objectives if o.orientation_id == orientation.pk]
    found: list[Objective] = []
    for objective in own:
        if objective.parent_id is None:
            found += [objective, *(o for o in own if o.parent_id == objective.pk)]
    return found


def level_row(level: Orientation | Objective) -> SheetRow:
    values = levels_of(level)
    values["description"] = level.description
    if isinstance(level, Orientation):
        values["challenges"] = in_order(challenge.title for challenge in level.challenges.all())
    return SheetRow(key_of(level), values)


def levels_of(level: Orientation | Objective) -> dict[str, Any]:
    """The level and those above it, by column."""
    if isinstance(level, Orientation):
        return {"orientation": level_label(level)}
    values = {"orientation": level_label(level.orientation)}
    if level.parent is not None:
        values["objective"] = level_label(level.parent)
        values["sub_objective"] = level_label(level)
    else:
        values["objective"] = level_label(level)
    return values


def action_row(action: Action) -> SheetRow:
    values: dict[str, Any] = {name: getattr(action, name) for name in PLAIN}
    values |= {"orientation": level_label(action.orientation), "objective": "", "sub_objective": ""}
    objective = action.objective
    if objective is not None and objective.parent is not None:
        values["objective"] = level_label(objective.parent)
        values["sub_objective"] = level_label(objective)
    elif objective is not None:
        values["objective"] = level_label(objective)
    values |= {
        "lead_organisation": action.lead_organisation.name,
        "lead_contact": str(action.lead_contact or ""),
        "elected_sponsor": str(action.elected_sponsor or ""),
        "themes": in_order(theme.name for theme in action.themes.all()),
        "challenges": in_order(challenge.title for challenge in action.challenges.all()),
        "partners": in_order(
            role_label(p.organisation.name, p.role) for p in action.partners.all()
        ),
    }
    return SheetRow(key_of(action), values)


# --- The sheets beside ----------------------------------------------------------------------------
def label_of(action: Action) -> str:
    return action_label(action.code, action.title)


def _part_rows(
    actions: Sequence[Action], parts: str, names: Sequence[str], **shown: Any
) -> tuple[SheetRow, ...]:
    """``names`` as they are; ``shown`` through a function of the row."""
    return tuple(
        SheetRow(
            key_of(part),
            {
                "action": label_of(action),
                **{name: getattr(part, name) for name in names},
                **{name: show(part) for name, show in shown.items()},
            },
        )
        for action in actions
        for part in getattr(action, parts).all()
    )


def step_rows(actions: Sequence[Action]) -> tuple[SheetRow, ...]:
    return _part_rows(
        actions, "steps", ("title", "due_on", "done_on"), owner=lambda step: str(step.owner or "")
    )


def budget_rows(actions: Sequence[Action]) -> tuple[SheetRow, ...]:
    return _part_rows(actions, "budget_lines", ("year", "nature", "label", "planned", "spent"))


def staff_rows(actions: Sequence[Action]) -> tuple[SheetRow, ...]:
    return _part_rows(actions, "staff_times", ("year", "planned", "spent"))


def funding_rows(actions: Sequence[Action]) -> tuple[SheetRow, ...]:
    names = ("scheme", "year", "stage", "amount", "stated_on", "is_estimate", "basis")
    return _part_rows(actions, "fundings", names, funder=lambda funding: funding.funder.name)


def measure_rows(
    agreement: Agreement, actions: Sequence[Action], *, whole: bool = True
) -> tuple[SheetRow, ...]:
    """Those of the actions, then those of the orientations (``whole``)."""
    rows = [
        _measure_row(label_of(action), measure)
        for action in actions
        for measure in action.measures.all()
    ]
    if whole:
        of_levels = Measure.objects.filter(agreement=agreement, orientation__isnull=False)
        rows += [
            _measure_row(level_label(measure.orientation), measure)
            for measure in of_levels.select_related("orientation")
            .prefetch_related(_points())
            .order_by("orientation__position", "position", "pk")
            if measure.orientation is not None
        ]
    return tuple(rows)


def _measure_row(followed: str, measure: Measure) -> SheetRow:
    names = (
        "label", "unit", "kind", "direction", "decimals", "baseline", "baseline_year", "source",
    )  # fmt: skip
    values: dict[str, Any] = {name: getattr(measure, name) for name in names}
    values["action"] = followed
    for point in measure.points.all():
        values[f"target_{point.year}"] = point.target
        values[f"value_{point.year}"] = point.value
    return SheetRow(key_of(measure), values)
