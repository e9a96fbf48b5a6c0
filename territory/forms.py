"""The form of a figure typed here, and what every form of the room asks: files, places, readers."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from agreements.access import Access
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


def territories_near(access: Access) -> Any:
    """Where a figure may be given: the communes, their quarters, and what holds them."""
    agreement = access.agreement
    near = [*agreement.communes.all(), *ladder(agreement.lead_commune)]
    districts = Territory.objects.filter(commune__in=agreement.communes.all())
    known = Territory.objects.filter(pk__in=[territory.pk for territory in near])
    return (known | districts).distinct()


def readable_audiences(access: Access) -> list[tuple[str, str]]:
    """Nobody writes for readers narrower than themselves: they could not read it again."""
    return [(level.value, level.label) for level in access.audience.readable]


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
        self.fields["territory"].queryset = territories_near(self.access)
        self.fields["territory"].initial = self.access.agreement.lead_commune_id
        self.fields["period"].initial = date.today().year
        self.fields["indicator"].empty_label = "hors catalogue"
        self.fields["audience"].choices = readable_audiences(self.access)

    def clean_file(self) -> Any:
        return check_file(self.cleaned_data["file"])
