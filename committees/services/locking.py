"""A meeting whose record is validated says what it said: what the record holds moves no more,
addenda correct it (docs/decisions/record-lock.md)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from agreements.models import Agreement
from committees.models import Meeting, MeetingRecord
from core.errors import DomainError
from core.formats import date_long

VALIDATED = (
    "Le relevé de décisions de cette réunion est validé : {what} ne change plus. "
    "Pour corriger, ajoutez un rectificatif daté au relevé."
)
MEETING_FIELDS = frozenset(
    {"committee", "on", "starts_at", "duration_minutes", "place", "chair", "opened_at", "closed_at"}
)
"""Of a meeting, what its record tells. The texts of the pack live on."""


def lock_decisions(agreement: Agreement) -> None:
    """One after the other: numbers, effects and the validation of records. Inside a transaction.

    ``no_key``: other rooms go on adding rows to the agreement meanwhile.
    """
    Agreement.objects.select_for_update(no_key=True).get(pk=agreement.pk)


def is_locked(meeting: Meeting | None) -> bool:
    return (
        meeting is not None
        and MeetingRecord.objects.filter(
            meeting=meeting, state=MeetingRecord.State.VALIDATED
        ).exists()
    )


def refuse_if_locked(meeting: Meeting | None) -> None:
    """For a decision, after ``lock_decisions``. One taken elsewhere has no meeting: nothing locks
    it."""
    if meeting is not None and is_locked(meeting):
        raise DomainError(
            f"Le relevé du {date_long(meeting.on)} est validé : ajoutez un rectificatif."
        )


@transaction.atomic
def refuse_if_validated(meeting: Meeting, what: str) -> None:
    """For all the rest. Called in the transaction of the write: the meeting is locked, so that no
    validation slips in between."""
    Meeting.objects.select_for_update(of=("self",)).filter(pk=meeting.pk).first()
    if is_locked(meeting):
        raise DomainError(VALIDATED.format(what=what))


def refuse_locked_meeting_fields(stored: Meeting, fields: Mapping[str, Any]) -> None:
    if any(getattr(stored, name) != fields[name] for name in MEETING_FIELDS & set(fields)):
        refuse_if_validated(stored, "ce qui y est écrit de la réunion")
