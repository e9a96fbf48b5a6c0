"""Reads of the room: what the year's report rests on, and what still lacks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import F, FilteredRelation, Q, QuerySet

from actionplan.models import Action, BudgetLine, Measure
from agreements.models import Agreement
from core.amounts import add
from evaluation.models import EvaluationAnswer, EvaluationQuestion, EvaluationYear, Gap

BUDGET_TOLERANCE = Decimal("0.10")
"""A spending within 10 % of what was planned needs no explanation."""


def campaigns(agreement: Agreement) -> QuerySet[EvaluationYear]:
    return EvaluationYear.objects.filter(agreement=agreement).order_by("-year")


def campaign_of(agreement: Agreement, year: int) -> EvaluationYear | None:
    return campaigns(agreement).filter(year=year).first()


def current_campaign(agreement: Agreement, on: date) -> EvaluationYear | None:
    """The open campaign, else the latest of those begun."""
    rows = list(campaigns(agreement))
    for row in rows:
        row.agreement = agreement
    return next((row for row in rows if row.state == EvaluationYear.State.OPEN), None) or (
        rows[0] if rows else None
    )


def questions_for(agreement: Agreement, year: int) -> QuerySet[EvaluationQuestion]:
    """The questions asked in the n-th year: no effect is asked of a plan that has just begun."""
    rank = agreement.year_rank(year)
    return EvaluationQuestion.objects.filter(
        Q(applies_until_rank__isnull=True) | Q(applies_until_rank__gte=rank),
        agreement=agreement,
        is_active=True,
        applies_from_rank__lte=rank,
    ).order_by("position", "pk")


@dataclass(frozen=True)
class AnsweredQuestion:
    question: EvaluationQuestion
    answer: EvaluationAnswer | None

    @property
    def is_answered(self) -> bool:
        return self.answer is not None and bool(self.answer.judgement)


def measures_to_choose(agreement: Agreement) -> QuerySet[Measure]:
    """Measures of the plan that a question may read, in the order of the plan."""
    return (
        Measure.objects.filter(agreement=agreement)
        .filter(Q(action__is_archived=False) | Q(orientation__isnull=False))
        .select_related("action", "orientation")
        .order_by(
            "action__orientation__position", "action__position", "action_id", "position", "pk"
        )
    )


def answered_questions(campaign: EvaluationYear) -> list[AnsweredQuestion]:
    answers = {answer.question_id: answer for answer in campaign.answers.all()}
    return [
        AnsweredQuestion(question, answers.get(question.pk))
        for question in questions_for(campaign.agreement, campaign.year)
    ]


@dataclass(frozen=True)
class MeasureYear:
    """A measure as the report of one year shows it. Missing values stay None."""

    measure: Measure
    target: Decimal | None
    value: Decimal | None
    previous: Decimal | None
    comment: str

    @property
    def gap(self) -> Decimal | None:
        if self.value is None or self.target is None:
            return None
        return self.value - self.target

    @property
    def misses_target(self) -> bool:
        if self.gap is None:
            return False
        return self.gap < 0 if self.measure.direction == Measure.Direction.UP else self.gap > 0


def measures_of_year(agreement: Agreement, year: int) -> list[MeasureYear]:
    """Every measure of the plan with its points of ``year`` and of the year before, plan order."""
    measures = (
        Measure.objects.filter(agreement=agreement)
        .exclude(action__is_archived=True)
        .select_related("action", "orientation", "action__orientation", "indicator")
        .annotate(
            now=FilteredRelation("points", condition=Q(points__year=year)),
            before=FilteredRelation("points", condition=Q(points__year=year - 1)),
        )
        .annotate(
            target_now=F("now__target"),
            value_now=F("now__value"),
            comment_now=F("now__comment"),
            value_before=F("before__value"),
        )
        .order_by("action__orientation__position", "action__position", "position", "pk")
    )
    return [
        MeasureYear(
            measure=measure,
            target=measure.target_now,
            value=measure.value_now,
            previous=measure.value_before,
            comment=measure.comment_now or "",
        )
        for measure in measures
    ]


@dataclass(frozen=True)
class GapToExplain:
    """A gap of the year, with its explanation once somebody has written it."""

    kind: str
    text: str
    action: Action | None
    measure: Measure | None
    explained: Gap | None


def gaps_of_year(
    agreement: Agreement,
    year: int,
    on: date,
    *,
    measures: list[MeasureYear] | None = None,
    late: list[Action] | None = None,
) -> list[GapToExplain]:
    """Targets missed, spending away from the plan by more than 10 %, actions late on ``on``.

    ``measures`` and ``late`` spare the reading of what the caller has at hand.
    """
    if measures is None:
        measures = measures_of_year(agreement, year)
    if late is None:
        late = list(Action.objects.filter(agreement=agreement).late(on).in_plan_order())
    known = {
        (gap.kind, gap.action_id, gap.measure_id): gap
        for gap in Gap.objects.filter(agreement=agreement, year=year)
    }
    found = [
        *_missed_targets(measures),
        *_budget_gaps(agreement, year, on),
        *_delays(late, on),
    ]
    return [
        GapToExplain(
            kind=kind,
            text=text,
            action=action,
            measure=measure,
            explained=known.get(
                (kind, action.pk if action else None, measure.pk if measure else None)
            ),
        )
        for kind, text, action, measure in found
    ]


Found = tuple[str, str, Action | None, Measure | None]


def _plain(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}".replace(".", ",")


def _missed_targets(measures: list[MeasureYear]) -> list[Found]:
    return [
        (
            Gap.Kind.TARGET,
            f"{row.measure.label} : {_plain(row.value)} pour une cible de {_plain(row.target)}",
            None,
            row.measure,
        )
        for row in measures
        if row.misses_target
    ]


def budget_of_year(
    agreement: Agreement, year: int
) -> dict[Action, tuple[Decimal | None, Decimal | None]]:
    """Action → (planned, spent), in plan order; a side that nobody filled is None."""
    totals: dict[Action, tuple[Decimal | None, Decimal | None]] = {}
    lines = (
        BudgetLine.objects.filter(agreement=agreement, year=year, action__is_archived=False)
        .select_related("action")
        .order_by("action__orientation__position", "action__position", "action_id")
    )
    for line in lines:
        planned, spent = totals.get(line.action, (None, None))
        totals[line.action] = add([planned, line.planned]), add([spent, line.spent])
    return totals


def _budget_gaps(agreement: Agreement, year: int, on: date) -> list[Found]:
    """Money not spent yet is no gap before the year is over; money spent beyond the plan is."""
    found: list[Found] = []
    for action, (planned, spent) in budget_of_year(agreement, year).items():
        if planned is None or spent is None or not planned or not action.has_begun:
            continue
        if spent < planned and on.year <= year:
            continue
        if abs(spent - planned) > planned * BUDGET_TOLERANCE:
            share = round((spent - planned) / planned * 100)
            text = f"{action} : dépense de {share:+d} % par rapport au prévu"
            found.append((Gap.Kind.BUDGET, text, action, None))
    return found


def _delays(late: list[Action], on: date) -> list[Found]:
    return [
        (Gap.Kind.DELAY, f"{action} : échéance du {action.due_on:%d/%m/%Y} dépassée", action, None)
        for action in late
        if action.due_on < on
    ]


def explained_gaps(agreement: Agreement, year: int) -> QuerySet[Gap]:
    return (
        Gap.objects.filter(agreement=agreement, year=year)
        .select_related("action", "measure", "measure__action")
        .order_by("kind", "pk")
    )


@dataclass(frozen=True)
class Todo:
    """One thing that remains before the report can leave."""

    label: str
    is_done: bool
    detail: str
    url_name: str


def unanswered_questions(campaign: EvaluationYear) -> int:
    """How many questions of the year have no judgement yet."""
    answered = campaign.answers.exclude(judgement="").values("question_id")
    return questions_for(campaign.agreement, campaign.year).exclude(pk__in=answered).count()


def readiness(
    campaign: EvaluationYear, on: date, *, late: list[Action] | None = None
) -> list[Todo]:
    """What remains to do for the report of the year, in the order in which one does it.

    ``late``: the late actions on ``on``, when the caller has read them.
    """
    agreement, year = campaign.agreement, campaign.year
    measures = measures_of_year(agreement, year)
    begun = [row for row in measures if _is_begun(row.measure)]
    without_value = sum(row.value is None for row in begun)
    without_start = sum(row.measure.baseline is None for row in begun)
    unanswered = unanswered_questions(campaign)
    found = gaps_of_year(agreement, year, on, measures=measures, late=late)
    gaps = [gap for gap in found if gap.explained is None]
    texts = [campaign.summary, campaign.context_changes, campaign.adjustments, campaign.priorities]
    unwritten = sum(not text.strip() for text in texts)
    return [
        Todo(
            "Valeurs de l'année",
            not without_value,
            _lacks(without_value, "mesure sans valeur", "mesures sans valeur"),
            "evaluation:values",
        ),
        Todo(
            "Valeurs de départ",
            not without_start,
            _lacks(without_start, "mesure sans départ", "mesures sans départ"),
            "evaluation:values",
        ),
        Todo(
            "Écarts expliqués",
            not gaps,
            _lacks(len(gaps), "écart sans explication", "écarts sans explication"),
            "evaluation:gaps",
        ),
        Todo(
            "Questions évaluatives",
            not unanswered,
            _lacks(unanswered, "question sans réponse", "questions sans réponse"),
            "evaluation:questions",
        ),
        Todo(
            "Textes du bilan",
            not unwritten,
            _lacks(unwritten, "texte à écrire", "textes à écrire"),
            "evaluation:texts",
        ),
    ]


def _is_begun(measure: Measure) -> bool:
    return measure.action is None or measure.action.has_begun


def _lacks(count: int, singular: str, plural: str) -> str:
    if not count:
        return "complet"
    return f"{count} {singular if count == 1 else plural}"
