"""Forms of the offer: facilities, their grids by year, types, areas, and the projection."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from agreements.forms import ChangedCellsForm, ServiceModelForm
from agreements.models import Agreement
from core.forms import FrenchModelForm, NumberField
from opendata.models import Territory
from territory import services
from territory.ages import AgeField
from territory.models import (
    Activity,
    Capacity,
    Facility,
    FacilityType,
    Projection,
    UnderServedArea,
)
from territory.services import projection as projection_services
from territory.services import register

DISTRICTS = (Territory.Level.QPV, Territory.Level.IRIS)
AGE_HELP = "Par exemple « 2 mois », « 18 mois », « 2 ans et demi », « 3 ans »."
BEFORE, AFTER = 1900, 2100


class DegreeField(NumberField):
    """« 48.28123 » or « 48,28123 »: a point is never a separator of thousands here."""

    default_error_messages = {"invalid": "Écrivez des degrés décimaux, par exemple 48,28123."}

    def to_python(self, value: Any) -> Decimal | None:
        return super().to_python(str(value).replace(".", ",") if value else value)


def quarters_of(agreement: Agreement) -> Any:
    """The quartiers prioritaires and the IRIS of the communes."""
    return Territory.objects.filter(
        commune__in=agreement.communes.all(), level__in=DISTRICTS
    ).in_alphabetical_order()


class FacilityForm(ServiceModelForm):
    create_with = services.create_facility
    update_with = services.update_facility

    latitude = DegreeField(
        label="Latitude", required=False, max_digits=8, decimal_places=5, min_value=-90, max_value=90,
        help_text="Degrés décimaux, avec la longitude. Un clic droit sur une carte en ligne les donne.",
    )  # fmt: skip
    longitude = DegreeField(
        label="Longitude", required=False, max_digits=8, decimal_places=5, min_value=-180, max_value=180,
    )  # fmt: skip
    min_age_months = AgeField(label="Âge minimal", help_text=AGE_HELP)
    max_age_months = AgeField(label="Âge maximal")

    class Meta(FrenchModelForm.Meta):
        model = Facility
        fields = [
            "name", "type", "manager", "theme", "commune", "quarter", "address", "latitude", "longitude",
            "min_age_months", "max_age_months", "opened_on", "closed_on", "contracts", "note",
        ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agreement = self.access.agreement
        self.fields["commune"].queryset = agreement.communes.all()
        self.fields["commune"].initial = agreement.lead_commune_id
        self.fields["quarter"].queryset = quarters_of(agreement)
        self.fields["quarter"].empty_label = "non précisé"
        kinds = FacilityType.objects.filter(agreement=agreement)
        self.fields["type"].queryset = kinds.filter(is_active=True) | kinds.filter(
            pk=self.instance.type_id
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if (data.get("latitude") is None) != (data.get("longitude") is None) and not (
            self.has_error("latitude") or self.has_error("longitude")
        ):
            self.add_error("longitude", "Donnez la latitude et la longitude, ou aucune des deux.")
        return data


@dataclass(frozen=True)
class GridRow:
    label: str
    cells: list[Any]


def grid_years(agreement: Agreement, known: Sequence[int]) -> list[int]:
    """From the year before the agreement to its end, and whatever year already holds a figure."""
    return sorted({*range(agreement.starts_on.year - 1, agreement.ends_on.year + 1), *known})


class CapacitiesForm(ChangedCellsForm):
    """Year by year, what is offered and what is planned, in each unit that the facility counts.

    ``units`` are those shown; ``asked`` adds one that holds nothing yet.
    """

    def __init__(self, *args: Any, facility: Facility, asked: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.facility = facility
        rows = list(facility.capacities.all())
        self.known = {(row.year, row.unit, row.is_planned): row for row in rows}
        wanted = {row.unit for row in rows} or {facility.type.unit}
        self.units = [unit for unit in Capacity.Unit if unit.value in wanted | {asked}]
        self.shown_years = grid_years(facility.agreement, [row.year for row in rows])
        for year, unit, planned in self.keys:
            row = self.known.get((year, unit, planned))
            nature = "prévue" if planned else "réelle"
            self.fields[self.cell_name(year, unit, planned)] = NumberField(
                label=f"Capacité {nature} {year} ({Capacity.Unit(unit).label})", required=False,
                min_value=0, max_digits=10, decimal_places=2, initial=row.value if row else None,
                show_hidden_initial=True,
            )  # fmt: skip

    @staticmethod
    def cell_name(year: int, unit: str, planned: bool) -> str:
        return f"{unit}-{'planned' if planned else 'actual'}-{year}"

    @property
    def keys(self) -> list[tuple[int, str, bool]]:
        return [
            (year, unit.value, planned)
            for year in self.shown_years
            for unit in self.units
            for planned in (False, True)
        ]

    @property
    def headers(self) -> list[str]:
        return [
            f"{str(unit.label)[0].upper()}{str(unit.label)[1:]}, {nature}"
            for unit in self.units
            for nature in ("réel", "prévu")
        ]

    @property
    def rows(self) -> list[GridRow]:
        return [
            GridRow(
                str(year),
                [
                    self[self.cell_name(year, unit.value, planned)]
                    for unit in self.units
                    for planned in (False, True)
                ],
            )
            for year in self.shown_years
        ]

    @property
    def other_units(self) -> list[tuple[str, str]]:
        shown = {unit.value for unit in self.units}
        return [(unit.value, str(unit.label)) for unit in Capacity.Unit if unit.value not in shown]

    def clean(self) -> dict[str, Any]:
        for key in self.keys:
            known = self.known.get(key)
            name = self.cell_name(*key)
            self.refuse_if_moved(name, known.value if known else None, str(self.fields[name].label))
        return self.cleaned_data

    def perform(self) -> Facility:
        changed = self.changed_cells()
        for year, unit, planned in self.keys:
            name = self.cell_name(year, unit, planned)
            if name in changed:
                services.set_capacity(
                    self.facility, actor=self.access.user, year=year, unit=unit, value=changed[name],
                    is_planned=planned,
                )  # fmt: skip
        return self.facility


class ActivitiesForm(ChangedCellsForm):
    """One line a measure, one column a year. A cell emptied removes the figure."""

    def __init__(self, *args: Any, facility: Facility, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.facility = facility
        rows = list(facility.activities.all())
        self.known = {(row.year, row.kind): row for row in rows}
        self.shown_years = grid_years(facility.agreement, [row.year for row in rows])
        for year, kind in self.keys:
            row = self.known.get((year, kind))
            self.fields[f"{kind}-{year}"] = NumberField(
                label=f"{Activity.Kind(kind).label.capitalize()} {year}", required=False, min_value=0,
                max_digits=12, decimal_places=2, initial=row.value if row else None,
                show_hidden_initial=True,
            )  # fmt: skip

    @property
    def keys(self) -> list[tuple[int, str]]:
        return [(year, kind.value) for kind in Activity.Kind for year in self.shown_years]

    @property
    def headers(self) -> list[str]:
        return [str(year) for year in self.shown_years]

    @property
    def rows(self) -> list[GridRow]:
        return [
            GridRow(
                str(kind.label).capitalize(),
                [self[f"{kind.value}-{year}"] for year in self.shown_years],
            )
            for kind in Activity.Kind
        ]

    def clean(self) -> dict[str, Any]:
        for year, kind in self.keys:
            known = self.known.get((year, kind))
            name = f"{kind}-{year}"
            self.refuse_if_moved(name, known.value if known else None, str(self.fields[name].label))
        for year in self.shown_years:
            name = f"{Activity.Kind.OCCUPANCY.value}-{year}"
            value = self.cleaned_data.get(name)
            if value is not None and value > 200:
                self.add_error(name, "Un taux d'occupation est un pourcentage : 200 au plus.")
        return self.cleaned_data

    def perform(self) -> Facility:
        changed = self.changed_cells()
        for year, kind in self.keys:
            if f"{kind}-{year}" in changed:
                register.set_activity(
                    self.facility, actor=self.access.user, year=year, kind=kind,
                    value=changed[f"{kind}-{year}"],
                )  # fmt: skip
        return self.facility


class FacilityTypeForm(ServiceModelForm):
    create_with = register.create_type
    update_with = register.update_type

    min_age_months = AgeField(label="Âge minimal habituel", help_text=AGE_HELP)
    max_age_months = AgeField(label="Âge maximal habituel")

    class Meta(FrenchModelForm.Meta):
        model = FacilityType
        fields = ["name", "mode", "unit", "min_age_months", "max_age_months", "is_active"]
        help_texts = {
            "mode": "Ce que l'adéquation offre / besoins compte avec ce type.",
            "is_active": "Décoché : le type n'est plus proposé ; les équipements qui le portent le gardent.",
        }


class AreaForm(ServiceModelForm):
    create_with = register.create_area
    update_with = register.update_area

    class Meta(FrenchModelForm.Meta):
        model = UnderServedArea
        fields = ["territory", "name", "theme", "reason", "observed_on"]
        help_texts = {"name": "Si ce n'est ni une commune ni un quartier de la liste."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agreement = self.access.agreement
        near = Territory.objects.filter(pk__in=agreement.communes.values("pk"))
        self.fields["territory"].queryset = (near | quarters_of(agreement)).order_by(
            "level", "name"
        )
        self.fields["observed_on"].initial = date.today

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("territory") and not data.get("name"):
            raise ValidationError("Choisissez un territoire ou nommez la zone.")
        return data


class ProjectionForm(ServiceModelForm):
    create_with = projection_services.create_projection
    update_with = projection_services.update_projection

    class Meta(FrenchModelForm.Meta):
        model = Projection
        fields = [
            "yearly_births", "births_trend", "survival", "yearly_migration", "horizon", "note",
        ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            self.fields["horizon"].initial = self.access.agreement.ends_on.year
        self.fields["horizon"] = forms.IntegerField(
            label="Jusqu'à l'année", min_value=BEFORE, max_value=AFTER,
            initial=self.fields["horizon"].initial,
        )  # fmt: skip
