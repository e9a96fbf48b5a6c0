"""The catalogue of family policy: some ninety indicators, and what each must not be used for.

The texts complete those of ``opendata.catalogue``: an empty definition keeps the catalogue's own.
They are what a reader sees beside a figure, so they say how the figure is made (five years of
census, tax households, benefits rounded to 5) before what it does not say.
"""

from __future__ import annotations

from dataclasses import dataclass

CENSUS = (
    "Recensement : cinq années de collecte, datées de celle du milieu. Deux millésimes se comparent à"
    " cinq ans d'écart au moins ; sous 500 habitants, une petite variation ne veut rien dire."
)
CENSUS_AGES = (
    "Recensement : cinq années de collecte, datées de celle du milieu. Ne pas en déduire le nombre"
    " d'enfants de l'année ni une prévision d'effectifs scolaires."
)
TAX = (
    "Ménages fiscaux : sans les personnes en foyer, en résidence étudiante ou sans domicile. Ne se"
    " compare pas d'une année à l'autre quand la méthode change."
)
POVERTY = (
    "Seuil national, sans le coût du logement local. Seuls sont connus les ménages fiscaux ; secret"
    " dans les petites communes. Ne se multiplie pas par la population pour compter des personnes."
)
SHARE_OF_INCOME = (
    "Part de l'ensemble des revenus du territoire, non part des ménages qui touchent la prestation."
)
BENEFIT = (
    "Caf seule, sans la MSA ; au 31 décembre ; arrondi à 5 près et masqué sous 5. Ne mesure pas le"
    " non-recours, et ne s'additionne pas à un autre droit : un foyer en a plusieurs."
)
CHILDREN_OF_CAF = (
    "Enfants des seuls foyers allocataires, arrondis à 5 près : un premier enfant sans condition de"
    " ressources peut manquer. Ce n'est pas le nombre d'enfants de la commune."
)
COVERAGE = (
    "Taux théorique : des places pour 100 enfants qui habitent là, sans dire qui les occupe. Il peut"
    " dépasser 100, ne se recalcule pas avec les places de la commune, et ne dit pas le besoin."
)
PLACES = (
    "Places théoriques, non enfants accueillis : ne pas en tirer un taux d'occupation ni les heures"
    " ouvertes. Une place sert souvent à plusieurs enfants."
)
CHILDMINDERS = (
    "Places estimées par la Cnaf d'après l'activité des assistantes maternelles, non leur agrément :"
    " ne pas les comparer au nombre d'agréments du département."
)
PUPILS = "Compte les élèves scolarisés là, non ceux qui y habitent : ne mesure pas la natalité."
IPS = (
    "Décrit le milieu social des élèves, ni leur niveau ni la qualité de l'école. Les petites écoles"
    " ne sont pas publiées ; ne pas classer des écoles proches de quelques points."
)
HOUSING = (
    "Recensement : cinq années de collecte, datées de celle du milieu. Ne dit ni l'état du logement ni"
    " son prix."
)
DECLARED = (
    "Relevé propre à chaque service : ne se compare à une autre commune qu'à règle de comptage"
    " identique. Écrire la règle avec la source."
)


@dataclass(frozen=True)
class Told:
    """What the catalogue says of an indicator. ``definition`` empty: that of the indicator."""

    caution: str
    definition: str = ""


FAMILY_POLICY: dict[str, Told] = {
    # Population
    "population_municipale": Told("Population légale, datée de trois ans avant son entrée en vigueur. Ne compare pas deux années qui se suivent : cinq ans d'écart au moins.", "Personnes qui ont leur résidence habituelle sur le territoire, sans double compte : la population légale qui s'additionne."),
    "population_0_2": Told(CENSUS_AGES, "Enfants de moins de 3 ans qui résident sur le territoire."),
    "population_3_5": Told(CENSUS_AGES, "Enfants de 3 à 5 ans qui résident sur le territoire : l'âge de la maternelle."),
    "population_6_10": Told(CENSUS_AGES, "Enfants de 6 à 10 ans qui résident sur le territoire : l'âge de l'élémentaire."),
    "population_11_17": Told(CENSUS_AGES, "Jeunes de 11 à 17 ans qui résident sur le territoire : l'âge du collège et du lycée."),
    "population_18_24": Told(f"{CENSUS} Un étudiant est compté là où il étudie."),
    "croissance_annuelle_population_2016_2022": Told("Moyenne de six années : cache une rupture au cours de la période. Ne se prolonge pas en prévision."),
    "croissance_due_au_solde_naturel_2016_2022": Told("Moyenne de six années ; un établissement pour personnes âgées pèse sur les décès d'une petite commune.", "Part de l'évolution annuelle de la population qui vient des naissances moins les décès."),
    "croissance_due_au_solde_migratoire_2016_2022": Told("Obtenue par différence : elle porte aussi les erreurs du recensement. Ne dit ni d'où viennent les familles ni leur âge.", "Part de l'évolution annuelle de la population qui vient des arrivées moins les départs."),
    "naissances_domiciliees": Told("Domicile de la mère à la naissance : la famille a pu déménager depuis. Petits nombres : regarder plusieurs années.", "Naissances de l'année, comptées à la commune où habite la mère."),
    "indice_vieillissement_65p_pour_100_moins20": Told(f"{CENSUS} Un établissement pour personnes âgées le relève sans que les familles aient changé."),
    "part_75ans_plus": Told(f"{CENSUS} Ne dit ni la dépendance ni l'isolement."),
    # Families
    "familles": Told(CENSUS),
    "familles_monoparentales": Told("Un enfant en résidence alternée n'est compté que d'un côté ; l'enfant peut être majeur. Ne dit ni l'isolement ni la pauvreté.", "Un parent qui vit sans conjoint avec un ou plusieurs enfants célibataires, de quelque âge que ce soit."),
    "couples_avec_enfants": Told(CENSUS),
    "part_menages_couples_avec_enfants": Told(CENSUS, "Part, parmi les ménages, de ceux dont la famille principale est un couple avec au moins un enfant."),
    "part_menages_monoparentaux": Told("Rapportée aux ménages, non aux familles avec enfant : ne pas la comparer à une part des familles. Un enfant en résidence alternée n'est compté que d'un côté.", "Part, parmi les ménages, de ceux dont la famille principale est un parent sans conjoint avec son ou ses enfants."),
    "taux_emploi_femmes_25_54": Told("Ne dit pas si elles ont de jeunes enfants, ni leurs horaires : un indice du besoin de garde, non sa mesure.", "Part des femmes de 25 à 54 ans qui ont un emploi, au sens du recensement."),
    "taux_emploi_15_64": Told("Au sens du recensement, qui n'est pas celui du Bureau international du travail. Les étudiants le font baisser.", "Part des personnes de 15 à 64 ans qui ont un emploi, au sens du recensement."),
    "taux_chomage_rp_15_64": Told("Déclaration au recensement : plus élevé que le taux du Bureau international du travail, et jamais comparable à lui ni aux inscrits à France Travail."),
    # Living conditions
    "niveau_de_vie_median": Told(f"{TAX} Une médiane ne s'additionne ni ne se moyenne entre communes."),
    "niveau_de_vie_d1": Told(TAX, "Niveau de vie annuel au-dessous duquel se situent les 10 % les plus modestes."),
    "niveau_de_vie_d9": Told(TAX, "Niveau de vie annuel au-dessus duquel se situent les 10 % les plus aisés."),
    "rapport_interdecile": Told(f"{TAX} Un rapport ne se moyenne pas entre communes."),
    "taux_pauvrete_60": Told(POVERTY),
    "taux_pauvrete_moins_30ans": Told(f"{POVERTY} Âge du référent fiscal : les étudiants rattachés à leurs parents n'y sont pas.", "Part des personnes pauvres parmi celles dont le référent fiscal du ménage a moins de 30 ans."),
    "taux_pauvrete_30_39ans": Told(f"{POVERTY} Âge du référent fiscal, non des enfants.", "Part des personnes pauvres parmi celles dont le référent fiscal du ménage a de 30 à 39 ans."),
    "taux_pauvrete_locataires": Told(POVERTY, "Part des personnes pauvres parmi celles des ménages locataires."),
    "part_prestations_sociales": Told(SHARE_OF_INCOME),
    "part_prestations_familiales": Told(SHARE_OF_INCOME),
    "part_minima_sociaux": Told(SHARE_OF_INCOME),
    "part_prestations_logement": Told(SHARE_OF_INCOME),
    # The Caf's beneficiaries
    "caf_foyers_allocataires": Told("Caf seule, sans la MSA ; arrondi à 5 près. Un foyer n'est ni un ménage ni une famille ; ne pas le rapporter à la population.", "Foyers qui ont au moins un droit versé par la Caf au 31 décembre."),
    "caf_personnes_couvertes": Told("Caf seule, sans la MSA ; arrondi à 5 près. Ne mesure pas le recours aux droits.", "Allocataires, conjoints, enfants et autres personnes à charge au sens des prestations."),
    "caf_enfants_couverts": Told(CHILDREN_OF_CAF, "Enfants à charge des foyers allocataires de la Caf."),
    "caf_enfants_0_2": Told(CHILDREN_OF_CAF, "Enfants de moins de 3 ans à charge des foyers allocataires."),
    "caf_enfants_3_5": Told(CHILDREN_OF_CAF, "Enfants de 3 à 5 ans à charge des foyers allocataires."),
    "caf_enfants_6_10": Told(CHILDREN_OF_CAF, "Enfants de 6 à 10 ans à charge des foyers allocataires."),
    "caf_enfants_11_14": Told(CHILDREN_OF_CAF, "Enfants de 11 à 14 ans à charge des foyers allocataires."),
    "caf_enfants_15_17": Told(CHILDREN_OF_CAF, "Jeunes de 15 à 17 ans à charge des foyers allocataires."),
    "caf_monoparents": Told(f"{BENEFIT} Déclaré à la Caf : ne se compare pas aux familles du recensement.", "Foyers allocataires d'un parent sans conjoint avec au moins un enfant à charge."),
    "caf_couples_avec_enfants": Told(BENEFIT, "Foyers allocataires d'un couple avec au moins un enfant à charge."),
    "caf_couples_3_enfants_plus": Told(BENEFIT, "Foyers allocataires d'un couple avec trois enfants à charge ou plus."),
    "caf_rsa_socle": Told(BENEFIT, "Foyers à qui la Caf verse le revenu de solidarité active."),
    "caf_prime_activite": Told(BENEFIT, "Foyers à qui la Caf verse la prime d'activité."),
    "caf_aah": Told(f"{BENEFIT} Ne compte que des adultes : rien sur les enfants en situation de handicap.", "Foyers où une personne perçoit l'allocation aux adultes handicapés."),
    "caf_aide_logement": Told(f"{BENEFIT} Les ménages sans aide ne sont pas sans difficulté.", "Foyers à qui la Caf verse une aide personnelle au logement."),
    "caf_allocations_familiales": Told(f"{BENEFIT} Il faut deux enfants à charge : les familles d'un enfant n'y sont pas."),
    "caf_complement_familial": Told(BENEFIT),
    "caf_asf": Told(f"{BENEFIT} Ne compte pas toutes les familles monoparentales."),
    "caf_cmg": Told(f"{BENEFIT} Compte des familles, non des enfants ni des heures de garde."),
    "caf_qf_moins_400": Told("Foyers d'une seule Caf, arrondis à 5 près et masqués sous 5. Le quotient de la Caf n'est pas celui des impôts ; ne pas en tirer une grille de tarifs.", "Foyers allocataires dont le quotient familial de la Caf est inférieur à 400 €."),
    "caf_qf_400_799": Told("Foyers d'une seule Caf, arrondis à 5 près et masqués sous 5. Le quotient de la Caf n'est pas celui des impôts ; ne pas en tirer une grille de tarifs."),
    "caf_prestations_50pct_ressources": Told("Caf seule, hors retraités et étudiants ; arrondi à 5 près. Dit la dépendance aux prestations, non la pauvreté.", "Foyers dont les prestations font plus de la moitié des ressources déclarées."),
    # Childcare
    "taux_couverture_pe": Told(COVERAGE, "Places théoriques de tous les modes d'accueil formels pour 100 enfants de moins de trois ans."),
    "taux_couverture_eaje": Told(COVERAGE),
    "taux_couverture_am": Told(f"{CHILDMINDERS} Le taux peut dépasser 100."),
    "taux_couverture_prescolarisation": Told(COVERAGE),
    "taux_couverture_accueil_individuel": Told(f"{CHILDMINDERS} Le taux peut dépasser 100."),
    "places_pe": Told(PLACES),
    "places_eaje": Told(PLACES, "Nombre théorique de places en établissement d'accueil du jeune enfant (crèche, micro-crèche, jardin d'enfants)."),
    "places_eaje_psu": Told(PLACES),
    "places_eaje_hors_psu": Told(PLACES),
    "places_am": Told(CHILDMINDERS),
    "places_prescolarisation": Told("Élèves de deux ans, comptés là où ils sont scolarisés : ne pas l'ajouter aux places de crèche comme un accueil de toute la journée."),
    "places_gad": Told(PLACES),
    # School
    "ecoles": Told("Établissements ouverts, publics et privés : ne dit ni les classes ni les places.", "Écoles maternelles, élémentaires et primaires ouvertes sur le territoire."),
    "eleves_ecoles": Told(PUPILS),
    "eleves_preelementaire": Told(PUPILS),
    "eleves_elementaire": Told(PUPILS),
    "eleves_ulis_ecoles": Told("Une ULIS accueille un secteur plus large que la commune : ce n'est pas le nombre d'enfants en situation de handicap."),
    "classes_ecoles": Told("Ne pas diviser les élèves par les classes quand des classes ont plusieurs niveaux ou qu'une ULIS s'y ajoute."),
    "ips_ecoles_moyenne_ponderee": Told(IPS),
    "ips_colleges_moyenne_ponderee": Told(IPS),
    "part_sans_diplome_15p_non_scol": Told(f"{CENSUS} Les plus âgés pèsent beaucoup : ne décrit pas les parents d'aujourd'hui.", "Part des personnes de 15 ans et plus sorties de l'école sans diplôme ou avec le seul certificat d'études."),
    "part_diplome_inferieur_bac": Told(f"{CENSUS} Les plus âgés pèsent beaucoup : ne décrit pas les parents d'aujourd'hui."),
    # Housing and setting
    "part_locataires": Told(HOUSING),
    "part_logements_vacants": Told(f"{HOUSING} Compte aussi la vacance de quelques semaines entre deux occupants."),
    "part_rp_hlm": Told(HOUSING, "Part des résidences principales louées vides à un organisme d'habitation à loyer modéré."),
    "rpls_logements_sociaux": Told("Parc des bailleurs sociaux : n'est pas le décompte de la loi SRU, et ne dit pas l'attente des demandeurs."),
    "qpv_nombre": Told("Périmètre de 2015 ou de 2024 : ne pas comparer l'un à l'autre. Un quartier à cheval compte dans chaque commune.", "Quartiers prioritaires de la politique de la ville qui touchent le territoire."),
    "bpe_sante_action_sociale": Told("Compte des lieux, sans leur taille, leurs horaires ni leurs places.", "Équipements de santé et d'action sociale de la base permanente des équipements."),
    "bpe_sports_loisirs_culture": Told("Compte des lieux, sans leur taille, leurs horaires ni leurs tarifs.", "Équipements de sport, de loisirs et de culture de la base permanente des équipements."),
    # To ask
    "demandes_admission": Told("Une famille inscrite dans deux communes compte deux fois : ne s'additionne qu'au sein d'un guichet commun. Une demande n'est pas un besoin : des familles renoncent avant de demander."),
    "admissions_prononcees": Told(f"{DECLARED} Ne pas la diviser par les demandes de l'année : une admission peut répondre à une demande plus ancienne."),
    "heures_alsh": Told(f"{DECLARED} Une heure réalisée n'est pas une heure facturée."),
    "jeunes_accueillis": Told("Un jeune venu dans deux lieux y compte deux fois ; ne dit ni la fréquence ni la durée."),
    "familles_laep": Told(f"{DECLARED} L'accueil est anonyme : des familles de communes voisines y viennent."),
    "enfants_clas": Told(f"{DECLARED} Ne mesure pas les besoins d'accompagnement, seulement ce qui est offert."),
    "assistants_maternels_actifs": Told("En activité, et non agréés ; ne pas multiplier par les places d'agrément pour compter l'offre."),
    "enfants_parents_emploi": Told("Enfants des seuls foyers allocataires, emploi déclaré à la Caf : ne dit ni le temps partiel ni les horaires. Petits nombres : pas de croisement."),
    "aeeh_enfants": Told("Petits nombres : ne jamais descendre au quartier ni croiser. Ne compte pas les enfants sans droit ouvert : ce n'est pas le nombre d'enfants en situation de handicap."),
}  # fmt: skip
"""By key of indicator, in the order of the catalogue's page."""
