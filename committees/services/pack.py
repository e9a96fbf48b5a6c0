"""What the pack of a meeting will hold, and for whom: chosen once, remembered on the meeting."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from accounts.models import User
from agreements.models import Snapshot
from agreements.services import update_row
from committees.models import Meeting, Step
from committees.services.preparation import tick_step
from core.audience import Audience
from core.errors import DomainError


@transaction.atomic
def choose_pack(
    meeting: Meeting, *, actor: User | None, sections: Sequence[str], audience: str
) -> Meeting:
    """``sections`` are the keys of the room that writes the document, which knows them."""
    if not sections:
        raise DomainError("Cochez au moins une partie du dossier.", field="sections")
    fields = {"pack_sections": list(sections), "pack_audience": Audience(audience).value}
    if all(getattr(meeting, name) == value for name, value in fields.items()):
        return meeting
    return update_row(
        meeting,
        actor=actor,
        fields=fields,
        sentence=f"a choisi les parties du dossier de séance : {meeting}",
    )


def note_pack_read(snapshot: Snapshot, *, actor: User | None, on: date) -> None:
    """The direction's word closes the reading of the pack: nothing leaves before it."""
    meeting = Meeting.objects.filter(
        agreement=snapshot.agreement_id, pk=snapshot.subject_id or 0
    ).first()
    if meeting is not None:
        tick_step(meeting, Step.READING, actor=actor, on=on)
