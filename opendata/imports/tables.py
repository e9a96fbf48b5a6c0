"""A published file as a table of text cells: encoding, separator, archive and sheet found out.

Nothing is interpreted here: a code keeps its leading zero, a number its mark. What cannot be a
table is refused with a sentence that says what to do.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import re
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from core.errors import DomainError

CHUNK = 1 << 20
MAX_LINE = 1 << 20
"""Bytes in a line: the widest of Insee's files has 6,000."""
MAX_UNPACKED = 3 << 30
MAX_RATIO = 300
"""Unpacked over packed size: figures as text shrink 5 to 30 times, never 300."""
MAX_CELLS = 60_000_000
"""Rows × columns of a sheet: five times the widest of Insee's census files."""
HEAD_ROWS = 30
TEXT_SUFFIXES = {".csv", ".txt", ".tsv"}
SHEET_SUFFIXES = {".xlsx", ".xls", ".xlsm", ".xlsb", ".ods"}
SEPARATORS = ";,\t|"

csv.field_size_limit(MAX_LINE)

Row = tuple[int, list[str]]
"""(line number as a person counts it, cells)."""


@dataclass(frozen=True)
class Table:
    """One table: a text file or a sheet. ``head`` holds its first rows, header included."""

    name: str
    path: Path
    head: list[list[str]]
    encoding: str = ""
    separator: str = ""
    sheet: str = ""
    dictionary: Path | None = None
    """The ``meta_`` file that came in the same archive or folder, if any."""
    companions: tuple[Table, ...] = field(default=())

    @property
    def stem(self) -> str:
        return Path(self.name).stem

    def rows(self, after: int) -> Iterator[Row]:
        """Rows below the one of index ``after``; blank ones are left out."""
        for number, cells in self._all():
            if number > after + 1 and any(cells):
                yield number, cells

    def _all(self) -> Iterator[Row]:
        if self.sheet:
            yield from enumerate(_sheet_rows(self.path, self.sheet), start=1)
            return
        with self.path.open(encoding=self.encoding, newline="") as handle:
            reader = csv.reader(handle, delimiter=self.separator)
            try:
                for cells in reader:
                    yield reader.line_num, cells
            except csv.Error as error:
                raise _unclosed(self.name, reader.line_num) from error


def sha256(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


@contextmanager
def open_tables(path: Path, name: str = "") -> Iterator[list[Table]]:
    """Every table of a file: one for a text file, one per sheet, one per member of an archive.

    ``name`` is the name that the file was handed over with. Raises ``DomainError``.
    """
    shown = name or path.name
    if not path.is_file():
        raise DomainError(f"« {shown} » est introuvable.")
    if path.stat().st_size == 0:
        raise DomainError(f"« {shown} » est vide.")
    if zipfile.is_zipfile(path) and not _is_workbook(path):
        with _unpacked(path, shown) as members:
            yield _tables_of(members)
    elif Path(shown).suffix.lower() == ".zip":
        raise DomainError(
            f"L'archive « {shown} » est incomplète ou abîmée : téléchargez-la de nouveau."
        )
    else:
        yield _tables_of([(path, shown)])


def _is_workbook(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except zipfile.BadZipFile:
        return False
    return "[Content_Types].xml" in names or "mimetype" in names


@contextmanager
def _unpacked(path: Path, shown: str) -> Iterator[list[tuple[Path, str]]]:
    """Members of an archive, written one by one under a limit: a bomb is stopped as it grows."""
    with tempfile.TemporaryDirectory(prefix="filrouge-import-") as folder:
        members: list[tuple[Path, str]] = []
        try:
            with zipfile.ZipFile(path) as archive:
                limit = min(MAX_UNPACKED, max(path.stat().st_size * MAX_RATIO, 50 << 20))
                for rank, info in enumerate(archive.infolist()):
                    if info.is_dir() or info.filename.startswith("__MACOSX/"):
                        continue
                    if info.flag_bits & 1:
                        raise DomainError(
                            f"L'archive « {shown} » est protégée par un mot de passe :"
                            " ouvrez-la et donnez le fichier qu'elle contient."
                        )
                    target = Path(folder) / str(rank)
                    with archive.open(info) as source, target.open("wb") as out:
                        while chunk := source.read(CHUNK):
                            limit -= len(chunk)
                            if limit < 0:
                                raise DomainError(
                                    f"L'archive « {shown} » se déplie en un fichier démesuré :"
                                    " elle n'est pas une publication de données. Rien n'est lu."
                                )
                            out.write(chunk)
                    members.append((target, Path(info.filename).name))
        except (zipfile.BadZipFile, EOFError, NotImplementedError, OSError) as error:
            raise DomainError(
                f"L'archive « {shown} » est incomplète ou abîmée : téléchargez-la de nouveau."
            ) from error
        except Exception as error:  # zlib.error has no common parent with the above
            if isinstance(error, DomainError):
                raise
            raise DomainError(
                f"L'archive « {shown} » est abîmée : téléchargez-la de nouveau."
            ) from error
        if not members:
            raise DomainError(f"L'archive « {shown} » ne contient aucun fichier.")
        yield members


def _tables_of(members: list[tuple[Path, str]]) -> list[Table]:
    dictionary = next((path for path, name in members if is_dictionary(name)), None)
    tables: list[Table] = []
    for path, name in members:
        if is_dictionary(name) and len(members) > 1:
            continue
        suffix = Path(name).suffix.lower()
        if suffix in SHEET_SUFFIXES:
            tables += _sheets(path, name)
        elif suffix in TEXT_SUFFIXES:
            tables.append(_text_table(path, name, dictionary or _beside(path, name)))
        elif len(members) == 1:
            raise DomainError(
                f"« {name} » n'est pas un tableau : donnez un fichier CSV, xlsx, ods, ou"
                " l'archive zip telle que le producteur la publie."
            )
    if not tables:
        raise DomainError("L'archive ne contient aucun tableau (CSV, xlsx ou ods).")
    return tables


def is_dictionary(name: str) -> bool:
    """Insee's ``meta_base-cc-….CSV`` and Melodi's ``…_metadata.csv``."""
    lowered = name.lower()
    return lowered.startswith("meta_") or lowered.endswith("_metadata.csv")


def _beside(path: Path, name: str) -> Path | None:
    """The dictionary that lies in the same folder under the data file's name."""
    wanted = f"meta_{name}".lower()
    return next((other for other in path.parent.iterdir() if other.name.lower() == wanted), None)


# --- Text -----------------------------------------------------------------------------------
def _text_table(path: Path, name: str, dictionary: Path | None) -> Table:
    encoding = _encoding(path, name)
    with path.open(encoding=encoding, newline="") as handle:
        lines = list(islice(handle, HEAD_ROWS))
    separator = _separator(lines)
    try:
        head = list(csv.reader(lines, delimiter=separator))
    except csv.Error as error:
        raise _unclosed(name, len(lines)) from error
    return Table(name, path, head, encoding, separator, dictionary=dictionary)


def _encoding(path: Path, name: str) -> str:
    """Read once from end to end: a byte that is not UTF-8 may come in the last line.

    Refuses what is not text and lines that no table has.
    """
    with path.open("rb") as handle:
        start = handle.read(4)
        handle.seek(0)
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            _check_utf16(path, name)
            return "utf-16"
        decoder = codecs.getincrementaldecoder("utf-8")()
        is_utf8, current = True, 0
        while chunk := handle.read(CHUNK):
            if b"\0" in chunk:
                raise DomainError(
                    f"« {name} » n'est pas du texte, malgré son nom : c'est un fichier d'un autre"
                    " logiciel. Ouvrez-le avec ce logiciel et enregistrez-le en CSV ou en xlsx."
                )
            longest, current = _longest_line(chunk, current)
            if longest > MAX_LINE:
                raise _too_long(name)
            if is_utf8:
                try:
                    decoder.decode(chunk)
                except UnicodeDecodeError:
                    is_utf8 = False
    if is_utf8:
        return "utf-8-sig"
    return "cp1252" if _reads_as(path, "cp1252") else "latin-1"


def _too_long(name: str) -> DomainError:
    return DomainError(
        f"« {name} » a une ligne de plus d'un million de caractères : il n'est pas un tableau, ou"
        " ses fins de ligne ont été perdues. Téléchargez-le de nouveau."
    )


def _unclosed(name: str, line: int) -> DomainError:
    return DomainError(
        f"« {name} » a un guillemet qui ne se ferme pas avant la ligne {line} : le reste du fichier"
        " passe pour une seule case. Téléchargez le fichier d'origine."
    )


def _check_utf16(path: Path, name: str) -> None:
    """A spreadsheet's « texte Unicode »: the same limits, in characters."""
    decoder = codecs.getincrementaldecoder("utf-16")()
    current = 0
    with path.open("rb") as handle:
        try:
            while chunk := handle.read(CHUNK):
                longest, current = _longest_line(decoder.decode(chunk).encode(), current)
                if longest > MAX_LINE:
                    raise _too_long(name)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            raise DomainError(
                f"« {name} » n'est pas du texte lisible : téléchargez le fichier d'origine."
            ) from error


def _longest_line(chunk: bytes, carried: int) -> tuple[int, int]:
    """Length of the longest line so far and of the one that the chunk leaves open."""
    first = chunk.find(b"\n")
    if first < 0:
        return carried + len(chunk), carried + len(chunk)
    longest = max(carried + first, max(map(len, chunk.split(b"\n"))))
    return longest, len(chunk) - chunk.rfind(b"\n") - 1


def _reads_as(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as handle:
        try:
            while chunk := handle.read(CHUNK):
                decoder.decode(chunk)
        except UnicodeDecodeError:
            return False
    return True


def _separator(lines: list[str]) -> str:
    """The mark that cuts most lines in the same, largest number of columns."""

    def score(separator: str) -> tuple[int, int]:
        widths = [len(row) for row in csv.reader(lines, delimiter=separator)]
        widths = [width for width in widths if width > 1]
        if not widths:
            return 0, 0
        common = max(set(widths), key=widths.count)
        return widths.count(common), common

    return max(SEPARATORS, key=score)


# --- Sheets ---------------------------------------------------------------------------------
def _sheets(path: Path, name: str) -> list[Table]:
    _check_size(path, name)
    try:
        sheets = _workbook(path).sheet_names
        heads = {sheet: list(islice(_sheet_rows(path, sheet), HEAD_ROWS)) for sheet in sheets}
    except (CalamineError, OSError, ValueError) as error:
        raise DomainError(
            f"Le classeur « {name} » ne s'ouvre pas : il est abîmé ou protégé par un mot de passe."
        ) from error
    tables = [Table(name, path, head, sheet=sheet) for sheet, head in heads.items() if head]
    if not tables:
        raise DomainError(f"Le classeur « {name} » est vide.")
    return tables


def _check_size(path: Path, name: str) -> None:
    """A workbook is an archive too: one that unpacks, or spreads, out of measure is not opened."""
    if not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as archive:
        unpacked = sum(info.file_size for info in archive.infolist())
    if unpacked > min(MAX_UNPACKED, max(path.stat().st_size * MAX_RATIO, 50 << 20)):
        raise DomainError(
            f"Le classeur « {name} » se déplie en un fichier démesuré. Rien n'est lu."
        )
    _check_extent(path, name)


CELL = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"')
LONGEST_CELL = 24


def _check_extent(path: Path, name: str) -> None:
    """The reader lays each sheet out as a full rectangle: a value at the far corner would ask for
    more memory than there is and end the process. Seen before the workbook is opened."""
    with zipfile.ZipFile(path) as archive:
        for part in archive.namelist():
            if not part.startswith("xl/worksheets/") or not part.endswith(".xml"):
                continue
            rows, widest, rest = 0, b"", b""
            with archive.open(part) as sheet:
                while chunk := sheet.read(CHUNK):
                    for letters, number in CELL.findall(rest + chunk):
                        rows = max(rows, int(number))
                        widest = max(widest, letters.rjust(3, b"@"))
                    rest = chunk[-LONGEST_CELL:]
            if rows * _columns(widest) > MAX_CELLS:
                raise DomainError(
                    f"Une feuille du classeur « {name} » s'étend trop loin : supprimez ce qui est"
                    " écrit loin du tableau. Rien n'est lu."
                )


def _columns(letters: bytes) -> int:
    """« @@C » → 3: the rank of a column, padded on the left."""
    rank = 0
    for letter in letters:
        rank = rank * 26 + letter - ord("@")
    return rank


def _workbook(path: Path) -> CalamineWorkbook:
    with path.open("rb") as handle:
        return CalamineWorkbook.from_filelike(handle)


def _sheet_rows(path: Path, sheet: str) -> Iterator[list[str]]:
    """Rows from the first of the sheet on: a line number is the one that the spreadsheet shows."""
    source = _workbook(path).get_sheet_by_name(sheet)
    if source.start is None:
        return
    padding = [""] * source.start[1]  # blank rows above are given, blank columns are not
    for cells in source.iter_rows():
        yield padding + [_cell_text(cell) for cell in cells]


def _cell_text(cell: object) -> str:
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)
