"""The sheet of an action: short by default, all of it unfolds; its status; its notes."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from actionplan import services
from actionplan.models import (
    Action,
    ActionStatus,
    FollowUpNote,
)
from agreements.forms import AgreementModelForm, ServiceModelForm
from core.forms import FrenchModelForm

ESSENTIAL = [
    "title", "summary", "orientation", "objective", "lead_organisation", "lead_contact", "due_on", "status",
]  # fmt: skip
UNFOLDED: dict[str, list[str]] = {
    "Suivi": ["starts_on", "progress", "progress_note", "difficulties", "awaited_decision"],
    "Si elle est bloquée ou abandonnée": [
        "blocked_cause", "unblock_condition", "blocked_review_on", "dropped_reason",
    ],
    "Pourquoi": ["code", "origin", "priority", "themes", "challenges", "context", "expected_results"],
    "Quoi, pour qui, où": ["description", "target_public", "area", "participation"],
    "Avec qui et comment": [
        "elected_sponsor", "steering_body", "human_means", "material_means", "legal_codes",
    ],
}  # fmt: skip


class ActionForm(ServiceModelForm):
    """All the fields of a sheet; the first few are enough for a valid action."""

    create_with = services.create_action
    update_with = services.update_action

    class Meta(FrenchModelForm.Meta):
        model = Action
        fields = [*ESSENTIAL, *(name for names in UNFOLDED.values() for name in names)]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agreement = self.access.agreement
        self.fields["orientation"].label = agreement.orientation_label
        self.fields["objective"].label = agreement.objective_label
        if not agreement.uses_objectives:
            del self.fields["objective"]
        self.fields["code"].required = False
        self.fields["code"].help_text = "Laissé vide, le numéro suivant est donné."
        for name in ("themes", "challenges"):
            self.fields[name].widget.attrs["size"] = 6

    def clean_code(self) -> str:
        """Emptied, the number stays as it was; a new action is given one by the service."""
        return self.cleaned_data["code"] or self.instance.code

    @property
    def essential(self) -> list[Any]:
        return [self[name] for name in ESSENTIAL if name in self.fields]

    @property
    def unfolded(self) -> list[tuple[str, list[Any], bool]]:
        """(title, fields, open): a group with an error in it is unfolded."""
        groups = []
        for title, names in UNFOLDED.items():
            fields = [self[name] for name in names]
            groups.append((title, fields, any(field.errors for field in fields)))
        return groups


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
        ServiceModelForm.__init__(self, *args, **kwargs)

    @property
    def essential(self) -> list[Any]:
        return [self[name] for name in ("status", "progress", "progress_note", "difficulties")]

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


class NoteForm(AgreementModelForm):
    class Meta(FrenchModelForm.Meta):
        model = FollowUpNote
        fields = ["kind", "on", "text", "is_highlight"]

    def __init__(self, *args: Any, action: Action, with_internal: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.action = action
        self.instance.action = action
        self.fields["on"].initial = date.today
        if not with_internal:
            self.fields["kind"].choices = [
                choice
                for choice in FollowUpNote.Kind.choices
                if choice[0] != FollowUpNote.Kind.INTERNAL
            ]

    def perform(self) -> Any:
        return services.add_note(self.action, actor=self.access.user, **self.changed_values())
