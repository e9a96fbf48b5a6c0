"""The inhabitants' consultations and the year's report, begun."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from demo.build.context import Example
from demo.content.evaluation import ANSWERS, CONSULTATIONS, GAPS, TEXTS
from desk.services import preload_deadlines
from evaluation.models import Gap
from evaluation.services import (
    answer_question,
    explain_gap,
    open_year,
    preload_questions,
    update_texts,
)
from participation.services import create_consultation

STEERING_FTE = Decimal("0.20")  # seven hours of a 35-hour week


def build_consultations(example: Example) -> None:
    for (
        title, method, degree, public, start, end, participants, theme, lessons, answer, answered,
        actions,
    ) in CONSULTATIONS:  # fmt: skip
        create_consultation(
            example.agreement, actor=example.actor, title=title, method=method, degree=degree,
            target_public=public, starts_on=example.day(start), ends_on=example.day(end),
            participants=participants, theme=example.themes[theme], lessons=lessons, answer=answer,
            answered_on=None if answered is None else example.day(answered),
            actions=example.pick("actions", actions),
        )  # fmt: skip


def build_evaluation(example: Example) -> None:
    agreement, actor, year = example.agreement, example.actor, example.year
    questions = preload_questions(agreement, actor=actor)
    campaign = open_year(
        agreement, actor=actor, year=year, opened_on=example.day(-20), due_on=date(year + 1, 4, 30)
    )
    texts: dict[str, Any] = {**TEXTS, "needs_amendment": False, "steering_fte": STEERING_FTE}
    update_texts(campaign, actor=actor, **texts)
    for rank, (judgement, appreciation, evidence) in ANSWERS.items():
        answer_question(
            campaign, actor=actor, question=questions[rank], judgement=judgement,
            appreciation=appreciation, evidence=evidence,
        )  # fmt: skip
    for kind, code, explanation, adjustment in GAPS:
        action = example.actions[code]
        is_target = kind == Gap.Kind.TARGET
        explain_gap(
            agreement, actor=actor, year=year, kind=kind,
            action=None if is_target else action,
            measure=action.measures.first() if is_target else None,
            explanation=explanation, adjustment=adjustment,
        )  # fmt: skip
    preload_deadlines(agreement, actor=actor, year=year)
