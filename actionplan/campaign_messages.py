"""What a campaign writes to people: short, courteous, with the door and its date."""

from __future__ import annotations

from collections.abc import Sequence

from accounts.models import User
from actionplan.models import Action, Campaign, CampaignLead
from core.formats import date_long, plural, tied

DEFAULT_MESSAGE = (
    "Pour préparer le prochain comité, pourriez-vous me dire où en sont les actions que vous "
    "pilotez ? Un statut et une phrase par action suffisent : comptez cinq minutes."
)
LINK_TO_COME = "(ici, le lien personnel)"


def subject(campaign: Campaign) -> str:
    """On one line, whatever the title holds: a message has no other."""
    return " ".join(f"CTG de {campaign.agreement.name} : vos nouvelles ({campaign.title})".split())


def _listed(actions: Sequence[Action]) -> str:
    return "\n".join(f"- {action.code} {action.title}" for action in actions)


def _signature(campaign: Campaign, actor: User | None) -> str:
    agreement = campaign.agreement
    name = f"{actor}\n" if actor else ""
    return f"{name}{agreement.coordinator_title}, CTG de {agreement.name}\n"


def invitation(
    lead: CampaignLead, actions: Sequence[Action], address: str, *, actor: User | None
) -> str:
    campaign = lead.campaign
    what = "Votre action" if len(actions) == 1 else f"Vos {plural(len(actions), 'action')}"
    body = (
        f"Bonjour {lead.contact},\n\n"
        f"{campaign.message.strip() or DEFAULT_MESSAGE}\n\n"
        f"{what} :\n{_listed(actions)}\n\n"
        f"Pour répondre, sans compte ni mot de passe, jusqu'au {date_long(campaign.closes_on)} :\n"
        f"{address}\n\n"
        "Vous pouvez enregistrer et revenir, autant que nécessaire, avant d'envoyer. "
        "Ce lien est personnel : ne le transférez pas.\n\n"
        f"Merci,\n{_signature(campaign, actor)}"
    )
    return tied(body)


def reminder(
    lead: CampaignLead, actions: Sequence[Action], address: str, *, actor: User | None
) -> str:
    campaign = lead.campaign
    return tied(
        f"Bonjour {lead.contact},\n\n"
        f"Je n'ai pas encore vos nouvelles pour {plural(len(actions), 'action')}. "
        f"La page reste ouverte jusqu'au {date_long(campaign.closes_on)} ; "
        "ce que vous y avez enregistré est gardé :\n"
        f"{address}\n\n"
        f"Merci,\n{_signature(campaign, actor)}"
    )


def returned(
    lead: CampaignLead,
    reasons: Sequence[tuple[Action, str]],
    address: str,
    *,
    actor: User | None,
) -> str:
    campaign = lead.campaign
    listed = "\n".join(f"- {action.code} {action.title} : {reason}" for action, reason in reasons)
    return tied(
        f"Bonjour {lead.contact},\n\n"
        f"Merci de vos réponses. J'ai besoin d'une précision :\n{listed}\n\n"
        f"La page est rouverte jusqu'au {date_long(campaign.closes_on)}, avec ce que vous aviez écrit :\n"
        f"{address}\n\n"
        f"Merci,\n{_signature(campaign, actor)}"
    )
