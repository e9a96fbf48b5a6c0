from __future__ import annotations

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_theme_is_kept_in_a_cookie_and_written_by_the_server(client: Client) -> None:
    response = client.post("/apparence/", {"theme": "dark", "next": "/glossaire/"})

    assert response.status_code == 302
    assert response.url == "/glossaire/"
    assert client.cookies["theme"].value == "dark"
    assert 'data-bs-theme="dark"' in client.get("/glossaire/").text


def test_theme_follows_the_device_by_default(client: Client) -> None:
    assert 'data-bs-theme="auto"' in client.get("/glossaire/").text


def test_theme_unknown_in_cookie_counts_as_none(client: Client) -> None:
    client.cookies["theme"] = '"><script>'

    assert 'data-bs-theme="auto"' in client.get("/glossaire/").text


def test_theme_unknown_is_refused(client: Client) -> None:
    assert client.post("/apparence/", {"theme": "pink"}).status_code == 400


def test_theme_is_not_changed_by_a_get(client: Client) -> None:
    assert client.get("/apparence/").status_code == 405


@pytest.mark.parametrize("target", ["https://ailleurs.example/", "//ailleurs.example/", ""])
def test_theme_never_sends_elsewhere(client: Client, target: str) -> None:
    assert client.post("/apparence/", {"theme": "light", "next": target}).url == "/"
