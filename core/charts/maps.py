"""Small maps: a figure by territory, and numbered places. Outlines are GeoJSON in WGS 84.

Neither fetches anything: the outlines are in the specification, and so in a frozen document.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from core import formats
from core.charts.bars import WIDTH
from core.charts.base import Chart, Row
from core.charts.geometry import Geometry, Plane, extent, hatching, top
from core.documents.content import Cell, Column, Missing

CLASSES = 5
TONES: dict[int, tuple[int, ...]] = {1: (3,), 2: (2, 4), 3: (1, 3, 5), 4: (1, 2, 4, 5), 5: (1, 2, 3, 4, 5)}  # fmt: skip
"""Which of the five tones of the palette each number of classes uses."""
MAX_HEIGHT, MIN_HEIGHT = 520, 220
HATCHES = 55
"""How many slanted lines would cross the whole map."""
SECRET_WORDS, NONE_WORDS = "secret statistique (hachuré)", "sans chiffre (fond pâle)"
FLAT = {"type": "identity", "reflectY": True}
MARK, LETTER = 11, 7
"""Pixels: the radius of a numbered mark, and the room that one more figure takes in it."""
NEAR = 0.035
"""Places nearer than this share of the map's width share one mark: their numbers would overlap."""


@dataclass(frozen=True)
class Area:
    """One territory: its outline (None when unknown), its figure or why there is none."""

    label: str
    geometry: Geometry | None
    value: Decimal | int | Missing | None = None
    ours: bool = False


@dataclass(frozen=True)
class ValueClass:
    """Territories told with one tone; bounds are figures that exist, so classes never overlap."""

    low: Decimal
    high: Decimal


def quantile_classes(values: Sequence[Decimal], count: int = CLASSES) -> list[ValueClass]:
    """Classes that hold about as many territories each; equal figures are never parted."""
    ordered = sorted(values)
    wanted = min(count, len(set(ordered)))
    classes: list[ValueClass] = []
    start = 0
    for rank in range(1, wanted + 1):
        end = max(round(len(ordered) * rank / wanted), start)
        while 0 < end < len(ordered) and ordered[end] == ordered[end - 1]:
            end += 1
        if end > start:
            classes.append(ValueClass(ordered[start], ordered[end - 1]))
            start = end
    return classes


class Choropleth(Chart):
    """A rate or a median by territory, in classes of equal numbers of territories.

    A count drawn in tones would show the large territories, not the high figures: give rates.
    Secret is hatched, absent is pale, ours is outlined and named; the table has every value.
    """

    def __init__(
        self,
        *,
        title: str,
        areas: Sequence[Area],
        sentence: str,
        unit: str = "",
        decimals: int = 0,
        source: str = "",
        label_title: str = "Territoire",
        value_title: str = "Valeur",
    ) -> None:
        self.title = title
        self.areas = areas
        self.unit = unit
        self.decimals = decimals
        self.source = source
        self._sentence = sentence
        head = f"{value_title} ({unit})" if unit else value_title
        self.columns = {
            "label": Column(label_title, width=3),
            "value": Column(head, "decimal" if decimals else "integer", decimals=decimals),
        }
        # Rounded as they are written: two classes must not read the same.
        known = [
            formats.rounded(area.value, decimals)
            for area in areas
            if isinstance(area.value, (int, Decimal))
        ]
        self.classes = quantile_classes(known)

    def rows(self) -> list[Row]:
        return [{"label": area.label, "value": area.value} for area in self.areas]

    def sentence(self) -> str:
        return self._sentence

    def alt(self) -> str:
        return f"Carte : {self.title}. {self.sentence()}".strip()

    def class_words(self, wanted: ValueClass) -> str:
        """« de 8,2 à 12,4 % », or the one figure of a class that has no other."""
        low, high = (formats.number(v, self.decimals) for v in (wanted.low, wanted.high))
        unit = f"{formats.NBSP}{self.unit}" if self.unit else ""
        return f"{low}{unit}" if low == high else f"de {low} à {high}{unit}"

    def words_of(self, area: Area) -> str:
        """The line of the legend that a territory belongs to."""
        if isinstance(area.value, (int, Decimal)):
            value = formats.rounded(area.value, self.decimals)
            return next(self.class_words(c) for c in self.classes if c.low <= value <= c.high)
        is_secret = isinstance(area.value, Missing) and area.value.reason == Missing.SECRET
        return SECRET_WORDS if is_secret else NONE_WORDS

    def shapes(self) -> list[tuple[Area, Geometry]]:
        """The territories that have an outline, in the plane of the map."""
        known = [(area, area.geometry) for area in self.areas if area.geometry]
        plane = Plane.around(geometry for _, geometry in known)
        return [(area, plane.geometry(geometry)) for area, geometry in known]

    def spec(self) -> dict[str, Any]:
        shapes = self.shapes()
        width, height = extent(shape for _, shape in shapes)
        return {
            **frame(width, height),
            "layer": [
                self._tones(shapes),
                self.hatches(shapes, width / HATCHES),
                *own(shapes),
            ],
        }

    def _tones(self, shapes: list[tuple[Area, Geometry]]) -> dict[str, Any]:
        tones = TONES.get(len(self.classes), ())
        legend = [
            (self.class_words(c), f"@map{tone}")
            for c, tone in zip(self.classes, tones, strict=True)
        ]
        present = {self.words_of(area) for area, _ in shapes}
        legend += [(words, "@map_none") for words in (SECRET_WORDS, NONE_WORDS) if words in present]
        features = [feature(shape, words=self.words_of(area)) for area, shape in shapes]
        return {
            "data": {"values": features},
            "mark": {"type": "geoshape", "stroke": "@ink_soft", "strokeWidth": 0.5},
            "encoding": {
                "color": {
                    "field": "properties.words",
                    "type": "nominal",
                    "scale": {
                        "domain": [words for words, _ in legend],
                        "range": [tone for _, tone in legend],
                    },
                    "legend": {
                        "orient": "bottom",
                        "title": None,
                        "symbolType": "square",
                        "symbolStrokeColor": "@ink_soft",
                        "symbolStrokeWidth": 1,
                        "columns": 3,
                    },
                }
            },
        }

    def hatches(self, shapes: list[tuple[Area, Geometry]], step: float) -> dict[str, Any]:
        features = [
            feature(hatching(shape, step))
            for area, shape in shapes
            if self.words_of(area) == SECRET_WORDS
        ]
        return {
            "data": {"values": features},
            "mark": {"type": "geoshape", "filled": False, "stroke": "@others", "strokeWidth": 0.9},
        }


@dataclass(frozen=True)
class Place:
    """A place of the table beneath; without a position it is listed and not drawn.

    ``details``: the other cells of its row, by the keys of the map's ``columns``.
    """

    label: str
    longitude: float | Decimal | None = None
    latitude: float | Decimal | None = None
    details: dict[str, Cell] = field(default_factory=dict)

    @property
    def is_placed(self) -> bool:
        return self.longitude is not None and self.latitude is not None


class PlaceMap(Chart):
    """Numbered places over outlines; the numbers are those of the rows of the table."""

    def __init__(
        self,
        *,
        title: str,
        outlines: Sequence[Area],
        places: Sequence[Place],
        sentence: str,
        columns: dict[str, Column] | None = None,
        source: str = "",
        label_title: str = "Lieu",
    ) -> None:
        self.title = title
        self.outlines = outlines
        self.places = places
        self.source = source
        self._sentence = sentence
        self.columns = {
            "number": Column("N°", "integer"),
            "label": Column(label_title, width=3),
            **(columns or {}),
        }

    def numbered(self) -> list[tuple[int | None, Place]]:
        """Only what is drawn has a number."""
        found: list[tuple[int | None, Place]] = []
        count = 0
        for place in self.places:
            count += place.is_placed
            found.append((count if place.is_placed else None, place))
        return found

    def rows(self) -> list[Row]:
        return [
            {
                "number": Missing("non situé") if number is None else number,
                "label": place.label,
                **place.details,
            }
            for number, place in self.numbered()
        ]

    def sentence(self) -> str:
        return self._sentence

    def alt(self) -> str:
        return f"Carte : {self.title}. {self.sentence()}".strip()

    def spec(self) -> dict[str, Any]:
        geometries = [area.geometry for area in self.outlines if area.geometry]
        plane = Plane.around(geometries)
        shapes = [(area, plane.geometry(area.geometry)) for area in self.outlines if area.geometry]
        width, height = extent(shape for _, shape in shapes)
        return {
            **frame(width, height),
            "layer": [
                {
                    "data": {"values": [feature(shape) for _, shape in shapes]},
                    "mark": {
                        "type": "geoshape",
                        "fill": "@map_none",
                        "stroke": "@others",
                        "strokeWidth": 0.8,
                    },
                },
                *own(shapes, named=False),
                *_marks(self._groups(plane, width)),
            ],
        }

    def _groups(self, plane: Plane, width: float) -> list[dict[str, Any]]:
        """Marks and the numbers written in them: « 3 », or « 3, 4 » for two that would overlap."""
        groups: list[tuple[float, float, list[int]]] = []
        for number, place in self.numbered():
            if number is None or place.longitude is None or place.latitude is None:
                continue
            x, y = plane.position(float(place.longitude), float(place.latitude))
            near = next((g for g in groups if abs(g[0] - x) + abs(g[1] - y) < width * NEAR), None)
            if near:
                near[2].append(number)
            else:
                groups.append((x, y, [number]))
        return [{"x": x, "y": y, "text": spans(numbers)} for x, y, numbers in groups]


def spans(numbers: Sequence[int]) -> str:
    """« 1-3, 7 »: consecutive numbers are told by their ends."""
    told: list[list[int]] = []
    for number in numbers:
        if told and number == told[-1][-1] + 1:
            told[-1].append(number)
        else:
            told.append([number])
    return ", ".join(
        str(run[0]) if len(run) == 1 else f"{run[0]}{'-' if len(run) > 2 else ', '}{run[-1]}"
        for run in told
    )


def frame(width: float, height: float) -> dict[str, Any]:
    tall = max(MIN_HEIGHT, min(MAX_HEIGHT, round(WIDTH * height / width)))
    return {"width": WIDTH, "height": tall, "projection": FLAT}


def feature(geometry: Geometry, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def own(shapes: list[tuple[Area, Geometry]], named: bool = True) -> list[dict[str, Any]]:
    """Ours: a thick outline and its name, each with a halo so that it reads on any tone."""
    ours = [(area, shape) for area, shape in shapes if area.ours]
    names = [
        {"x": x, "y": y, "text": area.label}
        for area, shape in (ours if named else [])
        for x, y in [top(shape)]
    ]
    position = {
        "longitude": {"field": "x", "type": "quantitative"},
        "latitude": {"field": "y", "type": "quantitative"},
        "text": {"field": "text"},
    }
    text = {"type": "text", "fontWeight": 600, "fontSize": 13, "dy": -10}
    return [
        *(
            {
                "data": {"values": [feature(shape) for _, shape in ours]},
                "mark": {"type": "geoshape", "filled": False, "stroke": tone, "strokeWidth": wide},
            }
            for tone, wide in (("@ground", 6), ("@ink", 2.5))
        ),
        {
            "data": {"values": names},
            "mark": {**text, "stroke": "@ground", "strokeWidth": 4, "color": "@ground"},
            "encoding": position,
        },
        {"data": {"values": names}, "mark": {**text, "color": "@ink"}, "encoding": position},
    ]


def pill(label: str) -> str:
    """The outline of the mark of ``label``, as a path whose unit is ``MARK`` pixels: a disc for one
    or two figures, lengthened so that a longer label stays inside."""
    flat = round(max(len(label) - 2, 0) * LETTER / 2 / MARK, 3)
    return f"M-{flat},-1L{flat},-1A1,1,0,0,1,{flat},1L-{flat},1A1,1,0,0,1,-{flat},-1Z"


def _marks(groups: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A disc and its number; a longer label has a longer mark."""
    position = {
        "longitude": {"field": "x", "type": "quantitative"},
        "latitude": {"field": "y", "type": "quantitative"},
    }
    data = {"values": [{**group, "shape": pill(group["text"])} for group in groups]}
    return [
        {
            "data": data,
            "mark": {
                "type": "point",
                "filled": True,
                "size": (2 * MARK) ** 2,
                "color": "@ours",
                "opacity": 1,
                "stroke": "@ground",
                "strokeWidth": 1.5,
            },
            "encoding": {
                **position,
                "shape": {"field": "shape", "type": "nominal", "scale": None},
            },
        },
        {
            "data": data,
            "mark": {"type": "text", "fontWeight": 600, "fontSize": 12, "color": "@on_mark"},
            "encoding": {**position, "text": {"field": "text"}},
        },
    ]
