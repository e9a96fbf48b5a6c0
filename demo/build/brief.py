"""« L'élu en trois minutes » of the coming COPIL, kept by its author, and its links; what to say of
each point."""

from __future__ import annotations

from datetime import datetime, time

from django.utils import timezone

from agreements.models import AccessLink
from committees.brief_words import INDICATOR, MEASURE
from committees.models import Meeting
from committees.services import (
    hand_over_brief_link,
    revoke_brief_link,
    update_agenda_item,
    write_brief,
)
from core.errors import DomainError
from demo.build.context import Example
from demo.content import brief as content

OPENED = -1
"""Days from the day of the example: the mayor opened her page the day before."""


def build_brief(example: Example) -> None:
    meeting: Meeting = example.extra["coming_copil"]
    for item in meeting.agenda.all():
        reason = content.KEY_SENTENCES.get(item.title)
        if reason:
            update_agenda_item(item, actor=example.actor, reason=reason)
    statuses = [action.status for action in example.actions.values()]
    counts = {
        "total": len(statuses),
        "done": statuses.count("done"),
        "running": statuses.count("in_progress"),
    }
    write_brief(
        meeting, actor=example.actor, figures=figure_keys(example),
        sentences=[sentence.format(**counts) for sentence in content.SENTENCES],
    )  # fmt: skip
    if meeting.on < timezone.localdate():  # an example of the past hands over no link
        return
    for rank, label in enumerate(content.READERS):
        door, _ = hand_over_brief_link(meeting, actor=example.actor, label=label)
        if not rank:
            moment = datetime.combine(
                example.day(OPENED), time(19, 12), timezone.get_current_timezone()
            )
            AccessLink.objects.filter(pk=door.link_id).update(last_used_at=moment)
    door, _ = hand_over_brief_link(meeting, actor=example.actor, label=content.WITHDRAWN)
    revoke_brief_link(door, actor=example.actor)


def figure_keys(example: Example) -> list[str]:
    keys = []
    for code in content.ACTION_FIGURES:
        measure = example.actions[code].measures.order_by("position", "pk").first()
        if measure is None:
            raise DomainError(f"L'action {code} n'a pas de mesure.")
        keys.append(f"{MEASURE}{measure.pk}")
    return [*keys, *(f"{INDICATOR}{key}" for key in content.INDICATOR_FIGURES)]
