"""The sheet of an action: what each reads of it, its notes, météo, steps, money, files, archives."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actionplan import queries, services
from actionplan.balance import balances, staff_words
from actionplan.forms.grids import in_typed_order
from actionplan.models import Action, ActionStatus, Funding, FundingStage, Step
from agreements.models import Agreement, Attachment, Role
from agreements.services.attachments import add_attachment
from core.errors import DomainError, StaleObject
from opendata.models import FundingRate
from partners.models import Organisation, Position
from tests.actionplan.factories import action as make_action
from tests.actionplan.factories import organisation
from tests.actionplan.factories import orientation as make_orientation
from tests.agreements.anything import make
from tests.committees.factories import ContactFactory

pytestmark = pytest.mark.django_db
S = ActionStatus
READERS = [Role.DIRECTION, Role.ELECTED, Role.CAF, Role.PARTNER, Role.READER]
BLOCKED = {
    "blocked_cause": "Local indisponible",
    "unblock_condition": "Bail signé",
    "blocked_review_on": date(2026, 12, 1),
}


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def action(agreement: Agreement) -> Action:
    return make_action(agreement, starts_on=date(2026, 2, 1))


def url(name: str, of: Any) -> str:
    return reverse(f"actionplan:{name}", args=[of.agreement.slug, of.pk])


def text(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def typed(client: Client, address: str) -> dict[str, Any]:
    """What the browser holds when the page of a form opens."""
    form = client.get(address).context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {n: "" if v is None else v for n, v in values.items() if v is not False}


@pytest.fixture
def lead(agreement: Agreement, client_as: Any, action: Action) -> Client:
    """The partner whose organisation leads the action."""
    client = client_as(Role.PARTNER)
    Position.objects.create(
        agreement=agreement, organisation=action.lead_organisation, function="Directrice",
        contact=ContactFactory(agreement=agreement, user=client.membership.user),
    )  # fmt: skip
    return client


# --- What is shown ----------------------------------------------------------------------------
@pytest.mark.parametrize("role", READERS)
def test_readers_see_nothing_that_is_empty(agreement, client_as, action, role) -> None:
    page = text(client_as(role), url("action", action))
    for words in (
        "Étapes",
        "Pièces jointes",
        "Notes de suivi",
        "Budget et financements",
        "Mesures",
    ):
        assert words not in page
    assert "Aucun" not in page
    assert "non renseigné" not in page
    assert "Il manque" not in page


def test_all_that_is_written_unfolds(agreement, client_as, action) -> None:
    fields = {
        "context": "Peu de places", "target_public": "Parents", "area": "Le centre",
        "expected_results": "Cinq places", "description": "Des travaux", "participation": "Une enquête",
        "steering_body": "COTECH", "human_means": "Un poste", "material_means": "Un local",
        "difficulties": "Le bâti", "awaited_decision": "Un arbitrage", "legal_codes": "4° e",
    }  # fmt: skip
    services.update_action(action, actor=None, **fields)
    page = text(client_as(Role.READER), url("action", action))
    for words in [*fields.values(), "projets d&#x27;investissement"]:
        assert words in page


@pytest.mark.parametrize(("depth", "shown"), [(2, 1), (3, 2), (4, 3)])
def test_levels_are_those_of_the_plan(agreement, client_as, depth, shown) -> None:
    agreement.plan_depth = 4
    level = make_orientation(agreement, code="1", title="Accueillir")
    above = services.create_objective(
        agreement, actor=None, orientation=level, code="1.1", title="Des places"
    )
    below = services.create_objective(
        agreement, actor=None, orientation=level, code="1.1.1", title="Au centre", parent=above
    )
    agreement.plan_depth = depth
    agreement.save()
    chosen = {2: None, 3: above, 4: below}[depth]
    row = make_action(agreement, orientation=level, objective=chosen)
    page = text(client_as(Role.READER), url("action", row))
    found = [
        words for words in ("1. Accueillir", "1.1 Des places", "1.1.1 Au centre") if words in page
    ]
    assert len(found) == shown


@pytest.mark.parametrize(("depth", "offered"), [(2, None), (3, {"1.1"}), (4, {"1.1", "1.1.1"})])
def test_form_offers_the_levels_of_the_plan(agreement, client_as, depth, offered) -> None:
    agreement.plan_depth = 4
    level = make_orientation(agreement, code="1")
    above = services.create_objective(
        agreement, actor=None, orientation=level, code="1.1", title="Des places"
    )
    services.create_objective(
        agreement, actor=None, orientation=level, code="1.1.1", title="Au centre", parent=above
    )
    agreement.plan_depth = depth
    agreement.save()
    page = client_as(Role.COORDINATOR).get(reverse("actionplan:create", args=[agreement.slug]))
    field = page.context["form"].fields.get("objective")
    assert (None if field is None else {row.code for row in field.queryset}) == offered


def test_moved_to_another_orientation_without_objectives_in_the_form(agreement) -> None:
    """In a plan cut back to two levels, an objective that is no longer shown does not block."""
    one, two = make_orientation(agreement), make_orientation(agreement)
    objective = services.create_objective(
        agreement, actor=None, orientation=one, code="x", title="x"
    )
    row = make_action(agreement, orientation=one, objective=objective)
    services.update_action(row, actor=None, orientation=two)
    assert Action.objects.get(pk=row.pk).objective is None


# --- Writing ----------------------------------------------------------------------------------
def new_action(agreement: Agreement, **changes: Any) -> dict[str, Any]:
    return {
        "title": "Ludothèque", "summary": "Des jeux.", "due_on": "2027-06-30", "status": "planned",
        "orientation": make_orientation(agreement).pk, "lead_organisation": organisation(agreement).pk,
        "progress": 0, "origin": "new", "priority": 2, **changes,
    }  # fmt: skip


def test_first_measure_is_written_with_the_action(agreement, client_as) -> None:
    data = new_action(
        agreement, measure_label="Familles reçues", measure_kind="output", measure_unit="familles",
        measure_target="120,5",
    )  # fmt: skip
    client = client_as(Role.COORDINATOR)
    client.post(reverse("actionplan:create", args=[agreement.slug]), data)
    measure = Action.objects.get(agreement=agreement).measures.get()
    assert (measure.label, measure.unit, measure.decimals) == ("Familles reçues", "familles", 1)
    assert measure.points.get().target == Decimal("120.5")
    assert measure.points.get().year == 2027


def test_target_without_a_measure_is_refused_beside_the_field(agreement, client_as) -> None:
    response = client_as(Role.COORDINATOR).post(
        reverse("actionplan:create", args=[agreement.slug]),
        new_action(agreement, measure_target="12"),
    )
    assert response.status_code == 422
    assert "measure_label" in response.context["form"].errors
    assert not Action.objects.filter(agreement=agreement).exists()


def test_legal_items_are_ticked(agreement, client_as, action) -> None:
    client, address = client_as(Role.COORDINATOR), url("update", action)
    data = typed(client, address)
    assert client.post(address, {**data, "legal_codes": ["4° e", "2°"]}).status_code == 302
    assert Action.objects.get(pk=action.pk).legal_codes == "2° ; 4° e"
    assert client.get(address).context["form"]["legal_codes"].value() == ["2°", "4° e"]


def test_unknown_legal_item_is_refused(agreement, client_as, action) -> None:
    client, address = client_as(Role.COORDINATOR), url("update", action)
    response = client.post(address, {**typed(client, address), "legal_codes": ["9°"]})
    assert response.status_code == 422


def test_group_of_the_field_asked_is_open(agreement, client_as, action) -> None:
    address = url("update", action) + "?champ=elected_sponsor"
    form = client_as(Role.COORDINATOR).get(address).context["form"]
    assert [title for title, _, is_open in form.unfolded if is_open] == ["Avec qui et comment"]


# --- Completeness -----------------------------------------------------------------------------
def test_each_lack_leads_to_where_it_is_mended(agreement, client_as, action) -> None:
    client = client_as(Role.COORDINATOR)
    lacks = client.get(url("action", action)).context["lacks"]
    assert len(lacks) == len(queries.completeness(action).lacks) > 5
    for words, address in lacks:
        assert client.get(address).status_code == 200, words


def test_lead_partner_is_led_only_where_it_may_write(agreement, lead, action) -> None:
    lacks = dict(lead.get(url("action", action)).context["lacks"])
    assert {words for words, address in lacks.items() if address} == {"où en est-on", "une étape"}
    for address in filter(None, lacks.values()):
        assert lead.get(address).status_code == 200


@pytest.mark.parametrize("status", [S.TO_DISCUSS, S.PLANNED])
def test_nothing_is_asked_of_an_action_that_has_not_begun(agreement, client_as, status) -> None:
    page = text(client_as(Role.COORDINATOR), url("action", make_action(agreement, status=status)))
    assert "Il manque" not in page


# --- Statuses ---------------------------------------------------------------------------------
def test_leaving_blocked_empties_why_and_the_history_keeps_it(agreement, action) -> None:
    services.change_status(action, actor=None, status=S.BLOCKED, **BLOCKED)
    services.change_status(Action.objects.get(pk=action.pk), actor=None, status=S.IN_PROGRESS)
    saved = Action.objects.get(pk=action.pk)
    assert (saved.blocked_cause, saved.unblock_condition, saved.blocked_review_on) == ("", "", None)
    assert "Local indisponible" in saved.history.values_list("blocked_cause", flat=True)


def test_leaving_dropped_empties_why(agreement, action) -> None:
    services.change_status(action, actor=None, status=S.DROPPED, dropped_reason="Sans porteur")
    services.change_status(Action.objects.get(pk=action.pk), actor=None, status=S.PLANNED)
    assert Action.objects.get(pk=action.pk).dropped_reason == ""


def test_cause_typed_without_the_status_is_not_lost_in_silence(agreement, action) -> None:
    with pytest.raises(DomainError, match="choisissez le statut « bloquée »") as refusal:
        services.update_action(action, actor=None, blocked_cause="Local indisponible")
    assert refusal.value.field == "blocked_cause"


def test_blocked_names_the_field_that_is_missing(agreement, action) -> None:
    given = {**BLOCKED, "unblock_condition": "  "}
    with pytest.raises(DomainError) as refusal:
        services.change_status(action, actor=None, status=S.BLOCKED, **given)
    assert refusal.value.field == "unblock_condition"


# --- Steps ------------------------------------------------------------------------------------
def test_step_is_done_in_one_click_and_reopened(agreement, client_as, action) -> None:
    step = services.add_step(action, actor=None, title="Visite")
    client = client_as(Role.COORDINATOR)
    client.post(url("step_act", step), {"geste": "faire"})
    step.refresh_from_db()
    assert step.done_on == date.today()
    client.post(url("step_act", step), {"geste": "rouvrir"})
    step.refresh_from_db()
    assert step.done_on is None


def test_lead_partner_completes_its_steps_and_no_others(agreement, lead, action) -> None:
    own = services.add_step(action, actor=None, title="Visite")
    other = services.add_step(make_action(agreement), actor=None, title="Visite")
    assert lead.post(url("step_act", own), {"geste": "faire"}).status_code == 302
    assert lead.post(url("step_act", other), {"geste": "faire"}).status_code == 403
    other.refresh_from_db()
    assert other.done_on is None


def test_steps_have_owners_and_move_by_their_rank(agreement, client_as, action) -> None:
    rows = [services.add_step(action, actor=None, title=title) for title in ("A", "B", "C")]
    owner = ContactFactory(agreement=agreement)
    client, address = client_as(Role.COORDINATOR), url("steps", action)
    data = typed(client, address)
    data |= {f"r{rows[2].pk}-rank": "1", f"r{rows[0].pk}-owner": owner.pk, "n0-title": "D"}
    assert client.post(address, data).status_code == 302
    assert [step.title for step in action.steps.all()] == ["C", "A", "B", "D"]
    assert action.steps.get(title="A").owner == owner


@given(ranks=st.lists(st.none() | st.integers(1, 6), max_size=6))
def test_any_ranks_give_an_order_that_keeps_every_step(ranks) -> None:
    steps = [Step(pk=index, title=str(index)) for index in range(len(ranks))]
    before = {index: index + 1 for index in range(len(ranks))}
    ordered = in_typed_order(list(zip(ranks, steps, strict=True)), before)
    assert sorted(step.pk for step in ordered) == list(range(len(ranks)))
    given_ranks = [ranks[step.pk] for step in ordered]
    numbered = [rank for rank in given_ranks if rank is not None]
    assert numbered == sorted(numbered)
    assert given_ranks[: len(numbered)] == numbered


def test_blank_row_of_a_grid_chooses_nobody(agreement, client_as, action) -> None:
    """A list shared by the cells of a column still offers « none » first."""
    services.set_funding(
        action, actor=None, funder=organisation(agreement), year=2026, stage="planned", amount=Decimal(1)
    )  # fmt: skip
    services.add_step(action, actor=None, title="A", owner=ContactFactory(agreement=agreement))
    client = client_as(Role.COORDINATOR)
    for name, cell in (("funding", "n0-funder"), ("steps", "n0-owner")):
        form = client.get(url(name, action)).context["form"]
        assert next(iter(form.fields[cell].choices)) == ("", "–")


def test_grid_costs_the_same_for_one_row_and_many(
    agreement, client_as, action, django_assert_num_queries
) -> None:
    client, address = client_as(Role.COORDINATOR), url("steps", action)
    services.add_step(action, actor=None, title="A")
    client.get(address)
    with django_assert_num_queries(GRID_QUERIES):
        client.get(address)
    for title in "BCDEFG":
        services.add_step(action, actor=None, title=title)
    with django_assert_num_queries(GRID_QUERIES):
        client.get(address)


GRID_QUERIES = 6


# --- Notes ------------------------------------------------------------------------------------
def note(action: Action, kind: str = "success", **fields: Any) -> Any:
    given = {"actor": None, "text": "Une équipe complète", "on": date(2026, 3, 1), **fields}
    return services.add_note(action, kind=kind, **given)


def test_author_and_coordinator_change_a_note_and_no_other(
    agreement, client_as, lead, action
) -> None:
    own = note(action, actor=lead.membership.user)
    other = note(action)
    for row, client, expected in (
        (own, lead, 200), (other, lead, 403), (own, client_as(Role.COORDINATOR), 200),
    ):  # fmt: skip
        assert client.get(url("note_update", row)).status_code == expected
        assert client.get(url("note_delete", row)).status_code == expected


def test_author_who_no_longer_leads_changes_nothing(agreement, lead, action) -> None:
    own = note(action, actor=lead.membership.user)
    Position.objects.filter(agreement=agreement).update(ends_on=date.today())
    assert lead.get(url("note_update", own)).status_code == 403


def test_internal_note_does_not_exist_for_those_who_may_not_read_it(
    agreement, lead, action
) -> None:
    row = note(action, kind="internal", actor=lead.membership.user)
    assert lead.get(url("note_update", row)).status_code == 404
    assert lead.post(url("note_delete", row)).status_code == 404


def test_two_people_on_a_note_see_both_versions(agreement, client_as, action) -> None:
    row = note(action)
    client, address = client_as(Role.COORDINATOR), url("note_update", row)
    data = {**typed(client, address), "text": "Mes mots"}
    services.update_note(row, actor=None, text="Ses mots")
    response = client.post(address, data)
    assert response.status_code == 409
    assert "Mes mots" in response.content.decode()
    assert "Ses mots" in response.content.decode()
    data["version"] = response.context["form"]["version"].value()
    assert client.post(address, data).status_code == 302
    row.refresh_from_db()
    assert row.text == "Mes mots"


def test_changed_internal_note_is_told_as_internal(agreement, action) -> None:
    from agreements.models import JournalEntry

    row = note(action, kind="internal")
    services.update_note(row, actor=None, kind="success", text="Public")
    assert JournalEntry.objects.filter(agreement=agreement).latest("pk").is_internal


# --- Météo ------------------------------------------------------------------------------------
def test_weather_is_not_there_unless_the_agreement_chose_it(agreement, client_as, action) -> None:
    client = client_as(Role.COORDINATOR)
    assert "météo" not in text(client, url("action", action)).lower()
    assert client.get(url("weather", action)).status_code == 404
    with pytest.raises(DomainError, match="ne donne pas de météo"):
        services.add_weather(action, actor=None, level="sun", on=date.today(), sentence="x")


def test_last_weather_is_shown_and_the_others_kept(agreement, client_as, action) -> None:
    agreement.uses_weather = True
    agreement.save()
    client = client_as(Role.COORDINATOR)
    for level, on, words in (
        ("rain", "2026-03-01", "Le local manque"),
        ("sun", "2026-05-01", "Tout va"),
    ):
        client.post(url("weather", action), {"level": level, "on": on, "sentence": words})
    page = text(client_as(Role.READER), url("action", action))
    assert "Tout va" in page
    assert "grand soleil" in page
    assert "Le local manque" not in page
    assert "Le local manque" in text(client, url("weather", action))
    row = action.weather.get(level="sun")
    client.post(url("weather_delete", row))
    assert "Le local manque" in text(client_as(Role.READER), url("action", action))


# --- Money ------------------------------------------------------------------------------------
def expense(action: Action, year: int = 2026, **fields: Any) -> None:
    services.set_budget_line(action, actor=None, year=year, nature="operating", **fields)


def funding(action: Action, amount: int, stage: str = "planned", **fields: Any) -> Funding:
    given = {"funder": organisation(action.agreement), "year": 2026, **fields}
    return services.set_funding(action, actor=None, stage=stage, amount=Decimal(amount), **given)


@pytest.mark.parametrize(
    ("planned", "funded", "words"),
    [
        (1000, 400, "reste 600\u00a0€ à trouver"),
        (1000, 1000, "équilibré"),
        (1000, 1200, "200\u00a0€ de plus que la dépense prévue"),
        (1000, None, "inconnu : aucun financement saisi"),
        (None, 400, "inconnu : dépense prévue non saisie"),
    ],
)
def test_balance_is_told_in_words(agreement, action, planned, funded, words) -> None:
    if planned is not None:
        expense(action, planned=Decimal(planned))
    if funded is not None:
        funding(action, funded)
    assert balances(action)[0][0].words == words


def test_balance_of_the_plan_does_not_count_what_followed_the_spending(agreement, action) -> None:
    """An amount updated to what was spent leaves no hole in what was planned."""
    expense(action, planned=Decimal(1000), spent=Decimal(200))
    caf = organisation(agreement)
    funding(action, 1000, funder=caf)
    funding(action, 200, stage="updated", funder=caf)
    row = balances(action)[0][0]
    assert row.words == "équilibré"
    assert row.money.funded == 200


def test_balance_says_what_is_only_asked_for_or_computed(agreement, action) -> None:
    expense(action, planned=Decimal(1000))
    funding(action, 300, stage="requested")
    funding(action, 700, is_estimate=True)
    assert balances(action)[0][0].caution == "dont 300\u00a0€ sollicités, 700\u00a0€ estimés"


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    planned=st.lists(st.none() | st.integers(0, 10**6), min_size=5, max_size=5),
    funded=st.lists(st.none() | st.integers(0, 10**6), min_size=5, max_size=5),
)
def test_total_left_is_the_sum_of_the_years_when_all_are_known(agreement, planned, funded) -> None:
    from django.db import transaction

    with transaction.atomic():
        row = make_action(agreement)
        payer = organisation(agreement)
        for year, cost, help_ in zip(agreement.years, planned, funded, strict=True):
            if cost is not None:
                expense(row, year, planned=Decimal(cost))
            if help_ is not None:
                funding(row, help_, year=year, funder=payer)
        years, total = balances(row)
        for one in years:
            assert (one.left is None) == (one.money.planned is None or one.expected is None)
        if total is not None and all(one.left is not None for one in years):
            assert total.left == sum(one.left for one in years if one.left is not None)
        transaction.set_rollback(True)


def test_working_time_is_typed_beside_the_budget(agreement, client_as, action) -> None:
    client, address = client_as(Role.COORDINATOR), url("budget", action)
    data = {
        **typed(client, address),
        "etp-planned-2026": "0,20",
        "n0-year": "2026",
        "n0-planned": "5",
    }
    assert client.post(address, data).status_code == 302
    row = action.staff_times.get()
    assert (row.planned, row.spent) == (Decimal("0.20"), None)
    assert staff_words(action) == "prévu : 0,20\u00a0ETP (2026)"
    assert "0,20" in text(client, url("action", action))
    data = {**typed(client, address), "etp-planned-2026": ""}
    client.post(address, data)
    assert not action.staff_times.exists()


def test_working_time_left_with_no_figure_goes(action) -> None:
    row = services.set_staff_time(action, actor=None, year=2026, planned=Decimal("0.2"))
    kept = services.update_staff_time(row, actor=None, planned=None, spent=Decimal(0))
    assert (kept.planned, kept.spent) == (None, Decimal(0))
    assert services.update_staff_time(kept, actor=None, spent=None) is None
    assert not action.staff_times.exists()


def test_years_of_the_same_working_time_are_told_together(agreement, action) -> None:
    times = {2026: ("0.2", "0.1"), 2027: ("0.2", None), 2029: ("0.2", None), 2030: ("0.3", None)}
    for year, (planned, spent) in times.items():
        services.set_staff_time(
            action, actor=None, year=year, planned=Decimal(planned),
            spent=Decimal(spent) if spent else None,
        )  # fmt: skip
    assert staff_words(action).replace("\u00a0", " ") == (
        "prévu : 0,20 ETP (2026-2027), 0,20 ETP (2029), 0,30 ETP (2030) ; réalisé : 0,10 ETP (2026)"
    )


def test_conflict_on_the_budget_shows_the_working_time_of_both(
    agreement, client_as, action
) -> None:
    client, address = client_as(Role.COORDINATOR), url("budget", action)
    data = {**typed(client, address), "etp-planned-2026": "0,20"}
    services.set_staff_time(
        Action.objects.get(pk=action.pk), actor=None, year=2026, planned=Decimal("0.5"), spent=None
    )
    response = client.post(address, data)
    assert response.status_code == 409
    page = response.content.decode()
    assert "Temps prévu 2026 (ETP)" in page
    assert "0,20" in page
    assert "0,5" in page


def test_negative_or_absurd_time_is_refused_in_words(agreement, client_as, action) -> None:
    client, address = client_as(Role.COORDINATOR), url("budget", action)
    for wrong in ("-1", "beaucoup", "99999"):
        response = client.post(address, {**typed(client, address), "etp-spent-2026": wrong})
        assert response.status_code == 422
    assert not action.staff_times.exists()


# --- Estimate ---------------------------------------------------------------------------------
@pytest.fixture
def rate(db: None) -> FundingRate:
    return FundingRate.objects.create(
        scheme="Bonus territoire",
        year=2026,
        unit="places",
        amount=Decimal(1200),
        source="Circulaire",
    )


@pytest.fixture
def caf(agreement: Agreement) -> Organisation:
    return organisation(agreement, name="Caf de l'Aube", kind=Organisation.Kind.CAF)


def estimate(rate: FundingRate, caf: Organisation, **changes: Any) -> dict[str, Any]:
    return {"rate": rate.pk, "year": 2026, "quantity": "45", "funder": caf.pk, **changes}


def test_computing_writes_nothing(agreement, client_as, action, rate, caf) -> None:
    response = client_as(Role.COORDINATOR).post(
        url("estimate", action), estimate(rate, caf, calculer="1")
    )
    assert response.status_code == 200
    assert "54\u00a0000\u00a0€" in response.content.decode()
    assert not action.fundings.exists()


def test_estimate_is_kept_as_an_estimate_with_its_basis(
    agreement, client_as, action, rate, caf
) -> None:
    client_as(Role.COORDINATOR).post(
        url("estimate", action), estimate(rate, caf, version=action.version)
    )
    row = action.fundings.get()
    assert (row.amount, row.is_estimate, row.scheme) == (54000, True, "Bonus territoire")
    assert row.stage == FundingStage.PLANNED
    assert (
        row.basis
        == "45\u00a0places × 1\u00a0200\u00a0€ par place, barème « Bonus territoire » 2026"
    )


def test_share_of_the_cost_needs_the_cost_and_stops_at_the_ceiling(
    agreement, client_as, action, caf
) -> None:
    psu = FundingRate.objects.create(
        scheme="PSU", year=2026, unit="hours", calculation="share", amount=Decimal(66),
        ceiling=Decimal(10), source="Circulaire",
    )  # fmt: skip
    client, address = client_as(Role.COORDINATOR), url("estimate", action)
    data = estimate(psu, caf, quantity="1000", version=action.version)
    response = client.post(address, data)
    assert response.status_code == 422
    assert "prix de revient" in response.context["form"].errors["unit_cost"][0]
    client.post(address, {**data, "unit_cost": "12,50"})
    row = action.fundings.get()
    assert row.amount == 6600
    assert "plafond" in row.basis


def test_rate_of_another_year_is_told(agreement, client_as, action, rate, caf) -> None:
    response = client_as(Role.COORDINATOR).post(
        url("estimate", action), estimate(rate, caf, year=2028, calculer="1")
    )
    assert "Le barème est celui de 2026" in response.content.decode()


def test_estimate_over_a_changed_action_shows_what_stands(
    agreement, client_as, action, rate, caf
) -> None:
    data = estimate(rate, caf, version=action.version)
    funding(Action.objects.get(pk=action.pk), 999, funder=caf, scheme="Bonus territoire")
    response = client_as(Role.COORDINATOR).post(url("estimate", action), data)
    assert response.status_code == 409
    assert action.fundings.get().amount == 999


# --- Files ------------------------------------------------------------------------------------
def pdf(name: str = "devis.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"%PDF-1.7\n%%EOF", content_type="application/pdf")


def attach(action: Action, audience: str = "public", **fields: Any) -> Attachment:
    return add_attachment(action, actor=None, file=pdf(), audience=audience, **fields)


def test_file_is_attached_from_the_sheet_and_read_through_its_door(
    agreement, client_as, action
) -> None:
    client = client_as(Role.COORDINATOR)
    data = {"file": pdf(), "kind": "budget", "dated_on": "2026-03-01", "audience": "committee"}
    response = client.post(url("attachment_create", action), data)
    assert response.status_code == 302
    row = Attachment.objects.get(agreement=agreement)
    assert (row.title, row.kind, row.added_by) == ("devis", "budget", client.membership.user)
    assert "devis" in text(client, url("action", action))
    response = client.get(url("attachment", row))
    assert b"".join(response.streaming_content).startswith(b"%PDF")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]


def test_text_is_never_run_by_the_browser(agreement, client_as, action) -> None:
    row = add_attachment(
        action, actor=None, file=SimpleUploadedFile("a.txt", b"<script>"), audience="public"
    )
    response = client_as(Role.READER).get(url("attachment", row))
    assert response["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("audience", "readers"),
    [
        ("public", {*READERS}),
        ("committee", {Role.DIRECTION, Role.ELECTED, Role.CAF}),
        ("internal", {Role.DIRECTION}),
    ],
)
def test_door_and_list_obey_the_audience(agreement, client_as, action, audience, readers) -> None:
    row = attach(action, audience, title="Devis comparés")
    for role in READERS:
        client = client_as(role)
        assert (client.get(url("attachment", row)).status_code == 200) == (role in readers)
        assert ("Devis comparés" in text(client, url("action", action))) == (role in readers)


def test_bad_file_keeps_the_form_and_says_why(agreement, client_as, action) -> None:
    wrong = SimpleUploadedFile("faux.pdf", b"<html>")
    response = client_as(Role.COORDINATOR).post(
        url("attachment_create", action),
        {"file": wrong, "title": "Devis", "kind": "other", "audience": "internal"},
    )
    assert response.status_code == 422
    assert "Le contenu" in response.context["form"].errors["file"][0]
    assert response.context["form"]["title"].value() == "Devis"


def test_lead_partner_removes_its_own_file_and_no_other(agreement, lead, action) -> None:
    response = lead.post(
        url("attachment_create", action),
        {"file": pdf("compte-rendu.pdf"), "kind": "minutes", "audience": "internal"},
    )
    assert response.status_code == 302
    own = Attachment.objects.get(added_by=lead.membership.user)
    other = attach(action)
    assert "compte-rendu" in text(lead, url("action", action))
    assert lead.get(url("attachment_delete", other)).status_code == 403
    assert lead.post(url("attachment_delete", own)).status_code == 302
    assert list(Attachment.objects.all()) == [other]


def test_file_of_another_room_is_not_opened_by_this_door(agreement, client_as, action) -> None:
    row = make(
        "agreements.Attachment", agreement, target_type="partners.contract", target_id=action.pk,
        audience="public",
    )  # fmt: skip
    assert client_as(Role.COORDINATOR).get(url("attachment", row)).status_code == 404


# --- Archives ---------------------------------------------------------------------------------
def test_archived_action_is_listed_read_and_restored(agreement, client_as, action) -> None:
    client = client_as(Role.COORDINATOR)
    row = attach(action)
    client.post(url("archive", action))
    listed = reverse("actionplan:archived", args=[agreement.slug])
    assert action.title in text(client, listed)
    page = text(client, url("action", action))
    assert "Action archivée" in page
    assert url("update", action) not in page
    assert client.get(url("attachment", row)).status_code == 200
    assert client.get(url("attachment_delete", row)).status_code == 404
    assert client.get(url("update", action)).status_code == 404
    client.post(url("restore", action))
    assert not Action.objects.get(pk=action.pk).is_archived
    assert action.title not in text(client, listed)


def test_archives_cost_the_same_for_one_action_and_many(
    agreement, client_as, django_assert_num_queries
) -> None:
    client = client_as(Role.COORDINATOR)
    listed = reverse("actionplan:archived", args=[agreement.slug])
    services.archive_action(make_action(agreement), actor=None)
    with django_assert_num_queries(4):
        client.get(listed)
    for _ in range(5):
        services.archive_action(make_action(agreement), actor=None)
    with django_assert_num_queries(4):
        client.get(listed)


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.ELECTED, Role.READER])
def test_sheet_with_weather_costs_no_more(
    agreement, client_as, action, django_assert_max_num_queries, role
) -> None:
    agreement.uses_weather = True
    agreement.save()
    services.add_weather(
        Action.objects.get(pk=action.pk), actor=None, level="sun", on=date(2026, 3, 1), sentence="x"
    )
    funding(action, 10)
    attach(action)
    services.create_measure(agreement, actor=None, action=action, label="Familles")
    client = client_as(role)
    client.get(url("action", action))
    with django_assert_max_num_queries(15):
        client.get(url("action", action))


def test_sheet_of_the_lead_partner_costs_no_more(
    agreement, lead, action, django_assert_max_num_queries
) -> None:
    services.create_measure(agreement, actor=None, action=action, label="Familles")
    lead.get(url("action", action))
    with django_assert_max_num_queries(15):
        lead.get(url("action", action))


def test_stale_mark_is_refused_and_none_is_not_asked(agreement, action) -> None:
    row = note(action)
    with pytest.raises(StaleObject):
        services.update_note(row, actor=None, seen="autre", text="x")
    services.update_note(row, actor=None, text="y")
    row.refresh_from_db()
    assert row.text == "y"


def test_working_time_says_nothing_new_or_nothing_at_all(agreement, action) -> None:
    """Saying it again leaves the sheet as it was; one figure does not empty the other."""
    half = Decimal("0.5")
    assert services.set_staff_time(action, actor=None, year=2026, spent=None) is None
    services.set_staff_time(action, actor=None, year=2026, planned=half)
    services.set_staff_time(action, actor=None, year=2026, spent=half)
    version = action.version
    services.set_staff_time(action, actor=None, year=2026, planned=half)
    assert (action.version, action.staff_times.get().planned) == (version, half)
    services.set_staff_time(action, actor=None, year=2026, planned=None, spent=None)
    assert not action.staff_times.exists()
