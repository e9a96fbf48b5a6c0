"""One effect written in the plan, through the plan's own services: their rules hold, their history
and their journal say by which decision."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from accounts.models import User
from actionplan import services as plan
from actionplan.models import Action, ActionStatus
from committees.effect_words import current_value, difference_words, value_after
from committees.models import DecisionEffect
from core.errors import DomainError
from core.formats import date_long

K = DecisionEffect.Kind
DROPPED = "La décision est abandonnée."
LOST_LEAD = "La personne choisie n'est plus dans les partenaires : écartez cet effet."


def write(
    effects: Sequence[DecisionEffect], *, actor: User | None, reason: str
) -> list[tuple[DecisionEffect, DomainError]]:
    """Write each, whole or not at all. One refused at first is tried again after the others: a due
    date moved on makes room for a later start. Returns what the plan refuses in the end."""
    waiting = list(effects)
    while waiting:
        refused = []
        for effect in waiting:
            try:
                with transaction.atomic():
                    _write_one(effect, actor=actor, reason=reason)
            except DomainError as error:
                refused.append((effect, error))
        if len(refused) == len(waiting):
            return refused
        waiting = [effect for effect, _ in refused]
    return []


def _write_one(effect: DecisionEffect, *, actor: User | None, reason: str) -> None:
    action = locked_action(effect)
    if action.is_archived:
        raise DomainError(f"L'action {action.code} est archivée.", field="action")
    if effect.kind == K.BUDGET:
        before = current_value(action, K.BUDGET, effect.year, effect.nature)
        assert effect.year is not None
        assert effect.amount is not None
        if not before and effect.amount < 0:
            raise DomainError(
                f"Le budget {effect.year} de l'action {action.code} n'est pas renseigné : on ne "
                "peut rien en retirer.",
                field="amount",
            )
        plan.set_planned(
            action,
            actor=actor,
            year=effect.year,
            nature=effect.nature,
            planned=Decimal(value_after(effect, before)),
            reason=reason,
            sentence=f"a changé le budget {effect.year} de l'action {action.code} : "
            f"{difference_words(effect.amount)}",
        )
    elif effect.kind == K.STATUS:
        explained: dict[str, Any] = {}
        if effect.new_status == ActionStatus.DROPPED:
            explained["dropped_reason"] = reason[:300] or DROPPED
        plan.change_status(
            action, actor=actor, status=effect.new_status, reason=reason, **explained
        )
    elif effect.kind == K.LEAD:
        if effect.new_lead is None:
            raise DomainError(LOST_LEAD, field="new_lead")
        plan.update_action(action, actor=actor, reason=reason, **_lead_fields(action, effect))
    elif effect.kind == K.STARTS_ON:
        plan.update_action(
            action,
            actor=actor,
            reason=reason,
            sentence=f"a fixé le début de l'action {action.code} au {date_long(effect.new_date)}",
            starts_on=effect.new_date,
        )
    else:
        plan.update_action(action, actor=actor, reason=reason, due_on=effect.new_date)


def locked_action(effect: DecisionEffect) -> Action:
    """The row as it is, held until the end of the transaction. The lines of its budget are held
    first, as those who write a budget do."""
    if effect.kind == K.BUDGET:
        list(effect.action.budget_lines.select_for_update().order_by("pk"))
    return (
        Action.objects.select_for_update(of=("self",))
        .select_related("agreement")
        .get(pk=effect.action_id)
    )


def _lead_fields(action: Action, effect: DecisionEffect) -> dict[str, Any]:
    """The structure follows when the person holds one present function, in another structure."""
    person = effect.new_lead
    assert person is not None
    today = date.today()
    held = {
        row.organisation_id: row.organisation
        for row in person.positions.select_related("organisation")
        if row.is_current(today)
    }
    fields: dict[str, Any] = {"lead_contact": person}
    if len(held) == 1 and action.lead_organisation_id not in held:
        fields["lead_organisation"] = next(iter(held.values()))
    return fields
