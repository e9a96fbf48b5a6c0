"""Campaigns: prepared, sent, reminded, prolonged, closed; and the personal doors that they open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from actionplan import campaign_messages as words
from actionplan import campaign_queries as queries
from actionplan.models import Action, Campaign, CampaignLead, CampaignLink, NewsAnswer
from actionplan.news_fields import photograph
from actionplan.services.common import check_year
from agreements.models import AccessLink, Agreement
from agreements.services import check, create_row, delete_row, record, update_row
from agreements.services.tokens import new_token
from core import mail
from core.errors import DomainError
from core.formats import date_long, plural
from core.models import OutgoingMail
from partners.models import Contact

Channel = CampaignLead.Channel
State = Campaign.State
MAX_DAYS = 365
CANCELLED = "Ce message ne sert plus : la page qu'il ouvrait est fermée."


def end_of_day(day: date) -> datetime:
    """The midnight that ends ``day`` where the agreement is, summer time or not."""
    return datetime.combine(day + timedelta(days=1), time.min, ZoneInfo(settings.TIME_ZONE))


def check_closing_date(day: date) -> None:
    today = timezone.localdate()
    if day < today:
        raise DomainError(
            "Cette date est passée : choisissez aujourd'hui ou plus tard.", field="closes_on"
        )
    if day > today + timedelta(days=MAX_DAYS):
        raise DomainError("Choisissez une date d'ici un an au plus.", field="closes_on")


# --- Preparing ------------------------------------------------------------------------------
@transaction.atomic
def create_campaign(
    agreement: Agreement,
    *,
    actor: User | None,
    leads: Mapping[Contact, str],
    **fields: Any,
) -> Campaign:
    """A draft: nothing leaves before ``open_campaign``. ``leads``: each person and the channel."""
    check_year(agreement, fields["year"])
    check_closing_date(fields["closes_on"])
    campaign = create_row(
        Campaign,
        agreement,
        actor=actor,
        fields=fields,
        sentence=f"a préparé la campagne « {fields['title']} »",
    )
    _set_leads(campaign, leads)
    return campaign


@transaction.atomic
def update_campaign(
    campaign: Campaign,
    *,
    actor: User | None,
    leads: Mapping[Contact, str],
    expected_version: int | None = None,
    **fields: Any,
) -> Campaign:
    """Change a draft. What is sent is sent: an open campaign is only prolonged or closed."""
    _require(campaign, State.DRAFT, "Cette campagne est déjà partie : prolongez-la ou fermez-la.")
    check_year(campaign.agreement, fields["year"])
    check_closing_date(fields["closes_on"])
    update_row(
        campaign,
        actor=actor,
        fields=fields,
        expected_version=expected_version,
        sentence=f"a modifié la campagne « {fields['title']} »",
    )
    _set_leads(campaign, leads)
    return campaign


def delete_campaign(campaign: Campaign, *, actor: User | None) -> None:
    _require(campaign, State.DRAFT, "Une campagne partie ne se supprime pas : fermez-la.")
    delete_row(campaign, actor=actor)


def _require(campaign: Campaign, state: str, refusal: str) -> Campaign:
    current = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if current.state != state:
        raise DomainError(refusal)
    return current


def _set_leads(campaign: Campaign, leads: Mapping[Contact, str]) -> None:
    if not leads:
        raise DomainError("Choisissez au moins une personne à qui demander des nouvelles.")
    known = {lead.contact_id: lead for lead in campaign.leads.all()}
    wanted = {contact.pk: (contact, channel) for contact, channel in leads.items()}
    campaign.leads.exclude(contact_id__in=wanted).delete()
    for pk, (contact, channel) in wanted.items():
        channel = _channel(contact, channel)
        if pk in known:
            known[pk].channel = channel
            known[pk].save(update_fields=["channel"])
        else:
            _add_lead(campaign, contact, channel)


def _channel(contact: Contact, channel: str) -> str:
    if channel != Channel.PAPER and not contact.email:
        raise DomainError(
            f"{contact} n'a pas d'adresse électronique : choisissez la fiche de recueil, "
            "ou ajoutez une adresse à sa fiche."
        )
    return Channel(channel).value


def _add_lead(campaign: Campaign, contact: Contact, channel: str) -> CampaignLead:
    lead = CampaignLead(
        agreement=campaign.agreement, campaign=campaign, contact=contact, channel=channel
    )
    check(lead)
    lead.save()
    return lead


# --- Sending --------------------------------------------------------------------------------
@transaction.atomic
def open_campaign(campaign: Campaign, *, actor: User | None) -> Campaign:
    """Write to everybody: one message a person, whatever the number of their actions, in this
    transaction. The worker sends them one by one."""
    current = _require(campaign, State.DRAFT, "Cette campagne est déjà partie.")
    check_closing_date(current.closes_on)
    leads = list(current.leads.select_related("contact", "campaign__agreement"))
    asked = [lead for lead in leads if _ask(lead, actor=actor)]
    if not asked:
        raise DomainError("Plus personne à qui écrire : choisissez d'autres personnes.")
    campaign.state, campaign.opened_at = State.OPEN, timezone.now()
    campaign.save(update_fields=["state", "opened_at", "updated_at"])
    record(
        campaign.agreement,
        actor=actor,
        verb="send",
        target=campaign,
        sentence=f"a demandé des nouvelles à {plural(len(asked), 'personne')} : campagne « {campaign} »",
    )
    return campaign


@transaction.atomic
def add_leads(
    campaign: Campaign, *, actor: User | None, leads: Mapping[Contact, str]
) -> list[CampaignLead]:
    """People named since the campaign left: asked at once."""
    current = _require(campaign, State.OPEN, "Cette campagne n'est pas en cours.")
    _refuse_past(current)
    if not leads:
        raise DomainError("Choisissez au moins une personne.")
    added = [
        _add_lead(current, contact, _channel(contact, channel))
        for contact, channel in leads.items()
    ]
    asked = [lead for lead in added if _ask(lead, actor=actor)]
    record(
        current.agreement,
        actor=actor,
        verb="send",
        target=current,
        sentence=f"a ajouté {plural(len(asked), 'personne')} à la campagne « {current} »",
    )
    return asked


def _ask(lead: CampaignLead, *, actor: User | None) -> bool:
    """Freeze what is asked, then write. False when the person leads nothing any more."""
    actions = open_actions(lead)
    if not actions:
        lead.delete()
        return False
    for action in actions:
        answer = NewsAnswer(
            agreement=lead.agreement,
            lead=lead,
            action=action,
            asked=photograph(action, lead.campaign.year),
        )
        check(answer)
        answer.save()
    lead.asked_at = timezone.now()
    lead.save(update_fields=["asked_at"])
    if lead.channel != Channel.PAPER:
        address = new_link(lead, actor=actor)
        write(lead, "ask", words.invitation(lead, actions, address, actor=actor))
    return True


def open_actions(lead: CampaignLead) -> list[Action]:
    """The open actions that the person leads today."""
    if lead.contact_id is None:
        return []
    return list(
        Action.objects.filter(agreement_id=lead.agreement_id, lead_contact_id=lead.contact_id)
        .open()
        .in_plan_order()
        .select_related("agreement")
        .prefetch_related("measures__points")
    )


def write(lead: CampaignLead, what: str, body: str) -> OutgoingMail:
    """One message of the campaign to one person; ``what`` makes its key unique."""
    assert lead.contact is not None
    return mail.queue(
        realm=lead.campaign.agreement.realm,
        unique_key=f"{queries.mail_prefix(lead.campaign)}{lead.pk}:{what}",
        recipient=lead.contact.email,
        recipient_name=" ".join(str(lead.contact).split()),
        subject=words.subject(lead.campaign),
        body=body,
        send=lead.channel == Channel.MAIL,
    )


# --- Doors ----------------------------------------------------------------------------------
def new_link(lead: CampaignLead, *, actor: User | None) -> str:
    """The address of a new door, open until the end of the campaign's last day. Its label bears
    no name: the person may be erased. Whoever reads the database cannot use it."""
    token, token_hash = new_token()
    link = AccessLink(
        agreement=lead.agreement,
        purpose=AccessLink.Purpose.GIVE_NEWS,
        label=f"Campagne « {lead.campaign} »",
        token_hash=token_hash,
        created_by=actor,
        expires_at=end_of_day(lead.campaign.closes_on),
    )
    check(link)
    link.save()
    CampaignLink.objects.create(agreement=lead.agreement, lead=lead, link=link)
    return words.news_address(token)


@transaction.atomic
def hand_over_link(lead: CampaignLead, *, actor: User | None) -> str:
    """A new link to give by another way; told in the journal, never shown again."""
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
    current = _require(campaign, State.OPEN, "Cette campagne n'est pas en cours.")
    _refuse_past(current)
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
    _refuse_past(campaign)


def _refuse_past(campaign: Campaign) -> None:
    if end_of_day(campaign.closes_on) <= timezone.now():
        raise DomainError(
            f"Les réponses étaient attendues jusqu'au {date_long(campaign.closes_on)} : "
            "prolongez d'abord la campagne."
        )


# --- Following ------------------------------------------------------------------------------
@transaction.atomic
def remind(
    campaign: Campaign, *, actor: User | None, shown: Mapping[int, int]
) -> list[CampaignLead]:
    """Remind those of ``shown`` (person → reminders already sent when the page was read) who may
    still be. Never more than ``max_reminders``; twice the same button sends once."""
    current = _require(campaign, State.OPEN, "Cette campagne n'est pas en cours.")
    _refuse_past(current)
    mails = queries.mails_of(current)
    leads = (
        CampaignLead.objects.select_for_update(of=("self",))
        .filter(campaign=current, pk__in=shown)
        .select_related("contact", "campaign__agreement", "agreement")
        .order_by("pk")
    )
    reminded = []
    for lead in leads:
        last = next(iter(mails.get(lead.pk, [])), None)
        if lead.reminders_sent != shown[lead.pk] or queries.no_reminder(lead, last):
            continue
        awaited = [row for row in queries.answers_of_lead(lead) if row.state in queries.AWAITED]
        lead.reminders_sent += 1
        lead.reminded_at = timezone.now()
        lead.save(update_fields=["reminders_sent", "reminded_at"])
        address = new_link(lead, actor=actor)
        body = words.reminder(lead, queries.actions_of(awaited), address, actor=actor)
        write(lead, f"reminder:{lead.reminders_sent}", body)
        reminded.append(lead)
    if reminded:
        record(
            current.agreement,
            actor=actor,
            verb="send",
            target=current,
            sentence=f"a relancé {plural(len(reminded), 'personne')} : campagne « {current} »",
        )
    return reminded


def mute(lead: CampaignLead, *, actor: User | None, is_muted: bool) -> None:
    """Spare a person (illness, a word exchanged in the corridor) without saying it to anybody."""
    CampaignLead.objects.filter(pk=lead.pk).update(is_muted=is_muted)


@transaction.atomic
def extend_campaign(campaign: Campaign, *, actor: User | None, closes_on: date) -> Campaign:
    """Another closing date; a closed campaign opens again. The links that people already have
    follow it, so that nobody needs another message."""
    current = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if current.state == State.DRAFT:
        raise DomainError("Cette campagne n'est pas encore partie : modifiez-la.")
    check_closing_date(closes_on)
    reopened = current.state == State.CLOSED
    fields = {"closes_on": closes_on, "state": State.OPEN, "closed_at": None}
    act = "a rouvert" if reopened else "a prolongé"
    row = update_row(
        current,
        actor=actor,
        fields=fields,
        sentence=f"{act} jusqu'au {date_long(closes_on)} la campagne « {current} »",
    )
    AccessLink.objects.filter(
        pk__in=CampaignLink.objects.filter(lead__campaign=current).values("link_id"),
        revoked_at=None,
    ).update(expires_at=end_of_day(closes_on))
    return row


@transaction.atomic
def close_campaign(campaign: Campaign, *, actor: User | None) -> Campaign:
    """No more answers; those received are still to weigh. Messages that wait do not leave."""
    current = _require(campaign, State.OPEN, "Cette campagne n'est pas en cours.")
    row = update_row(
        current,
        actor=actor,
        fields={"state": State.CLOSED, "closed_at": timezone.now()},
        sentence=f"a terminé la campagne « {current} »",
    )
    cancel_mails(current.leads.select_related("campaign"))
    return row


def cancel_mails(leads: Iterable[CampaignLead]) -> None:
    keys: list[str] = []
    for lead in leads:
        prefix = f"{queries.mail_prefix(lead.campaign)}{lead.pk}:"
        found = OutgoingMail.objects.filter(unique_key__startswith=prefix)
        keys += found.values_list("unique_key", flat=True)
    mail.cancel(keys, reason=CANCELLED)
