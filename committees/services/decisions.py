"""Decisions and their follow-up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from accounts.models import User
from actionplan.models import Action
from agreements.models import Agreement
from agreements.services import create_row, update_row
from committees.models import (
    Decision,
    Meeting,
)
from committees.services.carry import carry_over
from core.errors import DomainError


def next_number(agreement: Agreement, year: int) -> str:
    """« 2026-03 » : numbers run within a year and are never reused."""
    prefix = f"{year}-"
    numbers = Decision.objects.filter(agreement=agreement, number__startswith=prefix).values_list(
        "number", flat=True
    )
    ranks = [
        int(number.removeprefix(prefix))
        for number in numbers
        if number.removeprefix(prefix).isdigit()
    ]
    return f"{prefix}{max(ranks, default=0) + 1:02d}"


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
    if value("institutional") in (None, Decision.InstitutionalFollowUp.NONE) and (
        value("institutional_reference") or value("institutional_on")
    ):
        raise DomainError(
            "Dites où la décision est portée : conseil municipal, budget ou Caf.",
            field="institutional",
        )


@transaction.atomic
def take_decision(
    agreement: Agreement, *, actor: User | None, actions: Iterable[Action] = (), **fields: Any
) -> Decision:
    """Note a decision. A COPIL gives an opinion and votes no credits: see ``institutional``."""
    _check_choice(fields)
    Agreement.objects.select_for_update().get(pk=agreement.pk)
    if not fields.get("number"):
        fields["number"] = next_number(agreement, fields["decided_on"].year)
    decision = create_row(
        Decision,
        agreement,
        actor=actor,
        fields=fields,
        links={"actions": actions},
        sentence=f"a noté la décision n° {fields['number']}",
    )
    if decision.item is not None:
        # The point is treated: if it had come back on the next agenda, it leaves it.
        carry_over(decision.item.meeting.committee, actor=actor)
    return decision


def update_decision(
    decision: Decision,
    *,
    actor: User | None,
    expected_version: int | None = None,
    actions: Iterable[Action] | None = None,
    reason: str = "",
    **fields: Any,
) -> Decision:
    """Follow a decision. One that must go before the council is done once its act is known."""
    _check_choice(fields, decision)
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
    return update_row(
        decision,
        actor=actor,
        fields=fields,
        links=None if actions is None else {"actions": actions},
        expected_version=expected_version,
        reason=reason,
        sentence=f"a suivi la décision n° {decision.number}",
    )
