"""Kinds, mandates, rhythm."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreements.models import Agreement, Role
from committees import queries, rhythm, services
from committees.models import Committee, CommitteeKind, CommitteeMember, Meeting
from core.errors import DomainError
from tests.committees.factories import (
    CommitteeFactory,
    ContactFactory,
    KindFactory,
    MeetingFactory,
    MemberFactory,
    OrganisationFactory,
)
from tests.committees.test_pages import READERS, address, text
from tests.factories import DomainFactory, ThemeFactory

pytestmark = pytest.mark.django_db
HELD, PLANNED = Meeting.State.HELD, Meeting.State.PLANNED


# --- Kinds ------------------------------------------------------------------------------------
def test_usual_kinds_stand_once_with_their_themes(agreement: Agreement) -> None:
    theme = ThemeFactory(agreement=agreement, domain=DomainFactory(key="petite-enfance"))
    services.create_standard_kinds(agreement, actor=None)
    services.create_standard_kinds(agreement, actor=None)
    names = list(queries.kinds(agreement).values_list("name", flat=True))
    assert names == [kind.name for kind in services.STANDARD_KINDS]
    group = CommitteeKind.objects.get(agreement=agreement, name="Groupe petite enfance")
    assert list(group.themes.all()) == [theme]


def test_steering_committee_meets_once_a_year_at_least(agreement: Agreement) -> None:
    with pytest.raises(DomainError, match="au moins une fois par an"):
        services.create_kind(
            agreement, actor=None, name="COPIL", nature="steering", meetings_per_year=0
        )
    kind = KindFactory(agreement=agreement)
    with pytest.raises(DomainError, match="au moins une fois par an"):
        services.create_committee(
            agreement, actor=None, kind=kind, name="Comité", meetings_per_year=0
        )


def test_kind_in_use_is_put_aside_not_deleted(agreement: Agreement) -> None:
    committee = CommitteeFactory(agreement=agreement)
    with pytest.raises(DomainError, match="Décochez"):
        services.delete_kind(committee.kind, actor=None)
    services.delete_kind(KindFactory(agreement=agreement), actor=None)
    assert list(queries.kinds(agreement)) == [committee.kind]


def test_kind_is_written_from_its_page(agreement, client_as) -> None:
    theme = ThemeFactory(agreement=agreement)
    coordinator = client_as(Role.COORDINATOR)
    data = {
        "name": "Comité des familles", "nature": "other", "meetings_per_year": "2",
        "themes": [theme.pk], "has_preparation": "on", "is_active": "on", "position": "",
    }  # fmt: skip
    coordinator.post(address(agreement, "kind_create"), data)
    page = text(coordinator, address(agreement, "kinds"))
    assert "Comité des familles" in page
    assert theme.name in page
    kind = CommitteeKind.objects.get(name="Comité des familles")
    again = coordinator.post(address(agreement, "kind_create"), data)
    assert again.status_code == 422
    assert "porte déjà ce nom" in again.content.decode()
    coordinator.post(address(agreement, "kind_delete", kind.pk))
    assert not CommitteeKind.objects.filter(pk=kind.pk).exists()


def test_first_committee_brings_the_usual_kinds(agreement, client_as) -> None:
    client_as(Role.COORDINATOR).post(
        address(agreement, "committee_create"),
        {"name": "COPIL de la CTG", "kind": "Comité de pilotage (COPIL)", "meetings_per_year": ""},
    )
    committee = Committee.objects.get(name="COPIL de la CTG")
    assert committee.is_steering
    assert committee.expected_per_year == 1


@pytest.mark.parametrize("count", [1, 12])
def test_kinds_cost_the_same(agreement, client_as, django_assert_num_queries, count) -> None:
    for _ in range(count):
        kind = KindFactory(agreement=agreement)
        services.update_kind(kind, actor=None, themes=[ThemeFactory(agreement=agreement)])
        CommitteeFactory(agreement=agreement, kind=kind)
    client = client_as(Role.COORDINATOR)
    client.get(address(agreement, "kinds"))
    with django_assert_num_queries(5):
        text(client, address(agreement, "kinds"))


# --- Mandates ---------------------------------------------------------------------------------
def seat(committee: Committee, contact: object, **days: date | None) -> CommitteeMember:
    organisation = OrganisationFactory(agreement=committee.agreement)
    return services.add_member(
        committee, actor=None, contact=contact, organisation=organisation, **days
    )


def test_member_sits_once_at_a_time(agreement: Agreement) -> None:
    committee, contact = CommitteeFactory(agreement=agreement), ContactFactory(agreement=agreement)
    seat(committee, contact, starts_on=date(2026, 1, 1), ends_on=date(2026, 6, 30))
    with pytest.raises(DomainError, match="siège déjà"):
        seat(committee, contact, starts_on=date(2026, 6, 30))
    seat(committee, contact, starts_on=date(2026, 7, 1))
    with pytest.raises(DomainError, match="siège déjà"):
        seat(committee, contact)


def test_mandate_that_ends_before_it_starts_is_refused(agreement, client_as) -> None:
    committee = CommitteeFactory(agreement=agreement)
    response = client_as(Role.COORDINATOR).post(
        address(agreement, "member_create", committee.pk),
        {
            "contact": ContactFactory(agreement=agreement).pk,
            "organisation": OrganisationFactory(agreement=agreement).pk,
            "starts_on": "2026-06-01", "ends_on": "2026-05-01",
        },
    )  # fmt: skip
    assert response.status_code == 422
    assert "doit suivre son début" in response.content.decode()


def test_member_twice_is_said_in_the_form(agreement, client_as) -> None:
    member = MemberFactory(agreement=agreement)
    response = client_as(Role.COORDINATOR).post(
        address(agreement, "member_create", member.committee_id),
        {"contact": member.contact_id, "organisation": member.organisation_id},
    )
    assert response.status_code == 422
    assert "siège déjà dans cette instance" in response.content.decode()


bounds = st.one_of(st.none(), st.dates(date(2026, 1, 1), date(2026, 3, 1)))


@given(start=bounds, end=bounds, day=st.dates(date(2025, 12, 1), date(2026, 4, 1)))
def test_mandate_holds_between_its_bounds(start, end, day) -> None:
    member = CommitteeMember(starts_on=start, ends_on=end)
    holds = (start is None or start <= day) and (end is None or day <= end)
    assert member.is_past_on(day) == (end is not None and end < day)
    assert not (holds and member.is_past_on(day))


def test_list_of_presence_takes_who_is_in_mandate_on_the_day(agreement: Agreement) -> None:
    meeting = MeetingFactory(agreement=agreement, on=date(2026, 12, 8))
    gone = {"starts_on": None, "ends_on": date(2026, 12, 7)}
    to_come = {"starts_on": date(2026, 12, 9), "ends_on": None}
    last_day = {"starts_on": date(2026, 12, 8), "ends_on": date(2026, 12, 8)}
    for days in (gone, to_come):
        MemberFactory(agreement=agreement, committee=meeting.committee, **days)
    member = MemberFactory(agreement=agreement, committee=meeting.committee, **last_day)
    services.invite_members(meeting, actor=None)
    assert [row.contact for row in meeting.attendances.all()] == [member.contact]


@pytest.mark.parametrize("role", [Role.COORDINATOR, *READERS])
def test_past_members_are_shown_apart(agreement, client_as, role) -> None:
    committee = CommitteeFactory(agreement=agreement)
    yesterday = date.today() - timedelta(1)
    contact = ContactFactory(agreement=agreement, last_name="Ancienne")
    MemberFactory(agreement=agreement, committee=committee, contact=contact, ends_on=yesterday)
    page = text(client_as(role), address(agreement, "committee", committee.pk))
    assert "Ancienne" in page.split("Anciens membres")[1]


# --- Rhythm -----------------------------------------------------------------------------------
def days(*given: tuple[date, str]) -> list[rhythm.MeetingDay]:
    return [rhythm.MeetingDay(on, state) for on, state in given]


@pytest.mark.parametrize(
    ("per_year", "meetings", "on", "words"),
    [
        (1, [], date(2026, 6, 1), ""),
        (1, [], date(2027, 2, 2), "depuis le début de la convention"),
        (1, [(date(2026, 6, 12), HELD)], date(2027, 6, 20), ""),
        (1, [(date(2026, 6, 12), HELD)], date(2027, 7, 14), "depuis le 12\u00a0juin\u00a02026"),
        (1, [(date(2026, 6, 12), HELD), (date(2027, 12, 1), PLANNED)], date(2027, 9, 1), ""),
        (3, [(date(2026, 3, 1), HELD), (date(2026, 11, 9), PLANNED)], date(2026, 10, 1), "pour 3"),
        (3, [(date(2026, 3, 1), HELD), (date(2026, 11, 9), PLANNED)], date(2026, 9, 30), ""),
        (0, [], date(2028, 1, 1), ""),
        (1, [], date(2031, 6, 1), ""),
    ],
)
def test_silence_is_told(agreement, per_year, meetings, on, words) -> None:
    sentence = rhythm.advice(agreement, per_year, days(*meetings), on)
    assert (words in sentence) if words else sentence == ""


def test_part_of_a_year_expects_a_part(agreement: Agreement) -> None:
    agreement.starts_on = date(2026, 10, 1)
    assert [rhythm.expected_in(agreement, 3, year) for year in (2025, 2026, 2027)] == [0, 0, 3]


@pytest.mark.parametrize("role", [Role.COORDINATOR, *READERS])
def test_silence_is_advice_for_whoever_may_mend_it(agreement, client_as, role) -> None:
    Agreement.objects.filter(pk=agreement.pk).update(
        starts_on=date.today() - timedelta(500), ends_on=date.today() + timedelta(500)
    )
    committee = CommitteeFactory(agreement=agreement)
    client = client_as(role)
    advice, home = "Aucune réunion tenue depuis le début", text(client, address(agreement, "home"))
    assert (advice in home) == (role == Role.COORDINATOR)
    assert advice in text(client, address(agreement, "committee", committee.pk))
