"""Campaigns, the people asked, and what they say, built through the services."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from actionplan.models import Action, Campaign, CampaignLead, NewsAnswer
from actionplan.news_fields import FIELDS
from actionplan.services import campaigns, doors, news
from agreements.models import Agreement
from partners.services import create_contact


def in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def person(agreement: Agreement, name: str = "Martin", **fields: Any) -> Any:
    given = {"email": f"{name.lower()}@exemple.org", **fields}
    return create_contact(agreement, actor=None, first_name="Claire", last_name=name, **given)


def campaign(
    agreement: Agreement, leads: dict[Any, str], *, sent: bool = True, **fields: Any
) -> Campaign:
    row = campaigns.create_campaign(
        agreement, actor=None, leads=leads,
        **{"title": "Avant le COPIL", "message": "Où en sont vos actions ?", "year": 2026,
           "closes_on": in_days(14), "max_reminders": 1, **fields},
    )  # fmt: skip
    return campaigns.open_campaign(row, actor=None) if sent else row


def lead_of(row: Campaign, contact: Any = None) -> CampaignLead:
    leads = CampaignLead.objects.select_related("campaign__agreement", "contact", "agreement")
    return leads.get(campaign=row, **({"contact": contact} if contact else {}))


def entry(answer: NewsAnswer, **values: Any) -> news.Entry:
    """What the page sends: the action as it stands, and what is changed."""
    figures = values.pop("figures", {})
    version = values.pop("version", answer.version)
    fresh = Action.objects.get(pk=answer.action_id)
    source = answer if answer.status else fresh
    kept = {name: getattr(source, name) for name in FIELDS}
    return news.Entry(answer.pk, {**kept, **values}, figures, version, fresh.version)


def token_of(lead: CampaignLead) -> str:
    return doors.new_link(lead, actor=None).rstrip("/").rsplit("/", 1)[1]
