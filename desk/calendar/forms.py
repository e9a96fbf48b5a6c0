"""What one ticks to see, and what one types to keep a date."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms

from agreements.access import Access
from agreements.forms import AgreementForm, ServiceModelForm
from core.forms import DateField, FrenchModelForm
from desk import services
from desk.calendar.entries import Kind
from desk.calendar.sources import allowed_kinds
from desk.models import Deadline


def kind_choices(access: Access) -> list[tuple[str, str]]:
    return [(kind.value, str(kind.label)) for kind in allowed_kinds(access)]


class KindFilter(forms.Form):
    """Kept in the address, so that a view may be marked in the browser. A kind that the reader may
    not see, or that does not exist, is as if it were not there."""

    nature = forms.MultipleChoiceField(
        label="Dates à montrer", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, access: Access, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = kind_choices(access)
        self.fields["nature"].choices = choices  # type: ignore[attr-defined]
        if self.is_bound:
            known = {value for value, _ in choices}
            self.data = self.data.copy()
            asked = self.data.getlist("nature")
            self.data.setlist("nature", [value for value in asked if value in known])

    @property
    def kinds(self) -> list[Kind]:
        return [Kind(v) for v in self.cleaned_data.get("nature", [])] if self.is_valid() else []


class PeriodForm(KindFilter):
    """A calendar file of some days: at most those of a whole agreement."""

    du = DateField(label="du")
    au = DateField(label="au")

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        start, end = values.get("du"), values.get("au")
        if start and end and end < start:
            self.add_error("au", "La fin doit suivre le début.")
        elif start and end and end - start > timedelta(days=3653):
            self.add_error("au", "Choisissez une période de dix ans au plus.")
        return values

    @property
    def period(self) -> tuple[date, date]:
        return self.cleaned_data["du"], self.cleaned_data["au"]


class SubscribeForm(AgreementForm):
    label = forms.CharField(
        label="Où vous le lirez",
        max_length=80,
        required=False,
        help_text="Par exemple « Outlook du bureau » : vous le reconnaîtrez dans la liste.",
    )
    kinds = forms.MultipleChoiceField(
        label="Dates à recevoir",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Aucune case cochée : toutes.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kinds"].choices = kind_choices(self.access)  # type: ignore[attr-defined]


class DeadlineForm(ServiceModelForm):
    create_with = staticmethod(services.create_deadline)
    update_with = staticmethod(services.update_deadline)

    class Meta(FrenchModelForm.Meta):
        model = Deadline
        fields = ["title", "kind", "on", "ends_on", "starts_at", "ends_at", "place", "note",
                  "audience", "done_on"]  # fmt: skip
