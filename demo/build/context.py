"""What the parts of the example share: whose it is, about which day, and what was already built."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from accounts.models import User
from actionplan.models import Action, Objective, Orientation
from agreements.models import Agreement, Theme
from core.dates import working_day
from partners.models import Contact, Contract, Organisation
from territory.models import Challenge, Facility, Finding


@dataclass
class Example:
    """The agreement being built about the reference day ``today``."""

    agreement: Agreement
    actor: User
    today: date
    themes: dict[str, Theme] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)
    contacts: dict[str, Contact] = field(default_factory=dict)
    contracts: dict[str, Contract] = field(default_factory=dict)
    facilities: dict[str, Facility] = field(default_factory=dict)
    findings: dict[str, Finding] = field(default_factory=dict)
    challenges: dict[str, Challenge] = field(default_factory=dict)
    orientations: dict[str, Orientation] = field(default_factory=dict)
    objectives: dict[str, Objective] = field(default_factory=dict)
    actions: dict[str, Action] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def year(self) -> int:
        """The year under report."""
        return self.today.year

    def day(self, offset: int) -> date:
        """So many days from the reference day, kept within the agreement."""
        wanted = self.today + timedelta(days=offset)
        return min(max(wanted, self.agreement.starts_on), self.agreement.ends_on)

    def working(self, day: date) -> date:
        """The day itself or the working day before it, kept within the agreement."""
        return max(working_day(day), self.agreement.starts_on)

    def act_number(self, offset: int, rank: str) -> str:
        """The number of a délibération, as many communes make it: the day of the sitting, a rank."""
        return f"{self.day(offset):%Y-%m-%d}-{rank}"

    def pick(self, kind: str, keys: tuple[str, ...]) -> list[Any]:
        return [getattr(self, kind)[key] for key in keys]


def euros(value: float) -> Decimal:
    """Whole tens of euros: an invented amount must not look measured."""
    return Decimal(round(value / 10) * 10)
