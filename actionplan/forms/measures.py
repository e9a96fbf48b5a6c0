"""A measure with its targets and values, year by year."""

from __future__ import annotations

from typing import Any

from django import forms

from actionplan import services
from actionplan.models import (
    Action,
    Measure,
)
from agreements.forms import ServiceModelForm
from core.errors import DomainError
from core.forms import FrenchModelForm, NumberField


class MeasureForm(ServiceModelForm):
    """A measure with its starting value, and for each year a target and a value."""

    create_with = services.create_measure
    update_with = services.update_measure

    class Meta(FrenchModelForm.Meta):
        model = Measure
        fields = [
            "label",
            "kind",
            "unit",
            "decimals",
            "direction",
            "baseline",
            "baseline_year",
            "source",
        ]

    reason = forms.CharField(
        label="Pourquoi une cible ou une valeur change", required=False, max_length=300,
        help_text="Demandé quand on change ce qui était déjà dit.",
    )  # fmt: skip

    def __init__(self, *args: Any, action: Action, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.action = action
        if not self.instance.pk:
            self.instance.action = action
            self.fixed["action"] = action
        points = (
            {point.year: point for point in self.instance.points.all()} if self.instance.pk else {}
        )
        for year in self.access.agreement.years:
            point = points.get(year)
            self.fields[f"target-{year}"] = NumberField(
                label=f"Cible {year}", required=False, initial=point.target if point else None
            )
            self.fields[f"value-{year}"] = NumberField(
                label=f"Valeur {year}", required=False, initial=point.value if point else None
            )
        self.points = points

    def rebuild_kwargs(self) -> dict[str, Any]:
        return {**super().rebuild_kwargs(), "action": self.action}

    @property
    def main_fields(self) -> list[Any]:
        return [self[name] for name in self.Meta.fields]

    @property
    def years(self) -> list[tuple[int, Any, Any]]:
        return [(y, self[f"target-{y}"], self[f"value-{y}"]) for y in self.access.agreement.years]

    def changed_values(self) -> dict[str, Any]:
        names = self.Meta.fields
        return {name: value for name, value in super().changed_values().items() if name in names}

    def perform(self) -> Measure:
        measure = super().perform()
        for year in self.access.agreement.years:
            self.write_year(measure, year)
        return measure

    def write_year(self, measure: Measure, year: int) -> None:
        given = {name: self.cleaned_data[f"{name}-{year}"] for name in ("target", "value")}
        point = self.points.get(year)
        before = {name: getattr(point, name) if point else None for name in given}
        if given == before:
            return
        reason = self.cleaned_data["reason"]
        try:
            services.set_measure_point(
                measure, actor=self.access.user, year=year, reason=reason, **given
            )
        except DomainError as refusal:
            raise DomainError(refusal.message, field=f"{refusal.field}-{year}") from refusal
