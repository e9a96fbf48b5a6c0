"""Reads of the room. Lateness is computed from the day given, never typed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, QuerySet

from agreements.models import Agreement
from committees.models import AgendaItem, Attendance, Committee, Decision, Meeting


@dataclass(frozen=True)
class CommitteeRow:
    committee: Committee
    next: Meeting | None
    last: Meeting | None
    held: int


def committee_rows(agreement: Agreement, on: date) -> list[CommitteeRow]:
    """Each committee with its next and last meetings, and how many it held this year."""
    committees = Committee.objects.filter(agreement=agreement).prefetch_related("meetings")
    rows = []
    for committee in committees:
        meetings = sorted(committee.meetings.all(), key=lambda meeting: meeting.on)
        coming = [m for m in meetings if m.state == Meeting.State.PLANNED and m.on >= on]
        held = [m for m in meetings if m.state == Meeting.State.HELD]
        rows.append(
            CommitteeRow(
                committee=committee,
                next=coming[0] if coming else None,
                last=held[-1] if held else None,
                held=sum(m.on.year == on.year for m in held),
            )
        )
    return rows


def committees(agreement: Agreement) -> QuerySet[Committee]:
    return Committee.objects.filter(agreement=agreement)


def meetings(agreement: Agreement) -> QuerySet[Meeting]:
    return Meeting.objects.filter(agreement=agreement).select_related("committee", "chair", "agreement")


def agenda_of(meeting: Meeting) -> list[AgendaItem]:
    return list(
        meeting.agenda.select_related("arbitration").prefetch_related("actions", "arbitration__options")
    )


def planned_minutes(items: Iterable[AgendaItem]) -> int:
    return sum(item.minutes for item in items if item.is_confirmed)


def attendance_of(meeting: Meeting) -> list[Attendance]:
    return list(meeting.attendances.select_related("contact", "organisation"))


def decisions(agreement: Agreement) -> QuerySet[Decision]:
    return (
        Decision.objects.filter(agreement=agreement)
        .select_related("meeting__committee", "responsible", "agreement", "chosen_option")
        .prefetch_related(Prefetch("actions"))
    )


DECISION_FILTERS = {
    "en-retard": "En retard",
    "ouvertes": "Ouvertes",
    "a-porter": "À porter ailleurs",
    "faites": "Faites",
    "toutes": "Toutes",
}


def filtered_decisions(agreement: Agreement, which: str, on: date) -> list[Decision]:
    """``which`` is a key of ``DECISION_FILTERS``; unknown ones show everything."""
    rows = decisions(agreement)
    if which == "en-retard":
        return list(rows.filter(pk__in=Decision.objects.overdue(on).values("pk")))
    if which == "ouvertes":
        return list(rows.filter(pk__in=Decision.objects.open().values("pk")))
    if which == "a-porter":
        return list(
            rows.exclude(institutional=Decision.InstitutionalFollowUp.NONE).filter(
                institutional_reference=""
            )
        )
    if which == "faites":
        return list(rows.filter(state=Decision.State.DONE))
    return list(rows)
