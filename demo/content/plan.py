"""The action plan of the example: invented actions, budgets and people.

Dates are days from the reference date (negative: before), so that the example always has actions
late, blocked, done and to come.
"""

from __future__ import annotations

from dataclasses import dataclass

from actionplan.models import ActionStatus, FollowUpNote, Measure

S, N, M = ActionStatus, FollowUpNote.Kind, Measure.Kind

ORIENTATIONS: dict[str, tuple[str, tuple[str, ...]]] = {
    "1": ("Offrir à chaque famille une solution d'accueil du jeune enfant", ("accueil", "insertion", "metiers", "inclusion")),
    "2": ("Accompagner l'enfance et la jeunesse vers la réussite et l'autonomie", ("reussite", "loisirs", "ados")),
    "3": ("Soutenir les parents et faire vivre les quartiers", ("parents_seuls", "lien", "sante")),
    "4": ("Rendre les droits, le numérique et le logement accessibles", ("droits", "habitat")),
    "5": ("Piloter la CTG avec les partenaires et les habitants", ("gouverner",)),
}

OBJECTIVES: dict[str, tuple[str, str]] = {
    "1.1": ("1", "Maintenir et développer les places d'accueil"),
    "1.2": ("1", "Soutenir les professionnels et la qualité d'accueil"),
    "2.1": ("2", "Rendre les loisirs éducatifs accessibles"),
    "2.2": ("2", "Aller vers les adolescents"),
    "3.1": ("3", "Rompre l'isolement des parents"),
    "3.2": ("3", "Animer la vie des quartiers"),
    "4.1": ("4", "Réduire le non-recours"),
    "4.2": ("4", "Accompagner les familles dans leur logement"),
    "5.1": ("5", "Faire vivre les instances"),
    "5.2": ("5", "Associer les habitants et rendre compte"),
}


@dataclass(frozen=True)
class ActionFact:
    code: str
    objective: str
    title: str
    summary: str
    status: str
    lead: str
    contact: str
    start: int
    due: int
    progress: int = 0
    note: str = ""
    themes: tuple[str, ...] = ()
    challenges: tuple[str, ...] = ()
    sponsor: str = "adjointe"
    partners: tuple[str, ...] = ()
    blocked: tuple[str, str, int] | None = None
    dropped: str = ""
    steps: tuple[tuple[str, int, int | None], ...] = ()
    operating: int = 0
    investment: int = 0
    spent_share: int | None = None
    caf_share: int = 40
    other_funder: str = ""
    other_share: int = 0
    measure: tuple[str, str, str, int | None, int | None, int | None] | None = None
    notes: tuple[tuple[str, str, int, bool], ...] = ()
    legal: str = ""
    carried_over: bool = False


A = ActionFact
ACTIONS = [
    A("1.1.1", "1.1", "Ouvrir cinq places au multi-accueil Les Premiers Pas", "Réaménager une unité pour passer de 40 à 45 places et raccourcir la liste d'attente.", S.BLOCKED, "petite_enfance", "petite_enfance", -300, 230, 35,
      "Le projet est prêt ; le chiffrage du lot ventilation dépasse l'enveloppe votée.", ("Petite enfance",), ("accueil", "insertion"), "adjointe", ("caf", "pmi"),
      ("Surcoût de la ventilation : 38 000 € au-delà de l'enveloppe", "Arbitrage du COPIL sur le financement du surcoût", 24),
      steps=(("Étude de faisabilité", -210, -205), ("Avis de la PMI", -120, -112), ("Consultation des entreprises", -40, None), ("Travaux", 170, None)),
      operating=62_000, investment=210_000, spent_share=22, caf_share=55, other_funder="departement", other_share=10,
      measure=("Places agréées au multi-accueil", "places", M.OUTPUT, 40, 40, 40),
      notes=((N.OBSTACLE, "Le lot ventilation est chiffré 38 000 € au-dessus de l'estimation.", -35, True), (N.ARBITRATION, "Trois options de financement sont prêtes pour le COPIL.", -12, False)), legal="4° a ; 4° e"),
    A("1.1.2", "1.1", "Réserver des places d'urgence aux parents en insertion", "Trois places souples pour un entretien, une formation ou une reprise d'emploi.", S.IN_PROGRESS, "petite_enfance", "petite_enfance", -240, 130, 60,
      "Trois places ouvertes depuis septembre ; 21 familles accueillies.", ("Petite enfance", "Accès aux droits et numérique"), ("insertion",), "adjointe", ("ccas", "france_travail"),
      steps=(("Écrire la règle d'attribution", -150, -140), ("Ouvrir les places", -80, -78), ("Bilan à six mois", 100, None)),
      operating=18_500, spent_share=88, caf_share=60, measure=("Familles en insertion accueillies", "familles", M.OUTCOME, 8, 20, 21),
      notes=((N.SUCCESS, "21 familles accueillies en dix semaines, dont 9 reprises d'emploi.", -15, True),), legal="4° c"),
    A("1.1.3", "1.1", "Soutenir l'ouverture de la micro-crèche Les Coccinelles", "Accompagner un gestionnaire privé à tarif PSU dans le quartier est.", S.DONE, "petite_enfance", "petite_enfance", -320, -80, 100,
      "Ouverte le 1er septembre, douze places, complète dès octobre.", ("Petite enfance",), ("accueil",), "adjointe", ("micro", "caf", "pmi"),
      steps=(("Convention avec le gestionnaire", -200, -195), ("Ouverture", -83, -83)),
      operating=12_000, investment=45_000, spent_share=97, caf_share=50, measure=("Places créées", "places", M.OUTPUT, 0, 12, 12),
      notes=((N.SUCCESS, "Douze places nouvelles à tarif PSU, ouvertes dans les délais.", -70, True),), legal="4° a"),
    A("1.1.4", "1.1", "Étudier un accueil en horaires décalés", "Mesurer le besoin avant 7 h 30 et après 18 h 30 avec les employeurs de la zone d'activités.", S.IN_PROGRESS, "petite_enfance", "rpe", -150, -22, 45,
      "Les entretiens avec les employeurs ont pris du retard ; six sur dix sont faits.", ("Petite enfance",), ("accueil", "insertion"), "adjointe", ("tcm", "france_travail"),
      steps=(("Questionnaire aux employeurs", -90, -70), ("Dix entretiens", -30, None), ("Restitution", 20, None)),
      operating=9_000, spent_share=40, caf_share=50, measure=("Employeurs rencontrés", "employeurs", M.MEANS, 0, 10, 6),
      notes=((N.OBSTACLE, "Deux employeurs sur dix ont décliné : l'enquête sera complétée par téléphone.", -20, False),), legal="3° ; 4° b"),
    A("1.2.1", "1.2", "Renforcer le relais petite enfance", "Passer de 0,80 à 1 ETP et ouvrir un guichet d'information unique pour les familles.", S.DONE, "petite_enfance", "rpe", -310, -60, 100,
      "Le guichet unique est ouvert deux demi-journées et un samedi par mois.", ("Petite enfance",), ("accueil", "metiers"), "adjointe", ("caf", "pmi"),
      steps=(("Recrutement", -180, -170), ("Ouverture du guichet", -65, -61)),
      operating=52_000, spent_share=96, caf_share=48, measure=("Familles renseignées au guichet", "familles", M.OUTPUT, 210, 260, 284),
      notes=((N.LEVER, "Le samedi matin attire des familles que le relais ne voyait pas.", -30, True),), legal="1° ; 4° d", carried_over=True),
    A("1.2.2", "1.2", "Attirer de nouveaux assistants maternels", "Réunions d'information, parrainage et prêt de matériel pour compenser les départs en retraite.", S.IN_PROGRESS, "petite_enfance", "rpe", -200, 400, 30,
      "Deux réunions tenues, sept candidatures, trois agréments en cours.", ("Petite enfance",), ("metiers", "accueil"), "adjointe", ("pmi", "france_travail", "mam"),
      steps=(("Première réunion", -120, -118), ("Deuxième réunion", -25, -24), ("Kit de démarrage", 45, None)),
      operating=7_500, spent_share=52, caf_share=40, measure=("Nouveaux agréments dans l'année", "agréments", M.OUTCOME, 2, 5, 3), legal="4° b"),
    A("1.2.3", "1.2", "Former les équipes à l'accueil du handicap", "Deux modules communs aux crèches, aux accueils de loisirs et aux assistants maternels.", S.PAUSED, "handicap", "handicap", -180, 210, 20,
      "En pause : la formatrice est remplacée à partir de janvier.", ("Handicap et inclusion", "Petite enfance", "Enfance"), ("inclusion",), "adjointe", ("petite_enfance", "enfance"),
      steps=(("Module 1", -100, -96), ("Module 2", 60, None)),
      operating=11_000, spent_share=35, caf_share=65, measure=("Professionnels formés", "personnes", M.OUTPUT, 0, 40, 18),
      notes=((N.LEVER, "Mutualiser le module 2 avec deux communes voisines baisserait le coût d'un tiers.", -18, False),), legal="4° d"),
    A("1.2.4", "1.2", "Créer une commission d'attribution transparente", "Critères écrits, calendrier publié, réponse motivée à chaque famille.", S.PLANNED, "petite_enfance", "petite_enfance", 40, 190, 0, "", ("Petite enfance",), ("insertion", "gouverner"), "adjointe", ("caf", "pmi"), operating=3_000, caf_share=0, measure=("Réponses motivées", "%", M.OUTCOME, None, None, None), legal="4° c"),
    A("2.1.1", "2.1", "Ouvrir l'accueil du mercredi à la journée", "Un plan mercredi complet avec repas, sport et culture.", S.IN_PROGRESS, "enfance", "enfance", -260, 60, 80,
      "44 enfants de plus inscrits depuis septembre ; le projet éducatif est signé.", ("Enfance", "Éducation"), ("loisirs", "reussite"), "adjoint_jeunesse", ("caf", "club", "mediatheque"),
      steps=(("Projet éducatif de territoire", -170, -165), ("Recrutement des animateurs", -95, -90), ("Évaluation par les parents", 30, None)),
      operating=74_000, spent_share=91, caf_share=35, other_funder="etat", other_share=8, measure=("Heures réalisées le mercredi", "heures", M.OUTPUT, 41_200, 43_500, 43_900),
      notes=((N.SUCCESS, "44 enfants de plus le mercredi, dont 17 du quartier Maugout.", -28, True),)),
    A("2.1.2", "2.1", "Tarifer les loisirs selon les ressources", "Un barème unique au quotient familial pour le périscolaire, le mercredi et les vacances.", S.TO_DISCUSS, "enfance", "enfance", 80, 420, 0, "", ("Enfance",), ("loisirs",), "adjoint_jeunesse", ("caf",), operating=26_000, caf_share=20),
    A("2.1.3", "2.1", "Partir en vacances pour la première fois", "Accompagner vingt familles par an vers un premier départ.", S.IN_PROGRESS, "centre_social", "familles", -220, -50, 70,
      "Quatorze familles parties cet été sur vingt prévues ; bilan attendu.", ("Vacances", "Parentalité"), ("loisirs", "parents_seuls"), "adjointe", ("vacances", "caf", "ccas"),
      steps=(("Réunion des familles", -190, -188), ("Départs de l'été", -110, -85), ("Bilan avec les familles", -45, None)),
      operating=16_000, spent_share=74, caf_share=55, measure=("Familles parties", "familles", M.OUTCOME, 6, 20, 14),
      notes=((N.OBSTACLE, "Le coût du transport a fait renoncer quatre familles.", -60, True),)),
    A("2.1.4", "2.1", "Accompagner la scolarité dans un quartier de plus", "Un cinquième groupe d'accompagnement à la scolarité, avec les parents.", S.IN_PROGRESS, "centre_social", "familles", -130, 220, 55,
      "Le cinquième groupe est ouvert depuis octobre : onze élèves.", ("Éducation", "Parentalité"), ("reussite",), "adjointe", ("ecoles", "college", "caf"),
      steps=(("Recrutement des bénévoles", -75, -66), ("Ouverture du groupe", -45, -44), ("Point avec les écoles", 70, None)),
      operating=14_500, spent_share=81, caf_share=60, measure=("Élèves accompagnés", "élèves", M.OUTPUT, 42, 52, 53)),
    A("2.2.1", "2.2", "Ouvrir L'Atelier quatre soirs et le samedi", "Passer de 0,5 à 1,5 ETP d'animation jeunesse.", S.BLOCKED, "enfance", "jeunesse", -200, 40, 25,
      "Le poste est voté ; deux recrutements n'ont pas abouti.", ("Jeunesse",), ("ados",), "adjoint_jeunesse", ("caf", "prevention", "mission_locale"),
      ("Recrutement infructueux, deux fois", "Ouvrir le poste à un contrat de projet de trois ans", 30),
      steps=(("Première annonce", -160, -150), ("Deuxième annonce", -70, -62), ("Prise de poste", -10, None)),
      operating=48_000, spent_share=18, caf_share=50, measure=("Jeunes différents accueillis", "jeunes", M.OUTCOME, 76, 110, 84),
      notes=((N.OBSTACLE, "Deux jurys sans candidat retenu : le métier est en tension.", -58, True), (N.INTERNAL, "Une candidature interne possible au printemps.", -10, False))),
    A("2.2.2", "2.2", "Aller vers les 14-17 ans avec les Promeneurs du Net", "Une présence éducative en ligne, adossée à l'Atelier.", S.PLANNED, "enfance", "jeunesse", 60, 330, 0, "", ("Jeunesse", "Accès aux droits et numérique"), ("ados",), "adjoint_jeunesse", ("caf", "prevention"), operating=8_000, caf_share=60),
    A("2.2.3", "2.2", "Chantiers éducatifs de l'été", "Trois chantiers d'une semaine pour vingt-quatre jeunes.", S.DONE, "prevention", "jeunesse", -200, -75, 100,
      "Vingt-deux jeunes, trois chantiers, une fresque à la gare.", ("Jeunesse",), ("ados", "lien"), "adjoint_jeunesse", ("bailleur", "mission_locale"),
      steps=(("Choix des chantiers", -160, -158), ("Chantiers", -120, -118)),
      operating=13_500, spent_share=99, caf_share=30, other_funder="etat", other_share=30, measure=("Jeunes engagés", "jeunes", M.OUTPUT, 12, 24, 22)),
    A("3.1.1", "3.1", "Ouvrir La Parenthèse un samedi sur deux", "Le lieu d'accueil enfants-parents devient accessible aux parents qui travaillent.", S.IN_PROGRESS, "laep_asso", "laep", -190, 100, 65,
      "Ouvert depuis septembre ; les pères viennent plus nombreux.", ("Parentalité", "Petite enfance"), ("parents_seuls", "sante"), "adjointe", ("caf", "pmi"),
      steps=(("Recrutement d'un accueillant", -130, -126), ("Première séance du samedi", -76, -76)),
      operating=15_000, spent_share=84, caf_share=45, measure=("Séances dans l'année", "séances", M.OUTPUT, 38, 44, 42),
      notes=((N.LEVER, "Le samedi attire des pères : un accueil sur trois.", -22, False),), legal="4° c"),
    A("3.1.2", "3.1", "Un café des parents dans chaque école", "Une rencontre par trimestre, animée avec les parents élus.", S.IN_PROGRESS, "centre_social", "familles", -160, 210, 40,
      "Trois écoles sur cinq tiennent leur café des parents.", ("Parentalité", "Éducation"), ("parents_seuls", "reussite"), "adjointe", ("ecoles", "parents"),
      steps=(("Trois premières écoles", -60, -55), ("Deux écoles suivantes", 60, None)),
      operating=5_500, spent_share=66, caf_share=50, measure=("Écoles où il se tient", "écoles", M.OUTPUT, 0, 5, 3)),
    A("3.1.3", "3.1", "Relais de répit pour parents seuls", "Des soirées de garde partagée une fois par mois.", S.DROPPED, "laep_asso", "laep", -210, 90, 10,
      "", ("Parentalité",), ("parents_seuls",), "adjointe", ("caf", "udaf"), dropped="Trop peu de volontaires pour la garde ; le besoin est repris par l'action 3.1.1.", operating=4_000, spent_share=15, caf_share=50),
    A("3.2.1", "3.2", "Ludothèque hors les murs", "Le jeu au pied des immeubles, du printemps à l'automne.", S.DONE, "ludo", "ludo", -230, -40, 100,
      "Dix-huit sorties, 640 participations.", ("Animation de la vie sociale",), ("lien",), "adjointe", ("bailleur", "centre_social"),
      steps=(("Achat du matériel", -200, -196), ("Saison", -50, -48)),
      operating=9_800, investment=6_000, spent_share=102, caf_share=40, measure=("Participations", "participations", M.OUTPUT, 410, 550, 640),
      notes=((N.SUCCESS, "640 participations, moitié plus que l'an dernier.", -42, True),)),
    A("3.2.2", "3.2", "Préparer le nouveau projet social du centre social", "Écrire avec les habitants le projet 2028-2031, volet familles compris.", S.PLANNED, "centre_social", "centre_social", 70, 380, 0, "", ("Animation de la vie sociale",), ("lien", "gouverner"), "adjointe", ("caf", "departement"), operating=6_000, caf_share=60),
    A("3.2.3", "3.2", "Parcours santé des tout-petits", "Sommeil, écrans, alimentation : trois rendez-vous par an dans les lieux d'accueil.", S.IN_PROGRESS, "pmi", "petite_enfance", -140, 180, 35,
      "Premier rendez-vous tenu sur le sommeil : 31 parents.", ("Santé et prévention", "Petite enfance"), ("sante",), "adjointe", ("planning", "laep_asso"),
      steps=(("Rendez-vous sommeil", -50, -46), ("Rendez-vous écrans", 35, None)), operating=4_200, spent_share=38, caf_share=30, measure=("Parents présents", "parents", M.OUTPUT, None, 90, 31)),
    A("4.1.1", "4.1", "Un rendez-vous des droits pour chaque famille en difficulté", "Le CCAS et la Caf reçoivent ensemble une fois par mois.", S.IN_PROGRESS, "ccas", "ccas", -230, 120, 70,
      "Huit permanences, 96 familles ; 41 ont ouvert un droit.", ("Accès aux droits et numérique", "Accompagnement social"), ("droits",), "adjointe", ("caf", "france_services", "cpam"),
      steps=(("Protocole Caf-CCAS", -190, -180), ("Permanences du semestre", -20, -18), ("Bilan annuel", 40, None)),
      operating=12_500, spent_share=86, caf_share=50, measure=("Familles ayant ouvert un droit", "familles", M.OUTCOME, 18, 40, 41),
      notes=((N.SUCCESS, "41 familles ont ouvert un droit auquel elles ne recouraient pas.", -16, True),)),
    A("4.1.2", "4.1", "Ateliers numériques du quotidien", "Dix ateliers par an pour faire ses démarches soi-même.", S.IN_PROGRESS, "france_services", "france_services", -180, -15, 50,
      "Cinq ateliers sur dix : la salle a été indisponible deux mois.", ("Accès aux droits et numérique",), ("droits",), "adjointe", ("mediatheque", "ccas"),
      steps=(("Cinq premiers ateliers", -90, -85), ("Cinq ateliers suivants", -20, None)),
      operating=6_800, spent_share=49, caf_share=35, measure=("Ateliers tenus", "ateliers", M.OUTPUT, 4, 10, 5),
      notes=((N.OBSTACLE, "Salle indisponible deux mois après le dégât des eaux.", -48, False),)),
    A("4.2.1", "4.2", "Permanence logement pour les familles", "Une permanence mensuelle avec l'Adil et le bailleur.", S.PLANNED, "ccas", "ccas", 30, 300, 0, "", ("Logement et cadre de vie",), ("habitat",), "adjointe", ("adil", "bailleur"), operating=5_000, caf_share=30),
    A("4.2.2", "4.2", "Un local pour les familles au cœur de Maugout", "Réserver un rez-de-chaussée aux partenaires dans le renouvellement urbain.", S.TO_DISCUSS, "bailleur", "bailleur", 150, 900, 0, "", ("Logement et cadre de vie", "Animation de la vie sociale"), ("habitat", "lien"), "maire", ("tcm", "etat", "centre_social"), operating=0, investment=180_000, caf_share=40, other_funder="etat", other_share=30),
    A("5.1.1", "5.1", "Installer les instances de la CTG", "Un COPIL, un comité technique et quatre groupes de travail qui se réunissent vraiment.", S.DONE, "ville", "coordination", -310, -150, 100,
      "Toutes les instances se sont réunies au moins une fois.", ("Gouvernance",), ("gouverner",), "maire", ("caf",),
      steps=(("Composition des instances", -250, -248), ("Premier COPIL", -165, -165)), operating=2_500, spent_share=80, caf_share=0, measure=("Réunions tenues", "réunions", M.MEANS, 0, 8, 9)),
    A("5.1.2", "5.1", "Financer et outiller la mission de coopération", "Sept heures par semaine, un tableau de bord partagé avec la Caf.", S.IN_PROGRESS, "ville", "coordination", -320, 760, 45,
      "Le tableau de bord sert à préparer ce COPIL.", ("Gouvernance",), ("gouverner",), "maire", ("caf",), operating=11_800, spent_share=90, caf_share=50, measure=("Temps de pilotage", "ETP", M.MEANS, None, None, None)),
    A("5.2.1", "5.2", "Interroger les familles chaque année", "Un questionnaire court, en ligne, sur papier et au marché, avec une réponse publiée.", S.IN_PROGRESS, "ville", "coordination", -150, 25, 75,
      "214 réponses ; la restitution publique est prévue en décembre.", ("Gouvernance",), ("gouverner",), "adjointe", ("centre_social", "parents"),
      steps=(("Questionnaire", -100, -92), ("Dépouillement", -40, -33), ("Restitution aux familles", 18, None)),
      operating=3_200, spent_share=58, caf_share=40, measure=("Réponses reçues", "réponses", M.OUTPUT, None, 200, 214),
      notes=((N.SUCCESS, "214 réponses, dont 60 recueillies au marché et à la sortie des écoles.", -33, False),)),
]
