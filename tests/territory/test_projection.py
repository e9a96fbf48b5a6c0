"""The projection of under-threes: an arithmetic that its hypotheses explain entirely."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreements.models import Agreement
from core.audience import Audience
from territory.models import LocalObservation, Projection
from territory.projection import FURTHEST, Hypotheses, project, projected
from tests.territory.factories import figure, indicator

DAY = date(2026, 6, 1)
births_by_year = st.dictionaries(
    st.integers(2015, 2025), st.decimals(0, 500, places=0), min_size=1, max_size=8
)


def hypotheses(**changes: object) -> Hypotheses:
    neutral = {"horizon": 2032, "survival": Decimal(1000)}
    return Hypotheses(**{**neutral, **changes})  # type: ignore[arg-type]


def test_first_year_counts_the_three_preceding_years() -> None:
    births = {2022: Decimal(120), 2023: Decimal(130), 2024: Decimal(110)}
    first = project(births, hypotheses(), 2025)[0]
    assert first.year == 2025
    assert first.children == 360
    assert first.nature == "naissances connues"


def test_supposed_births_follow_the_trend() -> None:
    births = {2022: Decimal(100), 2023: Decimal(100), 2024: Decimal(100)}
    years = project(births, hypotheses(births_trend=Decimal(-10)), 2025)
    assert years[1].births == (Decimal(90), Decimal(100), Decimal(100))
    assert years[1].nature == "1\u00a0année supposée sur trois"
    assert years[3].births == (Decimal("72.9"), Decimal(81), Decimal(90))
    assert years[3].nature == "naissances supposées"


def test_steady_migration_adds_two_years_of_arrivals() -> None:
    births = dict.fromkeys((2022, 2023, 2024), Decimal(100))
    assert project(births, hypotheses(yearly_migration=Decimal(6)), 2025)[0].children == 312


def test_departures_never_make_a_negative_number_of_children() -> None:
    births = {2024: Decimal(1)}
    years = project(births, hypotheses(yearly_migration=Decimal(-50)), 2025)
    assert {year.children for year in years} == {0}


def test_horizon_behind_is_refused_in_words() -> None:
    with pytest.raises(ValueError, match="doit suivre"):
        project({2024: Decimal(100)}, hypotheses(horizon=2024), 2025)


@given(births_by_year, st.integers(0, 200), st.decimals(-20, 20, places=1))
def test_more_births_never_make_fewer_children(
    births: dict[int, Decimal], more: int, trend: Decimal
) -> None:
    supposed = hypotheses(births_trend=trend, survival=Decimal(996), horizon=2035)
    fewer = project(births, supposed, 2025)
    raised = {year: value + more for year, value in births.items()}
    assert all(
        high.children >= low.children
        for low, high in zip(fewer, project(raised, supposed, 2025), strict=True)
    )


@given(births_by_year)
def test_without_migration_nor_death_it_is_the_sum_of_births(births: dict[int, Decimal]) -> None:
    for year in project(births, hypotheses(horizon=2030), 2025):
        assert year.children == year.births_total
        assert len(year.births) == 3


@given(births_by_year, st.integers(2026, 2200))
def test_projection_never_goes_beyond_what_hypotheses_bear(
    births: dict[int, Decimal], horizon: int
) -> None:
    years = project(births, hypotheses(horizon=horizon), 2025)
    assert 1 <= len(years) <= FURTHEST
    assert [year.year for year in years] == list(range(max(births) + 1, years[-1].year + 1))


@given(births_by_year, st.decimals(900, 1000, places=1), st.decimals(900, 1000, places=1))
def test_better_survival_never_makes_fewer_children(
    births: dict[int, Decimal], one: Decimal, two: Decimal
) -> None:
    low, high = sorted((one, two))
    pairs = zip(
        project(births, hypotheses(survival=low), 2025),
        project(births, hypotheses(survival=high), 2025),
        strict=True,
    )
    assert all(better.children >= worse.children for worse, better in pairs)


# --- With an agreement -----------------------------------------------------------------------
def test_unknown_births_make_no_projection_and_the_reason_is_told(agreement: Agreement) -> None:
    found = projected(agreement, Audience.INTERNAL, DAY)
    assert found.years == ()
    assert "Aucune naissance n'est publiée ni saisie" in found.sentence


def test_defaults_are_labelled_as_such(agreement: Agreement) -> None:
    for year, value in ((2022, 120), (2023, 130), (2024, 110)):
        figure("naissances_domiciliees", agreement.lead_commune, year, value)
    found = projected(agreement, Audience.INTERNAL, DAY)
    assert found.years[0].year == 2025
    assert found.years[-1].year == agreement.ends_on.year
    assert all(told.is_default for told in found.hypotheses)
    assert found.hypotheses[0].value == "120,0 (moyenne de 2022, 2023, 2024)"


def test_written_hypotheses_are_used_and_no_longer_defaults(agreement: Agreement) -> None:
    Projection.objects.create(
        agreement=agreement, yearly_births=150, survival=1000, horizon=2030, note="Exemple."
    )
    found = projected(agreement, Audience.INTERNAL, DAY)
    assert [year.year for year in found.years] == [2026, 2027, 2028, 2029, 2030]
    assert found.years[0].children == 450
    assert not any(told.is_default for told in found.hypotheses)
    assert "reste stable" in found.sentence


def test_births_given_for_the_committee_are_not_used_for_the_public(agreement: Agreement) -> None:
    LocalObservation.objects.create(
        agreement=agreement, indicator=indicator("naissances_domiciliees"), period=2024, value=140,
        territory=agreement.lead_commune, source="État civil", audience="committee",
    )  # fmt: skip
    assert projected(agreement, Audience.COMMITTEE, DAY).years
    assert not projected(agreement, Audience.PUBLIC, DAY).years
