"""What the plan prints of one action: its one-page sheet, and the passages that other documents
take from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from actionplan.balance import staff_words
from actionplan.models import Action, ActionStatus, Measure
from actionplan.one_page import one_page, sheet_title
from actionplan.queries import budget_years
from core import formats as fr
from core.audience import Audience
from core.documents.content import (
    Block,
    Callout,
    Column,
    Content,
    DocumentMeta,
    KeyValues,
    Missing,
    Paragraph,
    Section,
    State,
    Table,
)
from core.documents.declaration import DocumentDeclaration
from core.formats import shortened

FICTION = "Exemple fictif : personnes, budgets, équipements et actions sont inventés."


@dataclass(frozen=True)
class SheetRequest:
    action: Action
    on: date
    with_money: bool = True


class ActionSheet(DocumentDeclaration):
    """One action on one page (``one_page``). It is drawn from the page of the action, so it is not
    registered."""

    identifier = "fiche-action"
    title = "Fiche action"
    audience = Audience.COMMITTEE
    formats = ("pdf", "docx")

    def build(self, context: SheetRequest) -> Content:
        action, agreement = context.action, context.action.agreement
        blocks = one_page(action, context.on, with_money=context.with_money)
        orientation = shortened(f"{agreement.orientation_label} {action.orientation}", 100)
        return Content(
            identifier="fiche-action",
            title=sheet_title(action),
            subtitle=orientation,
            audience=self.audience,
            cover=False,
            sections=(Section("", blocks),),
            meta=DocumentMeta(
                agreement_name=agreement.name,
                reference=f"CTG {agreement.period_label}",
                state="",
                state_label="fiche de travail",
                produced_on=context.on,
                data_as_of=context.on,
                sources=("Fil rouge, données de la convention",),
                extra_lines=(FICTION,) if agreement.is_demo else (),
            ),
        )


def amount(value: Decimal | None) -> Decimal | Missing:
    return Missing() if value is None else value


def text(value: str, otherwise: str = "à compléter") -> str:
    return value.strip() or otherwise


def action_state(action: Action, on: date) -> State:
    """« en retard » is computed, and wins over « en cours » and « à venir »."""
    if action.is_late_on(on):
        return State("late", "en retard", "danger")
    return State(
        action.status, action.get_status_display(), STATE_TONES[ActionStatus(action.status)]
    )


STATE_TONES = {
    ActionStatus.TO_DISCUSS: "neutral",
    ActionStatus.PLANNED: "info",
    ActionStatus.IN_PROGRESS: "primary",
    ActionStatus.PAUSED: "warning",
    ActionStatus.BLOCKED: "danger",
    ActionStatus.DONE: "success",
    ActionStatus.DROPPED: "neutral",
}


def measure_words(measure: Measure, year: int) -> str:
    """« Places créées : 12 places pour une cible de 12 (départ : 0 en 2025) »."""
    point = next((row for row in measure.points.all() if row.year == year), None)
    value = point.value if point else None
    target = point.target if point else None
    words = f"{measure.label} : {fr.with_unit(value, measure.unit, measure.decimals)}"
    if target is not None:
        words += f" pour une cible de {fr.number(target, measure.decimals)}"
    if measure.baseline is not None:
        words += f" (départ : {fr.number(measure.baseline, measure.decimals)} en {measure.baseline_year})"
    return words


def action_sheet(action: Action, on: date, year: int, *, with_money: bool = True) -> Section:
    """One action on one page, for an elected official: what, who, when, how much, what next."""
    rows = [
        ("Structure pilote", str(action.lead_organisation)),
        ("Personne pilote", str(action.lead_contact or "")),
        ("Élu référent", str(action.elected_sponsor or "")),
        ("Calendrier", fr.period(action.starts_on, action.due_on)),
        ("Enjeux", " ; ".join(challenge.title for challenge in action.challenges.all())),
        ("Partenaires", ", ".join(str(row.organisation) for row in action.partners.all())),
        ("Mesure", " ; ".join(measure_words(row, year) for row in action.measures.all())),
        ("Temps de travail", staff_words(action) if with_money else ""),
    ]
    state = action_state(action, on)
    blocks: list[Block] = [
        Paragraph(action.summary, "lead"),
        status_callout(action, state),
        KeyValues(tuple((label, value) for label, value in rows if value), caption="En bref"),
    ]
    steps = list(action.steps.all())
    if steps:
        blocks.append(steps_table(action))
    if with_money:
        blocks.append(action_budget_table(action))
    return Section(
        f"Fiche {action.code} – {action.title}",
        tuple(blocks),
        level=2,
        page_break=True,
        numbered=False,
        identifier=f"action-{action.code}",
    )


def status_callout(action: Action, state: State) -> Callout:
    """Where the action stands; for a blocked one, by what and until what."""
    otherwise = "L'avancement reste à décrire." if action.has_begun else "Action non commencée."
    told = [text(action.progress_note, otherwise)]
    if action.status == ActionStatus.BLOCKED:
        told += [
            f"Ce qui bloque : {action.blocked_cause}. Pour débloquer : {action.unblock_condition}.",
            f"À revoir le {fr.date_long(action.blocked_review_on)}.",
        ]
    kind: Literal["info", "warning"] = "warning" if state.tone == "danger" else "info"
    title = f"Statut : {state.label}, avancement {fr.percent(Decimal(action.progress), 0)}"
    return Callout(kind, title, tuple(told))


def steps_table(action: Action) -> Table:
    return Table(
        caption=f"Étapes de l'action {action.code}",
        columns=(
            Column("Étape", width=4),
            Column("Pour le", "date", width=2),
            Column("Faite le", "date", width=2),
        ),
        rows=tuple(
            (step.title, step.due_on or Missing("à fixer"), step.done_on or Missing("à faire"))
            for step in action.steps.all()
        ),
    )


def action_budget_table(action: Action) -> Table:
    rows = [
        (str(row.year), amount(row.planned), amount(row.spent), amount(row.funded))
        for row in budget_years(action)
    ]
    return Table(
        caption=f"Budget de l'action {action.code}",
        columns=(
            Column("Année"),
            Column("Prévu", "keuros", total="sum"),
            Column("Dépensé", "keuros", total="sum"),
            Column("Financements connus", "keuros", width=2, total="sum"),
        ),
        rows=tuple(rows),
        total_row=len(rows) > 1,
        empty="Aucun budget n'est saisi.",
    )
