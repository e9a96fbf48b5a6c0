"""What an xlsx holds, looked at before it is opened: its extent, and formulas without a result.

The reader lays a sheet out as a full rectangle: one cell written at the far corner would ask for more
memory than there is and end the process. And it reads a formula in error as an empty cell, which here
would mean « unknown »: such cells are refused by name instead.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Callable
from xml.parsers import expat

MAX_CELLS = 1_000_000
"""Rows × columns of the smallest rectangle that holds every value of a sheet."""

Place = tuple[int, int]
"""(row, column) from 0."""


class Unsound(ValueError):
    """The workbook must not be opened; its text says why."""


def unresolved_formulas(archive: zipfile.ZipFile) -> dict[str, dict[Place, str]]:
    """Sheet name → cells whose formula has no result: « #DIV/0! », or empty when never computed.

    Raises ``Unsound`` for a sheet that spreads too far or declares entities, and ``expat.ExpatError``
    for XML that does not read.
    """
    names = _names_of_parts(archive)
    found = {}
    for part in archive.namelist():
        if part.lower().endswith(".xml") or part in names:
            sheet = _Sheet()
            _parse(archive.read(part), sheet.start, sheet.end, sheet.data)
            found[names.get(part, part)] = sheet.unresolved
    return found


def _names_of_parts(archive: zipfile.ZipFile) -> dict[str, str]:
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
        _parse(archive.read(part), start, lambda tag: None, lambda text: None)
    return {targets[key]: name for key, name in told.items() if key in targets}


class _Sheet:
    """Follows the cells of one part; parts that are no sheet have none."""

    def __init__(self) -> None:
        self.unresolved: dict[Place, str] = {}
        self.rows = self.columns = 0
        self.place: Place | None = None
        self.is_formula = self.in_value = False
        self.kind = self.text = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        local = _local(tag)
        if local == "c":
            self.place = _place(attributes.get("r", ""))
            self.kind = attributes.get("t", "")
            self.is_formula, self.text = False, ""
        elif local == "f":
            self.is_formula = True
        elif local in ("v", "is"):
            self.in_value = True
            self._extend()

    def _extend(self) -> None:
        if self.place is None:
            return
        self.rows = max(self.rows, self.place[0] + 1)
        self.columns = max(self.columns, self.place[1] + 1)
        if self.rows * self.columns > MAX_CELLS:
            raise Unsound(
                "Une feuille de ce classeur s'étend trop loin : supprimez les lignes et les colonnes"
                " écrites loin du tableau."
            )

    def data(self, text: str) -> None:
        if self.in_value:
            self.text += text

    def end(self, tag: str) -> None:
        local = _local(tag)
        if local in ("v", "is"):
            self.in_value = False
        elif local == "c" and self.place is not None and self._is_unresolved():
            self.unresolved[self.place] = self.text

    def _is_unresolved(self) -> bool:
        """A formula may give an empty text (``str``): that is a result."""
        never_computed = self.is_formula and self.kind != "str" and not self.text
        return self.kind == "e" or never_computed


def _place(reference: str) -> Place | None:
    """« C2 » → (1, 2); None when the cell does not say where it stands."""
    match = re.fullmatch(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})", reference)
    if match is None:
        return None
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]) - 1, column - 1


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
    parser.EntityDeclHandler = _refuse_entity
    parser.Parse(data, True)


def _refuse_entity(*declaration: object) -> None:
    raise Unsound("Ce classeur contient des définitions XML qui ne sont pas admises.")
