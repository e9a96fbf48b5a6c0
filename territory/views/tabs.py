"""The sibling pages of the diagnosis, in the order in which a diagnosis is made."""

from __future__ import annotations

from agreements.roles import Capability as C
from agreements.views.tabs import Tab, TabsMixin

DIAGNOSIS_TABS: list[Tab] = [
    ("Vue d'ensemble", "territory:home", C.DIAGNOSIS_VIEW),
    ("Chiffres", "territory:compare", C.DIAGNOSIS_VIEW),
    ("Offre", "territory:offer", C.DIAGNOSIS_VIEW),
    ("Adéquation", "territory:adequacy", C.DIAGNOSIS_VIEW),
    ("Argent de la Caf", "territory:money", C.MONEY_VIEW),
    ("Constats", "territory:afom", C.DIAGNOSIS_VIEW),
    ("Ateliers", "territory:workshops", C.DIAGNOSIS_VIEW),
    ("Thèmes", "reports:themes", C.DIAGNOSIS_VIEW),
    ("Rapport", "reports:prepare", C.DOCUMENTS_PRODUCE),
]


class DiagnosisTabs(TabsMixin):
    tab_list = DIAGNOSIS_TABS
