"""French order, French search, and the constraint that keeps agreements apart."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection
from django.utils import timezone

from agreements.models import AccessLink, Agreement, Snapshot
from core.audience import Audience
from core.db import fr_order, french_search
from opendata.models import Territory
from tests.factories import TerritoryFactory

pytestmark = pytest.mark.django_db


def names(queryset) -> list[str]:
    return list(queryset.values_list("name", flat=True))


def test_french_order_ignores_case_and_accents() -> None:
    for name in ["Zuydcoote", "écot", "Ecouves", "Écorcei", "ebreuil"]:
        TerritoryFactory(name=name)
    assert names(Territory.objects.order_by(*fr_order("name"))) == [
        "ebreuil", "Écorcei", "écot", "Ecouves", "Zuydcoote",
    ]  # fmt: skip


@pytest.mark.parametrize("typed", ["vergers", "SAINT-ANDRE", "andré", "saint andré", "verge"])
def test_french_search_finds_by_word_or_by_part(typed: str) -> None:
    TerritoryFactory(name="Saint-André-les-Vergers")
    TerritoryFactory(name="Troyes")
    assert names(french_search(Territory.objects.all(), typed, "name")) == [
        "Saint-André-les-Vergers"
    ]


def test_french_search_of_nothing_is_everything() -> None:
    TerritoryFactory()
    assert french_search(Territory.objects.all(), "  ", "name").count() == 1


@pytest.mark.parametrize("typed", ["100 %", "l'école", "a & b | (", "\\", "'"])
def test_french_search_survives_what_people_type(typed: str) -> None:
    TerritoryFactory(name="Troyes")
    assert names(french_search(Territory.objects.all(), typed, "name")) == []


def snapshot_of(agreement: Agreement) -> Snapshot:
    return Snapshot.objects.create(
        agreement=agreement,
        kind="essai",
        number=1,
        title="Essai",
        audience=Audience.PUBLIC,
        schema_version=1,
        content={},
        content_hash="x",
    )


def link(agreement: Agreement, snapshot: Snapshot) -> AccessLink:
    return AccessLink(
        agreement=agreement,
        snapshot=snapshot,
        label="Mme X",
        purpose="read_document",
        token_hash="h",
        expires_at=timezone.now() + timedelta(days=1),
    )


def test_same_agreement_is_refused_by_the_form_in_french(agreement, other_agreement) -> None:
    stranger = link(agreement, snapshot_of(other_agreement))
    with pytest.raises(ValidationError) as refusal:
        stranger.full_clean()
    assert refusal.value.message_dict == {
        "snapshot": ["Cet élément appartient à une autre convention."]
    }


def test_same_agreement_is_refused_by_the_database(agreement, other_agreement) -> None:
    link(agreement, snapshot_of(other_agreement)).save()
    with pytest.raises(IntegrityError), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_same_agreement_lets_a_row_of_the_agreement_pass(agreement) -> None:
    row = link(agreement, snapshot_of(agreement))
    row.full_clean()
    row.save()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_whole_agreement_can_be_deleted_with_its_rows(agreement) -> None:
    link(agreement, snapshot_of(agreement)).save()
    agreement.delete()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert not Snapshot.objects.exists()
