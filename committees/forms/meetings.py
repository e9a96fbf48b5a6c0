"""Committees, members, meetings, points of the agenda."""

from __future__ import annotations

from typing import Any

from django import forms

from agreements.forms import AgreementForm, ServiceModelForm
from committees import services
from committees.forms.choices import offer_kinds, order_choices
from committees.models import AgendaItem, Committee, CommitteeKind, CommitteeMember, Meeting
from core.formats import tied
from core.forms import FrenchModelForm, TimeInput


class CommitteeForm(ServiceModelForm):
    create_with = services.create_committee
    update_with = services.update_committee

    class Meta(FrenchModelForm.Meta):
        model = Committee
        fields = ["name", "kind", "purpose", "meetings_per_year"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_kinds(self)
        kinds: Any = self.fields["kind"]
        if not kinds.queryset.exists():
            self.fields["kind"] = forms.ChoiceField(
                label=kinds.label,
                choices=[(kind.name, kind.name) for kind in services.STANDARD_KINDS],
                help_text="Les sortes habituelles : elles se changent ensuite.",
            )

    def clean_kind(self) -> Any:
        """The first committee of an agreement brings the usual kinds with it."""
        kind = self.cleaned_data["kind"]
        if not isinstance(kind, str):
            return kind
        known = services.create_standard_kinds(self.access.agreement, actor=self.access.user)
        return next(row for row in known if row.name == kind)


class KindForm(ServiceModelForm):
    create_with = services.create_kind
    update_with = services.update_kind

    class Meta(FrenchModelForm.Meta):
        model = CommitteeKind
        fields = [
            "name",
            "nature",
            "meetings_per_year",
            "themes",
            "has_preparation",
            "position",
            "is_active",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["position"].required = False
        self.fields["position"].help_text = tied("Vide : en dernier.")
        self.fields["nature"].choices = [  # type: ignore[attr-defined]
            (key, tied(label))
            for key, label in self.fields["nature"].choices  # type: ignore[attr-defined]
        ]
        self.fields["themes"].widget = forms.CheckboxSelectMultiple()
        self.fields["themes"].queryset = self.fields["themes"].queryset.filter(is_active=True)  # type: ignore[attr-defined]
        if not self.instance.pk:
            self.initial["position"] = None

    def changed_values(self) -> dict[str, Any]:
        values = super().changed_values()
        if values["position"] is None:
            del values["position"]
        return values


class ChildForm(ServiceModelForm):
    """A row that belongs to a parent given by the address (``fixed``)."""

    parent = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.parent in self.fixed:
            setattr(self.instance, self.parent, self.fixed[self.parent])
        order_choices(self)


class MemberForm(ChildForm):
    parent = "committee"
    create_with = staticmethod(
        lambda agreement, *, committee, **fields: services.add_member(committee, **fields)
    )
    update_with = services.update_member

    class Meta(FrenchModelForm.Meta):
        model = CommitteeMember
        fields = ["contact", "organisation", "role", "is_chair", "starts_on", "ends_on"]


class MeetingForm(ServiceModelForm):
    create_with = services.create_meeting
    update_with = services.update_meeting

    class Meta(FrenchModelForm.Meta):
        model = Meeting
        fields = ["committee", "on", "starts_at", "place", "chair"]

    ends_at = forms.TimeField(label="Heure de fin", widget=TimeInput())
    field_order = ("committee", "on", "starts_at", "ends_at", "place", "chair")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        order_choices(self)
        self.fields["committee"].queryset = self.fields["committee"].queryset.select_related(  # type: ignore[attr-defined]
            "kind"
        )
        if self.instance.pk:
            self.initial.setdefault("ends_at", self.instance.ends_at)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        start, end = data.get("starts_at"), data.get("ends_at")
        if start and end and end <= start:
            self.add_error("ends_at", "La fin de la réunion doit suivre son début.")
        return data

    def changed_values(self) -> dict[str, Any]:
        values = super().changed_values()
        start, end = values["starts_at"], values.pop("ends_at")
        values["duration_minutes"] = (end.hour - start.hour) * 60 + end.minute - start.minute
        return values


class TextsForm(ServiceModelForm):
    """The words of the meeting, at the head of its pack and at its end."""

    update_with = services.update_meeting

    class Meta(FrenchModelForm.Meta):
        model = Meeting
        fields = ["introduction", "perspectives"]
        help_texts = {
            "perspectives": "Une ligne par perspective, en fin de dossier.",
        }


class AgendaItemForm(ChildForm):
    parent = "meeting"
    create_with = staticmethod(
        lambda agreement, *, meeting, **fields: services.add_agenda_item(meeting, **fields)
    )
    update_with = services.update_agenda_item

    class Meta(FrenchModelForm.Meta):
        model = AgendaItem
        fields = ["title", "kind", "minutes", "presenter", "actions", "reason"]
        help_texts = {"actions": "Leurs fiches seront en annexe du dossier de séance."}


class ProposalForm(ChildForm):
    """What the Caf puts forward; whoever steers keeps it or not."""

    parent = "meeting"
    create_with = staticmethod(
        lambda agreement, *, meeting, **fields: services.propose_agenda_item(meeting, **fields)
    )

    class Meta(FrenchModelForm.Meta):
        model = AgendaItem
        fields = ["title", "kind", "minutes", "presenter", "reason"]
        help_texts = {
            "reason": "Une phrase, pour la personne qui pilote : elle retient le point ou non."
        }


class DeclineForm(AgreementForm):
    reason = forms.CharField(
        label="Pourquoi ce point n'est pas retenu",
        max_length=300,
        help_text="La Caf lira cette phrase sur la page de la réunion.",
    )

    def __init__(self, *args: Any, item: AgendaItem, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.item = item

    def perform(self) -> None:
        services.decline_agenda_item(
            self.item, actor=self.access.user, reason=self.cleaned_data["reason"]
        )
