"""The national vocabulary: domains of family policy, and the indicators that we know how to read.

Figures come with datasets; here stands only what an indicator is. ``load_catalogue`` keeps the
database in step with these lists.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from opendata.family_policy import FAMILY_POLICY
from opendata.models import Indicator

UP, DOWN, NEUTRAL = Indicator.Direction.UP, Indicator.Direction.DOWN, Indicator.Direction.NEUTRAL

DOMAINS: list[tuple[str, str]] = [
    ("petite-enfance", "Petite enfance"),
    ("enfance", "Enfance"),
    ("jeunesse", "Jeunesse"),
    ("education", "Éducation"),
    ("parentalite", "Parentalité"),
    ("animation-vie-sociale", "Animation de la vie sociale"),
    ("acces-aux-droits", "Accès aux droits et numérique"),
    ("logement", "Logement et cadre de vie"),
    ("handicap", "Handicap et inclusion"),
    ("accompagnement-social", "Accompagnement social"),
    ("sante", "Santé et prévention"),
    ("seniors", "Seniors"),
    ("vacances", "Vacances"),
    ("gouvernance", "Gouvernance"),
]


@dataclass(frozen=True)
class IndicatorFact:
    key: str
    label: str
    unit: str
    definition: str
    domain: str
    source: str
    direction: str = NEUTRAL
    decimals: int = 0
    is_summable: bool = False
    caution: str = ""
    """What the figure must not be used for."""
    ask_to: str = ""
    """Who has it, when no open file gives it for a commune."""
    is_family_policy: bool = False


I = IndicatorFact  # noqa: E741 - a table reads better with short names
RP, FILOSOFI, CAF = "Insee, recensement de la population", "Insee, Filosofi", "Cnaf"
HABITANTS, EUROS = "hab.", "€"

NATIONAL: list[IndicatorFact] = [
    I("population_municipale", "Population municipale", HABITANTS, "Personnes qui ont leur résidence habituelle sur le territoire.", "gouvernance", RP, is_summable=True),
    I("croissance_annuelle_population_2016_2022", "Évolution annuelle de la population, 2016-2022", "% par an", "Variation annuelle moyenne de la population entre 2016 et 2022.", "gouvernance", RP, decimals=1),
    I("indice_vieillissement_65p_pour_100_moins20", "Indice de vieillissement", "pour 100 jeunes", "Nombre de personnes de 65 ans et plus pour 100 personnes de moins de 20 ans.", "seniors", RP, decimals=1),
    I("part_75ans_plus", "Part des 75 ans et plus", "%", "Part des personnes de 75 ans et plus dans la population.", "seniors", RP, decimals=1),
    I("part_menages_couples_avec_enfants", "Part des couples avec enfant(s)", "%", "Part, parmi les ménages, des couples avec au moins un enfant.", "parentalite", RP, decimals=1),
    I("part_menages_monoparentaux", "Part des familles monoparentales", "%", "Part, parmi les ménages, des familles où un parent vit seul avec son ou ses enfants.", "parentalite", RP, decimals=1),
    I("niveau_de_vie_median", "Niveau de vie médian", EUROS, "Revenu disponible annuel par unité de consommation au-dessous duquel se situe la moitié de la population.", "accompagnement-social", FILOSOFI, UP),
    I("taux_pauvrete_60", "Taux de pauvreté", "%", "Part des personnes dont le niveau de vie est inférieur à 60 % du niveau de vie médian de la France métropolitaine.", "accompagnement-social", FILOSOFI, DOWN, 1),
    I("rapport_interdecile", "Rapport interdécile", "", "Niveau de vie minimal des 10 % les plus aisés, rapporté au niveau de vie maximal des 10 % les plus modestes.", "accompagnement-social", FILOSOFI, DOWN, 1),
    I("part_prestations_sociales", "Part des prestations sociales dans le revenu", "%", "Part des prestations familiales, des minima sociaux et des aides au logement dans le revenu disponible.", "acces-aux-droits", FILOSOFI, decimals=1),
    I("part_prestations_familiales", "Part des prestations familiales dans le revenu", "%", "Part des prestations familiales dans le revenu disponible.", "parentalite", FILOSOFI, decimals=1),
    I("part_minima_sociaux", "Part des minima sociaux dans le revenu", "%", "Part des minima sociaux dans le revenu disponible.", "acces-aux-droits", FILOSOFI, decimals=1),
    I("part_prestations_logement", "Part des aides au logement dans le revenu", "%", "Part des aides au logement dans le revenu disponible.", "logement", FILOSOFI, decimals=1),
    I("taux_chomage_rp_15_64", "Taux de chômage des 15-64 ans", "%", "Part des chômeurs, au sens du recensement, parmi les actifs de 15 à 64 ans : ce n'est pas le taux du Bureau international du travail.", "acces-aux-droits", RP, DOWN, 1),
    I("taux_emploi_15_64", "Taux d'emploi des 15-64 ans", "%", "Part des personnes de 15 à 64 ans qui ont un emploi.", "acces-aux-droits", RP, UP, 1),
    I("part_diplome_inferieur_bac", "Part des diplômés de niveau inférieur au bac", "%", "Part des personnes non scolarisées de 15 ans et plus dont le diplôme est inférieur au bac.", "education", RP, decimals=1),
    I("part_diplome_sup_bac2", "Part des diplômés de niveau bac + 2 et plus", "%", "Part des personnes non scolarisées de 15 ans et plus diplômées de l'enseignement supérieur.", "education", RP, UP, 1),
    I("part_locataires", "Part des locataires", "%", "Part des résidences principales occupées par des locataires.", "logement", RP, decimals=1),
    I("part_logements_vacants", "Part des logements vacants", "%", "Part des logements sans occupant au recensement.", "logement", RP, DOWN, 1),
    I("ips_ecoles_moyenne_ponderee", "Indice de position sociale des écoles", "", "Moyenne, pondérée par les effectifs, de l'indice de position sociale des écoles qui le publient : plus il est haut, plus le milieu des élèves favorise les apprentissages.", "education", "DEPP", decimals=1),
    I("ips_colleges_moyenne_ponderee", "Indice de position sociale des collèges", "", "Moyenne, pondérée par les effectifs, de l'indice de position sociale des collèges qui le publient.", "education", "DEPP", decimals=1),
    I("rpls_logements_sociaux", "Logements sociaux", "logements", "Logements du parc locatif des bailleurs sociaux au 1er janvier.", "logement", "SDES, répertoire des logements locatifs des bailleurs sociaux", is_summable=True),
]  # fmt: skip
"""What the national files give for every commune, EPCI, département and région."""


def _share(
    key: str,
    label: str,
    domain: str,
    source: str = RP,
    direction: str = NEUTRAL,
    definition: str = "",
    caution: str = "",
) -> IndicatorFact:
    return I(key, label, "%", definition, domain, source, direction, 1, caution=caution)


def _count(
    key: str,
    label: str,
    unit: str,
    domain: str,
    source: str = RP,
    definition: str = "",
    caution: str = "",
) -> IndicatorFact:
    return I(key, label, unit, definition, domain, source, is_summable=True, caution=caution)


OTHERS: list[IndicatorFact] = [
    _count("population_comptee_a_part", "Population comptée à part", HABITANTS, "gouvernance"),
    _count("population_totale", "Population totale", HABITANTS, "gouvernance"),
    _share("croissance_due_au_solde_naturel_2016_2022", "Évolution annuelle due au solde naturel, 2016-2022", "gouvernance"),
    _share("croissance_due_au_solde_migratoire_2016_2022", "Évolution annuelle due au solde migratoire, 2016-2022", "gouvernance"),
    I("superficie", "Superficie", "km²", "", "logement", "Insee", decimals=1, is_summable=True),
    _count("naissances_2016_2021", "Naissances de 2016 à 2021", "naissances", "petite-enfance", "Insee, état civil"),
    _count("deces_2016_2021", "Décès de 2016 à 2021", "décès", "seniors", "Insee, état civil"),
    _count("naissances_domiciliees", "Naissances domiciliées", "naissances", "petite-enfance", "Insee, état civil"),
    _count("deces_domicilies", "Décès domiciliés", "décès", "seniors", "Insee, état civil"),
    _count("menages_fiscaux", "Ménages fiscaux", "ménages", "accompagnement-social", FILOSOFI),
    _count("personnes_menages_fiscaux", "Personnes des ménages fiscaux", "personnes", "accompagnement-social", FILOSOFI),
    I("niveau_de_vie_d1", "Premier décile de niveau de vie", EUROS, "Niveau de vie maximal des 10 % les plus modestes.", "accompagnement-social", FILOSOFI, UP),
    I("niveau_de_vie_d9", "Neuvième décile de niveau de vie", EUROS, "Niveau de vie minimal des 10 % les plus aisés.", "accompagnement-social", FILOSOFI),
    I("indice_gini", "Indice de Gini", "", "0 : tous les niveaux de vie sont égaux ; 1 : une personne a tout.", "accompagnement-social", FILOSOFI, DOWN, 2),
    _share("part_pensions_retraites", "Part des pensions et retraites dans le revenu", "seniors", FILOSOFI),
    _share("part_revenus_patrimoine", "Part des revenus du patrimoine dans le revenu", "accompagnement-social", FILOSOFI),
    _share("part_impots", "Part des impôts dans le revenu", "accompagnement-social", FILOSOFI),
    _share("part_revenus_activite", "Part des revenus d'activité dans le revenu", "accompagnement-social", FILOSOFI),
    _share("part_salaires", "Part des salaires dans le revenu", "accompagnement-social", FILOSOFI),
    _share("part_indemnites_chomage", "Part des indemnités de chômage dans le revenu", "accompagnement-social", FILOSOFI),
    _share("part_menages_imposes", "Part des ménages fiscaux imposés", "accompagnement-social", FILOSOFI),
    _share("taux_pauvrete_moins_30ans", "Taux de pauvreté des ménages de moins de 30 ans", "jeunesse", FILOSOFI, DOWN),
    _share("taux_pauvrete_30_39ans", "Taux de pauvreté des ménages de 30 à 39 ans", "parentalite", FILOSOFI, DOWN),
    _share("taux_pauvrete_40_49ans", "Taux de pauvreté des ménages de 40 à 49 ans", "parentalite", FILOSOFI, DOWN),
    _share("taux_pauvrete_50_59ans", "Taux de pauvreté des ménages de 50 à 59 ans", "accompagnement-social", FILOSOFI, DOWN),
    _share("taux_pauvrete_60_74ans", "Taux de pauvreté des ménages de 60 à 74 ans", "seniors", FILOSOFI, DOWN),
    _share("taux_pauvrete_75ans_plus", "Taux de pauvreté des ménages de 75 ans et plus", "seniors", FILOSOFI, DOWN),
    _share("taux_pauvrete_proprietaires", "Taux de pauvreté des propriétaires", "logement", FILOSOFI, DOWN),
    _share("taux_pauvrete_locataires", "Taux de pauvreté des locataires", "logement", FILOSOFI, DOWN),
    _share("part_residences_secondaires", "Part des résidences secondaires", "logement"),
    _share("part_proprietaires", "Part des propriétaires", "logement"),
    _share("part_cadres_15p", "Part des cadres parmi les 15 ans et plus", "acces-aux-droits"),
    _share("part_ouvriers_15p", "Part des ouvriers parmi les 15 ans et plus", "acces-aux-droits"),
    _share("part_retraites_15p", "Part des retraités parmi les 15 ans et plus", "seniors"),
    _share("part_0_14", "Part des moins de 15 ans", "enfance"),
    _share("part_0_24", "Part des moins de 25 ans", "jeunesse"),
    _share("part_menages_1_personne", "Part des ménages d'une personne", "seniors"),
    _share("part_rp_hlm", "Part des résidences principales HLM", "logement"),
    _share("part_sans_diplome_15p_non_scol", "Part des 15 ans et plus sans diplôme", "education", RP, DOWN),
    _share("taux_chomage_rp_15p", "Taux de chômage des 15 ans et plus", "acces-aux-droits", RP, DOWN),
    _count("menages", "Ménages", "ménages", "logement"),
    _count("logements", "Logements", "logements", "logement"),
    _count("residences_principales", "Résidences principales", "logements", "logement"),
    _count("residences_secondaires", "Résidences secondaires", "logements", "logement"),
    _count("logements_vacants", "Logements vacants", "logements", "logement"),
    _count("rp_proprietaires", "Résidences principales occupées par leur propriétaire", "logements", "logement"),
    _count("rp_hlm", "Résidences principales HLM", "logements", "logement"),
    _count("maisons", "Maisons", "logements", "logement"),
    _count("appartements", "Appartements", "logements", "logement"),
    _count("emplois_au_lieu_de_travail", "Emplois sur le territoire", "emplois", "acces-aux-droits"),
    _count("emplois_salaries_lt", "Emplois salariés sur le territoire", "emplois", "acces-aux-droits"),
    _count("population_15_64", "Population de 15 à 64 ans", HABITANTS, "acces-aux-droits"),
    _count("chomeurs_15_64", "Chômeurs de 15 à 64 ans", "personnes", "acces-aux-droits"),
    _count("actifs_15_64", "Actifs de 15 à 64 ans", "personnes", "acces-aux-droits"),
    _count("chomeurs_15_plus", "Chômeurs de 15 ans et plus", "personnes", "acces-aux-droits"),
    _count("etablissements_actifs_employeurs", "Établissements employeurs", "établissements", "acces-aux-droits", "Insee, Sirene"),
    _count("population_0_14", "Population de moins de 15 ans", HABITANTS, "enfance"),
    _count("population_15_29", "Population de 15 à 29 ans", HABITANTS, "jeunesse"),
    _count("population_75_plus", "Population de 75 ans et plus", HABITANTS, "seniors"),
    _count("population_femmes", "Femmes", HABITANTS, "gouvernance"),
    _count("caf_foyers_allocataires", "Foyers allocataires de la Caf", "foyers", "acces-aux-droits", CAF),
    _count("caf_personnes_couvertes", "Personnes couvertes par la Caf", "personnes", "acces-aux-droits", CAF),
    _count("caf_couples_avec_enfants", "Couples allocataires avec enfant(s)", "foyers", "parentalite", CAF),
    _count("caf_couples_sans_enfant", "Couples allocataires sans enfant", "foyers", "acces-aux-droits", CAF),
    _count("caf_couples_3_enfants_plus", "Couples allocataires avec trois enfants ou plus", "foyers", "parentalite", CAF),
    _count("caf_isoles", "Allocataires isolés sans enfant", "foyers", "acces-aux-droits", CAF),
    _count("caf_monoparents", "Familles monoparentales allocataires", "foyers", "parentalite", CAF),
    _count("caf_enfants_couverts", "Enfants couverts par la Caf", "enfants", "enfance", CAF),
    _count("caf_enfants_0_2", "Enfants de moins de 3 ans couverts par la Caf", "enfants", "petite-enfance", CAF),
    _count("caf_enfants_3_5", "Enfants de 3 à 5 ans couverts par la Caf", "enfants", "enfance", CAF),
    _count("caf_enfants_6_10", "Enfants de 6 à 10 ans couverts par la Caf", "enfants", "enfance", CAF),
    _count("caf_enfants_11_14", "Enfants de 11 à 14 ans couverts par la Caf", "enfants", "jeunesse", CAF),
    _count("caf_enfants_15_17", "Jeunes de 15 à 17 ans couverts par la Caf", "jeunes", "jeunesse", CAF),
    _count("caf_enfants_18_24", "Jeunes de 18 à 24 ans couverts par la Caf", "jeunes", "jeunesse", CAF),
    _count("caf_aide_logement", "Foyers aidés pour leur logement", "foyers", "logement", CAF),
    _count("caf_aah", "Foyers bénéficiaires de l'allocation aux adultes handicapés", "foyers", "handicap", CAF),
    _count("caf_prime_activite", "Foyers bénéficiaires de la prime d'activité", "foyers", "acces-aux-droits", CAF),
    _count("caf_rsa_socle", "Foyers bénéficiaires du RSA", "foyers", "acces-aux-droits", CAF),
    _count("caf_prestations_50pct_ressources", "Foyers dont les prestations font plus de la moitié des ressources", "foyers", "acces-aux-droits", CAF),
    _count("caf_prestations_100pct_ressources", "Foyers dont les prestations sont toutes les ressources", "foyers", "acces-aux-droits", CAF),
    _share("caf_part_rsa_parmi_allocataires", "Part des foyers au RSA parmi les allocataires", "acces-aux-droits", CAF),
    _count("ips_ecoles_effectifs", "Élèves des écoles dont l'IPS est publié", "élèves", "education", "DEPP"),
    _count("ips_colleges_effectifs", "Élèves des collèges dont l'IPS est publié", "élèves", "education", "DEPP"),
    I("ips_ecoles_moyenne_simple", "Indice de position sociale des écoles, moyenne simple", "", "", "education", "DEPP", decimals=1),
    _count("etablissements_scolaires", "Établissements scolaires", "établissements", "education", "DEPP"),
    _count("ecoles", "Écoles", "écoles", "education", "DEPP"),
    _count("colleges", "Collèges", "collèges", "education", "DEPP"),
    _count("lycees", "Lycées", "lycées", "education", "DEPP"),
    _count("bpe_equipements_total", "Équipements, tous domaines", "équipements", "logement", "Insee, base permanente des équipements"),
    _count("bpe_services_particuliers", "Services aux particuliers", "équipements", "logement", "Insee, base permanente des équipements"),
    _count("bpe_commerces", "Commerces", "équipements", "logement", "Insee, base permanente des équipements"),
    _count("bpe_enseignement", "Équipements d'enseignement", "équipements", "education", "Insee, base permanente des équipements"),
    _count("bpe_sante_action_sociale", "Équipements de santé et d'action sociale", "équipements", "sante", "Insee, base permanente des équipements"),
    _count("bpe_transports", "Équipements de transport", "équipements", "logement", "Insee, base permanente des équipements"),
    _count("bpe_sports_loisirs_culture", "Équipements de sport, de loisirs et de culture", "équipements", "animation-vie-sociale", "Insee, base permanente des équipements"),
    _count("bpe_tourisme", "Équipements de tourisme", "équipements", "logement", "Insee, base permanente des équipements"),
    _count("rpls_vacants", "Logements sociaux vacants", "logements", "logement", "SDES, répertoire des logements locatifs des bailleurs sociaux"),
    # A district that lies in several communes counts in each: never summed.
    I("qpv_nombre", "Quartiers prioritaires de la politique de la ville", "quartiers", "", "gouvernance", "ANCT"),
]  # fmt: skip

FAMILY_FILE = (
    "Compte des foyers allocataires d'une seule Caf, arrondi à 5 près : ni un nombre de familles"
    " habitant la commune, ni une somme exacte."
)
OFFICIAL_RATE = (
    "Taux théorique : des places pour des enfants qui habitent là, sans dire qui les occupe. Il peut"
    " dépasser 100 ; il ne se recalcule pas à partir des places de la commune."
)
CHILDMINDERS = "Places d'assistantes maternelles estimées par la Cnaf d'après leur activité, non leur agrément."
MODES: list[tuple[str, str, str]] = [
    ("pe", "tous modes d'accueil", OFFICIAL_RATE),
    ("eaje", "crèches et autres EAJE", OFFICIAL_RATE),
    ("eaje_psu", "EAJE financés par la Psu", OFFICIAL_RATE),
    ("eaje_hors_psu", "EAJE hors Psu (Paje)", OFFICIAL_RATE),
    ("prescolarisation", "école avant trois ans", OFFICIAL_RATE),
    ("am", "assistantes maternelles", CHILDMINDERS),
    ("gad", "garde à domicile", OFFICIAL_RATE),
    ("accueil_individuel", "accueil individuel", CHILDMINDERS),
]  # fmt: skip
"""Key, name, caution of each mode of childcare that the Cnaf tells apart."""

QUOTIENTS: list[tuple[str, str]] = [
    ("moins_400", "inférieur à 400 €"), ("400_799", "de 400 à 799 €"),
    ("800_1199", "de 800 à 1 199 €"), ("1200_1599", "de 1 200 à 1 599 €"),
    ("1600_1999", "de 1 600 à 1 999 €"), ("2000_plus", "de 2 000 € et plus"),
    ("inconnu", "inconnu"),
]  # fmt: skip
BENEFITS: list[tuple[str, str, str]] = [
    ("allocations_familiales", "des allocations familiales", "parentalite"),
    ("complement_familial", "du complément familial", "parentalite"),
    ("asf", "de l'allocation de soutien familial", "parentalite"),
    ("cmg", "du complément de libre choix du mode de garde", "petite-enfance"),
    ("allocation_base", "de l'allocation de base de la Paje", "petite-enfance"),
    ("apl", "de l'aide personnalisée au logement (APL)", "logement"),
    ("als", "de l'allocation de logement sociale (ALS)", "logement"),
    ("alf", "de l'allocation de logement familiale (ALF)", "logement"),
]
AGES: list[tuple[str, str, str]] = [
    ("0_2", "de moins de 3 ans", "petite-enfance"), ("3_5", "de 3 à 5 ans", "enfance"),
    ("6_10", "de 6 à 10 ans", "enfance"), ("11_17", "de 11 à 17 ans", "jeunesse"),
    ("18_24", "de 18 à 24 ans", "jeunesse"),
]  # fmt: skip
CENSUS_WINDOW = (
    "Moyenne de cinq années de collecte, datée de celle du milieu : deux millésimes se comparent à"
    " cinq ans d'écart au moins."
)

FAMILIES: list[IndicatorFact] = [
    *(
        _count(
            f"population_{key}", f"Habitants {label}", HABITANTS, domain,
            definition=f"Personnes {label} qui résident sur le territoire.", caution=CENSUS_WINDOW,
        )
        for key, label, domain in AGES
    ),
    _count("familles", "Familles", "familles", "parentalite", definition="Couples, avec ou sans enfant, et familles monoparentales : une partie d'un ménage d'au moins deux personnes.", caution=CENSUS_WINDOW),
    _count("familles_monoparentales", "Familles monoparentales", "familles", "parentalite", definition="Un parent qui vit sans conjoint avec un ou plusieurs enfants célibataires.", caution="Un enfant en résidence alternée n'est compté que d'un côté."),
    _count("couples_avec_enfants", "Couples avec enfant(s)", "familles", "parentalite", definition="Couples qui vivent avec au moins un enfant célibataire, de quelque âge qu'il soit.", caution=CENSUS_WINDOW),
    _share("taux_emploi_femmes_25_54", "Taux d'emploi des femmes de 25 à 54 ans", "petite-enfance", direction=UP, definition="Part des femmes de 25 à 54 ans qui ont un emploi : un indice du besoin de garde.", caution="Ne dit pas si elles ont de jeunes enfants."),
    *(
        I(
            f"taux_couverture_{key}", f"Taux de couverture de l'accueil du jeune enfant : {label}",
            "places pour 100 enfants", f"Places théoriques ({label}) pour 100 enfants de moins de trois ans.",
            "petite-enfance", CAF, UP, 1, caution=caution,
        )
        for key, label, caution in MODES
    ),
    *(
        _count(
            f"places_{key}", f"Places d'accueil du jeune enfant : {label}", "places",
            "petite-enfance", CAF, f"Nombre théorique de places ({label}) pour les moins de trois ans.", caution,
        )
        for key, label, caution in MODES
    ),
    *(
        _count(
            f"caf_{key}", f"Foyers bénéficiaires {label}", "foyers", domain, CAF,
            f"Foyers à qui la Caf verse au moins un droit au titre {label}.", FAMILY_FILE,
        )
        for key, label, domain in BENEFITS
    ),
    *(
        _count(
            f"caf_qf_{key}", f"Foyers allocataires au quotient familial {label}", "foyers",
            "acces-aux-droits", CAF, f"Foyers allocataires dont le quotient familial est {label}.", FAMILY_FILE,
        )
        for key, label in QUOTIENTS
    ),
    _count("eleves_ecoles", "Élèves des écoles", "élèves", "education", "DEPP", "Élèves inscrits à la rentrée dans les écoles du territoire, publiques et privées.", "Compte les élèves scolarisés là, non ceux qui y habitent."),
    _count("eleves_preelementaire", "Élèves de maternelle", "élèves", "education", "DEPP", "Élèves du niveau préélémentaire à la rentrée.", "Compte les élèves scolarisés là, non ceux qui y habitent."),
    _count("eleves_elementaire", "Élèves d'élémentaire", "élèves", "education", "DEPP", "Élèves du niveau élémentaire à la rentrée.", "Compte les élèves scolarisés là, non ceux qui y habitent."),
    _count("eleves_ulis_ecoles", "Élèves d'ULIS en école", "élèves", "handicap", "DEPP", "Élèves des unités localisées pour l'inclusion scolaire.", "Une ULIS accueille un secteur plus large que la commune."),
    _count("classes_ecoles", "Classes des écoles", "classes", "education", "DEPP", "Classes ouvertes à la rentrée dans les écoles du territoire."),
    *(
        I(
            f"niveau_de_vie_{key}", label, EUROS, f"Niveau de vie annuel au-dessous duquel se situent {share} des personnes.",
            "accompagnement-social", FILOSOFI,
        )
        for key, label, share in (
            ("q1", "Premier quartile de niveau de vie", "25 %"),
            ("q3", "Troisième quartile de niveau de vie", "75 %"),
            ("d2", "Deuxième décile de niveau de vie", "20 %"),
            ("d3", "Troisième décile de niveau de vie", "30 %"),
            ("d4", "Quatrième décile de niveau de vie", "40 %"),
            ("d6", "Sixième décile de niveau de vie", "60 %"),
            ("d7", "Septième décile de niveau de vie", "70 %"),
            ("d8", "Huitième décile de niveau de vie", "80 %"),
        )
    ),
    I("ecart_interquartile", "Écart interquartile de niveau de vie", EUROS, "Écart entre le troisième et le premier quartile de niveau de vie.", "accompagnement-social", FILOSOFI),
    I("unites_de_consommation", "Unités de consommation des ménages fiscaux", "unités", "1 pour le premier adulte, 0,5 par autre personne de 14 ans ou plus, 0,3 par enfant de moins de 14 ans.", "accompagnement-social", FILOSOFI, decimals=1, is_summable=True),
    I("rapport_s80_s20", "Rapport S80/S20", "", "Masse des niveaux de vie des 20 % les plus aisés, rapportée à celle des 20 % les plus modestes.", "accompagnement-social", FILOSOFI, DOWN, 1),
    _share("part_benefices", "Part des bénéfices dans le revenu", "accompagnement-social", FILOSOFI, definition="Part des revenus d'activité non salariée dans le revenu disponible."),
]  # fmt: skip

LOCAL: list[IndicatorFact] = [
    I("demandes_admission", "Demandes d'admission en accueil du jeune enfant", "demandes", "Demandes reçues dans l'année, chaque enfant compté une fois.", "petite-enfance", "Service petite enfance de la commune", is_summable=True, ask_to="service"),
    I("admissions_prononcees", "Admissions prononcées en accueil du jeune enfant", "admissions", "Places attribuées dans l'année par la commission d'admission, chaque enfant compté une fois.", "petite-enfance", "Service petite enfance de la commune", UP, is_summable=True, ask_to="service"),
    I("assistants_maternels_actifs", "Assistants maternels en activité", "personnes", "Assistants maternels qui ont accueilli au moins un enfant dans l'année.", "petite-enfance", "Relais petite enfance", UP, is_summable=True, ask_to="service"),
    I("heures_alsh", "Heures d'accueil de loisirs", "heures", "Heures réalisées dans l'année en accueil de loisirs sans hébergement, périscolaire et extrascolaire.", "enfance", "Service enfance de la commune, déclarations à la Caf", UP, is_summable=True, ask_to="service"),
    I("jeunes_accueillis", "Jeunes accueillis", "jeunes", "Jeunes différents venus au moins une fois dans l'année dans un accueil ou un service jeunesse.", "jeunesse", "Service jeunesse de la commune", UP, is_summable=True, ask_to="service"),
    I("familles_laep", "Familles venues au lieu d'accueil enfants-parents", "familles", "Familles différentes venues au moins une fois dans l'année.", "parentalite", "Lieu d'accueil enfants-parents", UP, is_summable=True, ask_to="service"),
    I("enfants_clas", "Enfants accompagnés à la scolarité (CLAS)", "enfants", "Enfants et jeunes inscrits à un contrat local d'accompagnement à la scolarité dans l'année scolaire.", "education", "Porteurs des actions CLAS", UP, is_summable=True, ask_to="service"),
    I("enfants_parents_emploi", "Part des moins de 3 ans dont le ou les parents travaillent", "%", "Part, parmi les enfants de moins de 3 ans des foyers allocataires, de ceux dont le parent seul ou les deux parents ont un emploi.", "petite-enfance", "Caf", decimals=1, ask_to="caf"),
    I("aeeh_enfants", "Enfants bénéficiaires de l'AEEH", "enfants", "Enfants pour qui la Caf verse l'allocation d'éducation de l'enfant handicapé.", "handicap", "Caf", is_summable=True, ask_to="caf"),
]  # fmt: skip
"""What no open file gives for a commune: to ask, then to type."""


def _with_family_policy(fact: IndicatorFact) -> IndicatorFact:
    told = FAMILY_POLICY.get(fact.key)
    if told is None:
        return fact
    return replace(
        fact, definition=told.definition or fact.definition, caution=told.caution,
        is_family_policy=True,
    )  # fmt: skip


INDICATORS = [_with_family_policy(fact) for fact in (*NATIONAL, *OTHERS, *FAMILIES, *LOCAL)]

USUAL_KEYS = (
    "population_municipale", "population_0_2", "population_3_5", "population_6_10",
    "population_11_17", "naissances_domiciliees", "part_menages_monoparentaux",
    "niveau_de_vie_median", "taux_pauvrete_60", "caf_foyers_allocataires", "caf_qf_moins_400",
    "taux_emploi_15_64", "taux_emploi_femmes_25_54", "taux_couverture_pe", "places_eaje",
    "places_am", "places_prescolarisation", "demandes_admission", "heures_alsh", "eleves_ecoles",
    "ips_ecoles_moyenne_ponderee", "jeunes_accueillis", "aeeh_enfants",
)  # fmt: skip
_BY_KEY = {fact.key: fact for fact in INDICATORS}
USUAL: list[IndicatorFact] = [_BY_KEY[key] for key in USUAL_KEYS]
"""The indicators compared by default, in the order of the page: those of the first run."""
