"""Where the plan stands: one image, what worked, what waits for somebody."""

from __future__ import annotations

from actionplan.models import Action, ActionStatus, FollowUpNote
from core import formats as fr
from core.documents.content import (
    Block,
    BulletList,
    Callout,
    Figure,
    FigureRow,
    Heading,
    Section,
    SpeakerNotes,
)
from reports import queries
from reports.documents import parts
from reports.documents.deck.facts import COMMITTEE, Facts, said_briefly

HIGHLIGHTS, TROUBLES = 3, 5
TITLE_LENGTH, NOTE_LENGTH = 80, 110


def progress_section(facts: Facts) -> Section:
    agreement, on = facts.request.agreement, facts.request.on
    counts = queries.status_counts(agreement)
    late = len(queries.late_actions(agreement, on))
    rows = queries.progress_by_orientation(agreement, on)
    told = parts.progress_told(rows, parts.progress_sentence(counts, late))
    blocks: list[Block] = []
    if counts.total():
        shown = (
            ("actions au plan", counts.total()),
            ("réalisées", counts[ActionStatus.DONE]),
            ("en cours", counts[ActionStatus.IN_PROGRESS]),
            ("en retard ou bloquées", late + counts[ActionStatus.BLOCKED]),
        )
        blocks.append(FigureRow(tuple(Figure(label, str(value)) for label, value in shown)))
    said = tuple(
        f"{row.orientation} : {fr.plural(row.total, 'action', 'actions')}, dont "
        f"{fr.plural(row.counts[ActionStatus.DONE], 'réalisée', 'réalisées')} et {row.late} en retard."
        for row in rows
        if row.total
    )
    blocks += [told, SpeakerNotes((*said, facts.plan_state))]
    return Section("Le plan en une image", tuple(blocks), identifier="avancement", numbered=False)


def highlights_section(facts: Facts) -> list[Section]:
    kinds = FollowUpNote.Kind
    agreement, year = facts.request.agreement, facts.request.year
    good = queries.notes_of_year(agreement, year, [kinds.SUCCESS, kinds.LEVER], HIGHLIGHTS)
    hard = queries.notes_of_year(agreement, year, [kinds.OBSTACLE, kinds.ARBITRATION], HIGHLIGHTS)
    boxes: list[Block] = []
    if good:
        boxes.append(Callout("success", "Ce qui a marché", note_items(good)))
    if hard:
        boxes.append(
            Callout("warning", "Ce qui a été difficile", note_items(hard), audience=COMMITTEE)
        )
    if not good and not (hard and facts.with_money):
        return []
    said = [SpeakerNotes((*whole_notes(good), facts.plan_state))]
    if hard:
        said.append(SpeakerNotes(whole_notes(hard), "Difficultés, en entier", audience=COMMITTEE))
    title = (
        "Réussites et difficultés" if good and hard and facts.with_money else "À retenir de l'année"
    )
    return [Section(title, (*boxes, *said), identifier="reussites", numbered=False)]


def note_items(notes: list[FollowUpNote]) -> tuple[str, ...]:
    return tuple(
        f"**{fr.shortened(note.action.title, TITLE_LENGTH)}** : {said_briefly(note.text, NOTE_LENGTH)}"
        for note in notes
    )


def whole_notes(notes: list[FollowUpNote]) -> tuple[str, ...]:
    return tuple(f"{note.action} : {note.text}" for note in notes)


def troubles_section(facts: Facts) -> list[Section]:
    """What waits for somebody: the title of each action on the slide, the reasons in the notes."""
    agreement, on = facts.request.agreement, facts.request.on
    blocked, late = queries.blocked_actions(agreement), queries.late_actions(agreement, on)
    if not blocked and not late:
        return []
    blocks: list[Block] = []
    for title, actions, line in (
        ("Bloquées", blocked, blocked_line),
        ("En retard", late, late_line),
    ):
        if actions:
            shown = [line(action) for action in actions[:TROUBLES]]
            if len(actions) > TROUBLES:
                shown.append(
                    f"et {fr.plural(len(actions) - TROUBLES, 'autre action', 'autres actions')}"
                )
            blocks += [Heading(title), BulletList(tuple(shown))]
    said = (*parts.blocked_items(blocked), *parts.late_items(late))
    blocks += [
        SpeakerNotes((facts.plan_state,)),
        SpeakerNotes(said, "Causes et suites", audience=COMMITTEE),
    ]
    title = (
        "Ce qui est bloqué ou en retard"
        if blocked and late
        else "Ce qui est bloqué"
        if blocked
        else "Ce qui est en retard"
    )
    return [Section(title, tuple(blocks), identifier="retards", numbered=False)]  # fmt: skip


def blocked_line(action: Action) -> str:
    review = (
        f", à revoir le {fr.date_long(action.blocked_review_on)}"
        if action.blocked_review_on
        else ""
    )
    return f"{action.code}{fr.NBSP}{fr.shortened(action.title, TITLE_LENGTH)}{review}"


def late_line(action: Action) -> str:
    return f"{action.code}{fr.NBSP}{fr.shortened(action.title, TITLE_LENGTH)}, échéance du {fr.date_long(action.due_on)}"
