"""The action plan: levels, actions in every status, steps, money over five years, measures."""

from __future__ import annotations

from decimal import Decimal

from actionplan.models import Action, ActionStatus, BudgetLine, FundingStage
from actionplan.services import (
    add_note,
    add_partner_role,
    add_step,
    create_action,
    create_measure,
    create_objective,
    create_orientation,
    set_budget_line,
    set_funding,
    set_measure_point,
)
from demo.build.context import Example, euros
from demo.content.plan import ACTIONS, OBJECTIVES, ORIENTATIONS, ActionFact

# An action costs less in its first year than at cruising speed, then follows prices.
GROWTH = (1.0, 1.15, 1.18, 1.21, 1.24)
LATER = {ActionStatus.PLANNED, ActionStatus.TO_DISCUSS}


def build_plan(example: Example) -> None:
    agreement, actor = example.agreement, example.actor
    for code, (title, challenges) in ORIENTATIONS.items():
        example.orientations[code] = create_orientation(
            agreement, actor=actor, code=code, title=title,
            challenges=example.pick("challenges", challenges),
        )  # fmt: skip
    for code, (orientation, title) in OBJECTIVES.items():
        example.objectives[code] = create_objective(
            agreement,
            actor=actor,
            orientation=example.orientations[orientation],
            code=code,
            title=title,
        )
    for fact in ACTIONS:
        example.actions[fact.code] = _action(example, fact)


def _action(example: Example, fact: ActionFact) -> Action:
    objective = example.objectives[fact.objective]
    status_fields = {}
    if fact.blocked:
        cause, condition, review = fact.blocked
        status_fields = {
            "blocked_cause": cause,
            "unblock_condition": condition,
            "blocked_review_on": example.day(review),
        }
    action = create_action(
        example.agreement, actor=example.actor, code=fact.code, title=fact.title, summary=fact.summary,
        orientation=objective.orientation, objective=objective, status=fact.status,
        lead_organisation=example.organisations[fact.lead], lead_contact=example.contacts[fact.contact],
        elected_sponsor=example.contacts[fact.sponsor],
        starts_on=example.day(fact.start), due_on=example.day(fact.due),
        progress=fact.progress, progress_note=fact.note, dropped_reason=fact.dropped,
        themes=example.pick("themes", fact.themes),
        challenges=example.pick("challenges", fact.challenges), legal_codes=fact.legal,
        origin=Action.Origin.CARRIED_OVER if fact.carried_over else Action.Origin.NEW,
        area="Commune", steering_body="Comité technique", **status_fields,
    )  # fmt: skip
    for key in fact.partners:
        add_partner_role(action, actor=example.actor, organisation=example.organisations[key])
    for title, due, done in fact.steps:
        add_step(
            action, actor=example.actor, title=title, due_on=example.day(due),
            done_on=None if done is None else example.day(done), owner=example.contacts[fact.contact],
        )  # fmt: skip
    _money(example, action, fact)
    _measure(example, action, fact)
    for kind, text, day, is_highlight in fact.notes:
        add_note(
            action, actor=example.actor, kind=kind, text=text, on=example.day(day),
            is_highlight=is_highlight,
        )  # fmt: skip
    return action


def _money(example: Example, action: Action, fact: ActionFact) -> None:
    """Operating costs each year, the investment in the first; what was spent is known this year."""
    years = [
        year for year in example.agreement.years if year >= (action.starts_on or action.due_on).year
    ]
    for rank, year in enumerate(years):
        if fact.operating:
            planned = euros(fact.operating * GROWTH[rank])
            spent = _spent(example, fact, planned, year)
            _line(example, action, year, BudgetLine.Nature.OPERATING, planned, spent)
            _fund(example, action, fact, planned, year)
    if fact.investment:
        year = years[0]
        planned = Decimal(fact.investment)
        spent = _spent(example, fact, planned, year)
        _line(example, action, year, BudgetLine.Nature.INVESTMENT, planned, spent)
        _fund(example, action, fact, planned, year, scheme="Aide à l'investissement")


def _spent(example: Example, fact: ActionFact, planned: Decimal, year: int) -> Decimal | None:
    if fact.spent_share is None or year != example.year:
        return None
    return euros(float(planned) * fact.spent_share / 100)


def _line(
    example: Example,
    action: Action,
    year: int,
    nature: str,
    planned: Decimal,
    spent: Decimal | None,
) -> None:
    set_budget_line(
        action, actor=example.actor, year=year, nature=nature, planned=planned, spent=spent
    )


def _fund(
    example: Example,
    action: Action,
    fact: ActionFact,
    planned: Decimal,
    year: int,
    scheme: str = "",
) -> None:
    """The Caf's share, another funder's, and the commune's for the rest."""
    caf = euros(float(planned) * fact.caf_share / 100)
    other = euros(float(planned) * fact.other_share / 100)
    shares = {"caf": caf, fact.other_funder: other, "ville": planned - caf - other}
    share = Decimal(fact.spent_share or 0) / 100
    for key, amount in shares.items():
        if not key or not amount:
            continue
        if share and year == example.year and key != "ville":
            set_funding(
                action, actor=example.actor, funder=example.organisations[key], year=year,
                stage=FundingStage.UPDATED, amount=euros(float(amount * share)),
                scheme=scheme if key == "caf" else "", stated_on=example.day(-15),
            )  # fmt: skip
        set_funding(
            action, actor=example.actor, funder=example.organisations[key], year=year,
            stage=_first_stage(fact, scheme if key == "caf" else ""), amount=amount,
            scheme=scheme if key == "caf" else "",
            stated_on=example.agreement.starts_on,
            is_estimate=fact.status in LATER or year > example.year,
        )  # fmt: skip


def _first_stage(fact: ActionFact, scheme: str) -> FundingStage:
    """An investment aid is asked for, then granted; the rest is planned from the start."""
    if not scheme:
        return FundingStage.PLANNED
    return FundingStage.REQUESTED if fact.status in LATER else FundingStage.GRANTED


def _measure(example: Example, action: Action, fact: ActionFact) -> None:
    if fact.measure is None:
        return
    label, unit, kind, baseline, target, value = fact.measure
    measure = create_measure(
        example.agreement, actor=example.actor, action=action, label=label, unit=unit, kind=kind,
        baseline=None if baseline is None else Decimal(baseline),
        baseline_year=None if baseline is None else example.agreement.starts_on.year - 1,
        source="Pilote de l'action (exemple fictif)",
    )  # fmt: skip
    if target is None and value is None:
        return
    set_measure_point(
        measure, actor=example.actor, year=example.year,
        target=None if target is None else Decimal(target),
        value=None if value is None else Decimal(value),
    )  # fmt: skip
    if target is not None:
        for rank, year in enumerate(y for y in example.agreement.years if y > example.year):
            set_measure_point(
                measure,
                actor=example.actor,
                year=year,
                target=Decimal(round(target * (1.05 + rank / 20))),
            )
