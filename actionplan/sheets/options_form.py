"""The questions asked once, on the preview, of a table that does not say all that an action needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django import forms

from actionplan.sheets.options import default_lead, options_of
from agreements.models import Agreement
from core.forms import DateField
from partners.models import Organisation


class OptionsForm(forms.Form):
    """Answers come back as names and texts: they are kept as JSON beside the file."""

    lead = forms.ChoiceField(label="Structure pilote des actions qui n'en nomment pas")
    due_on = DateField(label="Échéance des actions qui n'en ont pas")
    budget_year = forms.ChoiceField(label="Année des budgets donnés en un seul total")
    create_levels = forms.BooleanField(label="Créer les niveaux nouveaux", required=False)
    clamp_dates = forms.BooleanField(
        label="Ramener aux bornes de la convention les dates qui en sortent", required=False
    )
    reason = forms.CharField(
        label="Pourquoi des cibles ou des valeurs déjà dites changent", required=False, max_length=300,
        help_text="Demandé seulement dans ce cas ; gardé dans l'historique de la mesure.",
    )  # fmt: skip

    def __init__(
        self, data: Any = None, *, agreement: Agreement, saved: Mapping[str, Any], is_ours: bool
    ) -> None:
        """``is_ours``: the workbook left the application, and lacks little."""
        super().__init__(data, initial=asdict(options_of(agreement, saved)))
        self.agreement = agreement
        names = [
            organisation.name
            for organisation in Organisation.objects.filter(agreement=agreement)
            .active()
            .in_alphabetical_order()
        ]
        mine = default_lead(agreement)
        choices = [(name, name) for name in names]
        if mine not in names:
            choices.insert(0, (mine, f"{mine} (sera créée)"))
        self.choice("lead").choices = choices
        self.choice("budget_year").choices = [(str(year), str(year)) for year in agreement.years]
        if is_ours:
            for name in ("budget_year", "clamp_dates"):
                del self.fields[name]
            self.order_fields(["reason", "create_levels", "lead", "due_on"])

    def choice(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        return field

    def clean_due_on(self) -> Any:
        day = self.cleaned_data["due_on"]
        if day is not None and not self.agreement.covers(day):
            raise forms.ValidationError("Cette date sort de la convention.")
        return day

    def as_json(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {**data, "due_on": data["due_on"].isoformat() if data["due_on"] else ""}
