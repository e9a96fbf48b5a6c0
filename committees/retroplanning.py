"""The rétroplanning of a meeting: its usual delays, its dates, and where each step is done.

No text fixes these delays (domaine.md §7: neither quorum nor convocation rule for a COPIL; usage:
date fixed one or two months before, pack eight to fifteen days before): they advise.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.urls import reverse

from agreements.models import Agreement
from agreements.roles import Capability as C
from committees.models import Meeting, PreparationLine, PreparationStep, Step
from core.dates import working_day

if TYPE_CHECKING:
    from agreements.access import Access

USUAL_DELAYS: dict[str, int] = {
    Step.DATE: -60,
    Step.COLLECTION: -45,
    Step.INVITATION: -30,
    Step.READING: -20,
    Step.PACK: -8,
    Step.MEETING: 0,
    Step.RECORD: 10,
    Step.FOLLOW_UP: 30,
}
"""Days from the meeting, negative before it."""


@dataclass(frozen=True)
class Delay:
    key: str
    label: str
    days: int
    is_active: bool = True


def delays(agreement: Agreement) -> list[Delay]:
    """The steps in order, with the agreement's own delays where it has some."""
    own = {row.key: row for row in PreparationStep.objects.filter(agreement=agreement)}
    rows = []
    for key, usual in USUAL_DELAYS.items():
        step = own.get(key)
        days, is_active = (step.days, step.is_active) if step else (usual, True)
        rows.append(Delay(key, str(Step(key).label), days, is_active))
    return sorted(rows, key=lambda row: row.days)


def due_date(meeting_on: date, days: int) -> date:
    """The day of the meeting is what it is; any other date falls on a working day of metropolitan
    France (``core.dates.working_day``), the last one that keeps the delay: nobody sends a pack on
    Christmas Day. The two or three local holidays are left to whoever ticks the line."""
    wanted = meeting_on + timedelta(days=days)
    return working_day(wanted) if days else wanted


def moved(due_on: date, *, before: date, after: date) -> date:
    """A date chosen by hand keeps its distance to the meeting."""
    return working_day(due_on + (after - before))


# --- What a page shows ------------------------------------------------------------------------
@dataclass(frozen=True)
class Link:
    label: str
    url: str


@dataclass(frozen=True)
class Line:
    line: PreparationLine
    words: str
    """« J-45 », from the day of the meeting and of the line."""
    link: Link | None
    is_late: bool


@dataclass(frozen=True)
class _Page:
    """Where a step is done. The first page that the reader may open is shown."""

    label: str
    name: str
    of_meeting: bool = False
    anchor: str = ""
    capability: C = C.COMMITTEES_VIEW


PAGES: dict[str, tuple[_Page, ...]] = {
    Step.DATE: (
        _Page("La date et le lieu", "committees:meeting_update", True, "", C.COMMITTEES_CHANGE),
    ),
    Step.COLLECTION: (
        _Page("Demander des nouvelles", "actionplan:campaigns", capability=C.PLAN_CHANGE),
        _Page("Voir les actions", "actionplan:table", capability=C.PLAN_VIEW),
    ),
    Step.INVITATION: (
        _Page("L'invitation", "committees:sendings", True, "", C.PREPARATION_VIEW),
        _Page("L'ordre du jour", "committees:meeting", True, "#ordre-du-jour"),
    ),
    Step.READING: (_Page("Le dossier à relire", "reports:pack", True, "", C.DOCUMENTS_VIEW),),
    Step.PACK: (_Page("Le dossier de séance", "reports:pack", True, "", C.DOCUMENTS_VIEW),),
    Step.MEETING: (
        _Page("La séance", "committees:session", True, "", C.COMMITTEES_CHANGE),
        _Page("Les présences", "committees:meeting", True, "#presences"),
    ),
    Step.RECORD: (_Page("Le relevé de décisions", "committees:record", True),),
    Step.FOLLOW_UP: (_Page("Les décisions", "committees:decisions"),),
}


def link_of(line: PreparationLine, access: Access) -> Link | None:
    for page in PAGES.get(line.key, ()):
        if access.can(page.capability):
            arguments = [access.agreement.slug, *([line.meeting_id] if page.of_meeting else [])]
            return Link(page.label, reverse(page.name, args=arguments) + page.anchor)
    return None


def day_words(line: PreparationLine, meeting: Meeting, usual: dict[str, int]) -> str:
    """The delay of the agreement where the date is the one it gives, a week-end or a holiday apart; else the
    distance counted."""
    days = usual.get(line.key)
    if days is None or due_date(meeting.on, days) != line.due_on:
        days = (line.due_on - meeting.on).days
    return f"J{days:+d}" if days else "J"


def is_late(line: PreparationLine, on: date) -> bool:
    return line.done_on is None and line.due_on < on


def lines_of(
    meeting: Meeting, rows: Iterable[PreparationLine], access: Access, on: date
) -> list[Line]:
    """The meeting's lines in the order of their dates. A cancelled meeting asks for nothing."""
    usual = {delay.key: delay.days for delay in delays(meeting.agreement)}
    cancelled = meeting.state == Meeting.State.CANCELLED
    return [
        Line(
            row,
            day_words(row, meeting, usual),
            link_of(row, access),
            is_late(row, on) and not cancelled,
        )
        for row in rows
    ]
