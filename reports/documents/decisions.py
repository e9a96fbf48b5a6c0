"""« Registre des décisions »: all years on paper, one line a decision; every field in the workbook."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from agreements.models import Agreement
from committees import register
from committees.effect_lines import EffectLine, effect_lines, shown_effects
from committees.models import Decision
from committees.register import DecisionRow
from core import formats as fr
from core.audience import Audience
from core.documents.content import (
    Block,
    Cell,
    Column,
    Content,
    Missing,
    Paragraph,
    Section,
    State,
    Table,
)
from core.documents.declaration import registry
from core.states import STATE_KINDS
from reports.documents import parts
from reports.documents.base import Document, Request

OPINION = (
    "Un comité de pilotage donne un avis : la suite institutionnelle dit qui doit encore se prononcer. "
    "Un effet « sous réserve du vote » n'entre au plan qu'une fois l'acte pris."
)
GROUPS = {
    register.OVERDUE: "En retard",
    register.RUNNING: "En cours",
    register.CLOSED: "Faites ou abandonnées",
}


def registered(agreement: Agreement, on: date) -> list[Decision]:
    """All the decisions, in the order of the register, with what the document prints of each."""
    return with_parts(register.register(agreement, "toutes", on))


def with_parts(found: object) -> list[Decision]:
    """``found``: a queryset of ``register.decisions``, ordered."""
    return list(
        found.select_related("amendment").prefetch_related("challenges", shown_effects())  # type: ignore[attr-defined]
    )


def register_content(
    agreement: Agreement,
    decisions: Sequence[Decision],
    on: date,
    *,
    with_money: bool,
    is_filtered: bool = False,
) -> Content:
    """``is_filtered``: the rows are those that the filters of the page kept."""
    rows = register.rows_of(decisions, on)
    effects = [effect for row in decisions for effect in row.shown_effects]  # type: ignore[attr-defined]
    lines: dict[int, list[EffectLine]] = {}
    for line in effect_lines(effects, with_money=with_money, on=on):
        lines.setdefault(line.effect.decision_id, []).append(line)
    note = "Seules les décisions retenues par les filtres de la page." if is_filtered else ""
    blocks: tuple[Block, ...] = (
        Paragraph(fr.tied(OPINION), "note"),
        _on_paper(rows, lines, note),
        _in_workbook(rows, lines, note),
    )
    section = Section("Les décisions", blocks, numbered=False, identifier="registre")
    return Content(
        identifier=DecisionRegister.identifier,
        title=DecisionRegister.title,
        subtitle=f"{fr.plural(len(rows), 'décision')}, au {fr.date_long(on)}",
        cover=False,
        audience=Audience.COMMITTEE if with_money else Audience.PUBLIC,
        sections=(section,),
        meta=parts.meta(agreement, on),
    )


def _state(row: DecisionRow) -> State:
    known = STATE_KINDS["decision"][row.state]
    return State(row.state, known.word, known.tone)


def _effect(line: EffectLine) -> str:
    """« 2.1.4, budget 2027, fonctionnement : +4 000 € (sous réserve du vote) »."""
    state = STATE_KINDS["effect"][line.state].word
    return f"{line.action.code}, {line.label} : {line.change} ({state})"


def _told(row: DecisionRow) -> str:
    decision = row.decision
    where = f"{row.source}, " if row.source else ""
    option = f" Option retenue : {decision.chosen_option}." if decision.chosen_option else ""
    return f"{decision.text}{option} ({where}{fr.date_long(decision.decided_on)})"


def _since(row: DecisionRow, lines: list[EffectLine]) -> str:
    """Where it stands, who must still act, what it changes in the plan: in that order."""
    act = f"Suite institutionnelle : {row.act}." if row.act else ""
    effects = f"Au plan : {' ; '.join(map(_effect, lines))}." if lines else ""
    return " ".join(part for part in (row.decision.follow_up, act, effects) if part) or "–"


def _on_paper(rows: list[DecisionRow], lines: dict[int, list[EffectLine]], note: str) -> Table:
    cells: list[tuple[Cell, ...]] = [
        (
            GROUPS[row.decision.rank],  # type: ignore[attr-defined]
            row.decision.number,
            _told(row),
            str(row.decision.responsible or "à désigner"),
            row.decision.due_on or Missing("sans échéance"),
            _state(row),
            _since(row, lines.get(row.decision.pk, [])),
        )
        for row in rows
    ]
    return Table(
        caption="Décisions et leurs suites",
        columns=(
            Column("Suite"),
            Column("N°", width=7),
            Column("Décision", width=14),
            Column("Responsable", width=9),
            Column("Échéance", "date", width=6),
            Column("État", "state", width=6),
            Column("Où en est-on", width=13),
        ),
        rows=tuple(cells),
        group_by=0,
        note=note,
        empty="Aucune décision n'est encore notée.",
    )


def _in_workbook(rows: list[DecisionRow], lines: dict[int, list[EffectLine]], note: str) -> Table:
    cells: list[tuple[Cell, ...]] = []
    for row in rows:
        decision = row.decision
        cells.append(
            (
                decision.number,
                decision.decided_on,
                row.source,
                decision.text,
                str(decision.chosen_option or ""),
                str(decision.responsible or ""),
                decision.due_on or Missing("sans échéance"),
                _state(row),
                decision.follow_up,
                str(decision.get_institutional_display()),
                decision.institutional_reference,
                decision.institutional_on or Missing("–"),
                decision.legality_on or Missing("–"),
                str(decision.amendment or ""),
                " ; ".join(str(action) for action in decision.actions.all()),
                " ; ".join(challenge.title for challenge in decision.challenges.all()),
                " ; ".join(map(_effect, lines.get(decision.pk, []))),
            )
        )
    return Table(
        caption="Registre des décisions",
        columns=(
            Column("N°"),
            Column("Date", "date"),
            Column("Prise par"),
            Column("Décision", width=12),
            Column("Option retenue", width=6),
            Column("Responsable", width=4),
            Column("Échéance", "date"),
            Column("État", "state"),
            Column("Où en est-on", width=8),
            Column("Suite institutionnelle", width=4),
            Column("Référence de l'acte", width=4),
            Column("Date de l'acte", "date"),
            Column("Contrôle de légalité", "date"),
            Column("Avenant", width=3),
            Column("Actions", width=8),
            Column("Enjeux", width=8),
            Column("Effets sur le plan", width=8),
        ),
        rows=tuple(cells),
        note=note,
        sheet="Registre",
        workbook_only=True,
        empty="Aucune décision n'est encore notée.",
    )


@registry.register
class DecisionRegister(Document):
    identifier = "registre-des-decisions"
    title = "Registre des décisions"
    description = "Toutes les décisions, ce qui est en retard d'abord : qui, pour quand, où l'on en est, ce qui doit encore être voté."
    audience = Audience.COMMITTEE

    def missing(self, context: Request) -> str:
        known = Decision.objects.filter(agreement=context.agreement).exists()
        return "" if known else "Aucune décision n'est encore notée."

    def build(self, context: Request) -> Content:
        decisions = registered(context.agreement, context.on)
        return register_content(context.agreement, decisions, context.on, with_money=True)
