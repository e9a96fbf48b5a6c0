"""Forms of the room. The grid writes only the cells that its author changed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from actionplan.models import Measure
from actionplan.services import set_measure_point
from agreements.access import Access
from agreements.forms import AgreementForm, AgreementModelForm, ChangedCellsForm
from core.errors import DomainError
from core.forms import DateField, FrenchModelForm, NumberField
from evaluation import services
from evaluation.models import EvaluationAnswer, EvaluationQuestion, EvaluationYear
from evaluation.queries import AnsweredQuestion, GapToExplain, MeasureYear, measures_to_choose


class OpenYearForm(AgreementForm):
    year = forms.TypedChoiceField(label="Année", coerce=int)
    due_on = DateField(label="À rendre à la Caf le", required=False)

    def __init__(self, *args: Any, access: Access, **kwargs: Any) -> None:
        super().__init__(*args, access=access, **kwargs)
        self.fields["year"].choices = [(year, str(year)) for year in access.agreement.years]

    def perform(self) -> EvaluationYear:
        return services.open_year(
            self.access.agreement,
            actor=self.access.user,
            opened_on=date.today(),
            **self.cleaned_data,
        )


class TextsForm(AgreementModelForm):
    class Meta(FrenchModelForm.Meta):
        model = EvaluationYear
        fields = [
            "summary",
            "context_changes",
            "partnership",
            "inhabitants",
            "adjustments",
            "needs_amendment",
            "priorities",
            "steering_fte",
            "due_on",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["needs_amendment"] = forms.TypedChoiceField(
            label="Un avenant est-il nécessaire ?",
            choices=[("", "pas encore décidé"), ("True", "oui"), ("False", "non")],
            coerce=lambda value: value == "True",
            empty_value=None,
            required=False,
        )

    def perform(self) -> EvaluationYear:
        return services.update_texts(
            self.instance,
            actor=self.access.user,
            expected_version=self.expected_version,
            **self.changed_values(),
        )


class MeasuresField(forms.ModelMultipleChoiceField):
    """Measures under the action or the orientation that they follow."""

    def label_from_instance(self, obj: Measure) -> str:
        followed = obj.action.code if obj.action else obj.orientation.code
        return f"{followed} · {obj.label}"


class QuestionForm(AgreementModelForm):
    measures = MeasuresField(
        Measure.objects.none(),
        label="Mesures qui y répondent",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Celles du plan dont les valeurs diront la réponse.",
    )

    class Meta(FrenchModelForm.Meta):
        model = EvaluationQuestion
        fields = [
            "text",
            "criterion",
            "expected_evidence",
            "measures",
            "applies_from_rank",
            "applies_until_rank",
            "is_active",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["measures"].queryset = measures_to_choose(self.access.agreement)

    def perform(self) -> EvaluationQuestion:
        values = self.changed_values()
        if self.instance.pk:
            return services.update_question(
                self.instance,
                actor=self.access.user,
                expected_version=self.expected_version,
                **values,
            )
        return services.create_question(self.access.agreement, actor=self.access.user, **values)


class ReopenForm(AgreementForm):
    reason = forms.CharField(label="Pourquoi rouvrir ce bilan", max_length=300)


class ValuesForm(ChangedCellsForm):
    """The year's values, one line a measure: target, value, comment."""

    reason = forms.CharField(
        label="Motif",
        required=False,
        max_length=300,
        help_text="À remplir si vous changez une cible ou une valeur déjà enregistrée.",
    )

    def __init__(
        self, *args: Any, access: Access, year: int, rows: list[MeasureYear], **kwargs: Any
    ) -> None:
        super().__init__(*args, access=access, **kwargs)
        self.year, self.rows = year, rows
        for row in rows:
            key, name = row.measure.pk, row.measure.label
            self.fields[f"target_{key}"] = self._number(f"Cible, {name}", row.target)
            self.fields[f"value_{key}"] = self._number(f"Valeur {year}, {name}", row.value)
            self.fields[f"comment_{key}"] = forms.CharField(
                label=f"Commentaire, {name}",
                required=False,
                max_length=400,
                initial=row.comment,
                show_hidden_initial=True,
            )

    @staticmethod
    def _number(label: str, initial: Decimal | None) -> NumberField:
        return NumberField(
            label=label,
            required=False,
            initial=initial,
            max_digits=14,
            decimal_places=4,
            show_hidden_initial=True,
        )

    def clean(self) -> dict[str, Any]:
        for row in self.rows:
            key = row.measure.pk
            self.refuse_if_moved(f"target_{key}", row.target, "Cible")
            self.refuse_if_moved(f"value_{key}", row.value, "Valeur")
            self.refuse_if_moved(f"comment_{key}", row.comment, "Commentaire")
        return self.cleaned_data

    def perform(self) -> None:
        changed = self.changed_cells()
        for row in self.rows:
            cells = {
                name: changed[f"{name}_{row.measure.pk}"]
                for name in ("target", "value", "comment")
                if f"{name}_{row.measure.pk}" in changed
            }
            if cells:
                self._save(row, cells)

    def _save(self, row: MeasureYear, cells: dict[str, Any]) -> None:
        try:
            set_measure_point(
                row.measure,
                actor=self.access.user,
                year=self.year,
                reason=self.cleaned_data["reason"],
                **cells,
            )
        except DomainError as refusal:
            name = refusal.field if refusal.field in cells else next(iter(cells))
            raise DomainError(refusal.message, field=f"{name}_{row.measure.pk}") from refusal

    def lines(self) -> list[dict[str, Any]]:
        """What the template draws: the measure and its three cells."""
        return [
            {
                "row": row,
                "target": self[f"target_{row.measure.pk}"],
                "value": self[f"value_{row.measure.pk}"],
                "comment": self[f"comment_{row.measure.pk}"],
            }
            for row in self.rows
        ]


class AnswersForm(ChangedCellsForm):
    """All the questions of the year on one page."""

    parts = ("judgement", "appreciation", "evidence")

    def __init__(
        self,
        *args: Any,
        access: Access,
        campaign: EvaluationYear,
        rows: list[AnsweredQuestion],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, access=access, **kwargs)
        self.campaign, self.rows = campaign, rows
        for row in rows:
            key = row.question.pk
            for part in self.parts:
                self.fields[f"{part}_{key}"] = self._field(part, row)

    @staticmethod
    def _field(part: str, row: AnsweredQuestion) -> forms.Field:
        initial = getattr(row.answer, part) if row.answer else ""
        model_field = EvaluationAnswer._meta.get_field(part)
        common = {
            "label": str(model_field.verbose_name).capitalize(),
            "required": False,
            "initial": initial,
            "show_hidden_initial": True,
        }
        if part == "judgement":
            choices = [("", "pas encore répondu"), *EvaluationAnswer.Judgement.choices]
            return forms.ChoiceField(choices=choices, **common)
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 2}), **common)

    def clean(self) -> dict[str, Any]:
        for row in self.rows:
            for part in self.parts:
                current = getattr(row.answer, part) if row.answer else ""
                self.refuse_if_moved(f"{part}_{row.question.pk}", current, row.question.text)
        return self.cleaned_data

    def perform(self) -> None:
        changed = self.changed_cells()
        for row in self.rows:
            fields = {
                part: changed[f"{part}_{row.question.pk}"]
                for part in self.parts
                if f"{part}_{row.question.pk}" in changed
            }
            if fields:
                services.answer_question(
                    self.campaign, actor=self.access.user, question=row.question, **fields
                )

    def lines(self) -> list[dict[str, Any]]:
        return [
            {"row": row, "fields": [self[f"{part}_{row.question.pk}"] for part in self.parts]}
            for row in self.rows
        ]


class GapsForm(ChangedCellsForm):
    """One sentence for each gap of the year."""

    def __init__(
        self, *args: Any, access: Access, year: int, rows: list[GapToExplain], **kwargs: Any
    ) -> None:
        super().__init__(*args, access=access, **kwargs)
        self.year, self.rows = year, rows
        for row in rows:
            known = row.explained
            self.fields[self.key("explanation", row)] = self._text(
                "Explication", known.explanation if known else ""
            )
            self.fields[self.key("adjustment", row)] = self._text(
                "Ajustement", known.adjustment if known else ""
            )

    @staticmethod
    def key(part: str, row: GapToExplain) -> str:
        about = f"m{row.measure.pk}" if row.measure else f"a{row.action.pk if row.action else 0}"
        return f"{part}_{row.kind}_{about}"

    @staticmethod
    def _text(label: str, initial: str) -> forms.CharField:
        return forms.CharField(
            label=label,
            required=False,
            initial=initial,
            show_hidden_initial=True,
            widget=forms.Textarea(attrs={"rows": 2}),
        )

    def clean(self) -> dict[str, Any]:
        for row in self.rows:
            known = row.explained
            for part in ("explanation", "adjustment"):
                current = getattr(known, part) if known else ""
                self.refuse_if_moved(self.key(part, row), current, row.text)
            name = self.key("explanation", row)
            if self.cleaned_data.get(self.key("adjustment", row)) and not self.cleaned_data.get(
                name
            ):
                self.add_error(name, "Expliquez d'abord l'écart, en une phrase.")
        return self.cleaned_data

    def perform(self) -> None:
        changed = set(self.changed_data)
        for row in self.rows:
            names = {part: self.key(part, row) for part in ("explanation", "adjustment")}
            if not changed.intersection(names.values()):
                continue
            if not self.cleaned_data[names["explanation"]]:
                if row.explained is not None:
                    services.remove_explanation(row.explained, actor=self.access.user)
                continue
            services.explain_gap(
                self.access.agreement,
                actor=self.access.user,
                year=self.year,
                kind=row.kind,
                action=row.action,
                measure=row.measure,
                **{part: self.cleaned_data[name] for part, name in names.items()},
            )

    def lines(self) -> list[dict[str, Any]]:
        return [
            {
                "row": row,
                "fields": [self[self.key(part, row)] for part in ("explanation", "adjustment")],
            }
            for row in self.rows
        ]
