"""The two agreements of the example, and the accounts that open them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from agreements.models import Competence, Role, Signatory

PASSWORD = "vergers-fil-rouge-2026"

NAME = "Saint-André-les-Vergers"
SLUG = "saint-andre-les-vergers"
COMMUNE = "10333"
STARTS_ON, ENDS_ON = date(2026, 1, 1), date(2030, 12, 31)
DELIBERATED_ON, DELIBERATION = date(2025, 12, 9), "2025-12-09-07"
CAF_APPROVED_ON, SIGNED_ON = date(2025, 12, 16), date(2025, 12, 19)

DISTRICT = {
    "code": "QP010005",
    "name": "Maugout",
    "commune_code": COMMUNE,
    "note": "Les chiffres connus sont ceux du périmètre de 2015.",
}

OTHER_NAME = "Romilly-sur-Seine"
OTHER_SLUG = "romilly-sur-seine"
OTHER_COMMUNE = "10323"


@dataclass(frozen=True)
class AccountFact:
    email: str
    first_name: str
    last_name: str
    role: Role
    title: str
    contact: str = ""


# One account for each role; the people are those of ``demo.content.partners``.
ACCOUNTS = [
    AccountFact("coordination@exemple.fr", "Camille", "Rousselot", Role.COORDINATOR, "chargée de coopération CTG", "coordination"),
    AccountFact("direction@exemple.fr", "Sylvie", "Marchand", Role.DIRECTION, "directrice générale des services", "dgs"),
    AccountFact("elue@exemple.fr", "Nadia", "Bellanger", Role.ELECTED, "adjointe à la famille et à l'éducation", "adjointe"),
    AccountFact("caf@exemple.fr", "Julien", "Fontaine", Role.CAF, "conseiller technique territorial", "caf_cons"),
    AccountFact("partenaire@exemple.fr", "Thomas", "Girardin", Role.PARTNER, "directeur du centre social", "centre_social"),
    AccountFact("lecture@exemple.fr", "Aurélie", "Simonet", Role.READER, "représentante des parents", "parents"),
]  # fmt: skip
ADMINISTRATOR = ("administration@exemple.fr", "Dominique", "Lambert")
OTHER_COORDINATOR = ("romilly@exemple.fr", "Noémie", "Chauvin")

# (name, kind, represented by)
SIGNATORIES = [
    ("Ville de Saint-André-les-Vergers", Signatory.Kind.MUNICIPALITY, "Hélène Vauthier, maire (exemple fictif)"),
    ("Caf de l'Aube", Signatory.Kind.CAF, "Marc Oudin, directeur (exemple fictif)"),
]  # fmt: skip

H = Competence.Holder
# beginning of the preloaded subject: who holds it
COMPETENCES = {
    "Petite enfance": H.MUNICIPALITY,
    "Relais petite enfance": H.MUNICIPALITY,
    "Accueil périscolaire": H.MUNICIPALITY,
    "Accueil extrascolaire": H.MUNICIPALITY,
    "Jeunesse": H.MUNICIPALITY,
    "Soutien à la parentalité": H.SHARED,
    "Animation de la vie sociale": H.MUNICIPALITY,
    "Accès aux droits": H.SHARED,
    "Logement": H.INTERCOMMUNALITY,
    "Action sociale": H.MUNICIPALITY,
}
COMPETENCE_NOTE = "Exemple fictif, à vérifier dans les statuts."

# The other agreement: orientations, then actions (orientation, title, sentence, status).
OTHER_ORIENTATIONS = ["Accueillir les enfants", "Soutenir les parents"]
OTHER_ACTIONS = [
    (0, "Rénover la halte-garderie", "Refaire la cour et la salle de motricité.", "in_progress"),
    (0, "Recruter deux assistants maternels", "Réunion d'information et parrainage.", "planned"),
    (1, "Ouvrir un lieu d'accueil enfants-parents", "Une matinée par semaine.", "in_progress"),
]
