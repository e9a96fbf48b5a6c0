"""Steps, partners' roles and dated notes."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction

from accounts.models import User
from actionplan.models import (
    Action,
    ActionPartner,
    ActionWeather,
    BudgetLine,
    FollowUpNote,
    Funding,
    Measure,
    Step,
)
from actionplan.services.common import next_position, touch
from agreements.services import create_row, delete_row, record, update_row
from agreements.services.seen import check_seen
from core.errors import DomainError
from partners.models import Organisation


@transaction.atomic
def add_step(action: Action, *, actor: User | None, title: str, **fields: Any) -> Step:
    fields.setdefault("position", next_position(Step, action.agreement, action=action))
    step = create_row(
        Step,
        action.agreement,
        actor=actor,
        fields={"action": action, "title": title, **fields},
        sentence=f"a ajouté une étape à l'action {action.code} : {title}",
    )
    touch(action)
    return step


@transaction.atomic
def update_step(step: Step, *, actor: User | None, **fields: Any) -> Step:
    sentence = f"a modifié l'étape « {step} » de l'action {step.action.code}"
    row = update_row(step, actor=actor, fields=fields, sentence=sentence)
    touch(step.action)
    return row


@transaction.atomic
def complete_step(step: Step, *, actor: User | None, on: date | None) -> Step:
    """``on`` None marks the step as not done after all."""
    done = "a fait" if on else "a rouvert"
    sentence = f"{done} l'étape « {step} » de l'action {step.action.code}"
    row = update_row(step, actor=actor, fields={"done_on": on}, sentence=sentence)
    touch(step.action)
    return row


@transaction.atomic
def order_steps(action: Action, *, actor: User | None, steps: Sequence[Step]) -> bool:
    """Give the steps the order of ``steps`` (all those of the action). Returns whether it changed."""
    changed = [(position, step) for position, step in enumerate(steps) if step.position != position]
    present = list(Step.objects.filter(action=action).values_list("pk", flat=True))
    if present == [step.pk for step in steps]:
        return False
    for position, step in changed:
        Step.objects.filter(pk=step.pk).update(position=position)
        step.position = position
    record(
        action.agreement,
        actor=actor,
        verb="move",
        sentence=f"a changé l'ordre des étapes de l'action {action.code}",
        target=action,
    )
    touch(action)
    return True


@transaction.atomic
def delete_part(
    part: Step | BudgetLine | Funding | ActionPartner | Measure, *, actor: User | None
) -> None:
    """Remove a step, a budget line, a funding, a partner's role or a measure of an action."""
    action = part.action
    delete_row(part, actor=actor)
    if action is not None:
        touch(action)


@transaction.atomic
def add_partner_role(
    action: Action,
    *,
    actor: User | None,
    organisation: Organisation,
    role: str = ActionPartner.Role.ASSOCIATE,
) -> ActionPartner:
    row = create_row(
        ActionPartner,
        action.agreement,
        actor=actor,
        fields={"action": action, "organisation": organisation, "role": role},
        sentence=f"a associé « {organisation} » à l'action {action.code}",
    )
    touch(action)
    return row


def add_note(
    action: Action,
    *,
    actor: User | None,
    kind: str,
    text: str,
    on: date,
    is_highlight: bool = False,
) -> FollowUpNote:
    """A dated follow-up note. An internal one is told in the journal to those who may read it."""
    return create_row(
        FollowUpNote,
        action.agreement,
        actor=actor,
        fields={
            "action": action,
            "kind": kind,
            "text": text,
            "on": on,
            "is_highlight": is_highlight,
            "author": actor,
            "author_label": str(actor) if actor else "Fil rouge",
        },
        sentence=f"a noté un suivi sur l'action {action.code}",
        is_internal=kind == FollowUpNote.Kind.INTERNAL,
    )


def _is_internal(kind: str) -> bool:
    return kind == FollowUpNote.Kind.INTERNAL


@transaction.atomic
def update_note(
    note: FollowUpNote, *, actor: User | None, seen: str | None = None, **fields: Any
) -> FollowUpNote:
    """Change a note; its author stays who wrote it first. ``seen`` is its mark as it was read.

    Raises ``StaleObject`` when somebody else changed it since."""
    check_seen(note, seen)
    before = FollowUpNote.objects.get(pk=note.pk)
    internal = _is_internal(before.kind) or _is_internal(fields.get("kind", before.kind))
    return update_row(
        note,
        actor=actor,
        fields=fields,
        sentence=f"a modifié une note de suivi de l'action {note.action.code}",
        is_internal=internal,
    )


def remove_note(note: FollowUpNote, *, actor: User | None) -> None:
    delete_row(note, actor=actor, is_internal=_is_internal(note.kind))


def add_weather(
    action: Action, *, actor: User | None, level: str, on: date, sentence: str
) -> ActionWeather:
    """One more judgement; those before it stay as its history."""
    if not action.agreement.uses_weather:
        raise DomainError("Cette convention ne donne pas de météo aux actions.")
    return create_row(
        ActionWeather,
        action.agreement,
        actor=actor,
        fields={
            "action": action,
            "level": level,
            "on": on,
            "sentence": sentence,
            "author": actor,
            "author_label": str(actor) if actor else "Fil rouge",
        },
        sentence=f"a donné une météo à l'action {action.code} : {ActionWeather.Level(level).label}",
    )


def remove_weather(weather: ActionWeather, *, actor: User | None) -> None:
    """For a judgement given by mistake."""
    delete_row(weather, actor=actor)
