"""One form for several ticked actions: only what is filled in changes."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django import forms

from actionplan.models import ActionStatus
from actionplan.services.grouped import GroupedChange
from agreements.forms import AgreementForm
from agreements.models import Theme
from core.forms import DateField
from core.keys import key_in
from partners.models import Contact, Organisation

EXPLANATIONS = {
    ActionStatus.BLOCKED: ("blocked_cause", "unblock_condition", "blocked_review_on"),
    ActionStatus.DROPPED: ("dropped_reason",),
}
"""What a status needs to be said with it; ignored for any other status."""


class GroupedForm(AgreementForm):
    status = forms.ChoiceField(
        label="Statut", required=False, choices=[("", "Ne pas changer"), *ActionStatus.choices]
    )
    lead_organisation = forms.ModelChoiceField(
        Organisation.objects.active(), label="Structure pilote", required=False, empty_label="Ne pas changer"
    )  # fmt: skip
    lead_contact = forms.ModelChoiceField(
        Contact.objects.filter(is_archived=False), label="Personne pilote", required=False,
        empty_label="Ne pas changer",
    )  # fmt: skip
    starts_on = DateField(label="Début", required=False, help_text="Vide : ne pas changer.")
    due_on = DateField(label="Échéance", required=False, help_text="Vide : ne pas changer.")
    add_themes = forms.ModelMultipleChoiceField(
        Theme.objects.filter(is_active=True), label="Ajouter des thèmes", required=False
    )
    remove_themes = forms.ModelMultipleChoiceField(
        Theme.objects.all(), label="Retirer des thèmes", required=False
    )
    blocked_cause = forms.CharField(label="Bloquées par", required=False, max_length=300)
    unblock_condition = forms.CharField(label="Pour débloquer", required=False, max_length=300)
    blocked_review_on = DateField(label="À revoir le", required=False)
    dropped_reason = forms.CharField(label="Raison de l'abandon", required=False, max_length=300)

    MAIN = ("status", "lead_organisation", "lead_contact", "starts_on", "due_on", "add_themes", "remove_themes")  # fmt: skip
    WHY = ("blocked_cause", "unblock_condition", "blocked_review_on", "dropped_reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("add_themes", "remove_themes"):
            self.fields[name].widget.attrs["size"] = 5

    @property
    def main(self) -> list[Any]:
        return [self[name] for name in self.MAIN]

    @property
    def why(self) -> list[Any]:
        return [self[name] for name in self.WHY]

    @property
    def why_is_open(self) -> bool:
        return (
            any(self[name].value() for name in self.WHY) or self["status"].value() in EXPLANATIONS
        )

    @property
    def signature(self) -> str:
        """What is asked, told in short: the page that applies it proves that it was shown."""
        asked = {name: sorted(self.data.getlist(name)) for name in self.fields}  # type: ignore[attr-defined]
        return hashlib.sha256(json.dumps(asked).encode()).hexdigest()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and self.change.is_empty:
            raise forms.ValidationError(
                "Rien n'est rempli : choisissez au moins une chose à changer."
            )
        both = set(data.get("add_themes") or ()) & set(data.get("remove_themes") or ())
        if both:
            self.add_error("remove_themes", "Un thème est à la fois à ajouter et à retirer.")
        return data

    @property
    def change(self) -> GroupedChange:
        data = self.cleaned_data
        fields = {
            name: data[name]
            for name in ("status", "lead_organisation", "lead_contact", "starts_on", "due_on")
            if data.get(name)
        }
        for name in EXPLANATIONS.get(data.get("status", ""), ()):  # type: ignore[call-overload]
            if data.get(name):
                fields[name] = data[name]
        if fields.get("status") == ActionStatus.DONE:
            fields["progress"] = 100
        return GroupedChange(
            fields, tuple(data.get("add_themes") or ()), tuple(data.get("remove_themes") or ())
        )


def versions_in(data: Any) -> dict[int, int]:
    """« version_12=3 »: the versions that the author had under the eyes."""
    found = {}
    for name, value in data.items():
        key, version = key_in(name.removeprefix("version_")), key_in(str(value))
        if name.startswith("version_") and key is not None and version is not None:
            found[key] = version
    return found
