"""The dates that no room holds, and the coordinator's own subscription."""

from __future__ import annotations

from datetime import date, timedelta

from agreements.access import get_access
from demo.build.context import Example
from demo.content import calendar as content
from desk.calendar import feeds
from desk.models import Deadline
from desk.services import complete_deadline, create_deadline


def build_calendar(example: Example) -> None:
    for row in content.DATES:
        deadline = create_deadline(
            example.agreement, actor=example.actor, title=row.title, kind=row.kind,
            on=_day(example, row.on), ends_on=_day(example, row.ends_on) if row.ends_on else None,
            starts_at=row.starts_at, ends_at=row.ends_at, place=row.place, note=row.note,
            audience=row.audience,
        )  # fmt: skip
        if row.is_done or _is_attended(example, deadline):
            complete_deadline(deadline, actor=example.actor, on=deadline.on)
    access = get_access(example.actor, example.agreement.slug)
    feeds.subscribe(access, label=content.SUBSCRIPTION)


def _day(example: Example, when: content.When) -> date:
    if isinstance(when, date):
        return when
    years, month, day = when
    return date(example.year + years, month, day)


def _is_attended(example: Example, deadline: Deadline) -> bool:
    is_past = deadline.on < example.today - timedelta(days=content.DONE_BEFORE_DAYS)
    return is_past and deadline.kind == Deadline.Kind.NETWORK
