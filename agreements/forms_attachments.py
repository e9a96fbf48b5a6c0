"""A file to hang on something, and its card. Every room uses these."""

from __future__ import annotations

from typing import Any

from django import forms

from agreements.forms_seen import SeenModelForm
from agreements.models import AgreementOwned, Attachment
from agreements.services import attachments
from core.forms import FrenchModelForm


class AttachmentForm(SeenModelForm):
    """The file is given once; its card (title, kind, date, readers) may change."""

    class Meta(FrenchModelForm.Meta):
        model = Attachment
        fields = ["file", "title", "kind", "dated_on", "audience"]
        widgets = {"file": forms.FileInput}
        help_texts = {
            "file": f"{attachments.ACCEPTED} ; 20 Mo au plus.",
            "title": "Laissé vide, c'est le nom du fichier.",
            "dated_on": "La date écrite sur le document, si elle compte.",
            "audience": "« Interne » : la personne qui pilote et la direction.",
        }

    def __init__(self, *args: Any, target: AgreementOwned, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.target = target
        self.instance.target_type = target._meta.label_lower
        self.instance.target_id = target.pk
        if self.instance.pk:
            del self.fields["file"]
        else:
            self.fields["title"].required = False

    def rebuild_kwargs(self) -> dict[str, Any]:
        return {**super().rebuild_kwargs(), "target": self.target}

    def _post_clean(self) -> None:
        """The service checks the row: a title left empty is not an error here."""
        if self.instance.pk:
            super()._post_clean()  # type: ignore[misc]

    def perform(self) -> Attachment:
        values, actor = self.changed_values(), self.access.user
        if self.instance.pk:
            return attachments.update_attachment(
                self.instance, actor=actor, seen=self.seen, **values
            )
        return attachments.add_attachment(self.target, actor=actor, **values)
