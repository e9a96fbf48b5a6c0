"""Facilities, their capacity and the contracts (COF) that carry the Caf's money. Invented."""

from __future__ import annotations

from dataclasses import dataclass, field

from opendata.models import Unit

U = Unit


@dataclass(frozen=True)
class FacilityFact:
    key: str
    name: str
    type: str
    """National key of a ``FacilityType``."""
    manager: str
    theme: str
    unit: str
    start: int | str
    now: int | str
    planned: int | str
    scheme: str
    capacity_unit: str
    planned_amounts: dict[int, int] = field(default_factory=dict)
    updated_2026: int | None = None
    opened: tuple[int, int, int] | None = None
    second_scheme: str = ""
    second_amount: int = 0


def yearly(first: int, growth: int = 0) -> dict[int, int]:
    """A planned amount for each year of the agreement, growing by ``growth`` a year."""
    return {year: first + growth * rank for rank, year in enumerate(range(2026, 2031))}


FACILITIES = [
    FacilityFact(
        "multi",
        "Multi-accueil Les Premiers Pas",
        "grande_creche",
        "petite_enfance",
        "Petite enfance",
        U.PLACES,
        40,
        40,
        45,
        "PSU",
        "places",
        yearly(228_000, 3_000),
        231_400,
        None,
        "Bonus territoire",
        98_000,
    ),
    FacilityFact(
        "creche",
        "Crèche associative Les Petits Pas",
        "creche",
        "creche_asso",
        "Petite enfance",
        U.PLACES,
        25,
        25,
        25,
        "PSU",
        "places",
        yearly(141_500, 2_000),
        139_800,
        None,
        "Bonus territoire",
        61_250,
    ),
    FacilityFact(
        "micro",
        "Micro-crèche Les Coccinelles",
        "micro_creche_psu",
        "micro",
        "Petite enfance",
        U.PLACES,
        0,
        12,
        12,
        "PSU",
        "places",
        yearly(52_000, 1_000),
        38_600,
        (2026, 9, 1),
        "Bonus territoire",
        14_400,
    ),
    FacilityFact(
        "rpe",
        "Relais petite enfance",
        "rpe",
        "petite_enfance",
        "Petite enfance",
        U.FTE,
        "0.80",
        "1.00",
        "1.00",
        "PS relais petite enfance",
        "ETP",
        yearly(24_500, 300),
        26_100,
    ),
    FacilityFact(
        "laep",
        "Lieu d'accueil enfants-parents La Parenthèse",
        "laep",
        "laep_asso",
        "Parentalité",
        U.SESSIONS,
        38,
        42,
        60,
        "PS LAEP",
        "séances",
        yearly(9_800, 200),
        9_450,
    ),
    FacilityFact(
        "mam",
        "MAM La Clé des champs",
        "mam",
        "mam",
        "Petite enfance",
        U.PLACES,
        12,
        12,
        12,
        "Aide au démarrage",
        "places",
        {2026: 3_000},
        3_000,
    ),
    FacilityFact(
        "alsh_peri",
        "Accueil périscolaire des écoles",
        "alsh_periscolaire",
        "enfance",
        "Enfance",
        U.HOURS,
        96_400,
        98_150,
        104_000,
        "PS ALSH périscolaire",
        "heures",
        yearly(57_800, 700),
        58_900,
        None,
        "Bonus territoire",
        17_600,
    ),
    FacilityFact(
        "alsh_mercredi",
        "Accueil du mercredi",
        "alsh_periscolaire",
        "enfance",
        "Enfance",
        U.HOURS,
        41_200,
        43_900,
        48_000,
        "PS ALSH et plan mercredi",
        "heures",
        yearly(26_900, 900),
        28_300,
    ),
    FacilityFact(
        "alsh_vacances",
        "Accueil de loisirs des vacances",
        "alsh_extrascolaire",
        "enfance",
        "Enfance",
        U.HOURS,
        52_700,
        51_800,
        56_000,
        "PS ALSH extrascolaire",
        "heures",
        yearly(32_600, 500),
        31_950,
    ),
    FacilityFact(
        "jeunes",
        "Accueil de jeunes L'Atelier",
        "ps_jeunes",
        "enfance",
        "Jeunesse",
        U.FTE,
        "0.50",
        "0.50",
        "1.50",
        "PS jeunes",
        "ETP",
        yearly(16_000, 3_500),
        16_000,
    ),
    FacilityFact(
        "centre",
        "Centre social des Vergers",
        "centre_social",
        "centre_social",
        "Animation de la vie sociale",
        U.FTE,
        "6.20",
        "6.20",
        "6.50",
        "PS animation globale et collective familles",
        "ETP",
        yearly(92_400, 1_200),
        92_400,
    ),
    FacilityFact(
        "clas",
        "Accompagnement à la scolarité",
        "clas",
        "centre_social",
        "Éducation",
        U.GROUPS,
        4,
        5,
        6,
        "PS CLAS",
        "groupes",
        yearly(9_600, 800),
        11_900,
    ),
    FacilityFact(
        "ludo",
        "Ludothèque Jeux en herbe",
        "ludotheque",
        "ludo",
        "Animation de la vie sociale",
        U.HOURS,
        620,
        640,
        760,
        "PS ludothèque",
        "heures",
        yearly(12_200, 300),
        12_350,
    ),
]
