"""Who may do what: one table, readable by anyone, printed to docs/permissions.md.

A capability is a verb on a room. A role has it or has it not. What a role alone cannot decide
(« its own actions ») is a predicate in the ``permissions.py`` of the room.
"""

from __future__ import annotations

from django.db.models import TextChoices

from agreements.models.membership import Role
from core.audience import Audience


class Capability(TextChoices):
    """Value → what the role may do, as written in a refusal: « Votre rôle ne permet pas de … »."""

    AGREEMENT_VIEW = "agreement.view", "consulter la convention"
    AGREEMENT_CHANGE = "agreement.change", "modifier la convention"
    MEMBERS_MANAGE = "members.manage", "inviter des membres et changer leur rôle"
    JOURNAL_VIEW = "journal.view", "lire le journal"
    MAIL_VIEW = "mail.view", "voir les messages sortants"

    DIAGNOSIS_VIEW = "diagnosis.view", "consulter le diagnostic"
    DIAGNOSIS_CHANGE = "diagnosis.change", "modifier le diagnostic"
    FIGURES_ADD = "figures.add", "saisir des chiffres"

    PARTNERS_VIEW = "partners.view", "consulter les partenaires"
    PARTNERS_CHANGE = "partners.change", "modifier les partenaires"
    MONEY_VIEW = "money.view", "voir les montants"

    PLAN_VIEW = "plan.view", "consulter le plan d'actions"
    PLAN_CHANGE = "plan.change", "modifier le plan d'actions"
    PLAN_CHANGE_OWN = "plan.change_own", "mettre à jour les actions que l'on pilote"

    COMMITTEES_VIEW = "committees.view", "consulter les instances"
    COMMITTEES_CHANGE = "committees.change", "modifier les instances"
    PREPARATION_VIEW = "preparation.view", "suivre la préparation des réunions"
    RECORD_VALIDATE = "record.validate", "valider un relevé de décisions que l'on préside"
    AGENDA_PROPOSE = "agenda.propose", "proposer un point à l'ordre du jour"

    PARTICIPATION_VIEW = "participation.view", "consulter la participation des habitants"
    PARTICIPATION_CHANGE = "participation.change", "modifier la participation des habitants"

    EVALUATION_VIEW = "evaluation.view", "consulter l'évaluation"
    EVALUATION_CHANGE = "evaluation.change", "renseigner l'évaluation"

    CALENDAR_VIEW = "calendar.view", "consulter le calendrier"
    DESK_VIEW = "desk.view", "ouvrir « Ma semaine »"

    DOCUMENTS_VIEW = "documents.view", "lire les documents"
    DOCUMENTS_PRODUCE = "documents.produce", "produire un document"
    DOCUMENTS_READ_MARK = "documents.read_mark", "marquer un document « relu par la Caf »"
    DOCUMENTS_APPROVE = "documents.approve", "valider un document avant son départ"
    DOCUMENTS_SEND = "documents.send", "transmettre un document"
    INTERNAL_VIEW = "internal.view", "lire les informations internes"


C = Capability

_READING = {
    C.AGREEMENT_VIEW,
    C.DIAGNOSIS_VIEW,
    C.PLAN_VIEW,
    C.COMMITTEES_VIEW,
    C.PARTICIPATION_VIEW,
    C.DOCUMENTS_VIEW,
    C.CALENDAR_VIEW,
}

ROLE_CAPABILITIES: dict[Role, frozenset[Capability]] = {
    Role.COORDINATOR: frozenset(
        set(Capability) - {C.DOCUMENTS_READ_MARK, C.DOCUMENTS_APPROVE, C.RECORD_VALIDATE}
    ),
    Role.DIRECTION: frozenset(
        _READING
        | {
            C.JOURNAL_VIEW,
            C.MAIL_VIEW,
            C.MEMBERS_MANAGE,
            C.AGREEMENT_CHANGE,
            C.PARTNERS_VIEW,
            C.MONEY_VIEW,
            C.EVALUATION_VIEW,
            C.DOCUMENTS_PRODUCE,
            C.DOCUMENTS_APPROVE,
            C.DOCUMENTS_SEND,
            C.INTERNAL_VIEW,
            C.PREPARATION_VIEW,
        }
    ),
    Role.ELECTED: frozenset(
        _READING | {C.PARTNERS_VIEW, C.MONEY_VIEW, C.EVALUATION_VIEW, C.RECORD_VALIDATE}
    ),
    Role.CAF: frozenset(
        _READING
        | {
            C.PARTNERS_VIEW,
            C.MONEY_VIEW,
            C.EVALUATION_VIEW,
            C.FIGURES_ADD,
            C.AGENDA_PROPOSE,
            C.PREPARATION_VIEW,
            C.DOCUMENTS_READ_MARK,
        }
    ),
    Role.PARTNER: frozenset(_READING | {C.PLAN_CHANGE_OWN}),
    Role.READER: frozenset(_READING),
}

ROLE_AUDIENCE: dict[Role, Audience] = {
    Role.COORDINATOR: Audience.INTERNAL,
    Role.DIRECTION: Audience.INTERNAL,
    Role.ELECTED: Audience.COMMITTEE,
    Role.CAF: Audience.COMMITTEE,
    Role.PARTNER: Audience.PUBLIC,
    Role.READER: Audience.PUBLIC,
}
"""The most restricted audience whose texts and figures a role may read."""
