"""Who came: all on one page. Only the cells that the author changed are written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms

from agreements.forms import AgreementForm
from committees import services
from committees.forms.choices import order_choices
from committees.forms.meetings import ChildForm
from committees.models import Attendance
from core.forms import FrenchModelForm


class AttendeeForm(ChildForm):
    """Somebody who is no member, invited for this meeting."""

    parent = "meeting"
    create_with = staticmethod(
        lambda agreement, *, meeting, **fields: services.add_attendance(meeting, **fields)
    )

    class Meta(FrenchModelForm.Meta):
        model = Attendance
        fields = ["contact", "organisation"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        order_choices(self)


@dataclass(frozen=True)
class AttendanceLine:
    attendance: Attendance
    status: forms.BoundField
    represented_by: forms.BoundField


class AttendanceForm(AgreementForm):
    """Each cell carries what it showed: two people filling different cells lose nothing, and the
    same cell twice is refused."""

    def __init__(self, *args: Any, attendances: list[Attendance], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.attendances = attendances
        for row in attendances:
            self.fields[f"status-{row.pk}"] = forms.ChoiceField(
                label=f"Présence de {row.contact}",
                choices=Attendance.Status.choices,
                initial=row.status,
                show_hidden_initial=True,
                widget=forms.Select(attrs={"class": "form-select"}),
            )
            self.fields[f"by-{row.pk}"] = forms.CharField(
                label=f"Représentant de {row.contact}",
                required=False,
                max_length=150,
                initial=row.represented_by,
                show_hidden_initial=True,
                widget=forms.TextInput(attrs={"class": "form-control"}),
            )

    def lines(self) -> list[AttendanceLine]:
        return [
            AttendanceLine(row, self[f"status-{row.pk}"], self[f"by-{row.pk}"])
            for row in self.attendances
        ]

    def _shown(self, name: str) -> str:
        """The value under the author's eyes when the page was read."""
        bound = self[name]
        return str(self.data.get(bound.html_initial_name, ""))

    def _refuse_if_moved(self, name: str, current: str, words: str) -> None:
        if name in self.changed_data and self._shown(name) != current:
            self.add_error(
                name, f"Quelqu'un a noté « {words} » entre-temps. Vérifiez, puis enregistrez."
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for row in self.attendances:
            status, by = f"status-{row.pk}", f"by-{row.pk}"
            self._refuse_if_moved(status, row.status, row.get_status_display())
            self._refuse_if_moved(by, row.represented_by, row.represented_by)
            if data.get(by) and data.get(status) != Attendance.Status.REPRESENTED:
                self.add_error(by, "Choisissez « représenté », ou videz ce champ.")
        return data

    def perform(self) -> None:
        changed = set(self.changed_data)
        for row in self.attendances:
            if changed.isdisjoint({f"status-{row.pk}", f"by-{row.pk}"}):
                continue
            services.record_attendance(
                row,
                actor=self.access.user,
                status=self.cleaned_data[f"status-{row.pk}"],
                represented_by=self.cleaned_data[f"by-{row.pk}"],
            )
