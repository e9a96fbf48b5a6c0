"""Whatever a room declares: what leaves comes back without a difference, and one change as one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.sheets import Sheet, SheetColumn, SheetRow, write
from tests.core.sheets_tools import came_back, edited

TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=40)
WORDS = st.text(
    st.characters(codec="utf-8", categories=["Lu", "Ll", "Nd", "Po", "Zs"]), min_size=1, max_size=20
).filter(lambda text: text.strip() not in ("", "'"))
LABELS = st.lists(
    WORDS, min_size=1, max_size=6,
    unique_by=lambda text: " ".join(text.casefold().replace(";", ",").split()),
)  # fmt: skip
KINDS = {
    "text": TEXT,
    "integer": st.integers(-(10**9), 10**9),
    "decimal": st.decimals(-(10**6), 10**6, places=3),
    "amount": st.decimals(0, 10**8, places=2),
    "percent": st.integers(0, 100),
    "date": st.dates(date(1950, 1, 1), date(2150, 12, 31)),
}


@st.composite
def columns(draw: Any, rank: int) -> tuple[SheetColumn, Any]:
    """A column, and the values that it may hold."""
    kind = draw(st.sampled_from([*KINDS, "choice"]))
    title = f"Colonne {rank}"
    many = draw(st.booleans()) if kind in ("choice", "text") else False
    width = draw(st.sampled_from([8, 14, 30]))
    if kind == "choice":
        labels = draw(LABELS)
        column = SheetColumn(
            f"c{rank}", title, "choice", choices=tuple(enumerate(labels)), many=many, width=width
        )
        values = st.sampled_from(range(len(labels)))
    else:
        column = SheetColumn(f"c{rank}", title, kind, many=many, width=width)
        values = KINDS[kind]
    return column, st.lists(values, max_size=3).map(tuple) if many else st.none() | values


@st.composite
def sheets(draw: Any) -> Sheet:
    made = [draw(columns(rank)) for rank in range(draw(st.integers(1, 6)))]
    name = SheetColumn("name", "Nom", required=True)
    rows = [
        SheetRow(str(rank + 1), {"name": f"Ligne {rank}"} | {c.key: draw(v) for c, v in made})
        for rank in range(draw(st.integers(0, 4)))
    ]
    return Sheet("Choses", (name, *(column for column, _ in made)), ("name",), "chose", tuple(rows))


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(sheets())
def test_what_leaves_comes_back_the_same(sheet: Sheet) -> None:
    report = came_back(write("Essai", [sheet], []), sheet)
    assert [str(refusal) for refusal in report.refused] == []
    assert report.changes_nothing
    assert report.unchanged == len(sheet.rows)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(sheets(), st.data())
def test_one_row_changed_in_the_application_is_never_taken_back(sheet: Sheet, data: Any) -> None:
    """The workbook left before the change and comes back untouched: the change stands."""
    workbook = write("Essai", [sheet], [])
    if not sheet.rows:
        return
    donor = data.draw(st.sampled_from(sheet.rows))
    first, *rest = sheet.rows
    moved = SheetRow(first.key, {**donor.values, "name": first.values["name"]})
    report = came_back(workbook, replace(sheet, rows=(moved, *rest)))
    assert report.refused == []
    assert report.changes_nothing


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(sheets(), st.data())
def test_what_differs_in_the_file_is_told_and_nothing_else(sheet: Sheet, data: Any) -> None:
    """The workbook holds the rows of another day, with the prints of today."""
    if not sheet.rows:
        return
    donor = data.draw(st.sampled_from(sheet.rows))
    first, *rest = sheet.rows
    typed = SheetRow(first.key, {**donor.values, "name": first.values["name"]})
    workbook = reprinted(write("Essai", [replace(sheet, rows=(typed, *rest))], []), sheet)
    report = came_back(workbook, sheet)
    wanted = {
        column.key
        for column in sheet.columns
        if column.canonical(typed.values.get(column.key))
        != column.canonical(first.values.get(column.key))
    }
    told = {d.key for change in report.changed for d in change.differences}
    assert report.refused == []
    assert report.both == []
    assert told == wanted


def reprinted(data: bytes, sheet: Sheet) -> bytes:
    """The version cell of the first row says what ``sheet`` holds."""
    return edited(data, {"B2": sheet.prints(sheet.rows[0])}, page="Choses")
