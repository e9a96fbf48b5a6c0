"""Children against places: three figures side by side, and nothing unknown counted as zero."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from agreements.models import Agreement, AgreementCommune
from core.audience import Audience
from opendata.models import Territory
from territory.adequacy import adequacy
from territory.charts import coverage_chart, rate_chart
from territory.models import Activity, LocalObservation
from tests.factories import TerritoryFactory
from tests.territory.factories import capacity, facility, figure, indicator

INTERNAL = Audience.INTERNAL


@pytest.fixture
def departement(agreement: Agreement) -> Territory:
    made = TerritoryFactory(name="Aube", code="D10", level="departement")
    commune = agreement.lead_commune
    commune.departement = made
    commune.save()
    return made


def test_coverage_is_places_per_hundred_children(agreement: Agreement) -> None:
    figure("population_0_2", agreement.lead_commune, 2022, 200)
    capacity(facility(agreement), 2026, 40)

    row = adequacy(agreement, INTERNAL).row("collective_0_2")

    assert row.coverage == Decimal(20)
    assert row.coverage_text == "20,0\u00a0places pour 100 enfants"
    assert row.official_text == "n.d."


def test_official_rate_stands_beside_the_computed_one_and_is_not_replaced(
    agreement: Agreement,
) -> None:
    figure("population_0_2", agreement.lead_commune, 2022, 200)
    figure("taux_couverture_eaje", agreement.lead_commune, 2023, "25.5")
    capacity(facility(agreement), 2026, 40)

    row = adequacy(agreement, INTERNAL).row("collective_0_2")

    assert row.coverage == Decimal(20)
    assert "25,5" in row.official_text
    assert "2023" in row.official_text
    assert "Calculé ici : 20,0 ; officiel : 25,5 (5,5 de moins)" in row.difference
    assert "reste celui de la Cnaf" in row.difference


def test_facility_without_figure_makes_at_least_and_is_named(agreement: Agreement) -> None:
    figure("population_0_2", agreement.lead_commune, 2022, 200)
    capacity(facility(agreement), 2026, 40)
    facility(agreement, "Les Coccinelles")

    row = adequacy(agreement, INTERNAL).row("collective_0_2")

    assert row.offer_texts == ["au moins 40\u00a0places en 2026"]
    assert row.coverage_text.startswith("au moins")
    assert "Capacité non saisie : Les Coccinelles." in row.unknowns


def test_nothing_known_is_unknown_and_says_why(agreement: Agreement) -> None:
    facility(agreement)
    found = adequacy(agreement, INTERNAL)
    row = found.row("collective_0_2")
    assert found.is_empty
    assert row.offer_texts == ["n.d."]
    assert row.coverage is None
    assert row.gap is None
    assert "Aucune capacité n'est saisie au registre pour ce mode." in row.unknowns


def test_zero_places_is_a_zero_not_unknown(agreement: Agreement) -> None:
    figure("population_0_2", agreement.lead_commune, 2022, 200)
    capacity(facility(agreement), 2026, 0)
    assert adequacy(agreement, INTERNAL).row("collective_0_2").coverage == 0


def test_all_modes_lack_a_mode_that_the_register_does_not_have(agreement: Agreement) -> None:
    capacity(facility(agreement), 2026, 40)
    row = adequacy(agreement, INTERNAL).row("all_0_2")
    assert row.offer_texts == ["au moins 40\u00a0places en 2026"]
    assert any("accueil individuel du jeune enfant" in text for text in row.unknowns)


def test_gap_is_counted_in_places_against_the_departement(
    agreement: Agreement, departement: Territory
) -> None:
    figure("population_0_2", agreement.lead_commune, 2022, 200)
    figure("taux_couverture_pe", agreement.lead_commune, 2023, 50)
    figure("taux_couverture_pe", departement, 2023, 60)

    row = adequacy(agreement, INTERNAL).row("all_0_2")

    assert row.gap is not None
    assert row.gap.places == 20
    assert (
        row.gap.text
        == "estimation : 20\u00a0places de plus pour atteindre le taux du département (Aube)"
    )


def test_gap_is_not_told_from_places_that_lack_a_facility(
    agreement: Agreement, departement: Territory
) -> None:
    figure("population_0_2", agreement.lead_commune, 2022, 200)
    figure("taux_couverture_eaje", departement, 2023, 60)
    capacity(facility(agreement), 2026, 40)
    assert adequacy(agreement, INTERNAL).row("collective_0_2").gap is not None
    facility(agreement, "Les Coccinelles")
    assert adequacy(agreement, INTERNAL).row("collective_0_2").gap is None

    figure("taux_couverture_eaje", agreement.lead_commune, 2023, 25)
    row = adequacy(agreement, INTERNAL).row("collective_0_2")
    assert row.gap is not None
    assert "Calculé ici : au moins 20,0 ; officiel : 25,0. Les années" in row.difference


def test_hours_and_places_are_never_added(agreement: Agreement) -> None:
    figure("population_3_5", agreement.lead_commune, 2022, 300)
    figure("population_6_10", agreement.lead_commune, 2022, 700)
    where = facility(agreement, "Périscolaire", "before_after_school", "hours")
    capacity(where, 2026, 90_000, "hours")
    capacity(where, 2026, 120, "places")

    row = adequacy(agreement, INTERNAL).row("before_3_11")

    assert row.offer_texts == ["90\u00a0000\u00a0heures en 2026", "120\u00a0places en 2026"]
    assert row.children.value == 1000
    assert "6-10 ans" in row.children.bounds


def test_hours_of_mixed_ages_are_in_no_single_age_group(agreement: Agreement) -> None:
    mixed = facility(agreement, "Tous", "holidays", "hours", min_age_months=36, max_age_months=144)
    capacity(mixed, 2026, 1000, "hours")
    small = facility(agreement, "Petits", "holidays", "hours", min_age_months=36, max_age_months=72)
    capacity(small, 2026, 300, "hours")
    found = adequacy(agreement, INTERNAL)
    assert found.row("holidays_3_5").offer_texts == ["300\u00a0heures en 2026"]
    assert found.row("holidays_6_11").offer_texts == ["n.d."]
    assert found.row("holidays_3_11").offer_texts == ["1\u00a0300\u00a0heures en 2026"]


def test_closed_facility_offers_nothing_after_its_closing(agreement: Agreement) -> None:
    capacity(facility(agreement), 2026, 40)
    capacity(facility(agreement, "Ancienne", closed_on=date(2025, 6, 30)), 2025, 20)
    supply = adequacy(agreement, INTERNAL).row("collective_0_2").supply("places")
    assert supply is not None
    assert supply.value == 40
    assert supply.missing == ()


def test_planned_places_stand_apart_from_actual_ones(agreement: Agreement) -> None:
    where = facility(agreement)
    capacity(where, 2026, 40)
    capacity(where, 2030, 45, planned=True)
    capacity(facility(agreement, "Autre"), 2026, 10)
    supply = adequacy(agreement, INTERNAL).row("collective_0_2").supply("places")
    assert supply is not None
    assert (supply.value, supply.planned, supply.planned_year) == (50, 55, 2030)


def test_trend_leaves_out_the_years_with_a_facility_unknown(agreement: Agreement) -> None:
    where, other = facility(agreement), facility(agreement, "Autre")
    for year, value in ((2024, 40), (2025, 40), (2026, 42)):
        capacity(where, year, value)
    capacity(other, 2025, 10)
    capacity(other, 2026, 12)
    supply = adequacy(agreement, INTERNAL).row("collective_0_2").supply("places")
    assert supply is not None
    assert supply.by_year == ((2025, Decimal(50)), (2026, Decimal(54)))


def test_hours_done_need_every_facility(agreement: Agreement) -> None:
    rows = [facility(agreement, name, "holidays", "hours") for name in ("Un", "Deux")]
    for rank, where in enumerate(rows):
        capacity(where, 2026, 1000, "hours")
        Activity.objects.create(
            agreement=agreement, facility=where, year=2025, kind="hours_done", value=900 + rank
        )
    Activity.objects.create(
        agreement=agreement, facility=rows[0], year=2026, kind="hours_done", value=950
    )
    assert adequacy(agreement, INTERNAL).row("holidays_3_11").hours_done == (2025, Decimal(1801))


def test_local_figure_replaces_a_census_that_is_not_there_for_whoever_may_read_it(
    agreement: Agreement,
) -> None:
    LocalObservation.objects.create(
        agreement=agreement, indicator=indicator("population_0_2"), period=2025, value=372,
        territory=agreement.lead_commune, source="État civil de la commune", audience="committee",
    )  # fmt: skip
    told = adequacy(agreement, Audience.COMMITTEE).row("all_0_2").children
    assert (told.value, told.source) == (372, "État civil de la commune, 2025")
    hidden = adequacy(agreement, Audience.PUBLIC).row("all_0_2").children
    assert hidden.value is None
    assert "372" not in hidden.why


def test_children_of_several_communes_are_summed_only_when_all_are_known(
    agreement: Agreement,
) -> None:
    other = TerritoryFactory()
    AgreementCommune.objects.create(agreement=agreement, commune=other)
    figure("population_0_2", agreement.lead_commune, 2022, 200)
    assert adequacy(agreement, INTERNAL).row("all_0_2").children.value is None
    figure("population_0_2", other, 2022, 100)
    row = adequacy(agreement, INTERNAL).row("all_0_2")
    assert row.children.value == 300
    assert any("ne s'additionne pas entre communes" in text for text in row.unknowns)


def test_secret_rate_is_told_as_secret(agreement: Agreement) -> None:
    figure("taux_couverture_pe", agreement.lead_commune, 2023, None, "secret")
    row = adequacy(agreement, INTERNAL).row("all_0_2")
    assert "secret statistique" in row.official_text
    assert any("secret statistique" in text for text in row.unknowns)


@pytest.mark.parametrize("count", [1, 30])
def test_adequacy_costs_the_same_for_one_facility_and_many(
    agreement: Agreement, django_assert_num_queries, count: int
) -> None:
    figure("population_0_2", agreement.lead_commune, 2022, 200)
    figure("taux_couverture_pe", agreement.lead_commune, 2023, 50)
    for rank in range(count):
        capacity(facility(agreement, f"Crèche {rank}"), 2026, 10)
    agreement = Agreement.objects.select_related("lead_commune").get(pk=agreement.pk)
    with django_assert_num_queries(9):
        adequacy(agreement, INTERNAL)


# --- Charts -----------------------------------------------------------------------------------
def test_charts_draw_official_rates_beside_ours_and_nothing_without_them(
    agreement: Agreement, departement: Territory
) -> None:
    figure("population_0_2", agreement.lead_commune, 2022, 200)
    capacity(facility(agreement), 2026, 40)
    assert coverage_chart(adequacy(agreement, INTERNAL)) is None
    for year, ours, theirs in ((2022, 48, 55), (2023, 50, 56)):
        figure("taux_couverture_pe", agreement.lead_commune, year, ours)
        figure("taux_couverture_pe", departement, year, theirs)
    found = adequacy(agreement, INTERNAL)
    bars, lines = coverage_chart(found), rate_chart(found)
    assert bars is not None
    assert lines is not None
    assert [row["label"] for row in bars.rows()] == [
        "Registre local (2026)", f"{agreement.lead_commune}, 2023", "Aube, 2023",
    ]  # fmt: skip
    assert [row["year"] for row in lines.rows()] == ["2022", "2023"]
    assert "passe de 48,0 en 2022 à 50,0 en 2023" in lines.sentence()
