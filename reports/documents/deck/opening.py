"""How the meeting begins: its cover, its agenda, what became of the last decisions."""

from __future__ import annotations

from core import formats as fr
from core.documents.content import (
    Block,
    Column,
    Heading,
    Paragraph,
    Section,
    SpeakerNotes,
    Table,
)
from reports import queries
from reports.documents import parts
from reports.documents.deck.facts import COMMITTEE, Facts, said_briefly

DECISION_LENGTH = 130
"""Characters shown of a decision; the whole of it is in the notes."""


def cover_blocks(facts: Facts) -> list[Block]:
    meeting = facts.meeting
    said = [f"{meeting.committee.name}, {meeting.when}."]
    blocks: list[Block] = [
        Heading(meeting.committee.name),
        Paragraph(meeting.when),
    ]
    if meeting.place:
        blocks.append(Paragraph(meeting.place))
    if meeting.introduction.strip():
        said += ["L'essentiel :", *parts.sentences(meeting.introduction)]
    blocks.append(SpeakerNotes(tuple(said)))
    if meeting.chair:
        blocks.append(SpeakerNotes((f"{meeting.chair}.",), "Présidence", audience=COMMITTEE))
    return blocks


def agenda_section(facts: Facts) -> Section:
    meeting, agenda = facts.meeting, facts.agenda
    table = Table(
        caption="Ordre du jour",
        columns=(
            Column("Heure", width=2),
            Column("Point", width=9),
            Column("Nature", width=3),
            Column("Durée", width=2),
        ),
        rows=tuple(
            (
                line.clock,
                line.item.title,
                line.item.get_kind_display().capitalize(),
                fr.hours_minutes(line.item.minutes),
            )
            for line in agenda.lines
        ),
        empty="L'ordre du jour n'est pas encore écrit.",
    )
    said = [f"La réunion dure {fr.hours_minutes(meeting.duration_minutes)}."]
    if agenda.over:
        said.append(
            f"Les points demandent {fr.hours_minutes(agenda.minutes)}, soit {fr.hours_minutes(agenda.over)}"
            " de trop : annoncez ce qui sera abrégé ou reporté."
        )
    presented = tuple(
        f"{line.clock} : {line.item.title}, par {line.item.presenter}."
        for line in agenda.lines
        if line.item.presenter
    )
    blocks: list[Block] = [table, SpeakerNotes(tuple(said))]
    if presented:
        blocks.append(SpeakerNotes(presented, "Qui présente", audience=COMMITTEE))
    return Section("Ordre du jour", tuple(blocks), identifier="ordre-du-jour", numbered=False)


def decisions_section(facts: Facts) -> list[Section]:
    """Nothing is shown at a first meeting: the room would read that nothing was done."""
    decisions = queries.previous_decisions(facts.meeting)
    if not decisions:
        return []
    table = Table(
        caption="Décisions précédentes et leurs suites",
        columns=(
            Column("N°", width=3),
            Column("Décision", width=14),
            Column("Suite", "state", width=3),
        ),
        rows=tuple(
            (
                row.decision.number,
                said_briefly(row.decision.text, DECISION_LENGTH),
                parts.decision_state(row.state),
            )
            for row in parts.told_again(decisions, facts.request.on)
        ),
    )
    states = [str(row.state) for row in decisions]
    open_ones = states.count("to_do") + states.count("in_progress")
    said = [
        f"{fr.plural(len(decisions), 'décision', 'décisions')} à rappeler : "
        f"{fr.plural(states.count('done'), 'faite', 'faites')}, {fr.plural(open_ones, 'encore ouverte', 'encore ouvertes')}."
    ]
    said += [
        f"N°{fr.NBSP}{row.number} : {row.text}"
        + (f" Où en est-on : {row.follow_up}" if row.follow_up else "")
        for row in decisions
    ]
    people = tuple(
        f"N°{fr.NBSP}{row.number} : {row.responsible or 'responsable à désigner'}"
        + (f", échéance du {fr.date_long(row.due_on)}." if row.due_on else ", sans échéance.")
        for row in decisions
    )
    blocks = (
        table,
        SpeakerNotes(tuple(said)),
        SpeakerNotes(people, "Responsables et échéances", audience=COMMITTEE),
    )
    return [Section("Depuis la dernière fois", blocks, identifier="decisions", numbered=False)]
