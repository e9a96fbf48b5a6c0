"""Usual agendas, to insert and then change. Their minutes add up to an ordinary meeting's length.

Presenters are functions, not names: whoever prepares the meeting writes the name. The order follows
what elected officials have the ear for: what became of the last decisions, then what is asked of
them, then the rest (domaine.md §7).
"""

from __future__ import annotations

from dataclasses import dataclass

from committees.models import AgendaItem, CommitteeKind

K = AgendaItem.Kind
N = CommitteeKind.Nature
CHAIR = "l'élue ou l'élu qui préside"
COORDINATION = "la chargée ou le chargé de coopération"
CAF = "la Caf"
PILOTS = "les pilotes des actions"
DIRECTION = "la direction"
GROUPS = "les groupes de travail"


@dataclass(frozen=True)
class Point:
    title: str
    kind: str
    minutes: int
    presenter: str

    @property
    def kind_words(self) -> str:
        return str(K(self.kind).label)


@dataclass(frozen=True)
class AgendaModel:
    key: str
    name: str
    use: str
    natures: tuple[str, ...]
    """The natures of committee that it is offered to first."""
    points: tuple[Point, ...]

    @property
    def minutes(self) -> int:
        return sum(point.minutes for point in self.points)


LAUNCH = "lancement"
AGENDA_MODELS: list[AgendaModel] = [
    AgendaModel(
        LAUNCH,
        "Lancement avec de nouveaux élus",
        "première réunion du comité, ou première après une élection.",
        (N.STEERING,),
        (
            Point("Accueil et tour de table", K.INFORMATION, 10, CHAIR),
            Point("La CTG en dix minutes : ce qu'elle engage, ce qu'elle finance", K.INFORMATION, 10, CAF),
            Point("Le rôle du comité et ses règles de travail", K.APPROVAL, 10, COORDINATION),
            Point("Le territoire en cinq chiffres et ses enjeux", K.DEBATE, 20, COORDINATION),
            Point("Le plan d'actions : où il en est", K.INFORMATION, 15, COORDINATION),
            Point("Les priorités des douze prochains mois", K.APPROVAL, 20, CHAIR),
            Point("Calendrier et prochaine réunion", K.INFORMATION, 5, COORDINATION),
        ),
    ),
    AgendaModel(
        "copil-annuel",
        "COPIL annuel",
        "le rendez-vous de fin d'année : rendre compte, arbitrer, ouvrir l'année suivante.",
        (N.STEERING,),
        (
            Point("Ce que sont devenues les décisions du dernier comité", K.INFORMATION, 10, COORDINATION),
            Point("L'année en une page : avancement du plan", K.INFORMATION, 15, COORDINATION),
            Point("Points d'arbitrage", K.ARBITRATION, 25, PILOTS),
            Point("Bilan annuel provisoire et moyens", K.APPROVAL, 15, f"{COORDINATION} et {CAF}"),
            Point("Ce que les habitants ont dit, ce qui en a été fait", K.INFORMATION, 10, COORDINATION),
            Point("Orientations de l'année suivante", K.DEBATE, 10, CHAIR),
            Point("Calendrier et prochaine réunion", K.INFORMATION, 5, COORDINATION),
        ),
    ),
    AgendaModel(
        "cotech",
        "COTECH",
        "suivre le plan et préparer le comité de pilotage.",
        (N.TECHNICAL, N.CAF_POINT),
        (
            Point("Suites de la dernière réunion", K.INFORMATION, 10, COORDINATION),
            Point("Tour des actions en retard ou bloquées", K.DEBATE, 30, PILOTS),
            Point("Chiffres et pièces à réunir", K.INFORMATION, 10, COORDINATION),
            Point("Points à préparer pour le comité de pilotage", K.DEBATE, 25, COORDINATION),
            Point("Actualités de la Caf et de la commune", K.INFORMATION, 10, f"{CAF} et {DIRECTION}"),
            Point("Qui fait quoi d'ici la prochaine réunion", K.APPROVAL, 5, COORDINATION),
        ),
    ),
    AgendaModel(
        "groupe-de-travail",
        "Groupe de travail",
        "faire avancer les actions d'un thème.",
        (N.WORKING_GROUP,),
        (
            Point("Tour de table et suites de la dernière réunion", K.INFORMATION, 15, COORDINATION),
            Point("Avancement des actions du thème", K.DEBATE, 30, PILOTS),
            Point("Un sujet à creuser ensemble", K.DEBATE, 30, "un membre du groupe"),
            Point("Ce que l'on porte au comité technique ou de pilotage", K.APPROVAL, 10, COORDINATION),
            Point("Prochaine réunion", K.INFORMATION, 5, COORDINATION),
        ),
    ),
    AgendaModel(
        "evaluation",
        "Temps d'évaluation partagée",
        "juger ensemble ce qui a marché et ce qui reste à faire.",
        (N.EVALUATION,),
        (
            Point("Les questions d'évaluation et la méthode", K.INFORMATION, 10, COORDINATION),
            Point("Ce que disent les chiffres et les habitants", K.INFORMATION, 20, COORDINATION),
            Point("Lecture par groupes : réussites, freins, surprises", K.DEBATE, 40, GROUPS),
            Point("Mise en commun et réponses aux questions", K.DEBATE, 30, f"{COORDINATION} et {CAF}"),
            Point("Recommandations à porter au comité de pilotage", K.APPROVAL, 20, CHAIR),
        ),
    ),
]  # fmt: skip
MODELS_BY_KEY = {model.key: model for model in AGENDA_MODELS}


def models_for(nature: str, *, has_met: bool = False) -> list[AgendaModel]:
    """All of them, those made for such a committee first; a launch comes last once it has met."""

    def rank(model: AgendaModel) -> tuple[bool, bool]:
        return nature not in model.natures, has_met and model.key == LAUNCH

    return sorted(AGENDA_MODELS, key=rank)
