"""The administration of accounts: closed rather than deleted."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from tests.factories import UserFactory


def signed_in(**fields: object) -> Client:
    client = Client()
    client.force_login(UserFactory(**fields))
    return client


def test_administrator_finds_and_closes_an_account(db: None) -> None:
    client, user = signed_in(is_staff=True, is_superuser=True), UserFactory(last_name="Zola")
    assert "Zola" in client.get(reverse("admin:accounts_user_changelist")).content.decode()
    change = reverse("admin:accounts_user_change", args=[user.pk])
    client.post(change, {"email": user.email, "first_name": "Émile", "last_name": "Zola"})
    user.refresh_from_db()
    assert not user.is_active


def test_account_is_neither_added_nor_deleted_there(db: None) -> None:
    client, user = signed_in(is_staff=True, is_superuser=True), UserFactory()
    assert client.get(reverse("admin:accounts_user_add")).status_code == 403
    assert client.get(reverse("admin:accounts_user_delete", args=[user.pk])).status_code == 403


def test_member_does_not_enter_the_administration(db: None) -> None:
    assert signed_in().get(reverse("admin:index")).status_code == 302
