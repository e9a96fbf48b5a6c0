"""The few gestures that mend what is late or blocked, without opening a form."""

from datetime import date

from accounts.models import User
from actionplan.models import Action, ActionStatus, Step
from actionplan.services.actions import change_status, update_action
from actionplan.services.followup import update_step
from core.dates import months_later
from core.errors import DomainError
from core.formats import date_long


def postponed(action: Action, day: date, *, months: int, on: date) -> date:
    """``months`` from today, or from the date where it is still to come; at most the end of the
    agreement. Raises ``DomainError`` when there is no room left."""
    end = action.agreement.ends_on
    start = max(day, on)
    if start >= end:
        raise DomainError(
            f"La convention s'achève le {date_long(end)} : cette date ne peut pas être reportée. "
            "Changez plutôt le statut."
        )
    return min(months_later(start, months), end)


def postpone_action(action: Action, *, actor: User | None, months: int, on: date) -> Action:
    return update_action(
        action, actor=actor, due_on=postponed(action, action.due_on, months=months, on=on)
    )


def postpone_step(step: Step, *, actor: User | None, months: int, on: date) -> Step:
    if step.due_on is None:
        raise DomainError("Cette étape n'a pas de date : donnez-lui-en une sur la fiche.")
    due_on = postponed(step.action, step.due_on, months=months, on=on)
    return update_step(step, actor=actor, due_on=due_on)


def postpone_review(action: Action, *, actor: User | None, months: int, on: date) -> Action:
    """A blocked action looked at again, and still blocked."""
    if action.status != ActionStatus.BLOCKED or action.blocked_review_on is None:
        raise DomainError("Cette action n'est plus bloquée.")
    day = postponed(action, action.blocked_review_on, months=months, on=on)
    return update_action(
        action,
        actor=actor,
        sentence=f"a fixé au {date_long(day)} la revue de l'action bloquée {action.code}",
        blocked_review_on=day,
    )


def unblock(action: Action, *, actor: User | None) -> Action:
    """Under way again. The cause stays written: it tells what happened."""
    return change_status(action, actor=actor, status=ActionStatus.IN_PROGRESS)
