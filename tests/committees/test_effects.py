"""Decisions that change the plan: prepared, applied once, never over what somebody else wrote."""

from __future__ import annotations

import contextlib
import threading
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actionplan import services as plan
from actionplan.models import Action, ActionStatus, BudgetLine
from agreements.models import Agreement, JournalEntry
from committees import services
from committees.effect_lines import effect_lines
from committees.effect_words import reason_of
from committees.models import Decision, DecisionEffect, Meeting, MeetingRecord
from core.errors import DomainError
from core.formats import NBSP
from tests.actionplan.factories import action as make_action
from tests.committees.factories import (
    ContactFactory,
    DecisionFactory,
    MeetingFactory,
    OrganisationFactory,
    arbitration,
)

pytestmark = pytest.mark.django_db
K, S = DecisionEffect.Kind, DecisionEffect.State
VALIDATED = date(2026, 11, 20)


@pytest.fixture
def action(agreement: Agreement) -> Action:
    row = make_action(agreement, title="Ouvrir un relais", due_on=date(2027, 12, 31))
    plan.set_budget_line(row, actor=None, year=2027, nature="operating", planned=Decimal(10_000))
    return row


@pytest.fixture
def meeting(agreement: Agreement) -> Meeting:
    return MeetingFactory(agreement=agreement, on=date(2026, 11, 10), committee__name="COPIL")


VOTED = {
    "institutional": "council",
    "institutional_reference": "2026-61",
    "institutional_on": date(2026, 11, 18),
}


@pytest.fixture
def decision(agreement: Agreement, meeting: Meeting) -> Decision:
    return decide(meeting, **VOTED)


def decide(meeting: Meeting, **fields: Any) -> Decision:
    given_: dict[str, Any] = {"decided_on": meeting.on, "text": "Le COPIL est favorable.", **fields}
    return services.take_decision(meeting.agreement, actor=None, meeting=meeting, **given_)


def later(decision: Decision, action: Action, day: date = date(2028, 6, 30)) -> DecisionEffect:
    return services.prepare_effect(decision, actor=None, action=action, kind=K.DUE_ON, new_date=day)


def more(
    decision: Decision, action: Action, amount: int = 4_000, year: int = 2027
) -> DecisionEffect:
    return services.prepare_effect(
        decision, actor=None, action=action, kind=K.BUDGET, amount=Decimal(amount), year=year,
        nature="operating",
    )  # fmt: skip


def validate(meeting: Meeting) -> list[DecisionEffect]:
    """As the record's validation does: locked, then applied, in one transaction."""
    with transaction.atomic():
        MeetingRecord.objects.update_or_create(
            agreement=meeting.agreement,
            meeting=meeting,
            defaults={"state": "validated", "validated_on": VALIDATED},
        )
        return services.apply_effects(meeting, actor=None, on=VALIDATED)


def budget(action: Action, year: int = 2027) -> Decimal | None:
    return plan.planned_of(action, year=year, nature="operating")


def again(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)


# --- Preparing ------------------------------------------------------------------------------
def test_prepared_effect_says_old_and_new_and_touches_nothing(decision, action) -> None:
    effect = later(decision, action)
    assert (effect.old_words, effect.new_words) == (
        f"31{NBSP}décembre{NBSP}2027",
        f"30{NBSP}juin{NBSP}2028",
    )
    assert again(action).due_on == date(2027, 12, 31)
    assert list(decision.actions.all()) == [action]


def test_budget_not_known_is_said_so_and_counts_from_nothing(decision, action) -> None:
    effect = more(decision, action, year=2028)
    assert (effect.old_words, effect.new_words) == ("non renseigné", f"4{NBSP}000{NBSP}€")
    with pytest.raises(DomainError, match="n'est pas renseigné"):
        more(decision, action, -1_000, year=2029)


@pytest.mark.parametrize(
    ("values", "sentence", "field"),
    [
        ({"kind": K.DUE_ON, "new_date": date(2045, 1, 1)}, "sort de la convention", "new_date"),
        ({"kind": K.DUE_ON, "new_date": date(2027, 12, 31)}, "le dit déjà", "new_date"),
        ({"kind": K.DUE_ON}, "nouvelle date", "new_date"),
        ({"kind": K.STATUS, "new_status": "to_discuss"}, "ne passe pas directement", "new_status"),
        ({"kind": K.STATUS, "new_status": "blocked"}, "par quoi", "new_status"),
        ({"kind": K.BUDGET, "amount": -12_000, "year": 2027, "nature": "operating"}, "sous zéro",
         "amount"),
        ({"kind": K.BUDGET, "amount": 0, "year": 2027, "nature": "operating"}, "dit déjà", "amount"),
        ({"kind": K.BUDGET, "amount": 10, "year": 2050, "nature": "operating"}, "année de la",
         "year"),
        ({"kind": K.BUDGET, "amount": 10, "year": 2027}, "fonctionnement", "nature"),
        ({"kind": K.LEAD}, "pilotera", "new_lead"),
        ({"kind": "autre"}, "Choisissez", "kind"),
    ],
)  # fmt: skip
def test_what_the_plan_refuses_is_refused_when_prepared(
    decision, action, values: dict[str, Any], sentence: str, field: str
) -> None:
    if "amount" in values:
        values = {**values, "amount": Decimal(values["amount"])}
    with pytest.raises(DomainError, match=sentence) as refused:
        services.prepare_effect(decision, actor=None, action=action, **values)
    assert refused.value.field == field
    assert not DecisionEffect.objects.exists()


def test_the_same_change_twice_in_one_decision_is_refused(decision, action) -> None:
    later(decision, action)
    with pytest.raises(DomainError, match="Modifiez la ligne"):
        later(decision, action, date(2029, 1, 1))


def test_action_of_another_agreement_is_refused(decision, other_agreement) -> None:
    with pytest.raises(DomainError, match="pas de la convention"):
        later(decision, make_action(other_agreement))


def test_effect_changes_and_goes_while_nothing_is_validated(decision, action) -> None:
    effect = services.update_effect(later(decision, action), actor=None, new_date=date(2029, 1, 31))
    assert "2029" in effect.new_words
    effect = services.update_effect(
        effect, actor=None, kind=K.BUDGET, amount=Decimal(500), year=2027, nature="operating"
    )
    assert effect.new_date is None
    services.remove_effect(effect, actor=None)
    assert not DecisionEffect.objects.exists()


def test_start_and_due_date_move_together(decision, action) -> None:
    """Neither order is refused: the due date makes room for the start."""
    later(decision, action, date(2029, 6, 30))
    services.prepare_effect(
        decision, actor=None, action=action, kind=K.STARTS_ON, new_date=date(2028, 9, 1)
    )
    assert {effect.state for effect in validate(decision.meeting)} == {S.APPLIED}
    assert again(action).starts_on == date(2028, 9, 1)


# --- Applying -------------------------------------------------------------------------------
def test_validation_applies_and_the_plan_says_by_which_decision(decision, action) -> None:
    later(decision, action)
    more(decision, action)
    services.prepare_effect(
        decision, actor=None, action=action, kind=K.STATUS, new_status=ActionStatus.PAUSED
    )
    assert {effect.state for effect in validate(decision.meeting)} == {S.APPLIED}
    row = again(action)
    assert (row.due_on, row.status, budget(row)) == (date(2028, 6, 30), "paused", Decimal(14_000))
    reason = reason_of(again(decision))
    assert reason.startswith(f"Décision n°{NBSP}2026-01 du COPIL du 10{NBSP}novembre{NBSP}2026")
    assert set(row.history.values_list("history_change_reason", flat=True)[:2]) == {reason}
    told = JournalEntry.objects.filter(agreement=row.agreement, reason=reason)
    assert {"actionplan.action", "actionplan.budgetline"} <= set(
        told.values_list("target_type", flat=True)
    )


def test_applying_again_changes_nothing(decision, action) -> None:
    more(decision, action)
    validate(decision.meeting)
    version = again(action).version
    assert validate(decision.meeting) == []
    assert (budget(action), again(action).version) == (Decimal(14_000), version)


def test_dropped_action_says_by_which_decision(decision, action) -> None:
    services.prepare_effect(
        decision, actor=None, action=action, kind=K.STATUS, new_status=ActionStatus.DROPPED
    )
    validate(decision.meeting)
    assert "2026-01" in again(action).dropped_reason


def test_new_lead_brings_the_structure_where_they_work(agreement, decision, action) -> None:
    person, place = ContactFactory(agreement=agreement), OrganisationFactory(agreement=agreement)
    person.positions.create(agreement=agreement, organisation=place, function="Direction")
    effect = services.prepare_effect(
        decision, actor=None, action=action, kind=K.LEAD, new_lead=person
    )
    assert str(person) not in effect.old_words + effect.new_words
    validate(decision.meeting)
    assert (again(action).lead_contact, again(action).lead_organisation) == (person, place)


def test_erased_person_leads_nothing(agreement, decision, action) -> None:
    effect = services.prepare_effect(
        decision,
        actor=None,
        action=action,
        kind=K.LEAD,
        new_lead=ContactFactory(agreement=agreement),
    )
    effect.new_lead.delete()
    (effect,) = validate(decision.meeting)
    assert effect.state == S.CONFLICT
    assert "partenaires" in effect.state_reason


def test_value_that_moved_waits_for_a_confirmation(decision, action) -> None:
    effect = later(decision, action)
    plan.update_action(again(action), actor=None, due_on=date(2029, 3, 31))
    (effect,) = validate(decision.meeting)
    assert effect.state == S.CONFLICT
    assert f"31{NBSP}mars{NBSP}2029" in effect.state_reason
    assert again(action).due_on == date(2029, 3, 31)
    with pytest.raises(DomainError, match="encore changé"):
        services.confirm_effect(effect, actor=None, on=VALIDATED, seen="2027-12-31")
    effect = services.confirm_effect(effect, actor=None, on=VALIDATED, seen="2029-03-31")
    assert (effect.state, again(action).due_on) == (S.APPLIED, date(2028, 6, 30))
    assert effect.old_words == f"31{NBSP}mars{NBSP}2029"
    with pytest.raises(DomainError, match="rien n'est à confirmer"):
        services.confirm_effect(effect, actor=None, on=VALIDATED)


def test_what_somebody_wrote_already_is_applied_without_writing(decision, action) -> None:
    later(decision, action)
    row = plan.update_action(again(action), actor=None, due_on=date(2028, 6, 30))
    (effect,) = validate(decision.meeting)
    assert effect.state == S.APPLIED
    assert effect.state_reason == "Le plan le disait déjà."
    assert again(action).version == row.version


def test_what_the_plan_refuses_since_does_not_stop_the_others(decision, action) -> None:
    services.prepare_effect(
        decision, actor=None, action=action, kind=K.STARTS_ON, new_date=date(2027, 6, 1)
    )
    more(decision, action)
    plan.update_action(again(action), actor=None, due_on=date(2027, 3, 1))
    moved, applied = validate(decision.meeting)
    assert (moved.state, applied.state) == (S.CONFLICT, S.APPLIED)
    assert moved.state_reason == "Le plan le refuse : L'échéance doit suivre le début."
    with pytest.raises(DomainError, match="suivre le début"):
        services.confirm_effect(moved, actor=None, on=VALIDATED)
    assert again(moved).state == S.CONFLICT
    assert services.set_aside_effect(moved, actor=None, reason="Sans objet.").state == S.SET_ASIDE


def test_archived_action_takes_no_effect(decision, action) -> None:
    later(decision, action)
    plan.archive_action(again(action), actor=None)
    assert [effect.state for effect in validate(decision.meeting)] == [S.CONFLICT]


def test_differences_of_several_decisions_add_up(meeting, action) -> None:
    """+4 000, then +2 000: what a decision moved is no surprise for the next one."""
    for amount in (4_000, 2_000):
        more(decide(meeting, **VOTED), action, amount)
    assert {effect.state for effect in validate(meeting)} == {S.APPLIED}
    assert budget(action) == Decimal(16_000)
    second = DecisionEffect.objects.last()
    assert (second.old_words, second.new_words) == (
        f"14{NBSP}000{NBSP}€",
        f"16{NBSP}000{NBSP}€",
    )


def test_budget_written_by_hand_since_waits(decision, action) -> None:
    """Somebody may already have counted it: nothing is added twice without a word."""
    more(decision, action)
    plan.set_budget_line(action, actor=None, year=2027, nature="operating", planned=Decimal(14_000))
    assert [effect.state for effect in validate(decision.meeting)] == [S.CONFLICT]
    assert budget(action) == Decimal(14_000)


# --- The vote -------------------------------------------------------------------------------
def test_money_waits_for_the_vote_and_the_rest_does_not(meeting, action) -> None:
    decision = decide(meeting, institutional="council")
    later(decision, action)
    more(decision, action)
    assert [effect.state for effect in validate(meeting)] == [S.APPLIED, S.PENDING_VOTE]
    assert budget(action) == Decimal(10_000)
    decision = services.update_decision(
        again(decision), actor=None, institutional_reference="2026-61"
    )
    assert budget(action) == Decimal(10_000), "a number without its date is no vote"
    services.update_decision(decision, actor=None, institutional_on=date(2026, 11, 18))
    assert budget(action) == Decimal(14_000)
    entry = JournalEntry.objects.filter(target_type="actionplan.budgetline").latest("pk")
    assert "délibération n°" in entry.reason
    assert "2026-61" in entry.reason


def test_money_waits_even_where_no_follow_up_was_noted(meeting, action) -> None:
    """« Aucune » is what the form begins with: forgetting it votes no credits."""
    decision = decide(meeting)
    more(decision, action)
    [effect] = validate(meeting)
    assert (effect.state, budget(action)) == (S.PENDING_VOTE, Decimal(10_000))
    [line] = effect_lines([again(effect)], with_money=True, on=VALIDATED)
    assert "qui vote ces crédits" in line.when
    decision = services.update_decision(again(decision), actor=None, state="in_progress")
    services.update_decision(decision, actor=None, **VOTED)
    assert budget(action) == Decimal(14_000)


def test_act_to_come_votes_nothing(meeting, action) -> None:
    decision = decide(meeting, institutional="budget")
    more(decision, action)
    validate(meeting)
    with pytest.raises(DomainError, match="à venir"):
        services.update_decision(
            decision,
            actor=None,
            institutional_reference="DM 2",
            institutional_on=date.today() + timedelta(days=1),
        )
    assert budget(action) == Decimal(10_000)


def test_act_before_the_validation_lets_the_money_in_at_once(meeting, action) -> None:
    more(decide(meeting, **VOTED), action)
    assert [effect.state for effect in validate(meeting)] == [S.APPLIED]


def test_money_that_waits_keeps_its_vote(meeting, action) -> None:
    decision = decide(meeting, institutional="council")
    effect = more(decision, action)
    validate(meeting)
    with pytest.raises(DomainError, match="écartez-les"):
        services.update_decision(again(decision), actor=None, institutional="none")
    services.set_aside_effect(again(effect), actor=None, reason="Le conseil a refusé.")
    services.update_decision(again(decision), actor=None, institutional="none")


def test_act_that_voted_is_corrected_never_emptied(meeting, action) -> None:
    decision = decide(meeting, **VOTED)
    more(decision, action)
    validate(meeting)
    services.update_decision(again(decision), actor=None, institutional_reference="2026-62")
    with pytest.raises(DomainError, match="ne l'effacez pas"):
        services.update_decision(again(decision), actor=None, institutional_reference="")


def test_dropped_decision_takes_its_effects_with_it(meeting, action) -> None:
    decision = decide(meeting, institutional="council")
    effect = more(decision, action)
    validate(meeting)
    services.update_decision(again(decision), actor=None, state="dropped")
    assert again(effect).state == S.SET_ASIDE
    with pytest.raises(DomainError, match="abandonnée"):
        later(again(decision), action)


# --- Elsewhere ------------------------------------------------------------------------------
def test_decision_taken_elsewhere_enters_the_plan_once_its_act_is_known(agreement, action) -> None:
    decision = services.take_decision(
        agreement,
        actor=None,
        decided_on=date(2026, 11, 3),
        text="Le conseil vote le surcoût.",
        taken_by="Conseil municipal",
        number="DCM 2026-9",
    )
    more(decision, action)
    with pytest.raises(DomainError, match="référence de l'acte"):
        services.apply_elsewhere(decision, actor=None, on=VALIDATED)
    services.update_decision(decision, actor=None, institutional_reference="2026-9")
    services.apply_elsewhere(decision, actor=None, on=VALIDATED)
    assert budget(action) == Decimal(14_000)
    entry = JournalEntry.objects.filter(target_type="actionplan.budgetline").latest("pk")
    assert "Conseil municipal" in entry.reason


def test_decision_of_a_meeting_waits_for_its_record(decision, action) -> None:
    later(decision, action)
    with pytest.raises(DomainError, match="relevé"):
        services.apply_elsewhere(decision, actor=None, on=VALIDATED)


# --- Locked ---------------------------------------------------------------------------------
def test_validated_record_locks_what_was_decided_not_what_becomes_of_it(
    agreement, decision, action
) -> None:
    meeting = decision.meeting
    effect = later(decision, action)
    point = arbitration(agreement)
    validate(meeting)
    locked = [
        lambda: services.update_decision(again(decision), actor=None, text="Autre chose."),
        lambda: services.update_decision(again(decision), actor=None, number="2026-77"),
        lambda: services.update_decision(again(decision), actor=None, decided_on=date(2026, 1, 1)),
        lambda: later(again(decision), make_action(agreement)),
        lambda: services.update_effect(again(effect), actor=None, new_date=date(2029, 1, 1)),
        lambda: services.remove_effect(again(effect), actor=None),
        lambda: decide(meeting),
    ]
    for act in locked:
        with pytest.raises(DomainError, match="est validé : ajoutez un rectificatif"):
            act()
    services.update_decision(
        again(decision), actor=None, text=decision.text, state="in_progress", follow_up="Lancé."
    )
    assert again(decision).follow_up == "Lancé."
    assert not point.item.decisions.exists()


# --- Numbers --------------------------------------------------------------------------------
def test_number_taken_is_refused_with_the_decision_that_bears_it(agreement) -> None:
    DecisionFactory(agreement=agreement, number="2026-04", text="Ouvrir le relais.")
    with pytest.raises(DomainError, match=r"Ouvrir le relais\.") as refused:
        services.take_decision(
            agreement, actor=None, number="2026-04", decided_on=date(2026, 1, 1), text="Autre."
        )
    assert refused.value.field == "number"


def test_number_of_a_deleted_decision_is_never_given_again(agreement) -> None:
    decision = services.take_decision(
        agreement, actor=None, decided_on=date(2026, 5, 1), text="Une erreur."
    )
    number = decision.number
    decision.delete()
    assert services.next_number(agreement, 2026) == "2026-02"
    with pytest.raises(DomainError, match="pas redonné"):
        services.take_decision(
            agreement, actor=None, number=number, decided_on=date(2026, 5, 1), text="Autre."
        )


# --- Whatever happens between -----------------------------------------------------------------
AMOUNTS = st.integers(-15_000, 15_000).filter(bool).map(Decimal)
DAYS = st.dates(date(2026, 6, 1), date(2031, 12, 31))
EFFECTS = st.one_of(
    st.fixed_dictionaries({"kind": st.just(K.DUE_ON), "new_date": DAYS}),
    st.fixed_dictionaries({"kind": st.just(K.STARTS_ON), "new_date": DAYS}),
    st.fixed_dictionaries({"kind": st.just(K.STATUS), "new_status": st.sampled_from(ActionStatus)}),
    st.fixed_dictionaries(
        {
            "kind": st.just(K.BUDGET),
            "amount": AMOUNTS,
            "year": st.sampled_from([2026, 2027]),
            "nature": st.sampled_from(list(BudgetLine.Nature)),
        }
    ),
)
MOVES = st.one_of(
    st.tuples(st.just("due_on"), DAYS),
    st.tuples(st.just("status"), st.sampled_from([ActionStatus.PAUSED, ActionStatus.DONE])),
    st.tuples(st.just("budget"), st.integers(0, 12_000).map(Decimal)),
    st.tuples(st.just("archive"), st.just(None)),
)


def state_of(action: Action) -> dict[str, Any]:
    row = again(action)
    found: dict[str, Any] = {n: getattr(row, n) for n in ("due_on", "starts_on", "status")}
    for year in (2026, 2027):
        for nature in BudgetLine.Nature:
            found[f"budget {year} {nature}"] = plan.planned_of(row, year=year, nature=nature)
    return found


def key_of(effect: DecisionEffect) -> str:
    if effect.kind == K.BUDGET:
        return f"budget {effect.year} {effect.nature}"
    return str(effect.kind)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    effects=st.lists(EFFECTS, min_size=1, max_size=5),
    moves=st.lists(MOVES, max_size=3),
    voted=st.booleans(),
    council=st.booleans(),
)
def test_nothing_is_overwritten_nor_doubled_whatever_happened_between(
    agreement: Agreement,
    effects: list[dict[str, Any]],
    moves: list[tuple[str, Any]],
    voted: bool,
    council: bool,
) -> None:
    with transaction.atomic():
        meeting = MeetingFactory(agreement=agreement, on=date(2026, 11, 10))
        action = make_action(agreement, due_on=date(2027, 12, 31))
        plan.set_budget_line(
            action, actor=None, year=2027, nature="operating", planned=Decimal(10_000)
        )
        decision = decide(meeting, institutional="council" if council else "none")
        for values in effects:
            before = state_of(action)
            with contextlib.suppress(DomainError):
                services.prepare_effect(again(decision), actor=None, action=action, **values)
            assert state_of(action) == before, "preparing writes nothing"
        for name, value in moves:
            try:
                if name == "budget":
                    plan.set_budget_line(
                        action, actor=None, year=2027, nature="operating", planned=value
                    )
                elif name == "archive":
                    plan.archive_action(again(action), actor=None)
                else:
                    plan.update_action(again(action), actor=None, **{name: value})
            except DomainError:
                pass
        before = state_of(action)
        if council and voted:
            services.update_decision(
                again(decision),
                actor=None,
                institutional_reference="2026-61",
                institutional_on=date(2026, 11, 18),
            )
        handled = validate(meeting)
        after = state_of(action)
        assert all(effect.state != S.PREPARED for effect in handled)
        assert {key_of(e) for e in handled if e.state == S.APPLIED and not e.state_reason} == {
            name for name in after if after[name] != before[name]
        }
        for effect in handled:
            name = key_of(effect)
            if effect.state != S.APPLIED:
                assert effect.state_reason or effect.state == S.PENDING_VOTE
            elif effect.is_money:
                assert after[name] == (before[name] or Decimal(0)) + effect.amount
                assert all((council, voted)), "money never enters without its vote"
            else:
                assert after[name] == (effect.new_date or effect.new_status)
        assert all(value is None or value >= 0 for n, value in after.items() if "budget" in n)
        assert services.apply_effects(meeting, actor=None, on=VALIDATED) == []
        services.apply_voted(again(decision), actor=None, on=VALIDATED)
        assert state_of(action) == after, "nothing is applied twice"
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
def test_of_two_validations_at_once_one_alone_applies(agreement, decision, action) -> None:
    more(decision, action)
    start, handled = threading.Barrier(2), []

    def run() -> None:
        start.wait()
        try:
            handled.extend(services.apply_effects(decision.meeting, actor=None, on=VALIDATED))
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [effect.state for effect in handled] == [S.APPLIED]
    assert budget(action) == Decimal(14_000)
