"""A declared sheet like that of a plan, and workbooks made by hand, for the tests of ``core.sheets``."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from openpyxl import Workbook, load_workbook

from core.sheets import Report, Sheet, SheetColumn, SheetRow, compare, read

PEOPLE = ((1, "Ada Martin"), (2, "Bruno Petit"), (3, "Caf de l'Aube"))
STATES = (("todo", "à venir"), ("doing", "en cours"), ("done", "réalisée"))


def plan(*rows: SheetRow, **changed: Any) -> Sheet:
    columns = (
        SheetColumn("axis", "Axe", aliases=("Enjeu", "Orientation")),
        SheetColumn("goal", "Objectif"),
        SheetColumn("title", "Action", required=True, max_length=200, aliases=("Intitulé de l'action",)),
        SheetColumn("pilot", "Pilote", "choice", choices=PEOPLE, creates="person"),
        SheetColumn("partners", "Partenaires", "choice", choices=PEOPLE, many=True, creates="person"),
        SheetColumn("state", "État", "choice", choices=STATES),
        SheetColumn("due", "Échéance", "date", partial="last"),
        SheetColumn("start", "Début", "date"),
        SheetColumn("progress", "Avancement", "percent"),
        SheetColumn("budget", "Budget prévu", "amount"),
        SheetColumn("count", "Nombre", "integer"),
    )  # fmt: skip
    return Sheet("Plan", columns, ("title",), "action", rows, ("axis", "goal"), **changed)


def action(key: str = "1", **values: Any) -> SheetRow:
    return SheetRow(key, {"title": "Ouvrir un relais", "axis": "Petite enfance", **values})


Touch = Callable[[Any], None]


def workbook(
    rows: Sequence[Sequence[Any]], touch: Touch | None = None, name: str = "Plan"
) -> bytes:
    """A workbook made by hand; ``touch`` merges, hides or shapes its only page."""
    book = Workbook()
    page = book.active
    page.title = name
    for row in rows:
        page.append(list(row))
    if touch is not None:
        touch(page)
    return saved(book)


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def edited(data: bytes, cells: Mapping[str, Any], page: str = "Plan") -> bytes:
    book = load_workbook(io.BytesIO(data))
    for place, value in cells.items():
        book[page][place] = value
    return saved(book)


def came_back(data: bytes, sheet: Sheet, name: str = "plan.xlsx", columns: Any = None) -> Report:
    return compare(read(data, name, [sheet], columns), [sheet.name])


def rewritten(data: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """The same archive with one of its parts written otherwise."""
    source, out = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in source.namelist():
            held = source.read(name)
            archive.writestr(name, change(held) if name == part else held)
    return out.getvalue()
