"""What a validated record locks: it is the committee's memory, corrected by addenda only."""

from __future__ import annotations

from agreements.models import Agreement
from committees.models import Meeting, MeetingRecord
from core.errors import DomainError
from core.formats import date_long


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
    """Raises ``DomainError`` when the record of ``meeting`` is validated. A decision taken
    elsewhere has no meeting: nothing locks it. Call after ``lock_decisions``."""
    if meeting is not None and is_locked(meeting):
        raise DomainError(
            f"Le relevé du {date_long(meeting.on)} est validé : ajoutez un rectificatif."
        )
