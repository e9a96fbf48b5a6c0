"""A count by territory: discs whose area is the figure, so that a large territory weighs nothing
by itself."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from core.charts.geometry import Geometry, extent, middle
from core.charts.maps import HATCHES, Area, Choropleth, feature, frame, own

LARGEST, SMALLEST = 2600.0, 6.0
"""Square pixels of the disc of the highest figure, and the least that can be seen."""


class CountMap(Choropleth):
    """Same arguments as ``Choropleth``, for what is counted rather than measured by a rate."""

    def spec(self) -> dict[str, Any]:
        shapes = self.shapes()
        width, height = extent(shape for _, shape in shapes)
        return {
            **frame(width, height),
            "layer": [
                self._ground(shapes),
                self.hatches(shapes, width / HATCHES),
                self._discs(shapes),
                *own(shapes),
            ],
        }

    def _ground(self, shapes: list[tuple[Area, Geometry]]) -> dict[str, Any]:
        return {
            "data": {"values": [feature(shape) for _, shape in shapes]},
            "mark": {
                "type": "geoshape",
                "fill": "@map_none",
                "stroke": "@others",
                "strokeWidth": 0.6,
            },
        }

    def _discs(self, shapes: list[tuple[Area, Geometry]]) -> dict[str, Any]:
        known = [
            (float(area.value), *middle(shape))
            for area, shape in shapes
            if isinstance(area.value, (int, Decimal)) and area.value > 0
        ]
        highest = max((value for value, _, _ in known), default=1.0)
        # The largest first: a small disc is never hidden by a big one.
        discs = [
            {"x": x, "y": y, "size": max(LARGEST * value / highest, SMALLEST)}
            for value, x, y in sorted(known, reverse=True)
        ]
        return {
            "data": {"values": discs},
            "mark": {
                "type": "circle",
                "color": "@ours",
                "opacity": 0.85,
                "stroke": "@ground",
                "strokeWidth": 1,
            },
            "encoding": {
                "longitude": {"field": "x", "type": "quantitative"},
                "latitude": {"field": "y", "type": "quantitative"},
                "size": {"field": "size", "type": "quantitative", "scale": None},
            },
        }
