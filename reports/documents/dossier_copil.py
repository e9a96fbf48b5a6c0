"""Dossier de COPIL: what elected officials read before a ninety-minute meeting.

Core of eight pages at most: agenda, summary with the decisions asked, what became of the last
ones, highlights, arbitration points before any statistics, means, perspectives. Annexes of ten at
most: sheets of the actions on the agenda only, figures, sources, glossary.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from actionplan import documents as sheets
from actionplan.models import Action, FollowUpNote
from committees.effect_lines import effects_told
from committees.models import AgendaItem, ArbitrationPoint, Meeting
from core import formats as fr
from core.amounts import add
from core.documents.content import (
    Block,
    BulletList,
    Callout,
    Column,
    Content,
    Figure,
    FigureRow,
    Heading,
    KeyValues,
    Missing,
    NotesArea,
    Paragraph,
    Section,
    State,
    Table,
    Timeline,
)
from core.documents.declaration import registry
from core.errors import DomainError
from reports import queries
from reports.documents import parts
from reports.documents.arbitration import arbitration_blocks
from reports.documents.base import Document, Request
from territory.comparison import key_figures

MAX_ARBITRATIONS = 3
NOTES_SHOWN = 3
MAX_SHEETS = 7
CHARTS_SHOWN = 2

DECISION_TONES = {
    "to_do": "info",
    "in_progress": "primary",
    "done": "success",
    "dropped": "neutral",
}


@registry.register
class DossierCopil(Document):
    identifier = "dossier-copil"
    title = "Dossier de COPIL"
    description = "Ce que les élus lisent avant la réunion : ordre du jour, décisions demandées, avancement, arbitrages, moyens."
    formats = ("pdf", "docx")
    needs_meeting = True

    def missing(self, context: Request) -> str:
        meeting = queries.steering_meeting(context.agreement, context.meeting_id, context.on)
        if meeting is None:
            return "Fixez d'abord une réunion du comité de pilotage."
        return ""

    def build(self, context: Request) -> Content:
        agreement = context.agreement
        meeting = queries.steering_meeting(agreement, context.meeting_id, context.on)
        if meeting is None:
            raise DomainError(
                "Aucune réunion du comité de pilotage n'est fixée : créez-la d'abord."
            )
        agenda = list(
            meeting.agenda.filter(is_confirmed=True)
            .select_related("arbitration", "arbitration__action")
            .prefetch_related("actions", "arbitration__options")
        )
        points = [item.arbitration for item in agenda if hasattr(item, "arbitration")]
        figures = key_figures(agreement, context.on)
        sections = [
            summary_section(context, meeting, agenda, figures),
            decisions_section(meeting),
            progress_section(context),
            highlights_section(context),
            *[
                arbitration_section(point, rank)
                for rank, point in enumerate(points[:MAX_ARBITRATIONS], 1)
            ],
            means_section(context),
            perspectives_section(context, meeting),
            *annexes(context, agenda, figures),
        ]
        sections.append(parts.glossary_section(sections))
        return Content(
            identifier=self.identifier,
            title=f"Dossier du {meeting.committee.name}",
            subtitle=f"Réunion du {fr.date_long(meeting.on)}",
            cover_blocks=tuple(agenda_blocks(meeting, agenda)),
            audience=self.audience,
            sections=tuple(sections),
            meta=parts.meta(
                agreement, context.on, tuple(sorted({figure.source for figure in figures}))
            ),
        )


def clock(start: datetime) -> str:
    return f"{start.hour}{fr.NBSP}h{fr.NBSP}{start.minute:02d}"


def agenda_blocks(meeting: Meeting, agenda: list[AgendaItem]) -> list[Block]:
    """The timed agenda, and who chairs: they stand on the cover."""
    moment = datetime.combine(meeting.on, meeting.starts_at)
    rows = []
    for item in agenda:
        rows.append(
            (
                clock(moment),
                item.title,
                item.get_kind_display(),
                item.presenter or "–",
                item.minutes,
            )
        )
        moment += timedelta(minutes=item.minutes)
    total = sum(item.minutes for item in agenda)
    end = datetime.combine(meeting.on, meeting.starts_at) + timedelta(
        minutes=meeting.duration_minutes
    )
    facts = [
        (
            "Date",
            f"{fr.date_long(meeting.on)}, de {clock(datetime.combine(meeting.on, meeting.starts_at))} à {clock(end)}",
        ),
        ("Lieu", meeting.place or "à préciser"),
        ("Présidence", str(meeting.chair or "à préciser")),
    ]
    blocks: list[Block] = [
        KeyValues(tuple(facts), caption="La réunion"),
        Table(
            caption="Ordre du jour",
            columns=(
                Column("Heure", width=1),
                Column("Point", width=5),
                Column("Nature", width=2),
                Column("Présenté par", width=3),
                Column("Minutes", "integer", width=1),
            ),
            rows=tuple(rows),
            empty="L'ordre du jour n'est pas encore écrit.",
        ),
    ]
    if total > meeting.duration_minutes:
        blocks.append(
            Paragraph(
                f"L'ordre du jour demande {fr.hours_minutes(total)} pour une réunion de {fr.hours_minutes(meeting.duration_minutes)}.",
                "note",
            )
        )
    return blocks


def summary_section(
    context: Request, meeting: Meeting, agenda: list[AgendaItem], figures: list
) -> Section:
    """Five sentences, five figures, the Caf's money, and what is asked of the committee today."""
    planned, known = queries.caf_money(context.agreement, meeting.on.year)
    counts = queries.status_counts(context.agreement)
    late = len(queries.late_actions(context.agreement, context.on))
    summary = meeting.introduction.strip() or parts.progress_sentence(counts, late)
    asked = [
        item.arbitration.question if hasattr(item, "arbitration") else item.title
        for item in agenda
        if item.kind in (AgendaItem.Kind.ARBITRATION, AgendaItem.Kind.APPROVAL)
    ]
    blocks: list[Block] = [Paragraph(summary, "lead")]
    if asked:
        blocks.append(
            Callout(
                "decision",
                f"Ce qui est demandé au comité aujourd'hui : {fr.plural(len(asked), 'décision', 'décisions')}",
                tuple(f"{rank}. {question}" for rank, question in enumerate(asked, 1)),
            )
        )
    blocks += [
        Heading("Financements de la Caf en jeu"),
        Paragraph(
            f"En {meeting.on.year}, la Caf apporte **{fr.keuros(known)}** d'après les derniers montants connus, "
            f"pour **{fr.keuros(planned)}** prévus au plan (équipements et actions)."
        ),
    ]
    if figures:
        blocks += [
            Heading("Le territoire en cinq chiffres"),
            FigureRow(tuple(_figure(row) for row in figures[:5])),
        ]
    return Section("En une page", tuple(blocks), page_break=True, identifier="synthese")


def _figure(row: object) -> Figure:
    return Figure(
        label=row.label,  # type: ignore[attr-defined]
        value=row.value_text,  # type: ignore[attr-defined]
        comparison=row.comparison,  # type: ignore[attr-defined]
        source=row.source,  # type: ignore[attr-defined]
    )


def decisions_section(meeting: Meeting) -> Section:
    """Each decision with its follow-up: a committee that is not told stops deciding."""
    rows = [
        (
            decision.number,
            decision.text,
            str(decision.responsible or "à désigner"),
            decision.due_on or Missing("sans échéance"),
            State(decision.state, decision.get_state_display(), DECISION_TONES[decision.state]),
            " ".join(part for part in (decision.follow_up, effects_told(decision)) if part) or "–",
        )
        for decision in queries.previous_decisions(meeting)
    ]
    return Section(
        "Ce que sont devenues les décisions",
        (
            Table(
                caption="Décisions précédentes et leurs suites",
                columns=(
                    Column("N°", width=4),
                    Column("Décision", width=14),
                    Column("Responsable", width=6),
                    Column("Échéance", "date", width=5),
                    Column("Suite", "state", width=6),
                    Column("Où en est-on", width=11),
                ),
                rows=tuple(rows),
                empty="C'est la première réunion : aucune décision n'a encore été prise.",
            ),
        ),
        identifier="decisions",
    )


def progress_section(context: Request) -> Section:
    """Progress by orientation; late and blocked in words, with their reasons."""
    rows = queries.progress_by_orientation(context.agreement, context.on)
    late = queries.late_actions(context.agreement, context.on)
    blocked = queries.blocked_actions(context.agreement)
    sentence = parts.progress_sentence(queries.status_counts(context.agreement), len(late))
    blocks: list[Block] = [
        parts.progress_told(rows, sentence),
    ]
    if blocked:
        blocks += [Heading("Actions bloquées"), BulletList(tuple(parts.blocked_items(blocked)))]
    if late:
        blocks += [Heading("Actions en retard"), BulletList(tuple(parts.late_items(late)))]
    blocks.append(parts.progress_table(rows))
    return Section("Avancement du plan", tuple(blocks), identifier="avancement")


def highlights_section(context: Request) -> Section:
    """Three and three: more is not heard."""
    kinds = FollowUpNote.Kind
    year = context.year
    good = queries.notes_of_year(context.agreement, year, [kinds.SUCCESS, kinds.LEVER], NOTES_SHOWN)
    hard = queries.notes_of_year(
        context.agreement, year, [kinds.OBSTACLE, kinds.ARBITRATION], NOTES_SHOWN
    )

    def items(notes: list[FollowUpNote]) -> tuple[str, ...]:
        return tuple(f"**{note.action.title}** : {note.text}" for note in notes) or (
            "Rien n'a encore été noté.",
        )

    return Section(
        "Réussites et difficultés",
        (
            Callout("success", "Ce qui a marché", items(good)),
            Callout("warning", "Ce qui a été difficile", items(hard)),
        ),
        identifier="reussites",
    )


def arbitration_section(point: ArbitrationPoint, rank: int) -> Section:
    """One page for each."""
    return Section(
        f"Arbitrage n° {rank} – {point.item.title}",
        (Paragraph(point.question, "question"), *arbitration_blocks(point)),
        page_break=True,
        identifier=f"arbitrage-{rank}",
    )


def means_section(context: Request) -> Section:
    """Caf by facility, then commune and others: planned and latest known, in k€."""
    year = context.year
    contracts = queries.contracts_of_year(context.agreement, year)
    means = queries.means_of_year(context.agreement, year)
    by_name: dict[str, list[queries.ContractYear]] = {}
    for row in contracts:
        by_name.setdefault(row.facilities, []).append(row)
    by_facility = Table(
        caption=f"Financements de la Caf par équipement, {year}",
        columns=(
            Column("Équipement", width=6),
            Column("Prévu", "keuros", width=2, total="sum"),
            Column("Dernier connu", "keuros", width=2, total="sum"),
            Column("Stade", width=3),
        ),
        rows=tuple(
            (
                name,
                sheets.amount(add(row.planned for row in group)),
                sheets.amount(add(row.known for row in group)),
                ", ".join(dict.fromkeys(row.stage for row in group if row.stage)) or "–",
            )
            for name, group in by_name.items()
        ),
        total_row=True,
        empty="Aucun contrat n'est saisi.",
    )
    totals = Table(
        caption=f"Moyens de la CTG, {year}",
        columns=(
            Column("Source", width=5),
            Column("Prévu", "keuros", width=2, total="sum"),
            Column("Dernier connu ou dépensé", "keuros", width=3, total="sum"),
        ),
        rows=tuple(
            (row.source, sheets.amount(row.planned), sheets.amount(row.actual)) for row in means
        ),
        total_row=True,
        note="La part de la commune est le coût des actions moins les financements connus.",
    )
    return Section("Moyens", (totals, by_facility), page_break=True, identifier="moyens")


def perspectives_section(context: Request, meeting: Meeting) -> Section:
    items = parts.sentences(meeting.perspectives)
    dates = (
        Meeting.objects.filter(
            agreement=context.agreement, on__gt=meeting.on, state=Meeting.State.PLANNED
        )
        .select_related("committee")
        .order_by("on", "starts_at", "pk")[:6]
    )
    timeline = tuple(
        (fr.date_long(coming.on), coming.committee.name, coming.place or "lieu à préciser")
        for coming in dates
    )
    blocks: list[Block] = [
        BulletList(tuple(items)) if items else Paragraph("Perspectives à écrire.")
    ]
    blocks.append(Heading("Calendrier"))
    blocks.append(
        Timeline(timeline) if timeline else Paragraph("Aucune autre réunion n'est encore fixée.")
    )
    blocks.append(NotesArea(12, "Vos notes"))
    return Section(
        "Perspectives et calendrier", tuple(blocks), page_break=True, identifier="perspectives"
    )


def annexes(context: Request, agenda: list[AgendaItem], figures: list) -> list[Section]:
    """Sheets only of the actions on the agenda, key figures, sources."""
    wanted = {action.pk: action for item in agenda for action in item.actions.all()}
    annexed, left_out = list(wanted)[:MAX_SHEETS], list(wanted.values())[MAX_SHEETS:]
    actions = queries.full_actions(context.agreement, annexed)
    joined = [sheets.action_sheet(action, context.on, context.year) for action in actions]
    return [
        *[
            replace(sheet, title=f"Annexe {rank}. {sheet.title}", level=1, annex=True)
            for rank, sheet in enumerate(joined, 1)
        ],
        *([left_out_section(left_out)] if left_out else []),
        *figures_annex(figures),
        parts.sources_section(sorted({figure.source for figure in figures})),
    ]


def left_out_section(actions: list[Action]) -> Section:
    """Ten pages of annexes at most: what is not joined is named."""
    return Section(
        "Fiches non jointes",
        (
            Paragraph("Ces actions sont aussi à l'ordre du jour ; leurs fiches sont disponibles."),
            BulletList(tuple(str(action) for action in actions)),
        ),
        numbered=False,
        identifier="fiches-non-jointes",
    )


def figures_annex(figures: list) -> list[Section]:
    """The key figures again, with the reading of each and its source."""
    if not figures:
        return []
    table = Table(
        caption="Chiffres clés du territoire",
        columns=(
            Column("Indicateur", width=3),
            Column("Valeur", width=2),
            Column("Lecture", width=5),
            Column("Source", width=4),
        ),
        rows=tuple(
            (row.label, row.value_text, row.comparison or "–", row.source) for row in figures
        ),
    )
    charts = [row.chart for row in figures if not row.indicator.is_summable][:CHARTS_SHOWN]
    return [
        Section(
            "Chiffres clés",
            (*(chart.freeze() for chart in charts), table),
            page_break=True,
            numbered=False,
            identifier="chiffres",
        )
    ]
