"""What the slide deck asks before it is produced: a meeting of any committee, and who will see it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from agreements.models import Agreement
from core.audience import Audience
from reports.documents.base import Request
from reports.documents.deck.facts import meeting_of, meetings
from reports.forms import ProduceForm


class DeckForm(ProduceForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["audience"] = forms.ChoiceField(
            label="Pour qui",
            choices=[
                ("", "Comme le dossier"),
                (Audience.COMMITTEE, "Membres"),
                (Audience.PUBLIC, "Public : ni montants, ni noms"),
            ],
            required=False,
            help_text="« Comme le dossier » : les destinataires choisis pour le dossier de cette réunion. Une salle "
            "ouverte au public ne voit ni les montants, ni les noms.",
        )

    def add_meeting(self, agreement: Agreement, today: date) -> None:
        def usual() -> int | None:
            """Asked only when the form is shown: the documents page builds the form of each document."""
            meeting = meeting_of(Request(agreement=agreement, on=today, year=today.year))
            return meeting.pk if meeting else None

        self.fields["meeting"] = forms.ModelChoiceField(
            meetings(agreement), label="Réunion", empty_label=None, initial=usual
        )
