"""What an xlsx holds, looked at before it is opened: its extent, and what its cells alone do not say.

The reader lays a sheet out as a full rectangle: one cell written at the far corner would ask for more
memory than there is and end the process. And it reads a formula in error as an empty cell, which here
would mean « unknown »: such cells are refused by name instead. Merged cells, hidden rows and cells
shown in percent are told by their XML only.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.parsers import expat

MAX_CELLS = 1_000_000
"""Rows × columns of the smallest rectangle that holds every value of a sheet."""
MAX_TEXT = 60_000_000
"""Characters of a sheet, a text counted wherever it stands again: they are all in memory at once."""
MAX_SHEETS = 100
MAX_COLUMNS = 300
MAX_MERGES = 20_000
PERCENT_FORMATS = {9, 10}

EMPTY_ROWS = re.compile(rb'<row r="[^>]*(?:/>|>(?:<c [^>]*/>)*</row>)')
"""Rows that hold no value: spreadsheets keep the look of a million of them."""

Place = tuple[int, int]
"""(row, column) from 0."""
Area = tuple[int, int, int, int]
"""(first row, first column, last row, last column) from 0, both ends included."""

TOO_FAR = (
    "Une feuille de ce classeur s'étend trop loin : supprimez les lignes et les colonnes écrites loin"
    " du tableau."
)
TOO_LONG = "Une feuille de ce classeur contient trop de texte : allégez-la."
TOO_MANY_SHEETS = (
    f"Ce classeur a plus de {MAX_SHEETS} feuilles : gardez celles qui sont à importer."
)
ENTITIES = "Ce classeur contient des définitions XML qui ne sont pas admises."


class Unsound(ValueError):
    """The workbook must not be opened; its text says why."""


@dataclass
class Traits:
    """What a sheet says beside its values."""

    unresolved: dict[Place, str] = field(default_factory=dict)
    """Cells whose formula has no result: « #DIV/0! », or empty when never computed."""
    percents: set[Place] = field(default_factory=set)
    hidden: set[int] = field(default_factory=set)
    merges: list[Area] = field(default_factory=list)
    formulas: int = 0
    rows: int = 0
    columns: int = 0

    def extend(self, row: int, column: int) -> None:
        """Raises ``Unsound`` when the rectangle of values becomes too large."""
        self.rows = max(self.rows, row + 1)
        self.columns = max(self.columns, column + 1)
        if self.rows * self.columns > MAX_CELLS or self.columns > MAX_COLUMNS:
            raise Unsound(TOO_FAR)


def traits_of(parts: dict[str, bytes]) -> dict[str, Traits]:
    """Sheet name → its traits. ``parts``: the XML parts of the archive, by path.

    Raises ``Unsound`` for a sheet that spreads too far or declares entities, ``expat.ExpatError``
    for XML that does not read, ``KeyError`` when a part is missing.
    """
    names = _names_of_parts(parts)
    lengths = _lengths_of_strings(parts)
    percents = _percent_styles(parts)
    found = {}
    for part, data in parts.items():
        if part in names:
            sheet = _Sheet(lengths, percents)
            _parse(data, sheet.start, sheet.end, sheet.data)
            found[names[part]] = sheet.traits
        elif not part.endswith(("sharedStrings.xml", "styles.xml")):
            _parse(data, _nothing, _nothing, _nothing)
    return found


def without_empty_rows(sheet: bytes) -> bytes:
    """The part of a sheet, the rows that hold nothing left out: each one costs as much as a full one."""
    return EMPTY_ROWS.sub(b"", sheet)


def _nothing(*arguments: object) -> None:
    return None


def _names_of_parts(parts: dict[str, bytes]) -> dict[str, str]:
    """Path in the archive → name on the tab."""
    told: dict[str, str] = {}
    targets: dict[str, str] = {}

    def start(tag: str, attributes: dict[str, str]) -> None:
        local = {_local(name): value for name, value in attributes.items()}
        if _local(tag) == "sheet":
            relation = next((v for k, v in attributes.items() if k.endswith(":id")), "")
            told[relation] = local.get("name", "")
        elif _local(tag) == "Relationship":
            target = local.get("Target", "")
            targets[local.get("Id", "")] = posixpath.normpath(posixpath.join("/xl", target))[1:]

    for part in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels"):
        _parse(parts[part], start, _nothing, _nothing)
    if len(told) > MAX_SHEETS:
        raise Unsound(TOO_MANY_SHEETS)
    return {targets[key]: name for key, name in told.items() if key in targets}


def _lengths_of_strings(parts: dict[str, bytes]) -> list[int]:
    """How long each shared text is: one text of a megabyte, named by every cell, is a bomb."""
    lengths: list[int] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        if _local(tag) == "si":
            lengths.append(0)

    def data(text: str) -> None:
        if lengths:
            lengths[-1] += len(text)

    for part, held in parts.items():
        if part.endswith("sharedStrings.xml"):
            _parse(held, start, _nothing, data)
    return lengths


def _percent_styles(parts: dict[str, bytes]) -> set[int]:
    """Indexes of the cell styles that show a percentage."""
    formats = set(PERCENT_FORMATS)
    styles: list[int] = []
    where = [""]

    def start(tag: str, attributes: dict[str, str]) -> None:
        local = _local(tag)
        if local == "numFmt":
            code = re.sub(r'"[^"]*"|\\.', "", attributes.get("formatCode", ""))
            if "%" in code:
                formats.add(_integer(attributes.get("numFmtId")))
        elif local == "cellXfs":
            where[0] = local
        elif local == "xf" and where[0]:
            styles.append(_integer(attributes.get("numFmtId")))

    def end(tag: str) -> None:
        if _local(tag) == "cellXfs":
            where[0] = ""

    for part, held in parts.items():
        if part.endswith("styles.xml"):
            _parse(held, start, end, _nothing)
    return {rank for rank, number in enumerate(styles) if number in formats}


class _Sheet:
    """Follows the cells of one sheet."""

    def __init__(self, lengths: list[int], percents: set[int]) -> None:
        self.traits = Traits()
        self.lengths = lengths
        self.percents = percents
        self.row = self.column = -1
        self.is_formula = self.in_value = False
        self.kind = self.text = self.style = ""
        self.characters = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        local = _local(tag)
        if local == "c":
            self._cell(attributes)
        elif local == "f":
            self.is_formula = True
        elif local in ("v", "is"):
            self.in_value = True
            self.traits.extend(self.row, self.column)
            if self.style and _integer(self.style) in self.percents:
                self.traits.percents.add((self.row, self.column))
        elif local == "row":
            number = _integer(attributes.get("r"), self.row + 2)
            self.row, self.column = number - 1, -1
            if attributes.get("hidden") in ("1", "true"):
                self.traits.hidden.add(self.row)
        elif local == "mergeCell":
            self._merge(attributes.get("ref", ""))

    def _cell(self, attributes: dict[str, str]) -> None:
        place = _place(attributes.get("r", ""))
        self.row, self.column = place or (max(self.row, 0), self.column + 1)
        self.kind, self.style = attributes.get("t", ""), attributes.get("s", "")
        self.is_formula, self.text = False, ""

    def _merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        start, end = _place(first), _place(last)
        if start and end and start <= end:
            self.traits.merges.append((*start, *end))
            if len(self.traits.merges) > MAX_MERGES:
                raise Unsound(TOO_FAR)

    def data(self, text: str) -> None:
        if self.in_value:
            self.text += text

    def end(self, tag: str) -> None:
        local = _local(tag)
        if local in ("v", "is"):
            self.in_value = False
        elif local == "c":
            self._count()
            if self.is_formula:
                self.traits.formulas += 1
            if self._is_unresolved():
                self.traits.unresolved[self.row, self.column] = self.text

    def _count(self) -> None:
        rank = _integer(self.text, -1) if self.kind == "s" else -1
        is_shared = 0 <= rank < len(self.lengths)
        self.characters += self.lengths[rank] if is_shared else len(self.text)
        if self.characters > MAX_TEXT:
            raise Unsound(TOO_LONG)

    def _is_unresolved(self) -> bool:
        """A formula may give an empty text (``str``): that is a result."""
        never_computed = self.is_formula and self.kind != "str" and not self.text
        return self.kind == "e" or never_computed


def _place(reference: str) -> Place | None:
    """« C2 » → (1, 2); None when the cell does not say where it stands."""
    match = re.fullmatch(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})", reference)
    if match is None or match[2].strip("0") == "":
        return None
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]) - 1, column - 1


def _integer(text: str | None, default: int = 0) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 10 else default


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _parse(
    data: bytes,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None],
    text: Callable[[str], None],
) -> None:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = _refuse_entity
    parser.EntityDeclHandler = _refuse_entity
    parser.Parse(data, True)


def _refuse_entity(*declaration: object) -> None:
    raise Unsound(ENTITIES)


# --- OpenDocument -----------------------------------------------------------------------------
def traits_of_ods(parts: dict[str, bytes]) -> dict[str, Traits]:
    """The same for the one part of an ods that holds every sheet. Raises as ``traits_of``."""
    for part, data in parts.items():
        if part != "content.xml":
            _parse(data, _nothing, _nothing, _nothing)
    book = _OpenDocument()
    _parse(parts["content.xml"], book.start, book.end, book.data)
    return book.found


class _OpenDocument:
    """Follows rows and cells, each of which may be repeated by a number."""

    def __init__(self) -> None:
        self.found: dict[str, Traits] = {}
        self.traits = Traits()
        self.row = self.column = 0
        self.rows_repeated = self.repeated = 1
        self.has_value = False
        self.length = self.characters = 0
        self.in_cell = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        local = _local(tag)
        if local == "table":
            self.traits, self.row, self.characters = Traits(), 0, 0
            self.found[attributes.get("table:name", "")] = self.traits
            if len(self.found) > MAX_SHEETS:
                raise Unsound(TOO_MANY_SHEETS)
        elif local == "table-row":
            self.column = 0
            self.rows_repeated = max(1, _integer(attributes.get("table:number-rows-repeated"), 1))
            if attributes.get("table:visibility") in ("collapse", "filter") and (
                self.rows_repeated < MAX_CELLS
            ):
                self.traits.hidden.update(range(self.row, self.row + self.rows_repeated))
        elif local in ("table-cell", "covered-table-cell"):
            self._cell(attributes)

    def _cell(self, attributes: dict[str, str]) -> None:
        self.in_cell, self.length = True, 0
        self.repeated = max(1, _integer(attributes.get("table:number-columns-repeated"), 1))
        kind = attributes.get("office:value-type", "")
        self.has_value = bool(kind)
        formula = attributes.get("table:formula")
        if formula is not None:
            self.traits.formulas += 1
            if not kind or attributes.get("calcext:value-type") == "error":
                self.has_value = True
                self.traits.unresolved[self.row, self.column] = ""
        if kind == "percentage":
            self.traits.percents.add((self.row, self.column))
        down = _integer(attributes.get("table:number-rows-spanned"), 1)
        across = _integer(attributes.get("table:number-columns-spanned"), 1)
        if (down > 1 or across > 1) and len(self.traits.merges) < MAX_MERGES:
            self.traits.merges.append(
                (self.row, self.column, self.row + down - 1, self.column + across - 1)
            )

    def data(self, text: str) -> None:
        if self.in_cell:
            self.length += len(text)

    def end(self, tag: str) -> None:
        local = _local(tag)
        if local in ("table-cell", "covered-table-cell"):
            if self.has_value or self.length:
                self.traits.extend(
                    self.row + self.rows_repeated - 1, self.column + self.repeated - 1
                )
                self.characters += self.length * self.repeated * self.rows_repeated
                if self.characters > MAX_TEXT:
                    raise Unsound(TOO_LONG)
            self.column += self.repeated
            self.in_cell = False
        elif local == "table-row":
            self.row += self.rows_repeated
