"""Passages that several documents share: the words that head them, the glossary, the actions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date

from actionplan.documents import (
    STATE_TONES,
)
from actionplan.models import Action, ActionStatus
from actionplan.working_paper import SOURCE, agreement_meta
from agreements.models import Agreement
from committees.models import Decision
from committees.register import DecisionRow, rows_of
from core import formats as fr
from core.charts import StackedBars
from core.documents.content import (
    Block,
    ChartBlock,
    Column,
    DocumentMeta,
    KeyValues,
    Paragraph,
    Section,
    State,
    Table,
)
from core.glossary import ENTRIES
from core.states import DECISION_STATES
from reports.queries import OrientationProgress

WORDS_USED = [
    "CTG",
    "COPIL",
    "COTECH",
    "COF",
    "Bonus territoire",
    "CCAS",
    "PMI",
    "MAM",
    "EAJE",
    "RPE",
    "LAEP",
    "ALSH",
    "CLAS",
    "PSU",
    "QPV",
    "ETP",
    "QF",
    "ABS",
    "AEEH",
    "CDSF",
    "DEPP",
    "EPCI",
    "EVS",
    "IPS",
    "PEDT",
]


def meta(agreement: Agreement, on: date, sources: tuple[str, ...] = ()) -> DocumentMeta:
    """What each page prints of the document: whose, on which date, from which sources."""
    return agreement_meta(agreement, on, data_as_of=on, sources=sources or (SOURCE,))


def sentences(value: str) -> list[str]:
    """Lines typed one below the other become items."""
    return [line.strip().lstrip("-•").strip() for line in value.splitlines() if line.strip()]


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
    ("En pause ou bloquées", [ActionStatus.PAUSED, ActionStatus.BLOCKED]),
    ("Abandonnées", [ActionStatus.DROPPED]),
]
"""Columns of the table: nine statuses side by side would not fit a portrait page."""


def progress_sentence(counts: Counter[str], late: int) -> str:
    """« Sur 28 actions, 6 sont réalisées, 14 en cours ; 3 sont en retard et 2 bloquées. »"""
    total = counts.total()
    if not total:
        return "Aucune action n'est encore écrite."
    done, running = counts[ActionStatus.DONE], counts[ActionStatus.IN_PROGRESS]
    words = "est réalisée" if done == 1 else "sont réalisées"
    told = f"{done} {words}" if done else "aucune n'est encore réalisée"
    sentence = f"Sur {fr.plural(total, 'action', 'actions')}, {told} et {running} en cours"
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
            Column("Orientation", width=9),
            *(Column(title, "integer", total="sum", width=2) for title, _ in groups),
            Column(
                "En retard",
                "integer",
                total="sum",
                width=2,
                note="actions ouvertes dont une date est passée",
            ),
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


def progress_told(rows: list[OrientationProgress], sentence: str) -> ChartBlock | Paragraph:
    """The chart, which says its sentence; the sentence alone while there is nothing to draw."""
    if not any(row.total for row in rows):
        return Paragraph(sentence)
    return progress_chart(rows, sentence)


def progress_chart(rows: list[OrientationProgress], sentence: str) -> ChartBlock:
    used = [status for status in STATUS_ORDER if any(row.counts[status] for row in rows)]
    return StackedBars(
        title="Avancement du plan par orientation",
        states=[(str(status), str(status.label), CHART_COLOURS[status]) for status in used],
        counts=[
            (str(row.orientation), {str(status): row.counts[status] for status in used})
            for row in rows
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


def glossary_section(sections: Sequence[Section], others: Sequence[Block] = ()) -> Section:
    """The terms of ``WORDS_USED`` that these sections (and blocks) really use, defined; without a
    block when they use none."""
    told = repr((sections, others))
    entries = {
        entry.term: ". ".join(
            text[:1].upper() + text[1:] for text in (entry.expansion, entry.definition) if text
        )
        for entry in ENTRIES
    }
    kept = tuple(
        (word, entries[word])
        for word in WORDS_USED
        if word in entries and re.search(rf"\b{word}\b", told)
    )
    blocks = (KeyValues(kept),) if kept else ()
    return Section("Glossaire", blocks, numbered=False, identifier="glossaire")


def sources_section(sources: list[str]) -> Section:
    return Section(
        "Sources et lecture des chiffres",
        (
            Paragraph(
                f"{' ; '.join(sources)}." if sources else "Données saisies dans Fil rouge.", "note"
            ),
            Paragraph(
                "« n.d. » : non disponible. « secret » : valeur non diffusée par le producteur. "
                "Une valeur absente n'est jamais un zéro. Les montants en k€ sont en milliers d'euros, arrondis.",
                "note",
            ),
        ),
        numbered=False,
        identifier="sources",
    )


def told_again(decisions: Sequence[Decision], on: date) -> list[DecisionRow]:
    """Decisions of past meetings as a committee is reminded of them: the overdue first."""
    rows = rows_of(decisions, on)
    return sorted(rows, key=lambda row: (row.state != "late", row.decision.number))


def decision_state(key: str) -> State:
    """``key``: that of a ``DecisionRow``."""
    state = DECISION_STATES[key]
    return State(key, state.word, state.tone)
