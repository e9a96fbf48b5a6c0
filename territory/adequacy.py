"""« Adéquation offre / besoins »: children against places and hours, by age group and mode.

Three figures stand side by side and never replace one another: what the local register offers, what
that makes for the children of the census, and the official rate of the Cnaf. Nothing unknown is
counted as zero: a sum that lacks a facility says « au moins » and names it. Hours, places and posts
are never added up. A gap is an estimate and says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from agreements.models import Agreement
from core import formats as fr
from core.audience import Audience
from opendata.models import Indicator, Territory, Unit
from opendata.queries import Reading, latest_readings, series, total
from territory import queries
from territory.comparison import territories_of
from territory.models import Activity, Capacity, Facility, FacilityType, LocalObservation

Mode = FacilityType.Mode
Level = Territory.Level
UNKNOWN = "n.d."
OF_LEVEL = {
    Level.EPCI: "de l'intercommunalité",
    Level.DEPARTEMENT: "du département",
    Level.REGION: "de la région",
    Level.FRANCE: "de la France",
}


@dataclass(frozen=True)
class Group:
    """One line of the table: an age group, the modes that serve it, and what is official."""

    key: str
    ages: str
    mode_label: str
    modes: tuple[str, ...]
    units: tuple[str, ...]
    populations: tuple[str, ...]
    bounds: str
    """The ages that the census really counts, when they are not those of the group."""
    rate: str = ""
    official_note: str = ""
    min_months: int = 0
    max_months: int = 1200
    exclusive: bool = False
    """Only what serves this group alone: hours of a facility that serves two are in neither."""


P, H, F = Unit.PLACES.value, Unit.HOURS.value, Unit.FTE.value
SIX_TO_TEN = "Le recensement compte les 6-10 ans : les enfants de 11 ans n'y sont pas."
ELEVEN_UP = "Le recensement compte les 11-17 ans : les jeunes de 11 ans y sont."
THEORETICAL = "La Cnaf compte des places théoriques pour les enfants qui habitent là."
FROM_ACTIVITY = "La Cnaf estime ces places d'après l'activité ; le registre compte des agréments."
BEFORE, HOLIDAYS = "périscolaire", "extrascolaire"

GROUPS: tuple[Group, ...] = (
    Group("all_0_2", "0-2 ans", "tous modes d'accueil", (Mode.COLLECTIVE, Mode.INDIVIDUAL), (P,), ("population_0_2",), "", "taux_couverture_pe", "La Cnaf y compte aussi l'école avant trois ans et la garde à domicile, que le registre ne connaît pas."),
    Group("collective_0_2", "0-2 ans", "accueil collectif", (Mode.COLLECTIVE,), (P,), ("population_0_2",), "", "taux_couverture_eaje", THEORETICAL),
    Group("individual_0_2", "0-2 ans", "accueil individuel", (Mode.INDIVIDUAL,), (P,), ("population_0_2",), "", "taux_couverture_am", FROM_ACTIVITY),
    Group("school_0_2", "0-2 ans", "école avant trois ans", (), (), ("population_0_2",), "", "taux_couverture_prescolarisation", ""),
    Group("before_3_5", "3-5 ans", BEFORE, (Mode.BEFORE_AFTER_SCHOOL,), (H, P), ("population_3_5",), "", min_months=36, max_months=72, exclusive=True),
    Group("before_6_11", "6-11 ans", BEFORE, (Mode.BEFORE_AFTER_SCHOOL,), (H, P), ("population_6_10",), SIX_TO_TEN, min_months=72, max_months=144, exclusive=True),
    Group("before_3_11", "3-11 ans, ensemble", BEFORE, (Mode.BEFORE_AFTER_SCHOOL,), (H, P), ("population_3_5", "population_6_10"), SIX_TO_TEN),
    Group("holidays_3_5", "3-5 ans", HOLIDAYS, (Mode.HOLIDAYS,), (H, P), ("population_3_5",), "", min_months=36, max_months=72, exclusive=True),
    Group("holidays_6_11", "6-11 ans", HOLIDAYS, (Mode.HOLIDAYS,), (H, P), ("population_6_10",), SIX_TO_TEN, min_months=72, max_months=144, exclusive=True),
    Group("holidays_3_11", "3-11 ans, ensemble", HOLIDAYS, (Mode.HOLIDAYS,), (H, P), ("population_3_5", "population_6_10"), SIX_TO_TEN),
    Group("youth_12_17", "12-17 ans", "jeunesse", (Mode.YOUTH,), (H, P, F), ("population_11_17",), ELEVEN_UP),
)  # fmt: skip


@dataclass(frozen=True)
class Children:
    """How many children of an age group live here, from the census or a local figure."""

    value: Decimal | None
    period: int | None = None
    source: str = ""
    bounds: str = ""
    why: str = ""

    @property
    def text(self) -> str:
        return fr.with_unit(self.value, "enfants") if self.value is not None else UNKNOWN


@dataclass(frozen=True)
class Supply:
    """What the register offers in one unit. ``missing`` names the facilities without a figure,
    ``older`` those whose last figure is of an earlier year."""

    unit: str
    value: Decimal | None = None
    year: int | None = None
    planned: Decimal | None = None
    planned_year: int | None = None
    missing: tuple[str, ...] = ()
    older: tuple[str, ...] = ()
    by_year: tuple[tuple[int, Decimal], ...] = ()
    """Only the years for which every facility then open has its figure."""

    @property
    def text(self) -> str:
        """« 77 places en 2026 », « au moins 77 places en 2026 »."""
        if self.value is None:
            return UNKNOWN
        told = f"{written(self.value, self.unit)} en {self.year}"
        return f"au moins {told}" if self.missing else told

    @property
    def planned_text(self) -> str:
        if self.planned is None:
            return ""
        told = f"{written(self.planned, self.unit)} en {self.planned_year}"
        return f"au moins {told}" if self.missing else told


@dataclass(frozen=True)
class Gap:
    """Places that would bring the territory to the rate of ``reference`` (« du département (Aube) »):
    an estimate, always."""

    reference: str
    rate: Decimal
    places: Decimal
    from_official: bool

    @property
    def text(self) -> str:
        if self.places <= 0:
            return f"estimation : le taux atteint ou dépasse celui {self.reference}"
        return f"estimation : {fr.with_unit(self.places, 'places')} de plus pour atteindre le taux {self.reference}"


@dataclass(frozen=True)
class Row:
    """One age group and mode."""

    group: Group
    children: Children
    supplies: tuple[Supply, ...]
    official: Reading | None = None
    reference: tuple[str, Reading] | None = None
    """« du département (Aube) » and its official rate."""
    hours_done: tuple[int, Decimal] | None = None
    trend: tuple[tuple[int, Decimal], ...] = ()
    """The official rate, year by year."""
    notes: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return f"{self.group.ages}, {self.group.mode_label}"

    def supply(self, unit: str) -> Supply | None:
        return next((supply for supply in self.supplies if supply.unit == unit), None)

    @property
    def coverage(self) -> Decimal | None:
        """Places of the register per 100 children; None when either is unknown."""
        places = self.supply(P)
        if places is None or places.value is None or not self.children.value:
            return None
        return places.value / self.children.value * 100

    @property
    def coverage_text(self) -> str:
        """« 20,4 places pour 100 enfants », « 141 heures par enfant et par an »."""
        places = self.supply(P)
        if self.coverage is not None and places is not None:
            told = fr.with_unit(self.coverage, "places pour 100 enfants", 1)
            return f"au moins {told}" if places.missing else told
        hours = self.supply(H)
        if hours is not None and hours.value is not None and self.children.value:
            told = fr.with_unit(hours.value / self.children.value, "heures par enfant et par an")
            return f"au moins {told}" if hours.missing else told
        return UNKNOWN

    @property
    def official_text(self) -> str:
        """The rate as the Cnaf publishes it, or « n.d. »; « sans objet » where it has none."""
        if not self.group.rate:
            return "sans objet"
        return f"{self.official.text} en {self.official.period}" if self.official else UNKNOWN

    @property
    def offer_texts(self) -> list[str]:
        return [supply.text for supply in self.supplies if supply.value is not None] or [UNKNOWN]

    @property
    def planned_texts(self) -> list[str]:
        return [supply.planned_text for supply in self.supplies if supply.planned_text] or ["–"]

    @property
    def difference(self) -> str:
        """Why the two rates are not the same, and what that difference is; empty without both."""
        if self.coverage is None or self.official is None or self.official.value is None:
            return ""
        gap = self.coverage - self.official.value
        side = "de plus" if gap > 0 else "de moins"
        places = self.supply(P)
        assert places is not None
        told = (
            f"Calculé ici : {fr.number(self.coverage, 1)} ; officiel : {fr.number(self.official.value, 1)}"
            f" ({fr.number(abs(gap), 1)} {side}). Les années diffèrent (registre de {places.year},"
            f" enfants de {self.children.period}, taux officiel de {self.official.period})."
        )
        return " ".join(
            part
            for part in (
                told, self.group.official_note, "Le taux officiel reste celui de la Cnaf.",
            )
            if part
        )  # fmt: skip

    @property
    def gap(self) -> Gap | None:
        """Against the reference's official rate: from our own official rate, else from ours."""
        if self.reference is None or self.children.value is None:
            return None
        name, reading = self.reference
        official = self.official.value if self.official else None
        own = official if official is not None else self.coverage
        if reading.value is None or own is None:
            return None
        places = (reading.value - own) / 100 * self.children.value
        return Gap(name, reading.value, fr.rounded(places), official is not None)

    @property
    def gap_text(self) -> str:
        if self.gap is None:
            return UNKNOWN if self.group.rate else "sans objet"
        return self.gap.text

    @property
    def evolution(self) -> str:
        """« de 41,2 en 2018 à 44,7 en 2023 »: the official rate, or the register's when none is."""
        points = self.trend
        if len(points) < 2:
            known = [supply for supply in self.supplies if len(supply.by_year) > 1]
            if not known:
                return UNKNOWN
            (first, start), (last, end) = known[0].by_year[0], known[0].by_year[-1]
            unit = known[0].unit
            return (
                f"registre : de {written(start, unit)} en {first} à {written(end, unit)} en {last}"
            )
        (first, start), (last, end) = points[0], points[-1]
        return (
            f"taux officiel : de {fr.number(start, 1)} en {first} à {fr.number(end, 1)} en {last}"
        )

    @property
    def unknowns(self) -> list[str]:
        """What is not known, and why; a reader must not take silence for a zero."""
        told = []
        if self.children.value is None:
            told.append(self.children.why)
        if not self.group.modes:
            told.append("Le registre des équipements ne compte pas les places des écoles.")
        elif all(supply.value is None for supply in self.supplies):
            told.append(
                "Aucun accueil du registre ne reçoit ces âges seuls : ses heures sont comptées avec l'ensemble des 3-11 ans."
                if self.group.exclusive
                else "Aucune capacité n'est saisie au registre pour ce mode."
            )
        for supply in self.supplies:
            if supply.missing and supply.value is not None:
                told.append(f"Capacité non saisie : {', '.join(supply.missing)}.")
            if supply.older:
                told.append(f"Dernière capacité plus ancienne : {', '.join(supply.older)}.")
        if self.group.rate and (self.official is None or self.official.value is None):
            told.append(
                f"Le taux officiel de la Cnaf n'est pas publié ici ({self.official.text})."
                if self.official
                else "Le taux officiel de la Cnaf n'est pas chargé pour ce territoire."
            )
        return [*told, *self.notes]

    @property
    def sentence(self) -> str:
        """The line in words, standing without the table."""
        offered = " et ".join(self.offer_texts)
        if offered == UNKNOWN:
            offered = "offre non connue"
        children = (
            self.children.text if self.children.value is not None else "nombre d'enfants non connu"
        )
        parts = [f"{self.label} : {offered}, {children}"]
        if self.coverage_text != UNKNOWN:
            parts[0] += f", soit {self.coverage_text} d'après le registre local"
        if self.official is not None and self.official.value is not None:
            parts.append(f"Taux officiel de la Cnaf : {self.official_text}")
        if self.gap is not None:
            parts.append(self.gap.text[0].upper() + self.gap.text[1:])
        return ". ".join(parts) + "."

    @property
    def is_told(self) -> bool:
        """Whether the line says more than the number of children."""
        official = self.official is not None and self.official.value is not None
        return official or any(supply.value is not None for supply in self.supplies)

    @property
    def source(self) -> str:
        """Every producer of the line, once."""
        found = [
            self.children.source,
            self.official.source if self.official else "",
            "registre local des équipements" if self.group.modes else "",
        ]
        return " ; ".join(dict.fromkeys(part for part in found if part))


@dataclass(frozen=True)
class Adequacy:
    """The whole table, with the series that its charts draw."""

    territory: str
    rows: tuple[Row, ...]
    rate_series: tuple[tuple[str, dict[int, Decimal]], ...] = field(default=())
    rate_source: str = ""
    latest_rates: tuple[tuple[str, Reading], ...] = ()

    def row(self, key: str) -> Row:
        return next(row for row in self.rows if row.group.key == key)

    @property
    def is_empty(self) -> bool:
        """Neither a child nor a place is known: there is nothing to compare yet."""
        return all(
            row.children.value is None and row.official is None and row.offer_texts == [UNKNOWN]
            for row in self.rows
        )


def written(value: Decimal, unit: str) -> str:
    """« 77 places », « 1,5 ETP »: two decimals at most, none that says nothing."""
    decimals = 0 if value == value.to_integral_value() else 2
    return fr.with_unit(value, str(Unit(unit).label), decimals)


def adequacy(agreement: Agreement, audience: Audience) -> Adequacy:
    """Every age group and mode, from the figures that ``audience`` may read.

    The queries are as many for one facility and for a thousand.
    """
    communes = list(agreement.communes.order_by("pk"))
    compared = territories_of(agreement)
    own = official_territory(agreement, communes)
    others = [territory for territory in compared if territory.pk != agreement.lead_commune_id]
    indicators = {
        row.key: row
        for row in Indicator.objects.filter(
            key__in={key for group in GROUPS for key in (*group.populations, group.rate) if key}
        )
    }
    populations = children_by_indicator(
        [
            indicators[key]
            for key in dict.fromkeys(key for group in GROUPS for key in group.populations)
            if key in indicators
        ],
        communes,
        agreement,
        audience,
    )
    facilities = list(
        Facility.objects.filter(agreement=agreement, type__mode__in=_modes())
        .select_related("type")
        .prefetch_related("capacities", "activities")
        .in_alphabetical_order()
    )
    shown = [territory for territory in (own, *others) if territory is not None]
    rates = {
        key: series(indicators[key], shown)
        for key in dict.fromkeys(group.rate for group in GROUPS if group.rate)
        if key in indicators
    }
    rows = tuple(
        _row(group, facilities, populations, rates.get(group.rate, {}), own, others)
        for group in GROUPS
    )
    main = rates.get("taux_couverture_pe", {})
    known = [
        (territory.name, [r for r in main.get(territory.pk, []) if r.value is not None])
        for territory in shown
    ]
    return Adequacy(
        territory=own.name if own else agreement.name,
        rows=rows,
        rate_series=tuple(
            (name, {r.period: r.value for r in readings if r.value is not None})
            for name, readings in known
            if readings
        ),
        rate_source=next((readings[-1].source for _, readings in known if readings), ""),
        latest_rates=tuple((name, readings[-1]) for name, readings in known if readings),
    )


def official_territory(agreement: Agreement, communes: Sequence[Territory]) -> Territory | None:
    """Where an official rate of the whole agreement can be read: its commune, or the EPCI when the
    agreement covers all of it. A rate is never summed: otherwise there is none."""
    if len(communes) == 1:
        return communes[0]
    epci = agreement.lead_commune.epci
    if epci is None:
        return None
    members = set(epci.member_communes.values_list("pk", flat=True))
    return epci if members == {commune.pk for commune in communes} else None


def children_by_indicator(
    indicators: Sequence[Indicator],
    communes: Sequence[Territory],
    agreement: Agreement,
    audience: Audience,
) -> dict[str, Children]:
    """The census, summed over the communes of one year; else a local figure; else unknown."""
    found = latest_readings(indicators, communes)
    typed: dict[int, LocalObservation] = {}
    for local in (
        queries.local_observations(agreement, audience)
        .filter(indicator__in=indicators, value__isnull=False, territory__in=communes)
        .order_by("period", "pk")
    ):
        assert local.indicator_id is not None
        typed[local.indicator_id] = local
    children = {}
    for indicator in indicators:
        readings = [found.get((indicator.pk, commune.pk)) for commune in communes]
        given = typed.get(indicator.pk) if len(communes) == 1 else None
        children[indicator.key] = _children(indicator, readings, given)
    return children


def _children(
    indicator: Indicator, readings: Sequence[Reading | None], local: LocalObservation | None
) -> Children:
    published = total(readings)
    first = next((reading for reading in readings if reading), None)
    # A sum that hides a commune is a lower bound: nothing is divided by it.
    if published is not None and not published.lower_bound and first is not None:
        return Children(published.value, first.period, first.source)
    if local is not None:
        return Children(local.value, local.period, f"{local.source}, {local.period}")
    return Children(None, why=_why(indicator, readings))


def _why(indicator: Indicator, readings: Iterable[Reading | None]) -> str:
    known = [reading for reading in readings if reading]
    if any(reading.value is None for reading in known):
        return f"{indicator.label} : {next(r.text for r in known if r.value is None)}."
    if known:
        return f"{indicator.label} : toutes les communes n'ont pas de chiffre de la même année."
    return f"{indicator.label} : aucun chiffre n'est chargé ni saisi."


NOT_IN_CATALOGUE = Children(None, why="L'indicateur du recensement n'est pas au catalogue.")


def _absent_modes(group: Group, serving: Sequence[Facility]) -> tuple[str, ...]:
    """Of a line of several modes, those that no facility of the register serves."""
    if len(group.modes) < 2 or not serving:
        return ()
    present = {facility.type.mode for facility in serving}
    return tuple(
        f"{Mode(mode).label} (aucun équipement au registre)"
        for mode in group.modes
        if mode not in present
    )


def _modes() -> set[str]:
    return {mode for group in GROUPS for mode in group.modes}


def _row(
    group: Group,
    facilities: Sequence[Facility],
    populations: dict[str, Children],
    rates: dict[int, list[Reading]],
    own: Territory | None,
    others: Sequence[Territory],
) -> Row:
    serving = [facility for facility in facilities if _serves(facility, group)]
    readings = rates.get(own.pk, []) if own else []
    official = readings[-1] if readings else None
    return Row(
        group=group,
        children=_together(
            [populations.get(key, NOT_IN_CATALOGUE) for key in group.populations], group.bounds
        ),
        supplies=tuple(
            supply_of(serving, unit, group.units[0], _absent_modes(group, serving))
            for unit in group.units
        ),
        official=official,
        reference=_reference(rates, others),
        hours_done=_hours_done(serving) if H in group.units else None,
        trend=tuple((r.period, r.value) for r in readings if r.value is not None),
        notes=(
            ("Le taux officiel ne s'additionne pas entre communes : il n'est pas donné pour l'ensemble.",)
            if group.rate and own is None
            else ()
        ),
    )  # fmt: skip


def _serves(facility: Facility, group: Group) -> bool:
    if facility.type.mode not in group.modes:
        return False
    if not group.exclusive:
        return True
    youngest = facility.min_age_months if facility.min_age_months is not None else facility.type.min_age_months  # fmt: skip
    oldest = facility.max_age_months if facility.max_age_months is not None else facility.type.max_age_months  # fmt: skip
    if youngest is None or oldest is None:
        return False
    return youngest >= group.min_months and oldest <= group.max_months


def _together(parts: Sequence[Children], bounds: str) -> Children:
    """One group of ages, or two of the same year."""
    missing = next((part for part in parts if part.value is None), None)
    if missing is not None:
        return Children(None, bounds=bounds, why=missing.why)
    if len({part.period for part in parts}) > 1:
        return Children(None, bounds=bounds, why="Les âges réunis ne sont pas de la même année.")
    added = sum((part.value for part in parts if part.value is not None), Decimal(0))
    sources = " ; ".join(dict.fromkeys(part.source for part in parts if part.source))
    return Children(added, parts[0].period, sources, bounds)


def _reference(
    rates: dict[int, list[Reading]], others: Sequence[Territory]
) -> tuple[str, Reading] | None:
    """The département, else France, else whichever of the comparison set has the rate."""
    order = {Level.DEPARTEMENT: 0, Level.FRANCE: 1}
    for territory in sorted(others, key=lambda known: order.get(Level(known.level), 2)):
        known = [reading for reading in rates.get(territory.pk, []) if reading.value is not None]
        if known:
            of_level = OF_LEVEL.get(Level(territory.level), "de la commune")
            return f"{of_level} ({territory.name})", known[-1]
    return None


def is_open(facility: Facility, year: int) -> bool:
    """Open on at least a day of ``year``, as far as its dates tell."""
    if facility.opened_on is not None and facility.opened_on.year > year:
        return False
    return facility.closed_on is None or facility.closed_on.year >= year


def supply_of(
    facilities: Sequence[Facility], unit: str, usual: str, absent: tuple[str, ...] = ()
) -> Supply:
    """The register in one unit, in the latest year that any facility has typed.

    A facility that is open and says nothing in ``unit`` is missing only when that is what it is
    counted in (its type's unit, or ``usual`` with no capacity at all); ``absent`` is missing too.
    """
    facts = {f.pk: _capacities(f, unit, planned=False) for f in facilities}
    plans = {f.pk: _capacities(f, unit, planned=True) for f in facilities}
    years = [year for known in facts.values() for year in known]
    planned_years = [year for known in plans.values() for year in known]
    if not years:
        promised = [known[max(known)] for known in plans.values() if known]
        return Supply(
            unit,
            planned=sum(promised, Decimal(0)) if promised else None,
            planned_year=max(planned_years, default=None),
            missing=tuple(f.name for f in facilities if _counted_in(f, unit, usual) and f.closed_on is None),
        )  # fmt: skip
    year = max(years)
    value, missing, older = Decimal(0), list(absent), []
    for facility in facilities:
        if not is_open(facility, year):
            continue
        known = {y: v for y, v in facts[facility.pk].items() if y <= year}
        if not known:
            if _counted_in(facility, unit, usual):
                missing.append(facility.name)
            continue
        value += known[max(known)]
        if max(known) < year:
            older.append(f"{facility.name} ({max(known)})")
    planned_year = max(planned_years, default=None)
    return Supply(
        unit, value, year, _planned(facilities, facts, plans, planned_year), planned_year,
        tuple(missing), tuple(older), tuple(_full_years(facilities, facts, unit, usual)),
    )  # fmt: skip


def _capacities(facility: Facility, unit: str, *, planned: bool) -> dict[int, Decimal]:
    rows: Iterable[Capacity] = facility.capacities.all()
    return {row.year: row.value for row in rows if row.unit == unit and row.is_planned is planned}


def _counted_in(facility: Facility, unit: str, usual: str) -> bool:
    rows: list[Capacity] = list(facility.capacities.all())
    if rows:
        return any(row.unit == unit for row in rows)
    return (facility.type.unit or usual) == unit


def _planned(
    facilities: Sequence[Facility],
    facts: dict[int, dict[int, Decimal]],
    plans: dict[int, dict[int, Decimal]],
    year: int | None,
) -> Decimal | None:
    """What is planned at ``year``: a facility that plans nothing keeps what it has."""
    if year is None:
        return None
    added = Decimal(0)
    for facility in facilities:
        if not is_open(facility, year):
            continue
        plan, fact = plans[facility.pk], facts[facility.pk]
        if plan:
            added += plan[max(plan)]
        elif fact:
            added += fact[max(fact)]
    return added


def _full_years(
    facilities: Sequence[Facility], facts: dict[int, dict[int, Decimal]], unit: str, usual: str
) -> list[tuple[int, Decimal]]:
    found = []
    for year in sorted({year for known in facts.values() for year in known}):
        there = [f for f in facilities if is_open(f, year) and _counted_in(f, unit, usual)]
        if all(year in facts[facility.pk] for facility in there):
            found.append((year, sum((facts[f.pk][year] for f in there), Decimal(0))))
    return found


def _hours_done(facilities: Sequence[Facility]) -> tuple[int, Decimal] | None:
    """Hours really done in the latest year for which every facility counted in hours says them."""
    counted = [f for f in facilities if _counted_in(f, H, H)]
    done = {
        f.pk: {a.year: a.value for a in f.activities.all() if a.kind == Activity.Kind.HOURS_DONE}
        for f in counted
    }
    for year in sorted({year for known in done.values() for year in known}, reverse=True):
        there = [f for f in counted if is_open(f, year)]
        if all(year in done[f.pk] for f in there):
            return year, sum((done[f.pk][year] for f in there), Decimal(0))
    return None
