"""« Ce que la Caf apporte au territoire »: contracts by facility and scheme, by year and stage.

Real amounts come from contracts only. What the Caf's rates would give is an estimate, computed
apart, and never added to them. What the Caf brings to actions is told by the plan (another room).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Prefetch

from agreements.models import Agreement
from core import formats as fr
from core.amounts import add
from core.charts import Bar, HorizontalBars
from core.documents.content import Column, Content, DocumentMeta, Missing, Section, Table
from opendata import rates
from opendata.models import FundingRate, Unit
from partners.models import AmountStage, Contract, ContractAmount, Organisation
from partners.queries import most_advanced
from territory.models import Activity, Facility
from territory.supply import written

NO_FACILITY = "Sans équipement rattaché"
LATEST = "Dernier montant connu"


@dataclass(frozen=True)
class MoneyLine:
    """One contract: its facilities, and its amounts by year and stage. Never split by facility."""

    contract: Contract
    facilities: str
    amounts: tuple[ContractAmount, ...]

    def of(self, year: int, stage: str) -> ContractAmount | None:
        return next((a for a in self.amounts if a.year == year and a.stage == stage), None)

    def latest(self, year: int) -> ContractAmount | None:
        return most_advanced(a for a in self.amounts if a.year == year)

    def runs_in(self, year: int) -> bool:
        return self.contract.starts_on.year <= year <= self.contract.ends_on.year

    @property
    def scheme(self) -> str:
        return self.contract.scheme or self.contract.get_kind_display()


@dataclass(frozen=True)
class YearTotal:
    """The sums of one year; ``unknown`` counts the contracts that run and say nothing."""

    year: int
    latest: Decimal | None
    by_stage: dict[str, Decimal | None]
    unknown: int
    running: int

    @property
    def unknown_text(self) -> str:
        if not self.running:
            return "aucun contrat en cours"
        if not self.unknown:
            return "tous les montants sont connus"
        return f"{self.unknown} sur {fr.plural(self.running, 'contrat', 'contrats')}"


@dataclass(frozen=True)
class Estimate:
    """What one rate would give one facility in one year, or what is missing to say it."""

    facility: Facility
    rate: FundingRate
    basis: str
    amount: Decimal | None
    missing: str = ""
    asks_unit_cost: bool = False

    @property
    def field(self) -> str:
        """The name of the cell where the unit cost is typed."""
        return f"cout-{self.facility.pk}-{self.rate.pk}"


@dataclass(frozen=True)
class Money:
    lines: tuple[MoneyLine, ...]
    years: tuple[int, ...]
    totals: tuple[YearTotal, ...]

    @property
    def is_empty(self) -> bool:
        return not any(line.amounts for line in self.lines)

    def total_of(self, year: int) -> YearTotal | None:
        return next((total for total in self.totals if total.year == year), None)


def caf_money(agreement: Agreement) -> Money:
    """Every contract that the Caf funds, in three queries."""
    contracts = (
        Contract.objects.filter(agreement=agreement, funder__kind=Organisation.Kind.CAF)
        .select_related("funder", "beneficiary")
        .prefetch_related(
            "amounts", Prefetch("facilities", Facility.objects.in_alphabetical_order())
        )
    )
    lines = tuple(
        sorted(
            (money_line(contract) for contract in contracts),
            key=lambda line: (line.facilities == NO_FACILITY, fr.plain_key(line.facilities), line.contract.pk),
        )
    )  # fmt: skip
    years = tuple(
        sorted({*agreement.years, *(amount.year for line in lines for amount in line.amounts)})
    )
    return Money(lines, years, tuple(_total(lines, year) for year in years))


def money_line(contract: Contract) -> MoneyLine:
    names = [facility.name for facility in contract.facilities.all()]  # type: ignore[attr-defined]
    return MoneyLine(contract, ", ".join(names) or NO_FACILITY, tuple(contract.amounts.all()))


def _total(lines: Sequence[MoneyLine], year: int) -> YearTotal:
    running = [line for line in lines if line.runs_in(year)]
    latest = [line.latest(year) for line in lines]
    return YearTotal(
        year=year,
        latest=add(amount.amount if amount else None for amount in latest),
        by_stage={
            stage.value: add(
                amount.amount if amount else None
                for amount in (line.of(year, stage.value) for line in lines)
            )
            for stage in AmountStage
        },
        unknown=sum(1 for line in running if line.latest(year) is None),
        running=len(running),
    )


# --- Estimates ------------------------------------------------------------------------------------
UnitCosts = Mapping[tuple[int, int], Decimal]
"""(facility pk, rate pk) → the unit cost that the reader typed; nothing is kept."""


def estimates(
    agreement: Agreement, year: int, unit_costs: UnitCosts | None = None
) -> list[Estimate]:
    """Rates of ``year`` × what the facilities of the types concerned offer or did, in four queries."""
    told = unit_costs or {}
    of_year = [rate for rate in FundingRate.objects.filter(year=year) if rate.facility_keys]
    keys = {key for rate in of_year for key in rate.facility_keys}
    facilities = (
        Facility.objects.filter(agreement=agreement, type__key__in=keys)
        .select_related("type")
        .prefetch_related("capacities", "activities")
        .in_alphabetical_order()
    )
    return [
        estimate(facility, rate, told.get((facility.pk, rate.pk)))
        for facility in facilities
        for rate in of_year
        if facility.type.key in rate.facility_keys
    ]


def estimate(facility: Facility, rate: FundingRate, unit_cost: Decimal | None = None) -> Estimate:
    """The rate × the units that the facility did or offers (see ``opendata.rates.amount``)."""
    units, basis = units_of(facility, rate.unit, rate.year)
    if units is None:
        unit = Unit(rate.unit).label
        return Estimate(
            facility, rate, "", None, f"{unit} {rate.year} : ni réalisé ni capacité saisis"
        )
    amount, missing = rates.amount(rate, units, unit_cost)
    is_share = rate.calculation == FundingRate.Calculation.SHARE
    if is_share and unit_cost is not None:
        basis += f", prix de revient {fr.euros(unit_cost, 2)}"
    return Estimate(facility, rate, basis, amount, missing, asks_unit_cost=is_share)


DONE: dict[str, tuple[str, ...]] = {
    Unit.HOURS: (Activity.Kind.HOURS_DONE, Activity.Kind.HOURS_BILLED),
    Unit.SESSIONS: (Activity.Kind.SESSIONS,),
}
"""What a rate of each unit pays when it is known: what was done, before what was offered."""


def units_of(facility: Facility, unit: str, year: int) -> tuple[Decimal | None, str]:
    """The units of the year and what they are: « 98 150 heures réalisées en 2026 »."""
    activities = {a.kind: a.value for a in facility.activities.all() if a.year == year}
    for kind in DONE.get(unit, ()):
        if kind in activities:
            return activities[kind], f"{fr.number(activities[kind])} {Activity.Kind(kind).label}"
    offered = next(
        (
            c.value
            for c in facility.capacities.all()
            if c.year == year and c.unit == unit and not c.is_planned
        ),
        None,
    )
    return offered, f"{written(offered, unit)} (capacité)" if offered is not None else ""


# --- Figure and workbook --------------------------------------------------------------------------
def money_chart(money: Money, territory: str) -> HorizontalBars | None:
    known = [total for total in money.totals if total.latest is not None]
    if not known:
        return None
    return HorizontalBars(
        title=f"Ce que la Caf apporte par les contrats, {territory}",
        bars=[
            Bar(str(total.year), Missing() if total.latest is None else total.latest, ours=True)
            for total in money.totals
        ],
        sentence=money_sentence(money),
        unit="€",
        source="contrats saisis ; pour chacun, le dernier montant connu",
        label_title="Année",
        value_title="Montant",
    )


def money_sentence(money: Money) -> str:
    """From the first year known to the last, and how many contracts lack an amount."""
    known = [(total.year, total.latest) for total in money.totals if total.latest is not None]
    if not known:
        return "Aucun montant de la Caf n'est saisi."
    (first, start), (last, end) = known[0], known[-1]
    if first == last:
        told = f"{fr.euros(end)} en {last}, au dernier montant connu de chaque contrat."
    else:
        told = (
            f"De {fr.euros(start)} en {first} à {fr.euros(end)} en {last}"
            f" ({fr.signed(end - start, unit='€')}), au dernier montant connu de chaque contrat."
        )
    return " ".join(part for part in (told, unknown_sentence(money)) if part)


def unknown_sentence(money: Money) -> str:
    """« Il manque le montant d'un contrat de 2027 à 2030. »; a total that lacks some is a minimum."""
    missing = [total for total in money.totals if total.unknown]
    if not missing:
        return ""
    years = [total.year for total in missing]
    span = (
        f"de {years[0]} à {years[-1]}"
        if len(years) > 2 and years[-1] - years[0] == len(years) - 1
        else f"en {', '.join(map(str, years))}"
    )
    most = max(total.unknown for total in missing)
    contracts = "d'un contrat" if most == 1 else f"de {most} contrats"
    atmost = " au plus" if len({total.unknown for total in missing}) > 1 else ""
    minimum = "ce total est un minimum" if len(years) == 1 else "ces totaux sont des minimums"
    return f"Il manque le montant {contracts}{atmost} {span} : {minimum}."


def money_document(
    agreement: Agreement, money: Money, estimated: Iterable[Estimate], year: int, on: date
) -> Content:
    """The page as a document: its workbook is drawn by the documents' renderers."""
    return Content(
        identifier="argent-de-la-caf",
        title="Ce que la Caf apporte au territoire",
        audience="committee",
        sections=(
            Section("Totaux par année", (_totals_table(money),), sheet="Totaux"),
            Section("Montants par contrat", (_amounts_table(money),), sheet="Montants"),
            Section(
                f"Estimations d'après les barèmes de {year}",
                (_estimates_table(estimated, year),),
                sheet="Estimations",
            ),
        ),
        meta=DocumentMeta(
            agreement_name=agreement.name, territory=agreement.name, state="extract",
            state_label="extrait", produced_on=on, data_as_of=on,
            sources=("contrats saisis dans Fil rouge",),
        ),
        cover=False,
    )  # fmt: skip


def _totals_table(money: Money) -> Table:
    return Table(
        caption="Totaux par année, en euros",
        columns=(
            Column("Année"),
            Column(LATEST, "euros"),
            *(Column(str(stage.label).capitalize(), "euros") for stage in AmountStage),
            Column("Part non connue"),
        ),
        rows=tuple(
            (
                str(total.year),
                Missing() if total.latest is None else total.latest,
                *(
                    Missing() if value is None else value
                    for value in (total.by_stage[stage.value] for stage in AmountStage)
                ),
                total.unknown_text,
            )
            for total in money.totals
        ),
        note="Le dernier montant connu d'un contrat est celui du stade le plus avancé : prévisionnel, actualisé, réel, notifié, versé. Les stades d'une année ne s'additionnent pas.",
    )  # fmt: skip


def _amounts_table(money: Money) -> Table:
    return Table(
        caption="Montants par contrat, année et stade, en euros",
        columns=(
            Column("Équipement"), Column("Dispositif"), Column("Contrat"), Column("Année"),
            Column("Stade"), Column("Montant", "euros"), Column("Dit le", "date"), Column("Nature"),
        ),
        rows=tuple(
            (
                line.facilities, line.scheme, line.contract.title, str(amount.year),
                amount.get_stage_display(), amount.amount, amount.stated_on,
                "estimation" if amount.is_estimate else "montant dit",
            )
            for line in money.lines
            for amount in line.amounts
        ),
        empty="Aucun montant n'est saisi.",
    )  # fmt: skip


def _estimates_table(estimated: Iterable[Estimate], year: int) -> Table:
    return Table(
        caption=f"Estimations de {year}, d'après les barèmes : ni dues, ni versées",
        columns=(
            Column("Équipement"), Column("Barème"), Column("Taux ou montant"), Column("Base de calcul"),
            Column("Estimation", "euros"), Column("Ce qui manque"), Column("Source du barème"),
        ),
        rows=tuple(
            (
                row.facility.name, row.rate.scheme, rates.text(row.rate), row.basis or Missing(),
                Missing() if row.amount is None else row.amount, row.missing, row.rate.source,
            )
            for row in estimated
        ),
        empty="Aucun barème de cette année ne concerne un équipement du registre.",
    )  # fmt: skip
