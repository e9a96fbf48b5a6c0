"""Describe a table of unknown format, once: the description reads the next vintages by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from core.errors import DomainError
from opendata.imports import inbox
from opendata.imports.formats import HEADER_ROWS
from opendata.imports.formats.mapped import fingerprint, without_year
from opendata.imports.levels import level_of_codes
from opendata.imports.publication import header_names
from opendata.imports.rows import year_of
from opendata.imports.tables import Table, open_tables
from opendata.imports.values import MISSING, NUMBER
from opendata.models import ColumnMapping, Dataset, ImportFile, Indicator

IGNORE, CODE, YEAR, KNOWN, NEW = "ignore", "code", "year", "known", "new"
SAMPLE = 3
SHOWN_ROWS = 8
MAX_COLUMNS = 400


@dataclass(frozen=True)
class LookColumn:
    """Columns that differ by their year only are described once."""

    plain: str
    names: list[str]
    samples: list[str]
    guess: str = IGNORE


@dataclass(frozen=True)
class Look:
    """What a person sees of a table before describing it."""

    tables: list[str]
    table: int
    header: int
    names: list[str]
    rows: list[list[str]]
    columns: list[LookColumn]
    level: str

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.names)

    @property
    def says_years(self) -> bool:
        return any(column.plain != column.names[0] for column in self.columns)


@contextmanager
def _tables(row: ImportFile) -> Iterator[list[Table]]:
    if not row.file:
        raise DomainError(inbox.NOT_KEPT)
    with open_tables(Path(row.file.path), row.name) as tables:
        yield tables


def look(row: ImportFile, *, table: int | None = None, header: int | None = None) -> Look:
    """The first rows of a file's table; the table and the header are guessed unless told.

    Raises ``DomainError`` when nothing in it looks like a table.
    """
    with _tables(row) as tables:
        at = table if table is not None and table < len(tables) else _likeliest(tables)
        chosen = tables[at]
        line = header if header is not None and header < len(chosen.head) else _header(chosen)
        names = header_names(chosen, line) if chosen.head else []
        if len(names) < 2:
            raise DomainError(
                "Cette ligne ne peut pas être un en-tête : elle a moins de deux colonnes. Choisissez"
                " une autre ligne ou une autre feuille."
            )
        if len(names) > MAX_COLUMNS:
            raise DomainError(
                f"Ce tableau a {len(names)} colonnes, plus qu'une personne n'en peut décrire : gardez"
                " celles qui servent et remettez le fichier."
            )
        rows = [cells for cells in chosen.head[line + 1 :] if any(cells)]
        columns = _columns(names, rows)
        code = next((column.names[0] for column in columns if column.guess == CODE), None)
        sample = [cells[names.index(code)] for cells in rows if code] if code else []
        return Look(
            [f"{item.name} — {item.sheet}" if item.sheet else item.name for item in tables],
            at, line, names, [cells[: len(names)] for cells in rows[:SHOWN_ROWS]], columns,
            level_of_codes(sample) or "",
        )  # fmt: skip


def _likeliest(tables: Sequence[Table]) -> int:
    """The table with the widest header."""
    widths = [max((sum(map(bool, row)) for row in table.head), default=0) for table in tables]
    return widths.index(max(widths))


def _header(table: Table) -> int:
    """The first row nearly as wide as the widest that is not made of numbers."""
    widest = max((sum(map(bool, row)) for row in table.head), default=0)
    for rank, row in enumerate(table.head[:HEADER_ROWS]):
        filled = [text for text in row if text.strip()]
        if len(filled) >= max(2, 0.8 * widest) and not all(map(_is_number, filled)):
            return rank
    return 0


def _is_number(text: str) -> bool:
    return NUMBER.fullmatch(text.strip()) is not None


def _columns(names: Sequence[str], rows: Sequence[Sequence[str]]) -> list[LookColumn]:
    groups: dict[str, list[int]] = {}
    for index, name in enumerate(names):
        if name:
            groups.setdefault(without_year(name), []).append(index)
    columns: list[LookColumn] = []
    guessed: set[str] = set()
    for plain, places in groups.items():
        values = [row[places[0]] for row in rows if len(row) > places[0]]
        guess = _guess(values) if len(places) == 1 else IGNORE
        if guess in guessed:
            guess = IGNORE
        guessed.add(guess)
        shown = [value for value in values if value.strip()][:SAMPLE]
        columns.append(LookColumn(plain, [names[place] for place in places], shown, guess))
    return columns


def _guess(values: Sequence[str]) -> str:
    filled = [value for value in values if value.strip()]
    years = [year for value in filled if (year := year_of(value)) and 1900 < year < 2100]
    if filled and len(years) == len(filled) and all(len(value) <= 7 for value in filled):
        return YEAR
    return CODE if level_of_codes(filled) else IGNORE


# --- What is kept -----------------------------------------------------------------------------
@dataclass(frozen=True)
class Role:
    """What a person says of a column. ``indicator``: its label in the catalogue, or the new one."""

    kind: str
    indicator: str = ""
    unit: str = ""
    is_summable: bool = False


@dataclass(frozen=True)
class Description:
    title: str
    producer: str
    licence: str
    level: str
    roles: Mapping[str, Role]
    """Plain name of the column → its role."""
    marks: Mapping[str, str] = field(default_factory=dict)
    """Mark in lower case → reason; "" for a blank cell."""
    year: int | None = None
    """For this file only: the next vintage has another."""


def mapping_of(view: Look) -> ColumnMapping | None:
    return ColumnMapping.objects.select_related("dataset").filter(header=view.fingerprint).first()


@transaction.atomic
def keep(row: ImportFile, view: Look, description: Description, *, actor: str) -> ColumnMapping:
    """Keep the description and have the file checked with it.

    Raises ``DomainError`` for a description that would not read: no code, two years, an indicator
    that does not exist or that two columns give.
    """
    columns = _roles(description, view)
    existing = mapping_of(view)
    dataset = _dataset(description, existing)
    mapping = existing or ColumnMapping(header=view.fingerprint)
    mapping.dataset, mapping.level = dataset, description.level
    mapping.columns, mapping.marks = columns, dict(description.marks)
    mapping.save()
    if description.year:
        row.options = {**row.options, "year": description.year}
        row.save(update_fields=["options"])
    inbox.check_again(row, actor=actor)
    return mapping


def _roles(description: Description, view: Look) -> dict[str, Any]:
    by_kind: dict[str, list[str]] = {}
    for plain, role in description.roles.items():
        by_kind.setdefault(role.kind, []).append(plain)
    codes, years = by_kind.get(CODE, []), by_kind.get(YEAR, [])
    if len(codes) != 1:
        raise DomainError("Dites quelle colonne porte le code du territoire : une, et une seule.")
    if len(years) > 1:
        raise DomainError("Une seule colonne peut porter l'année.")
    values: dict[str, str] = {}
    for plain, role in description.roles.items():
        if role.kind in (KNOWN, NEW):
            key = _known(role, plain) if role.kind == KNOWN else _new(role, plain, description)
            if key in values.values():
                raise DomainError(f"Deux colonnes donnent l'indicateur « {role.indicator} ».")
            values[plain] = key
    if not values:
        raise DomainError("Dites au moins d'une colonne quel indicateur elle donne.")
    dated = bool(years) or description.year or _all_dated(view, values)
    if not dated:
        raise DomainError(
            "Rien ne dit l'année des chiffres : choisissez une colonne, ou écrivez l'année.",
            field="year",
        )
    return {"code": codes[0], "year": years[0] if years else "", "values": values}


def _all_dated(view: Look, values: Mapping[str, str]) -> bool:
    return all(column.plain != column.names[0] for column in view.columns if column.plain in values)


def _known(role: Role, plain: str) -> str:
    wanted = role.indicator.strip()
    found = Indicator.objects.filter(label__iexact=wanted).first()
    found = found or Indicator.objects.filter(key=wanted).first()
    if found is None:
        raise DomainError(
            f"« {plain} » : le catalogue n'a pas d'indicateur « {wanted} ». Choisissez dans la liste,"
            " ou dites qu'il est nouveau."
        )
    return found.key


def _new(role: Role, plain: str, description: Description) -> str:
    label = role.indicator.strip()
    if not label:
        raise DomainError(f"« {plain} » : donnez un libellé au nouvel indicateur.")
    if Indicator.objects.filter(label__iexact=label).exists():
        raise DomainError(f"« {plain} » : « {label} » est déjà au catalogue, choisissez-le.")
    key = slugify(label).replace("-", "_")[:90]
    if not key or Indicator.objects.filter(key=key).exists():
        raise DomainError(f"« {plain} » : un autre indicateur ressemble à « {label} », précisez.")
    Indicator.objects.create(
        key=key,
        label=label[:200],
        unit=role.unit.strip()[:60],
        is_summable=role.is_summable,
        source=description.producer[:200],
    )
    return key


def _dataset(description: Description, existing: ColumnMapping | None) -> Dataset:
    dataset = existing.dataset if existing else Dataset(key=_key(description.title))
    if existing is None and Dataset.objects.filter(key=dataset.key).exists():
        raise DomainError(
            f"Un autre tableau s'appelle déjà « {description.title} » : donnez un autre titre.",
            field="title",
        )
    dataset.title = description.title[:300]
    dataset.producer = description.producer[:200]
    dataset.licence = description.licence[:100]
    dataset.save()
    return dataset


def _key(title: str) -> str:
    return f"tableau-{slugify(title)}"[:100]


def marks_of(*, secret: str, missing: str, not_applicable: str, blank: str) -> dict[str, str]:
    """« s, c » typed for each reason → mark in lower case → reason."""
    marks = {
        mark.strip().lower(): reason
        for text, reason in (
            (secret, "secret"), (missing, "missing"), (not_applicable, "not_applicable"),
        )
        for mark in text.split(",")
        if mark.strip()
    }  # fmt: skip
    return {**marks, "": blank} if blank != MISSING else marks
