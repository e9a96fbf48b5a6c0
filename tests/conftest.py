"""What every test may use: one agreement, one signed-in client per role."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from agreements.models import Agreement, Role
from tests.factories import AgreementFactory, MembershipFactory, TerritoryFactory


@pytest.fixture
def agreement(db: None) -> Agreement:
    return AgreementFactory()


@pytest.fixture
def other_agreement(db: None) -> Agreement:
    """An agreement of another territory: whatever it holds must never be seen."""
    return AgreementFactory(
        name="Ville-Ailleurs",
        slug="ville-ailleurs",
        lead_commune=TerritoryFactory(name="Ville-Ailleurs"),
    )


@pytest.fixture
def client_as(agreement: Agreement):
    """``client_as(Role.CAF)``: a client signed in as a member of ``agreement`` with that role."""

    def make(role: Role | str, of: Agreement | None = None) -> Client:
        membership = MembershipFactory(agreement=of or agreement, role=role)
        client = Client()
        client.force_login(membership.user)
        client.membership = membership  # type: ignore[attr-defined]
        return client

    return make


EXAMPLE_DAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def example(django_db_setup: None, django_db_blocker: Any) -> Iterator[Agreement]:
    """The demonstration, loaded once for a module inside a transaction that is rolled back.

    A test that uses it asks for ``db`` too: what it writes is undone after it.
    """
    from demo.content.agreement import SLUG
    from demo.services import load_demo

    with django_db_blocker.unblock(), transaction.atomic():
        load_demo(EXAMPLE_DAY, lambda step: None)
        yield Agreement.objects.select_related("lead_commune").get(slug=SLUG)
        transaction.set_rollback(True)
