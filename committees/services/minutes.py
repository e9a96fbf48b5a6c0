"""The full minutes: optional, internal until a later meeting of the committee approves them."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from agreements.services import freeze, note_approval, update_row
from committees.minutes_document import KIND, minutes_content
from committees.models import Meeting, MeetingRecord
from committees.services.meetings import update_meeting
from core.audience import Audience
from core.errors import DomainError


def write_minutes(
    meeting: Meeting, *, actor: User | None, minutes: str, expected_version: int | None = None
) -> Meeting:
    return update_meeting(meeting, actor=actor, expected_version=expected_version, minutes=minutes)


@transaction.atomic
def approve_minutes(
    meeting: Meeting, *, actor: User | None, approved_in: Meeting, remarks: str = ""
) -> MeetingRecord:
    """A later meeting of the same committee approved them, with or without remarks: they are
    frozen, and the members of the committee read them. Raises ``DomainError`` when there is nothing
    to approve, when it is done, or when the other meeting could not have."""
    stored = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    if not stored.minutes.strip():
        raise DomainError("Le compte rendu n'est pas écrit : il n'y a rien à approuver.")
    if approved_in.committee_id != stored.committee_id or approved_in.on <= stored.on:
        raise DomainError(
            "Un compte rendu s'approuve à une réunion suivante de la même instance.",
            field="approved_in",
        )
    if approved_in.state == Meeting.State.CANCELLED or approved_in.on > timezone.localdate():
        raise DomainError("Cette réunion ne s'est pas encore tenue.", field="approved_in")
    row = MeetingRecord.objects.select_for_update().filter(meeting=stored).first()
    if row is None or not row.is_locked:
        raise DomainError("Faites d'abord valider le relevé de décisions de cette réunion.")
    if row.minutes_approved_in_id is not None:
        raise DomainError("Ce compte rendu est déjà approuvé.")
    update_row(
        row,
        actor=actor,
        fields={"minutes_approved_in": approved_in, "minutes_remarks": remarks},
        sentence=f"a noté l'approbation du compte rendu, {approved_in} : {stored}",
    )
    content = minutes_content(
        stored, on=timezone.localdate(), approved_in=approved_in, remarks=remarks
    )
    snapshot = freeze(
        stored.agreement,
        actor=actor,
        kind=KIND,
        title=f"{content.title}, {content.subtitle}",
        content=content,
        audience=Audience.COMMITTEE,
        year=stored.on.year,
        subject_id=stored.pk,
    )
    note_approval(snapshot, actor=actor, label=str(approved_in.committee), on=approved_in.on)
    return row
