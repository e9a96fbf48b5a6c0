"""Cards of this room on the pages below: the decisions of an action, of a challenge."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat, JSONObject, Trim

from actionplan.models import Action
from agreements.access import Access
from agreements.panels import Panel, add_panel
from agreements.roles import Capability as C
from committees import register
from committees.effect_lines import ERASED, WAITING, EffectLine, K, effect_lines, shown_effects
from committees.effect_words import difference_words, subject
from committees.models import Decision, DecisionAction, DecisionEffect
from territory.models import Challenge

TEMPLATE = "committees/_panel_decisions.html"
DECISION_FIELDS = ("pk", "number", "text", "state", "due_on", "decided_on")
EFFECT_FIELDS = ("kind", "year", "nature", "state", "old_words", "new_words")


@dataclass(frozen=True)
class PanelRow:
    row: register.DecisionRow
    pending: list[EffectLine]
    """What the decision will change, once validated, voted or confirmed."""


def told_of_action() -> ArraySubquery:
    """The decisions of each action and what they will change in it, in the query of the action."""
    waiting = DecisionEffect.objects.filter(
        decision=OuterRef("pk"), action=OuterRef(OuterRef("pk")), state__in=WAITING
    ).order_by("pk")
    effects = waiting.values(
        told=JSONObject(
            **{name: name for name in EFFECT_FIELDS},
            amount=Cast("amount", TextField()),
            person=Trim(Concat("new_lead__first_name", Value(" "), "new_lead__last_name")),
        )
    )
    linked = DecisionAction.objects.filter(decision=OuterRef("pk"), action=OuterRef(OuterRef("pk")))
    changing = DecisionEffect.objects.filter(
        decision=OuterRef("pk"), action=OuterRef(OuterRef("pk"))
    )
    found = Decision.objects.filter(Exists(linked) | Exists(changing))
    return ArraySubquery(
        register.in_order(found, date.today()).values(
            told=JSONObject(
                **{name: name for name in DECISION_FIELDS}, effects=ArraySubquery(effects)
            )
        )
    )


def decisions_of_action(action: Action, access: Access, *, with_money: bool) -> Panel | None:
    """``action`` comes with ``told_decisions``: no query here."""
    told: list[dict[str, Any]] = action.told_decisions  # type: ignore[attr-defined]
    if not told or not access.can(C.COMMITTEES_VIEW):
        return None
    rows = []
    for facts in told:
        fields = {name: facts[name] for name in DECISION_FIELDS}
        for name in ("decided_on", "due_on"):
            fields[name] = date.fromisoformat(fields[name]) if fields[name] else None
        (row,) = register.rows_of([Decision(**fields)], date.today())
        lines = [_pending(effect) for effect in facts["effects"]]
        rows.append(PanelRow(row, [line for line in lines if with_money or not line.difference]))
    return Panel(TEMPLATE, rows)


def _pending(facts: dict[str, Any]) -> EffectLine:
    effect = DecisionEffect(**{name: facts[name] for name in EFFECT_FIELDS})
    amount = Decimal(facts["amount"]) if facts["amount"] else None
    return EffectLine(
        effect=effect,
        label=subject(effect),
        old=effect.old_words,
        new=(facts["person"] or ERASED) if effect.kind == K.LEAD else effect.new_words,
        difference=difference_words(amount) if amount is not None else "",
        when="",
    )


def decisions_of_challenge(challenge: Challenge, access: Access, **facts: Any) -> Panel | None:
    """Those that name it, and those on the actions that answer it."""
    found = _about(access, Q(challenges=challenge) | Q(actions__challenges=challenge))
    return _panel(
        found.prefetch_related(shown_effects()), access, with_money=access.can(C.MONEY_VIEW)
    )


def _about(access: Access, condition: Q) -> QuerySet[Decision]:
    known = Decision.objects.filter(condition, agreement=access.agreement).values("pk")
    found = Decision.objects.filter(pk__in=known).select_related("meeting__committee", "agreement")
    return register.in_order(found, date.today())


def _panel(found: QuerySet[Decision], access: Access, *, with_money: bool) -> Panel | None:
    """Nothing when nothing was decided, or for whoever may not read the committees."""
    if not access.can(C.COMMITTEES_VIEW):
        return None
    today = date.today()
    rows = register.rows_of(found, today)
    if not rows:
        return None
    waiting = [
        effect
        for row in rows
        for effect in row.decision.shown_effects  # type: ignore[attr-defined]
        if effect.state in WAITING
    ]
    lines: dict[int, list[EffectLine]] = {}
    for line in effect_lines(waiting, with_money=with_money, on=today):
        lines.setdefault(line.effect.decision_id, []).append(line)
    return Panel(TEMPLATE, [PanelRow(row, lines.get(row.decision.pk, [])) for row in rows])


def register_panels() -> None:
    add_panel(
        Action._meta.label_lower,
        decisions_of_action,
        annotations={"told_decisions": told_of_action},
    )
    add_panel(Challenge._meta.label_lower, decisions_of_challenge)
