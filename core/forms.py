"""Form fields that read what French people type, and the manners of our model forms."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from core.formats import parse_amount


class DateInput(forms.DateInput):
    """The browser's own calendar; the value travels as ISO whatever the locale."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class DateField(forms.DateField):
    widget = DateInput

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("input_formats", ["%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y", "%d.%m.%Y"])
        super().__init__(**kwargs)


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%H:%M")


class NumberField(forms.DecimalField):
    """Reads « 1 234,5 », narrow spaces included. Empty is None, never zero."""

    widget = forms.TextInput
    default_error_messages = {"invalid": "Écrivez un nombre, par exemple 1 234,5."}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("inputmode", "decimal")
        self.localize = False

    def to_python(self, value: Any) -> Decimal | None:
        if value in self.empty_values:
            return None
        try:
            return parse_amount(str(value))
        except (ValueError, InvalidOperation) as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Decimal):
            return f"{value.normalize():f}".replace(".", ",")
        return value


class AmountField(NumberField):
    """An amount in euros: reads « 12 000 € » and « 12 000,50 »."""

    default_error_messages = {"invalid": "Écrivez un montant, par exemple 12 000 €."}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 12)
        kwargs.setdefault("decimal_places", 2)
        super().__init__(**kwargs)


def french_formfield(db_field: models.Field, **kwargs: Any) -> forms.Field | None:
    """``formfield_callback``: our date and number fields instead of Django's."""
    if isinstance(db_field, models.DateField) and not isinstance(db_field, models.DateTimeField):
        return db_field.formfield(form_class=DateField, **kwargs)
    if isinstance(db_field, models.TimeField):
        return db_field.formfield(widget=TimeInput, **kwargs)
    if isinstance(db_field, models.DecimalField):
        is_amount = "€" in str(db_field.verbose_name)
        return db_field.formfield(form_class=AmountField if is_amount else NumberField, **kwargs)
    if isinstance(db_field, models.URLField):
        return db_field.formfield(assume_scheme="https", **kwargs)
    if isinstance(db_field, models.TextField):
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 4}))
    return db_field.formfield(**kwargs)


class FrenchModelForm(forms.ModelForm):
    """A model form whose layout is ours, and which knows how to show two versions."""

    class Meta:
        formfield_callback = french_formfield

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if hasattr(self.instance, "version"):
            self.fields["version"] = forms.IntegerField(
                widget=forms.HiddenInput, initial=self.instance.version, required=False
            )
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    @property
    def expected_version(self) -> int | None:
        """The version that the author had under the eyes, for ``save_new_version``."""
        return self.cleaned_data.get("version") if self.instance.pk else None

    def changed_values(self) -> dict[str, Any]:
        """What the form holds, without its technical fields: the arguments of a service."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}

    def differences_with(self, current: models.Model) -> list[dict[str, str]]:
        """Rows « champ, votre version, version enregistrée » for the page of a conflict."""
        rows = []
        theirs = type(self)(instance=current, **self.rebuild_kwargs())
        for name, field in self.fields.items():
            if name == "version":
                continue
            mine = self.readable_choice(field, self.cleaned_data.get(name))
            saved = self.readable_choice(
                field,
                field.clean(theirs.initial_raw(name))
                if theirs.initial_raw(name) not in (None, "", [])
                else None,
            )
            if mine != saved:
                rows.append({"label": str(field.label), "mine": mine, "theirs": saved})
        return rows

    def rebuild_kwargs(self) -> dict[str, Any]:
        """What the constructor needs beside the instance."""
        return {}

    def initial_raw(self, name: str) -> Any:
        """The initial value as the browser would send it back."""
        value = self.fields[name].prepare_value(self.get_initial_for_field(self.fields[name], name))
        if isinstance(value, list):
            return [getattr(item, "pk", item) for item in value]
        return value

    @staticmethod
    def readable_choice(field: forms.Field, value: Any) -> str:
        if value is None or value == "":
            return ""
        if hasattr(value, "__iter__") and not isinstance(value, str):
            return ", ".join(str(item) for item in value)
        if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
            return str(dict(field.choices).get(value, value))
        if isinstance(value, Decimal):
            return f"{value.normalize():f}".replace(".", ",")
        if hasattr(value, "strftime"):
            return value.strftime("%d/%m/%Y")
        return str(value)
