"""« Adéquation offre / besoins »: children against places and hours, by age group and mode.

Three figures stand side by side and never replace one another: what the local register offers, what
that makes for the children of the census, and the official rate of the Cnaf. Nothing unknown is
counted as zero: a sum that lacks a facility says « au moins » and names it. Hours, places and posts
are never added up. A gap is an estimate and says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from agreements.models import Agreement
from core.audience import Audience
from opendata.models import Indicator, Territory
from opendata.queries import Reading, latest_readings, series, total
from territory import queries
from territory.adequacy_table import GROUPS, Adequacy, Children, Group, H, Mode, Row
from territory.comparison import territories_of
from territory.models import Facility, LocalObservation
from territory.supply import hours_done, supply_of

Level = Territory.Level
OF_LEVEL = {
    Level.EPCI: "de l'intercommunalité",
    Level.DEPARTEMENT: "du département",
    Level.REGION: "de la région",
    Level.FRANCE: "de la France",
}


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
        hours_done=hours_done(serving) if H in group.units else None,
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
