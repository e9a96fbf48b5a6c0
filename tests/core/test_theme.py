from __future__ import annotations

import re

import pytest
from django.conf import settings
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


def test_pages_in_two_themes_differ_by_what_tells_the_theme() -> None:
    """The walks of the browser ask for a page once, and change this attribute by hand."""
    pages = []
    for theme in ("light", "dark"):
        client = Client()
        client.cookies["theme"] = theme
        page = client.get("/glossaire/").text.replace(f'data-bs-theme="{theme}"', "")
        pages.append(re.sub(r'aria-pressed="\w+"|csrfmiddlewaretoken" value="\w+"', "", page))
    assert pages[0] == pages[1]
    templates = (settings.BASE_DIR / "templates").rglob("*.html")
    readers = {
        path.name
        for path in templates
        if re.search(r"(?<!\.)\btheme\|default|== theme\b", path.read_text())
    }
    assert readers == {"base.html", "bare.html", "_theme.html"}
