"""The rules of an action: what makes it valid, where it may go, what its parts keep."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actionplan import services
from actionplan.models import (
    Action,
    ActionStatus,
    BudgetLine,
    FollowUpNote,
    Funding,
    FundingStage,
    Measure,
    MeasurePoint,
    Objective,
)
from agreements.models import JournalEntry
from core.errors import DomainError, StaleObject
from tests.actionplan.factories import action as make_action
from tests.actionplan.factories import organisation
from tests.actionplan.factories import orientation as make_orientation
from tests.factories import ThemeFactory, UserFactory

pytestmark = pytest.mark.django_db
S = ActionStatus
BLOCKED = {
    "blocked_cause": "Local indisponible",
    "unblock_condition": "Bail signé",
    "blocked_review_on": date(2026, 12, 1),
}


# --- Validity -------------------------------------------------------------------------------
def test_number_follows_the_level_and_fills_the_first_gap(agreement) -> None:
    level = make_orientation(agreement, code="7")
    first = make_action(agreement, orientation=level)
    second = make_action(agreement, orientation=level)
    assert [first.code, second.code] == ["7.1", "7.2"]
    services.update_action(first, actor=None, code="7.9")
    assert services.propose_code(agreement, level, None) == "7.1"


def test_two_agreements_number_apart(agreement, other_agreement) -> None:
    here = make_action(agreement, orientation=make_orientation(agreement, code="1"))
    there = make_action(other_agreement, orientation=make_orientation(other_agreement, code="1"))
    assert here.code == there.code == "1.1"


@pytest.mark.parametrize(
    ("name", "day"),
    [("due_on", date(2031, 1, 1)), ("starts_on", date(2025, 12, 31))],
)
def test_dates_outside_the_agreement_are_refused(agreement, name, day) -> None:
    with pytest.raises(DomainError, match="sort de la convention") as refusal:
        make_action(agreement, **{name: day})
    assert refusal.value.field == name
    assert not Action.objects.filter(agreement=agreement).exists()


def test_due_date_before_the_start_is_refused_by_the_database_too(agreement) -> None:
    with pytest.raises(DomainError, match="échéance doit suivre"):
        make_action(agreement, starts_on=date(2027, 1, 1), due_on=date(2026, 12, 31))
    row = make_action(agreement, starts_on=date(2027, 1, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        Action.objects.filter(pk=row.pk).update(due_on=date(2026, 12, 31))


def test_objective_of_another_orientation_is_refused(agreement) -> None:
    mine, other = make_orientation(agreement), make_orientation(agreement)
    objective = services.create_objective(
        agreement, actor=None, orientation=other, code="X.1", title="Ailleurs"
    )
    with pytest.raises(DomainError, match="celui de l'orientation") as refusal:
        make_action(agreement, orientation=mine, objective=objective)
    assert refusal.value.field == "objective"


def test_level_of_another_agreement_is_refused_by_service_and_database(
    agreement, other_agreement
) -> None:
    foreign = make_orientation(other_agreement)
    with pytest.raises(DomainError):
        make_action(agreement, orientation=foreign)
    row = make_action(agreement)
    Action.objects.filter(pk=row.pk).update(orientation=foreign)
    with pytest.raises(IntegrityError), transaction.atomic():
        connection.check_constraints()
    Action.objects.filter(pk=row.pk).update(orientation=row.orientation)


# --- Status ---------------------------------------------------------------------------------
EXPLAINED = {S.BLOCKED: BLOCKED, S.DROPPED: {"dropped_reason": "Sans porteur"}}


@settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(path=st.lists(st.sampled_from(list(S)), max_size=6))
def test_any_path_of_statuses_obeys_the_table(agreement, path) -> None:
    """Whatever is asked in a row, an action only ever goes where the table lets it."""
    with transaction.atomic():
        action = make_action(agreement, status=S.PLANNED)
        for wanted in path:
            current = Action.objects.get(pk=action.pk)
            before = current.status
            allowed = wanted == before or wanted in services.TRANSITIONS[before]
            with nullcontext() if allowed else pytest.raises(DomainError, match="ne passe pas"):
                services.change_status(
                    current, actor=None, status=wanted, **EXPLAINED.get(wanted, {})
                )
            saved = Action.objects.get(pk=action.pk)
            assert saved.status == (wanted if allowed else before)
            assert saved.status != S.DONE or saved.progress == 100
        transaction.set_rollback(True)


@pytest.mark.parametrize("left_out", sorted(BLOCKED))
def test_blocked_says_by_what_until_what_and_reviewed_when(agreement, left_out) -> None:
    given = {name: value for name, value in BLOCKED.items() if name != left_out}
    with pytest.raises(DomainError, match="bloquée dit par quoi"):
        services.change_status(make_action(agreement), actor=None, status=S.BLOCKED, **given)


def test_dropped_says_why(agreement) -> None:
    action = make_action(agreement)
    with pytest.raises(DomainError, match="pourquoi l'action est abandonnée"):
        services.change_status(action, actor=None, status=S.DROPPED)
    assert Action.objects.get(pk=action.pk).status == S.IN_PROGRESS


def test_change_of_status_is_told_with_its_reason(agreement) -> None:
    user = UserFactory()
    action = make_action(agreement)
    services.change_status(action, actor=user, status=S.DONE, reason="Ouvert en juin")
    line = JournalEntry.objects.filter(agreement=agreement).latest("pk")
    assert line.sentence == f"a passé l'action {action.code} à « réalisée »"
    assert line.reason == "Ouvert en juin"
    assert action.history.latest().history_change_reason == "Ouvert en juin"


# --- Two people -----------------------------------------------------------------------------
def test_second_save_of_the_same_version_is_refused_and_changes_nothing(agreement) -> None:
    action = make_action(agreement)
    read = action.version
    services.update_action(action, actor=None, title="Premier", expected_version=read)
    late = Action.objects.get(pk=action.pk)
    with pytest.raises(StaleObject):
        services.update_action(late, actor=None, title="Second", expected_version=read)
    assert Action.objects.get(pk=action.pk).title == "Premier"


def test_part_added_by_another_makes_the_open_sheet_stale(agreement) -> None:
    action = make_action(agreement)
    read = action.version
    services.add_step(Action.objects.get(pk=action.pk), actor=None, title="Visite")
    with pytest.raises(StaleObject):
        services.check_version(action, expected=read)


def test_saving_the_same_words_writes_nothing(agreement) -> None:
    action = make_action(agreement)
    lines, version = JournalEntry.objects.count(), action.version
    services.update_action(action, actor=None, title=action.title, expected_version=version)
    assert JournalEntry.objects.count() == lines
    assert Action.objects.get(pk=action.pk).version == version


# --- Parts ----------------------------------------------------------------------------------
def test_step_reopened_is_not_done(agreement) -> None:
    step = services.add_step(make_action(agreement), actor=None, title="Visite")
    services.complete_step(step, actor=None, on=date(2026, 5, 1))
    services.complete_step(step, actor=None, on=None)
    step.refresh_from_db()
    assert step.done_on is None


def test_budget_of_a_year_outside_the_agreement_is_refused(agreement) -> None:
    action = make_action(agreement)
    with pytest.raises(DomainError, match="2031 n'est pas une année de la convention"):
        services.set_budget_line(action, actor=None, year=2031, nature="operating", planned=None)
    assert not BudgetLine.objects.filter(action=action).exists()


def test_spent_amount_leaves_the_planned_one(agreement) -> None:
    action = make_action(agreement)
    key = {"actor": None, "year": 2026, "nature": "operating"}
    services.set_budget_line(action, planned=Decimal("1200.50"), **key)
    line = services.set_budget_line(action, spent=Decimal(900), **key)
    assert (line.planned, line.spent) == (Decimal("1200.50"), Decimal(900))
    assert action.budget_lines.count() == 1


@pytest.mark.parametrize(("model", "name"), [(BudgetLine, "planned"), (Funding, "amount")])
def test_negative_amount_is_refused_by_the_database(agreement, model, name) -> None:
    action = make_action(agreement)
    services.set_budget_line(action, actor=None, year=2026, nature="operating", planned=Decimal(1))
    services.set_funding(
        action, actor=None, funder=organisation(agreement), year=2026, stage="planned", amount=Decimal(1)
    )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.filter(action=action).update(**{name: Decimal("-0.01")})


def test_funding_said_again_at_the_same_stage_is_replaced(agreement) -> None:
    action, funder = make_action(agreement), organisation(agreement)
    for amount in (5000, 6000):
        services.set_funding(
            action, actor=None, funder=funder, year=2026, stage="planned", amount=Decimal(amount)
        )
    assert action.fundings.get().amount == 6000


def test_measure_starting_value_comes_with_its_year(agreement) -> None:
    action = make_action(agreement)
    with pytest.raises(DomainError, match="de quelle année"):
        services.create_measure(
            agreement, actor=None, action=action, label="Places", baseline=Decimal(3)
        )
    assert not Measure.objects.filter(agreement=agreement).exists()


def test_value_already_said_changes_with_a_reason_kept_in_history(agreement) -> None:
    measure = services.create_measure(
        agreement, actor=None, action=make_action(agreement), label="Places"
    )
    point = services.set_measure_point(measure, actor=None, year=2026, value=Decimal(12))
    with pytest.raises(DomainError, match="pourquoi la valeur de 2026 change"):
        services.set_measure_point(measure, actor=None, year=2026, value=Decimal(13))
    services.set_measure_point(
        measure, actor=None, year=2026, value=Decimal(13), reason="Erreur de comptage"
    )
    point.refresh_from_db()
    assert point.value == 13
    assert point.history.latest().history_change_reason == "Erreur de comptage"
    assert list(point.history.order_by("history_id").values_list("value", flat=True)) == [12, 13]


def test_zero_is_a_value_and_empty_is_not(agreement) -> None:
    measure = services.create_measure(
        agreement, actor=None, action=make_action(agreement), label="Places"
    )
    services.set_measure_point(measure, actor=None, year=2026, value=Decimal(0))
    services.set_measure_point(measure, actor=None, year=2027, target=Decimal(5))
    values = dict(MeasurePoint.objects.filter(measure=measure).values_list("year", "value"))
    assert values == {2026: 0, 2027: None}


def test_internal_note_is_told_in_the_journal_as_internal(agreement) -> None:
    action = make_action(agreement)
    services.add_note(
        action, actor=None, kind=FollowUpNote.Kind.INTERNAL, text="Tendu", on=date(2026, 3, 1)
    )
    assert JournalEntry.objects.filter(agreement=agreement).latest("pk").is_internal


# --- Order, copies --------------------------------------------------------------------------
def test_copy_takes_the_words_and_not_the_money(agreement) -> None:
    theme = ThemeFactory(agreement=agreement)
    action = make_action(agreement, themes=[theme], context="Peu de places", progress=40)
    services.set_budget_line(action, actor=None, year=2026, nature="operating", planned=Decimal(1))
    copy = services.duplicate_action(action, actor=None)
    assert copy.status == S.PLANNED
    assert copy.progress == 0
    assert copy.context == "Peu de places"
    assert list(copy.themes.all()) == [theme]
    assert not copy.budget_lines.exists()
    assert copy.code != action.code


def test_moving_up_then_down_comes_back(agreement) -> None:
    level = make_orientation(agreement)
    rows = [make_action(agreement, orientation=level, title=t) for t in "ABC"]

    def order() -> list[str]:
        return list(level.actions.order_by("position").values_list("title", flat=True))

    services.move_action(rows[2], actor=None, up=True)
    assert order() == ["A", "C", "B"]
    services.move_action(Action.objects.get(pk=rows[2].pk), actor=None, up=False)
    assert order() == ["A", "B", "C"]
    services.move_action(Action.objects.get(pk=rows[0].pk), actor=None, up=True)
    assert order() == ["A", "B", "C"]


def test_level_that_holds_actions_is_not_deleted(agreement) -> None:
    action = make_action(agreement)
    with pytest.raises(DomainError, match="Impossible de supprimer"):
        services.delete_level(action.orientation, actor=None)


def test_objectives_move_among_their_own(agreement) -> None:
    one, two = make_orientation(agreement), make_orientation(agreement)
    make = services.create_objective
    mine = [make(agreement, actor=None, orientation=one, code=f"a{n}", title="x") for n in (1, 2)]
    other = make(agreement, actor=None, orientation=two, code="b1", title="x")
    services.move_level(mine[1], actor=None, up=True)
    assert list(one.objectives.order_by("position").values_list("code", flat=True)) == ["a2", "a1"]
    services.move_level(other, actor=None, up=True)
    assert Objective.objects.get(pk=other.pk).orientation == two


def test_amounts_stages_follow_the_caf() -> None:
    """Sollicité, accordé, then the Caf's own words, from the least to the most certain."""
    assert [stage.label for stage in FundingStage] == [
        "sollicité", "accordé", "prévisionnel", "actualisé", "réel", "notifié", "versé",
    ]  # fmt: skip
