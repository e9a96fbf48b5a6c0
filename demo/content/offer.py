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


# The assistantes maternelles as a group: no contract, counted by their agréments.
CHILDMINDERS = FacilityFact(
    "assmat", "Assistantes maternelles de la commune", "assistantes_maternelles", "petite_enfance",
    "Petite enfance", U.PLACES, 118, 111, 96, "", "places",
)  # fmt: skip


@dataclass(frozen=True)
class PlaceFact:
    """Where a facility stands (plausible, not surveyed), and whom it takes (months)."""

    address: str = ""
    latitude: str = ""
    longitude: str = ""
    ages: tuple[int | None, int | None] = (None, None)
    in_district: bool = False


PLACES: dict[str, PlaceFact] = {
    "multi": PlaceFact("12 rue des Pommiers", "48.28310", "4.04920", (2, 36)),
    "creche": PlaceFact("5 allée des Cerisiers", "48.27640", "4.05610", (2, 36)),
    "micro": PlaceFact("31 avenue du Verger", "48.28650", "4.06210", (2, 36)),
    "rpe": PlaceFact("12 rue des Pommiers", "48.28325", "4.04935", (0, 36)),
    "laep": PlaceFact("2 place Maugout", "48.28560", "4.06740", (0, 72), in_district=True),
    "mam": PlaceFact("8 rue de la Fontaine", "48.27210", "4.04480", (2, 36)),
    "alsh_peri": PlaceFact("14 rue de l'École", "48.27930", "4.04430", (36, 144)),
    "alsh_mercredi": PlaceFact("3 chemin des Noyers", "48.27480", "4.05090", (36, 144)),
    "alsh_vacances": PlaceFact("3 chemin des Noyers", "48.27490", "4.05100", (36, 144)),
    "jeunes": PlaceFact("20 avenue du Verger", "48.28740", "4.05800", (132, 216)),
    "centre": PlaceFact("1 place Maugout", "48.28590", "4.06700"),
    "clas": PlaceFact("1 place Maugout", "48.28595", "4.06705", (72, 180)),
    "ludo": PlaceFact("7 rue des Tilleuls", "48.28110", "4.05450"),
    "assmat": PlaceFact("", "", "", (2, 36)),
}
PLACE_NOTE = "Exemple fictif : adresse et position plausibles, non relevées."

# key: kind of activity: (2025, 2026); None: not known yet.
ACTIVITIES: dict[str, dict[str, tuple[str | None, str | None]]] = {
    "multi": {"hours_billed": ("74800", "75950"), "hours_done": ("69900", "71200"), "children": ("86", "88"), "occupancy": ("78", "79")},
    "creche": {"hours_billed": ("46100", "46400"), "hours_done": ("42800", "43300"), "children": ("51", "52"), "occupancy": ("80", "81")},
    "micro": {"children": (None, "14")},
    "rpe": {"families": ("132", "141"), "attendances": ("410", "455")},
    "laep": {"sessions": ("38", "42"), "families": ("47", "53"), "attendances": ("512", "588")},
    "alsh_peri": {"hours_done": ("91300", "93100"), "children": ("486", "492")},
    "alsh_mercredi": {"hours_done": ("38700", "41000"), "children": ("214", "226")},
    "alsh_vacances": {"hours_done": ("49500", "48200"), "children": ("331", "324"), "open_days": ("61", "61")},
    "jeunes": {"young_people": ("62", "71"), "attendances": ("1180", "1330")},
    "centre": {"families": ("318", "336")},
    "clas": {"sessions": ("112", "136"), "children": ("44", "55")},
    "ludo": {"attendances": ("2350", "2610"), "open_days": ("148", "151")},
}  # fmt: skip

# (zone, in the quartier prioritaire, theme, what is missing)
UNDER_SERVED = [
    ("", True, "Petite enfance", "Aucune place d'accueil collectif dans le quartier ; les familles sans voiture renoncent (exemple fictif)."),
    ("Hameau d'Échenilly", False, "Enfance", "Pas d'accueil le soir après l'école : le bus ne dessert pas le hameau après 17 h (exemple fictif)."),
]  # fmt: skip

# What the service would give where no file is loaded: indicator, year, value.
NEEDS = [
    ("population_0_2", 2025, "395"),
    ("population_3_5", 2025, "430"),
    ("population_6_10", 2025, "760"),
    ("population_11_17", 2025, "1060"),
    ("naissances_domiciliees", 2022, "131"),
    ("naissances_domiciliees", 2023, "127"),
]
NEEDS_SOURCE = "Estimation du service petite enfance (exemple fictif)"

PROJECTION = {"births_trend": "-1", "yearly_migration": "4", "horizon": 2032}
PROJECTION_NOTE = (
    "Exemple fictif. Naissances en légère baisse depuis dix ans ; les logements livrés en 2027 amènent"
    " quelques familles. À discuter avec le service de l'urbanisme."
)

# Rates told for 2025 and not told anew for 2026 (amounts frozen): each with its source. Those that
# could not be read with their year and their ceiling are absent: RPE, LAEP, ludothèque, FJT, bonus.
RATES = [
    ("PSU", U.HOURS, "share", "66", ("micro_creche_psu", "petite_creche", "creche", "grande_creche", "tres_grande_creche", "creche_familiale", "eaje"), "caf.fr, Caf du Nord, PSU et bonifications, consulté en 2026", "Le prix plafond n'est pas connu ici."),
    ("PS ALSH périscolaire", U.HOURS, "per_unit", "0.59", ("alsh_periscolaire",), "amf62.fr, aides de la Cnaf 2025, consulté en 2026", "Valeur de 2025, gelée ; à vérifier pour 2026."),
    ("PS ALSH extrascolaire", U.HOURS, "per_unit", "0.62", ("alsh_extrascolaire",), "amf62.fr, aides de la Cnaf 2025, consulté en 2026", "Valeur de 2025, gelée ; à vérifier pour 2026."),
    ("PS CLAS", U.GROUPS, "per_unit", "2563", ("clas",), "caf.fr, contrat local d'accompagnement à la scolarité, consulté en 2026", "Maximum par groupe et par an ; l'année du barème n'est pas dite."),
    ("PS jeunes", U.FTE, "share", "50", ("ps_jeunes",), "esprit-de-famille-caf91.fr, PS jeunes, consulté en 2026", "Part du poste qualifié ; le plafond n'est pas connu ici."),
]  # fmt: skip
RATES_YEAR = 2026
