"""The register of consultations: what was asked and answered; never who said it."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import FieldDoesNotExist
from django.urls import reverse

from agreements.models import Agreement, Role
from participation import services
from participation.models import Consultation
from tests.actionplan.factories import action as make_action

pytestmark = pytest.mark.django_db


def address(agreement: Agreement, name: str, *args: object) -> str:
    return reverse(f"participation:{name}", args=[agreement.slug, *args])


def consultation(agreement: Agreement, **fields: object) -> Consultation:
    given = {"title": "Café des parents", "method": "cafe", "starts_on": date(2026, 5, 4), **fields}
    return services.create_consultation(agreement, actor=None, **given)


def test_consultation_is_tied_to_the_actions_it_changed(agreement, client_as) -> None:
    action = make_action(agreement, title="Ouvrir le samedi")
    client = client_as(Role.COORDINATOR)
    client.post(
        address(agreement, "create"),
        {
            "title": "Questionnaire", "method": "survey", "degree": "consultation", "starts_on": "2026-05-04",
            "participants": "214", "actions": [action.pk],
        },
    )  # fmt: skip
    made = Consultation.objects.get(agreement=agreement)
    assert (made.participants, list(made.actions.all())) == (214, [action])


def test_action_of_another_agreement_is_not_offered(agreement, other_agreement, client_as) -> None:
    foreign = make_action(other_agreement)
    response = client_as(Role.COORDINATOR).post(
        address(agreement, "create"),
        {
            "title": "Q",
            "method": "survey",
            "degree": "consultation",
            "starts_on": "2026-05-04",
            "actions": [foreign.pk],
        },
    )
    assert response.status_code == 422
    assert "actions" in response.context["form"].errors


def test_what_was_not_answered_is_said(agreement, client_as) -> None:
    consultation(agreement)
    consultation(agreement, title="Balade", answer="Le banc est posé.")
    response = client_as(Role.READER).get(address(agreement, "home"))
    assert response.context["unanswered"] == 1


def test_end_before_the_start_is_refused_beside_the_field(agreement, client_as) -> None:
    row = consultation(agreement)
    response = client_as(Role.COORDINATOR).post(
        address(agreement, "update", row.pk),
        {
            "title": row.title, "method": "cafe", "degree": "consultation", "starts_on": "2026-05-04",
            "ends_on": "2026-05-01", "version": row.version,
        },
    )  # fmt: skip
    assert response.status_code == 422
    assert "La fin doit suivre le début" in response.content.decode()


def test_unknown_number_of_participants_is_not_zero(agreement, client_as) -> None:
    row = consultation(agreement)
    assert row.participants is None
    page = client_as(Role.ELECTED).get(address(agreement, "home")).content.decode()
    assert "0 participant" not in page


@pytest.mark.parametrize("role", [r for r in Role if r != Role.COORDINATOR])
def test_others_read_and_change_nothing(agreement, client_as, role) -> None:
    row = consultation(agreement)
    client = client_as(role)
    page = client.get(address(agreement, "home")).content.decode()
    assert row.title in page
    assert address(agreement, "update", row.pk) not in page
    assert client.get(address(agreement, "delete", row.pk)).status_code == 403


@pytest.mark.parametrize("count", [1, 6])
def test_register_costs_the_same(agreement, client_as, django_assert_num_queries, count) -> None:
    for _ in range(count):
        consultation(agreement, actions=[make_action(agreement)])
    client = client_as(Role.COORDINATOR)
    client.get(address(agreement, "home"))
    with django_assert_num_queries(HOME_QUERIES):
        client.get(address(agreement, "home"))


HOME_QUERIES = 5


@pytest.mark.parametrize("name", ["name", "inhabitants", "email", "child", "family", "address"])
def test_no_field_could_hold_an_inhabitant(name) -> None:
    with pytest.raises(FieldDoesNotExist):
        Consultation._meta.get_field(name)
