"""« Et maintenant ? », the way back of every page, and the papers that a meeting waits for."""

from __future__ import annotations

import html
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from agreements.access import Access
from agreements.models import Agreement, Role
from committees import services
from committees.models import AgendaItem, Attendance, Meeting, Sending, SendingRecipient
from committees.services import deliveries
from core.formats import date_long
from tests.actionplan.factories import action as make_action
from tests.committees.factories import (
    AgendaItemFactory,
    AttendanceFactory,
    ContactFactory,
    DecisionFactory,
    MeetingFactory,
    arbitration,
)
from tests.committees.sending_factories import send
from tests.committees.test_pages import address, text
from tests.committees.test_records import validate
from tests.committees.test_sendings import approve, pack

pytestmark = pytest.mark.django_db
NOTICE = re.compile(r"</span>Et maintenant \?</p>\s*<p>(.*?)</p>.*?href=\"(.*?)\"", re.DOTALL)
ALSO = re.compile(r"<li>(.*?) <a href=\"(.*?)\">", re.DOTALL)
Kind = Sending.Kind


def then(client: Client, meeting: Meeting) -> list[tuple[str, str]]:
    """« Ensuite »: (the sentence, where its link leads)."""
    page = text(client, address(meeting.agreement, "meeting", meeting.pk))
    found = re.search(r"Ensuite&nbsp;:</p><ul.*?>(.*?)</ul>", page, re.DOTALL)
    rows = ALSO.findall(found[1]) if found else []
    return [(html.unescape(words).replace("\u00a0", " "), url) for words, url in rows]


def told(client: Client, meeting: Meeting) -> tuple[str, str]:
    """(the sentence, where its link leads), without hard spaces; both empty when nothing is asked."""
    page = text(client, address(meeting.agreement, "meeting", meeting.pk))
    found = NOTICE.search(page)
    return (html.unescape(found[1]).replace("\u00a0", " "), found[2]) if found else ("", "")


@pytest.fixture
def meeting(agreement: Agreement) -> Meeting:
    meeting = MeetingFactory(agreement=agreement, on=date.today() + timedelta(days=60))
    services.prepare_meeting(meeting, actor=None)
    return meeting


def hand_over(meeting: Meeting) -> None:
    for person in SendingRecipient.objects.filter(sending__meeting=meeting):
        deliveries.hand_over(person, actor=None, on=date.today())


def access_of(client: Any) -> Access:
    return Access(client.membership.agreement, client.membership)


# --- Before the meeting -------------------------------------------------------------------------
def test_next_step_leads_from_the_empty_agenda_to_the_session(
    agreement, client_as, meeting
) -> None:
    client, at = client_as(Role.COORDINATOR), lambda name, pk=meeting.pk: address(agreement, name, pk)  # fmt: skip
    assert told(client, meeting) == (
        "L'ordre du jour est à écrire : commencez par ce qui attend déjà une réunion.",
        at("proposals"),
    )
    item = AgendaItemFactory(
        agreement=agreement, meeting=meeting, title="Le samedi", kind=AgendaItem.Kind.ARBITRATION
    )
    assert told(client, meeting) == (
        "Le point « Le samedi » attend sa question et ses options.",
        at("arbitration", item.pk),
    )
    arbitration(agreement, item=item)
    assert told(client, meeting)[1] == at("meeting") + "#presences"
    AttendanceFactory(agreement=agreement, meeting=meeting)
    due = date_long(meeting.preparation.get(key="invitation").due_on).replace("\u00a0", " ")
    assert told(client, meeting) == (
        f"1 personne est inscrite : envoyez l'invitation avant le {due}.",
        at("sendings"),
    )
    asked = services.propose_agenda_item(meeting, actor=None, title="Urgence", minutes=10)
    assert told(client, meeting) == (
        "1 point proposé par la Caf : à retenir ou non.", at("meeting") + "#ordre-du-jour",
    )  # fmt: skip
    services.accept_agenda_item(asked, actor=None)
    send(meeting)
    assert told(client, meeting)[0].startswith("Produisez le dossier de séance, à faire relire avant")  # fmt: skip
    snapshot = pack(meeting)
    assert told(client, meeting)[0].startswith("Faites relire le dossier n° 1 par la Caf et la")
    approve(snapshot)
    assert told(client, meeting)[0].startswith("Le dossier n° 1 est validé : envoyez-le aux")
    services.tick_line(meeting.preparation.get(key="pack"), actor=None, on=date.today())
    hand_over(meeting)
    assert told(client, meeting)[1] == at("session")
    Meeting.objects.filter(pk=meeting.pk).update(on=date.today())
    assert told(client, meeting)[0].startswith("C'est aujourd'hui : notez dans la séance")


def test_meeting_without_pack_goes_from_the_invitation_to_the_session(agreement, client_as) -> None:
    meeting = MeetingFactory(agreement=agreement, on=date.today() + timedelta(days=9))
    AgendaItemFactory(agreement=agreement, meeting=meeting)
    AttendanceFactory(agreement=agreement, meeting=meeting)
    client = client_as(Role.COORDINATOR)
    assert told(client, meeting)[0] == "1 personne est inscrite : envoyez l'invitation."
    send(meeting)
    assert told(client, meeting)[0].startswith("1 invitation sur papier est à remettre")
    hand_over(meeting)
    assert told(client, meeting)[0].startswith("Tout est parti.")


def test_each_reader_is_asked_for_their_own_part(agreement, client_as, meeting) -> None:
    AgendaItemFactory(agreement=agreement, meeting=meeting)
    AttendanceFactory(agreement=agreement, meeting=meeting)
    caf, direction, elected, reader = map(client_as, (Role.CAF, Role.DIRECTION, Role.ELECTED, Role.READER))  # fmt: skip
    for client in (caf, direction, elected, reader):
        assert told(client, meeting) == ("", "")
    snapshot = pack(meeting)
    assert told(caf, meeting)[0] == "Relisez le dossier n° 1, puis marquez-le « relu par la Caf »."
    assert told(direction, meeting)[0].startswith("Relisez le dossier n° 1, puis validez-le pour")
    assert told(elected, meeting) == ("", "")
    approve(snapshot)
    assert told(direction, meeting) == ("", "")
    Sending.objects.create(
        agreement=agreement, meeting=meeting, kind=Kind.PACK, state=Sending.State.SENT,
        sent_at="2026-06-01T10:00Z", subject="Dossier",
    )  # fmt: skip
    assert told(elected, meeting)[1] == reverse("reports:brief", args=[agreement.slug, meeting.pk])
    assert told(caf, meeting)[1] == reverse("reports:pack", args=[agreement.slug, meeting.pk])
    assert told(reader, meeting) == ("", "")


def test_whoever_steers_sees_what_waits_beside(agreement, client_as, meeting) -> None:
    AgendaItemFactory(agreement=agreement, meeting=meeting)
    people = [AttendanceFactory(agreement=agreement, meeting=meeting) for _ in range(2)]
    client, at = client_as(Role.COORDINATOR), lambda name: address(agreement, name, meeting.pk)
    late = meeting.preparation.get(key="invitation")
    services.update_line(
        late, actor=None, label=late.label, due_on=date.today() - timedelta(days=2)
    )
    assert told(client, meeting)[0].startswith("2 personnes sont inscrites : envoyez l'invitation")
    assert then(client, meeting) == []  # said by the first sentence
    send(meeting)
    late = meeting.preparation.get(key="collection")
    services.update_line(
        late, actor=None, label=late.label, due_on=date.today() - timedelta(days=2)
    )
    assert told(client, meeting)[0].startswith("Produisez le dossier de séance")
    words = date_long(date.today() - timedelta(days=2)).replace("\u00a0", " ")
    assert then(client, meeting) == [
        (
            f"« Demander des nouvelles aux pilotes » (J-62) était à faire avant le {words}.",
            at("meeting") + "#retroplanning",
        ),
        ("2 invitations sur papier sont à remettre en main propre ou par courrier.", at("sendings")),
    ]  # fmt: skip
    services.tick_line(late, actor=None, on=date.today())
    services.answer_invitation(people[0], answer="coming")
    assert then(client, meeting)[1] == ("1 personne n'a pas répondu à l'invitation.", at("sendings"))  # fmt: skip
    hand_over(meeting)
    assert [words for words, _ in then(client, meeting)] == ["1 personne n'a pas répondu à l'invitation."]  # fmt: skip
    assert then(client_as(Role.ELECTED), meeting) == []


def test_elected_member_answers_then_reads_three_minutes_then_the_pack(
    agreement, client_as, meeting
) -> None:
    elected, reader = client_as(Role.ELECTED), client_as(Role.READER)

    def at(room: str, name: str) -> str:
        return reverse(f"{room}:{name}", args=[agreement.slug, meeting.pk])

    contact = ContactFactory(agreement=agreement, user=elected.membership.user)
    row = AttendanceFactory(agreement=agreement, meeting=meeting, contact=contact)
    AgendaItemFactory(agreement=agreement, meeting=meeting)
    services.write_brief(meeting, actor=None, sentences=["Deux points se décident."], figures=[])
    brief = ("L'essentiel de cette réunion se lit en trois minutes.", at("reports", "brief"))
    assert told(elected, meeting) == brief
    assert told(reader, meeting) == ("", "")
    send(meeting)
    assert told(elected, meeting)[1] == at("committees", "meeting") + "#votre-reponse"
    assert then(elected, meeting) == [brief]
    services.answer_invitation(row, answer="coming")
    Sending.objects.create(
        agreement=agreement, meeting=meeting, kind=Kind.PACK, state=Sending.State.SENT,
        sent_at="2026-06-01T10:00Z", subject="Dossier",
    )  # fmt: skip
    assert told(elected, meeting) == brief
    assert [url for _, url in then(elected, meeting)] == [at("reports", "pack")]


def test_cancelled_meeting_asks_to_tell_those_invited(agreement, client_as, meeting) -> None:
    AgendaItemFactory(agreement=agreement, meeting=meeting)
    AttendanceFactory(agreement=agreement, meeting=meeting)
    client = client_as(Role.COORDINATOR)
    send(meeting)
    services.cancel_meeting(meeting, actor=None, reason="Grève.")
    assert (
        told(client, meeting)[0] == "Des personnes étaient invitées : annoncez-leur l'annulation."
    )
    send(meeting, Kind.CANCELLATION)
    assert told(client, meeting) == ("", "")


# --- After it -----------------------------------------------------------------------------------
def test_next_step_leads_from_the_presences_to_the_vote(agreement, client_as) -> None:
    client, chair = client_as(Role.COORDINATOR), client_as(Role.ELECTED)
    meeting = MeetingFactory(
        agreement=agreement, on=date.today() - timedelta(days=3), state=Meeting.State.HELD,
        chair=ContactFactory(
            agreement=agreement, last_name="Vauthier", user=chair.membership.user
        ),
    )  # fmt: skip
    item = AgendaItemFactory(agreement=agreement, meeting=meeting)
    row = AttendanceFactory(agreement=agreement, meeting=meeting)
    assert told(client, meeting)[1] == address(agreement, "session", meeting.pk) + "#presences"
    services.record_attendance(row, actor=None, status=Attendance.Status.PRESENT)
    assert told(client, meeting)[0].startswith("Aucun point n'a d'issue")
    decision = services.decide(item, actor=None, text="Oui.", institutional="council")
    services.prepare_effect(
        decision, actor=None, action=make_action(agreement), kind="budget", amount=4000,
        nature="operating", year=meeting.on.year,
    )  # fmt: skip
    assert told(client, meeting)[0].startswith("Relisez le relevé de décisions, puis soumettez-le")
    record = services.submit_record(meeting, actor=None, introduction="")
    assert "attend la validation de Dominique Vauthier" in told(client, meeting)[0]
    assert told(chair, meeting) == ("", "")  # what waits for the chair has its own notice
    validate(record, access_of(chair), on=date.today())
    assert told(client, meeting)[0] == "Le relevé est validé : envoyez-le aux membres."
    assert told(client_as(Role.READER), meeting)[1] == address(agreement, "record", meeting.pk)
    sending = services.prepare_sending(meeting, Kind.RECORD, actor=None)
    services.send(sending, actor=client.membership.user, access=access_of(client))
    assert told(client, meeting)[1] == address(agreement, "decision_follow_up", decision.pk)


def test_session_says_what_each_decision_changes(agreement, client_as, meeting) -> None:
    item = AgendaItemFactory(agreement=agreement, meeting=meeting)
    decision = services.decide(item, actor=None, text="Oui.")
    client, url = client_as(Role.COORDINATOR), address(agreement, "session", meeting.pk)
    assert "Au plan," not in text(client, url)
    services.prepare_effect(
        decision, actor=None, action=make_action(agreement, due_on=date(2026, 9, 1)), kind="due_on",
        new_date=date(2027, 6, 30),
    )  # fmt: skip
    page = " ".join(text(client, url).replace("&nbsp;", " ").replace("\u00a0", " ").split())
    assert "échéance : 1er septembre 2026 → <strong>30 juin 2027</strong>" in page


# --- The way back -------------------------------------------------------------------------------
def crumbs(client: Client, url: str) -> list[str]:
    found = re.search(r'<nav class="crumbs".*?</nav>', text(client, url), re.DOTALL)
    assert found is not None, url
    return [html.unescape(word) for word in re.findall(r">([^<>\n]+)</(?:a|span)>", found[0])]


def test_every_page_of_a_meeting_shows_the_same_way_back(agreement, client_as, meeting) -> None:
    item = arbitration(agreement, item=AgendaItemFactory(agreement=agreement, meeting=meeting)).item
    row = AttendanceFactory(agreement=agreement, meeting=meeting)
    DecisionFactory(agreement=agreement, meeting=meeting)
    client = client_as(Role.COORDINATOR)
    way = ["Instances", meeting.committee.name, date_long(meeting.on)]
    assert crumbs(client, address(agreement, "meeting", meeting.pk)) == way
    line = meeting.preparation.get(key="pack")
    sending = services.prepare_sending(meeting, Kind.INVITATION, actor=None)
    for room, name, pk, *page in (
        ("committees", "meeting_update", meeting.pk, "Modifier la réunion"),
        ("committees", "meeting_delete", meeting.pk, "Supprimer la réunion"),
        ("committees", "meeting_cancel", meeting.pk, "Annuler la réunion"),
        ("committees", "attendance", meeting.pk, "Présences"),
        ("committees", "attendee_delete", row.pk, "Retirer une personne"),
        ("committees", "proposals", meeting.pk, "Points proposés"),
        ("committees", "item_update", item.pk, "Modifier le point"),
        ("committees", "item_file_create", item.pk, "Joindre un document au point"),
        ("committees", "arbitration_page", item.pk, "Point d'arbitrage"),
        ("committees", "line_update", line.pk, "Modifier l'étape"),
        ("committees", "sendings", meeting.pk, "Envois"),
        ("committees", "sending", sending.pk, "Envois", "Invitation"),
        ("committees", "answer_typed", row.pk, "Envois", "Noter une réponse"),
        ("committees", "session", meeting.pk, "Séance"),
        ("committees", "session_arrival", meeting.pk, "Séance", "Quelqu'un arrive"),
        ("committees", "session_decision", item.pk, "Séance", "Noter une décision"),
        ("committees", "record", meeting.pk, "Relevé de décisions"),
        ("committees", "minutes", meeting.pk, "Relevé de décisions", "Compte rendu"),
        ("committees", "minutes_update", meeting.pk, "Relevé de décisions", "Compte rendu", "Écrire le compte rendu"),
        ("reports", "pack", meeting.pk, "Dossier de séance"),
        ("reports", "brief", meeting.pk, "En trois minutes"),
        ("reports", "brief_write", meeting.pk, "En trois minutes", "Écrire « L'élu en trois minutes »"),
    ):  # fmt: skip
        url = reverse(f"{room}:{name}", args=[agreement.slug, pk])
        assert crumbs(client, url) == [*way, *page]


@pytest.mark.parametrize("here", ["meeting", "session"])
def test_listing_the_members_comes_back_to_the_page(agreement, client_as, meeting, here) -> None:
    client, url = client_as(Role.COORDINATOR), address(agreement, here, meeting.pk)
    assert f'name="next" value="{url}#presences"' in text(client, url)
    invite = address(agreement, "invite", meeting.pk)
    assert client.post(invite, {"next": f"{url}#presences"}).url == f"{url}#presences"
    away = client.post(invite, {"next": "https://ailleurs.example/"})
    assert away.url == address(agreement, "attendance", meeting.pk)


# --- The papers awaited -------------------------------------------------------------------------
def documents(client: Client, agreement: Agreement) -> str:
    page = text(client, reverse("reports:documents", args=[agreement.slug]))
    return html.unescape(page).replace("\u00a0", " ")


def test_documents_page_says_which_papers_are_awaited(agreement, client_as, meeting) -> None:
    clients = [client_as(role) for role in (Role.COORDINATOR, Role.DIRECTION, Role.CAF)]
    for client in clients:
        page = documents(client, agreement)
        assert "L'invitation, à envoyer" in page
        assert "Le dossier de séance, à produire" in page
    assert "Papiers attendus" not in documents(client_as(Role.ELECTED), agreement)
    AgendaItemFactory(agreement=agreement, meeting=meeting)
    AttendanceFactory(agreement=agreement, meeting=meeting)
    send(meeting)
    snapshot = pack(meeting)
    page = documents(clients[0], agreement)
    assert "L'invitation, à envoyer" not in page
    assert "Le dossier n° 1, à relire par la Caf et à valider par la direction" in page
    approve(snapshot)
    assert "Le dossier n° 1, à transmettre" in documents(clients[0], agreement)
    Meeting.objects.filter(pk=meeting.pk).update(on=date.today() - timedelta(days=1))
    assert "Papiers attendus" not in documents(clients[0], agreement)


def test_direction_is_told_first_of_the_pack_that_waits_for_its_word(
    agreement, client_as, meeting
) -> None:
    direction = client_as(Role.DIRECTION)
    notice = "Votre accord est attendu avant l'envoi"
    assert notice not in documents(direction, agreement)
    snapshot = pack(meeting)
    page = documents(direction, agreement)
    due = date_long(meeting.preparation.get(key="pack").due_on).replace("\u00a0", " ")
    assert notice in page
    assert "1 dossier attend votre relecture" in page
    assert f"Dossier n° 1, {meeting.committee.name} du" in page
    reading = meeting.preparation.get(key="reading")
    read_by = date_long(reading.due_on).replace("\u00a0", " ")
    assert page.count(f"avant le {read_by}, envoi prévu le {due}") == 2
    services.update_line(
        reading, actor=None, label=reading.label, due_on=date.today() - timedelta(days=1)
    )
    assert f"(date passée), envoi prévu le {due}" in documents(direction, agreement)
    assert notice not in documents(client_as(Role.COORDINATOR), agreement)

    # Its word closes the reading of the rétroplanning.
    url = reverse("reports:transition", args=[agreement.slug, snapshot.pk])
    direction.post(url, {"state": "approved", "on": date.today().isoformat(), "note": ""})
    assert meeting.preparation.get(key="reading").done_on == date.today()
    assert notice not in documents(direction, agreement)


def test_elected_member_is_told_where_the_pack_of_the_next_meeting_stands(
    agreement, client_as
) -> None:
    meeting = MeetingFactory(
        agreement=agreement, on=date.today() + timedelta(days=20),
        committee__kind__nature="steering",
    )  # fmt: skip
    other = MeetingFactory(agreement=agreement, on=date.today() + timedelta(days=40))
    elected = client_as(Role.ELECTED)
    pack(other)
    page = documents(elected, agreement)
    assert reverse("reports:brief", args=[agreement.slug, meeting.pk]) in page
    assert "est pas encore validé" not in page
    snapshot = pack(meeting)
    told = re.compile(rf"dossier de séance n° {snapshot.number}</a> (.*?)\.</p>")
    assert told.search(documents(elected, agreement))[1] == "n'est pas encore validé"
    approve(snapshot)
    assert told.search(documents(elected, agreement))[1] == "est validé"


def test_validated_record_is_one_button_away_from_the_members(agreement, client_as) -> None:
    chair = client_as(Role.ELECTED)
    meeting = MeetingFactory(
        agreement=agreement, on=date.today() - timedelta(days=3), state=Meeting.State.HELD,
        chair=ContactFactory(agreement=agreement, user=chair.membership.user),
    )  # fmt: skip
    record = services.submit_record(meeting, actor=None, introduction="")
    coordinator, url = client_as(Role.COORDINATOR), address(agreement, "record", meeting.pk)
    assert "Envoi aux membres" not in text(coordinator, url)
    validate(record, access_of(chair), on=date.today())
    assert "Envoi aux membres" in text(coordinator, url)
    assert address(agreement, "sendings", meeting.pk) in text(coordinator, url)
    assert "Envoi aux membres" not in text(chair, url)
