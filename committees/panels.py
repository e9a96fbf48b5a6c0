"""Cards of this room on the pages below: the decisions of an action, of a challenge."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from actionplan.models import Action
from agreements.access import Access
from agreements.panels import Panel, add_panel
from agreements.roles import Capability as C
from committees import register
from committees.effect_lines import WAITING, EffectLine, effect_lines, shown_effects
from committees.models import Decision
from territory.models import Challenge

TEMPLATE = "committees/_panel_decisions.html"


@dataclass(frozen=True)
class PanelRow:
    row: register.DecisionRow
    pending: list[EffectLine]
    """What the decision will change, once validated, voted or confirmed."""


def decisions_of_action(action: Action, access: Access, *, with_money: bool) -> Panel | None:
    found = _about(access, Q(actions=action) | Q(effects__action=action))
    return _panel(found.prefetch_related(shown_effects(action)), access, with_money=with_money)


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
    add_panel(Action._meta.label_lower, decisions_of_action)
    add_panel(Challenge._meta.label_lower, decisions_of_challenge)
