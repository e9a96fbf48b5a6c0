"""The pages of the room, role by role."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from agreements.models import Agreement, Role
from committees import services
from committees.models import AgendaItem, Attendance, Decision, Meeting
from tests.agreements.anything import make
from tests.committees.factories import (
    AgendaItemFactory,
    AttendanceFactory,
    CommitteeFactory,
    ContactFactory,
    DecisionFactory,
    MeetingFactory,
    MemberFactory,
    OrganisationFactory,
    arbitration,
)

pytestmark = pytest.mark.django_db
READERS = [Role.DIRECTION, Role.ELECTED, Role.CAF, Role.PARTNER, Role.READER]


def address(agreement: Agreement, name: str, *args: object) -> str:
    return reverse(f"committees:{name}", args=[agreement.slug, *args])


def text(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


# --- Home -----------------------------------------------------------------------------------
def test_empty_room_offers_the_standard_committees(agreement, client_as) -> None:
    coordinator = client_as(Role.COORDINATOR)
    assert "Créer les instances habituelles" in text(coordinator, address(agreement, "home"))
    coordinator.post(address(agreement, "standard"))
    assert "Comité de pilotage (COPIL)" in text(coordinator, address(agreement, "home"))


@pytest.mark.parametrize("role", READERS)
def test_empty_room_offers_nothing_to_who_only_reads(agreement, client_as, role) -> None:
    page = text(client_as(role), address(agreement, "home"))
    assert "Créer les instances" not in page
    assert "Fixer une réunion" not in page


def test_overdue_decisions_stand_on_top(agreement, client_as) -> None:
    CommitteeFactory(agreement=agreement)
    DecisionFactory(
        agreement=agreement,
        decided_on=date.today() - timedelta(90),
        due_on=date.today() - timedelta(1),
        text="Échue hier",
    )
    DecisionFactory(
        agreement=agreement,
        decided_on=date.today() - timedelta(90),
        due_on=date.today(),
        text="Échoit ce jour",
    )
    page = text(client_as(Role.ELECTED), address(agreement, "home"))
    assert "Échue hier" in page
    assert "Échoit ce jour" not in page


def test_past_meeting_asks_whether_it_was_held(agreement, client_as) -> None:
    meeting = MeetingFactory(agreement=agreement, on=date.today() - timedelta(2))
    coordinator = client_as(Role.COORDINATOR)
    assert "se sont-elles tenues" in text(coordinator, address(agreement, "home"))
    coordinator.post(address(agreement, "meeting_state", meeting.pk), {"etat": "tenue"})
    assert "se sont-elles tenues" not in text(coordinator, address(agreement, "home"))


def test_meeting_is_not_held_before_its_day(agreement, client_as) -> None:
    meeting = MeetingFactory(agreement=agreement, on=date.today() + timedelta(1))
    coordinator = client_as(Role.COORDINATOR)
    assert "s'est tenue" not in text(coordinator, address(agreement, "meeting", meeting.pk))
    for name, sent in (("meeting_state", {"etat": "tenue"}), ("session_hours", {"acte": "clore"})):
        answer = coordinator.post(address(agreement, name, meeting.pk), sent, follow=True)
        assert "Si elle a été avancée" in answer.content.decode()
    meeting.refresh_from_db()
    assert meeting.state == Meeting.State.PLANNED


def test_committee_without_members_says_so(agreement, client_as) -> None:
    meeting = MeetingFactory(agreement=agreement)
    url = address(agreement, "invite", meeting.pk)
    answer = client_as(Role.COORDINATOR).post(url, follow=True)
    assert "aucun membre à cette date" in answer.content.decode()


# --- Meeting, role by role ------------------------------------------------------------------
@pytest.fixture
def meeting(agreement: Agreement) -> Meeting:
    meeting = MeetingFactory(agreement=agreement, on=date.today() + timedelta(14))
    point = arbitration(agreement, item=AgendaItemFactory(agreement=agreement, meeting=meeting))
    AttendanceFactory(agreement=agreement, meeting=meeting)
    DecisionFactory(agreement=agreement, meeting=meeting, item=point.item)
    return meeting


def test_coordinator_prepares_the_meeting(agreement, client_as, meeting) -> None:
    page = text(client_as(Role.COORDINATOR), address(agreement, "meeting", meeting.pk))
    for words in ("Ajouter un point", "Noter une décision", "Noter les présences", "Modifier"):
        assert words in page


@pytest.mark.parametrize("role", READERS)
def test_others_read_the_meeting(agreement, client_as, meeting, role) -> None:
    page = text(client_as(role), address(agreement, "meeting", meeting.pk))
    assert "Comment financer le surcoût" in page
    for words in ("Ajouter un point", "Noter une décision", "Noter les présences", "Retirer"):
        assert words not in page
    assert ("Proposer un point" in page) == (role == Role.CAF)


def test_announced_answers_stand_until_presences_are_noted(agreement, client_as, meeting) -> None:
    row = Attendance.objects.get(meeting=meeting)
    row.answer = Attendance.Answer.COMING
    row.save()
    url = address(agreement, "meeting", meeting.pk)
    assert "Seront présents&nbsp;: <strong>1</strong>" in text(client_as(Role.COORDINATOR), url)
    services.record_attendance(row, actor=None, status="excused")
    page = text(client_as(Role.COORDINATOR), url)
    assert "Excusés&nbsp;: <strong>1</strong>" in page
    assert "Seront présents" not in page


@pytest.mark.parametrize("role", [Role.ELECTED, Role.PARTNER, Role.READER])
def test_answers_are_for_who_prepares_the_meeting(agreement, client_as, meeting, role) -> None:
    Attendance.objects.filter(meeting=meeting).update(answer=Attendance.Answer.COMING)
    page = text(client_as(role), address(agreement, "meeting", meeting.pk))
    assert "1 personne sur la liste" in page.replace("\u00a0", " ").replace("\u202f", " ")
    assert "era présent" not in page


@pytest.mark.parametrize(
    ("role", "sees"),
    [(Role.ELECTED, True), (Role.CAF, True), (Role.PARTNER, False), (Role.READER, False)],
)
def test_amounts_of_the_options_are_for_who_may_see_money(agreement, client_as, role, sees) -> None:
    options = [{"title": "Seule", "cost": 38000}, {"title": "Avec la Caf"}]
    meeting = arbitration(agreement, options=options).item.meeting
    page = text(client_as(role), address(agreement, "meeting", meeting.pk))
    assert "Seule" in page
    assert ("38\u00a0000" in page) == sees


@pytest.mark.parametrize("role", [Role.ELECTED, Role.CAF, Role.PARTNER])
def test_change_is_refused_in_french(agreement, client_as, meeting, role) -> None:
    response = client_as(role).get(address(agreement, "meeting_update", meeting.pk))
    assert response.status_code == 403
    assert "modifier les instances" in response.content.decode()


def test_agenda_that_is_too_long_is_said(agreement, client_as) -> None:
    meeting = MeetingFactory(agreement=agreement, duration_minutes=60)
    item = AgendaItemFactory(agreement=agreement, meeting=meeting, minutes=60)
    reader = client_as(Role.READER)
    url = address(agreement, "meeting", meeting.pk)
    assert "déborde" not in text(reader, url)
    AgendaItem.objects.filter(pk=item.pk).update(minutes=75)
    assert "15\u00a0min de trop" in text(reader, url)


# --- The Caf proposes -----------------------------------------------------------------------
def propose(agreement: Agreement, client: Client, meeting: Meeting) -> AgendaItem:
    client.post(
        address(agreement, "item_propose", meeting.pk),
        {
            "title": "Calendrier du bilan définitif", "kind": "debate", "minutes": "5",
            "reason": "Le logiciel de la Caf ferme en mars.",
        },
    )  # fmt: skip
    return AgendaItem.objects.get(title="Calendrier du bilan définitif")


def test_caf_proposes_and_the_coordinator_keeps(agreement, client_as, meeting) -> None:
    item = propose(agreement, client_as(Role.CAF), meeting)
    assert (item.proposed_by_caf, item.is_confirmed) == (True, False)
    coordinator = client_as(Role.COORDINATOR)
    assert "1\u00a0point proposé par la Caf" in text(coordinator, address(agreement, "home"))
    page = text(coordinator, address(agreement, "meeting", meeting.pk))
    assert "débat" in page
    assert "Le logiciel de la Caf ferme en mars." in page
    coordinator.post(address(agreement, "item_accept", item.pk))
    item.refresh_from_db()
    assert item.is_confirmed


def test_caf_reads_why_its_point_is_not_kept(agreement, client_as, meeting) -> None:
    caf, coordinator = client_as(Role.CAF), client_as(Role.COORDINATOR)
    item = propose(agreement, caf, meeting)
    url = address(agreement, "item_decline", item.pk)
    assert coordinator.post(url, {"reason": ""}).status_code == 422
    coordinator.post(url, {"reason": "Vu en point régulier le 14."})
    assert "Vu en point régulier le 14." in text(caf, address(agreement, "meeting", meeting.pk))


def test_caf_answers_not_its_own_proposal(agreement, client_as, meeting) -> None:
    caf = client_as(Role.CAF)
    item = propose(agreement, caf, meeting)
    assert caf.post(address(agreement, "item_accept", item.pk)).status_code == 403


# --- Typing ---------------------------------------------------------------------------------
def meeting_data(meeting: Meeting, **changes: object) -> dict[str, object]:
    return {
        "committee": meeting.committee_id,
        "on": meeting.on.isoformat(),
        "starts_at": "14:00",
        "ends_at": "15:30",
        "place": "Mairie",
        "chair": "",
        **changes,
    }


def test_meeting_is_fixed(agreement, client_as) -> None:
    committee = CommitteeFactory(agreement=agreement)
    url = address(agreement, "meeting_create")
    coordinator = client_as(Role.COORDINATOR)
    assert "selected" in text(coordinator, f"{url}?instance={committee.pk}")
    like = MeetingFactory.build(agreement=agreement, committee=committee)
    response = coordinator.post(url, meeting_data(like))
    assert response.url == address(agreement, "meeting", Meeting.objects.get().pk)


def test_day_outside_the_agreement_stays_in_the_form(agreement, client_as, meeting) -> None:
    response = client_as(Role.COORDINATOR).post(
        address(agreement, "meeting_update", meeting.pk), meeting_data(meeting, on="2031-02-01")
    )
    assert response.status_code == 422
    assert "sort de la convention" in response.content.decode()
    assert "2031-02-01" in response.content.decode()


def test_two_people_edit_the_same_meeting(agreement, client_as, meeting) -> None:
    url, coordinator = address(agreement, "meeting_update", meeting.pk), client_as(Role.COORDINATOR)
    seen = meeting.version
    coordinator.post(url, meeting_data(meeting, place="Salle du conseil", version=seen))
    response = coordinator.post(url, meeting_data(meeting, place="Centre social", version=seen))
    assert response.status_code == 409
    page = response.content.decode()
    assert "Salle du conseil" in page
    assert "Centre social" in page
    meeting.refresh_from_db()
    assert meeting.place == "Salle du conseil"


def test_lists_hold_nobody_of_another_agreement(agreement, other_agreement, client_as) -> None:
    ContactFactory(agreement=other_agreement, last_name="Étranger")
    ContactFactory(agreement=agreement, last_name="Voisine")
    page = text(client_as(Role.COORDINATOR), address(agreement, "meeting_create"))
    assert "Voisine" in page
    assert "Étranger" not in page


def test_member_is_added_and_put_right(agreement, client_as) -> None:
    committee = CommitteeFactory(agreement=agreement)
    data = {
        "contact": ContactFactory(agreement=agreement).pk,
        "organisation": OrganisationFactory(agreement=agreement).pk,
        "role": "adjointe",
    }
    coordinator = client_as(Role.COORDINATOR)
    coordinator.post(address(agreement, "member_create", committee.pk), data)
    member = committee.members.get()
    coordinator.post(
        address(agreement, "member_update", member.pk), {**data, "role": "maire", "is_chair": "on"}
    )
    member.refresh_from_db()
    assert (member.role, member.is_chair) == ("maire", True)


def arbitration_data(**changes: object) -> dict[str, object]:
    return {
        "question": "Comment financer ?",
        "context": "Trop cher.",
        "option0-title": "Seule",
        "option0-cost": "38 000 €",
        "option1-title": "Avec la Caf",
        **changes,
    }


def test_arbitration_is_written(agreement, client_as) -> None:
    item = AgendaItemFactory(agreement=agreement)
    client_as(Role.COORDINATOR).post(address(agreement, "arbitration", item.pk), arbitration_data())
    item = AgendaItem.objects.get(pk=item.pk)
    assert [option.cost for option in item.arbitration.options.all()] == [38000, None]


def test_arbitration_in_error_keeps_what_was_typed(agreement, client_as) -> None:
    item = AgendaItemFactory(agreement=agreement)
    response = client_as(Role.COORDINATOR).post(
        address(agreement, "arbitration", item.pk),
        arbitration_data(**{"option1-title": "", "option1-effects": "Plus lent"}),
    )
    assert response.status_code == 422
    assert "Plus lent" in response.content.decode()
    assert "Donnez un intitulé" in response.content.decode()


def test_arbitration_written_meanwhile_is_shown(agreement, client_as) -> None:
    item = AgendaItemFactory(agreement=agreement)
    url, coordinator = address(agreement, "arbitration", item.pk), client_as(Role.COORDINATOR)
    coordinator.post(url, arbitration_data())
    response = coordinator.post(url, arbitration_data(question="Et autrement ?"))
    assert response.status_code == 409
    assert "Comment financer ?" in response.content.decode()
    assert "Et autrement ?" in response.content.decode()


# --- Attendance -----------------------------------------------------------------------------
def grid(row: Attendance, status: str, by: str = "", shown: str = "invited") -> dict[str, str]:
    return {
        f"status-{row.pk}": status,
        f"initial-status-{row.pk}": shown,
        f"by-{row.pk}": by,
        f"initial-by-{row.pk}": "",
    }


def test_attendance_is_typed_in_a_grid(agreement, client_as) -> None:
    meeting = MeetingFactory(agreement=agreement)
    rows = [AttendanceFactory(agreement=agreement, meeting=meeting) for _ in range(2)]
    client_as(Role.COORDINATOR).post(
        address(agreement, "attendance", meeting.pk),
        {**grid(rows[0], "present"), **grid(rows[1], "represented", "M. Petit")},
    )
    saved = Attendance.objects.in_bulk()
    assert saved[rows[0].pk].status == "present"
    assert saved[rows[1].pk].represented_by == "M. Petit"


def test_cell_changed_meanwhile_is_not_written_over(agreement, client_as) -> None:
    row = AttendanceFactory(agreement=agreement)
    services.record_attendance(row, actor=None, status="excused")
    response = client_as(Role.COORDINATOR).post(
        address(agreement, "attendance", row.meeting_id), grid(row, "present")
    )
    assert response.status_code == 422
    assert "entre-temps" in response.content.decode()
    row.refresh_from_db()
    assert row.status == "excused"


def test_representative_of_somebody_present_is_refused(agreement, client_as) -> None:
    row = AttendanceFactory(agreement=agreement)
    response = client_as(Role.COORDINATOR).post(
        address(agreement, "attendance", row.meeting_id), grid(row, "present", "M. Petit")
    )
    assert response.status_code == 422
    row.refresh_from_db()
    assert row.status == "invited"


def test_members_are_invited_in_one_click(agreement, client_as) -> None:
    meeting = MeetingFactory(agreement=agreement)
    MemberFactory(agreement=agreement, committee=meeting.committee)
    client_as(Role.COORDINATOR).post(address(agreement, "invite", meeting.pk))
    assert meeting.attendances.count() == 1


# --- Decisions ------------------------------------------------------------------------------
def test_choice_of_the_copil_is_noted(agreement, client_as) -> None:
    point = arbitration(agreement)
    meeting, option = point.item.meeting, point.options.last()
    coordinator = client_as(Role.COORDINATOR)
    url = f"{address(agreement, 'decision_create')}?reunion={meeting.pk}&point={point.item_id}"
    assert "il ne vote pas de crédits" in text(coordinator, url)
    coordinator.post(
        url,
        {
            "item": point.item_id,
            "chosen_option": option.pk,
            "text": "Le comité retient l'option B.",
            "decided_on": meeting.on.isoformat(),
            "institutional": "budget",
        },
    )
    assert Decision.objects.get().meeting == meeting
    assert "option retenue" in text(coordinator, address(agreement, "meeting", meeting.pk))


def test_decision_of_a_foreign_meeting_is_not_found(agreement, other_agreement, client_as) -> None:
    foreign = MeetingFactory(agreement=other_agreement)
    url = f"{address(agreement, 'decision_create')}?reunion={foreign.pk}"
    assert client_as(Role.COORDINATOR).get(url).status_code == 404


def follow_up(**changes: object) -> dict[str, object]:
    return {"state": "done", "institutional": "council", **changes}


def test_council_s_act_is_asked_before_done(agreement, client_as) -> None:
    decision = DecisionFactory(agreement=agreement, institutional="council")
    url, coordinator = (
        address(agreement, "decision_follow_up", decision.pk),
        client_as(Role.COORDINATOR),
    )
    response = coordinator.post(url, follow_up())
    assert response.status_code == 422
    assert "numéro de la délibération" in response.content.decode()
    coordinator.post(
        url, follow_up(institutional_reference="2026-41", institutional_on="2026-09-17")
    )
    page = text(coordinator, address(agreement, "decisions"))
    assert "conseil municipal, délibération n°\u00a02026-41 du 17\u00a0septembre\u00a02026" in page


def test_two_people_follow_the_same_decision(agreement, client_as) -> None:
    decision = DecisionFactory(agreement=agreement)
    url, coordinator = (
        address(agreement, "decision_follow_up", decision.pk),
        client_as(Role.COORDINATOR),
    )
    data = {"state": "in_progress", "institutional": "none", "version": decision.version}
    coordinator.post(url, {**data, "follow_up": "Devis reçu"})
    response = coordinator.post(url, {**data, "follow_up": "Devis demandé"})
    assert response.status_code == 409
    assert "Devis reçu" in response.content.decode()
    assert "Devis demandé" in response.content.decode()


@pytest.mark.parametrize(
    ("which", "seen"), [("echues", "En retard"), ("faites", "Terminée"), ("a-porter", "Au conseil")]
)
def test_register_is_filtered(agreement, client_as, which, seen) -> None:
    old = date.today() - timedelta(60)
    DecisionFactory(
        agreement=agreement, decided_on=old, due_on=date.today() - timedelta(1), text="En retard"
    )
    DecisionFactory(agreement=agreement, state="done", text="Terminée")
    DecisionFactory(agreement=agreement, institutional="council", text="Au conseil")
    page = text(client_as(Role.READER), f"{address(agreement, 'decisions')}?suite={which}")
    assert [t for t in ("En retard", "Terminée", "Au conseil") if f'fw-normal">{t}' in page] == [
        seen
    ]


def test_unknown_filter_shows_everything(agreement, client_as) -> None:
    DecisionFactory(agreement=agreement, text="La seule")
    assert "La seule" in text(client_as(Role.READER), f"{address(agreement, 'decisions')}?suite=x")


# --- Number of queries ----------------------------------------------------------------------
def fill(agreement: Agreement, count: int) -> Meeting:
    meeting = MeetingFactory(agreement=agreement, on=date.today() + timedelta(30))
    for _ in range(count):
        MemberFactory(agreement=agreement, committee=meeting.committee)
        point = arbitration(agreement, item=AgendaItemFactory(agreement=agreement, meeting=meeting))
        AgendaItemFactory(agreement=agreement, meeting=meeting, is_confirmed=False)
        AttendanceFactory(agreement=agreement, meeting=meeting)
        MeetingFactory(
            agreement=agreement, committee=meeting.committee, on=date(2026, 3, 3), state="held"
        )
        decision = DecisionFactory(
            agreement=agreement,
            meeting=meeting,
            item=point.item,
            chosen_option=point.options.first(),
            responsible=ContactFactory(agreement=agreement),
            decided_on=date(2026, 3, 3),
            due_on=date(2026, 4, 1),
        )
        action = make("actionplan.Action", agreement)
        make("committees.DecisionAction", agreement, decision=decision, action=action)
        make("committees.AgendaItemAction", agreement, item=point.item, action=action)
    return meeting


@pytest.mark.parametrize("count", [1, 12])
@pytest.mark.parametrize(
    ("name", "number"),
    [("home", 10), ("committee", 6), ("meeting", 15), ("attendance", 5), ("decisions", 13)],
)
def test_page_costs_the_same_for_one_and_for_many(
    agreement, client_as, django_assert_num_queries, name, number, count
) -> None:
    meeting = fill(agreement, count)
    client = client_as(Role.COORDINATOR)
    arguments = {
        "committee": [meeting.committee_id],
        "meeting": [meeting.pk],
        "attendance": [meeting.pk],
    }
    url = address(agreement, name, *arguments.get(name, []))
    client.get(url)
    with django_assert_num_queries(number):
        text(client, url)


@pytest.mark.parametrize("others", [0, 12])
def test_home_costs_the_same_with_more_committees(
    agreement, client_as, django_assert_num_queries, others
) -> None:
    fill(agreement, 1)
    for _ in range(others):
        MeetingFactory(agreement=agreement, on=date.today() + timedelta(9))
    client = client_as(Role.COORDINATOR)
    client.get(address(agreement, "home"))
    with django_assert_num_queries(10):
        text(client, address(agreement, "home"))
