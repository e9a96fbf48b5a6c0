"""What a decision changes in the plan: prepared with it, applied once its record is validated.

Applying goes through the plan's own services: its rules hold, its history and the journal name the
decision. What they refuse, or what the plan says otherwise since, waits for somebody: it is never
half written and never stops the record from being validated (docs/decisions/executable-decisions.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from actionplan import services as plan
from actionplan.models import Action, ActionStatus
from agreements.services import check, create_row, delete_row, set_links, update_row
from committees.effect_words import (
    STANDING,
    current_value,
    difference_words,
    reason_of,
    stored_words,
    subject,
    value_after,
    value_words,
)
from committees.models import Decision, DecisionEffect, Meeting
from committees.services.locking import is_locked, lock_decisions, refuse_if_locked
from core.errors import DomainError
from core.formats import date_long

K, S = DecisionEffect.Kind, DecisionEffect.State
VOTED_BY = (Decision.InstitutionalFollowUp.COUNCIL, Decision.InstitutionalFollowUp.BUDGET)
"""Where credits are voted. A committee gives an opinion and votes none (domaine.md §1.3)."""
VALUES = ("new_date", "new_status", "new_lead", "amount", "year", "nature")
NEEDED: dict[str, tuple[str, ...]] = {
    K.DUE_ON: ("new_date",),
    K.STARTS_ON: ("new_date",),
    K.STATUS: ("new_status",),
    K.LEAD: ("new_lead",),
    K.BUDGET: ("amount", "year", "nature"),
}
DROPPED = "La décision est abandonnée."
ALREADY = "Le plan le disait déjà."
LOST_LEAD = "La personne choisie n'est plus dans les partenaires : écartez cet effet."


# --- Preparing ------------------------------------------------------------------------------
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


def _fresh(effect: DecisionEffect) -> DecisionEffect:
    return DecisionEffect.objects.select_related(
        "decision__meeting__committee", "decision__agreement", "agreement", "action", "new_lead"
    ).get(pk=effect.pk)


def _prepared(effect: DecisionEffect) -> DecisionEffect:
    _open(effect.decision)
    effect = _fresh(effect)
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
        refusals = _write([*others, effect], actor=None, reason="")
        transaction.set_rollback(True)
    refusal = next((error for row, error in refusals if row is effect), None)
    if refusal is not None:
        wanted = "new_date" if refusal.field in STANDING.values() else refusal.field
        known = wanted if wanted in NEEDED[effect.kind] else NEEDED[effect.kind][0]
        raise DomainError(refusal.message, field=known)


# --- Writing in the plan ----------------------------------------------------------------------
def _write(
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
    action = _locked_action(effect)
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


def _locked_action(effect: DecisionEffect) -> Action:
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


# --- Applying -------------------------------------------------------------------------------
@transaction.atomic
def apply_effects(meeting: Meeting, *, actor: User | None, on: date) -> list[DecisionEffect]:
    """The record of ``meeting`` is validated: its decisions enter the plan.

    Money that the council must vote waits for the act; what the plan refuses, or says otherwise
    since, waits for a confirmation. Never raises for those. Calling it again applies nothing twice.
    Returns the effects handled, each in its new state.
    """
    lock_decisions(meeting.agreement)
    return _apply(
        DecisionEffect.objects.filter(decision__meeting=meeting, state=S.PREPARED),
        actor=actor,
        on=on,
    )


@transaction.atomic
def apply_voted(decision: Decision, *, actor: User | None, on: date) -> list[DecisionEffect]:
    """The act is known: the money that waited for it enters the plan."""
    lock_decisions(decision.agreement)
    if not is_voted(decision, on):
        return []
    waiting = DecisionEffect.objects.filter(decision=decision, state=S.PENDING_VOTE)
    return _apply(waiting, actor=actor, on=on)


@transaction.atomic
def apply_elsewhere(decision: Decision, *, actor: User | None, on: date) -> list[DecisionEffect]:
    """A decision taken elsewhere has no record to validate: it enters the plan on demand, once the
    reference of its act is known."""
    lock_decisions(decision.agreement)
    decision = Decision.objects.select_related("agreement").get(pk=decision.pk)
    if decision.meeting_id is not None:
        raise DomainError("Cette décision entre au plan quand le relevé de sa réunion est validé.")
    if not decision.institutional_reference:
        raise DomainError(
            "Donnez d'abord la référence de l'acte : elle est inscrite dans l'historique du plan.",
            field="institutional_reference",
        )
    return _apply(
        DecisionEffect.objects.filter(decision=decision, state=S.PREPARED), actor=actor, on=on
    )


@transaction.atomic
def confirm_effect(
    effect: DecisionEffect, *, actor: User | None, on: date, seen: str | None = None
) -> DecisionEffect:
    """Somebody accepts that the plan has changed: applied on what it says today.

    ``seen``: the value of the plan under their eyes. Raises ``DomainError`` when it has moved again,
    and with the plan's sentence when it still refuses: nothing is written then.
    """
    lock_decisions(effect.agreement)
    effect = _fresh(effect)
    if effect.state != S.CONFLICT:
        raise DomainError(
            f"Cet effet est « {effect.get_state_display()} » : rien n'est à confirmer."
        )
    if needs_vote(effect, on):
        raise DomainError(
            "Ces crédits attendent un vote : donnez d'abord la délibération et sa date."
        )
    before = _now(effect)
    if seen is not None and seen != before:
        raise DomainError("Le plan a encore changé : relisez ce qui serait écrit, puis confirmez.")
    refusals = _write([effect], actor=actor, reason=reason_of(effect.decision))
    if refusals:
        raise refusals[0][1]
    return _note_applied(effect, before, actor=actor)


@transaction.atomic
def set_aside_effect(effect: DecisionEffect, *, actor: User | None, reason: str) -> DecisionEffect:
    """It will not be applied, and one says why: the vote was refused, the plan says better since."""
    lock_decisions(effect.agreement)
    effect = _fresh(effect)
    if effect.state in (S.APPLIED, S.SET_ASIDE):
        raise DomainError(f"Cet effet est « {effect.get_state_display()} » : il ne change plus.")
    if not reason.strip():
        raise DomainError("Dites pourquoi cet effet est écarté.", field="reason")
    return _note(effect, S.SET_ASIDE, reason.strip(), actor=actor)


def set_aside_all(decision: Decision, *, actor: User | None) -> None:
    """The decision is dropped: nothing of it will enter the plan any more."""
    waiting = DecisionEffect.objects.filter(decision=decision)
    for effect in waiting.exclude(state__in=[S.APPLIED, S.SET_ASIDE]):
        set_aside_effect(effect, actor=actor, reason=DROPPED)


def is_voted(decision: Decision, on: date) -> bool:
    """The act has its number and its date, and the date is not to come."""
    return bool(
        decision.institutional_reference
        and decision.institutional_on
        and decision.institutional_on <= on
    )


def needs_vote(effect: DecisionEffect, on: date) -> bool:
    decision = effect.decision
    return effect.is_money and decision.institutional in VOTED_BY and not is_voted(decision, on)


def can_change(effect: DecisionEffect) -> bool:
    return effect.state == S.PREPARED and not is_locked(effect.decision.meeting)


def _now(effect: DecisionEffect) -> str:
    action = _locked_action(effect)
    return current_value(action, effect.kind, effect.year, effect.nature)


def _apply(
    effects: Iterable[DecisionEffect], *, actor: User | None, on: date
) -> list[DecisionEffect]:
    """Under the lock. Decision by decision, in the order in which they were prepared."""
    found = [
        _fresh(effect) for effect in sorted(effects, key=lambda row: (row.decision_id, row.pk))
    ]
    by_decision: dict[int, list[DecisionEffect]] = {}
    for effect in found:
        if effect.decision.state == Decision.State.DROPPED:
            _note(effect, S.SET_ASIDE, DROPPED, actor=actor)
        elif needs_vote(effect, on):
            _note(effect, S.PENDING_VOTE, "", actor=actor)
        else:
            by_decision.setdefault(effect.decision_id, []).append(effect)
    for group in by_decision.values():
        _apply_group(group, actor=actor)
    return found


def _apply_group(effects: list[DecisionEffect], *, actor: User | None) -> None:
    reason = reason_of(effects[0].decision)
    for effect in effects:  # a decision applied just before may have moved the same budget
        effect.refresh_from_db(fields=["old_value", "old_words", "new_words"])
    before = {effect.pk: _now(effect) for effect in effects}
    ready = []
    for effect in effects:
        if before[effect.pk] == effect.old_value:
            ready.append(effect)
        elif _is_there(effect, before[effect.pk]):
            _note_applied(effect, before[effect.pk], actor=actor, words=ALREADY)
        else:
            _note(effect, S.CONFLICT, _moved(effect, before[effect.pk]), actor=actor)
    refused = {
        effect.pk: error.message for effect, error in _write(ready, actor=actor, reason=reason)
    }
    for effect in ready:
        if effect.pk in refused:
            _note(effect, S.CONFLICT, f"Le plan le refuse : {refused[effect.pk]}", actor=actor)
        else:
            _note_applied(effect, before[effect.pk], actor=actor)


def _is_there(effect: DecisionEffect, now: str) -> bool:
    """Somebody already wrote what was decided. A difference of money is never taken as written."""
    if effect.is_money or (effect.kind == K.LEAD and effect.new_lead_id is None):
        return False
    return now == value_after(effect, effect.old_value)


def _moved(effect: DecisionEffect, now: str) -> str:
    if effect.kind == K.LEAD:
        return "L'action a changé de pilote depuis que l'effet a été préparé."
    words = value_words(effect.kind, now)
    return f"Préparé quand le plan disait « {effect.old_words} » ; il dit aujourd'hui « {words} »."


def _note(effect: DecisionEffect, state: str, reason: str, *, actor: User | None) -> DecisionEffect:
    told = {
        S.PENDING_VOTE: "a laissé sous réserve du vote",
        S.CONFLICT: "a laissé à confirmer",
        S.SET_ASIDE: "a écarté",
    }[S(state)]
    return update_row(
        effect,
        actor=actor,
        fields={"state": state, "state_reason": reason[:300]},
        reason=reason,
        sentence=f"{told} un effet de la décision n° {effect.decision.number} : {subject(effect)} "
        f"de l'action {effect.action.code}",
    )


def _note_applied(
    effect: DecisionEffect, before: str, *, actor: User | None, words: str = ""
) -> DecisionEffect:
    """The words say what was written, on what the plan said at that moment."""
    fields: dict[str, Any] = {
        "state": S.APPLIED,
        "state_reason": words,
        "applied_at": timezone.now(),
        "applied_by": actor,
    }
    if not words:
        fields["old_value"] = before
        fields["old_words"], fields["new_words"] = stored_words(effect, before)
    row = update_row(effect, actor=actor, fields=fields, sentence="")
    if effect.is_money and not words:
        _follow_budget(effect, before)
    return row


def _follow_budget(applied: DecisionEffect, before: str) -> None:
    """Differences add up: what another decision prepared on the same budget is counted from the
    new amount. That is no surprise for anybody, since a committee decided it."""
    after = value_after(applied, before)
    others = DecisionEffect.objects.filter(
        action=applied.action_id, kind=K.BUDGET, year=applied.year, nature=applied.nature,
        old_value=before, state__in=[S.PREPARED, S.PENDING_VOTE],
    ).exclude(pk=applied.pk)  # fmt: skip
    for other in others:
        other.old_value = after
        other.old_words, other.new_words = stored_words(other, after)
        other.save(update_fields=["old_value", "old_words", "new_words"])
