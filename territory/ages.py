"""Ages, kept in months and said as people say them: « 2 mois », « 2 ans et demi », « 3 ans »."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from core.formats import NBSP, plain_key

OLDEST = 120 * 12
PLAIN = re.compile(
    r"(?:(?P<years>\d{1,3}) ?ans?)?(?: ?(?:et )?(?P<half>demi)e?)?(?: ?(?:et )?(?P<months>\d{1,4}) ?mois)?"
)
UNREADABLE = "« {text} » n'est pas un âge : écrivez par exemple 18 mois, 2 ans et demi ou 3 ans."


class Months(int):
    """A number of months that reads as an age."""

    def __str__(self) -> str:
        return age_text(int(self))


def age_text(months: int) -> str:
    """« 10 mois », « 18 mois », « 2 ans et demi », « 3 ans », « 4 ans et 2 mois »."""
    years, rest = divmod(months, 12)
    if years < 2:
        return f"{years}{NBSP}an" if (years, rest) == (1, 0) else f"{months}{NBSP}mois"
    told = f"{years}{NBSP}ans"
    if rest == 6:
        return f"{told} et demi"
    return f"{told} et {rest}{NBSP}mois" if rest else told


def range_text(youngest: int | None, oldest: int | None) -> str:
    """« de 2 mois à 3 ans », « à partir de 12 ans », « jusqu'à 6 ans »; empty when nothing is known."""
    if youngest is None and oldest is None:
        return ""
    if oldest is None:
        return f"à partir de {age_text(youngest or 0)}"
    if not youngest:
        return f"jusqu'à {age_text(oldest)}"
    return f"de {age_text(youngest)} à {age_text(oldest)}"


def parse_age(text: str) -> int:
    """Months. Raises ``ValueError`` with a sentence; half months are refused, not rounded."""
    plain = plain_key(text)
    found = PLAIN.fullmatch(plain)
    years, half, months = found.group("years", "half", "months") if found else (None, None, None)
    if re.search(r"mois et demi", plain):
        raise ValueError("Un âge se compte en mois entiers : écrivez 2 mois ou 3 mois.")
    if (years is None and months is None) or (half and (months or not years)):
        raise ValueError(UNREADABLE.format(text=text.strip()))
    total = int(years or 0) * 12 + int(months or 0) + (6 if half else 0)
    if total > OLDEST:
        raise ValueError(UNREADABLE.format(text=text.strip()))
    return total


class AgeField(forms.CharField):
    """Reads an age in words; empty is None."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Months | None:  # type: ignore[override]
        text = super().to_python(value)
        if not text:
            return None
        try:
            return Months(parse_age(text))
        except ValueError as error:
            raise ValidationError(str(error), code="invalid") from None

    def prepare_value(self, value: Any) -> Any:
        return age_text(value) if isinstance(value, int) else value
