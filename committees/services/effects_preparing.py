"""What a decision will change in the plan, noted with it before its record is validated."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from accounts.models import User
from actionplan.models import Action
from agreements.services import check, create_row, delete_row, set_links, update_row
from committees.effect_words import (
    STANDING,
    current_value,
    stored_words,
    subject,
    value_after,
    value_words,
)
from committees.models import Decision, DecisionEffect
from committees.services.effects import fresh
from committees.services.effects_writing import DROPPED, write
from committees.services.locking import lock_decisions, refuse_if_locked
from core.errors import DomainError

K, S = DecisionEffect.Kind, DecisionEffect.State
VALUES = ("new_date", "new_status", "new_lead", "amount", "year", "nature")
NEEDED: dict[str, tuple[str, ...]] = {
    K.DUE_ON: ("new_date",),
    K.STARTS_ON: ("new_date",),
    K.STATUS: ("new_status",),
    K.LEAD: ("new_lead",),
    K.BUDGET: ("amount", "year", "nature"),
}


@transaction.atomic
def prepare_effect(
    decision: Decision, *, actor: User | None, action: Action, kind: str, **values: Any
) -> DecisionEffect:
    """Note one change with the decision; the action becomes one of those it concerns.

    Raises ``DomainError`` with the plan's own sentence when the plan would refuse it today, and
    when the record is validated.
    """
    decision = _open(decision)
    if action.agreement_id != decision.agreement_id:
        raise DomainError("Cette action n'est pas de la convention.", field="action")
    draft = DecisionEffect(
        agreement=decision.agreement,
        decision=decision,
        action=action,
        kind=kind,
        **_values(kind, values),
    )
    _check_prepared(draft)
    effect = create_row(
        DecisionEffect,
        decision.agreement,
        actor=actor,
        fields={
            name: getattr(draft, name)
            for name in (
                "decision",
                "action",
                "kind",
                *VALUES,
                "old_value",
                "old_words",
                "new_words",
            )
        },
        sentence=f"a préparé un effet de la décision n° {decision.number} : {subject(draft)} de "
        f"l'action {action.code}",
    )
    set_links(decision, "actions", [*decision.actions.all(), action])
    return effect


@transaction.atomic
def update_effect(effect: DecisionEffect, *, actor: User | None, **values: Any) -> DecisionEffect:
    """Another value, action or kind: what the plan says is read again."""
    effect = _prepared(effect)
    decision = effect.decision
    kind = values.pop("kind", effect.kind)
    action = values.pop("action", effect.action)
    if action.agreement_id != decision.agreement_id:
        raise DomainError("Cette action n'est pas de la convention.", field="action")
    kept = {name: getattr(effect, name) for name in NEEDED[kind]}
    effect.kind, effect.action = kind, action
    for name, value in _values(kind, {**kept, **values}).items():
        setattr(effect, name, value)
    _check_prepared(effect)
    names = ("kind", "action", *VALUES, "old_value", "old_words", "new_words")
    row = update_row(
        effect,
        actor=actor,
        fields={name: getattr(effect, name) for name in names},
        sentence=f"a changé un effet de la décision n° {decision.number} : {subject(effect)} de "
        f"l'action {action.code}",
    )
    row.save()  # what the plan says was read again, even where nothing else changed
    set_links(decision, "actions", [*decision.actions.all(), action])
    return row


@transaction.atomic
def remove_effect(effect: DecisionEffect, *, actor: User | None) -> None:
    """Before the record is validated, and never once applied."""
    effect = _prepared(effect)
    delete_row(effect, actor=actor)


def _open(decision: Decision) -> Decision:
    """The decision as it stands, under the lock; refused once its record is validated."""
    lock_decisions(decision.agreement)
    decision = Decision.objects.select_related("meeting__committee", "agreement").get(
        pk=decision.pk
    )
    if decision.state == Decision.State.DROPPED:
        raise DomainError(f"{DROPPED} Elle ne change rien au plan.")
    refuse_if_locked(decision.meeting)
    return decision


def _prepared(effect: DecisionEffect) -> DecisionEffect:
    _open(effect.decision)
    effect = fresh(effect)
    if effect.state != S.PREPARED:
        raise DomainError(f"Cet effet est « {effect.get_state_display()} » : il ne change plus.")
    return effect


def _values(kind: str, values: dict[str, Any]) -> dict[str, Any]:
    """The values of this kind, and nothing of the others."""
    if kind not in NEEDED:
        raise DomainError("Choisissez ce que la décision change.", field="kind")
    empty: dict[str, Any] = {
        "new_date": None, "new_status": "", "new_lead": None, "amount": None, "year": None,
        "nature": "",
    }  # fmt: skip
    return {name: values.get(name) if name in NEEDED[kind] else empty[name] for name in VALUES} | {
        name: values.get(name) or "" for name in ("new_status", "nature") if name in NEEDED[kind]
    }


def _check_prepared(effect: DecisionEffect) -> None:
    """Complete, not twice, changing something, and accepted by the plan as it is today."""
    missing = next((n for n in NEEDED[effect.kind] if getattr(effect, n) in (None, "")), None)
    if missing is not None:
        sentences = {
            "new_date": "Donnez la nouvelle date.",
            "new_status": "Donnez le nouveau statut.",
            "new_lead": "Dites qui pilotera l'action.",
            "amount": "Dites de combien : « +4 000 » ou « -4 000 ».",
            "year": "Dites pour quelle année.",
            "nature": "Dites si c'est du fonctionnement ou de l'investissement.",
        }
        raise DomainError(sentences[missing], field=missing)
    action = Action.objects.select_related("agreement").get(pk=effect.action_id)
    same = DecisionEffect.objects.filter(
        decision=effect.decision, action=action, kind=effect.kind, year=effect.year,
        nature=effect.nature,
    ).exclude(pk=effect.pk).exclude(state=S.SET_ASIDE)  # fmt: skip
    if same.exists():
        raise DomainError(
            f"Cette décision change déjà ceci de l'action {action.code} : {subject(effect)}. "
            "Modifiez la ligne qui le dit.",
            field="kind",
        )
    effect.old_value = current_value(action, effect.kind, effect.year, effect.nature)
    effect.old_words, effect.new_words = stored_words(effect, effect.old_value)
    if value_after(effect, effect.old_value) == effect.old_value:
        words = value_words(effect.kind, effect.old_value)
        raise DomainError(
            f"L'action {action.code} le dit déjà ({subject(effect)}{f' : {words}' if words else ''}).",
            field=NEEDED[effect.kind][0],
        )
    check(effect)
    _rehearse(effect)


def _rehearse(effect: DecisionEffect) -> None:
    """Apply with what the decision already prepares for this action, then undo: the plan's own
    rules answer, in their own words."""
    others = [
        row
        for row in DecisionEffect.objects.filter(
            decision=effect.decision, action=effect.action_id, state=S.PREPARED
        ).select_related("agreement", "new_lead")
        if row.pk != effect.pk
    ]
    with transaction.atomic():
        refusals = write([*others, effect], actor=None, reason="")
        transaction.set_rollback(True)
    refusal = next((error for row, error in refusals if row is effect), None)
    if refusal is not None:
        wanted = "new_date" if refusal.field in STANDING.values() else refusal.field
        known = wanted if wanted in NEEDED[effect.kind] else NEEDED[effect.kind][0]
        raise DomainError(refusal.message, field=known)
