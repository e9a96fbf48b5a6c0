"""The sibling pages of the plan, in the order in which one uses them."""

from __future__ import annotations

from agreements.roles import Capability as C
from agreements.views.tabs import Tab, TabsMixin

PLAN_TABS: list[Tab] = [
    ("Plan", "actionplan:plan", C.PLAN_VIEW),
    ("Demander des nouvelles", "actionplan:campaigns", C.PLAN_CHANGE),
    ("Excel", "actionplan:workbook", (C.PLAN_CHANGE, C.PLAN_CHANGE_OWN)),
    ("Plan signé", "actionplan:versions", C.PLAN_VIEW),
    ("Variantes", "actionplan:variants", C.MONEY_VIEW),
    ("Schéma petite enfance", "actionplan:scheme", C.PLAN_VIEW),
    ("Fil rouge", "reports:thread", C.PLAN_VIEW),
]


class PlanTabs(TabsMixin):
    tab_list = PLAN_TABS
