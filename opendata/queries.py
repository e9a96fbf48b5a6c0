"""Reads: the latest figure of each indicator and territory, a series, the ladder of territories."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from core import formats as fr
from opendata.models import Indicator, Observation, Reason, Territory

Key = tuple[int, int]
"""(indicator pk, territory pk)."""


@dataclass(frozen=True)
class Reading:
    """One figure as it is published: a value or the reason why there is none, and its source."""

    indicator: Indicator
    value: Decimal | None
    reason: str
    period: int
    producer: str
    dataset: str
    perimeter: str
    estimated: bool = False
    lower_bound: bool = False
    note: str = ""
    version_id: int | None = None

    @property
    def text(self) -> str:
        """« 17,0 % », « au moins 228 enfants », « secret statistique »."""
        if self.value is None:
            return str(Reason(self.reason).label)
        written = amount(self.indicator, self.value)
        return f"au moins {written}" if self.lower_bound else written

    @property
    def source(self) -> str:
        """« Insee, Recensement de la population, 2022 », with the perimeter when it is told."""
        told = f"{self.producer}, {self.dataset}, {self.period}"
        return f"{told} ({self.perimeter})" if self.perimeter else told


def amount(indicator: Indicator, value: Decimal) -> str:
    """A value with its unit, in French: « 12 806 hab. », « 21 440 € », « 17,0 % »."""
    return fr.with_unit(value, indicator.unit, indicator.decimals)


def usual_indicators() -> list[Indicator]:
    """Those compared by default, in their order."""
    return list(
        Indicator.objects.filter(position__isnull=False)
        .select_related("domain")
        .order_by("position")
    )


def ladder(commune: Territory) -> list[Territory]:
    """The commune, then what holds it: EPCI, département, région, France. One query at most."""
    above = [pk for pk in (commune.epci_id, commune.departement_id, commune.region_id) if pk]
    known = {
        row.level: row
        for row in Territory.objects.filter(pk__in=above)
        | Territory.objects.filter(level=Territory.Level.FRANCE)
    }
    levels = (
        Territory.Level.EPCI, Territory.Level.DEPARTEMENT, Territory.Level.REGION, Territory.Level.FRANCE,
    )  # fmt: skip
    return [commune, *(known[level] for level in levels if level in known)]


def _reading(row: Observation) -> Reading:
    return Reading(
        indicator=row.indicator,
        value=row.value,
        reason=row.reason,
        period=row.period,
        producer=row.version.dataset.producer,
        dataset=row.version.dataset.title,
        perimeter=row.version.perimeter,
        estimated=row.estimated,
        lower_bound=row.lower_bound,
        note=row.note,
        version_id=row.version_id,
    )


def latest_readings(
    indicators: Iterable[Indicator], territories: Sequence[Territory]
) -> dict[Key, Reading]:
    """The most recent figure of each pair, in one query.

    Among several datasets of one year the one of highest precedence wins, then the last loaded. A pair that nothing was ever
    published for has no entry: what to print then belongs to the caller.
    """
    rows = (
        Observation.objects.current()
        .filter(indicator__in=list(indicators), territory__in=territories)
        .select_related("indicator", "version__dataset")
        .order_by(
            "indicator_id",
            "territory_id",
            "-period",
            "-version__dataset__precedence",
            "-version_id",
        )
        .distinct("indicator_id", "territory_id")
    )
    return {(row.indicator_id, row.territory_id): _reading(row) for row in rows}


def series(indicator: Indicator, territories: Sequence[Territory]) -> dict[int, list[Reading]]:
    """Territory pk → its figures from the oldest to the latest, in one query."""
    rows = (
        Observation.objects.current()
        .filter(indicator=indicator, territory__in=territories)
        .select_related("indicator", "version__dataset")
        .order_by("territory_id", "period", "-version__dataset__precedence", "-version_id")
        .distinct("territory_id", "period")
    )
    found: dict[int, list[Reading]] = {}
    for row in rows:
        found.setdefault(row.territory_id, []).append(_reading(row))
    return found


def total(readings: Iterable[Reading | None]) -> Decimal | None:
    """The sum over several territories; None when the indicator may not be summed or one is unknown."""
    known = list(readings)
    if not known or any(reading is None or reading.value is None for reading in known):
        return None
    if not all(reading.indicator.is_summable for reading in known if reading):
        return None
    if len({reading.period for reading in known if reading}) > 1:
        return None
    return sum(
        (reading.value for reading in known if reading and reading.value is not None), Decimal(0)
    )
