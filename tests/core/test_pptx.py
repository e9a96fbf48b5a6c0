"""Slides read again by python-pptx: titles, notes, tables, charts, language, and nothing cut."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from core import palette
from core.documents import pptx
from core.documents.content import (
    BulletList,
    Callout,
    Column,
    Content,
    DocumentMeta,
    Figure,
    FigureRow,
    Heading,
    Missing,
    Paragraph,
    Section,
    SpeakerNotes,
    Table,
)
from core.documents.declaration import render
from core.documents.pptx import measure
from tests.core import slides
from tests.core.sample_document import META, coverage, evolution, long_table, progress, sample

LONG = (
    "Faut-il mutualiser les relais petite enfance des trois communes voisines, ou maintenir un relais "
    "par commune jusqu'au prochain renouvellement de la convention territoriale globale ? "
)


def content(*sections: Section, **changes: object) -> Content:
    return Content("essai", "Séance", sections=sections, meta=META, **changes)  # type: ignore[arg-type]


def deck(*sections: Section, **changes: object):
    return slides.opened(pptx.render(content(*sections, **changes)))


@pytest.fixture(scope="module")
def whole():
    return slides.opened(render(sample(), "pptx").data)


# --- Of the whole sample, which holds every block ---------------------------------------------
def test_nothing_overflows(whole) -> None:
    assert slides.overflows(whole) == []


def test_every_section_has_its_slides_and_no_title_is_told_twice(whole) -> None:
    titles = slides.titles(whole)
    assert titles[0] == "Bilan annuel 2026"
    for section in sample().restricted().sections:
        assert section.title in titles
    assert len(set(titles)) == len(titles)
    assert "Liste des actions\u00a0(suite)" in titles


def test_slides_are_wide_and_no_place_is_left_empty(whole) -> None:
    assert whole.slide_width * 9 == whole.slide_height * 16
    for slide in whole.slides:
        for shape in slide.placeholders:
            if shape.has_text_frame:
                assert shape.text_frame.text.strip(), (slide.slide_id, shape.name)


def test_footer_says_whose_which_number_which_state_and_the_slide_its_number(whole) -> None:
    for slide in whole.slides:
        kinds = {item.placeholder_format.type.name: item for item in slide.placeholders}
        footer = kinds["FOOTER"].text_frame.text
        assert "Saint-André-les-Vergers" in footer
        assert "PROJET" in footer
        assert "figé n°\u00a03 le 20\u00a0novembre\u00a02026" in footer
        assert kinds["SLIDE_NUMBER"]._element.xpath(".//a:fld[@type='slidenum']")


def test_letters_are_large_enough_for_a_room(whole) -> None:
    for slide in whole.slides:
        for shape in slide.shapes:
            if shape.is_placeholder and shape.placeholder_format.type.name in (
                "FOOTER",
                "SLIDE_NUMBER",
            ):
                continue
            least = 14 if shape.has_table else 18
            frames = (
                [cell.text_frame for row in shape.table.rows for cell in row.cells]
                if shape.has_table
                else [shape.text_frame]
                if shape.has_text_frame
                else []
            )
            for frame in frames:
                for paragraph in frame.paragraphs:
                    assert all(size >= least for size in slides.sizes(paragraph)), shape.name


def test_everything_is_in_french(whole) -> None:
    for slide in whole.slides:
        for element in (slide._element, slide.notes_slide._element):
            for run in element.xpath(".//a:rPr | .//a:endParaRPr"):
                if run.getparent().tag.endswith("}fld"):
                    continue
                assert run.get("lang") == "fr-FR"
    assert whole.core_properties.language == "fr-FR"


def test_every_table_chart_and_picture_is_described_and_headers_are_flagged(whole) -> None:
    tables = charts = 0
    for slide in whole.slides:
        for shape in slide.shapes:
            if not (shape.has_table or shape.has_chart):
                continue
            assert shape._element.xpath(".//p:cNvPr")[0].get("descr"), shape.name
            tables += shape.has_table
            charts += shape.has_chart
            if shape.has_table:
                assert shape.table.first_row
    assert (tables >= 10, charts) == (True, 3)


def test_title_is_read_first_and_footer_last(whole) -> None:
    for slide in list(whole.slides)[1:]:
        kinds = [
            shape.placeholder_format.type.name if shape.is_placeholder else ""
            for shape in slide.shapes
        ]
        assert kinds[0] == "TITLE"
        assert kinds[-2:] == ["FOOTER", "SLIDE_NUMBER"]


def test_every_slide_has_notes_that_tell_sources_and_date(whole) -> None:
    for note in slides.notes(whole):
        assert "1er\u00a0novembre\u00a02026" in note
    by_title = dict(zip(slides.titles(whole), slides.notes(whole), strict=True))
    assert "Caf de l'Aube, conventions d'objectifs" in by_title["Moyens"]
    assert "montants prévisionnels du 12 mars 2026" in by_title["Moyens"]
    assert "Les totaux portent sur les seules valeurs connues." in by_title["Moyens"]
    assert "Cnaf, 2023" in by_title["Repères"]


def test_what_is_for_fewer_people_is_nowhere_not_even_in_the_notes() -> None:
    told = slides.everything(
        deck(
            Section(
                "Vu", (Paragraph("Visible"), SpeakerNotes(("Secret dit",), audience="internal"))
            ),
            Section("Caché", (Paragraph("Secret écrit"),), audience="internal"),
            audience="committee",
        )
    )
    assert "Visible" in told
    assert "Secret" not in told
    assert "Caché" not in told


# --- The file itself ----------------------------------------------------------------------------
def test_same_content_gives_the_same_bytes() -> None:
    assert (
        render(sample(), "pptx").data == render(Content.from_json(sample().to_json()), "pptx").data
    )


def test_file_says_whose_it_is_and_no_trace_of_the_template(whole) -> None:
    properties = whole.core_properties
    assert properties.title == "Bilan annuel 2026"
    assert properties.author == "Camille Lefèvre, chargée de coopération CTG"
    assert properties.created.date() == date(2026, 11, 20)
    with zipfile.ZipFile(io.BytesIO(render(sample(), "pptx").data)) as package:
        names = package.namelist()
        theme = package.read("ppt/theme/theme1.xml").decode()
        assert {item.date_time[:3] for item in package.infolist()} == {(2026, 11, 20)}
    assert not [name for name in names if "thumbnail" in name or "printer" in name]
    assert 'typeface="Source Sans 3"' in theme
    assert "0F4C5C" in theme


def test_layouts_are_ours_and_hold_no_transition(whole) -> None:
    assert [layout.name for layout in whole.slide_layouts] == [
        "Couverture", "Partie", "Titre et texte", "Titre et tableau", "Titre et graphique", "Décision",
    ]  # fmt: skip
    for slide in whole.slides:
        assert not slide._element.xpath("./p:transition | ./p:timing")


def test_file_type_is_that_of_powerpoint() -> None:
    file = render(sample(), "pptx")
    assert file.name.endswith(".pptx")
    assert file.mime.endswith("presentationml.presentation")


# --- Charts -------------------------------------------------------------------------------------
def chart_of(block):
    built = deck(Section("Graphique", (block.freeze(),)))
    return next(shape for shape in built.slides[1].shapes if shape.has_chart)


def test_bars_keep_the_figures_and_say_why_one_is_missing() -> None:
    chart = chart_of(coverage()).chart
    plot = chart.plots[0]
    assert next(iter(plot.categories)) == "Saint-André-les-Vergers"
    assert "Grand Est (secret)" in list(plot.categories)
    assert plot.series[0].values == (52.3, 55.1, 59.9, None, 60.3)
    ours, other = plot.series[0].points[0], plot.series[0].format
    assert str(ours.format.fill.fore_color.rgb) == palette.LIGHT["ours"].lstrip("#").upper()
    assert str(other.fill.fore_color.rgb) == palette.LIGHT["others"].lstrip("#").upper()


def test_stack_has_the_colour_of_each_state_and_no_zero() -> None:
    chart = chart_of(progress()).chart
    series = list(chart.plots[0].series)
    assert [row.name for row in series] == ["Réalisée", "En cours", "À venir", "Bloquée"]
    assert series[0].values == (1, None, None)
    colours = [str(row.format.fill.fore_color.rgb) for row in series]
    assert colours == [
        palette.LIGHT[k].lstrip("#").upper() for k in ("success", "primary", "info", "danger")
    ]
    for colour in colours:
        assert palette.contrast(f"#{colour}", "#ffffff") >= 4.5


def test_a_missing_year_breaks_the_line() -> None:
    chart = chart_of(evolution()).chart
    assert chart.plots[0].series[0].values == (120, None, 115, 118, 130)
    assert chart._chartSpace.xpath(".//c:dispBlanksAs")[0].get("val") == "gap"


def test_what_powerpoint_cannot_draw_is_a_described_picture() -> None:
    block = replace(coverage().freeze(), kind="", alt="Carte : les places par commune.")
    built = deck(Section("Carte", (block,)))
    picture = next(shape for shape in built.slides[1].shapes if shape.shape_type.name == "PICTURE")
    assert picture._element.xpath(".//p:cNvPr")[0].get("descr") == "Carte : les places par commune."
    assert slides.overflows(built) == []


# --- What does not hold --------------------------------------------------------------------------
def test_long_list_goes_on_and_loses_no_item() -> None:
    items = tuple(f"Point {rank} : {LONG}" for rank in range(1, 31))
    built = deck(Section("Points", (BulletList(items, ordered=True),)))
    assert slides.overflows(built) == []
    told = slides.texts(built)
    assert all(f"Point {rank} :" in told for rank in range(1, 31))
    starts = [
        element.get("startAt")
        for slide in built.slides
        for element in slide._element.xpath(".//a:buAutoNum")
    ]
    assert starts == [str(rank) for rank in range(1, 31)]


def test_rows_of_a_long_table_are_all_there_under_a_header_each_time() -> None:
    built = deck(Section("Actions", (long_table(45),)))
    assert slides.overflows(built) == []
    tables = [shape.table for slide in built.slides for shape in slide.shapes if shape.has_table]
    assert {table.cell(0, 0).text for table in tables} == {"Code"}
    codes = [row.cells[0].text for table in tables for row in list(table.rows)[1:]]
    assert codes == [*(f"A{rank}" for rank in range(1, 46)), "Total"]
    assert all(len(table.rows) > 2 for table in tables), "a total does not stand alone"


def test_row_taller_than_a_slide_goes_on_with_all_its_words() -> None:
    words = " ".join(f"mot{rank}" for rank in range(900))
    table = Table("Long", (Column("Quoi"), Column("Détail", width=3)), (("Un", words),))
    built = deck(Section("Tableau", (table,)))
    assert slides.overflows(built) == []
    told = slides.texts(built).split()
    assert [word for word in told if word.startswith("mot")] == words.split()


def test_paragraph_longer_than_a_slide_goes_on_with_all_its_words() -> None:
    words = " ".join(f"mot{rank}" for rank in range(900))
    built = deck(Section("Texte", (Heading("Titre"), Paragraph(words))))
    assert slides.overflows(built) == []
    assert [w for w in slides.texts(built).split() if w.startswith("mot")] == words.split()


def test_title_too_long_is_shortened_and_whole_in_the_notes() -> None:
    title = LONG * 3
    built = deck(Section(title, (Paragraph("Texte"),)))
    assert slides.titles(built)[1].endswith("…")
    assert title.strip() in slides.notes(built)[1]
    assert slides.overflows(built) == []


def test_word_wider_than_a_column_is_cut_and_not_hidden() -> None:
    address = "https://www.exemple.fr/" + "a" * 300
    built = deck(
        Section("Lien", (Table("Liens", (Column("Adresse"), Column("Quoi")), ((address, "x"),)),))
    )
    assert slides.overflows(built) == []


def test_two_framed_texts_stand_side_by_side() -> None:
    built = deck(
        Section(
            "Deux", (Callout("success", "Bien", ("Oui",)), Callout("warning", "Moins", ("Non",)))
        )
    )
    left, right = (shape for shape in built.slides[1].shapes if shape.name.startswith("Encadré"))
    assert left.top == right.top
    assert left.left + left.width < right.left


def test_decision_has_its_own_layout() -> None:
    built = deck(Section("Demande", (Callout("decision", "Une décision", ("Ouvrir",)),)))
    assert built.slides[1].slide_layout.name == "Décision"


def test_section_without_a_block_opens_a_part() -> None:
    built = deck(Section("Deuxième partie"))
    assert built.slides[1].slide_layout.name == "Partie"
    assert slides.overflows(built) == []


def test_absent_figure_is_said_in_words() -> None:
    table = Table(
        "T", (Column("A"), Column("B", "integer")), (("x", Missing("secret")), ("y", None))
    )
    told = slides.texts(deck(Section("S", (table,))))
    assert "secret" in told
    assert "n.d." in told


def test_logo_stands_on_the_cover_with_its_words(tmp_path, settings) -> None:
    settings.MEDIA_ROOT = tmp_path
    target = io.BytesIO()
    Image.new("RGB", (300, 100), "red").save(target, "PNG")
    name = default_storage.save("logo.png", ContentFile(target.getvalue()))
    meta = DocumentMeta(agreement_name="Ici", logos=(name, "disparu.png"))
    built = slides.opened(pptx.render(replace(content(Section("S", (Paragraph("t"),))), meta=meta)))
    pictures = [shape for shape in built.slides[0].shapes if shape.shape_type.name == "PICTURE"]
    assert [p._element.xpath(".//p:cNvPr")[0].get("descr") for p in pictures] == [
        "Logo d'un signataire"
    ]
    assert slides.overflows(built) == []


def test_texts_that_hold_in_arial_too() -> None:
    """The margin kept covers the letters that replace ours (Helvetica's widths, Arial's own)."""
    lower = [556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500]  # fmt: skip
    arial = dict(zip("abcdefghijklmnopqrstuvwxyz", lower, strict=True)) | {" ": 278, ".": 278, "-": 333, "'": 191, "é": 556, "à": 556}  # fmt: skip
    sentence = (
        "l'aide à l'investissement de la caf peut être revue à la hausse avant la fin de l'année."
    )
    wide = sum(arial.get(letter, 556) for letter in sentence) / 1000
    words = measure.words(sentence)[0]
    ours = sum(width for _, width in words) + measure.WIDENED * measure._width(" ", False) * (
        len(words) - 1
    )
    assert wide <= ours


def test_odd_letters_of_a_paste_do_not_break_the_file() -> None:
    built = deck(
        Section("S", (Paragraph("Ligne\x0bdeux\x00 et 🙂"), FigureRow((Figure("a", "1"),))))
    )
    assert "Lignedeux et 🙂" in slides.texts(built)


words_typed = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=400)


@settings(max_examples=12, deadline=None)
@given(
    items=st.lists(words_typed, max_size=12),
    cells=st.lists(st.tuples(words_typed, words_typed), max_size=8),
    title=st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=200),
)
def test_whatever_is_typed_holds(items, cells, title) -> None:
    """Any text, in any length: the file is written, opens, and nothing leaves its frame."""
    built = deck(
        Section(
            title,
            (
                Paragraph("Introduction", "lead"),
                BulletList(tuple(items)),
                Table("Tableau", (Column("Un"), Column("Deux", width=3)), tuple(cells)),
                Callout("info", title or "À savoir", tuple(items[:2])),
            ),
        )
    )
    assert slides.overflows(built) == []
