"""Every address × every kind of visitor × method, against the table of ``matrix.py``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client, override_settings
from django.urls import reverse

from agreements.models import Agreement, Role
from agreements.roles import ROLE_CAPABILITIES, Capability
from tests.agreements.matrix import CAPABILITIES, MATRIX, OPEN, SIGNED_IN, STAFF, Row
from tests.agreements.objects import build
from tests.agreements.resolver import draft_row, url_names
from tests.factories import AgreementFactory, MembershipFactory, UserFactory

DONE = {200, 302, 409, 422}
"""What an empty form may answer to whoever has the right: done, refused in words, or in error."""
OUTSIDERS = ("staff", "other_ctg", "no_membership", "anonymous", "link_bearer")


def test_every_address_is_in_the_matrix() -> None:
    addresses, rows = sorted(url_names()), sorted(row.name for row in MATRIX)
    missing = [name for name in addresses if name not in rows]
    assert not missing, "Decide, then add:\n" + "\n".join(map(draft_row, missing))
    assert [name for name in rows if name not in addresses] == []
    assert len(rows) == len(set(rows))


def test_table_of_roles_is_what_was_decided() -> None:
    written = {
        capability.value: {role.value for role in Role if capability in ROLE_CAPABILITIES[role]}
        for capability in Capability
    }
    assert written == {name: set(roles.split()) for name, roles in CAPABILITIES.items()}


def roles_of(rule: str) -> set[str]:
    return {role for capability in rule.split("|") for role in CAPABILITIES[capability].split()}


@contextmanager
def undone() -> Iterator[None]:
    """What a visitor did does not change what the next one finds."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def visitors(agreement: Agreement, other: Agreement) -> dict[str, Client]:
    users: dict[str, Any] = {
        role.value: MembershipFactory(agreement=agreement, role=role).user for role in Role
    }
    users["staff"] = UserFactory(is_staff=True)
    users["other_ctg"] = MembershipFactory(agreement=other, role=Role.COORDINATOR).user
    users["no_membership"] = UserFactory()
    clients = {}
    for name, user in users.items():
        clients[name] = Client()
        clients[name].force_login(user)
    clients["anonymous"] = Client()
    clients["link_bearer"] = link_bearer(agreement)
    return clients


def link_bearer(agreement: Agreement) -> Client:
    """Somebody without an account, who has just opened the link that was handed over."""
    from agreements.services.links import create_link
    from tests.agreements.factories import SnapshotFactory

    client = Client()
    _, token = create_link(SnapshotFactory(agreement=agreement), actor=None, label="Mme X")
    if "shared_document" in set(url_names()):
        client.get(reverse("shared_document", args=[token]))
    return client


def expected(
    row: Row, who: str, rule: str | None, others: str | None, success: set[int]
) -> set[int]:
    """The statuses that this visitor may receive. ``others`` is the rule of the other method."""
    if not row.in_agreement:
        return expected_outside(who, rule, success)
    if who in ("anonymous", "link_bearer"):
        return {302}
    if who in OUTSIDERS:
        return {404}
    asked = rule or others
    assert asked is not None
    if who not in roles_of(asked):
        return {403}
    if who in row.refused.split():
        # The object is not asked for by a method that does not exist.
        return {403} if rule else {403, 405}
    return success if rule else {405}


def expected_outside(who: str, rule: str | None, success: set[int]) -> set[int]:
    signed_in = who not in ("anonymous", "link_bearer")
    if rule is None:
        return {302, 403, 404, 405}
    if rule == OPEN or (rule == SIGNED_IN and signed_in) or (rule == STAFF and who == "staff"):
        return success
    if rule == STAFF and signed_in:
        return {403, 404}
    return {302, 403, 404}


def address(row: Row, agreement: Agreement) -> str:
    kwargs = build(row.object, agreement)
    if row.in_agreement:
        kwargs = {"slug": agreement.slug, **kwargs}
    return reverse(row.name, kwargs=kwargs)


@pytest.fixture(scope="module")
def signed_in(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any
) -> Iterator[tuple[Agreement, dict[str, Client]]]:
    """An agreement and its visitors, who sign in once for the whole module, in a transaction that is
    rolled back."""
    with (
        django_db_blocker.unblock(),
        override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("signed_in")),
        transaction.atomic(),
    ):
        visited = AgreementFactory()
        yield visited, visitors(visited, AgreementFactory())
        transaction.set_rollback(True)


@pytest.fixture
def scene(
    signed_in: tuple[Agreement, dict[str, Client]], db: None
) -> Iterator[tuple[Agreement, dict[str, Client]]]:
    """The agreement and its visitors as they came: what a test writes, or puts on the device of
    somebody, is gone for the next one."""
    visited, clients = signed_in
    brought = {who: deepcopy(client.cookies) for who, client in clients.items()}
    yield Agreement.objects.get(pk=visited.pk), clients
    for who, client in clients.items():
        client.cookies = brought[who]


@pytest.mark.parametrize("row", MATRIX, ids=lambda row: row.name)
def test_address_opens_to_whom_it_should(
    row: Row, scene: tuple[Agreement, dict[str, Client]], settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    cache.clear()
    agreement, clients = scene
    url = address(row, agreement)
    wrong = []
    for who, client in clients.items():
        for method, rule, others, success in [
            ("GET", row.get, row.post, {row.allowed_get}),
            ("POST", row.post, row.get, DONE if row.in_agreement else DONE | {400}),
        ]:
            with undone():
                response = client.generic(method, url)
            wanted = expected(row, who, rule, others, success)
            if response.status_code not in wanted:
                wrong.append(f"{method} {who}: {response.status_code}, expected {sorted(wanted)}")
            elif (
                wanted == {302}
                and "/compte/" not in response["Location"]
                and row.in_agreement
                and who in OUTSIDERS
            ):
                wrong.append(
                    f"{method} {who}: sent to {response['Location']}, not to the sign-in page"
                )
    assert wrong == []


def test_refusal_says_why_in_french(agreement: Agreement) -> None:
    client = Client()
    client.force_login(MembershipFactory(agreement=agreement, role=Role.READER).user)
    answer = client.get(reverse("agreements:journal", args=[agreement.slug]))
    assert answer.status_code == 403
    assert "Votre rôle (Lecteur) ne permet pas de lire le journal." in answer.content.decode()


def test_closed_access_is_as_if_there_were_none(agreement: Agreement) -> None:
    client = Client()
    member = MembershipFactory(agreement=agreement, role=Role.COORDINATOR, is_active=False)
    client.force_login(member.user)
    assert client.get(reverse("agreements:identity", args=[agreement.slug])).status_code == 404


def test_unknown_slug_is_not_found(client_as: Any) -> None:
    answer = client_as(Role.COORDINATOR).get("/ctg/nulle-part/convention/")
    assert answer.status_code == 404


ALLAUTH_OPEN = {
    "account_login", "account_logout", "account_reset_password", "account_change_password",
    "mfa_index", "mfa_activate_totp", "mfa_list_webauthn", "mfa_authenticate",
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(ALLAUTH_OPEN))
def test_account_page_exists(name: str) -> None:
    assert reverse(name).startswith("/compte/")


def test_nobody_opens_an_account_without_an_invitation(db: None, client: Client) -> None:
    page = client.get(reverse("account_signup"))
    assert "password1" not in page.content.decode()
