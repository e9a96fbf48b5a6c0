"""Two campaigns: one of the past, over; one under way, with answers to weigh."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from actionplan import campaign_queries as queries
from actionplan.campaign_messages import DEFAULT_MESSAGE
from actionplan.models import Campaign, CampaignLead, CampaignLink
from actionplan.news_fields import FIELDS
from actionplan.services import campaigns, news, reviews
from agreements.models import AccessLink
from core import mail
from core.dates import end_of_day
from core.formats import MONTHS
from core.models import OutgoingMail
from demo.build.context import Example

OWN, PAPER = CampaignLead.Channel.OWN_MAIL, CampaignLead.Channel.PAPER
"""Nothing of an example leaves by itself, even where a mail server is set."""
PAST_OPENED, PAST_CLOSED = -190, -176
NOW_OPENED, NOW_CLOSES = -5, 9
PAST_PEOPLE = ("enfance", "rpe", "laep", "ccas")
SLOW = {"enfance": 1, "rpe": 3, "laep": 9}
"""Days that each took; the last one never answered."""

Said = Mapping[str, dict[str, Any]]
FAMILIES: Said = {
    "2.1.3": {"progress": 90, "progress_note": "Dix-huit familles parties, le bilan est écrit.", "value": Decimal(18)},
    "2.1.4": {"progress": 60, "progress_note": "Douze élèves dans le cinquième groupe ; il manque un bénévole le jeudi."},
    "3.1.2": {
        "status": "blocked", "blocked_cause": "L'école Jean-Moulin n'a plus de salle libre le matin",
        "unblock_condition": "Une salle prêtée par la maison de quartier", "review": 30,
    },
}  # fmt: skip
CHILDHOOD: Said = {
    "2.1.1": {"progress": 85, "progress_note": "Le projet éducatif est voté."},
    "2.1.2": {},
}


def build_campaigns(example: Example) -> None:
    _past(example)
    _under_way(example)


def _campaign(example: Example, title: str, people: Mapping[str, str]) -> Campaign:
    """Open and sent today; its dates are moved afterwards."""
    campaign = campaigns.create_campaign(
        example.agreement,
        actor=example.actor,
        leads={example.contacts[key]: channel for key, channel in people.items()},
        title=title,
        message=DEFAULT_MESSAGE,
        year=example.year,
        closes_on=timezone.localdate() + timedelta(days=30),
        max_reminders=1,
    )
    campaigns.open_campaign(campaign, actor=example.actor)
    _leave(example)
    return campaign


def _leave(example: Example) -> None:
    """The coordinator says that the messages have left from their own mailbox."""
    drafts = OutgoingMail.objects.filter(
        realm=example.agreement.realm, state=OutgoingMail.State.DRAFT, unique_key__startswith="campaign:"
    )  # fmt: skip
    for draft in drafts:
        mail.mark_sent(draft)


def _answer(example: Example, lead: CampaignLead, said: Said, *, send: bool) -> None:
    entries = []
    for answer in queries.answers_of_lead(lead):
        action = answer.action
        told = dict(said.get(action.code, {}))
        values = {name: told.get(name, getattr(action, name)) for name in FIELDS}
        if "review" in told:
            values["blocked_review_on"] = example.day(told["review"])
        figures = {row.pk: told["value"] for row in action.measures.all() if "value" in told}
        for measure in action.measures.all():
            known = next((p.value for p in measure.points.all() if p.year == example.year), None)
            figures.setdefault(measure.pk, known)
        entries.append(news.Entry(answer.pk, values, figures, answer.version, action.version))
    act = news.send_answers if send else news.save_answers
    act(lead, entries)


def _lead(example: Example, campaign: Campaign, key: str) -> CampaignLead:
    return campaign.leads.select_related("campaign__agreement", "contact", "agreement").get(
        contact=example.contacts[key]
    )


def _at(example: Example, days: float) -> datetime:
    """So many days from the reference day, in office hours."""
    whole = int(days // 1)
    noon = datetime.combine(example.day(whole), time(9, 30), timezone.get_current_timezone())
    return noon + timedelta(days=days - whole)


def _move(example: Example, campaign: Campaign, opened: int, closes: int) -> None:
    day = example.day(closes)
    Campaign.objects.filter(pk=campaign.pk).update(
        opened_at=_at(example, opened), created_at=_at(example, opened), closes_on=day
    )
    campaign.leads.update(asked_at=_at(example, opened))
    links = CampaignLink.objects.filter(lead__campaign=campaign).values("link_id")
    AccessLink.objects.filter(pk__in=links).update(expires_at=end_of_day(day))


def _past(example: Example) -> None:
    """What was said then is what the plan says now: accepting it changes nothing any more."""
    campaign = _campaign(
        example, "Avant le comité de pilotage du printemps", dict.fromkeys(PAST_PEOPLE, OWN)
    )
    for key in SLOW:
        lead = _lead(example, campaign, key)
        _answer(example, lead, {}, send=True)
        for answer in queries.answers_of_lead(lead):
            answer.asked = {**answer.asked, "progress": max(0, answer.action.progress - 20)}
            answer.save(update_fields=["asked"])
            reviews.accept(answer, actor=example.actor)
    campaigns.close_campaign(campaign, actor=example.actor)
    _move(example, campaign, PAST_OPENED, PAST_CLOSED)
    Campaign.objects.filter(pk=campaign.pk).update(closed_at=_at(example, PAST_CLOSED + 1))
    for key, days in SLOW.items():
        lead = _lead(example, campaign, key)
        moment = _at(example, PAST_OPENED + days)
        CampaignLead.objects.filter(pk=lead.pk).update(sent_at=moment, first_opened_at=moment)
        lead.answers.update(reviewed_at=_at(example, PAST_CLOSED))


def _under_way(example: Example) -> None:
    month = MONTHS[example.extra["coming_copil"].on.month - 1]
    people = dict.fromkeys(("familles", "enfance", "laep", "rpe", "ccas"), OWN)
    campaign = _campaign(
        example, f"Avant le comité de pilotage de {month}", {**people, "france_services": PAPER}
    )
    for key, said, days in (("familles", FAMILIES, 0.1), ("enfance", CHILDHOOD, 2.2)):
        lead = _lead(example, campaign, key)
        _answer(example, lead, said, send=True)
        moment = _at(example, NOW_OPENED + days)
        CampaignLead.objects.filter(pk=lead.pk).update(sent_at=moment, first_opened_at=moment)
    begun = _lead(example, campaign, "laep")
    _answer(example, begun, {"3.1.1": {"progress": 70}}, send=False)
    CampaignLead.objects.filter(pk=begun.pk).update(first_opened_at=_at(example, -1))
    slow = _lead(example, campaign, "rpe")
    campaigns.remind(campaign, actor=example.actor, shown={slow.pk: 0})
    _leave(example)
    CampaignLead.objects.filter(pk=slow.pk).update(reminded_at=_at(example, -1))
    _move(example, campaign, NOW_OPENED, NOW_CLOSES)
