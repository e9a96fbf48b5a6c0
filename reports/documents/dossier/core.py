"""The core of the pack, eight pages at most: what elected officials read before the meeting."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from math import ceil

from django.db.models import prefetch_related_objects

from actionplan.models import FollowUpNote
from committees.arbitration import criteria, printed_lines, words_of
from committees.effect_lines import effects_told
from committees.models import ArbitrationPoint, Decision
from committees.register import is_overdue
from core import formats as fr
from core.documents.content import (
    Block,
    BulletList,
    Callout,
    Cell,
    Column,
    Figure,
    FigureRow,
    Heading,
    Missing,
    NotesArea,
    Paragraph,
    Section,
    Table,
    Timeline,
)
from participation.models import Consultation
from participation.queries import consultations
from reports.documents import parts
from reports.documents.arbitration import arbitration_blocks
from reports.documents.dossier.facts import Facts
from reports.documents.dossier.money import caf_sentence, means
from reports.meetings import coming_after
from reports.pack_sections import BY_KEY
from territory.comparison import Row
from territory.models import Challenge
from territory.queries import challenges

FIGURES, DATES, CONSULTATIONS, CHALLENGES = 5, 6, 4, 15
PAGE_LINES, NOTE_LINES = 44, (8, 5, 3)
"""Lines of text on a page of the PDF; ruled lines left under a question, the most that fits."""


def section(key: str, *blocks: Block, page_break: bool = False) -> Section:
    return Section(BY_KEY[key].title, blocks, page_break=page_break, identifier=key)


# --- L'essentiel ----------------------------------------------------------------------------
def summary(facts: Facts) -> list[Section]:
    """Five sentences, what is asked of the committee today, the Caf's money, five figures."""
    proposed = parts.progress_sentence(facts.counts, len(facts.late))
    blocks: list[Block] = [Paragraph(facts.meeting.introduction.strip() or proposed, "lead")]
    if facts.asked:
        asked = fr.plural(len(facts.asked), "décision", "décisions")
        blocks.append(
            Callout(
                "decision",
                f"Ce qui est demandé aujourd'hui : {asked}",
                tuple(f"{rank}. {question}" for rank, question in enumerate(facts.asked, 1)),
            )
        )
    if facts.with_money:
        blocks += [Heading("Financements de la Caf en jeu"), Paragraph(caf_sentence(facts))]
    if facts.figures:
        blocks += [
            Heading("Le territoire en cinq chiffres"),
            FigureRow(tuple(_figure(row) for row in facts.figures[:FIGURES])),
        ]
    return [section("synthese", *blocks, page_break=True)]


def _figure(row: Row) -> Figure:
    return Figure(
        label=row.label, value=row.value_text, comparison=row.comparison, source=row.source
    )


# --- Décisions ------------------------------------------------------------------------------
def decisions(facts: Facts) -> list[Section]:
    """Each with its follow-up, the overdue first: a committee that is not told stops deciding."""
    on, people = facts.request.on, facts.with_people
    kept = facts.decisions
    table = Table(
        caption="Décisions précédentes et leurs suites",
        columns=(
            Column("N°", width=6),
            Column("Décision", width=15),
            *([Column("Responsable", width=7)] if people else []),
            Column("Échéance", "date", width=6),
            Column("Suite", "state", width=6),
            Column("Où en est-on", width=17),
        ),
        rows=tuple(
            (
                row.decision.number,
                row.decision.text,
                *([str(row.decision.responsible or "à désigner")] if people else []),
                row.decision.due_on or Missing("sans échéance"),
                parts.decision_state(row.state),
                _where(row.decision, row.act),
            )
            for row in parts.told_again(kept, on)
        ),
        empty="C'est la première réunion : aucune décision n'a encore été prise.",
    )
    words = decisions_sentence(kept, on)
    told = [Paragraph(words, "lead")] if words else []
    return [section("decisions", *told, table, page_break="reussites" not in facts.keys)]


def _where(decision: Decision, act: str) -> str:
    """Where it stands, what became of it elsewhere, and what it did to the plan."""
    told = [decision.follow_up.strip() or "Pas encore de nouvelle."]
    if act:
        told.append(f"Suite : {act}.")
    told.append(effects_told(decision))
    return " ".join(part for part in told if part)


def decisions_sentence(kept: list[Decision], on: date) -> str:
    """« Sur 5 décisions, 3 sont faites et 1 a dépassé son échéance. »"""
    if not kept:
        return ""
    done = sum(row.state == Decision.State.DONE for row in kept)
    overdue = sum(is_overdue(row, on) for row in kept)
    words = "est faite" if done == 1 else "sont faites"
    told = f"{done} {words}" if done else "aucune n'est encore faite"
    late = f"{overdue} {'a' if overdue == 1 else 'ont'} dépassé {'son' if overdue == 1 else 'leur'} échéance"
    whole = f"Sur {fr.plural(len(kept), 'décision', 'décisions')}, {told}"
    return f"{whole} ; {late}." if overdue else f"{whole} ; aucune n'a dépassé son échéance."


# --- Arbitrages -----------------------------------------------------------------------------
def arbitrations(facts: Facts) -> list[Section]:
    """One page for each, with room to write what is decided."""
    return [
        Section(
            f"Arbitrage n°{fr.NBSP}{rank} – {point.item.title}",
            (
                Paragraph(words_of(point.item, with_money=facts.with_money).question, "question"),
                *arbitration_blocks(point, with_money=facts.with_money),
                *_room_to_decide(point, with_money=facts.with_money),
            ),
            page_break=True,
            identifier=f"arbitrage-{rank}",
        )
        for rank, point in enumerate(facts.arbitrations, 1)
    ]


def _room_to_decide(point: ArbitrationPoint, *, with_money: bool) -> list[NotesArea]:
    """As many ruled lines as the page surely has left: a page of notes alone would be lost."""
    options = list(point.options.all())
    rows = criteria(options, with_money=with_money)
    width = max(14, 78 // max(len(options), 1))
    table = sum(max((ceil(len(text) / width) for text in row.values), default=1) for row in rows)
    titles = max((ceil(len(option.title) / width) for option in options), default=1)
    used = 10 + printed_lines(point.question) + printed_lines(point.context) + table + titles
    if point.technical_opinion:
        used += 4 + printed_lines(point.technical_opinion)
    for lines in NOTE_LINES:
        if used + 3 + lines * 1.6 <= PAGE_LINES:
            return [NotesArea(lines, "Ce que le comité décide")]
    return []


# --- Enjeux ---------------------------------------------------------------------------------
def territory_challenges(facts: Facts) -> list[Section]:
    themes = {theme.pk for theme in facts.meeting.committee.kind.themes.all()}
    rows = [
        row for row in challenges(facts.request.agreement) if not themes or row.theme_id in themes
    ]
    table = Table(
        caption="Les enjeux, par priorité",
        columns=(
            Column("Priorité", width=4),
            Column("Enjeu", width=14),
            Column("Thème", width=7),
            Column("Actions", "integer", width=3),
        ),
        rows=tuple(
            (
                str(Challenge.Priority(row.priority).label),
                row.title,
                row.theme.name,
                row.action_count,  # type: ignore[attr-defined]
            )
            for row in rows[:CHALLENGES]
        ),
        empty="Aucun enjeu n'est encore retenu.",
        note="Actions : celles du plan qui répondent à l'enjeu."
        + (f" {len(rows) - CHALLENGES} autres enjeux ne sont pas listés." if len(rows) > CHALLENGES else ""),
    )  # fmt: skip
    return [section("enjeux", table, page_break=True)]


# --- Avancement -----------------------------------------------------------------------------
def progress(facts: Facts) -> list[Section]:
    """By orientation; late and blocked in words, with their reasons."""
    sentence = parts.progress_sentence(facts.counts, len(facts.late))
    blocks: list[Block] = [parts.progress_told(facts.progress, sentence)]
    if facts.blocked:
        blocks += [
            Heading("Actions bloquées"),
            BulletList(tuple(parts.blocked_items(facts.blocked))),
        ]
    if facts.late:
        blocks += [Heading("Actions en retard"), BulletList(tuple(parts.late_items(facts.late)))]
    if facts.is_limited:
        names = ", ".join(theme.name for theme in facts.meeting.committee.kind.themes.all())
        blocks.append(Paragraph(f"Les actions des thèmes de cette instance : {names}.", "note"))
    return [section("avancement", *blocks, page_break=True)]


def highlights(facts: Facts) -> list[Section]:
    """Three and three: more is not heard."""
    kinds = FollowUpNote.Kind

    def items(*wanted: str) -> tuple[str, ...]:
        return tuple(f"**{note.action.title}** : {note.text}" for note in facts.notes(*wanted)) or (
            "Rien n'a encore été noté.",
        )

    return [
        section(
            "reussites",
            Callout("success", "Ce qui a marché", items(kinds.SUCCESS, kinds.LEVER)),
            Callout("warning", "Ce qui a été difficile", items(kinds.OBSTACLE, kinds.ARBITRATION)),
        )
    ]


def consultations_of(facts: Facts) -> list[Consultation]:
    rows = consultations(facts.request.agreement)
    return [row for row in rows if row.starts_on.year == facts.request.year]


# --- Habitants, perspectives ----------------------------------------------------------------
def inhabitants(facts: Facts) -> list[Section]:
    """What was asked of them in the year, and what they were answered."""
    items = []
    for row in consultations_of(facts)[:CONSULTATIONS]:
        people = fr.plural(row.participants, "participant") if row.participants else ""
        method = ", ".join(text for text in (str(row.get_method_display()), people) if text)
        told = [f"**{row.title}** ({method})."]
        if row.lessons.strip():
            told.append(f"Ce qui en ressort : {row.lessons.strip()}")
        told.append(f"Réponse donnée : {row.answer.strip() or 'à venir.'}")
        items.append(" ".join(told))
    empty = f"Aucune concertation n'est enregistrée en {facts.request.year}."
    return [
        section(
            "habitants", BulletList(tuple(items)) if items else Paragraph(empty), page_break=True
        )
    ]


def perspectives(facts: Facts) -> list[Section]:
    meeting = facts.meeting
    items = parts.sentences(meeting.perspectives)
    timeline = tuple(
        (
            fr.date_long(coming.on),
            f"{coming.committee.name}, {coming.place or 'lieu à préciser'}",
            "",
        )
        for coming in coming_after(meeting, DATES)
    )
    blocks: list[Block] = [BulletList(tuple(items))] if items else []
    blocks.append(Heading("Calendrier"))
    blocks.append(
        Timeline(timeline) if timeline else Paragraph("Aucune autre réunion n'est encore fixée.")
    )
    blocks.append(NotesArea(7, "Vos notes"))
    return [section("perspectives", *blocks, page_break="habitants" not in facts.keys)]


# --- Mesures --------------------------------------------------------------------------------
def measures(facts: Facts) -> list[Section]:
    """The start, the target of the year and the last value known: never a figure alone."""
    year = facts.request.year
    rows: list[tuple[Cell, ...]] = []
    for action in _with_measures(facts):
        for measure in action.measures.all():
            points = {point.year: point for point in measure.points.all()}
            known = [y for y in sorted(points) if y <= year and points[y].value is not None]
            target = points[year].target if year in points else None

            def told(value: object, own: object = measure) -> str:
                return fr.with_unit(value, own.unit, own.decimals)  # type: ignore[arg-type, attr-defined]

            rows.append(
                (
                    f"{measure.label} ({action.code})",
                    told(measure.baseline) if measure.baseline is not None else Missing(),
                    told(target) if target is not None else Missing("sans cible"),
                    told(points[known[-1]].value) if known else Missing("pas encore de valeur"),
                    str(known[-1]) if known else "–",
                )
            )
    table = Table(
        caption="Les mesures du plan",
        columns=(
            Column("Mesure (action)", width=12),
            Column("Départ", width=4),
            Column(f"Cible {year}", width=4),
            Column("Dernière valeur", width=5),
            Column("Année", width=2),
        ),
        rows=tuple(rows),
        empty="Aucune mesure n'est encore choisie.",
        note="« pas encore de valeur » : la mesure n'a pas été relevée ; ce n'est pas un zéro.",
    )
    return [section("mesures", table, page_break=True)]


def _with_measures(facts: Facts) -> list:
    prefetch_related_objects(facts.actions, "measures__points")
    return facts.actions


CORE: dict[str, Callable[[Facts], list[Section]]] = {
    "synthese": summary,
    "reussites": highlights,
    "decisions": decisions,
    "arbitrages": arbitrations,
    "enjeux": territory_challenges,
    "avancement": progress,
    "mesures": measures,
    "moyens": means,
    "habitants": inhabitants,
    "perspectives": perspectives,
}
