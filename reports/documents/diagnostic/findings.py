"""What inhabitants said, what was found, and the challenges that are made of it."""

from __future__ import annotations

from collections.abc import Sequence

from core import formats as fr
from core.documents.content import (
    Block,
    BulletList,
    Column,
    Heading,
    KeyValues,
    Missing,
    Paragraph,
    Section,
    State,
    Table,
)
from core.states import QUADRANT_STATES
from participation.models import Consultation
from reports.documents.diagnostic.facts import Facts, paragraphs
from reports.sections import ReportSection
from territory.models import Challenge, Evidence, Finding, Workshop
from territory.queries import readable_evidence


# --- The words of inhabitants ---------------------------------------------------------------
def inhabitants(facts: Facts, section: ReportSection) -> list[Section]:
    blocks = facts.words(section)
    for consultation in facts.consultations:
        blocks += consultation_blocks(consultation)
    if not blocks:
        return []
    if facts.consultations:
        blocks.append(consultations_table(facts.consultations))
    return [
        Section(section.title, tuple(blocks), sheet="Habitants", page_break=True, identifier=section.key)
    ]  # fmt: skip


def consultation_blocks(consultation: Consultation) -> list[Block]:
    """What was asked, what came of it, what was answered. No name is ever kept."""
    facts = [
        consultation.get_method_display(),
        fr.period(consultation.starts_on, consultation.ends_on),
        consultation.target_public,
    ]
    if consultation.participants is not None:
        facts.append(fr.plural(consultation.participants, "participant"))
    told = ", ".join(fact for fact in facts if fact)
    blocks: list[Block] = [
        Heading(consultation.title),
        Paragraph(f"{told[:1].upper()}{told[1:]}.", "note"),
    ]
    if consultation.lessons:
        blocks += [Paragraph(text, "quote") for text in paragraphs(consultation.lessons)]
    answer = consultation.answer or "Aucune réponse n'a encore été donnée."
    when = f" (le {fr.date_long(consultation.answered_on)})" if consultation.answered_on else ""
    blocks.append(Paragraph(f"**Réponse donnée{when} :** {answer}"))
    actions = [str(action) for action in consultation.actions.all()]
    if actions:
        blocks.append(Paragraph(f"**Actions que cela a fait évoluer :** {' ; '.join(actions)}."))
    return blocks


def consultations_table(rows: Sequence[Consultation]) -> Table:
    return Table(
        caption="Concertations",
        columns=(
            Column("Concertation", width=5),
            Column("Méthode", width=2),
            Column("Début", "date", width=2),
            Column("Participants", "integer", width=2),
            Column("Ce qui en ressort", width=7),
            Column("Réponse donnée", width=7),
        ),
        rows=tuple(
            (
                row.title, row.get_method_display(), row.starts_on,
                Missing() if row.participants is None else row.participants,
                row.lessons or "–", row.answer or "–",
            )
            for row in rows
        ),
        workbook_only=True,
    )  # fmt: skip


# --- AFOM -----------------------------------------------------------------------------------
def afom(facts: Facts, section: ReportSection) -> list[Section]:
    """One table, theme by theme; each finding says in a word how it is read."""
    blocks = facts.words(section)
    if not facts.findings:
        return _findings_chapter(section, blocks)
    blocks.append(Paragraph(afom_sentence(facts.findings)))
    blocks.append(
        Table(
            caption="Constats par thème",
            columns=(
                Column("Thème", width=2),
                Column("Lecture", "state", width=3),
                Column("Constat", width=10),
                Column("Chiffre à l'appui", width=5),
            ),
            rows=tuple(
                (row.theme.name, quadrant_state(row), row.text, evidence_words(facts, row) or "–")
                for row in sorted(facts.findings, key=quadrant_order)
            ),
            group_by=0,
            note="Un chiffre à l'appui est donné comme il a été lu quand le constat a été écrit.",
        )
    )
    return _findings_chapter(section, blocks)


def _findings_chapter(section: ReportSection, blocks: list[Block]) -> list[Section]:
    if not blocks:
        return []
    return [
        Section(section.title, tuple(blocks), sheet="AFOM", page_break=True, identifier=section.key)
    ]


QUADRANTS = list(Finding.Quadrant.values)


def quadrant_order(finding: Finding) -> tuple[int, int, int]:
    return finding.theme.position, finding.theme_id, QUADRANTS.index(finding.quadrant)


def quadrant_state(finding: Finding) -> State:
    known = QUADRANT_STATES[finding.quadrant]
    return State(finding.quadrant, known.word, known.tone)


def afom_sentence(findings: Sequence[Finding]) -> str:
    """« 14 constats : 2 atouts, 9 faiblesses, 2 opportunités et 1 menace. »"""
    words = {
        Finding.Quadrant.STRENGTH: ("atout", "atouts"),
        Finding.Quadrant.WEAKNESS: ("faiblesse", "faiblesses"),
        Finding.Quadrant.OPPORTUNITY: ("opportunité", "opportunités"),
        Finding.Quadrant.THREAT: ("menace", "menaces"),
    }
    counts = [
        (sum(1 for row in findings if row.quadrant == quadrant), singular, many)
        for quadrant, (singular, many) in words.items()
    ]
    told = [fr.plural(count, singular, many) for count, singular, many in counts if count]
    listed = told[0] if len(told) == 1 else f"{', '.join(told[:-1])} et {told[-1]}"
    return f"{fr.plural(len(findings), 'constat')} : {listed}."


def evidence_words(facts: Facts, finding: Finding) -> str:
    """The figures as read, without those that this edition may not read nor cite."""
    return " ; ".join(
        figure_as_read(row)
        for row in readable_evidence(finding.evidence.all(), facts.audience, facts.withheld)  # type: ignore[attr-defined]
        if facts.may_cite(row.period, row.indicator_id)
    )


def figure_as_read(row: Evidence) -> str:
    """« Taux de pauvreté : 17,0 % (2021) »."""
    if row.indicator is not None:
        label, unit, decimals = row.indicator.label, row.indicator.unit, row.indicator.decimals
    else:
        assert row.local_observation is not None
        label, unit, decimals = row.local_observation.title, row.local_observation.unit, 0
    return f"{label} : {fr.with_unit(row.value_as_read, unit, decimals)} ({row.period})"


# --- Challenges -----------------------------------------------------------------------------
def challenges(facts: Facts, section: ReportSection) -> list[Section]:
    blocks = facts.words(section)
    if facts.challenges:
        votes = votes_of(facts.workshop)
        blocks += workshop_blocks(facts.workshop, votes)
        blocks.append(challenges_table(facts, votes))
        for challenge in facts.challenges:
            blocks += challenge_blocks(challenge)
    if not blocks:
        return []
    return [
        Section(section.title, tuple(blocks), sheet="Enjeux", page_break=True, identifier=section.key)
    ]  # fmt: skip


def votes_of(workshop: Workshop | None) -> dict[int, int]:
    """Challenge → dots. What was not submitted has none: it is not a zero."""
    if workshop is None:
        return {}
    return dict(workshop.votes.values_list("challenge_id", "votes"))


def workshop_blocks(workshop: Workshop | None, votes: dict[int, int]) -> list[Block]:
    if workshop is None:
        return [
            Paragraph("Les enjeux n'ont pas encore été classés en atelier de priorisation.", "note")
        ]
    lines = [f"Atelier du {fr.date_long(workshop.held_on)}"]
    if workshop.place:
        lines[0] += f", {workshop.place}"
    rows = [
        ("Date et lieu", lines[0]),
        ("Participants", workshop.participants),
        (
            "Nombre de participants",
            "" if workshop.participant_count is None else fr.number(workshop.participant_count),
        ),
        ("Gommettes par personne", "" if workshop.dots_each is None else str(workshop.dots_each)),
        ("Ce qui s'est dit", workshop.note),
    ]
    return [
        KeyValues(
            tuple((label, value) for label, value in rows if value),
            caption="L'atelier de priorisation",
        )
    ]


def challenges_table(facts: Facts, votes: dict[int, int]) -> Table:
    has_votes = bool(votes)
    columns = [
        Column("Rang", width=2),
        Column("Enjeu", width=9),
        Column("Thème", width=4),
        Column("Priorité", width=3),
        *([Column("Gommettes", "integer", width=3)] if has_votes else []),
        Column("Constats", "integer", width=2),
        Column("Actions", "integer", width=2),
    ]
    rows = tuple(
        (
            str(row.rank) if row.rank else "–",
            row.title,
            row.theme.name,
            row.get_priority_display(),
            *([votes.get(row.pk, Missing("non soumis"))] if has_votes else []),
            row.finding_count,  # type: ignore[attr-defined]
            row.action_count,  # type: ignore[attr-defined]
        )
        for row in facts.challenges
    )
    note = "« Actions » : celles du plan qui répondent à l'enjeu."
    if has_votes:
        note += " Rang et gommettes : ceux de l'atelier."
    return Table(caption="Enjeux classés", columns=tuple(columns), rows=rows, note=note)


def challenge_blocks(challenge: Challenge) -> list[Block]:
    """What founds it and what answers it."""
    findings = [row.text for row in challenge.findings.all()]
    actions = [str(row) for row in challenge.actions.all()]  # type: ignore[attr-defined]
    blocks: list[Block] = [Heading(challenge.title)]
    if challenge.description:
        blocks += [Paragraph(text) for text in paragraphs(challenge.description)]
    if findings:
        blocks.append(BulletList(tuple(findings)))
    else:
        blocks.append(Paragraph("Aucun constat n'est encore rattaché à cet enjeu.", "note"))
    answered = " ; ".join(actions) or "aucune action du plan n'y répond encore"
    blocks.append(Paragraph(f"**Ce qui y répond :** {answered}."))
    return blocks
