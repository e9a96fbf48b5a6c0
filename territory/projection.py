"""Projection of the under-threes: a written method, adjustable hypotheses, nothing hidden.

On the first of January of year t, the under-threes are the children born in the three preceding
years. With B(y) the births of year y, s the share alive at one and m the net arrivals a year:

    U(t) = s × [B(t−1) + B(t−2) + B(t−3)] + m/3 × (1 + 2 + 3)

A third of the net arrivals joins each of the three generations every year; a generation born in
t−k has lived k years here, so that it received k × m/3. Births are those published; from the year
after the last one they follow the hypothesis, B(y) = B₀ × (1 + trend)^(years since). Without any
birth known nor supposed there is no projection, and the reason is said. It is an arithmetic of
hypotheses, not a forecast (method seen in practice: domaine.md §5).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import QuerySet

from agreements.models import Agreement
from core import formats as fr
from core.audience import Audience
from opendata.models import Indicator
from opendata.queries import series, total
from territory import queries
from territory.models import Projection

BIRTHS = "naissances_domiciliees"
FURTHEST = 15
"""Years beyond the last births: further, hypotheses alone would speak."""


@dataclass(frozen=True)
class Births:
    """Births by year, published or given locally, and where they come from."""

    by_year: Mapping[int, Decimal]
    source: str = ""


@dataclass(frozen=True)
class Hypotheses:
    """What the projection supposes. ``yearly_births`` None: the mean of the last years known."""

    horizon: int
    yearly_births: Decimal | None = None
    births_trend: Decimal = Decimal(0)
    survival: Decimal = Decimal(996)
    yearly_migration: Decimal = Decimal(0)


@dataclass(frozen=True)
class Year:
    """One year projected: the births it rests on, and whether any of them is supposed."""

    year: int
    births: tuple[Decimal, ...]
    children: Decimal
    supposed: int

    @property
    def births_total(self) -> Decimal:
        return sum(self.births, Decimal(0))

    @property
    def nature(self) -> str:
        if self.supposed == 0:
            return "naissances connues"
        if self.supposed == len(self.births):
            return "naissances supposées"
        return f"{fr.plural(self.supposed, 'année supposée', 'années supposées')} sur trois"


@dataclass(frozen=True)
class Told:
    """A hypothesis in words; ``is_default`` when nobody chose it."""

    label: str
    value: str
    is_default: bool


@dataclass(frozen=True)
class Projected:
    """The projection, or why there is none."""

    years: tuple[Year, ...] = ()
    hypotheses: tuple[Told, ...] = ()
    births: Births = Births({})
    reason: str = ""
    note: str = ""

    @property
    def sentence(self) -> str:
        if not self.years:
            return self.reason
        first, last = self.years[0], self.years[-1]
        gap = fr.rounded(last.children) - fr.rounded(first.children)
        if gap == 0:
            course = "reste stable"
        else:
            course = (
                f"{'augmente' if gap > 0 else 'diminue'} de {fr.with_unit(abs(gap), 'enfants')}"
            )
        return (
            f"Selon ces hypothèses, le nombre d'enfants de moins de trois ans {course} entre {first.year}"
            f" ({fr.number(first.children)}) et {last.year} ({fr.number(last.children)})."
        )


def project(births: Mapping[int, Decimal], hypotheses: Hypotheses, last_year: int) -> list[Year]:
    """The years from the one after the last births to the horizon.

    ``last_year`` is the last year of births when none is known. Raises ``ValueError`` with a
    sentence when births are neither known nor supposed, or when the horizon is behind.
    """
    start, level = starting_level(births, hypotheses, last_year)
    if hypotheses.horizon <= start:
        raise ValueError(
            f"L'horizon ({hypotheses.horizon}) doit suivre la dernière année de naissances ({start})."
        )
    growth = 1 + hypotheses.births_trend / 100
    survival = hypotheses.survival / 1000
    found = []
    for year in range(start + 1, min(hypotheses.horizon, start + FURTHEST) + 1):
        preceding = [year - 1, year - 2, year - 3]
        counted = tuple(_births_of(born, births, start, level, growth) for born in preceding)
        children = survival * sum(counted, Decimal(0)) + 2 * hypotheses.yearly_migration
        found.append(
            Year(
                year,
                counted,
                max(children, Decimal(0)),
                sum(1 for born in preceding if born not in births),
            )
        )
    return found


def starting_level(
    births: Mapping[int, Decimal], hypotheses: Hypotheses, last_year: int
) -> tuple[int, Decimal]:
    """The last year of births and the level from which supposed births start."""
    start = max(births, default=last_year)
    if hypotheses.yearly_births is not None:
        return start, hypotheses.yearly_births
    if not births:
        raise ValueError(
            "Aucune naissance n'est publiée ni saisie pour ce territoire : écrivez une hypothèse de"
            " naissances par an, ou ajoutez les naissances aux chiffres locaux."
        )
    latest = sorted(births)[-3:]
    return start, sum((births[year] for year in latest), Decimal(0)) / len(latest)


def _births_of(
    year: int, births: Mapping[int, Decimal], start: int, level: Decimal, growth: Decimal
) -> Decimal:
    """Known, else supposed; a year before the last known that is missing takes the level itself."""
    if year in births:
        return births[year]
    return level * growth ** max(year - start, 0)


def births_of(agreement: Agreement, audience: Audience) -> Births:
    """The published series summed over the communes (a year with a gap is left out), completed by
    the local figures that ``audience`` may read."""
    indicator = Indicator.objects.filter(key=BIRTHS).first()
    if indicator is None:
        return Births({})
    communes = list(agreement.communes.order_by("pk"))
    published = series(indicator, communes)
    by_year: dict[int, Decimal] = {}
    sources: list[str] = []
    for year in sorted({reading.period for rows in published.values() for reading in rows}):
        readings = [
            next((r for r in published.get(commune.pk, []) if r.period == year), None)
            for commune in communes
        ]
        added = total(readings)
        if added is not None and not added.lower_bound and readings[0] is not None:
            by_year[year] = added.value
            sources.append(f"{readings[0].producer}, {readings[0].dataset}")
    if len(communes) == 1:
        for local in (
            queries.local_observations(agreement, audience)
            .filter(indicator=indicator, territory=communes[0], value__isnull=False)
            .order_by("pk")
        ):
            if local.value is not None and local.period not in by_year:
                by_year[local.period] = local.value
                sources.append(local.source)
    return Births(by_year, " ; ".join(dict.fromkeys(sources)))


def projections(agreement: Agreement) -> QuerySet[Projection]:
    return Projection.objects.filter(agreement=agreement).select_related("agreement")


def projection_of(agreement: Agreement) -> Projection | None:
    return projections(agreement).first()


def projected(agreement: Agreement, audience: Audience, on: date) -> Projected:
    """The projection of the agreement with its hypotheses, or with the defaults, said to be so."""
    births = births_of(agreement, audience)
    known = projection_of(agreement)
    hypotheses = hypotheses_of(known, agreement)
    told = tell(hypotheses, births, known)
    note = known.note if known else ""
    try:
        years = project(births.by_year, hypotheses, on.year - 1)
    except ValueError as error:
        return Projected(hypotheses=told, births=births, reason=str(error), note=note)
    return Projected(tuple(years), told, births, note=note)


def hypotheses_of(known: Projection | None, agreement: Agreement) -> Hypotheses:
    if known is None:
        return Hypotheses(horizon=agreement.ends_on.year)
    return Hypotheses(
        horizon=known.horizon,
        yearly_births=known.yearly_births,
        births_trend=known.births_trend,
        survival=known.survival,
        yearly_migration=known.yearly_migration,
    )


def tell(hypotheses: Hypotheses, births: Births, known: Projection | None) -> tuple[Told, ...]:
    """Each hypothesis in words, with what was taken by default said as such."""
    nobody = known is None
    return (
        _tell_births(hypotheses, births),
        Told(
            "Évolution annuelle des naissances",
            fr.signed(hypotheses.births_trend, 1, "%"),
            nobody,
        ),
        Told(
            "Enfants en vie à un an",
            f"{fr.number(hypotheses.survival, 1)} pour 1{fr.NBSP}000 naissances",
            nobody,
        ),
        Told(
            "Solde migratoire des moins de trois ans",
            f"{fr.signed(hypotheses.yearly_migration, 1)} enfants par an",
            nobody,
        ),
        Told("Horizon", str(hypotheses.horizon), nobody),
    )


def _tell_births(hypotheses: Hypotheses, births: Births) -> Told:
    label = "Naissances par an au départ"
    if hypotheses.yearly_births is not None:
        return Told(label, fr.number(hypotheses.yearly_births, 1), False)
    if not births.by_year:
        return Told(label, "non connues", True)
    latest: Sequence[int] = sorted(births.by_year)[-3:]
    mean = sum((births.by_year[year] for year in latest), Decimal(0)) / len(latest)
    years = ", ".join(str(year) for year in latest)
    words = f"moyenne de {years}" if len(latest) > 1 else f"seule année connue : {years}"
    return Told(label, f"{fr.number(mean, 1)} ({words})", True)


@dataclass(frozen=True)
class Past:
    """The hypotheses as they were saved one day."""

    saved_at: datetime
    author: str
    hypotheses: Hypotheses
    note: str
    removed: bool


def past_hypotheses(agreement: Agreement) -> list[Past]:
    """Every version saved, the latest first, with who saved it."""
    rows = Projection.history.filter(agreement=agreement).select_related("history_user")  # type: ignore[attr-defined]
    return [
        Past(
            row.history_date,
            str(row.history_user or ""),
            Hypotheses(
                row.horizon,
                row.yearly_births,
                row.births_trend,
                row.survival,
                row.yearly_migration,
            ),
            row.note,
            row.history_type == "-",
        )
        for row in rows.order_by("-history_date", "-history_id")
    ]
