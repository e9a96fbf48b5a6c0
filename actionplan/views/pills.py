"""The views of the plan, under its first tab: the same actions, told in seven ways."""

from __future__ import annotations

from typing import Any

from actionplan.views.tabs import PlanTabs
from agreements.roles import Capability as C
from agreements.views.tabs import Tab, tabs_for

PLAN_PILLS: list[Tab] = [
    ("Arborescence", "actionplan:plan", C.PLAN_VIEW),
    ("Tableau", "actionplan:table", C.PLAN_VIEW),
    ("Calendrier", "actionplan:timeline", C.PLAN_VIEW),
    ("Retards et blocages", "actionplan:attention", C.PLAN_VIEW),
    ("Par pilote", "actionplan:by_pilot", C.PLAN_VIEW),
    ("Par thème", "actionplan:by_theme", C.PLAN_VIEW),
    ("Par financeur", "actionplan:by_funder", C.MONEY_VIEW),
]


class PlanPills(PlanTabs):
    """Give ``pill``: the URL name of the present view."""

    tab = "actionplan:plan"
    pill = "actionplan:plan"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        can_change = self.access.can(C.PLAN_CHANGE)
        return super().get_context_data(
            pills=tabs_for(self.access, self.pill, PLAN_PILLS),
            **{"can_change": can_change, **kwargs},
        )
