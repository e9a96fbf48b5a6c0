"""What an action costs and who pays, typed as in a sheet; and an estimate from the Caf's rates."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from actionplan import services
from actionplan.forms.grids import GridForm
from actionplan.models import Action, BudgetLine, Funding, FundingStage
from agreements.forms import AgreementForm
from core.forms import AmountField, DateField, NumberField
from opendata import rates
from opendata.models import FundingRate
from partners.models import Organisation


class BudgetForm(GridForm):
    """What the action costs, year by year; and the working time that it takes, one line a year."""

    distinct = ("year", "nature", "label")
    twice = "Cette dépense est déjà dans une autre ligne : modifiez-la, ou nommez un autre poste."

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_staff_cells()

    def existing(self) -> list[Any]:
        return list(self.action.budget_lines.select_related("action__agreement"))

    def cells(self, row: Any) -> dict[str, forms.Field]:
        years = [("", "–"), *((str(y), str(y)) for y in self.action.agreement.years)]
        return {
            "year": forms.ChoiceField(label="Année", choices=years, initial=str(row.year) if row else ""),
            "nature": forms.ChoiceField(
                label="Nature", choices=BudgetLine.Nature.choices,
                initial=row.nature if row else BudgetLine.Nature.OPERATING,
            ),
            "label": forms.CharField(label="Poste", max_length=200, initial=row.label if row else ""),
            "planned": AmountField(label="Prévu (€)", min_value=0, initial=row.planned if row else None),
            "spent": AmountField(label="Dépensé (€)", min_value=0, initial=row.spent if row else None),
        }  # fmt: skip

    def is_blank(self, values: dict[str, Any]) -> bool:
        return not values["year"] and values["planned"] is None and values["spent"] is None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for key in self.rows:
            given = data.get(f"{key}-planned") is not None or data.get(f"{key}-spent") is not None
            if given and not data.get(f"{key}-year"):
                self.add_error(f"{key}-year", "Choisissez une année.")
        return data

    def write(self, row: Any, values: dict[str, Any]) -> None:
        values["year"] = int(values["year"])
        if row is None:
            services.set_budget_line(self.action, actor=self.access.user, **values)
        elif any(getattr(row, name) != value for name, value in values.items()):
            services.update_budget_line(row, actor=self.access.user, **values)

    def add_staff_cells(self) -> None:
        known = {row.year: row for row in self.action.staff_times.all()}
        for year in self.action.agreement.years:
            row = known.get(year)
            for name, words in STAFF:
                self.fields[f"etp-{name}-{year}"] = NumberField(
                    label=f"Temps {words} {year} (ETP)", required=False, min_value=0, max_digits=5,
                    decimal_places=2, initial=getattr(row, name) if row else None,
                )  # fmt: skip

    @property
    def staff_years(self) -> list[tuple[int, Any, Any]]:
        return [
            (year, self[f"etp-planned-{year}"], self[f"etp-spent-{year}"])
            for year in self.action.agreement.years
        ]

    def perform(self) -> Action:
        action = super().perform()
        for year in action.agreement.years:
            planned, spent = (self.cleaned_data[f"etp-{name}-{year}"] for name, _ in STAFF)
            services.set_staff_time(
                action, actor=self.access.user, year=year, planned=planned, spent=spent
            )
        return action


STAFF = (("planned", "prévu"), ("spent", "réalisé"))


class FundingForm(GridForm):
    """Who pays, how much, at which stage; an estimate says how it was computed."""

    distinct = ("funder", "scheme", "year", "stage")
    twice = "Ce financement est déjà dans une autre ligne, à ce stade : modifiez-la."

    def existing(self) -> list[Any]:
        return list(self.action.fundings.select_related("action__agreement", "funder"))

    def cells(self, row: Any) -> dict[str, forms.Field]:
        years = [("", "–"), *((str(y), str(y)) for y in self.action.agreement.years)]
        return {
            "funder": forms.ModelChoiceField(
                Organisation.objects.all(), label="Financeur", initial=row.funder_id if row else None
            ),
            "scheme": forms.CharField(label="Dispositif", max_length=120, initial=row.scheme if row else ""),
            "year": forms.ChoiceField(label="Année", choices=years, initial=str(row.year) if row else ""),
            "stage": forms.ChoiceField(
                label="Stade", choices=FundingStage.choices,
                initial=row.stage if row else FundingStage.PLANNED,
            ),
            "amount": AmountField(label="Montant (€)", min_value=0, initial=row.amount if row else None),
            "stated_on": DateField(label="Dit le", initial=row.stated_on if row else None),
            "is_estimate": forms.BooleanField(
                label="Estimé", initial=row.is_estimate if row else False
            ),
            "basis": forms.CharField(
                label="Calculé ainsi", max_length=300, initial=row.basis if row else ""
            ),
        }  # fmt: skip

    def is_blank(self, values: dict[str, Any]) -> bool:
        return values["funder"] is None and values["amount"] is None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for key in self.rows:
            values = {n: data.get(f"{key}-{n}") for n in ("funder", "year", "amount")}
            if values["funder"] is None and values["amount"] is None:
                continue
            for name, words in (
                ("funder", "Choisissez un financeur."),
                ("year", "Choisissez une année."),
                ("amount", "Donnez un montant."),
            ):
                if values[name] in (None, "") and f"{key}-{name}" not in self.errors:
                    self.add_error(f"{key}-{name}", words)
        return data

    def write(self, row: Any, values: dict[str, Any]) -> None:
        values["year"] = int(values["year"])
        if row is None:
            services.set_funding(self.action, actor=self.access.user, **values)
        elif any(getattr(row, name) != value for name, value in values.items()):
            services.update_funding(row, actor=self.access.user, **values)


class RateChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.scheme} {obj.year} : {rates.text(obj)}"


class EstimateForm(AgreementForm):
    """A rate of the Caf × a quantity. Computing writes nothing; keeping writes a funding."""

    rate = RateChoice(FundingRate.objects.all(), label="Barème")
    year = forms.TypedChoiceField(label="Année financée", coerce=int)
    quantity = NumberField(
        label="Quantité", min_value=0, max_digits=12, decimal_places=2,
        help_text="Dans l'unité du barème : places, heures, ETP, séances…",
    )  # fmt: skip
    unit_cost = AmountField(
        label="Prix de revient par unité (€)", required=False, min_value=0, decimal_places=4,
        help_text="Seulement pour un barème en part du prix de revient (PSU).",
    )  # fmt: skip
    funder = forms.ModelChoiceField(Organisation.objects.all(), label="Financeur")
    scheme = forms.CharField(
        label="Dispositif", max_length=120, required=False,
        help_text="Laissé vide, c'est le nom du barème.",
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, action: Action, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.action = action
        agreement = action.agreement
        self.fields["version"].initial = action.version
        self.fields["year"].choices = [(year, str(year)) for year in agreement.years]
        self.fields["rate"].queryset = FundingRate.objects.filter(
            year__lte=agreement.ends_on.year
        ).order_by("-year", "scheme", "unit")
        cafs = self.fields["funder"].queryset.filter(kind=Organisation.Kind.CAF)
        self.fields["funder"].initial = cafs.values_list("pk", flat=True).first()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        rate, quantity = data.get("rate"), data.get("quantity")
        self.result: Decimal | None = None
        if rate is None or quantity is None or "unit_cost" in self.errors:
            return data
        self.result, missing = rates.amount(rate, quantity, data.get("unit_cost"))
        if self.result is None:
            self.add_error("unit_cost", f"Pour ce barème, {missing}.")
        return data

    @property
    def basis(self) -> str:
        """« 45 places × 1 200 € par place, barème 2026 »."""
        values = self.cleaned_data
        return rates.basis(values["rate"], values["quantity"], values["unit_cost"])[:300]

    @property
    def warning(self) -> str:
        """The rate of another year is told: rates change each year."""
        rate, year = self.cleaned_data["rate"], self.cleaned_data["year"]
        if rate.year == year:
            return ""
        return f"Le barème est celui de {rate.year}, l'année financée {year} : le montant changera."

    def differences_with(self, current: Action) -> list[dict[str, str]]:
        """The fundings of the same funder and year, as they are now."""
        values = self.cleaned_data
        return [
            {"label": str(row), "mine": self._mine(), "theirs": f"{row.amount} €"}
            for row in current.fundings.filter(funder=values["funder"], year=values["year"])
        ]

    def _mine(self) -> str:
        return f"{self.result} € ({self.basis})"

    def perform(self) -> Funding:
        values = self.cleaned_data
        services.check_version(self.action, expected=values.get("version"))
        assert self.result is not None
        return services.set_funding(
            self.action, actor=self.access.user, funder=values["funder"], year=values["year"],
            stage=FundingStage.PLANNED, amount=self.result,
            scheme=values["scheme"] or values["rate"].scheme, is_estimate=True, basis=self.basis,
        )  # fmt: skip
