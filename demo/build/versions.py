"""The plan as signed, then what changed since through the services, an avenant and two variants.

The plan of the example is built as it is today. Here it is put back to what was signed, without a
trace; frozen; then brought to today through the services, each change with its reason.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import F, Max
from django.utils import timezone

from actionplan.models import Action, BudgetLine, MeasurePoint, PlanVersion
from actionplan.services import change_status, set_measure_point, update_action
from actionplan.variants.cells import planned_money
from actionplan.variants.services import create_variant, set_cells
from actionplan.versions.services import freeze_signed_plan, prepare_amendment
from agreements.models import JournalEntry
from agreements.services import update_row
from demo.build.context import Example
from demo.content import versions as content

PREPARED_SINCE = (
    "actionplan.planversion", "actionplan.budgetvariant", "actionplan.schemeitem",
    "actionplan.schemeact", "actionplan.followupnote",
)  # fmt: skip
"""What was written after the signature: all the rest of the plan was there before."""
HISTORY: Any = Action.history  # type: ignore[attr-defined]


def build_versions(example: Example) -> None:
    today = {code: Action.objects.get(pk=row.pk) for code, row in example.actions.items()}
    lines = _put_back(example, today)
    signed = freeze_signed_plan(
        example.agreement, actor=example.actor, on=_signed_on(example), note=content.SIGNED_NOTE
    )
    Action.objects.filter(pk=today[content.ADDED_SINCE].pk).update(is_archived=False)
    example.extra["signed"] = signed
    example.extra["changes"] = _bring_to_today(example, today, lines)
    _amendment(example, today)
    _variants(example)
    for code in (*content.REASONS, content.VARIANT_ACTION):
        example.actions[code].refresh_from_db()


def _signed_on(example: Example) -> date:
    assert example.agreement.signed_on is not None
    return example.agreement.signed_on


def _reason(code: str) -> str:
    return content.REASONS[code][1]


# --- Back to what was signed, then to today --------------------------------------------------
def _put_back(example: Example, today: dict[str, Action]) -> dict[int, Decimal | None]:
    """Returns the planned amount of today of each budget line put back."""

    def put(code: str, **fields: Any) -> None:
        Action.objects.filter(pk=today[code].pk).update(**fields)

    for code, title in content.SIGNED_TITLES.items():
        put(code, title=title)
    for code, days in content.SIGNED_DUE.items():
        earlier = today[code].due_on.toordinal() + days
        put(code, due_on=max(date.fromordinal(earlier), today[code].starts_on or date.min))
    for code, organisation in content.SIGNED_LEADS.items():
        put(code, lead_organisation=example.organisations[organisation])
    for code, objective in content.SIGNED_OBJECTIVES.items():
        put(code, objective=example.objectives[objective])
    put(content.ADDED_SINCE, is_archived=True)
    put(content.DROPPED_SINCE, status="planned", dropped_reason="")
    _target(example, today).update(target=F("target") - content.SIGNED_TARGET[1])
    lines: dict[int, Decimal | None] = {}
    for code, amount in content.SIGNED_INVESTMENT.items():
        for line in today[code].budget_lines.filter(nature=BudgetLine.Nature.INVESTMENT):
            lines[line.pk] = line.planned
            BudgetLine.objects.filter(pk=line.pk).update(planned=amount)
    for code, cut in content.SIGNED_OPERATING_CUT.items():
        operating = today[code].budget_lines.filter(
            nature=BudgetLine.Nature.OPERATING, year__gt=example.year, planned__gt=cut
        )
        for line in operating:
            lines[line.pk] = line.planned
        operating.update(planned=F("planned") - cut)
    return lines


def _target(example: Example, today: dict[str, Action]) -> Any:
    code, gained = content.SIGNED_TARGET
    return MeasurePoint.objects.filter(
        measure__action=today[code], year=example.year + 1, target__gt=gained
    )


def _bring_to_today(
    example: Example, today: dict[str, Action], lines: dict[int, Decimal | None]
) -> dict[str, list[int]]:
    """Code → the lines of the journal that its changes wrote."""
    actor = example.actor
    told: dict[str, list[int]] = {}

    def since(code: str, mark: int) -> None:
        new = JournalEntry.objects.filter(agreement=example.agreement, pk__gt=mark)
        told.setdefault(code, []).extend(new.values_list("pk", flat=True))

    def mark() -> int:
        return JournalEntry.objects.aggregate(top=Max("pk"))["top"] or 0

    for code in content.REASONS:
        start, action = mark(), Action.objects.get(pk=today[code].pk)
        wanted = today[code]
        if code == content.DROPPED_SINCE:
            change_status(
                action, actor=actor, status="dropped", dropped_reason=wanted.dropped_reason,
                reason=_reason(code),
            )  # fmt: skip
        elif code != content.ADDED_SINCE:
            update_action(
                action, actor=actor, reason=_reason(code), title=wanted.title,
                due_on=wanted.due_on, lead_organisation=wanted.lead_organisation,
                objective=wanted.objective,
            )  # fmt: skip
        for line in BudgetLine.objects.filter(pk__in=lines, action=action):
            update_row(
                line, actor=actor, fields={"planned": lines[line.pk]}, reason=_reason(code),
                sentence=f"a modifié le budget {line.year} de l'action {code}",
            )  # fmt: skip
        if code == content.SIGNED_TARGET[0]:
            for point in _target(example, today).select_related("measure__agreement"):
                set_measure_point(
                    point.measure, actor=actor, year=point.year,
                    target=point.target + content.SIGNED_TARGET[1], reason=_reason(code),
                )  # fmt: skip
        since(code, start)
    return told


# --- The avenant and the variants ------------------------------------------------------------
def _amendment(example: Example, today: dict[str, Action]) -> None:
    prepare_amendment(
        example.agreement,
        actor=example.actor,
        note=content.AMENDMENT_NOTE,
        blocks=[f"action:{today[code].pk}" for code in content.AMENDMENT_ACTIONS],
    )


def _variants(example: Example) -> None:
    action = example.actions[content.VARIANT_ACTION]
    plan = planned_money(example.agreement)
    last = example.agreement.ends_on.year
    for title, note, expenses, fundings in content.VARIANTS:
        variant = create_variant(example.agreement, actor=example.actor, title=title, note=note)
        spent, given = {}, {}
        for (nature, ahead), more in expenses.items():
            expense = (action.pk, min(example.year + ahead, last), nature)
            spent[expense] = (plan.expenses.get(expense) or Decimal(0)) + more
        for (funder, ahead), more in fundings.items():
            payer = example.organisations[funder].pk
            funding = (action.pk, min(example.year + ahead, last), payer, "")
            given[funding] = max((plan.fundings.get(funding) or Decimal(0)) + more, Decimal(0))
        set_cells(
            variant, actor=example.actor,
            expenses={cell: max(amount, Decimal(0)) for cell, amount in spent.items()},
            fundings=given,
        )  # fmt: skip


# --- Dates -----------------------------------------------------------------------------------
def date_changes(example: Example) -> None:
    """Each change on the day it is said to have been decided, once the rest is put in the past."""
    signed: PlanVersion = example.extra["signed"]
    frozen = _at(_signed_on(example), 18)
    PlanVersion.objects.filter(pk=signed.pk).update(created_at=frozen, updated_at=frozen)
    JournalEntry.objects.filter(
        agreement=example.agreement, verb="create", target_type__startswith="actionplan."
    ).exclude(target_type__in=PREPARED_SINCE).update(at=frozen - timedelta(days=1))
    for code, entries in example.extra["changes"].items():
        at = _at(example.day(content.REASONS[code][0]), 10)
        if code == content.ADDED_SINCE:
            created = JournalEntry.objects.filter(
                agreement=example.agreement, verb="create", target_type="actionplan.action",
                target_id=example.actions[code].pk,
            )  # fmt: skip
            created.update(at=at, reason=_reason(code))
        JournalEntry.objects.filter(pk__in=entries).update(at=at)
        rows = HISTORY.filter(id=example.actions[code].pk, history_change_reason=_reason(code))
        rows.update(history_date=at)


def _at(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))
