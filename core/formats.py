"""French formats. A missing value reads « n.d. », never zero; numbers and units do not part."""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from django.utils import timezone

NBSP = "\u00a0"
MISSING = "n.d."
MONTHS = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
]
Number = Decimal | int | float | None


def _decimal(value: Decimal | int | float) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(str(value))


def number(value: Number, decimals: int = 0) -> str:
    """« 12 806 », « 1 234,5 ». Half is rounded up, as people do."""
    if value is None or value == "":
        return MISSING
    rounded = _decimal(value).quantize(Decimal(1).scaleb(-int(decimals)), rounding=ROUND_HALF_UP)
    if rounded == 0:
        rounded = abs(rounded)
    return f"{rounded:,}".replace(",", NBSP).replace(".", ",")


def signed(value: Number, decimals: int = 0) -> str:
    """« +3 », « −2,5 » (a real minus sign), « 0 »."""
    if value is None:
        return MISSING
    text = number(abs(_decimal(value)), decimals)
    if not any(digit in text for digit in "123456789"):
        return text
    return f"{'+' if value > 0 else '−'}{text}"


def with_unit(value: Number, unit: str = "", decimals: int = 0) -> str:
    if value is None:
        return MISSING
    text = number(value, decimals)
    return f"{text}{NBSP}{unit}" if unit else text


def euros(value: Number, decimals: int = 0) -> str:
    """« 21 440 € »."""
    return with_unit(value, "€", decimals)


def keuros(value: Number) -> str:
    """« 21,4 k€ », for elected officials: nobody reads cents in a committee."""
    return with_unit(None if value is None else _decimal(value) / 1000, "k€", 1)


def percent(value: Number, decimals: int = 1) -> str:
    """« 17,0 % »; the value is already in percent."""
    return with_unit(value, "%", decimals)


def inhabitants(value: Number) -> str:
    """« 12 806 hab. »."""
    return with_unit(value, "hab.")


def date_long(day: date | None) -> str:
    """« 1er mars 2026 »."""
    if day is None:
        return MISSING
    number_of_day = "1er" if day.day == 1 else str(day.day)
    return f"{number_of_day}{NBSP}{MONTHS[day.month - 1]} {day.year}"


def date_short(day: date | None) -> str:
    """« 01/03/2026 »."""
    return MISSING if day is None else f"{day:%d/%m/%Y}"


def datetime_long(moment: datetime | None) -> str:
    """« 1er mars 2026 à 14 h 05 », in the project's time zone."""
    if moment is None:
        return MISSING
    if timezone.is_aware(moment):
        moment = timezone.localtime(moment)
    return f"{date_long(moment.date())} à {moment.hour}{NBSP}h{NBSP}{moment.minute:02d}"


def hours_minutes(minutes: int | None) -> str:
    """« 2 h 10 », « 45 min »."""
    if minutes is None:
        return MISSING
    hours, rest = divmod(int(minutes), 60)
    if not hours:
        return f"{rest}{NBSP}min"
    return f"{hours}{NBSP}h{NBSP}{rest:02d}" if rest else f"{hours}{NBSP}h"


def plural(count: int, singular: str, plural_form: str = "") -> str:
    """« 1 action », « 3 actions »; in French zero is singular."""
    word = (plural_form or f"{singular}s") if abs(count) >= 2 else singular
    return f"{number(count)}{NBSP}{word}"


def period(start: date | None, end: date | None) -> str:
    """« du 1er mars au 30 juin 2026 »."""
    if start is None:
        return f"jusqu'au {date_long(end)}" if end else MISSING
    if end is None:
        return f"depuis le {date_long(start)}"
    first = date_long(start)
    if start.year == end.year:
        first = first.rsplit(" ", 1)[0]
    return f"du {first} au {date_long(end)}"


def parse_amount(text: str) -> Decimal:
    """Read « 12 000 € », « 12 000,50 », « 50 % », narrow spaces included.

    Raises ``ValueError`` for anything that is not one number.
    """
    cleaned = text.strip()
    for unwanted in (" ", NBSP, "\u202f", "\u2009", "€", "%"):
        cleaned = cleaned.replace(unwanted, "")
    cleaned = cleaned.replace("−", "-").replace(",", ".")
    try:
        value = Decimal(cleaned)
    except InvalidOperation as error:
        raise ValueError(f"« {text} » n'est pas un nombre.") from error
    if not value.is_finite():
        raise ValueError(f"« {text} » n'est pas un nombre.")
    return value
