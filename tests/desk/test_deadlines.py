"""The dates that no other room holds: added, changed, ticked, deleted."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from agreements.models import Agreement, JournalEntry, Role
from core.errors import DomainError
from desk import services
from desk.models import Deadline
from tests.desk.test_week import address, text

pytestmark = pytest.mark.django_db
TYPED = {"title": "Bilan", "on": "30/04/2027", "kind": "caf", "audience": "committee"}


@pytest.fixture
def client(agreement, client_as) -> Client:
    return client_as(Role.COORDINATOR)


def deadline(agreement: Agreement, **fields: object) -> Deadline:
    given = {"title": "Bilan", "on": date(2027, 4, 30), **fields}
    return services.create_deadline(agreement, actor=None, **given)


def test_deadline_is_added_changed_ticked_and_removed(agreement, client) -> None:
    client.post(address(agreement, "deadline_create"), TYPED)
    row = Deadline.objects.get(agreement=agreement)
    assert row.on == date(2027, 4, 30)
    url = address(agreement, "deadline_update", row.pk)
    client.post(
        url, {**TYPED, "kind": "network", "starts_at": "9:30", "place": "Caf", "version": "1"}
    )
    row.refresh_from_db()
    assert (row.kind, row.starts_at, row.place, row.version) == ("network", time(9, 30), "Caf", 2)
    client.post(address(agreement, "deadline_tick", row.pk))
    row.refresh_from_db()
    assert row.done_on == timezone.localdate()
    assert "Tenues" in text(client, address(agreement, "deadlines"))
    client.post(address(agreement, "deadline_tick", row.pk), {"fait": "non"})
    row.refresh_from_db()
    assert row.done_on is None
    client.post(address(agreement, "deadline_delete", row.pk))
    assert not Deadline.objects.exists()


def test_ticking_twice_keeps_the_first_day(agreement) -> None:
    row, first = deadline(agreement), date(2026, 3, 2)
    for on in (first, date(2026, 3, 9)):
        services.complete_deadline(row, actor=None, on=on)
    assert row.done_on == first


def test_two_people_see_both_versions_and_lose_nothing(agreement, client) -> None:
    row = deadline(agreement)
    services.update_deadline(row, actor=None, title="Bilan définitif")
    url = address(agreement, "deadline_update", row.pk)
    answer = client.post(url, {**TYPED, "title": "Bilan signé", "version": "1"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Bilan définitif" in page
    assert "Bilan signé" in page
    row.refresh_from_db()
    assert row.title == "Bilan définitif"


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"on": date(2126, 4, 30)}, "on", "vérifiez l'année"),
        ({"on": date(2024, 12, 31)}, "on", "vérifiez l'année"),
        ({"ends_on": date(2027, 4, 29)}, "ends_on", "suivre le début"),
        ({"ends_on": date(2028, 6, 30)}, "ends_on", "un an au plus"),
        ({"ends_on": date(2027, 5, 2), "starts_at": time(9)}, "starts_at", "un seul jour"),
        ({"ends_at": time(9)}, "starts_at", "heure de début"),
        ({"starts_at": time(9), "ends_at": time(9)}, "ends_at", "doit suivre"),
        ({"done_on": date(2032, 1, 1)}, "done_on", "une fois faite"),
    ],
)
def test_strange_date_is_refused_in_words(agreement, fields, field, words) -> None:
    with pytest.raises(DomainError, match=words) as refusal:
        deadline(agreement, **fields)
    assert refusal.value.field == field
    row = deadline(agreement)
    with pytest.raises(DomainError, match=words):
        services.update_deadline(row, actor=None, **fields)


def test_refusal_stands_beside_its_field(agreement, client) -> None:
    answer = client.post(address(agreement, "deadline_create"), {**TYPED, "on": "30/04/2199"})
    assert answer.status_code == 422
    assert "vérifiez l&#x27;année" in answer.content.decode()
    assert not Deadline.objects.exists()


def test_one_day_period_keeps_its_hours(agreement) -> None:
    row = deadline(agreement, ends_on=date(2027, 4, 30), starts_at=time(9), ends_at=time(10))
    assert row.last == row.on


def test_internal_date_is_told_in_the_internal_journal_only(agreement) -> None:
    for audience in ("internal", "committee"):
        row = deadline(agreement, audience=audience)
        services.complete_deadline(row, actor=None, on=date(2026, 1, 5))
        services.delete_deadline(row, actor=None)
    told = JournalEntry.objects.filter(agreement=agreement).values_list("is_internal", flat=True)
    assert sorted(told) == [False] * 3 + [True] * 3


def test_late_date_says_so(agreement, client) -> None:
    today = timezone.localdate()
    deadline(agreement, on=today - timedelta(3), ends_on=today)
    assert "date passée" not in text(client, address(agreement, "deadlines"))
    deadline(agreement, on=today - timedelta(1))
    assert "date passée" in text(client, address(agreement, "deadlines"))


def test_usual_dates_are_loaded_once_and_say_that_they_are_to_be_checked(agreement) -> None:
    for _ in range(2):
        services.preload_deadlines(agreement, actor=None, year=2026)
    dates = Deadline.objects.filter(agreement=agreement)
    assert dates.count() == 3
    assert all("à vérifier" in row.note for row in dates)


def test_usual_dates_are_offered_where_none_stands(agreement, client) -> None:
    usual = address(agreement, "deadlines_usual")
    assert usual in text(client, address(agreement, "deadlines"))
    client.post(usual)
    assert Deadline.objects.filter(agreement=agreement).count() >= 2
    assert usual not in text(client, address(agreement, "deadlines"))
