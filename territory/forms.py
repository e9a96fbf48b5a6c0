"""Forms of the offer and of the figures: sheets, the grid of capacities."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from agreements.forms import AgreementForm, ServiceModelForm
from core.forms import FrenchModelForm, NumberField
from opendata.models import Indicator, Territory
from opendata.queries import ladder
from territory import services
from territory.models import Capacity, Facility, LocalObservation

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


class FacilityForm(ServiceModelForm):
    create_with = services.create_facility
    update_with = services.update_facility

    class Meta(FrenchModelForm.Meta):
        model = Facility
        fields = [
            "name",
            "type",
            "manager",
            "theme",
            "commune",
            "address",
            "opened_on",
            "closed_on",
            "contracts",
            "note",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["commune"].queryset = self.access.agreement.communes.all()
        self.fields["commune"].initial = self.access.agreement.lead_commune_id


@dataclass(frozen=True)
class CapacityRow:
    year: int
    actual: Any
    planned: Any


class CapacitiesForm(AgreementForm):
    """Year by year, what is offered and what is planned, in one unit."""

    unit = forms.ChoiceField(label="Unité", choices=Capacity.Unit.choices)

    def __init__(self, *args: Any, facility: Facility, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.facility = facility
        rows = list(facility.capacities.all())
        self.known = {(row.year, row.unit, row.is_planned): row for row in rows}
        self.current_unit = rows[0].unit if rows else Capacity.Unit.PLACES.value
        self.fields["unit"].initial = self.current_unit
        agreement = facility.agreement
        self.shown_years = range(agreement.starts_on.year - 1, agreement.ends_on.year + 1)
        for year in self.shown_years:
            for name, planned in (("actual", False), ("planned", True)):
                row = self.known.get((year, self.current_unit, planned))
                words = "prévue" if planned else "réelle"
                self.fields[f"{name}-{year}"] = NumberField(
                    label=f"Capacité {words} {year}", required=False, min_value=0, max_digits=10,
                    decimal_places=2, initial=row.value if row else None,
                )  # fmt: skip

    @property
    def rows(self) -> list[CapacityRow]:
        return [CapacityRow(y, self[f"actual-{y}"], self[f"planned-{y}"]) for y in self.shown_years]

    def perform(self) -> Facility:
        unit = self.cleaned_data["unit"]
        for year in self.shown_years:
            for name, planned in (("actual", False), ("planned", True)):
                value: Decimal | None = self.cleaned_data[f"{name}-{year}"]
                row = self.known.get((year, unit, planned))
                if value != (row.value if row else None):
                    services.set_capacity(
                        self.facility, actor=self.access.user, year=year, unit=unit, value=value,
                        is_planned=planned,
                    )  # fmt: skip
        return self.facility


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


class CompareForm(forms.Form):
    indicateur = forms.ModelChoiceField(
        Indicator.objects.filter(position__isnull=False),
        label="Indicateur",
        to_field_name="key",
        empty_label=None,
        widget=forms.Select(attrs={"class": "form-select"}),
    )
