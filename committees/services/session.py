"""What is written while the meeting goes on: hours, presences, notes, outcomes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from typing import Any

from django.db import transaction

from accounts.models import User
from agreements.services import create_row, update_row
from committees.models import AgendaItem, Attendance, Decision, Meeting, SessionNote
from committees.services.carry import carry_over
from committees.services.decisions import take_decision
from committees.services.locking import refuse_if_validated
from committees.services.meetings import PRESENCES, add_attendance, hold_meeting, record_attendance
from core.errors import DomainError
from partners.models import Contact, Organisation
from partners.services import create_contact

S, A = Attendance.Status, Attendance.Answer
ANNOUNCED: dict[str, str] = {
    A.COMING: S.PRESENT,
    A.EXCUSED: S.EXCUSED,
    A.REPRESENTED: S.REPRESENTED,
}
"""What was answered to the invitation → the presence that the session proposes."""


def refuse_cancelled(meeting: Meeting) -> None:
    if meeting.state == Meeting.State.CANCELLED:
        raise DomainError("Cette réunion est annulée : il n'y a pas de séance.")


# --- Hours ----------------------------------------------------------------------------------------
@transaction.atomic
def set_hours(
    meeting: Meeting, *, actor: User | None, opened_at: time | None, closed_at: time | None
) -> Meeting:
    """When the chair opened the session and when it rose. Raises ``DomainError`` for an end before
    the beginning."""
    refuse_cancelled(meeting)
    refuse_if_validated(meeting, "l'heure de la séance")
    if closed_at is not None and opened_at is None:
        raise DomainError("Donnez aussi l'heure d'ouverture.", field="opened_at")
    if opened_at and closed_at and closed_at <= opened_at:
        raise DomainError("La séance se lève après s'être ouverte.", field="closed_at")
    return update_row(
        meeting,
        actor=actor,
        fields={"opened_at": opened_at, "closed_at": closed_at},
        sentence=f"a noté les heures de la séance : {meeting}",
    )


@transaction.atomic
def close_session(meeting: Meeting, *, actor: User | None, at: time) -> Meeting:
    """« Clore la réunion »: it is held, what was not treated goes to the next one. An hour
    noted before stays; a session that nobody opened is taken to have begun as planned, unless it
    ends before (a meeting written up the next morning says nothing of its end)."""
    opened = meeting.opened_at or meeting.starts_at
    closed = meeting.closed_at or (at if at > opened else None)
    set_hours(meeting, actor=actor, opened_at=opened, closed_at=closed)
    return hold_meeting(meeting, actor=actor)


# --- Presences --------------------------------------------------------------------------------------
@transaction.atomic
def note_announced(meeting: Meeting, *, actor: User | None) -> int:
    """Take over what people answered to the invitation, for those whose presence is not noted.
    Returns how many."""
    refuse_cancelled(meeting)
    rows = meeting.attendances.filter(status=S.INVITED).exclude(answer="")
    for row in rows:
        record_attendance(
            row,
            actor=actor,
            status=ANNOUNCED[row.answer],
            represented_by=row.answer_represented_by if row.answer == A.REPRESENTED else "",
        )
    return len(rows)


@transaction.atomic
def note_absent(meeting: Meeting, *, actor: User | None) -> int:
    """Those of whom nothing was noted were not there. Returns how many."""
    refuse_cancelled(meeting)
    rows = list(meeting.attendances.filter(status=S.INVITED))
    for row in rows:
        record_attendance(row, actor=actor, status=S.ABSENT)
    return len(rows)


@transaction.atomic
def welcome(
    meeting: Meeting,
    *,
    actor: User | None,
    organisation: Organisation,
    contact: Contact | None = None,
    first_name: str = "",
    last_name: str = "",
) -> Attendance:
    """Somebody unexpected walks in: known already, or to be known by name and organisation."""
    refuse_cancelled(meeting)
    refuse_if_validated(meeting, PRESENCES)
    if contact is None and not last_name.strip():
        raise DomainError("Choisissez une personne connue, ou écrivez son nom.", field="last_name")
    if contact is not None and last_name.strip():
        raise DomainError(
            "Choisissez une personne connue ou écrivez un nom, pas les deux.", field="last_name"
        )
    if contact is None:
        contact = create_contact(
            meeting.agreement,
            actor=actor,
            first_name=first_name.strip(),
            last_name=last_name.strip(),
        )
    known = meeting.attendances.filter(contact=contact).first()
    if known is not None:
        return record_attendance(known, actor=actor, status=S.PRESENT)
    return add_attendance(
        meeting, actor=actor, contact=contact, organisation=organisation, status=S.PRESENT
    )


# --- Notes ------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class TypedNote:
    """What somebody typed under a point, over the version that they had read (0: none yet)."""

    text: str
    version: int


@dataclass
class SavedNotes:
    """What became of each point's notes: ``stale`` holds what stands where somebody else wrote."""

    saved: dict[int, SessionNote] = field(default_factory=dict)
    stale: dict[int, SessionNote] = field(default_factory=dict)


def _clean(text: str) -> str:
    """Browsers send CRLF; the same words are the same note."""
    return text.replace("\r\n", "\n").rstrip()


@transaction.atomic
def save_notes(
    meeting: Meeting, *, actor: User | None, typed: Mapping[int, TypedNote]
) -> SavedNotes:
    """Keep the notes of several points at once. A note that somebody else changed meanwhile is left
    as it stands, and given back in ``stale``: whoever typed chooses. Saving what is already there
    is no conflict. The notes' own history keeps each version; the journal tells none."""
    refuse_cancelled(meeting)
    refuse_if_validated(meeting, "ses notes de séance")
    items = {item.pk: item for item in meeting.agenda.filter(pk__in=typed, is_confirmed=True)}
    known = {
        note.item_id: note
        for note in SessionNote.objects.select_for_update().filter(item__in=items)
    }
    result = SavedNotes()
    for pk, given in typed.items():
        if pk not in items:
            raise DomainError("Ce point n'est plus à l'ordre du jour : copiez vos notes ailleurs.")
        _save_note(items[pk], known.get(pk), given, actor, result)
    return result


def _save_note(
    item: AgendaItem,
    note: SessionNote | None,
    given: TypedNote,
    actor: User | None,
    result: SavedNotes,
) -> None:
    text = _clean(given.text)
    if note is None:
        if text:
            fields = {"item": item, "text": text}
            result.saved[item.pk] = create_row(
                SessionNote, item.agreement, actor=actor, fields=fields, sentence=""
            )
    elif note.text == text:
        result.saved[item.pk] = note
    elif note.version != given.version:
        result.stale[item.pk] = note
    else:
        result.saved[item.pk] = update_row(note, actor=actor, fields={"text": text}, sentence="")


# --- Outcomes and decisions -------------------------------------------------------------------------
@transaction.atomic
def set_outcome(item: AgendaItem, *, actor: User | None, outcome: str) -> AgendaItem:
    """What the meeting made of one point, during the meeting or after it. Empty: not treated."""
    refuse_cancelled(item.meeting)
    refuse_if_validated(item.meeting, "ce que chaque point est devenu")
    if outcome and outcome not in AgendaItem.Outcome.values:
        raise DomainError("Cette issue n'existe pas.")
    if outcome != AgendaItem.Outcome.DECISION and item.decisions.exists():
        raise DomainError("Une décision est notée sur ce point : son issue est « décision ».")
    if item.outcome == outcome:
        return item
    words = str(AgendaItem.Outcome(outcome).label) if outcome else "non traité"
    update_row(
        item,
        actor=actor,
        fields={"outcome": outcome},
        sentence=f"a noté l'issue du point « {item.title} » : {words}",
    )
    carry_over(item.meeting.committee, actor=actor)
    return item


@transaction.atomic
def decide(item: AgendaItem, *, actor: User | None, **fields: Any) -> Decision:
    """A decision noted under its point, on the day of the meeting: the point's outcome says so."""
    meeting = item.meeting
    refuse_cancelled(meeting)
    decision = take_decision(
        item.agreement,
        actor=actor,
        meeting=meeting,
        item=item,
        **{"decided_on": meeting.on, **fields},
    )
    set_outcome(item, actor=actor, outcome=AgendaItem.Outcome.DECISION)
    return decision
