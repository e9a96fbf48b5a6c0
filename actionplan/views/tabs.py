"""The sibling pages of the plan, in the order in which one uses them."""

from __future__ import annotations

from agreements.roles import Capability as C
from agreements.views.tabs import Tab, TabsMixin

PLAN_TABS: list[Tab] = [
    ("Plan", "actionplan:plan", C.PLAN_VIEW),
    ("Excel", "actionplan:workbook", C.PLAN_CHANGE),
]


class PlanTabs(TabsMixin):
    tab_list = PLAN_TABS
