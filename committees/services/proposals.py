"""The agenda proposes; whoever steers ticks, or puts aside."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from accounts.models import User
from agreements.services import record
from committees.models import AgendaItem, DeclinedProposal, Meeting
from committees.services.agenda import add_agenda_item, check_preparable, next_position
from committees.services.carry import copy_item
from committees.suggestions import Proposal, proposals
from core.errors import DomainError
from core.formats import plural

CHANGED = "Une proposition a changé entre-temps : relisez la liste, puis recommencez."


def _chosen(meeting: Meeting, values: Iterable[str], on: date) -> list[Proposal]:
    """Those that still say what was under the reader's eyes. Raises ``DomainError`` otherwise."""
    asked = set(values)
    found = [proposal for proposal in proposals(meeting, on) if proposal.value in asked]
    if not asked:
        raise DomainError("Cochez au moins une proposition.")
    if len(found) != len(asked):
        raise DomainError(CHANGED)
    return found


@transaction.atomic
def add_proposals(
    meeting: Meeting, *, actor: User | None, values: Iterable[str], on: date
) -> list[AgendaItem]:
    """One point for each proposal ticked, linked to its actions; ``on`` is the day of the facts."""
    check_preparable(Meeting.objects.select_for_update().get(pk=meeting.pk))
    return [_add(meeting, proposal, actor) for proposal in _chosen(meeting, values, on)]


def _add(meeting: Meeting, proposal: Proposal, actor: User | None) -> AgendaItem:
    keys = [thing.key for thing in proposal.things]
    if proposal.source is None:
        unique = {action.pk: action for action in proposal.actions}
        return add_agenda_item(
            meeting,
            actor=actor,
            title=proposal.title,
            kind=proposal.kind,
            minutes=proposal.minutes,
            reason=shortened(proposal.why),
            origin_keys=keys,
            actions=list(unique.values()),
        )
    item = copy_item(
        proposal.source, meeting, position=next_position(meeting), reason=shortened(proposal.why)
    )
    item.origin_keys = sorted({*item.origin_keys, *keys})
    item.save()
    record(
        meeting.agreement,
        actor=actor,
        verb="create",
        target=item,
        sentence=f"a repris à l'ordre du jour ({meeting}) : {item.title}",
    )
    return item


def shortened(text: str) -> str:
    limit = AgendaItem._meta.get_field("reason").max_length or 300
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


@transaction.atomic
def decline_proposals(
    meeting: Meeting, *, actor: User | None, values: Iterable[str], on: date
) -> int:
    """They stay away from this committee until what they speak of changes. Returns how many."""
    check_preparable(meeting)
    declined = _chosen(meeting, values, on)
    for proposal in declined:
        for thing in proposal.things:
            DeclinedProposal.objects.update_or_create(
                agreement=meeting.agreement,
                committee=meeting.committee,
                key=thing.key,
                defaults={"fingerprint": thing.fingerprint},
            )
    record(
        meeting.agreement,
        actor=actor,
        verb="set_aside",
        target=meeting,
        sentence=f"a écarté {plural(len(declined), 'point proposé', 'points proposés')} ({meeting})",
    )
    return len(declined)
