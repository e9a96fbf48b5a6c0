"""Short forms of a session: a decision under its point, somebody who walks in, the hours."""

from __future__ import annotations

from typing import Any

from django import forms

from agreements.forms import AgreementForm
from committees import services
from committees.forms.choices import order_choices
from committees.forms.decisions import OPINION_ONLY, DecisionForm
from committees.models import AgendaItem, ArbitrationOption, Attendance, Decision, Meeting
from core.forms import FrenchModelForm, TimeInput
from partners.models import Contact, Organisation


class SessionDecisionForm(DecisionForm):
    """What is said in the room: the words, the option, who, by when. The rest comes after, on the
    decision's own page."""

    class Meta(FrenchModelForm.Meta):
        model = Decision
        fields = ["chosen_option", "text", "responsible", "due_on", "institutional"]
        help_texts = {"institutional": OPINION_ONLY}

    def __init__(self, *args: Any, item: AgendaItem, **kwargs: Any) -> None:
        self.item = item
        super().__init__(*args, meeting=item.meeting, **kwargs)
        self.instance.decided_on = item.meeting.on

    def _offer(self, items: Any) -> None:
        """The options of this point alone; without any, no list."""
        fields: dict[str, Any] = self.fields
        options = ArbitrationOption.objects.filter(point__item=self.item).order_by("position")
        if not options:
            del fields["chosen_option"]
            return
        fields["chosen_option"].queryset = options
        fields["chosen_option"].label_from_instance = lambda option: option.title

    def rebuild_kwargs(self) -> dict[str, Any]:
        return {"access": self.access, "item": self.item}

    def perform(self) -> Decision:
        return services.decide(self.item, actor=self.access.user, **self.changed_values())


class ArrivalForm(AgreementForm):
    """Somebody unexpected: known already, or written down."""

    contact = forms.ModelChoiceField(
        label="Personne connue", queryset=Contact.objects.none(), required=False
    )
    first_name = forms.CharField(label="ou prénom", max_length=100, required=False)
    last_name = forms.CharField(label="et nom", max_length=100, required=False)
    organisation = forms.ModelChoiceField(label="Au titre de", queryset=Organisation.objects.none())

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.meeting = meeting
        agreement = self.access.agreement
        fields: dict[str, Any] = self.fields
        fields["contact"].queryset = Contact.objects.filter(agreement=agreement)
        fields["organisation"].queryset = Organisation.objects.filter(agreement=agreement)
        order_choices(self)

    def perform(self) -> Attendance:
        return services.welcome(self.meeting, actor=self.access.user, **self.cleaned_data)


class HoursForm(AgreementForm):
    opened_at = forms.TimeField(label="Ouverte à", required=False, widget=TimeInput())
    closed_at = forms.TimeField(label="Levée à", required=False, widget=TimeInput())

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.meeting = meeting
        self.fields["opened_at"].initial = meeting.opened_at
        self.fields["closed_at"].initial = meeting.closed_at

    def perform(self) -> Meeting:
        return services.set_hours(self.meeting, actor=self.access.user, **self.cleaned_data)
