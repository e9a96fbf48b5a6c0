"""Forms of the room."""

from committees.forms.arbitration import ArbitrationForm
from committees.forms.attendance import AttendanceForm, AttendeeForm
from committees.forms.decisions import DecisionForm, FollowUpForm
from committees.forms.meetings import (
    AgendaItemForm,
    CommitteeForm,
    DeclineForm,
    KindForm,
    MeetingForm,
    MemberForm,
    ProposalForm,
    TextsForm,
)
from committees.forms.preparation import DelaysForm, InsertModelForm, LineForm, OutcomesForm

__all__ = [
    "AgendaItemForm",
    "ArbitrationForm",
    "AttendanceForm",
    "AttendeeForm",
    "CommitteeForm",
    "DecisionForm",
    "DeclineForm",
    "DelaysForm",
    "FollowUpForm",
    "InsertModelForm",
    "KindForm",
    "LineForm",
    "MeetingForm",
    "MemberForm",
    "OutcomesForm",
    "ProposalForm",
    "TextsForm",
]
