"""What every chart is: rows, a sentence, and a Vega-Lite specification.

The table beneath a figure, its text alternative and its sheet in the workbook are drawn from the
same rows. In a specification a colour is a name of ``core.palette`` (``"@ours"``): the theme of
the page, or of the print, gives its value when the chart is drawn.
"""

from __future__ import annotations

from typing import Any

from core.documents.content import Cell, ChartBlock, ChartKind, Column

Row = dict[str, Any]


class Chart:
    """Subclass it, or use ``HorizontalBars``, ``StackedBars``, ``Lines`` of ``core.charts``.

    ``columns`` maps the keys of the rows, in the order of the table, to their columns.
    """

    title: str = ""
    source: str = ""
    columns: dict[str, Column] = {}
    kind: ChartKind = ""
    """The chart of a slide that can be drawn from the same rows, when there is one."""

    def rows(self) -> list[Row]:
        """The figures: ``Decimal``, ``int``, text, or ``Missing``. Never 0 for what is unknown."""
        raise NotImplementedError

    def sentence(self) -> str:
        """What the figure shows, in one sentence that stands without it."""
        raise NotImplementedError

    def spec(self) -> dict[str, Any]:
        """The Vega-Lite specification, data included; no title, no width unless needed."""
        raise NotImplementedError

    def alt(self) -> str:
        """The text alternative: what the figure is, and what it says."""
        return f"Graphique : {self.title}. {self.sentence()}".strip()

    def cells(self) -> tuple[tuple[Cell, ...], ...]:
        return tuple(tuple(row.get(key) for key in self.columns) for row in self.rows())

    def freeze(self) -> ChartBlock:
        """The chart as a document keeps it: figures and drawing as they are today."""
        return ChartBlock(
            title=self.title,
            columns=tuple(self.columns.values()),
            rows=self.cells(),
            spec=self.spec(),
            sentence=self.sentence(),
            alt=self.alt(),
            source=self.source,
            kind=self.kind,
        )
