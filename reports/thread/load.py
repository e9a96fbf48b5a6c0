"""The chain of an agreement, as one reader may see it, in a constant number of queries.

The links travel inside the rows that hold them (``ArraySubquery``): ten queries for an agreement
of ten actions as for one of four hundred, and two more where a figure is hidden from the reader.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Exists, OuterRef, Q

from actionplan import queries as plan
from actionplan.models import (
    Action,
    ActionChallenge,
    ActionStatus,
    Measure,
    MeasurePoint,
    Objective,
    Orientation,
    OrientationChallenge,
)
from agreements.models import Agreement
from committees.models import Decision, DecisionAction, DecisionChallenge
from committees.register import OPEN as OPEN_STATES
from committees.register import is_overdue
from core.audience import Audience
from core.formats import date_long, date_short
from evaluation.models import EvaluationQuestion, QuestionMeasure
from reports.thread import spine
from reports.thread.spine import STEPS, Node, Thread
from territory.models import Challenge, ChallengeFinding, Evidence, Finding, LocalObservation
from territory.queries import EvidenceLine, readable_evidence
from territory.secrecy import figures_typed, readable_figures, withheld_totals


def load_thread(
    agreement: Agreement, *, audience: Audience, with_questions: bool, on: date
) -> Thread:
    """``with_questions``: the reader may read the evaluation."""
    thread = Thread()
    thread.labels |= {
        3: _several(agreement.orientation_label),
        4: _several(agreement.objective_label),
        5: _several(agreement.sub_objective_label),
    }
    _add_figures(thread, agreement, audience)
    _add_challenges(thread, agreement)
    _add_levels(thread, agreement)
    _add_actions(thread, agreement, on)
    _add_measures(thread, agreement)
    if with_questions:
        _add_questions(thread, agreement)
    _add_decisions(thread, agreement, on)
    return thread


def _several(label: str) -> str:
    """« Objectif opérationnel » → « Objectifs opérationnels »."""
    return " ".join(
        word if word.endswith(("s", "x", "z")) else f"{word}s" for word in label.split()
    )


def _ids(through: type[models.Model], source: str, target: str) -> ArraySubquery:
    """The other ends of a many-to-many, beside the row that holds it."""
    rows = through._default_manager.filter(**{source: OuterRef("pk")}).order_by(f"{target}_id")
    return ArraySubquery(rows.values(f"{target}_id"))


def _node(agreement: Agreement, step: str, pk: int, label: str, **more: Any) -> Node:
    more.setdefault("rank", STEPS[step].rank)
    more.setdefault("word", STEPS[step].word)
    return Node(step=step, pk=pk, label=label, slug=agreement.slug, **more)


# --- Figures and findings -------------------------------------------------------------------
def _add_figures(thread: Thread, agreement: Agreement, audience: Audience) -> None:
    """A published figure cited by several findings is one figure, named by its first citation."""
    typed = figures_typed(agreement)
    withheld = withheld_totals(agreement, audience, typed)
    cited = readable_evidence(
        Evidence.objects.filter(agreement=agreement, finding__is_archived=False)
        .select_related("indicator", "local_observation", "territory", "version__dataset")
        .order_by("pk"),
        audience,
        withheld,
    )
    readings: dict[tuple[Any, ...], list[Evidence]] = defaultdict(list)
    for row in cited:
        if row.local_observation_id is None:
            readings[row.indicator_id, row.territory_id, row.period].append(row)
    for rows in readings.values():
        thread.add(_published(agreement, rows))
    for figure in readable_figures(typed, audience, withheld):
        thread.add(_local(agreement, figure))
    findings = Finding.objects.filter(agreement=agreement, is_archived=False)
    for finding in findings.select_related("theme"):
        thread.add(
            _node(
                agreement,
                spine.FINDING,
                finding.pk,
                finding.text,
                detail=finding.theme.name,
                state=finding.quadrant,
                state_kind="quadrant",
                page="territory:finding",
                page_args=(finding.pk,),
            )
        )
    for row in cited:
        if row.local_observation_id is None:
            first = readings[row.indicator_id, row.territory_id, row.period][0]
            thread.tie((spine.FIGURE, first.pk), (spine.FINDING, row.finding_id))
        else:
            thread.tie((spine.LOCAL, row.local_observation_id), (spine.FINDING, row.finding_id))


def _published(agreement: Agreement, rows: list[Evidence]) -> Node:
    """As last read; a reading is never the figure of today."""
    first, last = rows[0], rows[-1]
    line = EvidenceLine(last, None)
    return _node(
        agreement, spine.FIGURE, first.pk, f"{line.label} : {line.as_read}",
        detail=f"{last.territory}, {last.period}, lu le {date_long(last.read_on)}. {line.source}",
        page="territory:indicator" if last.indicator else "",
        page_args=(last.indicator.key,) if last.indicator else (),
    )  # fmt: skip


def _local(agreement: Agreement, figure: LocalObservation) -> Node:
    return _node(
        agreement, spine.LOCAL, figure.pk, f"{figure.title} : {figure.value_text}",
        detail=f"{figure.territory}, {figure.period}. {figure.source}",
        page="territory:indicator" if figure.indicator else "territory:figures",
        page_args=(figure.indicator.key,) if figure.indicator else (),
        marks=frozenset({spine.KNOWN} if figure.value is not None else ()),
    )  # fmt: skip


def figure_of(agreement: Agreement, pk: int) -> int | None:
    """Any citation names its figure: the primary key of the first one of the same figure that is
    still in use. None when there is no such citation in this agreement."""
    row = Evidence.objects.filter(
        agreement=agreement, pk=pk, finding__is_archived=False, local_observation=None
    ).first()
    if row is None:
        return None
    return (
        Evidence.objects.filter(
            agreement=agreement, finding__is_archived=False, local_observation=None,
            indicator=row.indicator_id, territory=row.territory_id, period=row.period,
        )
        .order_by("pk")
        .values_list("pk", flat=True)
        .first()
    )  # fmt: skip


# --- Challenges and levels ------------------------------------------------------------------
def _add_challenges(thread: Thread, agreement: Agreement) -> None:
    rows = Challenge.objects.filter(agreement=agreement, is_archived=False).annotate(
        finding_ids=_ids(ChallengeFinding, "challenge", "finding")
    )
    for row in rows.select_related("theme"):
        thread.add(
            _node(
                agreement,
                spine.CHALLENGE,
                row.pk,
                row.title,
                detail=f"{row.theme.name}, {row.get_priority_display()}",
                page="territory:challenge",
                page_args=(row.pk,),
            )
        )
        for pk in row.finding_ids:
            thread.tie((spine.FINDING, pk), (spine.CHALLENGE, row.pk))


def _add_levels(thread: Thread, agreement: Agreement) -> None:
    orientations = Orientation.objects.filter(agreement=agreement).annotate(
        challenge_ids=_ids(OrientationChallenge, "orientation", "challenge")
    )
    for row in orientations:
        thread.add(
            _node(
                agreement,
                spine.ORIENTATION,
                row.pk,
                str(row),
                word=agreement.orientation_label.lower(),
                page="actionplan:plan",
                anchor=f"#orientation-{row.pk}",
            )
        )
        for pk in row.challenge_ids:
            thread.tie((spine.CHALLENGE, pk), (spine.ORIENTATION, row.pk))
    objectives = list(Objective.objects.filter(agreement=agreement))
    for objective in objectives:
        is_sub = objective.parent_id is not None
        label = agreement.sub_objective_label if is_sub else agreement.objective_label
        thread.add(
            _node(
                agreement,
                spine.OBJECTIVE,
                objective.pk,
                str(objective),
                word=label.lower(),
                rank=spine.SUB_OBJECTIVE_RANK if is_sub else STEPS[spine.OBJECTIVE].rank,
                page="actionplan:plan",
                anchor=f"#orientation-{objective.orientation_id}",
            )
        )
    for objective in objectives:
        over = (
            (spine.OBJECTIVE, objective.parent_id)
            if objective.parent_id
            else (spine.ORIENTATION, objective.orientation_id)
        )
        thread.tie(over, (spine.OBJECTIVE, objective.pk))


# --- Actions and measures -------------------------------------------------------------------
def _add_actions(thread: Thread, agreement: Agreement, on: date) -> None:
    rows: Any = plan.actions(agreement, on).annotate(
        challenge_ids=_ids(ActionChallenge, "action", "challenge")
    )
    for row in rows:
        lead = row.lead_organisation.short_name or row.lead_organisation.name
        thread.add(
            _node(
                agreement,
                spine.ACTION,
                row.pk,
                str(row),
                detail=f"{lead}, pour le {date_short(row.due_on)}",
                state="late" if row.is_late else row.status,
                state_kind="action",
                page="actionplan:action",
                page_args=(row.pk,),
                marks=_action_marks(row),
            )
        )
        over = (
            (spine.OBJECTIVE, row.objective_id)
            if row.objective_id
            else (spine.ORIENTATION, row.orientation_id)
        )
        thread.tie(over, (spine.ACTION, row.pk))
        for pk in row.challenge_ids:
            thread.tie((spine.CHALLENGE, pk), (spine.ACTION, row.pk))


def _action_marks(action: Action) -> frozenset[str]:
    if action.status == ActionStatus.DROPPED:
        return frozenset({spine.DROPPED})
    return frozenset({spine.BEGUN} if action.has_begun else ())


def _add_measures(thread: Thread, agreement: Agreement) -> None:
    valued = MeasurePoint.objects.filter(measure=OuterRef("pk"), value__isnull=False)
    rows = (
        Measure.objects.filter(agreement=agreement)
        .filter(Q(action__is_archived=False) | Q(orientation__isnull=False))
        .select_related("action")
        .annotate(has_value=Exists(valued))
        .order_by(
            "action__orientation__position", "action__position", "action_id", "position", "pk"
        )
    )
    for row in rows:
        over = (spine.ACTION, row.action_id or 0)
        if row.orientation_id:
            over = (spine.ORIENTATION, row.orientation_id)
        marks = set(_action_marks(row.action)) if row.action else set()
        thread.add(
            _node(
                agreement,
                spine.MEASURE,
                row.pk,
                row.label,
                detail=", ".join(
                    part
                    for part in (
                        str(row.get_kind_display()),
                        f"action {row.action.code}" if row.action else "",
                        "" if row.has_value else "pas encore de valeur",
                    )
                    if part
                ),
                page="actionplan:action" if row.action_id else "actionplan:plan",
                page_args=(row.action_id,) if row.action_id else (),
                marks=frozenset(marks | ({spine.VALUED} if row.has_value else set())),
            )
        )
        thread.tie(over, (spine.MEASURE, row.pk))


# --- Questions and decisions ----------------------------------------------------------------
def _add_questions(thread: Thread, agreement: Agreement) -> None:
    rows = EvaluationQuestion.objects.filter(agreement=agreement, is_active=True).annotate(
        measure_ids=_ids(QuestionMeasure, "question", "measure")
    )
    for row in rows:
        thread.add(
            _node(
                agreement,
                spine.QUESTION,
                row.pk,
                row.text,
                detail=str(row.get_criterion_display()),
                page="evaluation:home",
            )
        )
        for pk in row.measure_ids:
            thread.tie((spine.MEASURE, pk), (spine.QUESTION, row.pk))


def _add_decisions(thread: Thread, agreement: Agreement, on: date) -> None:
    """On the actions and challenges that it names, and on the action whose arbitration it settles."""
    rows = (
        Decision.objects.filter(agreement=agreement)
        .select_related("chosen_option__point")
        .annotate(
            action_ids=_ids(DecisionAction, "decision", "action"),
            challenge_ids=_ids(DecisionChallenge, "decision", "challenge"),
        )
    )
    for row in rows:
        marks = set()
        if row.state == Decision.State.DROPPED:
            marks.add(spine.DROPPED)
        if row.state in OPEN_STATES:
            marks.add(spine.OPEN)
        if row.follow_up.strip():
            marks.add(spine.FOLLOWED)
        thread.add(
            _node(
                agreement,
                spine.DECISION,
                row.pk,
                f"n° {row.number} : {row.text}",
                detail=f"prise le {date_long(row.decided_on)}",
                state="late" if is_overdue(row, on) else row.state,
                state_kind="decision",
                page="committees:decision",
                page_args=(row.pk,),
                marks=frozenset(marks),
            )
        )
        settled = row.chosen_option.point.action_id if row.chosen_option else None
        for pk in (*row.action_ids, *([settled] if settled else [])):
            thread.tie((spine.ACTION, pk), (spine.DECISION, row.pk))
        for pk in row.challenge_ids:
            thread.tie((spine.CHALLENGE, pk), (spine.DECISION, row.pk))
