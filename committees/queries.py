"""Reads of the room. Lateness is computed from the day given, never typed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Q, QuerySet

from agreements.models import Agreement, JournalEntry
from committees import rhythm
from committees.models import (
    AgendaItem,
    Attendance,
    Committee,
    CommitteeKind,
    CommitteeMember,
    Meeting,
    PreparationLine,
)
from committees.services import DECLINED
from core.db import fr_order
from core.formats import clock

S = Attendance.Status
A = Attendance.Answer


# --- Committees -----------------------------------------------------------------------------
@dataclass(frozen=True)
class CommitteeRow:
    committee: Committee
    next: Meeting | None
    last: Meeting | None
    held: int
    members: int
    """In mandate on the day."""
    advice: str
    """A sentence when the expected rhythm is not kept."""


def committees(agreement: Agreement) -> QuerySet[Committee]:
    return Committee.objects.filter(agreement=agreement).select_related("kind", "agreement")


def kinds(agreement: Agreement) -> QuerySet[CommitteeKind]:
    return CommitteeKind.objects.filter(agreement=agreement)


def kind_rows(agreement: Agreement) -> list[CommitteeKind]:
    """Each with its themes and the number of its committees (``used``)."""
    return list(kinds(agreement).annotate(used=Count("committees")).prefetch_related("themes"))


def committee_rows(agreement: Agreement, on: date) -> list[CommitteeRow]:
    """Each committee with its next and last meetings, and how many it held in the year of ``on``."""
    rows = []
    seated = CommitteeMember.objects.filter(agreement=agreement).in_mandate(on)
    listed = (
        committees(agreement)
        .annotate(seats=Count("members", filter=Q(members__in=seated)))
        .prefetch_related("meetings")
    )
    for committee in listed:
        meetings = sorted(
            committee.meetings.all(), key=lambda meeting: (meeting.on, meeting.starts_at)
        )
        coming = [m for m in meetings if m.state == Meeting.State.PLANNED and m.on >= on]
        held = [m for m in meetings if m.state == Meeting.State.HELD]
        rows.append(
            CommitteeRow(
                committee=committee,
                next=coming[0] if coming else None,
                last=held[-1] if held else None,
                held=sum(m.on.year == on.year for m in held),
                members=committee.seats,  # type: ignore[attr-defined]
                advice=rhythm.advice(
                    agreement, committee.expected_per_year, rhythm.days_of(meetings), on
                ),
            )
        )
    return rows


def members(agreement: Agreement) -> QuerySet[CommitteeMember]:
    return (
        CommitteeMember.objects.filter(agreement=agreement)
        .select_related("committee__kind", "contact", "organisation", "agreement")
        .order_by("-is_chair", *fr_order("contact__last_name"), "pk")
    )


# --- Meetings -------------------------------------------------------------------------------
def chairs(agreement: Agreement, on: date | None = None) -> QuerySet[CommitteeMember]:
    """Who presides over the steering committee: the élu or élue of reference. With ``on``, whose
    mandate holds that day."""
    found = CommitteeMember.objects.filter(
        agreement=agreement, committee__kind__nature=CommitteeKind.Nature.STEERING, is_chair=True
    ).select_related("contact", "organisation")
    return found.in_mandate(on) if on else found


def meetings(agreement: Agreement) -> QuerySet[Meeting]:
    return Meeting.objects.filter(agreement=agreement).select_related(
        "committee__kind", "chair", "agreement"
    )


def coming_meetings(agreement: Agreement, on: date) -> list[Meeting]:
    """Soonest first, each with the number of the Caf's proposals that await an answer."""
    awaiting = Count("agenda", filter=Q(agenda__is_confirmed=False))
    return list(
        meetings(agreement).upcoming(on).annotate(awaiting=awaiting)  # type: ignore[attr-defined]
    )


def unclosed_meetings(agreement: Agreement, on: date) -> list[Meeting]:
    """Their day is past, and nobody said whether they took place."""
    return list(
        meetings(agreement)
        .filter(state=Meeting.State.PLANNED, on__lt=on)
        .order_by("on", "starts_at", "pk")
    )


def past_meetings(agreement: Agreement, on: date, limit: int = 8) -> list[Meeting]:
    """Held or cancelled, latest first, each with the number of its decisions."""
    return list(
        meetings(agreement)
        .exclude(state=Meeting.State.PLANNED)
        .annotate(decided=Count("decisions"))
        .order_by("-on", "-starts_at", "pk")[:limit]
    )


# --- Agenda ---------------------------------------------------------------------------------
@dataclass(frozen=True)
class AgendaLine:
    item: AgendaItem
    clock: str
    """When it begins: « 14 h 20 »."""
    is_first: bool
    is_last: bool
    moved: str = ""
    """« haut » or « bas » when this point has just been moved that way."""

    @property
    def focus_up(self) -> bool:
        """Where the keyboard comes back: the same button, the other one at the end of the way."""
        return (self.moved == "haut" and not self.is_first) or (
            self.moved == "bas" and self.is_last
        )

    @property
    def focus_down(self) -> bool:
        return (self.moved == "bas" and not self.is_last) or (
            self.moved == "haut" and self.is_first
        )


@dataclass(frozen=True)
class Agenda:
    lines: list[AgendaLine] = field(default_factory=list)
    proposals: list[AgendaItem] = field(default_factory=list)
    """Of the Caf, to be kept or not: they take no time yet."""
    minutes: int = 0
    over: int = 0
    """Minutes beyond the duration of the meeting."""

    @property
    def arbitrations(self) -> list[AgendaItem]:
        return [line.item for line in self.lines if hasattr(line.item, "arbitration")]


def timed(meeting: Meeting, items: Iterable[AgendaItem]) -> list[tuple[AgendaItem, time, time]]:
    """Each point with the hours at which it begins and ends."""
    moment, rows = datetime.combine(meeting.on, meeting.starts_at), []
    for item in items:
        end = moment + timedelta(minutes=item.minutes)
        rows.append((item, moment.time(), end.time()))
        moment = end
    return rows


def agenda_of(meeting: Meeting, moved: tuple[str, str] = ("", "")) -> Agenda:
    """The points in order, each with the time at which it begins. ``moved``: the point that has
    just changed places (its key as the address gives it), and which way."""
    items = list(
        meeting.agenda.select_related(
            "arbitration__action", "carried_from__meeting"
        ).prefetch_related("actions", "arbitration__options", "decisions")
    )
    kept = [item for item in items if item.is_confirmed]
    lines = [
        AgendaLine(
            item,
            clock(start),
            is_first=rank == 1,
            is_last=rank == len(kept),
            moved=moved[1] if str(item.pk) == moved[0] else "",
        )
        for rank, (item, start, _) in enumerate(timed(meeting, kept), start=1)
    ]
    minutes = sum(item.minutes for item in kept)
    return Agenda(
        lines=lines,
        proposals=[item for item in items if not item.is_confirmed],
        minutes=minutes,
        over=max(minutes - meeting.duration_minutes, 0),
    )


def agenda_items(agreement: Agreement) -> QuerySet[AgendaItem]:
    return AgendaItem.objects.filter(agreement=agreement).select_related(
        "meeting__committee", "meeting__agreement", "agreement", "arbitration"
    )


def declined_proposals(meeting: Meeting) -> list[JournalEntry]:
    """What was answered to the Caf about points that were not kept."""
    return list(
        JournalEntry.objects.filter(
            agreement=meeting.agreement_id,
            verb=DECLINED,
            target_type=Meeting._meta.label_lower,
            target_id=meeting.pk,
        ).order_by("at")
    )


# --- Preparation ------------------------------------------------------------------------------
def preparation_lines(agreement: Agreement) -> QuerySet[PreparationLine]:
    return PreparationLine.objects.filter(agreement=agreement).select_related(
        "meeting__committee", "meeting__agreement", "agreement"
    )


# --- Attendance -----------------------------------------------------------------------------
def attendances(agreement: Agreement) -> QuerySet[Attendance]:
    return (
        Attendance.objects.filter(agreement=agreement)
        .select_related(
            "contact", "organisation", "meeting__committee", "meeting__agreement", "agreement"
        )
        .order_by(*fr_order("organisation__name"), *fr_order("contact__last_name"), "pk")
    )


def attendance_counts(rows: Iterable[Attendance]) -> list[tuple[str, int]]:
    """« présents: 8 »… without the states that nobody has; represented is not present."""
    counts = Counter(row.status for row in rows)
    words = {
        S.PRESENT: "présents",
        S.REPRESENTED: "représentés",
        S.EXCUSED: "excusés",
        S.ABSENT: "absents",
        S.INVITED: "présences à noter",
    }
    return [(word, counts[status]) for status, word in words.items() if counts[status]]


def announced_counts(rows: Iterable[Attendance]) -> list[tuple[str, int]]:
    """What people answered, until what is seen in the room replaces it."""
    counts = Counter(row.answer for row in rows)
    words = {
        A.COMING: "seront présents",
        A.REPRESENTED: "seront représentés",
        A.EXCUSED: "excusés",
        "": "sans réponse",
    }
    return [(word, counts[answer]) for answer, word in words.items() if counts[answer]]
