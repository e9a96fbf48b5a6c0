"""What the slide deck asks before it is produced: a meeting of any committee, and who will see it."""

from __future__ import annotations

from typing import Any

from django import forms

from core.audience import Audience
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
