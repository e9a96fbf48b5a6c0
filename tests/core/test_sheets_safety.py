"""Files made to harm, and files that something has damaged: a French sentence, never an exception of
another kind, and nothing that takes all the memory."""

from __future__ import annotations

import io
import random
import resource
import time
import zipfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from openpyxl import Workbook, load_workbook

from core.sheets import (
    Change,
    Report,
    Sheet,
    Unreadable,
    annotate,
    compare,
    inspect,
    propose,
    read,
    write,
)
from core.sheets.inspection import MAX_SHEETS
from core.sheets.opening import MAX_BYTES
from tests.core.sheets_tools import action, came_back, edited, plan, rewritten, saved, workbook

SHEET_1 = "xl/worksheets/sheet1.xml"


def known() -> Sheet:
    return plan(
        action(pilot=1, partners=(1, 2), state="todo", due=date(2027, 3, 31), progress=40,
               budget=Decimal("12000.50"), count=3),
        action("2", title="Former", start=date(2026, 9, 1), goal="=1+1"),
    )  # fmt: skip


def refused(data: bytes, name: str, words: str) -> None:
    for look in (lambda: inspect(data, name), lambda: read(data, name, [known()])):
        with pytest.raises(Unreadable, match=words):
            look()


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"PK" + b"0" * (50 * 1024 * 1024), "a.xlsx", "dépasse 20 Mo"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "a.xlsx", "mot de passe"),
        (b"\x09\x08\x10", "a.xls", "ancien format"),
        (b"PK", "a.xlsb", "ancien format"),
        (b"   \n", "a.csv", "est vide"),
        (b"%PDF-1.7", "a.docx", ".xlsx et .ods"),
    ],
    ids=["50 MB", "encrypted", "xls", "xlsb", "blank", "other"],
)
def test_file_that_is_not_ours_to_open_is_refused_in_words(
    data: bytes, name: str, words: str
) -> None:
    assert MAX_BYTES < 50 * 1024 * 1024
    refused(data, name, words)


def zipped(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def test_zip_bomb_is_not_opened() -> None:
    data = write("Plan", [known()], [])
    refused(rewritten(data, SHEET_1, lambda xml: b" " * 150_000_000 + xml), "a.xlsx", "trop gros")


def test_archive_that_lies_about_a_size_is_not_opened() -> None:
    """The size told is small; what unpacks is not."""
    data = bytearray(write("Plan", [known()], []))
    source = zipfile.ZipFile(io.BytesIO(bytes(data)))
    info = source.getinfo(SHEET_1)
    at = bytes(data).rindex(SHEET_1.encode()) - 46
    data[at + 24 : at + 28] = (100).to_bytes(4, "little")
    assert info.file_size > 100
    refused(bytes(data), "a.xlsx", "ne s'ouvre pas")


def test_one_long_text_named_by_every_cell_is_refused() -> None:
    """« Billion laughs » by shared strings: 6,000 cells name a text of 30,000 characters."""
    data = workbook([["Action", "Pilote"], ["Une", "Deux"]])
    held = {n: zipfile.ZipFile(io.BytesIO(data)).read(n) for n in zipfile.ZipFile(io.BytesIO(data)).namelist()}  # fmt: skip
    spreadsheetml = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    rows = b"".join(
        b'<row r="%d"><c r="A%d" t="s"><v>0</v></c><c r="B%d" t="s"><v>0</v></c></row>' % (n, n, n)
        for n in range(1, 3_001)
    )
    held["xl/sharedStrings.xml"] = b"<sst %s><si><t>%s</t></si></sst>" % (spreadsheetml, b"x" * 30_000)  # fmt: skip
    held[SHEET_1] = b"<worksheet %s><sheetData>%s</sheetData></worksheet>" % (spreadsheetml, rows)
    bomb = zipped(held)
    assert len(bomb) < 100_000
    refused(bomb, "a.xlsx", "trop de texte")


@pytest.mark.parametrize(
    "declared",
    [
        b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]>',
        b'<!DOCTYPE a [<!ENTITY b "b"><!ENTITY c "&b;&b;&b;&b;&b;&b;">]>',
        b'<!DOCTYPE a SYSTEM "http://127.0.0.1/a.dtd">',
    ],
)
@pytest.mark.parametrize("part", [SHEET_1, "xl/workbook.xml", "xl/styles.xml"])
def test_entities_and_doctypes_are_refused(declared: bytes, part: str) -> None:
    data = rewritten(
        write("Plan", [known()], []), part,
        lambda xml: declared + (xml.partition(b"?>")[2] if xml.startswith(b"<?xml") else xml),
    )  # fmt: skip
    refused(data, "a.xlsx", "définitions XML")


def test_macros_are_neither_read_nor_run_and_told() -> None:
    source = write("Plan", [known()], [])
    parts = {n: zipfile.ZipFile(io.BytesIO(source)).read(n) for n in zipfile.ZipFile(io.BytesIO(source)).namelist()}  # fmt: skip
    data = zipped({**parts, "xl/vbaProject.bin": b"\x00macro"})
    report = came_back(data, known(), "plan.xlsm")
    assert report.unchanged == 2
    assert any("macros" in note for note in report.notes)


def test_a_million_empty_lines_cost_nothing() -> None:
    """Spreadsheets keep the look of lines that hold nothing: they are no lines."""
    empty = b"".join(b'<row r="%d"><c r="A%d" s="1"/></row>' % (n, n) for n in range(10, 1_000_010))
    data = rewritten(
        write("Plan", [known()], []), SHEET_1,
        lambda xml: xml.replace(b"</sheetData>", empty + b"</sheetData>"),
    )  # fmt: skip
    start = time.perf_counter()
    assert came_back(data, known()).unchanged == 2
    assert time.perf_counter() - start < 30


def test_blank_lines_of_a_csv_are_no_lines() -> None:
    data = b"Action;Pilote\n" + b";\n" * 300_000 + b"Une;Ada Martin\n"
    (change,) = came_back(data, known(), "a.csv").created
    assert change.line == 300_002


@pytest.mark.parametrize("place", ["XFD1048576", "C1048576", "XFD3"])
def test_far_cell_is_refused_before_it_takes_all_memory(place: str) -> None:
    data = edited(write("Plan", [known()], []), {"N3": "loin"})
    far = rewritten(data, SHEET_1, lambda xml: xml.replace(b'r="N3"', b'r="%s"' % place.encode()))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    refused(far, "a.xlsx", "s'étend trop loin")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300_000


def test_thousands_of_columns_are_refused() -> None:
    refused(workbook([["Action", *range(3_000)], ["Une"]]), "a.xlsx", "s'étend trop loin")
    refused((";".join(map(str, range(3_000))) + "\n").encode(), "a.csv", "300 cellules")


def test_thousands_of_sheets_are_refused() -> None:
    book = Workbook()
    for rank in range(MAX_SHEETS + 1):
        book.create_sheet(f"Feuille {rank}")
    refused(saved(book), "a.xlsx", "feuilles")


def test_merged_area_as_large_as_the_sheet_is_not_spread() -> None:
    data = rewritten(
        workbook([["Axe", "Action"], ["Petite enfance", "Une"]]), SHEET_1,
        lambda xml: xml.replace(
            b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="A2:XFD1048576"/></mergeCells>'
        ),
    )  # fmt: skip
    assert [change.label for change in came_back(data, known()).created] == ["Une"]


@pytest.mark.parametrize("cut", [10, 100, 1_000, 5_000])
def test_truncated_workbook_is_refused(cut: int) -> None:
    refused(write("Plan", [known()], [])[:-cut], "a.xlsx", "ne s'ouvre pas")


@pytest.mark.parametrize(
    "text", ["=1+1", "+33 6", "-5", "@somme", "'=1", "\t=1", "=cmd|' /C calc'!A0"]
)
def test_no_text_ever_leaves_as_a_formula(text: str) -> None:
    sheet = plan(action(goal=text, title=f"{text}x"))
    data = write(text, [sheet], [(text, text)])
    for page in load_workbook(io.BytesIO(data)):
        for row in page.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                assert not str(cell.value or "").startswith(("=", "+", "-", "@", "\t"))
    assert came_back(data, sheet).changes_nothing


def test_workbook_handed_back_holds_no_formula_either() -> None:
    data = b"Action;Nombre\n=HYPERLINK(1);trois\n"
    back = load_workbook(
        io.BytesIO(annotate(data, "a.csv", came_back(data, known(), "a.csv").refused))
    )
    assert all(c.data_type != "f" for page in back for row in page.iter_rows() for c in row)


MANIFEST = (
    b'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    b'<manifest:file-entry manifest:full-path="/" manifest:media-type='
    b'"application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>'
)


def test_ods_with_repeated_cells_is_measured() -> None:
    def ods(rows: str) -> bytes:
        content = (
            '<?xml version="1.0"?><office:document-content'
            ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
            ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
            ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body>'
            f'<office:spreadsheet><table:table table:name="Plan">{rows}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>"
        )
        return zipped({
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": content.encode(),
            "META-INF/manifest.xml": MANIFEST,
        })  # fmt: skip

    def cells(*texts: str) -> str:
        told = "".join(
            f'<table:table-cell office:value-type="string"><text:p>{t}</text:p></table:table-cell>'
            for t in texts
        )
        return f"<table:table-row>{told}</table:table-row>"

    head = cells("Action", "Pilote")
    hidden = cells("Une", "Ada Martin").replace("-row>", '-row table:visibility="collapse">', 1)
    report = came_back(ods(head + hidden), known(), "plan.ods")
    assert [change.label for change in report.created] == ["Une"]
    assert any("masquée" in note for note in report.notes)
    far = (
        '<table:table-row table:number-rows-repeated="1000000"><table:table-cell'
        ' office:value-type="string" table:number-columns-repeated="1000"><text:p>x</text:p>'
        "</table:table-cell></table:table-row>"
    )
    refused(ods(head + far), "plan.ods", "s'étend trop loin")
    empty = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="1024"/></table:table-row>'
    assert len(came_back(ods(head + cells("Une", "Ada Martin") + empty), known(), "plan.ods").created) == 1  # fmt: skip


# --- Mutations --------------------------------------------------------------------------------
MUTATIONS = 560


def flipped(data: bytes, chance: random.Random) -> bytes:
    held = bytearray(data)
    for _ in range(chance.choice((1, 4, 40))):
        held[chance.randrange(len(held))] = chance.randrange(256)
    return bytes(held)


def cut(data: bytes, chance: random.Random) -> bytes:
    start, end = sorted(chance.sample(range(len(data)), 2))
    return data[:start] + data[end:]


def in_a_part(change: Callable[[bytes, random.Random], bytes]) -> Callable[[bytes, random.Random], bytes]:  # fmt: skip
    """The archive stays sound, and one of its parts is altered."""

    def altered(data: bytes, chance: random.Random) -> bytes:
        part = chance.choice(zipfile.ZipFile(io.BytesIO(data)).namelist())
        return rewritten(data, part, lambda held: change(held, chance) if len(held) > 2 else held)

    return altered


ATTRIBUTES = (
    b'r="',
    b's="',
    b't="',
    b'ref="',
    b'ht="',
    b"<v>",
    b"<is>",
    b"</row>",
    b"count=",
    b"Id=",
)
STRANGE = (b'r="0', b's="999', b't="zz', b'ref="A1:ZZZ9', b'ht="-1', b"<v>NaN", b"<v>1e999", b"", b"&amp;", b"\xc3")  # fmt: skip


def reworded(held: bytes, chance: random.Random) -> bytes:
    for _ in range(3):
        held = held.replace(
            chance.choice(ATTRIBUTES), chance.choice(STRANGE), chance.choice((1, -1))
        )
    return held


VALUES = (
    "", " ", "=1/0", "#REF!", "é" * 40_000, -1, 0.5, 1e308, float("1e-300"), True, date(1900, 1, 1),
    date(9999, 12, 31), "31/02/2027", "« ; ; »", "12.000", "Ada Martin;" * 200, "\u202e", "1", "c1:",
    "c1:title=,=,x", "'", "'=", "\U0001f600", None,
)  # fmt: skip


def retyped(data: bytes, chance: random.Random) -> bytes:
    cells = {
        f"{chance.choice('ABCDEFGHIJKLMN')}{chance.choice((1, 2, 3, 4, 9))}": chance.choice(VALUES)
        for _ in range(6)
    }
    return edited(data, {place: value if not isinstance(value, str) else value[:32_000] for place, value in cells.items()})  # fmt: skip


def looked_at(data: bytes, name: str) -> Report | None:
    """All that a page does with a file, short of writing."""
    sheet = known()
    try:
        for page in inspect(data, name):
            propose(page, sheet, {})
        report = compare(read(data, name, [sheet]), ["Plan"])
    except Unreadable:
        return None
    for refusal in report.refused:
        assert refusal.message
        assert refusal.line > 0
    assert all(isinstance(change, Change) for change in report.to_write())
    if report.refused:
        annotate(data, name, report.refused)
    return report


@pytest.mark.parametrize(
    "mutate",
    [flipped, cut, in_a_part(flipped), in_a_part(cut), in_a_part(reworded), retyped],
    ids=["bytes", "cut", "part bytes", "part cut", "part words", "cells"],
)
def test_mutated_workbook_meets_refusals_only(
    mutate: Callable[[bytes, random.Random], bytes],
) -> None:
    """560 workbooks over six manners, the same at each run."""
    chance = random.Random(getattr(mutate, "__name__", "") + "4")
    data = write("Plan", [known()], [])
    read_through = 0
    for _ in range(MUTATIONS // 6 + 1):
        report = looked_at(mutate(data, chance), "plan.xlsx")
        read_through += report is not None
    if mutate is retyped:
        assert read_through > 60  # the cells themselves are what is tried


def test_mutated_csv_meets_refusals_only() -> None:
    chance = random.Random(4)
    data = "Axe;Action;Pilote;Échéance\nA;Une;Ada Martin;03/2027\nB;Deux;;\n".encode()
    for _ in range(60):
        looked_at(flipped(data, chance), "plan.csv")


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
@pytest.mark.parametrize("damaged", [True, False])
def test_other_ways_of_packing_are_not_opened(method: int, damaged: bool) -> None:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(write("Plan", [known()], []))) as source,
        zipfile.ZipFile(out, "w", method) as archive,
    ):
        for name in source.namelist():
            archive.writestr(name, source.read(name))
    data = bytearray(out.getvalue())
    if damaged:
        data[60:200] = b"\xff" * 140
    refused(bytes(data), "a.xlsx", "ne s'ouvre pas")
