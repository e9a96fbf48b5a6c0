"""Maps: figures by territory in classes, and numbered places, on outlines of a few points."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.charts import Area, Choropleth, CountMap, Place, PlaceMap
from core.charts.geometry import Plane, hatching
from core.charts.maps import NONE_WORDS, SECRET_WORDS, pill, quantile_classes, spans
from core.charts.render import svg
from core.documents.content import Column, Missing


def square(x: float, y: float = 48.0) -> dict:
    ring = [[x, y], [x + 0.1, y], [x + 0.1, y + 0.1], [x, y + 0.1], [x, y]]
    return {"type": "Polygon", "coordinates": [ring]}


AREAS = [
    Area("Ici", square(4.0), Decimal("12.4"), ours=True),
    Area("Là", square(4.1), Decimal("8.2")),
    Area("Caché", square(4.2), Missing(Missing.SECRET)),
    Area("Vide", square(4.3), Missing()),
    Area("Sans contour", None, Decimal("9")),
]


def choropleth(areas: list[Area] = AREAS) -> Choropleth:
    return Choropleth(
        title="Taux de pauvreté, 2021", areas=areas, sentence="Ici : 12,4 %.", unit="%", decimals=1
    )


def words(chart: Choropleth) -> dict[str, str]:
    features = chart.spec()["layer"][0]["data"]["values"]
    drawn = [area for area in chart.areas if area.geometry]
    return {area.label: f["properties"]["words"] for area, f in zip(drawn, features, strict=True)}


def test_table_beneath_has_every_territory_even_without_an_outline() -> None:
    block = choropleth().freeze()
    assert [row[0] for row in block.rows] == ["Ici", "Là", "Caché", "Vide", "Sans contour"]
    assert block.rows[2][1] == Missing(Missing.SECRET)
    assert block.alt == "Carte : Taux de pauvreté, 2021. Ici : 12,4 %."


def test_secret_and_absent_are_told_apart_in_the_legend_and_by_hatching() -> None:
    chart = choropleth()
    assert words(chart)["Caché"] == SECRET_WORDS
    assert words(chart)["Vide"] == NONE_WORDS
    hatched = chart.spec()["layer"][1]["data"]["values"]
    assert len(hatched) == 1
    assert hatched[0]["geometry"]["coordinates"]


def test_legend_writes_classes_in_words_with_figures_that_exist() -> None:
    chart = choropleth()
    domain = chart.spec()["layer"][0]["encoding"]["color"]["scale"]["domain"]
    assert domain == ["8,2\u00a0%", "9,0\u00a0%", "12,4\u00a0%", SECRET_WORDS, NONE_WORDS]


def test_ours_is_outlined_and_named() -> None:
    names = [layer["data"]["values"] for layer in choropleth().spec()["layer"][2:]]
    assert any(row.get("text") == "Ici" for row in names[-1])


@pytest.mark.parametrize("areas", [[], AREAS[:1], AREAS[2:3], [AREAS[-1]]])
def test_map_is_drawn_whatever_is_known(areas: list[Area]) -> None:
    assert svg(choropleth(areas).spec()).startswith("<svg")


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
def test_map_is_drawn_in_each_theme_without_network(theme) -> None:
    drawing = svg(choropleth().spec(), theme)
    assert "12,4" in drawing
    assert "@" not in drawing.replace("@font-face", "")


def test_shape_does_not_cover_the_sea_whatever_the_order_of_its_points() -> None:
    """On a sphere a ring read backwards is the rest of the Earth; our plane has no such trap."""
    turned = square(4.0)
    turned["coordinates"] = [turned["coordinates"][0][::-1]]
    both = [
        svg(choropleth([Area("A", g, Decimal(1))]).spec(), "print") for g in (square(4.0), turned)
    ]
    assert len(both[0]) == len(both[1])


values = st.lists(st.decimals(min_value=-50, max_value=200, places=1), min_size=1, max_size=60)


@given(values)
def test_every_figure_is_in_one_class_and_classes_do_not_overlap(figures: list[Decimal]) -> None:
    classes = quantile_classes(figures)
    assert len(classes) <= 5
    for value in figures:
        assert sum(c.low <= value <= c.high for c in classes) == 1
    assert all(one.high < other.low for one, other in pairwise(classes))


def test_hatching_stays_inside_the_shape() -> None:
    shape = Plane(0).geometry(square(4.0, 0.0))
    lines = hatching(shape, 0.03)["coordinates"]
    assert lines
    for line in lines:
        for x, y in line:
            assert 3.9999 <= x <= 4.1001
            assert -0.0001 <= y <= 0.1001


def test_hatching_leaves_the_hole_of_a_shape_empty() -> None:
    ring = [[0, 0], [9, 0], [9, 9], [0, 9], [0, 0]]
    hole = [[3, 3], [6, 3], [6, 6], [3, 6], [3, 3]]
    lines = hatching({"type": "Polygon", "coordinates": [ring, hole]}, 1)["coordinates"]
    middles = [((a[0] + b[0]) / 2, (a[1] + b[1]) / 2) for a, b in lines]
    assert not any(3 < x < 6 and 3 < y < 6 for x, y in middles)


PLACES = [
    Place("Crèche", 4.02, 48.05, {"kind": "EAJE"}),
    Place("Sans adresse", None, None, {"kind": "LAEP"}),
    Place("Relais", Decimal("4.3"), Decimal("48.02"), {"kind": "RPE"}),
    Place("Ludothèque", 4.0201, 48.0501, {"kind": "ludothèque"}),
]


def place_map() -> PlaceMap:
    return PlaceMap(
        title="Équipements", outlines=AREAS, places=PLACES, sentence="Trois lieux.",
        columns={"kind": Column("Type")},
    )  # fmt: skip


def test_numbers_on_the_map_are_those_of_the_rows() -> None:
    block = place_map().freeze()
    assert [row[0] for row in block.rows] == [1, Missing("non situé"), 2, 3]
    texts = [mark["text"] for mark in place_map().spec()["layer"][-1]["data"]["values"]]
    assert texts == ["1, 3", "2"]


def test_place_map_is_drawn_even_without_outline_or_place() -> None:
    assert svg(place_map().spec()).startswith("<svg")
    empty = PlaceMap(title="Vide", outlines=[], places=[], sentence="Rien.")
    assert svg(empty.spec()).startswith("<svg")


@pytest.mark.parametrize(
    ("numbers", "told"),
    [([3], "3"), ([3, 4], "3, 4"), ([1, 2, 3, 7], "1-3, 7"), ([1, 3, 5], "1, 3, 5")],
)
def test_numbers_that_share_a_mark_are_told_shortly(numbers: list[int], told: str) -> None:
    assert spans(numbers) == told


def test_discs_of_a_count_have_the_area_of_the_figure() -> None:
    areas = [
        Area("Grande", square(4.0), Decimal(400), ours=True),
        Area("Petite", square(4.1), Decimal(100)),
        Area("Nulle", square(4.2), Decimal(0)),
        Area("Cachée", square(4.3), Missing(Missing.SECRET)),
    ]
    chart = CountMap(title="Population", areas=areas, sentence="Grande : 400.", unit="hab.")
    _, hatches, discs, *_ = chart.spec()["layer"]
    sizes = [disc["size"] for disc in discs["data"]["values"]]
    assert sizes[0] == 4 * sizes[1]
    assert len(sizes) == 2
    assert len(hatches["data"]["values"]) == 1
    assert svg(chart.spec()).startswith("<svg")
    assert [row[0] for row in chart.freeze().rows] == ["Grande", "Petite", "Nulle", "Cachée"]


def test_mark_of_a_longer_label_is_longer_and_never_taller() -> None:
    disc, pair, many = (pill(label) for label in ("7", "12, 13", "1-3, 7, 12"))
    halves = [float(path[2:].split(",")[0]) for path in (disc, pair, many)]
    assert halves[0] == 0
    assert halves[0] < halves[1] < halves[2]
    assert all(",-1L" in path and "A1,1" in path for path in (disc, pair, many))
