"""The workbook of the table: the columns of the page, and those that a spreadsheet has room for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from actionplan.documents import action_state
from actionplan.models import Action
from agreements.models import Agreement
from core.audience import Audience
from core.documents.content import Cell, Column, Content, DocumentMeta, Missing, Section, Table


def table_content(
    agreement: Agreement, actions: Sequence[Action], on: date, is_filtered: bool
) -> Content:
    """No amount: the table is read by every member."""
    columns = [Column("N°"), Column(agreement.orientation_label, width=4)]
    if agreement.uses_objectives:
        columns.append(Column(agreement.objective_label, width=4))
    if agreement.uses_sub_objectives:
        columns.append(Column(agreement.sub_objective_label, width=4))
    columns += [
        Column("Action", width=5), Column("En une phrase", width=6), Column("Structure pilote", width=3),
        Column("Personne pilote", width=3), Column("Début", "date"), Column("Échéance", "date"),
        Column("Statut", "state"), Column("Avancement (%)", "integer"),
    ]  # fmt: skip
    table = Table(
        caption="Actions du plan",
        columns=tuple(columns),
        rows=tuple(_row(agreement, action, on) for action in actions),
        note="Seules les actions retenues par les filtres de la page." if is_filtered else "",
        empty="Aucune action.",
    )
    return Content(
        identifier="plan-tableau",
        title=f"Plan d'actions, {agreement.name}",
        audience=Audience.COMMITTEE,
        sections=(Section("Actions du plan", (table,), sheet="Plan"),),
        meta=DocumentMeta(
            agreement_name=agreement.name,
            reference=f"CTG {agreement.period_label}",
            state="",
            state_label="fiche de travail",
            produced_on=on,
            data_as_of=on,
            sources=("Fil rouge, données de la convention",),
        ),
    )


def _row(agreement: Agreement, action: Action, on: date) -> tuple[Cell, ...]:
    objective = action.objective
    above = (objective.parent or objective) if objective else None
    below = objective if objective and objective.parent_id else None
    cells: list[Cell] = [action.code, str(action.orientation)]
    if agreement.uses_objectives:
        cells.append(str(above or ""))
    if agreement.uses_sub_objectives:
        cells.append(str(below or ""))
    return (
        *cells,
        action.title,
        action.summary,
        str(action.lead_organisation),
        str(action.lead_contact or ""),
        action.starts_on or Missing("à fixer"),
        action.due_on,
        action_state(action, on),
        action.progress if action.has_begun else Missing("–"),
    )
