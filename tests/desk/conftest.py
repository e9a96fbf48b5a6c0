"""A day that does not move: the calendar says everything from today."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

TODAY = date(2026, 6, 15)


class StoppedClock:
    """What ``timezone.now()`` says, until it is moved."""

    def __init__(self, day: date) -> None:
        self.moment = datetime.combine(day, time(10), ZoneInfo("Europe/Paris"))

    def now(self) -> datetime:
        return self.moment

    def shift(self, by: timedelta) -> None:
        self.moment += by


@pytest.fixture
def clock(monkeypatch: Any) -> StoppedClock:
    stopped = StoppedClock(TODAY)
    monkeypatch.setattr(timezone, "now", stopped.now)
    return stopped
