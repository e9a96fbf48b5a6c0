"""The sheets beside the plan: steps, money, working time, measures."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from actionplan import services
from actionplan.models import (
    Action,
    BudgetLine,
    Funding,
    FundingStage,
    Measure,
    StaffTime,
    Step,
)
from actionplan.sheets import columns
from core.errors import DomainError
from core.sheets import Change

if TYPE_CHECKING:
    from actionplan.sheets.writer import Writer

MEASURE_FIELDS = (
    "label", "unit", "kind", "direction", "decimals", "baseline", "baseline_year", "source",
)  # fmt: skip


def _text(value: Any) -> Any:
    return "" if value is None else value


def _stays(change: Change, word: str) -> None:
    """A line that is known keeps its action: it would leave its history behind."""
    if not change.is_new and "action" in change.values:
        raise DomainError(
            f"{word} ne change pas d'action : écrivez-en une nouvelle.", field="action"
        )


def _known(model: Any, writer: Writer, change: Change) -> Any:
    return model.objects.select_related("action__agreement").get(
        agreement=writer.agreement, pk=int(change.key.partition(".")[2][1:])
    )


def _required(values: dict[str, Any], *names: str) -> None:
    for name in names:
        if name in values and values[name] in (None, ""):
            raise DomainError("Une valeur est nécessaire.", field=name)


def write_step(writer: Writer, change: Change) -> None:
    _stays(change, "Une étape")
    values = {k: v for k, v in change.values.items() if k in ("title", "due_on", "done_on")}
    _required(values, "title")
    if "owner" in change.values:
        values["owner"] = writer.person(change.values["owner"], "owner")
    if change.is_new:
        services.add_step(writer.action(change.values.get("action")), actor=writer.actor, **values)
    else:
        services.update_step(_known(Step, writer, change), actor=writer.actor, **values)


def write_budget(writer: Writer, change: Change) -> None:
    _stays(change, "Une dépense")
    names = ("year", "nature", "label", "planned", "spent")
    values = {name: change.values[name] for name in names if name in change.values}
    _required(values, "year")
    if "label" in values:
        values["label"] = _text(values["label"])
    if values.get("nature") is None:
        values.pop("nature", None)
    if change.is_new:
        given = {"nature": BudgetLine.Nature.OPERATING, **values}
        action = writer.action(change.values.get("action"))
        services.set_budget_line(action, actor=writer.actor, **given)
    else:
        services.update_budget_line(
            _known(BudgetLine, writer, change), actor=writer.actor, **values
        )


def write_staff(writer: Writer, change: Change) -> None:
    _stays(change, "Un temps de travail")
    names = ("year", "planned", "spent")
    values = {name: change.values[name] for name in names if name in change.values}
    _required(values, "year")
    if change.is_new:
        action = writer.action(change.values.get("action"))
        services.set_staff_time(action, actor=writer.actor, **values)
    else:
        services.update_staff_time(_known(StaffTime, writer, change), actor=writer.actor, **values)


def write_funding(writer: Writer, change: Change) -> None:
    _stays(change, "Un financement")
    names = ("scheme", "year", "stage", "amount", "stated_on", "is_estimate", "basis")
    values = {name: change.values[name] for name in names if name in change.values}
    _required(values, "year", "amount")
    for name in ("scheme", "basis"):
        if name in values:
            values[name] = _text(values[name])
    for name in ("stage", "is_estimate"):
        if values.get(name) is None:
            values.pop(name, None)
    if "funder" in change.values:
        if not change.values["funder"]:
            raise DomainError("Un financement a un financeur.", field="funder")
        values["funder"] = writer.organisation(change.values["funder"], "funder")
    if not change.is_new:
        services.update_funding(_known(Funding, writer, change), actor=writer.actor, **values)
        return
    values.setdefault("stage", FundingStage.PLANNED)
    basis = values.pop("basis", "")
    action = writer.action(change.values.get("action"))
    funding = services.set_funding(action, actor=writer.actor, **values)
    if basis:
        services.update_funding(funding, actor=writer.actor, basis=basis)


def write_measure(writer: Writer, change: Change) -> None:
    _stays(change, "Une mesure")
    fields = {name: change.values[name] for name in MEASURE_FIELDS if name in change.values}
    _required(fields, "label")
    for name in ("unit", "source"):
        if name in fields:
            fields[name] = _text(fields[name])
    for name in ("kind", "direction", "decimals"):
        if fields.get(name) is None:
            fields.pop(name, None)
    reason = writer.reason_of(change)
    if change.is_new:
        measure = services.create_measure(
            writer.agreement, actor=writer.actor, **_followed(writer, change), **fields
        )
    else:
        pk = int(change.key.partition(".")[2][1:])
        measure = Measure.objects.select_related("agreement", "action__agreement").get(
            agreement=writer.agreement, pk=pk
        )
        if fields:
            services.update_measure(measure, actor=writer.actor, reason=reason, **fields)
    for year in writer.agreement.years:
        _write_year(writer, measure, change, year, reason)


def _followed(writer: Writer, change: Change) -> dict[str, Any]:
    """An action, or an orientation of the plan."""
    text = str(change.values.get("action") or "")
    found: Action | None = writer.known.action(text)
    if found is not None:
        return {"action": found}
    orientation = writer.known.orientations.get(text)
    if orientation is not None:
        return {"orientation": orientation}
    raise DomainError(f"« {text} » n'est ni une action ni un niveau du plan.", field="action")


def _write_year(writer: Writer, measure: Measure, change: Change, year: int, reason: str) -> None:
    given = {
        name: change.values[f"{name}_{year}"]
        for name in ("target", "value")
        if f"{name}_{year}" in change.values
    }
    if change.is_new:
        given = {name: value for name, value in given.items() if value is not None}
    if not given:
        return
    try:
        services.set_measure_point(measure, actor=writer.actor, year=year, reason=reason, **given)
    except DomainError as refusal:
        field = f"{refusal.field}_{year}" if refusal.field in ("target", "value") else "reason"
        raise DomainError(refusal.message, field=field) from refusal


PARTS: dict[str, Callable[[Writer, Change], None]] = {
    columns.STEPS: write_step,
    columns.BUDGET: write_budget,
    columns.STAFF: write_staff,
    columns.FUNDINGS: write_funding,
    columns.MEASURES: write_measure,
}
