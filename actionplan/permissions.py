"""Who may touch an action: whoever changes the plan, or the partner that leads it."""

from __future__ import annotations

from typing import Any

import rules
from django.db.models import Exists, OuterRef, Q, QuerySet

from actionplan.models import Action, ActionWeather, FollowUpNote
from agreements.access import Access
from agreements.permissions import has
from agreements.roles import Capability as C
from partners.models import Position


@rules.predicate
def leads(access: Access, action: Any = None) -> bool:
    """The user is the person who leads it, or holds a present function in the lead organisation."""
    if not isinstance(action, Action):
        return False
    if action.lead_contact is not None and action.lead_contact.user_id == access.user.pk:
        return True
    return Position.objects.filter(
        agreement=access.agreement,
        contact__user=access.user,
        organisation_id=action.lead_organisation_id,
        ends_on__isnull=True,
    ).exists()


def led_by(access: Access, actions: QuerySet[Action]) -> QuerySet[Action]:
    """Those of ``actions`` that ``leads`` would accept, in one query."""
    present = Position.objects.filter(
        agreement=access.agreement,
        contact__user=access.user,
        ends_on__isnull=True,
        organisation_id=OuterRef("lead_organisation_id"),
    )
    return actions.filter(Q(lead_contact__user=access.user) | Exists(present))


@rules.predicate
def wrote(access: Access, row: Any = None) -> bool:
    """The user wrote the note, or gave the judgement."""
    return row is not None and row.author_id == access.user.pk


change_action = has(C.PLAN_CHANGE) | (has(C.PLAN_CHANGE_OWN) & leads)


@rules.predicate
def _leads_its_action(access: Access, row: Any = None) -> bool:
    return isinstance(row, FollowUpNote | ActionWeather) and leads.test(access, row.action)


change_note = has(C.PLAN_CHANGE) | (has(C.PLAN_CHANGE_OWN) & wrote & _leads_its_action)
"""A note or a météo: whoever changes the plan, or its author while they lead the action."""
