"""Forms of the offer and of the figures: sheets, the grid of capacities."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from agreements.forms import ServiceModelForm
from core.forms import FrenchModelForm
from opendata.models import Territory
from opendata.queries import ladder
from territory import services
from territory.models import LocalObservation

MAX_FILE_BYTES = 20 * 1024 * 1024
FILE_KINDS = (".pdf", ".xlsx", ".ods", ".csv", ".docx", ".odt", ".png", ".jpg")


def check_file(file: Any, kinds: tuple[str, ...] = FILE_KINDS) -> Any:
    """Refuse what is too big or of another kind, in a sentence."""
    if isinstance(file, UploadedFile):
        if (file.size or 0) > MAX_FILE_BYTES:
            raise forms.ValidationError("Ce fichier dépasse 20 Mo.")
        if not (file.name or "").lower().endswith(kinds):
            raise forms.ValidationError(f"Ce fichier n'est pas accepté : {', '.join(kinds)}.")
    return file


class LocalObservationForm(ServiceModelForm):
    create_with = services.create_local_observation
    update_with = services.update_local_observation

    class Meta(FrenchModelForm.Meta):
        model = LocalObservation
        fields = [
            "indicator", "label", "unit", "territory", "period", "value", "reason", "estimated", "source",
            "is_from_caf", "file", "audience", "note",
        ]  # fmt: skip
        help_texts = {
            "value": "Laissez vide si la valeur manque, et dites pourquoi ci-dessous : ce n'est jamais un zéro."
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agreement = self.access.agreement
        near = [*agreement.communes.all(), *ladder(agreement.lead_commune)]
        districts = Territory.objects.filter(commune__in=agreement.communes.all())
        self.fields["territory"].queryset = (
            Territory.objects.filter(pk__in=[territory.pk for territory in near]) | districts
        ).distinct()
        self.fields["territory"].initial = agreement.lead_commune_id
        self.fields["period"].initial = date.today().year
        self.fields["indicator"].empty_label = "hors catalogue"
        if not self.access.audience.allows("internal"):
            self.fields["audience"].choices = [
                (level.value, level.label) for level in self.access.audience.readable
            ]

    def clean_file(self) -> Any:
        return check_file(self.cleaned_data["file"])
