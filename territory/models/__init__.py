"""The territorial diagnosis: offer, figures of one's own, findings and challenges."""

from territory.models.diagnosis import (
    Challenge,
    ChallengeFinding,
    Diagnosis,
    Evidence,
    Finding,
    ReportText,
    Workshop,
    WorkshopVote,
)
from territory.models.figures import (
    ComparedTerritory,
    IndicatorNote,
    LocalObservation,
)
from territory.models.offer import (
    Activity,
    Capacity,
    Facility,
    FacilityContract,
    FacilityType,
    Projection,
    UnderServedArea,
)

__all__ = [
    "Activity",
    "Capacity",
    "Challenge",
    "ChallengeFinding",
    "ComparedTerritory",
    "Diagnosis",
    "Evidence",
    "Facility",
    "FacilityContract",
    "FacilityType",
    "Finding",
    "IndicatorNote",
    "LocalObservation",
    "Projection",
    "ReportText",
    "UnderServedArea",
    "Workshop",
    "WorkshopVote",
]
