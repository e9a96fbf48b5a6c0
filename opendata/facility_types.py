"""The national names of facilities and services: what Caf rates apply to, and what a new agreement's
own list starts from.

Sizes of childcare centres: art. R. 2324-46 and R. 2324-46-1 of the code de la santé publique
(decree 2021-1131 of 30 August 2021). Ages are the usual ones, in months: a facility says its own.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models

from opendata.models import Unit


class Mode(models.TextChoices):
    """What a service is for; the adequacy of the offer is told mode by mode."""

    COLLECTIVE = "collective", "accueil collectif du jeune enfant"
    INDIVIDUAL = "individual", "accueil individuel du jeune enfant"
    BEFORE_AFTER_SCHOOL = "before_after_school", "accueil périscolaire"
    HOLIDAYS = "holidays", "accueil extrascolaire"
    YOUTH = "youth", "jeunesse"
    PARENTING = "parenting", "soutien à la parentalité"
    SOCIAL_LIFE = "social_life", "animation de la vie sociale"
    RIGHTS = "rights", "accès aux droits, logement, santé"
    OTHER = "other", "autre"


M, U = Mode, Unit
THREE, SIX, TWELVE, EIGHTEEN, TWENTY_SIX = 36, 72, 144, 216, 312


@dataclass(frozen=True)
class TypeFact:
    key: str
    name: str
    mode: str
    unit: str
    min_age_months: int | None = None
    max_age_months: int | None = None


T = TypeFact
TYPES: list[TypeFact] = [
    T("micro_creche_psu", "Micro-crèche (Psu), 12 places au plus", M.COLLECTIVE, U.PLACES, 2, THREE),
    T("micro_creche_paje", "Micro-crèche (Paje), 12 places au plus", M.COLLECTIVE, U.PLACES, 2, THREE),
    T("petite_creche", "Petite crèche, de 13 à 24 places", M.COLLECTIVE, U.PLACES, 2, THREE),
    T("creche", "Crèche, de 25 à 39 places", M.COLLECTIVE, U.PLACES, 2, THREE),
    T("grande_creche", "Grande crèche, de 40 à 59 places", M.COLLECTIVE, U.PLACES, 2, THREE),
    T("tres_grande_creche", "Très grande crèche, 60 places et plus", M.COLLECTIVE, U.PLACES, 2, THREE),
    T("creche_familiale", "Crèche familiale", M.COLLECTIVE, U.PLACES, 2, THREE),
    T("jardin_enfants", "Jardin d'enfants", M.COLLECTIVE, U.PLACES, 24, SIX),
    T("eaje", "Autre établissement d'accueil du jeune enfant (EAJE)", M.COLLECTIVE, U.PLACES, 2, THREE),
    T("assistantes_maternelles", "Assistantes maternelles (ensemble)", M.INDIVIDUAL, U.PLACES, 2, THREE),
    T("mam", "Maison d'assistantes maternelles (MAM)", M.INDIVIDUAL, U.PLACES, 2, THREE),
    T("rpe", "Relais petite enfance (RPE)", M.PARENTING, U.FTE, 0, THREE),
    T("laep", "Lieu d'accueil enfants-parents (LAEP)", M.PARENTING, U.SESSIONS, 0, SIX),
    T("pmi", "Protection maternelle et infantile (PMI)", M.PARENTING, U.SESSIONS, 0, SIX),
    T("tisf", "Aide à domicile aux familles (TISF)", M.PARENTING, U.HOURS),
    T("espace_rencontre", "Espace de rencontre", M.PARENTING, U.SESSIONS),
    T("mediation_familiale", "Médiation familiale", M.PARENTING, U.FTE),
    T("alsh_periscolaire", "Accueil de loisirs périscolaire (matin, midi, soir, mercredi)", M.BEFORE_AFTER_SCHOOL, U.HOURS, THREE, TWELVE),
    T("alsh_extrascolaire", "Accueil de loisirs extrascolaire (vacances)", M.HOLIDAYS, U.HOURS, THREE, TWELVE),
    T("alsh", "Autre accueil de loisirs (ALSH)", M.HOLIDAYS, U.HOURS, THREE, TWELVE),
    T("clas", "Accompagnement à la scolarité (CLAS)", M.PARENTING, U.GROUPS, SIX, EIGHTEEN),
    T("pre", "Programme de réussite éducative (PRE)", M.PARENTING, U.FTE, 24, EIGHTEEN),
    T("accueil_jeunes", "Accueil de jeunes", M.YOUTH, U.HOURS, 132, EIGHTEEN),
    T("ps_jeunes", "Animation jeunesse (PS jeunes)", M.YOUTH, U.FTE, TWELVE, TWENTY_SIX),
    T("info_jeunes", "Info Jeunes", M.YOUTH, U.FTE, TWELVE, TWENTY_SIX),
    T("fjt", "Foyer de jeunes travailleurs (FJT)", M.YOUTH, U.PLACES, 192, 372),
    T("ludotheque", "Ludothèque", M.SOCIAL_LIFE, U.HOURS),
    T("centre_social", "Centre social", M.SOCIAL_LIFE, U.FTE),
    T("evs", "Espace de vie sociale (EVS)", M.SOCIAL_LIFE, U.FTE),
    T("ccas", "Centre communal d'action sociale (CCAS)", M.RIGHTS, U.FTE),
    T("france_services", "France services", M.RIGHTS, U.HOURS),
    T("acces_droits", "Autre accès aux droits ou aide numérique", M.RIGHTS, U.HOURS),
    T("autre", "Autre équipement ou service", M.OTHER, U.HOURS),
]  # fmt: skip

NAMES = {fact.key: fact.name for fact in TYPES}
