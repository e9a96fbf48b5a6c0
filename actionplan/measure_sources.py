"""What a source offers to a measure, year by year: a published indicator, or a figure of a facility.
The page proposes, a person takes up; nothing is ever written by itself."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from actionplan.models import Measure
from core import formats as fr
from opendata.models import Territory
from opendata.queries import Reading, amount, series, total
from territory.models import Activity, Capacity

CAPACITY, ACTIVITY = "capacity", "activity"
FIGURES: list[tuple[str, str]] = [
    *((f"{CAPACITY}:{unit.value}", f"capacité : {unit.label}") for unit in Capacity.Unit),
    *((f"{ACTIVITY}:{kind.value}", f"activité : {kind.label}") for kind in Activity.Kind),
]
"""The figures of a facility that may fill a measure: what ``Measure.facility_figure`` holds."""
FIGURE_LABELS = dict(FIGURES)


@dataclass(frozen=True)
class Offer:
    """The value of one year: ``value`` None when the source has none that may be taken up, and
    ``text`` says why. ``written`` is what the measure says where it would go."""

    year: int
    value: Decimal | None
    text: str
    source: str
    is_baseline: bool
    written: Decimal | None
    written_year: int | None
    is_taken: bool

    @property
    def replaces(self) -> bool:
        """Taking it up would change what is already said, so it asks why."""
        return self.written is not None and not self.is_taken


@dataclass(frozen=True)
class Offers:
    """What a measure's source gives, and what to know before taking it up."""

    source: str
    rows: tuple[Offer, ...]
    warning: str = ""

    @property
    def takeable(self) -> list[Offer]:
        return [row for row in self.rows if row.value is not None and not row.is_taken]


@dataclass(frozen=True)
class _Found:
    year: int
    value: Decimal | None
    text: str
    source: str


def has_source(measure: Measure) -> bool:
    return measure.indicator_id is not None or (
        measure.facility_id is not None and measure.facility_figure in FIGURE_LABELS
    )


def offers(measure: Measure, territories: list[Territory]) -> Offers | None:
    """Years of the agreement fill points; the years before, the starting value. None without a
    source. ``territories`` are the communes of the agreement."""
    if measure.indicator is not None:
        name, found = measure.indicator.label, _published(measure, territories)
    elif measure.facility is not None and measure.facility_figure in FIGURE_LABELS:
        name = f"{measure.facility} ({FIGURE_LABELS[measure.facility_figure]})"
        found = _of_facility(measure)
    else:
        return None
    rows = [_offer(measure, row) for row in found if row.year <= measure.agreement.ends_on.year]
    return Offers(name, tuple(rows), _warning(measure))


def _offer(measure: Measure, found: _Found) -> Offer:
    """Beside what the measure says already: in the point of the year, or as its starting value."""
    is_baseline = found.year < measure.agreement.starts_on.year
    if is_baseline:
        written, written_year = measure.baseline, measure.baseline_year
    else:
        point = next((row for row in measure.points.all() if row.year == found.year), None)
        written, written_year = (point.value if point else None), found.year
    is_taken = found.value is not None and (written, written_year) == (found.value, found.year)
    return Offer(
        found.year,
        found.value,
        found.text,
        found.source,
        is_baseline,
        written,
        written_year,
        is_taken,
    )


def _warning(measure: Measure) -> str:
    indicator = measure.indicator
    unit = indicator.unit if indicator else FIGURE_LABELS[measure.facility_figure].split(" : ")[1]
    if measure.unit and fr.plain_key(measure.unit) not in fr.plain_key(unit):
        return f"La source compte en « {unit} », la mesure en « {measure.unit} » : vérifiez que c'est la même chose."
    return ""


def _published(measure: Measure, territories: list[Territory]) -> list[_Found]:
    """The indicator for the commune; for several communes, their sum when it may be summed."""
    assert measure.indicator is not None
    by_place = series(measure.indicator, territories)
    if len(territories) == 1:
        return [_reading(row) for row in by_place.get(territories[0].pk, [])]
    years = sorted({row.period for rows in by_place.values() for row in rows})
    found = []
    for year in years:
        cells = [
            next((row for row in by_place.get(place.pk, []) if row.period == year), None)
            for place in territories
        ]
        whole, known = total(cells), next(cell for cell in cells if cell is not None)
        if whole is None or whole.lower_bound:
            text = (
                whole.text(measure.indicator)
                if whole
                else "ne s'additionne pas entre communes, ou manque pour l'une d'elles"
            )
            found.append(_Found(year, None, text, _source(known)))
        else:
            text = whole.text(measure.indicator)
            found.append(_Found(year, _exact(whole.value), text, _source(known, len(territories))))
    return found


def _reading(row: Reading) -> _Found:
    """A secret or missing figure, or a lower bound, is shown and cannot be taken up."""
    if row.value is None or row.lower_bound:
        return _Found(row.period, None, row.text, _source(row))
    text = f"{amount(row.indicator, row.value)} (estimé)" if row.estimated else row.text
    return _Found(row.period, _exact(row.value), text, _source(row))


def _source(row: Reading, places: int = 1) -> str:
    """« Insee, Recensement de la population, 2022, millésime 2025 »."""
    told = row.source
    if row.vintage and row.vintage != str(row.period):
        told += f", millésime {row.vintage}"
    if places > 1:
        told += f", somme de {places} communes"
    return f"{told}, estimé" if row.estimated else told


def _exact(value: Decimal) -> Decimal:
    """As many decimals as a point holds."""
    return fr.rounded(value, 4)


def _of_facility(measure: Measure) -> list[_Found]:
    """What the facility offered or did: a planned capacity is a promise, not a value."""
    facility = measure.facility
    assert facility is not None
    kind, _, which = measure.facility_figure.partition(":")
    rows = (
        facility.capacities.filter(unit=which, is_planned=False)
        if kind == CAPACITY
        else facility.activities.filter(kind=which)
    )
    label = FIGURE_LABELS[measure.facility_figure].split(" : ")[1]
    return [
        _Found(
            row.year,
            _exact(row.value),
            fr.with_unit(row.value, label, 0 if row.value == row.value.to_integral_value() else 2),
            f"Registre des équipements : {facility}, {label}, {row.year}",
        )
        for row in rows.order_by("year")
    ]
