"""Reads of the register: the list with its filters, one facility, the types, the areas."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, QuerySet

from agreements.models import Agreement
from core import formats as fr
from core.charts import Area, Place, PlaceMap
from core.documents.content import Column, Missing
from opendata.models import Contour, Territory, Unit
from territory.ages import range_text
from territory.models import Activity, Capacity, Facility, FacilityType, UnderServedArea
from territory.supply import written


def register(agreement: Agreement) -> QuerySet[Facility]:
    """Every facility with what its lists show, in French order."""
    return (
        Facility.objects.filter(agreement=agreement)
        .select_related("type", "manager", "theme", "commune", "quarter", "agreement")
        .prefetch_related("capacities")
        .in_alphabetical_order()
    )


def facility_sheets(agreement: Agreement) -> QuerySet[Facility]:
    """For the page of one facility: its activity and its contracts come along."""
    return register(agreement).prefetch_related("activities", "contracts__amounts")


@dataclass(frozen=True)
class Offered:
    """What a facility offers in one unit: last known, and the furthest plan after it."""

    unit: str
    now: Capacity | None
    planned: Capacity | None

    @property
    def now_text(self) -> str:
        return f"{written(self.now.value, self.unit)} en {self.now.year}" if self.now else "n.d."

    @property
    def planned_text(self) -> str:
        if self.planned is None:
            return ""
        return f"{written(self.planned.value, self.unit)} en {self.planned.year}"


@dataclass(frozen=True)
class FacilityLine:
    facility: Facility
    offered: tuple[Offered, ...]
    is_closed: bool = False
    state: str = "ouvert"

    @property
    def now_texts(self) -> list[str]:
        return [each.now_text for each in self.offered] or ["n.d."]

    @property
    def planned_texts(self) -> list[str]:
        return [each.planned_text for each in self.offered if each.planned_text] or ["–"]

    @property
    def ages(self) -> str:
        return ages_of(self.facility)


def ages_of(facility: Facility) -> str:
    """The facility's ages, else those usual for its type, said to be so."""
    own = range_text(facility.min_age_months, facility.max_age_months)
    usual = range_text(facility.type.min_age_months, facility.type.max_age_months)
    return own or (f"{usual} (âges habituels du type)" if usual else "")


def offered_by(facility: Facility) -> tuple[Offered, ...]:
    rows: list[Capacity] = list(facility.capacities.all())
    found = []
    for unit in Unit.values:
        mine = [row for row in rows if row.unit == unit]
        now = max((r for r in mine if not r.is_planned), key=lambda r: r.year, default=None)
        planned = max((r for r in mine if r.is_planned), key=lambda r: r.year, default=None)
        if planned is not None and now is not None and planned.year <= now.year:
            planned = None
        if now or planned:
            found.append(Offered(unit, now, planned))
    return tuple(found)


def lines_of(facilities: Iterable[Facility], on: date) -> list[FacilityLine]:
    return [
        FacilityLine(
            facility, offered_by(facility), is_closed(facility, on), state_text(facility, on)
        )
        for facility in facilities
    ]


def is_closed(facility: Facility, on: date) -> bool:
    return facility.closed_on is not None and facility.closed_on <= on


def state_text(facility: Facility, on: date) -> str:
    """« ouvert », « fermé le 30/06/2025 », « ferme le 31/08/2027 », « ouvre le 01/09/2026 »."""
    if facility.closed_on is not None:
        verb = "fermé" if is_closed(facility, on) else "ferme"
        return f"{verb} le {fr.date_short(facility.closed_on)}"
    if facility.opened_on is not None and facility.opened_on > on:
        return f"ouvre le {fr.date_short(facility.opened_on)}"
    return "ouvert"


# --- One facility -------------------------------------------------------------------------------
@dataclass(frozen=True)
class YearRow:
    label: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Grid:
    """A table of figures by year, ready to be shown; empty without any row."""

    headers: tuple[str, ...]
    rows: tuple[YearRow, ...]
    notes: tuple[str, ...] = ()


def capacity_grid(facility: Facility) -> Grid:
    """A line a year, and for each unit what is offered and what is planned."""
    known = {(c.year, c.unit, c.is_planned): c.value for c in facility.capacities.all()}
    units = [unit for unit in Unit if any(key[1] == unit.value for key in known)]
    headers = tuple(
        f"{str(unit.label)[0].upper()}{str(unit.label)[1:]}, {nature}"
        for unit in units
        for nature in ("réel", "prévu")
    )
    rows = tuple(
        YearRow(
            str(year),
            tuple(
                _cell(known.get((year, unit.value, planned)), "–" if planned else "n.d.")
                for unit in units
                for planned in (False, True)
            ),
        )
        for year in sorted({key[0] for key in known})
    )
    return Grid(headers, rows)


def activity_grid(facility: Facility) -> Grid:
    """A line a measure, a column a year, then the use of the hours offered, computed."""
    known = {(a.year, a.kind): a for a in facility.activities.all()}
    years = sorted({year for year, _ in known})
    rows = []
    for kind in Activity.Kind:
        values = [known.get((year, kind.value)) for year in years]
        if any(values):
            rows.append(
                YearRow(
                    str(kind.label).capitalize(),
                    tuple(_cell(v.value if v else None) for v in values),
                )
            )
    shares = [use_of_hours(facility, year) for year in years]
    if any(share is not None for share in shares):
        rows.append(
            YearRow(
                "Heures réalisées pour 100 heures offertes (calculé)",
                tuple("n.d." if share is None else fr.percent(share) for share in shares),
            )
        )
    notes = tuple(
        f"{a.get_kind_display().capitalize()}, {year} : {a.note}"
        for (year, _), a in sorted(known.items())
        if a.note
    )
    return Grid(tuple(str(year) for year in years), tuple(rows), notes)


def use_of_hours(facility: Facility, year: int) -> Decimal | None:
    """Hours done over hours offered, in percent; None when either is unknown or nothing is offered."""
    offered = next(
        (
            c.value
            for c in facility.capacities.all()
            if c.year == year and c.unit == Unit.HOURS and not c.is_planned
        ),
        None,
    )
    done = next(
        (
            a.value
            for a in facility.activities.all()
            if a.year == year and a.kind == Activity.Kind.HOURS_DONE
        ),
        None,
    )
    return done / offered * 100 if done is not None and offered else None


def _cell(value: Decimal | None, absent: str = "n.d.") -> str:
    if value is None:
        return absent
    return fr.number(value, 0 if value == value.to_integral_value() else 2)


# --- The map --------------------------------------------------------------------------------------
def place_map(agreement: Agreement, facilities: Sequence[Facility], on: date) -> PlaceMap | None:
    """Facilities over the communes' outlines; None when no outline is known or none has a point."""
    communes = list(Territory.objects.filter(agreements=agreement).in_alphabetical_order())
    geometries = {
        contour.territory_id: contour for contour in Contour.objects.filter(territory__in=communes)
    }
    placed = [facility for facility in facilities if facility.latitude is not None]
    if not geometries or not placed:
        return None
    missing = len(facilities) - len(placed)
    told = f"{fr.plural(len(placed), 'équipement situé', 'équipements situés')} sur la carte"
    if missing:
        told += f" ; {fr.plural(missing, 'équipement', 'équipements')} sans coordonnées, dans la liste seulement"
    return PlaceMap(
        title=f"Équipements et services, {agreement.name}",
        outlines=[
            Area(
                commune.name,
                geometries[commune.pk].geometry if commune.pk in geometries else None,
                ours=True,
            )
            for commune in communes
        ],
        places=[
            Place(
                facility.name,
                facility.longitude,
                facility.latitude,
                {
                    "type": facility.type.name,
                    "address": facility.address or Missing("non renseignée"),
                    "state": state_text(facility, on),
                },
            )
            for facility in facilities
        ],
        sentence=f"{told}.",
        columns={
            "type": Column("Type", width=3),
            "address": Column("Adresse", width=3),
            "state": Column("État", width=2),
        },
        source=f"registre local des équipements ; contours : {next(iter(geometries.values())).source}",
        label_title="Équipement",
    )


# --- Types and areas ------------------------------------------------------------------------------
def facility_types(agreement: Agreement) -> QuerySet[FacilityType]:
    """In their order, with how many facilities bear each."""
    return (
        FacilityType.objects.filter(agreement=agreement)
        .annotate(facility_count=Count("facilities"))
        .order_by("position", "pk")  # a grouped query forgets the order of the model
    )


def areas(agreement: Agreement) -> QuerySet[UnderServedArea]:
    return UnderServedArea.objects.filter(agreement=agreement).select_related(
        "territory", "theme", "agreement"
    )
