"""Signing in: by e-mail, with limits, with a second factor for whoever wants one."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.services import create_account
from core.errors import DomainError
from tests.factories import UserFactory

PASSWORD = "un mot de passe long"


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    cache.clear()


def sign_in(client: Client, email: str, password: str):
    return client.post(reverse("account_login"), {"login": email, "password": password})


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_sign_in_by_email_whatever_its_case(db: None, client: Client) -> None:
    UserFactory(email="anne.roy@example.org")
    assert sign_in(client, "Anne.Roy@Example.org", PASSWORD).status_code == 302
    assert is_signed_in(client)


def test_wrong_password_says_nothing_of_the_account(db: None, client: Client) -> None:
    UserFactory(email="anne.roy@example.org")
    known = sign_in(client, "anne.roy@example.org", "faux").content.decode()
    unknown = sign_in(client, "personne@example.org", "faux").content.decode()
    message = "ne sont pas corrects"
    assert (message in known) == (message in unknown)
    assert not is_signed_in(client)


def test_five_wrong_passwords_lock_the_address(db: None, client: Client) -> None:
    UserFactory(email="anne.roy@example.org")
    UserFactory(email="autre@example.org")
    for _ in range(5):
        sign_in(client, "anne.roy@example.org", "faux")
    sign_in(client, "anne.roy@example.org", PASSWORD)
    assert not is_signed_in(client)
    sign_in(client, "autre@example.org", PASSWORD)
    assert is_signed_in(client)


def test_one_host_cannot_try_without_end(db: None, client: Client) -> None:
    statuses = [sign_in(client, f"x{n}@example.org", "faux").status_code for n in range(35)]
    assert 429 in statuses


def test_closed_account_does_not_sign_in(db: None, client: Client) -> None:
    UserFactory(email="anne.roy@example.org", is_active=False)
    sign_in(client, "anne.roy@example.org", PASSWORD)
    assert not is_signed_in(client)


@pytest.mark.parametrize("name", ["mfa_index", "mfa_activate_totp", "mfa_list_webauthn"])
def test_second_factor_is_offered_and_not_forced(db: None, client: Client, name: str) -> None:
    user = UserFactory(email="anne.roy@example.org")
    sign_in(client, user.email, PASSWORD)
    assert is_signed_in(client)
    page = client.get(reverse(name))
    # allauth may ask for the password once more before a factor is added.
    assert page.status_code == 200 or "reauthenticate" in page["Location"]


def test_address_is_unique_whatever_its_case(db: None) -> None:
    create_account(email="anne.roy@example.org", password=PASSWORD)
    with pytest.raises(DomainError, match="existe déjà"):
        create_account(email="Anne.Roy@example.org", password=PASSWORD)
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email="ANNE.ROY@example.org")


SHOW_PROVIDERS = """
import django; django.setup()
from django.test import RequestFactory
from allauth.socialaccount.adapter import get_adapter
request = RequestFactory().get("/")
print([app.name for app in get_adapter().list_apps(request, provider="openid_connect")])
"""


@pytest.mark.parametrize(
    ("variables", "shown"),
    [
        ({}, "[]"),
        (
            {
                "OIDC_SERVER_URL": "https://fca.example.org/api/v2",
                "OIDC_CLIENT_ID": "client",
                "OIDC_CLIENT_SECRET": "secret",
            },
            "['ProConnect']",
        ),
    ],
)
def test_identity_provider_appears_when_the_environment_names_it(
    db: None, variables: dict[str, str], shown: str
) -> None:
    from django.db import connection

    name = connection.settings_dict["NAME"]
    base = os.environ.get("DATABASE_URL", "")
    if not base:
        pytest.skip("needs a server that another process can reach by DATABASE_URL")
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "ctg.settings",
        "DATABASE_URL": base.rsplit("/", 1)[0] + f"/{name}",
        "SECRET_KEY": "for-a-test",
        **variables,
    }
    result = subprocess.run(
        [sys.executable, "-c", SHOW_PROVIDERS],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout.strip() == shown
