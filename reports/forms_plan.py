"""What the printed plan and its budget ask before they are produced."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms

from actionplan.models import Orientation
from reports.documents.base import Request
from reports.forms import ProduceForm
from reports.forms_deck import DeckForm
from reports.forms_kit import KitForm
from reports.plan_sections import EDITIONS, PLAN_SECTIONS, edition


class OrientationsForm(ProduceForm):
    """The orientations to tell; none ticked: all."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agreement = self.access.agreement
        label = agreement.orientation_label.lower()
        self.fields["orientations"] = forms.ModelMultipleChoiceField(
            Orientation.objects.filter(agreement=agreement), label=f"Se limiter à : {label}",
            required=False, widget=forms.CheckboxSelectMultiple,
            help_text="Aucune case cochée : le plan entier.",
        )  # fmt: skip

    def request_of(self) -> Request:
        chosen = self.cleaned_data["orientations"]
        return replace(super().request_of(), orientations=tuple(row.pk for row in chosen))


class PlanForm(OrientationsForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["readers"] = forms.ChoiceField(
            label="Pour qui",
            choices=[(row.key, row.label) for row in EDITIONS],
            initial=EDITIONS[0].key,
        )
        self.fields["sections"] = forms.MultipleChoiceField(
            label="Chapitres",
            choices=[(row.key, row.title) for row in PLAN_SECTIONS],
            initial=[row.key for row in PLAN_SECTIONS],
            required=False,
            widget=forms.CheckboxSelectMultiple,
            help_text="Aucune case cochée : tous les chapitres.",
        )
        self.order_fields(["readers", "sections", "orientations"])

    def request_of(self) -> Request:
        readers = edition(self.cleaned_data["readers"])
        return replace(
            super().request_of(), audience=readers.audience.value, with_money=readers.with_money
        )


FORMS: dict[str, type[ProduceForm]] = {
    "plan-actions": PlanForm,
    "budget-plan": OrientationsForm,
    "deck-copil": DeckForm,
    "kit-seance": KitForm,
}


def form_for(identifier: str) -> type[ProduceForm]:
    """The form of a document: the common one, unless it has its own choices."""
    return FORMS.get(identifier, ProduceForm)
