"""Writes of the room. A change to a part (step, budget, measure…) raises the action's version:
the action is the root that two people may edit at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F, Max

from accounts.models import User
from actionplan.models import (
    Action,
    ActionPartner,
    ActionStatus,
    BudgetLine,
    FollowUpNote,
    Funding,
    Measure,
    MeasurePoint,
    Objective,
    Orientation,
    Step,
)
from agreements.models import Agreement, Theme
from agreements.services import create_row, delete_row, update_row
from core.errors import DomainError, StaleObject
from core.formats import date_long
from partners.models import Organisation
from territory.models import Challenge

S = ActionStatus
OPEN = {S.IN_PROGRESS, S.PAUSED, S.BLOCKED, S.DONE, S.DROPPED}
TRANSITIONS: dict[str, set[str]] = {
    S.TO_DISCUSS: {S.PLANNED, S.IN_PROGRESS, S.DROPPED},
    S.PLANNED: {S.TO_DISCUSS, S.IN_PROGRESS, S.PAUSED, S.BLOCKED, S.DROPPED},
    S.IN_PROGRESS: {S.PLANNED, S.PAUSED, S.BLOCKED, S.DONE, S.DROPPED},
    S.PAUSED: {S.IN_PROGRESS, S.BLOCKED, S.DROPPED},
    S.BLOCKED: {S.IN_PROGRESS, S.PAUSED, S.DROPPED},
    S.DONE: {S.IN_PROGRESS},
    S.DROPPED: {S.TO_DISCUSS, S.PLANNED},
}
"""From each status, those one may go to. Done reopens to « en cours » only: it had begun."""

_UNSET: Any = object()


# --- Levels ---------------------------------------------------------------------------------
def create_orientation(
    agreement: Agreement, *, actor: User | None, challenges: Iterable[Challenge] = (), **fields: Any
) -> Orientation:
    fields.setdefault("position", _next_position(Orientation, agreement))
    return create_row(
        Orientation, agreement, actor=actor, fields=fields, links={"challenges": challenges}
    )


def update_orientation(
    orientation: Orientation,
    *,
    actor: User | None,
    expected_version: int | None = None,
    challenges: Iterable[Challenge] | None = None,
    **fields: Any,
) -> Orientation:
    return update_row(
        orientation,
        actor=actor,
        fields=fields,
        links=None if challenges is None else {"challenges": challenges},
        expected_version=expected_version,
    )


def create_objective(agreement: Agreement, *, actor: User | None, **fields: Any) -> Objective:
    fields.setdefault("position", _next_position(Objective, agreement))
    return create_row(Objective, agreement, actor=actor, fields=fields)


def update_objective(
    objective: Objective, *, actor: User | None, expected_version: int | None = None, **fields: Any
) -> Objective:
    return update_row(objective, actor=actor, fields=fields, expected_version=expected_version)


@transaction.atomic
def move_level(level: Orientation | Objective, *, actor: User | None, up: bool) -> None:
    """One place up or down among its own; positions are dealt again from the order."""
    model: Any = type(level)
    siblings = model.objects.filter(agreement=level.agreement)
    if isinstance(level, Objective):
        siblings = siblings.filter(orientation=level.orientation)
    rows = list(siblings.order_by("position", "pk"))
    index = next(rank for rank, row in enumerate(rows) if row.pk == level.pk)
    other = index - 1 if up else index + 1
    if not 0 <= other < len(rows):
        return
    rows[index], rows[other] = rows[other], rows[index]
    for position, row in enumerate(rows):
        if row.position != position:
            model.objects.filter(pk=row.pk).update(position=position)


def next_code(agreement: Agreement, orientation: Orientation | None = None) -> str:
    """The number to propose for a new orientation, or for a new objective of ``orientation``."""
    if orientation is None:
        return str(Orientation.objects.filter(agreement=agreement).count() + 1)
    return f"{orientation.code}.{orientation.objectives.count() + 1}"


def delete_level(level: Orientation | Objective, *, actor: User | None) -> None:
    """A level that holds something is refused, saying what."""
    delete_row(level, actor=actor)


def _next_position(model: Any, agreement: Agreement, **within: Any) -> int:
    last = model.objects.filter(agreement=agreement, **within).aggregate(last=Max("position"))[
        "last"
    ]
    return 0 if last is None else last + 1


# --- The action -----------------------------------------------------------------------------
def _check_action(action: Action) -> None:
    """What constraints cannot say: dates within the agreement, objective of the orientation."""
    agreement = action.agreement
    period = f"du {date_long(agreement.starts_on)} au {date_long(agreement.ends_on)}"
    for name in ("starts_on", "due_on"):
        day = getattr(action, name)
        if day is not None and not agreement.covers(day):
            raise DomainError(f"Cette date sort de la convention ({period}).", field=name)
    objective = action.objective
    if objective is not None and objective.orientation_id != action.orientation_id:
        raise DomainError(
            "Cet objectif n'est pas celui de l'orientation choisie.", field="objective"
        )


def propose_code(
    agreement: Agreement, orientation: Orientation, objective: Objective | None
) -> str:
    """The next free number under the level: « 1.2.3 » under objective 1.2, « 3.1 » under 3."""
    prefix = (objective or orientation).code
    taken = set(
        Action.objects.filter(agreement=agreement, code__startswith=f"{prefix}.").values_list(
            "code", flat=True
        )
    )
    rank = 1
    while f"{prefix}.{rank}" in taken:
        rank += 1
    return f"{prefix}.{rank}"


@transaction.atomic
def create_action(
    agreement: Agreement,
    *,
    actor: User | None,
    themes: Iterable[Theme] = (),
    challenges: Iterable[Challenge] = (),
    **fields: Any,
) -> Action:
    """A valid action has a title, a level, a pilot, a due date, a status and one sentence."""
    if not fields.get("code"):
        fields["code"] = propose_code(agreement, fields["orientation"], fields.get("objective"))
    if "position" not in fields:
        fields["position"] = _next_position(Action, agreement, orientation=fields["orientation"])
    _check_action(Action(agreement=agreement, **fields))
    return create_row(
        Action,
        agreement,
        actor=actor,
        fields=fields,
        links={"themes": themes, "challenges": challenges},
    )


@transaction.atomic
def update_action(
    action: Action,
    *,
    actor: User | None,
    expected_version: int | None = None,
    reason: str = "",
    sentence: str | None = None,
    themes: Iterable[Theme] | None = None,
    challenges: Iterable[Challenge] | None = None,
    **fields: Any,
) -> Action:
    """Change an action. A change of status obeys ``TRANSITIONS``."""
    before = Action.objects.get(pk=action.pk)
    for name, value in fields.items():
        setattr(action, name, value)
    _check_action(action)
    _check_transition(before.status, action.status)
    links = {
        name: targets
        for name, targets in (("themes", themes), ("challenges", challenges))
        if targets is not None
    }
    if sentence is None and set(fields) == {"due_on"} and before.due_on != action.due_on:
        sentence = f"a reporté l'échéance de l'action {action.code} au {date_long(action.due_on)}"
    return update_row(
        action,
        actor=actor,
        fields=fields,
        links=links,
        expected_version=expected_version,
        reason=reason,
        sentence=sentence,
    )


def _check_transition(old: str, new: str) -> None:
    if new != old and new not in TRANSITIONS[old]:
        labels = ActionStatus(old).label, ActionStatus(new).label
        raise DomainError(
            f"Une action « {labels[0]} » ne passe pas directement à « {labels[1]} ».",
            field="status",
        )


def change_status(
    action: Action,
    *,
    actor: User | None,
    status: str,
    expected_version: int | None = None,
    reason: str = "",
    **explanations: Any,
) -> Action:
    """Blocked says by what, until what, reviewed when; dropped says why; done is at 100 %."""
    if status == S.DONE:
        explanations.setdefault("progress", 100)
    return update_action(
        action,
        actor=actor,
        expected_version=expected_version,
        reason=reason,
        sentence=f"a passé l'action {action.code} à « {ActionStatus(status).label} »",
        status=status,
        **explanations,
    )


def archive_action(action: Action, *, actor: User | None) -> Action:
    return update_row(
        action,
        actor=actor,
        fields={"is_archived": True},
        verb="archive",
        sentence=f"a archivé l'action {action.code}",
    )


def restore_action(action: Action, *, actor: User | None) -> Action:
    return update_row(
        action,
        actor=actor,
        fields={"is_archived": False},
        verb="restore",
        sentence=f"a rétabli l'action {action.code}",
    )


@transaction.atomic
def duplicate_action(action: Action, *, actor: User | None) -> Action:
    """A new action to come, with the same words; neither money nor measures nor follow-up."""
    copied = (
        "orientation", "objective", "summary", "lead_organisation", "lead_contact", "starts_on",
        "due_on", "priority", "context", "target_public", "area", "expected_results",
        "description", "elected_sponsor", "steering_body", "human_means", "material_means",
        "participation", "legal_codes",
    )  # fmt: skip
    return create_action(
        action.agreement,
        actor=actor,
        title=f"{action.title} (copie)",
        status=S.PLANNED,
        themes=list(action.themes.all()),
        challenges=list(action.challenges.all()),
        **{name: getattr(action, name) for name in copied},
    )


@transaction.atomic
def move_action(action: Action, *, actor: User | None, up: bool) -> None:
    """One place up or down within its orientation. Positions are dealt again from the order."""
    actions = list(
        Action.objects.filter(agreement=action.agreement, orientation=action.orientation)
        .active()
        .order_by("position", "pk")
    )
    index = next(rank for rank, row in enumerate(actions) if row.pk == action.pk)
    other = index - 1 if up else index + 1
    if not 0 <= other < len(actions):
        return
    actions[index], actions[other] = actions[other], actions[index]
    for position, row in enumerate(actions):
        if row.position != position:
            Action.objects.filter(pk=row.pk).update(position=position)


def check_version(action: Action, *, expected: int | None) -> None:
    """Raises ``StaleObject`` when the action, or a part of it, changed since ``expected``."""
    current = Action.objects.select_for_update().get(pk=action.pk)
    if expected is not None and current.version != expected:
        raise StaleObject(current)


def _touch(action: Action) -> None:
    """A part of the action has changed: whoever is editing the sheet must know."""
    fresh = Action.objects.select_for_update().get(pk=action.pk)
    Action.objects.filter(pk=action.pk).update(version=fresh.version + 1)
    action.version = fresh.version + 1


# --- Steps ----------------------------------------------------------------------------------
@transaction.atomic
def add_step(action: Action, *, actor: User | None, title: str, **fields: Any) -> Step:
    fields.setdefault("position", _next_position(Step, action.agreement, action=action))
    step = create_row(
        Step,
        action.agreement,
        actor=actor,
        fields={"action": action, "title": title, **fields},
        sentence=f"a ajouté une étape à l'action {action.code} : {title}",
    )
    _touch(action)
    return step


@transaction.atomic
def update_step(step: Step, *, actor: User | None, **fields: Any) -> Step:
    sentence = f"a modifié l'étape « {step} » de l'action {step.action.code}"
    row = update_row(step, actor=actor, fields=fields, sentence=sentence)
    _touch(step.action)
    return row


@transaction.atomic
def complete_step(step: Step, *, actor: User | None, on: date | None) -> Step:
    """``on`` None marks the step as not done after all."""
    done = "a fait" if on else "a rouvert"
    sentence = f"{done} l'étape « {step} » de l'action {step.action.code}"
    row = update_row(step, actor=actor, fields={"done_on": on}, sentence=sentence)
    _touch(step.action)
    return row


@transaction.atomic
def delete_part(
    part: Step | BudgetLine | Funding | ActionPartner | Measure, *, actor: User | None
) -> None:
    """Remove a step, a budget line, a funding, a partner's role or a measure of an action."""
    action = part.action
    delete_row(part, actor=actor)
    if action is not None:
        _touch(action)


# --- Money ----------------------------------------------------------------------------------
def _check_year(agreement: Agreement, year: int) -> None:
    if year not in agreement.years:
        raise DomainError(f"{year} n'est pas une année de la convention.", field="year")


@transaction.atomic
def set_budget_line(
    action: Action,
    *,
    actor: User | None,
    year: int,
    nature: str,
    planned: Decimal | None = _UNSET,
    spent: Decimal | None = _UNSET,
    label: str = "",
) -> BudgetLine:
    """What the action costs in one year, operating or investment; None is « not known »."""
    _check_year(action.agreement, year)
    given = {
        name: value
        for name, value in (("planned", planned), ("spent", spent))
        if value is not _UNSET
    }
    key = {"action": action, "year": year, "nature": nature, "label": label}
    sentence = f"a saisi le budget {year} de l'action {action.code}"
    line = BudgetLine.objects.filter(**key).first()
    if line is None:
        line = create_row(
            BudgetLine, action.agreement, actor=actor, fields={**key, **given}, sentence=sentence
        )
    else:
        line = update_row(line, actor=actor, fields=given, sentence=sentence)
    _touch(action)
    return line


@transaction.atomic
def set_funding(
    action: Action,
    *,
    actor: User | None,
    funder: Organisation,
    year: int,
    stage: str,
    amount: Decimal,
    scheme: str = "",
    stated_on: date | None = None,
    is_estimate: bool = False,
) -> Funding:
    """What a funder brings for one year at one stage; saying it again replaces it."""
    _check_year(action.agreement, year)
    key = {"action": action, "funder": funder, "scheme": scheme, "year": year, "stage": stage}
    fields = {"amount": amount, "stated_on": stated_on, "is_estimate": is_estimate}
    sentence = f"a saisi un financement {year} de l'action {action.code} ({funder})"
    funding = Funding.objects.filter(**key).first()
    if funding is None:
        funding = create_row(
            Funding, action.agreement, actor=actor, fields={**key, **fields}, sentence=sentence
        )
    else:
        funding = update_row(funding, actor=actor, fields=fields, sentence=sentence)
    _touch(action)
    return funding


@transaction.atomic
def update_budget_line(line: BudgetLine, *, actor: User | None, **fields: Any) -> BudgetLine:
    _check_year(line.agreement, fields.get("year", line.year))
    sentence = f"a modifié le budget {line.year} de l'action {line.action.code}"
    row = update_row(line, actor=actor, fields=fields, sentence=sentence)
    _touch(line.action)
    return row


@transaction.atomic
def update_funding(funding: Funding, *, actor: User | None, **fields: Any) -> Funding:
    _check_year(funding.agreement, fields.get("year", funding.year))
    sentence = f"a modifié un financement {funding.year} de l'action {funding.action.code}"
    row = update_row(funding, actor=actor, fields=fields, sentence=sentence)
    _touch(funding.action)
    return row


# --- Measures -------------------------------------------------------------------------------
@transaction.atomic
def create_measure(agreement: Agreement, *, actor: User | None, **fields: Any) -> Measure:
    """Of an action or of an orientation. The starting value comes with its year."""
    measure = create_row(Measure, agreement, actor=actor, fields=fields)
    if measure.action is not None:
        _touch(measure.action)
    return measure


def update_measure(
    measure: Measure,
    *,
    actor: User | None,
    expected_version: int | None = None,
    reason: str = "",
    **fields: Any,
) -> Measure:
    return update_row(
        measure, actor=actor, fields=fields, expected_version=expected_version, reason=reason
    )


@transaction.atomic
def set_measure_point(
    measure: Measure,
    *,
    actor: User | None,
    year: int,
    target: Decimal | None = _UNSET,
    value: Decimal | None = _UNSET,
    comment: str = _UNSET,
    reason: str = "",
) -> MeasurePoint:
    """Target and value of one year. Changing what was already said asks for a reason."""
    _check_year(measure.agreement, year)
    given = {
        name: new
        for name, new in (("target", target), ("value", value), ("comment", comment))
        if new is not _UNSET
    }
    sentence = f"a renseigné la mesure « {measure} » pour {year}"
    Measure.objects.filter(pk=measure.pk).update(version=F("version") + 1)
    point = MeasurePoint.objects.filter(measure=measure, year=year).first()
    if point is None:
        return create_row(
            MeasurePoint,
            measure.agreement,
            actor=actor,
            fields={"measure": measure, "year": year, **given},
            sentence=sentence,
        )
    _require_reason(point, given, reason)
    return update_row(point, actor=actor, fields=given, reason=reason, sentence=sentence)


def _require_reason(point: MeasurePoint, given: dict[str, Any], reason: str) -> None:
    words = {"target": "la cible", "value": "la valeur"}
    for name, word in words.items():
        known = getattr(point, name)
        if name in given and known is not None and given[name] != known and not reason.strip():
            raise DomainError(f"Dites pourquoi {word} de {point.year} change.", field=name)


# --- Partners and notes ---------------------------------------------------------------------
@transaction.atomic
def add_partner_role(
    action: Action,
    *,
    actor: User | None,
    organisation: Organisation,
    role: str = ActionPartner.Role.ASSOCIATE,
) -> ActionPartner:
    row = create_row(
        ActionPartner,
        action.agreement,
        actor=actor,
        fields={"action": action, "organisation": organisation, "role": role},
        sentence=f"a associé « {organisation} » à l'action {action.code}",
    )
    _touch(action)
    return row


def add_note(
    action: Action,
    *,
    actor: User | None,
    kind: str,
    text: str,
    on: date,
    is_highlight: bool = False,
) -> FollowUpNote:
    """A dated follow-up note. An internal one is told in the journal to those who may read it."""
    return create_row(
        FollowUpNote,
        action.agreement,
        actor=actor,
        fields={
            "action": action,
            "kind": kind,
            "text": text,
            "on": on,
            "is_highlight": is_highlight,
            "author": actor,
            "author_label": str(actor) if actor else "Fil rouge",
        },
        sentence=f"a noté un suivi sur l'action {action.code}",
        is_internal=kind == FollowUpNote.Kind.INTERNAL,
    )
