"""The offer, theme by theme, beside the needs that its figures tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from agreements.models import Theme
from core import formats as fr
from core.documents.content import (
    Block,
    Cell,
    Column,
    Heading,
    Missing,
    Paragraph,
    Quantity,
    Section,
    Table,
)
from opendata.models import Reason, Unit
from reports.documents.diagnostic.facts import Facts
from reports.documents.diagnostic.figures import WHY, figure_blocks
from reports.figures import charted
from reports.sections import THEME, ReportSection
from reports.themes import OfferRow, capacity_decimals
from territory.models import Capacity, LocalObservation, UnderServedArea


def offer(facts: Facts, section: ReportSection) -> list[Section]:
    """An overview, then a part for each theme of which something is known."""
    parts = [part for theme in facts.themes for part in theme_parts(facts, theme)]
    words = facts.words(section)
    if not parts and not words:
        return []
    blocks: list[Block] = [*words]
    if facts.theme is None:
        blocks += overview(facts)
        silent = silent_themes(facts, parts)
        if silent:
            blocks.append(
                Paragraph(f"Thèmes sans chiffre ni équipement à ce jour : {silent}.", "note")
            )
    return [
        Section(section.title, tuple(blocks), sheet="Offre", page_break=True, identifier=section.key),
        *parts,
    ]  # fmt: skip


def silent_themes(facts: Facts, parts: Sequence[Section]) -> str:
    told = {part.identifier for part in parts}
    return ", ".join(theme.name for theme in facts.themes if anchor(theme) not in told)


def overview(facts: Facts) -> list[Block]:
    """How many facilities of each kind, and what they add up to, each unit apart."""
    if not facts.offer:
        return []
    groups: dict[str, list[OfferRow]] = {}
    for row in facts.offer:
        groups.setdefault(row.facility.type.get_mode_display(), []).append(row)
    rows: list[tuple[Cell, ...]] = []
    for mode, group in groups.items():
        rows.append((fr_first(mode), len(group), capacities_in_words(group)))
    return [
        Table(
            caption="L'offre soutenue par la convention",
            columns=(
                Column("Nature de l'offre", width=5),
                Column("Équipements et services", "integer", width=3, total="sum"),
                Column("Capacités connues, dernière année", width=6),
            ),
            rows=tuple(rows),
            total_row=True,
            note="Les unités ne s'additionnent pas entre elles.",
            source="registre local des équipements",
        )
    ]


def fr_first(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def totals_by_unit(rows: Sequence[OfferRow]) -> dict[str, tuple[Decimal, int]]:
    """Unit → (what is known of it, how many facilities say nothing)."""
    found: dict[str, Decimal] = {}
    silent: Counter[str] = Counter()
    for row in rows:
        if row.now is None:
            silent[row.facility.type.unit] += 1
        else:
            found[row.now.unit] = found.get(row.now.unit, Decimal(0)) + row.now.value
    return {unit: (value, silent[unit]) for unit, value in found.items()}


def capacities_in_words(rows: Sequence[OfferRow]) -> str:
    """« 77 places ; au moins 1,50 ETP »: a sum that lacks a facility says so."""
    told = []
    for unit, (value, silent) in totals_by_unit(rows).items():
        written = fr.with_unit(value, str(Unit(unit).label), capacity_decimals(value))
        told.append(f"au moins {written}" if silent else written)
    return " ; ".join(told) or "n.d."


def anchor(theme: Theme) -> str:
    return f"theme-{theme.pk}"


def theme_parts(facts: Facts, theme: Theme) -> list[Section]:
    lines = facts.of_theme(theme)
    drawn = charted(lines)
    offered = [row for row in facts.offer if row.facility.theme_id == theme.pk]
    local = [
        row
        for row in facts.local
        if in_field(row, theme) and facts.may_cite(row.period, row.indicator_id)
    ]
    areas = [area for area in facts.areas if area.theme_id == theme.pk]
    blocks: list[Block] = [*facts.words(THEME, theme)]
    blocks += figure_blocks(facts, lines, [drawn] if drawn else [], f"{theme} : les chiffres")
    if local:
        blocks.append(local_table(local, f"{theme} : chiffres donnés à la convention"))
    if offered:
        blocks.append(offer_table(offered, theme))
    if areas:
        blocks += areas_blocks(areas, theme)
    if not blocks:
        return []
    title = "Le thème et son offre" if facts.theme else theme.name
    return [Section(title, tuple(blocks), level=2, sheet="Offre", identifier=anchor(theme))]


def in_field(row: LocalObservation, theme: Theme) -> bool:
    return row.indicator is not None and row.indicator.domain_id == theme.domain_id


def local_table(rows: Sequence[LocalObservation], caption: str) -> Table:
    return Table(
        caption=caption,
        columns=(
            Column("Chiffre", width=5),
            Column("Territoire", width=4),
            Column("Année", width=2),
            Column("Valeur", "decimal", width=3),
            Column("Source", width=5),
        ),
        rows=tuple(
            (row.title, str(row.territory), str(row.period), local_cell(row), row.source)
            for row in rows
        ),
    )


def local_cell(row: LocalObservation) -> Cell:
    if row.value is None:
        return Missing(WHY[Reason(row.reason)])
    unit = row.unit or (row.indicator.unit if row.indicator else "")
    decimals = row.indicator.decimals if row.indicator else capacity_decimals(row.value)
    return Quantity(row.value, unit, decimals)


def offer_table(rows: Sequence[OfferRow], theme: Theme) -> Table:
    return Table(
        caption=f"{theme} : équipements et services",
        columns=(
            Column("Équipement ou service", width=6),
            Column("Type", width=4),
            Column("Gestionnaire", width=4),
            Column("Âges", width=3),
            Column("Capacité", "decimal", width=3),
            Column("Année", width=2),
            Column("Prévue", "decimal", width=3),
        ),
        rows=tuple(
            (
                row.facility.name, str(row.facility.type),
                row.facility.manager.short_name or str(row.facility.manager),
                row.ages or "–", capacity_cell(row.now), str(row.now.year) if row.now else "–",
                planned_cell(row),
            )
            for row in rows
        ),
        source="registre local des équipements",
    )  # fmt: skip


def capacity_cell(capacity: Capacity | None) -> Cell:
    if capacity is None:
        return Missing()
    decimals = capacity_decimals(capacity.value)
    return Quantity(capacity.value, capacity.get_unit_display(), decimals)


def planned_cell(row: OfferRow) -> Cell:
    """What is planned, when it says something that the present does not."""
    if row.planned is None:
        return Missing("–")
    return capacity_cell(row.planned)


def areas_blocks(areas: Sequence[UnderServedArea], theme: Theme) -> list[Block]:
    return [
        Heading("Zones mal desservies", 3),
        Table(
            caption=f"{theme} : où l'offre manque",
            columns=(
                Column("Zone", width=3),
                Column("Ce qui manque", width=7),
                Column("Constaté le", "date", width=2),
            ),
            rows=tuple((str(area), area.reason, area.observed_on) for area in areas),
            note="Art. D. 214-10-1, I, 3° du code de l'action sociale et des familles.",
        ),
    ]
