"""What was written in two sessions: notes by point, minutes, an addendum. Invented."""

from __future__ import annotations

from datetime import time

OPENED, CLOSED = time(14, 5), time(15, 40)

# point of the COPIL held → notes taken in the room
NOTES = {
    "Installation du comité et règles de travail": (
        "Mme Vauthier ouvre la séance et rappelle l'engagement pris avec la Caf en décembre.\n"
        "Deux COPIL par an : en juin, et en décembre avant le vote du budget.\n"
        "Dossier envoyé huit jours avant, relevé dans les dix jours."
    ),
    "Le diagnostic et les treize enjeux": (
        "Présentation en six cartes. M. Fontaine demande que le taux de couverture soit comparé à celui "
        "de communes semblables, pas à la moyenne de l'agglomération.\n"
        "Le centre social insiste sur les familles monoparentales.\n"
        "Accord sur les treize enjeux, sans vote."
    ),
    "Plan d'actions 2026 : priorités": (
        "Le multi-accueil et l'Atelier sont les deux priorités de l'année.\n"
        "Ventilation du multi-accueil : l'enveloppe votée ne suffira pas, un chiffrage est demandé.\n"
        "Poste jeunesse : avis favorable, à porter devant le conseil municipal."
    ),
    "Calendrier et questions diverses": (
        "Les écoles demandent que les réunions ne tombent pas les soirs de conseil d'école.\n"
        "Prochain COPIL en décembre."
    ),
}

# rank of a decision of the COPIL held → title of its point
DECIDED_IN = [
    "Le diagnostic et les treize enjeux",
    "Plan d'actions 2026 : priorités",
    "Plan d'actions 2026 : priorités",
    "Calendrier et questions diverses",
    "Plan d'actions 2026 : priorités",
]

DECIDED_LAST = "Plan d'actions 2026 : priorités"
"""The point of the decisions that follow."""

INTRODUCTION = "Le comité s'est installé, a retenu ses priorités et a demandé deux dossiers chiffrés pour décembre."
ADDENDUM_AFTER = 11
"""Days from the validation."""
ADDENDUM = (
    "Dans la liste des présents, lire « Mme Anne Lemoine, suppléante » pour la représentation des "
    "parents à partir de 15 h. Les décisions ne changent pas."
)

TECHNICAL_NOTES = (
    "Multi-accueil : le lot ventilation est relancé, réponse attendue avant la mi-décembre.\n"
    "L'Atelier : deux candidatures reçues, aucune n'a le diplôme demandé."
)
TECHNICAL_INTRODUCTION = "Le comité technique a fait le tour des actions en retard avant le COPIL."
TECHNICAL_DECISION = (
    "Le comité technique prépare une note d'une page par action bloquée, pour le COPIL de décembre."
)
