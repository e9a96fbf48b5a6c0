"""Forms of the levels, and of the place of an action among them."""

from __future__ import annotations

from typing import Any

from django import forms

from actionplan import queries, services
from actionplan.models import (
    Action,
    Objective,
    Orientation,
)
from agreements.forms import AgreementModelForm, ServiceModelForm
from agreements.models import Agreement
from core.forms import FrenchModelForm


class OrientationForm(ServiceModelForm):
    create_with = services.create_orientation
    update_with = services.update_orientation

    class Meta(FrenchModelForm.Meta):
        model = Orientation
        fields = ["code", "title", "description", "challenges"]


class ObjectiveForm(ServiceModelForm):
    """An objective; in a plan of four levels, also a sub-objective, by what it stands under."""

    create_with = services.create_objective
    update_with = services.update_objective

    class Meta(FrenchModelForm.Meta):
        model = Objective
        fields = ["orientation", "parent", "code", "title", "description"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agreement = self.access.agreement
        self.fields["orientation"].label = agreement.orientation_label
        self.fields["code"].required = False
        self.fields["code"].help_text = "Laissé vide, le numéro suivant est donné."
        if not agreement.uses_sub_objectives:
            del self.fields["parent"]
            return
        tops = Objective.objects.filter(parent__isnull=True).exclude(pk=self.instance.pk)
        self.fields["parent"].queryset = tops.filter(agreement=agreement)
        self.fields["parent"].label = f"{agreement.objective_label} au-dessus"
        self.fields["parent"].help_text = (
            f"À remplir pour le niveau « {agreement.sub_objective_label} » ; "
            f"laissé vide, c'est le niveau « {agreement.objective_label} »."
        )

    def clean_code(self) -> str:
        """Emptied, the number stays as it was; a new level is given one by the service."""
        return self.cleaned_data["code"] or self.instance.code


INDENT = "\u2003"


def level_choices(agreement: Agreement) -> list[tuple[str, str]]:
    """Every level of the plan, as the tree shows it: « o3 » an orientation, « b12 » an objective."""
    objectives = queries.levels_in_order(Objective.objects.filter(agreement=agreement))
    choices = []
    for orientation in queries.orientations(agreement):
        choices.append((f"o{orientation.pk}", str(orientation)))
        choices += [
            (f"b{row.pk}", f"{INDENT * (2 if row.parent_id else 1)}{row}")
            for row in objectives
            if row.orientation_id == orientation.pk
        ]
    return choices


class PlaceForm(AgreementModelForm):
    """Where in the plan an action stands."""

    level = forms.ChoiceField(label="Ranger l'action sous")
    renumber = forms.BooleanField(
        label="Lui donner un nouveau numéro",
        required=False,
        help_text="Sinon elle garde le sien, par lequel on la connaît.",
    )

    class Meta(FrenchModelForm.Meta):
        model = Action
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["level"].choices = level_choices(self.access.agreement)
        self.fields["level"].initial = (
            f"b{self.instance.objective_id}"
            if self.instance.objective_id
            else f"o{self.instance.orientation_id}"
        )

    def perform(self) -> Action:
        kind, pk = self.cleaned_data["level"][0], self.cleaned_data["level"][1:]
        objective = queries.objectives(self.access.agreement).get(pk=pk) if kind == "b" else None
        orientation = (
            objective.orientation
            if objective
            else queries.orientations(self.access.agreement).get(pk=pk)
        )
        return services.place_action(
            self.instance,
            actor=self.access.user,
            orientation=orientation,
            objective=objective,
            renumber=self.cleaned_data["renumber"],
            expected_version=self.expected_version,
        )
