"""Committees, members, meetings, points of the agenda."""

from __future__ import annotations

from typing import Any

from django import forms

from agreements.forms import AgreementForm, ServiceModelForm
from committees import services
from committees.forms.choices import order_choices
from committees.models import AgendaItem, Committee, CommitteeMember, Meeting
from core.forms import FrenchModelForm


class CommitteeForm(ServiceModelForm):
    create_with = services.create_committee
    update_with = services.update_committee

    class Meta(FrenchModelForm.Meta):
        model = Committee
        fields = ["name", "kind", "purpose", "meetings_per_year"]


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
        fields = ["contact", "organisation", "role", "is_chair"]


class MeetingForm(ServiceModelForm):
    create_with = services.create_meeting
    update_with = services.update_meeting

    class Meta(FrenchModelForm.Meta):
        model = Meeting
        fields = ["committee", "on", "starts_at", "duration_minutes", "place", "chair"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        order_choices(self)


class TextsForm(ServiceModelForm):
    """The words of the meeting: at the head of its pack, and what was said."""

    update_with = services.update_meeting

    class Meta(FrenchModelForm.Meta):
        model = Meeting
        fields = ["introduction", "perspectives", "minutes"]
        help_texts = {
            "perspectives": "Une ligne par perspective, en fin de dossier.",
            "minutes": "Ce qui s'est dit, en peu de mots. Ce texte peut être communiqué.",
        }


class AgendaItemForm(ChildForm):
    parent = "meeting"
    create_with = staticmethod(
        lambda agreement, *, meeting, **fields: services.add_agenda_item(meeting, **fields)
    )
    update_with = services.update_agenda_item

    class Meta(FrenchModelForm.Meta):
        model = AgendaItem
        fields = ["title", "kind", "minutes", "presenter", "actions"]
        help_texts = {"actions": "Leurs fiches seront en annexe du dossier de séance."}


class ProposalForm(ChildForm):
    """What the Caf puts forward; whoever steers keeps it or not."""

    parent = "meeting"
    create_with = staticmethod(
        lambda agreement, *, meeting, **fields: services.propose_agenda_item(meeting, **fields)
    )

    class Meta(FrenchModelForm.Meta):
        model = AgendaItem
        fields = ["title", "kind", "minutes", "presenter"]


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
