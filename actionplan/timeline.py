"""The calendar of the plan: one drawing for each orientation, on the dates of the agreement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Prefetch

from actionplan.models import Action, ActionStatus, Orientation, Step
from actionplan.queries import plan_lines
from agreements.models import Agreement
from core.charts import Chart
from core.charts.bars import LINES, wrapped
from core.charts.base import Row
from core.documents.content import Column, Missing, State
from core.formats import date_long, date_short, plural

ACTIONS_A_PAGE = 50
WIDTH = 900
ROW = 28
WRAPPED_ROW = 40
LABEL, LABEL_ROOM = 34, 225
TONES = {
    ActionStatus.TO_DISCUSS: "@neutral",
    ActionStatus.PLANNED: "@info",
    ActionStatus.IN_PROGRESS: "@primary",
    ActionStatus.PAUSED: "@warning",
    ActionStatus.BLOCKED: "@danger",
    ActionStatus.DONE: "@success",
    ActionStatus.DROPPED: "@others",
}
LATE = "en retard"
DONE_STEP, STEP, LATE_STEP = "étape faite", "étape à venir", "étape en retard"
STEP_SHAPES = {DONE_STEP: "circle", STEP: "diamond", LATE_STEP: "triangle-up"}
STEP_COLOURS = {DONE_STEP: "@success", STEP: "@ink", LATE_STEP: "@danger"}


@dataclass
class Stretch:
    """The actions of one orientation that a page of the calendar shows."""

    orientation: Orientation
    actions: list[Action] = field(default_factory=list)


def calendar_lines(agreement: Agreement, on: date) -> Any:
    """The actions in plan order with their dated steps; the caller cuts the page."""
    steps = Prefetch(
        "steps", Step.objects.filter(due_on__isnull=False).order_by("due_on", "pk"), "dated_steps"
    )
    return plan_lines(agreement, on).prefetch_related(steps)


def stretches(orientations: dict[int, Orientation], actions: Sequence[Action]) -> list[Stretch]:
    found = {pk: Stretch(row) for pk, row in orientations.items()}
    for action in actions:
        found[action.orientation_id].actions.append(action)
    return [row for row in found.values() if row.actions]


class PlanCalendar(Chart):
    """Bars from the start to the due date, in the colour of the status, its word beside; a late
    action has a red outline and says so; the steps are shapes on the bar; today is a line.

    An action without a start is drawn from the month before its due date, dashed."""

    def __init__(
        self, *, title: str, actions: Sequence[Action], start: date, end: date, on: date
    ) -> None:
        self.title = title
        self.actions = actions
        self.start, self.end, self.on = start, end, on
        self.columns = {
            "action": Column("Action", width=5),
            "start": Column("Début", "date"),
            "due": Column("Échéance", "date"),
            "status": Column("Statut", "state"),
            "steps": Column("Étapes", width=4),
        }

    # --- Told -----------------------------------------------------------------------------
    def rows(self) -> list[Row]:
        return [
            {
                "action": str(action),
                "start": action.starts_on or Missing("à fixer"),
                "due": action.due_on,
                "status": State(action.status, self.words(action)),
                "steps": self.steps_words(action),
            }
            for action in self.actions
        ]

    def words(self, action: Action) -> str:
        word = action.get_status_display()
        return f"{word}, {LATE}" if action.is_late else word  # type: ignore[attr-defined]

    def steps_words(self, action: Action) -> str:
        told = [
            f"{step.title} ({date_short(step.due_on)}, {self.step_kind(step).removeprefix('étape ')})"
            for step in action.dated_steps  # type: ignore[attr-defined]
        ]
        return " ; ".join(told)

    def step_kind(self, step: Step) -> str:
        if step.done_on:
            return DONE_STEP
        return LATE_STEP if step.is_late_on(self.on) else STEP

    def sentence(self) -> str:
        late = [action.code for action in self.actions if action.is_late]  # type: ignore[attr-defined]
        open_ = [
            a for a in self.actions if a.status not in (ActionStatus.DONE, ActionStatus.DROPPED)
        ]
        coming = sorted((a for a in open_ if a.due_on >= self.on), key=lambda a: a.due_on)
        told = [f"{plural(len(self.actions), 'action')}"]
        if late:
            told.append(f"en retard au {date_long(self.on)} : {', '.join(late)}")
        if coming:
            told.append(f"prochaine échéance le {date_long(coming[0].due_on)} ({coming[0].code})")
        return " ; ".join(told) + "."

    # --- Drawn ----------------------------------------------------------------------------
    def spec(self) -> dict[str, Any]:
        labels = [wrapped(str(action), LABEL) for action in self.actions]
        is_wrapped = any("\n" in label for label in labels)
        bars = [
            self._bar(action, label) for action, label in zip(self.actions, labels, strict=True)
        ]
        steps = [
            {"label": label, "day": step.due_on.isoformat(), "kind": self.step_kind(step)}
            for action, label in zip(self.actions, labels, strict=True)
            for step in action.dated_steps  # type: ignore[attr-defined]
            if self.start <= step.due_on <= self.end
        ]
        kinds = [kind for kind in STEP_SHAPES if any(step["kind"] == kind for step in steps)]
        y = {
            "field": "label",
            "type": "nominal",
            "sort": None,
            "scale": {"domain": labels},
            "axis": {
                "title": None, "ticks": False, "domain": False, **LINES,
                # The same room for the labels of every orientation: dates stand one above the other.
                "minExtent": LABEL_ROOM, "maxExtent": LABEL_ROOM,
            },
        }  # fmt: skip
        return {
            "width": WIDTH,
            "height": (WRAPPED_ROW if is_wrapped else ROW) * len(labels)
            + 46
            + (26 if kinds else 0),
            "autosize": {"type": "fit", "contains": "padding"},
            "data": {"values": bars},
            "encoding": {"y": y},
            "layer": [
                *self._today(),
                _bars(dashed=False, domain=self._domain()),
                _bars(dashed=True, domain=self._domain()),
                *([_steps(steps, kinds)] if steps else []),
                *_statuses(),
            ],
        }

    def _domain(self) -> list[dict[str, Any]]:
        return [_day(self.start), _day(self.end)]

    def _bar(self, action: Action, label: str) -> dict[str, Any]:
        start = action.starts_on or max(
            self.start, date.fromordinal(action.due_on.toordinal() - 30)
        )
        begin, end = max(start, self.start), min(action.due_on, self.end)
        span = (self.end - self.start).days or 1
        return {
            "label": label,
            "start": min(begin, end).isoformat(),
            "end": end.isoformat(),
            "tone": TONES[ActionStatus(action.status)],
            "edge": "@thread" if action.is_late else TONES[ActionStatus(action.status)],  # type: ignore[attr-defined]
            "edge_width": 3 if action.is_late else 1,  # type: ignore[attr-defined]
            "dashed": action.starts_on is None,
            "text": self.words(action),
            # Where the room is: the word stands after a bar that ends early, before one that ends late.
            "after": (end - self.start).days < span * 0.62,
        }

    def _today(self) -> list[dict[str, Any]]:
        if not self.start <= self.on <= self.end:
            return []
        data = {
            "values": [{"day": self.on.isoformat(), "text": f"aujourd'hui, {date_short(self.on)}"}]
        }
        x = {"field": "day", "type": "temporal"}
        return [
            {
                "data": data,
                "mark": {"type": "rule", "color": "@thread", "strokeWidth": 2, "strokeDash": [5, 3]},
                "encoding": {"x": x, "y": None},
            },
            {
                "data": data,
                "mark": {"type": "text", "color": "@thread", "baseline": "bottom", "dy": -3, "fontSize": 12},
                "encoding": {"x": x, "y": {"value": 0}, "text": {"field": "text"}},
            },
        ]  # fmt: skip


def _day(day: date) -> dict[str, int]:
    return {"year": day.year, "month": day.month, "date": day.day}


def _bars(*, dashed: bool, domain: list[dict[str, Any]]) -> dict[str, Any]:
    """Colours are values of the row: ``scale`` null takes them as they are."""
    x = {
        "field": "start",
        "type": "temporal",
        "scale": {"domain": domain},
        "axis": {
            "title": None,
            "format": "%Y",
            "tickCount": {"interval": "year", "step": 1},
            "grid": True,
            "domain": False,
            "labelAlign": "left",
            "orient": "bottom",
        },
    }
    return {
        "transform": [{"filter": "datum.dashed" if dashed else "!datum.dashed"}],
        "mark": {
            "type": "bar",
            "height": 12,
            "cornerRadius": 3,
            "fillOpacity": 0.25 if dashed else 0.85,
            **({"strokeDash": [4, 2]} if dashed else {}),
        },
        "encoding": {
            "x": x,
            "x2": {"field": "end"},
            "fill": {"field": "tone", "type": "nominal", "scale": None},
            "stroke": {"field": "edge", "type": "nominal", "scale": None},
            "strokeWidth": {"field": "edge_width", "type": "quantitative", "scale": None},
        },
    }


def _steps(steps: list[dict[str, Any]], kinds: list[str]) -> dict[str, Any]:
    return {
        "data": {"values": steps},
        "mark": {"type": "point", "filled": True, "size": 75, "opacity": 1, "stroke": "@ground", "strokeWidth": 1.5},
        "encoding": {
            "x": {"field": "day", "type": "temporal"},
            "shape": {
                "field": "kind", "type": "nominal",
                "scale": {"domain": kinds, "range": [STEP_SHAPES[kind] for kind in kinds]},
                "legend": {"orient": "bottom", "title": None, "columns": 3, "offset": 6},
            },
            "color": {
                "field": "kind", "type": "nominal",
                "scale": {"domain": kinds, "range": [STEP_COLOURS[kind] for kind in kinds]},
                "legend": {"orient": "bottom", "title": None},
            },
        },
    }  # fmt: skip


def _statuses() -> list[dict[str, Any]]:
    halo = {"stroke": "@ground", "strokeWidth": 4, "color": "@ground"}
    return [
        {
            "transform": [{"filter": "datum.after" if after else "!datum.after"}],
            "mark": {
                "type": "text", "align": "left" if after else "right", "dx": 8 if after else -8, "fontSize": 12,
                **around,
            },
            "encoding": {
                "x": {"field": "end" if after else "start", "type": "temporal"},
                "text": {"field": "text"},
            },
        }
        for after in (True, False)
        for around in (halo, {})
    ]  # fmt: skip
