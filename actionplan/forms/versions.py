"""Freezing the signed plan, and preparing an avenant."""

from __future__ import annotations

from typing import Any

from django import forms

from actionplan.models import PlanVersion
from actionplan.versions import queries, services
from agreements.forms import AgreementForm, AgreementModelForm
from core.forms import DateField, FrenchModelForm


class FreezeForm(AgreementForm):
    on = DateField(label="Date", help_text="Le jour de la signature.")
    note = forms.CharField(
        label="Précision",
        required=False,
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Par exemple ce qui a déjà bougé entre la signature et aujourd'hui.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = self.access.agreement.signed_on

    def perform(self) -> PlanVersion:
        data = self.cleaned_data
        return services.freeze_signed_plan(
            self.access.agreement, actor=self.access.user, on=data["on"], note=data["note"]
        )


class AmendmentFreezeForm(AgreementForm):
    on = DateField(label="Signé le")

    def __init__(self, *args: Any, instance: PlanVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.version = instance
        if instance.amendment and instance.amendment.signed_on:
            self.fields["on"].initial = instance.amendment.signed_on

    def perform(self) -> PlanVersion:
        return services.freeze_amendment(
            self.version, actor=self.access.user, on=self.cleaned_data["on"]
        )


class AmendmentPlanForm(AgreementModelForm):
    """Which changes the avenant takes in; ``base`` is the frozen version that it amends."""

    blocks = forms.MultipleChoiceField(
        label="Changements repris",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Ce qui n'est pas coché reste un changement « hors avenant ».",
    )

    class Meta(FrenchModelForm.Meta):
        model = PlanVersion
        fields = ["note", "amendment", "blocks"]
        labels = {"note": "Objet de l'avenant", "amendment": "Avenant à la convention"}

    def __init__(self, *args: Any, base: PlanVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.base = base
        self.fields["note"].required = True
        self.fields["note"].widget.attrs["rows"] = 2
        number = services.next_amendment_number(self.access.agreement)
        self.fields["amendment"].empty_label = f"L'avenant n° {number}, créé à la signature"
        known = queries.choices(self.access.agreement, base)
        self.fields["blocks"].choices = known
        if not self.instance.pk:
            self.initial["blocks"] = [key for key, _ in known]

    def rebuild_kwargs(self) -> dict[str, Any]:
        return {**super().rebuild_kwargs(), "base": self.base}

    def perform(self) -> PlanVersion:
        values, actor = self.changed_values(), self.access.user
        if not self.instance.pk:
            return services.prepare_amendment(self.access.agreement, actor=actor, **values)
        stored = PlanVersion.objects.select_related("agreement").get(pk=self.instance.pk)
        return services.update_prepared(
            stored, actor=actor, expected_version=self.expected_version, **values
        )
