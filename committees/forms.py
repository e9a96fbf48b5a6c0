"""Forms of the room, the attendance grid among them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms

from actionplan.models import Action
from agreements.forms import AgreementForm, ServiceModelForm
from committees import services
from committees.models import (
    AgendaItem,
    ArbitrationPoint,
    Attendance,
    Committee,
    CommitteeMember,
    Decision,
    Meeting,
)
from core.forms import AmountField, FrenchModelForm

MAX_OPTIONS = 3


class CommitteeForm(ServiceModelForm):
    create_with = services.create_committee
    update_with = services.update_committee

    class Meta(FrenchModelForm.Meta):
        model = Committee
        fields = ["name", "kind", "purpose", "meetings_per_year"]


class MemberForm(ServiceModelForm):
    create_with = staticmethod(
        lambda agreement, **fields: services.add_member(fields.pop("committee"), **fields)
    )

    class Meta(FrenchModelForm.Meta):
        model = CommitteeMember
        fields = ["contact", "organisation", "role", "is_chair"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.committee = self.fixed.get("committee")


class MeetingForm(ServiceModelForm):
    create_with = services.create_meeting
    update_with = services.update_meeting

    class Meta(FrenchModelForm.Meta):
        model = Meeting
        fields = ["committee", "on", "starts_at", "duration_minutes", "place", "chair"]


class PreparationForm(ServiceModelForm):
    """The words of the meeting: at the head of its pack, and what was said."""

    update_with = services.update_meeting

    class Meta(FrenchModelForm.Meta):
        model = Meeting
        fields = ["introduction", "perspectives", "minutes"]
        help_texts = {"perspectives": "Une ligne par perspective."}


class AgendaItemForm(ServiceModelForm):
    create_with = staticmethod(
        lambda agreement, **fields: services.add_agenda_item(fields.pop("meeting"), **fields)
    )
    update_with = services.update_agenda_item

    class Meta(FrenchModelForm.Meta):
        model = AgendaItem
        fields = ["title", "kind", "minutes", "presenter", "actions"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "meeting" in self.fixed:
            self.instance.meeting = self.fixed["meeting"]


class ProposalForm(AgendaItemForm):
    """What the Caf puts forward; whoever steers keeps it or not."""

    create_with = staticmethod(
        lambda agreement, **fields: services.propose_agenda_item(fields.pop("meeting"), **fields)
    )

    class Meta(AgendaItemForm.Meta):
        fields = ["title", "kind", "minutes", "presenter"]


@dataclass(frozen=True)
class OptionFields:
    rank: int
    fields: list[Any]


class ArbitrationForm(AgreementForm):
    """A question and its two or three options, on one page. An option without a title is left out."""

    question = forms.CharField(label="Question posée", max_length=300)
    context = forms.CharField(
        label="Contexte", widget=forms.Textarea(attrs={"rows": 5}), help_text="Cinq lignes au plus."
    )
    technical_opinion = forms.CharField(
        label="Avis technique", required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    action = forms.ModelChoiceField(Action.objects.all(), label="Action concernée", required=False)

    def __init__(self, *args: Any, item: AgendaItem, **kwargs: Any) -> None:
        self.item = item
        self.point = ArbitrationPoint.objects.filter(item=item).first()
        super().__init__(*args, **kwargs)
        options = list(self.point.options.all()) if self.point else []
        if self.point:
            for name in ("question", "context", "technical_opinion", "action"):
                self.fields[name].initial = getattr(self.point, name)
            self.fields["version"] = forms.IntegerField(
                widget=forms.HiddenInput, initial=self.point.version, required=False
            )
        for rank in range(MAX_OPTIONS):
            known = options[rank] if rank < len(options) else None
            self._add_option(rank, known)

    def _add_option(self, rank: int, known: Any) -> None:
        number = rank + 1
        fields: dict[str, forms.Field] = {
            "title": forms.CharField(label=f"Option {number}", required=False, max_length=200),
            "effects": forms.CharField(
                label=f"Effets de l'option {number}",
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
            ),
            "cost": AmountField(
                label=f"Coût pour la commune, option {number} (€)", required=False, min_value=0
            ),
            "caf_revenue": AmountField(
                label=f"Recette Caf estimée, option {number} (€)", required=False, min_value=0
            ),
            "delay": forms.CharField(
                label=f"Délai de l'option {number}", required=False, max_length=150
            ),
            "risk": forms.CharField(
                label=f"Risque de l'option {number}", required=False, max_length=300
            ),
        }
        for name, field in fields.items():
            field.initial = getattr(known, name) if known else None
            self.fields[f"option{rank}-{name}"] = field

    @property
    def option_fields(self) -> list[OptionFields]:
        return [
            OptionFields(
                rank + 1, [self[name] for name in self.fields if name.startswith(f"option{rank}-")]
            )
            for rank in range(MAX_OPTIONS)
        ]

    @property
    def main_fields(self) -> list[Any]:
        return [self[name] for name in ("question", "context", "technical_opinion", "action")]

    def perform(self) -> ArbitrationPoint:
        data = self.cleaned_data
        options = []
        for rank in range(MAX_OPTIONS):
            values = {
                name.partition("-")[2]: value
                for name, value in data.items()
                if name.startswith(f"option{rank}-")
            }
            if values["title"]:
                options.append(values)
        return services.set_arbitration(
            self.item, actor=self.access.user, question=data["question"], context=data["context"],
            technical_opinion=data["technical_opinion"], action=data["action"], options=options,
            expected_version=data.get("version"),
        )  # fmt: skip


@dataclass(frozen=True)
class AttendanceLine:
    attendance: Attendance
    status: Any
    represented_by: Any


class AttendanceForm(AgreementForm):
    """Who came, all on one page."""

    def __init__(self, *args: Any, attendances: list[Attendance], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.attendances = attendances
        for row in attendances:
            self.fields[f"status-{row.pk}"] = forms.ChoiceField(
                label=f"Présence de {row.contact}",
                choices=Attendance.Status.choices,
                initial=row.status,
            )
            self.fields[f"by-{row.pk}"] = forms.CharField(
                label=f"Représentant de {row.contact}", required=False, max_length=150,
                initial=row.represented_by,
            )  # fmt: skip

    @property
    def lines(self) -> list[AttendanceLine]:
        return [
            AttendanceLine(row, self[f"status-{row.pk}"], self[f"by-{row.pk}"])
            for row in self.attendances
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for row in self.attendances:
            if (
                data.get(f"by-{row.pk}")
                and data.get(f"status-{row.pk}") != Attendance.Status.REPRESENTED
            ):
                self.add_error(f"by-{row.pk}", "Seule une personne représentée a un représentant.")
        return data

    def perform(self) -> None:
        for row in self.attendances:
            status = self.cleaned_data[f"status-{row.pk}"]
            by = self.cleaned_data[f"by-{row.pk}"]
            if (status, by) != (row.status, row.represented_by):
                services.record_attendance(
                    row, actor=self.access.user, status=status, represented_by=by
                )


class DecisionForm(ServiceModelForm):
    create_with = services.take_decision
    update_with = services.update_decision

    class Meta(FrenchModelForm.Meta):
        model = Decision
        fields = [
            "text", "decided_on", "meeting", "responsible", "due_on", "state", "follow_up",
            "institutional", "institutional_reference", "institutional_on", "actions",
        ]  # fmt: skip
        help_texts = {
            "institutional": "Le COPIL donne un avis et ne vote pas de crédits : dites où la décision doit être portée."
        }
