"""A meeting that moves after its invitation left: its calendar number rises, its doors follow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agreements.models import AccessLink
from committees import sendings as reads
from committees.models import Meeting, SendingRecipient
from core import mail
from core.dates import end_of_day
from core.models import OutgoingMail

SCHEDULE = ("on", "starts_at", "duration_minutes", "place")
"""What people note in their calendar."""
OFF = "La réunion est annulée : ce message ne part plus."


def next_sequence(meeting: Meeting) -> dict[str, int]:
    """The field to write when what calendars hold changes: nothing while nobody was told."""
    if not reads.was_told(meeting):
        return {}
    return {"calendar_sequence": meeting.calendar_sequence + 1}


def moves(stored: Meeting, fields: Mapping[str, Any]) -> bool:
    return any(name in fields and fields[name] != getattr(stored, name) for name in SCHEDULE)


def follow_doors(meeting: Meeting) -> None:
    """The links already given live until the end of the new day."""
    AccessLink.objects.filter(
        pk__in=SendingRecipient.objects.filter(sending__meeting=meeting).values("link_id"),
        purpose=AccessLink.Purpose.ANSWER_INVITATION,
        revoked_at=None,
    ).update(expires_at=end_of_day(meeting.on))


def hold_back(meeting: Meeting) -> None:
    """What still waits to leave would invite to a meeting that is off."""
    waiting = OutgoingMail.objects.filter(
        realm=meeting.agreement.realm,
        unique_key__startswith=f"sending:{meeting.pk}:",
        state__in=[OutgoingMail.State.QUEUED, OutgoingMail.State.DRAFT],
    )
    mail.cancel(list(waiting.values_list("unique_key", flat=True)), reason=OFF)
