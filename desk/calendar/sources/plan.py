"""The plan: due dates of actions, when a blocked one is looked at again, steps."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q

from actionplan.models import Action, ActionStatus, Step
from desk.calendar.entries import Entry, Kind, Scope, State
from desk.calendar.sources.common import address, latest, uid

WAITING = (ActionStatus.PAUSED, ActionStatus.BLOCKED)
"""Their state says more than their lateness would (``ActionQuerySet.late``)."""


def actions(scope: Scope) -> Iterator[Entry]:
    rows = (
        Action.objects.filter(agreement=scope.access.agreement)
        .active()
        .exclude(status=ActionStatus.DROPPED)
        .filter(Q(due_on__isnull=False, **scope.on("due_on")) | Q(status=ActionStatus.BLOCKED))
        .only("code", "title", "status", "due_on", "blocked_review_on", "updated_at")
    )
    for action in rows:
        url = address(scope, "actionplan:action", action.pk)
        late = action.due_on < scope.today and action.status not in WAITING
        yield Entry(
            kind=Kind.ACTION,
            uid=uid(scope, "action", action.pk),
            title=f"Échéance de l'action {action}",
            on=action.due_on,
            url=url,
            changed_at=action.updated_at,
            state=State.DONE
            if action.status == ActionStatus.DONE
            else State.LATE
            if late
            else State.NONE,
        )
        if action.status == ActionStatus.BLOCKED and action.blocked_review_on:
            yield Entry(
                kind=Kind.ACTION,
                uid=uid(scope, "action-a-revoir", action.pk),
                title=f"Revoir l'action bloquée {action}",
                on=action.blocked_review_on,
                url=url,
                changed_at=action.updated_at,
                state=State.LATE if action.blocked_review_on < scope.today else State.NONE,
            )


def steps(scope: Scope) -> Iterator[Entry]:
    """Of the actions still in the plan; a step without a date is in no calendar."""
    rows = (
        Step.objects.filter(
            agreement=scope.access.agreement, due_on__isnull=False, action__is_archived=False,
            **scope.on("due_on"),
        )
        .exclude(action__status=ActionStatus.DROPPED)
        .select_related("action")
        .only("title", "due_on", "done_on", "action__code", "action__title", "action__status",
              "action__updated_at")
    )  # fmt: skip
    for step in rows:
        assert step.due_on is not None
        action = step.action
        is_open = action.status != ActionStatus.DONE and action.status not in WAITING
        late = State.LATE if is_open and step.is_late_on(scope.today) else State.NONE
        yield Entry(
            kind=Kind.STEP,
            uid=uid(scope, "etape", step.pk),
            title=step.title,
            on=step.due_on,
            about=f"action {action}",
            url=address(scope, "actionplan:action", action.pk),
            changed_at=latest([action.updated_at, step.done_on]),
            state=State.DONE if step.done_on else late,
        )
