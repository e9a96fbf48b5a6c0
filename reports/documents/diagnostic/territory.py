"""Chapters about the territory: what it is, who lives there, and in what conditions."""

from __future__ import annotations

from agreements.models import Competence
from core.charts import PlaceMap
from core.documents.content import Block, Column, KeyValues, Section, Table
from opendata.models import Territory
from reports.documents.diagnostic.facts import Facts
from reports.documents.diagnostic.figures import (
    ages_chart,
    drawable,
    drawing,
    figure_blocks,
    map_blocks,
)
from reports.figures import FigureLine
from reports.sections import ReportSection
from territory.comparison import population_chart
from territory.offer_queries import place_map

Level = Territory.Level
LEVELS = (
    (Level.EPCI, "Intercommunalité"),
    (Level.DEPARTEMENT, "Département"),
    (Level.REGION, "Région"),
)


def presentation(facts: Facts, section: ReportSection) -> list[Section]:
    agreement = facts.agreement
    communes = list(agreement.communes.in_alphabetical_order())  # type: ignore[attr-defined]
    competences = Competence.objects.filter(agreement=agreement)
    by_level = {territory.level: territory.name for territory in facts.territories}
    rows = [
        ("Convention", f"CTG {agreement.period_label}, {agreement.get_status_display()}"),
        ("Communes" if len(communes) > 1 else "Commune", ", ".join(map(str, communes))),
        *((label, by_level[level]) for level, label in LEVELS if level in by_level),
        *((line.indicator.label, _with_year(line)) for line in facts.by_keys(IDENTITY)),
        ("Quartiers prioritaires", _districts(communes)),
    ]
    blocks: list[Block] = [
        *facts.words(section),
        KeyValues(
            tuple((label, value) for label, value in rows if value), caption="Le territoire en bref"
        ),
    ]
    if competences:
        blocks.append(
            Table(
                caption="Qui exerce quelle compétence",
                columns=(
                    Column("Compétence", width=5),
                    Column("Exercée par", width=2),
                    Column("Précision", width=4),
                ),
                rows=tuple(
                    (row.subject, row.get_holder_display(), row.note) for row in competences
                ),
            )
        )
    drawn = place_map(agreement, [line.facility for line in facts.offer], facts.request.on)
    if drawn is not None:
        blocks += places_blocks(drawn)
    return [
        Section(section.title, tuple(blocks), sheet="Territoire", page_break=True, identifier=section.key)
    ]  # fmt: skip


IDENTITY = ("population_municipale", "superficie")


def places_blocks(drawn: PlaceMap) -> list[Block]:
    """The map, and on paper the key to its numbers; the workbook has the addresses too."""
    block = drawn.freeze()
    key = Table(
        caption="Les équipements et services de la carte",
        columns=(Column("N°", "integer", width=1), Column("Équipement ou service", width=6), Column("Type", width=5)),
        rows=tuple(row[:3] for row in block.rows),
    )  # fmt: skip
    whole = Table.from_chart(block, workbook_only=True, caption="Équipements et services, adresses")
    return [block, key, whole]


def _with_year(line: FigureLine) -> str:
    return f"{line.row.value_text} ({line.row.year})"


def _districts(communes: list[Territory]) -> str:
    districts = Territory.objects.filter(level=Level.QPV, commune__in=communes).order_by("code")
    return ", ".join(f"{row.name} ({row.code})" for row in districts)


def population(facts: Facts, section: ReportSection) -> list[Section]:
    lines = facts.by_keys(section.indicators)
    evolution = population_chart(facts.agreement)
    blocks: list[Block] = facts.words(section)
    if lines and evolution is not None:
        blocks += drawing(evolution)
    blocks += ages_chart(facts)
    blocks += figure_blocks(
        facts, lines, drawable(lines, section.charts), "Population et familles : les chiffres"
    )
    return _chapter(section, blocks, "Population")


def living_conditions(facts: Facts, section: ReportSection) -> list[Section]:
    lines = facts.by_keys(section.indicators)
    blocks = facts.words(section)
    blocks += map_blocks(facts, lines, section.map)
    blocks += figure_blocks(
        facts, lines, drawable(lines, section.charts), "Conditions de vie : les chiffres"
    )
    return _chapter(section, blocks, "Conditions de vie")


def _chapter(section: ReportSection, blocks: list[Block], sheet: str) -> list[Section]:
    if not blocks:
        return []
    return [
        Section(section.title, tuple(blocks), sheet=sheet, page_break=True, identifier=section.key)
    ]
