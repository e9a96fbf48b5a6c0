"""What the session kit asks: which meeting, of whatever committee, and who will hold it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from django import forms

from core.audience import Audience
from reports.documents.base import Request
from reports.forms import ProduceForm
from reports.kit import kit_meetings, proposed_among

READERS = [
    (Audience.INTERNAL.value, "Qui prépare la réunion, avec ses notes"),
    (Audience.COMMITTEE.value, "Qui préside ou anime, sans les notes internes"),
]


class KitForm(ProduceForm):
    """One query for the meetings: the page of documents draws this form among many."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        meetings = list(kit_meetings(self.access.agreement).order_by("-on", "-starts_at", "pk"))
        by_key = {str(meeting.pk): meeting for meeting in meetings}
        proposed = proposed_among(meetings, date.today())
        self.fields["meeting"] = forms.TypedChoiceField(
            label="Réunion",
            choices=[(key, str(meeting)) for key, meeting in by_key.items()],
            coerce=by_key.__getitem__,
            initial=str(proposed.pk) if proposed else None,
        )
        self.fields["readers"] = forms.ChoiceField(
            label="Pour qui", choices=READERS, initial=Audience.INTERNAL.value
        )

    def request_of(self) -> Request:
        return replace(super().request_of(), audience=self.cleaned_data["readers"])
