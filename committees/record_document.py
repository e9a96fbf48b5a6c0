"""The relevé de décisions as content blocks: one page or two, the document that matters.

Who was there, what was decided (number, option, who, by when, what must follow elsewhere), what is
to be seen again, when the next meeting is. What the plan's money becomes is for the members of the
committee; the rest is for whoever may open the page (``core.audience``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from actionplan.working_paper import agreement_meta
from committees import register
from committees.models import (
    AgendaItem,
    Attendance,
    Decision,
    DecisionEffect,
    Meeting,
    MeetingRecord,
    RecordAddendum,
)
from committees.records import chair_words
from core import formats as fr
from core.audience import Audience
from core.db import fr_order
from core.documents.content import (
    Block,
    Callout,
    Column,
    Content,
    KeyValues,
    Paragraph,
    Section,
    SignatureBlock,
    Table,
)

KIND = "releve-de-decisions"
S = Attendance.Status
OPINION = fr.tied(
    "Le comité donne un avis : il ne vote pas de crédits. Toute dépense reste soumise au vote du "
    "conseil municipal."
)
PENDING_VOTE = "Les montants sont sous réserve du vote de l'assemblée compétente."
PRESENCE_WORDS = [
    (S.PRESENT, "Présents"),
    (S.REPRESENTED, "Représentés"),
    (S.EXCUSED, "Excusés"),
    (S.ABSENT, "Absents"),
    (S.INVITED, "Présence non notée"),
]


@dataclass(frozen=True)
class Validation:
    """Who validated, when, and how."""

    on: date
    by: str
    means: str

    @property
    def sentence(self) -> str:
        return f"Validé le {fr.date_long(self.on)} par {self.by}, {self.means}."


def hours_words(meeting: Meeting) -> str:
    """As they were noted; as planned otherwise."""
    start, end = meeting.opened_at or meeting.starts_at, meeting.closed_at or meeting.ends_at
    return f"{fr.date_long(meeting.on)}, {fr.hours_between(start, end)}"


# --- Who was there --------------------------------------------------------------------------------
def _person(row: Attendance) -> str:
    place = row.organisation.short_name or row.organisation.name
    words = f"{row.contact} ({place})"
    return f"{words}, par {row.represented_by}" if row.represented_by else words


def presence_rows(attendances: Iterable[Attendance]) -> list[tuple[str, str]]:
    """« Présents (8) » → names and organisations; a state that nobody has is left out."""
    listed = list(attendances)
    rows = []
    for status, word in PRESENCE_WORDS:
        people = [_person(row) for row in listed if row.status == status]
        if people:
            rows.append((f"{word} ({len(people)})", f"{fr.NBSP}; ".join(people)))
    return rows


# --- What was decided -------------------------------------------------------------------------------
def _decision_text(decision: Decision) -> str:
    if decision.chosen_option is None:
        return fr.tied(decision.text)
    return fr.tied(f"{decision.text} **Option retenue : {decision.chosen_option}**")


def _counted(count: int) -> str:
    """« 5 décisions prises »."""
    return fr.plural(count, "décision prise", "décisions prises") if count else "Décisions prises"


def decisions_table(decisions: list[Decision]) -> Table:
    return Table(
        caption=_counted(len(decisions)),
        columns=(
            Column("N°", width=3),
            Column("Décision", width=22),
            Column("Responsable", width=5),
            Column("Échéance", "date", width=4),
            Column("Suite institutionnelle", width=5),
        ),
        rows=tuple(
            (
                decision.number,
                _decision_text(decision),
                str(decision.responsible or "à désigner"),
                decision.due_on or "sans échéance",
                register.DecisionRow(decision, decision.state).act or "aucune",
            )
            for decision in decisions
        ),
        empty="Aucune décision n'a été prise.",
    )


def _effects_table(effects: list[DecisionEffect], caption: str, audience: str) -> Table:
    return Table(
        caption=caption,
        columns=(
            Column("N°", width=3),
            Column("Action", width=8),
            Column("Avant", width=7),
            Column("Après", width=7),
        ),
        rows=tuple(
            (effect.decision.number, str(effect.action), effect.old_words, effect.new_words)
            for effect in effects
        ),
        audience=audience,
    )


def effects_blocks(decisions: list[Decision]) -> list[Block]:
    """What the decisions change in the plan. Money is for the members of the committee, and waits
    for the vote (a COPIL votes no credits: domaine.md §1.3)."""
    effects = [
        effect
        for decision in decisions
        for effect in decision.effects.all()
        if effect.state != DecisionEffect.State.SET_ASIDE
    ]
    plain = [effect for effect in effects if not effect.is_money]
    money = [effect for effect in effects if effect.is_money]
    blocks: list[Block] = []
    if plain:
        blocks.append(_effects_table(plain, "Ce que ces décisions changent au plan d'actions", ""))
    if money:
        blocks += [
            _effects_table(money, "Ce qu'elles changent aux budgets prévus", Audience.COMMITTEE),
            Paragraph(PENDING_VOTE, "note", audience=Audience.COMMITTEE),
        ]
    return blocks


# --- What became of each point ------------------------------------------------------------------------
def outcome_words(item: AgendaItem) -> str:
    """One line: « décision n° 2026-03 », « à revoir »…"""
    numbers = sorted(decision.number for decision in item.decisions.all())
    if numbers:
        words = "décision" if len(numbers) == 1 else "décisions"
        return f"{words} n° {', '.join(numbers)}"
    return str(item.get_outcome_display()) if item.outcome else "non traité"


def _points_table(items: list[AgendaItem]) -> Table:
    return Table(
        caption="Ce que chaque point est devenu",
        columns=(Column("Point", width=8), Column("Issue", width=4)),
        rows=tuple(
            (f"{rank}. {fr.tied(item.title)}", outcome_words(item))
            for rank, item in enumerate(items, 1)
        ),
        empty="Aucun ordre du jour n'était écrit.",
    )


def next_meeting_words(meeting: Meeting) -> str:
    """The next date of the same committee; empty when none is fixed."""
    following = meeting.committee.meetings.after(meeting).first()
    if following is None:
        return ""
    where = f", {following.place}" if following.place else ""
    return f"{fr.date_long(following.on)} à {fr.clock(following.starts_at)}{where}"


# --- The whole ------------------------------------------------------------------------------------------
def items_of(meeting: Meeting) -> list[AgendaItem]:
    return list(meeting.agenda.filter(is_confirmed=True).prefetch_related("decisions"))


def decisions_of(meeting: Meeting) -> list[Decision]:
    return list(
        register.decisions(meeting.agreement)
        .filter(meeting=meeting)
        .prefetch_related("effects__action")
        .order_by("decided_on", "number")
    )


def attendances_of(meeting: Meeting) -> list[Attendance]:
    return list(
        Attendance.objects.filter(meeting=meeting)
        .select_related("contact", "organisation")
        .order_by(*fr_order("organisation__name"), *fr_order("contact__last_name"), "pk")
    )


def heading_blocks(meeting: Meeting, chair: str) -> list[Block]:
    """When, where, under whom, with whom: the relevé and the minutes begin alike."""
    facts = [
        ("Date et heures", hours_words(meeting)),
        ("Lieu", meeting.place or "non renseigné"),
        ("Présidence", chair),
    ]
    presences = presence_rows(attendances_of(meeting))
    return [KeyValues((*facts, *presences))]


def record_content(
    meeting: Meeting,
    *,
    on: date | None,
    introduction: str = "",
    chair: str,
    validation: Validation | None = None,
) -> Content:
    """The relevé as the session makes it today. Without ``validation`` it is a draft, with a frame
    to sign: printed, signed and scanned, it may be validated on paper."""
    items, decisions = items_of(meeting), decisions_of(meeting)
    again = [fr.tied(item.title) for item in items if item.is_untreated]
    following = next_meeting_words(meeting)
    blocks: list[Block] = []
    if introduction:
        blocks.append(Paragraph(fr.tied(introduction), "lead"))
    blocks += heading_blocks(meeting, chair)
    sections = [
        Section("La réunion", tuple(blocks), numbered=False, identifier="reunion"),
        Section(
            "Décisions",
            (
                decisions_table(decisions),
                *effects_blocks(decisions),
                *([Paragraph(OPINION, "note")] if decisions else []),
            ),
            numbered=False,
            identifier="decisions",
        ),
        Section(
            "Ordre du jour",
            (
                _points_table(items),
                *(
                    [Callout("info", "À revoir à la prochaine réunion", tuple(again))]
                    if again
                    else []
                ),
                Paragraph(
                    f"Prochaine réunion{fr.NBSP}: **{following}**."
                    if following
                    else "La date de la prochaine réunion n'est pas encore fixée."
                ),
            ),
            numbered=False,
            identifier="points",
        ),
        Section(
            "Validation",
            (
                Callout("success", "Relevé validé", (validation.sentence,))
                if validation
                else SignatureBlock((("Pour la présidence de la réunion", chair),)),
            ),
            numbered=False,
            identifier="validation",
        ),
    ]
    return Content(
        identifier=KIND,
        title="Relevé de décisions",
        subtitle=f"{meeting.committee.name}, réunion du {fr.date_long(meeting.on)}",
        audience=Audience.COMMITTEE,
        cover=False,
        sections=tuple(sections),
        meta=agreement_meta(meeting.agreement, on),
    )


def fingerprint(content: Content) -> str:
    """What a reader had under the eyes, whatever the day: a record that moved since is read again
    before it is validated."""
    return content.with_meta(produced_on=None).content_hash


def addenda_section(addenda: Iterable[RecordAddendum]) -> Section | None:
    listed = list(addenda)
    if not listed:
        return None
    blocks = tuple(
        Callout(
            "warning",
            f"Rectificatif n° {row.number} du {fr.date_long(row.on)}",
            (fr.tied(row.text),),
        )
        for row in listed
    )
    return Section("Rectificatifs", blocks, numbered=False, identifier="rectificatifs")


def with_addenda(content: Content, addenda: Iterable[RecordAddendum]) -> Content:
    """The later copies of a validated record: what was frozen, then its dated corrections."""
    section = addenda_section(addenda)
    if section is None:
        return content
    return replace(content, sections=(*content.sections, section))


def readable_by(content: Content, audience: Audience) -> Content:
    """Without what is meant for fewer people than this reader."""
    level = Audience(content.audience)
    narrowed = level if audience.allows(level) else audience
    return replace(content, audience=narrowed.value).restricted()


def validated_content(record: MeetingRecord) -> Content:
    """The frozen record with its number, its state and its corrections."""
    assert record.snapshot is not None
    assert record.validated_on is not None
    label = f"validé le {fr.date_long(record.validated_on)}"
    content = Content.from_json(record.snapshot.content).with_meta(
        number=record.snapshot.number, state="approved", state_label=label
    )
    return with_addenda(content, record.addenda.all())


def draft_content(meeting: Meeting, record: MeetingRecord | None, *, on: date | None) -> Content:
    return record_content(
        meeting,
        on=on,
        introduction=record.introduction if record else "",
        chair=chair_words(meeting),
    )


def current_content(meeting: Meeting, record: MeetingRecord | None, *, on: date) -> Content:
    """What the page and its files show: the validated record, else the draft of the day."""
    if record is not None and record.is_locked:
        return validated_content(record)
    return draft_content(meeting, record, on=on)
