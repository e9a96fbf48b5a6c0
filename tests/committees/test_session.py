"""What is written while the meeting goes on."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agreements.models import Agreement, Role
from committees import queries, services, session
from committees.models import AgendaItem, Attendance, Decision, Meeting, SessionNote
from committees.services.session import TypedNote
from core.errors import DomainError
from tests.committees.factories import (
    AgendaItemFactory,
    AttendanceFactory,
    ContactFactory,
    MeetingFactory,
    OrganisationFactory,
    arbitration,
)

pytestmark = pytest.mark.django_db
S, A, O = Attendance.Status, Attendance.Answer, AgendaItem.Outcome  # noqa: E741


def address(agreement: Agreement, name: str, *args: object) -> str:
    return reverse(f"committees:{name}", args=[agreement.slug, *args])


@pytest.fixture
def meeting(agreement: Agreement) -> Meeting:
    return MeetingFactory(agreement=agreement, on=date(2026, 6, 12))


@pytest.fixture
def item(meeting: Meeting) -> AgendaItem:
    return AgendaItemFactory(
        agreement=meeting.agreement, meeting=meeting, title="Multi-accueil", position=0
    )


def note(meeting: Meeting, item: AgendaItem, text: str, version: int = 0):
    return services.save_notes(meeting, actor=None, typed={item.pk: TypedNote(text, version)})


# --- The clock ------------------------------------------------------------------------------------
def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 6, 12, hour, minute)


def clock_of(meeting: Meeting, now: datetime) -> str:
    return " ".join(session.clock_words(meeting, meeting.agenda.all(), now)).replace("\u00a0", " ")


def test_clock_says_where_the_planned_minutes_put_the_meeting(meeting, item) -> None:
    AgendaItemFactory(agreement=meeting.agreement, meeting=meeting, title="Bilan", position=1)
    assert "prévue à 14 h" in clock_of(meeting, at(13, 50))
    meeting.opened_at = time(14, 10)
    assert "« Multi-accueil », encore 5 min" in clock_of(meeting, at(14, 25))
    words = clock_of(meeting, at(14, 30))
    assert "depuis 20 min" in words
    assert "point 2 sur 2, « Bilan »" in words
    assert "10 min de dépassement" in clock_of(meeting, at(15, 0))
    meeting.closed_at = time(15, 40)
    assert clock_of(meeting, at(18)) == "Séance ouverte à 14 h 10, levée à 15 h 40, après 1 h 30."


def test_clock_of_another_day_says_the_day(meeting) -> None:
    assert "est prévue le 12 juin 2026" in clock_of(meeting, datetime(2026, 6, 11, 9))
    assert "était prévue le 12 juin 2026" in clock_of(meeting, datetime(2026, 6, 13, 9))


def test_session_rises_after_it_opened(meeting) -> None:
    with pytest.raises(DomainError, match="après s'être ouverte"):
        services.set_hours(meeting, actor=None, opened_at=time(14), closed_at=time(14))
    with pytest.raises(DomainError, match="ouverture"):
        services.set_hours(meeting, actor=None, opened_at=None, closed_at=time(16))


def test_closing_marks_the_meeting_held_and_carries_what_was_not_treated(
    agreement, meeting
) -> None:
    treated = AgendaItemFactory(agreement=agreement, meeting=meeting, title="Traité")
    again = AgendaItemFactory(agreement=agreement, meeting=meeting, title="À revoir")
    AgendaItemFactory(agreement=agreement, meeting=meeting, title="Oublié")
    following = MeetingFactory(
        agreement=agreement, committee=meeting.committee, on=date(2026, 12, 8)
    )
    services.prepare_meeting(meeting, actor=None)
    services.set_outcome(treated, actor=None, outcome=O.INFORMATION)
    services.set_outcome(again, actor=None, outcome=O.TO_REVIEW)
    services.set_hours(meeting, actor=None, opened_at=time(14, 5), closed_at=None)
    assert not following.agenda.exists()  # nothing comes back while the meeting goes on
    services.close_session(meeting, actor=None, at=time(15, 30))
    meeting.refresh_from_db()
    assert (meeting.state, meeting.opened_at, meeting.closed_at) == (
        Meeting.State.HELD, time(14, 5), time(15, 30),
    )  # fmt: skip
    assert meeting.preparation.get(key="meeting").done_on == meeting.on
    assert [row.title for row in following.agenda.all()] == ["À revoir", "Oublié"]
    services.set_outcome(again, actor=None, outcome=O.INFORMATION)
    assert [row.title for row in following.agenda.all()] == ["Oublié"]


def test_meeting_written_up_the_next_morning_has_no_invented_end(meeting) -> None:
    services.close_session(meeting, actor=None, at=time(9, 0))
    assert (meeting.opened_at, meeting.closed_at) == (time(14), None)


# --- Presences --------------------------------------------------------------------------------------
def test_announced_answers_are_taken_over_for_those_not_noted(agreement, meeting) -> None:
    rows = {
        answer: AttendanceFactory(
            agreement=agreement, meeting=meeting, answer=answer,
            answer_represented_by="M. Caron" if answer == A.REPRESENTED else "",
        )
        for answer in (A.COMING, A.EXCUSED, A.REPRESENTED)
    }  # fmt: skip
    silent = AttendanceFactory(agreement=agreement, meeting=meeting)
    seen = AttendanceFactory(agreement=agreement, meeting=meeting, answer=A.COMING, status=S.ABSENT)
    assert services.note_announced(meeting, actor=None) == 3
    found = {row.pk: row for row in meeting.attendances.all()}
    assert found[rows[A.COMING].pk].status == S.PRESENT
    assert found[rows[A.EXCUSED].pk].status == S.EXCUSED
    represented = found[rows[A.REPRESENTED].pk]
    assert (represented.status, represented.represented_by) == (S.REPRESENTED, "M. Caron")
    assert found[silent.pk].status == S.INVITED
    assert found[seen.pk].status == S.ABSENT  # what was seen is not undone by what was announced
    assert services.note_absent(meeting, actor=None) == 1
    silent.refresh_from_db()
    assert silent.status == S.ABSENT


def test_somebody_unexpected_is_present(agreement, meeting) -> None:
    place = OrganisationFactory(agreement=agreement)
    row = services.welcome(
        meeting, actor=None, organisation=place, first_name="Anne", last_name="Lemoine"
    )
    assert (row.status, str(row.contact)) == (S.PRESENT, "Anne Lemoine")
    listed = AttendanceFactory(agreement=agreement, meeting=meeting)
    again = services.welcome(meeting, actor=None, organisation=place, contact=listed.contact)
    assert (again.pk, again.status) == (listed.pk, S.PRESENT)
    with pytest.raises(DomainError, match="écrivez son nom"):
        services.welcome(meeting, actor=None, organisation=place)
    with pytest.raises(DomainError, match="pas les deux"):
        services.welcome(
            meeting, actor=None, organisation=place, contact=listed.contact, last_name="X"
        )


def test_presence_is_one_tap_and_comes_back_to_the_person(agreement, client_as, meeting) -> None:
    row = AttendanceFactory(agreement=agreement, meeting=meeting)
    client = client_as(Role.COORDINATOR)
    answer = client.post(
        address(agreement, "session_presence", row.pk), {"statut": "present", "par": ""}
    )
    assert answer["Location"] == address(agreement, "session", meeting.pk) + f"#personne-{row.pk}"
    row.refresh_from_db()
    assert row.status == S.PRESENT


def test_represented_person_present_is_refused_with_the_reason(
    agreement, client_as, meeting
) -> None:
    row = AttendanceFactory(
        agreement=agreement, meeting=meeting, status=S.REPRESENTED, represented_by="M. Caron"
    )
    client, url = client_as(Role.COORDINATOR), address(agreement, "session_presence", row.pk)
    given = {"statut": "present", "par": "M. Caron"}
    answer = client.post(url, given)
    assert answer.status_code == 422
    assert "ne peut pas être « présent »" in answer.content.decode()
    # htmx swaps no answer that failed: the same page, said to be well
    assert client.post(url, given, headers={"HX-Request": "true"}).status_code == 200
    row.refresh_from_db()
    assert (row.status, row.represented_by) == (S.REPRESENTED, "M. Caron")
    client.post(url, {"statut": "present", "par": ""})
    row.refresh_from_db()
    assert (row.status, row.represented_by) == (S.PRESENT, "")


def test_person_announced_represented_who_comes_is_noted_in_one_tap(
    agreement, client_as, meeting
) -> None:
    row = AttendanceFactory(
        agreement=agreement, meeting=meeting, answer=A.REPRESENTED, answer_represented_by="M. Caron"
    )
    # The field « représenté par » came filled with what was announced.
    client_as(Role.COORDINATOR).post(
        address(agreement, "session_presence", row.pk), {"statut": "present", "par": "M. Caron"}
    )
    row.refresh_from_db()
    assert (row.status, row.represented_by) == (S.PRESENT, "")


def test_unknown_presence_is_refused_in_words(agreement, client_as, meeting) -> None:
    row = AttendanceFactory(agreement=agreement, meeting=meeting)
    answer = client_as(Role.COORDINATOR).post(
        address(agreement, "session_presence", row.pk), {"statut": "perdu"}
    )
    assert answer.status_code == 422
    assert "Choisissez présent" in answer.content.decode()


# --- Notes ------------------------------------------------------------------------------------------
def test_two_people_under_one_point_lose_nothing(meeting, item) -> None:
    first = note(meeting, item, "Le lot manque.").saved[item.pk]
    second = note(meeting, item, "La PMI est favorable.", version=0)
    assert second.saved == {}
    assert second.stale[item.pk].text == "Le lot manque."
    kept = note(meeting, item, "Le lot manque. La PMI est favorable.", first.version)
    assert kept.saved[item.pk].version == first.version + 1
    texts = [row.text for row in first.history.order_by("history_id")]  # type: ignore[attr-defined]
    assert texts == ["Le lot manque.", "Le lot manque. La PMI est favorable."]


def test_saving_what_is_already_there_is_no_conflict(meeting, item) -> None:
    note(meeting, item, "Le lot manque.")
    again = note(meeting, item, "Le lot manque.\r\n", version=0)
    assert again.stale == {}
    assert again.saved[item.pk].version == 1


def test_other_points_are_kept_when_one_is_stale(agreement, meeting, item) -> None:
    other = AgendaItemFactory(agreement=agreement, meeting=meeting)
    note(meeting, item, "Déjà là.")
    result = services.save_notes(
        meeting, actor=None, typed={item.pk: TypedNote("Autre", 0), other.pk: TypedNote("Neuf", 0)}
    )
    assert list(result.stale) == [item.pk]
    assert SessionNote.objects.get(item=other).text == "Neuf"


def test_nothing_typed_makes_no_note(meeting, item) -> None:
    assert note(meeting, item, "   \n").saved == {}
    assert not SessionNote.objects.exists()


def test_point_with_notes_stays_on_the_agenda(meeting, item) -> None:
    note(meeting, item, "Le lot manque.")
    with pytest.raises(DomainError, match="notes ont été prises"):
        services.remove_agenda_item(item, actor=None)


def test_script_saves_and_hears_what_stands(agreement, client_as, meeting, item) -> None:
    client, url = client_as(Role.COORDINATOR), address(agreement, "session_notes", meeting.pk)
    json = {"Accept": "application/json"}
    first = client.post(
        url, {f"note-{item.pk}": "Un", f"version-{item.pk}": "0"}, headers=json
    ).json()
    assert first["notes"] == {str(item.pk): {"version": 1}}
    assert first["words"].startswith("Enregistré à ")
    stale = client.post(url, {f"note-{item.pk}": "Deux", f"version-{item.pk}": "0"}, headers=json)
    assert stale.status_code == 409
    assert stale.json()["stale"] == {str(item.pk): {"version": 1, "text": "Un"}}
    assert client.get(url).json() == {"notes": {str(item.pk): {"version": 1, "text": "Un"}}}


def test_without_script_both_texts_are_shown(agreement, client_as, meeting, item) -> None:
    note(meeting, item, "Ce que dit l'autre.")
    client, url = client_as(Role.COORDINATOR), address(agreement, "session_notes", meeting.pk)
    typed = {f"note-{item.pk}": "Ce que je dis.", f"version-{item.pk}": "0"}
    answer = client.post(url, typed)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Ce que dit l&#x27;autre." in page
    assert "Ce que je dis.</textarea>" in page
    assert f'name="version-{item.pk}" form="notes" value="1"' in page
    saved = client.post(url, {**typed, f"version-{item.pk}": "1", "point": item.pk})
    assert saved["Location"].endswith(f"#point-{item.pk}")
    assert SessionNote.objects.get(item=item).text == "Ce que je dis."


def test_refused_notes_are_shown_back(agreement, client_as, meeting, item) -> None:
    services.cancel_meeting(meeting, actor=None)
    client, url = client_as(Role.COORDINATOR), address(agreement, "session_notes", meeting.pk)
    given = {f"note-{item.pk}": "Des mots précieux", f"version-{item.pk}": "0"}
    answer = client.post(url, given)
    assert answer.status_code == 422
    assert "Des mots précieux" in answer.content.decode()
    refused = client.post(url, given, headers={"Accept": "application/json"})
    assert "annulée" in refused.json()["refusal"]


@pytest.mark.parametrize("version", ["", "-1", "abc", "9" * 40])
def test_nonsense_for_a_version_is_a_conflict_at_worst(
    agreement, client_as, meeting, item, version
) -> None:
    note(meeting, item, "Un")
    url = address(agreement, "session_notes", meeting.pk)
    given = {f"note-{item.pk}": "Deux", f"version-{item.pk}": version, "note-x": "?", "note-": "?"}
    assert client_as(Role.COORDINATOR).post(url, given).status_code == 409


# --- Outcomes and decisions -------------------------------------------------------------------------
def test_decision_is_noted_under_its_point(agreement, client_as, meeting) -> None:
    point = arbitration(agreement, item=AgendaItemFactory(agreement=agreement, meeting=meeting))
    option, person = point.options.first(), ContactFactory(agreement=agreement)
    client = client_as(Role.COORDINATOR)
    url = address(agreement, "session_decision", point.item_id)
    part = client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert option.title in part
    answer = client.post(
        url,
        {
            "chosen_option": option.pk, "text": "Le comité est favorable.",
            "responsible": person.pk, "due_on": "2026-09-30", "institutional": "none",
        },
    )  # fmt: skip
    assert answer["Location"].endswith(f"#point-{point.item_id}")
    decision = Decision.objects.get(item=point.item_id)
    assert (decision.meeting, decision.chosen_option, decision.decided_on) == (
        meeting, option, meeting.on,
    )  # fmt: skip
    point.item.refresh_from_db()
    assert point.item.outcome == O.DECISION


def test_decision_due_before_it_is_taken_is_refused_on_the_form(
    agreement, client_as, meeting, item
) -> None:
    answer = client_as(Role.COORDINATOR).post(
        address(agreement, "session_decision", item.pk),
        {"text": "Oui.", "due_on": "2026-01-01", "institutional": "none"},
    )
    assert answer.status_code == 422
    assert "L&#x27;échéance doit suivre la décision" in answer.content.decode()


def test_point_with_a_decision_is_a_decision(agreement, client_as, meeting, item) -> None:
    services.decide(item, actor=None, text="Oui.")
    with pytest.raises(DomainError, match="Une décision est notée"):
        services.set_outcome(item, actor=None, outcome=O.TO_REVIEW)
    answer = client_as(Role.COORDINATOR).post(
        address(agreement, "session_outcome", item.pk), {"issue": "to_review"}
    )
    assert answer.status_code == 422
    assert "Une décision est notée" in answer.content.decode()


def test_unknown_outcome_is_refused(item) -> None:
    with pytest.raises(DomainError, match="n'existe pas"):
        services.set_outcome(item, actor=None, outcome="perdu")


def test_cancelled_meeting_has_no_session(agreement, meeting, item) -> None:
    services.cancel_meeting(meeting, actor=None)
    meeting.refresh_from_db()
    item.meeting.refresh_from_db()
    for act in (
        lambda: note(meeting, item, "x"),
        lambda: services.set_outcome(item, actor=None, outcome=O.INFORMATION),
        lambda: services.decide(item, actor=None, text="Oui."),
        lambda: services.set_hours(meeting, actor=None, opened_at=time(14), closed_at=None),
        lambda: services.note_absent(meeting, actor=None),
    ):
        with pytest.raises(DomainError, match="annulée"):
            act()


# --- The page ---------------------------------------------------------------------------------------
def text(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def test_page_is_for_whoever_steers(agreement, client_as, meeting, item) -> None:
    page = text(client_as(Role.COORDINATOR), address(agreement, "session", meeting.pk))
    for words in (
        "Multi-accueil",
        "Noter les heures",
        "Clore la réunion",
        "Noter une décision",
    ):
        assert words in page
    for role in (Role.DIRECTION, Role.ELECTED, Role.CAF, Role.PARTNER, Role.READER):
        response = client_as(role).get(address(agreement, "session", meeting.pk))
        assert response.status_code == 403


def test_page_costs_the_same_for_one_person_and_for_many(
    agreement, client_as, meeting, item, django_assert_num_queries
) -> None:
    AttendanceFactory(agreement=agreement, meeting=meeting)
    client, url = client_as(Role.COORDINATOR), address(agreement, "session", meeting.pk)
    client.get(url)
    with django_assert_num_queries(12):
        client.get(url)
    for rank in range(6):
        AttendanceFactory(agreement=agreement, meeting=meeting)
        more = AgendaItemFactory(agreement=agreement, meeting=meeting, position=rank)
        services.decide(more, actor=None, text="Oui.")
        note(meeting, more, "Des mots")
    with django_assert_num_queries(12):
        client.get(url)


def test_hours_are_typed_or_of_the_moment(agreement, client_as, meeting) -> None:
    client, url = client_as(Role.COORDINATOR), address(agreement, "session_hours", meeting.pk)
    client.post(url, {"acte": "ouvrir"})
    meeting.refresh_from_db()
    assert meeting.opened_at is not None
    now = timezone.localtime()
    assert (
        abs(meeting.opened_at.hour * 60 + meeting.opened_at.minute - now.hour * 60 - now.minute) < 3
    )
    client.post(url, {"opened_at": "14:02", "closed_at": "15:31"})
    meeting.refresh_from_db()
    assert (meeting.opened_at, meeting.closed_at) == (time(14, 2), time(15, 31))
    wrong = client.post(url, {"opened_at": "14:02", "closed_at": "13:00"})
    assert wrong.status_code == 422
    assert "se lève après" in wrong.content.decode()
    assert client.post(url, {"opened_at": "midi"}).status_code == 422
    closed = client.post(url, {"acte": "clore"})
    assert closed["Location"] == address(agreement, "record", meeting.pk)


def test_arrival_page_notes_somebody_present(agreement, client_as, meeting) -> None:
    place = OrganisationFactory(agreement=agreement)
    client, url = client_as(Role.COORDINATOR), address(agreement, "session_arrival", meeting.pk)
    assert "Quelqu" in text(client, url)
    answer = client.post(
        url, {"first_name": "Anne", "last_name": "Lemoine", "organisation": place.pk}
    )
    assert answer["Location"].endswith("#presences")
    (row,) = queries.attendances(agreement)
    assert (str(row.contact), row.status) == ("Anne Lemoine", S.PRESENT)
    assert client.post(url, {"organisation": place.pk}).status_code == 422
