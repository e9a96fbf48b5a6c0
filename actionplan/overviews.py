"""The same actions by pilot, by theme, by funder; and those that are late or blocked.

Each costs a constant number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Prefetch

from actionplan.models import Action, ActionStatus, ActionTheme, Funding, FundingStage, Step
from actionplan.queries import Counted, latest_fundings, plan_lines
from agreements.models import Agreement, Theme
from core.amounts import add
from core.formats import plain_key
from partners.models import Organisation


@dataclass
class Group(Counted):
    """Actions under one heading. ``organisation``: the one it names, where it names one."""

    key: str
    name: str
    actions: list[Action] = field(default_factory=list)
    organisation: Organisation | None = None


def by_pilot(agreement: Agreement, on: date) -> list[Group]:
    """In the order of the organisations' names. One query."""
    groups: dict[int, Group] = {}
    for action in plan_lines(agreement, on):
        lead = action.lead_organisation
        group = groups.setdefault(lead.pk, Group(f"pilote-{lead.pk}", lead.name, organisation=lead))
        group.actions.append(action)
    return sorted(groups.values(), key=lambda group: plain_key(group.name))


WITHOUT_THEME = "Sans thème"


def by_theme(agreement: Agreement, on: date) -> list[Group]:
    """In the order of the agreement's themes; an action stands under each of its own. Three
    queries. A theme without action is told: it may be a hole in the plan."""
    lines = {action.pk: action for action in plan_lines(agreement, on)}
    links = ActionTheme.objects.filter(agreement=agreement).values_list("theme_id", "action_id")
    under: dict[int, set[int]] = defaultdict(set)
    for theme_id, action_id in links:
        under[theme_id].add(action_id)
    groups = [
        Group(
            f"theme-{theme.pk}",
            theme.name,
            [action for pk, action in lines.items() if pk in under[theme.pk]],
        )
        for theme in Theme.objects.filter(agreement=agreement)
        if theme.is_active or under[theme.pk]
    ]
    told = set().union(*under.values()) if under else set()
    rest = [action for pk, action in lines.items() if pk not in told]
    return [*groups, Group("theme-aucun", WITHOUT_THEME, rest)] if rest else groups


# --- By funder --------------------------------------------------------------------------------
@dataclass(frozen=True)
class FundingLine:
    """What a funder brings to one action by one scheme: year → the most advanced amount known."""

    action: Action
    scheme: str
    years: dict[int, Funding]


@dataclass
class FunderGroup:
    funder: Organisation
    lines: list[FundingLine]

    @property
    def actions(self) -> list[Action]:
        return list({line.action.pk: line.action for line in self.lines}.values())

    def total(self, year: int | None = None) -> Decimal | None:
        return add(
            row.amount
            for line in self.lines
            for row in line.years.values()
            if year is None or row.year == year
        )

    def at_stage(self, *stages: str) -> Decimal | None:
        return add(
            row.amount for line in self.lines for row in line.years.values() if row.stage in stages
        )

    @property
    def certain(self) -> Decimal | None:
        """What is notified, granted or paid, among the last stages known."""
        return self.at_stage(FundingStage.GRANTED, FundingStage.NOTIFIED, FundingStage.PAID)


@dataclass(frozen=True)
class Funders:
    groups: list[FunderGroup]
    without: list[Action]
    """Actions of the plan, neither dropped nor « à discuter », that no funding is known for."""

    def total(self, year: int | None = None) -> Decimal | None:
        return add(group.total(year) for group in self.groups)


def by_funder(agreement: Agreement, on: date) -> Funders:
    """In the order of the funders' names. Two queries."""
    lines = {action.pk: action for action in plan_lines(agreement, on)}
    rows = Funding.objects.filter(agreement=agreement, action__in=list(lines)).select_related(
        "funder"
    )
    known = latest_fundings(rows)
    by_key: dict[tuple[int, int, str], dict[int, Funding]] = defaultdict(dict)
    funders: dict[int, Organisation] = {}
    for row in known:
        by_key[row.funder_id, row.action_id, row.scheme][row.year] = row
        funders[row.funder_id] = row.funder
    rank = {pk: place for place, pk in enumerate(lines)}
    groups = [
        FunderGroup(
            funder,
            [
                FundingLine(lines[action], scheme, years)
                for (who, action, scheme), years in sorted(
                    by_key.items(), key=lambda item: (rank[item[0][1]], item[0][2])
                )
                if who == funder.pk
            ],
        )
        for funder in sorted(funders.values(), key=lambda row: plain_key(row.name))
    ]
    funded = {row.action_id for row in known}
    waiting = (ActionStatus.DROPPED, ActionStatus.TO_DISCUSS)
    without = [a for pk, a in lines.items() if pk not in funded and a.status not in waiting]
    return Funders(groups, without)


# --- Late and blocked -------------------------------------------------------------------------
@dataclass(frozen=True)
class LateAction:
    action: Action
    steps: list[Step]
    """Its steps whose date is past and that are not done."""
    is_overdue: bool
    """Its own due date is past."""
    since: date
    """The oldest of the dates that are past."""

    def days(self, on: date) -> int:
        return (on - self.since).days


@dataclass(frozen=True)
class BlockedAction:
    action: Action
    since: date | None
    """When it was last put « bloquée »; None where its history does not say."""

    def is_to_review(self, on: date) -> bool:
        review = self.action.blocked_review_on
        return review is not None and review <= on


@dataclass(frozen=True)
class Attention:
    late: list[LateAction]
    blocked: list[BlockedAction]


def attention(agreement: Agreement, on: date) -> Attention:
    """The oldest delays first; among the blocked, the first to review. Four queries."""
    steps = Prefetch("steps", Step.objects.late(on), to_attr="late_steps")
    late = []
    for action in plan_lines(agreement, on).late(on).prefetch_related(steps):
        own: list[Step] = action.late_steps  # type: ignore[attr-defined]
        overdue = action.due_on < on
        days = [step.due_on for step in own if step.due_on] + ([action.due_on] if overdue else [])
        late.append(LateAction(action, own, overdue, min(days)))
    blocked = list(
        plan_lines(agreement, on).filter(status=ActionStatus.BLOCKED).defer(None)  # with its reasons
        .select_related("lead_organisation")
    )  # fmt: skip
    since = blocked_since(blocked)
    return Attention(
        sorted(late, key=lambda row: row.since),
        sorted(
            (BlockedAction(action, since.get(action.pk)) for action in blocked),
            key=lambda row: row.action.blocked_review_on or date.max,
        ),
    )


def blocked_since(actions: Iterable[Action]) -> dict[int, date]:
    """From the history: the first of the last unbroken versions « bloquée » of each. One query."""
    rows = (
        Action.history.filter(id__in=[action.pk for action in actions])
        .order_by("history_date", "history_id")
        .values_list("id", "status", "history_date")
    )
    since: dict[int, date] = {}
    for pk, status, when in rows:
        if status != ActionStatus.BLOCKED:
            since.pop(pk, None)
        else:
            since.setdefault(pk, when.date())
    return since
