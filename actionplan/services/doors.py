"""The personal doors of a campaign: made, handed over, closed. Only their hash is kept
(docs/decisions/campaign-links.md)."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from actionplan import campaign_queries as queries
from actionplan.models import Campaign, CampaignLead, CampaignLink
from agreements.models import AccessLink
from agreements.services import record
from agreements.services.links import make_link, personal_address
from core import mail
from core.dates import end_of_day
from core.errors import DomainError
from core.formats import date_long, plural
from core.models import OutgoingMail

Channel = CampaignLead.Channel
State = Campaign.State
CANCELLED = "Ce message ne sert plus : la page qu'il ouvrait est fermée."


def require(campaign: Campaign, state: str, refusal: str) -> Campaign:
    current = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if current.state != state:
        raise DomainError(refusal)
    return current


def new_link(lead: CampaignLead, *, actor: User | None) -> str:
    """The address of a new door, open until the end of the campaign's last day. Its label bears
    no name: the person may be erased. Whoever reads the database cannot use it."""
    link, token = make_link(
        lead.agreement,
        AccessLink.Purpose.GIVE_NEWS,
        actor=actor,
        label=f"Campagne « {lead.campaign} »",
        expires_at=end_of_day(lead.campaign.closes_on),
    )
    CampaignLink.objects.create(agreement=lead.agreement, lead=lead, link=link)
    return personal_address("news", token)


@transaction.atomic
def hand_over_link(lead: CampaignLead, *, actor: User | None) -> str:
    """A new link to give by another way; told in the journal, never shown again."""
    if lead.contact_id is None:
        raise DomainError("Cette personne a été effacée : son lien n'ouvrirait rien.")
    check_can_answer(lead)
    address = new_link(lead, actor=actor)
    record(
        lead.agreement,
        actor=actor,
        verb="link",
        target=lead.campaign,
        sentence=f"a créé un lien de la campagne « {lead.campaign} » pour {lead}",
    )
    return address


@transaction.atomic
def merge_rows(campaign: Campaign, *, actor: User | None) -> list[tuple[str, str, str]]:
    """(name, e-mail, new link) of those who have not answered and are not asked on paper."""
    current = require(campaign, State.OPEN, "Cette campagne n'est pas en cours.")
    refuse_past(current)
    leads = current.leads.filter(sent_at=None, contact__isnull=False).exclude(channel=Channel.PAPER)
    rows = [
        (str(lead.contact), lead.contact.email if lead.contact else "", new_link(lead, actor=actor))
        for lead in leads.select_related("contact", "campaign__agreement", "agreement")
    ]
    record(
        current.agreement,
        actor=actor,
        verb="link",
        target=current,
        sentence=f"a créé {plural(len(rows), 'lien')} pour un publipostage : campagne « {current} »",
    )
    return rows


def close_doors(lead: CampaignLead) -> None:
    """All of a person's links die; no message that carries one is left waiting."""
    AccessLink.objects.filter(pk__in=lead.links.values("link_id"), revoked_at=None).update(
        revoked_at=timezone.now()
    )
    prefix = f"{queries.mail_prefix(lead.campaign)}{lead.pk}:"
    keys = OutgoingMail.objects.filter(unique_key__startswith=prefix)
    mail.cancel(keys.values_list("unique_key", flat=True), reason=CANCELLED)


@transaction.atomic
def revoke_links(lead: CampaignLead, *, actor: User | None) -> None:
    """Close a person's page at once (a message sent to the wrong address)."""
    close_doors(lead)
    record(
        lead.agreement,
        actor=actor,
        verb="revoke",
        target=lead.campaign,
        sentence=f"a retiré les liens de {lead} : campagne « {lead.campaign} »",
    )


def check_can_answer(lead: CampaignLead) -> None:
    """Raises ``DomainError``: why answers are taken no more."""
    campaign = lead.campaign
    if lead.sent_at is not None:
        raise DomainError("Les réponses sont déjà envoyées.")
    if campaign.state != State.OPEN:
        raise DomainError("Cette campagne n'est pas en cours.")
    refuse_past(campaign)


def refuse_past(campaign: Campaign) -> None:
    if end_of_day(campaign.closes_on) <= timezone.now():
        raise DomainError(
            f"Les réponses étaient attendues jusqu'au {date_long(campaign.closes_on)} : "
            "prolongez d'abord la campagne."
        )


def cancel_mails(leads: Iterable[CampaignLead]) -> None:
    keys: list[str] = []
    for lead in leads:
        prefix = f"{queries.mail_prefix(lead.campaign)}{lead.pk}:"
        found = OutgoingMail.objects.filter(unique_key__startswith=prefix)
        keys += found.values_list("unique_key", flat=True)
    mail.cancel(keys, reason=CANCELLED)
