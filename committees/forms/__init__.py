"""Forms of the room."""

from committees.forms.arbitration import ArbitrationForm
from committees.forms.attendance import AttendanceForm, AttendeeForm
from committees.forms.decisions import DecisionForm, FollowUpForm
from committees.forms.meetings import (
    AgendaItemForm,
    CommitteeForm,
    DeclineForm,
    MeetingForm,
    MemberForm,
    ProposalForm,
    TextsForm,
)

__all__ = [
    "AgendaItemForm",
    "ArbitrationForm",
    "AttendanceForm",
    "AttendeeForm",
    "CommitteeForm",
    "DecisionForm",
    "DeclineForm",
    "FollowUpForm",
    "MeetingForm",
    "MemberForm",
    "ProposalForm",
    "TextsForm",
]
