"""Forms of the room."""

from actionplan.forms.action import (
    ESSENTIAL,
    UNFOLDED,
    ActionForm,
    NoteForm,
    PartnerActionForm,
    StatusForm,
)
from actionplan.forms.grids import BudgetForm, FundingForm, GridForm, Line, PartnersForm, StepsForm
from actionplan.forms.levels import ObjectiveForm, OrientationForm, PlaceForm
from actionplan.forms.measures import MeasureForm

__all__ = [
    "ESSENTIAL",
    "UNFOLDED",
    "ActionForm",
    "BudgetForm",
    "FundingForm",
    "GridForm",
    "Line",
    "MeasureForm",
    "NoteForm",
    "ObjectiveForm",
    "OrientationForm",
    "PartnerActionForm",
    "PartnersForm",
    "PlaceForm",
    "StatusForm",
    "StepsForm",
]
