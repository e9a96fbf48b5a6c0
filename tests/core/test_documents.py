"""One content, three formats: the same figures to the cent, and each format's own duties."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from decimal import Decimal

import pytest
from docx import Document as open_word
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from outloud import check
from pypdf import PdfReader

from core.audience import Audience
from core.documents import docx, xlsx
from core.documents.content import (
    Column,
    Content,
    Contents,
    KeyValues,
    Missing,
    Paragraph,
    Quantity,
    Section,
    Table,
)
from core.documents.declaration import file_name, render
from core.documents.fetcher import ForbiddenAddress, ProjectFetcher
from core.documents.page import cell_text
from tests.core.sample_document import META, sample

SECRETS = Table(
    caption="Chiffres",
    columns=(Column("Objet"), Column("Montant", "euros", total="sum", decimals=2)),
    rows=(
        ("Crèche", Decimal("1234.56")),
        ("Relais", Missing("secret")),
        ("Centre social", Decimal("0")),
        ("Ludothèque", None),
    ),
    total_row=True,
)


def document(*blocks: object, **options: object) -> Content:
    section = Section("Moyens", tuple(blocks), sheet="Moyens")  # type: ignore[arg-type]
    return Content(identifier="essai", title="Essai", sections=(section,), meta=META, **options)  # type: ignore[arg-type]


def workbook(content: Content) -> object:
    return load_workbook(io.BytesIO(render(content, "xlsx").data))


def pdf_text(data: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)


def word_text(data: bytes) -> str:
    word = open_word(io.BytesIO(data))
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in word.paragraphs), *cells])


# --- Content --------------------------------------------------------------------------------
def test_total_leaves_unknown_values_out_and_says_so() -> None:
    assert SECRETS.totals == ("Total", Decimal("1234.56"))
    assert any("seules valeurs connues" in note for note in SECRETS.notes)


def test_total_of_nothing_known_is_missing_and_not_zero() -> None:
    table = replace(SECRETS, rows=(("Relais", Missing("secret")),))
    assert isinstance(table.totals[1], Missing)


@given(
    st.lists(
        st.tuples(
            st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=30),
            st.one_of(
                st.none(),
                st.decimals(min_value=0, max_value=10**9, places=2),
                st.sampled_from([Missing(), Missing("secret")]),
            ),
        ),
        max_size=6,
    )
)
def test_frozen_content_comes_back_as_it_was(rows: list[tuple[str, object]]) -> None:
    content = document(replace(SECRETS, rows=tuple(rows)))
    again = Content.from_json(json.loads(json.dumps(content.to_json())))

    assert again == content
    assert again.content_hash == content.content_hash


def test_content_of_another_format_is_refused() -> None:
    with pytest.raises(ValueError, match="ne lit pas"):
        Content.from_json({"schema_version": 99, "content": {}})


@pytest.mark.parametrize("fmt", ["pdf", "docx", "xlsx"])
def test_internal_blocks_stay_out_of_a_wider_document(fmt: str) -> None:
    internal = KeyValues((("Note interne", "à ne pas dire"),), audience=Audience.INTERNAL.value)
    data = render(document(SECRETS, internal), fmt).data
    text = {"pdf": pdf_text, "docx": word_text}.get(fmt, lambda d: str(all_cells(d)))(data)

    assert "Crèche" in text
    assert "à ne pas dire" not in text


def all_cells(data: bytes) -> list[object]:
    book = load_workbook(io.BytesIO(data))
    return [
        cell.value
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    ]


# --- PDF ------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def pdf(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, PdfReader]:
    path = tmp_path_factory.mktemp("pdf") / "essai.pdf"
    path.write_bytes(render(sample(), "pdf").data)
    return str(path), PdfReader(path)


def test_pdf_conforms_to_pdf_ua(pdf: tuple[str, PdfReader]) -> None:
    report = check(pdf[0], layers=["conformance"])
    errors = [finding for finding in report.findings if finding.severity == "error"]
    assert errors == []


def test_pdf_speaks_french_and_has_bookmarks(pdf: tuple[str, PdfReader]) -> None:
    reader = pdf[1]
    assert reader.trailer["/Root"]["/Lang"] == "fr"
    assert reader.outline
    assert "/StructTreeRoot" in reader.trailer["/Root"]


def test_pdf_pages_tell_number_state_and_date_of_data(pdf: tuple[str, PdfReader]) -> None:
    for number, page in enumerate(pdf[1].pages[1:], start=2):
        text = page.extract_text()
        assert f"page {number} sur" in text
        assert "projet" in text
        assert "1er novembre 2026" in text


def test_pdf_has_all_the_fonts_inside(pdf: tuple[str, PdfReader]) -> None:
    names = {
        font.get_object()["/BaseFont"]
        for page in pdf[1].pages
        for font in page["/Resources"].get("/Font", {}).values()
    }
    assert names
    assert all("SourceSans3" in name.replace("-", "") for name in names), names


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/x.png",
        "https://example.org/x.png",
        "file:///etc/passwd",
        "media:../secret_key",
    ],
)
def test_document_reaches_nothing_outside_the_project(url: str) -> None:
    with pytest.raises(ForbiddenAddress):
        ProjectFetcher().fetch(url)


# --- Workbook -------------------------------------------------------------------------------
def test_workbook_keeps_exact_figures_and_says_what_is_missing() -> None:
    sheet = workbook(document(SECRETS))["Moyens"]  # type: ignore[index]
    rows = {row[0].value: row[1].value for row in sheet.iter_rows(min_row=6) if row[0].value}

    assert rows["Crèche"] == pytest.approx(1234.56, abs=0)
    assert rows["Relais"] == "secret"
    assert rows["Centre social"] == 0
    assert rows["Ludothèque"] == "n.d."
    assert rows["Total"] == pytest.approx(1234.56, abs=0)


def test_workbook_is_ready_to_read_and_print() -> None:
    book = workbook(sample())
    assert book.sheetnames[0] == xlsx.HELP_SHEET  # type: ignore[attr-defined]
    for sheet in book.worksheets[1:]:  # type: ignore[attr-defined]
        assert sheet.freeze_panes == "A6"
        assert sheet.page_setup.fitToWidth == 1
        assert "page" in sheet.oddFooter.right.text


@given(st.sampled_from("=+-@\t\r"), st.text(max_size=20))
def test_text_that_looks_like_a_formula_is_neutralised(start: str, rest: str) -> None:
    assert not xlsx.safe_text(start + rest).startswith(("=", "+", "-", "@", "\t"))


def test_pasted_formula_is_kept_as_text() -> None:
    table = replace(SECRETS, rows=(('=HYPERLINK("http://x";"y")', Decimal(1)),))
    sheet = workbook(document(table))["Moyens"]  # type: ignore[index]
    cell = sheet["A6"]

    assert cell.data_type == "s"
    assert cell.value.startswith("'=HYPERLINK")


@given(st.text(min_size=1, max_size=60))
def test_sheet_names_are_those_that_spreadsheets_accept(wanted: str) -> None:
    name = xlsx.sheet_name(wanted)
    assert 1 <= len(name) <= 31
    assert not set(name) & set("[]:*?/\\")


# --- Word -----------------------------------------------------------------------------------
def test_word_has_real_headings_tables_and_repeated_heads() -> None:
    word = open_word(io.BytesIO(render(sample(), "docx").data))
    styles = {paragraph.style.name for paragraph in word.paragraphs}

    assert {"Heading 1", "Title"} <= styles
    heads = [table.rows[0]._tr.trPr for table in word.tables if len(table.rows) > 2]
    assert all("tblHeader" in head.xml for head in heads)
    assert word.core_properties.language == "fr-FR"


def test_word_pictures_are_described() -> None:
    word = open_word(io.BytesIO(render(sample(), "docx").data))
    described = [shape._inline.docPr.get("descr") for shape in word.inline_shapes]
    assert described
    assert all(described)


def test_every_block_of_the_sample_is_written_in_word() -> None:
    for section in sample().sections:
        for block in section.blocks:
            assert type(block) in docx.WRITERS


# --- All together ---------------------------------------------------------------------------
def test_three_formats_tell_the_same_figures() -> None:
    content = document(Paragraph("Texte."), SECRETS)
    printed = "1\u00a0234,56\u00a0€"

    assert printed in pdf_text(render(content, "pdf").data).replace("\u202f", "\u00a0")
    assert printed in word_text(render(content, "docx").data)
    assert 1234.56 in all_cells(render(content, "xlsx").data)


@pytest.mark.parametrize("fmt", ["pdf", "docx", "xlsx"])
def test_draft_says_so_and_what_is_approved_does_not(fmt: str) -> None:
    draft = document(SECRETS)
    approved = draft.with_meta(state="approved", state_label="validé")
    texts = {"docx": word_header, "xlsx": lambda d: str(all_cells(d))}
    if fmt == "pdf":
        assert render(draft, fmt).data != render(approved, fmt).data
        return
    assert "PROJET" in texts[fmt](render(draft, fmt).data)
    assert "PROJET" not in texts[fmt](render(approved, fmt).data)


def word_header(data: bytes) -> str:
    return open_word(io.BytesIO(data)).sections[0].header.paragraphs[0].text


def test_unknown_format_is_refused() -> None:
    with pytest.raises(ValueError, match="Format inconnu"):
        render(document(SECRETS), "odt")


def test_file_name_is_plain() -> None:
    assert file_name(sample(), "pdf").isascii()


def test_quantity_keeps_its_figure_in_the_workbook_and_its_unit_in_every_format() -> None:
    table = Table(
        "Chiffres",
        columns=[Column("Indicateur"), Column("Valeur", "decimal")],
        rows=[
            ["Population", Quantity(Decimal(12806), "hab.")],
            ["Allocataires", Quantity(Decimal("494"), "foyers", at_least=True)],
            ["Pauvreté", Quantity(Decimal("17.04"), "%", 1)],
        ],
    )
    content = document(table)
    assert Content.from_json(content.to_json()) == content
    book = load_workbook(io.BytesIO(render(content, "xlsx").data))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    figures = {
        cell.value: cell.number_format for cell in cells if isinstance(cell.value, float | int)
    }
    assert figures[12806] == '#,##0" hab."'
    assert figures[494] == '"au moins "#,##0" foyers"'
    assert figures[17.04] == '#,##0.0" %"'
    word = open_word(io.BytesIO(render(content, "docx").data))
    assert "au moins 494\u00a0foyers" in word.tables[0].rows[2].cells[1].text


def test_cents_are_told_where_there_are_some() -> None:
    columns = (
        Column("Poste"),
        Column("Rond", "euros", decimals=2),
        Column("Exact", "euros", decimals=2),
    )
    table = Table(
        caption="Montants", columns=columns,
        rows=(("a", Decimal(1200), Decimal("3.50")), ("b", Missing(), Decimal(4))),
    )  # fmt: skip
    told = [
        [cell_text(column, cell) for column, cell in zip(table.printed_columns, row, strict=True)]
        for row in table.rows
    ]
    assert told == [
        ["a", "1\u00a0200\u00a0€", "3,50\u00a0€"],
        ["b", "n.d.", "4,00\u00a0€"],
    ]


def test_whole_figures_among_mixed_units_have_no_decimals() -> None:
    column = Column("Capacité", "decimal", decimals=2, mixed_units=True)
    assert [cell_text(column, Decimal(value)) for value in ("40.00", "0.80")] == ["40", "0,80"]


def test_long_texts_of_the_workbook_make_higher_rows() -> None:
    table = Table(caption="Textes", columns=(Column("Texte"),), rows=(("mot " * 60,), ("mot",)))
    section = Section("Textes", (table,), sheet="Textes")
    book = load_workbook(io.BytesIO(xlsx.render(Content("x", "Titre", sections=(section,)))))
    sheet = book["Textes"]
    assert sheet.row_dimensions[6].height > 3 * xlsx.LINE_HEIGHT
    assert sheet.row_dimensions[7].height is None


def test_contents_of_the_word_file_name_the_chapters_at_once() -> None:
    sections = (Section("", (Contents(),), numbered=False), Section("Moyens"), Section("Suites"))
    word = open_word(io.BytesIO(docx.render(Content("x", "Titre", sections=sections))))
    lines = [p.text for p in word.paragraphs if not p.style.name.startswith("Heading")]
    assert "1.\u00a0Moyens" in lines
    assert "2.\u00a0Suites" in lines
