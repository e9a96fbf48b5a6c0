"""What the pack of a meeting holds, and for whom; the choice is remembered on the meeting."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db import transaction

from agreements.forms import AgreementForm
from agreements.models import Snapshot
from committees.models import Meeting
from committees.services import choose_pack
from core.audience import Audience
from reports import pack_sections
from reports.documents.dossier import IDENTIFIER
from reports.pack import request_of
from reports.services import produce_document

READERS = {
    Audience.PUBLIC: "Publique : ni montant, ni personne nommée",
    Audience.COMMITTEE: "Membres de l'instance : avec les montants",
    Audience.INTERNAL: "Interne : avec les informations internes",
}


class PackForm(AgreementForm):
    audience = forms.ChoiceField(
        label="Destinataires du dossier",
        choices=[(key.value, words) for key, words in READERS.items()],
        help_text="La couverture le dit. Ce qui leur est réservé ou caché suit partout : chiffres, documents joints, textes.",
    )
    sections = forms.MultipleChoiceField(
        label="Parties du dossier",
        choices=[(row.key, row.title) for row in pack_sections.PACK_SECTIONS],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Cochez au moins une partie du dossier."},
    )

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.meeting = meeting

    def keep(self) -> None:
        data = self.cleaned_data
        choose_pack(
            self.meeting, actor=self.access.user, sections=data["sections"], audience=data["audience"]
        )  # fmt: skip

    @transaction.atomic
    def produce(self) -> Snapshot:
        """Keep the choice, then freeze what it says today."""
        self.keep()
        request = request_of(self.meeting, date.today())
        return produce_document(request, IDENTIFIER, actor=self.access.user)
