"""« Et maintenant ? »: what to do next about a meeting, in one sentence, for whoever reads its page,
then « Ensuite »: two more things at most. No query: everything was read for the page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
from committees.own_answer import OwnAnswer
from committees.papers import Papers
from committees.queries import Agenda
from committees.retroplanning import Line
from core.audience import Audience
from core.formats import NBSP, date_long, plural

Kind = Sending.Kind
MOST = 3


@dataclass(frozen=True)
class NextStep:
    sentence: str
    label: str
    url: str
    key: str = ""
    """The step of the rétroplanning that it is, when it is one."""


@dataclass(frozen=True)
class Facts:
    """What the page of the meeting has read. ``untreated``: its points without outcome nor
    decision, once it is held."""

    access: Access
    today: date
    papers: Papers
    agenda: Agenda
    attendances: Sequence[Attendance]
    mine: OwnAnswer | None
    preparation: Sequence[Line]
    untreated: Sequence[AgendaItem]
    decisions: Sequence[Decision]
    record: MeetingRecord | None

    @property
    def meeting(self) -> Meeting:
        return self.papers.meeting

    def step(self, sentence: str, label: str, name: str, pk: int | None = None, anchor: str = "", key: str = "") -> NextStep:  # fmt: skip
        arguments = [self.access.agreement.slug, pk or self.meeting.pk]
        return NextStep(sentence, label, reverse(name, args=arguments) + anchor, key)


Asking = Callable[[Facts], NextStep | None]


def next_steps(facts: Facts) -> list[NextStep]:
    """The most pressing first; empty when nothing is asked of this reader."""
    return _asked(facts)[:MOST]


def _asked(facts: Facts) -> list[NextStep]:
    state = facts.meeting.state
    if not facts.access.can(C.COMMITTEES_CHANGE):
        return _all(facts, _approve, _read_over, _answer, _brief, _read_pack, _read_record)
    if state == Meeting.State.CANCELLED:
        return _all(facts, _cancelled)
    if state == Meeting.State.HELD:
        return _all(facts, _record, _decisions)
    if (session := _session(facts)) is not None:
        return [session]
    main = _agenda(facts) or _invitation(facts) or _pack(facts) or _letters(facts) or _ready(facts)
    late, others = _late(facts, main), _all(facts, _letters, _silent)
    return [main, *([late] if late else []), *(step for step in others if step != main)]


def _all(facts: Facts, *asking: Asking) -> list[NextStep]:
    return [step for ask in asking if (step := ask(facts)) is not None]


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
        key=Step.INVITATION,
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
            key=Step.READING,
        )
    when = papers.before(Step.PACK)
    if not papers.waits_for_direction:
        return facts.step(
            _sentence(f"Le {papers.pack} est validé : envoyez-le aux membres", when),
            "Envoyer le dossier",
            "committees:sendings",
            key=Step.PACK,
        )
    reading = (
        f"Faites relire le {papers.pack} par la Caf et la direction"
        if papers.pack_state == DocumentState.DRAFT
        else f"La Caf a relu le {papers.pack} : demandez à la direction de le valider"
    )
    return facts.step(
        _sentence(f"{reading}, pour qu'il parte", when),
        "Ouvrir le dossier",
        "reports:pack",
        key=Step.PACK,
    )


def _ready(facts: Facts) -> NextStep:
    return facts.step(
        "Tout est parti. Le jour venu, la séance se tient ici.",
        "Voir la page de la séance",
        "committees:session",
    )


# --- Whoever steers: what waits beside it -----------------------------------------------------------
def _late(facts: Facts, main: NextStep) -> NextStep | None:
    """The steps of the rétroplanning whose date is past, but for the one that comes first anyway."""
    late = [row for row in facts.preparation if row.is_late and row.line.key != main.key]
    if not late:
        return None
    if len(late) == 1:
        line, words = late[0].line, late[0].words
        sentence = f"« {line.label} » ({words}) était à faire avant le {date_long(line.due_on)}."
    else:
        sentence = f"{len(late)} étapes du rétroplanning ont passé leur date."
    return facts.step(sentence, "Voir le rétroplanning", "committees:meeting", anchor="#retroplanning")  # fmt: skip


def _letters(facts: Facts) -> NextStep | None:
    count = sum(facts.papers.asked.values())
    if not count:
        return None
    words = plural(count, "invitation sur papier est à remettre", "invitations sur papier sont à remettre")  # fmt: skip
    return facts.step(f"{words} en main propre ou par courrier.", "Noter la remise", "committees:sendings")  # fmt: skip


def _silent(facts: Facts) -> NextStep | None:
    """Of those who were invited."""
    silent = [
        row
        for row in facts.attendances
        if not row.answer
        and row.status == Attendance.Status.INVITED
        and facts.papers.has_invited(row.contact_id)
    ]
    if not silent:
        return None
    words = plural(len(silent), "personne n'a pas répondu", "personnes n'ont pas répondu")
    return facts.step(f"{words} à l'invitation.", "Voir les réponses", "committees:sendings")


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
# A record that awaits its chair has a notice of its own, before these.
def _to_come(facts: Facts) -> bool:
    meeting = facts.meeting
    return meeting.state == Meeting.State.PLANNED and meeting.on >= facts.today


def _approve(facts: Facts) -> NextStep | None:
    papers = facts.papers
    if not (
        _to_come(facts) and papers.waits_for_direction and facts.access.can(C.DOCUMENTS_APPROVE)
    ):
        return None
    return facts.step(
        _sentence(
            f"Relisez le {papers.pack}, puis validez-le pour qu'il parte", papers.before(Step.PACK)
        ),
        "Relire le dossier",
        "reports:pack",
    )


def _read_over(facts: Facts) -> NextStep | None:
    papers = facts.papers
    is_draft = papers.waits_for_direction and papers.pack_state == DocumentState.DRAFT
    if not (_to_come(facts) and is_draft and facts.access.can(C.DOCUMENTS_READ_MARK)):
        return None
    return facts.step(
        f"Relisez le {papers.pack}, puis marquez-le « relu par la Caf ».",
        "Relire le dossier",
        "reports:pack",
    )


def _answer(facts: Facts) -> NextStep | None:
    if facts.mine is None or not facts.mine.is_awaited:
        return None
    sentence = (
        "La réunion a changé depuis votre réponse : dites de nouveau si vous venez."
        if facts.mine.is_stale
        else "Vous êtes invité(e) : dites si vous venez."
    )
    return facts.step(sentence, "Répondre", "committees:meeting", anchor="#votre-reponse")


def _brief(facts: Facts) -> NextStep | None:
    """For the elected member, as soon as its sentences are written."""
    brief = getattr(facts.meeting, "brief", None)
    is_written = brief is not None and bool(brief.sentences)
    if not (_to_come(facts) and facts.access.can(C.RECORD_VALIDATE)):
        return None
    if not (is_written or Kind.PACK in facts.papers.left):
        return None
    return facts.step(
        "L'essentiel de cette réunion se lit en trois minutes.",
        "Lire en trois minutes",
        "reports:brief",
    )


def _read_pack(facts: Facts) -> NextStep | None:
    may_read = facts.access.audience.allows(Audience.COMMITTEE)
    if not (_to_come(facts) and Kind.PACK in facts.papers.left and may_read):
        return None
    return facts.step("Le dossier est parti : lisez-le avant la réunion.", "Lire le dossier", "reports:pack")  # fmt: skip


def _read_record(facts: Facts) -> NextStep | None:
    is_locked = facts.record is not None and facts.record.is_locked
    if facts.meeting.state != Meeting.State.HELD or not is_locked:
        return None
    return facts.step(
        "Le relevé est validé : lisez ce qui a été décidé.", "Lire le relevé", "committees:record"
    )
