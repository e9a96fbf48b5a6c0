"""What is read of the plan: lateness, completeness, progress, sums where nothing is not zero."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actionplan import queries, services
from actionplan.models import Action, ActionStatus, FollowUpNote
from core.amounts import add
from partners.models import Organisation
from tests.actionplan.factories import action as make_action
from tests.actionplan.factories import organisation
from tests.actionplan.factories import orientation as make_orientation
from tests.actionplan.test_services import BLOCKED

pytestmark = pytest.mark.django_db
S = ActionStatus
DAY = date(2027, 6, 15)
WAITING = [S.DONE, S.DROPPED, S.PAUSED, S.BLOCKED]


def make_with_status(agreement, status, **fields) -> Action:
    explained = {S.BLOCKED: BLOCKED, S.DROPPED: {"dropped_reason": "Sans porteur"}}
    return make_action(agreement, status=status, **explained.get(status, {}), **fields)


# --- Lateness -------------------------------------------------------------------------------
@pytest.mark.parametrize("status", list(S))
@pytest.mark.parametrize(
    ("due", "step_due", "step_done", "late"),
    [
        (DAY, None, None, False),
        (DAY - timedelta(1), None, None, True),
        (DAY, DAY - timedelta(1), None, True),
        (DAY, DAY, None, False),
        (DAY, DAY - timedelta(1), DAY, False),
    ],
)
def test_lateness_comes_from_the_due_date_or_from_a_step(
    agreement, status, due, step_due, step_done, late
) -> None:
    action = make_with_status(agreement, status, due_on=due)
    if step_due:
        services.add_step(action, actor=None, title="Étape", due_on=step_due, done_on=step_done)
    expected = late and status not in WAITING
    assert queries.actions(agreement, DAY).get(pk=action.pk).is_late == expected
    assert Action.objects.late(DAY).filter(pk=action.pk).exists() == expected
    assert action.is_late_on(DAY) == expected


def test_archived_action_leaves_the_plan(agreement) -> None:
    action = make_action(agreement)
    services.archive_action(action, actor=None)
    assert not queries.actions(agreement, DAY).exists()
    services.restore_action(action, actor=None)
    assert queries.actions(agreement, DAY).exists()


# --- Completeness ---------------------------------------------------------------------------
@pytest.mark.parametrize("status", [S.TO_DISCUSS, S.PLANNED, S.DROPPED])
def test_action_that_waits_is_not_incomplete(agreement, status) -> None:
    state = queries.completeness(make_with_status(agreement, status))
    assert (state.missing, state.percent) == ((), None)


def test_begun_action_names_what_it_does_not_say(agreement) -> None:
    action = make_action(agreement, starts_on=date(2026, 2, 1), progress_note="Le bail est signé.")
    services.add_step(action, actor=None, title="Visite")
    state = queries.completeness(action)
    assert state.missing == (
        "un thème", "un enjeu", "un budget", "un financement", "une mesure", "un élu référent",
    )  # fmt: skip
    assert state.percent == 33


# --- Progress of an orientation -------------------------------------------------------------
def test_progress_counts_what_has_begun_only(agreement) -> None:
    level = make_orientation(agreement)
    make_action(agreement, orientation=level, progress=40)
    make_action(agreement, orientation=level, progress=80)
    make_with_status(agreement, S.PLANNED, orientation=level, progress=0)
    make_with_status(agreement, S.DROPPED, orientation=level, progress=10)
    assert queries.plan_tree(agreement, DAY)[0].progress == 60


def test_progress_of_nothing_begun_is_unknown_and_not_zero(agreement) -> None:
    make_with_status(agreement, S.PLANNED)
    assert queries.plan_tree(agreement, DAY)[0].progress is None


@pytest.mark.parametrize("count", [1, 6])
def test_tree_costs_three_queries(agreement, django_assert_num_queries, count) -> None:
    for _ in range(count):
        make_action(agreement)
    with django_assert_num_queries(3):
        for branch in queries.plan_tree(agreement, DAY):
            assert [str(a.lead_organisation) for a in branch.actions]


# --- Money ----------------------------------------------------------------------------------
def test_only_the_most_advanced_stage_of_an_amount_counts(agreement) -> None:
    action, caf, town = make_action(agreement), organisation(agreement), organisation(agreement)
    for funder, stage, amount in (
        (caf, "notified", 900), (caf, "planned", 1000), (caf, "updated", 950), (town, "planned", 500),
    ):  # fmt: skip
        services.set_funding(
            action, actor=None, funder=funder, year=2026, stage=stage, amount=Decimal(amount)
        )
    assert queries.budget_years(action)[0].funded == Decimal(1400)


def test_year_with_nothing_spent_yet_is_unknown(agreement) -> None:
    action = make_action(agreement)
    services.set_budget_line(action, actor=None, year=2026, nature="operating", planned=Decimal(10))
    services.set_budget_line(action, actor=None, year=2027, nature="operating", spent=Decimal(0))
    years = {row.year: row for row in queries.budget_years(action)}
    assert years[2026].spent is None
    assert years[2027].spent == 0
    assert years[2027].planned is None


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from([2026, 2027]),
            st.sampled_from(["requested", "planned", "actual", "paid"]),
            st.sampled_from(["Caf", "Ville"]),
            st.decimals(0, 9999, places=2),
        ),
        max_size=8,
        unique_by=lambda row: row[:3],
    )
)
def test_total_is_the_sum_of_its_years_whatever_the_stages(agreement, rows) -> None:
    action = make_action(agreement)
    for year, stage, name, amount in rows:
        funder, _ = Organisation.objects.get_or_create(agreement=agreement, name=name)
        services.set_funding(
            action, actor=None, funder=funder, year=year, stage=stage, amount=amount
        )
    years = queries.budget_years(action)
    assert queries.budget_total(years).funded == add(row.funded for row in years)
    assert len(queries.latest_fundings(action.fundings.all())) == len({(r[0], r[2]) for r in rows})


# --- Notes ----------------------------------------------------------------------------------
def test_internal_notes_are_for_those_who_may_read_them(agreement) -> None:
    action = make_action(agreement)
    for kind in (FollowUpNote.Kind.SUCCESS, FollowUpNote.Kind.INTERNAL):
        services.add_note(action, actor=None, kind=kind, text=kind, on=DAY)
    assert len(queries.visible_notes(action, internal=True)) == 2
    shown = queries.visible_notes(action, internal=False)
    assert [note.kind for note in shown] == [FollowUpNote.Kind.SUCCESS]
