from __future__ import annotations

import pytest
from django.test import Client

from core.glossary import ENTRIES, entry


def test_glossary_has_no_duplicate() -> None:
    slugs = [item.slug for item in ENTRIES]

    assert len(slugs) == len(set(slugs))
    assert len(slugs) >= 35


@pytest.mark.parametrize("item", ENTRIES, ids=lambda i: i.slug)
def test_definition_is_a_sentence(item) -> None:
    assert item.definition[0].isupper()
    assert item.definition.endswith(".")


def test_entry_is_found_whatever_the_case() -> None:
    assert entry("copil").expansion == "comité de pilotage"


@pytest.mark.django_db
def test_glossary_is_open_to_everyone(client: Client) -> None:
    response = client.get("/glossaire/")

    assert response.status_code == 200
    assert "Convention d'objectifs et de financement" in response.text.replace("&#x27;", "'")
