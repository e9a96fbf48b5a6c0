"""The relevé: submitted, validated on paper, corrected; its signed copy; the full minutes."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from agreements.forms import AgreementForm, ServiceModelForm
from agreements.models import Attachment
from agreements.services.attachments import ACCEPTED
from committees import records, services
from committees.models import Meeting, MeetingRecord, RecordAddendum
from core.forms import DateField, FrenchModelForm
from partners.models import Contact


class IntroductionForm(ServiceModelForm):
    """The one sentence at the head; writing it for the first time submits the draft."""

    create_with = staticmethod(
        lambda agreement, *, meeting, **fields: services.submit_record(meeting, **fields)
    )
    update_with = services.write_introduction

    class Meta(FrenchModelForm.Meta):
        model = MeetingRecord
        fields = ["introduction"]
        widgets = {"introduction": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "meeting" in self.fixed:
            self.instance.meeting = self.fixed["meeting"]


class _OfRecord(AgreementForm):
    def __init__(self, *args: Any, record: MeetingRecord, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.record = record


class PaperForm(_OfRecord):
    """The proof first: the signed paper, then who signed it and when."""

    file = forms.FileField(
        label="Relevé signé, numérisé", required=False, help_text=f"{ACCEPTED} ; 20 Mo au plus."
    )
    chair = forms.ModelChoiceField(label="Signé par", queryset=Contact.objects.none())
    on = DateField(label="Signé le")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chairs = records.chairs_of(self.record.meeting)
        chair: Any = self.fields["chair"]
        chair.queryset = Contact.objects.filter(
            agreement=self.access.agreement, pk__in=[who.pk for who in chairs]
        )
        if chairs:
            chair.initial = chairs[0]
        self.fields["on"].initial = date.today

    def perform(self) -> MeetingRecord:
        return services.validate_on_paper(self.record, actor=self.access.user, **self.cleaned_data)


class SignedCopyForm(_OfRecord):
    file = forms.FileField(label="Relevé signé, numérisé", help_text=f"{ACCEPTED} ; 20 Mo au plus.")
    dated_on = DateField(label="Signé le", required=False)

    def perform(self) -> Attachment:
        return services.attach_signed_copy(self.record, actor=self.access.user, **self.cleaned_data)


class AddendumForm(_OfRecord):
    on = DateField(label="Date")
    text = forms.CharField(
        label="Rectificatif",
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Dites ce qui est corrigé, et ce qu'il faut lire à la place. Ce texte ne changera "
        "plus ; il est lu par tous ceux qui lisent le relevé.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = date.today

    def perform(self) -> RecordAddendum:
        return services.add_addendum(self.record, actor=self.access.user, **self.cleaned_data)


class MinutesForm(ServiceModelForm):
    update_with = services.write_minutes

    class Meta(FrenchModelForm.Meta):
        model = Meeting
        fields = ["minutes"]
        labels = {"minutes": "Compte rendu"}
        help_texts = {
            "minutes": "Une ligne en gras (« **1. Titre** ») est le titre d'un point. Interne tant "
            "qu'une réunion suivante ne l'a pas approuvé."
        }
        widgets = {"minutes": forms.Textarea(attrs={"rows": 22})}


class ApproveMinutesForm(AgreementForm):
    approved_in = forms.ModelChoiceField(
        label="Approuvé à la réunion", queryset=Meeting.objects.none()
    )
    remarks = forms.CharField(
        label="Observations",
        required=False,
        max_length=300,
        help_text="Ce que le comité a demandé de noter. Laissez vide s'il n'y en a pas.",
    )

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.meeting = meeting
        later: Any = self.fields["approved_in"]
        later.queryset = (
            Meeting.objects.filter(
                agreement=self.access.agreement,
                committee=meeting.committee_id,
                on__gt=meeting.on,
                on__lte=date.today(),
            )
            .exclude(state=Meeting.State.CANCELLED)
            .select_related("committee")
            .order_by("on")
        )

    def perform(self) -> MeetingRecord:
        return services.approve_minutes(self.meeting, actor=self.access.user, **self.cleaned_data)
