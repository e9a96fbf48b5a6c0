"""What a room declares of a sheet: its columns, and how each value is read and written."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from core.formats import date_short, plain_key

Kind = Literal["text", "integer", "decimal", "date", "choice"]
DATE_FORMATS = ("%d/%m/%Y", "%Y-%m-%d", "%d/%m/%y", "%d.%m.%Y")
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
KEY_TITLE, VERSION_TITLE = "Clé (ne pas modifier)", "Version (ne pas modifier)"


@dataclass(frozen=True)
class Unresolved:
    """A cell whose formula has no result: « #DIV/0! », or empty when it was never computed."""

    text: str

    def __str__(self) -> str:
        return self.text or "formule"


@dataclass(frozen=True)
class SheetColumn:
    """A column. ``choices`` pairs values with their labels; ``parse`` and ``show`` replace the usual
    reading of a text (ages in words…). ``parse`` raises ``ValueError`` with a sentence."""

    key: str
    title: str
    kind: Kind = "text"
    required: bool = False
    choices: Sequence[tuple[Any, str]] = ()
    parse: Callable[[str], Any] | None = None
    show: Callable[[Any], str] | None = None
    help: str = ""
    width: int = 18
    max_length: int | None = None
    list_from: str = ""
    """Name of the sheet whose first visible column is the drop-down list of this one."""

    def read(self, cell: Any) -> Any:
        """The value of a cell; None when it is empty. Raises ``ValueError`` with a sentence."""
        if isinstance(cell, Unresolved):
            told = f" ({cell.text})" if cell.text else ""
            raise ValueError(f"cette formule n'a pas de résultat{told} : écrivez la valeur")
        if isinstance(cell, str):
            cell = _text(cell)
        if cell is None or cell == "":
            return None
        if self.parse is not None:
            return self.parse(_plain(cell))
        return READERS[self.kind](self, cell)

    def text(self, value: Any) -> str:
        """The value in words, as a preview shows it and as a fingerprint keeps it."""
        if value is None or value == "":
            return ""
        if self.show is not None:
            return self.show(value)
        if self.kind == "choice":
            return next((label for known, label in self.choices if known == value), str(value))
        if isinstance(value, date):
            return date_short(value)
        if isinstance(value, Decimal):
            return f"{value.normalize():f}".replace(".", ",")
        return str(value)


@dataclass(frozen=True)
class SheetRow:
    """A row as it stands: its key, and the values by column."""

    key: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Sheet:
    """A sheet: its name, its columns, and those that name a row which has lost its key."""

    name: str
    columns: tuple[SheetColumn, ...]
    identity: tuple[str, ...]
    noun: str = "ligne"
    rows: tuple[SheetRow, ...] = field(default=())

    def column(self, key: str) -> SheetColumn:
        return next(column for column in self.columns if column.key == key)

    def fingerprint(self, row: SheetRow) -> str:
        """Short print of what the row shows: another one means that it has changed since."""
        told = "\x1f".join(column.text(row.values.get(column.key)) for column in self.columns)
        return hashlib.sha256(told.encode()).hexdigest()[:16]

    def identity_of(self, values: Mapping[str, Any]) -> tuple[str, ...]:
        return tuple(plain_key(self.column(key).text(values.get(key))) for key in self.identity)


def _text(cell: str) -> str:
    """Without the apostrophe that kept it from being run as a formula."""
    text = cell.strip()
    return text[1:] if text[:1] == "'" and text[1:2] in DANGEROUS else text


def _plain(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _read_text(column: SheetColumn, cell: Any) -> str:
    text = _plain(cell)
    if column.max_length is not None and len(text) > column.max_length:
        raise ValueError(f"{len(text)} caractères : {column.max_length} au plus")
    return text


def _read_decimal(column: SheetColumn, cell: Any) -> Decimal:
    """« 48.28123 », « 48,28123 », « 12 000 »: one separator at most, never of thousands."""
    text = "".join(_plain(cell).split()).replace("\u2212", "-").replace(",", ".")
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise ValueError(f"« {cell} » n'est pas un nombre") from None
    if not value.is_finite() or abs(value) >= Decimal(10) ** 12:
        raise ValueError(f"« {cell} » n'est pas un nombre acceptable")
    return value


def _read_integer(column: SheetColumn, cell: Any) -> int:
    value = _read_decimal(column, cell)
    if value != value.to_integral_value():
        raise ValueError(f"« {cell} » n'est pas un nombre entier")
    return int(value)


def _read_date(column: SheetColumn, cell: Any) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    for wanted in DATE_FORMATS:
        try:
            return datetime.strptime(str(cell), wanted).date()
        except ValueError:
            continue
    raise ValueError(f"« {cell} » n'est pas une date : écrivez par exemple 31/08/2026")


def _read_choice(column: SheetColumn, cell: Any) -> Any:
    wanted = plain_key(_plain(cell))
    for value, label in column.choices:
        if plain_key(label) == wanted:
            return value
    raise ValueError(f"« {cell} » n'est pas dans la liste")


READERS: dict[str, Callable[[SheetColumn, Any], Any]] = {
    "text": _read_text,
    "integer": _read_integer,
    "decimal": _read_decimal,
    "date": _read_date,
    "choice": _read_choice,
}
