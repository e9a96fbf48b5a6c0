"""The legal items that an action answers, as boxes to tick."""

from __future__ import annotations

from typing import Any

from django import forms

from actionplan.scheme_items import CHOICES, join_codes, split_codes


class LegalCodesField(forms.MultipleChoiceField):
    """Boxes for the eleven items; the value is the text that is stored, « 2° ; 4° a »."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, *, max_length: int | None = None, **kwargs: Any) -> None:
        """``max_length`` comes with the column, which is wide enough for the eleven."""
        super().__init__(choices=CHOICES, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return split_codes(value) if isinstance(value, str) else value

    def clean(self, value: Any) -> str:
        return join_codes(super().clean(value))
