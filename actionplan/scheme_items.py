"""The eleven items that a CTG must contain to stand in for the early-childhood scheme: a closed list
(art. D. 214-10-1, I, of the code de l'action sociale et des familles, décret n° 2025-253 of
20 March 2025). An action names those it answers, stored as « 2° ; 4° a ».
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

ARTICLE = "article D. 214-10-1 du code de l'action sociale et des familles"
SEPARATOR = " ; "


@dataclass(frozen=True)
class LegalItem:
    code: str
    label: str
    """What the article asks for, in a few words."""


LEGAL_ITEMS: tuple[LegalItem, ...] = (
    LegalItem("1°", "répertoire des équipements, services et modes d'accueil"),
    LegalItem("2°", "besoins des enfants de moins de trois ans et de leurs familles"),
    LegalItem("3°", "zones où l'offre est insuffisante ou difficile d'accès"),
    LegalItem("4° a", "objectifs de maintien, de développement et de redéploiement de l'offre"),
    LegalItem("4° b", "besoins en emplois et en compétences"),
    LegalItem("4° c", "actions pour les familles en difficulté spécifique"),
    LegalItem("4° d", "accompagnement de la qualité d'accueil"),
    LegalItem("4° e", "projets d'investissement"),
    LegalItem("4° f", "coûts prévisionnels, moyens humains et financiers, difficultés identifiées"),
    LegalItem("4° g", "calendrier prévisionnel"),
    LegalItem("4° h", "indicateurs et modalités d'évaluation"),
)  # fmt: skip
LABELS: dict[str, str] = {item.code: item.label for item in LEGAL_ITEMS}
CHOICES: list[tuple[str, str]] = [
    (item.code, f"{item.code} : {item.label}") for item in LEGAL_ITEMS
]


def split_codes(text: str) -> list[str]:
    """The codes in a stored text, in the order of the article; what is no code is left out."""
    written = {" ".join(part.split()) for part in text.split(";")}
    return [item.code for item in LEGAL_ITEMS if item.code in written]


def join_codes(codes: Iterable[str]) -> str:
    """« 2° ; 4° a », in the order of the article, each code once."""
    return SEPARATOR.join(split_codes(";".join(codes)))
