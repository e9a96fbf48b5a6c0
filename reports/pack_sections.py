"""The parts of a meeting's pack, in the order in which they are read, and those that each kind of
meeting usually asks for (domaine.md §1.3 and §7)."""

from __future__ import annotations

from dataclasses import dataclass

from committees.agenda_models import LAUNCH
from committees.models import CommitteeKind, Meeting
from core.audience import Audience
from core.errors import DomainError

MAX_CORE_PAGES = 8
MAX_ANNEX_PAGES = 10


@dataclass(frozen=True)
class PackSection:
    """A part: ``key`` in addresses, on the meeting and in the frozen document.

    ``money``: amounts only, so that a public edition has none of it. ``annex``: after the divide.
    """

    key: str
    title: str
    holds: str
    money: bool = False
    annex: bool = False


PACK_SECTIONS: tuple[PackSection, ...] = (
    PackSection(
        "synthese",
        "L'essentiel",
        "La synthèse, ce qui est demandé aujourd'hui, les financements de la Caf, cinq chiffres.",
    ),
    PackSection("reussites", "Réussites et difficultés", "Trois et trois, tirées du suivi."),
    PackSection(
        "decisions",
        "Ce que sont devenues les décisions",
        "Celles de la dernière réunion et celles qui restent ouvertes, les échues d'abord.",
    ),
    PackSection("arbitrages", "Points d'arbitrage", "Une page chacun, avant toute statistique."),
    PackSection("enjeux", "Les enjeux du territoire", "Par priorité, avec les actions qui y répondent."),
    PackSection("avancement", "Avancement du plan", "Par orientation ; ce qui est bloqué, en retard."),
    PackSection("mesures", "Ce que disent les mesures", "Départ, cible et dernière valeur."),
    PackSection("moyens", "Moyens", "Budget de l'année et argent de la Caf par équipement.", money=True),
    PackSection("habitants", "La parole des habitants", "Ce qui leur a été demandé et répondu."),
    PackSection("perspectives", "Perspectives et calendrier", "La suite, les dates, de quoi noter."),
    PackSection("pieces", "Documents joints aux points", "Leur titre et leur date.", annex=True),
    PackSection("fiches", "Fiches des actions à l'ordre du jour", "Une page chacune.", annex=True),
    PackSection("chiffres", "Chiffres clés", "Avec leur lecture et leur source.", annex=True),
    PackSection("glossaire", "Glossaire", "Les seuls sigles employés dans le dossier.", annex=True),
)  # fmt: skip
KEYS = tuple(section.key for section in PACK_SECTIONS)
BY_KEY = {section.key: section for section in PACK_SECTIONS}

N = CommitteeKind.Nature
ANNUAL, FOLLOW_UP, FEW = "copil-annuel", "suivi", "ordinaire"
USUAL: dict[str, tuple[str, ...]] = {
    LAUNCH: ("synthese", "enjeux", "avancement", "moyens", "perspectives", "pieces", "chiffres", "glossaire"),
    ANNUAL: (
        "synthese", "reussites", "decisions", "arbitrages", "avancement", "habitants", "moyens",
        "perspectives", "pieces", "fiches", "chiffres", "glossaire",
    ),
    N.TECHNICAL: ("decisions", "arbitrages", "avancement", "perspectives", "pieces", "fiches"),
    N.CAF_POINT: ("decisions", "avancement", "moyens", "perspectives", "pieces"),
    N.WORKING_GROUP: ("reussites", "decisions", "avancement", "perspectives", "pieces", "fiches"),
    N.EVALUATION: (
        "synthese", "reussites", "decisions", "mesures", "habitants", "perspectives", "pieces",
        "glossaire",
    ),
    N.OTHER: ("synthese", "decisions", "avancement", "perspectives", "pieces", "glossaire"),
}  # fmt: skip
PROPOSED_FOR: dict[str, str] = {
    LAUNCH: "une première réunion du comité de pilotage",
    ANNUAL: "un comité de pilotage",
    N.TECHNICAL: "une réunion technique",
    N.CAF_POINT: "un point avec la Caf",
    N.WORKING_GROUP: "un groupe de travail",
    N.EVALUATION: "un temps d'évaluation partagée",
    N.OTHER: "une réunion",
}

READERS: dict[str, str] = {
    Audience.PUBLIC: "tout public : sans aucun montant et sans personne nommée",
    Audience.COMMITTEE: "les membres de l'instance ; il contient des montants, ne pas le publier",
    Audience.INTERNAL: "la personne qui pilote et la direction seulement ; il contient des informations internes",
}
"""As the cover says it, after « Dossier établi pour »."""


def pattern_of(meeting: Meeting, *, has_met: bool) -> str:
    """The key of ``USUAL``: a steering committee that never met is launched."""
    nature = meeting.committee.kind.nature
    if nature == N.STEERING:
        return ANNUAL if has_met else LAUNCH
    return nature


def usual(meeting: Meeting, *, has_met: bool) -> tuple[str, ...]:
    return USUAL[pattern_of(meeting, has_met=has_met)]


def has_met(meeting: Meeting) -> bool:
    """Did this committee hold a meeting before this one?"""
    return Meeting.objects.filter(committee=meeting.committee_id, on__lt=meeting.on).held().exists()


def chosen(meeting: Meeting, asked: tuple[str, ...] = ()) -> tuple[str, ...]:
    """What was asked for, else what was chosen for this meeting, else what its kind usually holds;
    in the order of reading.

    Raises ``DomainError`` for a part that does not exist.
    """
    keys = asked or tuple(meeting.pack_sections) or usual(meeting, has_met=has_met(meeting))
    unknown = [key for key in keys if key not in BY_KEY]
    if unknown:
        raise DomainError(f"Partie inconnue : {', '.join(unknown)}.", field="sections")
    return tuple(key for key in KEYS if key in keys)
