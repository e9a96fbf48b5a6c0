"""Tables made by other people: what they put in one cell, what they do not say."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

import pytest
from openpyxl import Workbook

from actionplan.models import Action, ActionPartner, BudgetLine, Funding, Measure
from actionplan.sheets.command import Asked, Outcome, import_plan
from agreements.models import Agreement
from agreements.services import imports
from tests.actionplan.sheets.helpers import a_plan, exported

pytestmark = pytest.mark.django_db


def table(*rows: list[Any]) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows(rows)
    return out.getvalue().encode()


def imported(agreement: Agreement, data: bytes, name: str = "t.csv", **asked: Any) -> Outcome:
    options = {"create_levels": True, **asked.pop("options", {})}
    return import_plan(agreement, data, name, Asked(options=options, **asked))


def refusals(outcome: Outcome) -> list[str]:
    return [str(refusal) for refusal in outcome.report.refused]


def test_total_funders_and_indicators_of_one_cell_go_to_their_sheets(agreement) -> None:
    data = table(
        ["Axe", "Action", "Porteur", "Début", "Échéance", "Budget", "Financeurs", "Indicateurs"],
        ["1 - Jeunesse", "Ouvrir un lieu", "MJC", "01/09/2027", "2028", "12 000 €", "Caf : 8 000 € ; Ville", "Jeunes reçus ; Jours d'ouverture"],
    )  # fmt: skip
    outcome = imported(agreement, data, create=frozenset({"organisations"}))
    assert refusals(outcome) == []
    action = Action.objects.get(agreement=agreement)
    assert action.due_on == date(2028, 12, 31)
    assert str(action.orientation) == "1. Jeunesse"
    line = BudgetLine.objects.get(action=action)
    assert (line.year, line.planned, line.label) == (2027, 12000, "total à répartir par année")
    funding = Funding.objects.get(action=action)
    assert (funding.funder.name, funding.year, funding.amount) == ("Caf", 2027, 8000)
    assert [str(row) for row in ActionPartner.objects.filter(action=action)] == [
        "Ville (financeur)"
    ]
    assert {m.label for m in Measure.objects.filter(action=action)} == {"Jeunes reçus", "Jours d'ouverture"}  # fmt: skip
    again = imported(agreement, data)
    assert (again.created, again.changed) == (0, 0)


def test_total_without_a_start_goes_to_the_year_chosen(agreement) -> None:
    data = table(["Axe", "Action", "Coût"], ["Jeunesse", "Ouvrir un lieu", "5000"])
    outcome = imported(agreement, data, options={"budget_year": 2029})
    assert BudgetLine.objects.get().year == 2029
    assert any("noté en 2029" in note for note in outcome.report.notes)


def test_amount_that_is_none_is_refused_with_its_place(agreement) -> None:
    data = table(["Axe", "Action", "Budget"], ["Jeunesse", "Ouvrir un lieu", "à définir"])
    outcome = imported(agreement, data)
    assert outcome.reason
    assert "ligne 2" in refusals(outcome)[0]
    assert "n'est pas un montant" in refusals(outcome)[0]
    assert not Action.objects.exists()


def test_line_that_names_a_level_alone_holds_for_those_beneath(agreement) -> None:
    book = Workbook()
    page = book.active
    page.append(["Notre plan"])
    page.append(["N°", "Action", "Pilote", "Échéance"])
    page.append(["AXE 1 : Petite enfance"])
    page.merge_cells("A3:D3")
    page.append(["1.1", "Ouvrir un relais", None, "2028"])
    page.append([None, None, None, None])
    page.append(["AXE 2 : Jeunesse"])
    page.append(["2.1", "Un lieu pour les jeunes", None, "2029"])
    out = io.BytesIO()
    book.save(out)
    outcome = imported(agreement, out.getvalue(), "plan.xlsx")
    assert refusals(outcome) == []
    assert [str(action.orientation) for action in Action.objects.order_by("code")] == [
        "1. Petite enfance", "2. Jeunesse",
    ]  # fmt: skip


def test_dates_of_another_period_are_refused_or_brought_to_the_bounds(agreement) -> None:
    data = table(
        ["Axe", "Action", "Début", "Fin"],
        ["Jeunesse", "Ouvrir un lieu", "01/01/2023", "31/12/2026"],
    )
    refused = imported(agreement, data)
    assert "sort de la convention" in refusals(refused)[0]
    outcome = imported(agreement, data, options={"clamp_dates": True})
    assert refusals(outcome) == []
    assert Action.objects.get().starts_on == agreement.starts_on
    assert any("ramenée au" in note for note in outcome.report.notes)


def test_own_default_pilot_and_due_date_are_told(agreement) -> None:
    a_plan(agreement)
    data = table(["Enjeu", "Intitulé"], ["Jeunesse", "Ouvrir un lieu"])
    outcome = imported(agreement, data, options={"lead": "Les Petits Pas", "due_on": "2027-06-30"})
    action = Action.objects.get(title="Ouvrir un lieu")
    assert (action.lead_organisation.name, action.due_on) == ("Les Petits Pas", date(2027, 6, 30))
    told = " ".join(outcome.report.notes)
    assert "confiée à « Les Petits Pas »" in told
    assert "mise au 30/06/2027" in told


def test_level_column_can_be_refused(agreement) -> None:
    data = table(["Axe", "Action"], ["Jeunesse", "Ouvrir un lieu"])
    outcome = imported(agreement, data, options={"create_levels": False})
    assert "n'est pas un niveau du plan" in refusals(outcome)[0]


def test_status_words_of_others_are_understood(agreement) -> None:
    data = table(
        ["Axe", "Action", "Etat d'avancement"],
        ["J", "Une", "Terminé"], ["J", "Deux", "non démarrée"], ["J", "Trois", "en cours"],
    )  # fmt: skip
    assert refusals(imported(agreement, data)) == []
    found = dict(Action.objects.values_list("title", "status"))
    assert found == {"Une": "done", "Deux": "planned", "Trois": "in_progress"}


def test_columns_chosen_once_are_remembered(agreement) -> None:
    data = table(["Bidule", "Machin"], ["Jeunesse", "Ouvrir un lieu"])
    outcome = imported(agreement, data, columns={"Bidule": "orientation", "Machin": "title"})
    assert outcome.created == 1
    again = imported(agreement, data)
    assert (again.created, again.unchanged) == (0, 1)
    assert imports.remembered(agreement, "plan")["machin"] == "title"


def test_conflict_stops_the_command_until_a_side_is_chosen(agreement) -> None:
    from actionplan import services
    from tests.actionplan.sheets.helpers import edited, line_of

    action = a_plan(agreement)
    data = exported(agreement)
    line = line_of(data, "Plan", "Action", "Ouvrir un relais")
    data = edited(data, {("Plan", line, "Public"): "Les parents"})
    services.update_action(action, actor=None, target_public="Les familles")
    assert "--both" in imported(agreement, data, "p.xlsx").reason
    assert imported(agreement, data, "p.xlsx", both="file").changed == 1
    action.refresh_from_db()
    assert action.target_public == "Les parents"
