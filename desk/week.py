"""« Ma semaine » : at most ten lines, each with its minutes, the most pressing first.

Pure composition over what ``desk.queries`` reads: nothing here touches the database.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

MAX_LINES = 10


@dataclass(frozen=True)
class WeekLine:
    """One thing to do. ``key`` names it from one week to the next (what « Reporter » hides);
    ``urgency`` sorts it, the lowest first; ``text`` is ready to copy and send."""

    key: str
    title: str
    detail: str
    minutes: int
    url: str
    link_label: str
    urgency: int
    icon: str
    text: str = ""


@dataclass(frozen=True)
class Week:
    lines: list[WeekLine]
    postponed: int = 0
    available_minutes: int = 420
    left_out: list[WeekLine] = field(default_factory=list)

    @property
    def total_minutes(self) -> int:
        return sum(line.minutes for line in self.lines)

    @property
    def excess_minutes(self) -> int:
        """What does not fit in the week's hours, lines left out included."""
        wanted = self.total_minutes + sum(line.minutes for line in self.left_out)
        return max(0, wanted - self.available_minutes)


def compose(lines: list[WeekLine], *, hidden: set[str], available_minutes: int) -> Week:
    """Sort by urgency, hide what was put off, keep ten lines; the rest is counted, never lost."""
    shown = [line for line in lines if line.key not in hidden]
    shown.sort(key=lambda line: (line.urgency, line.minutes, line.key))
    return Week(
        lines=shown[:MAX_LINES],
        left_out=shown[MAX_LINES:],
        postponed=len(lines) - len(shown),
        available_minutes=available_minutes,
    )


def days_in_words(days: int) -> str:
    """« aujourd'hui », « demain », « dans 12 jours », « depuis 3 jours »."""
    if days == 0:
        return "aujourd'hui"
    if days == 1:
        return "demain"
    if days == -1:
        return "depuis hier"
    return f"dans {days} jours" if days > 0 else f"depuis {-days} jours"


def countdown(meeting_on: date, today: date) -> tuple[int, int, str]:
    """(minutes, urgency, what to do now) for the coming committee, as its rétroplanning has it."""
    left = (meeting_on - today).days
    if left <= 8:
        return 90, 1, "Le dossier doit partir : relisez-le et transmettez-le."
    if left <= 20:
        return 120, 2, "Faites relire le dossier par la Caf et la direction."
    if left <= 30:
        return 60, 3, "Envoyez l'invitation et l'ordre du jour."
    if left <= 45:
        return 60, 4, "Demandez des nouvelles aux pilotes des actions."
    return 20, 6, "Fixez la date avec l'élu et la Caf."
