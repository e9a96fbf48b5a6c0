"""Does the offer answer the needs? Children, places and hours, the official rate, the projection."""

from __future__ import annotations

from core.documents.content import (
    Block,
    BulletList,
    Cell,
    Column,
    Heading,
    KeyValues,
    Missing,
    Paragraph,
    Quantity,
    Section,
    Table,
)
from opendata.models import Unit
from reports.documents.diagnostic.facts import Facts
from reports.documents.diagnostic.figures import cell_of, drawing
from reports.sections import ReportSection
from territory.adequacy import adequacy
from territory.adequacy_table import Adequacy, Row
from territory.charts import coverage_chart, rate_chart
from territory.projection import Projected, projected
from territory.supply import Supply

METHOD = (
    "Au 1er janvier, les moins de trois ans sont les enfants nés les trois années d'avant, en vie, "
    "plus les arrivées nettes. Les naissances connues sont celles qui sont publiées ; les suivantes "
    "suivent l'hypothèse. C'est le calcul d'hypothèses, pas une prévision."
)


def match(facts: Facts, section: ReportSection) -> list[Section]:
    found = adequacy(facts.agreement, facts.audience)
    future = projected(facts.agreement, facts.audience, facts.request.on)
    blocks: list[Block] = [*facts.words(section)]
    if not found.is_empty:
        blocks += adequacy_blocks(found)
    blocks += projection_blocks(future)
    if not blocks:
        return []
    return [
        Section(section.title, tuple(blocks), sheet="Adéquation", page_break=True, identifier=section.key)
    ]  # fmt: skip


def adequacy_blocks(found: Adequacy) -> list[Block]:
    rows = [row for row in found.rows if is_told(row)]
    drawn = [chart for chart in (coverage_chart(found), rate_chart(found)) if chart is not None]
    gaps = [f"**{row.label}.** {sentence_case(row.gap_text)}." for row in rows if row.gap]
    differences = [f"**{row.label}.** {row.difference}" for row in rows if row.difference]
    blocks: list[Block] = [block for chart in drawn for block in drawing(chart)]
    blocks.append(adequacy_table(rows))
    if gaps:
        blocks += [Heading("Écart avec les territoires voisins"), BulletList(tuple(gaps))]
    if differences:
        blocks += [
            Heading("Pourquoi deux taux"),
            BulletList(tuple(differences)),
        ]
    unknown = tuple(
        dict.fromkeys(f"**{row.label}.** {' '.join(row.unknowns)}" for row in rows if row.unknowns)
    )
    if unknown:
        blocks += [Heading("Ce qui n'est pas connu"), BulletList(unknown)]
    return blocks


def is_told(row: Row) -> bool:
    """A line of unknowns alone says nothing."""
    return bool(row.official) or any(supply.value is not None for supply in row.supplies)


def sentence_case(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def adequacy_table(rows: list[Row]) -> Table:
    return Table(
        caption="Enfants, offre et taux de couverture",
        columns=(
            Column("Âge et mode d'accueil", width=6),
            Column("Enfants", "decimal", width=3),
            Column("Offre au registre", "decimal", width=4),
            Column("Année", width=3),
            Column("Prévue", "decimal", width=4),
            Column("Pour 100 enfants, d'après le registre", "decimal", width=4),
            Column("Taux officiel de la Cnaf", "decimal", width=4),
        ),
        rows=tuple(adequacy_cells(row) for row in rows),
        note="Le taux officiel ne se remplace ni ne s'additionne. « Pour 100 enfants » ne se calcule que sur des places.",
        source=" ; ".join(dict.fromkeys(part for row in rows for part in row.source.split(" ; ")))
        or "registre local des équipements",
    )


def adequacy_cells(row: Row) -> tuple[Cell, ...]:
    supply = next((known for known in row.supplies if known.value is not None), None)
    places = row.supply("places")
    official: Cell = Missing("sans objet")
    if row.group.rate:
        official = Missing()
        if row.official is not None:
            official = cell_of(row.official.indicator, row.official)
    coverage: Cell = Missing("sans objet" if supply and supply.unit != "places" else "n.d.")
    if row.coverage is not None:
        at_least = bool(places and places.missing)
        coverage = Quantity(row.coverage, "", 1, at_least)
    return (
        row.label,
        Missing() if row.children.value is None else Quantity(row.children.value),
        supply_cell(supply),
        str(supply.year) if supply and supply.year else "–",
        planned_cell(supply),
        coverage,
        official,
    )


def supply_cell(supply: Supply | None) -> Cell:
    if supply is None or supply.value is None:
        return Missing()
    decimals = 0 if supply.value == supply.value.to_integral_value() else 2
    return Quantity(supply.value, str(Unit(supply.unit).label), decimals, bool(supply.missing))


def planned_cell(supply: Supply | None) -> Cell:
    if supply is None or supply.planned is None:
        return Missing("–")
    decimals = 0 if supply.planned == supply.planned.to_integral_value() else 2
    return Quantity(supply.planned, str(Unit(supply.unit).label), decimals, bool(supply.missing))


def projection_blocks(future: Projected) -> list[Block]:
    """The projection with its hypotheses; without births nor hypothesis, nothing is drawn."""
    if not future.years:
        return []
    rows = tuple(
        (
            str(year.year),
            Quantity(year.births_total, "", 0),
            Quantity(year.children, "", 0),
            year.nature,
        )
        for year in future.years
    )
    hypotheses = tuple(
        (told.label, f"{told.value} (par défaut)" if told.is_default else told.value)
        for told in future.hypotheses
    )
    blocks: list[Block] = [
        Heading("Les moins de trois ans demain"),
        Paragraph(future.sentence),
        Table(
            caption="Projection des enfants de moins de trois ans",
            columns=(
                Column("Année", width=3),
                Column("Naissances des trois années d'avant", "decimal", width=4),
                Column("Moins de trois ans", "decimal", width=4),
                Column("Ce qui la fonde", width=5),
            ),
            rows=rows,
            note=METHOD,
            source=future.births.source,
        ),
        KeyValues(hypotheses, caption="Hypothèses"),
    ]
    if future.note:
        blocks.append(Paragraph(f"**D'où viennent ces hypothèses.** {future.note}"))
    return blocks
