"""The territory beside those that hold it: figures, a sentence for each, and their charts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from agreements.models import Agreement
from core import formats as fr
from core.charts import Bar, HorizontalBars, Lines
from core.documents.content import Missing
from opendata.models import Indicator, Reason, Territory
from opendata.queries import (
    Reading,
    amount,
    ladder,
    latest_readings,
    series,
    total,
    usual_indicators,
)

Level = Territory.Level
KEY_INDICATORS = (
    "population_municipale", "taux_pauvrete_60", "part_menages_monoparentaux",
    "niveau_de_vie_median", "taux_chomage_rp_15_64",
)  # fmt: skip
"""What a committee reads first; the other usual indicators follow."""

CLOSE = Decimal("0.05")
"""Two figures within 5 % of each other are said to be close."""

OF_LEVEL = {
    Level.EPCI: "de l'intercommunalité",
    Level.DEPARTEMENT: "du département",
    Level.REGION: "de la région",
    Level.FRANCE: "de la France",
}


@dataclass(frozen=True)
class Row:
    """One indicator over the territories compared; a territory without a figure has None."""

    indicator: Indicator
    territories: tuple[Territory, ...]
    readings: tuple[Reading | None, ...]

    @property
    def label(self) -> str:
        return self.indicator.label

    @property
    def own(self) -> Reading | None:
        return self.readings[0]

    @property
    def value_text(self) -> str:
        return self.own.text if self.own else str(Reason.MISSING.label)

    @property
    def texts(self) -> list[str]:
        return [reading.text if reading else str(Reason.MISSING.label) for reading in self.readings]

    @property
    def cells(self) -> list[tuple[str, int | None]]:
        """For each territory, what to print and the year when it is not that of the first."""
        year = self.own.period if self.own else None
        return [
            (text, reading.period if reading and reading.period != year else None)
            for text, reading in zip(self.texts, self.readings, strict=True)
        ]

    @property
    def source(self) -> str:
        known = self.own or next((reading for reading in self.readings if reading), None)
        return known.source if known else self.indicator.source

    @property
    def notes(self) -> list[str]:
        """What the figures of this line leave out, each said once."""
        names: dict[str, list[str]] = {}
        for territory, reading in zip(self.territories, self.readings, strict=True):
            for text in (reading.perimeter, reading.note) if reading else ():
                if text:
                    names.setdefault(text.rstrip("."), []).append(territory.name)
        return [f"{text} ({', '.join(where)})" for text, where in names.items()]

    def reading_of(self, level: str) -> Reading | None:
        for territory, reading in zip(self.territories, self.readings, strict=True):
            if territory.level == level:
                return reading
        return None

    @cached_property
    def reference(self) -> tuple[Territory, Reading] | None:
        """What the territory is measured against: the département, else France."""
        for level in (Level.DEPARTEMENT, Level.FRANCE):
            for territory, reading in zip(self.territories, self.readings, strict=True):
                if territory.level == level and reading and reading.value is not None:
                    return territory, reading
        return None

    @property
    def comparison(self) -> str:
        """« Aube : 14,9 % · France : 14,5 % », or the share of the whole for what is summed."""
        if self.indicator.is_summable:
            return self._share()
        told = [
            f"{territory.name} : {reading.text}"
            for territory, reading in zip(self.territories, self.readings, strict=True)
            if territory.level in (Level.DEPARTEMENT, Level.FRANCE)
            and reading
            and reading.value is not None
        ]
        return " · ".join(told)

    def _share(self) -> str:
        for territory, reading in zip(self.territories[1:], self.readings[1:], strict=True):
            if not (self.own and self.own.value is not None and reading and reading.value):
                continue
            if self.own.period != reading.period:
                continue
            return f"{fr.percent(self.own.value / reading.value * 100)} de {territory.name}"
        return ""

    @property
    def sentence(self) -> str:
        """What the line shows. It judges only where a direction is favourable by definition."""
        name = self.territories[0].name
        if self.own is None:
            return f"{self.label} : aucun chiffre n'est publié pour {name}."
        if self.own.value is None:
            return f"{self.label} : {self.own.text} pour {name} en {self.own.period}."
        told = f"{name} : {self.own.text} en {self.own.period}"
        if self.indicator.is_summable:
            share = self._share()
            return f"{told}, soit {share}." if share else f"{told}."
        if self.reference is None:
            return f"{told}."
        territory, reading = self.reference
        year = f" en {reading.period}" if reading.period != self.own.period else ""
        level = OF_LEVEL[Level(territory.level)]
        return (
            f"{told}, {self._position(reading, level)} ({territory.name} : {reading.text}{year})."
        )

    def _position(self, reading: Reading, of_level: str) -> str:
        """« au-dessus du niveau du département, ce qui est moins favorable »."""
        assert self.own is not None
        assert self.own.value is not None
        assert reading.value is not None
        gap = self.own.value - reading.value
        scale = max(abs(self.own.value), abs(reading.value)) or Decimal(1)
        if abs(gap) / scale <= CLOSE:
            return f"proche du niveau {of_level}"
        side = f"au-{'dessus' if gap > 0 else 'dessous'} du niveau {of_level}"
        if self.indicator.direction == Indicator.Direction.NEUTRAL:
            return side
        favourable = (gap > 0) == (self.indicator.direction == Indicator.Direction.UP)
        return f"{side}, ce qui est {'plus' if favourable else 'moins'} favorable"

    @property
    def chart(self) -> HorizontalBars:
        bars = [
            Bar(territory.name, _chart_value(reading), ours=rank == 0)
            for rank, (territory, reading) in enumerate(
                zip(self.territories, self.readings, strict=True)
            )
        ]
        year = f", {self.own.period}" if self.own else ""
        return HorizontalBars(
            title=f"{self.label}{year}",
            bars=bars,
            sentence=self.sentence,
            unit=self.indicator.unit,
            decimals=self.indicator.decimals,
            source=self.source,
        )


def _chart_value(reading: Reading | None) -> Decimal | Missing:
    if reading is None:
        return Missing()
    if reading.value is None:
        return Missing(
            Missing.SECRET if reading.reason == Reason.SECRET else Missing.NOT_APPLICABLE
        )
    return reading.value


def territories_of(agreement: Agreement) -> list[Territory]:
    """The lead commune and what holds it, from the nearest to France."""
    return ladder(agreement.lead_commune)


def comparison(agreement: Agreement, indicators: Sequence[Indicator] | None = None) -> list[Row]:
    """The usual indicators over the lead commune, its EPCI, département, région and France."""
    chosen = usual_indicators() if indicators is None else list(indicators)
    territories = territories_of(agreement)
    readings = latest_readings(chosen, territories)
    return [
        Row(
            indicator=indicator,
            territories=tuple(territories),
            readings=tuple(readings.get((indicator.pk, territory.pk)) for territory in territories),
        )
        for indicator in chosen
    ]


def key_figures(agreement: Agreement) -> list[Row]:
    """The indicators that have a figure here, those of ``KEY_INDICATORS`` first."""
    rank = {key: position for position, key in enumerate(KEY_INDICATORS)}
    rows = [row for row in comparison(agreement) if row.own is not None]
    return sorted(rows, key=lambda row: rank.get(row.indicator.key, len(rank)))


@dataclass(frozen=True)
class CommuneShare:
    """An indicator over the communes of the agreement; the sum only where it has a meaning."""

    indicator: Indicator
    texts: list[str]
    total_text: str


def communes_comparison(agreement: Agreement) -> tuple[list[Territory], list[CommuneShare]]:
    """Each commune of an agreement of several; empty for an agreement of one."""
    communes = list(Territory.objects.filter(agreements=agreement).in_alphabetical_order())
    if len(communes) < 2:
        return communes, []
    indicators = usual_indicators()
    readings = latest_readings(indicators, communes)
    rows = []
    for indicator in indicators:
        own = [readings.get((indicator.pk, commune.pk)) for commune in communes]
        added = total(own)
        rows.append(
            CommuneShare(
                indicator=indicator,
                texts=[reading.text if reading else str(Reason.MISSING.label) for reading in own],
                total_text=amount(indicator, added)
                if added is not None
                else "ne s'additionne pas"
                if not indicator.is_summable
                else str(Reason.MISSING.label),
            )
        )
    return communes, rows


def population_chart(agreement: Agreement) -> Lines | None:
    """The population of the commune over the years; None with fewer than two figures."""
    indicator = Indicator.objects.filter(key="population_municipale").first()
    if indicator is None:
        return None
    commune = agreement.lead_commune
    readings = [r for r in series(indicator, [commune]).get(commune.pk, []) if r.value is not None]
    if len(readings) < 2:
        return None
    first, last = readings[0], readings[-1]
    assert first.value is not None
    assert last.value is not None
    gap = fr.signed(last.value - first.value)
    return Lines(
        title=f"Population de {commune.name}, {first.period}-{last.period}",
        series=[(commune.name, {reading.period: reading.value for reading in readings})],
        sentence=f"{commune.name} passe de {amount(indicator, first.value)} en {first.period} à {amount(indicator, last.value)} en {last.period} ({gap}).",
        unit=indicator.unit,
        source=f"{last.producer}, {indicator.source.split(', ')[-1]}, {first.period} à {last.period}",
        zero=False,
    )
