"""What the decisions of the COPIL held changed in the plan, and one taken by the council. Invented."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from committees.models import Decision, DecisionEffect
from demo.content.meetings import ST, I

K = DecisionEffect.Kind

VALIDATED = -157
"""Days from the reference day: the chair validated the record a week after the meeting."""

# text, responsible, due in days, state, follow-up, institutional, actions, effects, act
# effect: (action, kind, days of the new date or amount, years ahead, nature)
# act: (reference, days of its date, days of its receipt by the préfecture) once it is taken
MORE_DECISIONS = [
    (
        "Le comité prolonge les rendez-vous des droits de trois mois et propose d'y consacrer "
        "davantage de moyens l'an prochain.",
        "ccas", 30, ST.IN_PROGRESS,
        "Permanences inscrites au calendrier du CCAS ; bilan présenté en décembre.",
        I.COUNCIL, ("4.1.1",),
        (
            ("4.1.1", K.DUE_ON, 210, 0, ""),
            ("4.1.1", K.BUDGET, Decimal(2_000), 1, "operating"),
        ),
        ("2026-07-02-11", -146, -141),
    ),
    (
        "Le comité est favorable à l'achat de mobilier pour les cafés des parents "
        "l'an prochain, si le conseil municipal en vote les crédits.",
        "familles", 120, ST.TO_DO,
        "Devis reçus ; inscription demandée au budget primitif.",
        I.BUDGET, ("3.1.2",),
        (("3.1.2", K.BUDGET, Decimal(4_000), 1, "investment"),),
        None,
    ),
]  # fmt: skip

ELSEWHERE: dict[str, Any] = {
    "taken_by": "Conseil municipal",
    "text": "Le conseil municipal finance la location d'une salle de remplacement pour les ateliers "
    "numériques dès l'an prochain.",
    "state": Decision.State.DONE,
    "follow_up": "Salle louée à la maison des associations, dès janvier.",
    "institutional": I.NONE,
    "institutional_reference": "2026-09-24-07",
}
ELSEWHERE_DAY, ELSEWHERE_LEGALITY = -62, -58
ELSEWHERE_ACTION = "4.1.2"
ELSEWHERE_AMOUNT = Decimal(1_500)
