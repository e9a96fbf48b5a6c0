"""What goes out comes back: no difference when nothing was changed, each change and no other."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from actionplan import services
from actionplan.models import Action, Measure, MeasurePoint, Objective, Orientation, Step
from agreements.models import ImportRun
from agreements.services import imports
from core.sheets import Choices
from partners.models import Contact, Organisation
from tests.actionplan.sheets.helpers import (
    DAY,
    a_plan,
    applied,
    cells,
    edited,
    exported,
    line_of,
    looked,
    problems,
    received,
)

pytestmark = pytest.mark.django_db
TITLE = "Ouvrir un relais"


def plan_cell(data: bytes, column: str, value: object, title: str = TITLE) -> bytes:
    return edited(data, {("Plan", line_of(data, "Plan", "Action", title), column): value})


def test_workbook_has_its_sheets_its_lists_and_its_date(agreement) -> None:
    a_plan(agreement)
    book = load_workbook(io.BytesIO(exported(agreement)))
    assert book.sheetnames == [
        "Plan", "Étapes", "Budget", "Temps de travail", "Financements", "Indicateurs de suivi",
        "Mode d'emploi", "Listes",
    ]  # fmt: skip
    page = book["Plan"]
    assert page.column_dimensions["A"].hidden
    assert page.protection.sheet
    assert page.freeze_panes == "D2"
    assert page["C2"].value == "1. Petite enfance"
    assert not page["C2"].protection.locked
    lists = [rule.formula1 for rule in page.data_validations.dataValidation]
    assert len(lists) >= 8
    told = [cell.value for row in book["Mode d'emploi"].iter_rows() for cell in row if cell.value]
    assert any("24\u00a0novembre\u00a02026" in str(text) for text in told)
    assert date(2026, 11, 24) == DAY


def test_workbook_given_back_untouched_changes_nothing(agreement) -> None:
    a_plan(agreement)
    found = looked(agreement, exported(agreement))
    assert problems(found) == []
    assert found.report.changes_nothing
    assert found.report.unchanged == 5 + 1 + 1 + 1 + 1 + 2
    assert not found.can_apply


def test_cells_are_written_through_the_rules_of_the_plan(agreement) -> None:
    action = a_plan(agreement)
    data = exported(agreement)
    line = line_of(data, "Plan", "Action", TITLE)
    data = edited(data, {
        ("Plan", line, "Statut"): "réalisée",
        ("Plan", line, "Échéance"): "juin 2027",
        ("Plan", line, "Partenaires"): "Les Petits Pas (opérateur) ; caf du nord (financeur)",
        ("Plan", line, "Personne pilote"): None,
        ("Étapes", 2, "Faite le"): "12/05/2026",
        ("Budget", 2, "Dépensé (€)"): "11 800 €",
        ("Temps de travail", 2, "Réalisé (ETP)"): 0.4,
        ("Financements", 2, "Montant (€)"): 9000,
        ("Indicateurs de suivi", 2, "Valeur 2027"): 110,
    })  # fmt: skip
    found = applied(agreement, data)
    assert problems(found) == []
    assert len(cells(found)) == 9
    action = Action.objects.get(pk=action.pk)
    assert (action.status, action.progress) == ("done", 100)
    assert action.due_on == date(2027, 6, 30)
    assert action.lead_contact is None
    assert sorted(str(row) for row in action.partners.all()) == [
        "Caf du Nord (financeur)", "Les Petits Pas (opérateur)",
    ]  # fmt: skip
    assert action.steps.get().done_on == date(2026, 5, 12)
    assert action.budget_lines.get().spent == Decimal(11800)
    assert action.staff_times.get().spent == Decimal("0.4")
    assert action.fundings.get().amount == 9000
    assert MeasurePoint.objects.get(year=2027).value == 110
    assert looked(agreement, exported(agreement)).report.changes_nothing


def test_all_errors_are_told_at_once_with_their_place(agreement) -> None:
    a_plan(agreement)
    data = exported(agreement)
    line = line_of(data, "Plan", "Action", TITLE)
    data = edited(data, {
        ("Plan", line, "Échéance"): "bientôt",
        ("Plan", line, "Thèmes"): "Inconnu",
        ("Plan", line, "Avancement"): 140,
        ("Étapes", 3, "Action"): "9.9",
        ("Étapes", 3, "Étape"): "Perdue",
        ("Budget", 2, "Prévu (€)"): "beaucoup",
        ("Indicateurs de suivi", 2, "Cible 2026"): 150,
    })  # fmt: skip
    told = problems(looked(agreement, data))
    assert len(told) == 6
    assert any("Dites pourquoi la cible de 2026 change" in text for text in told)
    assert sum(f"« Plan », ligne {line}" in text for text in told) == 3
    assert any("« 9.9 » n'est pas une action du plan" in text for text in told)


@pytest.mark.parametrize(
    ("column", "value", "sentence"),
    [
        ("Statut", "à discuter", "ne passe pas directement"),
        ("Statut", "bloquée", "Une action bloquée dit par quoi"),
        ("Statut", "en retard", "le retard se calcule"),
        ("Échéance", "31/12/2035", "sort de la convention"),
        ("En une phrase", None, "Une valeur est nécessaire"),
        ("Structure pilote", None, "Une action a une structure pilote"),
    ],
)
def test_what_the_plan_refuses_is_refused_here(agreement, column, value, sentence) -> None:
    a_plan(agreement)
    found = looked(agreement, plan_cell(exported(agreement), column, value))
    assert len(found.refused) == 1
    assert sentence in problems(found)[0]
    # What explains a status is asked in its own column.
    assert {"bloquée": "Bloquée par"}.get(str(value), column) in problems(found)[0]


# --- Levels ---------------------------------------------------------------------------------------
def test_level_is_renamed_on_its_own_line_and_takes_nothing_else_along(agreement) -> None:
    a_plan(agreement)
    new = "1. Premiers pas"
    data = edited(exported(agreement), {("Plan", 2, "Orientation"): new})
    found = applied(agreement, data)
    assert cells(found) == [("Orientation", "1. Petite enfance", new)]
    assert Orientation.objects.get(agreement=agreement, code="1").title == "Premiers pas"
    assert Action.objects.filter(orientation__title="Premiers pas").count() == 2


def test_level_renamed_everywhere_in_the_sheet_is_one_change(agreement) -> None:
    a_plan(agreement)
    data = exported(agreement)
    page = load_workbook(io.BytesIO(data))["Plan"]
    lines = [row for row in range(2, page.max_row + 1) if page.cell(row, 3).value == "1. Petite enfance"]  # fmt: skip
    assert len(lines) == 4
    data = edited(data, {("Plan", line, "Orientation"): "1. Premiers pas" for line in lines})
    assert len(cells(looked(agreement, data))) == 1


def test_new_level_and_its_action_come_in_together(agreement) -> None:
    a_plan(agreement)
    cells_ = {
        ("Plan", 7, "Orientation"): "3. Vie sociale", ("Plan", 7, "Objectif"): "3.1. Aller vers",
        ("Plan", 7, "Action"): "Un bus des services", ("Plan", 7, "Structure pilote"): "Les Petits Pas",
        ("Plan", 7, "En une phrase"): "Un bus va de village en village.",
        ("Plan", 7, "Échéance"): date(2028, 6, 30),
        ("Étapes", 3, "Action"): "Un bus des services", ("Étapes", 3, "Étape"): "Acheter le bus",
    }  # fmt: skip
    found = applied(agreement, edited(exported(agreement), cells_))
    assert problems(found) == []
    made = Action.objects.get(agreement=agreement, title="Un bus des services")
    assert (made.code, str(made.objective), str(made.orientation)) == (
        "3.1.1", "3.1 Aller vers", "3. Vie sociale",
    )  # fmt: skip
    assert made.steps.get().title == "Acheter le bus"


def test_new_level_is_refused_when_its_creation_is_not_ticked(agreement) -> None:
    a_plan(agreement)
    data = plan_cell(exported(agreement), "Orientation", "3. Vie sociale", title="Former")
    assert "cochez la création des niveaux" in problems(looked(agreement, data, create_levels=False))[0]  # fmt: skip
    assert problems(looked(agreement, data)) == []


def test_level_of_four_levels_comes_back_under_its_parent(agreement) -> None:
    agreement.plan_depth = 4
    agreement.save()
    a_plan(agreement)
    parent = Objective.objects.get(code="1.1")
    child = services.create_objective(
        agreement, actor=None, orientation=parent.orientation, parent=parent, code="1.1.a", title="Dès 2 mois"
    )  # fmt: skip
    action = Action.objects.get(code="1.1.1")
    services.update_action(action, actor=None, objective=child)
    data = exported(agreement)
    assert looked(agreement, data).report.changes_nothing
    line = line_of(data, "Plan", "Action", TITLE)
    page = load_workbook(io.BytesIO(data))["Plan"]
    assert page.cell(line, 5).value == "1.1.a. Dès 2 mois"


# --- Names ----------------------------------------------------------------------------------------
def test_unknown_organisation_is_created_only_if_ticked(agreement) -> None:
    action = a_plan(agreement)
    data = plan_cell(exported(agreement), "Structure pilote", "CCAS de Rives")
    found = looked(agreement, data)
    assert [(name.kind, name.label) for name in found.report.unknown] == [
        ("organisation", "CCAS de Rives")
    ]
    assert problems(applied(agreement, data)) == []
    assert not Organisation.objects.filter(name="CCAS de Rives").exists()
    create = frozenset(name.identifier for name in found.report.unknown)
    applied(agreement, data, Choices(create=create))
    action.refresh_from_db()
    assert action.lead_organisation.name == "CCAS de Rives"
    assert action.lead_organisation.kind == "municipality"


def test_unknown_person_is_created_with_first_and_last_name(agreement) -> None:
    action = a_plan(agreement)
    data = plan_cell(exported(agreement), "Élu référent", "Mme Aïcha Ben Ali")
    found = looked(agreement, data)
    applied(agreement, data, Choices(create=frozenset(n.identifier for n in found.report.unknown)))
    action.refresh_from_db()
    assert action.elected_sponsor is not None
    assert (action.elected_sponsor.first_name, action.elected_sponsor.last_name) == (
        "Aïcha", "Ben Ali",
    )  # fmt: skip


def test_new_action_whose_pilot_is_not_created_is_refused_not_given_to_another(agreement) -> None:
    a_plan(agreement)
    data = edited(exported(agreement), {
        ("Plan", 7, "Orientation"): "2. Jeunesse ; autonomie", ("Plan", 7, "Action"): "Ailleurs",
        ("Plan", 7, "Structure pilote"): "Inconnue",
    })  # fmt: skip
    assert (
        "« Inconnue » n'est pas connu : cochez sa création" in problems(applied(agreement, data))[0]
    )
    assert not Action.objects.filter(title="Ailleurs").exists()


def test_two_people_of_one_name_are_not_mistaken(agreement) -> None:
    action = a_plan(agreement)
    Contact.objects.create(agreement=agreement, first_name="Léa", last_name="Martin")
    data = exported(agreement)
    assert looked(agreement, data).report.changes_nothing
    told = problems(looked(agreement, plan_cell(data, "Élu référent", "Léa Martin")))
    assert "Plusieurs fiches portent le nom" in told[0]
    assert action.lead_contact is not None


# --- Targets and values ---------------------------------------------------------------------------
def test_value_already_said_changes_with_a_reason_of_the_line_or_of_the_import(agreement) -> None:
    a_plan(agreement)
    sheet = "Indicateurs de suivi"
    data = edited(exported(agreement), {(sheet, 2, "Cible 2026"): 150})
    assert "Dites pourquoi la cible de 2026 change" in problems(looked(agreement, data))[0]
    assert problems(looked(agreement, data, reason="Deux communes de plus")) == []
    told = edited(data, {(sheet, 2, "Motif du changement"): "Une commune de plus"})
    found = applied(agreement, told, reason="Autre")
    assert problems(found) == []
    assert len(cells(found)) == 1
    point = MeasurePoint.objects.get(measure__label="Familles reçues", year=2026)
    assert point.history.latest().history_change_reason == "Une commune de plus"


def test_reason_alone_is_no_change(agreement) -> None:
    a_plan(agreement)
    data = edited(exported(agreement), {("Indicateurs de suivi", 2, "Motif du changement"): "Rien"})
    assert looked(agreement, data).report.changes_nothing


# --- Two sides ------------------------------------------------------------------------------------
def test_cell_changed_here_since_the_export_stays_and_the_files_own_change_is_written(
    agreement,
) -> None:
    action = a_plan(agreement)
    data = plan_cell(exported(agreement), "Où en est-on", "Le bail est signé.")
    services.update_action(action, actor=None, title="Ouvrir deux relais")
    found = applied(agreement, data)
    assert cells(found) == [("Où en est-on", "=Le local est trouvé", "Le bail est signé.")]
    action.refresh_from_db()
    assert (action.title, action.progress_note) == ("Ouvrir deux relais", "Le bail est signé.")


@pytest.mark.parametrize(("side", "kept"), [("app", "Dit ici."), ("file", "Dit dans le fichier.")])
def test_cell_changed_on_both_sides_takes_the_one_chosen(agreement, side, kept) -> None:
    action = a_plan(agreement)
    data = plan_cell(exported(agreement), "Où en est-on", "Dit dans le fichier.")
    services.update_action(action, actor=None, progress_note="Dit ici.")
    found = looked(agreement, data)
    [change] = found.report.both
    [cell] = change.differences
    assert (cell.old, cell.new) == ("Dit ici.", "Dit dans le fichier.")
    applied(agreement, data, Choices(cells={cell.identifier: side}))
    action.refresh_from_db()
    assert action.progress_note == kept


def test_action_archived_since_the_export_is_told(agreement) -> None:
    action = a_plan(agreement)
    data = plan_cell(exported(agreement), "Avancement", 0.5)
    services.archive_action(action, actor=None)
    assert any("n'existe plus" in text for text in problems(looked(agreement, data)))


# --- Undo -----------------------------------------------------------------------------------------
def test_import_is_undone_whole(agreement) -> None:
    action = a_plan(agreement)
    before = exported(agreement)
    data = edited(before, {
        ("Plan", line_of(before, "Plan", "Action", TITLE), "Action"): "Un autre titre",
        ("Plan", line_of(before, "Plan", "Action", TITLE), "Partenaires"): None,
        ("Plan", 7, "Orientation"): "3. Vie sociale", ("Plan", 7, "Action"): "Un bus",
        ("Étapes", 3, "Action"): "1.2", ("Étapes", 3, "Étape"): "Recruter",
        ("Indicateurs de suivi", 2, "Valeur 2027"): 110,
    })  # fmt: skip
    found = applied(agreement, data)
    assert problems(found) == []
    imports.undo(found.run, actor=None)
    action.refresh_from_db()
    assert action.title == TITLE
    assert not Orientation.objects.filter(code="3").exists()
    assert not Step.objects.filter(title="Recruter").exists()
    found.run.refresh_from_db()
    assert found.run.state == ImportRun.State.UNDONE
    assert looked(agreement, before).report.changes_nothing


# --- Another agreement ----------------------------------------------------------------------------
def test_workbook_of_another_agreement_brings_its_plan_and_touches_nothing_there(
    agreement, other_agreement
) -> None:
    a_plan(agreement)
    data = exported(agreement)
    run = received(other_agreement, data)
    names = imports.compared(run, actor=None).report.unknown
    found = imports.apply(
        run, actor=None, choices=Choices(create=frozenset(name.identifier for name in names))
    )
    assert any("n'est pas un thème" in text for text in problems(found))
    line = line_of(data, "Plan", "Action", TITLE)
    run = received(other_agreement, edited(data, {("Plan", line, "Thèmes"): None}))
    found = imports.apply(
        run, actor=None, choices=Choices(create=frozenset(name.identifier for name in names))
    )
    assert problems(found) == []
    assert any("vient d'une autre convention" in note for note in found.report.notes)
    assert Action.objects.filter(agreement=other_agreement).count() == 2
    assert Measure.objects.filter(agreement=other_agreement, orientation__isnull=False).exists()
    assert looked(agreement, data).report.changes_nothing
