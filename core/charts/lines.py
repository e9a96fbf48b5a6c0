"""The evolution of a figure over the years, each line named at its end."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from core.charts.bars import WIDTH
from core.charts.base import Chart, Row
from core.documents.content import Column, Missing
from core.palette import CATEGORIES

Value = Decimal | int | Missing | None
HEIGHT, LABEL_HEIGHT = 250, 18
DASHES = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3], [4, 4], [1, 3], [10, 2], [3, 1])


class Lines(Chart):
    """``series``: (name, {year: value}). A missing year breaks the line: it is not bridged.

    Lines differ by colour and by dash; ``zero=False`` lets the scale begin near the figures.
    """

    kind = "lines"

    def __init__(
        self,
        *,
        title: str,
        series: Sequence[tuple[str, dict[int, Value]]],
        sentence: str,
        unit: str = "",
        decimals: int = 0,
        source: str = "",
        zero: bool = True,
        year_title: str = "Année",
    ) -> None:
        self.title = title
        self.series = series
        self.unit = unit
        self.decimals = decimals
        self.source = source
        self.zero = zero
        self._sentence = sentence
        suffix = f" ({unit})" if unit else ""
        kind: Any = "decimal" if decimals else "integer"
        self.columns = {
            "year": Column(year_title),
            **{name: Column(f"{name}{suffix}", kind, decimals=decimals) for name, _ in self.series},
        }

    def rows(self) -> list[Row]:
        return [
            {"year": str(year), **{name: values.get(year) for name, values in self.series}}
            for year in self.years
        ]

    def sentence(self) -> str:
        return self._sentence

    @property
    def years(self) -> list[int]:
        return sorted({year for _, values in self.series for year in values})

    def spec(self) -> dict[str, Any]:
        names = [name for name, _ in self.series]
        colours = [CATEGORIES[i % len(CATEGORIES)] for i in range(len(names))]
        dashes = [DASHES[i % len(DASHES)] for i in range(len(names))]
        years = {"field": "year", "type": "ordinal", "scale": {"domain": self.years}}
        figures = {
            "field": "value",
            "type": "quantitative",
            "scale": {"zero": self.zero},
            "axis": {
                "title": self.unit or None,
                "format": f",.{self.decimals}f",
                "tickCount": 5,
                "domain": False,
                "ticks": False,
            },
        }
        colour = {
            "field": "name",
            "type": "nominal",
            "scale": {"domain": names, "range": colours},
            "legend": None,
        }
        dash = {
            "field": "name",
            "type": "nominal",
            "scale": {"domain": names, "range": dashes},
            "legend": None,
        }
        return {
            "width": WIDTH,
            "height": HEIGHT,
            "autosize": {"type": "fit", "contains": "padding"},
            "data": {"values": self._data()},
            "encoding": {
                "x": {**years, "axis": {"title": None, "labelAngle": 0, "ticks": False}},
                "y": figures,
                "color": colour,
            },
            "layer": [
                {
                    "mark": {
                        "type": "line",
                        "strokeWidth": 2.5,
                        "invalid": "break-paths-show-domains",
                    },
                    "encoding": {"strokeDash": dash},
                },
                {"mark": {"type": "point", "filled": True, "size": 55, "opacity": 1}},
                {
                    "transform": [{"filter": "datum.last"}],
                    "mark": {"type": "text", "align": "left", "dx": 10, "fontWeight": 600},
                    "encoding": {
                        "text": {"field": "name"},
                        "y": {"field": "label_at", "type": "quantitative"},
                    },
                },
            ],
        }

    def _data(self) -> list[dict[str, Any]]:
        data = []
        label_at = self._labels_apart()
        for name, values in self.series:
            known = [year for year, value in values.items() if isinstance(value, (int, Decimal))]
            last = max(known, default=None)
            data += [
                {
                    "name": name,
                    "year": year,
                    "value": float(values[year]) if year in known else None,  # type: ignore[arg-type]
                    "last": year == last,
                    "label_at": label_at.get(name),
                }
                for year in self.years
            ]
        return data

    def _labels_apart(self) -> dict[str, float]:
        """Where to write each name: at the end of its line, moved up where two would overlap."""
        known = [
            float(value)
            for _, values in self.series
            for value in values.values()
            if isinstance(value, (int, Decimal))
        ]
        if not known:
            return {}
        low = min(known) if not self.zero else min(0.0, *known)
        room = ((max(known) - low) or 1.0) * LABEL_HEIGHT / HEIGHT
        ends = sorted((end, name) for name, end in self._ends())
        placed: dict[str, float] = {}
        floor = float("-inf")
        for end, name in ends:
            placed[name] = max(end, floor)
            floor = placed[name] + room
        return placed

    def _ends(self) -> list[tuple[str, float]]:
        ends = []
        for name, values in self.series:
            known = {y: v for y, v in values.items() if isinstance(v, (int, Decimal))}
            if known:
                ends.append((name, float(known[max(known)])))
        return ends
