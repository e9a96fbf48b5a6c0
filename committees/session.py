"""What the page of a session shows: the clock in words, each person, each point with its notes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from agreements.access import Access
from agreements.roles import Capability as C
from committees import queries, records
from committees.effect_lines import EffectLine, effect_lines, effects
from committees.files import with_files
from committees.models import AgendaItem, Attendance, Decision, Meeting, SessionNote
from committees.services.session import ANNOUNCED
from core.formats import clock, date_long, hours_minutes

S = Attendance.Status
BUTTONS = [
    (S.PRESENT, "Présent", "user-check"),
    (S.EXCUSED, "Excusé", "user-question"),
    (S.ABSENT, "Absent", "user-x"),
    (S.REPRESENTED, "Représenté", "users"),
]


# --- The clock ------------------------------------------------------------------------------------
def _at(meeting: Meeting, moment: time) -> datetime:
    return datetime.combine(meeting.on, moment)


def _minutes_between(start: datetime, end: datetime) -> int:
    return int((end - start).total_seconds() // 60)


def clock_words(meeting: Meeting, items: Iterable[AgendaItem], now: datetime) -> list[str]:
    """Where the session stands at ``now`` (the agreement's own hour, without zone), in sentences."""
    if meeting.opened_at and meeting.closed_at:
        length = _minutes_between(_at(meeting, meeting.opened_at), _at(meeting, meeting.closed_at))
        return [
            f"Séance ouverte à {clock(meeting.opened_at)}, levée à {clock(meeting.closed_at)}, "
            f"après {hours_minutes(length)}."
        ]
    if now.date() != meeting.on:
        verb = "est prévue" if now.date() < meeting.on else "était prévue"
        return [f"La réunion {verb} le {date_long(meeting.on)} à {clock(meeting.starts_at)}."]
    if meeting.opened_at is None:
        return [
            f"Il est {clock(now.time())}. La réunion est prévue à {clock(meeting.starts_at)} : "
            "ouvrez la séance quand la présidence l'ouvre."
        ]
    start = _at(meeting, meeting.opened_at)
    since = max(_minutes_between(start, now), 0)
    told = [
        f"Il est {clock(now.time())}. Séance ouverte à {clock(meeting.opened_at)}, "
        f"depuis {hours_minutes(since)}."
    ]
    return [*told, *_pace(items, start, now)]


def _pace(items: Iterable[AgendaItem], start: datetime, now: datetime) -> list[str]:
    """Where the planned minutes put the meeting, counted from its opening."""
    listed, moment = list(items), start
    if not listed:
        return []
    for rank, item in enumerate(listed, 1):
        moment += timedelta(minutes=item.minutes)
        if now < moment:
            left = _minutes_between(now, moment) or 1
            return [
                f"Au rythme prévu : point {rank} sur {len(listed)}, « {item.title} », encore "
                f"{hours_minutes(left)} (jusqu'à {clock(moment.time())})."
            ]
    over = _minutes_between(moment, now)
    return [
        f"L'ordre du jour devait se terminer à {clock(moment.time())} : "
        f"{hours_minutes(over)} de dépassement."
    ]


# --- Presences ------------------------------------------------------------------------------------
@dataclass(frozen=True)
class PersonRow:
    attendance: Attendance
    problem: str = ""
    typed: str = ""
    """What was typed beside a refusal."""

    @property
    def buttons(self) -> list[dict[str, Any]]:
        proposed = ANNOUNCED.get(self.attendance.answer, "")
        return [
            {
                "value": str(status),
                "label": label,
                "icon": icon,
                "pressed": self.attendance.status == status,
                "proposed": self.is_open and proposed == status,
            }
            for status, label, icon in BUTTONS
        ]

    @property
    def is_open(self) -> bool:
        """Nobody said yet whether this person is there."""
        return self.attendance.status == S.INVITED

    @property
    def representative(self) -> str:
        row = self.attendance
        if self.typed:
            return self.typed
        return row.represented_by or (row.answer_represented_by if self.is_open else "")

    @property
    def asks_who(self) -> bool:
        """The field « représenté par » shows."""
        row = self.attendance
        return (
            row.status == S.REPRESENTED
            or bool(self.problem)
            or (self.is_open and row.answer == Attendance.Answer.REPRESENTED)
        )


# --- Points ---------------------------------------------------------------------------------------
@dataclass(frozen=True)
class DecidedRow:
    decision: Decision
    changes: list[EffectLine]
    """What it changes in the plan."""


@dataclass(frozen=True)
class Point:
    rank: int
    item: AgendaItem
    clock: str
    note: SessionNote | None
    minutes: list[records.ToApprove] = field(default_factory=list)
    decisions: list[DecidedRow] = field(default_factory=list)
    conflict: SessionNote | None = None
    """What somebody else kept, when two people wrote the same notes without JavaScript."""
    typed: str | None = None

    @property
    def heading(self) -> str:
        return f"{self.rank}. {self.item.title}"

    @property
    def anchor(self) -> str:
        return f"point-{self.item.pk}"

    @property
    def lead(self) -> str:
        """« 14 h 20, 20 min · débat · Claire Hubert »."""
        item = self.item
        words = [f"{self.clock}, {hours_minutes(item.minutes)}", str(item.get_kind_display())]
        return " · ".join([*words, *([item.presenter] if item.presenter else [])])

    @property
    def text(self) -> str:
        if self.typed is not None:
            return self.typed
        return self.note.text if self.note else ""

    @property
    def version(self) -> int:
        return self.note.version if self.note else 0

    @property
    def outcomes(self) -> list[dict[str, Any]]:
        return [
            {"value": str(value), "label": str(label), "pressed": self.item.outcome == value}
            for value, label in AgendaItem.Outcome.choices
        ]


def replaced(point: Point, *, note: SessionNote, typed: str) -> Point:
    """The point when somebody else kept ``note`` while ``typed`` was being written."""
    return replace(point, note=note, conflict=note, typed=typed)


def changes_of(meeting: Meeting, access: Access, on: date) -> dict[int, list[EffectLine]]:
    """By decision: what it changes in the plan, old → new, as prepared or as applied."""
    found: dict[int, list[EffectLine]] = {}
    rows = effects(access.agreement).filter(decision__meeting=meeting).order_by("pk")
    for line in effect_lines(rows, with_money=access.can(C.MONEY_VIEW), on=on):
        found.setdefault(line.effect.decision_id, []).append(line)
    return found


def notes_of(meeting: Meeting) -> dict[int, SessionNote]:
    """By point."""
    found = SessionNote.objects.filter(item__meeting=meeting)
    return {note.item_id: note for note in found}


def points_of(meeting: Meeting, agenda: queries.Agenda, access: Access, on: date) -> list[Point]:
    """The points kept, each with what is one tap away. The same number of queries whatever the
    agenda holds."""
    notes, changes = notes_of(meeting), changes_of(meeting, access, on)
    lines = agenda.lines
    with_files([line.item for line in lines], access)
    keys = [key for line in lines for key in line.item.origin_keys]
    minutes = {
        records.minutes_key(row.meeting): row
        for row in records.minutes_to_approve(access.agreement, keys)
    }
    return [
        Point(
            rank=rank,
            item=line.item,
            clock=line.clock,
            note=notes.get(line.item.pk),
            minutes=[minutes[key] for key in line.item.origin_keys if key in minutes],
            decisions=[
                DecidedRow(decision, changes.get(decision.pk, []))
                for decision in line.item.decisions.all()
            ],
        )
        for rank, line in enumerate(lines, 1)
    ]
