"""Committees, their meetings, what is put to them, and the decisions they take."""

from committees.models.agenda import (
    AgendaItem,
    AgendaItemAction,
    ArbitrationOption,
    ArbitrationPoint,
    DeclinedProposal,
)
from committees.models.bodies import Committee, CommitteeKind, CommitteeKindTheme, CommitteeMember
from committees.models.decisions import Decision, DecisionAction
from committees.models.meetings import Attendance, Meeting
from committees.models.preparation import PreparationLine, PreparationStep, Step

__all__ = [
    "AgendaItem",
    "AgendaItemAction",
    "ArbitrationOption",
    "ArbitrationPoint",
    "Attendance",
    "Committee",
    "CommitteeKind",
    "CommitteeKindTheme",
    "CommitteeMember",
    "Decision",
    "DecisionAction",
    "DeclinedProposal",
    "Meeting",
    "PreparationLine",
    "PreparationStep",
    "Step",
]
