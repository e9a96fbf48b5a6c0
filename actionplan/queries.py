"""Reads of the room. Lateness is computed from the day given; an action that has not begun is
never « incomplete »: nothing can be missing from what waits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from actionplan.models import (
    Action,
    ActionPartner,
    ActionQuerySet,
    ActionStatus,
    BudgetLine,
    FollowUpNote,
    Funding,
    FundingStage,
    Measure,
    Objective,
    Orientation,
    Step,
)
from agreements.models import Agreement
from core.amounts import add
from core.db import fr_order


def actions(agreement: Agreement, on: date) -> QuerySet[Action]:
    """The plan's actions in their order, each with ``is_late`` on the day given."""
    late = Action.objects.late(on).filter(pk=OuterRef("pk"))
    return (
        Action.objects.filter(agreement=agreement)
        .active()
        .select_related(
            "orientation", "objective", "lead_organisation", "lead_contact", "agreement"
        )
        .annotate(is_late=Exists(late))
        .in_plan_order()
    )


def full_action(agreement: Agreement, on: date) -> QuerySet[Action]:
    """The same, with all that a sheet prints, in a constant number of queries."""
    return (
        actions(agreement, on)
        .select_related("elected_sponsor")
        .prefetch_related(
            "steps__owner", "themes", "challenges", "budget_lines", "staff_times", "measures__points",
            Prefetch("partners", ActionPartner.objects.select_related("organisation")),
            Prefetch("fundings", Funding.objects.select_related("funder")),
            "notes",
        )
    )  # fmt: skip


# --- The tree -------------------------------------------------------------------------------
LINE_FIELDS = (
    "agreement_id", "orientation_id", "objective_id", "code", "title", "status", "starts_on", "due_on",
    "progress", "position", "is_archived", "lead_organisation__name", "lead_organisation__short_name",
)  # fmt: skip


def plan_lines(agreement: Agreement, on: date) -> ActionQuerySet:
    """The plan's actions with no more than what a line of a list shows: a plan of 400 stays quick."""
    late = Action.objects.late(on).filter(pk=OuterRef("pk"))
    return (
        Action.objects.filter(agreement=agreement)
        .active()
        .select_related("lead_organisation")
        .only(*LINE_FIELDS)
        .annotate(is_late=Exists(late))
        .in_plan_order()
    )


class Counted:
    """What is told of a set of actions; each has ``is_late``."""

    actions: list[Action]

    def count(self, *statuses: str) -> int:
        return sum(action.status in statuses for action in self.actions)

    @property
    def done(self) -> int:
        return self.count(ActionStatus.DONE)

    @property
    def blocked(self) -> int:
        return self.count(ActionStatus.BLOCKED)

    @property
    def late(self) -> int:
        return sum(action.is_late for action in self.actions)  # type: ignore[attr-defined]

    @property
    def progress(self) -> int | None:
        """Mean progress of what has begun and was not dropped; None when nothing has."""
        begun = [
            a.progress for a in self.actions if a.has_begun and a.status != ActionStatus.DROPPED
        ]
        return round(sum(begun) / len(begun)) if begun else None


@dataclass
class Branch(Counted):
    """An orientation, then its objectives and their sub-objectives in the order of the tree, each
    with its own actions; those of the orientation itself come first, under None."""

    orientation: Orientation
    groups: list[tuple[Objective | None, list[Action]]] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)


def levels_in_order(objectives: Iterable[Objective]) -> list[Objective]:
    """Each objective followed by its sub-objectives; orientations in their own order."""
    below: dict[int | None, list[Objective]] = defaultdict(list)
    for objective in objectives:
        below[objective.parent_id].append(objective)
    return [row for top in below[None] for row in (top, *below[top.pk])]


def plan_tree(agreement: Agreement, on: date) -> list[Branch]:
    """Orientations, objectives and actions, in three queries."""
    orientations = list(Orientation.objects.filter(agreement=agreement))
    objectives = levels_in_order(Objective.objects.filter(agreement=agreement))
    rows = list(plan_lines(agreement, on))
    under: dict[tuple[int, int | None], list[Action]] = defaultdict(list)
    for action in rows:
        under[action.orientation_id, action.objective_id].append(action)
    branches = []
    for orientation in orientations:
        groups: list[tuple[Objective | None, list[Action]]] = [
            (objective, under[orientation.pk, objective.pk])
            for objective in objectives
            if objective.orientation_id == orientation.pk
        ]
        direct = under[orientation.pk, None]
        if direct or not groups:
            groups.insert(0, (None, direct))
        own = [action for _, some in groups for action in some]
        branches.append(Branch(orientation, groups, own))
    return branches


# --- One action -----------------------------------------------------------------------------
@dataclass(frozen=True)
class Lack:
    """What a begun action should say and does not. ``place`` is the page where it is written (an
    address of the room), ``field`` the field of the sheet when it is one."""

    words: str
    place: str
    field: str = ""


@dataclass(frozen=True)
class Completeness:
    """What a begun action should say and does not yet."""

    lacks: tuple[Lack, ...]
    expected: int

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(lack.words for lack in self.lacks)

    @property
    def percent(self) -> int | None:
        if not self.expected:
            return None
        return round(100 * (self.expected - len(self.lacks)) / self.expected)


def completeness(action: Action) -> Completeness:
    """For a begun action: the fields that the COPIL and the bilan print (domaine.md §3)."""
    if not action.has_begun or action.status == ActionStatus.DROPPED:
        return Completeness((), 0)
    checks = (
        (Lack("la date de début", "update", "starts_on"), action.starts_on is not None),
        (Lack("où en est-on", "update", "progress_note"), bool(action.progress_note.strip())),
        (Lack("un thème", "update", "themes"), bool(action.themes.all())),
        (Lack("un enjeu", "update", "challenges"), bool(action.challenges.all())),
        (Lack("une étape", "steps"), bool(action.steps.all())),
        (Lack("un budget", "budget"), bool(action.budget_lines.all())),
        (Lack("un financement", "funding"), bool(action.fundings.all())),
        (Lack("une mesure", "measure_create"), bool(action.measures.all())),
        (
            Lack("un élu référent", "update", "elected_sponsor"),
            action.elected_sponsor_id is not None,
        ),
    )
    return Completeness(tuple(lack for lack, present in checks if not present), len(checks))


STAGE_RANK = {
    stage: rank
    for rank, stage in enumerate(
        [
            FundingStage.REQUESTED,
            FundingStage.PLANNED,
            FundingStage.GRANTED,
            FundingStage.UPDATED,
            FundingStage.ACTUAL,
            FundingStage.NOTIFIED,
            FundingStage.PAID,
        ]
    )
}
"""From a hope to money received: of two stages of one amount, the last is what is known today."""


def latest_fundings(
    fundings: Iterable[Funding], stages: set[FundingStage] | None = None
) -> list[Funding]:
    """One line an amount (action, funder, scheme, year): the most advanced of ``stages``."""
    best: dict[tuple[int, int, str, int], Funding] = {}
    for row in sorted(fundings, key=lambda row: STAGE_RANK[FundingStage(row.stage)]):
        if stages is None or FundingStage(row.stage) in stages:
            best[row.action_id, row.funder_id, row.scheme, row.year] = row
    return sorted(best.values(), key=lambda row: (row.year, row.funder.name, row.pk))


@dataclass(frozen=True)
class BudgetYear:
    """The money of an action in one year; None is « not known »."""

    year: int
    planned: Decimal | None
    spent: Decimal | None
    funded: Decimal | None


def budget_years(action: Action) -> list[BudgetYear]:
    lines: list[BudgetLine] = list(action.budget_lines.all())
    fundings = latest_fundings(action.fundings.all())
    years = sorted({line.year for line in lines} | {row.year for row in fundings})
    return [
        BudgetYear(
            year=year,
            planned=add(line.planned for line in lines if line.year == year),
            spent=add(line.spent for line in lines if line.year == year),
            funded=add(row.amount for row in fundings if row.year == year),
        )
        for year in years
    ]


def budget_total(rows: list[BudgetYear]) -> BudgetYear:
    return BudgetYear(
        year=0,
        planned=add(row.planned for row in rows),
        spent=add(row.spent for row in rows),
        funded=add(row.funded for row in rows),
    )


def visible_notes(action: Action, *, internal: bool) -> list[FollowUpNote]:
    """Follow-up notes; internal information for those who may read it only."""
    return [
        note for note in action.notes.all() if internal or note.kind != FollowUpNote.Kind.INTERNAL
    ]


def orientations(agreement: Agreement) -> QuerySet[Orientation]:
    return Orientation.objects.filter(agreement=agreement)


def objectives(agreement: Agreement) -> QuerySet[Objective]:
    return Objective.objects.filter(agreement=agreement).select_related("orientation")


def lead_organisations(agreement: Agreement) -> list[tuple[int, str]]:
    """The organisations that lead an action, for the filter."""
    rows = (
        Action.objects.filter(agreement=agreement)
        .active()
        .order_by(*fr_order("lead_organisation__name"))
        .values_list("lead_organisation_id", "lead_organisation__name")
    )
    return list(dict.fromkeys(rows))


# --- Parts of actions -----------------------------------------------------------------------
def archived(agreement: Agreement) -> QuerySet[Action]:
    """The actions taken out of the plan, in its order."""
    return (
        Action.objects.filter(agreement=agreement, is_archived=True)
        .select_related("orientation", "lead_organisation", "agreement")
        .in_plan_order()
    )


def readable_notes(agreement: Agreement, *, internal: bool) -> QuerySet[FollowUpNote]:
    """Notes one may open; internal ones for those who may read them only."""
    rows = FollowUpNote.objects.filter(agreement=agreement).select_related(
        "action__agreement", "action__lead_contact", "agreement"
    )
    return rows if internal else rows.exclude(kind=FollowUpNote.Kind.INTERNAL)


def steps_of_actions(agreement: Agreement) -> QuerySet[Step]:
    """The steps of the actions in the plan."""
    return Step.objects.filter(agreement=agreement, action__is_archived=False).select_related(
        "action__agreement", "action__lead_contact", "agreement"
    )


def measures_of_actions(agreement: Agreement) -> QuerySet[Measure]:
    return (
        Measure.objects.filter(agreement=agreement, action__isnull=False)
        .select_related("action__agreement", "agreement", "indicator", "facility")
        .prefetch_related("points")
    )
