from __future__ import annotations

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(django_user_model):
    return django_user_model.objects.create_user("staff@example.org", "x", is_staff=True)


@pytest.fixture
def member(django_user_model):
    return django_user_model.objects.create_user("member@example.org", "x")


def test_gallery_shows_every_component_to_staff(client: Client, staff) -> None:
    client.force_login(staff)

    response = client.get("/composants/")

    assert response.status_code == 200
    for word in (
        "bloquée",
        "relu par la Caf",
        "secret statistique",
        "4 erreurs à corriger",
        "Votre version",
    ):
        assert word in response.text


def test_gallery_is_refused_with_a_reason_to_others(client: Client, member) -> None:
    client.force_login(member)

    response = client.get("/composants/")

    assert response.status_code == 403
    assert "réservée" in response.text


def test_gallery_is_refused_to_anonymous(client: Client) -> None:
    assert client.get("/composants/").status_code in (302, 403)


def test_page_has_one_heading_and_nothing_inline(client: Client, staff) -> None:
    client.force_login(staff)

    html = client.get("/composants/").text

    assert html.count("<h1") == 1
    assert " style=" not in html
    assert "onclick" not in html
    assert "<script>" not in html


def test_page_without_agreement_has_no_side_menu(client: Client) -> None:
    html = client.get("/glossaire/").text

    assert "Menu principal" not in html
    assert "Aller au contenu" in html


def test_error_page_is_french(client: Client) -> None:
    response = client.get("/nulle-part/")

    assert response.status_code == 404
    assert "Page introuvable" in response.text
