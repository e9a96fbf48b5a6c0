"""Decisions and their follow-up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction

from accounts.models import User
from actionplan.models import Action
from agreements.models import Agreement
from agreements.services import create_row, update_row
from committees.models import Decision, DecisionEffect, Meeting
from committees.services.carry import carry_over
from committees.services.effects import apply_voted, set_aside_all
from committees.services.locking import lock_decisions, refuse_if_locked
from core.errors import DomainError
from core.formats import NBSP, date_long, shortened
from territory.models import Challenge

NOWHERE = Decision.InstitutionalFollowUp.NONE
WRITTEN = ("meeting", "item", "chosen_option", "number", "decided_on", "text")
"""What the record says, and its validation locks. What becomes of the decision stays open."""


# --- Numbers ----------------------------------------------------------------------------------
def _deleted_numbers(agreement: Agreement, **where: Any) -> set[str]:
    history = Decision.history.filter(agreement=agreement, history_type="-", **where)  # type: ignore[attr-defined]
    return set(history.values_list("number", flat=True))


def next_number(agreement: Agreement, year: int) -> str:
    """« 2026-03 »: numbers run within a year and are never given again, even after a deletion."""
    prefix = f"{year}-"
    numbers = _deleted_numbers(agreement, number__startswith=prefix) | set(
        Decision.objects.filter(agreement=agreement, number__startswith=prefix).values_list(
            "number", flat=True
        )
    )
    ranks = [
        int(number.removeprefix(prefix))
        for number in numbers
        if number.removeprefix(prefix).isdecimal()
    ]
    return f"{prefix}{max(ranks, default=0) + 1:02d}"


def _check_number(agreement: Agreement, number: str) -> None:
    taken = Decision.objects.filter(agreement=agreement, number=number).first()
    if taken is not None:
        raise DomainError(
            f"Le numéro {number} est déjà celui de la décision du {date_long(taken.decided_on)}"
            f"{NBSP}: « {shortened(taken.text, 80)} ».",
            field="number",
        )
    if number in _deleted_numbers(agreement, number=number):
        raise DomainError(
            f"Le numéro {number} a été celui d'une décision supprimée : il n'est pas redonné.",
            field="number",
        )


# --- Rules ------------------------------------------------------------------------------------
def _check_choice(fields: Mapping[str, Any], decision: Decision | None = None) -> None:
    """What was decided belongs together: the meeting, its point, and one of the point's options."""

    def value(name: str) -> Any:
        return fields[name] if name in fields else getattr(decision, name, None)

    meeting, item, option = value("meeting"), value("item"), value("chosen_option")
    if meeting is not None and meeting.state == Meeting.State.CANCELLED:
        raise DomainError("Cette réunion est annulée : elle ne décide rien.", field="meeting")
    if item is not None and (meeting is None or item.meeting_id != meeting.pk):
        raise DomainError("Ce point n'est pas à l'ordre du jour de cette réunion.", field="item")
    if option is not None and (item is None or option.point.item_id != item.pk):
        raise DomainError(
            "Cette option n'est pas une option du point choisi.", field="chosen_option"
        )
    elsewhere = meeting is None and value("taken_by")
    if value("institutional") in (None, NOWHERE) and not elsewhere:
        acts = ("institutional_reference", "institutional_on", "legality_on", "amendment")
        if any(value(name) for name in acts):
            raise DomainError(
                "Dites où la décision est portée : conseil municipal, budget ou Caf.",
                field="institutional",
            )
    _check_acts(value("institutional_on"), value("legality_on"))


def _check_acts(act_on: date | None, legality_on: date | None) -> None:
    for name, day in (("institutional_on", act_on), ("legality_on", legality_on)):
        if day is not None and day > date.today():
            raise DomainError("Cette date est à venir : notez l'acte une fois pris.", field=name)
    if legality_on is not None and (act_on is None or legality_on < act_on):
        raise DomainError(
            "L'acte est pris, puis transmis au contrôle de légalité : vérifiez les deux dates.",
            field="legality_on",
        )


def _check_money(fields: Mapping[str, Any], decision: Decision) -> None:
    """Credits that wait for a vote go on waiting for one; those voted keep the act that did it."""
    effects = DecisionEffect.objects.filter(decision=decision, kind=DecisionEffect.Kind.BUDGET)
    institutional = fields.get("institutional", decision.institutional)
    if (
        institutional == NOWHERE != decision.institutional
        and effects.filter(state=DecisionEffect.State.PENDING_VOTE).exists()
    ):
        raise DomainError(
            "Des crédits de cette décision attendent un vote : écartez-les d'abord.",
            field="institutional",
        )
    for name in ("institutional_reference", "institutional_on"):
        emptied = name in fields and not fields[name] and getattr(decision, name)
        if emptied and effects.filter(state=DecisionEffect.State.APPLIED).exists():
            raise DomainError(
                "Des crédits sont entrés au plan par cet acte : corrigez-le, ne l'effacez pas.",
                field=name,
            )


# --- Writes -----------------------------------------------------------------------------------
@transaction.atomic
def take_decision(
    agreement: Agreement,
    *,
    actor: User | None,
    actions: Iterable[Action] = (),
    challenges: Iterable[Challenge] = (),
    **fields: Any,
) -> Decision:
    """Note a decision. A COPIL gives an opinion and votes no credits: see ``institutional``.

    One taken elsewhere has no meeting, and says who took it (``taken_by``).
    """
    lock_decisions(agreement)
    refuse_if_locked(fields.get("meeting"))
    _check_choice(fields)
    if fields.get("number"):
        _check_number(agreement, fields["number"])
    else:
        fields["number"] = next_number(agreement, fields["decided_on"].year)
    decision = create_row(
        Decision,
        agreement,
        actor=actor,
        fields=fields,
        links={"actions": actions, "challenges": challenges},
        sentence=f"a noté la décision n° {fields['number']}",
    )
    if decision.item is not None:
        # The point is treated: if it had come back on the next agenda, it leaves it.
        carry_over(decision.item.meeting.committee, actor=actor)
    return decision


@transaction.atomic
def update_decision(
    decision: Decision,
    *,
    actor: User | None,
    expected_version: int | None = None,
    actions: Iterable[Action] | None = None,
    challenges: Iterable[Challenge] | None = None,
    reason: str = "",
    **fields: Any,
) -> Decision:
    """Follow a decision. One that must go before the council is done once its act is known.

    The act's number and date open the way to the money that waited for it; a decision dropped takes
    its prepared effects with it. Raises ``DomainError`` for what a validated record locks.
    """
    lock_decisions(decision.agreement)
    stored = Decision.objects.select_related("meeting").get(pk=decision.pk)
    if any(name in fields and fields[name] != getattr(stored, name) for name in WRITTEN):
        refuse_if_locked(stored.meeting)
        refuse_if_locked(fields.get("meeting"))
    _check_choice(fields, decision)
    _check_money(fields, stored)
    if fields.get("number", stored.number) != stored.number:
        _check_number(decision.agreement, fields["number"])
    state = fields.get("state", decision.state)
    council = (
        fields.get("institutional", decision.institutional)
        == Decision.InstitutionalFollowUp.COUNCIL
    )
    reference = fields.get("institutional_reference", decision.institutional_reference)
    if state == Decision.State.DONE and council and not reference:
        raise DomainError(
            "Donnez le numéro de la délibération : sans elle, la décision n'est pas faite.",
            field="institutional_reference",
        )
    given = {"actions": actions, "challenges": challenges}
    row = update_row(
        decision,
        actor=actor,
        fields=fields,
        links={name: targets for name, targets in given.items() if targets is not None},
        expected_version=expected_version,
        reason=reason,
        sentence=f"a suivi la décision n° {decision.number}",
    )
    if row.state == Decision.State.DROPPED and stored.state != row.state:
        set_aside_all(row, actor=actor)
    apply_voted(row, actor=actor, on=date.today())
    return row
