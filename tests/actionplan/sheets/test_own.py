"""A partner's workbook: the actions that they lead, and of these what they may say."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from actionplan import services
from actionplan.models import Action, Measure, MeasurePoint, Step
from actionplan.sheets.book import whole_book
from actionplan.sheets.rows import key_of
from agreements.models import Agreement, Role
from agreements.services import imports
from partners.models import Contact
from tests.actionplan.factories import action as make_action
from tests.actionplan.sheets.helpers import a_plan, edited, line_of, problems

pytestmark = pytest.mark.django_db
SECRET = "Une action d'une autre structure"


@pytest.fixture
def own(agreement: Agreement) -> Action:
    action = a_plan(agreement)
    other = make_action(agreement, title=SECRET, code="9.9")
    services.add_step(other, actor=None, title="Étape d'une autre structure")
    services.create_measure(agreement, actor=None, action=other, label="Mesure d'une autre")
    return action


@pytest.fixture
def partner(agreement: Agreement, own: Action, client_as: Any) -> Any:
    client = client_as(Role.PARTNER)
    Contact.objects.filter(pk=own.lead_contact_id).update(user=client.membership.user)
    return client


def workbook(partner: Any, agreement: Agreement) -> bytes:
    response = partner.get(reverse("actionplan:workbook_export", args=[agreement.slug]))
    assert response.status_code == 200
    return bytes(response.content)


def preview(partner: Any, agreement: Agreement, data: bytes) -> imports.Preview:
    return imports.preview(receive(partner, agreement, data), actor=partner.membership.user)


def receive(partner: Any, agreement: Agreement, data: bytes) -> Any:
    return imports.receive(
        agreement, kind="plan_own", data=data, file_name="p.xlsx", actor=partner.membership.user
    )


def apply(partner: Any, agreement: Agreement, data: bytes) -> imports.Preview:
    return imports.apply(receive(partner, agreement, data), actor=partner.membership.user)


def texts(data: bytes) -> str:
    book = load_workbook(io.BytesIO(data))
    return "\n".join(
        str(cell.value) for page in book for row in page.iter_rows() for cell in row if cell.value
    )


def test_workbook_of_a_partner_holds_their_actions_and_no_money(agreement, partner) -> None:
    data = workbook(partner, agreement)
    assert load_workbook(io.BytesIO(data)).sheetnames == [
        "Plan", "Étapes", "Indicateurs de suivi", "Mode d'emploi", "Listes",
    ]  # fmt: skip
    told = texts(data)
    assert "Ouvrir un relais" in told
    for hidden in (SECRET, "Former", "autre structure", "Caf du Nord", "Loyer", "12000", "Léa"):
        assert hidden not in told


def test_partner_says_where_their_action_stands(agreement, own, partner) -> None:
    data = workbook(partner, agreement)
    data = edited(data, {
        ("Plan", 2, "Avancement"): 0.8, ("Plan", 2, "Où en est-on"): "Ouvert en mai.",
        ("Étapes", 2, "Faite le"): "12/05/2026",
        ("Étapes", 3, "Action"): "1.1.1", ("Étapes", 3, "Étape"): "Inaugurer",
        ("Indicateurs de suivi", 2, "Valeur 2027"): 110,
    })  # fmt: skip
    found = apply(partner, agreement, data)
    assert problems(found) == []
    own.refresh_from_db()
    assert (own.progress, own.progress_note) == (80, "Ouvert en mai.")
    assert sorted(step.title for step in own.steps.all()) == ["Inaugurer", "Signer le bail"]
    assert MeasurePoint.objects.get(year=2027).value == 110


def test_partner_changes_nothing_of_the_frame(agreement, own, partner) -> None:
    data = edited(workbook(partner, agreement), {
        ("Plan", 2, "Action"): "Un titre à eux", ("Indicateurs de suivi", 2, "Cible 2027"): 1,
        ("Indicateurs de suivi", 2, "Mesure"): "Une mesure à eux",
    })  # fmt: skip
    found = apply(partner, agreement, data)
    assert found.report.changes_nothing
    told = " ".join(found.report.notes)
    assert "« Action » ne se modifie pas" in told
    assert "« Cible 2027 » ne se modifie pas" in told
    own.refresh_from_db()
    assert own.title == "Ouvrir un relais"
    assert not MeasurePoint.objects.filter(year=2027).exists()


def test_column_added_by_hand_writes_nothing(agreement, own, partner) -> None:
    """A title of the coordinator's workbook, typed in the partner's, is no column here."""
    book = load_workbook(io.BytesIO(workbook(partner, agreement)))
    page = book["Plan"]
    for title, value in (("Structure pilote", "Caf du Nord"), ("Échéance", "31/12/2030"), ("Description", "À eux")):  # fmt: skip
        column = page.max_column + 1
        page.cell(1, column).value, page.cell(2, column).value = title, value
    out = io.BytesIO()
    book.save(out)
    before = (own.lead_organisation_id, own.due_on, own.description)
    assert apply(partner, agreement, out.getvalue()).report.changes_nothing
    own.refresh_from_db()
    assert (own.lead_organisation_id, own.due_on, own.description) == before


def forged(data: bytes, page: str, key: str, **cells: Any) -> bytes:
    """The first line of a page under the key of another row."""
    values = {(page, 2, "Clé (ne pas modifier)"): key, (page, 2, "Version (ne pas modifier)"): None}
    return edited(data, values | {(page, 2, title): value for title, value in cells.items()})


@pytest.mark.parametrize(
    ("sheet", "model", "given"),
    [
        ("Plan", Action, {"Avancement": 0.99, "Statut": "réalisée"}),
        ("Étapes", Step, {"Étape": "Volée", "Faite le": "01/05/2026"}),
        ("Indicateurs de suivi", Measure, {"Valeur 2027": 666}),
    ],
)
def test_forged_key_reads_and_writes_nothing_of_others(
    agreement, own, partner, sheet, model, given
) -> None:
    row = next(
        row
        for row in model.objects.filter(agreement=agreement)
        if SECRET in str(getattr(row, "action", row) or "")
    )
    before = model.objects.filter(pk=row.pk).values().get()
    data = forged(workbook(partner, agreement), sheet, key_of(row), **given)
    found = preview(partner, agreement, data)
    assert any("n'existe plus" in text for text in problems(found))
    shown = str(found.report.changed) + str(found.report.both) + " ".join(problems(found))
    assert SECRET not in shown.replace(str(found.report.order), "")
    assert apply(partner, agreement, data).refused
    assert model.objects.filter(pk=row.pk).values().get() == before
    assert not MeasurePoint.objects.filter(value=666).exists()


@pytest.mark.parametrize("name", ["9.9", f"9.9 {SECRET}", SECRET])
def test_step_cannot_be_added_to_the_action_of_another(agreement, partner, name) -> None:
    data = edited(workbook(partner, agreement), {
        ("Étapes", 3, "Action"): name, ("Étapes", 3, "Étape"): "Chez les autres",
    })  # fmt: skip
    assert any("n'est pas une action du plan" in text for text in problems(apply(partner, agreement, data)))  # fmt: skip
    assert not Step.objects.filter(title="Chez les autres").exists()


def test_line_of_the_plan_without_key_is_refused(agreement, partner) -> None:
    data = edited(workbook(partner, agreement), {("Plan", 3, "Numéro"): "9.9", ("Plan", 3, "Action"): SECRET, ("Plan", 3, "Avancement"): 1})  # fmt: skip
    found = apply(partner, agreement, data)
    assert ["ne reprend que les actions que vous pilotez" in text for text in problems(found)] == [True]  # fmt: skip


def test_new_measure_is_refused(agreement, partner) -> None:
    data = edited(workbook(partner, agreement), {
        ("Indicateurs de suivi", 3, "Action ou niveau suivi"): "1.1.1",
        ("Indicateurs de suivi", 3, "Mesure"): "La mienne",
    })  # fmt: skip
    assert any("se demande à la personne" in text for text in problems(apply(partner, agreement, data)))  # fmt: skip


def test_workbook_of_the_whole_plan_given_by_a_partner_writes_their_part_only(
    agreement, own, partner
) -> None:
    from actionplan.sheets.kind import export
    from tests.actionplan.sheets.helpers import DAY

    data = export(whole_book(agreement), on=DAY)
    line = line_of(data, "Plan", "Action", SECRET)
    data = edited(data, {("Plan", line, "Avancement"): 0.9})
    assert apply(partner, agreement, data).refused
    assert Action.objects.get(title=SECRET).progress == 0


def test_partner_no_longer_lead_sees_and_writes_nothing(agreement, own, partner) -> None:
    data = edited(workbook(partner, agreement), {("Plan", 2, "Avancement"): 0.8})
    Action.objects.filter(pk=own.pk).update(lead_contact=None)
    assert "Ouvrir un relais" not in texts(workbook(partner, agreement))
    assert apply(partner, agreement, data).refused


@pytest.mark.parametrize("still_lead", [True, False])
def test_partner_undoes_their_import_while_they_lead_the_action(
    agreement, own, partner, still_lead
) -> None:
    before = own.progress
    data = edited(workbook(partner, agreement), {("Plan", 2, "Avancement"): 0.8})
    run = receive(partner, agreement, data)
    imports.apply(run, actor=partner.membership.user)
    if not still_lead:
        Action.objects.filter(pk=own.pk).update(lead_contact=None)
    url = reverse("agreements:import_undo", args=[agreement.slug, run.pk])
    page = partner.post(url, follow=True).content.decode()
    own.refresh_from_db()
    assert own.progress == (before if still_lead else 80)
    assert ("est plus la vôtre" in page) is not still_lead


def test_partner_cannot_use_the_coordinators_import(agreement, partner) -> None:
    url = reverse("actionplan:workbook_import", args=[agreement.slug])
    assert partner.get(url).status_code == 403
    upload = SimpleUploadedFile("p.xlsx", workbook(partner, agreement))
    assert partner.post(url, {"file": upload}).status_code == 403


def test_partner_gives_their_workbook_back_on_the_page(agreement, own, partner) -> None:
    data = edited(workbook(partner, agreement), {("Plan", 2, "Avancement"): 0.8})
    page = partner.get(reverse("actionplan:workbook", args=[agreement.slug])).content.decode()
    url = reverse("actionplan:workbook_import_own", args=[agreement.slug])
    assert url in page
    preview = partner.post(url, {"file": SimpleUploadedFile("p.xlsx", data)}, follow=True)
    found = preview.context["found"]
    assert "Ouvrir un relais" in preview.content.decode()
    partner.post(preview.request["PATH_INFO"], {"shown": found.shown})
    own.refresh_from_db()
    assert own.progress == 80
    page = partner.get(reverse("actionplan:workbook", args=[agreement.slug])).content.decode()
    assert "p.xlsx" in page


def test_one_partner_does_not_see_the_imports_of_another(
    agreement, own, partner, client_as
) -> None:
    run = receive(partner, agreement, workbook(partner, agreement))
    stranger = client_as(Role.PARTNER)
    assert stranger.get(reverse("agreements:import", args=[agreement.slug, run.pk])).status_code == 404  # fmt: skip
