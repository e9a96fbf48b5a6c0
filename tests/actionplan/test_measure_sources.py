"""What a source offers to a measure: proposed year by year, written by a person only."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from actionplan import services
from actionplan.measure_history import history_of
from actionplan.measure_sources import FIGURES, Offers, offers
from actionplan.models import Measure
from agreements.models import Agreement, AgreementCommune, Role
from agreements.queries import communes_of
from core.errors import DomainError, StaleObject
from opendata.models import Dataset, DatasetVersion, Indicator, Observation, Territory
from tests.actionplan.factories import action as make_action
from tests.agreements.anything import make
from tests.factories import TerritoryFactory

pytestmark = pytest.mark.django_db


def indicator(**fields: object) -> Indicator:
    given = {"key": "allocataires", "label": "Allocataires", "unit": "foyers", **fields}
    return Indicator.objects.create(**given)


def publish(
    of: Indicator, where: Territory, year: int, value: Decimal | None, **fields: object
) -> Observation:
    dataset, _ = Dataset.objects.get_or_create(
        key="essai", defaults={"title": "Recensement", "producer": "Insee"}
    )
    version, _ = DatasetVersion.objects.get_or_create(dataset=dataset, vintage=str(year))
    return Observation.objects.create(
        indicator=of, territory=where, period=year, version=version, value=value, **fields
    )


def measure(agreement: Agreement, **fields: object) -> Measure:
    return services.create_measure(
        agreement, actor=None, action=make_action(agreement), label="Foyers aidés", **fields
    )


def offered(row: Measure) -> Offers:
    found = offers(Measure.objects.get(pk=row.pk), list(communes_of(row.agreement)))
    assert found is not None
    return found


def test_measure_typed_by_hand_has_no_source(agreement) -> None:
    row = measure(agreement)
    assert offers(row, list(communes_of(agreement))) is None


def test_published_years_before_the_agreement_are_a_starting_value(agreement) -> None:
    source = indicator()
    publish(source, agreement.lead_commune, 2022, Decimal(120))
    publish(source, agreement.lead_commune, 2026, Decimal(130))
    rows = offered(measure(agreement, indicator=source)).rows
    assert [(row.year, row.value, row.is_baseline) for row in rows] == [
        (2022, 120, True), (2026, 130, False),
    ]  # fmt: skip
    assert "Insee" in rows[0].source
    assert not any(row.is_taken for row in rows)


@pytest.mark.parametrize(
    "told", [{"value": None, "reason": "secret"}, {"value": Decimal(5), "lower_bound": True}]
)
def test_secret_or_lower_bound_is_shown_and_not_taken_up(agreement, told) -> None:
    source = indicator()
    publish(source, agreement.lead_commune, 2026, **told)
    found = offered(measure(agreement, indicator=source))
    assert found.rows[0].text
    assert found.takeable == []


def test_several_communes_are_added_only_when_the_indicator_may_be(agreement) -> None:
    second = TerritoryFactory()
    AgreementCommune.objects.create(agreement=agreement, commune=second)
    summable, rate = indicator(is_summable=True), indicator(key="taux", unit="%")
    for source in (summable, rate):
        for place, value in ((agreement.lead_commune, 10), (second, 15)):
            publish(source, place, 2026, Decimal(value))
    assert offered(measure(agreement, indicator=summable)).rows[0].value == 25
    assert "somme de 2 communes" in offered(measure(agreement, indicator=summable)).rows[0].source
    assert offered(measure(agreement, indicator=rate)).rows[0].value is None


def test_planned_capacity_is_a_promise_and_not_a_value(agreement) -> None:
    place = make("territory.Facility", agreement)
    for year, is_planned in ((2026, False), (2027, True)):
        make(
            "territory.Capacity", agreement, facility=place, year=year, unit="places",
            value=Decimal(40), is_planned=is_planned,
        )  # fmt: skip
    row = measure(agreement, facility=place, facility_figure="capacity:places")
    assert [(offer.year, offer.value) for offer in offered(row).rows] == [(2026, 40)]
    assert "Registre des équipements" in offered(row).rows[0].source


@pytest.mark.parametrize("figure", [value for value, _ in FIGURES])
def test_every_figure_of_a_facility_can_be_read(agreement, figure) -> None:
    place = make("territory.Facility", agreement)
    kind, _, which = figure.partition(":")
    model, name = ("Capacity", "unit") if kind == "capacity" else ("Activity", "kind")
    make(f"territory.{model}", agreement, facility=place, year=2026, value=12, **{name: which})
    assert offered(measure(agreement, facility=place, facility_figure=figure)).rows[0].value == 12


def test_other_unit_is_told(agreement) -> None:
    row = measure(agreement, indicator=indicator(), unit="enfants")
    assert "vérifiez" in offered(row).warning
    assert offered(measure(agreement, indicator=row.indicator, unit="foyers")).warning == ""


# --- Taking up --------------------------------------------------------------------------------
def test_taken_value_keeps_where_it_was_read_until_it_is_typed_over(agreement) -> None:
    row = measure(agreement)
    services.take_up(row, actor=None, values={2026: (Decimal(130), "Insee, 2026")})
    assert row.points.get(year=2026).read_from == "Insee, 2026"
    services.set_measure_point(row, actor=None, year=2026, value=Decimal(131), reason="Erreur")
    assert row.points.get(year=2026).read_from == ""


def test_value_that_stands_is_replaced_with_a_reason_only(agreement) -> None:
    row = measure(agreement, baseline=Decimal(100), baseline_year=2020)
    services.set_measure_point(row, actor=None, year=2026, value=Decimal(110))
    values = {2022: (Decimal(120), "Insee"), 2026: (Decimal(130), "Insee")}
    with pytest.raises(DomainError, match="Dites pourquoi"):
        services.take_up(row, actor=None, values=values)
    saved = Measure.objects.get(pk=row.pk)
    assert (saved.baseline, saved.points.get(year=2026).value) == (100, 110)
    services.take_up(row, actor=None, values=values, reason="Chiffre publié")
    saved = Measure.objects.get(pk=row.pk)
    assert (saved.baseline, saved.baseline_year) == (120, 2022)
    assert saved.points.get(year=2026).value == 130


def test_two_starting_values_are_refused(agreement) -> None:
    values = {2021: (Decimal(1), "Insee"), 2022: (Decimal(2), "Insee")}
    with pytest.raises(DomainError, match="une seule année"):
        services.take_up(measure(agreement), actor=None, values=values)


def test_measure_changed_since_it_was_read_is_not_filled(agreement) -> None:
    row = measure(agreement)
    services.set_measure_point(row, actor=None, year=2027, target=Decimal(3))
    with pytest.raises(StaleObject):
        services.take_up(
            row, actor=None, values={2026: (Decimal(1), "Insee")}, expected_version=row.version
        )


def test_change_of_the_starting_value_asks_why(agreement) -> None:
    row = measure(agreement, baseline=Decimal(100), baseline_year=2020)
    with pytest.raises(DomainError, match="valeur de départ change") as refusal:
        services.update_measure(row, actor=None, baseline=Decimal(90))
    assert refusal.value.field == "baseline"
    row = Measure.objects.get(pk=row.pk)
    services.update_measure(row, actor=None, baseline=Decimal(90), reason="Comptage revu")
    change = history_of(row)[0]
    assert (change.what, change.old, change.new) == ("valeur de départ", "100", "90")
    assert change.reason == "Comptage revu"


def test_first_saying_is_no_change_and_removal_is_one(agreement) -> None:
    row = measure(agreement)
    services.set_measure_point(row, actor=None, year=2026, target=Decimal(5))
    assert history_of(row) == []
    services.set_measure_point(row, actor=None, year=2026, target=None, reason="Abandon")
    assert [(c.what, c.old, c.new) for c in history_of(row)] == [("cible 2026", "5", "–")]


# --- Pages ------------------------------------------------------------------------------------
@pytest.fixture
def source(agreement: Agreement) -> Measure:
    row = measure(agreement, indicator=indicator())
    for year, value in ((2024, 120), (2026, 130)):
        publish(row.indicator, agreement.lead_commune, year, Decimal(value))  # type: ignore[arg-type]
    return row


def take_up_url(row: Measure) -> str:
    return reverse("actionplan:measure_take_up", args=[row.agreement.slug, row.pk])


def post(client: Client, row: Measure, **data: str) -> object:
    version = Measure.objects.get(pk=row.pk).version
    return client.post(take_up_url(row), {"version": version, **data})


def test_only_ticked_values_are_written(agreement, client_as, source) -> None:
    client = client_as(Role.COORDINATOR)
    assert "120" in client.get(take_up_url(source)).content.decode()
    assert post(client, source, **{"year-2026": "130.0000"}).status_code == 302  # type: ignore[attr-defined]
    saved = Measure.objects.get(pk=source.pk)
    assert saved.baseline is None
    assert saved.points.get(year=2026).value == 130


def test_nothing_ticked_is_said_and_nothing_written(agreement, client_as, source) -> None:
    response = post(client_as(Role.COORDINATOR), source)
    assert response.status_code == 422  # type: ignore[attr-defined]
    assert "Cochez au moins une valeur" in response.content.decode()  # type: ignore[attr-defined]


def test_source_that_moved_since_the_page_was_read_is_not_written(
    agreement, client_as, source
) -> None:
    response = post(client_as(Role.COORDINATOR), source, **{"year-2026": "129.0000"})
    assert response.status_code == 422  # type: ignore[attr-defined]
    assert "La source donne maintenant 130" in response.content.decode()  # type: ignore[attr-defined]
    assert not source.points.exists()


@pytest.mark.parametrize("role", [Role.ELECTED, Role.CAF, Role.PARTNER, Role.READER])
def test_readers_see_the_measure_and_why_it_changed(agreement, client_as, source, role) -> None:
    services.set_measure_point(source, actor=None, year=2026, target=Decimal(5))
    services.set_measure_point(
        source, actor=None, year=2026, target=Decimal(6), reason="Décision du COPIL"
    )
    url = reverse("actionplan:measure", args=[agreement.slug, source.pk])
    page = client_as(role).get(url).content.decode()
    assert "Décision du COPIL" in page
    assert take_up_url(source) not in page


def test_indicator_and_facility_together_are_refused_beside_the_field(
    agreement, client_as, source
) -> None:
    place = make("territory.Facility", agreement)
    url = reverse("actionplan:measure_update", args=[agreement.slug, source.pk])
    client = client_as(Role.COORDINATOR)
    form = client.get(url).context["form"]
    data = {name: form[name].value() for name in form.fields}
    data = {name: "" if value is None else value for name, value in data.items()}
    response = client.post(url, {**data, "facility": place.pk, "facility_figure": FIGURES[0][0]})
    assert response.status_code == 422
    assert "pas les deux" in response.context["form"].errors["facility"][0]
