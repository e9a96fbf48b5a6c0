"""Campaigns: prepared, sent, reminded, prolonged, closed; and the personal doors that they open."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from actionplan import campaign_messages as words
from actionplan import campaign_queries as queries
from actionplan.models import Action, Campaign, CampaignLead, CampaignLink, NewsAnswer
from actionplan.news_fields import photograph
from actionplan.services.common import check_year
from actionplan.services.doors import (
    cancel_mails,
    check_can_answer,
    new_link,
    refuse_past,
    require,
)
from agreements.models import AccessLink, Agreement
from agreements.services import check, create_row, delete_row, record, update_row
from core import mail
from core.dates import end_of_day
from core.errors import DomainError
from core.formats import date_long, plural
from core.models import OutgoingMail
from partners.models import Contact

Channel = CampaignLead.Channel
State = Campaign.State
MAX_DAYS = 365


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
    require(campaign, State.DRAFT, "Cette campagne est déjà partie : prolongez-la ou fermez-la.")
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


@transaction.atomic
def delete_campaign(campaign: Campaign, *, actor: User | None) -> None:
    require(campaign, State.DRAFT, "Une campagne partie ne se supprime pas : fermez-la.")
    delete_row(campaign, actor=actor)


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
    current = require(campaign, State.DRAFT, "Cette campagne est déjà partie.")
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
    current = require(campaign, State.OPEN, "Cette campagne n'est pas en cours.")
    refuse_past(current)
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
    """Freeze what is asked, then write. False when the person leads nothing any more, or has been
    archived since the campaign was prepared."""
    actions = open_actions(lead)
    if not actions or (lead.contact is not None and lead.contact.is_archived):
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
    if lead.contact is None or not lead.contact.email:
        lead.channel = Channel.PAPER  # the address went since the campaign was prepared
    lead.save(update_fields=["asked_at", "channel"])
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


# --- Following ------------------------------------------------------------------------------
@transaction.atomic
def remind(
    campaign: Campaign, *, actor: User | None, shown: Mapping[int, int]
) -> list[CampaignLead]:
    """Remind those of ``shown`` (person → reminders already sent when the page was read) who may
    still be. Never more than ``max_reminders``; twice the same button sends once."""
    current = require(campaign, State.OPEN, "Cette campagne n'est pas en cours.")
    refuse_past(current)
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
        awaited = _awaited_actions(lead)
        if not awaited:
            continue
        lead.reminders_sent += 1
        lead.reminded_at = timezone.now()
        lead.save(update_fields=["reminders_sent", "reminded_at"])
        address = new_link(lead, actor=actor)
        body = words.reminder(lead, awaited, address, actor=actor)
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


def _awaited_actions(lead: CampaignLead) -> list[Action]:
    rows = queries.answers_of_lead(lead)
    return queries.actions_of([row for row in rows if row.state in queries.AWAITED])


@transaction.atomic
def write_again(lead: CampaignLead, *, actor: User | None) -> OutgoingMail:
    """The last message did not leave (refused address): write to the present one, with a new
    link. It is no reminder, since nothing was received."""
    row = (
        CampaignLead.objects.select_for_update(of=("self",))
        .select_related("contact", "campaign__agreement", "agreement")
        .get(pk=lead.pk)
    )
    check_can_answer(row)
    mails = queries.mails_of(row.campaign).get(row.pk, [])
    if not mails or mails[0].state != OutgoingMail.State.FAILED:
        raise DomainError("Le dernier message n'a pas été refusé : relancez, ou remettez un lien.")
    actions = _awaited_actions(row)
    if row.contact is None or not row.contact.email or not actions:
        raise DomainError(
            "Il manque une adresse électronique : ajoutez-la à la fiche de la personne."
        )
    record(
        row.agreement,
        actor=actor,
        verb="send",
        target=row.campaign,
        sentence=f"a réécrit à {row} : campagne « {row.campaign} »",
    )
    address = new_link(row, actor=actor)
    body = words.invitation(row, actions, address, actor=actor)
    return write(row, f"again:{len(mails)}", body)


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
    current = require(campaign, State.OPEN, "Cette campagne n'est pas en cours.")
    row = update_row(
        current,
        actor=actor,
        fields={"state": State.CLOSED, "closed_at": timezone.now()},
        sentence=f"a terminé la campagne « {current} »",
    )
    cancel_mails(current.leads.select_related("campaign"))
    return row
