"""The agenda of a meeting: its points, in order; what the Caf proposes; what became of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max

from accounts.models import User
from actionplan.models import Action
from agreements.services import create_row, delete_row, record, update_row
from agreements.services.attachments import remove_hung_on
from committees.agenda_models import AgendaModel
from committees.models import AgendaItem, DeclinedProposal, Meeting, SessionNote
from committees.services.carry import carry_fingerprint, carry_key, carry_over
from committees.services.locking import refuse_if_validated
from core.errors import DomainError

AGENDA = "son ordre du jour"
DECLINED = "decline"
"""The verb of the journal under which the answers made to the Caf's proposals are kept."""


def check_preparable(meeting: Meeting) -> None:
    if meeting.state != Meeting.State.PLANNED:
        raise DomainError("Cette réunion n'est plus à préparer.")


def next_position(meeting: Meeting) -> int:
    last = meeting.agenda.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


@transaction.atomic
def add_agenda_item(
    meeting: Meeting, *, actor: User | None, actions: Iterable[Action] = (), **fields: Any
) -> AgendaItem:
    refuse_if_validated(meeting, AGENDA)
    if "position" not in fields:
        fields["position"] = next_position(meeting)
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
    check_preparable(meeting)
    return add_agenda_item(meeting, actor=actor, proposed_by_caf=True, is_confirmed=False, **fields)


@transaction.atomic
def update_agenda_item(
    item: AgendaItem, *, actor: User | None, actions: Iterable[Action] | None = None, **fields: Any
) -> AgendaItem:
    refuse_if_validated(item.meeting, AGENDA)
    return update_row(
        item, actor=actor, fields=fields, links=None if actions is None else {"actions": actions}
    )


@transaction.atomic
def accept_agenda_item(item: AgendaItem, *, actor: User | None) -> AgendaItem:
    refuse_if_validated(item.meeting, AGENDA)
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
    remove_hung_on(item)
    item.delete()


@transaction.atomic
def remove_agenda_item(item: AgendaItem, *, actor: User | None) -> None:
    """A point that had come back stays away, until the meeting it came from says otherwise."""
    refuse_if_validated(item.meeting, AGENDA)
    if item.decisions.exists():
        raise DomainError("Une décision a été prise sur ce point : il reste à l'ordre du jour.")
    if SessionNote.objects.filter(item=item).exclude(text="").exists():
        raise DomainError("Des notes ont été prises sur ce point : il reste à l'ordre du jour.")
    source, committee = item.carried_from, item.meeting.committee
    remove_hung_on(item)
    delete_row(item, actor=actor)
    if source is not None and source.meeting.committee_id == committee.pk:
        DeclinedProposal.objects.update_or_create(
            agreement=committee.agreement,
            committee=committee,
            key=carry_key(source),
            defaults={"fingerprint": carry_fingerprint(source)},
        )


@transaction.atomic
def move_agenda_item(item: AgendaItem, *, actor: User | None, up: bool) -> None:
    """One place up or down among the points kept; positions are dealt again from the order."""
    refuse_if_validated(item.meeting, AGENDA)
    items = list(item.meeting.agenda.select_for_update().filter(is_confirmed=True))
    index = next((rank for rank, row in enumerate(items) if row.pk == item.pk), None)
    if index is None:
        raise DomainError("Ce point n'est pas encore retenu : il n'a pas de place à changer.")
    other = index - 1 if up else index + 1
    if not 0 <= other < len(items):
        return
    items[index], items[other] = items[other], items[index]
    for position, row in enumerate(items):
        if row.position != position:
            AgendaItem.objects.filter(pk=row.pk).update(position=position)


@transaction.atomic
def insert_model(meeting: Meeting, model: AgendaModel, *, actor: User | None) -> list[AgendaItem]:
    """The points of a usual agenda, after those that stand; one that bears the same title is not
    written twice."""
    check_preparable(meeting)
    known = {title.casefold() for title in meeting.agenda.values_list("title", flat=True)}
    created = [
        add_agenda_item(
            meeting,
            actor=actor,
            title=point.title,
            kind=point.kind,
            minutes=point.minutes,
            presenter=point.presenter,
        )
        for point in model.points
        if point.title.casefold() not in known
    ]
    if not created:
        raise DomainError("Tous les points de ce modèle sont déjà à l'ordre du jour.")
    return created


@transaction.atomic
def set_outcomes(
    meeting: Meeting, *, actor: User | None, outcomes: Mapping[AgendaItem, str]
) -> list[AgendaItem]:
    """What the meeting made of each point. A point without an outcome was not treated: it comes
    back at the next meeting. Returns the points that changed."""
    if meeting.state != Meeting.State.HELD:
        raise DomainError("Notez d'abord que la réunion s'est tenue.")
    refuse_if_validated(meeting, "ce que chaque point est devenu")
    changed = []
    for item, outcome in outcomes.items():
        if item.meeting_id != meeting.pk:
            raise DomainError("Ce point n'est pas à l'ordre du jour de cette réunion.")
        if item.outcome != outcome:
            words = str(AgendaItem.Outcome(outcome).label) if outcome else "non traité"
            update_row(
                item,
                actor=actor,
                fields={"outcome": outcome},
                sentence=f"a noté l'issue du point « {item.title} » : {words}",
            )
            changed.append(item)
    carry_over(meeting.committee, actor=actor)
    return changed
