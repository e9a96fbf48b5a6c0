from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from agreements.forms import AgreementForm
from agreements.models import Snapshot
from agreements.services import allowed_states, transition
from agreements.services.links import LINK_DAYS, create_link
from committees.models import Committee, Meeting
from core.documents.declaration import registry
from core.forms import DateField
from reports.documents.base import Document, Request
from reports.services import keep_sent_files, produce_document


class ProduceForm(AgreementForm):
    """What a document asks before it is produced: the meeting, the year and the edition, or nothing."""

    def __init__(self, *args: Any, document: Document, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.document = document
        agreement, today = self.access.agreement, date.today()
        if document.needs_meeting:
            meetings = Meeting.objects.filter(
                agreement=agreement, committee__kind=Committee.Kind.STEERING
            ).select_related("committee")
            coming = meetings.upcoming(today).first()
            self.fields["meeting"] = forms.ModelChoiceField(
                meetings.exclude(state=Meeting.State.CANCELLED), label="Réunion", empty_label=None,
                initial=coming.pk if coming else None,
            )  # fmt: skip
        if document.needs_year:
            years = [(str(year), str(year)) for year in agreement.years]
            wanted = min(max(today.year, agreement.starts_on.year), agreement.ends_on.year)
            self.fields["year"] = forms.ChoiceField(
                label="Année", choices=years, initial=str(wanted)
            )
            self.fields["edition"] = forms.ChoiceField(
                label="Édition",
                choices=[choice for choice in Snapshot.Edition.choices if choice[0]],
                help_text="Provisoire pour le COPIL de décembre, définitive au printemps, avec les montants réels.",
            )

    def perform(self) -> Snapshot:
        data, agreement, today = self.cleaned_data, self.access.agreement, date.today()
        meeting: Meeting | None = data.get("meeting")
        year = int(data["year"]) if "year" in data else (meeting.on.year if meeting else today.year)
        year = min(max(year, agreement.starts_on.year), agreement.ends_on.year)
        request = Request(
            agreement=agreement, on=today, year=year, meeting_id=meeting.pk if meeting else None,
            edition=data.get("edition", ""),
        )  # fmt: skip
        return produce_document(request, self.document.identifier, actor=self.access.user)


class TransitionForm(AgreementForm):
    state = forms.ChoiceField(label="Nouvel état")
    on = DateField(label="Date", initial=date.today)
    note = forms.CharField(
        label="Précision",
        required=False,
        max_length=300,
        help_text="Par exemple à qui il a été transmis.",
    )

    def __init__(self, *args: Any, snapshot: Snapshot, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.snapshot = snapshot
        states = allowed_states(snapshot, self.access)
        self.fields["state"].choices = [(state.value, state.label) for state in states]

    def perform(self) -> Snapshot:
        data = self.cleaned_data
        snapshot = transition(
            self.snapshot, actor=self.access.user, access=self.access, state=data["state"], on=data["on"],
            note=data["note"],
        )  # fmt: skip
        if snapshot.state == "sent":
            keep_sent_files(snapshot)
        return snapshot


class ShareForm(AgreementForm):
    label = forms.CharField(
        label="Remis à",
        max_length=200,
        help_text="Une personne ou un groupe : il sera nommé dans le journal.",
    )
    days = forms.IntegerField(
        label="Valable (jours)", min_value=1, max_value=365, initial=LINK_DAYS
    )

    def __init__(self, *args: Any, snapshot: Snapshot, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.snapshot = snapshot

    def perform(self) -> tuple[Any, str]:
        return create_link(self.snapshot, actor=self.access.user, **self.cleaned_data)


def document_of(identifier: str) -> Document:
    """Raises ``KeyError`` for an unknown identifier."""
    document = registry.get(identifier)
    assert isinstance(document, Document)
    return document
