"""Forms of the room."""

from actionplan.forms.action import (
    ESSENTIAL,
    UNFOLDED,
    ActionForm,
    NewActionForm,
    PartnerActionForm,
    StatusForm,
)
from actionplan.forms.grids import GridForm, Line, PartnersForm, StepsForm
from actionplan.forms.levels import ObjectiveForm, OrientationForm, PlaceForm
from actionplan.forms.measures import MeasureForm, TakeUpForm
from actionplan.forms.money import BudgetForm, EstimateForm, FundingForm
from actionplan.forms.notes import NoteForm, WeatherForm

__all__ = [
    "ESSENTIAL",
    "UNFOLDED",
    "ActionForm",
    "BudgetForm",
    "EstimateForm",
    "FundingForm",
    "GridForm",
    "Line",
    "MeasureForm",
    "NewActionForm",
    "NoteForm",
    "ObjectiveForm",
    "OrientationForm",
    "PartnerActionForm",
    "PartnersForm",
    "PlaceForm",
    "StatusForm",
    "StepsForm",
    "TakeUpForm",
    "WeatherForm",
]
