"""Forms of the room."""

from committees.forms.arbitration import ArbitrationForm
from committees.forms.attendance import AttendanceForm, AttendeeForm
from committees.forms.decisions import DecisionForm, ElsewhereForm, FollowUpForm
from committees.forms.effects import EffectRows, SetAsideForm, drafts_of
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
    "EffectRows",
    "ElsewhereForm",
    "FollowUpForm",
    "InsertModelForm",
    "KindForm",
    "LineForm",
    "MeetingForm",
    "MemberForm",
    "OutcomesForm",
    "ProposalForm",
    "SetAsideForm",
    "TextsForm",
    "drafts_of",
]
