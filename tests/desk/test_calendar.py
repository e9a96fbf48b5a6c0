"""The pages of the calendar: what each role reads, from where, at what cost."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agreements.access import Access, get_access
from agreements.models import Agreement, Role
from desk.calendar import sources
from desk.calendar.entries import Kind, State
from desk.services import create_deadline
from tests.actionplan.factories import action as make_action
from tests.agreements.anything import make
from tests.committees.factories import DecisionFactory, MeetingFactory
from tests.desk.conftest import TODAY
from tests.desk.test_week import address, text
from tests.factories import MembershipFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
DAY = date(2026, 6, 20)
serial = count(1)


def fill(agreement: Agreement, on: date = DAY, last: date | None = None) -> None:
    """One date of every kind in the month of ``on``."""
    meeting = MeetingFactory(agreement=agreement, on=on, place="Mairie")
    make(
        "committees.PreparationLine",
        agreement,
        meeting=meeting,
        label="Envoyer le dossier",
        due_on=on,
    )
    action = make_action(
        agreement, title="Café des parents", due_on=on, status="blocked", blocked_cause="Local",
        unblock_condition="Bail", blocked_review_on=on,
    )  # fmt: skip
    make("actionplan.Step", agreement, action=action, title="Trouver un local", due_on=on)
    DecisionFactory(
        agreement=agreement, decided_on=date(2026, 1, 5), due_on=on, text="Verser 4 000 €",
        institutional="council", institutional_on=on,
    )  # fmt: skip
    make("actionplan.Campaign", agreement, title="Avant le COPIL", closes_on=on, state="open")
    for kind in ("caf", "legal", "network", "other"):
        create_deadline(
            agreement, actor=None, title=f"Échéance {kind}", on=on, ends_on=last, kind=kind,
            audience="public",
        )  # fmt: skip
    make("partners.Contract", agreement, title="PSU", starts_on=date(2026, 1, 1), ends_on=on)
    make("evaluation.EvaluationYear", agreement, opened_on=on, due_on=on)
    make("agreements.Amendment", agreement, signed_on=on)
    make("territory.Facility", agreement, name=f"Crèche {next(serial)}", opened_on=on, closed_on=on)
    make("territory.Workshop", agreement, held_on=on)
    make("participation.Consultation", agreement, title="Questionnaire", starts_on=on, ends_on=last)


def access_of(agreement: Agreement, role: Role) -> Access:
    return get_access(MembershipFactory(agreement=agreement, role=role).user, agreement.slug)


def seen(agreement: Agreement, role: Role, **asked: Any) -> list[Any]:
    return sources.entries(access_of(agreement, role), today=TODAY, **asked)


EVERYBODY = set(Kind) - {Kind.PREPARATION, Kind.CAMPAIGN, Kind.CONTRACT, Kind.EVALUATION}
PARTNERS = {Kind.CONTRACT, Kind.EVALUATION}
KINDS = {
    Role.COORDINATOR: set(Kind),
    Role.DIRECTION: EVERYBODY | PARTNERS | {Kind.PREPARATION},
    Role.CAF: EVERYBODY | PARTNERS | {Kind.PREPARATION},
    Role.ELECTED: EVERYBODY | PARTNERS,
    Role.PARTNER: EVERYBODY,
    Role.READER: EVERYBODY,
}
"""Written by hand: what each role finds, when every room has a date."""


@pytest.mark.parametrize("role", list(Role))
def test_each_role_reads_the_dates_of_its_rooms(agreement, role) -> None:
    fill(agreement)
    assert {entry.kind for entry in seen(agreement, role)} == KINDS[role]
    assert set(sources.allowed_kinds(access_of(agreement, role))) == KINDS[role]


@pytest.mark.parametrize(
    ("role", "titles"),
    [
        (Role.COORDINATOR, {"public", "committee", "internal"}),
        (Role.DIRECTION, {"public", "committee", "internal"}),
        (Role.ELECTED, {"public", "committee"}),
        (Role.CAF, {"public", "committee"}),
        (Role.PARTNER, {"public"}),
        (Role.READER, {"public"}),
    ],
)
def test_deadline_is_for_its_audience(agreement, role, titles) -> None:
    for audience in ("public", "committee", "internal"):
        create_deadline(agreement, actor=None, title=audience, on=DAY, audience=audience)
    found = seen(agreement, role, kinds=[Kind.CAF])
    assert {entry.title for entry in found} == titles


@pytest.mark.parametrize("name", ["calendar", "calendar_list", "calendar_file"])
def test_dates_of_another_agreement_are_never_read(
    agreement, other_agreement, client_as, name
) -> None:
    fill(other_agreement)
    for label in ("Lieu à eux", "Échéance à eux"):
        create_deadline(other_agreement, actor=None, title=label, on=DAY, place=label)
    page = client_as(Role.COORDINATOR).get(address(agreement, name)).content.decode()
    for words in ("à eux", "Café des parents", "Échéance caf", "Crèche", "PSU", "Verser"):
        assert words not in page
    found = seen(agreement, Role.COORDINATOR)
    assert {entry.kind for entry in found} == {Kind.AGREEMENT}


def test_states_are_computed_from_the_day(agreement) -> None:
    before = TODAY - timedelta(3)
    held = MeetingFactory(agreement=agreement, on=before, state="held")
    MeetingFactory(agreement=agreement, on=DAY, state="cancelled")
    line = "committees.PreparationLine"
    make(line, agreement, meeting=held, label="tard", due_on=before)
    make(line, agreement, meeting=held, label="fait", due_on=before, done_on=before)
    make(line, agreement, meeting=held, label="à venir", due_on=DAY)
    action = make_action(agreement, due_on=before, status="in_progress")
    paused = make_action(agreement, due_on=before, status="paused")
    done = make_action(agreement, due_on=before, status="done")
    DecisionFactory(agreement=agreement, number="2026-1", decided_on=before, due_on=before)
    DecisionFactory(
        agreement=agreement, number="2026-2", decided_on=before, due_on=before, state="done"
    )
    DecisionFactory(
        agreement=agreement, number="2026-3", decided_on=before, due_on=before, state="dropped"
    )
    create_deadline(agreement, actor=None, title="en cours", on=before, ends_on=DAY)
    create_deadline(agreement, actor=None, title="réseau", on=before, kind="network")
    states = {
        entry.title: entry.state
        for entry in seen(agreement, Role.COORDINATOR)
        if entry.kind not in (Kind.MEETING, Kind.AGREEMENT)
    }
    assert states == {
        "tard": State.LATE, "fait": State.DONE, "à venir": State.NONE,
        f"Échéance de l'action {action}": State.LATE,
        f"Échéance de l'action {paused}": State.NONE,
        f"Échéance de l'action {done}": State.DONE,
        "Suite de la décision n° 2026-1": State.LATE,
        "Suite de la décision n° 2026-2": State.DONE,
        "en cours": State.NONE, "réseau": State.NONE,
    }  # fmt: skip
    meetings = [e.state for e in seen(agreement, Role.READER, kinds=[Kind.MEETING])]
    assert meetings == [State.DONE, State.CANCELLED]


def test_cancelled_meeting_asks_for_nothing_and_is_told_in_words(agreement, client_as) -> None:
    meeting = MeetingFactory(agreement=agreement, on=DAY, state="cancelled", place="Mairie")
    make("committees.PreparationLine", agreement, meeting=meeting, label="Relire", due_on=DAY)
    page = text(client_as(Role.COORDINATOR), address(agreement, "calendar"))
    assert "Relire" not in page
    assert f"<s>{meeting.committee}</s>" in page
    assert "annulée" in page
    assert "14\u00a0h – 15\u00a0h\u00a030" in page


def test_period_is_read_whenever_it_overlaps(agreement) -> None:
    create_deadline(
        agreement, actor=None, title="Dépôt", on=date(2026, 2, 1), ends_on=date(2026, 8, 31)
    )
    for start, end, found in [
        (date(2026, 6, 1), date(2026, 6, 30), 1),
        (date(2026, 8, 31), date(2026, 9, 30), 1),
        (date(2026, 1, 1), date(2026, 2, 1), 1),
        (date(2026, 9, 1), date(2026, 9, 30), 0),
        (date(2026, 1, 1), date(2026, 1, 31), 0),
    ]:
        assert len(seen(agreement, Role.CAF, start=start, end=end, kinds=[Kind.CAF])) == found


def test_contracts_that_end_together_are_one_date_and_its_renewal(agreement) -> None:
    for number in range(3):
        make(
            "partners.Contract", agreement, title=f"Contrat {number}", starts_on=date(2026, 1, 1),
            ends_on=date(2030, 12, 31),
        )  # fmt: skip
    make("partners.Contract", agreement, title="Bref", starts_on=date(2026, 5, 1), ends_on=DAY)
    rows = seen(agreement, Role.ELECTED, kinds=[Kind.CONTRACT])
    assert [(row.title.replace("\u00a0", " "), row.on) for row in rows] == [
        ("Fin du contrat : Bref", DAY),
        ("Préparer le renouvellement de 3 contrats", date(2030, 7, 1)),
        ("Fin de 3 contrats", date(2030, 12, 31)),
    ]
    assert rows[1].detail == "Contrat 0 ; Contrat 1 ; Contrat 2"
    only = seen(
        agreement,
        Role.ELECTED,
        start=date(2030, 7, 1),
        end=date(2030, 7, 31),
        kinds=[Kind.CONTRACT],
    )
    assert len(only) == 1


def test_agreement_gives_its_own_dates(agreement) -> None:
    Agreement.objects.filter(pk=agreement.pk).update(signed_on=date(2025, 12, 19))
    rows = seen(agreement, Role.READER)
    assert [(row.title, row.on) for row in rows] == [
        ("Signature de la convention", date(2025, 12, 19)),
        ("Début de la convention", date(2026, 1, 1)),
        ("Mi-parcours de la convention", date(2028, 7, 2)),
        ("Fin de la convention", date(2030, 12, 31)),
    ]


# --- Pages ------------------------------------------------------------------------------------
def test_month_is_a_table_of_weeks_with_holidays_and_today(agreement, client_as) -> None:
    page = text(client_as(Role.READER), address(agreement, "calendar_month", 2026, 5))
    assert "<caption" in page
    assert page.count('scope="col"') == 8
    assert page.count('scope="row"') == 5
    for words in ("Mai 2026", "Fête du Travail", "Ascension", "Lundi de Pentecôte", "Aujourd'hui"):
        assert words in page.replace("&#x27;", "'")
    assert ">aujourd'hui<" not in page
    assert ">aujourd'hui<" in text(client_as(Role.READER), address(agreement, "calendar"))


def test_filters_stay_in_the_address(agreement, client_as) -> None:
    fill(agreement)
    client = client_as(Role.COORDINATOR)
    asked = "?nature=caf&nature=reunions"
    page = text(client, address(agreement, "calendar") + asked)
    assert "Échéance caf" in page
    assert "Échéance legal" not in page
    kept = asked.replace("&", "&amp;")
    assert f"/calendrier/2026/7/{kept}" in page
    assert f"/calendrier/liste/{kept}" in page
    ics = client.get(address(agreement, "calendar_file") + asked).content.decode()
    assert "Échéance caf" in ics
    assert "Échéance legal" not in ics


@pytest.mark.parametrize("asked", ["?nature=retroplanning", "?nature=nimporte"])
def test_kind_that_one_may_not_read_is_as_if_it_were_not_asked(agreement, client_as, asked) -> None:
    fill(agreement)
    page = text(client_as(Role.READER), address(agreement, "calendar_list") + asked)
    assert "Envoyer le dossier" not in page
    assert "Échéance caf" in page


@pytest.mark.parametrize(("year", "month"), [(2026, 13), (2026, 0), (1900, 1), (9999, 12), (0, 1)])
def test_month_that_is_not_is_not_found(agreement, client_as, year, month) -> None:
    client = client_as(Role.READER)
    assert client.get(address(agreement, "calendar_month", year, month)).status_code == 404


def test_past_dates_come_on_demand(agreement, client_as) -> None:
    for title, on in [("Passée", TODAY - timedelta(1)), ("Du jour", TODAY), ("À venir", DAY)]:
        create_deadline(agreement, actor=None, title=title, on=on)
    client, url = client_as(Role.CAF), address(agreement, "calendar_list")
    ahead, behind = text(client, url), text(client, f"{url}?passees=oui")
    assert "Passée" not in ahead
    assert "Du jour" in ahead
    assert "À venir" in ahead
    assert "Passée" in behind
    assert "Du jour" not in behind


def test_long_list_is_cut_in_pages_and_loses_nothing(agreement, client_as) -> None:
    for number in range(130):
        make("desk.Deadline", agreement, title=f"Échéance {number}.", on=DAY, audience="public")
    client, url = client_as(Role.READER), address(agreement, "calendar_list")
    pages = "".join(text(client, f"{url}?page={page}") for page in range(1, 5))
    assert all(f"Échéance {number}." in pages for number in range(130))


def test_only_who_steers_is_offered_to_add(agreement, client_as) -> None:
    url = address(agreement, "deadline_create")
    assert url in text(client_as(Role.COORDINATOR), address(agreement, "calendar"))
    for role in set(Role) - {Role.COORDINATOR}:
        assert url not in text(client_as(role), address(agreement, "calendar"))


CALENDAR_QUERIES = 11


@pytest.mark.parametrize("name", ["calendar", "calendar_list", "calendar_file"])
def test_calendar_costs_the_same_for_one_date_and_for_many(agreement, client_as, name) -> None:
    client = client_as(Role.COORDINATOR)
    fill(agreement)
    client.get(address(agreement, name))
    costs = []
    for _ in range(2):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(address(agreement, name))
        costs.append(len(queries))
        for number in range(8):
            fill(agreement, DAY + timedelta(number % 5))
        for number in range(400):
            make("desk.Deadline", agreement, title=f"Date {number}", on=DAY)
    assert costs == [CALENDAR_QUERIES, CALENDAR_QUERIES]


# --- Files ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("?du=hier", "du"),
        ("?du=2026-06-30&au=2026-06-01", "doit suivre"),
        ("?du=1900-01-01&au=2026-06-01", "dix ans au plus"),
    ],
)
def test_strange_period_is_a_sentence(agreement, client_as, asked, words) -> None:
    answer = client_as(Role.READER).get(address(agreement, "calendar_file") + asked)
    assert answer.status_code in (409, 422)
    assert words in answer.content.decode()


def test_week_leads_to_the_dates_to_come(agreement, client_as) -> None:
    client: Client = client_as(Role.COORDINATOR)
    assert address(agreement, "calendar_list") in text(client, address(agreement, "week"))
