"""The agenda that proposes itself, usual agendas, points that come back, the keyboard."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import product

import pytest

from actionplan import services as plan
from agreements.models import Agreement, JournalEntry, Role
from committees import services, suggestions
from committees.agenda_models import AGENDA_MODELS, MODELS_BY_KEY, models_for
from committees.models import AgendaItem, Committee, CommitteeKind, DeclinedProposal, Meeting
from committees.services.session import TypedNote
from core.errors import DomainError
from tests.actionplan.factories import action as make_action
from tests.agreements.anything import make
from tests.committees.factories import (
    AgendaItemFactory,
    CommitteeFactory,
    DecisionFactory,
    KindFactory,
    MeetingFactory,
    add_meeting,
    arbitration,
)
from tests.committees.test_pages import address, text
from tests.factories import ThemeFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)
O = AgendaItem.Outcome  # noqa: E741


@pytest.fixture
def meeting(agreement: Agreement) -> Meeting:
    return MeetingFactory(agreement=agreement, on=date(2026, 12, 8))


def found(meeting: Meeting, on: date = TODAY) -> dict[str, suggestions.Proposal]:
    return {proposal.rubric: proposal for proposal in suggestions.proposals(meeting, on)}


def value(meeting: Meeting, rubric: str, on: date = TODAY) -> str:
    return found(meeting, on)[rubric].value


def add(meeting: Meeting, *rubrics: str) -> list[AgendaItem]:
    values = [value(meeting, rubric) for rubric in rubrics]
    return services.add_proposals(meeting, actor=None, values=values, on=TODAY)


def late(agreement: Agreement, **fields: object) -> object:
    return make_action(agreement, due_on=date(2026, 10, 1), **fields)


def blocked(agreement: Agreement) -> object:
    return make_action(
        agreement, status="blocked", due_on=date(2027, 1, 1), blocked_cause="Local",
        unblock_condition="Bail", blocked_review_on=date(2026, 12, 1),
    )  # fmt: skip


# --- What is proposed -------------------------------------------------------------------------
def test_nothing_waits_nothing_is_proposed(agreement, meeting) -> None:
    make_action(agreement, due_on=date(2027, 6, 1))
    DecisionFactory(agreement=agreement, due_on=date(2026, 12, 1))
    make("partners.Contract", agreement, starts_on=date(2026, 1, 1), ends_on=date(2029, 1, 1))
    assert found(meeting) == {}


def test_each_sort_of_waiting_thing_makes_one_point_that_says_why(agreement, meeting) -> None:
    first, second = late(agreement), late(agreement)
    stuck = blocked(agreement)
    make_action(agreement, due_on=date(2027, 6, 1), awaited_decision="Choisir le local")
    DecisionFactory(agreement=agreement, number="2026-07", due_on=date(2026, 11, 1))
    make(
        "partners.Contract", agreement, title="COF du multi-accueil",
        starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31),
    )  # fmt: skip
    proposals = found(meeting)
    assert list(proposals) == ["decisions", "late", "blocked", "awaited", "contracts"]
    assert {action.pk for action in proposals["late"].actions} == {first.pk, second.pk}
    assert "2\u00a0actions en retard" in proposals["late"].why
    assert str(stuck) in proposals["blocked"].why
    assert "2026-07" in proposals["decisions"].why
    assert "COF du multi-accueil (31\u00a0décembre\u00a02026)" in proposals["contracts"].why
    assert proposals["late"].minutes == 10


def test_missing_figures_are_those_of_begun_actions(agreement, meeting) -> None:
    begun = make_action(agreement, status="in_progress", due_on=date(2027, 6, 1))
    waiting = make_action(agreement, status="planned", due_on=date(2027, 6, 1))
    known, missing, zero = (
        plan.create_measure(agreement, actor=None, action=begun, label=label)
        for label in ("Connue", "Manquante", "Zéro")
    )
    plan.create_measure(agreement, actor=None, action=waiting, label="Pas commencée")
    plan.set_measure_point(known, actor=None, year=2026, value=Decimal(3))
    plan.set_measure_point(zero, actor=None, year=2026, value=Decimal(0))
    plan.set_measure_point(missing, actor=None, year=2026, target=Decimal(5))
    assert [thing.label for thing in found(meeting)["figures"].things] == ["Manquante"]


@pytest.mark.parametrize(
    ("on", "year"),
    [(date(2026, 3, 1), None), (date(2026, 9, 1), 2026), (date(2027, 3, 1), 2026)],
)
def test_figures_asked_are_those_of_the_year_that_closes(agreement, on, year) -> None:
    assert suggestions.figures_year(MeetingFactory(agreement=agreement, on=on)) == year


def test_working_group_hears_of_its_theme_only(agreement) -> None:
    theme = ThemeFactory(agreement=agreement)
    kind = KindFactory(agreement=agreement, nature=CommitteeKind.Nature.WORKING_GROUP)
    services.update_kind(kind, actor=None, themes=[theme])
    meeting = MeetingFactory(agreement=agreement, committee__kind=kind, on=date(2026, 12, 8))
    mine, other = late(agreement), late(agreement)
    make("actionplan.ActionTheme", agreement, action=mine, theme=theme)
    DecisionFactory(agreement=agreement, due_on=date(2026, 11, 1))
    proposals = found(meeting)
    assert list(proposals) == ["late"]
    assert proposals["late"].actions == [mine]
    assert other not in proposals["late"].actions


def test_other_agreements_wait_elsewhere(agreement, other_agreement, meeting) -> None:
    late(other_agreement)
    DecisionFactory(agreement=other_agreement, due_on=date(2026, 11, 1))
    assert found(meeting) == {}


# --- Ticked, never twice ----------------------------------------------------------------------
def test_ticked_point_is_on_the_agenda_and_proposed_no_more(agreement, meeting) -> None:
    action = late(agreement)
    (item,) = add(meeting, "late")
    assert (item.title, item.minutes) == ("Actions en retard", 5)
    assert list(item.actions.all()) == [action]
    assert str(action) in item.reason
    assert found(meeting) == {}
    another = late(agreement)
    assert found(meeting)["late"].actions == [another]


def test_action_to_be_arbitrated_is_not_proposed_as_blocked_too(agreement, meeting) -> None:
    stuck = blocked(agreement)
    item = AgendaItemFactory(agreement=agreement, meeting=meeting, kind="information")
    make("committees.AgendaItemAction", agreement, item=item, action=stuck)
    assert list(found(meeting)) == ["blocked"]
    AgendaItem.objects.filter(pk=item.pk).update(kind="arbitration")
    assert found(meeting) == {}


def test_removed_point_may_be_proposed_again(agreement, meeting) -> None:
    late(agreement)
    (item,) = add(meeting, "late")
    services.remove_agenda_item(item, actor=None)
    assert list(found(meeting)) == ["late"]


def test_point_put_aside_stays_away_until_its_object_changes(agreement, meeting) -> None:
    action = late(agreement)
    services.decline_proposals(meeting, actor=None, values=[value(meeting, "late")], on=TODAY)
    assert found(meeting) == {}
    later = MeetingFactory(agreement=agreement, committee=meeting.committee, on=date(2027, 3, 1))
    assert "late" not in found(later)
    elsewhere = MeetingFactory(agreement=agreement, on=date(2026, 12, 9))
    assert "late" in found(elsewhere)
    plan.update_action(action, actor=None, progress_note="Le devis est arrivé.")
    assert list(found(meeting)) == ["late"]


def test_what_changed_under_the_eyes_is_not_added(agreement, meeting) -> None:
    late(agreement)
    seen = value(meeting, "late")
    late(agreement)
    with pytest.raises(DomainError, match="a changé entre-temps"):
        services.add_proposals(meeting, actor=None, values=[seen], on=TODAY)
    with pytest.raises(DomainError, match="Cochez"):
        services.add_proposals(meeting, actor=None, values=[], on=TODAY)
    assert not meeting.agenda.exists()


@pytest.mark.parametrize("ticks", list(product([True, False], repeat=2)))
def test_each_thing_is_proposed_or_on_the_agenda_or_put_aside(agreement, meeting, ticks) -> None:
    late(agreement)
    blocked(agreement)
    keys = {thing.key for proposal in found(meeting).values() for thing in proposal.things}
    for rubric, wanted in zip(("late", "blocked"), ticks, strict=True):
        act = services.add_proposals if wanted else services.decline_proposals
        act(meeting, actor=None, values=[value(meeting, rubric)], on=TODAY)
    taken = {key for item in meeting.agenda.all() for key in item.origin_keys}
    declined = set(
        DeclinedProposal.objects.filter(agreement=agreement).values_list("key", flat=True)
    )
    assert taken | declined == keys
    assert not taken & declined
    assert found(meeting) == {}


def test_page_of_proposals(agreement, client_as) -> None:
    meeting = MeetingFactory(agreement=agreement, on=date.today() + timedelta(14))
    make_action(agreement, due_on=date.today() - timedelta(3), title="Ouvrir le lieu d'accueil")
    url, coordinator = address(agreement, "proposals", meeting.pk), client_as(Role.COORDINATOR)
    page = text(coordinator, url)
    assert "Actions en retard" in page
    assert "Ouvrir le lieu d&#x27;accueil" in page
    assert coordinator.post(url, {"acte": "ajouter"}).status_code == 422
    (proposal,) = suggestions.proposals(meeting, date.today())
    coordinator.post(url, {"acte": "ajouter", "proposition": [proposal.value]})
    assert meeting.agenda.get().title == "Actions en retard"
    stale = coordinator.post(url, {"acte": "ajouter", "proposition": [proposal.value]})
    assert stale.status_code == 422
    assert "relisez la liste" in stale.content.decode()
    assert "Rien à proposer" in text(coordinator, url)


def test_proposal_is_put_aside_from_the_page(agreement, client_as) -> None:
    meeting = MeetingFactory(agreement=agreement, on=date.today() + timedelta(14))
    make_action(agreement, due_on=date.today() - timedelta(3))
    url, coordinator = address(agreement, "proposals", meeting.pk), client_as(Role.COORDINATOR)
    (proposal,) = suggestions.proposals(meeting, date.today())
    coordinator.post(url, {"acte": "ecarter", "proposition": [proposal.value]})
    assert "Rien à proposer" in text(coordinator, url)
    assert not meeting.agenda.exists()


@pytest.mark.parametrize("count", [1, 8])
def test_proposals_cost_the_same(agreement, client_as, django_assert_num_queries, count) -> None:
    meeting = MeetingFactory(agreement=agreement, on=date.today() + timedelta(14))
    for _ in range(count):
        make_action(agreement, due_on=date.today() - timedelta(3))
        DecisionFactory(
            agreement=agreement,
            decided_on=date.today() - timedelta(60),
            due_on=date.today() - timedelta(2),
        )
        held = MeetingFactory(
            agreement=agreement, committee=meeting.committee, on=date(2026, 3, 3), state="held"
        )
        AgendaItemFactory(agreement=agreement, meeting=held)
        arbitration(agreement, item=AgendaItemFactory(
            agreement=agreement, meeting__on=date(2026, 3, 4), meeting__state="held"
        ))  # fmt: skip
    client, url = client_as(Role.COORDINATOR), address(agreement, "proposals", meeting.pk)
    client.get(url)
    with django_assert_num_queries(15):
        text(client, url)


# --- Points that come back ---------------------------------------------------------------------
@pytest.fixture
def committee(agreement: Agreement) -> Committee:
    return CommitteeFactory(agreement=agreement)


def held_with(committee: Committee, *titles: str) -> tuple[Meeting, list[AgendaItem]]:
    meeting = MeetingFactory(
        agreement=committee.agreement, committee=committee, on=date(2026, 6, 12)
    )
    items = [
        services.add_agenda_item(meeting, actor=None, title=title, minutes=10) for title in titles
    ]
    services.hold_meeting(meeting, actor=None)
    return meeting, items


def titles(meeting: Meeting) -> list[str]:
    return list(meeting.agenda.values_list("title", flat=True))


def test_untreated_points_are_on_the_next_agenda(committee: Committee) -> None:
    meeting, (told, review, forgotten) = held_with(committee, "Dit", "À revoir", "Oublié")
    services.set_outcomes(
        meeting, actor=None, outcomes={told: O.INFORMATION, review: O.TO_REVIEW, forgotten: ""}
    )
    coming = add_meeting(committee)
    assert titles(coming) == ["À revoir", "Oublié"]
    again = coming.agenda.get(title="Oublié")
    assert again.carried_from == forgotten
    assert "12\u00a0juin\u00a02026" in again.reason


def test_treated_afterwards_it_leaves_the_next_agenda(committee: Committee) -> None:
    coming = add_meeting(committee)
    meeting, (first, second) = held_with(committee, "Premier", "Second")
    assert titles(coming) == ["Premier", "Second"]
    services.set_outcomes(meeting, actor=None, outcomes={first: O.INFORMATION, second: ""})
    assert titles(coming) == ["Second"]
    services.take_decision(
        committee.agreement, actor=None, meeting=meeting, item=second,
        decided_on=date(2026, 6, 12), text="Le comité est favorable.",
    )  # fmt: skip
    assert titles(coming) == []


def test_point_noted_on_since_stays(committee: Committee) -> None:
    """Its notes, its outcome and its actions are words that nobody typed twice."""
    coming = add_meeting(committee)
    meeting, points = held_with(committee, "Noté", "Dit", "Relié", "Intact")
    noted, told, linked, _ = coming.agenda.all()
    services.save_notes(coming, actor=None, typed={noted.pk: TypedNote("L'élue demande.", 0)})
    services.set_outcome(told, actor=None, outcome=O.INFORMATION)
    services.update_agenda_item(linked, actor=None, actions=[make_action(committee.agreement)])
    services.set_outcomes(meeting, actor=None, outcomes=dict.fromkeys(points, O.INFORMATION))
    assert titles(coming) == ["Noté", "Dit", "Relié"]


def test_point_worked_on_since_stays(committee: Committee) -> None:
    coming = add_meeting(committee)
    meeting, (point,) = held_with(committee, "Point")
    services.update_agenda_item(coming.agenda.get(), actor=None, minutes=25)
    services.set_outcomes(meeting, actor=None, outcomes={point: O.INFORMATION})
    assert titles(coming) == ["Point"]


def test_removed_point_does_not_come_back_until_its_outcome_changes(committee: Committee) -> None:
    meeting, (point,) = held_with(committee, "Point")
    coming = add_meeting(committee)
    services.remove_agenda_item(coming.agenda.get(), actor=None)
    services.update_meeting(coming, actor=None, on=date(2026, 12, 15))
    assert titles(coming) == []
    services.set_outcomes(meeting, actor=None, outcomes={point: O.TO_REVIEW})
    assert titles(coming) == ["Point"]


def test_points_follow_the_next_meeting(committee: Committee) -> None:
    held_with(committee, "Point")
    coming = add_meeting(committee)
    sooner = add_meeting(committee, on=date(2026, 9, 8))
    assert (titles(sooner), titles(coming)) == (["Point"], [])
    services.cancel_meeting(sooner, actor=None)
    assert titles(coming) == ["Point"]


def test_meeting_noted_as_held_by_mistake_gives_its_points_back(committee: Committee) -> None:
    coming = add_meeting(committee)
    meeting, _ = held_with(committee, "Point")
    services.plan_meeting_again(meeting, actor=None)
    assert titles(coming) == []


def test_question_comes_back_with_its_options_and_the_first_one_stays(committee: Committee) -> None:
    _, (item,) = held_with(committee, "Ventilation")
    arbitration(committee.agreement, item=item, technical_opinion="Avec la Caf")
    coming = add_meeting(committee)
    again = coming.agenda.get()
    assert [option.title for option in again.arbitration.options.all()] == [
        "La commune seule",
        "Avec la Caf",
    ]
    services.set_arbitration(
        again, actor=None, question="Et en 2027 ?", context="Le prix a changé.",
        options=[{"title": "A"}, {"title": "B"}],
    )  # fmt: skip
    item.arbitration.refresh_from_db()
    assert item.arbitration.question == "Comment financer le surcoût ?"
    assert item.arbitration.options.count() == 2


def test_question_left_open_elsewhere_is_proposed_with_its_options(agreement, meeting) -> None:
    point = arbitration(
        agreement,
        item=AgendaItemFactory(
            agreement=agreement, meeting__on=date(2026, 10, 1), meeting__state="held"
        ),
    )
    rubric = f"question-{point.pk}"
    (item,) = add(meeting, rubric)
    assert item.arbitration.question == point.question
    assert rubric not in found(meeting)


def test_outcomes_are_noted_on_one_page(agreement, client_as, committee) -> None:
    meeting, (first, second) = held_with(committee, "Premier", "Second")
    coming = add_meeting(committee)
    coordinator = client_as(Role.COORDINATOR)
    assert "2\u00a0points non traités" in text(
        coordinator, address(agreement, "meeting", meeting.pk)
    )
    coordinator.post(
        address(agreement, "outcomes", meeting.pk),
        {f"outcome-{first.pk}": "information", f"outcome-{second.pk}": "to_review"},
    )
    assert titles(coming) == ["Second"]
    assert "revient d'une autre réunion" in text(
        client_as(Role.READER), address(agreement, "meeting", coming.pk)
    )


def test_outcome_of_a_meeting_to_come_is_refused(agreement, meeting) -> None:
    item = AgendaItemFactory(agreement=agreement, meeting=meeting)
    with pytest.raises(DomainError, match="s'est tenue"):
        services.set_outcomes(meeting, actor=None, outcomes={item: O.DECISION})


# --- Usual agendas ----------------------------------------------------------------------------
def test_usual_agendas_fit_an_ordinary_meeting() -> None:
    assert [model.key for model in AGENDA_MODELS] == [
        "lancement", "copil-annuel", "cotech", "groupe-de-travail", "evaluation",
    ]  # fmt: skip
    assert [model.minutes for model in AGENDA_MODELS] == [90, 90, 90, 90, 120]
    assert models_for("technical")[0].key == "cotech"
    assert models_for("steering")[0].key == "lancement"
    assert models_for("steering", has_met=True)[0].key == "copil-annuel"


def test_model_is_inserted_once_and_then_changed(agreement, client_as) -> None:
    meeting = MeetingFactory(agreement=agreement, on=date.today() + timedelta(30))
    url, coordinator = address(agreement, "insert_model", meeting.pk), client_as(Role.COORDINATOR)
    assert "Temps d&#x27;évaluation partagée" in text(coordinator, url)
    coordinator.post(url, {"model": "cotech"})
    model = MODELS_BY_KEY["cotech"]
    assert titles(meeting) == [point.title for point in model.points]
    again = coordinator.post(url, {"model": "cotech"})
    assert again.status_code == 422
    assert "déjà à l&#x27;ordre du jour" in again.content.decode()
    assert coordinator.post(url, {"model": "inconnu"}).status_code == 422


# --- Order and keyboard -----------------------------------------------------------------------
def test_keyboard_comes_back_to_the_button(agreement, client_as) -> None:
    meeting = MeetingFactory(agreement=agreement, on=date.today() + timedelta(30))
    items = [AgendaItemFactory(agreement=agreement, meeting=meeting) for _ in range(3)]
    coordinator = client_as(Role.COORDINATOR)
    response = coordinator.post(address(agreement, "item_move", items[2].pk), {"sens": "haut"})
    assert "#" not in response.url
    page = text(coordinator, response.url)
    assert page.count(" autofocus") == 1
    button = next(line for line in page.split("<button") if " autofocus" in line)
    assert 'value="haut"' in button
    assert items[2].title in button


def test_proposal_of_the_caf_has_no_place_yet(agreement, meeting) -> None:
    first = AgendaItemFactory(agreement=agreement, meeting=meeting)
    waiting = services.propose_agenda_item(meeting, actor=None, title="Bilan", minutes=5)
    last = AgendaItemFactory(agreement=agreement, meeting=meeting, position=50)
    services.move_agenda_item(last, actor=None, up=True)
    kept = [item.pk for item in meeting.agenda.filter(is_confirmed=True)]
    assert kept == [last.pk, first.pk]
    with pytest.raises(DomainError, match="pas encore retenu"):
        services.move_agenda_item(waiting, actor=None, up=True)


def test_point_of_no_length_is_refused(agreement, meeting) -> None:
    with pytest.raises(DomainError, match="une minute au moins"):
        services.add_agenda_item(meeting, actor=None, title="Rien", minutes=0)


def test_journal_says_what_came_back(committee: Committee) -> None:
    held_with(committee, "Point")
    add_meeting(committee)
    (entry,) = JournalEntry.objects.filter(agreement=committee.agreement, verb="carry")
    assert "1\u00a0point non traité" in entry.sentence
