"""Reads: the latest figure of each indicator and territory, a series, the ladder of territories."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from core import formats as fr
from core.db import fr_order, french_search
from opendata.models import Contour, Indicator, Observation, Reason, Territory

Key = tuple[int, int]
"""(indicator pk, territory pk)."""
OLD_AFTER = 4
"""Years beyond which a figure is said to be old, and enters a document only when ticked."""


def is_old(period: int, year: int) -> bool:
    """Is a figure of ``period`` older than four years when read in ``year``?"""
    return year - period > OLD_AFTER


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
    vintage: str = ""
    geography: str = ""
    licence: str = ""

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
        vintage=row.version.vintage,
        geography=row.version.geography_vintage,
        licence=row.version.dataset.licence,
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


def histories(indicators: Iterable[Indicator], territory: Territory) -> dict[int, list[Reading]]:
    """Indicator pk → its figures in one territory, from the oldest to the latest, in one query."""
    rows = (
        Observation.objects.current()
        .filter(indicator__in=list(indicators), territory=territory)
        .select_related("indicator", "version__dataset")
        .order_by("indicator_id", "period", "-version__dataset__precedence", "-version_id")
        .distinct("indicator_id", "period")
    )
    found: dict[int, list[Reading]] = {}
    for row in rows:
        found.setdefault(row.indicator_id, []).append(_reading(row))
    return found


@dataclass(frozen=True)
class Sum:
    """A sum over territories. With ``hidden`` cells (secret, not available) it is a lower bound."""

    value: Decimal
    hidden: int = 0
    lower_bound: bool = False

    def text(self, indicator: Indicator) -> str:
        """« 1 240 enfants », « au moins 1 240 enfants (2 valeurs non connues) »."""
        written = amount(indicator, self.value)
        if not self.lower_bound:
            return written
        if not self.hidden:
            return f"au moins {written}"
        what = fr.plural(self.hidden, "valeur non connue", "valeurs non connues")
        return f"au moins {written} ({what})"


def total(readings: Iterable[Reading | None]) -> Sum | None:
    """The sum over several territories, « au moins » when a cell is secret or not available.

    None when the indicator may not be summed, when years are mixed, when nothing is known, or when
    a territory was never told anything: what nobody published is not counted as nothing. A cell
    « non concerné » adds nothing and hides nothing.
    """
    known = list(readings)
    if not known or any(reading is None for reading in known):
        return None
    cells = [reading for reading in known if reading is not None]
    if not all(reading.indicator.is_summable for reading in cells):
        return None
    told = [reading for reading in cells if reading.value is not None]
    if not told or len({reading.period for reading in told}) > 1:
        return None
    hidden = sum(reading.reason in (Reason.SECRET, Reason.MISSING) for reading in cells)
    return Sum(
        value=sum((reading.value for reading in told if reading.value is not None), Decimal(0)),
        hidden=hidden,
        lower_bound=hidden > 0 or any(reading.lower_bound for reading in told),
    )


# --- Searches ---------------------------------------------------------------------------------
def family_policy(text: str = "", domain: str = "") -> QuerySet[Indicator]:
    """The catalogue of family policy, by domain then label; ``text`` as French people type it."""
    rows = Indicator.objects.filter(is_family_policy=True).select_related("domain")
    if domain:
        rows = rows.filter(domain__key=domain)
    rows = french_search(rows, text, "label", "definition", "caution")
    return rows.order_by("domain__position", "label", "pk")


COMPARABLE = (
    Territory.Level.COMMUNE, Territory.Level.EPCI, Territory.Level.DEPARTEMENT,
    Territory.Level.REGION, Territory.Level.FRANCE,
)  # fmt: skip


def search_territories(text: str, *, limit: int = 30) -> list[Territory]:
    """Territories that may be compared, by name or official code; the names typed whole first.

    Fit for 35,000 communes: one query, ``limit`` rows.
    """
    text = text.strip()
    if not text:
        return []
    rows = Territory.objects.filter(level__in=COMPARABLE).select_related("departement")
    if text.upper() == text and any(character.isdigit() for character in text):
        return list(rows.filter(code=text).in_alphabetical_order()[:limit])
    found = french_search(rows, text, "name")
    wanted = fr.plain_key(text)
    nearest = sorted(
        found.order_by(*fr_order("name"), "pk")[: limit * 4],
        key=lambda row: (
            fr.plain_key(row.name) != wanted,
            not fr.plain_key(row.name).startswith(wanted),
        ),
    )
    return nearest[:limit]


def contours(territories: Iterable[Territory]) -> dict[int, Contour]:
    """Territory pk → its outline, for those that have one; one query."""
    return {row.territory_id: row for row in Contour.objects.filter(territory__in=territories)}
