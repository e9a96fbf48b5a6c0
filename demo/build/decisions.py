"""Decisions that changed the plan: applied with the record of the COPIL held, waiting for the vote,
taken elsewhere. Comes after the plan was signed, so that its changes name them."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.db.models import Max
from django.utils import timezone

from actionplan.models import Action, Funding, FundingStage
from actionplan.services import set_funding
from agreements.models import JournalEntry
from committees.effect_words import reason_of
from committees.models import Decision, DecisionEffect, Meeting
from committees.services import (
    apply_elsewhere,
    prepare_effect,
    take_decision,
    update_decision,
)
from demo.build.context import Example
from demo.build.session import build_sessions
from demo.content import decisions as content
from demo.content.meetings import DECISIONS

K = DecisionEffect.Kind
MONEY = ["actionplan.budgetline", "actionplan.funding"]
HISTORY: Any = Action.history  # type: ignore[attr-defined]


def build_decisions(example: Example) -> None:
    meeting = Decision.objects.filter(agreement=example.agreement).latest("decided_on").meeting
    assert meeting is not None
    start = _mark()
    _await_vote(example)
    voted = [_decide(example, meeting, *facts) for facts in content.MORE_DECISIONS]
    build_sessions(example)
    for decision, act in voted:
        if act is not None and _is_taken(example.day(act[2])):
            rank, on, received = act
            update_decision(
                decision, actor=example.actor,
                institutional_reference=example.act_number(on, rank), institutional_on=example.day(on), legality_on=example.day(received),
            )  # fmt: skip
    _elsewhere(example)
    _date_first_act(example)
    _fund(example)
    example.extra["decided"] = start


def _is_taken(day: date) -> bool:
    """An act is noted once it is taken: an example dated in the years to come has none yet."""
    return day <= date.today()


def _mark() -> int:
    return JournalEntry.objects.aggregate(top=Max("pk"))["top"] or 0


def _decide(
    example: Example,
    meeting: Meeting,
    text: str,
    responsible: str,
    due: int,
    state: str,
    follow_up: str,
    institutional: str,
    actions: tuple[str, ...],
    effects: tuple[tuple[str, str, Any, int, str], ...],
    act: tuple[str, int, int] | None,
) -> tuple[Decision, tuple[str, int, int] | None]:
    decision = take_decision(
        example.agreement, actor=example.actor, meeting=meeting, decided_on=meeting.on, text=text,
        responsible=example.contacts[responsible], due_on=max(example.day(due), meeting.on),
        state=state, follow_up=follow_up, institutional=institutional,
        actions=example.pick("actions", actions),
    )  # fmt: skip
    for code, kind, value, ahead, nature in effects:
        action = example.actions[code]
        if kind == K.BUDGET:
            given = {"amount": value, "year": _year(example, ahead), "nature": nature}
        elif example.day(value) == action.due_on:
            continue  # both stand on the last day of the agreement: nothing is put off
        else:
            given = {"new_date": example.day(value)}
        prepare_effect(decision, actor=example.actor, action=action, kind=kind, **given)
    return decision, act


def _await_vote(example: Example) -> None:
    """A decision noted in June, whose credits the council has yet to vote."""
    code, amount, ahead, nature = content.AWAITING_VOTE
    action = example.actions[code]
    decision = Decision.objects.get(
        agreement=example.agreement, actions=action, institutional_reference="",
        institutional=Decision.InstitutionalFollowUp.COUNCIL,
    )  # fmt: skip
    prepare_effect(
        decision, actor=example.actor, action=action, kind=K.BUDGET, amount=amount,
        year=_year(example, ahead), nature=nature,
    )  # fmt: skip


def _year(example: Example, ahead: int) -> int:
    return min(example.year + ahead, example.agreement.ends_on.year)


def _elsewhere(example: Example) -> None:
    on = example.day(content.ELSEWHERE_DAY)
    if not _is_taken(example.day(content.ELSEWHERE_LEGALITY)):
        return
    decision = take_decision(
        example.agreement, actor=example.actor, decided_on=on, institutional_on=on,
        legality_on=example.day(content.ELSEWHERE_LEGALITY),
        institutional_reference=example.act_number(content.ELSEWHERE_DAY, content.ELSEWHERE_RANK),
        responsible=example.contacts["france_services"],
        actions=example.pick("actions", (content.ELSEWHERE_ACTION,)), **content.ELSEWHERE,
    )  # fmt: skip
    prepare_effect(
        decision, actor=example.actor, action=example.actions[content.ELSEWHERE_ACTION],
        kind=K.BUDGET, amount=content.ELSEWHERE_AMOUNT, year=_year(example, 1), nature="operating",
    )  # fmt: skip
    apply_elsewhere(decision, actor=example.actor, on=on)


def _date_first_act(example: Example) -> None:
    """The délibération of the micro-crèche has its date too: the reference says it."""
    if not _is_taken(example.day(content.FIRST_ACT_LEGALITY)):
        return
    texts = [row[0] for row in DECISIONS if row[6]]
    for decision in Decision.objects.filter(agreement=example.agreement, text__in=texts):
        update_decision(
            decision, actor=example.actor, institutional_on=example.day(content.FIRST_ACT),
            legality_on=example.day(content.FIRST_ACT_LEGALITY),
        )  # fmt: skip


def _fund(example: Example) -> None:
    """The commune pays what its council voted: the sheets stay balanced."""
    commune = example.organisations["ville"]
    applied = DecisionEffect.objects.filter(
        agreement=example.agreement, state=DecisionEffect.State.APPLIED, kind=K.BUDGET
    )
    for effect in applied.select_related("action__agreement", "decision__meeting__committee"):
        assert effect.year is not None
        start = _mark()
        stage = FundingStage.PLANNED
        known = Funding.objects.filter(
            action=effect.action, funder=commune, year=effect.year, stage=stage, scheme=""
        ).first()
        set_funding(
            effect.action, actor=example.actor, funder=commune, year=effect.year, stage=stage,
            amount=(known.amount if known else Decimal(0)) + (effect.amount or Decimal(0)),
            stated_on=effect.decision.institutional_on, is_estimate=False,
        )  # fmt: skip
        JournalEntry.objects.filter(pk__gt=start).update(reason=reason_of(effect.decision))


def date_decisions(example: Example) -> None:
    """Each act on its own day, once the rest is put in the past."""
    decided = Decision.objects.filter(agreement=example.agreement)
    for decision in decided:
        JournalEntry.objects.filter(
            agreement=example.agreement, verb="create", target_id=decision.pk,
            target_type=Decision._meta.label_lower,
        ).update(at=_at(decision.decided_on))  # fmt: skip
    for effect in DecisionEffect.objects.filter(decision__in=decided, applied_at__isnull=False):
        decision = effect.decision
        on = example.day(content.VALIDATED) if decision.meeting_id else decision.decided_on
        if effect.is_money and decision.institutional_on:
            on = decision.institutional_on
        DecisionEffect.objects.filter(pk=effect.pk).update(applied_at=_at(on))
        named = f"{decision.number} "
        JournalEntry.objects.filter(
            agreement=example.agreement, pk__gt=example.extra["decided"], reason__contains=named,
            target_type__in=MONEY if effect.is_money else ["actionplan.action"],
        ).update(at=_at(on))  # fmt: skip
        HISTORY.filter(
            id=effect.action_id, history_change_reason__contains=named
        ).update(history_date=_at(on))  # fmt: skip


def _at(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(10)))
