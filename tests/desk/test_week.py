"""« Ma semaine »: at most ten lines, from facts, and each leads where it is done."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from actionplan import services as plan
from agreements.access import get_access
from agreements.models import Agreement, Membership, Role
from agreements.services import record
from committees.models import CommitteeKind
from desk import queries, services
from desk.decisions import decision_lines
from desk.models import Deadline
from desk.week import MAX_LINES, WeekLine, compose, countdown, days_in_words
from evaluation.services import open_year
from tests.actionplan.factories import action as make_action
from tests.agreements.anything import make
from tests.committees.factories import (
    CommitteeFactory,
    ContactFactory,
    DecisionFactory,
    KindFactory,
    MeetingFactory,
)
from tests.factories import MembershipFactory, UserFactory


def address(agreement: Agreement, name: str, *args: object) -> str:
    return reverse(f"desk:{name}", args=[agreement.slug, *args])


def text(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


# --- Composition ----------------------------------------------------------------------------
lines = st.lists(
    st.builds(
        WeekLine, key=st.text("abcdef", min_size=1, max_size=4), title=st.just("t"), detail=st.just("d"),
        minutes=st.integers(0, 200), url=st.just("/"), link_label=st.just("l"), urgency=st.integers(1, 6),
        icon=st.just("bell"),
    ),
    max_size=25, unique_by=lambda line: line.key,
)  # fmt: skip


@given(
    lines=lines,
    hidden=st.sets(st.text("abcdef", min_size=1, max_size=4)),
    minutes=st.integers(0, 600),
)
def test_every_line_is_shown_left_out_or_put_off_and_none_is_lost(lines, hidden, minutes) -> None:
    week = compose(lines, hidden=hidden, available_minutes=minutes)
    assert len(week.lines) <= MAX_LINES
    assert len(week.lines) + len(week.left_out) + week.postponed == len(lines)
    assert not hidden & {line.key for line in week.lines}
    urgencies = [line.urgency for line in [*week.lines, *week.left_out]]
    assert urgencies == sorted(urgencies)
    wanted = sum(line.minutes for line in lines if line.key not in hidden)
    assert week.excess_minutes == max(0, wanted - minutes)


@given(st.integers(0, 400), st.integers(0, 400))
def test_the_nearer_the_meeting_the_more_pressing(one, other) -> None:
    near, far = sorted((one, other))
    day = date(2026, 6, 1)
    assert countdown(day + timedelta(near), day)[1] <= countdown(day + timedelta(far), day)[1]


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "aujourd'hui"),
        (1, "demain"),
        (-1, "depuis hier"),
        (12, "dans 12 jours"),
        (-3, "depuis 3 jours"),
    ],
)
def test_days_are_told_in_words(days, words) -> None:
    assert days_in_words(days) == words


def facts_of(agreement: Agreement) -> queries.Facts:
    membership = MembershipFactory(agreement=agreement)
    return queries.read_facts(get_access(membership.user, agreement.slug), date.today())


# --- The lines ------------------------------------------------------------------------------
@pytest.fixture
def client(agreement, client_as) -> Client:
    return client_as(Role.COORDINATOR)


def test_quiet_week_says_so(agreement, client, db) -> None:
    assert "Rien ne presse cette semaine" in text(client, address(agreement, "week"))


def test_each_thing_that_waits_has_its_line(agreement, client, db) -> None:
    pilot = ContactFactory(agreement=agreement, first_name="Lucie", last_name="Perrot")
    late = make_action(agreement, due_on=date.today() - timedelta(3), lead_contact=pilot)
    MeetingFactory(
        agreement=agreement,
        committee__kind__nature=CommitteeKind.Nature.STEERING,
        on=date.today() + timedelta(12),
    )
    DecisionFactory(
        agreement=agreement,
        decided_on=date.today() - timedelta(60),
        due_on=date.today() - timedelta(5),
    )
    services.create_deadline(
        agreement, actor=None, title="Déclaration annuelle", on=date.today() + timedelta(30)
    )
    services.create_deadline(
        agreement, actor=None, title="Trop loin", on=date.today() + timedelta(61)
    )
    open_year(
        agreement, actor=None, year=min(max(date.today().year, 2026), 2030), opened_on=date.today()
    )

    page = text(client, address(agreement, "week"))
    for words in (
        "1 pilote à relancer", "dans 12 jours", "1 décision échue", "Déclaration annuelle", "à compléter",
    ):  # fmt: skip
        assert words in page.replace("\xa0", " ")
    assert "Trop loin" not in page
    assert "À : Lucie Perrot" in page
    assert late.title in page


def test_rétroplanning_speaks_in_the_week(agreement, client, db) -> None:
    today = date.today()
    kind = KindFactory(agreement=agreement, nature=CommitteeKind.Nature.STEERING)
    copil = MeetingFactory(agreement=agreement, committee__kind=kind, on=today + timedelta(12))
    held = MeetingFactory(
        agreement=agreement, committee__kind=kind, on=today - timedelta(15), state="held"
    )
    cancelled = MeetingFactory(agreement=agreement, on=today, state="cancelled")
    for meeting, label, days, done_on in [
        (copil, "Relire le dossier", -3, None),
        (copil, "Transmettre le dossier", 4, None),
        (copil, "Fixer la date", -40, today),
        (held, "Diffuser le relevé", 2, None),
        (held, "Suivre les décisions", 20, None),
        (cancelled, "Prévenir", -1, None),
    ]:
        make(
            "committees.PreparationLine", agreement, meeting=meeting, label=label,
            due_on=today + timedelta(days), done_on=done_on,
        )  # fmt: skip
    page = text(client, address(agreement, "week"))
    assert "Relire le dossier" in page
    assert "date passée" in page
    assert "Transmettre le dossier" in page
    assert "Diffuser le relevé" in page
    for absent in ("Fixer la date", "Suivre les décisions", "Prévenir"):
        assert absent not in page


def test_silent_committee_is_told_in_one_line(agreement, client, db) -> None:
    Agreement.objects.filter(pk=agreement.pk).update(
        starts_on=date.today() - timedelta(500), ends_on=date.today() + timedelta(500)
    )
    for _ in range(2):
        CommitteeFactory(agreement=agreement)
    page = text(client, address(agreement, "week"))
    assert "Un rythme de réunion n'est pas tenu" in page.replace("&#x27;", "'")
    assert "1\xa0autre instance" in page


def test_reminder_goes_to_the_pilot_of_late_and_blocked_actions_only(agreement, db) -> None:
    make_action(agreement, due_on=date.today() + timedelta(30))
    make_action(agreement, status="done", due_on=date.today() - timedelta(30))
    assert queries.reminders(agreement, facts_of(agreement), date.today()) == []
    make_action(
        agreement, status="blocked", blocked_cause="Local", unblock_condition="Bail",
        blocked_review_on=date.today() + timedelta(10),
    )  # fmt: skip
    assert (
        "Pilote à désigner"
        in queries.reminders(agreement, facts_of(agreement), date.today())[0].text
    )


def test_what_others_wrote_since_the_last_visit_is_counted(agreement, client, db) -> None:
    before = timezone.now() - timedelta(days=2)
    Membership.objects.filter(pk=client.membership.pk).update(previous_seen_at=before)
    for actor in (UserFactory(), client.membership.user):
        record(agreement, actor=actor, verb="x", sentence="a fait quelque chose")
    assert "1 changement" in text(client, address(agreement, "week")).replace("\xa0", " ")


def test_postponed_line_comes_back_in_a_week(agreement, client, db) -> None:
    DecisionFactory(
        agreement=agreement,
        decided_on=date.today() - timedelta(60),
        due_on=date.today() - timedelta(5),
    )
    line = decision_lines(agreement, date.today())[0]
    client.post(address(agreement, "postpone"), {"key": line.key})
    page = text(client, address(agreement, "week"))
    assert line.title not in page
    assert "reportée" in page
    access = get_access(client.membership.user, agreement.slug)
    later, _ = queries.week_of(access, date.today() + timedelta(7))
    assert line.key in [shown.key for shown in later.lines]


def test_effect_that_waits_for_a_confirmation_leads_to_its_decision(agreement) -> None:
    effect = make("committees.DecisionEffect", agreement, state="conflict")
    make("committees.DecisionEffect", agreement, state="pending_vote")
    (line,) = decision_lines(agreement, date.today())
    assert line.url == (
        reverse("committees:decision", args=[agreement.slug, effect.decision_id]) + "#effets"
    )
    make("committees.DecisionEffect", agreement, state="conflict")
    (line,) = decision_lines(agreement, date.today())
    assert "2 décisions attendent" in line.title


def test_strange_postponement_is_a_sentence(agreement, client, db) -> None:
    for key in ("", "x" * 200):
        response = client.post(address(agreement, "postpone"), {"key": key})
        assert response.status_code in (409, 422)
        assert "n&#x27;existe plus" in response.content.decode()


def test_three_points_speak_from_facts(agreement, db) -> None:
    make_action(agreement, status="done")
    make_action(
        agreement, status="blocked", blocked_cause="Local indisponible", unblock_condition="Bail",
        blocked_review_on=date.today(),
    )  # fmt: skip
    points = queries.three_points(facts_of(agreement))
    assert len(points) == 3
    assert "2\xa0actions" in points[0]
    assert "Local indisponible" in points[1]
    assert points[2] == "Aucune réunion n'est encore fixée."


@pytest.mark.parametrize("count", [1, 8])
def test_week_costs_the_same(agreement, client, django_assert_num_queries, count) -> None:
    open_year(agreement, actor=None, year=2026, opened_on=date.today())
    for _ in range(count):
        pilot = ContactFactory(agreement=agreement)
        action = make_action(agreement, due_on=date.today() - timedelta(3), lead_contact=pilot)
        measure = plan.create_measure(agreement, actor=None, action=action, label="Places")
        plan.set_measure_point(measure, actor=None, year=2026, target=Decimal(3))
        DecisionFactory(
            agreement=agreement,
            decided_on=date.today() - timedelta(60),
            due_on=date.today() - timedelta(5),
        )
        services.create_deadline(
            agreement, actor=None, title="Date", on=date.today() + timedelta(30)
        )
        meeting = MeetingFactory(agreement=agreement, on=date.today() + timedelta(9))
        make(
            "committees.PreparationLine", agreement, meeting=meeting, due_on=date.today(),
        )  # fmt: skip
    client.get(address(agreement, "week"))
    with django_assert_num_queries(WEEK_QUERIES):
        client.get(address(agreement, "week"))


WEEK_QUERIES = 15


@pytest.mark.parametrize("role", [r for r in Role if r not in (Role.COORDINATOR,)])
def test_week_is_the_coordinators_own(agreement, client_as, role) -> None:
    assert client_as(role).get(address(agreement, "week")).status_code == 403


# --- Deadlines ------------------------------------------------------------------------------
def test_deadline_is_added_kept_and_removed(agreement, client, db) -> None:
    client.post(
        address(agreement, "deadline_create"), {"title": "Bilan", "on": "30/04/2027", "kind": "caf"}
    )
    deadline = Deadline.objects.get(agreement=agreement)
    assert deadline.on == date(2027, 4, 30)
    url = address(agreement, "deadline_update", deadline.pk)
    client.post(url, {"title": "Bilan", "on": "2027-04-30", "kind": "caf", "done_on": "2027-04-28"})
    assert "Tenues" in text(client, address(agreement, "deadlines"))
    client.post(address(agreement, "deadline_delete", deadline.pk))
    assert not Deadline.objects.exists()


def test_usual_dates_are_loaded_once_and_say_that_they_are_to_be_checked(agreement, db) -> None:
    for _ in range(2):
        services.preload_deadlines(agreement, actor=None, year=2026)
    dates = Deadline.objects.filter(agreement=agreement)
    assert dates.count() == 3
    assert all("à vérifier" in deadline.note for deadline in dates)


def test_usual_dates_are_offered_where_none_stands(agreement, client, db) -> None:
    usual = address(agreement, "deadlines_usual")
    assert usual in text(client, address(agreement, "deadlines"))
    client.post(usual)
    assert Deadline.objects.filter(agreement=agreement).count() >= 2
    assert usual not in text(client, address(agreement, "deadlines"))
