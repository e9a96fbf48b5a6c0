"""All that one indicator says of the territory: series, map, sources, and the cells to download."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from agreements.models import Agreement
from core.audience import Audience
from core.charts import Area, Choropleth, CountMap, Lines
from core.charts.lines import Value
from core.documents.content import Column, Content, DocumentMeta, Missing, Section, Table
from opendata.models import Contour, Indicator, Territory
from opendata.queries import Reading, amount, contours, is_old, latest_readings, series
from territory import queries
from territory.comparison import Row, chart_value, missing, notes_of, territories_of
from territory.models import LocalObservation
from territory.secrecy import Subject, withheld_totals

LOCAL = "chiffre local"
PUBLISHED = "publié"


@dataclass(frozen=True)
class Figure:
    """A figure of the page's table: published or typed here, with all that must be said of it."""

    territory: Territory
    period: int
    value: Decimal | None
    text: str
    reason: str = ""
    estimated: bool = False
    lower_bound: bool = False
    note: str = ""
    nature: str = PUBLISHED
    producer: str = ""
    dataset: str = ""
    vintage: str = ""
    geography: str = ""
    perimeter: str = ""
    licence: str = ""

    @property
    def mark(self) -> str:
        """The key of the badge that the cell takes; empty for a plain value."""
        if self.reason:
            return self.reason
        return "lower_bound" if self.lower_bound else "estimated" if self.estimated else ""


@dataclass(frozen=True)
class Source:
    """Where figures come from, as a line of the sources."""

    producer: str
    dataset: str
    vintage: str
    geography: str
    perimeter: str
    licence: str
    first: int = 0
    last: int = 0

    @property
    def years(self) -> str:
        return str(self.last) if self.first == self.last else f"{self.first} à {self.last}"


@dataclass(frozen=True)
class IndicatorPage:
    """``row`` holds the latest figures, the sentence and the note; the rest is read from here."""

    agreement: Agreement
    indicator: Indicator
    row: Row
    published: dict[int, list[Reading]]
    local: list[LocalObservation]
    members: list[Territory]
    member_readings: dict[int, Reading]
    outlines: dict[int, Contour]

    @property
    def territories(self) -> tuple[Territory, ...]:
        return self.row.territories

    @cached_property
    def figures(self) -> list[Figure]:
        """Published ones by territory of the comparison set, the latest first, then local ones."""
        return [
            *(
                _of_reading(territory, reading)
                for territory in self.territories
                for reading in reversed(self.published.get(territory.pk, []))
            ),
            *(_of_local(figure) for figure in self.local),
        ]

    @cached_property
    def years(self) -> list[int]:
        return sorted({figure.period for figure in self.figures}, reverse=True)

    @cached_property
    def grid(self) -> list[tuple[Territory, list[list[Figure]]]]:
        """Territories × years; a cell holds what is published and what is local, labelled."""
        held: dict[tuple[int, int], list[Figure]] = {}
        for figure in self.figures:
            held.setdefault((figure.territory.pk, figure.period), []).append(figure)
        known = list(self.territories)
        known += [figure.territory for figure in self.local if figure.territory not in known]
        told = {territory_id for territory_id, _ in held} | {self.territories[0].pk}
        return [
            (territory, [held.get((territory.pk, year), []) for year in self.years])
            for territory in dict.fromkeys(known)
            if territory.pk in told
        ]

    @cached_property
    def sources(self) -> list[Source]:
        found: dict[Source, list[int]] = {}
        for figure in self.figures:
            if figure.nature == PUBLISHED:
                source = Source(
                    figure.producer, figure.dataset, figure.vintage, figure.geography,
                    figure.perimeter, figure.licence,
                )  # fmt: skip
                found.setdefault(source, []).append(figure.period)
        sources = [
            replace(source, first=min(periods), last=max(periods))
            for source, periods in found.items()
        ]
        return sorted(sources, key=lambda source: (-source.last, source.dataset, source.perimeter))

    def is_old(self, year: int) -> bool:
        return self.row.year is not None and is_old(self.row.year, year)

    @property
    def chart(self) -> Lines | None:
        """One line a territory; a count is drawn for ours alone: France would flatten it."""
        shown = self.territories[:1] if self.indicator.is_summable else self.territories
        lines: list[tuple[str, dict[int, Value]]] = [
            (territory.name, {reading.period: chart_value(reading) for reading in readings})
            for territory in shown
            if (readings := self.published.get(territory.pk))
        ]
        home = self.territories[0]
        typed: dict[int, Value] = {
            figure.period: missing(figure.reason) if figure.value is None else figure.value
            for figure in reversed(self.local)
            if figure.territory_id == home.pk
        }
        if typed:
            lines.append((f"{home.name} (chiffres locaux)", typed))
        drawn = {
            year for _, values in lines for year, value in values.items()
            if isinstance(value, (int, Decimal))
        }  # fmt: skip
        if len(drawn) < 2:
            return None
        first, last = min(drawn), max(drawn)
        return Lines(
            title=f"{self.indicator.label}, {first}-{last}",
            series=lines,
            sentence=self.evolution,
            unit=self.indicator.unit,
            decimals=self.indicator.decimals,
            source=" · ".join(
                dict.fromkeys(
                    [f"{source.producer}, {source.dataset}" for source in self.sources]
                    + [f"{LOCAL} : {figure.source}" for figure in self.local if typed]
                )
            ),
            zero=False,
        )

    @property
    def evolution(self) -> str:
        """From the first figure of ours to the last; each year is said."""
        home = self.territories[0]
        of_home = [f for f in self.figures if f.territory.pk == home.pk and f.value is not None]
        for nature, mark in ((PUBLISHED, ""), (LOCAL, " (chiffres locaux)")):
            known = sorted(
                (figure for figure in of_home if figure.nature == nature),
                key=lambda figure: figure.period,
            )
            if len(known) > 1:
                first, last = known[0], known[-1]
                told = f"{first.text} en {first.period}, {last.text} en {last.period}"
                return f"{home.name} : {told}{mark}."
        return self.row.sentence

    @property
    def map(self) -> Choropleth | None:
        """The communes of the EPCI: a rate in tones, a count as discs. None without outlines, or
        with fewer than two figures."""
        known = [r for r in self.member_readings.values() if r.value is not None]
        if len(known) < 2 or not self.outlines:
            return None
        home = self.agreement.lead_commune
        period = max(reading.period for reading in known)
        areas = [
            Area(
                commune.name,
                self.outlines[commune.pk].geometry if commune.pk in self.outlines else None,
                chart_value(self._of_year(commune, period)),
                ours=commune.pk == home.pk,
            )
            for commune in self.members
        ]
        told = sum(isinstance(area.value, Decimal) for area in areas)
        secret = sum(area.value == Missing(Missing.SECRET) for area in areas)
        latest = max(known, key=lambda reading: reading.period)
        outline = next(iter(self.outlines.values()))
        drawn = CountMap if self.indicator.is_summable else Choropleth
        return drawn(
            title=f"{self.indicator.label} dans les communes de l'intercommunalité, {period}",
            areas=areas,
            sentence=_map_sentence(len(areas), told, secret) + self._largest(areas),
            unit=self.indicator.unit,
            decimals=self.indicator.decimals,
            source=f"{latest.source} ; contours : {outline.source}",
            label_title="Commune",
        )

    def _largest(self, areas: list[Area]) -> str:
        """What the discs are to be measured by."""
        known = [(area.value, area.label) for area in areas if isinstance(area.value, Decimal)]
        if not (self.indicator.is_summable and known):
            return ""
        value, label = max(known)
        told = amount(self.indicator, value).rstrip(".")
        return f" Le plus grand disque : {label}, {told}."

    def _of_year(self, commune: Territory, period: int) -> Reading | None:
        """A map shows one year: a commune whose figure is of another has none on it."""
        reading = self.member_readings.get(commune.pk)
        return reading if reading and reading.period == period else None


def _map_sentence(communes: int, told: int, secret: int) -> str:
    hidden = f", {secret} sont sous secret statistique" if secret > 1 else ""
    hidden = ", une est sous secret statistique" if secret == 1 else hidden
    return f"{told} communes sur {communes} ont un chiffre{hidden}."


def _last(readings: list[Reading]) -> Reading | None:
    return readings[-1] if readings else None


def _of_reading(territory: Territory, reading: Reading) -> Figure:
    return Figure(
        territory=territory, period=reading.period, value=reading.value, text=reading.text,
        reason=reading.reason, estimated=reading.estimated, lower_bound=reading.lower_bound,
        note=reading.note, producer=reading.producer, dataset=reading.dataset,
        vintage=reading.vintage, geography=reading.geography, perimeter=reading.perimeter,
        licence=reading.licence,
    )  # fmt: skip


def _of_local(figure: LocalObservation) -> Figure:
    return Figure(
        territory=figure.territory, period=figure.period, value=figure.value,
        text=figure.value_text, reason=figure.reason, estimated=figure.estimated,
        note=figure.note, nature=LOCAL, dataset=figure.source,
        producer="transmis par la Caf" if figure.is_from_caf else "",
    )  # fmt: skip


def indicator_page(agreement: Agreement, indicator: Indicator, audience: Audience) -> IndicatorPage:
    """Everything for the page, in a number of queries that does not depend on the figures."""
    territories = territories_of(agreement)
    withheld = withheld_totals(agreement, audience)
    published = {
        territory_id: [
            reading
            for reading in readings
            if (Subject(indicator.pk, "", reading.period), territory_id) not in withheld
        ]
        for territory_id, readings in series(indicator, territories).items()
    }
    local = list(queries.local_observations(agreement, audience).filter(indicator=indicator))
    latest = {figure.territory_id: figure for figure in reversed(local)}
    home = agreement.lead_commune
    members = (
        list(Territory.objects.communes().filter(epci=home.epci_id).in_alphabetical_order())
        if home.epci_id
        else []
    )
    row = Row(
        indicator=indicator,
        territories=tuple(territories),
        readings=tuple(_last(published.get(t.pk, [])) for t in territories),
        local=tuple(latest.get(t.pk) for t in territories),
        note=notes_of(agreement, audience, [indicator]).get(indicator.pk),
    )
    return IndicatorPage(
        agreement=agreement,
        indicator=indicator,
        row=row,
        published=published,
        local=local,
        members=members,
        member_readings={
            territory_id: reading
            for (_, territory_id), reading in latest_readings([indicator], members).items()
        },
        outlines=contours(members),
    )


# --- Downloads --------------------------------------------------------------------------------
COLUMNS = (
    Column("Indicateur", width=4), Column("Territoire", width=3), Column("Maille", width=2),
    Column("Code", width=2), Column("Année"), Column("Valeur", "decimal", decimals=2),
    Column("Unité"), Column("Marque", width=2), Column("Nature"), Column("Producteur", width=3),
    Column("Jeu de données", width=4), Column("Millésime"), Column("Géographie"),
    Column("Périmètre", width=3), Column("Licence", width=2), Column("Précision", width=4),
)  # fmt: skip
MARKS = {"estimated": "estimation", "lower_bound": "au moins", "": ""}


def export_rows(
    indicator: Indicator, figures: Iterable[Figure]
) -> list[tuple[str | Decimal | Missing, ...]]:
    """A line a figure, with its source: what is downloaded says by itself where it comes from."""
    return [
        (
            indicator.label, figure.territory.name, figure.territory.get_level_display(),
            figure.territory.code, str(figure.period),
            missing(figure.reason) if figure.value is None else figure.value, indicator.unit,
            MARKS.get(figure.mark, figure.text), figure.nature, figure.producer, figure.dataset,
            figure.vintage, figure.geography, figure.perimeter, figure.licence, figure.note,
        )
        for figure in figures
    ]  # fmt: skip


def export_content(page: IndicatorPage, audience: Audience) -> Content:
    """The workbook of the page, through the renderer of every document."""
    table = Table(
        caption=page.indicator.label,
        columns=COLUMNS,
        rows=tuple(export_rows(page.indicator, page.figures)),
        note=page.indicator.caution,
    )
    return Content(
        identifier="indicateur",
        title=page.indicator.label,
        audience=audience,
        sections=(Section(page.indicator.label, (table,), sheet="Chiffres"),),
        meta=DocumentMeta(
            agreement_name=page.agreement.name,
            state="approved",
            state_label="",
            sources=tuple(f"{s.producer}, {s.dataset}, {s.years}" for s in page.sources),
        ),
    )
