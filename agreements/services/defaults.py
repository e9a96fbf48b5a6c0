"""What a new agreement starts with; all of it can be changed by its coordinator."""

from __future__ import annotations

DEFAULT_THEMES: list[tuple[str, str]] = [
    ("Petite enfance", "petite-enfance"),
    ("Enfance", "enfance"),
    ("Jeunesse", "jeunesse"),
    ("Éducation", "education"),
    ("Parentalité", "parentalite"),
    ("Animation de la vie sociale", "animation-vie-sociale"),
    ("Accès aux droits et numérique", "acces-aux-droits"),
    ("Logement et cadre de vie", "logement"),
    ("Handicap et inclusion", "handicap"),
    ("Accompagnement social", "accompagnement-social"),
    ("Santé et prévention", "sante"),
    ("Seniors", "seniors"),
    ("Vacances", "vacances"),
    ("Gouvernance", "gouvernance"),
]
"""Name shown → key of the national domain (``opendata.Domain``)."""

DEFAULT_COMPETENCES: list[tuple[str, str]] = [
    # The four competences of the autorité organisatrice de l'accueil du jeune enfant, art.
    # L. 214-1-3 of the code de l'action sociale et des familles, since 1 January 2025.
    (
        "Petite enfance : recenser les besoins des enfants de moins de trois ans et les modes d'accueil",
        "Art. L. 214-1-3 CASF, toutes les communes.",
    ),
    (
        "Petite enfance : informer et accompagner les familles et les futurs parents",
        "Art. L. 214-1-3 CASF, toutes les communes.",
    ),
    (
        "Petite enfance : planifier le développement des modes d'accueil",
        "Art. L. 214-1-3 CASF, communes de plus de 3 500 habitants.",
    ),
    (
        "Petite enfance : soutenir la qualité des modes d'accueil",
        "Art. L. 214-1-3 CASF, communes de plus de 3 500 habitants.",
    ),
    ("Relais petite enfance (RPE)", "Obligatoire au-delà de 10 000 habitants."),
    ("Accueil périscolaire", ""),
    ("Accueil extrascolaire", ""),
    ("Jeunesse", ""),
    ("Soutien à la parentalité", ""),
    ("Animation de la vie sociale", ""),
    ("Accès aux droits et inclusion numérique", ""),
    ("Logement et cadre de vie", ""),
    ("Action sociale (CCAS)", ""),
]
"""Subject → note. Who holds each is to be checked with the commune: « à vérifier »."""
