"""The base of the forms of small rows that carry no version (a note, a file's card)."""

from __future__ import annotations

from typing import Any

from django import forms

from agreements.forms import AgreementModelForm
from agreements.services.seen import mark_of


class SeenModelForm(AgreementModelForm):
    """Carries the mark of the row as it was read, as ``version``: the views show both versions of
    a row that somebody else changed meanwhile (see ``agreements.services.seen``)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["version"] = forms.CharField(
                widget=forms.HiddenInput, initial=mark_of(self.instance), required=False
            )

    @property
    def seen(self) -> str | None:
        return self.cleaned_data.get("version") or None
