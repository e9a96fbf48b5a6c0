"""Figures of the example: what the Caf and the services gave, what is compared, and how it is read.

The figures given here are invented, and their sources say so; the published ones are real.
"""

from __future__ import annotations

from dataclasses import dataclass

FICTION = "exemple fictif"
CRECHES = f"Commission d'admission, {FICTION}"
CAF = f"Portrait de territoire de la Caf de l'Aube, {FICTION}"
YOUTH = f"Service enfance et jeunesse, {FICTION}"


@dataclass(frozen=True)
class GivenFigure:
    """``typed`` as in the grid: a number, « s » for secret, « nd » for not available."""

    indicator: str
    year: int
    typed: str
    source: str
    audience: str = "committee"
    is_from_caf: bool = False


FIGURES: list[GivenFigure] = [
    GivenFigure("demandes_admission", 2024, "131", CRECHES),
    GivenFigure("demandes_admission", 2025, "138", CRECHES),
    GivenFigure("demandes_admission", 2026, "146", CRECHES),
    GivenFigure("admissions_prononcees", 2024, "74", CRECHES),
    GivenFigure("admissions_prononcees", 2025, "79", CRECHES),
    GivenFigure("admissions_prononcees", 2026, "77", CRECHES),
    GivenFigure("assistants_maternels_actifs", 2024, "68", f"Relais petite enfance, {FICTION}", "public"),
    GivenFigure("assistants_maternels_actifs", 2025, "64", f"Relais petite enfance, {FICTION}", "public"),
    GivenFigure("assistants_maternels_actifs", 2026, "61", f"Relais petite enfance, {FICTION}", "public"),
    GivenFigure("heures_alsh", 2024, "118400", YOUTH),
    GivenFigure("heures_alsh", 2025, "121950", YOUTH),
    GivenFigure("jeunes_accueillis", 2024, "nd", YOUTH, "public"),
    GivenFigure("jeunes_accueillis", 2025, "79", YOUTH, "public"),
    GivenFigure("jeunes_accueillis", 2026, "84", YOUTH, "public"),
    GivenFigure("familles_laep", 2025, "46", f"Lieu d'accueil enfants-parents, {FICTION}", "public"),
    GivenFigure("enfants_parents_emploi", 2024, "57,5", CAF, "internal", is_from_caf=True),
    GivenFigure("enfants_parents_emploi", 2025, "58,2", CAF, "internal", is_from_caf=True),
    GivenFigure("aeeh_enfants", 2024, "62", CAF, "internal", is_from_caf=True),
    GivenFigure("aeeh_enfants", 2025, "s", CAF, is_from_caf=True),
]  # fmt: skip


@dataclass(frozen=True)
class NoteFact:
    """``sentence`` empty: the application's own is kept."""

    comment: str
    sentence: str = ""
    keep_old: bool = False


NOTES: dict[str, NoteFact] = {
    "taux_pauvrete_60": NoteFact(
        sentence="En 2021, 17,0 % des habitants de Saint-André-les-Vergers vivent sous le seuil de pauvreté, presque autant que dans l'Aube (16,9 %) et plus que dans l'ensemble de la France (14,9 %).",
        comment="Cité bien qu'ancien : l'Insee n'a rien publié de plus récent à cette maille. La moyenne de la commune cache le quartier Maugout.",
        keep_old=True,
    ),
    "niveau_de_vie_median": NoteFact(
        comment="Cité bien qu'ancien, faute de millésime plus récent. À lire avec le taux de pauvreté : la médiane ne dit rien des plus modestes.",
        keep_old=True,
    ),
    "part_menages_monoparentaux": NoteFact(
        comment="Le centre social reçoit surtout des mères seules avec un enfant de moins de six ans (exemple fictif).",
    ),
}  # fmt: skip

COMPARED: list[tuple[str, str]] = [
    ("epci", "200069250"), ("departement", "10"), ("region", "44"), ("france", "FR"),
]  # fmt: skip
"""Level and code, in the order of the tables."""
