"""Committees, their meetings, what is put to them, and the decisions they take."""

from committees.models.agenda import (
    AgendaItem,
    AgendaItemAction,
    ArbitrationOption,
    ArbitrationPoint,
    DeclinedProposal,
)
from committees.models.bodies import Committee, CommitteeKind, CommitteeKindTheme, CommitteeMember
from committees.models.briefs import BriefLink, MeetingBrief
from committees.models.decisions import Decision, DecisionAction, DecisionChallenge
from committees.models.effects import DecisionEffect
from committees.models.meetings import Attendance, Meeting
from committees.models.preparation import PreparationLine, PreparationStep, Step
from committees.models.records import MeetingRecord, RecordAddendum, RecordLink, SessionNote
from committees.models.sendings import Sending, SendingRecipient

__all__ = [
    "AgendaItem",
    "AgendaItemAction",
    "ArbitrationOption",
    "ArbitrationPoint",
    "Attendance",
    "BriefLink",
    "Committee",
    "CommitteeKind",
    "CommitteeKindTheme",
    "CommitteeMember",
    "Decision",
    "DecisionAction",
    "DecisionChallenge",
    "DecisionEffect",
    "DeclinedProposal",
    "Meeting",
    "MeetingBrief",
    "MeetingRecord",
    "PreparationLine",
    "PreparationStep",
    "RecordAddendum",
    "RecordLink",
    "Sending",
    "SendingRecipient",
    "SessionNote",
    "Step",
]
