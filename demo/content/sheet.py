"""What a few sheets of the example say beyond the plan: working time, an estimate, files, sources.
Invented, but for the rate and the published figures."""

from __future__ import annotations

from agreements.models import Attachment
from core.audience import Audience

STAFF_TIME: dict[str, tuple[str, str | None]] = {
    "1.1.1": ("0.15", "0.10"),
    "1.2.1": ("1.00", "0.92"),
    "2.1.4": ("0.30", None),
    "3.1.2": ("0.20", "0.25"),
    "5.1.1": ("0.20", "0.20"),
}
"""Action → ETP planned each year, and done in the year under report (None: not known yet)."""

ESTIMATE = ("2.1.4", "PS CLAS", 1)
"""An action, the rate of the Caf, and how many groups."""

FROM_FACILITY = ("1.1.1", "multi", "capacity:places")
FROM_INDICATOR = (
    "4.1.1",
    "Foyers qui perçoivent une aide au logement",
    "foyers",
    "caf_aide_logement",
)

CHANGED_TARGET = (
    "1.1.1",
    2027,
    45,
    "Les cinq places ouvrent d'un coup en septembre 2027 : calendrier de la PMI.",
)
VISIT = """Visite du multi-accueil Les Premiers Pas
Compte rendu (exemple fictif)

Présents : la directrice de la petite enfance, la PMI, l'adjointe à la famille.

1. L'unité des grands peut passer de douze à dix-sept places sans toucher aux murs porteurs.
2. La PMI demande un renouvellement d'air plus fort dans le dortoir : c'est le lot ventilation.
3. Les travaux se font en août, l'équipe ne ferme que trois semaines.

Suite : chiffrage du lot ventilation par deux entreprises, puis arbitrage du COPIL.
"""
QUOTES = """lot;entreprise;montant
ventilation;Entreprise A;97500
ventilation;Entreprise B;103200
menuiserie;Entreprise C;41800
"""
ATTACHMENTS = [
    ("1.1.1", "Compte rendu de la visite de la PMI", "visite-pmi.txt", VISIT, Attachment.Kind.MINUTES, -112, Audience.COMMITTEE),
    ("1.1.1", "Devis comparés des travaux", "devis-travaux.csv", QUOTES, Attachment.Kind.BUDGET, -36, Audience.INTERNAL),
]  # fmt: skip
