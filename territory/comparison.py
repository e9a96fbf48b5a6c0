"""The territory beside those it is compared with: figures, a sentence for each, and their charts.

Published figures and those typed here stand together, labelled; whoever asks says for which
audience. The comparison set is chosen once per agreement (``territories_of``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.db.models import OuterRef, Q, Subquery

from agreements.models import Agreement
from core import formats as fr
from core.audience import Audience
from core.charts import Bar, HorizontalBars, Lines
from core.documents.content import Missing
from opendata.models import Indicator, Reason, Territory
from opendata.queries import (
    Key,
    Reading,
    amount,
    is_old,
    latest_readings,
    series,
    total,
    usual_indicators,
)
from territory import queries
from territory.models import ComparedTerritory, IndicatorNote, LocalObservation
from territory.secrecy import (
    Subject,
    Total,
    figures_typed,
    readable_figures,
    withheld_totals,
)
from territory.sentences import Compared, sentence, share_of

Level = Territory.Level
KEY_INDICATORS = (
    "population_municipale", "taux_pauvrete_60", "part_menages_monoparentaux",
    "niveau_de_vie_median", "taux_chomage_rp_15_64",
)  # fmt: skip
"""What a committee reads first; the other usual indicators follow."""

HOLDING = (Level.EPCI, Level.DEPARTEMENT, Level.REGION, Level.FRANCE)
"""What holds a commune, from the nearest."""

NOT_LOADED = "fichier national non chargé"
NOT_PUBLISHED = "absent du fichier chargé pour ce territoire"


@dataclass(frozen=True)
class ShownCell:
    """One figure of a table: what to print, and what must be said of it."""

    text: str
    year: int | None = None
    """Only when it differs from the line's own year."""
    estimated: bool = False
    local: bool = False
    more: str = ""
    """The figure typed here for the same territory, when it is as recent as the published one."""


@dataclass(frozen=True)
class Row:
    """One indicator over the territories compared; a territory without a figure has None."""

    indicator: Indicator
    territories: tuple[Territory, ...]
    readings: tuple[Reading | None, ...]
    local: tuple[LocalObservation | None, ...] = ()
    """The latest figure typed here for each territory, among those that the reader may read."""
    note: IndicatorNote | None = field(default=None, compare=False)

    @property
    def label(self) -> str:
        return self.indicator.label

    @property
    def own(self) -> Reading | None:
        return self.readings[0]

    @property
    def own_local(self) -> LocalObservation | None:
        return self.local[0] if self.local else None

    @property
    def has_figure(self) -> bool:
        return self.own is not None or self.own_local is not None

    @property
    def is_to_ask(self) -> bool:
        return not self.has_figure and bool(self.indicator.ask_to)

    @property
    def absence(self) -> str:
        """Why there is no figure at all: to ask, not loaded, or not published down to here."""
        if self.indicator.ask_to:
            return self.indicator.ask_text
        return NOT_PUBLISHED if any(self.readings) else NOT_LOADED

    @property
    def year(self) -> int | None:
        known = self.own or self.own_local
        return known.period if known else None

    @property
    def value_text(self) -> str:
        if self.own:
            return self.own.text
        return self.own_local.value_text if self.own_local else self.absence

    @property
    def texts(self) -> list[str]:
        return [reading.text if reading else str(Reason.MISSING.label) for reading in self.readings]

    @property
    def cells(self) -> list[ShownCell]:
        """One for each territory; the year is told when it is not that of the first."""
        cells = []
        local = self.local or (None,) * len(self.readings)
        for rank, (reading, typed) in enumerate(zip(self.readings, local, strict=True)):
            known = reading or typed
            if known is None:
                cells.append(ShownCell(self.absence if rank == 0 else fr.MISSING))
                continue
            text = reading.text if reading else typed.value_text if typed else ""
            year = known.period if known.period != self.year else None
            more = ""
            if reading and typed and typed.period >= reading.period:
                more = f"{typed.value_text} en {typed.period}"
            cells.append(ShownCell(text, year, known.estimated, reading is None, more))
        return cells

    @property
    def source(self) -> str:
        known = self.own or next((reading for reading in self.readings if reading), None)
        if self.own is None and self.own_local:
            return self.own_local.source_text
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

    def is_old(self, year: int) -> bool:
        return self.year is not None and is_old(self.year, year)

    @cached_property
    def others(self) -> list[Compared]:
        return [
            Compared(territory, reading)
            for territory, reading in zip(self.territories[1:], self.readings[1:], strict=True)
            if reading and reading.value is not None
        ]

    @property
    def references(self) -> list[Compared]:
        """What a rate is measured against: the département and France, else the first two."""
        usual = [c for c in self.others if c.territory.level in (Level.DEPARTEMENT, Level.FRANCE)]
        return usual or self.others[:2]

    @property
    def containers(self) -> list[Compared]:
        """What holds the territory, the nearest first: a count is a share of it."""
        home = self.territories[0]
        holding = {home.epci_id, home.departement_id, home.region_id}
        return [
            compared
            for compared in self.others
            if compared.territory.pk in holding or compared.territory.level == Level.FRANCE
        ]

    @property
    def comparison(self) -> str:
        """« Aube : 14,9 % · France : 14,5 % », or the share of the whole for what is summed."""
        if self.indicator.is_summable:
            own = self.own
            if own is None or own.value is None or own.lower_bound:
                return ""
            return share_of(Compared(self.territories[0], own), self.containers)
        year = self.own.period if self.own else None
        return " · ".join(
            f"{compared.territory.name} : {compared.reading.text}"
            + (f" en {compared.reading.period}" if compared.reading.period != year else "")
            for compared in self.references
        )

    @cached_property
    def automatic_sentence(self) -> str:
        """What the line shows. It judges only where a direction is favourable by definition."""
        home = self.territories[0]
        if self.own is None and self.own_local:
            figure = self.own_local
            if figure.value is None:
                return f"{self.label} : {figure.value_text} pour {home.name} en {figure.period}."
            return f"{home.name} : {figure.value_text} en {figure.period} (chiffre local)."
        if self.own is None and not any(self.readings):
            return f"{self.label} : {self.absence}."
        return sentence(self.indicator, home, self.own, self.references, self.containers)

    @property
    def told_from(self) -> LocalObservation | None:
        """The figure typed here that the automatic sentence tells, for want of a published one."""
        return self.own_local if self.own is None else None

    @property
    def sentence(self) -> str:
        """The author's words when there are any, else the automatic sentence."""
        return (self.note.sentence if self.note else "") or self.automatic_sentence

    @property
    def is_rewritten(self) -> bool:
        return bool(self.note and self.note.sentence)

    @property
    def rewriting_is_stale(self) -> bool:
        """The figures changed since the sentence was rewritten."""
        return bool(
            self.note and self.note.sentence and self.note.sentence_basis != self.automatic_sentence
        )

    @property
    def comment(self) -> str:
        return self.note.comment if self.note else ""

    @property
    def chart(self) -> HorizontalBars:
        bars = [
            Bar(territory.name, chart_value(reading), ours=rank == 0)
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


def chart_value(reading: Reading | None) -> Decimal | Missing:
    if reading is None:
        return Missing()
    if reading.value is None:
        return missing(reading.reason)
    return reading.value


def missing(reason: str) -> Missing:
    """Why a cell is empty, as charts and documents write it."""
    return Missing(
        {
            Reason.SECRET: Missing.SECRET,
            Reason.NOT_APPLICABLE: Missing.NOT_APPLICABLE,
        }.get(Reason(reason), Missing.NOT_AVAILABLE)
    )


def territories_of(agreement: Agreement) -> list[Territory]:
    """The lead commune, then the comparison set; without one, what holds it up to France. One query."""
    home = agreement.lead_commune
    chosen = ComparedTerritory.objects.filter(agreement=agreement, territory=OuterRef("pk"))
    holding = [pk for pk in (home.epci_id, home.departement_id, home.region_id) if pk]
    rows = list(
        Territory.objects.annotate(rank=Subquery(chosen.values("position")[:1])).filter(
            Q(rank__isnull=False) | Q(pk__in=holding) | Q(level=Level.FRANCE)
        )
    )
    ranked = [row for row in rows if row.rank is not None]
    if ranked:
        return [home, *sorted(ranked, key=lambda row: (row.rank, row.pk))]
    by_level = {row.level: row for row in rows}
    return [home, *(by_level[level] for level in HOLDING if level in by_level)]


def comparison(
    agreement: Agreement,
    indicators: Iterable[Indicator] | None = None,
    *,
    audience: Audience | None = None,
) -> list[Row]:
    """The usual indicators over the comparison set.

    Without ``audience``, published figures alone, as everybody may read them: a total that would
    give a hidden figure by subtraction is left out. With one, the figures typed here and the notes
    that it may read stand beside them.
    """
    chosen = usual_indicators() if indicators is None else list(indicators)
    territories = territories_of(agreement)
    readings = latest_readings(chosen, territories)
    local: dict[Key, LocalObservation] = {}
    notes: dict[int, IndicatorNote] = {}
    typed = figures_typed(agreement)
    withheld = withheld_totals(agreement, audience or Audience.PUBLIC, typed)
    readings = without_withheld(readings, withheld)
    if audience is not None:
        local = latest_by_place(readable_figures(typed, audience, withheld))
        notes = notes_of(agreement, audience, chosen)
    return [
        Row(
            indicator=indicator,
            territories=tuple(territories),
            readings=tuple(readings.get((indicator.pk, territory.pk)) for territory in territories),
            local=tuple(local.get((indicator.pk, territory.pk)) for territory in territories),
            note=notes.get(indicator.pk),
        )
        for indicator in chosen
    ]


def without_withheld(readings: dict[Key, Reading], withheld: set[Total]) -> dict[Key, Reading]:
    """A published total is not shown where it would give a hidden figure by subtraction."""
    return {
        key: reading
        for key, reading in readings.items()
        if (Subject(key[0], "", reading.period), key[1]) not in withheld
    }


def latest_local(
    agreement: Agreement,
    audience: Audience,
    indicators: Iterable[Indicator],
    territories: Iterable[Territory],
) -> dict[Key, LocalObservation]:
    """The most recent figure typed here for each pair, the last typed winning within a year."""
    rows = queries.local_observations(agreement, audience).filter(
        indicator__in=list(indicators), territory__in=list(territories)
    )
    return latest_by_place(rows.order_by("period", "pk"))


def latest_by_place(rows: Iterable[LocalObservation]) -> dict[Key, LocalObservation]:
    """Of figures of the catalogue, from the oldest to the latest, the last for each pair."""
    return {
        (row.indicator_id, row.territory_id): row for row in rows if row.indicator_id is not None
    }


def notes_of(
    agreement: Agreement, audience: Audience, indicators: Iterable[Indicator]
) -> dict[int, IndicatorNote]:
    """Indicator pk → how the authors read it, where the reader may read it."""
    rows = IndicatorNote.objects.filter(
        agreement=agreement, indicator__in=list(indicators), audience__in=audience.readable
    )
    return {row.indicator_id: row for row in rows}


def kept_though_old(agreement: Agreement) -> set[int]:
    """Indicators whose figure enters a document even when it is more than four years old."""
    notes = IndicatorNote.objects.filter(agreement=agreement, keep_old=True)
    return set(notes.values_list("indicator_id", flat=True))


def key_figures(
    agreement: Agreement, on: date | None = None, *, audience: Audience | None = None
) -> list[Row]:
    """The indicators that have a figure here, those of ``KEY_INDICATORS`` first.

    With ``on``, the day of a document: a figure older than four years enters only when somebody
    ticked « citer même ancien » on its indicator. ``audience``: as in ``comparison``.
    """
    rank = {key: position for position, key in enumerate(KEY_INDICATORS)}
    indicators = Indicator.objects.filter(Q(position__isnull=False) | Q(key__in=KEY_INDICATORS))
    rows = comparison(agreement, indicators.order_by("position", "label"), audience=audience)
    rows = [row for row in rows if row.own is not None]
    if on is not None:
        kept = kept_though_old(agreement)
        rows = [row for row in rows if not row.is_old(on.year) or row.indicator.pk in kept]
    return sorted(rows, key=lambda row: rank.get(row.indicator.key, len(rank)))


@dataclass(frozen=True)
class CommuneShare:
    """An indicator over the communes of the agreement; the sum only where it has a meaning."""

    indicator: Indicator
    texts: list[str]
    total_text: str


def communes_comparison(
    agreement: Agreement, audience: Audience = Audience.PUBLIC
) -> tuple[list[Territory], list[CommuneShare]]:
    """Each commune of an agreement of several; empty for an agreement of one.

    A sum is that of the cells shown, so it never holds a figure that the reader may not read.
    """
    communes = list(Territory.objects.filter(agreements=agreement).in_alphabetical_order())
    if len(communes) < 2:
        return communes, []
    indicators = usual_indicators()
    readings = latest_readings(indicators, communes)
    local = latest_local(agreement, audience, indicators, communes)
    rows = []
    for indicator in indicators:
        keys = [(indicator.pk, commune.pk) for commune in communes]
        own = [
            readings.get(key) or (as_reading(local[key]) if key in local else None) for key in keys
        ]
        added = total(own)
        rows.append(
            CommuneShare(
                indicator=indicator,
                texts=[reading.text if reading else str(Reason.MISSING.label) for reading in own],
                total_text=added.text(indicator)
                if added is not None
                else "ne s'additionne pas"
                if not indicator.is_summable
                else str(Reason.MISSING.label),
            )
        )
    return communes, rows


def as_reading(figure: LocalObservation) -> Reading:
    """A figure typed here, as the published ones are: its source says that it is local."""
    assert figure.indicator is not None
    return Reading(
        indicator=figure.indicator,
        value=figure.value,
        reason=figure.reason,
        period=figure.period,
        producer="Chiffre local",
        dataset=figure.source,
        perimeter="transmis par la Caf" if figure.is_from_caf else "",
        estimated=figure.estimated,
        note=figure.note,
    )


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
