"""The base of every form inside an agreement: no choice list ever shows another agreement's rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms

from agreements.access import Access
from core.forms import FrenchModelForm

EMPTY = "---------"


def name_empty_choices(form: forms.BaseForm) -> None:
    """« Choisir… » where a choice is needed, a dash where it may stay empty."""
    for field in form.fields.values():
        words = "Choisir…" if field.required else "–"
        if isinstance(field, forms.ModelChoiceField):
            if field.empty_label == EMPTY:
                field.empty_label = words
        elif isinstance(field, forms.ChoiceField):
            field.choices = [
                (value, words if label == EMPTY else label) for value, label in field.choices
            ]


def limit_choices(form: forms.BaseForm, access: Access) -> None:
    """Keep in each list only the rows of the agreement (models that have an ``agreement``)."""
    name_empty_choices(form)
    for field in form.fields.values():
        if not isinstance(field, forms.ModelChoiceField) or field.queryset is None:
            continue
        names = {model_field.name for model_field in field.queryset.model._meta.fields}
        if "agreement" in names:
            field.queryset = field.queryset.filter(agreement=access.agreement)


class AgreementForm(forms.Form):
    """A plain form inside an agreement."""

    def __init__(self, *args: Any, access: Access, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.access = access
        limit_choices(self, access)


def _said(value: Any) -> Any:
    """An empty cell is None whatever its kind; a zero is said."""
    return None if value == "" else value


class ChangedCellsForm(AgreementForm):
    """Many cells on one page. Each carries what it showed (``show_hidden_initial``), so that two
    people filling different cells lose nothing, and the same cell twice is refused."""

    def changed_cells(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.changed_data}

    def shown(self, name: str) -> Any:
        """The value under the author's eyes when the page was read."""
        field = self.fields[name]
        raw = field.hidden_widget().value_from_datadict(
            self.data, self.files, self.add_initial_prefix(name)
        )
        return field.to_python(raw)

    def refuse_if_moved(self, name: str, current: Any, label: str) -> None:
        """Somebody else wrote this cell since: say what stands, keep what was typed."""
        if name in self.changed_data and _said(self.shown(name)) != _said(current):
            self.add_error(
                name,
                f"{label} : quelqu'un a enregistré « {current} » entre-temps. Vérifiez, puis enregistrez.",
            )


class AgreementModelForm(FrenchModelForm):
    """A model form inside an agreement. Subclasses write ``perform``, which calls a service."""

    def __init__(self, *args: Any, access: Access, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.access = access
        if not self.instance.agreement_id:
            self.instance.agreement = access.agreement
        limit_choices(self, access)

    def rebuild_kwargs(self) -> dict[str, Any]:
        return {"access": self.access}

    def perform(self) -> Any:
        """Save through the room's service; returns the object."""
        raise NotImplementedError


class ServiceModelForm(AgreementModelForm):
    """A model form whose fields are the arguments of two services of the room.

    ``create_with(agreement, *, actor, **fields)`` and
    ``update_with(row, *, actor, expected_version, **fields)``; ``fixed`` are other arguments of
    the first (the parent of the row).
    """

    create_with: Callable[..., Any]
    update_with: Callable[..., Any]

    def __init__(self, *args: Any, fixed: dict[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fixed = fixed or {}

    def perform(self) -> Any:
        values, actor = self.changed_values(), self.access.user
        if not self.instance.pk:
            return type(self).create_with(
                self.access.agreement, actor=actor, **self.fixed, **values
            )
        if hasattr(self.instance, "version"):
            values["expected_version"] = self.expected_version
        return type(self).update_with(self.instance, actor=actor, **values)
