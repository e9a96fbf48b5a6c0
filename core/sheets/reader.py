"""A workbook that comes in: xlsx, ods or csv, to rows of cells under the columns declared.

Nothing is guessed from a position: a sheet is recognised by its column titles, wherever the header
stands in the first lines. Refusals are sentences (``Unreadable``).
"""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from xml.parsers import expat

from python_calamine import CalamineError, CalamineWorkbook

from core.formats import plain_key
from core.sheets.declaration import KEY_TITLE, VERSION_TITLE, Sheet, Unresolved
from core.sheets.inspection import Place, Unsound, unresolved_formulas

MAX_BYTES = 5 * 1024 * 1024
MAX_UNPACKED = 60 * 1024 * 1024
MAX_LINES = 5_000
HEADER_WITHIN = 10
ENCODINGS = ("utf-8-sig", "cp1252")


BROKEN_ARCHIVE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)
"""What ``zipfile`` raises for an archive that is damaged, encrypted or of an unknown method."""


class Unreadable(ValueError):
    """The file cannot be read at all; its text says why and what to do."""


@dataclass(frozen=True)
class Line:
    """A line of the file: its number as the spreadsheet shows it, its key, its cells."""

    number: int
    key: str
    version: str
    cells: dict[str, Any]


@dataclass(frozen=True)
class Table:
    """The lines of one declared sheet. ``ignored`` are the titles that nothing declares."""

    sheet: Sheet
    name: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    ignored: tuple[str, ...] = ()


def read(data: bytes, file_name: str, sheets: Sequence[Sheet]) -> list[Table]:
    """The declared sheets found in the file. Raises ``Unreadable``."""
    if len(data) > MAX_BYTES:
        raise Unreadable(f"Ce fichier dépasse {MAX_BYTES // 1024 // 1024} Mo.")
    if not data.strip():
        raise Unreadable("Ce fichier est vide.")
    name = file_name.lower()
    if name.endswith((".xlsx", ".ods")):
        pages = _spreadsheet(data)
    elif name.endswith((".csv", ".txt")):
        pages = [(file_name, _csv(data))]
    else:
        raise Unreadable("Seuls les classeurs .xlsx et .ods et les fichiers .csv sont acceptés.")
    tables = [
        table for page_name, rows in pages if (table := _table(page_name, rows, sheets)) is not None
    ]
    if not tables:
        wanted = " ; ".join(
            f"« {sheet.name} » : {', '.join(column.title for column in sheet.columns[:4])}…"
            for sheet in sheets
        )
        raise Unreadable(
            f"Aucune feuille n'a les colonnes attendues ({wanted}). Partez du classeur exporté."
        )
    twice = {t.sheet.name for t in tables if sum(o.sheet is t.sheet for o in tables) > 1}
    if twice:
        raise Unreadable(f"Deux feuilles décrivent la même chose : {', '.join(sorted(twice))}.")
    return tables


def _spreadsheet(data: bytes) -> list[tuple[str, list[list[Any]]]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(info.file_size for info in archive.infolist()) > MAX_UNPACKED:
                raise Unreadable("Ce classeur est trop gros une fois ouvert : allégez-le.")
            parts = {part.lower() for part in archive.namelist()}
            if "xl/workbook.bin" in parts or parts.isdisjoint(("xl/workbook.xml", "content.xml")):
                raise Unreadable("Seuls les classeurs .xlsx et .ods sont acceptés.")
            unresolved = unresolved_formulas(archive) if "xl/workbook.xml" in parts else {}
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        found = []
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            if sheet.total_height > MAX_LINES + HEADER_WITHIN:
                raise Unreadable(f"La feuille « {name} » a plus de {MAX_LINES} lignes.")
            rows = sheet.to_python(skip_empty_area=False)
            found.append((name, _marked(rows, unresolved.get(name, {}))))
        return found
    except Unsound as refusal:
        raise Unreadable(str(refusal)) from None
    except (*BROKEN_ARCHIVE, CalamineError, expat.ExpatError, OSError, KeyError):
        raise Unreadable(
            "Ce classeur ne s'ouvre pas : il est abîmé, protégé par un mot de passe, ou n'est pas un classeur."
        ) from None


def _marked(rows: list[list[Any]], unresolved: dict[Place, str]) -> list[list[Any]]:
    """A formula without a result is told as such: an empty cell would mean « unknown »."""
    for (row, column), text in unresolved.items():
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = Unresolved(text)
    return rows


def _csv(data: bytes) -> list[list[Any]]:
    for encoding in ENCODINGS:
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise Unreadable("Ce fichier n'est pas du texte lisible.")
    if "\x00" in text:
        raise Unreadable("Ce fichier n'est pas du texte : enregistrez-le en CSV ou en .xlsx.")
    first = text.splitlines()[0] if text.splitlines() else ""
    delimiter = max(";\t,", key=first.count)
    try:
        rows: list[list[Any]] = list(csv.reader(io.StringIO(text), delimiter=delimiter))
    except csv.Error:
        raise Unreadable("Ce fichier CSV ne se lit pas : enregistrez-le en .xlsx.") from None
    if len(rows) > MAX_LINES:
        raise Unreadable(f"Ce fichier a plus de {MAX_LINES} lignes.")
    return rows


def _table(name: str, rows: list[list[Any]], sheets: Sequence[Sheet]) -> Table | None:
    """The declared sheet that these rows are, by name first, then by the titles that match."""
    ordered = sorted(sheets, key=lambda sheet: plain_key(sheet.name) != plain_key(name))
    best: tuple[int, Sheet, int, dict[int, str]] | None = None
    for sheet in ordered:
        titles = {plain_key(column.title): column.key for column in sheet.columns}
        for index, row in enumerate(rows[:HEADER_WITHIN]):
            known = {
                rank: titles[plain_key(str(cell))]
                for rank, cell in enumerate(row)
                if plain_key(str(cell)) in titles
            }
            enough = len(known) >= 2 and set(sheet.identity) <= set(known.values())
            if enough and (best is None or len(known) > best[0]):
                best = (len(known), sheet, index, known)
    if best is None:
        return None
    _, sheet, header, known = best
    return _lines(name, rows, sheet, header, known)


def _lines(
    name: str, rows: list[list[Any]], sheet: Sheet, header: int, known: dict[int, str]
) -> Table:
    titles = [str(cell).strip() for cell in rows[header]]
    special = {plain_key(KEY_TITLE): "key", plain_key(VERSION_TITLE): "version"}
    hidden = {
        special[plain_key(title)]: rank
        for rank, title in enumerate(titles)
        if plain_key(title) in special
    }
    found = []
    for index, row in enumerate(rows[header + 1 :], start=header + 2):
        cells = {key: row[rank] for rank, key in known.items() if rank < len(row)}
        if all(str(cell).strip() == "" for cell in cells.values() if cell is not None):
            continue
        found.append(
            Line(index, _hidden(row, hidden.get("key")), _hidden(row, hidden.get("version")), cells)
        )
    ignored = tuple(
        title
        for rank, title in enumerate(titles)
        if title and rank not in known and rank not in hidden.values()
    )
    return Table(sheet, name, tuple(dict.fromkeys(known.values())), tuple(found), ignored)


def _hidden(row: list[Any], rank: int | None) -> str:
    if rank is None or rank >= len(row) or row[rank] is None:
        return ""
    cell = row[rank]
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()
