"""Organisations, people and their functions. Every person is invented."""

from __future__ import annotations

from partners.models import Organisation

K = Organisation.Kind

# key: (name, short name, kind, themes, days since last contact or None)
ORGANISATIONS: dict[str, tuple[str, str, str, tuple[str, ...], int | None]] = {
    "ville": ("Ville de Saint-André-les-Vergers", "Ville", K.MUNICIPALITY, ("Gouvernance",), 2),
    "caf": ("Caf de l'Aube", "Caf", K.CAF, ("Gouvernance", "Petite enfance"), 6),
    "departement": ("Département de l'Aube", "Département", K.DEPARTMENT, ("Accompagnement social",), 40),
    "tcm": ("Troyes Champagne Métropole", "TCM", K.INTERCOMMUNALITY, ("Logement et cadre de vie",), 75),
    "etat": ("Préfecture de l'Aube – politique de la ville", "État", K.STATE, ("Gouvernance",), 90),
    "education": ("Inspection de l'Éducation nationale", "IEN", K.SCHOOL, ("Éducation",), 30),
    "msa": ("MSA Sud Champagne", "MSA", K.SOCIAL_SECURITY, ("Accès aux droits et numérique",), 210),
    "cpam": ("CPAM de l'Aube", "CPAM", K.SOCIAL_SECURITY, ("Santé et prévention",), 150),
    "ccas": ("CCAS de Saint-André-les-Vergers", "CCAS", K.MUNICIPALITY, ("Accès aux droits et numérique", "Accompagnement social"), 8),
    "petite_enfance": ("Service municipal petite enfance", "Petite enfance", K.MUNICIPALITY, ("Petite enfance",), 3),
    "enfance": ("Service municipal enfance et jeunesse", "Enfance-jeunesse", K.MUNICIPALITY, ("Enfance", "Jeunesse"), 3),
    "centre_social": ("Centre social des Vergers (exemple)", "Centre social", K.ASSOCIATION, ("Animation de la vie sociale", "Parentalité"), 12),
    "creche_asso": ("Association Les Petits Pas (exemple)", "Les Petits Pas", K.ASSOCIATION, ("Petite enfance",), 25),
    "micro": ("Micro-crèche Les Coccinelles (exemple)", "Les Coccinelles", K.COMPANY, ("Petite enfance",), 120),
    "mam": ("MAM La Clé des champs (exemple)", "La Clé des champs", K.ASSOCIATION, ("Petite enfance",), 200),
    "laep_asso": ("Association Le Fil des familles (exemple)", "Le Fil des familles", K.ASSOCIATION, ("Parentalité",), 18),
    "ludo": ("Association Jeux en herbe (exemple)", "Jeux en herbe", K.ASSOCIATION, ("Animation de la vie sociale",), 60),
    "parents": ("Collectif des parents d'élèves (exemple)", "Parents d'élèves", K.ASSOCIATION, ("Éducation", "Parentalité"), 45),
    "prevention": ("Prévention spécialisée de l'agglomération (exemple)", "Prévention", K.ASSOCIATION, ("Jeunesse",), 33),
    "mission_locale": ("Mission locale de Troyes", "Mission locale", K.ASSOCIATION, ("Jeunesse",), 50),
    "bailleur": ("Bailleur social Vergers Habitat (exemple)", "Vergers Habitat", K.COMPANY, ("Logement et cadre de vie",), 95),
    "adil": ("ADIL de l'Aube", "ADIL", K.ASSOCIATION, ("Logement et cadre de vie",), 190),
    "udaf": ("Udaf de l'Aube", "Udaf", K.ASSOCIATION, ("Parentalité",), 130),
    "pmi": ("Protection maternelle et infantile (PMI)", "PMI", K.DEPARTMENT, ("Petite enfance", "Santé et prévention"), 28),
    "france_services": ("France services des Vergers (exemple)", "France services", K.MUNICIPALITY, ("Accès aux droits et numérique",), 15),
    "mediatheque": ("Médiathèque municipale", "Médiathèque", K.MUNICIPALITY, ("Animation de la vie sociale",), 55),
    "club": ("Club omnisports des Vergers (exemple)", "Club omnisports", K.ASSOCIATION, ("Enfance", "Jeunesse"), 80),
    "handicap": ("Pôle ressources handicap (exemple)", "Pôle handicap", K.ASSOCIATION, ("Handicap et inclusion",), 66),
    "france_travail": ("France Travail – agence de Troyes", "France Travail", K.STATE, ("Accès aux droits et numérique",), 160),
    "college": ("Collège du secteur (exemple)", "Collège", K.SCHOOL, ("Éducation", "Jeunesse"), 70),
    "ecoles": ("Écoles publiques de la commune", "Écoles", K.SCHOOL, ("Éducation", "Enfance"), 35),
    "vacances": ("Association Cap Vacances (exemple)", "Cap Vacances", K.ASSOCIATION, ("Vacances",), 140),
    "planning": ("Association Santé pour tous (exemple)", "Santé pour tous", K.ASSOCIATION, ("Santé et prévention",), 220),
}

# key: (first name, last name, organisation, function, e-mail local part)
CONTACTS: dict[str, tuple[str, str, str, str, str]] = {
    "maire": ("Hélène", "Vauthier", "ville", "maire", "maire"),
    "adjointe": ("Nadia", "Bellanger", "ville", "adjointe à la famille et à l'éducation", "adjointe.famille"),
    "adjoint_jeunesse": ("Pascal", "Thévenot", "ville", "adjoint à la jeunesse et aux sports", "adjoint.jeunesse"),
    "dgs": ("Sylvie", "Marchand", "ville", "directrice générale des services", "dgs"),
    "coordination": ("Camille", "Rousselot", "ville", "chargée de coopération CTG", "ctg"),
    "caf_cons": ("Julien", "Fontaine", "caf", "conseiller technique territorial", "j.fontaine"),
    "caf_resp": ("Agnès", "Delorme", "caf", "responsable de l'action sociale", "a.delorme"),
    "petite_enfance": ("Claire", "Hubert", "petite_enfance", "responsable du service petite enfance", "petite.enfance"),
    "rpe": ("Élodie", "Garnier", "petite_enfance", "animatrice du relais petite enfance", "rpe"),
    "enfance": ("Karim", "Benali", "enfance", "responsable du service enfance et jeunesse", "enfance.jeunesse"),
    "jeunesse": ("Lucie", "Perrot", "enfance", "animatrice jeunesse", "jeunesse"),
    "ccas": ("Martine", "Collot", "ccas", "directrice du CCAS", "ccas"),
    "centre_social": ("Thomas", "Girardin", "centre_social", "directeur", "direction"),
    "familles": ("Sarah", "Petitjean", "centre_social", "référente familles", "familles"),
    "creche_asso": ("Isabelle", "Noël", "creche_asso", "directrice", "direction"),
    "laep": ("Fatou", "Camara", "laep_asso", "coordinatrice", "coordination"),
    "ludo": ("Vincent", "Lemaire", "ludo", "ludothécaire", "contact"),
    "parents": ("Aurélie", "Simonet", "parents", "représentante des parents", "contact"),
    "education": ("Philippe", "Aubry", "education", "inspecteur de circonscription", "ien"),
    "departement": ("Valérie", "Guyot", "departement", "cheffe du service social de secteur", "v.guyot"),
    "tcm": ("Laurent", "Mercier", "tcm", "directeur de la cohésion sociale", "l.mercier"),
    "etat": ("Inès", "Rolland", "etat", "déléguée du préfet", "i.rolland"),
    "bailleur": ("David", "Charpentier", "bailleur", "responsable d'agence", "agence"),
    "france_services": ("Amandine", "Prévost", "france_services", "responsable", "responsable"),
    "handicap": ("Sophie", "Leclerc", "handicap", "coordinatrice", "coordination"),
    "mission_locale": ("Nicolas", "Jacquot", "mission_locale", "conseiller référent", "n.jacquot"),
}
