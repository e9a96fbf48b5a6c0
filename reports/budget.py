"""The money of the plan: what it costs and who pays, by year, nature, orientation, funder and stage.

What nobody typed is unknown (None), never zero, and says so beside every total. The stages of one
amount are the same money said again: they are never added; only the last known one is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from actionplan.models import (
    Action,
    BudgetLine,
    Funding,
    FundingStage,
    Orientation,
    StaffTime,
)
from actionplan.queries import STAGE_RANK, latest_fundings
from agreements.models import Agreement
from core.amounts import add
from partners.models import Organisation

Amount = Decimal | None


@dataclass(frozen=True)
class StageRow:
    """What a funder said of one year at one stage: firm amounts and estimates, apart."""

    funder: Organisation
    year: int
    stage: FundingStage
    firm: Amount
    estimated: Amount
    stated_on: date | None


@dataclass
class PlanMoney:
    """All the amounts of the actions told, read once."""

    agreement: Agreement
    orientations: list[Orientation]
    actions: list[Action]
    lines: list[BudgetLine]
    fundings: list[Funding]
    times: list[StaffTime]

    @cached_property
    def years(self) -> list[int]:
        """Those of the agreement, and any other in which an amount was typed."""
        years = set(self.agreement.years)
        years |= {row.year for row in self.lines} | {row.year for row in self.fundings}
        return sorted(years | {row.year for row in self.times})

    @cached_property
    def latest(self) -> list[Funding]:
        """One line an amount: its most advanced stage."""
        return latest_fundings(self.fundings)

    @cached_property
    def funders(self) -> list[Organisation]:
        """The one that brings most comes first."""
        known = {row.funder_id: row.funder for row in self.fundings}
        return sorted(
            known.values(), key=lambda f: (-(self.brought(funder=f) or Decimal(0)), f.name)
        )

    # --- Sums -------------------------------------------------------------------------------
    def cost(
        self, *, year: int | None = None, nature: str = "", orientation: Orientation | None = None,
        action: Action | None = None, spent: bool = False,
    ) -> Amount:  # fmt: skip
        """Planned, or ``spent``; None when nothing is known."""
        own = self._actions_of(orientation)
        return add(
            row.spent if spent else row.planned
            for row in self.lines
            if year in (None, row.year)
            and nature in ("", row.nature)
            and (own is None or row.action_id in own)
            and (action is None or row.action_id == action.pk)
        )

    def brought(
        self, *, year: int | None = None, funder: Organisation | None = None,
        orientation: Orientation | None = None, estimated: bool | None = None,
    ) -> Amount:  # fmt: skip
        """At the last known stage; ``estimated`` None: firm amounts and estimates together."""
        own = self._actions_of(orientation)
        return add(
            row.amount
            for row in self.latest
            if year in (None, row.year)
            and (funder is None or row.funder_id == funder.pk)
            and (own is None or row.action_id in own)
            and estimated in (None, row.is_estimate)
        )

    def left(self, year: int | None = None) -> Amount:
        """What is still to be found: the planned cost less all that is brought, estimates included.
        Unknown as long as the cost is; of all the years, the sum of what is known of each."""
        if year is None:
            return add(self.left(each) for each in self.years)
        cost = self.cost(year=year)
        return None if cost is None else cost - (self.brought(year=year) or Decimal(0))

    def staff(self, year: int, *, spent: bool = False) -> Amount:
        return add(row.spent if spent else row.planned for row in self.times if row.year == year)

    # --- What the totals cover --------------------------------------------------------------
    def costed(self, year: int | None = None) -> list[Action]:
        """The actions whose planned cost is known, for the year or for any."""
        known = {
            row.action_id
            for row in self.lines
            if row.planned is not None and year in (None, row.year)
        }
        return [action for action in self.actions if action.pk in known]

    @property
    def uncosted(self) -> list[Action]:
        known = {action.pk for action in self.costed()}
        return [action for action in self.actions if action.pk not in known]

    @cached_property
    def stages(self) -> list[StageRow]:
        """Every stage of every funder and year, in the order of the funders, then of time."""
        groups: dict[tuple[int, int, FundingStage], list[Funding]] = {}
        for row in self.fundings:
            key = (row.funder_id, row.year, FundingStage(row.stage))
            groups.setdefault(key, []).append(row)
        ranks = {funder.pk: rank for rank, funder in enumerate(self.funders)}
        ordered = sorted(
            groups.items(), key=lambda item: (ranks[item[0][0]], item[0][1], STAGE_RANK[item[0][2]])
        )
        return [
            StageRow(
                funder=rows[0].funder, year=year, stage=stage,
                firm=add(row.amount for row in rows if not row.is_estimate),
                estimated=add(row.amount for row in rows if row.is_estimate),
                stated_on=max((row.stated_on for row in rows if row.stated_on), default=None),
            )
            for (_, year, stage), rows in ordered
        ]  # fmt: skip

    def _actions_of(self, orientation: Orientation | None) -> set[int] | None:
        if orientation is None:
            return None
        return {a.pk for a in self.actions if a.orientation_id == orientation.pk}


def plan_money(agreement: Agreement, orientations: Iterable[int] = ()) -> PlanMoney:
    """In five queries; ``orientations``: their keys, none named: all."""
    wanted = set(orientations)
    levels = Orientation.objects.filter(agreement=agreement)
    if wanted:
        levels = levels.filter(pk__in=wanted)
    actions = list(
        Action.objects.filter(agreement=agreement, orientation__in=levels).active().in_plan_order()
    )
    own = {"agreement": agreement, "action__in": [action.pk for action in actions]}
    return PlanMoney(
        agreement=agreement,
        orientations=list(levels),
        actions=actions,
        lines=list(BudgetLine.objects.filter(**own).select_related("action")),
        fundings=list(
            Funding.objects.filter(**own)
            .select_related("action", "funder")
            .order_by("action__position", "pk")
        ),
        times=list(StaffTime.objects.filter(**own)),
    )
