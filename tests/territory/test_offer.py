"""The register: ages and places, grids by year, types, filters, three views of one list."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from agreements.models import Agreement
from core.errors import DomainError
from opendata.models import Contour, Territory
from territory import offer_queries
from territory.ages import OLDEST, age_text, parse_age, range_text
from territory.models import Activity, Facility, FacilityType, Projection, UnderServedArea
from territory.services import set_capacity, update_facility
from territory.services.projection import create_projection
from territory.services.register import move_type, remove_type, set_activity
from tests.factories import TerritoryFactory
from tests.territory.factories import capacity, contract, facility, money


# --- Ages -------------------------------------------------------------------------------------
@given(st.integers(0, OLDEST))
def test_age_in_words_reads_back_as_the_same_months(months: int) -> None:
    assert parse_age(age_text(months)) == months


@pytest.mark.parametrize(
    ("text", "months"),
    [("2 mois", 2), ("2 ans et demi", 30), ("3 ANS", 36), ("1 an", 12), ("2 ans 6 mois", 30), ("18mois", 18)],
)  # fmt: skip
def test_ages_are_read_as_people_write_them(text: str, months: int) -> None:
    assert parse_age(text) == months


@pytest.mark.parametrize("text", ["3", "petit", "demi", "2 mois et demi", "-2 ans", "999 ans", ""])
def test_unclear_age_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match="écrivez"):
        parse_age(text)


def test_range_of_ages_is_told_in_words() -> None:
    assert range_text(2, 36) == "de 2\u00a0mois à 3\u00a0ans"
    assert range_text(None, 72) == "jusqu'à 6\u00a0ans"
    assert range_text(144, None) == "à partir de 12\u00a0ans"
    assert range_text(None, None) == ""


# --- Places -----------------------------------------------------------------------------------
SQUARE = {
    "type": "Polygon",
    "coordinates": [[[4.0, 48.0], [4.1, 48.0], [4.1, 48.1], [4.0, 48.1], [4.0, 48.0]]],
}


def move(where: Facility, latitude: str, longitude: str) -> Facility:
    return update_facility(
        where, actor=None, latitude=Decimal(latitude), longitude=Decimal(longitude)
    )


def test_point_far_from_a_known_outline_is_refused(agreement: Agreement) -> None:
    where = facility(agreement)
    Contour.objects.create(territory=agreement.lead_commune, geometry=SQUARE, source="Essai")
    with pytest.raises(DomainError, match="vérifiez la latitude") as refusal:
        move(where, "4.05", "48.05")
    assert refusal.value.field == "latitude"
    assert move(where, "48.05", "4.05").latitude == Decimal("48.05")
    assert move(where, "48.15", "4.12").longitude == Decimal("4.12")


def test_quarter_of_another_commune_is_refused(agreement: Agreement) -> None:
    elsewhere = TerritoryFactory(level="iris", commune=TerritoryFactory(), name="Ailleurs")
    with pytest.raises(DomainError, match="n'est pas de"):
        update_facility(facility(agreement), actor=None, quarter=elsewhere)


def test_commune_out_of_the_agreement_is_refused(agreement: Agreement) -> None:
    with pytest.raises(DomainError, match="n'est pas de la convention"):
        update_facility(facility(agreement), actor=None, commune=TerritoryFactory())


# --- Forms ------------------------------------------------------------------------------------
def values(where: Facility, **changes: Any) -> dict[str, Any]:
    return {
        "name": where.name, "type": where.type_id, "manager": where.manager_id,
        "theme": where.theme_id, "commune": where.commune_id, "version": where.version, **changes,
    }  # fmt: skip


def edit(client: Any, where: Facility, **changes: Any) -> Any:
    address = reverse("territory:facility_update", args=[where.agreement.slug, where.pk])
    return client.post(address, values(where, **changes), follow=True)


def test_facility_is_saved_with_its_ages_and_place(agreement: Agreement, client_as) -> None:
    where = facility(agreement)
    quarter = TerritoryFactory(level="qpv", commune=agreement.lead_commune, name="Maugout")
    page = edit(
        client_as("coordinator"), where, min_age_months="2 mois", max_age_months="2 ans et demi",
        latitude="48.283", longitude="4,0523", quarter=quarter.pk,
    )  # fmt: skip
    where.refresh_from_db()
    assert (where.min_age_months, where.max_age_months) == (2, 30)
    assert (where.latitude, where.longitude) == (Decimal("48.283"), Decimal("4.0523"))
    text = page.content.decode()
    assert "de 2\u00a0mois à 2\u00a0ans et demi" in text
    assert "Maugout" in text
    assert "n&#x27;a pas pu être vérifiée" in text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"latitude": "48.28"}, "ou aucune des deux"),
        ({"latitude": "quarante", "longitude": "4"}, "degrés décimaux"),
        ({"min_age_months": "3"}, "écrivez par exemple 18 mois"),
        ({"min_age_months": "3 ans", "max_age_months": "2 ans"}, "suit l&#x27;âge minimal"),
    ],
)
def test_bad_input_says_why(
    agreement: Agreement, client_as, changes: dict[str, str], words: str
) -> None:
    page = edit(client_as("coordinator"), facility(agreement), **changes)
    assert page.status_code == 422
    assert words in page.content.decode()


def test_hidden_type_is_kept_by_who_bears_it_and_offered_to_nobody_else(
    agreement: Agreement, client_as
) -> None:
    where = facility(agreement)
    hidden = where.type
    hidden.is_active = False
    hidden.save()
    client = client_as("coordinator")
    update = client.get(reverse("territory:facility_update", args=[agreement.slug, where.pk]))
    assert hidden in update.context["form"].fields["type"].queryset
    create = client.get(reverse("territory:facility_create", args=[agreement.slug]))
    assert hidden not in create.context["form"].fields["type"].queryset


# --- Grids ------------------------------------------------------------------------------------
def test_capacities_of_two_units_are_typed_in_one_grid(agreement: Agreement, client_as) -> None:
    where = facility(agreement)
    capacity(where, 2026, 40)
    address = reverse("territory:capacities", args=[agreement.slug, where.pk]) + "?unite=hours"
    client = client_as("coordinator")
    assert "Heures, réel" in client.get(address).content.decode()
    sent = {
        "places-actual-2026": "42", "initial-places-actual-2026": "40",
        "hours-planned-2030": "1 200,5", "initial-hours-planned-2030": "",
    }  # fmt: skip
    assert client.post(address, sent).status_code == 302
    assert set(where.capacities.values_list("unit", "year", "value", "is_planned")) == {
        ("places", 2026, Decimal(42), False),
        ("hours", 2030, Decimal("1200.5"), True),
    }


def test_cell_changed_by_another_is_refused_beside_it(agreement: Agreement, client_as) -> None:
    where = facility(agreement)
    capacity(where, 2026, 44)
    address = reverse("territory:capacities", args=[agreement.slug, where.pk])
    sent = {"places-actual-2026": "42", "initial-places-actual-2026": "40"}
    page = client_as("coordinator").post(address, sent)
    assert page.status_code == 422
    assert "quelqu&#x27;un a enregistré" in page.content.decode()
    assert where.capacities.get().value == 44


def test_activity_emptied_is_unknown_again(agreement: Agreement, client_as) -> None:
    where = facility(agreement)
    set_activity(where, actor=None, year=2026, kind="occupancy", value=Decimal(80))
    address = reverse("territory:activities", args=[agreement.slug, where.pk])
    client = client_as("coordinator")
    sent = {
        "occupancy-2026": "", "initial-occupancy-2026": "80",
        "children-2026": "0", "initial-children-2026": "",
    }  # fmt: skip
    assert client.post(address, sent).status_code == 302
    assert list(where.activities.values_list("kind", "value")) == [("children", Decimal(0))]
    too_much = {"occupancy-2026": "450", "initial-occupancy-2026": ""}
    assert client.post(address, too_much).status_code == 422


def test_note_of_an_activity_is_read_on_the_sheet(agreement: Agreement, client_as) -> None:
    where = facility(agreement)
    set_activity(
        where,
        actor=None,
        year=2026,
        kind="children",
        value=Decimal(12),
        note="Sans le mois d'août.",
    )
    page = client_as("reader").get(reverse("territory:facility", args=[agreement.slug, where.pk]))
    assert "2026 : Sans le mois d&#x27;août." in page.content.decode()


def test_use_of_hours_needs_both_figures(agreement: Agreement) -> None:
    where = facility(agreement, "Loisirs", "holidays", "hours")
    set_activity(where, actor=None, year=2026, kind="hours_done", value=Decimal(900))
    assert offer_queries.use_of_hours(where, 2026) is None
    set_capacity(where, actor=None, year=2026, unit="hours", value=Decimal(1000))
    fresh = Facility.objects.get(pk=where.pk)
    assert offer_queries.use_of_hours(fresh, 2026) == 90


# --- Types ------------------------------------------------------------------------------------
def test_type_in_use_is_not_deleted(agreement: Agreement) -> None:
    where = facility(agreement)
    with pytest.raises(DomainError, match="masquez-le"):
        remove_type(where.type, actor=None)
    where.delete()
    remove_type(where.type, actor=None)
    assert not FacilityType.objects.filter(pk=where.type_id).exists()


def test_types_exchange_their_places(agreement: Agreement) -> None:
    first, second = (
        FacilityType.objects.create(agreement=agreement, name=name, position=rank)
        for rank, name in enumerate(("Un", "Deux"))
    )
    move_type(second, actor=None, up=True)
    move_type(first, actor=None, up=False)
    assert [row.name for row in FacilityType.objects.filter(agreement=agreement)] == ["Deux", "Un"]


def test_page_of_types_follows_their_order(agreement: Agreement, client_as) -> None:
    for rank, name in enumerate(("Zèbre", "Abeille", "Mouton")):
        FacilityType.objects.create(agreement=agreement, name=name, position=rank)
    page = client_as("coordinator").get(reverse("territory:facility_types", args=[agreement.slug]))
    assert [row.name for row in page.context["types"]] == ["Zèbre", "Abeille", "Mouton"]


def test_type_is_added_by_the_coordinator(agreement: Agreement, client_as) -> None:
    address = reverse("territory:facility_type_create", args=[agreement.slug])
    sent = {
        "name": "Jardin passerelle", "mode": "collective", "unit": "places",
        "min_age_months": "2 ans", "max_age_months": "3 ans", "is_active": "on",
    }  # fmt: skip
    assert client_as("coordinator").post(address, sent).status_code == 302
    made = FacilityType.objects.get(agreement=agreement, name="Jardin passerelle")
    assert (made.key, made.min_age_months) == ("", 24)


# --- Views of the list ------------------------------------------------------------------------
VIEWS = ("territory:offer", "territory:offer_map", "territory:offer_cards")


@pytest.mark.parametrize("view", VIEWS)
def test_filters_of_the_address_hold_in_every_view(
    agreement: Agreement, client_as, view: str
) -> None:
    facility(agreement, "Crèche verte")
    facility(agreement, "Club ado", "youth", "hours")
    facility(agreement, "Ancienne crèche", closed_on=date(2020, 1, 1))
    client = client_as("reader")
    address = reverse(view, args=[agreement.slug])

    def names(query: str) -> list[str]:
        return [line.facility.name for line in client.get(address + query).context["lines"]]

    assert names("") == ["Ancienne crèche", "Club ado", "Crèche verte"]
    assert names("?mode=collective&etat=ouvert") == ["Crèche verte"]
    assert names("?etat=ferme") == ["Ancienne crèche"]
    assert names("?q=verte") == ["Crèche verte"]
    page = client.get(address + "?mode=youth")
    assert all(tab["url"].endswith("?mode=youth") for tab in page.context["views"])


@pytest.mark.parametrize("query", ["?mode=rien", "?type=abc", "?commune=999999", "?etat=x"])
def test_strange_filter_is_no_error(agreement: Agreement, client_as, query: str) -> None:
    page = client_as("reader").get(reverse("territory:offer", args=[agreement.slug]) + query)
    assert page.status_code == 200


def test_closed_facility_is_told_apart(agreement: Agreement, client_as) -> None:
    where = facility(agreement, closed_on=date(2020, 6, 30))
    client = client_as("reader")
    listed = client.get(reverse("territory:offer", args=[agreement.slug])).content.decode()
    assert "fermé le 30/06/2020" in listed
    page = client.get(reverse("territory:facility", args=[agreement.slug, where.pk]))
    assert "ne compte plus dans l'offre" in page.content.decode()


def test_facility_without_a_point_is_listed_under_the_map(agreement: Agreement, client_as) -> None:
    Contour.objects.create(territory=agreement.lead_commune, geometry=SQUARE, source="IGN, 2018")
    facility(agreement, "Placée", latitude="48.05", longitude="4.05")
    facility(agreement, "Sans position")
    page = client_as("reader").get(reverse("territory:offer_map", args=[agreement.slug]))
    assert page.context["map"]["sentence"].startswith("1\u00a0équipement situé")
    assert [where.name for where in page.context["unplaced"]] == ["Sans position"]
    assert "IGN, 2018" in page.content.decode()


def test_map_without_an_outline_says_why(agreement: Agreement, client_as) -> None:
    facility(agreement, latitude="48.05", longitude="4.05")
    page = client_as("reader").get(reverse("territory:offer_map", args=[agreement.slug]))
    assert "Le contour des communes n'est pas chargé" in page.content.decode()


@pytest.mark.parametrize("count", [1, 12])
@pytest.mark.parametrize(("view", "queries"), [(VIEWS[0], 9), (VIEWS[2], 9)])
def test_list_costs_the_same_for_one_facility_and_many(
    agreement: Agreement, client_as, django_assert_num_queries, count: int, view: str, queries: int
) -> None:
    for rank in range(count):
        capacity(facility(agreement, f"Crèche {rank}"), 2026, 10)
    client = client_as("reader")
    with django_assert_num_queries(queries):
        client.get(reverse(view, args=[agreement.slug]))


# --- Money on the sheet -------------------------------------------------------------------------
def test_amounts_are_shown_to_who_may_see_money_only(agreement: Agreement, client_as) -> None:
    where = facility(agreement)
    money(contract(where), 2026, "planned", 41_234)
    address = reverse("territory:facility", args=[agreement.slug, where.pk])
    assert "41\u00a0234" in client_as("caf").get(address).content.decode()
    for role in ("partner", "reader"):
        assert "41\u00a0234" not in client_as(role).get(address).content.decode()


# --- Needs --------------------------------------------------------------------------------------
def test_adequacy_page_is_read_by_everyone_and_changed_by_the_coordinator(
    example: Agreement, client_as, db: None
) -> None:
    address = reverse("territory:adequacy", args=[example.slug])
    page = client_as("reader", of=example).get(address)
    text = page.content.decode()
    assert page.status_code == 200
    assert "0-2 ans, accueil collectif" in text
    assert "77\u00a0places en 2026" in text
    assert "Changer les hypothèses" not in text
    assert "Changer les hypothèses" in client_as("coordinator", of=example).get(address).content.decode()  # fmt: skip


def test_hypotheses_are_written_then_argued_with_both_versions(
    agreement: Agreement, client_as
) -> None:
    address = reverse("territory:projection", args=[agreement.slug])
    client = client_as("coordinator")
    sent = {
        "yearly_births": "120", "births_trend": "-1,5", "survival": "996", "yearly_migration": "-3",
        "horizon": "2032", "note": "Exemple.",
    }  # fmt: skip
    assert client.post(address, sent).status_code == 302
    known = Projection.objects.get(agreement=agreement)
    assert (known.yearly_births, known.births_trend) == (120, Decimal("-1.5"))
    stale = {**sent, "yearly_births": "90", "version": known.version}
    assert client.post(address, {**stale, "yearly_births": "130"}).status_code == 302
    page = client.post(address, stale)
    assert page.status_code == 409
    assert Projection.objects.get(agreement=agreement).yearly_births == 130
    assert Projection.history.filter(agreement=agreement).count() == 2


@pytest.mark.parametrize("horizon", [1999, 2999])
def test_horizon_out_of_reach_is_refused(agreement: Agreement, horizon: int) -> None:
    with pytest.raises(DomainError, match="L'horizon est une année"):
        create_projection(agreement, actor=None, horizon=horizon)


def test_area_needs_a_territory_or_a_name(agreement: Agreement, client_as) -> None:
    theme = facility(agreement).theme
    address = reverse("territory:area_create", args=[agreement.slug])
    sent = {"theme": theme.pk, "reason": "Aucun accueil.", "observed_on": "2026-05-02"}
    client = client_as("coordinator")
    assert client.post(address, sent).status_code == 422
    assert client.post(address, {**sent, "name": "Le hameau"}).status_code == 302
    area = UnderServedArea.objects.get(agreement=agreement)
    page = client.get(reverse("territory:adequacy", args=[agreement.slug])).content.decode()
    assert "Le hameau" in page
    assert client.post(
        reverse("territory:area_delete", args=[agreement.slug, area.pk])
    ).status_code == 302  # fmt: skip
    assert not UnderServedArea.objects.filter(pk=area.pk).exists()


def test_choices_of_an_area_are_the_agreements_own(
    agreement: Agreement, other_agreement: Agreement, client_as
) -> None:
    TerritoryFactory(level="iris", commune=other_agreement.lead_commune, name="Chez eux")
    mine = TerritoryFactory(level="iris", commune=agreement.lead_commune, name="Chez nous")
    page = client_as("coordinator").get(reverse("territory:area_create", args=[agreement.slug]))
    offered: list[Territory] = list(page.context["form"].fields["territory"].queryset)
    assert set(offered) == {agreement.lead_commune, mine}


def test_demonstration_tells_its_activity(example: Agreement, db: None) -> None:
    assert Activity.objects.filter(agreement=example).count() > 30
    assert UnderServedArea.objects.filter(agreement=example).count() == 2
    assert Facility.objects.filter(agreement=example, quarter__isnull=False).count() == 1
