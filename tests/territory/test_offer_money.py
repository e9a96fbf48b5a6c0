"""The Caf's money: amounts as they are said, and estimates that never mix with them."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from agreements.models import Agreement
from opendata import rates
from opendata.models import FundingRate
from partners.models import Organisation
from territory.models import Activity, Facility
from territory.money import (
    Money,
    YearTotal,
    caf_money,
    estimate,
    estimates,
    money_sentence,
)
from tests.territory.factories import capacity, contract, facility, money


def caf(agreement: Agreement) -> Organisation:
    made, _ = Organisation.objects.get_or_create(
        agreement=agreement, name="Caf", defaults={"kind": Organisation.Kind.CAF}
    )
    return made


def caf_contract(where: Facility, scheme: str = "PSU") -> Any:
    made = contract(where, scheme)
    made.funder = caf(where.agreement)
    made.save()
    return made


def rate(**changes: Any) -> FundingRate:
    values = {
        "scheme": "PS", "year": 2026, "unit": "hours", "amount": Decimal("0.59"),
        "facility_keys": ["alsh"], "source": "Essai, 2026",
    }  # fmt: skip
    return FundingRate.objects.create(**{**values, **changes})


def test_latest_known_amount_is_that_of_the_furthest_stage(agreement: Agreement) -> None:
    made = caf_contract(facility(agreement))
    money(made, 2026, "planned", 100)
    money(made, 2026, "paid", 80)
    money(made, 2026, "updated", 110)
    total = caf_money(agreement).total_of(2026)
    assert total is not None
    assert total.latest == 80
    assert total.by_stage["planned"] == 100
    assert total.by_stage["notified"] is None


def test_contract_without_an_amount_is_a_share_not_known(agreement: Agreement) -> None:
    where = facility(agreement)
    money(caf_contract(where), 2026, "planned", 100)
    caf_contract(where, "Bonus")
    found = caf_money(agreement)
    total = found.total_of(2026)
    assert total is not None
    assert total.unknown_text == "1 sur 2\u00a0contrats"
    following = found.total_of(2027)
    assert following is not None
    assert following.latest is None


def test_money_of_another_funder_is_not_the_cafs(agreement: Agreement) -> None:
    money(contract(facility(agreement)), 2026, "planned", 100)
    assert caf_money(agreement).is_empty


def test_contract_of_two_facilities_counts_once_and_names_both(agreement: Agreement) -> None:
    made = caf_contract(facility(agreement, "Alpha"))
    made.facilities.through.objects.create(
        agreement=agreement, facility=facility(agreement, "Bêta"), contract=made
    )
    money(made, 2026, "planned", 100)
    found = caf_money(agreement)
    assert [line.facilities for line in found.lines] == ["Alpha, Bêta"]
    assert found.totals[0].latest == 100


# --- Estimates --------------------------------------------------------------------------------
def alsh(agreement: Agreement) -> Facility:
    return facility(agreement, "Loisirs", "holidays", "hours", key="alsh")


def test_hours_done_are_counted_before_hours_offered(agreement: Agreement) -> None:
    where = alsh(agreement)
    capacity(where, 2026, 2000, "hours")
    assert estimate(where, rate()).amount == 1180
    Activity.objects.create(
        agreement=agreement, facility=where, year=2026, kind="hours_done", value=1000
    )
    found = estimate(Facility.objects.get(pk=where.pk), FundingRate.objects.get())
    assert found.amount == 590
    assert found.basis == "1\u00a0000 heures réalisées"


def test_nothing_typed_is_no_estimate_and_says_what_is_missing(agreement: Agreement) -> None:
    found = estimate(alsh(agreement), rate())
    assert found.amount is None
    assert found.missing == "heures 2026 : ni réalisé ni capacité saisis"


def test_share_needs_the_unit_cost(agreement: Agreement) -> None:
    where = alsh(agreement)
    capacity(where, 2026, 1000, "hours")
    share = rate(calculation="share", amount=Decimal(66), ceiling=Decimal(10))
    found = estimate(where, share)
    assert found.amount is None
    assert "il manque le prix de revient" in found.missing
    assert "au plus 6\u00a0600\u00a0€" in found.missing
    assert estimate(where, share, unit_cost=Decimal(8)).amount == 5280
    assert estimate(where, share, unit_cost=Decimal(12)).amount == 6600


def test_rates_are_those_of_the_year_and_of_the_types_named(agreement: Agreement) -> None:
    capacity(alsh(agreement), 2026, 1000, "hours")
    capacity(facility(agreement), 2026, 40)
    rate()
    rate(year=2025)
    assert [row.facility.name for row in estimates(agreement, 2026)] == ["Loisirs"]
    assert estimates(agreement, 2027) == []


@pytest.mark.parametrize("count", [1, 15])
def test_estimates_cost_the_same_for_one_facility_and_many(
    agreement: Agreement, django_assert_num_queries, count: int
) -> None:
    rate()
    for rank in range(count):
        capacity(facility(agreement, f"L{rank}", "holidays", "hours", key="alsh"), 2026, 9, "hours")
    with django_assert_num_queries(4):
        estimates(agreement, 2026)


@pytest.mark.parametrize("count", [1, 15])
def test_money_costs_the_same_for_one_contract_and_many(
    agreement: Agreement, django_assert_num_queries, count: int
) -> None:
    where = facility(agreement)
    for rank in range(count):
        money(caf_contract(where, f"S{rank}"), 2026, "planned", 10)
    with django_assert_num_queries(3):
        caf_money(agreement)


def test_rate_is_told_in_words() -> None:
    assert rates.text(FundingRate(unit="hours", amount=Decimal("0.59"))) == "0,59\u00a0€ par heure"
    share = FundingRate(unit="hours", amount=Decimal(66), calculation="share", ceiling=Decimal(10))
    assert rates.text(share) == "66\u00a0% du prix de revient par heure, plafonné à 10,00\u00a0€"


# --- Pages ------------------------------------------------------------------------------------
def test_page_keeps_estimates_apart_from_amounts(example: Agreement, client_as, db: None) -> None:
    page = client_as("elected", of=example).get(
        reverse("territory:money", args=[example.slug]) + "?annee=2026"
    )
    text = page.content.decode()
    assert page.status_code == 200
    assert "Estimations de 2026" in text
    assert "estimation : <strong>" in text
    assert "231\u00a0400\u00a0€" in text
    totals = page.context["money"].total_of(2026)
    assert totals.latest == sum(
        amount.amount for line in page.context["money"].lines if (amount := line.latest(2026))
    )


@pytest.mark.parametrize("query", ["?annee=²", "?annee=1", "?annee=abc", ""])
def test_strange_year_is_the_working_year(agreement: Agreement, client_as, query: str) -> None:
    address = reverse("territory:money", args=[agreement.slug])
    assert client_as("caf").get(address + query).status_code == 200


def test_workbook_has_the_amounts_of_the_page(agreement: Agreement, client_as) -> None:
    money(caf_contract(facility(agreement)), 2026, "paid", "1234.50")
    response = client_as("caf").get(reverse("territory:money_workbook", args=[agreement.slug]))
    book = load_workbook(io.BytesIO(response.content))
    assert book.sheetnames == ["Aide à la lecture", "Totaux", "Montants", "Estimations"]
    cells = [cell.value for row in book["Montants"].iter_rows() for cell in row]
    assert 1234.5 in cells


def year_total(year: int, latest: int | None, unknown: int) -> YearTotal:
    known = None if latest is None else Decimal(latest)
    return YearTotal(year, known, {}, unknown, 17)


def test_money_is_told_from_the_first_year_to_the_last() -> None:
    totals = (
        year_total(2026, 891400, 0),
        year_total(2027, 908950, 1),
        year_total(2028, 923350, 1),
        year_total(2029, 937750, 1),
    )
    told = money_sentence(Money((), (2026, 2027, 2028, 2029), totals))
    assert told.replace("\u00a0", " ") == (
        "De 891 400 € en 2026 à 937 750 € en 2029 (+46 350 €), au dernier montant connu de chaque"
        " contrat. Il manque le montant d'un contrat de 2027 à 2029 : ces totaux sont des minimums."
    )


def test_money_of_one_year_is_not_compared_with_itself() -> None:
    told = money_sentence(Money((), (2026,), (year_total(2026, 1000, 3),)))
    assert told.replace("\u00a0", " ") == (
        "1 000 € en 2026, au dernier montant connu de chaque contrat."
        " Il manque le montant de 3 contrats en 2026 : ce total est un minimum."
    )


def psu(agreement: Agreement) -> tuple[Facility, FundingRate]:
    where = alsh(agreement)
    capacity(where, 2026, 1000, "hours")
    return where, rate(calculation="share", amount=Decimal(66), ceiling=Decimal(10))


def money_page(client: Client, agreement: Agreement, **query: str) -> str:
    query = {"annee": "2026", **query}
    response = client.get(reverse("territory:money", args=[agreement.slug]), query)
    assert response.status_code == 200
    return response.content.decode()


def test_unit_cost_typed_on_the_page_gives_the_estimate_and_is_kept_nowhere(
    agreement: Agreement, client_as
) -> None:
    where, share = psu(agreement)
    client, cell = client_as("elected"), f"cout-{where.pk}-{share.pk}"
    assert "il manque le prix de revient" in money_page(client, agreement)
    page = money_page(client, agreement, **{cell: "8,00 €"})
    assert "5\u00a0280\u00a0€" in page
    assert "prix de revient 8,00\u00a0€" in page
    assert "il manque le prix de revient" in money_page(client, agreement)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("huit", "n&#x27;est pas un montant"),
        ("-3", "négatif"),
        ("9999999999", "trop grand"),
        ("1.250", "de deux façons"),
    ],
)
def test_unit_cost_that_is_no_amount_is_refused_in_words(
    agreement: Agreement, client_as, typed: str, words: str
) -> None:
    where, share = psu(agreement)
    page = money_page(client_as("elected"), agreement, **{f"cout-{where.pk}-{share.pk}": typed})
    assert words in page
    assert "il manque le prix de revient" in page
