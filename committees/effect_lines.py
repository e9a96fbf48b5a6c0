"""The effects of decisions as they are read: old → new, the state in words, amounts for those who
may see them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from actionplan.models import Action
from agreements.models import Agreement
from committees.effect_words import (
    UNKNOWN,
    current_value,
    difference_words,
    subject,
    value_after,
    value_words,
)
from committees.models import Decision, DecisionEffect
from committees.services import needs_vote
from core.formats import NBSP, date_long, plural
from partners.models import Contact

K, S = DecisionEffect.Kind, DecisionEffect.State
ERASED = "personne effacée"
WAITING = (S.PREPARED, S.PENDING_VOTE, S.CONFLICT)


@dataclass(frozen=True)
class EffectLine:
    effect: DecisionEffect
    label: str
    """« échéance », « budget 2027, fonctionnement »."""
    old: str
    new: str
    difference: str
    """« +4 000 € » for a budget, else empty."""
    when: str
    """What its state means: when it applies, or why it does not."""
    now: str = ""
    """Of what waits for a confirmation: what the plan says today."""
    result: str = ""
    """Of what waits for a confirmation: what the plan would say once confirmed."""

    @property
    def state(self) -> str:
        return str(self.effect.state)

    @property
    def action(self) -> Action:
        return self.effect.action

    @property
    def change(self) -> str:
        """« +4 000 € », « → 30 juin 2027 »: the change alone, for a line of another page."""
        return self.difference or f"→ {self.new}"


def effects(agreement: Agreement) -> QuerySet[DecisionEffect]:
    return DecisionEffect.objects.filter(agreement=agreement).select_related(
        "decision__meeting__committee", "decision__agreement", "action", "new_lead", "agreement"
    )


def shown_effects() -> Prefetch:
    """The effects of decisions, as ``effect_lines`` reads them, in one more query."""
    rows = DecisionEffect.objects.select_related("action", "new_lead").order_by("pk")
    return Prefetch("effects", rows, to_attr="shown_effects")


def effect_lines(
    rows: Iterable[DecisionEffect], *, with_money: bool, on: date, with_now: bool = False
) -> list[EffectLine]:
    """In a constant number of queries; ``with_now`` reads the plan for each that waits for a
    confirmation. Without the right to see money, an effect on a budget is not there at all."""
    kept = [row for row in rows if with_money or not row.is_money]
    keys = {row.old_value for row in kept if row.kind == K.LEAD and row.old_value}
    people = {
        str(person.pk): str(person) for person in Contact.objects.filter(pk__in=keys)
    } if keys else {}  # fmt: skip
    return [_line(row, people, on, with_now=with_now) for row in kept]


def _line(
    effect: DecisionEffect, people: dict[str, str], on: date, *, with_now: bool
) -> EffectLine:
    old, new = effect.old_words, effect.new_words
    if effect.kind == K.LEAD:
        old = people.get(effect.old_value, ERASED) if effect.old_value else UNKNOWN
        new = str(effect.new_lead or ERASED)
    now, result = "", ""
    if with_now and effect.state == S.CONFLICT:
        value = current_value(effect.action, effect.kind, effect.year, effect.nature)
        now, result = value_words(effect.kind, value), new
        if effect.kind == K.LEAD:
            now = str(effect.action.lead_contact or UNKNOWN)
        elif effect.is_money:
            result = value_words(effect.kind, value_after(effect, value))
    return EffectLine(
        effect=effect,
        label=subject(effect),
        old=old,
        new=new,
        difference=difference_words(effect.amount) if effect.amount is not None else "",
        when=_when(effect, on),
        now=now,
        result=result,
    )


def _when(effect: DecisionEffect, on: date) -> str:
    if effect.state == S.PREPARED:
        if effect.decision.meeting_id is None:
            return "s'appliquera quand on le demandera, une fois l'acte connu"
        vote = ", puis du vote" if needs_vote(effect, on) else ""
        return f"s'appliquera à la validation du relevé{vote}"
    if effect.state == S.PENDING_VOTE:
        if effect.decision.institutional == Decision.InstitutionalFollowUp.NONE:
            return (
                "s'appliquera quand vous aurez dit qui vote ces crédits, et noté l'acte et sa date"
            )
        return "s'appliquera quand le numéro et la date de l'acte seront notés"
    if effect.state == S.APPLIED and effect.applied_at:
        told = f"le {date_long(timezone.localdate(effect.applied_at))}"
        return f"{told} : {effect.state_reason}" if effect.state_reason else told
    return effect.state_reason


def effects_told(decision: Decision) -> str:
    """« Au plan : 1 changement sous réserve du vote. »: what does not stand in the plan yet, without
    an amount, for a document that lists decisions. ``decision`` comes with ``shown_effects``."""
    counts = Counter(effect.state for effect in decision.shown_effects)  # type: ignore[attr-defined]
    words = {
        S.PREPARED: "à la validation du relevé",
        S.PENDING_VOTE: "sous réserve du vote",
        S.CONFLICT: "à confirmer",
    }
    told = [
        f"{plural(counts[state], 'changement')} {when}"
        for state, when in words.items()
        if counts[state]
    ]
    return f"Au plan{NBSP}: {', '.join(told)}." if told else ""
