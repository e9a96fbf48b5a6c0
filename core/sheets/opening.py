"""A file opened: xlsx, ods or csv, to pages of cells. Nothing is run, nothing is trusted.

The archive is looked into first, and what is handed to the reader is another archive, made of the
parts that were looked at: a header that lies about a size, a macro, a part hidden twice never reach
it.
"""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from python_calamine import CalamineError, CalamineWorkbook

from core.formats import number, plural
from core.sheets.inspection import (
    MAX_COLUMNS,
    Area,
    Traits,
    Unsound,
    traits_of,
    traits_of_ods,
    without_empty_rows,
)
from core.sheets.values import Percent, Unresolved

MAX_BYTES = 20 * 1024 * 1024
MAX_UNPACKED = 100 * 1024 * 1024
MAX_PARTS = 5_000
MAX_LINES = 20_000
LONGEST_CELL = 200_000
ENCODINGS = ("utf-8-sig", "cp1252")
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""Those of every spreadsheet. The others unpack without a limit, and fail in their own ways."""
BROKEN_ARCHIVE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)
"""What ``zipfile`` raises for an archive that is damaged, encrypted or of an unknown method."""

ACCEPTED = "Seuls les classeurs .xlsx et .ods et les fichiers .csv sont acceptés."
DOES_NOT_OPEN = "Ce classeur ne s'ouvre pas : il est abîmé, protégé par un mot de passe, ou n'est pas un classeur."
OLD = (
    "Ce classeur est d'un ancien format (.xls) ou protégé par un mot de passe : ouvrez-le, ôtez le mot"
    " de passe, puis enregistrez-le en .xlsx."
)
TOO_BIG_OPENED = "Ce classeur est trop gros une fois ouvert : allégez-le."

csv.field_size_limit(LONGEST_CELL)


class Unreadable(ValueError):
    """The file cannot be read at all; its text says why and what to do."""


@dataclass
class Grid:
    """A page of the file, its first row and column at A1."""

    name: str
    rows: list[list[Any]]
    hidden: set[int] = field(default_factory=set)
    """Indexes of the rows that the spreadsheet does not show."""
    merges: list[Area] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def open_file(data: bytes, file_name: str) -> list[Grid]:
    """The pages of the file. Raises ``Unreadable``."""
    if len(data) > MAX_BYTES:
        raise Unreadable(
            f"Ce fichier dépasse {MAX_BYTES // 1024 // 1024} Mo : allégez-le (images, feuilles inutiles)."
        )
    if not data.strip():
        raise Unreadable("Ce fichier est vide.")
    name = file_name.lower()
    if data.startswith(OLD_OFFICE) or name.endswith((".xls", ".xlsb")):
        raise Unreadable(OLD)
    if name.endswith((".xlsx", ".xlsm", ".ods")):
        return _spreadsheet(data)
    if name.endswith((".csv", ".txt", ".tsv")):
        return [Grid(file_name, _csv(data))]
    raise Unreadable(ACCEPTED)


def _spreadsheet(data: bytes) -> list[Grid]:
    try:
        return _opened(data)
    except Unsound as refusal:
        raise Unreadable(str(refusal)) from None
    except (
        *BROKEN_ARCHIVE,
        CalamineError,
        expat.ExpatError,
        OSError,
        KeyError,
        ValueError,
    ) as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable(DOES_NOT_OPEN) from None


def _opened(data: bytes) -> list[Grid]:
    parts, notes = _parts(data)
    if "xl/workbook.xml" in parts:
        traits = traits_of({p: d for p, d in parts.items() if p.endswith((".xml", ".rels"))})
    elif "content.xml" in parts:
        traits = traits_of_ods({p: d for p, d in parts.items() if p.endswith(".xml")})
    else:
        raise Unreadable(ACCEPTED)
    book = CalamineWorkbook.from_filelike(_repacked(parts))
    found = []
    for name in book.sheet_names:
        sheet = book.get_sheet_by_name(name)
        known = traits.get(name, Traits())
        if sheet.total_height > MAX_LINES:
            raise Unreadable(f"La feuille « {name} » a plus de {number(MAX_LINES)} lignes.")
        rows = _marked(sheet.to_python(skip_empty_area=False), known)
        if known.formulas:
            told = plural(known.formulas, "formule : sa valeur", "formules : leurs valeurs")
            notes.append(f"« {name} », {told} au dernier enregistrement")
        found.append(Grid(name, rows, known.hidden, known.merges, notes))
        notes = []
    return found


def _parts(data: bytes) -> tuple[dict[str, bytes], list[str]]:
    """What a workbook needs to be read, by path, and what was left aside."""
    notes = []
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = archive.infolist()
        if len(members) > MAX_PARTS or sum(info.file_size for info in members) > MAX_UNPACKED:
            raise Unreadable(TOO_BIG_OPENED)
        names = [info.filename for info in members]
        if "xl/workbook.bin" in {name.lower() for name in names}:
            raise Unreadable(OLD)
        if len(set(names)) < len(names) or any(m.compress_type not in METHODS for m in members):
            raise zipfile.BadZipFile
        wanted = {name: archive.read(name) for name in names if _is_wanted(name)}
    for name in wanted:
        if name.startswith("xl/worksheets/"):
            wanted[name] = without_empty_rows(wanted[name])
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        notes.append("ce classeur contient des macros : elles ne sont ni lues ni exécutées")
    return wanted, notes


def _is_wanted(name: str) -> bool:
    """Sheets, texts and styles; neither pictures, drawings nor macros."""
    lower = name.lower()
    return lower == "mimetype" or (
        lower.endswith((".xml", ".rels"))
        and not lower.startswith(
            ("xl/drawings/", "xl/charts/", "xl/media/", "docprops/", "customxml/")
        )
    )


def _repacked(parts: dict[str, bytes]) -> io.BytesIO:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    out.seek(0)
    return out


def _marked(rows: list[list[Any]], traits: Traits) -> list[list[Any]]:
    """A formula without a result is told as such (an empty cell would mean « unknown »), and a
    number shown in percent is not taken for the number itself."""
    for (row, column), text in traits.unresolved.items():
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = Unresolved(text)
    for row, column in traits.percents:
        if row < len(rows) and column < len(rows[row]):
            value = rows[row][column]
            if isinstance(value, int | float) and not isinstance(value, bool):
                rows[row][column] = Percent(value)
    return rows


def _csv(data: bytes) -> list[list[Any]]:
    text = _decoded(data)
    if "\x00" in text:
        raise Unreadable("Ce fichier n'est pas du texte : enregistrez-le en CSV ou en .xlsx.")
    first = next((line for line in text.splitlines() if line.strip(" ;,\t")), "")
    delimiter = max(";\t,", key=first.count)
    try:
        return list(_limited(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)))
    except csv.Error:
        raise Unreadable("Ce fichier CSV ne se lit pas : enregistrez-le en .xlsx.") from None


def _decoded(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError:
            raise Unreadable("Ce fichier n'est pas du texte lisible.") from None
    for encoding in ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("Ce fichier n'est pas du texte lisible.")


def _limited(lines: Iterable[list[str]]) -> Iterable[list[Any]]:
    """Blank lines keep their number and cost nothing; lines of a thousand cells are refused."""
    filled = 0
    for line in lines:
        if not any(cell.strip() for cell in line):
            yield []
            continue
        filled += 1
        if filled > MAX_LINES:
            raise Unreadable(f"Ce fichier a plus de {number(MAX_LINES)} lignes.")
        if len(line) > MAX_COLUMNS:
            raise Unreadable(f"Une ligne de ce fichier a plus de {MAX_COLUMNS} cellules.")
        yield list(line)
