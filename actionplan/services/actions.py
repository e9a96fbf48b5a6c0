"""The action: written, moved through its statuses, archived, duplicated, ordered."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from accounts.models import User
from actionplan.models import (
    Action,
    ActionStatus,
    Objective,
    Orientation,
)
from actionplan.services.common import free_code, next_position
from agreements.models import Agreement, Theme
from agreements.services import create_row, update_row
from core.errors import DomainError
from core.formats import date_long
from territory.models import Challenge

S = ActionStatus
TRANSITIONS: dict[str, set[str]] = {
    S.TO_DISCUSS: {S.PLANNED, S.IN_PROGRESS, S.DROPPED},
    S.PLANNED: {S.TO_DISCUSS, S.IN_PROGRESS, S.PAUSED, S.BLOCKED, S.DROPPED},
    S.IN_PROGRESS: {S.PLANNED, S.PAUSED, S.BLOCKED, S.DONE, S.DROPPED},
    S.PAUSED: {S.IN_PROGRESS, S.BLOCKED, S.DROPPED},
    S.BLOCKED: {S.IN_PROGRESS, S.PAUSED, S.DROPPED},
    S.DONE: {S.IN_PROGRESS},
    S.DROPPED: {S.TO_DISCUSS, S.PLANNED},
}
"""From each status, those one may go to. Done reopens to « en cours » only: it had begun."""


EXPLANATIONS: dict[str, tuple[str, ...]] = {
    S.BLOCKED: ("blocked_cause", "unblock_condition", "blocked_review_on"),
    S.DROPPED: ("dropped_reason",),
}
"""What a status must say; when the action leaves it, these are emptied and stay in the history."""
UNEXPLAINED = {
    S.BLOCKED: "Une action bloquée dit par quoi, à quelle condition elle repart, et quand on la revoit.",
    S.DROPPED: "Dites pourquoi l'action est abandonnée.",
}
MISPLACED = {
    S.BLOCKED: "Vous dites ce qui bloque : choisissez le statut « bloquée », ou videz cette case.",
    S.DROPPED: "Vous dites pourquoi elle est abandonnée : choisissez ce statut, ou videz cette case.",
}


def _check_explanations(action: Action, given: Iterable[str]) -> None:
    """The status says what it must, and nothing is explained of a status that is not the action's."""
    for status, names in EXPLANATIONS.items():
        for name in names:
            value = getattr(action, name)
            said = bool(value.strip()) if isinstance(value, str) else value is not None
            if action.status == status and not said:
                raise DomainError(UNEXPLAINED[ActionStatus(status)], field=name)
            if action.status != status and said and name in given:
                raise DomainError(MISPLACED[ActionStatus(status)], field=name)


def _leave(before: Action, action: Action, fields: dict[str, Any]) -> None:
    """An action that is no longer blocked, or dropped, forgets why: the history keeps it."""
    for status, names in EXPLANATIONS.items():
        if before.status == status and action.status != status:
            for name in names:
                fields[name] = None if name == "blocked_review_on" else ""
                setattr(action, name, fields[name])


def _check_action(action: Action) -> None:
    """What constraints cannot say: dates within the agreement, objective of the orientation."""
    agreement = action.agreement
    period = f"du {date_long(agreement.starts_on)} au {date_long(agreement.ends_on)}"
    for name in ("starts_on", "due_on"):
        day = getattr(action, name)
        if day is not None and not agreement.covers(day):
            raise DomainError(f"Cette date sort de la convention ({period}).", field=name)
    objective = action.objective
    if objective is not None and objective.orientation_id != action.orientation_id:
        raise DomainError(
            "Cet objectif n'est pas celui de l'orientation choisie.", field="objective"
        )


def propose_code(
    agreement: Agreement, orientation: Orientation, objective: Objective | None
) -> str:
    """The next free number under the level: « 1.2.3 » under objective 1.2, « 3.1 » under 3."""
    return free_code(agreement, (objective or orientation).code)


@transaction.atomic
def create_action(
    agreement: Agreement,
    *,
    actor: User | None,
    themes: Iterable[Theme] = (),
    challenges: Iterable[Challenge] = (),
    **fields: Any,
) -> Action:
    """A valid action has a title, a level, a pilot, a due date, a status and one sentence."""
    if not fields.get("code"):
        fields["code"] = propose_code(agreement, fields["orientation"], fields.get("objective"))
    if "position" not in fields:
        fields["position"] = next_position(Action, agreement, orientation=fields["orientation"])
    draft = Action(agreement=agreement, **fields)
    _check_action(draft)
    _check_explanations(draft, fields)
    return create_row(
        Action,
        agreement,
        actor=actor,
        fields=fields,
        links={"themes": themes, "challenges": challenges},
    )


@transaction.atomic
def update_action(
    action: Action,
    *,
    actor: User | None,
    expected_version: int | None = None,
    reason: str = "",
    sentence: str | None = None,
    themes: Iterable[Theme] | None = None,
    challenges: Iterable[Challenge] | None = None,
    **fields: Any,
) -> Action:
    """Change an action. A change of status obeys ``TRANSITIONS``; leaving « bloquée » or
    « abandonnée » empties what explained it. Moved to another orientation without saying under
    which objective, an action stands directly under the orientation."""
    before = Action.objects.get(pk=action.pk)
    for name, value in fields.items():
        setattr(action, name, value)
    if "objective" not in fields and before.orientation_id != action.orientation_id:
        fields["objective"] = action.objective = None
    _check_action(action)
    _check_transition(before.status, action.status)
    _leave(before, action, fields)
    changed = [n for n in fields if getattr(before, n, None) != getattr(action, n, None)]
    _check_explanations(action, changed)
    links = {
        name: targets
        for name, targets in (("themes", themes), ("challenges", challenges))
        if targets is not None
    }
    if sentence is None and set(fields) == {"due_on"} and before.due_on != action.due_on:
        sentence = f"a reporté l'échéance de l'action {action.code} au {date_long(action.due_on)}"
    return update_row(
        action,
        actor=actor,
        fields=fields,
        links=links,
        expected_version=expected_version,
        reason=reason,
        sentence=sentence,
    )


def _check_transition(old: str, new: str) -> None:
    if new != old and new not in TRANSITIONS[old]:
        labels = ActionStatus(old).label, ActionStatus(new).label
        raise DomainError(
            f"Une action « {labels[0]} » ne passe pas directement à « {labels[1]} ».",
            field="status",
        )


def change_status(
    action: Action,
    *,
    actor: User | None,
    status: str,
    expected_version: int | None = None,
    reason: str = "",
    **explanations: Any,
) -> Action:
    """Blocked says by what, until what, reviewed when; dropped says why; done is at 100 %."""
    if status == S.DONE:
        explanations.setdefault("progress", 100)
    return update_action(
        action,
        actor=actor,
        expected_version=expected_version,
        reason=reason,
        sentence=f"a passé l'action {action.code} à « {ActionStatus(status).label} »",
        status=status,
        **explanations,
    )


def archive_action(action: Action, *, actor: User | None) -> Action:
    return update_row(
        action,
        actor=actor,
        fields={"is_archived": True},
        verb="archive",
        sentence=f"a archivé l'action {action.code}",
    )


def restore_action(action: Action, *, actor: User | None) -> Action:
    return update_row(
        action,
        actor=actor,
        fields={"is_archived": False},
        verb="restore",
        sentence=f"a rétabli l'action {action.code}",
    )


@transaction.atomic
def duplicate_action(action: Action, *, actor: User | None) -> Action:
    """A new action to come, with the same words; neither money nor measures nor follow-up."""
    copied = (
        "orientation", "objective", "summary", "lead_organisation", "lead_contact", "starts_on",
        "due_on", "priority", "context", "target_public", "area", "expected_results",
        "description", "elected_sponsor", "steering_body", "human_means", "material_means",
        "participation", "legal_codes",
    )  # fmt: skip
    return create_action(
        action.agreement,
        actor=actor,
        title=f"{action.title} (copie)",
        status=S.PLANNED,
        themes=list(action.themes.all()),
        challenges=list(action.challenges.all()),
        **{name: getattr(action, name) for name in copied},
    )


@transaction.atomic
def move_action(action: Action, *, actor: User | None, up: bool) -> None:
    """One place up or down within its level. Positions are dealt again from the order."""
    actions = list(
        Action.objects.filter(
            agreement=action.agreement,
            orientation=action.orientation,
            objective=action.objective_id,
        )
        .active()
        .order_by("position", "pk")
    )
    index = next(rank for rank, row in enumerate(actions) if row.pk == action.pk)
    other = index - 1 if up else index + 1
    if not 0 <= other < len(actions):
        return
    actions[index], actions[other] = actions[other], actions[index]
    for position, row in enumerate(actions):
        if row.position != position:
            Action.objects.filter(pk=row.pk).update(position=position)
