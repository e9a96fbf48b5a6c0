"""How the meeting ends: means, figures, perspectives and dates, sources."""

from __future__ import annotations

from actionplan.documents import amount
from core import formats as fr
from core.amounts import add
from core.documents.content import (
    Block,
    BulletList,
    Column,
    Figure,
    FigureRow,
    Section,
    SpeakerNotes,
    Table,
    Timeline,
)
from reports import queries
from reports.documents import parts
from reports.documents.deck.facts import COMMITTEE, Facts, said_briefly
from reports.meetings import coming_after
from territory.comparison import Row

DATES, PERSPECTIVE_LENGTH = 5, 160


def means_section(facts: Facts) -> list[Section]:
    """Nothing while no amount is known: a table of « n.d. » tells a room nothing."""
    year = facts.request.year
    means = queries.means_of_year(facts.request.agreement, year)
    if not facts.with_money or all(row.planned is None and row.actual is None for row in means):
        return []
    by_contract, by_action, *_ = means
    planned = add([by_contract.planned, by_action.planned])
    known = add([by_contract.actual, by_action.actual])
    table = Table(
        caption=f"Moyens de la CTG, {year}",
        columns=(
            Column("Source", width=6),
            Column("Prévu", "keuros", width=2, total="sum"),
            Column("Dernier connu", "keuros", width=2, total="sum"),
        ),
        rows=tuple((row.source, amount(row.planned), amount(row.actual)) for row in means),
        total_row=True,
        note="La part de la commune est le coût des actions moins les financements connus.",
    )
    said = (
        f"En {year}, la Caf apporte {fr.keuros(known)} d'après les derniers montants connus, pour {fr.keuros(planned)} prévus au plan.",
        "k€ : milliers d'euros, arrondis. « n.d. » : montant non disponible, qui n'est pas un zéro.",
        f"Source{fr.NBSP}: Fil rouge, contrats et budget du plan, état au {fr.date_long(facts.request.on)}.",
    )
    return [
        Section(
            f"Les moyens en {year}",
            (table, SpeakerNotes(said)),
            identifier="moyens",
            audience=COMMITTEE,
            numbered=False,
        )
    ]


def figures_section(figures: list[Row]) -> list[Section]:
    if not figures:
        return []
    row = FigureRow(
        tuple(
            Figure(figure.label, figure.value_text, comparison=f"en {figure.year}" if figure.year else "", source=figure.source)
            for figure in figures
        )
    )  # fmt: skip
    said = tuple(f"{figure.label} : {figure.comparison}" for figure in figures if figure.comparison)
    return [
        Section(
            "Le territoire en quelques chiffres",
            (row, *([SpeakerNotes(said)] if said else [])),
            identifier="chiffres",
            numbered=False,
        )
    ]


def next_section(facts: Facts) -> list[Section]:
    meeting = facts.meeting
    perspectives = parts.sentences(meeting.perspectives)
    coming = coming_after(meeting, DATES)
    blocks: list[Block] = []
    if perspectives:
        blocks.append(
            BulletList(tuple(said_briefly(text, PERSPECTIVE_LENGTH) for text in perspectives))
        )
    if coming:
        blocks.append(
            Timeline(
                tuple(
                    (fr.date_long(row.on), row.committee.name, row.place or "lieu à préciser")
                    for row in coming
                )
            )
        )
    if not blocks:
        return []
    said = SpeakerNotes(
        (*perspectives, *(["Faire noter les dates avant de lever la séance."] if coming else []))
    )
    title = (
        "Perspectives et prochaines dates"
        if perspectives and coming
        else "Perspectives"
        if perspectives
        else "Prochaines dates"
    )
    return [Section(title, (*blocks, said), identifier="perspectives", numbered=False)]  # fmt: skip


def sources_section(facts: Facts, sources: tuple[str, ...]) -> Section:
    return Section(
        "Sources",
        (
            BulletList(sources),
            SpeakerNotes(
                (
                    facts.plan_state,
                    "« n.d. » : non disponible. « secret » : valeur non diffusée par le producteur. Une valeur absente n'est jamais un zéro.",
                )
            ),
        ),
        identifier="sources",
        numbered=False,
    )
