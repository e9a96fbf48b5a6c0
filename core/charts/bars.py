"""Ready-made charts: territories compared, and progress by state."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core import formats
from core.charts.base import Chart, Row
from core.documents.content import Cell, Column, Missing

WIDTH = 620
BAR = 30
WRAPPED_BAR = 40
"""Two lines of label need more room than one, or they touch the next ones."""

LABEL_WIDTHS = (32, 38, 44)
"""Characters of a line of label; the widest still leaves the bars more than half of the drawing."""


@dataclass(frozen=True)
class Bar:
    """One territory: its figure, or why there is none."""

    label: str
    value: Decimal | int | Missing | None
    ours: bool = False


class HorizontalBars(Chart):
    """One figure for several territories; ours is darker and in bold, values stand at the bar end."""

    kind = "bars"

    def __init__(
        self,
        *,
        title: str,
        bars: Sequence[Bar],
        sentence: str,
        unit: str = "",
        decimals: int = 0,
        source: str = "",
        label_title: str = "Territoire",
        value_title: str = "Valeur",
    ) -> None:
        self.title = title
        self.bars = bars
        self.unit = unit
        self.decimals = decimals
        self.source = source
        self._sentence = sentence
        head = f"{value_title} ({unit})" if unit else value_title
        self.columns = {
            "label": Column(label_title, width=3),
            "value": Column(head, "decimal" if decimals else "integer", decimals=decimals),
        }

    def rows(self) -> list[Row]:
        return [{"label": bar.label, "value": bar.value} for bar in self.bars]

    def sentence(self) -> str:
        return self._sentence

    def spec(self) -> dict[str, Any]:
        data = [self._datum(bar) for bar in self.bars]
        values = [datum["value"] for datum in data]
        low, high = min([0.0, *values]), max([0.0, *values])
        room = (high - low) * 0.16 or 1.0
        ours = [self._wrapped(bar) for bar in self.bars if bar.ours]
        weight = {
            "condition": {"test": f"indexof({json.dumps(ours)}, datum.value) >= 0", "value": 600},
            "value": 400,
        }
        axis = {"title": None, "ticks": False, "domain": False, "labelFontWeight": weight, **LINES}
        scale = {"domain": [low - room if low < 0 else 0, high + room], "nice": False}
        return {
            "width": WIDTH,
            "height": self._step * max(len(data), 1) + 6,
            "autosize": {"type": "fit", "contains": "padding"},
            "data": {"values": data},
            "encoding": {
                "y": {"field": "label", "type": "nominal", "sort": None, "axis": axis},
                "x": {"field": "value", "type": "quantitative", "axis": None, "scale": scale},
            },
            "layer": [{"mark": {"type": "bar", "height": 18}, "encoding": OURS}, *_value_labels()],
        }

    @property
    def _step(self) -> int:
        return WRAPPED_BAR if any("\n" in self._wrapped(bar) for bar in self.bars) else BAR

    def _wrapped(self, bar: Bar) -> str:
        """As narrow as lets every label of the chart be read whole, where one can."""
        for width in LABEL_WIDTHS:
            if all(len(textwrap.wrap(each.label, width)) <= 2 for each in self.bars):
                break
        return wrapped(bar.label, width)

    def _datum(self, bar: Bar) -> dict[str, Any]:
        known = isinstance(bar.value, (int, Decimal))
        return {
            "label": self._wrapped(bar),
            "value": float(bar.value) if isinstance(bar.value, (int, Decimal)) else 0.0,
            "text": formats.with_unit(bar.value, self.unit, self.decimals)  # type: ignore[arg-type]
            if known
            else _reason(bar.value),
            "ours": bar.ours,
        }


class StackedBars(Chart):
    """Counts by state for each line (an orientation); every count is written in its segment.

    ``states``: (key, word, colour name or tone) in the order of the stack; ``counts``: for each
    line, its title and key → count.
    """

    kind = "stacked_bars"

    def __init__(
        self,
        *,
        title: str,
        states: Sequence[tuple[str, str, str]],
        counts: Sequence[tuple[str, dict[str, int]]],
        sentence: str,
        source: str = "",
        label_title: str = "Orientation",
    ) -> None:
        self.title = title
        self.states = states
        self.counts = counts
        self.source = source
        self._sentence = sentence
        self.columns = {
            "label": Column(label_title, width=4),
            **{key: Column(word.capitalize(), "integer", total="sum") for key, word, _ in states},
        }

    def rows(self) -> list[Row]:
        return [
            {"label": label, **{key: counts.get(key, 0) for key, _, _ in self.states}}
            for label, counts in self.counts
        ]

    def sentence(self) -> str:
        return self._sentence

    def spec(self) -> dict[str, Any]:
        data = [
            {"label": wrapped(label, 38), "state": word, "order": order, "count": counts[key]}
            for label, counts in self.counts
            for order, (key, word, _) in enumerate(self.states)
            if counts.get(key)
        ]
        present = {datum["state"] for datum in data}
        shown = [(word, colour) for _, word, colour in self.states if word in present]
        colour = {
            "field": "state",
            "type": "nominal",
            "scale": {
                "domain": [word for word, _ in shown],
                "range": [tone if tone.startswith("@") else f"@{tone}" for _, tone in shown],
            },
            "legend": {"orient": "top", "title": None, "symbolType": "square", "columns": 3},
        }
        stacked = {"field": "count", "type": "quantitative", "stack": "zero", "axis": None}
        axis = {"title": None, "ticks": False, "domain": False, **LINES}
        order = {"field": "order", "type": "quantitative"}
        return {
            "width": WIDTH,
            "height": 33 * max(len(self.counts), 1) + 18 * -(-len(shown) // 3) + 18,
            "autosize": {"type": "fit", "contains": "padding"},
            "data": {"values": data},
            "encoding": {
                "y": {
                    "field": "label",
                    "type": "nominal",
                    "sort": [wrapped(label, 38) for label, _ in self.counts],
                    "axis": axis,
                    "scale": {"domain": [wrapped(label, 38) for label, _ in self.counts]},
                },
                "order": order,
            },
            "layer": [
                {
                    "mark": {"type": "bar", "height": 22, "stroke": "@ground", "strokeWidth": 2},
                    "encoding": {"x": stacked, "color": colour},
                },
                {
                    "mark": {"type": "text", "fontWeight": 600, "color": "@on_mark"},
                    "encoding": {
                        "x": {**stacked, "bandPosition": 0.5},
                        "text": {"field": "count"},
                        "detail": {"field": "state"},
                    },
                },
            ],
        }


LINES = {"labelExpr": "split(datum.label, '\\n')", "labelLineHeight": 15, "labelLimit": 0}
OURS = {
    "color": {"condition": {"test": "datum.ours", "value": "@ours"}, "value": "@others"},
}


def wrapped(label: str, width: int = 32) -> str:
    """Two lines at most: a third would run into the next bar. The table has the whole label."""
    return "\n".join(textwrap.wrap(label, width, max_lines=2, placeholder=" …")) or label


def _reason(value: Cell) -> str:
    return value.reason if isinstance(value, Missing) else formats.MISSING


def _value_labels() -> list[dict[str, Any]]:
    """The value beyond the end of its bar, on whichever side of zero the bar lies."""
    return [
        {
            "transform": [{"filter": f"{test} && {'' if ours else '!'}datum.ours"}],
            "mark": {
                "type": "text",
                "align": align,
                "dx": shift,
                "fontWeight": 600 if ours else 400,
            },
            "encoding": {"text": {"field": "text"}},
        }
        for test, align, shift in (
            ("datum.value >= 0", "left", 6),
            ("datum.value < 0", "right", -6),
        )
        for ours in (True, False)
    ]
