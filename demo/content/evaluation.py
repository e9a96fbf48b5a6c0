"""The report of 2026, begun: some questions answered, some gaps explained. Invented."""

TEXTS = {
    "summary": (
        "L'année 2026 installe la CTG : les instances fonctionnent, le plan est lancé et douze places d'accueil ont été créées. "
        "Les familles sont associées par un questionnaire annuel et trois cafés des parents. "
        "Deux actions sont bloquées, pour des raisons de coût et de recrutement, et font l'objet d'un arbitrage. "
        "Les dépenses sont proches du prévu. "
        "La priorité de 2027 est l'extension du multi-accueil."
    ),
    "context_changes": (
        "La réforme du service public de la petite enfance donne à la commune de nouvelles obligations depuis 2025. "
        "Une micro-crèche à tarif PSU a ouvert. Les élections municipales de mars 2026 ont renouvelé une partie du comité."
    ),
    "partnership": "Le comité technique réunit douze structures ; l'Éducation nationale et le centre social coaniment les cafés des parents.",
    "inhabitants": "214 réponses au questionnaire des familles et trois cafés des parents ont modifié les horaires du lieu d'accueil enfants-parents.",
    "adjustments": "L'action 3.1.3 (répit) est abandonnée et reprise par l'ouverture du samedi de La Parenthèse.",
    "priorities": "Ouvrir les places du multi-accueil ; pourvoir le poste de l'Atelier ; écrire la commission d'attribution.",
}

# question rank in the preloaded list: (judgement, appreciation, evidence)
ANSWERS = {
    0: (
        "yes",
        "Toutes les instances se sont réunies au moins une fois ; le COPIL s'est tenu en juin.",
        "Dix réunions, feuilles de présence.",
    ),
    1: (
        "partly",
        "La plupart des mesures ont leur valeur de départ ; trois restent à établir.",
        "Tableau des mesures.",
    ),
    2: (
        "yes",
        "L'offre est développée : douze places nouvelles, un cinquième groupe d'accompagnement à la scolarité.",
        "Tableau de l'offre.",
    ),
}

# (kind, action code, explanation, adjustment)
GAPS = [
    (
        "target",
        "2.1.3",
        "Le coût du transport a fait renoncer quatre familles.",
        "Chercher un transport partagé avec deux communes voisines.",
    ),
    (
        "target",
        "1.2.3",
        "Deux sessions ont été reportées, faute de remplaçants dans les équipes.",
        "Former le samedi, avec compensation.",
    ),
    (
        "target",
        "2.2.1",
        "L'Atelier n'ouvre que deux soirs tant que le poste est vacant.",
        "Ouvrir quatre soirs dès le recrutement.",
    ),
    (
        "target",
        "3.1.2",
        "Deux écoles n'avaient pas de salle libre avant la rentrée.",
        "Les deux dernières écoles ouvrent en janvier.",
    ),
    (
        "delay",
        "4.1.2",
        "La salle a été indisponible deux mois après un dégât des eaux.",
        "Reporter cinq ateliers au premier trimestre 2027.",
    ),
    (
        "budget",
        "2.2.1",
        "Le poste n'a pas été pourvu : la dépense n'a pas eu lieu.",
        "Reporter le crédit en 2027.",
    ),
]

CONSULTATIONS = [
    # (title, method, degree, public, start, end, participants, theme, lessons, answer, answered)
    (
        "Questionnaire des familles 2026",
        "survey",
        "consultation",
        "Parents d'enfants de 0 à 17 ans",
        -100,
        -60,
        214,
        "Gouvernance",
        "Les horaires du soir et du samedi arrivent en tête des attentes.",
        "",
        None,
        ("5.2.1",),
    ),
    (
        "Café des parents, école du Centre",
        "cafe",
        "concertation",
        "Parents d'élèves",
        -58,
        -58,
        17,
        "Parentalité",
        "Demande d'un temps d'accueil le samedi.",
        "Le lieu d'accueil enfants-parents ouvre un samedi sur deux depuis septembre.",
        -50,
        ("3.1.1", "3.1.2"),
    ),
    (
        "Rencontre au marché",
        "outreach",
        "information",
        "Habitants",
        -95,
        -95,
        60,
        "Gouvernance",
        "Beaucoup ne connaissent pas le relais petite enfance.",
        "Le guichet unique est affiché dans les commerces.",
        -61,
        ("1.2.1",),
    ),
    (
        "Atelier jeunes sur l'Atelier",
        "workshop",
        "co_construction",
        "14-17 ans",
        -45,
        -45,
        19,
        "Jeunesse",
        "Les jeunes veulent choisir les soirs d'ouverture.",
        "",
        None,
        ("2.2.1",),
    ),
]
