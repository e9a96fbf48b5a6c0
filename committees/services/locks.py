"""A meeting whose record is validated says what it said: what the record holds moves no more
(docs/decisions/record-lock.md). ``locking`` does it for the decisions, here for the rest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from committees.models import Meeting
from committees.services.locking import is_locked
from core.errors import DomainError

VALIDATED = (
    "Le relevé de décisions de cette réunion est validé : {what} ne change plus. "
    "Pour corriger, ajoutez un rectificatif daté au relevé."
)
MEETING_FIELDS = frozenset(
    {"committee", "on", "starts_at", "duration_minutes", "place", "chair", "opened_at", "closed_at"}
)
"""Of a meeting, what its record tells. The texts of the pack live on."""


@transaction.atomic
def refuse_if_validated(meeting: Meeting, what: str) -> None:
    """Raises ``DomainError`` when the record of ``meeting`` is validated. Called in the transaction
    of the write: the meeting is locked, so that no validation slips in between."""
    Meeting.objects.select_for_update(of=("self",)).filter(pk=meeting.pk).first()
    if is_locked(meeting):
        raise DomainError(VALIDATED.format(what=what))


def _changed(stored: Any, fields: Mapping[str, Any], locked: frozenset[str]) -> set[str]:
    return {name for name in locked & set(fields) if getattr(stored, name) != fields[name]}


def refuse_locked_meeting_fields(stored: Meeting, fields: Mapping[str, Any]) -> None:
    if _changed(stored, fields, MEETING_FIELDS):
        refuse_if_validated(stored, "ce qui y est écrit de la réunion")
