"""What the plan said when it was signed and says otherwise today, the avenant being prepared, and the
budget variants. Invented."""

from __future__ import annotations

from decimal import Decimal

SIGNED_NOTE = "Annexe 3 à la convention."

# code → fields as they were signed; what they are today is in ``demo.content.plan``.
SIGNED_TITLES = {"2.2.1": "Ouvrir L'Atelier trois soirs par semaine"}
SIGNED_DUE = {"1.1.1": -200, "2.1.1": -90}
"""Days before the due date of today."""
SIGNED_LEADS = {"4.1.2": "ccas"}
SIGNED_OBJECTIVES = {"3.2.1": "3.1"}
ADDED_SINCE = "2.2.2"
DROPPED_SINCE = "3.1.3"
SIGNED_INVESTMENT = {"1.1.1": Decimal(185_000)}
SIGNED_OPERATING_CUT = {"2.2.1": Decimal(9_000)}
"""What was added each year to the operating cost signed."""
SIGNED_TARGET = ("1.1.2", 4)
"""Code, and what the target of next year gained since."""

# code → (days from the reference day, reason)
REASONS = {
    "1.1.1": (-160, "Décision n° 2026-02 du COPIL : le dossier d'arbitrage de la ventilation décale l'ouverture et relève l'enveloppe."),
    "2.2.1": (-160, "Décision n° 2026-03 du COPIL : poste d'animation jeunesse à temps plein."),
    "2.1.1": (-95, "Comité technique : l'évaluation par les parents attend une année complète."),
    "4.1.2": (-95, "Comité technique : le conseiller numérique a rejoint France services."),
    "3.2.1": (-130, "Groupe de travail parentalité : l'action anime les quartiers plus qu'elle ne rompt l'isolement."),
    "2.2.2": (-130, "Demande du groupe de travail jeunesse."),
    "3.1.3": (-40, "Comité technique : trop peu de volontaires."),
    "1.1.2": (-40, "Le CCAS oriente davantage de familles que prévu."),
}  # fmt: skip

AMENDMENT_NOTE = "Multi-accueil et L'Atelier : calendrier et moyens revus après le COPIL de juin."
AMENDMENT_ACTIONS = ("1.1.1", "2.2.1", "3.1.3")

VARIANT_ACTION = "1.1.1"
VARIANTS = [
    (
        "Cinq places, complément demandé à la Caf",
        "Le surcoût de la ventilation est payé l'an prochain ; la Caf en prendrait un peu plus de la moitié.",
        {("investment", 1): Decimal(38_000)},
        {("caf", 1): Decimal(20_900), ("ville", 1): Decimal(17_100)},
    ),
    (
        "Trois places au lieu de cinq",
        "La ventilation existante est conservée : pas de surcoût, et moins de personnel dès l'an prochain.",
        {("operating", 1): Decimal(-24_000), ("operating", 2): Decimal(-24_500)},
        {("caf", 1): Decimal(-13_200), ("caf", 2): Decimal(-13_480)},
    ),
]
"""Title, note, then what it adds to the plan: (nature, years ahead) and (funder, years ahead)."""

# code → (text, judgement, days)
SCHEME_TEXTS = {
    "3°": (
        "Le quartier Maugout n'a aucun accueil collectif à moins de vingt minutes à pied.",
        "", -30,
    ),
    "4° b": (
        "Onze assistants maternels partiront en retraite avant 2030. Le multi-accueil recrute deux auxiliaires de puériculture pour ses cinq places.",
        "", -30,
    ),
    "4° f": (
        "Le pilotage prend 0,20 ETP. Difficultés attendues : recrutement d'auxiliaires, coût des travaux, départs d'assistants maternels.",
        "partial", -30,
    ),
    "4° h": (
        "Un bilan chaque année au COPIL de décembre, une évaluation à mi-parcours en 2028 et une évaluation finale en 2030, avec les familles.",
        "", -30,
    ),
}  # fmt: skip
# act → (days from the reference day, or None for the deliberation's own date; note)
SCHEME_ACTS = {
    "council": (None, "Délibération d'approbation de la CTG."),
    "sdsf": (-60, "Relu avec le conseiller technique de la Caf."),
}
