"""Writes of the rétroplanning: its delays, its lines, their ticks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import transaction

from accounts.models import User
from agreements.models import Agreement
from agreements.services import create_row, delete_row, record, update_row
from committees.models import Meeting, PreparationLine, PreparationStep, Step
from committees.retroplanning import USUAL_DELAYS, delays, due_date, moved
from core.errors import DomainError
from core.formats import date_long

FURTHEST = 365


@transaction.atomic
def set_delays(
    agreement: Agreement, *, actor: User | None, given: Mapping[str, tuple[int, bool]]
) -> None:
    """``given``: step → (days from the meeting, used). Meetings already prepared keep their dates."""
    known = {row.key: row for row in PreparationStep.objects.filter(agreement=agreement)}
    changed = False
    for key, (days, is_active) in given.items():
        _check_days(key, days)
        fields = {"days": days, "is_active": is_active}
        if key in known:
            row = known[key]
            changed = changed or (row.days, row.is_active) != (days, is_active)
            update_row(row, actor=actor, fields=fields, sentence="")
        elif (days, is_active) != (USUAL_DELAYS[key], True):
            changed = True
            create_row(
                PreparationStep, agreement, actor=actor, fields={"key": key, **fields}, sentence=""
            )
    if changed:
        record(
            agreement, actor=actor, verb="update", sentence="a changé les délais du rétroplanning"
        )


def _check_days(key: str, days: int) -> None:
    if key not in USUAL_DELAYS:
        raise DomainError("Cette étape n'existe pas.")
    if abs(days) > FURTHEST:
        raise DomainError("Un délai va d'un an avant à un an après la réunion.", field=key)
    usual = USUAL_DELAYS[key]
    if key == Step.MEETING and days != 0:
        raise DomainError("La réunion se tient à son jour : son délai reste zéro.", field=key)
    if usual < 0 < days:
        raise DomainError(
            "Cette étape prépare la réunion : donnez un nombre négatif, par exemple -30.", field=key
        )
    if days < 0 < usual:
        raise DomainError(
            "Cette étape suit la réunion : donnez un nombre positif, par exemple 10.", field=key
        )


@transaction.atomic
def prepare_meeting(meeting: Meeting, *, actor: User | None) -> list[PreparationLine]:
    """Add the steps that the meeting does not have yet, dated from its day."""
    if meeting.state == Meeting.State.CANCELLED:
        raise DomainError("Cette réunion est annulée.")
    known = set(meeting.preparation.values_list("key", flat=True))
    return [
        create_row(
            PreparationLine,
            meeting.agreement,
            actor=actor,
            fields={
                "meeting": meeting,
                "key": delay.key,
                "label": delay.label,
                "due_on": due_date(meeting.on, delay.days),
            },
            sentence="",
        )
        for delay in delays(meeting.agreement)
        if delay.is_active and delay.key not in known
    ]


@transaction.atomic
def follow_meeting(meeting: Meeting, *, actor: User | None, before: date) -> None:
    """The meeting moved from ``before``: what is not done follows; what is done stays as it was."""
    if meeting.on == before:
        return
    usual = {delay.key: delay.days for delay in delays(meeting.agreement)}
    for line in meeting.preparation.filter(done_on__isnull=True):
        if line.is_adjusted or line.key not in usual:
            due_on = moved(line.due_on, before=before, after=meeting.on)
        else:
            due_on = due_date(meeting.on, usual[line.key])
        update_row(line, actor=actor, fields={"due_on": due_on}, sentence="")


def tick_line(line: PreparationLine, *, actor: User | None, on: date) -> PreparationLine:
    """Ticking twice keeps the first day."""
    if line.done_on is not None:
        return line
    return update_row(
        line,
        actor=actor,
        fields={"done_on": on},
        verb="tick",
        sentence=f"a coché « {line.label} » ({line.meeting})",
    )


def untick_line(line: PreparationLine, *, actor: User | None) -> PreparationLine:
    return update_row(
        line,
        actor=actor,
        fields={"done_on": None},
        verb="tick",
        sentence=f"a décoché « {line.label} » ({line.meeting})",
    )


def tick_step(meeting: Meeting, key: str, *, actor: User | None, on: date) -> None:
    """A step that an act of the room accomplishes by itself."""
    line = meeting.preparation.filter(key=key, done_on__isnull=True).first()
    if line is not None:
        update_row(line, actor=actor, fields={"done_on": on}, sentence="")


def add_line(meeting: Meeting, *, actor: User | None, label: str, due_on: date) -> PreparationLine:
    """A step of this meeting only: book the room, order the buffet."""
    return create_row(
        PreparationLine,
        meeting.agreement,
        actor=actor,
        fields={
            "meeting": meeting, "key": Step.OTHER, "label": label, "due_on": due_on,
            "is_adjusted": True,
        },
        sentence=f"a ajouté au rétroplanning ({meeting}) : {label}, le {date_long(due_on)}",
    )  # fmt: skip


def update_line(
    line: PreparationLine, *, actor: User | None, label: str, due_on: date
) -> PreparationLine:
    """A date typed is kept as it is, week-end or not: somebody chose it."""
    fields: dict[str, object] = {"label": label, "due_on": due_on}
    if due_on != PreparationLine.objects.values_list("due_on", flat=True).get(pk=line.pk):
        fields["is_adjusted"] = True
    return update_row(
        line,
        actor=actor,
        fields=fields,
        sentence=f"a changé le rétroplanning ({line.meeting}) : {label}, le {date_long(due_on)}",
    )


def remove_line(line: PreparationLine, *, actor: User | None) -> None:
    delete_row(line, actor=actor)
