"""The offer, theme by theme, beside the needs that its figures tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from agreements.models import Theme
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
from reports.documents.diagnostic.facts import Facts
from reports.documents.diagnostic.figures import figure_blocks
from reports.figures import charted
from reports.sections import THEME, TOLD_BEFORE, ReportSection
from territory.ages import range_text
from territory.comparison import missing
from territory.models import Capacity, Facility, LocalObservation, UnderServedArea
from territory.offer_queries import FacilityLine, Offered
from territory.supply import written


def offer(facts: Facts, section: ReportSection) -> list[Section]:
    """An overview, then a part for each theme of which something is known; one theme, one chapter."""
    if facts.theme is not None:
        blocks = theme_blocks(facts, facts.theme, level=2)
        return [chapter(section, "Besoins et offre", blocks)] if blocks else []
    parts = [part for theme in facts.themes for part in theme_parts(facts, theme)]
    blocks = [*facts.words(section), *overview(facts)]
    others = [
        row for row in facts.local if row.indicator is None and facts.may_cite(row.period, None)
    ]
    if others:
        blocks.append(local_table(others, "Autres chiffres donnés à la convention"))
    if not parts and not blocks:
        return []
    silent = silent_themes(facts, parts)
    if silent:
        blocks.append(Paragraph(f"Thèmes sans chiffre ni équipement à ce jour : {silent}.", "note"))
    return [chapter(section, section.title, blocks), *parts]


def chapter(section: ReportSection, title: str, blocks: list[Block]) -> Section:
    return Section(title, tuple(blocks), sheet="Offre", page_break=True, identifier=section.key)


def silent_themes(facts: Facts, parts: Sequence[Section]) -> str:
    told = {part.identifier for part in parts}
    return ", ".join(theme.name for theme in facts.themes if anchor(theme) not in told)


def overview(facts: Facts) -> list[Block]:
    """How many facilities of each kind, and what they add up to, each unit apart."""
    if not facts.offer:
        return []
    groups: dict[str, list[FacilityLine]] = {}
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


def capacities_in_words(lines: Sequence[FacilityLine]) -> str:
    """« 77 places ; au moins 1,5 ETP »: a sum that lacks a facility says so."""
    totals: dict[str, Decimal] = {}
    silent: Counter[str] = Counter()
    for line in lines:
        known = [each.now for each in line.offered if each.now]
        if not known:
            silent[line.facility.type.unit] += 1
        for capacity in known:
            totals[capacity.unit] = totals.get(capacity.unit, Decimal(0)) + capacity.value
    told = [
        f"au moins {written(value, unit)}" if silent[unit] else written(value, unit)
        for unit, value in totals.items()
    ]
    return " ; ".join(told) or "n.d."


def anchor(theme: Theme) -> str:
    return f"theme-{theme.pk}"


def theme_parts(facts: Facts, theme: Theme) -> list[Section]:
    blocks = theme_blocks(facts, theme, level=3)
    if not blocks:
        return []
    return [Section(theme.name, tuple(blocks), level=2, sheet="Offre", identifier=anchor(theme))]


def theme_blocks(facts: Facts, theme: Theme, level: int) -> list[Block]:
    """What is known of a theme; ``level``: that of the headings inside it."""
    lines = facts.of_theme(theme)
    drawn = charted(lines)
    offered = [row for row in facts.offer if row.facility.theme_id == theme.pk]
    local = [
        row
        for row in facts.local
        if in_field(row, theme)
        and facts.may_cite(row.period, row.indicator_id)
        and not told_elsewhere(facts, row)
    ]
    areas = [area for area in facts.areas if area.theme_id == theme.pk]
    # What was typed here and is not commented stands in its own table, beneath.
    told = [line for line in lines if line.row.own or line.comment]
    blocks: list[Block] = [*facts.words(THEME, theme)]
    blocks += figure_blocks(
        facts, told, [drawn] if drawn else [], f"{theme} : les chiffres", level=level
    )
    if local:
        blocks.append(local_table(local, f"{theme} : chiffres donnés à la convention"))
    if offered:
        blocks.append(offer_table(offered, theme))
    if areas:
        blocks += areas_blocks(areas, theme, level)
    return blocks


def in_field(row: LocalObservation, theme: Theme) -> bool:
    return row.indicator is not None and row.indicator.domain_id == theme.domain_id


def told_elsewhere(facts: Facts, row: LocalObservation) -> bool:
    """In another chapter of the whole report, or by a published figure as recent."""
    if row.indicator is None:
        return False
    if facts.theme is None and row.indicator.key in TOLD_BEFORE:
        return True
    line = next((known for known in facts.kept if known.indicator.pk == row.indicator_id), None)
    if line is None:
        return False
    return any(
        reading is not None and territory.pk == row.territory_id and reading.period >= row.period
        for territory, reading in zip(line.row.territories, line.row.readings, strict=True)
    )


def local_table(rows: Sequence[LocalObservation], caption: str) -> Table:
    return Table(
        caption=caption,
        columns=(
            Column("Chiffre", width=5),
            Column("Territoire", width=4),
            Column("Année", width=3),
            Column("Valeur", "decimal", width=4),
            Column("Source", width=5),
        ),
        rows=tuple(
            (row.title, str(row.territory), str(row.period), local_cell(row), row.source)
            for row in rows
        ),
    )


def local_cell(row: LocalObservation) -> Cell:
    if row.value is None:
        return missing(row.reason)
    if row.indicator is not None:
        return Quantity(row.value, row.indicator.unit, row.indicator.decimals)
    return Quantity(row.value, row.unit, decimals_of(row.value))


def decimals_of(value: Decimal) -> int:
    """Places are whole; a part of a full-time post is not."""
    return 0 if value == value.to_integral_value() else 2


def offer_table(lines: Sequence[FacilityLine], theme: Theme) -> Table:
    """One line a facility and unit: places and hours are never added, nor mixed in a cell."""
    rows: list[tuple[Cell, ...]] = []
    for line in lines:
        facility = line.facility
        manager = facility.manager.short_name or str(facility.manager)
        for offered in line.offered or (Offered("", None, None),):
            now, planned = offered.now, offered.planned
            rows.append(
                (
                    facility.name, str(facility.type), manager, line.ages or "–",
                    capacity_cell(now), str(now.year) if now else "–",
                    capacity_cell(planned) if planned else Missing("–"),
                )
            )  # fmt: skip
    return Table(
        caption=f"{theme} : équipements et services",
        columns=(
            Column("Équipement ou service", width=6),
            Column("Type", width=4),
            Column("Gestionnaire", width=4),
            Column("Âges", width=4),
            Column("Capacité", "decimal", width=3),
            Column("Année", width=3),
            Column("Prévue", "decimal", width=3),
        ),
        rows=tuple(rows),
        note="Âges : ceux de l'équipement, sinon ceux qui sont habituels pour son type.",
        source="registre local des équipements",
    )


def ages(facility: Facility) -> str:
    """The facility's own, else those usual for its type."""
    own = range_text(facility.min_age_months, facility.max_age_months)
    return own or range_text(facility.type.min_age_months, facility.type.max_age_months)


def capacity_cell(capacity: Capacity | None) -> Cell:
    if capacity is None:
        return Missing()
    return Quantity(capacity.value, capacity.get_unit_display(), decimals_of(capacity.value))


def areas_blocks(areas: Sequence[UnderServedArea], theme: Theme, level: int) -> list[Block]:
    return [
        Heading("Zones mal desservies", level),
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
