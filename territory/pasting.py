"""What people type and paste as figures: one cell, or a table of years and indicators."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from core.formats import parse_amount, plain_key
from opendata.models import Indicator, Reason
from territory.models import LocalObservation
from territory.services.figures import Typed

MARKS: dict[str, Reason] = {
    "s": Reason.SECRET, "secret": Reason.SECRET, "secret statistique": Reason.SECRET,
    "nd": Reason.MISSING, "n.d.": Reason.MISSING, "n/d": Reason.MISSING, "nc": Reason.MISSING,
    "non disponible": Reason.MISSING,
    "so": Reason.NOT_APPLICABLE, "s.o.": Reason.NOT_APPLICABLE, "sans objet": Reason.NOT_APPLICABLE,
    "non concerne": Reason.NOT_APPLICABLE,
}  # fmt: skip
SHORT = {Reason.SECRET: "s", Reason.MISSING: "nd", Reason.NOT_APPLICABLE: "so"}
UNREADABLE = (
    "« {text} » ne se lit pas : écrivez un nombre, « s » (secret), « nd » (non disponible) ou « so »"
    " (non concerné)."
)
LARGEST = Decimal(10) ** 14
FIRST_YEAR, LAST_YEAR = 1900, 2100
MOST_CELLS = 2000


def read_cell(text: str) -> Typed | None:
    """« 1 234,5 », « s », « nd »; empty is None: nothing is said. Raises ``ValueError`` in French."""
    bare = " ".join(text.split())
    if not bare:
        return None
    reason = MARKS.get(plain_key(bare))
    if reason:
        return Typed(reason=reason.value)
    try:
        value = parse_amount(bare.removesuffix("%"))
    except ValueError as error:
        words = str(error) if "deux façons" in str(error) else UNREADABLE.format(text=bare[:40])
        raise ValueError(words) from None
    if abs(value) >= LARGEST:
        raise ValueError(f"« {bare[:40]} » est trop grand pour être un chiffre du territoire.")
    return Typed(value=round(value, 4))


def write_cell(figure: LocalObservation | None) -> str:
    """A figure as one would type it."""
    if figure is None:
        return ""
    if figure.value is None:
        return SHORT[Reason(figure.reason)]
    return f"{figure.value.normalize():f}".replace(".", ",")


@dataclass(frozen=True)
class PastedCell:
    indicator: Indicator
    period: int
    typed: Typed


@dataclass
class PastedTable:
    """What a pasted table says, and all that is wrong in it, by line and column."""

    cells: list[PastedCell] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def read_table(text: str, indicators: Iterable[Indicator]) -> PastedTable:
    """A table copied from a spreadsheet: years in the first line and indicators in the first
    column, or the other way round. Indicators are recognised by label or by key."""
    rows = _rows(text)
    found = PastedTable()
    if len(rows) < 2:
        found.errors.append(
            "Collez au moins deux lignes : les années en tête, puis un indicateur par ligne."
        )
        return found
    if sum(map(len, rows)) > MOST_CELLS:
        found.errors.append(f"Ce tableau a plus de {MOST_CELLS} cellules : collez-en une partie.")
        return found
    known = {plain_key(name): row for row in indicators for name in (row.key, row.label)}
    turned = not any(_year(cell) for cell in rows[0][1:])
    years = [_year(cell) for cell in (_column(rows, 0) if turned else rows[0])]
    names = rows[0] if turned else _column(rows, 0)
    columns = [known.get(plain_key(name)) for name in names]
    _tell_headings(found, names, columns, years, rows, turned)
    _read_cells(found, rows, columns, years, turned)
    return found


def _rows(text: str) -> list[list[str]]:
    lines = [line for line in text.replace("\r", "\n").split("\n") if line.strip()]
    separator = "\t" if any("\t" in line for line in lines) else ";"
    return [
        [cell.strip() for cell in row]
        for row in csv.reader(lines, delimiter=separator, quoting=csv.QUOTE_NONE)
    ]


def _column(rows: list[list[str]], rank: int) -> list[str]:
    return [row[rank] if rank < len(row) else "" for row in rows]


def _year(text: str) -> int | None:
    bare = text.strip()
    if not (bare.isascii() and bare.isdigit() and len(bare) == 4):
        return None
    return int(bare) if FIRST_YEAR <= int(bare) <= LAST_YEAR else None


def _tell_headings(
    found: PastedTable,
    names: list[str],
    columns: list[Indicator | None],
    years: list[int | None],
    rows: list[list[str]],
    turned: bool,
) -> None:
    told = _column(rows, 0) if turned else rows[0]
    for rank, name in enumerate(names[1:], start=2):
        where = "colonne" if turned else "ligne"
        if columns[rank - 1] is None:
            words = (
                f"« {name} » n'est pas un indicateur du catalogue" if name else "sans indicateur"
            )
            found.errors.append(f"{where} {rank} : {words}.")
    for rank, year in enumerate(years[1:], start=2):
        where = "ligne" if turned else "colonne"
        if year is None:
            found.errors.append(f"{where} {rank} : « {told[rank - 1]} » n'est pas une année.")


def _read_cells(
    found: PastedTable,
    rows: list[list[str]],
    columns: list[Indicator | None],
    years: list[int | None],
    turned: bool,
) -> None:
    seen: set[tuple[int, int]] = set()
    for line, row in enumerate(rows[1:], start=1):
        for column, text in enumerate(row[1:], start=1):
            name, when = (column, line) if turned else (line, column)
            indicator = columns[name] if name < len(columns) else None
            year = years[when] if when < len(years) else None
            where = f"ligne {line + 1}, colonne {column + 1}"
            if not text:
                continue
            if indicator is None or year is None:
                if name >= len(columns) or when >= len(years):
                    found.errors.append(f"{where} : cette cellule n'a pas d'en-tête.")
                continue
            try:
                typed = read_cell(text)
            except ValueError as error:
                found.errors.append(f"{where} : {error}")
                continue
            if (indicator.pk, year) in seen:
                found.errors.append(f"{where} : « {indicator} » {year} est donné deux fois.")
            elif typed is not None:
                seen.add((indicator.pk, year))
                found.cells.append(PastedCell(indicator, year, typed))
