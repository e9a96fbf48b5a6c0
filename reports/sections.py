"""The chapters of the diagnosis report, in the order in which they are read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ReportSection:
    """A chapter: ``key`` in addresses and commands, what it gathers, and its own indicators.

    ``charts`` and ``map``: those of its indicators that are worth a drawing. ``by_theme``: it can be told of one theme alone. ``written``: the author may introduce it.
    """

    key: str
    title: str
    holds: str
    indicators: tuple[str, ...] = ()
    charts: tuple[str, ...] = ()
    map: str = ""
    by_theme: bool = True
    written: bool = True


SECTIONS: tuple[ReportSection, ...] = (
    ReportSection(
        "synthese", "L'essentiel", "Cinq phrases, cinq chiffres et les enjeux, en une page."
    ),
    ReportSection(
        "presentation",
        "Le territoire",
        "La commune et ce qui l'entoure, ses équipements sur la carte, les compétences.",
        indicators=("superficie", "qpv_nombre"),
        by_theme=False,
    ),
    ReportSection(
        "population",
        "Population et familles",
        "Habitants, enfants par âge, naissances, familles.",
        indicators=(
            "population_municipale", "croissance_annuelle_population_2016_2022",
            "croissance_due_au_solde_naturel_2016_2022",
            "croissance_due_au_solde_migratoire_2016_2022", "naissances_domiciliees",
            "population_0_2", "population_3_5", "population_6_10", "population_11_17",
            "population_18_24", "part_0_14", "indice_vieillissement_65p_pour_100_moins20",
            "part_75ans_plus", "familles", "couples_avec_enfants", "familles_monoparentales",
            "part_menages_couples_avec_enfants", "part_menages_monoparentaux",
        ),
        charts=("part_menages_monoparentaux",),
        by_theme=False,
    ),
    ReportSection(
        "conditions-de-vie",
        "Conditions de vie",
        "Revenus, pauvreté, emploi, prestations, logement.",
        indicators=(
            "niveau_de_vie_median", "taux_pauvrete_60", "taux_pauvrete_moins_30ans",
            "taux_pauvrete_30_39ans", "rapport_interdecile", "part_prestations_sociales",
            "part_prestations_familiales", "part_minima_sociaux", "part_prestations_logement",
            "caf_foyers_allocataires", "caf_personnes_couvertes", "caf_qf_moins_400",
            "caf_qf_400_799", "caf_rsa_socle", "caf_prime_activite", "taux_chomage_rp_15_64",
            "taux_emploi_15_64", "taux_emploi_femmes_25_54", "part_diplome_inferieur_bac",
            "part_diplome_sup_bac2", "part_locataires", "part_logements_vacants",
            "rpls_logements_sociaux",
        ),
        charts=("taux_pauvrete_60", "taux_chomage_rp_15_64"),
        map="niveau_de_vie_median",
        by_theme=False,
    ),
    ReportSection(
        "offre",
        "Besoins et offre, thème par thème",
        "Chiffres du thème, équipements et capacités, zones mal desservies.",
    ),
    ReportSection(
        "adequation",
        "L'offre répond-elle aux besoins ?",
        "Enfants et places par âge, taux officiel, projection et ses hypothèses.",
        by_theme=False,
    ),
    ReportSection(
        "habitants",
        "La parole des habitants",
        "Ce qui leur a été demandé, ce qui en ressort, ce qui leur a été répondu.",
    ),
    ReportSection(
        "afom", "Atouts, faiblesses, opportunités, menaces", "Les constats, thème par thème."
    ),
    ReportSection(
        "enjeux",
        "Les enjeux, par priorité",
        "Enjeux classés, atelier de priorisation, constats qui les fondent.",
    ),
    ReportSection(
        "methodes",
        "Méthode et sources",
        "Études utilisées, jeux de données et millésimes, chiffres qui manquent.",
    ),
    ReportSection("glossaire", "Glossaire", "Les sigles employés.", written=False),
)  # fmt: skip

BY_KEY = {section.key: section for section in SECTIONS}
THEME = "theme"
"""The key of the author's words about one theme (``ReportText.section``, with its theme)."""

TOLD_BEFORE = frozenset(key for section in SECTIONS for key in section.indicators)
"""Indicators of a chapter of the whole territory: a theme does not tell them again."""


def choices() -> list[tuple[str, str]]:
    return [(section.key, section.title) for section in SECTIONS]


def chosen(keys: tuple[str, ...], *, one_theme: bool) -> list[ReportSection]:
    """The chapters asked for, all of them when none is named; those of a theme for one theme."""
    return [
        section
        for section in SECTIONS
        if (not keys or section.key in keys) and (section.by_theme or not one_theme)
    ]
