"""What every test may use: one agreement, one signed-in client per role."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client

from agreements.models import Agreement, Role
from tests import databases
from tests.databases import EXAMPLE_DAY as EXAMPLE_DAY
from tests.factories import AgreementFactory, MembershipFactory, TerritoryFactory


@pytest.fixture(autouse=True)
def fresh_cache() -> None:
    """What one test counted (openings of links, attempts) or kept is not the next one's."""
    cache.clear()


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


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: Any
) -> None:
    """The database of the tests is copied from one already migrated."""
    with django_db_blocker.unblock():
        connection.settings_dict["TEST"]["TEMPLATE"] = databases.migrated()


@pytest.fixture(scope="session")
def example_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """A database of this process's own that holds the demonstration. Nothing may stay in it."""
    with django_db_blocker.unblock():
        name = f"{connection.settings_dict['NAME']}_example"
        yield databases.copy(databases.with_example(), name)
        databases.drop(name)


@pytest.fixture(scope="module")
def example(example_database: str, django_db_blocker: Any) -> Iterator[Agreement]:
    """The demonstration, for the tests of a module, in a transaction that is rolled back.

    A test that uses it asks for ``db`` too: what it writes is undone after it.
    """
    from demo.content.agreement import SLUG

    with (
        django_db_blocker.unblock(),
        databases.connected_to(example_database),
        transaction.atomic(),
    ):
        yield Agreement.objects.select_related("lead_commune").get(slug=SLUG)
        transaction.set_rollback(True)
