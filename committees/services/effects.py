"""What a decision changes in the plan, applied once its record is validated (see
``effects_preparing`` for what comes before).

Applying goes through the plan's own services: its rules hold, its history and the journal name the
decision. What they refuse, or what the plan says otherwise since, waits for somebody: it is never
half written and never stops the record from being validated (docs/decisions/executable-decisions.md).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from agreements.services import update_row
from committees.effect_words import (
    current_value,
    reason_of,
    stored_words,
    subject,
    value_after,
    value_words,
)
from committees.models import Decision, DecisionEffect, Meeting
from committees.services.effects_writing import DROPPED, locked_action, write
from committees.services.locking import is_locked, lock_decisions
from core.errors import DomainError

K, S = DecisionEffect.Kind, DecisionEffect.State
VOTED_BY = (Decision.InstitutionalFollowUp.COUNCIL, Decision.InstitutionalFollowUp.BUDGET)
"""Where credits are voted. A committee gives an opinion and votes none (domaine.md §1.3)."""
ALREADY = "Le plan le disait déjà."


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
    effect = fresh(effect)
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
    refusals = write([effect], actor=actor, reason=reason_of(effect.decision))
    if refusals:
        raise refusals[0][1]
    return _note_applied(effect, before, actor=actor)


@transaction.atomic
def set_aside_effect(effect: DecisionEffect, *, actor: User | None, reason: str) -> DecisionEffect:
    """It will not be applied, and one says why: the vote was refused, the plan says better since."""
    lock_decisions(effect.agreement)
    effect = fresh(effect)
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
    """Nobody votes credits in a committee, whatever follow-up it notes. A decision taken elsewhere
    is its own act, unless it says that others must vote."""
    decision = effect.decision
    must_be_voted = decision.meeting_id is not None or decision.institutional in VOTED_BY
    return effect.is_money and must_be_voted and not is_voted(decision, on)


def can_change(effect: DecisionEffect) -> bool:
    return effect.state == S.PREPARED and not is_locked(effect.decision.meeting)


def value_now(effect: DecisionEffect) -> str:
    """What the plan says now of what the effect changes, as ``confirm_effect`` takes ``seen``."""
    return current_value(effect.action, effect.kind, effect.year, effect.nature)


def _now(effect: DecisionEffect) -> str:
    action = locked_action(effect)
    return current_value(action, effect.kind, effect.year, effect.nature)


def _apply(
    effects: Iterable[DecisionEffect], *, actor: User | None, on: date
) -> list[DecisionEffect]:
    """Under the lock. Decision by decision, in the order in which they were prepared."""
    found = [fresh(effect) for effect in sorted(effects, key=lambda row: (row.decision_id, row.pk))]
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
        effect.pk: error.message for effect, error in write(ready, actor=actor, reason=reason)
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


def fresh(effect: DecisionEffect) -> DecisionEffect:
    return DecisionEffect.objects.select_related(
        "decision__meeting__committee", "decision__agreement", "agreement", "action", "new_lead"
    ).get(pk=effect.pk)


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
