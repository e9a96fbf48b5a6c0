"""The views of the plan: what each shows to whom, what it costs, and what is changed from them."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from actionplan import overviews, services
from actionplan.models import Action, ActionStatus, Orientation
from actionplan.services.attention import postpone_action
from actionplan.timeline import PlanCalendar, calendar_lines
from agreements.models import Agreement, JournalEntry, Role
from core.charts.render import svg
from core.dates import months_later
from core.errors import DomainError
from tests.actionplan.factories import action as make_action
from tests.actionplan.factories import organisation
from tests.actionplan.factories import orientation as make_orientation
from tests.factories import ThemeFactory

pytestmark = pytest.mark.django_db
S = ActionStatus
TODAY = date(2026, 9, 15)
BLOCKED = {
    "blocked_cause": "Local indisponible",
    "unblock_condition": "Bail signé",
    "blocked_review_on": date(2026, 9, 1),
}


def address(agreement: Agreement, name: str, *args: object) -> str:
    return reverse(f"actionplan:{name}", args=[agreement.slug, *args])


def text(client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


# --- Cost -----------------------------------------------------------------------------------
COST = {
    "plan": 6,
    "table": 8,
    "timeline": 7,
    "attention": 7,
    "by_pilot": 4,
    "by_theme": 6,
    "by_funder": 5,
    "arrange": 6,
}


def enough(agreement: Agreement, count: int) -> None:
    """Actions of every kind, with steps and money, under few or many levels."""
    themes = list(agreement_themes(agreement))
    for rank in range(count):
        action = make_action(
            agreement,
            due_on=date(2026, 1, 2) if rank % 3 == 0 else date(2029, 3, 1),
            themes=[themes[rank % 2]],
        )
        services.add_step(action, actor=None, title="Visite", due_on=date(2026, 1, 2))
        services.set_funding(
            action, actor=None, funder=organisation(agreement), year=2026, stage="planned",
            amount=Decimal(100),
        )  # fmt: skip
        if rank % 3 == 1:
            services.change_status(action, actor=None, status=S.BLOCKED, **BLOCKED)


def agreement_themes(agreement: Agreement) -> list[object]:
    return [ThemeFactory(agreement=agreement), ThemeFactory(agreement=agreement)]


@pytest.mark.parametrize("name", COST)
def test_view_costs_the_same_for_few_actions_and_many(
    agreement, client_as, django_assert_num_queries, name
) -> None:
    client = client_as(Role.COORDINATOR)
    enough(agreement, 3)
    client.get(address(agreement, name))
    with django_assert_num_queries(COST[name]):
        client.get(address(agreement, name))
    enough(agreement, 9)
    client.get(address(agreement, name))
    with django_assert_num_queries(COST[name]):
        client.get(address(agreement, name))


@pytest.mark.parametrize("name", [*COST, "quick_entry"])
def test_empty_plan_says_what_to_do(agreement, client_as, name) -> None:
    page = text(client_as(Role.COORDINATOR), address(agreement, name))
    if name not in ("attention", "quick_entry", "by_theme"):
        ways = ("quick_entry", "orientation_create", "create")
        assert any(f'href="{address(agreement, way)}"' in page for way in ways)


@pytest.mark.parametrize("name", ["plan", "table", "timeline", "attention", "by_pilot", "by_theme"])
def test_reader_sees_the_actions_and_no_way_to_change_them(agreement, client_as, name) -> None:
    action = make_action(agreement, due_on=date(2026, 1, 2))
    page = text(client_as(Role.READER), address(agreement, name))
    assert action.title in page
    for way in ("create", "quick_entry", "arrange", "grouped"):
        assert address(agreement, way) not in page
    assert "Reporter" not in page


# --- By pilot, by theme, by funder ----------------------------------------------------------
def test_themes_tell_what_has_none_and_what_has_no_action(agreement) -> None:
    early, youth = ThemeFactory(agreement=agreement), ThemeFactory(agreement=agreement)
    both = make_action(agreement, themes=[early])
    alone = make_action(agreement)
    groups = {g.name: [a.pk for a in g.actions] for g in overviews.by_theme(agreement, TODAY)}
    assert groups[early.name] == [both.pk]
    assert groups[youth.name] == []
    assert groups[overviews.WITHOUT_THEME] == [alone.pk]


def test_funders_add_the_last_stage_of_each_amount(agreement) -> None:
    caf, action, waiting = (
        organisation(agreement, name="Caf"),
        make_action(agreement),
        make_action(agreement),
    )
    for stage, amount, scheme in (
        ("planned", 1000, "BT"), ("notified", 900, "BT"), ("planned", 50, ""),
    ):  # fmt: skip
        services.set_funding(
            action,
            actor=None,
            funder=caf,
            year=2026,
            stage=stage,
            scheme=scheme,
            amount=Decimal(amount),
        )
    told = overviews.by_funder(agreement, TODAY)
    group = told.groups[0]
    assert (group.total(2026), group.total(2027), group.certain) == (
        Decimal(950),
        None,
        Decimal(900),
    )
    assert [row.pk for row in told.without] == [waiting.pk]


@pytest.mark.parametrize("role", [Role.PARTNER, Role.READER])
def test_money_is_for_those_who_may_see_it(agreement, client_as, role) -> None:
    client = client_as(role)
    assert client.get(address(agreement, "by_funder")).status_code == 403
    assert address(agreement, "by_funder") not in text(client, address(agreement, "plan"))


# --- Late and blocked -----------------------------------------------------------------------
def test_attention_says_since_when_and_why(agreement, client_as) -> None:
    today = date.today()
    late = make_action(agreement, due_on=today - timedelta(14))
    by_step = make_action(agreement)
    services.add_step(by_step, actor=None, title="Visite du local", due_on=today - timedelta(45))
    blocked = make_action(agreement)
    review = today - timedelta(1)
    services.change_status(
        blocked, actor=None, status=S.BLOCKED, **{**BLOCKED, "blocked_review_on": review}
    )
    services.update_action(blocked, actor=None, progress_note="Toujours rien.")
    # Its history as if it had been written over the year: begun, blocked, blocked still.
    days = (date(2026, 2, 1), date(2026, 6, 10), date(2026, 7, 1))
    for version, day in zip(blocked.history.order_by("history_id"), days, strict=True):
        Action.history.filter(history_id=version.history_id).update(
            history_date=datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        )
    told = overviews.attention(agreement, today)
    assert [(row.action.pk, row.since, row.is_overdue) for row in told.late] == [
        (by_step.pk, today - timedelta(45), False),
        (late.pk, today - timedelta(14), True),
    ]
    assert [(row.action.pk, row.since, row.is_to_review(today)) for row in told.blocked] == [
        (blocked.pk, date(2026, 6, 10), True)
    ]
    page = text(client_as(Role.ELECTED), address(agreement, "attention"))
    for words in ("14\u00a0jours", "Visite du local", "Local indisponible", "Bail signé"):
        assert words in page


def act(client, action, **sent) -> None:
    url = reverse("actionplan:attention_act", args=[action.agreement.slug, action.pk])
    assert client.post(url, sent).status_code == 302


def test_one_click_postpones_unblocks_or_closes_a_step(agreement, client_as) -> None:
    client, today = client_as(Role.COORDINATOR), date.today()
    action = make_action(agreement, due_on=today - timedelta(20))
    act(client, action, geste="reporter-3")
    assert Action.objects.get(pk=action.pk).due_on == months_later(today, 3)
    step = services.add_step(action, actor=None, title="Visite", due_on=today - timedelta(5))
    act(client, action, geste="reporter-1", etape=step.pk)
    step.refresh_from_db()
    assert step.due_on == months_later(today, 1)
    act(client, action, geste="faite", etape=step.pk)
    step.refresh_from_db()
    assert step.done_on == today
    fresh = Action.objects.get(pk=action.pk)
    services.change_status(fresh, actor=None, status=S.BLOCKED, **BLOCKED)
    act(client, action, geste="revoir-1")
    assert Action.objects.get(pk=action.pk).blocked_review_on == months_later(
        max(today, BLOCKED["blocked_review_on"]), 1
    )
    act(client, action, geste="debloquer")
    assert Action.objects.get(pk=action.pk).status == S.IN_PROGRESS


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
    ],
)
def test_months_later(day, months, later) -> None:
    assert months_later(day, months) == later


def test_postponing_stops_at_the_end_of_the_agreement(agreement) -> None:
    action, end = make_action(agreement, due_on=date(2030, 11, 1)), agreement.ends_on
    postpone_action(action, actor=None, months=3, on=date(2030, 12, 10))
    assert action.due_on == end
    with pytest.raises(DomainError, match="ne peut pas être reportée"):
        postpone_action(action, actor=None, months=1, on=end + timedelta(3))


@pytest.mark.parametrize(
    "sent", [{}, {"geste": "voler"}, {"geste": "revoir-1"}, {"geste": "faite"}]
)
def test_gesture_that_means_nothing_is_told_and_writes_nothing(agreement, client_as, sent) -> None:
    action = make_action(agreement)
    before = JournalEntry.objects.count()
    act(client_as(Role.COORDINATOR), action, **sent)
    assert JournalEntry.objects.count() == before


# --- The calendar ---------------------------------------------------------------------------
def test_calendar_tells_in_rows_what_it_draws(agreement) -> None:
    action = make_action(
        agreement, title="Relais", starts_on=date(2026, 2, 1), due_on=date(2026, 9, 1)
    )
    services.add_step(action, actor=None, title="Visite", due_on=date(2026, 5, 1))
    services.add_step(action, actor=None, title="Bail", due_on=date(2027, 5, 1))
    make_action(agreement, orientation=action.orientation, title="Sans début")
    chart = PlanCalendar(
        title="1", actions=list(calendar_lines(agreement, TODAY)), start=agreement.starts_on,
        end=agreement.ends_on, on=TODAY,
    )  # fmt: skip
    rows = chart.rows()
    assert rows[0]["status"].label == "en cours, en retard"
    assert rows[0]["steps"] == "Visite (01/05/2026, en retard) ; Bail (01/05/2027, à venir)"
    assert rows[1]["start"].reason == "à fixer"
    assert f"en retard au 15\u00a0septembre\u00a02026 : {action.code}" in chart.sentence()
    drawing = svg(chart.spec())
    for words in ("Relais", "aujourd", "en cours, en retard", "étape en retard"):
        assert words in drawing


def test_calendar_of_one_orientation(agreement, client_as) -> None:
    one, two = make_action(agreement, title="Ludothèque"), make_action(agreement, title="Relais")
    url = f"{address(agreement, 'timeline')}?orientation={two.orientation_id}"
    response = client_as(Role.READER).get(url)
    assert [figure["title"] for figure in response.context["figures"]] == [str(two.orientation)]
    assert one.title not in response.content.decode()


@pytest.mark.parametrize(
    "query", ["?orientation=x", "?orientation=9999999999999", "?page=999", "?page=x"]
)
def test_strange_address_of_the_calendar_is_no_error(agreement, client_as, query) -> None:
    make_action(agreement)
    text(client_as(Role.READER), address(agreement, "timeline") + query)


# --- The table and its file -----------------------------------------------------------------
def test_file_holds_the_filtered_rows_of_every_page(agreement, client_as) -> None:
    kept = make_action(agreement, title="Ludothèque", status=S.PLANNED)
    make_action(agreement, title="Relais")
    client = client_as(Role.READER)
    page = client.get(address(agreement, "table") + "?status=planned")
    assert page.context["file_url"] == address(agreement, "table_file") + "?status=planned"
    data = client.get(page.context["file_url"]).content
    sheet = load_workbook(io.BytesIO(data))["Plan"]
    cells = {cell.value for row in sheet.iter_rows() for cell in row}
    assert "Ludothèque" in cells
    assert "Relais" not in cells
    assert kept.summary in cells


def test_page_is_ticked_whole_and_keeps_its_filters(agreement, client_as) -> None:
    make_action(agreement)
    url = address(agreement, "table")
    response = client_as(Role.COORDINATOR).get(f"{url}?status=in_progress&cocher=tout")
    assert response.content.decode().count(" checked>") == 1
    assert response.context["untick_url"] == "?status=in_progress"


# --- Grouped edition ------------------------------------------------------------------------
@pytest.fixture
def pair(agreement) -> list[Action]:
    level = make_orientation(agreement)
    return [make_action(agreement, orientation=level, title=title) for title in ("Un", "Deux")]


def sent(actions, **fields) -> dict[str, object]:
    versions = {f"version_{row.pk}": Action.objects.get(pk=row.pk).version for row in actions}
    return {"fiche": [row.pk for row in actions], **versions, **fields}


def apply(client, agreement, data) -> object:
    """As the browser: see first, then apply what was seen."""
    seen = client.post(address(agreement, "grouped"), data)
    assert seen.status_code == 200
    return client.post(
        address(agreement, "grouped"),
        {**data, "appliquer": 1, "vu": seen.context["form"].signature},
    )


def test_ticked_actions_change_together_once_seen(agreement, client_as, pair) -> None:
    client, theme = client_as(Role.COORDINATOR), ThemeFactory(agreement=agreement)
    lead = organisation(agreement, name="MJC")
    chosen = client.post(
        address(agreement, "grouped"), {"fiche": [a.pk for a in pair], "choisir": 1}
    )
    assert all(f"fiche={a.pk}" in chosen["Location"] for a in pair)
    assert client.get(chosen["Location"]).status_code == 200
    data = sent(
        pair, status="paused", lead_organisation=lead.pk, due_on="2029-01-31", add_themes=[theme.pk]
    )
    seen = client.post(address(agreement, "grouped"), data)
    assert Action.objects.filter(status=S.PAUSED).count() == 0
    told = [{d[0]: d[2] for d in line.differences} for line in seen.context["lines"]]
    assert (
        told
        == [
            {
                "statut": "en pause",
                "structure pilote": "MJC",
                "échéance": "31/01/2029",
                "thèmes": theme.name,
            }
        ]
        * 2
    )
    before = JournalEntry.objects.filter(agreement=agreement).count()
    assert apply(client, agreement, data).status_code == 302
    assert JournalEntry.objects.filter(agreement=agreement).count() == before + 2
    for row in Action.objects.filter(pk__in=[a.pk for a in pair]):
        assert (row.status, row.lead_organisation, row.due_on) == (
            S.PAUSED,
            lead,
            date(2029, 1, 31),
        )
        assert list(row.themes.all()) == [theme]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"status": "blocked"}, "bloquée dit par quoi"),
        ({"due_on": "2035-01-01"}, "sort de la convention"),
        ({"starts_on": "2030-12-01"}, "suivre le début"),
        ({"status": "dropped"}, "pourquoi l'action est abandonnée"),
    ],
)
def test_refusal_of_one_line_writes_nothing(agreement, client_as, pair, fields, words) -> None:
    client = client_as(Role.COORDINATOR)
    response = client.post(address(agreement, "grouped"), sent(pair, **fields))
    assert all(words in line.refusal for line in response.context["lines"])
    assert not response.context["can_apply"]


def test_one_refused_transition_holds_the_others_back(agreement, client_as, pair) -> None:
    services.change_status(pair[0], actor=None, status=S.DONE)
    client = client_as(Role.COORDINATOR)
    data = sent(pair, status="paused")
    seen = client.post(address(agreement, "grouped"), data)
    assert [bool(line.refusal) for line in seen.context["lines"]] == [True, False]
    response = client.post(
        address(agreement, "grouped"),
        {**data, "appliquer": 1, "vu": seen.context["form"].signature},
    )
    assert response.status_code == 422
    assert Action.objects.get(pk=pair[1].pk).status == S.IN_PROGRESS


def test_refused_lines_may_be_left_aside(agreement, client_as, pair) -> None:
    services.change_status(pair[0], actor=None, status=S.DONE)
    client = client_as(Role.COORDINATOR)
    response = client.post(
        address(agreement, "grouped"), sent(pair, status="paused", sans_refus="1")
    )
    assert [line.action.pk for line in response.context["lines"]] == [pair[1].pk]
    assert response.context["can_apply"]
    assert Action.objects.get(pk=pair[1].pk).status == S.IN_PROGRESS


def test_sheet_changed_meanwhile_is_not_written_over(agreement, client_as, pair) -> None:
    client = client_as(Role.COORDINATOR)
    data = sent(pair, due_on="2029-01-31")
    services.update_action(
        Action.objects.get(pk=pair[1].pk), actor=None, summary="Écrit par l'autre."
    )
    response = client.post(address(agreement, "grouped"), data)
    assert [bool(line.refusal) for line in response.context["lines"]] == [False, True]
    assert "depuis que vous l'avez cochée" in response.context["lines"][1].refusal


def test_demand_corrected_after_it_was_seen_is_shown_again(agreement, client_as, pair) -> None:
    client = client_as(Role.COORDINATOR)
    seen = client.post(address(agreement, "grouped"), sent(pair, due_on="2029-01-31"))
    other = sent(pair, due_on="2028-01-31", appliquer=1, vu=seen.context["form"].signature)
    assert client.post(address(agreement, "grouped"), other).status_code == 200
    assert not Action.objects.filter(due_on=date(2028, 1, 31)).exists()


def test_empty_demand_and_empty_choice_are_told(agreement, client_as, pair) -> None:
    client = client_as(Role.COORDINATOR)
    response = client.post(address(agreement, "grouped"), sent(pair))
    assert "Rien n'est rempli" in response.context["form"].non_field_errors()[0]
    response = client.post(address(agreement, "grouped"), {"choisir": 1})
    assert client.get(response["Location"])["Location"] == address(agreement, "table")


def test_actions_of_another_agreement_are_not_changed(
    agreement, other_agreement, client_as
) -> None:
    theirs, mine = make_action(other_agreement), make_action(agreement)
    client = client_as(Role.COORDINATOR)
    apply(client, agreement, sent([theirs, mine], due_on="2029-01-31"))
    assert Action.objects.get(pk=theirs.pk).due_on == theirs.due_on
    assert Action.objects.get(pk=mine.pk).due_on == date(2029, 1, 31)


def test_copy_from_the_list_opens_the_copy(agreement, client_as, pair) -> None:
    client = client_as(Role.COORDINATOR)
    assert f"{address(agreement, 'act', pair[0].pk)}" in text(client, address(agreement, "table"))
    response = client.post(address(agreement, "act", pair[0].pk), {"geste": "copier"})
    copy = Action.objects.get(title="Un (copie)")
    assert response["Location"] == address(agreement, "update", copy.pk)
    assert Orientation.objects.filter(actions=copy).exists()


@pytest.mark.parametrize("key", ["²", "9" * 30, "-1"])
def test_strange_keys_are_no_error(agreement, client_as, pair, key) -> None:
    client, action = client_as(Role.COORDINATOR), pair[0]

    def at(name: str, *args: int) -> str:
        return reverse(f"actionplan:{name}", args=[agreement.slug, *args])

    assert client.get(at("grouped"), {"fiche": key}).status_code == 302
    versions = {"fiche": action.pk, f"version_{key}": "1", f"version_{action.pk}": key}
    assert client.post(at("grouped"), versions).status_code in (200, 422)
    assert client.post(at("arrange_act"), {"monter": f"action-{key}"}).status_code in (302, 404)
    step = {"geste": "faite", "etape": key}
    assert client.post(at("attention_act", action.pk), step).status_code == 404
    assert client.get(at("create"), {"orientation": key, "enjeu": key}).status_code == 200
    levels = {"objectif": key, "orientation": key}
    assert client.get(at("objective_create"), levels).status_code == 200
