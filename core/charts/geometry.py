"""Outlines made flat for a small map: degrees become a plane, and hatching is cut to a shape.

A map of a few communes needs no projection library: longitude is shortened by the cosine of the
mean latitude, as on any map of that size.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, radians
from typing import Any

Geometry = dict[str, Any]
Position = tuple[float, float]
Ring = list[Position]


def rings(geometry: Geometry) -> list[Ring]:
    """Every ring of a ``Polygon`` or ``MultiPolygon``, outer and inner alike."""
    coordinates = geometry.get("coordinates", [])
    polygons = [coordinates] if geometry.get("type") == "Polygon" else coordinates
    return [
        [(float(point[0]), float(point[1])) for point in ring]
        for polygon in polygons
        for ring in polygon
    ]


@dataclass(frozen=True)
class Plane:
    """How degrees become the plane of one map; the unit is a degree of latitude."""

    latitude: float

    @classmethod
    def around(cls, geometries: Iterable[Geometry]) -> Plane:
        latitudes = [y for geometry in geometries for ring in rings(geometry) for _, y in ring]
        return cls((min(latitudes) + max(latitudes)) / 2 if latitudes else 46.5)

    def position(self, longitude: float, latitude: float) -> Position:
        return round(longitude * cos(radians(self.latitude)), 5), round(latitude, 5)

    def geometry(self, geometry: Geometry) -> Geometry:
        def flat(item: Any) -> Any:
            if item and isinstance(item[0], (int, float)):
                return list(self.position(item[0], item[1]))
            return [flat(child) for child in item]

        return {"type": geometry["type"], "coordinates": flat(geometry["coordinates"])}


def extent(geometries: Iterable[Geometry]) -> tuple[float, float]:
    """Width and height of the whole, in the unit of the coordinates; never zero."""
    points = [point for geometry in geometries for ring in rings(geometry) for point in ring]
    if not points:
        return 1.0, 1.0
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return max(xs) - min(xs) or 1.0, max(ys) - min(ys) or 1.0


def top(geometry: Geometry) -> Position:
    """Where to write the name: above the middle of the whole."""
    points = [point for ring in rings(geometry) for point in ring]
    if not points:
        return 0.0, 0.0
    xs = [x for x, _ in points]
    return (min(xs) + max(xs)) / 2, max(y for _, y in points)


def middle(geometry: Geometry) -> Position:
    """Where to set a mark: the centre of the box of the largest part."""
    boxes = [
        (min(xs), max(xs), min(ys), max(ys))
        for ring in rings(geometry)
        if (xs := [x for x, _ in ring]) and (ys := [y for _, y in ring])
    ]
    if not boxes:
        return 0.0, 0.0
    left, right, low, high = max(boxes, key=lambda box: (box[1] - box[0]) * (box[3] - box[2]))
    return (left + right) / 2, (low + high) / 2


def hatching(geometry: Geometry, step: float) -> Geometry:
    """Slanted lines inside the shape, ``step`` apart: a tone that does not rest on colour."""
    edges = [(start, end) for ring in rings(geometry) for start, end in pairwise(ring)]
    lines = [segment for level in _levels(edges, step) for segment in _cut(edges, level)]
    return {"type": "MultiLineString", "coordinates": lines}


def _levels(edges: Sequence[tuple[Position, Position]], step: float) -> Iterator[float]:
    """The lines ``y - x = level`` that cross the shape; shared by neighbours, so that they meet."""
    levels = [y - x for edge in edges for x, y in edge]
    if not levels:
        return
    first, last = int(min(levels) // step), int(max(levels) // step)
    for rank in range(first, last + 1):
        yield (rank + 0.5) * step


def _cut(edges: Sequence[tuple[Position, Position]], level: float) -> list[list[list[float]]]:
    """The parts of the line ``y - x = level`` that lie inside, by pairs of crossings."""
    crossings = []
    for (x1, y1), (x2, y2) in edges:
        one, other = y1 - x1 - level, y2 - x2 - level
        if (one < 0) != (other < 0):
            share = one / (one - other)
            crossings.append(x1 + share * (x2 - x1))
    crossings.sort()
    return [
        [[round(left, 5), round(left + level, 5)], [round(right, 5), round(right + level, 5)]]
        for left, right in zip(crossings[::2], crossings[1::2], strict=False)
    ]
