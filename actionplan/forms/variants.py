"""Preparing a variant, typing its amounts, choosing one."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms

from actionplan.models import Action, BudgetVariant, Orientation
from actionplan.variants import services
from actionplan.variants.cells import (
    Amount,
    ExpenseKey,
    FundingKey,
    live_actions,
    overlays,
    planned_money,
)
from actionplan.variants.comparison import effects, fingerprint
from agreements.forms import AgreementForm, ChangedCellsForm, ServiceModelForm, limit_choices
from core import formats as fr
from core.forms import AmountField, DateField, FrenchModelForm
from partners.models import Organisation

NATURES = {"operating": "Fonctionnement", "investment": "Investissement"}


class VariantForm(ServiceModelForm):
    create_with = services.create_variant
    update_with = services.update_variant

    class Meta(FrenchModelForm.Meta):
        model = BudgetVariant
        fields = ["title", "note"]
        labels = {"title": "Nom de la variante"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].help_text = "Par exemple « Ouverture en 2028 »."


@dataclass(frozen=True)
class GridCell:
    """An input, or a firm amount that is only shown; ``plan`` is told where the variant differs."""

    field: Any = None
    text: str = ""
    plan: str = ""


@dataclass(frozen=True)
class GridRow:
    label: str
    cells: list[GridCell]


@dataclass(frozen=True)
class NewRow:
    """A blank line for one more funding of the action."""

    funder: Any
    scheme: Any
    cells: list[Any]


@dataclass(frozen=True)
class GridPart:
    action: Action
    rows: list[GridRow]
    new: NewRow


class VariantGridForm(ChangedCellsForm):
    """The planned money of the actions of one orientation, as the variant has it."""

    def __init__(
        self,
        *args: Any,
        instance: BudgetVariant,
        orientation: Orientation,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.variant = instance
        self.years = list(instance.agreement.years)
        everything = live_actions(instance.agreement)
        self.actions = [row for row in everything if row.orientation_id == orientation.pk]
        self.plan = planned_money(instance.agreement, everything)
        self.layer = overlays([instance])[0]
        self.funders = dict(self.plan.funders) | {
            row.funder_id: row.funder.name for row in self.layer.fundings.values()
        }
        self.expense_names: dict[str, ExpenseKey] = {}
        self.funding_names: dict[str, FundingKey] = {}
        for action in self.actions:
            self._add_cells(action)
        limit_choices(self, self.access)

    def _add_cells(self, action: Action) -> None:
        for nature in NATURES:
            for year in self.years:
                key = (action.pk, year, nature)
                name = f"d-{action.pk}-{nature}-{year}"
                self.expense_names[name] = key
                label = f"{NATURES[nature]} {year}, {action.code}"
                self._cell(name, label, self.layer.expense(self.plan, key))
        for funder, scheme in self._funders_of(action):
            for year in self.years:
                funding = (action.pk, year, funder, scheme)
                if funding in self.plan.firm:
                    continue
                name = f"f-{action.pk}-{funder}-{short(scheme)}-{year}"
                self.funding_names[name] = funding
                label = f"{self.funders[funder]} {year}, {action.code}"
                self._cell(name, label, self.layer.funding(self.plan, funding))
        self.fields[f"n-{action.pk}-funder"] = forms.ModelChoiceField(
            Organisation.objects.all(), label=f"Autre financeur, {action.code}", required=False
        )
        self.fields[f"n-{action.pk}-scheme"] = forms.CharField(
            label=f"Dispositif, {action.code}", max_length=120, required=False
        )
        for year in self.years:
            self.fields[f"n-{action.pk}-{year}"] = AmountField(
                label=f"Autre financement {year}, {action.code}", min_value=0, required=False
            )

    def _cell(self, name: str, label: str, value: Amount) -> None:
        self.fields[name] = AmountField(
            label=label, min_value=0, required=False, initial=value, show_hidden_initial=True
        )

    def _funders_of(self, action: Action) -> list[tuple[int, str]]:
        keys = {*self.layer.funding_keys(self.plan), *self.plan.firm}
        found = {(key[2], key[3]) for key in keys if key[0] == action.pk}
        return sorted(found, key=lambda pair: (self.funders[pair[0]], pair[1]))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for names in (self.expense_names, self.funding_names):
            for name in names:
                self.refuse_if_moved(name, self.fields[name].initial, str(self.fields[name].label))
        for action in self.actions:
            funder = data.get(f"n-{action.pk}-funder")
            amounts = [data.get(f"n-{action.pk}-{year}") for year in self.years]
            if funder is None and any(amount is not None for amount in amounts):
                self.add_error(f"n-{action.pk}-funder", "Choisissez le financeur de cette ligne.")
            if funder is not None and not any(amount is not None for amount in amounts):
                self.add_error(f"n-{action.pk}-funder", "Donnez un montant, au moins une année.")
            self._refuse_known_funding(action, data)
        return data

    def _refuse_known_funding(self, action: Action, data: dict[str, Any]) -> None:
        """The blank line adds: what stands is changed in its own cell, in sight."""
        funder = data.get(f"n-{action.pk}-funder")
        known = {*self.funding_names.values(), *self.plan.firm}
        for year in self.years if funder else ():
            name = f"n-{action.pk}-{year}"
            key = (action.pk, year, funder.pk, data.get(f"n-{action.pk}-scheme", ""))
            if data.get(name) is not None and key in known:
                self.add_error(
                    name, f"Ce financeur a déjà sa ligne pour {year} : changez-la plutôt."
                )

    def perform(self) -> None:
        changed = self.changed_cells()
        fundings = {self.funding_names[n]: v for n, v in changed.items() if n in self.funding_names}
        services.set_cells(
            self.variant,
            actor=self.access.user,
            expenses={
                self.expense_names[n]: v for n, v in changed.items() if n in self.expense_names
            },
            fundings=fundings | self._new_fundings(),
        )

    def _new_fundings(self) -> dict[FundingKey, Decimal]:
        found: dict[FundingKey, Decimal] = {}
        for action in self.actions:
            funder = self.cleaned_data.get(f"n-{action.pk}-funder")
            scheme = self.cleaned_data.get(f"n-{action.pk}-scheme", "")
            for year in self.years if funder else ():
                amount = self.cleaned_data.get(f"n-{action.pk}-{year}")
                if amount is not None:
                    found[action.pk, year, funder.pk, scheme] = amount
        return found

    @property
    def parts(self) -> list[GridPart]:
        return [
            GridPart(
                action,
                [*self._expense_rows(action), *self._funding_rows(action)],
                self._new(action),
            )
            for action in self.actions
        ]

    def _expense_rows(self, action: Action) -> list[GridRow]:
        rows = []
        for nature, label in NATURES.items():
            cells = []
            for year in self.years:
                key = (action.pk, year, nature)
                differs = key in self.layer.expenses
                plan = fr.euros(self.plan.expenses.get(key)) if differs else ""
                cells.append(GridCell(self[f"d-{action.pk}-{nature}-{year}"], plan=plan))
            rows.append(GridRow(label, cells))
        return rows

    def _funding_rows(self, action: Action) -> list[GridRow]:
        rows = []
        for funder, scheme in self._funders_of(action):
            cells = []
            for year in self.years:
                key = (action.pk, year, funder, scheme)
                if key in self.plan.firm:
                    amount, stage = self.plan.firm[key]
                    cells.append(GridCell(text=f"{fr.euros(amount)} ({stage})"))
                    continue
                differs = key in self.layer.fundings
                plan = fr.euros(self.plan.fundings.get(key, Decimal(0))) if differs else ""
                name = f"f-{action.pk}-{funder}-{short(scheme)}-{year}"
                cells.append(GridCell(self[name], plan=plan))
            label = self.funders[funder] + (f" ({scheme})" if scheme else "")
            rows.append(GridRow(f"Financement : {label}", cells))
        return rows

    def _new(self, action: Action) -> NewRow:
        return NewRow(
            self[f"n-{action.pk}-funder"],
            self[f"n-{action.pk}-scheme"],
            [self[f"n-{action.pk}-{year}"] for year in self.years],
        )


def short(scheme: str) -> str:
    """A name of field for a scheme typed freely."""
    return hashlib.sha256(scheme.encode()).hexdigest()[:8] if scheme else "x"


class ChooseForm(AgreementForm):
    on = DateField(label="Décidée le")
    reason = forms.CharField(
        label="Par quelle décision",
        max_length=300,
        help_text="Par exemple « décision n° 2026-03 du COPIL du 7 décembre 2026 ». Inscrite dans l'historique de chaque montant.",
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, instance: BudgetVariant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.variant = instance
        self.rows = effects(instance)
        self.fields["seen"].initial = fingerprint(self.rows)

    def refresh_seen(self) -> None:
        """What is shown again is what is confirmed next."""
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        data["seen"] = fingerprint(self.rows)
        self.data = data

    def perform(self) -> BudgetVariant:
        data = self.cleaned_data
        return services.choose_variant(
            self.variant, actor=self.access.user, on=data["on"], reason=data["reason"],
            seen=data["seen"] or "absent",
        )  # fmt: skip
