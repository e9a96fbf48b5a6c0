"""The agenda of a meeting and its points of arbitration."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max

from accounts.models import User
from actionplan.models import Action
from agreements.services import check, create_row, delete_row, record, update_row
from committees.models import (
    AgendaItem,
    ArbitrationOption,
    ArbitrationPoint,
    Decision,
    Meeting,
)
from core.errors import DomainError

DECLINED = "decline"
"""The verb of the journal under which the answers made to the Caf's proposals are kept."""


def add_agenda_item(
    meeting: Meeting, *, actor: User | None, actions: Iterable[Action] = (), **fields: Any
) -> AgendaItem:
    if "position" not in fields:
        last = meeting.agenda.aggregate(last=Max("position"))["last"]
        fields["position"] = 0 if last is None else last + 1
    return create_row(
        AgendaItem,
        meeting.agreement,
        actor=actor,
        fields={"meeting": meeting, **fields},
        links={"actions": actions},
        sentence=f"a mis à l'ordre du jour ({meeting}) : {fields.get('title', '')}",
    )


def propose_agenda_item(meeting: Meeting, *, actor: User | None, **fields: Any) -> AgendaItem:
    """The Caf proposes; whoever steers keeps it or not."""
    if meeting.state != Meeting.State.PLANNED:
        raise DomainError("Cette réunion n'est plus à préparer.")
    return add_agenda_item(meeting, actor=actor, proposed_by_caf=True, is_confirmed=False, **fields)


def update_agenda_item(
    item: AgendaItem, *, actor: User | None, actions: Iterable[Action] | None = None, **fields: Any
) -> AgendaItem:
    return update_row(
        item, actor=actor, fields=fields, links=None if actions is None else {"actions": actions}
    )


def accept_agenda_item(item: AgendaItem, *, actor: User | None) -> AgendaItem:
    return update_row(
        item,
        actor=actor,
        fields={"is_confirmed": True},
        verb="accept",
        sentence=f"a retenu le point proposé par la Caf ({item.meeting}) : {item.title}",
    )


@transaction.atomic
def decline_agenda_item(item: AgendaItem, *, actor: User | None, reason: str) -> None:
    """The point leaves the agenda; the meeting's page keeps what was answered to the Caf.

    Raises ``DomainError`` for a point already kept: it is removed like any other.
    """
    if item.is_confirmed:
        raise DomainError("Ce point est déjà retenu : retirez-le de l'ordre du jour.")
    record(
        item.agreement,
        actor=actor,
        verb=DECLINED,
        target=item.meeting,
        sentence=f"n'a pas retenu le point proposé par la Caf : {item.title}",
        reason=reason,
    )
    item.delete()


def remove_agenda_item(item: AgendaItem, *, actor: User | None) -> None:
    if item.decisions.exists():
        raise DomainError("Une décision a été prise sur ce point : il reste à l'ordre du jour.")
    delete_row(item, actor=actor)


@transaction.atomic
def move_agenda_item(item: AgendaItem, *, actor: User | None, up: bool) -> None:
    """One place up or down; positions are dealt again from the order."""
    items = list(item.meeting.agenda.all())
    index = next(rank for rank, row in enumerate(items) if row.pk == item.pk)
    other = index - 1 if up else index + 1
    if not 0 <= other < len(items):
        return
    items[index], items[other] = items[other], items[index]
    for position, row in enumerate(items):
        if row.position != position:
            AgendaItem.objects.filter(pk=row.pk).update(position=position)


@transaction.atomic
def set_arbitration(
    item: AgendaItem,
    *,
    actor: User | None,
    question: str,
    context: str,
    options: Iterable[Mapping[str, Any]],
    technical_opinion: str = "",
    action: Action | None = None,
    expected_version: int | None = None,
) -> ArbitrationPoint:
    """A question with two or three options, side by side. Writing again replaces them, until a
    decision has chosen one: what the COPIL had before it does not change afterwards."""
    given = list(options)
    if Decision.objects.filter(chosen_option__point__item=item).exists():
        raise DomainError("Une option a été choisie : la question et les options ne changent plus.")
    if not 2 <= len(given) <= 3:
        raise DomainError("Un point d'arbitrage propose deux ou trois options.", field="options")
    fields = {
        "question": question,
        "context": context,
        "technical_opinion": technical_opinion,
        "action": action,
    }
    point = ArbitrationPoint.objects.select_for_update().filter(item=item).first()
    if point is None:
        point = create_row(
            ArbitrationPoint, item.agreement, actor=actor, fields={"item": item, **fields}
        )
    else:
        update_row(point, actor=actor, fields=fields, expected_version=expected_version)
    if _write_options(point, given):
        point.save_new_version(expected=None)
    if item.kind != AgendaItem.Kind.ARBITRATION:
        update_row(item, actor=actor, fields={"kind": AgendaItem.Kind.ARBITRATION})
    return point


def _write_options(point: ArbitrationPoint, given: list[Mapping[str, Any]]) -> bool:
    """Returns whether an option changed: they carry no version, their question does it for them."""
    known = list(point.options.all())
    changed = len(given) != len(known)
    for position, option in enumerate(given):
        if position < len(known):
            row = known[position]
        else:
            row = ArbitrationOption(agreement=point.agreement, point=point)
        changed = changed or any(getattr(row, name) != value for name, value in option.items())
        for name, value in option.items():
            setattr(row, name, value)
        row.position = position
        check(row)
        row.save()
    for extra in known[len(given) :]:
        extra.delete()
    return changed


@transaction.atomic
def remove_arbitration(point: ArbitrationPoint, *, actor: User | None) -> None:
    if Decision.objects.filter(chosen_option__point=point).exists():
        raise DomainError("Une option a été choisie : ce point d'arbitrage reste.")
    delete_row(point, actor=actor)
