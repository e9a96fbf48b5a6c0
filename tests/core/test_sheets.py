"""Workbooks that go out and come back: read, compared, told line by line, written whole or not."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from core.errors import DomainError
from core.sheets import (
    Choices,
    Report,
    Sheet,
    SheetColumn,
    SheetRow,
    Unreadable,
    attempt,
    compare,
    read,
    write,
)
from core.sheets.opening import MAX_BYTES

COLOURS = (("r", "rouge"), ("b", "bleu"))


def sheet(*rows: SheetRow) -> Sheet:
    columns = (
        SheetColumn("name", "Nom", required=True, max_length=40),
        SheetColumn("colour", "Couleur", "choice", choices=COLOURS),
        SheetColumn("size", "Taille", "decimal"),
        SheetColumn("born", "Né le", "date"),
        SheetColumn("count", "Nombre", "integer"),
    )
    return Sheet("Choses", columns, ("name",), "chose", rows)


def row(key: str = "1", **values: Any) -> SheetRow:
    return SheetRow(key, {"name": "Un", "colour": None, "size": None, "born": None, **values})


def came_back(data: bytes, known: Sheet, name: str = "choses.xlsx") -> Report:
    return compare(read(data, name, [known]), ["Choses"])


def edited(data: bytes, **cells: Any) -> bytes:
    book = load_workbook(io.BytesIO(data))
    for place, value in cells.items():
        book["Choses"][place] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


# --- Out --------------------------------------------------------------------------------------
def test_workbook_hides_keys_freezes_its_head_and_offers_lists() -> None:
    known = sheet(row(colour="r", size=Decimal("12.5"), born=date(2026, 8, 31)))
    book = load_workbook(io.BytesIO(write("Essai", [known], [("Aide", "Lire.")])))
    page = book["Choses"]
    assert book.sheetnames == ["Choses", "Mode d'emploi", "Listes"]
    assert book["Listes"].sheet_state == "hidden"
    assert page.column_dimensions["A"].hidden
    assert page.column_dimensions["B"].hidden
    assert page.freeze_panes == "D2"
    assert [page[place].value for place in ("A2", "C2", "D2", "E2")] == ["1", "Un", "rouge", 12.5]
    assert page["F2"].value.date() == date(2026, 8, 31)
    assert "Listes" in page.data_validations.dataValidation[0].formula1


@pytest.mark.parametrize("text", ["=1+1", "+33", "-5", "@somme"])
def test_text_that_begins_like_a_formula_is_text_and_comes_back_as_it_was(text: str) -> None:
    known = sheet(row(name=text))
    data = write("Essai", [known], [])
    assert load_workbook(io.BytesIO(data))["Choses"]["C2"].value == f"'{text}"
    assert came_back(data, known).unchanged == 1


# --- In ---------------------------------------------------------------------------------------
def test_workbook_given_back_untouched_changes_nothing() -> None:
    known = sheet(row(colour="b", size=Decimal("0.50"), born=date(2026, 1, 2), count=3), row("2", name="Deux"))  # fmt: skip
    report = came_back(write("Essai", [known], []), known)
    assert report.changes_nothing
    assert report.unchanged == 2
    assert report.refused == []


def test_change_is_told_old_and_new() -> None:
    known = sheet(row(colour="r", size=Decimal(12)))
    report = came_back(edited(write("Essai", [known], []), D2="bleu", E2=None), known)
    (change,) = report.changed
    assert change.values == {"colour": "b", "size": None}
    told = [(d.column, d.old, d.new) for d in change.differences]
    assert told == [("Couleur", "rouge", "bleu"), ("Taille", "12", "")]


def test_line_without_a_key_is_created_or_recognised_by_its_name() -> None:
    known = sheet(row(size=Decimal(1)))
    data = edited(write("Essai", [known], []), A2=None, B2=None, E2=2, C3="Neuf", D3="Rouge")
    report = came_back(data, known)
    assert [change.label for change in report.created] == ["Neuf"]
    assert report.changed[0].key == "1"


def test_row_changed_on_both_sides_since_the_export_stands_apart() -> None:
    data = edited(write("Essai", [sheet(row(size=Decimal(1)))], []), E2=3)
    report = came_back(data, sheet(row(size=Decimal(2))))
    assert report.changed == []
    (both,) = report.both
    assert (both.differences[0].old, both.differences[0].new) == ("2", "3")
    assert report.to_write() == []
    assert report.to_write(Choices(default="file")) == [both]
    chosen = Choices(cells={both.differences[0].identifier: "file"})
    assert report.to_write(chosen) == [both]


def test_same_change_made_on_both_sides_is_no_change() -> None:
    data = edited(write("Essai", [sheet(row(size=Decimal(1)))], []), E2=2)
    assert came_back(data, sheet(row(size=Decimal(2)))).changes_nothing


def test_every_error_is_told_at_once_by_sheet_line_and_column() -> None:
    known = sheet(row())
    data = edited(
        write("Essai", [known], []),
        D2="vert",
        E2="beaucoup",
        F2="hier",
        C3=None,
        D3="rouge",
        G3=1.5,
    )
    told = [str(refusal) for refusal in came_back(data, known).refused]
    assert told == [
        "feuille « Choses », ligne 2, colonne « Couleur » : « vert » n'est pas dans la liste.",
        "feuille « Choses », ligne 2, colonne « Taille » : « beaucoup » n'est pas un nombre.",
        "feuille « Choses », ligne 2, colonne « Né le » : « hier » n'est pas une date : écrivez par exemple 31/08/2026.",
        "feuille « Choses », ligne 3, colonne « Nom » : une valeur est nécessaire.",
        "feuille « Choses », ligne 3, colonne « Nombre » : « 1.5 » n'est pas un nombre entier.",
    ]


def test_same_line_twice_is_refused_naming_the_first() -> None:
    known = sheet(row())
    report = came_back(edited(write("Essai", [known], []), C3="un", D3="bleu"), known)
    assert "déjà à la ligne 2" in str(report.refused[0])


def test_key_that_is_no_longer_there_is_refused() -> None:
    data = write("Essai", [sheet(row("99"))], [])
    assert "n'existe plus" in str(came_back(data, sheet(row("1", name="Autre"))).refused[0])


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252"])
@pytest.mark.parametrize("mark", [";", "\t", ","])
def test_csv_of_the_same_columns_is_read(encoding: str, mark: str) -> None:
    lines = [["Nom", "Couleur", "Né le"], ["Élan", "ROUGE", "31/08/2026"]]
    data = "\r\n".join(mark.join(line) for line in lines).encode(encoding)
    (change,) = came_back(data, sheet(), "choses.csv").created
    assert change.values == {"name": "Élan", "colour": "r", "born": date(2026, 8, 31)}


def test_header_may_stand_below_a_title_and_strange_columns_are_named() -> None:
    data = b"Mon registre;;\n\nNom;Couleur;Humeur\nUn;rouge;bonne\n"
    report = came_back(data, sheet(), "choses.csv")
    assert report.created[0].line == 4
    assert report.ignored == ["choses.csv : Humeur"]


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", b"0" * 110_000_000)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"", "a.xlsx", "vide"),
        (b"%PDF-1.7", "a.pdf", ".xlsx et .ods"),
        (b"pas un zip", "a.xlsx", "ne s'ouvre pas"),
        (b"PK\x03\x04 coup", "a.ods", "ne s'ouvre pas"),
        (b"\x00\x01\x02;", "a.csv", "pas du texte"),
        (b"a;b\n1;2\n", "a.csv", "colonnes attendues"),
        (b"a" * (MAX_BYTES + 1), "a.csv", "dépasse 20 Mo"),
    ],
)
def test_unreadable_file_is_refused_in_words(data: bytes, name: str, words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        read(data, name, [sheet()])


def test_zip_bomb_is_not_opened() -> None:
    with pytest.raises(Unreadable, match="trop gros"):
        read(bomb(), "a.xlsx", [sheet()])


def rewritten(data: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """The same archive with ``old`` written otherwise in one part."""
    source, out = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in source.namelist():
            held = source.read(name)
            assert name != part or old in held
            archive.writestr(name, held.replace(old, new, 1) if name == part else held)
    return out.getvalue()


FIRST_SHEET = "xl/worksheets/sheet1.xml"


def test_cell_at_the_far_corner_is_refused_before_it_takes_all_memory() -> None:
    known = sheet(row(name="Un"))
    data = edited(write("Choses", [known], ()), C3="Deux")
    far = rewritten(data, FIRST_SHEET, b'r="C3"', b'r="XFD1048576"')
    with pytest.raises(Unreadable, match="s'étend trop loin"):
        read(far, "choses.xlsx", [known])


def test_workbook_with_xml_entities_is_refused() -> None:
    known = sheet(row(name="Un"))
    doctype = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><worksheet'
    data = rewritten(write("Choses", [known], ()), FIRST_SHEET, b"<worksheet", doctype)
    with pytest.raises(Unreadable, match="définitions XML"):
        read(data, "choses.xlsx", [known])


@pytest.mark.parametrize("cell", ["=1/0", "#DIV/0!"])
def test_formula_without_a_result_is_refused_and_not_taken_for_an_empty_cell(cell: str) -> None:
    known = sheet(row(name="Un"))
    found = came_back(edited(write("Choses", [known], ()), C2=cell), known)
    assert ["n'a pas de résultat" in str(refusal) for refusal in found.refused] == [True]
    assert "ligne 2" in str(found.refused[0])


def test_empty_workbook_is_refused_in_words() -> None:
    out = io.BytesIO()
    Workbook().save(out)
    with pytest.raises(Unreadable, match="colonnes attendues"):
        read(out.getvalue(), "a.xlsx", [sheet()])


texts = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]),
    min_size=1,
    max_size=20,
).filter(lambda text: text.strip() == text and not text.startswith("'") and "**" not in text)


@settings(max_examples=25, deadline=None)
@given(
    texts,
    st.none() | st.sampled_from(["r", "b"]),
    st.none() | st.decimals(-1000, 1000, places=2),
    st.none() | st.dates(date(1950, 1, 1), date(2100, 1, 1)),
    st.none() | st.integers(0, 10_000),
)
def test_whatever_leaves_comes_back_the_same(
    name: str, colour: Any, size: Any, born: Any, count: Any
) -> None:
    known = sheet(row(name=name, colour=colour, size=size, born=born, count=count))
    report = came_back(write("Essai", [known], []), known)
    assert report.refused == []
    assert report.changes_nothing


# --- Writing ----------------------------------------------------------------------------------
def created_report() -> Report:
    data = b"Nom;Couleur\nUn;rouge\nDeux;bleu\n"
    return came_back(data, sheet(), "choses.csv")


def test_refusal_of_a_service_is_told_by_line_and_undoes_the_rest(db: None) -> None:
    from agreements.models import Agreement  # any table will do
    from tests.factories import AgreementFactory

    def write_one(change: Any) -> None:
        if change.label == "Deux":
            raise DomainError("Cette couleur est prise.", field="colour")
        AgreementFactory(slug="ecrite")

    refused = attempt(created_report().created, write_one, dry_run=False)
    assert [str(refusal) for refusal in refused] == [
        "fichier « choses.csv », ligne 3, colonne « Couleur » : Cette couleur est prise."
    ]
    assert not Agreement.objects.filter(slug="ecrite").exists()


def test_dry_run_leaves_nothing(db: None) -> None:
    from agreements.models import Agreement
    from tests.factories import AgreementFactory

    attempt(created_report().created[:1], lambda c: AgreementFactory(slug="essai"), dry_run=True)  # type: ignore[arg-type,return-value]
    assert not Agreement.objects.filter(slug="essai").exists()
    attempt(created_report().created[:1], lambda c: AgreementFactory(slug="essai"), dry_run=False)  # type: ignore[arg-type,return-value]
    assert Agreement.objects.filter(slug="essai").exists()
