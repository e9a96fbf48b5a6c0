"""The words of the field in plain French, in our own wording.

Sources: articles L. 214-1 to D. 214-10-1 of the code de l'action sociale et des familles and the
Caf's public pages, as gathered in the project's domain notes. Kept free of amounts and rates,
which change every year.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from django.utils.text import slugify


@dataclass(frozen=True)
class Entry:
    term: str
    expansion: str
    definition: str

    @property
    def slug(self) -> str:
        return slugify(self.term)


ENTRIES: tuple[Entry, ...] = (
    Entry(
        "ABS",
        "analyse des besoins sociaux",
        "État des besoins de la population que le CCAS établit après chaque élection "
        "municipale. Elle nourrit le diagnostic de la CTG.",
    ),
    Entry(
        "Adéquation offre / besoins",
        "",
        "Rapprochement du nombre d'enfants et de ce qui est offert, par âge et par mode "
        "d'accueil. Le taux publié reste celui de son producteur.",
    ),
    Entry(
        "AEEH",
        "allocation d'éducation de l'enfant handicapé",
        "Aide versée aux familles d'un enfant handicapé. Le nombre de bénéficiaires éclaire "
        "les besoins d'accueil inclusif.",
    ),
    Entry(
        "AFOM",
        "atouts, faiblesses, opportunités, menaces",
        "Rangement des constats en quatre cases : ce qui va et ce qui manque ici, ce qui aide "
        "et ce qui menace.",
    ),
    Entry(
        "ALSH",
        "accueil de loisirs sans hébergement",
        "Accueil collectif d'enfants et de jeunes autour de l'école, le mercredi ou pendant "
        "les vacances.",
    ),
    Entry(
        "Atelier de priorisation",
        "",
        "Séance où les participants votent, avec des gommettes, pour les enjeux qui leur "
        "paraissent les plus importants.",
    ),
    Entry(
        "Avenant",
        "",
        "Acte qui modifie une convention déjà signée, avec l'accord de tous les signataires.",
    ),
    Entry(
        "Barème",
        "",
        "Montant ou taux publié pour une année, d'après lequel une aide se calcule. Ce qu'on "
        "en tire est une estimation, pas une somme due.",
    ),
    Entry(
        "Bonus territoire",
        "bonus territoire CTG",
        "Complément que la Caf verse aux équipements soutenus par une collectivité signataire"
        " d'une CTG. Il s'ajoute à la prestation de service.",
    ),
    Entry(
        "Caf",
        "caisse d'allocations familiales",
        "Organisme qui verse les prestations aux familles et finance les services qui leur "
        "sont destinés. Elle cosigne et pilote la CTG avec la collectivité.",
    ),
    Entry(
        "CCAS",
        "centre communal d'action sociale",
        "Établissement public de la commune chargé de l'action sociale.",
    ),
    Entry(
        "CDSF",
        "comité départemental des services aux familles",
        "Instance du département, présidée par le préfet, où l'État, la Caf, le Département "
        "et les communes coordonnent les services aux familles.",
    ),
    Entry(
        "CLAS",
        "contrat local d'accompagnement à la scolarité",
        "Aide apportée aux enfants et aux parents en dehors du temps d'école, financée par la Caf.",
    ),
    Entry(
        "COF",
        "convention d'objectifs et de financement",
        "Contrat entre la Caf et le gestionnaire d'un équipement, qui fixe ce qui est attendu"
        " et ce qui est payé. Elle est distincte de la CTG, et la complète.",
    ),
    Entry(
        "Constat",
        "",
        "Ce que l'on observe sur le territoire, appuyé sur un chiffre ou un témoignage daté.",
    ),
    Entry(
        "COPIL",
        "comité de pilotage",
        "Instance qui réunit les élus et la Caf. Elle arbitre et valide le bilan ; elle donne"
        " un avis et ne vote pas de crédits.",
    ),
    Entry(
        "COTECH",
        "comité technique",
        "Instance des techniciens qui prépare le COPIL et suit l'avancement des actions.",
    ),
    Entry(
        "CTG",
        "convention territoriale globale",
        "Accord de cinq ans au plus entre la Caf et une collectivité, qui relie un diagnostic"
        " partagé à un plan d'actions pour les familles.",
    ),
    Entry(
        "Délibération",
        "",
        "Décision votée par le conseil municipal ou communautaire, numérotée et datée. Elle "
        "seule engage la collectivité.",
    ),
    Entry(
        "DEPP",
        "direction de l'évaluation, de la prospective et de la performance",
        "Service statistique du ministère de l'Éducation nationale.",
    ),
    Entry(
        "Diagnostic",
        "",
        "Étude du territoire, d'un thème ou d'un partenaire : chiffres, offre, paroles "
        "d'habitants. On en tire des constats.",
    ),
    Entry(
        "EAJE",
        "établissement d'accueil du jeune enfant",
        "Crèche, micro-crèche, multi-accueil ou jardin d'enfants qui accueille les moins de "
        "six ans.",
    ),
    Entry(
        "Enjeu",
        "",
        "Question importante que le diagnostic fait apparaître et à laquelle le plan "
        "d'actions doit répondre.",
    ),
    Entry(
        "EPCI",
        "établissement public de coopération intercommunale",
        "Groupement de communes, comme une communauté de communes ou d'agglomération, qui "
        "exerce des compétences à leur place.",
    ),
    Entry(
        "ETP",
        "équivalent temps plein",
        "Temps de travail rapporté à un plein temps. Sept heures par semaine font 0,20 ETP.",
    ),
    Entry(
        "EVS",
        "espace de vie sociale",
        "Petite structure de proximité, souvent associative, agréée par la Caf pour animer la"
        " vie locale avec les habitants.",
    ),
    Entry(
        "Indicateur de suivi",
        "mesure",
        "Nombre suivi d'année en année, avec une valeur de départ et une valeur visée, pour "
        "savoir si une action produit ce qu'on en attend.",
    ),
    Entry(
        "IPS",
        "indice de position sociale",
        "Indice de l'Éducation nationale qui résume le milieu social des élèves d'une école. "
        "Plus il est élevé, plus ce milieu est favorisé.",
    ),
    Entry(
        "Iris",
        "îlots regroupés pour l'information statistique",
        "Petit quartier que l'Insee découpe dans les grandes communes pour publier ses chiffres.",
    ),
    Entry(
        "LAEP",
        "lieu d'accueil enfants-parents",
        "Lieu ouvert et gratuit où l'on vient librement avec un enfant de moins de six ans, "
        "sans inscription.",
    ),
    Entry(
        "MAM",
        "maison d'assistants maternels",
        "Lieu où plusieurs assistants maternels accueillent ensemble de jeunes enfants.",
    ),
    Entry(
        "Millésime",
        "",
        "Année que décrit un fichier publié. Elle est distincte de l'année du découpage des "
        "communes.",
    ),
    Entry(
        "Montant actualisé",
        "",
        "Estimation corrigée en cours d'année, à partir de ce qui est déjà connu.",
    ),
    Entry(
        "Montant notifié",
        "",
        "Somme que le financeur a annoncée par écrit.",
    ),
    Entry(
        "Montant prévisionnel",
        "",
        "Estimation faite avant le début de l'année.",
    ),
    Entry(
        "Montant réel",
        "",
        "Somme constatée une fois l'année terminée et les comptes arrêtés.",
    ),
    Entry(
        "Montant versé",
        "",
        "Somme effectivement reçue du financeur.",
    ),
    Entry(
        "Orientation",
        "",
        "Grande direction du plan d'actions, choisie pour répondre à un ou plusieurs enjeux.",
    ),
    Entry(
        "PEDT",
        "projet éducatif territorial",
        "Projet de la commune qui relie l'école et les activités des enfants en dehors de la "
        "classe.",
    ),
    Entry(
        "PMI",
        "protection maternelle et infantile",
        "Service du Département qui suit la santé des jeunes enfants et donne son avis sur "
        "leurs lieux d'accueil.",
    ),
    Entry(
        "Prestation de service",
        "",
        "Financement régulier de la Caf à un équipement, calculé sur son activité.",
    ),
    Entry(
        "PSU",
        "prestation de service unique",
        "Financement de la Caf à la plupart des crèches, calculé sur les heures d'accueil. "
        "Les familles y paient selon leurs revenus.",
    ),
    Entry(
        "QF",
        "quotient familial",
        "Revenu mensuel d'une famille, prestations comprises, divisé par son nombre de parts."
        " Il sert à fixer des tarifs.",
    ),
    Entry(
        "QPV",
        "quartier prioritaire de la politique de la ville",
        "Quartier où se concentre la pauvreté, au contour fixé par décret. Ses chiffres "
        "dépendent de l'année de ce contour.",
    ),
    Entry(
        "Relevé de décisions",
        "",
        "Compte rendu bref d'une réunion : ce qui a été décidé, par qui c'est porté et pour quand.",
    ),
    Entry(
        "RPE",
        "relais petite enfance",
        "Service gratuit d'information pour les parents et les assistants maternels.",
    ),
    Entry(
        "SDES",
        "service des données et études statistiques",
        "Service statistique de l'État pour le logement, les transports et l'environnement.",
    ),
    Entry(
        "SDSF",
        "schéma départemental des services aux familles",
        "Document du département qui fixe les priorités pour la petite enfance, la jeunesse "
        "et la parentalité. La CTG le décline localement.",
    ),
    Entry(
        "Secret statistique",
        "",
        "Règle qui interdit de publier un chiffre portant sur trop peu de personnes. Le "
        "chiffre existe, mais n'est pas montré : ce n'est pas un zéro.",
    ),
    Entry(
        "SPPE",
        "service public de la petite enfance",
        "Depuis 2025, les communes organisent l'accueil du jeune enfant : recenser les "
        "besoins, informer les familles, planifier et soutenir la qualité.",
    ),
    Entry(
        "Taux de couverture",
        "taux de couverture en accueil du jeune enfant",
        "Nombre de places d'accueil pour cent enfants de moins de trois ans.",
    ),
    Entry(
        "Territoires de comparaison",
        "",
        "Territoires choisis une fois, à côté desquels chaque chiffre est montré : "
        "intercommunalité, département, région, France ou autres communes.",
    ),
    Entry(
        "Valeur de départ",
        "",
        "Dernier chiffre connu avant que l'action commence, avec son année.",
    ),
    Entry(
        "Zone mal desservie",
        "",
        "Partie du territoire où l'offre manque ou se rejoint difficilement. Le diagnostic de "
        "l'accueil du jeune enfant doit la nommer.",
    ),
)


@cache
def _by_term() -> Mapping[str, Entry]:
    return {item.term.casefold(): item for item in ENTRIES}


def entry(term: str) -> Entry:
    """Raises KeyError for a term that the glossary does not explain."""
    return _by_term()[term.casefold()]
