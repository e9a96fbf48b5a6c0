"""What the calendar shows: one dated entry, whatever room it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from django.db.models import TextChoices

from agreements.access import Access
from core.formats import clock, date_long, period, shortened


class Kind(TextChoices):
    """What one ticks to see, in the order of the filters; the value is what the address says."""

    MEETING = "reunions", "Réunions"
    PREPARATION = "retroplanning", "Rétroplanning"
    ACTION = "actions", "Échéances des actions"
    STEP = "etapes", "Étapes des actions"
    DECISION = "decisions", "Suites des décisions"
    CAMPAIGN = "nouvelles", "Nouvelles demandées aux pilotes"
    CAF = "caf", "Dates de la Caf"
    LEGAL = "legales", "Dates légales"
    NETWORK = "reseau", "Réseau départemental de la Caf"
    OTHER = "autres", "Autres échéances"
    CONTRACT = "contrats", "Contrats"
    EVALUATION = "evaluation", "Évaluation"
    AGREEMENT = "convention", "Vie de la convention"
    OFFER = "diagnostic", "Équipements et ateliers"
    PARTICIPATION = "habitants", "Concertations"


ICONS: dict[Kind, str] = {
    Kind.MEETING: "users",
    Kind.PREPARATION: "list-check",
    Kind.ACTION: "flag",
    Kind.STEP: "player-track-next",
    Kind.DECISION: "gavel",
    Kind.CAMPAIGN: "message-circle",
    Kind.CAF: "building-bank",
    Kind.LEGAL: "scale",
    Kind.NETWORK: "affiliate",
    Kind.OTHER: "calendar-due",
    Kind.CONTRACT: "file-certificate",
    Kind.EVALUATION: "target-arrow",
    Kind.AGREEMENT: "signature",
    Kind.OFFER: "home",
    Kind.PARTICIPATION: "message-circle-question",
}
ONE: dict[Kind, str] = {
    Kind.MEETING: "Réunion",
    Kind.PREPARATION: "Rétroplanning",
    Kind.ACTION: "Action",
    Kind.STEP: "Étape",
    Kind.DECISION: "Décision",
    Kind.CAMPAIGN: "Nouvelles demandées",
    Kind.CAF: "Caf",
    Kind.LEGAL: "Date légale",
    Kind.NETWORK: "Réseau départemental",
    Kind.OTHER: "Échéance",
    Kind.CONTRACT: "Contrat",
    Kind.EVALUATION: "Évaluation",
    Kind.AGREEMENT: "Convention",
    Kind.OFFER: "Offre",
    Kind.PARTICIPATION: "Concertation",
}
"""The kind of one entry, in words: its icon is never alone."""


class State(StrEnum):
    """As ``core.states.CALENDAR_STATES``; an entry to come has none."""

    NONE = ""
    DONE = "done"
    LATE = "late"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Entry:
    """``uid`` is the same for ever for one date of one object (``core.documents.ics``).

    ``detail`` is for the page alone: a feed leaves the application, and carries titles only.
    ``changed_at`` is the last change of the object, or of what holds it where it keeps none.
    """

    kind: Kind
    uid: str
    title: str
    on: date
    url: str
    changed_at: datetime
    ends_on: date | None = None
    starts_at: time | None = None
    ends_at: time | None = None
    place: str = ""
    about: str = ""
    detail: str = ""
    state: State = State.NONE
    sequence: int = 0

    @property
    def last(self) -> date:
        return self.ends_on or self.on

    @property
    def is_period(self) -> bool:
        return self.last > self.on

    @property
    def icon(self) -> str:
        return ICONS[self.kind]

    @property
    def kind_word(self) -> str:
        return ONE[self.kind]

    @property
    def brief(self) -> str:
        """The detail, for a small cell."""
        return shortened(self.detail, 70)

    @property
    def is_cancelled(self) -> bool:
        return self.state == State.CANCELLED

    @property
    def state_kind(self) -> str:
        """The table of ``core.states`` that names the state: a meeting « s'est tenue »."""
        return "meeting" if self.kind == Kind.MEETING else "calendar"

    @property
    def state_key(self) -> str:
        is_held = self.kind == Kind.MEETING and self.state == State.DONE
        return "held" if is_held else str(self.state)

    @property
    def hours(self) -> str:
        """« 14 h – 15 h 30 »; empty when it takes the whole day."""
        if self.starts_at is None:
            return ""
        start = clock(self.starts_at)
        return f"{start} – {clock(self.ends_at)}" if self.ends_at else start

    @property
    def dates(self) -> str:
        """« le 8 décembre 2026 », « du 1er au 31 mars 2027 »."""
        return period(self.on, self.last) if self.is_period else f"le {date_long(self.on)}"

    def overlaps(self, start: date | None, end: date | None) -> bool:
        return (start is None or self.last >= start) and (end is None or self.on <= end)

    @property
    def order(self) -> tuple[date, time, int, str]:
        """Whole days first, then by the hour, then as the filters are."""
        return self.on, self.starts_at or time.min, KIND_RANK[self.kind], self.title


KIND_RANK = {kind: rank for rank, kind in enumerate(Kind)}


@dataclass(frozen=True)
class Scope:
    """What is asked: for whom, between which days (None: no limit), seen from which day."""

    access: Access
    today: date
    start: date | None = None
    end: date | None = None

    def widened(self, after: timedelta) -> Scope:
        """The same, for dates computed from one that comes up to ``after`` later."""
        end = self.end + after if self.end else None
        return Scope(self.access, self.today, self.start, end)

    def on(self, field: str) -> dict[str, date]:
        """The condition on a column that holds one day."""
        bounds = {f"{field}__gte": self.start, f"{field}__lte": self.end}
        return {lookup: day for lookup, day in bounds.items() if day is not None}
