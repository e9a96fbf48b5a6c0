"""What people do with a spreadsheet: read as they meant it, or refused with the reason."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.styles import Font

from core.sheets import Choices, SheetColumn, annotate, grouped, inspect, propose, read, write
from core.sheets.report import Refusal
from tests.core.sheets_tools import action, came_back, edited, plan, rewritten, workbook

HEAD = ["Axe", "Objectif", "Action", "Pilote", "Partenaires", "État", "Échéance", "Avancement", "Budget prévu"]  # fmt: skip


def only(*cells: Any) -> Any:
    """The one line created from a file of these cells under ``HEAD``."""
    report = came_back(workbook([HEAD, cells]), plan())
    assert report.refused == []
    (change,) = report.created
    return change.values


# --- Values -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("cell", "wanted"),
    [
        ("12 000 €", "12000.00"), ("12\u202f000,50\u00a0€", "12000.50"), (12000, "12000.00"),
        (35000 / 3, "11666.67"), ("1250.5", "1250.50"), (0, "0.00"),
    ],
)  # fmt: skip
def test_amount_is_read_as_people_write_it(cell: Any, wanted: str) -> None:
    assert only("A", "", "Une", "", "", "", "", "", cell)["budget"] == Decimal(wanted)


@pytest.mark.parametrize(
    ("cell", "shown", "wanted"),
    [
        ("50 %", "General", 50), (50, "General", 50), (0.5, "0%", 50), (0.07, "0.0\\ %", 7),
        (1, "0%", 100), (1, "General", 1), (60, "0%", 60), (60, '0" %"', 60), ("7\u00a0%", "General", 7),
    ],
)  # fmt: skip
def test_share_is_read_by_what_the_cell_shows(cell: Any, shown: str, wanted: int) -> None:
    row = ["A", "", "Une", "", "", "", "", cell, ""]

    def show(page: Any) -> None:
        page["H2"].number_format = shown

    report = came_back(workbook([HEAD, row], show), plan())
    assert report.created[0].values["progress"] == wanted


@pytest.mark.parametrize("cell", [0.5, "beaucoup", 130, "-3 %", "50,5 %"])
def test_share_that_is_none_is_refused(cell: Any) -> None:
    report = came_back(workbook([HEAD, ["A", "", "Une", "", "", "", "", cell, ""]]), plan())
    assert [refusal.column for refusal in report.refused] == ["Avancement"]


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [
        ("15 mars 2027", date(2027, 3, 15)), ("1er janvier 2027", date(2027, 1, 1)),
        ("lundi 15 mars 2027", date(2027, 3, 15)), ("15/03/2027", date(2027, 3, 15)),
        ("15 févr. 2027", date(2027, 2, 15)), ("03/2027", date(2027, 3, 31)),
        ("février 2028", date(2028, 2, 29)), ("2027", date(2027, 12, 31)), (2027, date(2027, 12, 31)),
        ("1er trimestre 2027", date(2027, 3, 31)), ("S1 2027", date(2027, 6, 30)),
        (date(2027, 5, 4), date(2027, 5, 4)),
    ],
)  # fmt: skip
def test_date_typed_as_text_is_read(cell: Any, wanted: date) -> None:
    assert only("A", "", "Une", "", "", "", cell)["due"] == wanted


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("03/2027", "écrivez le jour, par exemple 31/03/2027"),
        ("31 février 2027", "n'est pas une date"),
        ("bientôt", "n'est pas une date"),
        ("3 mars 0000", "n'est pas une date"),
        ("mars 0000", "n'est pas une date"),
        ("0000", "n'est pas une date"),
        (46000, "n'est pas une date"),
        ("T4 2027", "écrivez le jour"),
    ],
)
def test_date_that_is_no_day_is_refused_where_the_sheet_wants_one(cell: Any, words: str) -> None:
    report = came_back(workbook([["Action", "Début"], ["Une", cell]]), plan())
    assert words in str(report.refused[0])


def test_several_values_stand_in_one_cell_in_any_order() -> None:
    values = only("A", "", "Une", "", "Bruno Petit ; ada  martin\nCaf de l'Aube ;; Bruno Petit")
    assert values["partners"] == (2, 1, 3)
    sheet = plan(action(partners=(1, 2)))
    data = edited(write("Plan", [sheet], []), {"G2": "• Bruno Petit\n• Ada Martin"})
    assert came_back(data, sheet).changes_nothing


def test_unknown_name_is_listed_once_with_its_lines_and_created_only_if_chosen() -> None:
    rows = [HEAD, ["A", "", "Une", "Zoé", "Ada Martin ; ADMR"], ["A", "", "Deux", "zoé", "ADMR"]]
    report = came_back(workbook(rows), plan())
    assert [(name.label, name.where) for name in report.unknown] == [
        ("Zoé", "Plan, lignes 2, 3"),
        ("ADMR", "Plan, lignes 2, 3"),
    ]
    first, _ = report.to_write()
    assert first.values["partners"] == (1,)
    assert "pilot" not in first.values
    chosen = Choices(create=frozenset({report.unknown[1].identifier}))
    assert [str(one) for one in report.to_write(chosen)[0].values["partners"]] == ["1", "ADMR"]


def test_spaces_that_nobody_sees_change_nothing() -> None:
    sheet = plan(action(pilot=1, state="doing"))
    data = edited(
        write("Plan", [sheet], []),
        {"E2": "\u00a0Ouvrir un relais ", "F2": "Ada\u00a0Martin ", "H2": " en  cours"},
    )
    assert came_back(data, sheet).changes_nothing


def test_lines_of_a_text_area_come_back_as_they_left() -> None:
    sheet = plan(action(goal="Un\r\nDeux\r\n"))
    assert came_back(write("Plan", [sheet], []), sheet).changes_nothing


# --- Shapes -----------------------------------------------------------------------------------
def test_merged_level_holds_for_all_its_lines_and_is_told() -> None:
    rows = [HEAD, ["Petite enfance", "", "Une"], [None, "", "Deux"], ["Jeunesse", "", "Trois"]]
    report = came_back(workbook(rows, lambda page: page.merge_cells("A2:A3")), plan())
    assert [c.values["axis"] for c in report.created] == ["Petite enfance", "Petite enfance", "Jeunesse"]  # fmt: skip
    assert any("fusionnées (ligne 2) : le niveau vaut pour toutes" in n for n in report.notes)


def test_merged_cell_of_another_column_is_read_once_and_told() -> None:
    rows = [HEAD, ["A", "", "Une", "Ada Martin"], ["A", "", "Deux", None]]
    report = came_back(workbook(rows, lambda page: page.merge_cells("D2:D3")), plan())
    assert [c.values["pilot"] for c in report.created] == [1, None]
    assert any("n'est lue que sur la première" in note for note in report.notes)


def test_hidden_lines_are_read_and_told() -> None:
    def hide(page: Any) -> None:
        page.row_dimensions[3].hidden = True

    rows = [HEAD, ["A", "", "Une"], ["A", "", "Deux"]]
    report = came_back(workbook(rows, hide), plan())
    assert len(report.created) == 2
    assert any(note.startswith("« Plan », ligne 3 : masquée") for note in report.notes)


def test_formula_is_read_by_its_last_result_and_refused_without_one() -> None:
    data = workbook([HEAD, ["A", "", "Une", "", "", "", "", "", "=6000*2"]])
    report = came_back(data, plan())
    assert "n'a pas de résultat" in str(report.refused[0])
    computed = rewritten(
        data, "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b"<f>6000*2</f><v />", b"<f>6000*2</f><v>12000</v>").replace(b"<f>6000*2</f><v></v>", b"<f>6000*2</f><v>12000</v>"),
    )  # fmt: skip
    report = came_back(computed, plan())
    assert report.created[0].values["budget"] == Decimal(12000)
    assert any("1\u00a0formule" in note for note in report.notes)


def test_blank_lines_keep_the_numbers_of_the_others() -> None:
    report = came_back(
        workbook([HEAD, [], ["A", "", "Une"], [None, " "], ["A", "", "Deux"]]), plan()
    )
    assert [change.line for change in report.created] == [3, 5]


def test_titles_stand_on_two_lines_below_a_heading() -> None:
    rows = [
        ["Plan d'actions 2026-2030"],
        [],
        ["Axe", "Action", "Calendrier", None, "Budget", None],
        [None, None, "Début", "Échéance", "prévu", "réalisé"],
        ["Petite enfance", "Une", "01/02/2026", "03/2027", "12 000 €", ""],
    ]

    def merge(page: Any) -> None:
        for area in ("A3:A4", "B3:B4", "C3:D3", "E3:F3"):
            page.merge_cells(area)

    data = workbook(rows, merge)
    (page,) = inspect(data, "a.xlsx")
    assert (page.header_line, page.line_count) == (4, 1)
    assert list(page.titles.values()) == ["Axe", "Action", "Début", "Échéance", "prévu", "réalisé"]
    assert page.samples[1] == ("Une",)
    report = came_back(data, plan())
    assert report.created[0].values["due"] == date(2027, 3, 31)
    assert report.created[0].line == 5


def test_same_title_under_two_groups_bears_the_name_of_its_group() -> None:
    rows = [
        [None, "Fonctionnement", None, "Investissement", None],
        ["Action", "Prévu", "Réalisé", "Prévu", "Réalisé"],
        ["Une", 1, 2, 3, 4],
    ]
    (page,) = inspect(workbook(rows), "a.xlsx")
    assert list(page.titles.values()) == [
        "Action", "Fonctionnement : Prévu", "Fonctionnement : Réalisé",
        "Investissement : Prévu", "Investissement : Réalisé",
    ]  # fmt: skip


def test_title_written_twice_is_read_once_and_the_other_is_told() -> None:
    report = came_back(
        workbook([["Action", "Pilote", "Pilote"], ["Une", "Ada Martin", "?"]]), plan()
    )
    assert report.created[0].values["pilot"] == 1
    assert report.ignored == ["Plan : Pilote"]


def test_line_that_only_names_a_level_holds_for_those_beneath() -> None:
    rows = [
        ["Axe", "Objectif", "Action"],
        ["Petite enfance"],
        [None, "Accueillir"],
        [None, None, "Une"],
        [None, None, "Deux"],
        ["Jeunesse"],
        [None, None, "Trois"],
    ]
    report = came_back(workbook(rows), plan())
    placed = [(c.values["axis"], c.values["goal"], c.label) for c in report.created]
    assert placed == [
        ("Petite enfance", "Accueillir", "Une"),
        ("Petite enfance", "Accueillir", "Deux"),
        ("Jeunesse", None, "Trois"),
    ]
    assert [row.values for row in report.level_only] == [
        {"axis": "Petite enfance"},
        {"axis": "Petite enfance", "goal": "Accueillir"},
        {"axis": "Jeunesse"},
    ]


def test_sheet_may_say_by_itself_which_lines_name_a_level() -> None:
    def level_rows(cells: Any, banner: str) -> Any:
        return {"axis": banner.partition(":")[2].strip()} if banner.startswith("AXE") else None

    rows = [["N°", "Action", "Pilote"], ["AXE 1 : Petite enfance"], [1, "Une", "Ada Martin"]]
    data = workbook(rows, lambda page: page.merge_cells("A2:C2"))
    columns = {"Plan": ("Plan", {0: "count", 1: "title", 2: "pilot"})}
    report = came_back(data, plan(level_rows=level_rows), columns=columns)
    assert [(c.label, c.values["axis"]) for c in report.created] == [("Une", "Petite enfance")]
    assert [row.line for row in report.level_only] == [2]


# --- Both sides -------------------------------------------------------------------------------
def test_only_cells_changed_on_both_sides_are_asked() -> None:
    left = plan(action(pilot=1, state="todo", count=3, budget=Decimal(100)))
    data = edited(write("Plan", [left], []), {"F2": "Bruno Petit", "H2": "réalisée", "M2": 4})
    here = plan(action(pilot=1, state="doing", count=3, budget=Decimal(250)))
    report = came_back(data, here)
    assert [d.key for d in report.changed[0].differences] == ["pilot", "count"]
    (asked,) = report.both[0].differences
    assert (asked.old, asked.new) == ("en cours", "réalisée")
    assert report.to_write()[0].values == {"pilot": 2, "count": 4}
    chosen = Choices(cells={asked.identifier: "file"})
    assert report.to_write(chosen)[0].values == {"pilot": 2, "count": 4, "state": "done"}


def test_cell_changed_in_the_application_only_stands_and_counts_as_unchanged() -> None:
    data = write("Plan", [plan(action(state="todo"))], [])
    report = came_back(data, plan(action(state="done", pilot=2)))
    assert report.changes_nothing
    assert report.unchanged == 1


def test_name_changed_in_the_application_only_is_no_error_of_the_file() -> None:
    """The workbook says « Ada Martin »; she is « Ada Durand » by now."""
    left = plan(action(pilot=1, partners=(1, 2), state="todo"))
    data = edited(write("Plan", [left], []), {"H2": "en cours"})
    people = ((1, "Ada Durand"), (2, "Bruno Petit"))
    columns = tuple(
        replace(column, choices=people, creates="")
        if column.key in ("pilot", "partners")
        else column
        for column in left.columns
    )
    report = came_back(data, replace(left, columns=columns))
    assert report.refused == []
    assert [d.key for d in report.changed[0].differences] == ["state"]


def test_row_print_of_older_workbooks_still_tells_that_the_row_moved() -> None:
    left = plan(action(state="todo", count=3))
    old_print = left.fingerprint(left.rows[0])
    data = edited(write("Plan", [left], []), {"B2": old_print, "M2": 4})
    assert [d.key for d in came_back(data, left).changed[0].differences] == ["count"]
    moved = came_back(data, plan(action(state="done", count=3)))
    assert moved.changed == []
    assert [d.key for d in moved.both[0].differences] == ["state", "count"]


# --- Someone else's workbook ------------------------------------------------------------------
THEIRS = [
    ["Enjeu", "Intitulé de l'action", "Pilotes de l'action", "Commentaire libre", "Budjet prévu"],
    ["A", "Une", "Ada Martin", "?", 10],
]


def test_columns_are_proposed_by_alias_memory_then_close_name() -> None:
    (page,) = inspect(workbook(THEIRS), "a.xlsx")
    assert propose(page, plan(), {}) == {0: "axis", 1: "title", 2: "pilot", 4: "budget"}
    remembered = {"commentaire libre": "goal", "budjet prevu": ""}
    assert propose(page, plan(), remembered) == {0: "axis", 1: "title", 2: "pilot", 3: "goal"}


def test_columns_that_say_nothing_are_left_alone() -> None:
    (page,) = inspect(
        workbook([["Lieu", "Public visé", "Observations"], ["a", "b", "c"]]), "a.xlsx"
    )
    assert propose(page, plan(), {}) == {}


def test_chosen_columns_read_several_pages_into_one_sheet() -> None:
    from openpyxl import Workbook

    from tests.core.sheets_tools import saved

    book = Workbook()
    for name, title in (("Axe 1", "Une"), ("Axe 2", "Deux")):
        page = book.create_sheet(name)
        page.append(["Quoi", "Qui"])
        page.append([title, "Ada Martin"])
    chosen = ("Plan", {0: "title", 1: "pilot"})
    report = came_back(saved(book), plan(), columns={"Axe 1": chosen, "Axe 2": chosen})
    assert [(change.label, change.place) for change in report.created] == [
        ("Une", "Axe 1, ligne 2"), ("Deux", "Axe 2, ligne 2"),
    ]  # fmt: skip


def test_two_columns_feed_one_of_several_values() -> None:
    rows = [["Action", "Partenaire 1", "Partenaire 2"], ["Une", "Ada Martin", "Bruno Petit"]]
    columns = {"Plan": ("Plan", {0: "title", 1: "partners", 2: "partners"})}
    report = came_back(workbook(rows), plan(), columns=columns)
    assert report.created[0].values["partners"] == (1, 2)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_csv_of_someone_else_is_inspected(encoding: str) -> None:
    text = 'Mon plan\r\n\r\nEnjeu;Action;Pilote\r\nA;"Une\r\nsur deux lignes";Ada\r\n'
    (page,) = inspect(text.encode(encoding), "plan.csv")
    assert (page.header_line, list(page.titles.values())) == (3, ["Enjeu", "Action", "Pilote"])


# --- Refusals ---------------------------------------------------------------------------------
def test_same_refusal_on_many_lines_is_told_once() -> None:
    refusals = [Refusal("Plan", line, "Pilote", "« X » n'est pas dans la liste") for line in (4, 7, 8, 9, 12)]  # fmt: skip
    assert grouped(refusals) == [
        "feuille « Plan », lignes 4, 7 à 9, 12, colonne « Pilote » : « X » n'est pas dans la liste."
    ]


@pytest.mark.parametrize("name", ["plan.xlsx", "plan.csv"])
def test_faulty_file_is_handed_back_coloured_and_noted(name: str) -> None:
    rows = [["Action", "État", "Nombre"], ["Une", "bizarre", 3], ["", "en cours", "trois"]]
    data = workbook(rows) if name.endswith("xlsx") else "\n".join(";".join(map(str, r)) for r in rows).encode()  # fmt: skip
    refusals = came_back(data, plan(), name).refused
    book = load_workbook(io.BytesIO(annotate(data, name, refusals)))
    assert book.sheetnames[0] == "À corriger"
    assert "bizarre" in " ".join(str(cell.value) for (cell,) in book["À corriger"].iter_rows())
    page = book[book.sheetnames[1]]
    assert "n'est pas dans la liste" in page["B2"].comment.text
    assert page["B2"].fill.fgColor.rgb == "FFFBE6E4"
    assert page["A3"].comment.text == "Une valeur est nécessaire."
    assert page["C2"].comment is None
    assert str(page["C2"].value) == "3"


def test_workbook_handed_back_keeps_its_looks_and_lists() -> None:
    def shape(page: Any) -> None:
        page["A1"].font = Font(bold=True, color="FF00AA00")
        page.column_dimensions["A"].width = 44
        page.merge_cells("B2:B3")
        page["D2"] = "=1+1"

    data = workbook([["Action", "État"], ["Une", "bizarre"], ["", None]], shape)
    refusals = came_back(data, plan()).refused
    page = load_workbook(io.BytesIO(annotate(data, "plan.xlsx", refusals)))["Plan"]
    assert page["A1"].font.color.rgb == "FF00AA00"
    assert page.column_dimensions["A"].width == 44
    assert page["D2"].value == "=1+1"
    assert "n'est pas dans la liste" in page["B2"].comment.text


def test_workbook_handed_back_is_read_again_with_its_keys() -> None:
    sheet = plan(action(state="todo"))
    data = edited(write("Plan", [sheet], []), {"H2": "bizarre"})
    back = annotate(data, "plan.xlsx", came_back(data, sheet).refused)
    report = came_back(edited(back, {"H2": "réalisée"}), sheet)
    assert [change.key for change in report.changed] == ["1"]
    assert report.ignored == []
    assert load_workbook(io.BytesIO(back))["Plan"].column_dimensions["A"].hidden


def test_column_of_text_keeps_what_looks_like_a_number_or_a_share() -> None:
    column = SheetColumn("note", "Note")
    data = workbook([["Note"], [0.5]], lambda page: setattr(page["A2"], "number_format", "0%"))
    (table,) = read(data, "a.xlsx", [plan()], {"Plan": ("Plan", {0: "title"})})
    assert column.read(table.lines[0].cells["title"]) == "50 %"
    assert column.read(3.0) == "3"
    assert column.read(date(2027, 1, 2)) == "02/01/2027"
