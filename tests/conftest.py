"""What every test may use: one agreement, one signed-in client per role."""

from __future__ import annotations

import pytest
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
