"""What documents need across the rooms. Reads only; every amount is a Decimal or None (unknown)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Prefetch

from actionplan.models import (
    Action,
    BudgetLine,
    FollowUpNote,
    Funding,
    FundingStage,
    Orientation,
)
from actionplan.queries import STAGE_RANK, latest_fundings
from agreements.models import Agreement
from committees.effect_lines import shown_effects
from committees.models import Attendance, Decision, Meeting
from core.amounts import add
from partners.models import AmountStage, Contract, ContractAmount, Organisation
from territory.models import Capacity, Facility

Amount = Decimal | None

PLANNED_STAGES = {FundingStage.REQUESTED, FundingStage.PLANNED, FundingStage.GRANTED}
ACTUAL_STAGES = {
    FundingStage.UPDATED,
    FundingStage.ACTUAL,
    FundingStage.NOTIFIED,
    FundingStage.PAID,
}
FINAL_STAGES = {FundingStage.ACTUAL, FundingStage.NOTIFIED, FundingStage.PAID}
"""What the final edition of an annual report counts: an amount only announced is missing there."""


@dataclass(frozen=True)
class OrientationProgress:
    orientation: Orientation
    counts: Counter[str]
    late: int

    @property
    def total(self) -> int:
        return self.counts.total()


def progress_by_orientation(agreement: Agreement, on: date) -> list[OrientationProgress]:
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    for orientation_id, status in (
        Action.objects.filter(agreement=agreement).active().values_list("orientation_id", "status")
    ):
        counts[orientation_id][status] += 1
    late = Counter(
        Action.objects.filter(agreement=agreement).late(on).values_list("orientation_id", flat=True)
    )
    return [
        OrientationProgress(orientation, counts[orientation.pk], late[orientation.pk])
        for orientation in Orientation.objects.filter(agreement=agreement)
    ]


def status_counts(agreement: Agreement) -> Counter[str]:
    return Counter(
        Action.objects.filter(agreement=agreement).active().values_list("status", flat=True)
    )


def late_actions(agreement: Agreement, on: date) -> list[Action]:
    return list(
        Action.objects.filter(agreement=agreement)
        .late(on)
        .select_related("lead_organisation", "lead_contact")
        .in_plan_order()
    )


def blocked_actions(agreement: Agreement) -> list[Action]:
    return list(
        Action.objects.filter(agreement=agreement)
        .blocked()
        .select_related("lead_organisation", "lead_contact")
        .in_plan_order()
    )


def full_actions(agreement: Agreement, pks: Iterable[int] | None = None) -> list[Action]:
    """Actions with all that a sheet prints, in plan order and in a constant number of queries."""
    actions = Action.objects.filter(agreement=agreement).active()
    if pks is not None:
        actions = actions.filter(pk__in=pks)
    return list(
        actions.select_related(
            "orientation", "objective", "lead_organisation", "lead_contact", "elected_sponsor"
        )
        .prefetch_related(
            "steps",
            "themes",
            "challenges",
            "budget_lines",
            "staff_times",
            "measures__points",
            Prefetch("partners__organisation"),
            Prefetch("fundings", Funding.objects.select_related("funder")),
            Prefetch("notes", FollowUpNote.objects.exclude(kind=FollowUpNote.Kind.INTERNAL)),
        )
        .in_plan_order()
    )


def notes_of_year(
    agreement: Agreement,
    year: int,
    kinds: list[str],
    limit: int,
    *,
    actions: list[int] | None = None,
) -> list[FollowUpNote]:
    """The notes to retain, those marked first; internal information never. ``actions``: of these
    alone."""
    notes = FollowUpNote.objects.filter(
        agreement=agreement, on__year=year, kind__in=kinds, action__is_archived=False
    )
    if actions is not None:
        notes = notes.filter(action__in=actions)
    return list(
        notes.exclude(kind=FollowUpNote.Kind.INTERNAL)
        .select_related("action")
        .order_by("-is_highlight", "-on", "pk")[:limit]
    )


@dataclass(frozen=True)
class ContractYear:
    """A contract in one year: what was planned, what is known last, at which stage, said when."""

    contract: Contract
    facilities: str
    planned: Amount
    known: Amount
    stage: str
    stated_on: date | None


def contracts_of_year(
    agreement: Agreement, year: int, *, final: bool = False
) -> list[ContractYear]:
    """The contracts in force in ``year``, by facility; ``final`` knows real amounts only."""
    contracts = (
        Contract.objects.filter(
            agreement=agreement, starts_on__year__lte=year, ends_on__year__gte=year
        )
        .select_related("funder", "beneficiary")
        .prefetch_related(
            Prefetch("facilities", Facility.objects.in_alphabetical_order()),
            Prefetch("amounts", ContractAmount.objects.filter(year=year), to_attr="year_amounts"),
        )
    )
    stages = FINAL_STAGES if final else set(STAGE_RANK)
    rows = [_contract_year(contract, stages) for contract in contracts]
    return sorted(rows, key=lambda row: (row.facilities, row.contract.title, row.contract.pk))


def _contract_year(contract: Contract, stages: set[FundingStage]) -> ContractYear:
    amounts: list[ContractAmount] = contract.year_amounts  # type: ignore[attr-defined]
    latest = max(
        (row for row in amounts if FundingStage(row.stage) in stages),
        key=lambda row: STAGE_RANK[FundingStage(row.stage)],
        default=None,
    )
    planned = next((row.amount for row in amounts if row.stage == AmountStage.PLANNED), None)
    return ContractYear(
        contract=contract,
        facilities=", ".join(facility.name for facility in contract.facilities.all())
        or contract.title,
        planned=planned,
        known=latest.amount if latest else None,
        stage=latest.get_stage_display() if latest else "",
        stated_on=latest.stated_on if latest else None,
    )


@dataclass(frozen=True)
class MeansRow:
    source: str
    planned: Amount
    actual: Amount


def fundings_of_year(agreement: Agreement, year: int) -> list[Funding]:
    return list(
        Funding.objects.filter(agreement=agreement, year=year, action__is_archived=False)
        .select_related("funder", "action")
        .order_by("action__position", "pk")
    )


def means_of_year(
    agreement: Agreement,
    year: int,
    *,
    final: bool = False,
    contracts: list[ContractYear] | None = None,
) -> list[MeansRow]:
    """Caf by contracts, Caf by actions, others, and what is left to the commune.

    The commune's share is what an action costs less what others bring: known only once the
    action's cost is. ``contracts``: those of the year, where they are at hand.
    """
    if contracts is None:
        contracts = contracts_of_year(agreement, year, final=final)
    fundings = fundings_of_year(agreement, year)
    lines = list(
        BudgetLine.objects.filter(agreement=agreement, year=year, action__is_archived=False)
    )
    caf_kind, own_kind = Organisation.Kind.CAF, Organisation.Kind.MUNICIPALITY
    # What the commune itself brings is what is left, however it was typed.
    brought = [row for row in fundings if row.funder.kind != own_kind]
    planned = latest_fundings(brought, PLANNED_STAGES)
    actual = latest_fundings(brought, FINAL_STAGES if final else ACTUAL_STAGES)

    def share(rows: list[Funding], *, caf: bool) -> Amount:
        return add(row.amount for row in rows if (row.funder.kind == caf_kind) is caf)

    def rest(cost: Amount, rows: list[Funding]) -> Amount:
        if cost is None or (brought and not rows):
            return None
        return cost - (add(row.amount for row in rows) or Decimal(0))

    return [
        MeansRow(
            "Caf, par les équipements (COF)",
            add(row.planned for row in contracts),
            add(row.known for row in contracts),
        ),
        MeansRow("Caf, par les actions", share(planned, caf=True), share(actual, caf=True)),
        MeansRow(
            "Autres financeurs des actions", share(planned, caf=False), share(actual, caf=False)
        ),
        MeansRow(
            "Commune, part des actions",
            rest(add(line.planned for line in lines), planned),
            rest(add(line.spent for line in lines), actual),
        ),
    ]


def caf_money(agreement: Agreement, year: int) -> tuple[Amount, Amount]:
    """Planned and known Caf money of a year, contracts and actions together."""
    by_contract, by_action, *_ = means_of_year(agreement, year)
    return add([by_contract.planned, by_action.planned]), add(
        [by_contract.actual, by_action.actual]
    )


@dataclass(frozen=True)
class OfferRow:
    """What a facility offers: at the start of the agreement, this year, planned."""

    facility: Facility
    unit: str
    start: Amount
    now: Amount
    planned: Amount
    is_new: bool

    @property
    def change(self) -> str:
        if self.facility.closed_on:
            return "fermé"
        if self.now and (self.start == 0 or self.is_new):
            return "créé"
        if self.now is None or self.start is None:
            return "n.d."
        if self.now == self.start:
            return "maintenu"
        return "développé" if self.now > self.start else "réduit"


def offer(agreement: Agreement, year: int) -> list[OfferRow]:
    """The start is the last known year before the agreement begins."""
    first = agreement.starts_on.year
    facilities = (
        Facility.objects.filter(agreement=agreement)
        .select_related("manager", "theme")
        .prefetch_related("capacities")
        .order_by("theme__position", "type__position", "pk")
    )
    rows = []
    for facility in facilities:
        by_unit: dict[str, list[Capacity]] = defaultdict(list)
        for capacity in facility.capacities.all():
            by_unit[capacity.unit].append(capacity)
        for capacities in by_unit.values():
            rows.append(_offer_row(facility, capacities, first, year))
    return rows


def _offer_row(facility: Facility, capacities: list[Capacity], first: int, year: int) -> OfferRow:
    facts = {row.year: row.value for row in capacities if not row.is_planned}
    plans = [row for row in capacities if row.is_planned]
    starts = [facts[known] for known in sorted(facts) if known < first]
    return OfferRow(
        facility=facility,
        unit=capacities[0].get_unit_display(),
        start=starts[-1] if starts else None,
        now=facts.get(year),
        planned=plans[-1].value if plans else None,
        is_new=facility.opened_on is not None and facility.opened_on.year >= first,
    )


def previous_decisions(meeting: Meeting) -> list[Decision]:
    """What was decided by the last meeting of the same committee, and all that is still open."""
    last = (
        Meeting.objects.filter(committee=meeting.committee, on__lt=meeting.on)
        .held()
        .order_by("-on")
        .first()
    )
    decisions = (
        Decision.objects.filter(agreement_id=meeting.agreement_id)
        .select_related("responsible")
        .prefetch_related(shown_effects())
    )
    kept = decisions.open() | (decisions.filter(meeting=last) if last else decisions.none())
    return list(kept.filter(decided_on__lt=meeting.on).order_by("number"))


@dataclass(frozen=True)
class OrganisationAttendance:
    organisation: str
    invited: int
    attended: int


def attendance_of_year(agreement: Agreement, year: int) -> list[OrganisationAttendance]:
    """By organisation over the meetings held; a represented person counts as attended."""
    invited: Counter[str] = Counter()
    attended: Counter[str] = Counter()
    for name, status in (
        Attendance.objects.filter(
            agreement=agreement, meeting__on__year=year, meeting__state=Meeting.State.HELD
        )
        .exclude(status=Attendance.Status.INVITED)
        .values_list("organisation__name", "status")
    ):
        invited[name] += 1
        attended[name] += status in (Attendance.Status.PRESENT, Attendance.Status.REPRESENTED)
    return [OrganisationAttendance(name, invited[name], attended[name]) for name in sorted(invited)]


def meetings_of_year(agreement: Agreement, year: int) -> list[Meeting]:
    return list(
        Meeting.objects.filter(agreement=agreement, on__year=year)
        .exclude(state=Meeting.State.CANCELLED)
        .select_related("committee")
        .prefetch_related("attendances")
        .order_by("on", "starts_at", "pk")
    )
