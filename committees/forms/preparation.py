"""The rétroplanning, the usual agendas, what became of each point."""

from __future__ import annotations

from typing import Any

from django import forms

from agreements.forms import AgreementForm, ServiceModelForm
from committees import services
from committees.agenda_models import MODELS_BY_KEY, AgendaModel
from committees.models import AgendaItem, Meeting, PreparationLine, Step
from committees.retroplanning import Delay
from core.forms import FrenchModelForm


class DelaysForm(AgreementForm):
    """Days before or after the meeting, step by step. Its own day does not move."""

    def __init__(self, *args: Any, delays: list[Delay], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.delays = [delay for delay in delays if delay.key != Step.MEETING]
        for delay in self.delays:
            self.fields[delay.key] = forms.IntegerField(
                label=f"Jours pour : {delay.label}",
                initial=delay.days,
                widget=forms.NumberInput(attrs={"class": "form-control"}),
            )
            self.fields[f"{delay.key}-active"] = forms.BooleanField(
                label=f"Utiliser : {delay.label}",
                initial=delay.is_active,
                required=False,
                widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
            )

    def lines(self) -> list[tuple[Delay, forms.BoundField, forms.BoundField]]:
        return [(delay, self[delay.key], self[f"{delay.key}-active"]) for delay in self.delays]

    def perform(self) -> None:
        services.set_delays(
            self.access.agreement,
            actor=self.access.user,
            given={
                delay.key: (self.cleaned_data[delay.key], self.cleaned_data[f"{delay.key}-active"])
                for delay in self.delays
            },
        )


class LineForm(ServiceModelForm):
    """One step of one meeting: its words and its date."""

    create_with = staticmethod(
        lambda agreement, *, meeting, **fields: services.add_line(meeting, **fields)
    )
    update_with = services.update_line

    class Meta(FrenchModelForm.Meta):
        model = PreparationLine
        fields = ["label", "due_on"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "meeting" in self.fixed:
            self.instance.meeting = self.fixed["meeting"]


class InsertModelForm(AgreementForm):
    model = forms.ChoiceField(label="Modèle", widget=forms.RadioSelect)

    def __init__(
        self, *args: Any, meeting: Meeting, models: list[AgendaModel], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.meeting = meeting
        self.fields["model"].choices = [(model.key, model.name) for model in models]  # type: ignore[attr-defined]
        self.fields["model"].initial = models[0].key

    def perform(self) -> None:
        services.insert_model(
            self.meeting, MODELS_BY_KEY[self.cleaned_data["model"]], actor=self.access.user
        )


class OutcomesForm(AgreementForm):
    """What the meeting made of each point, on one page."""

    def __init__(
        self, *args: Any, meeting: Meeting, items: list[AgendaItem], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.meeting, self.items = meeting, items
        choices = [("", "non traité : revient à la prochaine réunion"), *AgendaItem.Outcome.choices]
        for item in items:
            self.fields[f"outcome-{item.pk}"] = forms.ChoiceField(
                label=f"Issue de « {item.title} »",
                choices=choices,
                required=False,
                initial=item.outcome,
                widget=forms.Select(attrs={"class": "form-select"}),
            )

    def lines(self) -> list[tuple[AgendaItem, forms.BoundField]]:
        return [(item, self[f"outcome-{item.pk}"]) for item in self.items]

    def perform(self) -> None:
        services.set_outcomes(
            self.meeting,
            actor=self.access.user,
            outcomes={item: self.cleaned_data[f"outcome-{item.pk}"] for item in self.items},
        )
