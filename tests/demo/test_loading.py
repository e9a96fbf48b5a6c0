"""Loading the demonstration: all or nothing, the same each time, never beside a real agreement."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from agreements.models import Agreement
from core.documents.declaration import registry
from core.errors import DomainError
from demo.content.agreement import SLUG
from demo.services import DOCUMENTS, load_demo
from partners.models import Organisation
from reports.documents.base import Request
from tests.conftest import EXAMPLE_DAY
from tests.factories import AgreementFactory


def silent(step: str) -> None:
    pass


def test_never_beside_a_real_agreement(db) -> None:
    real = AgreementFactory()
    with pytest.raises(DomainError, match="convention réelle"):
        load_demo(EXAMPLE_DAY, silent)
    with pytest.raises(CommandError, match="convention réelle"):
        call_command("load_demo")
    assert list(Agreement.objects.all()) == [real]


def test_same_day_makes_the_same_example(db) -> None:
    """Loaded twice, the annual report says the same thing to the letter."""
    hashes = []
    for _ in range(2):
        with transaction.atomic():
            load_demo(EXAMPLE_DAY, silent)
            agreement = Agreement.objects.get(slug=SLUG)
            request = Request(agreement=agreement, on=EXAMPLE_DAY, year=2026)
            hashes.append(registry.get("bilan-annuel").content(request).content_hash)
            transaction.set_rollback(True)
    assert hashes[0] == hashes[1]


@pytest.mark.parametrize("day", [date(2020, 1, 1), date(2035, 1, 1)])
def test_any_reference_date_makes_a_living_example(db, day) -> None:
    load_demo(day, silent)
    agreement = Agreement.objects.get(slug=SLUG)
    inside = min(max(day, agreement.starts_on), agreement.ends_on)
    request = Request(agreement=agreement, on=inside, year=inside.year)
    for identifier, _, _ in DOCUMENTS:
        assert registry.get(identifier).content(request).sections


def test_interrupted_loading_leaves_nothing(db, monkeypatch) -> None:
    monkeypatch.setattr("demo.services.build_evaluation", lambda example: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        load_demo(EXAMPLE_DAY, silent)
    assert not Agreement.objects.exists()
    assert not Organisation.objects.exists()


@pytest.mark.parametrize("typed", ["demain", "2026-13-01", "23/11/2026"])
def test_bad_date_is_a_sentence(typed) -> None:
    with pytest.raises(CommandError, match="n'est pas une date"):
        call_command("load_demo", f"--date={typed}")
