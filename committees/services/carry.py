"""Points that were not treated come back by themselves at the next meeting of their committee.

Called by whatever may change which points those are; calling it again changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.models import User
from agreements.services import create_row, record
from agreements.services.attachments import copy_attachments, hung_on, remove_hung_on
from committees.models import (
    AgendaItem,
    ArbitrationOption,
    ArbitrationPoint,
    Committee,
    DeclinedProposal,
    Meeting,
    SessionNote,
)
from core.formats import date_long, plural

O = AgendaItem.Outcome  # noqa: E741 - the initial of « outcome »
COPIED = ("title", "kind", "minutes", "presenter", "proposed_by_caf")
OPTION_FIELDS = ("position", "title", "effects", "cost", "caf_revenue", "delay", "risk")


def untreated(committee: Committee) -> QuerySet[AgendaItem]:
    """Points of the meetings held on which nothing was told nor decided."""
    return AgendaItem.objects.filter(
        Q(outcome="") | Q(outcome=O.TO_REVIEW),
        meeting__committee=committee,
        meeting__state=Meeting.State.HELD,
        is_confirmed=True,
        decisions__isnull=True,
    )


def carry_key(item: AgendaItem) -> str:
    return f"carry:{item.pk}"


def carry_fingerprint(item: AgendaItem) -> str:
    return item.outcome or "none"


def next_meeting(committee: Committee) -> Meeting | None:
    """The first meeting to come after the last one held."""
    held = committee.meetings.filter(state=Meeting.State.HELD).order_by("-on").first()
    planned = committee.meetings.filter(state=Meeting.State.PLANNED).order_by("on", "starts_at")
    return planned.filter(on__gte=held.on).first() if held else None


def _reason(item: AgendaItem) -> str:
    words = "À revoir depuis" if item.outcome == O.TO_REVIEW else "Non traité à"
    return f"{words} la réunion du {date_long(item.meeting.on)}."


def copy_item(item: AgendaItem, meeting: Meeting, *, position: int, reason: str) -> AgendaItem:
    """The point with its actions, its question and its documents; the first one stays as the
    meeting had it."""
    copied = create_row(
        AgendaItem,
        meeting.agreement,
        actor=None,
        fields={
            **{name: getattr(item, name) for name in COPIED},
            "meeting": meeting,
            "position": position,
            "reason": reason,
            "carried_from": item,
            "origin_keys": item.origin_keys,
        },
        links={"actions": item.actions.all()},
        sentence="",
    )
    point = ArbitrationPoint.objects.filter(item=item).first()
    if point is not None:
        fields = {name: getattr(point, name) for name in QUESTION_FIELDS}
        again = create_row(
            ArbitrationPoint,
            meeting.agreement,
            actor=None,
            fields={"item": copied, **fields},
            sentence="",
        )
        for option in point.options.all():
            values = {name: getattr(option, name) for name in OPTION_FIELDS}
            create_row(
                ArbitrationOption,
                meeting.agreement,
                actor=None,
                fields={"point": again, **values},
                sentence="",
            )
    copy_attachments(item, copied)
    return copied


QUESTION_FIELDS = ("question", "context", "technical_opinion", "action")


def _is_intact(copy: AgendaItem) -> bool:
    """Nobody has worked on it since it came back: it may leave as it came."""
    source = copy.carried_from
    if source is None or copy.outcome or copy.decisions.exists():
        return False
    if SessionNote.objects.filter(item=copy).exclude(text="").exists():
        return False
    if any(getattr(copy, name) != getattr(source, name) for name in COPIED):
        return False
    if _titles(copy) != _titles(source) or _actions(copy) != _actions(source):
        return False
    point = ArbitrationPoint.objects.filter(item=copy).first()
    return point is None or (
        point.version == 1 and ArbitrationPoint.objects.filter(item=source).exists()
    )


def _titles(item: AgendaItem) -> list[str]:
    return sorted(hung_on(item).values_list("title", flat=True))


def _actions(item: AgendaItem) -> set[int]:
    return set(item.actions.values_list("pk", flat=True))


@transaction.atomic
def carry_over(committee: Committee, *, actor: User | None) -> list[AgendaItem]:
    """Bring to the next meeting what is untreated and is on no agenda to come; take back what came
    for nothing. A point removed from the agenda to come stays away until its outcome changes."""
    Committee.objects.select_for_update().get(pk=committee.pk)
    meeting = next_meeting(committee)
    waiting = {item.pk: item for item in untreated(committee).select_related("meeting")}
    _take_back(committee, meeting, waiting)
    if meeting is None or not waiting:
        return []
    carried = set(
        AgendaItem.objects.filter(carried_from__in=waiting)
        .exclude(meeting__state=Meeting.State.CANCELLED)
        .values_list("carried_from_id", flat=True)
    )
    declined = dict(
        DeclinedProposal.objects.filter(committee=committee).values_list("key", "fingerprint")
    )
    coming = [
        item
        for item in waiting.values()
        if item.pk not in carried and declined.get(carry_key(item)) != carry_fingerprint(item)
    ]
    return _bring(coming, meeting, actor)


def _bring(items: Iterable[AgendaItem], meeting: Meeting, actor: User | None) -> list[AgendaItem]:
    first = max([item.position for item in meeting.agenda.all()], default=-1) + 1
    brought = [
        copy_item(item, meeting, position=position, reason=_reason(item))
        for position, item in enumerate(items, start=first)
    ]
    if brought:
        words = plural(len(brought), "point non traité", "points non traités")
        record(
            meeting.agreement,
            actor=actor,
            verb="carry",
            target=meeting,
            sentence=f"a ramené {words} à l'ordre du jour ({meeting})",
        )
    return brought


def _take_back(
    committee: Committee, meeting: Meeting | None, waiting: dict[int, AgendaItem]
) -> None:
    copies = AgendaItem.objects.filter(
        meeting__committee=committee,
        meeting__state=Meeting.State.PLANNED,
        carried_from__meeting__committee=committee,
    ).select_related("carried_from")
    for copy in copies:
        is_wanted = copy.carried_from_id in waiting and meeting and copy.meeting_id == meeting.pk
        if not is_wanted and _is_intact(copy):
            remove_hung_on(copy)
            copy.delete()
