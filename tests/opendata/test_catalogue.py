"""The catalogue of family policy, names in sentences, and the search of territories."""

from __future__ import annotations

import json

import pytest
from django.conf import settings

from opendata.catalogue import INDICATORS, USUAL
from opendata.family_policy import FAMILY_POLICY
from opendata.models import Indicator, Territory
from opendata.names import at, of, that, with_article
from opendata.queries import family_policy, is_old, search_territories, usual_indicators
from opendata.services import load_catalogue
from tests.factories import TerritoryFactory

Level = Territory.Level


def test_every_indicator_of_family_policy_says_what_it_is_and_what_it_is_not() -> None:
    told = [fact for fact in INDICATORS if fact.is_family_policy]
    assert {fact.key for fact in told} == set(FAMILY_POLICY)
    assert 80 <= len(told) <= 100
    for fact in told:
        assert len(fact.definition) > 20, fact.key
        assert len(fact.caution) > 20, fact.key
        assert fact.source, fact.key


def test_no_rate_median_or_index_may_be_summed() -> None:
    words = ("Taux", "Part ", "Indice", "médian", "décile", "Rapport")
    assert not [f.key for f in INDICATORS if f.is_summable and f.label.startswith(words)]


@pytest.mark.django_db
def test_usual_indicators_are_those_of_the_first_run() -> None:
    load_catalogue()
    rows = usual_indicators()
    assert [row.key for row in rows] == [fact.key for fact in USUAL]
    assert 20 <= len(rows) <= 25
    assert {row.key for row in rows if row.ask_to == "service"} == {
        "demandes_admission", "heures_alsh", "jeunes_accueillis",
    }  # fmt: skip


@pytest.mark.django_db
def test_catalogue_is_searched_as_people_type_and_by_domain() -> None:
    load_catalogue()
    assert "aeeh_enfants" in {row.key for row in family_policy("aeeh")}
    assert "caf_monoparents" in {row.key for row in family_policy("famille monoparentale")}
    found = family_policy(domain="petite-enfance")
    assert found
    assert all(row.domain.key == "petite-enfance" for row in found)
    assert not family_policy("zzzz").exists()
    assert Indicator.objects.filter(is_family_policy=True).count() == len(FAMILY_POLICY)


@pytest.mark.parametrize(("period", "old"), [(2021, True), (2022, False), (2026, False)])
def test_figure_is_old_after_four_years(period: int, old: bool) -> None:
    assert is_old(period, 2026) is old


ARTICLES = {2: "le ", 3: "la ", 4: "les ", 5: "l'"}


@pytest.mark.parametrize("name", ["departements", "regions"])
def test_articles_are_those_of_the_official_files(name: str) -> None:
    """``typeLiaison`` of Etalab: 2 le, 3 la, 4 les, 5 l'; 0 and 1 leave the article to usage."""
    folder = settings.NODE_MODULES / "@etalab" / "decoupage-administratif" / "data"
    level = Level.DEPARTEMENT if name == "departements" else Level.REGION
    wrong = []
    for row in json.loads((folder / f"{name}.json").read_text(encoding="utf-8")):
        if row["typeLiaison"] not in ARTICLES:
            continue
        expected = f"{ARTICLES[row['typeLiaison']]}{row['nom']}"
        told = with_article(Territory(level=level, name=row["nom"]))
        if told != expected:
            wrong.append((told, expected))
    assert wrong == []


@pytest.mark.parametrize(
    ("level", "name", "told"),
    [
        (Level.COMMUNE, "Le Havre", ("au Havre", "du Havre", "que Le Havre")),
        (Level.COMMUNE, "Les Mureaux", ("aux Mureaux", "des Mureaux", "que Les Mureaux")),
        (Level.COMMUNE, "La Rochelle", ("à La Rochelle", "de La Rochelle", "que La Rochelle")),
        (Level.COMMUNE, "Arcis", ("à Arcis", "d'Arcis", "qu'Arcis")),
        (Level.DEPARTEMENT, "Aube", ("dans l'Aube", "de l'Aube", "que l'Aube")),
        (Level.REGION, "Grand Est", ("dans le Grand Est", "du Grand Est", "que le Grand Est")),
        (Level.FRANCE, "France", ("en France", "de la France", "que la France")),
    ],
)
def test_names_stand_in_a_sentence(level: str, name: str, told: tuple[str, str, str]) -> None:
    territory = Territory(level=level, name=name)
    assert (at(territory), of(territory), that(territory)) == told


@pytest.mark.django_db
def test_territories_are_found_by_name_or_code_the_whole_name_first() -> None:
    TerritoryFactory(name="Saint-André-les-Vergers", code="10333")
    TerritoryFactory(name="Saint-André", code="31468")
    TerritoryFactory(name="Quartier Saint-André", code="QP1", level="qpv")
    assert [t.code for t in search_territories("saint andré")] == ["31468", "10333"]
    assert [t.code for t in search_territories("10333")] == ["10333"]
    assert search_territories("  ") == []


@pytest.mark.django_db
def test_search_of_territories_costs_one_query(django_assert_num_queries) -> None:
    for rank in range(40):
        TerritoryFactory(name=f"Villeneuve {rank}")
    with django_assert_num_queries(1):
        assert len(search_territories("villeneuve", limit=30)) == 30
