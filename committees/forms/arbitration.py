"""A point of arbitration: a question and its two or three options, on one page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms

from actionplan.models import Action
from agreements.forms import AgreementForm
from committees import services
from committees.arbitration import CONTEXT_LINES
from committees.models import AgendaItem, ArbitrationOption, ArbitrationPoint
from committees.services.arbitration import MAX_OPTIONS, MIN_OPTIONS, TOO_FEW
from core.forms import AmountField

PARTS = ("title", "effects", "cost", "caf_revenue", "delay", "risk")


@dataclass(frozen=True)
class OptionFields:
    rank: int
    fields: list[forms.BoundField]


def option_fields() -> dict[str, forms.Field]:
    return {
        "title": forms.CharField(label="Intitulé", required=False, max_length=200),
        "effects": forms.CharField(
            label="Effets", required=False, widget=forms.Textarea(attrs={"rows": 2})
        ),
        "cost": AmountField(label="Coût pour la commune (€)", required=False, min_value=0),
        "caf_revenue": AmountField(
            label="Recette Caf, estimation (€)",
            required=False,
            min_value=0,
            help_text="Une estimation : le droit réel se déclare à la Caf.",
        ),
        "delay": forms.CharField(label="Délai", required=False, max_length=150),
        "risk": forms.CharField(label="Risque", required=False, max_length=300),
    }


class ArbitrationForm(AgreementForm):
    """An option without a title is left out, unless something else of it was typed."""

    question = forms.CharField(label="Question posée", max_length=300)
    context = forms.CharField(
        label="Contexte",
        widget=forms.Textarea(attrs={"rows": CONTEXT_LINES}),
        help_text="Cinq lignes au plus : au-delà, il est lu moins.",
    )
    technical_opinion = forms.CharField(
        label="Avis technique", required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    action = forms.ModelChoiceField(Action.objects.all(), label="Action concernée", required=False)

    main = ("question", "context", "technical_opinion", "action")

    def __init__(self, *args: Any, item: AgendaItem, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.item = item
        self.point = ArbitrationPoint.objects.filter(item=item).first()
        known = list(self.point.options.all()) if self.point else []
        self.fields["version"] = forms.IntegerField(
            widget=forms.HiddenInput,
            required=False,
            initial=self.point.version if self.point else None,
        )
        for name in self.main:
            self.fields[name].initial = getattr(self.point, name, None)
        for rank in range(MAX_OPTIONS):
            option = known[rank] if rank < len(known) else None
            for part, field in option_fields().items():
                field.initial = getattr(option, part, None)
                self.fields[f"option{rank}-{part}"] = field

    def main_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.main]

    def options(self) -> list[OptionFields]:
        return [
            OptionFields(rank + 1, [self[f"option{rank}-{part}"] for part in PARTS])
            for rank in range(MAX_OPTIONS)
        ]

    def _typed(self, rank: int) -> dict[str, Any]:
        return {part: self.cleaned_data.get(f"option{rank}-{part}") for part in PARTS}

    def clean(self) -> dict[str, Any]:
        for rank in range(MAX_OPTIONS):
            typed = self._typed(rank)
            has_more = any(value not in (None, "") for value in typed.values())
            if has_more and not typed["title"]:
                self.add_error(f"option{rank}-title", "Donnez un intitulé à cette option.")
        if not self.errors:
            titles = [self._typed(rank)["title"] for rank in range(MAX_OPTIONS)]
            if sum(bool(title) for title in titles) < MIN_OPTIONS:
                self.add_error(f"option{titles.index('')}-title", TOO_FEW)
        return self.cleaned_data

    def perform(self) -> ArbitrationPoint:
        data = self.cleaned_data
        typed = [self._typed(rank) for rank in range(MAX_OPTIONS)]
        return services.set_arbitration(
            self.item,
            actor=self.access.user,
            options=[option for option in typed if option["title"]],
            # Written by somebody else since this page was blank: no version was seen.
            expected_version=data["version"] or (0 if self.point else None),
            **{name: data[name] for name in self.main},
        )

    def differences_with(self, current: ArbitrationPoint) -> list[dict[str, str]]:
        """Rows « champ, votre version, version enregistrée » for the page of a conflict."""
        rows = [
            (str(self.fields[name].label), self.cleaned_data.get(name), getattr(current, name))
            for name in self.main
        ]
        saved = list(ArbitrationOption.objects.filter(point=current))
        for rank in range(MAX_OPTIONS):
            theirs = saved[rank] if rank < len(saved) else None
            rows += [
                (
                    f"Option {rank + 1}, {self.fields[f'option{rank}-{part}'].label}",
                    mine,
                    getattr(theirs, part, None),
                )
                for part, mine in self._typed(rank).items()
            ]
        return [
            {"label": label, "mine": str(mine or ""), "theirs": str(saved_value or "")}
            for label, mine, saved_value in rows
            if (mine or "") != (saved_value or "")
        ]
