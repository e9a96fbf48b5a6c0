"""How a cell becomes a value: numbers, amounts, shares, dates as people type them.

Nothing is guessed: what could be read in two ways is refused with a sentence that says what to write.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from core.formats import MONTHS, WEEKDAYS, parse_amount, plain_key

if TYPE_CHECKING:
    from core.sheets.declaration import SheetColumn

DATE_FORMATS = ("%d/%m/%Y", "%Y-%m-%d", "%d/%m/%y", "%d.%m.%Y", "%d-%m-%Y")
CENT = Decimal("0.01")
TOO_LARGE = Decimal(10) ** 12
MONTH_BY_NAME = {plain_key(name): rank for rank, name in enumerate(MONTHS, start=1)}
SHORT_MONTHS = {
    "janv": 1, "jan": 1, "fevr": 2, "fev": 2, "avr": 4, "juil": 7, "sept": 9, "sep": 9,
    "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
DAY_IN_WORDS = re.compile(
    rf"(?:(?:{'|'.join(WEEKDAYS)}) )?(\d{{1,2}})(?:er)? ([a-z]+)\.? (\d{{4}})"
)
MONTH_IN_WORDS = re.compile(r"([a-z]+)\.? (\d{4})")
MONTH_IN_FIGURES = re.compile(r"(\d{1,2})[/.-](\d{4})")
PART_OF_YEAR = re.compile(
    r"(?:([ts]) ?([1-4])|([1-4])(?:er|e|eme)? (trimestre|semestre))(?: de)? (\d{4})"
)
YEAR = re.compile(r"(?:19|20|21)\d{2}")


@dataclass(frozen=True)
class Unresolved:
    """A cell whose formula has no result: « #DIV/0! », or empty when it was never computed."""

    text: str

    def __str__(self) -> str:
        return self.text or "formule"


@dataclass(frozen=True)
class Unknown:
    """A name that the application does not know, where the sheet allows to create it.

    ``kind`` says what would be created (« organisation »); nothing is before a person ticks it.
    """

    kind: str
    label: str

    def __str__(self) -> str:
        return self.label

    @property
    def identifier(self) -> str:
        return f"{self.kind}:{plain_key(self.label)}"


class Percent(float):
    """A number in a cell shown as a percentage: 0.5 reads « 50 % »."""


def plain(cell: Any) -> str:
    if isinstance(cell, bool):
        return "oui" if cell else "non"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def read_text(column: SheetColumn, cell: Any) -> str:
    if isinstance(cell, datetime | date):
        text = f"{cell:%d/%m/%Y}"
    elif isinstance(cell, Percent):
        text = f"{_decimal(cell) * 100:f}".rstrip("0").rstrip(".").replace(".", ",") + " %"
    else:
        text = plain(cell)
    if column.max_length is not None and len(text) > column.max_length:
        raise ValueError(f"{len(text)} caractères : {column.max_length} au plus")
    return text


def _decimal(cell: Any) -> Decimal:
    return Decimal(repr(float(cell)) if isinstance(cell, float) else str(cell))


def read_decimal(column: SheetColumn, cell: Any) -> Decimal:
    """« 48.28123 », « 48,28123 », « 12 000 »: one separator at most, never of thousands."""
    text = "".join(plain(cell).split()).replace("\u2212", "-").replace(",", ".")
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise ValueError(f"« {cell} » n'est pas un nombre") from None
    return _acceptable(value, cell)


def _acceptable(value: Decimal, cell: Any) -> Decimal:
    if not value.is_finite() or abs(value) >= TOO_LARGE:
        raise ValueError(f"« {cell} » n'est pas un nombre acceptable")
    return value


def read_integer(column: SheetColumn, cell: Any) -> int:
    value = read_decimal(column, cell)
    if value != value.to_integral_value():
        raise ValueError(f"« {cell} » n'est pas un nombre entier")
    return int(value)


def read_amount(column: SheetColumn, cell: Any) -> Decimal:
    """Euros, to the cent: « 12 000 € », « 1 250,50 », 12000. A formula's long result is rounded."""
    if isinstance(cell, bool | date | Percent):
        raise ValueError(f"« {read_text(column, cell)} » n'est pas un montant")
    value = parse_amount(cell) if isinstance(cell, str) else _decimal(cell)
    return _acceptable(value, cell).quantize(CENT, rounding=ROUND_HALF_UP)


def read_percent(column: SheetColumn, cell: Any) -> int:
    """A whole number from 0 to 100: « 50 % », 50, or 0.5 where the cell is shown in percent."""
    if isinstance(cell, Percent):
        # 60 typed by a program in a percent cell (6000 %) can only mean 60.
        value = _decimal(cell) * 100 if cell <= 1 else _decimal(cell)
    else:
        text = "".join(plain(cell).split()).removesuffix("%").replace(",", ".")
        try:
            value = Decimal(text)
        except InvalidOperation:
            raise ValueError(f"« {cell} » n'est pas un pourcentage") from None
    if not value.is_finite():
        raise ValueError(f"« {cell} » n'est pas un pourcentage")
    if isinstance(cell, Percent):
        value = value.quantize(Decimal("0.000001"))
    if value != value.to_integral_value():
        raise ValueError(f"« {cell} » : écrivez un pourcentage entier, par exemple 50")
    if not 0 <= value <= 100:
        raise ValueError(f"« {cell} » : un pourcentage va de 0 à 100")
    return int(value)


def read_date(column: SheetColumn, cell: Any) -> date:
    """A day; of a month, a quarter or a year only, its last or first day when the column says so."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = plain(cell)
    for wanted in DATE_FORMATS:
        try:
            return datetime.strptime(text, wanted).date()
        except ValueError:
            continue
    words = plain_key(text)
    if match := DAY_IN_WORDS.fullmatch(words):
        month = _month(match[2])
        if month and int(match[3]) and 1 <= int(match[1]) <= monthrange(int(match[3]), month)[1]:
            return date(int(match[3]), month, int(match[1]))
    if span := _span(words):
        if column.partial == "last":
            return span[1]
        if column.partial == "first":
            return span[0]
        raise ValueError(f"« {text} » : écrivez le jour, par exemple {span[1]:%d/%m/%Y}")
    raise ValueError(f"« {text} » n'est pas une date : écrivez par exemple 31/08/2026")


def _month(word: str) -> int:
    return MONTH_BY_NAME.get(word) or SHORT_MONTHS.get(word, 0)


def _span(words: str) -> tuple[date, date] | None:
    """First and last days of « mars 2027 », « 03/2027 », « 1er trimestre 2027 », « 2027 »."""
    if match := MONTH_IN_WORDS.fullmatch(words):
        month, year = _month(match[1]), int(match[2])
        return _months(year, month, month) if month else None
    if match := MONTH_IN_FIGURES.fullmatch(words):
        month = int(match[1])
        return _months(int(match[2]), month, month) if 1 <= month <= 12 else None
    if match := PART_OF_YEAR.fullmatch(words):
        length = 3 if (match[1] or match[4])[0] == "t" else 6
        last = int(match[2] or match[3]) * length
        return _months(int(match[5]), last - length + 1, last) if last <= 12 else None
    return _months(int(words), 1, 12) if YEAR.fullmatch(words) else None


def _months(year: int, first: int, last: int) -> tuple[date, date] | None:
    if not 1900 <= year <= 2200:
        return None
    return date(year, first, 1), date(year, last, monthrange(year, last)[1])


def read_choice(column: SheetColumn, cell: Any) -> Any:
    text = plain(cell)
    value = column.value_of(plain_key(text))
    if value is not None:
        return value[0]
    if column.creates:
        return Unknown(column.creates, " ".join(text.split()))
    raise ValueError(f"« {text} » n'est pas dans la liste")


READERS: dict[str, Callable[[SheetColumn, Any], Any]] = {
    "text": read_text,
    "integer": read_integer,
    "decimal": read_decimal,
    "amount": read_amount,
    "percent": read_percent,
    "date": read_date,
    "choice": read_choice,
}
