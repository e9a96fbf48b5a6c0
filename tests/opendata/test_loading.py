"""Published figures: loaded whole or not at all; secret and missing stay apart from zero."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from core.errors import DomainError
from opendata.models import DatasetVersion, Indicator, Observation, Territory
from opendata.queries import ladder, latest_readings, series, total, usual_indicators
from opendata.services import load_catalogue, load_facts, load_territories
from tests.factories import TerritoryFactory

HEAD = "indicator;level;code;period;value;reason;producer;dataset;vintage;perimeter;flag;note\n"
LINE = "{indicator};commune;10333;{period};{value};{reason};Insee;Filosofi;{period};;{flag};\n"


def line(
    value: str = "",
    reason: str = "",
    *,
    indicator: str = "taux_pauvrete_60",
    period: int = 2021,
    flag: str = "",
) -> str:
    return LINE.format(indicator=indicator, period=period, value=value, reason=reason, flag=flag)


@pytest.fixture
def commune(db: None) -> Territory:
    load_catalogue()
    return TerritoryFactory(code="10333", name="Saint-André-les-Vergers")


@pytest.fixture
def load(tmp_path: Path, commune: Territory):
    def make(*lines: str) -> int:
        path = tmp_path / "facts.csv"
        path.write_text(HEAD + "".join(lines), encoding="utf-8")
        return load_facts(path)

    return make


def indicator(key: str = "taux_pauvrete_60") -> Indicator:
    return Indicator.objects.get(key=key)


def test_secret_missing_and_zero_are_three_things(load, commune: Territory) -> None:
    load(
        line("0", period=2019),
        line(reason="secret", period=2020),
        line(reason="missing", period=2021),
    )
    readings = series(indicator(), [commune])[commune.pk]

    assert [reading.value for reading in readings] == [Decimal(0), None, None]
    assert [reading.text for reading in readings] == [
        "0,0\u00a0%",
        "secret statistique",
        "non disponible",
    ]


def test_lower_bound_is_said(load, commune: Territory) -> None:
    load(line("228", indicator="caf_enfants_0_2", period=2020, flag="minorant"))
    reading = latest_readings([indicator("caf_enfants_0_2")], [commune]).popitem()[1]
    assert reading.text == "au moins 228\u00a0enfants"


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (line("12", indicator="inconnu"), "indicateur inconnu"),
        (line("douze"), "valeur illisible"),
        (line(), "une valeur ou une raison"),
        (line("12", "secret"), "une valeur ou une raison"),
        (line(reason="oubli"), "raison inconnue"),
        (line("NaN"), "valeur illisible"),
        (line("12") + line("13"), "déjà donné"),
    ],
)
def test_bad_line_is_named_and_nothing_is_written(load, bad: str, words: str) -> None:
    with pytest.raises(DomainError, match=words) as refusal:
        load(line("10", period=2018), bad)
    assert "ligne 3" in refusal.value.message or "ligne 4" in refusal.value.message
    assert not Observation.objects.exists()
    assert not DatasetVersion.objects.exists()


def test_same_file_adds_nothing_the_second_time(load) -> None:
    assert load(line("12")) == 1
    assert load(line("12")) == 0
    assert Observation.objects.count() == 1


def test_latest_loaded_version_wins_for_one_year(load, commune: Territory) -> None:
    load(line("12"))
    load(line("13"))
    assert latest_readings([indicator()], [commune])[indicator().pk, commune.pk].value == 13


def test_observation_never_changes(load) -> None:
    load(line("12"))
    row = Observation.objects.get()
    row.value = Decimal(13)
    with pytest.raises(TypeError):
        row.save()


def test_rates_are_never_summed(load, commune: Territory) -> None:
    load(line("12"), line("1000", indicator="population_municipale"))
    rate = latest_readings([indicator()], [commune]).values()
    count = latest_readings([indicator("population_municipale")], [commune]).values()
    assert total(rate) is None
    assert total(count).value == 1000
    assert total([*count, None]) is None


@pytest.mark.parametrize("how_many", [1, 20])
def test_readings_cost_one_query(
    commune: Territory, django_assert_num_queries, how_many: int
) -> None:
    indicators = usual_indicators()[:how_many]
    with django_assert_num_queries(1):
        latest_readings(indicators, [commune])


@pytest.mark.django_db
def test_territories_hold_their_links_and_only_their_own_populations() -> None:
    load_territories()
    commune = Territory.objects.get(level="commune", code="10333")
    rungs = ladder(commune)

    assert [rung.level for rung in rungs] == ["commune", "epci", "departement", "region", "france"]
    assert rungs[1].name == "Troyes Champagne Métropole"
    assert commune.population
    assert not Territory.objects.filter(level="epci", population__isnull=False).exists()
    assert Territory.objects.filter(level="commune").count() > 34_000
    before = Territory.objects.count()
    assert load_territories() == before


@pytest.mark.django_db
def test_absent_geography_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(DomainError, match="make demo"):
        load_territories(tmp_path)


@pytest.mark.django_db
def test_catalogue_can_be_loaded_again() -> None:
    load_catalogue()
    first = Indicator.objects.count()
    load_catalogue()
    assert Indicator.objects.count() == first
    assert len(usual_indicators()) >= 20
