"""Steps, partners' roles and dated notes."""

from datetime import date
from typing import Any

from django.db import transaction

from accounts.models import User
from actionplan.models import (
    Action,
    ActionPartner,
    BudgetLine,
    FollowUpNote,
    Funding,
    Measure,
    Step,
)
from actionplan.services.common import next_position, touch
from agreements.services import create_row, delete_row, update_row
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
