"""What the slide deck asks before it is produced: a meeting of any committee, and who will see it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from committees.models import CommitteeKind, Meeting
from core.audience import Audience
from reports.forms import ProduceForm


class DeckForm(ProduceForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        meetings = (
            Meeting.objects.filter(agreement=self.access.agreement)
            .exclude(state=Meeting.State.CANCELLED)
            .select_related("committee")
        )
        coming = meetings.upcoming(date.today())
        steering = coming.filter(committee__kind__nature=CommitteeKind.Nature.STEERING)
        first = steering.first() or coming.first()
        self.fields["meeting"] = forms.ModelChoiceField(
            meetings, label="Réunion", empty_label=None, initial=first.pk if first else None
        )
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
