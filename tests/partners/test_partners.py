"""The directory, the people and the contracts: what each role sees, what an amount keeps."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from agreements.models import Agreement, JournalEntry, Role
from core.errors import DomainError
from partners import queries, services
from partners.models import AmountStage, Contact, Contract, ContractAmount, Organisation
from tests.actionplan.factories import action as make_action
from tests.committees.factories import ContactFactory, MemberFactory, OrganisationFactory

pytestmark = pytest.mark.django_db


def address(agreement: Agreement, name: str, *args: object) -> str:
    return reverse(f"partners:{name}", args=[agreement.slug, *args])


def text(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def make_contract(agreement: Agreement, **fields: object) -> Contract:
    given = {
        "title": "Multi-accueil Les Lilas",
        "funder": OrganisationFactory(agreement=agreement, kind="caf"),
        "starts_on": date(2026, 1, 1),
        "ends_on": date(2029, 12, 31),
        **fields,
    }
    return services.create_contract(agreement, actor=None, **given)


# --- The directory --------------------------------------------------------------------------
def test_directory_is_in_french_order(agreement, client_as) -> None:
    for name in ("Zoé et compagnie", "École Jean-Jaurès", "eaje Les Lilas", "Ateliers"):
        OrganisationFactory(agreement=agreement, name=name)
    page = text(client_as(Role.COORDINATOR), address(agreement, "home"))
    places = [page.index(name) for name in ("Ateliers", "eaje", "École", "Zoé")]
    assert places == sorted(places)


@pytest.mark.parametrize("role", [Role.DIRECTION, Role.ELECTED, Role.CAF])
def test_readers_of_the_directory_change_nothing(agreement, client_as, role) -> None:
    organisation = OrganisationFactory(agreement=agreement)
    client = client_as(role)
    page = text(client, address(agreement, "organisation", organisation.pk))
    assert address(agreement, "organisation_update", organisation.pk) not in page
    response = client.get(address(agreement, "organisation_create"))
    assert response.status_code == 403
    assert "ne permet pas de modifier les partenaires" in response.content.decode()


@pytest.mark.parametrize("role", [Role.PARTNER, Role.READER])
def test_directory_is_closed_to_partners_and_readers(agreement, client_as, role) -> None:
    assert client_as(role).get(address(agreement, "home")).status_code == 403


@pytest.mark.parametrize(
    ("name", "count"), [("home", 1), ("home", 7), ("contacts", 1), ("contacts", 7)]
)
def test_lists_cost_the_same(agreement, client_as, django_assert_num_queries, name, count) -> None:
    for _ in range(count):
        organisation = OrganisationFactory(agreement=agreement)
        services.set_position(
            ContactFactory(agreement=agreement),
            actor=None,
            organisation=organisation,
            function="Chef",
        )
    client = client_as(Role.COORDINATOR)
    client.get(address(agreement, name))
    with django_assert_num_queries(LIST_QUERIES[name]):
        client.get(address(agreement, name))


LIST_QUERIES = {"home": 6, "contacts": 5}


def test_archived_organisation_leaves_the_lists_and_stays_where_it_is_cited(
    agreement, client_as
) -> None:
    action = make_action(agreement)
    client = client_as(Role.COORDINATOR)
    client.post(address(agreement, "organisation_archive", action.lead_organisation_id))
    assert not queries.organisations(agreement).exists()
    action.refresh_from_db()
    assert action.lead_organisation.is_archived


def test_two_editors_of_an_organisation_lose_nothing(agreement, client_as) -> None:
    organisation = OrganisationFactory(agreement=agreement, name="Relais")
    version = organisation.version
    services.update_organisation(organisation, actor=None, phone="03 25 00 00 00")
    data = {"name": "Relais petite enfance", "kind": organisation.kind, "version": version}
    response = client_as(Role.COORDINATOR).post(
        address(agreement, "organisation_update", organisation.pk), data
    )
    assert response.status_code == 409
    assert "03 25 00 00 00" in response.content.decode()
    assert Organisation.objects.get(pk=organisation.pk).name == "Relais"


# --- People ---------------------------------------------------------------------------------
def test_person_and_function_are_typed_in_one_go_or_not_at_all(agreement, client_as) -> None:
    organisation = OrganisationFactory(agreement=agreement)
    client, url = client_as(Role.COORDINATOR), address(agreement, "contact_create", organisation.pk)
    assert client.post(url, {"last_name": "Roux", "function": ""}).status_code == 422
    assert not Contact.objects.filter(agreement=agreement).exists()
    client.post(url, {"last_name": "Roux", "function": "Directrice"})
    position = Contact.objects.get(agreement=agreement).positions.get()
    assert (position.organisation, position.function) == (organisation, "Directrice")


def test_function_ends_and_is_kept(agreement, client_as) -> None:
    position = services.set_position(
        ContactFactory(agreement=agreement), actor=None, organisation=OrganisationFactory(agreement=agreement),
        function="Cheffe", starts_on=date(2026, 2, 1),
    )  # fmt: skip
    client, url = client_as(Role.COORDINATOR), address(agreement, "position_end", position.pk)
    assert client.post(url, {"on": "2026-01-01"}).status_code == 422
    assert client.post(url, {"on": "2026-06-30"}).status_code == 302
    position.refresh_from_db()
    assert position.ends_on == date(2026, 6, 30)


def test_erased_person_is_named_nowhere_any_more(agreement, client_as) -> None:
    contact = ContactFactory(agreement=agreement, first_name="Zélie", last_name='D"Arc')
    services.set_position(
        contact, actor=None, organisation=OrganisationFactory(agreement=agreement), function="Chef"
    )
    services.update_contact(contact, actor=None, phone="03 25 11 11 11")
    action = make_action(agreement)
    from actionplan.services import update_action

    update_action(action, actor=None, lead_contact=contact)
    told = JournalEntry.objects.filter(agreement=agreement)
    assert any("Zélie" in entry.sentence for entry in told)
    lines = told.all().count()

    response = client_as(Role.COORDINATOR).post(address(agreement, "contact_erase", contact.pk))
    assert response.status_code == 302
    action.refresh_from_db()
    assert action.lead_contact is None
    assert not Contact.objects.filter(pk=contact.pk).exists()
    for entry in told.all():
        assert "Zélie" not in f"{entry.sentence}{entry.target_label}{entry.changes}"
    assert told.all().count() == lines + 1


def test_person_on_a_list_of_members_is_archived_not_erased(agreement, client_as) -> None:
    member = MemberFactory(agreement=agreement)
    client = client_as(Role.COORDINATOR)
    response = client.post(address(agreement, "contact_erase", member.contact_id))
    assert response.status_code == 422
    assert "archivez-la plutôt" in response.content.decode()
    assert Contact.objects.filter(pk=member.contact_id).exists()

    client.post(address(agreement, "contact_archive", member.contact_id))
    assert str(member.contact) not in text(client, address(agreement, "contacts"))


# --- Contracts ------------------------------------------------------------------------------
def grid(client: Client, url: str) -> dict[str, object]:
    """What the browser holds: each cell, and what the cell showed."""
    form = client.get(url).context["form"]
    data: dict[str, object] = {}
    for name, field in form.fields.items():
        value = form[name].value()
        shown = "" if value is None else field.prepare_value(value)
        data[name] = shown
        if field.show_hidden_initial:
            data[f"initial-{name}"] = shown
    return data


def test_amount_is_typed_as_on_paper_and_an_empty_cell_is_not_zero(agreement, client_as) -> None:
    contract = make_contract(agreement)
    client, url = client_as(Role.COORDINATOR), address(agreement, "contract_amounts", contract.pk)
    data = {
        **grid(client, url),
        "2026-planned": "12 000 €",
        "2026-actual": "0",
        "stated_on": "2026-03-01",
    }
    assert client.post(url, data).status_code == 302
    amounts = dict(contract.amounts.values_list("stage", "amount"))
    assert amounts == {"planned": Decimal(12000), "actual": Decimal(0)}
    line = queries.contract_lines(agreement, 2026)[0]
    assert (line.planned, line.known.amount) == (Decimal(12000), Decimal(0))
    assert queries.contract_lines(agreement, 2027)[0].known is None


def test_emptied_cell_unsays_the_amount(agreement, client_as) -> None:
    contract = make_contract(agreement)
    services.set_contract_amount(
        contract,
        actor=None,
        year=2026,
        stage="planned",
        amount=Decimal(5),
        stated_on=date(2026, 1, 1),
    )
    client, url = client_as(Role.COORDINATOR), address(agreement, "contract_amounts", contract.pk)
    client.post(url, {**grid(client, url), "2026-planned": ""})
    assert not contract.amounts.exists()


def test_two_people_typing_different_amounts_lose_nothing(agreement, client_as) -> None:
    contract = make_contract(agreement)
    client, url = client_as(Role.COORDINATOR), address(agreement, "contract_amounts", contract.pk)
    mine = grid(client, url)
    services.set_contract_amount(
        contract,
        actor=None,
        year=2027,
        stage="planned",
        amount=Decimal(7),
        stated_on=date(2026, 1, 1),
    )
    assert client.post(url, {**mine, "2026-planned": "5"}).status_code == 302
    assert dict(contract.amounts.values_list("year", "amount")) == {2026: 5, 2027: 7}


def test_same_cell_twice_is_refused_with_what_stands(agreement, client_as) -> None:
    contract = make_contract(agreement)
    client, url = client_as(Role.COORDINATOR), address(agreement, "contract_amounts", contract.pk)
    mine = grid(client, url)
    services.set_contract_amount(
        contract,
        actor=None,
        year=2026,
        stage="planned",
        amount=Decimal(7),
        stated_on=date(2026, 1, 1),
    )
    response = client.post(url, {**mine, "2026-planned": "5"})
    assert response.status_code == 422
    assert "entre-temps" in response.context["form"].errors["2026-planned"][0]
    assert contract.amounts.get().amount == 7


@pytest.mark.parametrize(
    ("typed", "words"), [("beaucoup", "Écrivez un montant"), ("-3", "ou égale à 0")]
)
def test_bad_amount_writes_nothing(agreement, client_as, typed, words) -> None:
    contract = make_contract(agreement)
    client, url = client_as(Role.COORDINATOR), address(agreement, "contract_amounts", contract.pk)
    response = client.post(url, {**grid(client, url), "2026-planned": "10", "2027-planned": typed})
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not contract.amounts.exists()


def test_negative_amount_is_refused_by_the_database(agreement) -> None:
    contract = make_contract(agreement)
    with pytest.raises(IntegrityError), transaction.atomic():
        ContractAmount.objects.create(
            agreement=agreement, contract=contract, year=2026, stage="planned", amount=-1,
            stated_on=date(2026, 1, 1),
        )  # fmt: skip


def test_contract_that_ends_before_it_begins_is_refused(agreement) -> None:
    with pytest.raises(DomainError, match="fin du contrat doit suivre"):
        make_contract(agreement, ends_on=date(2025, 1, 1))


def test_year_outside_the_agreement_is_refused(agreement) -> None:
    with pytest.raises(DomainError, match="2031"):
        services.set_contract_amount(
            make_contract(agreement), actor=None, year=2031, stage="planned", amount=Decimal(1),
            stated_on=date(2026, 1, 1),
        )  # fmt: skip


@pytest.mark.parametrize("count", [1, 6])
def test_contracts_cost_the_same(agreement, client_as, django_assert_num_queries, count) -> None:
    for rank in range(count):
        contract = make_contract(agreement, title=f"Contrat {rank}")
        services.set_contract_amount(
            contract,
            actor=None,
            year=2026,
            stage="planned",
            amount=Decimal(5),
            stated_on=date(2026, 1, 1),
        )
    client = client_as(Role.ELECTED)
    client.get(address(agreement, "contracts"))
    with django_assert_num_queries(5):
        client.get(address(agreement, "contracts"))


def test_stages_go_from_planned_to_paid() -> None:
    assert [stage.value for stage in AmountStage] == [
        "planned",
        "updated",
        "actual",
        "notified",
        "paid",
    ]
