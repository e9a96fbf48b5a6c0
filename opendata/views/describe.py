"""Say what the columns of an unknown table are."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from core.errors import DomainError
from opendata.forms import LIST_OF_INDICATORS, DescriptionForm
from opendata.imports import describe, inbox
from opendata.imports.formats import HEADER_ROWS
from opendata.models import ColumnMapping, ImportFile, Indicator, Reason
from opendata.views.base import FormView


class LookForm(forms.Form):
    """Which sheet, and which row of it names the columns."""

    table = forms.TypedChoiceField(label="Tableau", coerce=int)
    header = forms.TypedChoiceField(label="Ligne qui nomme les colonnes", coerce=int)

    def __init__(self, view: describe.Look) -> None:
        super().__init__(initial={"table": view.table, "header": view.header})
        self.fields["table"].choices = list(enumerate(view.tables))
        self.fields["header"].choices = [(rank, f"ligne {rank + 1}") for rank in range(HEADER_ROWS)]


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 5 else None


class DescribeView(FormView):
    template_name = "opendata/describe.html"
    form_class = DescriptionForm
    title = "Décrire un tableau"
    lead = "Une fois pour toutes : les millésimes suivants du même tableau se liront seuls."
    submit_label = "Vérifier le fichier"

    def load(self) -> None:
        self.row = get_object_or_404(ImportFile, pk=self.kwargs["pk"])
        if self.row.state not in inbox.WAITING:
            raise DomainError(f"Ce fichier n'attend plus rien : {self.row.get_state_display()}.")
        asked = self.request.GET
        self.view = describe.look(
            self.row, table=_number(asked.get("table")), header=_number(asked.get("header"))
        )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.load()
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.load()
        return super().post(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        mapping = describe.mapping_of(self.view)
        return _initial_of(mapping, self.view) if mapping else {"level": self.view.level}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "view": self.view}

    def perform(self, form: Any) -> None:
        describe.keep(self.row, self.view, form.description(), actor=self.actor)

    def get_success_url(self) -> str:
        return reverse("opendata:file", args=[self.row.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            row=self.row,
            view=self.view,
            look_form=LookForm(self.view),
            list_id=LIST_OF_INDICATORS,
            indicators=Indicator.objects.order_by("label").values_list("label", flat=True),
            **{"cancel_url": reverse("opendata:file", args=[self.row.pk]), **kwargs},
        )


def _initial_of(mapping: ColumnMapping, view: describe.Look) -> dict[str, Any]:
    """The description kept, as the form shows it."""
    labels = dict(Indicator.objects.values_list("key", "label"))
    by_reason: dict[str, list[str]] = {reason: [] for reason in Reason.values}
    for mark, reason in mapping.marks.items():
        if mark:
            by_reason[reason].append(mark)
    initial: dict[str, Any] = {
        "title": mapping.dataset.title,
        "producer": mapping.dataset.producer,
        "licence": mapping.dataset.licence,
        "level": mapping.level,
        "blank": mapping.marks.get("", Reason.MISSING),
        **{reason: ", ".join(marks) for reason, marks in by_reason.items()},
    }
    values = mapping.columns["values"]
    for rank, column in enumerate(view.columns):
        role = describe.IGNORE
        if column.plain == mapping.columns["code"]:
            role = describe.CODE
        elif column.plain == mapping.columns.get("year"):
            role = describe.YEAR
        elif column.plain in values:
            role = describe.KNOWN
            initial[f"indicator_{rank}"] = labels.get(values[column.plain], "")
        initial[f"role_{rank}"] = role
    return initial
