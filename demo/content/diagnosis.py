"""Findings and challenges of the shared diagnosis (invented), resting on real figures."""

from __future__ import annotations

from territory.models import Challenge, Diagnosis, Finding

Q, P, K = Finding.Quadrant, Challenge.Priority, Diagnosis.Kind

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
    "departs_assmat": (
        "Petite enfance",
        Q.THREAT,
        "Un tiers des assistants maternels de la commune partira à la retraite d'ici 2030.",
        "",
    ),
    "places_urgence": (
        "Petite enfance",
        Q.OPPORTUNITY,
        "Deux crèches sont prêtes à réserver des places d'urgence si la convention les finance.",
        "",
    ),
    "demarches": (
        "Accès aux droits et numérique",
        Q.WEAKNESS,
        "Les démarches en ligne découragent les allocataires : beaucoup viennent au CCAS pour un dossier inachevé.",
        "",
    ),
    "isolement": (
        "Seniors",
        Q.WEAKNESS,
        "Les aidants d'un proche âgé n'ont ni répit ni lieu où se retrouver.",
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

# key: (title, kind, theme or "", scope, method, starts, ends, author, organisation key or "", participants)
DIAGNOSES: dict[str, tuple[str, str, str, str, str, str, str, str, str, str]] = {
    "partage": (
        "Diagnostic partagé de 2025 (exemple fictif)",
        K.TERRITORIAL,
        "",
        "La commune, ses quartiers, et les familles qui y vivent ou y travaillent.",
        "Données de l'Insee et de la Caf, douze entretiens, deux réunions de quartier, un questionnaire.",
        "2025-01-20",
        "2025-09-30",
        "Chargé de coopération CTG",
        "ville",
        "Services de la commune, Caf, Éducation nationale, centre social, associations, parents volontaires.",
    ),
    "petite_enfance": (
        "Petite enfance : accueillir aux horaires des parents (exemple fictif)",
        K.THEMATIC,
        "Petite enfance",
        "Les familles d'enfants de moins de trois ans et les professionnels de l'accueil.",
        "Registre des demandes de place, enquête auprès des assistants maternels, trois soirées de parents.",
        "2025-02-03",
        "2025-06-27",
        "Relais petite enfance",
        "petite_enfance",
        "Relais petite enfance, crèches, PMI, France Travail, parents volontaires.",
    ),
    "abs": (
        "Analyse des besoins sociaux de 2025 (exemple fictif)",
        K.SOCIAL_NEEDS,
        "",
        "Les habitants de la commune, en particulier les publics reçus par le CCAS.",
        "Données sociales, registre d'accueil du CCAS, focus sur l'accès aux droits.",
        "2024-11-04",
        "2025-05-16",
        "CCAS",
        "ccas",
        "CCAS, Département, bailleur social, associations de solidarité.",
    ),
}

# Findings that do not come from the shared diagnosis; the others do.
DIAGNOSIS_OF: dict[str, str] = {
    "assmat": "petite_enfance",
    "horaires": "petite_enfance",
    "places_urgence": "petite_enfance",
    "numerique": "abs",
    "pauvrete": "abs",
    "isolement": "abs",
}

# Dots by challenge at the workshop held before the plan was written: nobody chose « sante », and
# « gouverner » was not submitted.
WORKSHOP_DAY = "2025-10-14"
WORKSHOP_VOTES: dict[str, int] = {
    "accueil": 12,
    "parents_seuls": 10,
    "droits": 9,
    "inclusion": 9,
    "ados": 8,
    "insertion": 7,
    "metiers": 4,
    "reussite": 4,
    "loisirs": 3,
    "lien": 2,
    "habitat": 2,
    "sante": 0,
}
# What the group decided beyond the thirds that the ranking proposes.
WORKSHOP_PRIORITIES: dict[str, int] = {"ados": P.HIGH, "insertion": P.HIGH}
WORKSHOP_PARTICIPANTS, WORKSHOP_DOTS = 14, 5
WORKSHOP_PEOPLE = (
    "Élus de la commune (3), Caf (1), Éducation nationale (2), centre social (2), crèches et relais (3), "
    "associations (2), représentante des parents élus (1). Exemple fictif."
)
WORKSHOP_PLACE = "Salle des fêtes, exemple fictif"
WORKSHOP_NOTE = (
    "Le groupe a longuement hésité entre l'accès aux droits et l'inclusion : les deux restent prioritaires. "
    "La santé des tout-petits relève d'abord de la PMI, qui n'était pas là."
)

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
