"""« Dossier de séance »: what each part of the pack already holds, and where to mend the rest."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.urls import reverse

from actionplan.models import FollowUpNote, Measure
from agreements.access import Access
from agreements.models import Attachment
from agreements.roles import Capability as C
from committees.models import AgendaItem
from committees.register import is_overdue
from core.formats import hours_minutes, plural
from reports.documents.dossier.core import consultations_of
from reports.documents.dossier.facts import Facts
from reports.documents.parts import sentences
from reports.pack_sections import KEYS, PACK_SECTIONS, PackSection
from territory.queries import challenges

READY, TO_MEND, EMPTY = "ready", "to_mend", "empty"
STATES = {
    READY: ("prêt", "circle-check", "success"),
    TO_MEND: ("à revoir", "pencil", "warning"),
    EMPTY: ("rien encore", "circle-dashed", "neutral"),
}
MOST_QUESTIONS = 3


@dataclass(frozen=True)
class Told:
    """``page`` and ``pk``: the address where it is mended; no page, nothing to mend."""

    words: str
    state: str = READY
    page: str = ""
    pk: int | None = None
    label: str = ""
    anchor: str = ""


@dataclass(frozen=True)
class Line:
    section: PackSection
    told: Told
    url: str

    @property
    def badge(self) -> tuple[str, str, str]:
        """Word, icon, tone."""
        return STATES[self.told.state]


WRITES = {
    "committees:meeting_texts": C.COMMITTEES_CHANGE,
    "committees:decision_follow_up": C.COMMITTEES_CHANGE,
    "committees:arbitration": C.COMMITTEES_CHANGE,
    "partners:contracts": C.PARTNERS_VIEW,
}
"""Pages that not everybody who produces documents may open."""


def lines(facts: Facts, access: Access) -> list[Line]:
    """Every part, chosen or not, as the stated audience would read it. ``facts`` of all parts."""
    slug = facts.request.agreement.slug
    found = []
    for section in PACK_SECTIONS:
        told = TELLERS[section.key](facts)
        if section.money and not facts.with_money:
            told = Told("Aucun montant pour ces destinataires : cette partie restera vide.", EMPTY)
        arguments = [slug, *([told.pk] if told.pk else [])]
        may_open = told.page and access.can(WRITES.get(told.page, C.DOCUMENTS_VIEW))
        url = reverse(told.page, args=arguments) + told.anchor if may_open else ""
        found.append(Line(section, told, url))
    return found


def with_every_part(facts: Facts) -> Facts:
    return replace(facts, keys=KEYS)


def agenda(facts: Facts) -> Told:
    """The agenda stands on the cover of every pack."""
    meeting = facts.meeting
    total = sum(item.minutes for item in facts.agenda)
    if not facts.agenda:
        return Told("L'ordre du jour n'est pas encore écrit.", EMPTY)
    words = f"{plural(len(facts.agenda), 'point')}, {hours_minutes(total)} pour une réunion de {hours_minutes(meeting.duration_minutes)}"
    if total > meeting.duration_minutes:
        return Told(f"{words} : il déborde.", TO_MEND)
    return Told(f"{words}.")


def _texts(facts: Facts, words: str, state: str, label: str) -> Told:
    return Told(words, state, "committees:meeting_texts", facts.meeting.pk, label)


def _summary(facts: Facts) -> Told:
    asked = plural(len(facts.asked), "décision demandée", "décisions demandées")
    if facts.meeting.introduction.strip():
        return _texts(facts, f"La synthèse est écrite ; {asked}.", READY, "Relire la synthèse")
    words = f"La synthèse est proposée, à relire ; {asked}."
    return _texts(facts, words, TO_MEND, "Écrire la synthèse")


def _decisions(facts: Facts) -> Told:
    rows = facts.decisions
    if not rows:
        return Told("Aucune décision n'a encore été prise.", EMPTY)
    silent = [row for row in rows if not row.follow_up.strip()]
    overdue = sum(is_overdue(row, facts.request.on) for row in rows)
    words = f"{plural(len(rows), 'décision suivie', 'décisions suivies')}, {overdue or 'aucune'} {'échues' if overdue > 1 else 'échue'}"
    if not silent:
        return Told(f"{words}.")
    words += f" ; {plural(len(silent), 'sans nouvelle', 'sans nouvelles')}."
    label = f"Dire où en est la n° {silent[0].number}"
    return Told(words, TO_MEND, "committees:decision_follow_up", silent[0].pk, label)


def _highlights(facts: Facts) -> Told:
    kinds = FollowUpNote.Kind
    good = len(facts.notes(kinds.SUCCESS, kinds.LEVER))
    hard = len(facts.notes(kinds.OBSTACLE, kinds.ARBITRATION))
    if not good + hard:
        return Told("Rien n'a été noté cette année.", EMPTY, "actionplan:table", label="Voir les actions")  # fmt: skip
    return Told(f"{plural(good, 'réussite')} et {plural(hard, 'difficulté')} tirées du suivi.")


def _arbitrations(facts: Facts) -> Told:
    points = facts.arbitrations
    kind = AgendaItem.Kind.ARBITRATION
    bare = [i for i in facts.agenda if i.kind == kind and not hasattr(i, "arbitration")]
    if not points and not bare:
        return Told("Aucun point d'arbitrage à l'ordre du jour.", EMPTY)
    lacks = []
    without_opinion = [row for row in points if not row.technical_opinion.strip()]
    without_choice = [row for row in points if len(row.options.all()) < 2]
    if bare:
        lacks.append(f"{len(bare)} sans question ni options")
    if without_choice:
        lacks.append(f"{len(without_choice)} avec moins de deux options")
    if without_opinion:
        lacks.append(f"{len(without_opinion)} sans avis technique")
    if len(points) > MOST_QUESTIONS:
        lacks.append("c'est beaucoup pour une séance")
    count = len(points) + len(bare)
    words = ", ".join([plural(count, "point d'arbitrage", "points d'arbitrage"), *lacks])
    if not lacks:
        return Told(f"{words}.")
    item_pk = next(iter([i.pk for i in bare] + [p.item_id for p in without_choice + without_opinion]), None)  # fmt: skip
    if item_pk is None:
        return Told(f"{words}.", TO_MEND)
    return Told(f"{words}.", TO_MEND, "committees:arbitration", item_pk, "Compléter le point")


def _challenges(facts: Facts) -> Told:
    rows = challenges(facts.request.agreement).count()
    return Told(f"{plural(rows, 'enjeu', 'enjeux')}.") if rows else Told("Aucun enjeu.", EMPTY)


def _progress(facts: Facts) -> Told:
    if not facts.actions:
        return Told("Aucune action n'est encore écrite.", EMPTY)
    late, blocked = facts.late, facts.blocked
    words = f"{plural(len(facts.actions), 'action')}, {len(late)} en retard, {plural(len(blocked), 'bloquée')}"
    silent = [row for row in late if not row.progress_note.strip()]
    if not silent:
        return Told(f"{words}.")
    words += f" ; {plural(len(silent), 'retard')} sans explication."
    label = f"Expliquer le retard de la {silent[0].code}"
    return Told(words, TO_MEND, "actionplan:action", silent[0].pk, label)


def _measures(facts: Facts) -> Told:
    followed = Measure.objects.filter(action__in=[action.pk for action in facts.actions]).count()
    return Told(f"{plural(followed, 'mesure')}.") if followed else Told("Aucune mesure.", EMPTY)


def _inhabitants(facts: Facts) -> Told:
    rows = consultations_of(facts)
    if not rows:
        return Told("Aucune concertation cette année.", EMPTY, "participation:home", label="Voir le registre")  # fmt: skip
    silent = [row for row in rows if not row.answer.strip()]
    words = plural(len(rows), "concertation")
    if not silent:
        return Told(f"{words}, chacune avec sa réponse.")
    words += f", {len(silent)} sans réponse donnée aux habitants."
    return Told(words, TO_MEND, "participation:home", label="Écrire la réponse")


def _means(facts: Facts) -> Told:
    rows = facts.contracts
    unknown = sum(row.known is None for row in rows)
    if not rows:
        return Told("Aucun contrat de la Caf n'est saisi.", EMPTY)
    words = plural(len(rows), "contrat")
    if not unknown:
        return Told(f"{words}, tous avec un montant connu.")
    return Told(f"{words}, {unknown} sans montant connu.", TO_MEND, "partners:contracts", label="Compléter les montants")  # fmt: skip


def _perspectives(facts: Facts) -> Told:
    items = sentences(facts.meeting.perspectives)
    if items:
        words = f"{plural(len(items), 'perspective')}, puis le calendrier."
        return _texts(facts, words, READY, "Relire les perspectives")
    words = "Les perspectives restent à écrire ; le calendrier se remplit seul."
    return _texts(facts, words, TO_MEND, "Écrire les perspectives")


def _papers(facts: Facts) -> Told:
    joined = sum(len(files) for files in facts.files.values())
    kept = [item.pk for item in facts.agenda]
    label = AgendaItem._meta.label_lower
    everything = Attachment.objects.filter(
        agreement=facts.request.agreement, target_type=label, target_id__in=kept
    ).count()
    page = {"page": "committees:meeting", "pk": facts.meeting.pk, "anchor": "#ordre-du-jour"}
    if not everything:
        return Told("Aucun document n'est joint aux points.", EMPTY, label="Joindre un document", **page)  # type: ignore[arg-type]  # fmt: skip
    words = plural(joined, "document cité", "documents cités")
    if everything > joined:
        words += f" ; {everything - joined} que ces destinataires ne liront pas"
    return Told(f"{words}.", label="Voir les documents", **page)  # type: ignore[arg-type]


def _sheets(facts: Facts) -> Told:
    count = len({action.pk for item in facts.agenda for action in item.actions.all()})
    if not count:
        return Told("Aucune action n'est reliée à un point.", EMPTY, "committees:meeting", facts.meeting.pk, "Relier des actions", "#ordre-du-jour")  # fmt: skip
    return Told(f"{plural(count, 'fiche')}.")


def _figures(facts: Facts) -> Told:
    count = len(facts.figures)
    return Told(f"{plural(count, 'chiffre')}, chacun avec sa source.") if count else Told("Aucun chiffre.", EMPTY)  # fmt: skip


def _words(facts: Facts) -> Told:
    return Told("Écrit par l'application, d'après les sigles employés.")


TELLERS = {
    "synthese": _summary,
    "decisions": _decisions,
    "reussites": _highlights,
    "arbitrages": _arbitrations,
    "enjeux": _challenges,
    "avancement": _progress,
    "mesures": _measures,
    "habitants": _inhabitants,
    "moyens": _means,
    "perspectives": _perspectives,
    "pieces": _papers,
    "fiches": _sheets,
    "chiffres": _figures,
    "glossaire": _words,
}
