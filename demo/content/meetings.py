"""Committees, the COPIL held and the one to come, what was decided. Invented."""

from __future__ import annotations

from committees.models import AgendaItem, Decision

K = AgendaItem.Kind
I = Decision.InstitutionalFollowUp  # noqa: E741 - the initial of « institutionnelle »
ST = Decision.State
OUT = AgendaItem.Outcome

COPIL_MEMBERS = [
    ("maire", "ville", "maire, présidente", True),
    ("adjointe", "ville", "adjointe à la famille", False),
    ("adjoint_jeunesse", "ville", "adjoint à la jeunesse", False),
    ("caf_resp", "caf", "responsable de l'action sociale", False),
    ("caf_cons", "caf", "conseiller technique", False),
    ("departement", "departement", "service social de secteur", False),
    ("tcm", "tcm", "cohésion sociale", False),
    ("education", "education", "inspecteur", False),
    ("etat", "etat", "déléguée du préfet", False),
    ("centre_social", "centre_social", "directeur du centre social", False),
    ("parents", "parents", "représentante des parents", False),
    ("dgs", "ville", "directrice générale des services", False),
]

TECHNICAL_MEMBERS = [
    "coordination", "caf_cons", "petite_enfance", "rpe", "enfance", "ccas", "centre_social",
    "familles", "laep", "france_services",
]  # fmt: skip

# contact whose mandate at the COPIL ended: (contact, days from the day of the example)
ENDED_MANDATE = ("etat", -60)

# attendance of the COPIL held, by contact
ATTENDANCE = {
    "maire": "present",
    "adjointe": "present",
    "adjoint_jeunesse": "excused",
    "caf_resp": "present",
    "caf_cons": "present",
    "departement": "represented",
    "tcm": "absent",
    "education": "present",
    "etat": "excused",
    "centre_social": "present",
    "parents": "present",
    "dgs": "present",
}
REPRESENTED_BY = {"departement": "M. Étienne Caron"}

HELD_AGENDA = [
    (
        "Installation du comité et règles de travail",
        K.INFORMATION,
        15,
        "Hélène Vauthier",
        ("5.1.1",),
    ),
    ("Le diagnostic et les treize enjeux", K.DEBATE, 30, "Camille Rousselot", ()),
    ("Plan d'actions 2026 : priorités", K.APPROVAL, 30, "Nadia Bellanger", ("1.1.1", "2.2.1")),
    ("Calendrier et questions diverses", K.INFORMATION, 15, "Camille Rousselot", ()),
]

# outcome of each point of the COPIL held
OUTCOMES = {
    "Installation du comité et règles de travail": OUT.INFORMATION,
    "Le diagnostic et les treize enjeux": OUT.INFORMATION,
    "Plan d'actions 2026 : priorités": OUT.DECISION,
    "Calendrier et questions diverses": OUT.INFORMATION,
}

# steps of the rétroplanning of the coming COPIL that are done: days from the day of the example
TICKED = {"date": -52, "collection": -30, "invitation": -19}

# agenda of the last technical meeting; the second point was not treated
TECHNICAL_AGENDA = [
    (
        "Tour des actions en retard ou bloquées",
        K.DEBATE,
        40,
        "Camille Rousselot",
        ("1.1.1", "2.2.1"),
    ),
    (
        "Un calendrier commun des vacances et des mercredis",
        K.DEBATE,
        20,
        "Nadia Bellanger",
        ("2.1.1",),
    ),
]

COMING_AGENDA = [
    ("Ce que sont devenues les décisions de juin", K.INFORMATION, 10, "Camille Rousselot", ()),
    (
        "Première année : avancement du plan",
        K.INFORMATION,
        20,
        "Nadia Bellanger",
        ("1.1.3", "2.1.1", "4.1.1"),
    ),
    (
        "Multi-accueil : financer le surcoût de la ventilation",
        K.ARBITRATION,
        20,
        "Claire Hubert",
        ("1.1.1",),
    ),
    ("L'Atelier : pourvoir le poste d'animation", K.ARBITRATION, 15, "Karim Benali", ("2.2.1",)),
    ("Bilan 2026 provisoire", K.APPROVAL, 15, "Camille Rousselot et Julien Fontaine", ("5.2.1",)),
    ("Perspectives 2027 et calendrier", K.DEBATE, 10, "Hélène Vauthier", ()),
]

# agenda title: (question, context, opinion, action, options)
ARBITRATIONS = {
    "Multi-accueil : financer le surcoût de la ventilation": (
        "Comment financer les 38 000 € de surcoût pour ouvrir les cinq places en 2027 ?",
        "Le projet passe le multi-accueil de 40 à 45 places. L'avis de la PMI est favorable. "
        "La ventilation, obligatoire, est chiffrée 38 000 € au-dessus de l'enveloppe votée. "
        "37 familles attendent une place. L'aide à l'investissement de la Caf peut être revue à la hausse avant la fin de l'année.",
        "L'option B garde l'ouverture en 2027 sans alourdir le budget 2026.",
        "1.1.1",
        [
            (
                "A. La commune porte seule le surcoût",
                "Ouverture en septembre 2027.",
                "38000",
                "0",
                "Décision modificative avant fin décembre",
                "Pèse sur l'autofinancement de 2026",
            ),
            (
                "B. Demander un complément à la Caf et partager le reste",
                "Ouverture en septembre 2027 si la Caf répond avant mars.",
                "17100",
                "20900",
                "Dossier à déposer sous un mois",
                "Réponse de la Caf incertaine",
            ),
            (
                "C. Réduire le projet à trois places",
                "Trois places au lieu de cinq ; ventilation existante conservée, personnel réduit.",
                "0",
                "0",
                "Ouverture possible dès janvier 2027",
                "Deux familles sur cinq sans réponse",
            ),
        ],
    ),
    "L'Atelier : pourvoir le poste d'animation": (
        "Faut-il ouvrir le poste d'animation à un contrat de projet de trois ans ?",
        "Deux annonces n'ont pas abouti. La prestation « jeunes » de la Caf finance la moitié d'un poste qualifié. "
        "Sans animateur, l'Atelier reste ouvert deux soirs au lieu de quatre, et le financement 2026 est perdu à due proportion.",
        "Le contrat de projet élargit le vivier sans engager la commune au-delà de 2029.",
        "2.2.1",
        [
            (
                "A. Contrat de projet de trois ans",
                "Recrutement possible en février ; quatre soirs et le samedi.",
                "24000",
                "24000",
                "Deux mois",
                "Fin de contrat avant la fin de la CTG",
            ),
            (
                "B. Republier le poste de titulaire",
                "Poste pérenne.",
                "26000",
                "24000",
                "Quatre à six mois",
                "Troisième échec possible",
            ),
        ],
    ),
}

# number suffix: (text, responsible, due in days, state, follow-up, institutional, rank of its act, actions)
DECISIONS = [
    (
        "Le comité retient cinq orientations et les treize enjeux du diagnostic comme priorités de la CTG.",
        "coordination",
        -120,
        ST.DONE,
        "Plan publié sur le site de la commune en juillet.",
        I.NONE,
        "",
        (),
    ),
    (
        "Le comité demande un dossier d'arbitrage chiffré pour l'extension du multi-accueil.",
        "petite_enfance",
        -30,
        ST.DONE,
        "Trois options chiffrées sont présentées aujourd'hui.",
        I.NONE,
        "",
        ("1.1.1",),
    ),
    (
        "Le comité est favorable à la création d'un poste d'animation jeunesse à temps plein.",
        "enfance",
        -60,
        ST.IN_PROGRESS,
        "Poste créé ; deux recrutements infructueux.",
        I.COUNCIL,
        "",
        ("2.2.1",),
    ),
    (
        "Le comité demande un calendrier partagé des réunions avec les écoles.",
        "education",
        -20,
        ST.TO_DO,
        "",
        I.NONE,
        "",
        ("3.1.2",),
    ),
    (
        "Le comité est favorable au conventionnement de la micro-crèche à tarif PSU.",
        "petite_enfance",
        -90,
        ST.DONE,
        "Convention votée, ouverture le 1er septembre.",
        I.COUNCIL,
        "04",
        ("1.1.3",),
    ),
]

INTRODUCTION = (
    "La première année de la CTG a tenu l'essentiel : {done} actions réalisées et {running} en cours sur {total}. "
    "Douze places d'accueil ont ouvert en septembre et le relais petite enfance compte désormais un temps plein. "
    "Le mercredi et l'accès aux droits dépassent leur cible. "
    "Deux actions sont bloquées et demandent un choix du comité aujourd'hui : l'extension du multi-accueil et le poste de l'Atelier. "
    "214 familles ont répondu au questionnaire ; la restitution publique aura lieu avant la fin de l'année."
)

PERSPECTIVES = (
    "Ouvrir les cinq places du multi-accueil à la rentrée 2027.\n"
    "Pourvoir le poste de l'Atelier et ouvrir quatre soirs.\n"
    "Écrire la commission d'attribution et publier ses critères.\n"
    "Préparer le nouveau projet social du centre social."
)
