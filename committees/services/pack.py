"""What the pack of a meeting will hold, and for whom: chosen once, remembered on the meeting."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from accounts.models import User
from agreements.services import update_row
from committees.models import Meeting
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
