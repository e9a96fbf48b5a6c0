"""The planned money of the plan as cells, and a variant laid over them.

A cell is one action, one year and either a nature of expense or a funder with its scheme. The plan
may hold several lines for one cell of expense (« postes »): a variant speaks of their sum.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from actionplan.models import (
    Action,
    ActionStatus,
    BudgetLine,
    BudgetVariant,
    Funding,
    FundingStage,
    VariantFunding,
    VariantLine,
)
from agreements.models import Agreement
from partners.models import Organisation

Amount = Decimal | None
ExpenseKey = tuple[int, int, str]
"""(action, year, nature)."""
FundingKey = tuple[int, int, int, str]
"""(action, year, funder, scheme)."""

FIRM = (FundingStage.REQUESTED, FundingStage.GRANTED)
"""Agreed otherwise than as a forecast: a variant does not touch them."""


@dataclass
class PlannedMoney:
    """What the plan says today. ``firm``: fundings asked for or granted, which stand in place of the
    forecast of the same funder, scheme and year."""

    expenses: dict[ExpenseKey, Amount] = field(default_factory=dict)
    fundings: dict[FundingKey, Amount] = field(default_factory=dict)
    firm: dict[FundingKey, tuple[Decimal, str]] = field(default_factory=dict)
    funders: dict[int, str] = field(default_factory=dict)
    own: set[int] = field(default_factory=set)
    """Funders that are the commune itself, or one of its services: they do not lighten its share."""


def live_actions(agreement: Agreement) -> list[Action]:
    """Those that a variant may touch: in the plan, and not given up."""
    return list(
        Action.objects.filter(agreement=agreement)
        .active()
        .exclude(status=ActionStatus.DROPPED)
        .select_related("orientation", "agreement")
        .in_plan_order()
    )


def planned_money(agreement: Agreement, actions: Iterable[Action] | None = None) -> PlannedMoney:
    """In two queries."""
    rows = list(actions) if actions is not None else live_actions(agreement)
    pks = [row.pk for row in rows]
    money = PlannedMoney()
    for line in BudgetLine.objects.filter(agreement=agreement, action__in=pks):
        key = (line.action_id, line.year, line.nature)
        known = money.expenses.get(key)
        if line.planned is not None or key not in money.expenses:
            money.expenses[key] = (
                line.planned if known is None else known + (line.planned or Decimal(0))
            )
    agreed = (*FIRM, FundingStage.PLANNED)
    fundings = Funding.objects.filter(agreement=agreement, action__in=pks, stage__in=agreed)
    for row in fundings.select_related("funder"):
        funding = (row.action_id, row.year, row.funder_id, row.scheme)
        money.funders[row.funder_id] = row.funder.name
        if row.funder.kind == Organisation.Kind.MUNICIPALITY:
            money.own.add(row.funder_id)
        if row.stage == FundingStage.PLANNED:
            money.fundings[funding] = row.amount
        elif row.stage == FundingStage.GRANTED or funding not in money.firm:
            money.firm[funding] = (row.amount, row.get_stage_display())
    for firm in money.firm:
        money.fundings.pop(firm, None)
    return money


@dataclass(frozen=True)
class Overlay:
    """A variant: only what it says otherwise than the plan said when it was written."""

    variant: BudgetVariant | None
    expenses: dict[ExpenseKey, VariantLine] = field(default_factory=dict)
    fundings: dict[FundingKey, VariantFunding] = field(default_factory=dict)

    def expense(self, plan: PlannedMoney, key: ExpenseKey) -> Amount:
        line = self.expenses.get(key)
        return plan.expenses.get(key) if line is None else line.planned

    def funding(self, plan: PlannedMoney, key: FundingKey) -> Amount:
        row = self.fundings.get(key)
        return plan.fundings.get(key) if row is None else row.amount

    def is_own(self, plan: PlannedMoney, key: FundingKey) -> bool:
        """Is it the commune's own money?"""
        row = self.fundings.get(key)
        return key[2] in plan.own or (
            row is not None and row.funder.kind == Organisation.Kind.MUNICIPALITY
        )

    def expense_keys(self, plan: PlannedMoney) -> set[ExpenseKey]:
        return set(plan.expenses) | set(self.expenses)

    def funding_keys(self, plan: PlannedMoney) -> set[FundingKey]:
        return set(plan.fundings) | set(self.fundings)


THE_PLAN = Overlay(None)


def overlays(variants: Iterable[BudgetVariant]) -> list[Overlay]:
    """In two queries, whatever their number. What speaks of an action that left the plan is not
    counted: the variant keeps it, and finds it again if the action comes back."""
    found = {row.pk: Overlay(row, {}, {}) for row in variants}
    gone = {"action__is_archived": False}
    for line in VariantLine.objects.filter(variant__in=found, **gone).exclude(
        action__status=ActionStatus.DROPPED
    ):
        found[line.variant_id].expenses[line.action_id, line.year, line.nature] = line
    for row in (
        VariantFunding.objects.filter(variant__in=found, **gone)
        .exclude(action__status=ActionStatus.DROPPED)
        .select_related("funder")
    ):
        found[row.variant_id].fundings[row.action_id, row.year, row.funder_id, row.scheme] = row
    return list(found.values())
