"""« Et maintenant ? »: what to do next about a meeting, in one sentence, for whoever reads its page.
No query: everything was read for the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from agreements.access import Access
from agreements.models import DocumentState
from agreements.roles import Capability as C
from committees.models import (
    AgendaItem,
    Attendance,
    Decision,
    Meeting,
    MeetingRecord,
    Sending,
    Step,
)
from committees.papers import Papers
from committees.queries import Agenda
from core.audience import Audience
from core.formats import NBSP, plural

Kind = Sending.Kind


@dataclass(frozen=True)
class NextStep:
    sentence: str
    label: str
    url: str


@dataclass(frozen=True)
class Facts:
    """What the page of the meeting has read. ``untreated``: its points without outcome nor
    decision, once it is held."""

    access: Access
    today: date
    papers: Papers
    agenda: Agenda
    attendances: Sequence[Attendance]
    untreated: Sequence[AgendaItem]
    decisions: Sequence[Decision]
    record: MeetingRecord | None

    @property
    def meeting(self) -> Meeting:
        return self.papers.meeting

    def step(self, sentence: str, label: str, name: str, pk: int | None = None, anchor: str = "") -> NextStep:  # fmt: skip
        arguments = [self.access.agreement.slug, pk or self.meeting.pk]
        return NextStep(sentence, label, reverse(name, args=arguments) + anchor)


def next_step(facts: Facts) -> NextStep | None:
    """None when nothing is asked of this reader."""
    state, steers = facts.meeting.state, facts.access.can(C.COMMITTEES_CHANGE)
    if not steers:
        return _read(facts)
    if state == Meeting.State.CANCELLED:
        return _cancelled(facts)
    if state == Meeting.State.HELD:
        return _record(facts) or _decisions(facts)
    return _session(facts) or _agenda(facts) or _invitation(facts) or _pack(facts) or _ready(facts)


# --- Whoever steers: before -------------------------------------------------------------------------
def _session(facts: Facts) -> NextStep | None:
    if facts.meeting.on > facts.today:
        return None
    sentence = (
        "C'est aujourd'hui : notez dans la séance qui est là, ce qui se dit et ce qui se décide."
        if facts.meeting.on == facts.today
        else "La date est passée : notez dans la séance qui était là et ce que chaque point est devenu."
    )
    return facts.step(sentence, "Ouvrir la séance", "committees:session")


def _agenda(facts: Facts) -> NextStep | None:
    agenda = facts.agenda
    if agenda.proposals:
        count = plural(len(agenda.proposals), "point proposé", "points proposés")
        return facts.step(
            f"{count} par la Caf : à retenir ou non.",
            "Répondre à la Caf",
            "committees:meeting",
            anchor="#ordre-du-jour",
        )
    if not agenda.lines:
        return facts.step(
            "L'ordre du jour est à écrire : commencez par ce qui attend déjà une réunion.",
            "Voir ce que l'outil propose",
            "committees:proposals",
        )
    kind = AgendaItem.Kind.ARBITRATION
    bare = [line.item for line in agenda.lines if line.item.kind == kind]
    bare = [item for item in bare if not hasattr(item, "arbitration")]
    if bare:
        return facts.step(
            f"Le point « {bare[0].title} » attend sa question et ses options.",
            "Écrire la question et les options",
            "committees:arbitration",
            bare[0].pk,
        )
    return None


def _invitation(facts: Facts) -> NextStep | None:
    if not facts.attendances:
        return facts.step(
            "Personne n'est encore inscrit : inscrivez les membres, puis invitez-les.",
            "Voir la liste de présence",
            "committees:meeting",
            anchor="#presences",
        )
    if facts.papers.is_out(Kind.INVITATION, Step.INVITATION):
        return None
    when = facts.papers.before(Step.INVITATION)
    people = plural(len(facts.attendances), "personne est inscrite", "personnes sont inscrites")
    return facts.step(
        _sentence(f"{people} : envoyez l'invitation", when),
        "Préparer l'invitation",
        "committees:sendings",
    )


def _pack(facts: Facts) -> NextStep | None:
    papers = facts.papers
    if not papers.wants_pack:
        return None
    if papers.pack_number is None:
        return facts.step(
            _sentence(
                "Produisez le dossier de séance, à faire relire", papers.before(Step.READING)
            ),
            "Préparer le dossier",
            "reports:pack",
        )
    when = papers.before(Step.PACK)
    if not papers.waits_for_direction:
        return facts.step(
            _sentence(f"Le {papers.pack} est validé : envoyez-le aux membres", when),
            "Envoyer le dossier",
            "committees:sendings",
        )
    reading = (
        f"Faites relire le {papers.pack} par la Caf et la direction"
        if papers.pack_state == DocumentState.DRAFT
        else f"La Caf a relu le {papers.pack} : demandez à la direction de le valider"
    )
    return facts.step(
        _sentence(f"{reading}, pour qu'il parte", when), "Ouvrir le dossier", "reports:pack"
    )


def _ready(facts: Facts) -> NextStep:
    return facts.step(
        "Tout est parti. Le jour venu, la séance se tient ici.",
        "Voir la page de la séance",
        "committees:session",
    )


def _sentence(words: str, when: str) -> str:
    return f"{words} {when}." if when else f"{words}."


# --- Whoever steers: after --------------------------------------------------------------------------
def _cancelled(facts: Facts) -> NextStep | None:
    left = facts.papers.left
    if Kind.INVITATION not in left or Kind.CANCELLATION in left:
        return None
    return facts.step(
        "Des personnes étaient invitées : annoncez-leur l'annulation.",
        "Préparer l'annonce",
        "committees:sendings",
    )


def _record(facts: Facts) -> NextStep | None:
    record, meeting = facts.record, facts.meeting
    if record is None:
        statuses = {row.status for row in facts.attendances}
        if statuses == {Attendance.Status.INVITED}:
            return facts.step(
                "Aucune présence n'est notée : dites qui était là.",
                "Noter les présences",
                "committees:session",
                anchor="#presences",
            )
        if facts.agenda.lines and len(facts.untreated) == len(facts.agenda.lines):
            return facts.step(
                "Aucun point n'a d'issue : dites ce que chacun est devenu et ce qui a été décidé.",
                "Ouvrir la séance",
                "committees:session",
            )
        return facts.step(
            "Relisez le relevé de décisions, puis soumettez-le à la présidence.",
            "Ouvrir le relevé",
            "committees:record",
        )
    if not record.is_locked:
        who = meeting.chair or "la présidence"
        return facts.step(
            f"Le relevé attend la validation de {who} : faites-le-lui lire.",
            "Faire valider le relevé",
            "committees:record",
            anchor="#etat",
        )
    if not facts.papers.is_out(Kind.RECORD, Step.RECORD):
        return facts.step(
            "Le relevé est validé : envoyez-le aux membres.",
            "Préparer l'envoi",
            "committees:sendings",
        )
    return None


def _decisions(facts: Facts) -> NextStep | None:
    """What the validated record left waiting in the plan."""
    for decision in facts.decisions:
        if decision.to_confirm:  # type: ignore[attr-defined]
            return facts.step(
                f"Le plan a changé depuis la décision n°{NBSP}{decision.number} : confirmez son effet.",
                "Voir l'effet à confirmer",
                "committees:decision",
                decision.pk,
                "#effets",
            )
    for decision in facts.decisions:
        if decision.awaits_vote:  # type: ignore[attr-defined]
            return facts.step(
                f"La décision n°{NBSP}{decision.number} attend un vote : notez l'acte dès qu'il est pris.",
                "Noter le vote",
                "committees:decision_follow_up",
                decision.pk,
            )
    return None


# --- Whoever reads ----------------------------------------------------------------------------------
def _read(facts: Facts) -> NextStep | None:
    """The direction approves the pack, the Caf reads it, the members read what was sent."""
    access, papers, meeting = facts.access, facts.papers, facts.meeting
    if meeting.state == Meeting.State.HELD:
        if facts.record is None or not facts.record.is_locked:
            return None
        return facts.step(
            "Le relevé est validé : lisez ce qui a été décidé.",
            "Lire le relevé",
            "committees:record",
        )
    if meeting.state != Meeting.State.PLANNED or meeting.on < facts.today:
        return None
    when = papers.before(Step.PACK)
    if papers.waits_for_direction and access.can(C.DOCUMENTS_APPROVE):
        return facts.step(
            _sentence(f"Relisez le {papers.pack}, puis validez-le pour qu'il parte", when),
            "Relire le dossier",
            "reports:pack",
        )
    is_draft = papers.waits_for_direction and papers.pack_state == DocumentState.DRAFT
    if is_draft and access.can(C.DOCUMENTS_READ_MARK):
        return facts.step(
            f"Relisez le {papers.pack}, puis marquez-le « relu par la Caf ».",
            "Relire le dossier",
            "reports:pack",
        )
    if Kind.PACK in papers.left and access.audience.allows(Audience.COMMITTEE):
        if access.can(C.RECORD_VALIDATE):
            return facts.step(
                "Le dossier est parti : l'essentiel se lit en trois minutes.",
                "Lire en trois minutes",
                "reports:brief",
            )
        return facts.step("Le dossier est parti : lisez-le avant la réunion.", "Lire le dossier", "reports:pack")  # fmt: skip
    return None
