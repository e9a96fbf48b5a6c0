"""The sheet of an action: short by default, all of it unfolds; its status; its notes."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from actionplan import services
from actionplan.forms.codes import LegalCodesField
from actionplan.models import Action, ActionStatus, Measure
from agreements.forms import AgreementModelForm, ServiceModelForm
from core.forms import FrenchModelForm, NumberField

ESSENTIAL_LINES = [
    ["title"],
    ["orientation", "objective"],
    ["lead_organisation", "lead_contact"],
    ["due_on", "status"],
    ["summary"],
]
ESSENTIAL = [name for names in ESSENTIAL_LINES for name in names]
UNFOLDED: dict[str, list[str]] = {
    "Suivi": ["starts_on", "progress", "progress_note", "difficulties", "awaited_decision"],
    "Si elle est bloquée ou abandonnée": [
        "blocked_cause", "unblock_condition", "blocked_review_on", "dropped_reason",
    ],
    "Pourquoi": ["code", "origin", "priority", "themes", "challenges", "context", "expected_results"],
    "Quoi, pour qui, où": ["description", "target_public", "area", "participation"],
    "Avec qui et comment": [
        "elected_sponsor", "steering_body", "human_means", "material_means",
    ],
    "Schéma petite enfance": ["legal_codes"],
}  # fmt: skip


class ObjectiveChoice(forms.ModelChoiceField):
    """In a plan of four levels, sub-objectives stand under their objective."""

    def label_from_instance(self, obj: Any) -> str:
        return f"\u2014 {obj}" if obj.parent_id else str(obj)


class ActionForm(ServiceModelForm):
    """All the fields of a sheet; the first few are enough for a valid action.

    ``asked`` is a field that the author came to fill: its group is unfolded.
    """

    create_with = services.create_action
    update_with = services.update_action

    class Meta(FrenchModelForm.Meta):
        model = Action
        fields = [
            *ESSENTIAL,
            *(name for names in UNFOLDED.values() for name in names),
        ]
        field_classes = {"legal_codes": LegalCodesField, "objective": ObjectiveChoice}
        help_texts = {
            "legal_codes": "Cochez ce que l'action apporte au schéma de la petite enfance, s'il y a lieu.",
        }

    def __init__(self, *args: Any, asked: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = asked
        agreement = self.access.agreement
        self.fields["orientation"].label = agreement.orientation_label
        if agreement.uses_objectives:
            self._limit_objectives()
        else:
            del self.fields["objective"]
        self.fields["code"].required = False
        self.fields["code"].help_text = "Laissé vide, le numéro suivant est donné."
        for name in ("themes", "challenges"):
            self.fields[name].widget.attrs["size"] = 6

    def _limit_objectives(self) -> None:
        """Those of the plan's depth; the one that the action has already stays offered."""
        agreement, field = self.access.agreement, self.fields["objective"]
        field.label = agreement.objective_label
        if not agreement.uses_sub_objectives:
            field.queryset = field.queryset.filter(
                Q(parent__isnull=True) | Q(pk=self.instance.objective_id)
            )
            return
        field.label += f" ou {agreement.sub_objective_label.lower()}"
        field.queryset = field.queryset.annotate(
            under=Coalesce("parent__position", "position"), head=Coalesce("parent_id", "pk")
        ).order_by("orientation__position", "under", "head", F("parent").asc(nulls_first=True), "position", "pk")  # fmt: skip

    def clean_code(self) -> str:
        """Emptied, the number stays as it was; a new action is given one by the service."""
        return self.cleaned_data["code"] or self.instance.code

    @property
    def essential(self) -> list[list[Any]]:
        """Lines of fields that are read together."""
        return self.lines_of(ESSENTIAL_LINES)

    def lines_of(self, lines: Sequence[Sequence[str]]) -> list[list[Any]]:
        return [[self[name] for name in names if name in self.fields] for names in lines]

    @property
    def unfolded(self) -> list[tuple[str, list[Any], bool]]:
        """(title, fields, open): a group with an error in it, or with the field asked, is open."""
        groups = []
        for title, names in UNFOLDED.items():
            fields = [self[name] for name in names]
            is_open = self.asked in names or any(field.errors for field in fields)
            groups.append((title, fields, is_open))
        return groups


class NewActionForm(ActionForm):
    """A new action, with a first measure asked at once: what one wants to see move, and how far."""

    measure_label = forms.CharField(
        label="Une mesure", required=False, max_length=200,
        help_text="Facultatif : ce qu'on comptera pour dire que l'action avance.",
    )  # fmt: skip
    measure_kind = forms.ChoiceField(
        label="Nature de la mesure", required=False, choices=Measure.Kind.choices,
        initial=Measure.Kind.OUTPUT,
    )  # fmt: skip
    measure_unit = forms.CharField(label="Unité", required=False, max_length=60)
    measure_target = NumberField(
        label="Cible à l'échéance", required=False, max_digits=14, decimal_places=4
    )

    @property
    def essential(self) -> list[list[Any]]:
        return [*super().essential, *self.lines_of([MEASURE[:1], MEASURE[1:]])]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        target = data.get("measure_target")
        if (target is not None or data.get("measure_unit")) and not data.get("measure_label"):
            self.add_error("measure_label", "Nommez ce que vous voulez compter.")
        return data

    def changed_values(self) -> dict[str, Any]:
        return {n: v for n, v in super().changed_values().items() if n not in MEASURE}

    @transaction.atomic
    def perform(self) -> Action:
        action: Action = super().perform()
        values = self.cleaned_data
        if values["measure_label"]:
            actor = self.access.user
            measure = services.create_measure(
                action.agreement, actor=actor, action=action, label=values["measure_label"],
                kind=values["measure_kind"] or Measure.Kind.OUTPUT, unit=values["measure_unit"],
                decimals=decimals_of(values["measure_target"]),
            )  # fmt: skip
            if values["measure_target"] is not None:
                services.set_measure_point(
                    measure, actor=actor, year=action.due_on.year, target=values["measure_target"]
                )
        return action


MEASURE = ("measure_label", "measure_kind", "measure_unit", "measure_target")


def decimals_of(value: Decimal | None) -> int:
    """As many decimals as were typed: a measure counted in whole numbers shows none."""
    return 0 if value is None else max(0, -int(value.normalize().as_tuple().exponent))


class PartnerActionForm(ActionForm):
    """What the lead partner of an action says of it: where it stands, nothing of its frame."""

    class Meta(ActionForm.Meta):
        fields = [
            "status",
            "progress",
            "progress_note",
            "difficulties",
            "blocked_cause",
            "unblock_condition",
            "blocked_review_on",
            "dropped_reason",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.asked = kwargs.pop("asked", "")
        ServiceModelForm.__init__(self, *args, **kwargs)

    @property
    def essential(self) -> list[list[Any]]:
        return self.lines_of([["status", "progress"], ["progress_note"], ["difficulties"]])

    @property
    def unfolded(self) -> list[tuple[str, list[Any], bool]]:
        names = UNFOLDED["Si elle est bloquée ou abandonnée"]
        fields = [self[name] for name in names]
        return [
            ("Si elle est bloquée ou abandonnée", fields, any(field.errors for field in fields))
        ]


class StatusForm(AgreementModelForm):
    """Two clicks: the status, and why when it is blocked or dropped."""

    reason = forms.CharField(label="Motif (pour le journal)", required=False, max_length=300)

    class Meta(FrenchModelForm.Meta):
        model = Action
        fields = [
            "status",
            "blocked_cause",
            "unblock_condition",
            "blocked_review_on",
            "dropped_reason",
        ]
        help_texts = {
            "blocked_cause": "Pour une action bloquée. Vidé quand elle repart, gardé dans l'historique.",
            "unblock_condition": "Pour une action bloquée : ce qui la ferait repartir.",
            "blocked_review_on": "Pour une action bloquée : « Ma semaine » le rappellera.",
            "dropped_reason": "Pour une action abandonnée.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        current = Action.objects.get(pk=self.instance.pk).status
        allowed = services.TRANSITIONS[current] | {current}
        self.fields["status"].choices = [(s.value, s.label) for s in ActionStatus if s in allowed]

    def perform(self) -> Action:
        values = self.changed_values()
        return services.change_status(
            self.instance, actor=self.access.user, expected_version=self.expected_version, **values
        )
