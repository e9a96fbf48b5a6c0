"""The base of every form inside an agreement: no choice list ever shows another agreement's rows."""

from __future__ import annotations

from typing import Any

from django import forms

from agreements.access import Access
from core.forms import FrenchModelForm


def limit_choices(form: forms.BaseForm, access: Access) -> None:
    """Keep in each list only the rows of the agreement (models that have an ``agreement``)."""
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
