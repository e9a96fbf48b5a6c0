"""The pages of the sendings, role by role, and the page behind a personal link."""

from __future__ import annotations

import html
import re
from datetime import date, timedelta

import pytest
from django.core import mail as outbox
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from agreements.models import JournalEntry, Role
from committees import services
from committees.invitations import uid_of
from committees.models import Attendance, Meeting, Sending
from tests.committees.factories import CommitteeFactory, MeetingFactory, MemberFactory
from tests.committees.sending_factories import coming_meeting, rows, send
from tests.committees.test_sendings import approve, pack

pytestmark = pytest.mark.django_db
DOOR = re.compile(r"/reponse/[\w-]+/")
PREPARING = [Role.COORDINATOR, Role.DIRECTION, Role.CAF]


@pytest.fixture
def meeting(agreement) -> Meeting:
    return coming_meeting(agreement, people=3)


def address(meeting: Meeting, name: str, *args: object) -> str:
    return reverse(f"committees:{name}", args=[meeting.agreement.slug, *args])


@pytest.fixture(autouse=True)
def nobody_is_blocked() -> None:
    cache.clear()


def board(client: Client, meeting: Meeting) -> str:
    response = client.get(address(meeting, "sendings", meeting.pk))
    assert response.status_code == 200
    return response.content.decode()


def door() -> str:
    return DOOR.search(outbox.outbox[0].body)[0]


# --- From the list to the answers ------------------------------------------------------------------
def test_from_an_empty_list_to_a_sent_invitation(agreement, client_as) -> None:
    committee = CommitteeFactory(agreement=agreement)
    MemberFactory(agreement=agreement, committee=committee, contact__email="membre@exemple.fr")
    meeting = MeetingFactory(
        agreement=agreement, committee=committee, on=date.today() + timedelta(20)
    )
    coordinator = client_as(Role.COORDINATOR)
    assert "Inscrire les membres" in board(coordinator, meeting)
    coordinator.post(address(meeting, "invite", meeting.pk), {"next": "/"})
    assert "Préparer l&#x27;invitation" in board(coordinator, meeting)
    prepared = coordinator.post(address(meeting, "sending_prepare", meeting.pk, "invitation"))
    sending = Sending.objects.get()
    assert prepared.url == address(meeting, "sending_update", sending.pk)
    form = coordinator.get(prepared.url).context["form"]
    values = {name: form[name].value() or "" for name in form.fields}
    values |= {"subject": "Venez", "version": sending.version}
    saved = coordinator.post(prepared.url, values)
    assert saved.status_code == 302
    draft = coordinator.get(saved.url).content.decode()
    assert "Venez" in draft
    assert outbox.outbox == []
    coordinator.post(address(meeting, "sending_send", sending.pk))
    assert [message.subject for message in outbox.outbox] == ["Venez"]
    page = board(coordinator, meeting)
    assert "sans réponse" in page
    assert "1\xa0personne atteinte" in page


@pytest.mark.parametrize("role", PREPARING)
def test_who_prepares_reads_the_board_and_who_answered(meeting, client_as, role) -> None:
    send(meeting)
    services.answer_invitation(rows(meeting)[0], answer="excused", note="Un mot discret.")
    page = board(client_as(role), meeting)
    assert "excusé" in page
    assert ("Un mot discret." in page) == (role != Role.CAF)
    assert ("Noter la réponse" in page) == (role == Role.COORDINATOR)


def test_meeting_leads_to_its_sendings(meeting, client_as) -> None:
    page = client_as(Role.CAF).get(meeting.get_absolute_url()).content.decode()
    assert address(meeting, "sendings", meeting.pk) in page
    assert "Envois" not in client_as(Role.READER).get(meeting.get_absolute_url()).content.decode()


def test_cancelling_asks_for_a_reason_then_proposes_to_tell(meeting, client_as) -> None:
    send(meeting)
    coordinator = client_as(Role.COORDINATOR)
    page = address(meeting, "meeting_cancel", meeting.pk)
    assert "Ne pas annuler" in coordinator.get(page).content.decode()
    assert coordinator.post(page, {"reason": ""}).status_code == 422
    assert coordinator.post(page, {"reason": "Grève."}).status_code == 302
    meeting.refresh_from_db()
    assert (meeting.state, meeting.cancel_reason) == ("cancelled", "Grève.")
    assert "annonce de l&#x27;annulation" in board(coordinator, meeting)
    assert coordinator.post(page, {"reason": "Encore."}).status_code == 422


def test_answer_received_by_phone_is_typed(meeting, client_as) -> None:
    send(meeting)
    row = rows(meeting)[-1]
    coordinator, page = client_as(Role.COORDINATOR), address(meeting, "answer_typed", row.pk)
    assert coordinator.get(page).status_code == 200
    refused = coordinator.post(page, {"answer": "represented"})
    assert refused.status_code == 422
    coordinator.post(page, {"answer": "represented", "represented_by": "Mme Roux"})
    row.refresh_from_db()
    assert row.answer_represented_by == "Mme Roux"


def test_pack_that_waits_for_the_direction_is_no_first_button(meeting, client_as) -> None:
    send(meeting)
    coordinator = client_as(Role.COORDINATOR)
    button = re.compile(r'<button type="submit" class="btn btn-(\w+)">(?:(?!</button>).)*du dossier', re.DOTALL)  # fmt: skip
    snapshot = pack(meeting)
    assert button.search(board(coordinator, meeting))[1] == "secondary"
    approve(snapshot)
    assert button.search(board(coordinator, meeting))[1] == "primary"


def test_held_meeting_without_sending_says_so_in_one_sentence(meeting, client_as) -> None:
    services.hold_meeting(meeting, actor=None)
    coordinator, words = client_as(Role.COORDINATOR), "Rien n'est parti de Fil rouge"
    page = board(coordinator, meeting)
    assert words in page
    assert "pas encore invité" not in page
    assert "sans réponse" not in page
    Attendance.objects.filter(meeting=meeting).update(answer="coming")
    assert words not in board(coordinator, meeting)


# --- Answering from one's own account ----------------------------------------------------------------
@pytest.fixture
def invited(meeting, client_as) -> Client:
    """An elected member, on the list of the meeting."""
    client = client_as(Role.ELECTED)
    contact = rows(meeting)[0].contact
    contact.user = client.membership.user
    contact.save()
    return client


def test_person_invited_answers_from_the_page_of_the_meeting(meeting, invited, client_as) -> None:
    here, there = meeting.get_absolute_url(), address(meeting, "answer_mine", meeting.pk)
    assert there not in invited.get(here).content.decode()
    assert invited.post(there, {"answer": "coming"}).status_code == 422  # nothing left yet
    send(meeting)
    page = html.unescape(invited.get(here).content.decode())
    assert "vous n'avez pas encore répondu" in page
    assert "Vous êtes invité(e) : dites si vous venez." in page
    assert invited.get(there).status_code == 405
    done = invited.post(there, {"answer": "coming"})
    assert done.url == f"{here}#votre-reponse"
    page = html.unescape(invited.get(here).content.decode())
    assert "<strong>vous venez</strong>" in page
    assert "dites si vous venez" not in page
    row = rows(meeting)[0]
    assert (row.answer, row.answered_at.date()) == ("coming", timezone.now().date())
    entry = JournalEntry.objects.get(verb="answer")
    assert entry.actor == invited.membership.user
    assert entry.sentence == f"a répondu à l'invitation : sera présent ({meeting})"


def test_person_represented_names_who(meeting, invited) -> None:
    send(meeting)
    services.answer_invitation(rows(meeting)[0], answer="excused", note="Un mot.")
    url = address(meeting, "answer_mine", meeting.pk)
    refused = invited.post(url, {"answer": "represented", "represented_by": " "})
    assert refused.status_code == 422
    assert "Dites par qui vous serez représenté(e)." in refused.content.decode()
    assert rows(meeting)[0].answer == "excused"
    invited.post(url, {"answer": "represented", "represented_by": "Mme Roux"})
    row = rows(meeting)[0]
    assert (row.announced, row.answer_note) == ("sera représenté par Mme Roux", "Un mot.")
    page = invited.get(meeting.get_absolute_url()).content.decode()
    assert "vous vous faites représenter par Mme Roux" in page
    invited.post(url, {"answer": "coming"})
    assert rows(meeting)[0].announced == "sera présent"


def test_who_is_not_on_the_list_is_refused_in_words(agreement, meeting, client_as) -> None:
    send(meeting)
    for role in Role:
        client = client_as(role)
        refused = client.post(address(meeting, "answer_mine", meeting.pk), {"answer": "coming"})
        assert refused.status_code == 403
        assert "pas sur la liste" in refused.content.decode()
        assert "votre-reponse" not in client.get(meeting.get_absolute_url()).content.decode()
    assert not any(row.answer for row in rows(meeting))


def test_answer_is_asked_again_after_a_change_and_refused_after_the_day(meeting, invited) -> None:
    send(meeting)
    url, here = address(meeting, "answer_mine", meeting.pk), meeting.get_absolute_url()
    invited.post(url, {"answer": "coming"})
    services.update_meeting(meeting, actor=None, on=meeting.on + timedelta(days=1))
    assert "merci de répondre de nouveau" in invited.get(here).content.decode()
    assert "dites de nouveau si vous venez" in invited.get(here).content.decode()
    invited.post(url, {"answer": "coming"})
    assert "de nouveau" not in invited.get(here).content.decode()
    Meeting.objects.filter(pk=meeting.pk).update(on=date.today() - timedelta(days=1))
    late = invited.post(url, {"answer": "excused"})
    assert (late.status_code, rows(meeting)[0].answer) == (422, "coming")
    assert "il est trop tard" in late.content.decode()
    assert "votre-reponse" not in invited.get(here).content.decode()


def test_own_answer_costs_no_query(meeting, invited, django_assert_num_queries) -> None:
    here = meeting.get_absolute_url()
    invited.get(here)
    with django_assert_num_queries(11):
        invited.get(here)
    send(meeting)
    services.answer_invitation(rows(meeting)[0], answer="coming")
    services.update_meeting(meeting, actor=None, on=meeting.on + timedelta(days=1))
    with django_assert_num_queries(11):
        invited.get(here)


def test_files_of_a_sending(meeting, client_as) -> None:
    send(meeting)
    sending, direction = Sending.objects.get(), client_as(Role.DIRECTION)
    for name, args, start in (
        ("sending_letter", ("pdf",), b"%PDF"),
        ("sending_letter", ("docx",), b"PK"),
        ("sending_papers", (), b"%PDF"),
    ):
        response = direction.get(address(meeting, name, sending.pk, *args))
        assert response.content.startswith(start)
    assert direction.get(address(meeting, "sending_letter", sending.pk, "xlsx")).status_code == 404


def test_letters_handed_over_in_one_round(meeting, client_as) -> None:
    send(meeting)
    sending, coordinator = Sending.objects.get(), client_as(Role.COORDINATOR)
    coordinator.post(address(meeting, "sending_handed", sending.pk))
    assert sending.recipients.get(channel="paper").handed_on == date.today()


def test_new_link_is_shown_once_and_merge_is_a_csv(meeting, client_as) -> None:
    send(meeting, channels=dict.fromkeys(rows(meeting)[:2], "own_mail"))
    sending, coordinator = Sending.objects.get(), client_as(Role.COORDINATOR)
    person = sending.recipients.order_by("pk").first()
    shown = coordinator.post(address(meeting, "recipient_link", person.pk))
    assert DOOR.search(shown.content.decode())
    assert "no-store" in shown["Cache-Control"]
    listed = coordinator.post(address(meeting, "sending_merge", sending.pk))
    assert len(listed.content.decode("utf-8-sig").splitlines()) == 3


def test_unknown_kind_and_stale_form(meeting, client_as) -> None:
    coordinator = client_as(Role.COORDINATOR)
    assert (
        coordinator.post(address(meeting, "sending_prepare", meeting.pk, "tract")).status_code
        == 404
    )
    sending = services.prepare_sending(meeting, "invitation", actor=None)
    page = address(meeting, "sending_update", sending.pk)
    form = coordinator.get(page).context["form"]
    values = {name: form[name].value() or "" for name in form.fields}
    services.update_sending(sending, actor=None, subject="Déjà changé")
    answer = coordinator.post(page, {**values, "subject": "Le mien"})
    assert answer.status_code == 409
    assert "Déjà changé" in answer.content.decode()


# --- Behind the personal link ------------------------------------------------------------------------
def test_person_answers_and_changes_their_mind(meeting, client) -> None:
    send(meeting)
    page = client.get(door())
    text = page.content.decode()
    assert "Hôtel de ville" in text
    assert "Bilan provisoire" in text
    assert page["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in page.headers
    assert "<script" not in text
    kept = client.post(door(), {"answer": "coming"})
    assert kept.url == f"{door()}?garde"
    assert "C'est noté" in client.get(kept.url).content.decode()
    client.post(door(), {"answer": "excused", "note": "Désolée."})
    row = Attendance.objects.get(pk=rows(meeting)[0].pk)
    assert (row.answer, row.answer_note) == ("excused", "Désolée.")


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"answer": "represented"},
        {"answer": "coming", "represented_by": "M. X"},
        {"answer": "excused", "note": "x" * 301},
        {"answer": "oui"},
        {"answer": "excused", "note": "\x00"},
    ],
)
def test_bad_answer_is_said_and_nothing_kept(meeting, client, given) -> None:
    send(meeting)
    assert client.post(door(), given).status_code == 422
    assert Attendance.objects.get(pk=rows(meeting)[0].pk).answer == ""


def test_page_says_nothing_else_of_the_agreement(agreement, meeting, client) -> None:
    send(meeting)
    text = client.get(door()).content.decode()
    others = [str(row.contact) for row in rows(meeting)[1:]]
    assert not any(name in text for name in others)
    assert "€" not in text
    assert f"/ctg/{agreement.slug}" not in text


def test_calendar_of_the_door_is_the_same_event(meeting, client) -> None:
    send(meeting)
    sent = next(part for part in outbox.outbox[0].alternatives if "calendar" in part[1])
    response = client.get(f"{door()}reunion.ics")
    event = Calendar.from_ical(response.content).events[0]
    assert response["Content-Type"].startswith("text/calendar")
    assert str(event["UID"]) == str(Calendar.from_ical(sent[0]).events[0]["UID"])
    assert "ATTENDEE" not in event


def test_closed_doors_say_why_and_give_back_the_word(meeting, client) -> None:
    send(meeting)
    services.cancel_meeting(meeting, actor=None, reason="Grève.")
    closed = client.post(door(), {"answer": "coming", "note": "Mon mot"})
    assert closed.status_code == 410
    assert "Mon mot" in closed.content.decode()
    assert client.get(f"{door()}reunion.ics").status_code == 410
    assert client.get("/reponse/inconnu/").status_code == 404


def test_guessing_is_slowed(meeting, client) -> None:
    for rank in range(20):
        client.get(f"/reponse/faux-{rank}/")
    assert client.get("/reponse/faux/").status_code == 429


@pytest.mark.parametrize("people", [2, 12])
def test_board_page_costs_the_same(agreement, client_as, people, django_assert_num_queries) -> None:
    meeting = coming_meeting(agreement, people=people)
    send(meeting)
    coordinator, page = client_as(Role.COORDINATOR), address(meeting, "sendings", meeting.pk)
    coordinator.get(page)
    with django_assert_num_queries(9):
        coordinator.get(page)
    sending = Sending.objects.get()
    with django_assert_num_queries(6):
        coordinator.get(address(meeting, "sending", sending.pk))


def test_file_of_a_meeting_has_the_identity_of_its_invitation(agreement, client_as) -> None:
    meeting = MeetingFactory(agreement=agreement, calendar_sequence=3)
    answer = client_as(Role.PARTNER).get(address(meeting, "meeting_ics", meeting.pk))
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert event["UID"] == uid_of(meeting)
    assert event["SEQUENCE"] == 3
    assert answer["Content-Type"].startswith("text/calendar")
