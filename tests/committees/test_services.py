"""Rules of the room, and what it refuses."""

from __future__ import annotations

from datetime import date, time

import pytest

from agreements.models import Agreement, JournalEntry
from committees import queries, register, services
from committees.models import AgendaItem, Attendance, Committee, Decision, Meeting
from core.errors import DomainError, StaleObject
from tests.committees.factories import (
    AgendaItemFactory,
    AttendanceFactory,
    CommitteeFactory,
    ContactFactory,
    DecisionFactory,
    KindFactory,
    MeetingFactory,
    MemberFactory,
    OrganisationFactory,
    add_meeting,
    arbitration,
)

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


# --- Committees and meetings ----------------------------------------------------------------
def test_standard_committees_are_created_once(agreement: Agreement) -> None:
    created = services.create_standard_committees(agreement, actor=None)
    assert created[0].is_steering
    assert services.create_standard_committees(agreement, actor=None) == []
    assert Committee.objects.filter(agreement=agreement).count() == len(created)


def test_new_committee_comes_last(agreement: Agreement) -> None:
    services.create_standard_committees(agreement, actor=None)
    services.create_committee(
        agreement, actor=None, kind=KindFactory(agreement=agreement), name="Réseau des parents"
    )
    assert Committee.objects.filter(agreement=agreement).last().name == "Réseau des parents"


def test_committee_that_met_is_not_deleted(agreement: Agreement) -> None:
    meeting = MeetingFactory(agreement=agreement)
    with pytest.raises(DomainError, match="réunions"):
        services.delete_committee(meeting.committee, actor=None)
    services.delete_committee(CommitteeFactory(agreement=agreement), actor=None)


def test_person_sits_once_in_a_committee(agreement: Agreement) -> None:
    member = MemberFactory(agreement=agreement)
    with pytest.raises(DomainError, match="siège déjà"):
        services.add_member(
            member.committee, actor=None, contact=member.contact, organisation=member.organisation
        )


def test_meeting_outside_the_agreement_is_refused(agreement: Agreement) -> None:
    with pytest.raises(DomainError, match="sort de la convention") as refused:
        add_meeting(CommitteeFactory(agreement=agreement), date(2031, 1, 1))
    assert refused.value.field == "on"


def test_meeting_of_another_agreement_s_committee_is_refused(
    agreement: Agreement, other_agreement: Agreement
) -> None:
    with pytest.raises(DomainError, match="autre convention"):
        services.create_meeting(
            agreement,
            actor=None,
            committee=CommitteeFactory(agreement=other_agreement),
            on=date(2026, 12, 8),
            starts_at=time(14),
        )
    assert not Meeting.objects.exists()


def test_meeting_that_was_held_is_neither_cancelled_nor_deleted(agreement: Agreement) -> None:
    meeting = services.hold_meeting(MeetingFactory(agreement=agreement), actor=None)
    with pytest.raises(DomainError, match="ne s'annule plus"):
        services.cancel_meeting(meeting, actor=None)
    with pytest.raises(DomainError, match="ne se supprime pas"):
        services.delete_meeting(meeting, actor=None)


def test_meeting_with_decisions_stays_held(agreement: Agreement) -> None:
    meeting = services.hold_meeting(MeetingFactory(agreement=agreement), actor=None)
    DecisionFactory(agreement=agreement, meeting=meeting)
    with pytest.raises(DomainError, match="décisions"):
        services.plan_meeting_again(meeting, actor=None)


def test_cancelled_meeting_may_be_planned_again_but_not_held(agreement: Agreement) -> None:
    meeting = services.cancel_meeting(MeetingFactory(agreement=agreement), actor=None)
    with pytest.raises(DomainError, match="annulée"):
        services.hold_meeting(meeting, actor=None)
    assert services.plan_meeting_again(meeting, actor=None).state == Meeting.State.PLANNED


# --- Agenda ---------------------------------------------------------------------------------
def titles(meeting: Meeting) -> list[str]:
    return [item.title for item in meeting.agenda.all()]


def test_points_move_up_and_down_and_stop_at_the_ends(agreement: Agreement) -> None:
    meeting = MeetingFactory(agreement=agreement)
    first, _, last = (
        services.add_agenda_item(meeting, actor=None, title=title) for title in ("A", "B", "C")
    )
    services.move_agenda_item(last, actor=None, up=True)
    assert titles(meeting) == ["A", "C", "B"]
    services.move_agenda_item(first, actor=None, up=True)
    assert titles(meeting) == ["A", "C", "B"]
    services.move_agenda_item(first, actor=None, up=False)
    assert titles(meeting) == ["C", "A", "B"]


def test_agenda_says_at_what_time_each_point_begins(agreement: Agreement) -> None:
    meeting = MeetingFactory(agreement=agreement, duration_minutes=60)
    for minutes in (20, 45):
        AgendaItemFactory(agreement=agreement, meeting=meeting, minutes=minutes)
    AgendaItemFactory(agreement=agreement, meeting=meeting, is_confirmed=False, minutes=30)
    agenda = queries.agenda_of(meeting)
    assert [line.clock for line in agenda.lines] == ["14\u00a0h", "14\u00a0h\u00a020"]
    assert (agenda.minutes, agenda.over, len(agenda.proposals)) == (65, 5, 1)


def test_declined_proposal_leaves_the_agenda_and_keeps_its_answer(agreement: Agreement) -> None:
    meeting = MeetingFactory(agreement=agreement)
    item = services.propose_agenda_item(meeting, actor=None, title="Calendrier du bilan")
    services.decline_agenda_item(item, actor=None, reason="Vu en point régulier.")
    assert titles(meeting) == []
    (answer,) = queries.declined_proposals(meeting)
    assert answer.reason == "Vu en point régulier."
    assert "Calendrier du bilan" in answer.sentence


def test_point_already_kept_is_not_declined(agreement: Agreement) -> None:
    item = services.propose_agenda_item(MeetingFactory(agreement=agreement), actor=None, title="A")
    services.accept_agenda_item(item, actor=None)
    with pytest.raises(DomainError, match="déjà retenu"):
        services.decline_agenda_item(item, actor=None, reason="Trop tard.")


def test_nothing_is_proposed_for_a_meeting_that_took_place(agreement: Agreement) -> None:
    meeting = MeetingFactory(agreement=agreement, state=Meeting.State.HELD)
    with pytest.raises(DomainError, match="plus à préparer"):
        services.propose_agenda_item(meeting, actor=None, title="A")


def test_point_on_which_one_decided_stays(agreement: Agreement) -> None:
    item = AgendaItemFactory(agreement=agreement)
    DecisionFactory(agreement=agreement, meeting=item.meeting, item=item)
    with pytest.raises(DomainError, match="décision"):
        services.remove_agenda_item(item, actor=None)


# --- Arbitration ----------------------------------------------------------------------------
def test_arbitration_has_two_or_three_options(agreement: Agreement) -> None:
    item = AgendaItemFactory(agreement=agreement)
    with pytest.raises(DomainError, match="deux ou trois"):
        arbitration(agreement, item=item, options=[{"title": "Une seule"}])
    assert not hasattr(AgendaItem.objects.get(pk=item.pk), "arbitration")


def test_arbitration_makes_its_point_one_to_arbitrate(agreement: Agreement) -> None:
    assert arbitration(agreement).item.kind == AgendaItem.Kind.ARBITRATION


def test_negative_cost_is_refused_and_nothing_is_written(agreement: Agreement) -> None:
    item = AgendaItemFactory(agreement=agreement)
    with pytest.raises(DomainError):
        arbitration(agreement, item=item, options=[{"title": "A"}, {"title": "B", "cost": -1}])
    assert not hasattr(AgendaItem.objects.get(pk=item.pk), "arbitration")


def test_options_written_by_two_people_are_not_lost(agreement: Agreement) -> None:
    point = arbitration(agreement)
    seen = point.version
    options = [{"title": "La commune seule, en deux ans"}, {"title": "Avec la Caf"}]
    arbitration(agreement, item=point.item, options=options, expected_version=seen)
    with pytest.raises(StaleObject):
        arbitration(agreement, item=point.item, expected_version=seen)


def test_options_do_not_change_once_chosen(agreement: Agreement) -> None:
    point = arbitration(agreement)
    services.take_decision(
        agreement,
        actor=None,
        meeting=point.item.meeting,
        item=point.item,
        chosen_option=point.options.first(),
        decided_on=date(2026, 12, 8),
        text="La commune porte seule le surcoût.",
    )
    with pytest.raises(DomainError, match="ne changent plus"):
        arbitration(agreement, item=point.item)
    with pytest.raises(DomainError, match="reste"):
        services.remove_arbitration(point, actor=None)


# --- Attendance -----------------------------------------------------------------------------
def test_members_are_invited_once(agreement: Agreement) -> None:
    meeting = MeetingFactory(agreement=agreement)
    MemberFactory(agreement=agreement, committee=meeting.committee)
    assert services.invite_members(meeting, actor=None) == 1
    assert services.invite_members(meeting, actor=None) == 0


def test_guest_is_on_the_list_once(agreement: Agreement) -> None:
    meeting = MeetingFactory(agreement=agreement)
    guest = {
        "contact": ContactFactory(agreement=agreement),
        "organisation": OrganisationFactory(agreement=agreement),
    }
    services.add_attendance(meeting, actor=None, **guest)
    with pytest.raises(DomainError, match="déjà sur la liste"):
        services.add_attendance(meeting, actor=None, **guest)


def test_only_a_represented_person_has_a_representative(agreement: Agreement) -> None:
    row = AttendanceFactory(agreement=agreement)
    with pytest.raises(DomainError, match="choisissez « représenté »"):
        services.record_attendance(row, actor=None, status="present", represented_by="M. Petit")
    row = Attendance.objects.get(pk=row.pk)
    services.record_attendance(row, actor=None, status="represented", represented_by="M. Petit")
    assert queries.attendance_counts([row]) == [("représentés", 1)]


# --- Decisions ------------------------------------------------------------------------------
def take(agreement: Agreement, **fields: object) -> Decision:
    given = {"decided_on": date(2026, 6, 12), "text": "Le comité est favorable.", **fields}
    return services.take_decision(agreement, actor=None, **given)


def test_decisions_are_numbered_within_their_year(agreement: Agreement) -> None:
    numbers = [
        take(agreement, decided_on=day).number
        for day in (date(2026, 6, 12), date(2026, 12, 8), date(2027, 1, 4))
    ]
    assert numbers == ["2026-01", "2026-02", "2027-01"]


def test_due_date_before_the_decision_is_refused(agreement: Agreement) -> None:
    with pytest.raises(DomainError, match="suivre la décision"):
        take(agreement, due_on=date(2026, 6, 1))


def test_decision_belongs_to_the_agenda_of_its_meeting(agreement: Agreement) -> None:
    item = AgendaItemFactory(agreement=agreement)
    with pytest.raises(DomainError, match="ordre du jour") as refused:
        take(agreement, meeting=MeetingFactory(agreement=agreement), item=item)
    assert refused.value.field == "item"


def test_option_of_another_point_is_not_chosen(agreement: Agreement) -> None:
    point = arbitration(agreement)
    other = AgendaItemFactory(agreement=agreement, meeting=point.item.meeting)
    with pytest.raises(DomainError, match="option"):
        take(agreement, meeting=other.meeting, item=other, chosen_option=point.options.first())


def test_cancelled_meeting_decides_nothing(agreement: Agreement) -> None:
    meeting = MeetingFactory(agreement=agreement, state=Meeting.State.CANCELLED)
    with pytest.raises(DomainError, match="ne décide rien"):
        take(agreement, meeting=meeting)


def test_decision_for_the_council_is_done_once_its_act_is_known(agreement: Agreement) -> None:
    decision = take(agreement, institutional="council")
    with pytest.raises(DomainError, match="délibération"):
        services.update_decision(decision, actor=None, state="done")
    decision = Decision.objects.get(pk=decision.pk)
    services.update_decision(decision, actor=None, state="done", institutional_reference="2026-41")
    assert JournalEntry.objects.filter(target_id=decision.pk, verb="update").exists()


def test_act_without_a_body_is_refused(agreement: Agreement) -> None:
    with pytest.raises(DomainError, match="où la décision est portée"):
        take(agreement, institutional_reference="2026-41")


def test_lateness_is_computed_from_the_day(agreement: Agreement) -> None:
    due = date(2026, 11, 23)
    open_, done = take(agreement, due_on=due), take(agreement, due_on=due, state="done")
    states = {row.decision.pk: row.state for row in register.rows_of([open_, done], TODAY)}
    assert states == {open_.pk: "late", done.pk: "done"}
    assert not register.is_overdue(open_, due)


def test_register_counts_each_filter(agreement: Agreement, other_agreement: Agreement) -> None:
    take(agreement, due_on=date(2026, 7, 1), institutional="council")
    take(agreement, state="done")
    take(agreement, state="dropped", institutional="budget")
    take(other_agreement)
    assert register.register_counts(agreement, TODAY) == {
        "toutes": 3,
        "echues": 1,
        "ouvertes": 1,
        "faites": 1,
        "abandonnees": 1,
        "a-porter": 1,
        "vote": 0,
        "a-confirmer": 0,
    }
    for which, count in register.register_counts(agreement, TODAY).items():
        assert register.register(agreement, which, TODAY).count() == count
