"""The diagnosis report: on the example, on an agreement where nothing is typed, and edition by edition."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from docx import Document as open_word
from openpyxl import load_workbook

from agreements.models import Agreement, Snapshot, Theme
from core.audience import Audience
from core.documents.content import (
    AuthorWords,
    Block,
    ChartBlock,
    Content,
    Quantity,
)
from core.documents.declaration import registry, render
from core.errors import DomainError
from opendata.models import Indicator
from reports.sections import BY_KEY, SECTIONS
from reports.services import produce_document
from territory.models import Finding, IndicatorNote, LocalObservation
from territory.services import keep_old_figures, write_report_text
from tests.factories import ThemeFactory
from tests.reports.test_documents import content, errors_of, pages, request, tables

DAY = date(2026, 11, 23)
NAME = "diagnostic"


def blocks(document: Content) -> list[Block]:
    return [block for section in document.sections for block in section.blocks]


def told(document: Content) -> str:
    return str(document.to_json()).replace("\\xa0", " ").replace("\xa0", " ")


def titles(document: Content) -> list[str]:
    return [section.title for section in document.sections if section.level == 1 and section.title]


@pytest.fixture(scope="module")
def report(example: Agreement, django_db_blocker: object) -> Content:
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        return content(NAME, example)


@pytest.fixture(scope="module")
def drawn(report: Content) -> bytes:
    return render(report, "pdf").data


# --- On the example -------------------------------------------------------------------------
def test_pdf_is_conformant_and_every_page_says_its_source_and_date(drawn) -> None:
    assert errors_of(drawn) == []
    for page in pages(drawn)[1:]:
        assert "23 novembre 2026" in page
        assert "Sources" in page


def test_chapters_stand_in_the_order_of_a_cabinet(report) -> None:
    written = titles(report)
    assert written == [section.title for section in SECTIONS if section.title in written]
    assert len(written) == len(SECTIONS)


def test_no_hole_shows_through(drawn) -> None:
    whole = " ".join(pages(drawn))
    for trace in ("None", "Decimal", "{{", "&amp;", "&#", "<b>", "**", "True", "False"):
        assert trace not in whole


def test_no_heading_stands_above_nothing(report) -> None:
    for section in report.sections:
        parts = [part for part in report.sections if part.level == 2]
        assert section.blocks or parts, section.title


def test_summary_holds_on_one_page_with_five_figures_and_the_challenges(drawn) -> None:
    page = next(page for page in pages(drawn) if "L'essentiel" in page and "Sommaire" not in page)
    assert "Le territoire en cinq chiffres" in page
    assert "Les enjeux prioritaires" in page
    following = pages(drawn)[pages(drawn).index(page) + 1]
    assert "Le territoire en bref" in following


def test_poverty_rate_is_told_with_its_rewritten_sentence_its_comment_and_its_age(report) -> None:
    chart = next(b for b in blocks(report) if isinstance(b, ChartBlock) and b.title.startswith("Taux de pauvreté"))  # fmt: skip
    assert chart.sentence.startswith("En 2021, 17,0")
    assert "Chiffre ancien (2021), gardé faute de plus récent." in chart.sentence
    place = blocks(report).index(chart)
    comment = blocks(report)[place + 1]
    assert isinstance(comment, AuthorWords)
    assert "Maugout" in comment.paragraphs[0]


def test_author_opens_the_chapter_in_words_of_his_own(report) -> None:
    section = next(s for s in report.sections if s.identifier == "conditions-de-vie")
    first = section.blocks[0]
    assert isinstance(first, AuthorWords)
    assert "Exemple fictif" in first.paragraphs[-1]


def test_workshop_is_told_with_its_date_participants_and_votes(report) -> None:
    words = told(report)
    assert "Atelier du 14 octobre 2025" in words
    table = next(t for t in tables(report) if t.caption == "Enjeux classés")
    heads = [column.title for column in table.columns]
    ranked = [row for row in table.rows if row[0] != "–"]
    assert [int(str(row[0])) for row in ranked] == sorted(int(str(row[0])) for row in ranked)
    assert all(isinstance(row[heads.index("Gommettes")], int) for row in ranked)


def test_methods_say_what_is_to_be_asked_and_what_is_left_out(report) -> None:
    section = next(s for s in report.sections if s.identifier == "methodes")
    words = str(section)
    assert "laissés de côté" in words
    assert "Jeux de données et millésimes" in words
    assert "Études et diagnostics utilisés" in words


def numbers(data: bytes) -> set[Decimal]:
    book = load_workbook(io.BytesIO(data))
    cells = [cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row]
    return {Decimal(str(round(cell, 6))) for cell in cells if isinstance(cell, int | float)}


def test_workbook_holds_the_numbers_of_the_document(report) -> None:
    data = render(report, "xlsx").data
    book = load_workbook(io.BytesIO(data))
    assert "Aide à la lecture" in book.sheetnames
    assert {"Population", "Offre", "Adéquation", "AFOM", "Enjeux", "Sources"} <= set(
        book.sheetnames
    )
    written = numbers(data)
    checked = 0
    for table in tables(report):
        for row in table.rows:
            for cell in row:
                value = cell.value if isinstance(cell, Quantity) else cell
                if isinstance(value, int | Decimal):
                    assert any(abs(value - number) < Decimal("0.005") for number in written), cell
                    checked += 1
    assert checked > 150


def test_figures_of_the_workbook_are_printed_in_the_pdf(report, drawn) -> None:
    whole = " ".join(pages(drawn)).replace("\u202f", " ").replace("\xa0", " ")
    table = next(t for t in tables(report) if t.caption == "Conditions de vie : les chiffres")
    for row in table.rows:
        for cell in row[1:-1]:
            if isinstance(cell, Quantity):
                from core import formats as fr

                printed = fr.number(cell.value, cell.decimals).replace("\xa0", " ")
                assert printed in whole


def test_drawings_are_few(report) -> None:
    charts = [block for block in blocks(report) if isinstance(block, ChartBlock)]
    figures = [t for t in tables(report) if t.caption.endswith("les chiffres")]
    assert 4 <= len(charts) <= 14
    assert sum(len(table.rows) for table in figures) > len(charts)


def test_word_holds_every_chapter_as_a_heading_and_the_comments_apart(report) -> None:
    word = open_word(io.BytesIO(render(report, "docx").data))
    heads = " ".join(p.text for p in word.paragraphs if p.style.name.startswith("Heading"))
    for title in titles(report):
        assert title in heads
    comment = next(p for p in word.paragraphs if "mères seules" in p.text)
    assert all(run.italic for run in comment.runs)


def test_demonstration_holds_a_report_already_produced(example, db) -> None:
    snapshot = Snapshot.objects.get(agreement=example, kind=NAME)
    assert snapshot.audience == Audience.COMMITTEE
    assert Content.from_json(snapshot.content).sections


# --- Age ------------------------------------------------------------------------------------
def test_figure_older_than_four_years_enters_only_when_ticked(example, db) -> None:
    indicator = Indicator.objects.get(key="part_minima_sociaux")
    row = "Part des minima sociaux dans le revenu (%)"

    def rows() -> list[object]:
        table = next(
            t
            for t in tables(content(NAME, example))
            if t.caption == "Conditions de vie : les chiffres"
        )
        return [cells[0] for cells in table.rows]

    assert row not in rows()
    keep_old_figures(example, actor=None, shown=[indicator], kept=[indicator])
    assert row in rows()
    keep_old_figures(example, actor=None, shown=[indicator], kept=[])
    assert row not in rows()


def test_old_figure_does_not_come_back_through_the_evidence_of_a_finding(example, db) -> None:
    indicator = Indicator.objects.get(key="taux_pauvrete_60")
    assert Finding.objects.filter(agreement=example, evidence__indicator=indicator).exists()

    def figures() -> str:
        table = next(t for t in tables(content(NAME, example)) if t.caption == "Constats par thème")
        return " ".join(str(row[3]) for row in table.rows)

    assert "Taux de pauvreté" in figures()
    keep_old_figures(example, actor=None, shown=[indicator], kept=[])
    assert "Taux de pauvreté" not in figures()


# --- Audiences --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("edition", "mark", "seen"),
    [
        ("committee", "committee", True),
        ("public", "committee", False),
        ("public", "public", True),
        ("committee", "internal", False),
        ("public", "internal", False),
    ],
)
def test_edition_obeys_the_audience_of_texts_comments_and_local_figures(
    example, db, edition, mark, seen
) -> None:
    theme = Theme.objects.get(agreement=example, name="Petite enfance")
    indicator = Indicator.objects.get(key="part_locataires")
    IndicatorNote.objects.create(
        agreement=example, indicator=indicator, comment="ZZCOMMENTAIRE", sentence="ZZPHRASE",
        audience=mark,
    )  # fmt: skip
    write_report_text(example, actor=None, section="synthese", text="ZZINTRODUCTION", audience=mark)
    LocalObservation.objects.create(
        agreement=example, indicator=Indicator.objects.filter(domain=theme.domain, ask_to="service").first(),
        territory=example.lead_commune, period=2031, value=Decimal("987654"), source="ZZSOURCE",
        audience=mark,
    )  # fmt: skip
    document = content(NAME, example, audience=edition)
    assert document.audience == edition
    for trace in ("ZZCOMMENTAIRE", "ZZPHRASE", "ZZINTRODUCTION", "ZZSOURCE", "987654"):
        assert (trace in told(document)) == seen, trace
    data = render(document, "xlsx").data
    assert (Decimal(987654) in numbers(data)) == seen


def test_caf_figures_never_reach_the_public_edition_through_findings(example, db) -> None:
    figure = LocalObservation.objects.create(
        agreement=example, label="ZZINTERNE", territory=example.lead_commune, period=2026,
        value=Decimal("4321"), source="Caf", audience="committee", is_from_caf=True,
    )  # fmt: skip
    finding = Finding.objects.filter(agreement=example).first()
    finding.evidence.create(
        agreement=example, local_observation=figure, territory=example.lead_commune, period=2026,
        value_as_read=figure.value, read_on=DAY,
    )  # fmt: skip
    assert "ZZINTERNE" in told(content(NAME, example, audience="committee"))
    assert "ZZINTERNE" not in told(content(NAME, example, audience="public"))


def test_public_edition_does_not_ask_for_what_was_given_to_the_committee(example, db) -> None:
    def asked(edition: str) -> str:
        return str(
            next(
                s
                for s in content(NAME, example, audience=edition).sections
                if s.identifier == "methodes"
            )
        )

    words = "Demandes d'admission en accueil du jeune enfant, à demander"
    assert words not in asked("public")
    assert words not in asked("committee")


def test_there_is_no_internal_edition(agreement) -> None:
    with pytest.raises(DomainError, match="une édition publique"):
        content(NAME, agreement, audience="internal")


def test_snapshot_bears_the_audience_chosen(agreement) -> None:
    snapshot = produce_document(request(agreement, audience="public"), NAME, actor=None)
    assert snapshot.audience == Audience.PUBLIC


# --- Choices ----------------------------------------------------------------------------------
def test_one_theme_tells_that_theme_alone(example, db) -> None:
    theme = Theme.objects.get(agreement=example, name="Petite enfance")
    document = content(NAME, example, theme_id=theme.pk)
    assert document.title == "Diagnostic : Petite enfance"
    assert BY_KEY["conditions-de-vie"].title not in titles(document)
    words = told(document)
    assert "Multi-accueil Les Premiers Pas" in words
    assert "Centre social des Vergers" not in words
    assert "Garder le lien avec les 14-17 ans" not in words
    assert errors_of(render(document, "pdf").data) == []


def test_chosen_chapters_alone_are_printed_and_the_cover_says_so(example, db) -> None:
    document = content(NAME, example, sections=("enjeux", "afom"))
    assert titles(document) == [BY_KEY["afom"].title, BY_KEY["enjeux"].title]
    assert any(line.startswith("Extrait") for line in document.meta.extra_lines)


def test_theme_of_another_agreement_is_refused(agreement, other_agreement) -> None:
    with pytest.raises(DomainError, match="n'est pas un thème de la convention"):
        content(NAME, agreement, theme_id=ThemeFactory(agreement=other_agreement).pk)


def test_unknown_chapter_is_refused(agreement) -> None:
    with pytest.raises(DomainError, match="Chapitre inconnu : annexes"):
        content(NAME, agreement, sections=("annexes",))


# --- On an agreement where nothing is typed ---------------------------------------------------
def test_report_of_an_empty_agreement_reads_well(agreement) -> None:
    document = content(NAME, agreement)
    for fmt in registry.get(NAME).formats:
        assert render(document, fmt).data
    data = render(document, "pdf").data
    assert errors_of(data) == []
    whole = " ".join(pages(data))
    assert "None" not in whole
    assert titles(document)[0] == "Le territoire"
    assert BY_KEY["enjeux"].title not in titles(document)


@pytest.mark.parametrize("count", [1, 5])
def test_report_costs_the_same_whatever_is_told(
    example, agreement, count, django_assert_num_queries
) -> None:
    """``example``: published figures are loaded, and asked for."""
    theme = ThemeFactory(agreement=agreement)
    for rank in range(count):
        Finding.objects.create(
            agreement=agreement,
            theme=theme,
            quadrant="strength",
            text=f"Constat {rank}",
            found_on=DAY,
        )
        LocalObservation.objects.create(
            agreement=agreement, label=f"Chiffre {rank}", territory=agreement.lead_commune,
            period=2026, value=Decimal(rank), source="Service", audience="public",
        )  # fmt: skip
    with django_assert_num_queries(REPORT_QUERIES):
        content(NAME, agreement)


REPORT_QUERIES = 45


# --- The command ------------------------------------------------------------------------------
def run(agreement: Agreement, output, **options) -> None:
    call_command("document", NAME, agreement=agreement.slug, output=output, **options)


def test_command_writes_one_theme_and_some_chapters(agreement, tmp_path) -> None:
    ThemeFactory(agreement=agreement, name="Petite enfance")
    target = tmp_path / "diagnostic.docx"
    run(agreement, target, format="docx", theme="petite enfance", sections="methodes, glossaire")
    assert target.exists()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"theme": "Astronomie"}, "Aucun thème « Astronomie »"),
        ({"sections": "population,annexes"}, "Chapitre inconnu : annexes"),
    ],
)
def test_command_refuses_in_one_sentence(agreement, tmp_path, options, words) -> None:
    with pytest.raises(CommandError, match=words):
        run(agreement, tmp_path / "x.pdf", format="pdf", **options)
    assert not list(tmp_path.iterdir())
