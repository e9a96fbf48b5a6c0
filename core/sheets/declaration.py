"""What a room declares of a sheet: its columns, and how each value is read and written."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Any, Literal

from core import formats as fr
from core.formats import plain_key
from core.sheets.values import READERS, Unresolved, plain

Kind = Literal["text", "integer", "decimal", "amount", "percent", "date", "choice"]
KEY_TITLE, VERSION_TITLE = "Clé (ne pas modifier)", "Version (ne pas modifier)"
GUARDED = re.compile(r"'+[=+\-@\t\r]")
DANGEROUS = re.compile(r"'*[=+\-@\t\r]")
UNSTORABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
SEPARATOR = " ; "
BULLET = re.compile(r"^\s*[•\-–]\s+")
PRINTS_MARK = "c1:"
"""Begins a version cell that holds one print for each column; older workbooks hold one a row."""


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
    aliases: tuple[str, ...] = ()
    """Other titles that people give to this column."""
    many: bool = False
    """Several values in a cell, parted by « ; » or line breaks: read as a tuple."""
    partial: Literal["", "first", "last"] = ""
    """What « mars 2027 » means in a column of dates; refused when empty."""
    creates: str = ""
    """What an unknown name of a list may create (« organisation »): it reads as ``Unknown``."""

    @cached_property
    def _by_label(self) -> dict[str, tuple[Any]]:
        found: dict[str, tuple[Any]] = {}
        for value, label in self.choices:
            found.setdefault(plain_key(label), (value,))
        for value, label in self.choices if self.many else ():
            found.setdefault(plain_key(_without_separator(label)), (value,))
        return found

    @cached_property
    def _labels(self) -> dict[Any, str]:
        try:
            return dict(self.choices)
        except TypeError:  # values that have no hash
            return {}

    def value_of(self, label_key: str) -> tuple[Any] | None:
        """The value whose label reads so, in a tuple; None when no label does."""
        return self._by_label.get(label_key)

    def read(self, cell: Any) -> Any:
        """The value of a cell; None (or an empty tuple) when it is empty.

        Raises ``ValueError`` with a sentence.
        """
        if isinstance(cell, Unresolved):
            told = f" ({cell.text})" if cell.text else ""
            raise ValueError(f"cette formule n'a pas de résultat{told} : écrivez la valeur")
        if self.many:
            return self._read_many(cell)
        return self._read_one(cell)

    def _read_one(self, cell: Any) -> Any:
        if isinstance(cell, str):
            cell = unguarded(cell)
        if cell is None or cell == "":
            return None
        if self.parse is not None:
            return self.parse(plain(cell))
        return READERS[self.kind](self, cell)

    def _read_many(self, cell: Any) -> tuple[Any, ...]:
        parts = re.split(r"[;\n\r]", unguarded(cell)) if isinstance(cell, str) else [cell]
        found: list[Any] = []
        for part in parts:
            if isinstance(part, str) and self.kind == "choice" and not self._is_known(part):
                part = BULLET.sub("", part)
            value = self._read_one(part)
            if value is not None and value not in found:
                found.append(value)
        return tuple(found)

    def _is_known(self, label: str) -> bool:
        return self.value_of(plain_key(label)) is not None

    def text(self, value: Any) -> str:
        """The value in words, as a preview shows it and as its print is made of."""
        if value is None or value == "":
            return ""
        if self.many:
            labels = (_without_separator(self._text_of(one)) for one in value)
            return SEPARATOR.join(label for label in dict.fromkeys(labels) if label)
        return self._text_of(value)

    def _text_of(self, value: Any) -> str:
        if self.show is not None:
            return self.show(value)
        if self.kind == "choice":
            return self._label_of(value)
        if isinstance(value, date):
            return fr.date_short(value)
        if self.kind == "amount" and isinstance(value, int | Decimal):
            return fr.euros(value, 0 if value == int(value) else 2)
        if self.kind == "percent" and isinstance(value, int | Decimal):
            return f"{value}{fr.NBSP}%"
        if isinstance(value, Decimal):
            return f"{value.normalize():f}".replace(".", ",")
        return str(value)

    def _label_of(self, value: Any) -> str:
        try:
            found = self._labels.get(value)
        except TypeError:
            found = next((label for known, label in self.choices if known == value), None)
        return str(value) if found is None else found

    def canonical(self, value: Any) -> str:
        """The text that two values share when nobody would say that they differ."""
        return canonical(self.text(value), many=self.many)

    def print(self, value: Any) -> str:
        """Short print of the value: another one means that it is another value."""
        return print_of(self.text(value), many=self.many)


@dataclass(frozen=True)
class SheetRow:
    """A row as it stands: its key, and the values by column."""

    key: str
    values: Mapping[str, Any]


LevelRows = Callable[[Mapping[str, Any], str], Mapping[str, Any] | None]


@dataclass(frozen=True)
class Sheet:
    """A sheet: its name, its columns, and those that name a row which has lost its key."""

    name: str
    columns: tuple[SheetColumn, ...]
    identity: tuple[str, ...]
    noun: str = "ligne"
    rows: tuple[SheetRow, ...] = field(default=())
    levels: tuple[str, ...] = ()
    """Columns that say where a row stands, the highest first: a merged cell there names the level
    of every row that it spans, and a row that fills only these names the level of what follows."""
    level_rows: LevelRows | None = None
    """Replaces the usual way of knowing a row that only names a level. Called with the cells by
    column and the row's only text (empty when it holds several); gives the levels that it names,
    or None for an ordinary row."""

    name_row: Callable[[Mapping[str, Any]], str] | None = None
    """How a line is called, from its values by column; None: by what identifies it."""

    @cached_property
    def _by_key(self) -> dict[str, SheetColumn]:
        return {column.key: column for column in self.columns}

    @cached_property
    def keys(self) -> frozenset[str]:
        return frozenset(self._by_key)

    @cached_property
    def by_title(self) -> dict[str, str]:
        """Titles and aliases, without accents → column key; a title wins over another's alias."""
        found = {plain_key(column.title): column.key for column in self.columns}
        for column in self.columns:
            for alias in column.aliases:
                found.setdefault(plain_key(alias), column.key)
        return found

    def column(self, key: str) -> SheetColumn:
        return self._by_key[key]

    def fingerprint(self, row: SheetRow) -> str:
        """Print of a whole row, as the first workbooks carried it."""
        told = "\x1f".join(column.text(row.values.get(column.key)) for column in self.columns)
        return hashlib.sha256(told.encode()).hexdigest()[:16]

    def prints(self, row: SheetRow) -> str:
        """What the hidden version cell holds: the print of each column."""
        return self.prints_of_texts([c.text(row.values.get(c.key)) for c in self.columns])

    def prints_of_texts(self, texts: Sequence[str]) -> str:
        """The same, from the text of each column."""
        return PRINTS_MARK + ",".join(
            f"{column.key}={print_of(text, many=column.many)}"
            for column, text in zip(self.columns, texts, strict=True)
        )

    def identity_of(self, values: Mapping[str, Any]) -> tuple[str, ...]:
        return tuple(plain_key(self.column(key).text(values.get(key))) for key in self.identity)


def canonical(text: str, *, many: bool) -> str:
    """Without what a spreadsheet or a text area changes alone: ends of lines, control characters,
    the order of several values."""
    if many:
        parts = {" ".join(UNSTORABLE.sub("", part).split()) for part in text.split(";")}
        return "\x1f".join(sorted(parts - {""}))
    if "\n" in text or "\r" in text:
        lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        text = "\n".join(line.rstrip() for line in lines)
    return UNSTORABLE.sub("", text).strip()


@lru_cache(maxsize=20_000)
def print_of(text: str, *, many: bool) -> str:
    told = canonical(text, many=many)
    if not told:
        return ""
    return hashlib.blake2b(told.encode("utf-8", "replace"), digest_size=4).hexdigest()


def prints_of(version: str) -> dict[str, str] | None:
    """The prints by column of a version cell; None when it holds the print of a row, or nothing."""
    if not version.startswith(PRINTS_MARK):
        return None
    pairs = (part.partition("=") for part in version[len(PRINTS_MARK) :].split(","))
    return {key: told for key, mark, told in pairs if mark}


def _without_separator(label: str) -> str:
    """In a cell of several values, a label never holds what parts them."""
    return " ".join(label.replace(";", ",").split())


def guarded(text: str) -> str:
    """Text that no spreadsheet runs as a formula: an apostrophe before what begins like one."""
    text = UNSTORABLE.sub("", text)
    return f"'{text}" if DANGEROUS.match(text) else text


def unguarded(cell: str) -> str:
    """Without surrounding spaces, characters that nothing stores, nor the apostrophe that kept it from
    being run as a formula."""
    text = (UNSTORABLE.sub("", cell) if UNSTORABLE.search(cell) else cell).strip()
    return text[1:] if GUARDED.match(text) else text
