"""The plan's workbook of one person: the sheets that they may see, and the cells that they may write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet

from actionplan.models import Action
from actionplan.permissions import led_by
from actionplan.sheets import columns, rows
from actionplan.sheets.columns import BUDGET, FUNDINGS, MEASURES, PLAN, STAFF, STEPS
from actionplan.sheets.known import Known, known_of
from actionplan.sheets.labels import looks_like_level
from agreements.access import Access
from agreements.models import Agreement
from agreements.roles import Capability as C
from core.sheets import Sheet, SheetColumn, SheetRow

OWN_PLAN = (
    "status", "progress", "progress_note", "difficulties", "blocked_cause", "unblock_condition",
    "blocked_review_on", "dropped_reason",
)  # fmt: skip
FOREIGN_IDENTITY = {BUDGET: ("action", "year"), FUNDINGS: ("action", "funder", "year")}
"""What someone else's table must at least say of a line."""
OWN_STEPS = ("title", "due_on", "done_on")


@dataclass(frozen=True)
class Book:
    """The sheets filled with what stands now.

    ``whole``: the plan as the coordinator holds it; otherwise the actions that a partner leads,
    where only what they may say of them can be written, and new steps added.
    """

    agreement: Agreement
    known: Known
    sheets: tuple[Sheet, ...]
    whole: bool

    def sheet(self, name: str) -> Sheet:
        return next(sheet for sheet in self.sheets if sheet.name == name)

    @property
    def order(self) -> list[str]:
        return [sheet.name for sheet in self.sheets]

    def may_write(self, sheet: str, column: str) -> bool:
        if self.whole:
            return True
        if sheet == PLAN:
            return column in OWN_PLAN
        if sheet == STEPS:
            return column in OWN_STEPS
        return column.startswith("value_") or column == "reason"


LEVELS = ("orientation", "objective", "sub_objective")


def book_of(access: Access) -> Book:
    """What this person's workbook holds; nothing of others for who only leads some actions."""
    if access.can(C.PLAN_CHANGE):
        return whole_book(access.agreement)
    return own_book(access.agreement, led_by(access, rows.actions_of(access.agreement)))


def whole_book(agreement: Agreement) -> Book:
    actions = rows.loaded(rows.actions_of(agreement))
    known = known_of(agreement, actions)
    labels = [rows.label_of(action) for action in actions]
    followed = [*labels, *known.orientation_labels]
    sheets = (
        _plan(columns.plan_columns(agreement, known), rows.plan_rows(agreement, actions)),
        Sheet(STEPS, columns.step_columns(labels, known), ("action", "title"), "étape", rows.step_rows(actions)),
        Sheet(BUDGET, columns.budget_columns(labels), ("action", "year", "nature", "label"), "dépense", rows.budget_rows(actions)),
        Sheet(STAFF, columns.staff_columns(labels), ("action", "year"), "ligne de temps", rows.staff_rows(actions)),
        Sheet(FUNDINGS, columns.funding_columns(labels, known), ("action", "funder", "scheme", "year", "stage"), "ligne de financement", rows.funding_rows(actions)),
        Sheet(MEASURES, columns.measure_columns(agreement, followed), ("action", "label"), "mesure", rows.measure_rows(agreement, actions)),
    )  # fmt: skip
    return Book(agreement, known, sheets, whole=True)


def own_book(agreement: Agreement, led: QuerySet[Action]) -> Book:
    """The actions that a partner leads: where they stand, their steps, the values of their measures.

    The rest of the plan is in none of its lists.
    """
    actions = rows.loaded(led)
    known = Known(agreement)
    for action in actions:
        known.add_action(action)
    labels = [rows.label_of(action) for action in actions]
    plan = tuple(
        column
        for column in columns.plan_columns(agreement, known)
        if column.key in ("code", "title", *OWN_PLAN)
    )
    sheets = (
        Sheet(PLAN, plan, ("code", "title"), "ligne", tuple(map(rows.action_row, actions))),
        Sheet(STEPS, columns.step_columns(labels, None), ("action", "title"), "étape", rows.step_rows(actions)),
        Sheet(MEASURES, columns.measure_columns(agreement, labels, whole=False), ("action", "label"), "mesure", rows.measure_rows(agreement, actions, whole=False)),
    )  # fmt: skip
    return Book(agreement, known, sheets, whole=False)


def _plan(found: tuple[SheetColumn, ...], lines: tuple[SheetRow, ...]) -> Sheet:
    levels = tuple(column.key for column in found if column.key in LEVELS)
    return Sheet(
        PLAN, found, ("code", "title", *levels), "ligne", lines, levels, banner_levels, name_row
    )


def name_row(values: Mapping[str, Any]) -> str:
    """« 1.2 Ouvrir un relais », or the level that the line names."""
    told = [str(values.get(key) or "") for key in ("code", "title")]
    named = " ".join(text for text in told if text)
    return named or next((str(values[key]) for key in reversed(LEVELS) if values.get(key)), "")


def with_foreign_columns(book: Book) -> Book:
    """The same, reading too what others put in one cell of the plan."""
    if not book.whole:
        return book
    plan = book.sheet(PLAN)
    levels = ["orientation_code", "orientation"]
    if "objective" in plan.levels:
        levels += ["objective_code", *(key for key in plan.levels if key != "orientation")]
    wider = replace(
        plan,
        columns=(*plan.columns, *columns.foreign_columns()),
        identity=("title",),
        levels=tuple(levels),
    )
    others = [
        replace(sheet, identity=FOREIGN_IDENTITY.get(sheet.name, sheet.identity))
        for sheet in book.sheets
        if sheet is not plan
    ]
    return replace(book, sheets=(wider, *others))


def banner_levels(cells: Mapping[str, Any], banner: str) -> Mapping[str, Any] | None:
    """The level that a line names when it says nothing else: in the column of a level, or as a band
    across the sheet (« AXE 1 : petite enfance »)."""
    told = {key: cell for key, cell in cells.items() if cell is not None and str(cell).strip()}
    named = {"orientation_code", "objective_code", *LEVELS}
    if told and set(told) <= named:
        if "objective" in told:
            told.setdefault("objective_code", None)
        return told
    if not looks_like_level(banner):
        return None
    is_objective = banner.lower().startswith("objectif") and "objective" in cells
    return (
        {"objective": banner, "objective_code": None}
        if is_objective
        else {"orientation": banner, "orientation_code": None}
    )
