"""What the session kit asks: which meeting, of whatever committee, and who will hold it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms

from core.audience import Audience
from reports.documents.base import Request
from reports.forms import ProduceForm

READERS = [
    (Audience.INTERNAL.value, "Qui prépare la réunion, avec ses notes"),
    (Audience.COMMITTEE.value, "Qui préside ou anime, sans les notes internes"),
]


class KitForm(ProduceForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["readers"] = forms.ChoiceField(
            label="Pour qui",
            choices=READERS,
            initial=Audience.INTERNAL.value,
            required=False,  # the meeting's page produces it in one click, for who prepares it
        )

    def request_of(self) -> Request:
        return replace(
            super().request_of(), audience=self.cleaned_data["readers"] or Audience.INTERNAL
        )
