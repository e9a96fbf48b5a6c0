"""The invitation to the coming COPIL: who receives it on paper, who answered what. Invented."""

from __future__ import annotations

from committees.models import Attendance

A = Attendance.Answer

SENT = -19
"""Days from the day of the example."""
SIGNATORY = "Hélène Vauthier, maire"
ON_PAPER = {"parents": -18, "tcm": None}
"""Contact → day on which the letter was handed over; None: it waits on the desk."""

# contact: (answer, represented by, word, days from the day of the example, typed by the coordinator)
ANSWERS: dict[str, tuple[str, str, str, int, bool]] = {
    "maire": (A.COMING, "", "", -19, True),
    "adjointe": (A.COMING, "", "", -18, False),
    "caf_resp": (A.COMING, "", "Merci d'avance pour le dossier.", -17, False),
    "caf_cons": (A.COMING, "", "", -19, False),
    "adjoint_jeunesse": (
        A.EXCUSED,
        "",
        "Commission sports le même jour. Je transmets mon avis sur L'Atelier à Nadia Bellanger.",
        -12,
        False,
    ),
    "departement": (A.REPRESENTED, "M. Étienne Caron, adjoint de la cheffe de service", "", -9, False),
    "centre_social": (A.COMING, "", "", -14, False),
    "parents": (A.COMING, "", "Réponse donnée par téléphone.", -8, True),
}  # fmt: skip
