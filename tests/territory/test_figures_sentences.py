"""The automatic sentence: neutral, exact, and naming the years that differ."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import formats as fr
from opendata.models import Indicator, Territory
from opendata.queries import Reading
from territory.sentences import Compared, sentence

Level = Territory.Level
HOME = Territory(pk=1, level=Level.COMMUNE, code="10333", name="Saint-André-les-Vergers")
AUBE = Territory(pk=3, level=Level.DEPARTEMENT, code="10", name="Aube")
FRANCE = Territory(pk=5, level=Level.FRANCE, code="FR", name="France")
RATE = Indicator(pk=1, key="taux", label="Taux de pauvreté", unit="%", decimals=1)
POVERTY = Indicator(pk=1, label="Taux de pauvreté", unit="%", decimals=1, direction="down")
MEDIAN = Indicator(pk=2, key="mediane", label="Niveau de vie médian", unit="€")
COUNT = Indicator(pk=3, key="population", label="Population", unit="hab.", is_summable=True)


def reading(
    indicator: Indicator, value: Any, period: int = 2022, reason: str = "", **more: Any
) -> Reading:
    return Reading(
        indicator=indicator, value=None if value is None else Decimal(value), reason=reason,
        period=period, producer="Insee", dataset="Essai", perimeter="", **more,
    )  # fmt: skip


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_rate_is_compared_in_points() -> None:
    told = sentence(
        RATE, HOME, reading(RATE, "14.2"),
        [Compared(AUBE, reading(RATE, "10.1")), Compared(FRANCE, reading(RATE, "14.5"))],
    )  # fmt: skip
    assert plain(told) == (
        "14,2 % à Saint-André-les-Vergers en 2022, 4,1 points de plus que l'Aube (10,1 %) et"
        " 0,3 point de moins que la France (14,5 %)."
    )


def test_amount_is_compared_in_percent() -> None:
    told = sentence(
        MEDIAN, HOME, reading(MEDIAN, 19000), [Compared(AUBE, reading(MEDIAN, 20000))]
    )  # fmt: skip
    assert "5,0 % de moins que l'Aube (20 000 €)" in plain(told)


def test_count_is_a_share_of_what_holds_it() -> None:
    told = sentence(COUNT, HOME, reading(COUNT, 100), [], [Compared(AUBE, reading(COUNT, 1000))])
    assert plain(told) == "100 hab. à Saint-André-les-Vergers en 2022, soit 10,0 % de l'Aube."


def test_count_of_another_year_is_no_share() -> None:
    other = Compared(AUBE, reading(COUNT, 1000, 2019))
    assert "soit" not in sentence(COUNT, HOME, reading(COUNT, 100), [], [other])


def test_judgement_only_where_the_direction_says_so() -> None:
    others = [Compared(AUBE, reading(RATE, "10.1"))]
    assert "favorable" not in sentence(RATE, HOME, reading(RATE, "14.2"), others)
    assert "moins favorable" in sentence(POVERTY, HOME, reading(RATE, "14.2"), others)
    assert "plus favorable" in sentence(POVERTY, HOME, reading(RATE, "7.2"), others)
    assert "favorable" not in sentence(POVERTY, HOME, reading(RATE, "10.2"), others)


@pytest.mark.parametrize(
    ("own", "words"),
    [
        (None, "aucun chiffre n'est publié"),
        (reading(RATE, None, reason="secret"), "secret statistique"),
        (reading(RATE, None, reason="not_applicable"), "non concerné"),
    ],
)
def test_absence_is_said_in_words(own: Reading | None, words: str) -> None:
    assert words in sentence(RATE, HOME, own, [])


def test_lower_bound_and_estimate_are_said_and_a_lower_bound_is_not_compared() -> None:
    others = [Compared(AUBE, reading(RATE, "10.1"))]
    bound = sentence(RATE, HOME, reading(RATE, "9", lower_bound=True), others)
    assert bound.startswith("au moins")
    assert "que l'Aube" not in bound
    assert "estimation" in sentence(RATE, HOME, reading(RATE, "9", estimated=True), others)


figures = st.decimals(min_value=-1000, max_value=1_000_000, places=3, allow_nan=False)
years = st.integers(min_value=2000, max_value=2026)
indicators = st.sampled_from([RATE, POVERTY, MEDIAN, COUNT])


@given(indicators, figures, years, st.lists(st.tuples(figures, years), max_size=3))
def test_sentence_never_says_more_when_less_and_names_the_years_that_differ(
    indicator: Indicator, value: Decimal, year: int, others: list[tuple[Decimal, int]]
) -> None:
    places = [AUBE, FRANCE, Territory(pk=9, level=Level.REGION, code="44", name="Grand Est")]
    names = ["l'Aube", "la France", "le Grand Est"]
    compared = [
        Compared(place, reading(indicator, other, period))
        for place, (other, period) in zip(places, others, strict=False)
    ]
    told = sentence(indicator, HOME, reading(indicator, value, year), compared, compared)

    assert f"en {year}" in told
    for name, (other, period) in zip(names, others, strict=False):
        mine, theirs = (fr.rounded(v, indicator.decimals) for v in (value, other))
        if f"plus que {name}" in told:
            assert mine > theirs
        if f"moins que {name}" in told:
            assert mine < theirs
        if not indicator.is_summable and period != year:
            assert f"en {period})" in told
