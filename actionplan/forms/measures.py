"""A measure with its targets and values, year by year."""

from __future__ import annotations

from typing import Any

from django import forms

from actionplan import services
from actionplan.measure_sources import FIGURES, Offer, Offers
from actionplan.models import (
    Action,
    Measure,
    MeasurePoint,
)
from agreements.forms import AgreementForm, ServiceModelForm
from core.db import fr_order
from core.errors import DomainError
from core.forms import FrenchModelForm, NumberField
from opendata.models import Indicator

YEARLY = ("target", "value", "comment")
SOURCE = ("indicator", "facility", "facility_figure")


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
            "indicator",
            "facility",
            "facility_figure",
        ]
        help_texts = {
            "decimals": "Chiffres après la virgule : 0 pour des places, 1 pour un taux.",
            "indicator": "Ses valeurs publiées pourront être reprises, sur la page de la mesure.",
            "facility": "Ou un équipement du registre, et le chiffre à y lire.",
            "source": "D'où vient la valeur quand elle est saisie à la main.",
        }

    reason = forms.CharField(
        label="Pourquoi une cible, une valeur ou le départ change", required=False, max_length=300,
        help_text="Demandé quand on change ce qui était déjà dit ; gardé dans l'historique.",
    )  # fmt: skip

    def __init__(self, *args: Any, action: Action, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.action = action
        self.fields["indicator"].queryset = Indicator.objects.order_by(*fr_order("label"))
        self.fields["facility"].queryset = self.fields["facility"].queryset.in_alphabetical_order()
        self.fields["facility_figure"] = forms.ChoiceField(
            label="Chiffre de l'équipement", required=False, choices=[("", "–"), *FIGURES]
        )
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
            self.fields[f"comment-{year}"] = forms.CharField(
                label=f"Commentaire {year}", required=False, max_length=400,
                initial=point.comment if point else "",
            )  # fmt: skip
        self.points = points

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("indicator") and data.get("facility"):
            self.add_error("facility", "Choisissez un indicateur ou un équipement, pas les deux.")
        elif data.get("facility") and not data.get("facility_figure"):
            self.add_error("facility_figure", "Dites quel chiffre de l'équipement lire.")
        elif data.get("facility_figure") and not data.get("facility"):
            self.add_error("facility", "Dites dans quel équipement lire ce chiffre.")
        return data

    def rebuild_kwargs(self) -> dict[str, Any]:
        return {**super().rebuild_kwargs(), "action": self.action}

    @property
    def main_fields(self) -> list[Any]:
        return [self[name] for name in self.Meta.fields if name not in SOURCE]

    @property
    def source_fields(self) -> list[Any]:
        return [self[name] for name in SOURCE]

    @property
    def source_is_open(self) -> bool:
        return any(self[name].value() or self[name].errors for name in SOURCE)

    @property
    def years(self) -> list[tuple[int, list[Any]]]:
        """Each year with its three cells."""
        return [
            (year, [self[f"{name}-{year}"] for name in YEARLY])
            for year in self.access.agreement.years
        ]

    def changed_values(self) -> dict[str, Any]:
        names = self.Meta.fields
        return {name: value for name, value in super().changed_values().items() if name in names}

    def perform(self) -> Measure:
        """The reason is asked for the starting value as for a target: the same words serve both."""
        if self.instance.pk:
            measure = services.update_measure(
                self.instance, actor=self.access.user, expected_version=self.expected_version,
                reason=self.cleaned_data["reason"], **self.changed_values(),
            )  # fmt: skip
        else:
            measure = super().perform()
        for year in self.access.agreement.years:
            self.write_year(measure, year)
        return measure

    def write_year(self, measure: Measure, year: int) -> None:
        given = {name: self.cleaned_data[f"{name}-{year}"] for name in YEARLY}
        point = self.points.get(year) or MeasurePoint(measure=measure, year=year)
        if all(given[name] == getattr(point, name) for name in YEARLY):
            return
        reason = self.cleaned_data["reason"]
        try:
            services.set_measure_point(
                measure, actor=self.access.user, year=year, reason=reason, **given
            )
        except DomainError as refusal:
            raise DomainError(refusal.message, field=f"{refusal.field}-{year}") from refusal


class TakeUpForm(AgreementForm):
    """Boxes before the values that the source offers: only those ticked are written."""

    reason = forms.CharField(
        label="Pourquoi une valeur déjà dite change", required=False, max_length=300,
        help_text="Demandé quand une valeur cochée en remplace une autre.",
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, measure: Measure, offers: Offers, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.measure, self.offers = measure, offers
        self.fields["version"].initial = measure.version
        for offer in offers.takeable:
            # The value shown travels with the box: another value read since then is not written.
            self.fields[f"year-{offer.year}"] = forms.BooleanField(
                label=f"Reprendre {offer.year}", required=False,
                widget=forms.CheckboxInput(attrs={"value": str(offer.value)}),
            )  # fmt: skip

    @property
    def lines(self) -> list[tuple[Offer, Any]]:
        takeable = {offer.year for offer in self.offers.takeable}
        return [
            (offer, self[f"year-{offer.year}"] if offer.year in takeable else None)
            for offer in self.offers.rows
        ]

    @property
    def ticked(self) -> list[Offer]:
        return [o for o in self.offers.takeable if self.cleaned_data.get(f"year-{o.year}")]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.cleaned_data = data
        if not self.ticked:
            raise forms.ValidationError("Cochez au moins une valeur à reprendre.")
        for offer in self.ticked:
            if str(self.data.get(f"year-{offer.year}")) != str(offer.value):
                self.add_error(
                    f"year-{offer.year}",
                    f"La source donne maintenant {offer.text} : vérifiez, puis cochez de nouveau.",
                )
        if any(offer.replaces for offer in self.ticked) and not data.get("reason", "").strip():
            self.add_error("reason", "Dites pourquoi la valeur change.")
        return data

    def differences_with(self, current: Measure) -> list[dict[str, str]]:
        return [
            {"label": str(offer.year), "mine": offer.text, "theirs": _said(current, offer)}
            for offer in self.ticked
        ]

    def perform(self) -> Measure:
        return services.take_up(
            self.measure, actor=self.access.user, reason=self.cleaned_data["reason"],
            expected_version=self.cleaned_data.get("version"),
            values={o.year: (o.value, o.source) for o in self.ticked if o.value is not None},
        )  # fmt: skip


def _said(measure: Measure, offer: Offer) -> str:
    if offer.is_baseline:
        return "" if measure.baseline is None else f"{measure.baseline} ({measure.baseline_year})"
    point = measure.points.filter(year=offer.year).first()
    return "" if point is None or point.value is None else str(point.value)
