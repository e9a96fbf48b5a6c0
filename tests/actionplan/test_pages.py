"""The pages of the plan, role by role: what each sees, what each may change, what is refused."""

from __future__ import annotations

import io
from datetime import date, timedelta
from decimal import Decimal

import pypdf
import pytest
from django.test import Client
from django.urls import reverse

from actionplan import services
from actionplan.models import Action, ActionStatus, FollowUpNote, Measure
from agreements.models import Agreement, Role
from partners.models import Position
from tests.actionplan.factories import action as make_action
from tests.actionplan.factories import organisation
from tests.actionplan.factories import orientation as make_orientation
from tests.committees.factories import ContactFactory

pytestmark = pytest.mark.django_db
S = ActionStatus
READERS = [Role.DIRECTION, Role.ELECTED, Role.CAF, Role.PARTNER, Role.READER]


def address(agreement: Agreement, name: str, *args: object) -> str:
    return reverse(f"actionplan:{name}", args=[agreement.slug, *args])


def text(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def pdf_text(data: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(data)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def sheet(action: Action, **changes: object) -> dict[str, object]:
    """What the browser sends for a sheet that was opened and saved."""
    data = {
        "title": action.title,
        "summary": action.summary,
        "orientation": action.orientation_id,
        "lead_organisation": action.lead_organisation_id,
        "due_on": action.due_on.isoformat(),
        "status": action.status,
        "progress": action.progress,
        "origin": action.origin,
        "priority": action.priority,
        "version": action.version,
    }
    return {**data, **changes}


# --- The plan -------------------------------------------------------------------------------
def test_empty_plan_tells_the_coordinator_where_to_begin(agreement, client_as) -> None:
    page = text(client_as(Role.COORDINATOR), address(agreement, "plan"))
    assert address(agreement, "orientation_create") in page


@pytest.mark.parametrize("role", READERS)
def test_readers_see_the_plan_and_no_button(agreement, client_as, role) -> None:
    action = make_action(agreement)
    page = text(client_as(role), address(agreement, "plan"))
    assert action.title in page
    assert address(agreement, "create") not in page
    assert address(agreement, "orientation_create") not in page


def test_late_and_blocked_are_said_in_words(agreement, client_as) -> None:
    make_action(agreement, due_on=date.today() - timedelta(3))
    page = text(client_as(Role.ELECTED), address(agreement, "plan"))
    assert "en retard" in page


@pytest.mark.parametrize("name", ["plan", "table"])
def test_page_costs_the_same_for_one_action_and_many(
    agreement, client_as, django_assert_num_queries, name
) -> None:
    client = client_as(Role.COORDINATOR)
    make_action(agreement)
    client.get(address(agreement, name))
    with django_assert_num_queries(PLAN_QUERIES[name]):
        client.get(address(agreement, name))
    for _ in range(8):
        make_action(agreement)
    with django_assert_num_queries(PLAN_QUERIES[name]):
        client.get(address(agreement, name))


PLAN_QUERIES = {"plan": 6, "table": 8}


def test_table_filters_from_the_address(agreement, client_as) -> None:
    make_action(agreement, title="Ludothèque", status=S.PLANNED)
    make_action(agreement, title="Café des parents")
    page = text(client_as(Role.READER), address(agreement, "table") + "?status=planned")
    assert "Ludothèque" in page
    assert "Café des parents" not in page


@pytest.mark.parametrize("query", ["?status=inconnu", "?page=999", "?sort=motdepasse", "?page=x"])
def test_strange_filters_are_no_error(agreement, client_as, query) -> None:
    make_action(agreement)
    response = client_as(Role.READER).get(address(agreement, "table") + query)
    assert response.status_code in (200, 404)


# --- The sheet ------------------------------------------------------------------------------
@pytest.fixture
def action(agreement: Agreement) -> Action:
    """An action with something in each part."""
    row = make_action(agreement, starts_on=date(2026, 2, 1), progress_note="Le bail est signé.")
    services.add_step(row, actor=None, title="Visite du local", due_on=date(2026, 5, 1))
    services.set_budget_line(
        row, actor=None, year=2026, nature="operating", planned=Decimal("12345.60")
    )
    services.set_funding(
        row, actor=None, funder=organisation(agreement, name="Caf de l'Aube"), year=2026,
        stage="planned", amount=Decimal(8000),
    )  # fmt: skip
    measure = services.create_measure(
        agreement,
        actor=None,
        action=row,
        label="Familles reçues",
        baseline=Decimal(30),
        baseline_year=2025,
    )
    services.set_measure_point(measure, actor=None, year=2026, target=Decimal(45))
    for kind, words in (("success", "Une équipe complète"), ("internal", "Rester prudent")):
        services.add_note(row, actor=None, kind=kind, text=words, on=date(2026, 3, 1))
    return Action.objects.get(pk=row.pk)


@pytest.mark.parametrize(
    ("role", "money", "internal"),
    [
        (Role.COORDINATOR, True, True),
        (Role.DIRECTION, True, True),
        (Role.ELECTED, True, False),
        (Role.CAF, True, False),
        (Role.PARTNER, False, False),
        (Role.READER, False, False),
    ],
)
def test_sheet_and_its_pdf_show_each_role_what_is_its_own(
    agreement, client_as, action, role, money, internal
) -> None:
    client = client_as(role)
    page = text(client, address(agreement, "action", action.pk))
    assert "Visite du local" in page
    assert "Familles reçues" in page
    assert "Une équipe complète" in page
    assert ("12\u00a0346\u00a0€" in page) == money
    assert ("Rester prudent" in page) == internal

    response = client.get(address(agreement, "action_pdf", action.pk))
    data = b"".join(response.streaming_content)
    reader = pypdf.PdfReader(io.BytesIO(data))
    assert len(reader.pages) == 1
    words = pdf_text(data)
    assert action.title in words
    assert ("Financements connus" in words) == money
    assert "Rester prudent" not in words


def test_begun_sheet_says_what_is_missing(agreement, client_as, action) -> None:
    page = text(client_as(Role.COORDINATOR), address(agreement, "action", action.pk))
    assert "un élu référent" in page


def test_sheet_costs_the_same_with_many_parts(
    agreement, client_as, action, django_assert_num_queries
) -> None:
    client = client_as(Role.COORDINATOR)
    client.get(address(agreement, "action", action.pk))
    with django_assert_num_queries(SHEET_QUERIES):
        client.get(address(agreement, "action", action.pk))
    for rank in range(6):
        services.add_step(action, actor=None, title=f"Étape {rank}")
        services.add_partner_role(action, actor=None, organisation=organisation(agreement))
        services.create_measure(agreement, actor=None, action=action, label=f"Mesure {rank}")
    with django_assert_num_queries(SHEET_QUERIES):
        client.get(address(agreement, "action", action.pk))


SHEET_QUERIES = 15


# --- Writing --------------------------------------------------------------------------------
def test_six_fields_make_a_valid_action(agreement, client_as) -> None:
    level, lead = make_orientation(agreement, code="4"), organisation(agreement)
    client = client_as(Role.COORDINATOR)
    response = client.post(
        address(agreement, "create"),
        {
            "title": "Ludothèque itinérante", "summary": "Des jeux dans chaque quartier.",
            "orientation": level.pk, "lead_organisation": lead.pk, "due_on": "31/12/2027",
            "status": "planned", "progress": 0, "origin": "new", "priority": 2,
        },
    )  # fmt: skip
    created = Action.objects.get(agreement=agreement)
    assert response.status_code == 302
    assert response["Location"] == address(agreement, "action", created.pk)
    assert (created.code, created.due_on) == ("4.1", date(2027, 12, 31))


def test_form_in_error_keeps_what_was_typed_and_says_why_beside_the_field(
    agreement, client_as, action
) -> None:
    response = client_as(Role.COORDINATOR).post(
        address(agreement, "update", action.pk),
        sheet(action, title="Un titre neuf", due_on="2035-01-01"),
    )
    assert response.status_code == 422
    form = response.context["form"]
    assert "sort de la convention" in form.errors["due_on"][0]
    assert form["title"].value() == "Un titre neuf"
    assert Action.objects.get(pk=action.pk).title == action.title


def test_second_of_two_editors_sees_both_versions_and_loses_nothing(
    agreement, client_as, action
) -> None:
    client = client_as(Role.COORDINATOR)
    services.update_action(
        Action.objects.get(pk=action.pk), actor=None, summary="Écrit par l'autre."
    )
    mine = sheet(action, summary="Écrit par moi.")
    response = client.post(address(agreement, "update", action.pk), mine)
    assert response.status_code == 409, response.context["form"].errors
    page = response.content.decode()
    assert "Écrit par moi." in page
    assert "Écrit par l&#x27;autre." in page
    assert Action.objects.get(pk=action.pk).summary == "Écrit par l'autre."

    mine["version"] = response.context["form"]["version"].value()
    assert client.post(address(agreement, "update", action.pk), mine).status_code == 302
    assert Action.objects.get(pk=action.pk).summary == "Écrit par moi."


def test_return_goes_where_the_user_was_and_never_elsewhere(agreement, client_as, action) -> None:
    client = client_as(Role.COORDINATOR)
    filtered = address(agreement, "table") + "?status=in_progress"
    for target, expected in (
        (filtered, filtered),
        ("https://ailleurs.example/", address(agreement, "action", action.pk)),
    ):
        current = Action.objects.get(pk=action.pk)
        response = client.post(address(agreement, "update", action.pk), sheet(current, next=target))
        assert response["Location"] == expected


def test_blocked_without_its_reason_is_refused_in_words(agreement, client_as, action) -> None:
    response = client_as(Role.COORDINATOR).post(
        address(agreement, "status", action.pk), {"status": "blocked", "version": action.version}
    )
    assert response.status_code == 422
    assert "bloquée dit par quoi" in response.content.decode()


def test_status_form_offers_only_where_the_action_may_go(agreement, client_as, action) -> None:
    services.change_status(action, actor=None, status=S.DONE)
    form = client_as(Role.COORDINATOR).get(address(agreement, "status", action.pk)).context["form"]
    assert {value for value, _ in form.fields["status"].choices} == {"done", "in_progress"}


@pytest.mark.parametrize("role", [r for r in READERS if r != Role.PARTNER])
def test_change_is_refused_in_french(agreement, client_as, action, role) -> None:
    response = client_as(role).get(address(agreement, "update", action.pk))
    assert response.status_code == 403
    assert "ne permet pas de" in response.content.decode()


# --- Grids ----------------------------------------------------------------------------------
def grid(client: Client, url: str) -> dict[str, object]:
    """What the browser holds when the grid opens."""
    form = client.get(url).context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {
        name: "" if value is None else value for name, value in values.items() if value is not False
    }


def test_amounts_are_typed_as_in_a_sheet(agreement, client_as, action) -> None:
    client, url = client_as(Role.COORDINATOR), address(agreement, "budget", action.pk)
    data = grid(client, url)
    assert (
        client.post(url, {**data, "n0-year": "2027", "n0-planned": "12\u202f000,50 €"}).status_code
        == 302
    )
    line = action.budget_lines.get(year=2027)
    assert (line.planned, line.spent) == (Decimal("12000.50"), None)
    assert action.budget_lines.get(year=2026).planned == Decimal("12345.60")


@pytest.mark.parametrize(
    ("typed", "words"),
    [("douze", "Écrivez un montant"), ("-5", "supérieure ou égale à 0")],
)
def test_bad_cell_writes_nothing_and_says_why(agreement, client_as, action, typed, words) -> None:
    client, url = client_as(Role.COORDINATOR), address(agreement, "budget", action.pk)
    data = {
        **grid(client, url),
        "n0-year": "2027", "n0-planned": "100", "n1-year": "2028", "n1-planned": typed,
    }  # fmt: skip
    response = client.post(url, data)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert action.budget_lines.count() == 1


def test_grid_removes_the_row_that_is_ticked(agreement, client_as, action) -> None:
    client, url = client_as(Role.COORDINATOR), address(agreement, "steps", action.pk)
    step = action.steps.get()
    data = {**grid(client, url), f"r{step.pk}-remove": "on", "n0-title": "Signature"}
    client.post(url, data)
    assert list(action.steps.values_list("title", flat=True)) == ["Signature"]


def test_two_people_in_the_same_grid_lose_nothing(agreement, client_as, action) -> None:
    client, url = client_as(Role.COORDINATOR), address(agreement, "steps", action.pk)
    data = {**grid(client, url), "n0-title": "Mon étape"}
    services.add_step(Action.objects.get(pk=action.pk), actor=None, title="Son étape")
    response = client.post(url, data)
    assert response.status_code == 409
    assert "Mon étape" in response.content.decode()
    assert "Son étape" in response.content.decode()
    assert not action.steps.filter(title="Mon étape").exists()
    data["version"] = response.context["form"]["version"].value()
    assert client.post(url, data).status_code == 302
    assert set(action.steps.values_list("title", flat=True)) == {
        "Visite du local", "Son étape", "Mon étape",
    }  # fmt: skip


def test_funding_without_a_funder_says_so_beside_the_cell(agreement, client_as, action) -> None:
    client, url = client_as(Role.COORDINATOR), address(agreement, "funding", action.pk)
    response = client.post(url, {**grid(client, url), "n0-year": "2026", "n0-amount": "300"})
    assert response.status_code == 422
    assert response.context["form"].errors["n0-funder"] == ["Choisissez un financeur."]


def test_same_expense_twice_is_refused_and_not_overwritten(agreement, client_as, action) -> None:
    client, url = client_as(Role.COORDINATOR), address(agreement, "budget", action.pk)
    data = {**grid(client, url), "n0-year": "2026", "n0-planned": "5"}
    response = client.post(url, data)
    assert response.status_code == 422
    assert "déjà dans une autre ligne" in response.content.decode()
    assert action.budget_lines.get().planned == Decimal("12345.60")
    assert client.post(url, {**data, "n0-label": "Mobilier"}).status_code == 302
    assert action.budget_lines.count() == 2


def test_row_removed_by_another_keeps_what_was_typed_in_it(agreement, client_as, action) -> None:
    client, url = client_as(Role.COORDINATOR), address(agreement, "steps", action.pk)
    step = action.steps.get()
    data = {**grid(client, url), f"r{step.pk}-title": "Visite, seconde date"}
    services.delete_part(action.steps.get(), actor=None)
    response = client.post(url, data)
    assert response.status_code == 409
    assert "Visite, seconde date" in response.content.decode()
    data["version"] = response.context["form"]["version"].value()
    client.post(url, data)
    assert action.steps.get().title == "Visite, seconde date"


# --- Measures -------------------------------------------------------------------------------
def measure_data(client: Client, url: str) -> dict[str, object]:
    return grid(client, url)


def test_value_of_the_year_is_typed_with_the_measure(agreement, client_as, action) -> None:
    measure = action.measures.get()
    client, url = client_as(Role.COORDINATOR), address(agreement, "measure_update", measure.pk)
    response = client.post(url, {**measure_data(client, url), "value-2026": "41,5"})
    assert response.status_code == 302
    point = measure.points.get(year=2026)
    assert (point.target, point.value) == (45, Decimal("41.5"))


def test_a_comment_goes_with_the_value_of_its_year(agreement, client_as, action) -> None:
    measure = action.measures.get()
    client, url = client_as(Role.COORDINATOR), address(agreement, "measure_update", measure.pk)
    words = "Fermé trois semaines en août."
    client.post(url, {**measure_data(client, url), "comment-2026": words})
    point = measure.points.get(year=2026)
    assert (point.comment, point.target) == (words, 45)
    shown = client_as(Role.READER).get(address(agreement, "measure", measure.pk))
    assert words in shown.content.decode()


def test_change_of_target_asks_why_beside_its_cell(agreement, client_as, action) -> None:
    measure = action.measures.get()
    client, url = client_as(Role.COORDINATOR), address(agreement, "measure_update", measure.pk)
    data = {**measure_data(client, url), "target-2026": "50", "label": "Autre libellé"}
    response = client.post(url, data)
    assert response.status_code == 422
    assert "target-2026" in response.context["form"].errors
    assert Measure.objects.get(pk=measure.pk).label == "Familles reçues"
    assert client.post(url, {**data, "reason": "Décision du COPIL"}).status_code == 302
    assert measure.points.get(year=2026).target == 50


def test_two_people_on_a_measure_see_both_versions(agreement, client_as, action) -> None:
    measure = action.measures.get()
    client, url = client_as(Role.COORDINATOR), address(agreement, "measure_update", measure.pk)
    data = {**measure_data(client, url), "label": "Mon libellé"}
    services.update_measure(Measure.objects.get(pk=measure.pk), actor=None, label="Son libellé")
    response = client.post(url, data)
    assert response.status_code == 409
    assert "Son libellé" in response.content.decode()
    assert "Mon libellé" in response.content.decode()


# --- The partner ----------------------------------------------------------------------------
@pytest.fixture
def lead(agreement, client_as, action) -> Client:
    """The partner whose organisation leads the action."""
    client = client_as(Role.PARTNER)
    contact = ContactFactory(agreement=agreement, user=client.membership.user)
    Position.objects.create(
        agreement=agreement,
        contact=contact,
        organisation=action.lead_organisation,
        function="Directrice",
    )
    return client


def test_lead_partner_says_where_its_action_stands_and_nothing_of_its_frame(
    agreement, lead, action
) -> None:
    url = address(agreement, "update", action.pk)
    form = lead.get(url).context["form"]
    assert "title" not in form.fields
    data = {
        "status": "in_progress",
        "progress": 55,
        "progress_note": "Travaux lancés.",
        "version": action.version,
    }
    assert lead.post(url, {**data, "title": "Détourné"}).status_code == 302
    saved = Action.objects.get(pk=action.pk)
    assert (saved.progress, saved.title) == (55, action.title)


def test_plan_begins_with_the_actions_of_the_partner(agreement, lead, action) -> None:
    make_action(agreement, title="L'action d'un autre")
    page = text(lead, address(agreement, "plan"))
    own = page[page.index("Vos actions") : page.index("plan-summary")]
    assert action.title in own
    assert "Mettre à jour" in own
    assert "L&#x27;action d&#x27;un autre" not in own


def test_lead_partner_sees_the_money_of_its_own_action(agreement, lead, action) -> None:
    assert "12\u00a0346\u00a0€" in text(lead, address(agreement, "action", action.pk))


def test_lead_partner_is_not_offered_the_internal_note(agreement, lead, action) -> None:
    url = address(agreement, "note_create", action.pk)
    kinds = [value for value, _ in lead.get(url).context["form"].fields["kind"].choices]
    assert FollowUpNote.Kind.INTERNAL not in kinds
    response = lead.post(url, {"kind": "internal", "on": "2026-03-01", "text": "x"})
    assert response.status_code == 422


def test_partner_may_not_touch_the_action_of_another(agreement, lead) -> None:
    other = make_action(agreement)
    for name in ("update", "status", "steps", "note_create"):
        response = lead.get(address(agreement, name, other.pk))
        assert response.status_code == 403
        assert "modifier cette action" in response.content.decode()


def test_function_that_ended_gives_no_right(agreement, lead, action) -> None:
    Position.objects.filter(agreement=agreement).update(ends_on=date.today() - timedelta(1))
    assert lead.get(address(agreement, "update", action.pk)).status_code == 403
