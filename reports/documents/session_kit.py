"""Kit de séance: what lies on the table of whoever runs a meeting, of any committee.

Sheets to print (to sign, to read, to write on) and a workbook with which somebody without Fil rouge
can run the meeting: its hours follow the minutes.
"""

from __future__ import annotations

from collections.abc import Sequence

from committees.models import Attendance, Decision, Meeting
from core import formats as fr
from core.audience import Audience
from core.documents.content import (
    Block,
    Cell,
    Column,
    Content,
    Heading,
    KeyValues,
    Missing,
    NotesArea,
    Paragraph,
    Section,
    Table,
    TickBoxes,
)
from core.documents.declaration import registry
from opendata.names import of
from reports import kit
from reports.documents import parts
from reports.documents.base import Document, Request
from reports.kit import Guest, Point
from reports.meetings import hours_and_place

BLANK_GUESTS, BLANK_LIST, BLANK_DECISIONS = 6, 14, 12
"""Blank rows: beside a list of guests, without one, and of the decisions to write."""
SIGNATURE, WRITTEN = 11, 18
"""Millimetres: what a signature asks for, and a decision written by hand."""
NOTE_LINES = 5
OUTCOMES = ("information donnée", "décision", "à revoir")
PRESENCES = tuple(
    str(status.label) for status in Attendance.Status if status != Attendance.Status.INVITED
)
PRIVACY = fr.tied(
    "Votre nom, votre qualité et votre signature attestent votre présence ; la commune {commune} les "
    "garde avec le relevé de décisions, pour cela seulement. Accès et rectification : {title}."
)
LIVE = "Changez les minutes : les heures et la fin de la réunion se recalculent."
TO_CHOOSE = "Autre réponse possible : écrivez-la."


@registry.register
class SessionKit(Document):
    identifier = "kit-seance"
    title = "Kit de séance"
    description = "Pour qui anime la réunion : feuille d'émargement, conducteur, ordre du jour minuté, pages de notes, et un classeur pour la tenir."
    formats = ("pdf", "docx", "xlsx")
    audience = Audience.INTERNAL
    needs_meeting = True

    def build(self, context: Request) -> Content:
        """``context.audience``: « internal » (by default) for whoever prepares; « committee » for
        whoever presides without being of the direction: the preparation's own notes stay out."""
        meeting = context.meeting
        audience = Audience(context.audience or self.audience)
        points = kit.points_of(meeting, audience)
        guests = kit.guests_of(meeting)
        overdue = kit.decisions_to_recall(meeting)
        return Content(
            identifier=self.identifier,
            title=f"Kit de séance – {meeting.committee.name}, {fr.date_long(meeting.on)}",
            subtitle=hours_and_place(meeting),
            cover=False,
            working_paper=True,
            audience=audience.value,
            sections=(
                guide_section(guests, points, overdue),
                attendance_section(meeting, guests),
                conductor_section(points),
                agenda_section(meeting, points),
                *notes_sections(points),
                decisions_section(points),
            ),
            meta=parts.meta(context.agreement, context.on),
        )


def meeting_facts(meeting: Meeting) -> KeyValues:
    return KeyValues(
        (
            ("Réunion", meeting.committee.name),
            ("Date et heures", meeting.when),
            ("Lieu", meeting.place or "à préciser"),
            ("Présidence", str(meeting.chair or "à préciser")),
        ),
        caption="La réunion",
    )


def guide_section(
    guests: Sequence[Guest], points: Sequence[Point], overdue: Sequence[Decision]
) -> Section:
    """What the kit holds, in how many copies, and what to have ready."""
    decided = sum(point.item.is_asked for point in points)
    facts: list[tuple[str, str]] = [
        ("Feuille d'émargement", "Un exemplaire, à faire signer à l'entrée."),
        ("Conducteur", "Pour qui anime : l'heure de chaque point, quoi dire, quoi avoir sous la main."),
        ("Ordre du jour minuté", "Un exemplaire lisible par table, ou affiché."),
        ("Pages de notes", "Pour qui prend note : une zone par point, l'issue à cocher."),
        ("Classeur", "Les mêmes feuilles à remplir à l'écran, sans Fil rouge."),
    ]  # fmt: skip
    expected = [
        ("Personnes attendues", kit.answers_told(list(guests)) if guests else "liste à établir"),
        ("Points à l'ordre du jour", str(len(points)) if points else "ordre du jour à écrire"),
        ("Décisions attendues", str(decided) if decided else "aucune"),
        ("Décisions échues le jour de la réunion", str(len(overdue)) if overdue else "aucune"),
    ]
    return Section(
        "Avant d'ouvrir la séance",
        (
            KeyValues(tuple(expected), caption="Ce qui attend le comité"),
            KeyValues(tuple(facts), caption="Ce que contient ce kit"),
            recall_table(overdue),
            *at_hand_blocks(points),
        ),
        numbered=False,
        identifier="mode-emploi",
    )


def at_hand_blocks(points: Sequence[Point]) -> tuple[Block, ...]:
    """One line a point: the page stays one page."""
    papers = tuple(
        f"Point {rank} : {' ; '.join(point.at_hand)}"
        for rank, point in enumerate(points, 1)
        if point.at_hand
    )
    return (Heading("À avoir sous la main"), TickBoxes("", papers, stacked=True)) if papers else ()


# --- Attendance -----------------------------------------------------------------------------
def attendance_section(meeting: Meeting, guests: Sequence[Guest]) -> Section:
    agreement = meeting.agreement
    columns = (
        Column("Organisation", width=3),
        Column("Personne", width=4),
        Column("Qualité", width=4),
        Column("Réponse", width=3),
        Column("Signature", width=6),
    )
    to_sign = Table(
        caption="Personnes attendues, par organisation",
        columns=columns,
        rows=tuple((g.organisation, g.name, g.quality, g.answer, "") for g in guests),
        group_by=0,
        row_height=SIGNATURE,
        empty="Personne n'est encore inscrit sur la liste.",
    )
    unexpected = Table(
        caption="Personnes venues sans être sur la liste",
        columns=(
            Column("Nom et prénom", width=4),
            Column("Au titre de", width=4),
            Column("Qualité", width=3),
            Column("Signature", width=6),
        ),
        rows=(("", "", "", ""),) * (BLANK_GUESTS if guests else BLANK_LIST),
        row_height=SIGNATURE,
    )
    return Section(
        "Feuille d'émargement",
        (
            Paragraph(
                f"Commune {of(agreement.lead_commune)}. CTG {agreement.period_label}.", "lead"
            ),
            meeting_facts(meeting),
            to_sign,
            unexpected,
            Paragraph(
                PRIVACY.format(
                    commune=of(agreement.lead_commune), title=agreement.coordinator_title
                ),
                "note",
            ),
            presences_table(guests),
        ),
        numbered=False,
        page_break=True,
        identifier="emargement",
    )


def presences_table(guests: Sequence[Guest]) -> Table:
    """The workbook's own: the same people, and what one notes instead of a signature."""
    blank = ("", "", "", "", "", "")
    return Table(
        caption="Présences",
        columns=(
            Column("Personne"),
            Column("Au titre de"),
            Column("Qualité"),
            Column("Réponse à l'invitation"),
            Column("Présence", choices=PRESENCES),
            Column("Représenté par"),
        ),
        rows=(
            *((g.name, g.organisation, g.quality, g.answer, "", "") for g in guests),
            *(blank for _ in range(BLANK_GUESTS)),
        ),
        row_height=9,
        note=f"Présence : {', '.join(PRESENCES)}. {TO_CHOOSE}",
        sheet="Présences",
        workbook_only=True,
    )


# --- Agenda ---------------------------------------------------------------------------------
def conductor_section(points: Sequence[Point]) -> Section:
    """For whoever runs the meeting: when, what to say, what to hold, what must come out of it."""
    table = Table(
        caption="Conducteur",
        columns=(
            Column("De – à", width=4),
            Column("Point", width=6),
            Column("À dire", width=8),
            Column("À avoir sous la main", width=6),
            Column("Ce qui doit en sortir", width=6),
        ),
        rows=tuple(conductor_row(point) for point in points),
        empty="L'ordre du jour n'est pas encore écrit.",
    )
    return Section(
        "Conducteur de séance",
        (table,),
        numbered=False,
        landscape=True,
        page_break=True,
        identifier="conducteur",
    )


def conductor_row(point: Point) -> tuple[Cell, ...]:
    item = point.item
    who = f"\n{item.presenter}" if item.presenter else ""
    options = "".join(f"\n{option}" for option in point.options)
    return (
        f"{fr.clock(point.starts_at)}{fr.NBSP}– {fr.clock(point.ends_at)}\n{item.minutes}{fr.NBSP}min",
        f"**{item.title}**{who}",
        key_sentence(point),
        "\n".join(point.at_hand),
        f"{point.expected}{' :' if options else ''}{options}",
    )


def key_sentence(point: Point) -> str:
    """The question put, and why the point is there."""
    return "\n".join(text for text in (point.question, point.reason) if text)


def recall_table(overdue: Sequence[Decision]) -> Table:
    return Table(
        caption="Décisions échues le jour de la réunion, à rappeler en séance",
        columns=(
            Column("N°", width=2),
            Column("Décision", width=8),
            Column("Responsable", width=4),
            Column("Échéance", "date", width=2),
            Column("Où en est-on", width=6),
        ),
        rows=tuple(
            (
                decision.number,
                decision.text,
                str(decision.responsible or "à désigner"),
                decision.due_on,
                decision.follow_up or Missing("rien n'est noté"),
            )
            for decision in overdue
        ),
        empty="Aucune décision n'a dépassé sa date.",
        sheet="Décisions à rappeler",
    )


def agenda_section(meeting: Meeting, points: Sequence[Point]) -> Section:
    to_read = Table(
        caption=f"{meeting.committee.name}, {meeting.when}, {meeting.place or 'lieu à préciser'}",
        columns=(
            Column("Heure", width=3),
            Column("Point", width=9),
            Column("Présenté par", width=5),
            Column("Ce qui est attendu", width=6),
        ),
        rows=tuple(
            (
                fr.clock(point.starts_at),
                f"**{point.item.title}**\n{fr.hours_minutes(point.item.minutes)}",
                point.item.presenter or "–",
                point.expected,
            )
            for point in points
        ),
        empty="L'ordre du jour n'est pas encore écrit.",
        large=True,
    )
    planned = sum(point.item.minutes for point in points)
    over = planned - meeting.duration_minutes
    told = f"Fin prévue à {fr.clock(points[-1].ends_at)}." if points else ""
    if over > 0:
        told += f" C'est {fr.hours_minutes(over)} de plus que la réunion : prévoyez quoi écourter."
    blocks: list[Block] = [to_read]
    if told:
        blocks.append(Paragraph(told, "lead"))
    blocks.append(running_table(points))
    return Section(
        "Ordre du jour minuté",
        tuple(blocks),
        numbered=False,
        page_break=True,
        identifier="ordre-du-jour",
    )


def running_table(points: Sequence[Point]) -> Table:
    """The workbook's own: the hours follow the minutes, and each point is noted in its row."""
    return Table(
        caption="Déroulé de la réunion",
        columns=(
            Column("Point"),
            Column("Heure", "clock", runs_from=2),
            Column("Minutes", "integer", total="sum"),
            Column("Présenté par"),
            Column("Ce qui est attendu"),
            Column("Issue", choices=OUTCOMES),
            Column("Notes", width=10),
        ),
        rows=tuple(
            (
                point.item.title,
                point.starts_at,
                point.item.minutes,
                point.item.presenter,
                point.expected,
                "",
                "",
            )
            for point in points
        ),
        total_row=True,
        total_label="Fin de la réunion",
        row_height=13,
        note=LIVE,
        empty="L'ordre du jour n'est pas encore écrit.",
        sheet="Déroulé",
        workbook_only=True,
    )


# --- Notes and decisions --------------------------------------------------------------------
def notes_sections(points: Sequence[Point]) -> list[Section]:
    """One area for each point, whole on its page."""
    head = Section(
        "Notes de séance",
        ()
        if points
        else (Paragraph("L'ordre du jour n'est pas encore écrit."), NotesArea(20, "Notes")),
        numbered=False,
        page_break=True,
        identifier="notes",
    )
    return [head, *(notes_section(point, rank) for rank, point in enumerate(points, start=1))]


def notes_section(point: Point, rank: int) -> Section:
    item = point.item
    known = (
        fr.clock(point.starts_at),
        fr.hours_minutes(item.minutes),
        item.presenter,
        str(point.expected),
    )
    blocks: list[Block] = [
        Paragraph(" · ".join(text for text in known if text), "note"),
        TickBoxes("Issue", OUTCOMES),
    ]  # fmt: skip
    if point.options:
        blocks.append(TickBoxes("Option retenue", point.options))
    blocks += [NotesArea(NOTE_LINES, "Notes"), written_decision()]
    return Section(
        f"{rank}. {item.title}",
        tuple(blocks),
        level=2,
        numbered=False,
        identifier=f"notes-{rank}",
        whole=True,
    )


def written_decision() -> Table:
    return Table(
        caption="Décision, telle qu'elle est relue en séance",
        columns=(
            Column("Décision", width=9),
            Column("Responsable", width=4),
            Column("Échéance", width=3),
        ),
        rows=(("", "", ""),),
        row_height=WRITTEN,
    )


def decisions_section(points: Sequence[Point]) -> Section:
    """The workbook's own: the columns of the register, to be copied there afterwards."""
    awaited = [point for point in points if point.item.is_asked]
    rows: list[tuple[Cell, ...]] = [
        ("", "", point.item.title, "", "", "", "", "", "") for point in awaited
    ]
    rows += [("",) * 9] * (BLANK_DECISIONS - len(awaited))
    states = tuple(str(state.label) for state in Decision.State)
    acts = tuple(str(act.label).replace(",", " ou") for act in Decision.InstitutionalFollowUp)
    table = Table(
        caption="Décisions de la réunion",
        columns=(
            Column("Numéro", width=2),
            Column("Décision", width=11),
            Column("Point"),
            Column("Option retenue", width=6),
            Column("Responsable"),
            Column("Échéance", width=3),
            Column("Suite", width=3, choices=states),
            Column("Suite institutionnelle", choices=acts),
            Column("Délibération n° ou référence"),
        ),
        rows=tuple(rows),
        row_height=WRITTEN,
        note="Une ligne par décision ; les colonnes sont celles du registre. "
        "Un comité donne un avis : tout crédit reste soumis au vote du conseil municipal.",
        sheet="Décisions",
        workbook_only=True,
    )
    return Section("Décisions", (table,), numbered=False, identifier="decisions")
