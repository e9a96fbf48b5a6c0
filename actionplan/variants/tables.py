"""The comparison as rows of the page, already written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from actionplan.variants.comparison import TOTAL, ColumnOf, Effect, Side, Sums
from core import formats as fr

Header = str | tuple[str, str]
ABSENT = "–"


@dataclass(frozen=True)
class PageTable:
    headers: list[Header]
    rows: list[list[str]]


@dataclass(frozen=True)
class YearGroup:
    """The rows of one year: the plan alone where no variant differs."""

    label: str
    rows: list[list[str]]


def summary_rows(side: Side) -> PageTable:
    """All the years: one row a figure, one column for the plan and for each variant."""
    lines = [
        ("Fonctionnement", [fr.euros(column.total.operating) for column in side.columns]),
        ("Investissement", [fr.euros(column.total.investment) for column in side.columns]),
        ("Dépenses", [fr.euros(column.total.expense) for column in side.columns]),
        ("Financements d'autres", [fr.euros(column.total.funded) for column in side.columns]),
        ("Reste à charge", [fr.euros(column.total.remaining) for column in side.columns]),
        ("Écart au plan", [difference_text(side, column) for column in side.columns]),
    ]
    headers: list[Header] = ["Toutes années", *((column.title, "num") for column in side.columns)]
    return PageTable(headers, [[label, *values] for label, values in lines])


def difference_text(side: Side, column: ColumnOf, year: int = TOTAL) -> str:
    if column is side.plan:
        return ABSENT
    return fr.signed(side.difference(column, year), unit="€")


def cards(side: Side) -> list[dict[str, Any]]:
    """Each variant: what it says, what it does to the reste à charge, and a warning."""
    return [
        {
            "variant": column.variant,
            "title": column.title,
            "told": told(side.difference(column)),
            "differs": column.differing_expenses + column.differing_fundings,
            "no_expense": not column.differing_expenses,
        }
        for column in side.variants
    ]


def told(difference: Decimal | None) -> str:
    if not difference:
        return "Même reste à charge que le plan."
    return f"{fr.signed(difference, unit='€')} de reste à charge par rapport au plan."


YEAR_HEADERS: list[Header] = [
    "Année", "Plan ou variante", ("Fonctionnement", "num"), ("Investissement", "num"),
    ("Financements d'autres", "num"), ("Reste à charge", "num"), ("Écart au plan", "num"),
]  # fmt: skip


def year_groups(side: Side) -> list[YearGroup]:
    """A year where nothing differs takes one line."""
    groups = []
    for year in (*side.years, TOTAL):
        same = all(column.years[year] == side.plan.years[year] for column in side.variants)
        columns = [side.plan] if same else list(side.columns)
        rows = [
            [
                "Plan et variantes" if same else column.short,
                *_figures(column.years[year]),
                ABSENT if same else difference_text(side, column, year),
            ]
            for column in columns
        ]
        groups.append(YearGroup(str(year or "Total"), rows))
    return groups


def _figures(sums: Sums) -> list[str]:
    amounts = (sums.operating, sums.investment, sums.funded, sums.remaining)
    return [fr.euros(amount) for amount in amounts]


def actions_rows(side: Side) -> PageTable:
    headers: list[Header] = ["Action"]
    for column in side.columns:
        headers += [
            (f"{column.short}, dépenses", "num"),
            (f"{column.short}, financements", "num"),
        ]
    rows = [
        [
            str(row.action),
            *(
                fr.euros(value)
                for pair in zip(row.expenses, row.fundings, strict=True)
                for value in pair
            ),
        ]
        for row in side.actions
    ]
    return PageTable(headers, rows)


def effects_rows(rows: Sequence[Effect]) -> PageTable:
    """What the choice would write: old → new, and what the plan said when it was prepared."""
    headers: list[Header] = [
        "Action",
        "Montant",
        ("Année", "num"),
        ("Au plan", "num"),
        ("Sera", "num"),
    ]
    noted = any(_note(row) for row in rows)
    return PageTable(
        [*headers, *(["À noter"] if noted else [])],
        [
            [
                str(row.action), row.label, str(row.year), fr.euros(row.current),
                "retiré" if row.new is None and not row.is_expense else fr.euros(row.new),
                *([_note(row)] if noted else []),
            ]
            for row in rows
        ],
    )  # fmt: skip


def _note(row: Effect) -> str:
    if row.does_nothing:
        return "déjà ainsi au plan"
    if row.has_moved:
        return f"le plan a changé depuis (il disait {fr.euros(row.base)})"
    return ""
