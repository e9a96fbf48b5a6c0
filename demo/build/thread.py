"""Which measures of the example answer which of its evaluation questions."""

from __future__ import annotations

from demo.build.context import Example
from evaluation.models import EvaluationQuestion
from evaluation.services import update_question

# Beginning of the question → the actions whose measures answer it.
ANSWERED_BY = {
    "L'offre est-elle maintenue": ("1.1.1", "1.1.3", "2.1.1"),
    "Les cibles sont-elles atteintes": ("1.1.2", "1.2.1", "2.1.3", "3.1.1"),
    "Les élus et les habitants": ("3.2.1",),
}


def build_thread(example: Example) -> None:
    for beginning, codes in ANSWERED_BY.items():
        question = EvaluationQuestion.objects.get(
            agreement=example.agreement, text__startswith=beginning
        )
        measures = [m for code in codes for m in example.actions[code].measures.all()]
        update_question(question, actor=example.actor, measures=measures)
