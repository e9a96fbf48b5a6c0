"""The reste à charge of the plan and of its variants, year by year."""

from __future__ import annotations

from actionplan.variants.comparison import Side
from actionplan.working_paper import SOURCE
from core.charts import Lines


def remaining_chart(side: Side) -> Lines:
    """Lines in euros, on a scale near the figures: the variants differ by little beside the whole. A
    year of which no expense is known is a gap, not a zero."""
    return Lines(
        title="Reste à charge par année",
        series=[
            (column.short, {year: column.years[year].remaining for year in side.years})
            for column in side.columns
        ],
        sentence=f"{side.sentence} L'échelle ne part pas de zéro.",
        unit="€",
        source=SOURCE,
        zero=False,
    )
