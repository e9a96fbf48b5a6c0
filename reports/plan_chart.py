"""The timeline of the plan: one bar an action, from its beginning to its due date."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from actionplan.documents import action_state
from actionplan.models import Action
from agreements.models import Agreement
from core import formats as fr
from core.charts.bars import wrapped
from core.charts.base import Chart, Row
from core.documents.content import Column, Missing, State

WIDTH, ROW, LABEL = 620, 34, 36
MOST = 12
"""Bars of one drawing; a longer orientation is drawn in several."""
LABELS = {"labelExpr": "split(datum.label, '\\n')", "labelLineHeight": 14, "labelLimit": 0}


class PlanTimeline(Chart):
    """An action whose beginning is not known is a mark at its due date, never a bar."""

    columns = {
        "label": Column("Action", width=6),
        "starts_on": Column("Début", "date", width=2),
        "due_on": Column("Échéance", "date", width=2),
        "state": Column("Statut", "state", width=2),
    }

    def __init__(
        self, title: str, agreement: Agreement, actions: Sequence[Action], on: date
    ) -> None:
        self.title, self.agreement, self.actions, self.on = title, agreement, actions, on
        self.source = "Fil rouge, suivi du plan d'actions"

    def rows(self) -> list[Row]:
        return [
            {
                "label": str(action),
                "starts_on": action.starts_on or Missing("à fixer"),
                "due_on": action.due_on,
                "state": action_state(action, self.on),
            }
            for action in self.actions
        ]

    def sentence(self) -> str:
        last = max(self.actions, key=lambda action: action.due_on)
        return (
            f"{fr.plural(len(self.actions), 'action')} ; la dernière échéance est celle de "
            f"« {fr.shortened(str(last), 70)} », le {fr.date_long(last.due_on)}."
        )

    def spec(self) -> dict[str, Any]:
        data = [self._datum(action) for action in self.actions]
        states = {datum["state"]: datum["tone"] for datum in data}
        bounds = [f"{self.agreement.starts_on:%Y-%m-%d}", f"{self.agreement.ends_on:%Y-%m-%d}"]
        x = {
            "type": "temporal",
            "scale": {"domain": bounds, "nice": False, "clamp": True},
            "axis": {
                "title": None, "format": "%Y", "tickCount": "year", "orient": "top",
                "labelAlign": "left", "domain": False,
            },
        }  # fmt: skip
        colour = {
            "field": "state", "type": "nominal",
            "scale": {"domain": list(states), "range": list(states.values())},
            "legend": {"orient": "bottom", "title": None, "symbolType": "square", "columns": 3},
        }  # fmt: skip
        y = {
            "field": "label", "type": "nominal", "sort": None,
            "axis": {"title": None, "ticks": False, "domain": False, **LABELS},
        }  # fmt: skip
        return {
            "width": WIDTH,
            "height": ROW * len(data) + 80,
            "autosize": {"type": "fit", "contains": "padding"},
            "data": {"values": data},
            "layer": [
                {
                    "transform": [{"filter": "isValid(datum.start)"}],
                    "mark": {"type": "bar", "height": 15, "cornerRadius": 3},
                    "encoding": {"y": y, "x": {"field": "start", **x}, "x2": {"field": "end"}, "color": colour},
                },
                {
                    "transform": [{"filter": "!isValid(datum.start)"}],
                    "mark": {"type": "point", "shape": "diamond", "filled": True, "size": 140},
                    "encoding": {"y": y, "x": {"field": "end", **x}, "color": colour},
                },
                {
                    "data": {"values": [{"today": f"{self.on:%Y-%m-%d}"}]},
                    "mark": {"type": "rule", "color": "@thread", "strokeWidth": 1.6, "strokeDash": [5, 3]},
                    "encoding": {"x": {"field": "today", **x}},
                },
            ],
        }  # fmt: skip

    def _datum(self, action: Action) -> dict[str, Any]:
        state: State = action_state(action, self.on)
        return {
            "label": wrapped(str(action), LABEL),
            "start": f"{action.starts_on:%Y-%m-%d}" if action.starts_on else None,
            "end": f"{action.due_on:%Y-%m-%d}",
            "state": state.label,
            "tone": f"@{COLOURS.get(state.key, state.tone)}",
        }


COLOURS = {"to_discuss": "cat5", "dropped": "cat8", "paused": "warning", "late": "cat3"}
"""Where two states would have the same tone, one takes a colour of its own."""


def timelines(
    title: str, agreement: Agreement, actions: Sequence[Action], on: date
) -> list[PlanTimeline]:
    parts = [actions[i : i + MOST] for i in range(0, len(actions), MOST)]
    return [
        PlanTimeline(title if len(parts) == 1 else f"{title} ({rank} sur {len(parts)})", agreement, part, on)
        for rank, part in enumerate(parts, 1)
    ]  # fmt: skip
