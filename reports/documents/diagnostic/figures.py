"""Figures on paper: the drawing, the table over the territories, the reading and its comment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from core import formats as fr
from core.charts import Bar, HorizontalBars
from core.charts.base import Chart
from core.documents.content import (
    AuthorWords,
    Block,
    BulletList,
    Cell,
    ChartBlock,
    Column,
    Heading,
    Missing,
    Paragraph,
    Quantity,
    Table,
)
from opendata.models import Indicator, Territory
from opendata.queries import Reading
from reports.documents.diagnostic.facts import Facts, paragraphs
from reports.figures import FigureLine
from territory.comparison import missing
from territory.indicator import indicator_page

COMMENT = "Commentaire de l'auteur"
AGES = (
    ("population_0_2", "0-2 ans"),
    ("population_3_5", "3-5 ans"),
    ("population_6_10", "6-10 ans"),
    ("population_11_17", "11-17 ans"),
    ("population_18_24", "18-24 ans"),
)
MINORS = ("0-2 ans", "3-5 ans", "6-10 ans", "11-17 ans")


def figure_blocks(
    facts: Facts,
    lines: Sequence[FigureLine],
    charts: Sequence[FigureLine],
    caption: str,
    level: int = 2,
) -> list[Block]:
    """A few drawings, the table of all, then the reading of each; nothing when nothing is known.

    ``level``: that of the heading of the readings, one below the section's own.
    """
    if not lines:
        return []
    blocks: list[Block] = []
    for line in charts:
        blocks += [chart_of(line), *comment_of(line)]
    drawn = {line.indicator.pk for line in charts}
    others = [line for line in lines if line.indicator.pk not in drawn]
    published = [line for line in lines if line.row.own]
    if published:
        table = figures_table(published, facts.territories, caption)
        # One line says on paper what its sentence or its drawing says already.
        blocks.append(replace(table, workbook_only=len(published) == 1))
    if others:
        blocks += [Heading("Lecture", level), *readings(others)]
    return blocks


def drawing(chart: Chart) -> list[Block]:
    """A drawing, and its rows for the workbook."""
    block = chart.freeze()
    return [block, Table.from_chart(block, workbook_only=True)]


def map_blocks(facts: Facts, lines: Sequence[FigureLine], key: str) -> list[Block]:
    """The communes of the intercommunalité, when their outlines and two figures are known."""
    line = next((line for line in lines if line.indicator.key == key), None)
    drawn = indicator_page(facts.agreement, line.indicator, facts.audience).map if line else None
    if drawn is None:
        return []
    block = drawn.freeze()
    return [block, Table.from_chart(block, workbook_only=True, sheet="Communes")]


def chart_of(line: FigureLine) -> ChartBlock:
    """The drawing of one figure, which says the sentence of its author."""
    block = line.row.chart.freeze()
    sentence = " ".join(part for part in (line.sentence, line.age_note) if part)
    return replace(block, sentence=sentence, alt=f"Graphique : {block.title}. {sentence}")


def comment_of(line: FigureLine) -> list[Block]:
    note = line.row.note
    if not line.comment or note is None:
        return []
    return [AuthorWords(COMMENT, paragraphs(line.comment), audience=note.audience)]


def readings(lines: Sequence[FigureLine]) -> list[Block]:
    """Those that an author comments stand alone with the comment; the others make one list."""
    blocks: list[Block] = []
    for line in lines:
        if line.comment:
            blocks += [Paragraph(reading(line)), *comment_of(line)]
    plain = tuple(reading(line) for line in lines if not line.comment)
    if plain:
        blocks.append(BulletList(plain))
    return blocks


def reading(line: FigureLine) -> str:
    """« **Taux de pauvreté.** 17,0 % à Saint-André en 2021… Source : Insee, Filosofi, 2021. »"""
    told = f"**{line.indicator.label}.** {line.sentence} Source : {line.row.source}."
    return f"{told} {line.age_note}".rstrip()


def figures_table(
    lines: Sequence[FigureLine], territories: Sequence[Territory], caption: str
) -> Table:
    """One line an indicator, one column a territory; a year that differs is said beneath."""
    return Table(
        caption=caption,
        columns=(
            Column("Indicateur", width=7),
            *(Column(territory.name, "decimal", width=4) for territory in territories),
            Column("Année", width=3),
        ),
        rows=tuple(
            (
                label_with_unit(line.indicator),
                *(cell_of(line.indicator, reading) for reading in line.row.readings),
                str(line.row.own.period) if line.row.own else "–",
            )
            for line in lines
        ),
        note=other_years(lines),
        source=", ".join(producers(lines)),
    )


def cell_of(indicator: Indicator, reading: Reading | None) -> Cell:
    if reading is None:
        return Missing()
    if reading.value is None:
        return missing(reading.reason)
    return Quantity(reading.value, "", indicator.decimals, reading.lower_bound)


def label_with_unit(indicator: Indicator) -> str:
    """« Taux de pauvreté (%) » : units in the cells would make six columns too wide."""
    return f"{indicator.label} ({indicator.unit})" if indicator.unit else indicator.label


def other_years(lines: Sequence[FigureLine]) -> str:
    """« Autre année : Taux de chômage (France, 2023). »; empty when all are of the same."""
    told = []
    for line in lines:
        own = line.row.own
        others = [
            f"{territory.name}, {reading.period}"
            for territory, reading in zip(line.row.territories, line.row.readings, strict=True)
            if own and reading and reading.period != own.period
        ]
        if others:
            told.append(f"{line.indicator.label} ({' ; '.join(others)})")
    return f"Autre année que celle de la colonne : {', '.join(told)}." if told else ""


def producers(lines: Sequence[FigureLine]) -> list[str]:
    """« Insee, Filosofi » without the year, each said once."""
    found = [
        f"{reading.producer}, {reading.dataset}"
        for line in lines
        for reading in line.row.readings
        if reading
    ]
    return list(dict.fromkeys(found))


def ages_chart(facts: Facts) -> list[Block]:
    """Children and young people of the commune by age, when three ages of one year are known."""
    known = {line.indicator.key: line.row for line in facts.kept}
    found = [
        (label, own)
        for key, label in AGES
        if key in known
        and (own := known[key].own or known[key].own_local)
        and own.value is not None
    ]
    years = {own.period for _, own in found}
    if len(found) < 3 or len(years) > 1:
        return []
    year, name = years.pop(), facts.territories[0].name
    minors = {label: own.value for label, own in found if label in MINORS}
    sentence = f"Enfants et jeunes de {name} en {year}, aux âges connus."
    if len(minors) == len(MINORS):
        total = sum((value for value in minors.values() if value is not None), Decimal(0))
        sentence = f"{name} compte {fr.number(total)} habitants de moins de 18 ans en {year}."
    chart = HorizontalBars(
        title=f"Enfants et jeunes par âge, {year}",
        bars=[Bar(label, own.value, ours=True) for label, own in found],
        sentence=sentence,
        unit="hab.",
        source=next(known[key].source for key, _ in AGES if key in known),
        label_title="Âge",
        value_title="Habitants",
    )
    return drawing(chart)


def drawable(lines: Sequence[FigureLine], keys: Sequence[str]) -> list[FigureLine]:
    """Among ``keys``, the figures that compare: known here and in another place at least."""
    known = {line.indicator.key: line for line in lines}
    return [
        known[key]
        for key in keys
        if key in known
        and known[key].has_value
        and sum(1 for r in known[key].row.readings if r and r.value is not None) >= 2
    ]
