"""Passages that several documents share: the words that head them, the glossary, the actions."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from typing import Literal

from actionplan.models import Action, ActionStatus, Measure
from agreements.models import Agreement
from core import formats as fr
from core.charts import StackedBars
from core.documents.content import (
    BulletList,
    Callout,
    ChartBlock,
    Column,
    DocumentMeta,
    Heading,
    KeyValues,
    Missing,
    Paragraph,
    Section,
    State,
    Table,
)
from core.glossary import ENTRIES
from reports.queries import OrientationProgress, add, latest_fundings

FICTION = "Exemple fictif : personnes, budgets, équipements et actions sont inventés."
WORDS_USED = ["CTG", "COPIL", "COF", "EAJE", "RPE", "LAEP", "ALSH", "CLAS", "PSU", "QPV", "ETP", "QF"]


def meta(agreement: Agreement, on: date, sources: tuple[str, ...] = ()) -> DocumentMeta:
    """What each page prints of the document: whose, on which date, from which sources."""
    return DocumentMeta(
        agreement_name=agreement.name,
        territory=agreement.lead_commune.name,
        reference=f"CTG {agreement.period_label}",
        produced_on=on,
        data_as_of=on,
        sources=sources or ("Fil rouge, données de la convention",),
        authors=(agreement.coordinator_title,),
        logos=tuple(logo.name for logo in (agreement.logo, agreement.caf_logo) if logo),
        extra_lines=(FICTION,) if agreement.is_demo else (),
    )


def amount(value: Decimal | None) -> Decimal | Missing:
    return Missing() if value is None else value


def text(value: str, otherwise: str = "à compléter") -> str:
    return value.strip() or otherwise


def sentences(value: str) -> list[str]:
    """Lines typed one below the other become items."""
    return [line.strip().lstrip("-•").strip() for line in value.splitlines() if line.strip()]


def action_state(action: Action, on: date) -> State:
    """« en retard » is computed and wins over « en cours »; a blocked action stays blocked."""
    if action.status == ActionStatus.IN_PROGRESS and action.due_on < on:
        return State("late", "en retard", "danger")
    return State(action.status, action.get_status_display(), STATE_TONES[ActionStatus(action.status)])


STATE_TONES = {
    ActionStatus.TO_DISCUSS: "neutral",
    ActionStatus.PLANNED: "info",
    ActionStatus.IN_PROGRESS: "primary",
    ActionStatus.PAUSED: "warning",
    ActionStatus.BLOCKED: "danger",
    ActionStatus.DONE: "success",
    ActionStatus.DROPPED: "neutral",
}
STATUS_ORDER = [
    ActionStatus.DONE,
    ActionStatus.IN_PROGRESS,
    ActionStatus.PLANNED,
    ActionStatus.TO_DISCUSS,
    ActionStatus.PAUSED,
    ActionStatus.BLOCKED,
    ActionStatus.DROPPED,
]


CHART_COLOURS = {**STATE_TONES, ActionStatus.TO_DISCUSS: "cat5", ActionStatus.DROPPED: "cat8"}
"""As the tones, with two colours of their own for what would otherwise be the same grey."""


STATUS_GROUPS = [
    ("Réalisées", [ActionStatus.DONE]),
    ("En cours", [ActionStatus.IN_PROGRESS]),
    ("À venir", [ActionStatus.PLANNED, ActionStatus.TO_DISCUSS]),
    ("En pause, bloquées", [ActionStatus.PAUSED, ActionStatus.BLOCKED]),
    ("Abandonnées", [ActionStatus.DROPPED]),
]
"""Columns of the table: nine statuses side by side would not fit a portrait page."""


def progress_sentence(counts: Counter[str], late: int) -> str:
    """« Sur 28 actions, 6 sont réalisées, 14 en cours ; 3 sont en retard et 2 bloquées. »"""
    total = counts.total()
    done, running = counts[ActionStatus.DONE], counts[ActionStatus.IN_PROGRESS]
    sentence = f"Sur {fr.plural(total, 'action', 'actions')}, {done} "
    sentence += "est réalisée" if done == 1 else "sont réalisées"
    sentence += f" et {running} en cours"
    trouble = []
    if late:
        trouble.append(f"{late} en retard")
    if counts[ActionStatus.BLOCKED]:
        trouble.append(fr.plural(counts[ActionStatus.BLOCKED], "bloquée", "bloquées"))
    return f"{sentence} ; {' et '.join(trouble)}." if trouble else f"{sentence}."


def progress_table(rows: list[OrientationProgress]) -> Table:
    groups = [
        (title, statuses)
        for title, statuses in STATUS_GROUPS
        if any(row.counts[status] for row in rows for status in statuses)
    ]
    return Table(
        caption="Actions par orientation et par statut",
        columns=(
            Column("Orientation", width=5),
            *(Column(title, "integer", total="sum", width=2) for title, _ in groups),
            Column("En retard", "integer", total="sum", width=2, note="actions ouvertes dont une date est passée"),
            Column("Total", "integer", total="sum", width=2),
        ),
        rows=tuple(
            (
                str(row.orientation),
                *(sum(row.counts[status] for status in statuses) for _, statuses in groups),
                row.late,
                row.total,
            )
            for row in rows
        ),
        total_row=True,
        empty="Aucune action n'est encore écrite.",
    )


def progress_chart(rows: list[OrientationProgress], sentence: str) -> ChartBlock:
    used = [status for status in STATUS_ORDER if any(row.counts[status] for row in rows)]
    return StackedBars(
        title="Avancement du plan par orientation",
        states=[(str(status), str(status.label), CHART_COLOURS[status]) for status in used],
        counts=[
            (str(row.orientation), {str(status): row.counts[status] for status in used}) for row in rows
        ],
        sentence=sentence,
        source="Fil rouge, suivi du plan d'actions",
    ).freeze()


def late_items(actions: list[Action]) -> list[str]:
    return [
        f"**{action.code} {action.title}** ({action.lead_organisation.short_name or action.lead_organisation}) : "
        f"échéance du {fr.date_long(action.due_on)}. {action.progress_note}".strip()
        for action in actions
    ]


def blocked_items(actions: list[Action]) -> list[str]:
    return [
        f"**{action.code} {action.title}** : {action.blocked_cause}. "
        f"Pour débloquer : {action.unblock_condition}. "
        f"À revoir le {fr.date_long(action.blocked_review_on)}."
        for action in actions
    ]


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
    ]
    state = action_state(action, on)
    blocks = [
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
    told = [text(action.progress_note, "Action non commencée.")]
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
        columns=(Column("Étape", width=4), Column("Pour le", "date", width=2), Column("Faite le", "date", width=2)),
        rows=tuple(
            (step.title, step.due_on or Missing("à fixer"), step.done_on or Missing("à faire"))
            for step in action.steps.all()
        ),
    )


def action_budget_table(action: Action) -> Table:
    years = sorted({line.year for line in action.budget_lines.all()} | {row.year for row in action.fundings.all()})
    fundings = latest_fundings(action.fundings.all())
    rows = []
    for year in years:
        lines = [line for line in action.budget_lines.all() if line.year == year]
        rows.append(
            (
                str(year),
                amount(add(line.planned for line in lines)),
                amount(add(line.spent for line in lines)),
                amount(add(row.amount for row in fundings if row.year == year)),
            )
        )
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


def glossary_section(words: list[str] | None = None) -> Section:
    entries = {entry.term: f"{entry.expansion}. {entry.definition}" for entry in ENTRIES}
    kept = [(word, entries[word]) for word in words or WORDS_USED if word in entries]
    return Section("Glossaire", (KeyValues(tuple(kept)),), numbered=False, identifier="glossaire")


def sources_section(sources: list[str]) -> Section:
    return Section(
        "Sources et lecture des chiffres",
        (
            BulletList(tuple(sources)) if sources else Paragraph("Données saisies dans Fil rouge."),
            Paragraph(
                "« n.d. » : non disponible. « secret » : valeur non diffusée par le producteur. "
                "Une valeur absente n'est jamais un zéro. Les montants en k€ sont en milliers d'euros, arrondis.",
                "note",
            ),
        ),
        numbered=False,
        identifier="sources",
    )


