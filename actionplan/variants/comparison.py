"""The plan and its variants side by side: by year, by action, and what a choice would write."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from actionplan.models import Action, BudgetLine, BudgetVariant
from actionplan.variants.cells import (
    THE_PLAN,
    Amount,
    Overlay,
    PlannedMoney,
    live_actions,
    overlays,
    planned_money,
)
from agreements.models import Agreement
from core import formats as fr
from core.amounts import add

OPERATING, INVESTMENT = BudgetLine.Nature.OPERATING, BudgetLine.Nature.INVESTMENT
TOTAL = 0
"""In place of a year: all of them."""


@dataclass(frozen=True)
class Sums:
    """The money of one year in one column; None is « not known »."""

    operating: Amount
    investment: Amount
    funded: Amount
    """By others than the commune and its services."""

    @property
    def expense(self) -> Amount:
        return add((self.operating, self.investment))

    @property
    def remaining(self) -> Amount:
        """« Reste à charge » of the commune: expenses less what others are known to bring."""
        return None if self.expense is None else self.expense - (self.funded or Decimal(0))


@dataclass(frozen=True)
class ColumnOf:
    """The plan (``variant`` None) or a variant: year → its sums."""

    variant: BudgetVariant | None
    letter: str
    """« A », « B »: how a committee names it; empty for the plan."""
    years: dict[int, Sums]
    differing_expenses: int
    differing_fundings: int

    @property
    def title(self) -> str:
        return f"{self.letter}. {self.variant.title}" if self.variant else "Plan actuel"

    @property
    def short(self) -> str:
        """For a chart, or a heading of many columns."""
        return f"Variante {self.letter}" if self.variant else "Plan actuel"

    @property
    def total(self) -> Sums:
        return self.years[TOTAL]


@dataclass(frozen=True)
class ActionRow:
    """An action where a variant differs: its whole expense and funding in each column."""

    action: Action
    expenses: tuple[Amount, ...]
    fundings: tuple[Amount, ...]


@dataclass(frozen=True)
class Side:
    """The whole comparison. The first column is the plan."""

    years: tuple[int, ...]
    columns: tuple[ColumnOf, ...]
    actions: tuple[ActionRow, ...]

    @property
    def plan(self) -> ColumnOf:
        return self.columns[0]

    @property
    def variants(self) -> tuple[ColumnOf, ...]:
        return self.columns[1:]

    def difference(self, column: ColumnOf, year: int = TOTAL) -> Amount:
        """Reste à charge of the variant less the plan's."""
        ours, plan = column.years[year].remaining, self.plan.years[year].remaining
        return (
            None if ours is None and plan is None else (ours or Decimal(0)) - (plan or Decimal(0))
        )

    @property
    def sentence(self) -> str:
        """« Variante A : 38 000 € de plus à la charge de la collectivité que le plan. »"""
        return " ".join(f"{column.short} : {self._told(column)}." for column in self.variants)

    def _told(self, column: ColumnOf) -> str:
        difference = self.difference(column)
        if not difference:
            return "même reste à charge que le plan"
        more = "de plus" if difference > 0 else "de moins"
        return f"{fr.euros(abs(difference))} {more} de reste à charge que le plan"


def side_by_side(agreement: Agreement, variants: Iterable[BudgetVariant]) -> Side:
    """Five queries, whatever the number of actions and variants."""
    actions = live_actions(agreement)
    plan = planned_money(agreement, actions)
    layers = [THE_PLAN, *overlays(variants)]
    written = {key[1] for layer in layers for key in layer.expense_keys(plan)}
    written |= {key[1] for layer in layers for key in layer.funding_keys(plan)}
    years = sorted(written | {key[1] for key in plan.firm} | set(agreement.years))
    columns = tuple(
        ColumnOf(
            layer.variant,
            " ABCDEFGH"[rank].strip(),
            {year: _sums(plan, layer, year) for year in (TOTAL, *years)},
            len(layer.expenses),
            len(layer.fundings),
        )
        for rank, layer in enumerate(layers)
    )
    touched = {key[0] for layer in layers for key in (*layer.expenses, *layer.fundings)}
    rows = tuple(
        ActionRow(
            action,
            tuple(_expense_of(plan, layer, action.pk) for layer in layers),
            tuple(_funding_of(plan, layer, action.pk) for layer in layers),
        )
        for action in actions
        if action.pk in touched
    )
    return Side(tuple(years), columns, rows)


def _sums(plan: PlannedMoney, layer: Overlay, year: int) -> Sums:
    def of_nature(nature: str) -> Amount:
        return add(
            layer.expense(plan, key)
            for key in layer.expense_keys(plan)
            if key[2] == nature and year in (TOTAL, key[1])
        )

    funded = add(
        layer.funding(plan, key)
        for key in layer.funding_keys(plan)
        if year in (TOTAL, key[1]) and not layer.is_own(plan, key)
    )
    firm = add(
        amount
        for key, (amount, _) in plan.firm.items()
        if year in (TOTAL, key[1]) and key[2] not in plan.own
    )
    return Sums(of_nature(OPERATING), of_nature(INVESTMENT), add((funded, firm)))


def _expense_of(plan: PlannedMoney, layer: Overlay, action: int) -> Amount:
    return add(layer.expense(plan, key) for key in layer.expense_keys(plan) if key[0] == action)


def _funding_of(plan: PlannedMoney, layer: Overlay, action: int) -> Amount:
    """By others, as in the sums by year."""
    forecast = (
        layer.funding(plan, key)
        for key in layer.funding_keys(plan)
        if key[0] == action and not layer.is_own(plan, key)
    )
    firm = (
        amount
        for key, (amount, _) in plan.firm.items()
        if key[0] == action and key[2] not in plan.own
    )
    return add((*forecast, *firm))


# --- What a choice would write ---------------------------------------------------------------
@dataclass(frozen=True)
class Effect:
    """One cell that the choice would change in the plan: what it says now, and what it will say.

    ``base`` is what it said when the variant was written."""

    action: Action
    label: str
    year: int
    current: Amount
    new: Amount
    base: Amount
    is_expense: bool
    key: tuple[int | str, ...]

    @property
    def has_moved(self) -> bool:
        return self.base != self.current

    @property
    def does_nothing(self) -> bool:
        return self.current == self.new


def effects(variant: BudgetVariant) -> list[Effect]:
    """Every cell of the variant, in the order of the plan; those of actions that left it are not."""
    agreement = variant.agreement
    actions = {row.pk: row for row in live_actions(agreement)}
    plan = planned_money(agreement, actions.values())
    layer = overlays([variant])[0]
    natures = dict(BudgetLine.Nature.choices)
    found = [
        Effect(
            actions[key[0]], f"dépense, {natures[key[2]]}", key[1], plan.expenses.get(key),
            line.planned, line.base, True, key,
        )
        for key, line in layer.expenses.items()
    ] + [
        Effect(
            actions[key[0]],
            f"financement, {row.funder}" + (f" ({row.scheme})" if row.scheme else ""),
            key[1], plan.fundings.get(key), row.amount, row.base, False, key,
        )
        for key, row in layer.fundings.items()
        if key not in plan.firm
    ]  # fmt: skip
    rank = {pk: rank for rank, pk in enumerate(actions)}
    return sorted(found, key=lambda e: (rank[e.action.pk], not e.is_expense, e.label, e.year))


def fingerprint(rows: Sequence[Effect]) -> str:
    """Of what a confirmation showed: another one at the moment of writing is refused."""
    told = "|".join(f"{row.key}={row.current}>{row.new}" for row in rows)
    return hashlib.sha256(told.encode()).hexdigest()[:16]
