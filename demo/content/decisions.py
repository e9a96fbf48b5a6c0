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
# act: (rank in its sitting, days of its date, days of its receipt by the préfecture) once it is taken
MORE_DECISIONS = [
    (
        "Le comité prolonge de trois mois les rendez-vous des droits et leur donne plus de moyens.",
        "ccas", 30, ST.IN_PROGRESS,
        "Permanences au calendrier du CCAS.",
        I.COUNCIL, ("4.1.1",),
        (
            ("4.1.1", K.DUE_ON, 210, 0, ""),
            ("4.1.1", K.BUDGET, Decimal(2_000), 1, "operating"),
        ),
        ("11", -146, -141),
    ),
]  # fmt: skip

AWAITING_VOTE = ("2.2.1", Decimal(4_000), 1, "operating")
"""What the decision on this action, which the council has not voted yet, adds to its budget."""

ELSEWHERE: dict[str, Any] = {
    "taken_by": "Conseil municipal",
    "text": "Le conseil municipal finance la location d'une salle de remplacement pour les ateliers "
    "numériques dès l'an prochain.",
    "state": Decision.State.DONE,
    "follow_up": "Salle louée à la maison des associations, dès janvier.",
    "institutional": I.NONE,
}
ELSEWHERE_DAY, ELSEWHERE_LEGALITY, ELSEWHERE_RANK = -62, -58, "07"
FIRST_ACT, FIRST_ACT_LEGALITY = -160, -155
"""Days of the délibération of the micro-crèche, and of its receipt by the préfecture."""
ELSEWHERE_ACTION = "4.1.2"
ELSEWHERE_AMOUNT = Decimal(1_500)
