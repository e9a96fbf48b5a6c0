"""Nothing of one agreement is seen, chosen or changed from another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django import forms
from django.db import connection, models, transaction
from django.test import Client, override_settings
from django.urls import reverse

from agreements.models import Agreement, AgreementOwned, Role
from core.models import Job, OutgoingMail
from tests.agreements.anything import owned_models
from tests.agreements.matrix import CAPABILITIES, MATRIX, Row
from tests.agreements.objects import BUILDERS, FIXED, build
from tests.factories import AgreementFactory, MembershipFactory

MARKER = "ZZMARQUEUR"
TECHNICAL = ("hash", "sha256", "_type", "key", "format", "mime", "represented_by")
"""Texts that a constraint or the machine reads."""
IN_AGREEMENT = [row for row in MATRIX if row.in_agreement]
WITH_OBJECT = [row for row in IN_AGREEMENT if row.object and row.object not in FIXED]
SHOWN = [row for row in IN_AGREEMENT if row.get]


def client_for(rule: str, agreement: Agreement) -> Client:
    """Somebody who has the right, so that only the agreement can refuse."""
    roles = CAPABILITIES[rule.split("|")[0]].split()
    client = Client()
    client.force_login(MembershipFactory(agreement=agreement, role=Role(roles[0])).user)
    return client


def build_everything(agreement: Agreement) -> None:
    """A row in every table (each model is a kind), and one object for every address."""
    for kind in sorted(BUILDERS):
        build(kind, agreement)


def contexts_of(response: Any) -> Iterator[dict[str, Any]]:
    for context in response.context or []:
        yield from getattr(context, "dicts", [context])


def forms_of(response: Any) -> Iterator[forms.BaseForm]:
    """Every form that a page draws: its own, those of its filters, of its formsets."""
    for context in contexts_of(response):
        for value in context.values():
            if isinstance(value, forms.BaseForm):
                yield value
            elif isinstance(value, forms.BaseFormSet):
                yield from value.forms
                yield value.empty_form
            elif hasattr(value, "form") and isinstance(value.form, forms.BaseForm):
                yield value.form


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture(scope="module")
def marked_agreement(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any
) -> Iterator[Agreement]:
    """An agreement that holds a row in every table, each text marked: built once for the tests of
    this module, in a transaction that is rolled back. A test that uses it asks for ``db`` too."""
    with (
        django_db_blocker.unblock(),
        override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("theirs")),
        transaction.atomic(),
    ):
        theirs = AgreementFactory(name="Ville-Ailleurs", slug="ville-ailleurs")
        build_everything(theirs)
        mark_every_text(theirs)
        yield theirs
        transaction.set_rollback(True)


@pytest.mark.parametrize("row", WITH_OBJECT, ids=lambda row: row.name)
def test_object_of_another_agreement_is_not_found(
    row: Row, agreement: Agreement, other_agreement: Agreement
) -> None:
    theirs = build(row.object, other_agreement)
    url = reverse(row.name, kwargs={"slug": agreement.slug, **theirs})
    for method, rule in [("GET", row.get), ("POST", row.post)]:
        if rule:
            assert client_for(rule, agreement).generic(method, url).status_code == 404, method


def foreign_rows(field: forms.Field, agreement: Agreement) -> list[models.Model]:
    if not isinstance(field, forms.ModelChoiceField) or field.queryset is None:
        return []
    model = field.queryset.model
    if not issubclass(model, AgreementOwned):
        return []
    return list(field.queryset.exclude(agreement=agreement)[:3])


@pytest.mark.parametrize("row", SHOWN, ids=lambda row: row.name)
def test_page_shows_and_offers_nothing_of_another_agreement(
    row: Row, marked_agreement: Agreement, agreement: Agreement
) -> None:
    url = reverse(row.name, kwargs={"slug": agreement.slug, **build(row.object, agreement)})
    response = client_for(row.get or "", agreement).get(url)
    assert response.status_code == row.allowed_get
    if not response.streaming:
        assert MARKER not in response.content.decode(errors="ignore")
    offered = {
        f"{type(form).__name__}.{name}": rows
        for form in forms_of(response)
        for name, field in form.fields.items()
        if (rows := foreign_rows(field, agreement))
    }
    assert offered == {}


def test_list_of_agreements_shows_none_that_is_not_ours(
    marked_agreement: Agreement, agreement: Agreement
) -> None:
    page = client_for("agreement.view", agreement).get(reverse("agreements_list"))
    assert MARKER not in page.content.decode()


def text_fields(model: type[models.Model]) -> Iterator[models.Field]:
    """The free texts, which no constraint of form limits."""
    for field in model._meta.concrete_fields:
        plain = type(field) in (models.CharField, models.TextField)
        long_enough = field.max_length is None or field.max_length >= 30
        technical = field.name.endswith(TECHNICAL)
        if plain and not field.choices and long_enough and not technical:
            yield field


def mark_every_text(agreement: Agreement) -> None:
    """Write the marker in every text of every row of ``agreement``, unique by row."""
    Agreement.objects.filter(pk=agreement.pk).update(name=f"{MARKER} territoire")
    querysets = [model._base_manager.filter(agreement=agreement) for model in owned_models()]
    querysets += [model.objects.filter(realm=agreement.realm) for model in (Job, OutgoingMail)]
    for queryset in querysets:
        names = [field.name for field in text_fields(queryset.model) if field.name != "realm"]
        for pk in queryset.values_list("pk", flat=True) if names else []:
            values = dict.fromkeys(names, f"{MARKER}{pk}")
            queryset.model._base_manager.filter(pk=pk).update(**values)


def test_marker_reaches_the_rows(marked_agreement: Agreement, db: None) -> None:
    """The test of the test: a page that did leak would be seen."""
    page = client_for("agreement.view", marked_agreement).get(
        reverse("agreements:themes", args=[marked_agreement.slug])
    )
    assert MARKER in page.content.decode()


def test_every_built_object_satisfies_the_database(marked_agreement: Agreement, db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
