"""The relevé de décisions: submitted, validated by the chair, then locked; corrected by addenda.

Validation is one transaction: the content is frozen, what it holds is locked, what the decisions
prepared is applied to the plan (docs/decisions/record-lock.md).
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.models import User
from agreements.access import Access
from agreements.models import AccessLink, Attachment
from agreements.roles import Capability as C
from agreements.services import create_row, freeze, note_approval, record, update_row
from agreements.services.attachments import add_attachment
from agreements.services.journal import actor_label
from committees import records
from committees.models import Meeting, MeetingRecord, RecordAddendum, RecordLink
from committees.record_document import (
    KIND,
    Validation,
    draft_content,
    fingerprint,
    record_content,
)
from committees.services.effects import apply_effects
from committees.services.locking import lock_decisions
from core import mail
from core.audience import Audience
from core.errors import DomainError
from core.formats import date_long
from core.models import OutgoingMail
from partners.models import Contact

Means = MeetingRecord.Means
State = MeetingRecord.State
ALREADY = "Ce relevé est déjà validé."
MOVED = "Le relevé a changé depuis que vous l'avez ouvert : relisez-le ci-dessous, puis validez."
NO_CHAIR = (
    "Cette réunion n'a pas de présidence : indiquez-la dans « Modifier » la réunion, ou donnez une "
    "présidence à l'instance."
)
NOT_HELD = "Notez d'abord que la réunion s'est tenue."


def only_the_chair(meeting: Meeting) -> str:
    return f"Seule la présidence de la réunion ({records.chair_words(meeting)}) valide le relevé."


# --- The draft ------------------------------------------------------------------------------------
@transaction.atomic
def submit_record(meeting: Meeting, *, actor: User | None, introduction: str = "") -> MeetingRecord:
    """Hand the draft to the chair: from now on they read it and may validate it. It still follows
    what is corrected in the session."""
    _require_held(meeting)
    if not records.chairs_of(meeting):
        raise DomainError(NO_CHAIR)
    return create_row(
        MeetingRecord,
        meeting.agreement,
        actor=actor,
        fields={"meeting": meeting, "introduction": introduction},
        sentence=f"a soumis le relevé de décisions à la présidence : {meeting}",
        verb="submit",
    )


def _require_held(meeting: Meeting) -> None:
    if meeting.state != Meeting.State.HELD:
        raise DomainError(NOT_HELD)


@transaction.atomic
def write_introduction(
    row: MeetingRecord,
    *,
    actor: User | None,
    introduction: str,
    expected_version: int | None = None,
) -> MeetingRecord:
    _locked(row)
    return update_row(
        row,
        actor=actor,
        fields={"introduction": introduction},
        expected_version=expected_version,
        sentence=f"a écrit la phrase d'introduction du relevé : {row.meeting}",
    )


def _locked(row: MeetingRecord) -> MeetingRecord:
    """The agreement (which holds its decisions one after the other), the meeting, then its record,
    locked in this order; a validated record is refused. Every write of what the record holds locks
    the meeting first: nothing slips in while it is being validated."""
    lock_decisions(row.agreement)
    Meeting.objects.select_for_update(of=("self",)).get(pk=row.meeting_id)
    stored = (
        MeetingRecord.objects.select_for_update(of=("self",))
        .select_related("agreement__lead_commune", "meeting__committee", "meeting__chair")
        .get(pk=row.pk)
    )
    if stored.is_locked:
        raise DomainError(ALREADY)
    return stored


# --- Validation -----------------------------------------------------------------------------------
@transaction.atomic
def validate_record(row: MeetingRecord, *, access: Access, seen: str, on: date) -> MeetingRecord:
    """By the chair's own account. ``seen``: the fingerprint of what they read.

    Raises ``PermissionDenied`` for anybody else, with the name of who may.
    """
    chair = records.chair_of(row.meeting, access.user)
    if chair is None or not access.can(C.RECORD_VALIDATE):
        raise PermissionDenied(only_the_chair(row.meeting))
    stored = _locked(row)
    _require_seen(stored, seen)
    return _validate(stored, actor=access.user, chair=chair, means=Means.ACCOUNT, on=on)


@transaction.atomic
def validate_through(row: MeetingRecord, *, contact: Contact, seen: str, on: date) -> MeetingRecord:
    """By the chair's personal link, whose door the caller has checked and locked."""
    stored = _locked(row)
    if contact not in records.chairs_of(stored.meeting):
        raise DomainError(only_the_chair(stored.meeting))
    _require_seen(stored, seen)
    return _validate(stored, actor=None, chair=contact, means=Means.LINK, on=on)


@transaction.atomic
def validate_on_paper(
    row: MeetingRecord, *, actor: User | None, chair: Contact, file: Any, on: date
) -> MeetingRecord:
    """Whoever steers notes a validation that was signed on paper: the signed scan is the proof, and
    comes with it."""
    stored = _locked(row)
    if chair not in records.chairs_of(stored.meeting):
        raise DomainError(only_the_chair(stored.meeting), field="chair")
    if not file:
        raise DomainError(
            "Joignez le relevé signé numérisé : c'est lui qui prouve la validation.", field="file"
        )
    if on < stored.meeting.on:
        raise DomainError("La signature suit la réunion.", field="on")
    if on > timezone.localdate():
        raise DomainError("Cette date n'est pas encore venue.", field="on")
    attach_signed_copy(stored, actor=actor, file=file, dated_on=on)
    return _validate(stored, actor=actor, chair=chair, means=Means.PAPER, on=on)


def _require_seen(row: MeetingRecord, seen: str) -> None:
    if seen != fingerprint(draft_content(row.meeting, row, on=None)):
        raise DomainError(MOVED)


def _validate(
    row: MeetingRecord, *, actor: User | None, chair: Contact, means: str, on: date
) -> MeetingRecord:
    """Freeze, lock, tell, apply: all or nothing."""
    meeting = row.meeting
    _require_held(meeting)
    validation = Validation(on, str(chair), str(Means(means).label))
    content = record_content(
        meeting, on=on, introduction=row.introduction, chair=records.chair_words(meeting),
        validation=validation,
    )  # fmt: skip
    snapshot = freeze(
        row.agreement,
        actor=actor,
        kind=KIND,
        title=f"{content.title}, {content.subtitle}",
        content=content,
        audience=content.audience,
        year=meeting.on.year,
        subject_id=meeting.pk,
    )
    note_approval(snapshot, actor=actor, label=str(chair), on=on, note=validation.means)
    update_row(
        row,
        actor=actor,
        fields={
            "state": State.VALIDATED,
            "validated_on": on,
            "validated_by": chair,
            "validated_by_label": str(chair),
            "validation_means": means,
            "snapshot": snapshot,
        },
        verb="validate",
        sentence=f"a validé le relevé de décisions, {validation.means} : {meeting}"
        if actor and means == Means.ACCOUNT
        else f"a noté la validation du relevé par {chair}, {validation.means} : {meeting}",
    )
    close_links(row)
    # A signature may be noted days later: what was voted meanwhile is voted.
    apply_effects(meeting, actor=actor, on=max(on, timezone.localdate()))
    return row


def close_links(row: MeetingRecord) -> None:
    """Every door to the draft dies; no message that carries one is left waiting."""
    AccessLink.objects.filter(
        pk__in=RecordLink.objects.filter(record=row).values("link_id"), revoked_at=None
    ).update(revoked_at=timezone.now())
    waiting = OutgoingMail.objects.filter(unique_key__startswith=mail_prefix(row))
    mail.cancel(
        waiting.values_list("unique_key", flat=True),
        reason="Ce message ne sert plus : le relevé est validé, ou le lien retiré.",
    )


def mail_prefix(row: MeetingRecord) -> str:
    return f"{row.agreement.realm}:record:{row.pk}:"


# --- What is added to a validated record --------------------------------------------------------------
@transaction.atomic
def add_addendum(row: MeetingRecord, *, actor: User | None, on: date, text: str) -> RecordAddendum:
    """A dated correction, numbered and never rewritten, printed at the end of later copies."""
    stored = MeetingRecord.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if not stored.is_locked or stored.validated_on is None:
        raise DomainError(
            "Ce relevé n'est pas validé : corrigez-le directement, sans rectificatif."
        )
    if on < stored.validated_on:
        raise DomainError("Un rectificatif suit la validation.", field="on")
    if on > timezone.localdate():
        raise DomainError("Cette date n'est pas encore venue.", field="on")
    top = stored.addenda.aggregate(top=Max("number"))["top"] or 0
    return create_row(
        RecordAddendum,
        stored.agreement,
        actor=actor,
        fields={
            "record": stored,
            "number": top + 1,
            "on": on,
            "text": text.strip(),
            "added_by": actor,
            "added_by_label": actor_label(actor),
        },
        sentence=f"a ajouté le rectificatif n° {top + 1} au relevé : {row.meeting}",
        verb="addendum",
    )


def attach_signed_copy(
    row: MeetingRecord, *, actor: User | None, file: Any, dated_on: date | None
) -> Attachment:
    """The signed paper, scanned. The members of the committee may read it."""
    return add_attachment(
        row,
        actor=actor,
        file=file,
        title=f"Relevé signé du {date_long(row.meeting.on)}",
        kind=Attachment.Kind.SIGNED,
        dated_on=dated_on,
        audience=Audience.COMMITTEE,
    )


def tell_link(row: MeetingRecord, *, actor: User | None, sentence: str) -> None:
    record(row.agreement, actor=actor, verb="link", target=row, sentence=sentence)
