"""Join two ends of the chain: each link is written by the service of the room that owns it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import models, transaction

from accounts.models import User
from actionplan.models import Action, Measure, Orientation
from actionplan.services import update_action, update_orientation
from agreements.models import Agreement
from committees.models import Decision
from committees.services import update_decision
from core.errors import DomainError
from evaluation.models import EvaluationQuestion
from evaluation.services import update_question
from reports.thread import spine
from reports.thread.lacks import Lack
from territory.models import Challenge, Finding, LocalObservation
from territory.services import add_evidence, group_findings

MODELS: dict[str, type[models.Model]] = {
    spine.LOCAL: LocalObservation,
    spine.FINDING: Finding,
    spine.CHALLENGE: Challenge,
    spine.ORIENTATION: Orientation,
    spine.ACTION: Action,
    spine.MEASURE: Measure,
    spine.QUESTION: EvaluationQuestion,
    spine.DECISION: Decision,
}


@transaction.atomic
def join(
    agreement: Agreement, lack: Lack, pk: int, target_pk: int, *, actor: User | None, on: date
) -> None:
    """Tie the object to one of the step that the break lacks; what it had stays.

    Raises ``DomainError`` when one of them is not there any more.
    """
    step = next(step for step in lack.steps if (step, lack.target) in WRITERS)
    one = _get(agreement, step, pk)
    other = _get(agreement, lack.target, target_pk)
    WRITERS[step, lack.target](one, other, actor=actor, on=on)


def _get(agreement: Agreement, step: str, pk: int) -> Any:
    row = MODELS[step]._default_manager.filter(agreement=agreement, pk=pk).first()
    if row is None:
        raise DomainError("Ce choix n'existe plus : rechargez la page.", field="target")
    return row


def _finding_under(finding: Finding, challenge: Challenge, *, actor: Any, on: date) -> None:
    group_findings(finding.agreement, [finding], actor=actor, challenge=challenge)


def _action_answers(action: Action, challenge: Challenge, *, actor: Any, on: date) -> None:
    update_action(action, actor=actor, challenges={*action.challenges.all(), challenge})


def _orientation_answers(
    orientation: Orientation, challenge: Challenge, *, actor: Any, on: date
) -> None:
    update_orientation(
        orientation, actor=actor, challenges={*orientation.challenges.all(), challenge}
    )


def _question_reads(
    question: EvaluationQuestion, measure: Measure, *, actor: Any, on: date
) -> None:
    update_question(question, actor=actor, measures={*question.measures.all(), measure})


def _decision_about(decision: Decision, action: Action, *, actor: Any, on: date) -> None:
    update_decision(decision, actor=actor, actions={*decision.actions.all(), action})


def _figure_supports(figure: LocalObservation, finding: Finding, *, actor: Any, on: date) -> None:
    if figure.value is None:
        raise DomainError("Ce chiffre n'a pas de valeur : il n'appuie rien.", field="target")
    add_evidence(
        finding, actor=actor, territory=figure.territory, period=figure.period, value=figure.value,
        read_on=on, local_observation=figure,
    )  # fmt: skip


def _reversed(write: Callable[..., None]) -> Callable[..., None]:
    return lambda one, other, **given: write(other, one, **given)


WRITERS: dict[tuple[str, str], Callable[..., None]] = {
    (spine.FINDING, spine.CHALLENGE): _finding_under,
    (spine.ACTION, spine.CHALLENGE): _action_answers,
    (spine.CHALLENGE, spine.ACTION): _reversed(_action_answers),
    (spine.ORIENTATION, spine.CHALLENGE): _orientation_answers,
    (spine.QUESTION, spine.MEASURE): _question_reads,
    (spine.MEASURE, spine.QUESTION): _reversed(_question_reads),
    (spine.DECISION, spine.ACTION): _decision_about,
    (spine.LOCAL, spine.FINDING): _figure_supports,
}
