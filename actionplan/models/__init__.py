"""The action plan: orientation → optional objectives → action → step, its money and its measures."""

from actionplan.models.action import (
    Action,
    ActionChallenge,
    ActionQuerySet,
    ActionStatus,
    ActionTheme,
)
from actionplan.models.campaigns import Campaign, CampaignLead, CampaignLink, NewsAnswer, NewsFigure
from actionplan.models.followup import (
    ActionPartner,
    ActionWeather,
    FollowUpNote,
    Step,
    StepQuerySet,
)
from actionplan.models.levels import Objective, Orientation, OrientationChallenge
from actionplan.models.measures import Measure, MeasurePoint
from actionplan.models.money import (
    BudgetLine,
    BudgetVariant,
    Funding,
    FundingStage,
    StaffTime,
    VariantFunding,
    VariantLine,
)
from actionplan.models.scheme import SchemeAct, SchemeItem
from actionplan.models.versions import PlanVersion

__all__ = [
    "Action",
    "ActionChallenge",
    "ActionPartner",
    "ActionQuerySet",
    "ActionStatus",
    "ActionTheme",
    "ActionWeather",
    "BudgetLine",
    "BudgetVariant",
    "Campaign",
    "CampaignLead",
    "CampaignLink",
    "FollowUpNote",
    "Funding",
    "FundingStage",
    "Measure",
    "MeasurePoint",
    "NewsAnswer",
    "NewsFigure",
    "Objective",
    "Orientation",
    "OrientationChallenge",
    "PlanVersion",
    "SchemeAct",
    "SchemeItem",
    "StaffTime",
    "Step",
    "StepQuerySet",
    "VariantFunding",
    "VariantLine",
]
