"""The comparison as rows of the page, already written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from actionplan.variants.comparison import TOTAL, ColumnOf, Effect, Side
from core import formats as fr

Header = str | tuple[str, str]


@dataclass(frozen=True)
class PageTable:
    headers: list[Header]
    rows: list[list[str]]
    footer: list[str]


def columns_rows(side: Side) -> list[dict[str, Any]]:
    """The plan and each variant in a card: its totals, and what it does to the reste à charge."""
    return [
        {
            "variant": column.variant,
            "title": column.title,
            "facts": [
                ("Fonctionnement", fr.euros(column.total.operating)),
                ("Investissement", fr.euros(column.total.investment)),
                ("Financements", fr.euros(column.total.funded)),
                ("Reste à charge", fr.euros(column.total.remaining)),
            ],
            "difference": "" if column is side.plan else told(side.difference(column)),
            "differs": column.differing_expenses + column.differing_fundings,
            "no_expense": column.variant is not None and not column.differing_expenses,
        }
        for column in side.columns
    ]


def told(difference: Decimal | None) -> str:
    if not difference:
        return "même reste à charge que le plan"
    return f"{fr.signed(difference, unit='€')} de reste à charge par rapport au plan"


def years_rows(side: Side) -> PageTable:
    """One line a year and a column: expenses by nature, fundings, reste à charge, difference."""
    rows = [
        _year_row(side, column, year) for year in (*side.years, TOTAL) for column in side.columns
    ]
    headers: list[Header] = [
        "Année, plan ou variante", ("Fonctionnement", "num"), ("Investissement", "num"),
        ("Financements", "num"), ("Reste à charge", "num"), ("Écart au plan", "num"),
    ]  # fmt: skip
    return PageTable(headers, rows, [])


def _year_row(side: Side, column: ColumnOf, year: int) -> list[str]:
    sums = column.years[year]
    difference = "–" if column is side.plan else fr.signed(side.difference(column, year), unit="€")
    return [
        f"{year or 'Total'}, {column.title}", fr.euros(sums.operating), fr.euros(sums.investment),
        fr.euros(sums.funded), fr.euros(sums.remaining), difference,
    ]  # fmt: skip


def actions_rows(side: Side) -> PageTable:
    headers: list[Header] = ["Action"]
    for column in side.columns:
        headers += [
            (f"{column.title} : dépenses", "num"),
            (f"{column.title} : financements", "num"),
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
    return PageTable(headers, rows, [])


def effects_rows(rows: Sequence[Effect]) -> PageTable:
    """What the choice would write: old → new, and what the plan said when it was prepared."""
    return PageTable(
        ["Action", "Montant", ("Année", "num"), ("Au plan", "num"), ("Sera", "num"), "À noter"],
        [
            [
                str(row.action), row.label, str(row.year), fr.euros(row.current),
                "retiré" if row.new is None and not row.is_expense else fr.euros(row.new),
                _note(row),
            ]
            for row in rows
        ],
        [],
    )  # fmt: skip


def _note(row: Effect) -> str:
    if row.does_nothing:
        return "déjà ainsi au plan"
    if row.has_moved:
        return f"le plan a changé depuis (il disait {fr.euros(row.base)})"
    return ""
