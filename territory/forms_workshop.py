"""Forms of a prioritisation workshop: its sheet, the grid of dots, the ranking to keep."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from agreements.forms import AgreementForm, ChangedCellsForm, ServiceModelForm
from core.forms import FrenchModelForm
from territory import services
from territory.models import Challenge, Workshop
from territory.workshops import BallotLine, Result, ResultLine

MOST_DOTS = 9999


class WorkshopForm(ServiceModelForm):
    create_with = services.create_workshop
    update_with = services.update_workshop

    class Meta(FrenchModelForm.Meta):
        model = Workshop
        fields = ["held_on", "place", "participants", "participant_count", "dots_each", "note"]


class VotesForm(ChangedCellsForm):
    """One cell per challenge. Empty: not submitted to the workshop; 0: submitted, chosen by nobody."""

    def __init__(
        self, *args: Any, workshop: Workshop, ballot: list[BallotLine], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.workshop = workshop
        self.ballot = ballot
        for line in ballot:
            self.fields[f"votes-{line.challenge.pk}"] = forms.IntegerField(
                label=f"Gommettes pour « {line.title} »", required=False, min_value=0,
                max_value=MOST_DOTS, initial=line.votes, show_hidden_initial=True,
                widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "form-control"}),
                error_messages={"invalid": "Écrivez un nombre entier de gommettes, ou laissez vide."},
            )  # fmt: skip

    @property
    def lines(self) -> list[tuple[BallotLine, Any]]:
        return [(line, self[f"votes-{line.challenge.pk}"]) for line in self.ballot]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for line in self.ballot:
            self.refuse_if_moved(f"votes-{line.challenge.pk}", line.votes, line.title)
        return data

    def refuse_if_moved(self, name: str, current: Any, label: str) -> None:
        """Zero and empty are two answers here."""
        if name in self.changed_data and self.shown(name) != current:
            stands = "rien" if current is None else current
            self.add_error(
                name,
                f"{label} : quelqu'un a enregistré « {stands} » entre-temps. Vérifiez, puis enregistrez.",
            )

    def perform(self) -> Workshop:
        changed = self.changed_cells()
        votes = {
            line.challenge: changed[f"votes-{line.challenge.pk}"]
            for line in self.ballot
            if f"votes-{line.challenge.pk}" in changed
        }
        services.set_votes(self.workshop, actor=self.access.user, votes=votes)
        return self.workshop


class ApplyForm(AgreementForm):
    """« Retenir ce classement » : the priority of each challenge, as proposed or changed."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, workshop: Workshop, result: Result, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.workshop = workshop
        self.result = result
        self.fields["version"].initial = workshop.version
        for line in result.lines:
            self.fields[f"priority-{line.challenge.pk}"] = forms.TypedChoiceField(
                label=f"Priorité de « {line.title} »", choices=Challenge.Priority.choices,
                coerce=int, initial=line.ranked.proposal,
                widget=forms.Select(attrs={"class": "form-select"}),
            )  # fmt: skip

    @property
    def lines(self) -> list[tuple[ResultLine, Any]]:
        return [(line, self[f"priority-{line.challenge.pk}"]) for line in self.result.lines]

    def perform(self) -> Workshop:
        return services.apply_ranking(
            self.workshop, actor=self.access.user, on=date.today(),
            expected_version=self.cleaned_data["version"],
            priorities={
                line.challenge.pk: self.cleaned_data[f"priority-{line.challenge.pk}"]
                for line in self.result.lines
            },
        )  # fmt: skip


class ReopenForm(AgreementForm):
    reason = forms.CharField(
        label="Pourquoi rouvrir cet atelier ?", max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Par exemple « deux cartes comptées à l'envers ». La raison est gardée dans le journal.",
    )  # fmt: skip

    def __init__(self, *args: Any, workshop: Workshop, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.workshop = workshop

    def perform(self) -> Workshop:
        return services.reopen_workshop(
            self.workshop, actor=self.access.user, reason=self.cleaned_data["reason"]
        )
