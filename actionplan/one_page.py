"""One action on one page, for an elected official: why, what, where it stands, what next, how much.

The page is held by the length of each passage, not by the renderer: whatever was typed, the sheet
is one page in PDF as in Word. What was cut is said at the foot.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from math import ceil

from actionplan.models import Action, ActionStatus, Measure, Step
from actionplan.queries import BudgetYear, budget_years
from core import formats as fr
from core.amounts import add
from core.documents.content import Block, Callout, Column, KeyValues, Missing, Paragraph, Table

TITLE, LEAD, NOTE, FIELD, SHORT, CAUSE, NAME = 95, 160, 170, 130, 76, 76, 40
"""Characters kept of a title, the summary, « où en est-on », a passage, a line, a cause, a name."""
CHALLENGES, PARTNERS, YEARS = 2, 3, 5
CAPITALS = 0.75
"""How much wider than a small letter a capital is: a text in capitals is cut sooner."""
SCALES, ROOM = (2.2, 1.6, 1.25, 1.0), 41
"""How much longer the passages of a short sheet may be, and the lines that a page surely holds: at
the last scale the longest sheet that can be typed fits."""
CUT = "Texte abrégé pour tenir sur une page ; la fiche complète est dans Fil rouge."


@dataclass
class Cutter:
    """Shortens, and remembers that it did. ``scale`` lengthens what is kept of each passage."""

    has_cut: bool = field(default=False)
    scale: float = 1

    def __call__(self, text: str, length: int) -> str:
        length = int(length * self.scale)
        capitals = sum(letter.isupper() for letter in text[:length])
        kept = fr.shortened(unbroken(text), int(length / (1 + CAPITALS * capitals / length)))
        self.has_cut = self.has_cut or (kept.endswith("…") and not text.strip().endswith("…"))
        return kept

    def several(self, texts: list[str], most: int, length: int) -> str:
        """« A ; B et 3 autres »."""
        shown = " ; ".join(self(text, length) for text in texts[:most])
        rest = len(texts) - most
        if rest <= 0:
            return shown
        self.has_cut = True
        return f"{shown} et {rest} {'autre' if rest == 1 else 'autres'}"


def unbroken(text: str) -> str:
    """Endless « words » (addresses, rulings) are given places where a line may end."""
    return " ".join(
        word
        if len(word) <= 40
        else "\u200b".join(word[i : i + 30] for i in range(0, len(word), 30))
        for word in text.split()
    )


def ended(text: str) -> str:
    """A sentence that another follows: people seldom type the full stop."""
    return text if text.endswith((".", "…", "!", "?")) else f"{text}."


def sheet_title(action: Action) -> str:
    return f"{action.code} {Cutter()(action.title, TITLE)}"


def one_page(
    action: Action, on: date, *, with_money: bool = True, with_people: bool = True
) -> tuple[Block, ...]:
    """The blocks of the sheet. ``action`` comes from ``queries.full_action``; without people, no
    professional is named (a public edition)."""
    for scale in SCALES:
        blocks = _blocks(
            action, on, Cutter(len(action.title) > TITLE, scale), with_money, with_people
        )
        if lines_of(blocks) <= ROOM:
            break
    return blocks


def _blocks(
    action: Action, on: date, cut: Cutter, with_money: bool, with_people: bool
) -> tuple[Block, ...]:
    blocks: list[Block] = [Paragraph(cut(action.summary, LEAD), "lead"), standing(action, on, cut)]
    if action.awaited_decision.strip() and action.is_open:
        asked = cut(action.awaited_decision, FIELD)
        blocks.append(Callout("decision", "Décision attendue", (asked,)))
    blocks.append(KeyValues(facts(action, on, cut, with_people=with_people), caption="En bref"))
    if with_money:
        blocks.append(money_table(action, on))
    if cut.has_cut:
        blocks.append(Paragraph(CUT, "note"))
    return tuple(blocks)


def lines_of(blocks: tuple[Block, ...]) -> float:
    """About how many lines the blocks take, counted with the widest letters of Word."""

    def told(text: str, width: int) -> int:
        return ceil(len(text) / width)

    lines = 0.0
    for block in blocks:
        if isinstance(block, Paragraph):
            lines += told(block.text, 68) * (1.25 if block.style == "lead" else 1)
        elif isinstance(block, Callout):
            lines += 2 + sum(told(text, 80) for text in block.paragraphs)
        elif isinstance(block, KeyValues):
            lines += 2 + sum(told(str(value), 62) for _, value in block.rows)
        elif isinstance(block, Table):
            lines += 3 + len(block.rows) + block.has_total
    return lines


def standing(action: Action, on: date, cut: Cutter) -> Callout:
    """Where it stands: status, progress, and what blocks or ended it."""
    is_late = action.is_late_on(on)
    state = "en retard" if is_late else action.get_status_display()
    told = []
    if action.status == ActionStatus.DROPPED:
        told.append(f"Raison : {cut(action.dropped_reason, CAUSE)}")
    elif action.progress_note.strip():
        told.append(cut(action.progress_note, NOTE))
    else:
        told.append(
            "L'avancement reste à décrire." if action.has_begun else "L'action n'a pas commencé."
        )
    if action.status == ActionStatus.BLOCKED:
        told.append(
            f"Bloquée par : {ended(cut(action.blocked_cause, CAUSE))} Pour débloquer : "
            f"{ended(cut(action.unblock_condition, CAUSE))} À revoir le {fr.date_long(action.blocked_review_on)}."
        )
    title = f"Où elle en est : {state}"
    if action.has_begun and action.status != ActionStatus.DROPPED:
        title += f", avancement {fr.percent(Decimal(action.progress), 0)}"
    in_trouble = is_late or action.status == ActionStatus.BLOCKED
    return Callout("warning" if in_trouble else "info", title, tuple(told))


def facts(
    action: Action, on: date, cut: Cutter, *, with_people: bool
) -> tuple[tuple[str, str], ...]:
    lead = cut(str(action.lead_organisation), SHORT)
    if action.lead_contact and with_people:
        lead += f" ({cut(str(action.lead_contact), NAME)})"
    challenges = [row.title for row in action.challenges.all() if not row.is_archived]
    partners = [str(row.organisation) for row in action.partners.all()]
    measure = next(iter(action.measures.all()), None)
    rows = (
        ("Pourquoi", cut.several(challenges, CHALLENGES, SHORT)),
        ("Ce qui est attendu", cut(action.expected_results, FIELD)),
        ("Pilote", lead),
        ("Élu référent", cut(str(action.elected_sponsor or ""), NAME)),
        ("Calendrier", fr.period(action.starts_on, action.due_on)),
        ("Prochaine étape", next_step_words(action, on, cut)),
        ("Mesure", measure_words(measure, on.year, cut) if measure else ""),
        ("Partenaires", cut.several(partners, PARTNERS, NAME)),
    )
    return tuple((label, value) for label, value in rows if value)


def next_step(action: Action) -> Step | None:
    """The first not done: the oldest date first, then those without a date."""
    waiting = [step for step in action.steps.all() if step.done_on is None]
    return min(
        waiting, key=lambda step: (step.due_on is None, step.due_on, step.position), default=None
    )


def next_step_words(action: Action, on: date, cut: Cutter) -> str:
    step = next_step(action) if action.is_open else None
    if step is None:
        return ""
    when = f"pour le {fr.date_long(step.due_on)}" if step.due_on else "sans date"
    late = ", en retard" if step.is_late_on(on) else ""
    return f"{cut(step.title, SHORT)} ({when}{late})"


def measure_words(measure: Measure, year: int, cut: Cutter | None = None) -> str:
    """« Places créées : 12 places en 2026 (cible 12 ; départ 0 en 2025 ; cible 15 en 2030) »: the
    last known value up to ``year``, never a zero for what nobody read."""
    cut = cut or Cutter()
    points = list(measure.points.all())
    past = [row for row in points if row.year <= year]
    known = max(
        (row for row in past if row.value is not None), key=lambda row: row.year, default=None
    )
    shown = known or max(past, key=lambda row: row.year, default=None)
    unit, places = cut(measure.unit, 25), measure.decimals
    value = (
        f"{fr.with_unit(known.value, unit, places)} en {known.year}"
        if known
        else "pas encore de valeur"
    )
    more = []
    if shown and shown.target is not None:
        more.append(f"cible {fr.number(shown.target, places)} en {shown.year}")
    if measure.baseline is not None:
        more.append(f"départ {fr.number(measure.baseline, places)} en {measure.baseline_year}")
    last = max(
        (row for row in points if row.target is not None), key=lambda row: row.year, default=None
    )
    if last is not None and last is not shown:
        more.append(f"cible {fr.number(last.target, places)} en {last.year}")
    words = f"{cut(measure.label, SHORT)} : {value}"
    return f"{words} ({' ; '.join(more)})" if more else words


def money_table(action: Action, on: date) -> Table:
    """By year; years beyond what the page holds are told together, so that the total stays true."""
    rows = budget_years(action)
    near = sorted(rows, key=lambda row: abs(row.year - on.year))[:YEARS]
    shown = [row for row in rows if row in near]
    others = [row for row in rows if row not in near]
    cells = [(str(row.year), *_amounts([row])) for row in shown]
    if others:
        cells.append(("autres années", *_amounts(others)))
    return Table(
        caption="L'argent, année par année",
        columns=(
            Column("Année", width=2),
            Column("Prévu", "keuros", width=2, total="sum"),
            Column("Dépensé", "keuros", width=2, total="sum"),
            Column("Financements connus", "keuros", width=3, total="sum"),
        ),
        rows=tuple(cells),
        total_row=len(cells) > 1,
        empty="Aucun montant n'est saisi.",
    )


def _amounts(rows: list[BudgetYear]) -> tuple[Decimal | Missing, ...]:
    sums = (
        add(row.planned for row in rows), add(row.spent for row in rows), add(row.funded for row in rows),
    )  # fmt: skip
    return tuple(Missing() if value is None else value for value in sums)
