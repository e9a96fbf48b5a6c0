"""Is this point where the commune is? Only a known outline can tell."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from math import cos, radians
from typing import Any

from opendata.models import Contour, Territory

FARTHEST_KM = 20
"""A facility may stand in a neighbouring commune; beyond, it is a slip of the keyboard."""
KM_PER_DEGREE = 111.2


def points_of(geometry: dict[str, Any]) -> Iterator[tuple[float, float]]:
    """Every (longitude, latitude) of a GeoJSON geometry."""
    pending = [geometry["coordinates"]]
    while pending:
        item = pending.pop()
        if item and isinstance(item[0], (int, float)):
            yield float(item[0]), float(item[1])
        else:
            pending += item


def distance_to(geometry: dict[str, Any], longitude: Decimal, latitude: Decimal) -> float:
    """Kilometres from the point to the box that holds the outline; 0 inside it."""
    points = list(points_of(geometry))
    lons, lats = [x for x, _ in points], [y for _, y in points]
    x, y = float(longitude), float(latitude)
    east = max(min(lons) - x, x - max(lons), 0.0) * KM_PER_DEGREE * cos(radians(y))
    north = max(min(lats) - y, y - max(lats), 0.0) * KM_PER_DEGREE
    return (east**2 + north**2) ** 0.5


def contour_of(commune: Territory) -> Contour | None:
    return Contour.objects.filter(territory=commune).first()
