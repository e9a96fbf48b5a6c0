"""Findings and challenges of the shared diagnosis (invented), resting on real figures."""

from __future__ import annotations

from territory.models import Challenge, Finding

Q, P = Finding.Quadrant, Challenge.Priority

# key: (theme, quadrant, text, indicator read as evidence or "")
FINDINGS: dict[str, tuple[str, str, str, str]] = {
    "monoparents": (
        "Parentalité",
        Q.WEAKNESS,
        "Les ménages monoparentaux sont nombreux, surtout dans le quartier Maugout, et disent manquer de relais le soir et le mercredi.",
        "part_menages_monoparentaux",
    ),
    "pauvrete": (
        "Accompagnement social",
        Q.WEAKNESS,
        "Le taux de pauvreté de la commune masque de forts écarts entre quartiers.",
        "taux_pauvrete_60",
    ),
    "vieillissement": (
        "Seniors",
        Q.THREAT,
        "La commune vieillit : moins de jeunes ménages s'y installent, l'équilibre des écoles en dépend.",
        "indice_vieillissement_65p_pour_100_moins20",
    ),
    "revenus": (
        "Accompagnement social",
        Q.STRENGTH,
        "Le niveau de vie médian reste proche de celui du département, avec des services accessibles à pied.",
        "niveau_de_vie_median",
    ),
    "chomage": (
        "Accès aux droits et numérique",
        Q.WEAKNESS,
        "Le chômage pèse sur l'accès au mode d'accueil : un entretien d'embauche se prépare sans solution de garde.",
        "taux_chomage_rp_15_64",
    ),
    "assmat": (
        "Petite enfance",
        Q.THREAT,
        "Un tiers des assistants maternels partira à la retraite d'ici 2030, d'après le relais petite enfance.",
        "",
    ),
    "horaires": (
        "Petite enfance",
        Q.WEAKNESS,
        "Les horaires décalés (avant 7 h 30, après 18 h 30) restent sans réponse collective.",
        "",
    ),
    "ecoles": (
        "Éducation",
        Q.WEAKNESS,
        "L'indice de position sociale des écoles est inférieur à la moyenne du pays.",
        "ips_ecoles_moyenne_ponderee",
    ),
    "jeunes": (
        "Jeunesse",
        Q.WEAKNESS,
        "Après 14 ans, les jeunes quittent les accueils ; l'Atelier n'ouvre que deux soirs par semaine.",
        "",
    ),
    "reseau": (
        "Animation de la vie sociale",
        Q.STRENGTH,
        "Le tissu associatif est dense et prêt à coopérer ; le centre social en est le pivot.",
        "",
    ),
    "numerique": (
        "Accès aux droits et numérique",
        Q.WEAKNESS,
        "Les démarches en ligne découragent : un allocataire sur quatre reçu au CCAS vient pour un dossier inachevé.",
        "",
    ),
    "logement": (
        "Logement et cadre de vie",
        Q.OPPORTUNITY,
        "Le renouvellement urbain du quartier Maugout ouvre la possibilité de locaux pour les familles.",
        "part_logements_vacants",
    ),
    "handicap": (
        "Handicap et inclusion",
        Q.WEAKNESS,
        "Les équipes d'accueil se sentent démunies devant les besoins particuliers des enfants.",
        "",
    ),
    "parole": (
        "Gouvernance",
        Q.OPPORTUNITY,
        "Les familles répondent quand on va vers elles : 214 réponses au questionnaire, dont 60 au marché.",
        "",
    ),
}

# key: (title, theme, priority, findings)
CHALLENGES: dict[str, tuple[str, str, int, tuple[str, ...]]] = {
    "accueil": (
        "Maintenir et adapter l'offre d'accueil du jeune enfant",
        "Petite enfance",
        P.HIGH,
        ("assmat", "horaires"),
    ),
    "insertion": (
        "Permettre aux parents en insertion de trouver une place rapidement",
        "Petite enfance",
        P.HIGH,
        ("chomage", "horaires"),
    ),
    "metiers": (
        "Attirer et garder des professionnels de la petite enfance",
        "Petite enfance",
        P.MEDIUM,
        ("assmat",),
    ),
    "inclusion": (
        "Accueillir chaque enfant, quels que soient ses besoins",
        "Handicap et inclusion",
        P.HIGH,
        ("handicap",),
    ),
    "reussite": (
        "Soutenir la réussite éducative dès la maternelle",
        "Éducation",
        P.MEDIUM,
        ("ecoles",),
    ),
    "loisirs": (
        "Rendre les loisirs accessibles à tous les enfants",
        "Enfance",
        P.MEDIUM,
        ("pauvrete", "ecoles"),
    ),
    "ados": ("Garder le lien avec les 14-17 ans", "Jeunesse", P.HIGH, ("jeunes",)),
    "parents_seuls": (
        "Rompre l'isolement des parents seuls",
        "Parentalité",
        P.HIGH,
        ("monoparents",),
    ),
    "lien": (
        "Faire vivre les quartiers avec leurs habitants",
        "Animation de la vie sociale",
        P.MEDIUM,
        ("reseau", "vieillissement"),
    ),
    "droits": (
        "Réduire le non-recours aux droits",
        "Accès aux droits et numérique",
        P.HIGH,
        ("numerique", "pauvrete"),
    ),
    "habitat": (
        "Accompagner les familles dans leur logement",
        "Logement et cadre de vie",
        P.MEDIUM,
        ("logement",),
    ),
    "gouverner": (
        "Décider ensemble, avec les familles, et rendre compte",
        "Gouvernance",
        P.MEDIUM,
        ("parole",),
    ),
    "sante": (
        "Agir tôt pour la santé des tout-petits",
        "Santé et prévention",
        P.LOW,
        ("pauvrete",),
    ),
}

# indicator given by the Caf or a service: (label, unit, year, value or None, reason, source, is_from_caf, audience)
LOCAL_FIGURES = [
    (
        "Allocataires reçus pour un dossier inachevé",
        "personnes",
        2026,
        "312",
        "",
        "CCAS, exemple fictif",
        False,
        "committee",
    ),
]
