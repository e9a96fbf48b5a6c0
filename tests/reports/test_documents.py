"""The three documents on the example and on an agreement where nothing is typed yet."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from docx import Document as open_word
from openpyxl import load_workbook
from outloud import check
from pypdf import PdfReader

from actionplan.models import Action, Funding
from agreements.models import Agreement, Snapshot
from committees.models import CommitteeKind, Meeting
from core import formats as fr
from core.documents.content import NUMERIC_KINDS, Content, Section, Table
from core.documents.declaration import registry, render
from core.errors import DomainError
from partners.models import AmountStage, ContractAmount
from reports import queries
from reports.documents.base import Request
from reports.meetings import steering_meeting
from tests.committees.factories import MeetingFactory

DAY = date(2026, 11, 23)
DOCUMENTS = ["dossier-copil", "bilan-annuel", "ctg-en-deux-pages"]


def request(agreement: Agreement, **changes: object) -> Request:
    return replace(Request(agreement=agreement, on=DAY, year=2026), **changes)  # type: ignore[arg-type]


def content(identifier: str, agreement: Agreement, **changes: object) -> Content:
    return registry.get(identifier).content(request(agreement, **changes))


def pages(data: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(data)).pages]


def errors_of(data: bytes) -> list[object]:
    """What breaks PDF/UA, as a reader with a screen reader would find it."""
    report = check(io.BytesIO(data), layers=["conformance"])
    return [finding for finding in report.findings if finding.severity == "error"]


def tables(document: Content) -> Iterator[Table]:
    def walk(blocks: tuple[object, ...]) -> Iterator[Table]:
        for block in blocks:
            if isinstance(block, Table):
                yield block
            elif isinstance(block, Section):
                yield from walk(block.blocks)

    yield from walk(document.sections)


def bookmarks(data: bytes) -> dict[str, int]:
    """Each heading of the PDF and its page, from one."""
    reader = PdfReader(io.BytesIO(data))
    found: dict[str, int] = {}

    def walk(items: list[object]) -> None:
        for item in items:
            if isinstance(item, list):
                walk(item)
            else:
                found[item.title] = reader.get_destination_page_number(item) + 1  # type: ignore[attr-defined, operator]

    walk(reader.outline)  # type: ignore[arg-type]
    return found


# --- On the example -------------------------------------------------------------------------
@pytest.fixture(scope="module")
def drawn(example: Agreement, django_db_blocker: object) -> dict[str, bytes]:
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        return {name: render(content(name, example), "pdf").data for name in DOCUMENTS}


def test_dossier_keeps_its_length(drawn) -> None:
    marks = bookmarks(drawn["dossier-copil"])
    total = len(pages(drawn["dossier-copil"]))
    first_annex = min(page for title, page in marks.items() if title.startswith("Annexe"))
    assert first_annex - 1 <= 8
    assert total - (first_annex - 1) <= 10


def test_bilan_and_two_pages_keep_theirs(drawn) -> None:
    assert 12 <= len(pages(drawn["bilan-annuel"])) <= 16
    assert len(pages(drawn["ctg-en-deux-pages"])) == 2


@pytest.mark.parametrize("name", DOCUMENTS)
def test_pdf_is_conformant_and_every_page_says_its_source_and_date(drawn, name) -> None:
    assert errors_of(drawn[name]) == []
    for page in pages(drawn[name])[1 if name != "ctg-en-deux-pages" else 0 :]:
        assert "23 novembre 2026" in page
        assert "Sources" in page or "Source" in page


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_hole_shows_through(drawn, name) -> None:
    whole = " ".join(pages(drawn[name]))
    for trace in ("None", "Decimal", "{{", "&amp;", "&#", "<b>", "**", "True", "False"):
        assert trace not in whole


def test_arbitration_comes_before_any_statistic(drawn) -> None:
    marks = bookmarks(drawn["dossier-copil"])
    arbitrations = [page for title, page in marks.items() if "Arbitrage" in title]
    assert 1 <= len(arbitrations) <= 3
    assert len(set(arbitrations)) == len(arbitrations)
    assert max(arbitrations) < next(page for title, page in marks.items() if "Moyens" in title)
    assert max(arbitrations) < next(p for title, p in marks.items() if "Chiffres clés" in title)


def test_annexes_hold_the_sheets_of_the_actions_on_the_agenda_only(example, db, drawn) -> None:
    meeting = steering_meeting(example, DAY)
    agenda = {
        action.code
        for item in meeting.agenda.filter(is_confirmed=True)
        for action in item.actions.all()
    }
    marks = bookmarks(drawn["dossier-copil"])
    sheets = {title.split()[3] for title in marks if title.startswith("Annexe ")}
    assert sheets == agenda


def test_first_year_has_no_previous_year_column(example, db) -> None:
    heads = [
        column.title
        for table in tables(content("bilan-annuel", example))
        for column in table.columns
    ]
    assert any("Départ" in head or "départ" in head for head in heads)
    assert not any("2025" in head or "N-1" in head for head in heads)


def test_workbook_holds_the_numbers_of_the_document_to_the_cent(example, db) -> None:
    document = content("bilan-annuel", example)
    book = load_workbook(io.BytesIO(render(document, "xlsx").data))
    assert "Aide à la lecture" in book.sheetnames
    written = [cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row]
    numbers = [Decimal(str(round(cell, 6))) for cell in written if isinstance(cell, int | float)]
    checked = 0
    for table in tables(document):
        for row in table.rows:
            for column, cell in zip(table.columns, row, strict=True):
                if column.kind in NUMERIC_KINDS and isinstance(cell, int | Decimal):
                    assert any(abs(cell - number) < Decimal("0.005") for number in numbers), (
                        table.caption,
                        cell,
                    )
                    checked += 1
    assert checked > 200


def test_totals_of_the_workbook_are_the_totals_of_the_pdf(example, db, drawn) -> None:
    document = content("bilan-annuel", example)
    table = next(t for t in tables(document) if t.caption.startswith("Ensemble des moyens"))
    planned = sum(row[1] for row in table.rows if isinstance(row[1], Decimal))
    printed = " ".join(pages(drawn["bilan-annuel"]))
    cents = 0 if planned == planned.to_integral_value() else 2
    assert fr.euros(planned, cents).replace("\u202f", " ").replace("\xa0", " ") in printed


def test_word_holds_every_chapter_as_a_heading(example, db) -> None:
    document = content("bilan-annuel", example)
    word = open_word(io.BytesIO(render(document, "docx").data))
    heads = " ".join(p.text for p in word.paragraphs if p.style.name.startswith("Heading"))
    for section in document.sections:
        if section.title and section.numbered:
            assert section.title in heads
    assert len(word.tables) >= 10


def test_every_caf_adviser_finds_the_same_action_in_each_format(example, db, drawn) -> None:
    action = Action.objects.filter(agreement=example, status="in_progress").first()
    document = content("bilan-annuel", example)
    word = open_word(io.BytesIO(render(document, "docx").data))
    book = load_workbook(io.BytesIO(render(document, "xlsx").data))
    in_book = [
        str(c) for sheet in book for row in sheet.iter_rows(values_only=True) for c in row if c
    ]
    assert action.title in " ".join(pages(drawn["bilan-annuel"]))
    assert any(action.title in paragraph.text for paragraph in word.paragraphs)
    assert any(action.title in cell for cell in in_book)


def test_internal_notes_are_in_no_document(example, db) -> None:
    from actionplan.services import add_note

    action = Action.objects.filter(agreement=example).first()
    add_note(
        action, actor=None, kind="internal", text="À ne jamais imprimer", on=DAY, is_highlight=True
    )
    for name in DOCUMENTS:
        assert "jamais imprimer" not in str(content(name, example).to_json())


# --- Editions -------------------------------------------------------------------------------
def test_final_edition_counts_real_amounts_only(example, db) -> None:
    provisional = queries.contracts_of_year(example, 2026)
    final = queries.contracts_of_year(example, 2026, final=True)
    assert all(row.known is not None for row in provisional if row.planned is not None)
    real = {AmountStage.ACTUAL, AmountStage.NOTIFIED, AmountStage.PAID}
    for row in final:
        has_real = ContractAmount.objects.filter(
            contract=row.contract, year=2026, stage__in=real
        ).exists()
        assert (row.known is not None) == has_real
    heads = [
        column.title
        for table in tables(content("bilan-annuel", example, edition=Snapshot.Edition.FINAL))
        for column in table.columns
    ]
    assert "Réel" in heads
    assert "Dernier connu" not in heads


def test_planned_amount_is_not_taken_for_a_real_one(example, db) -> None:
    Funding.objects.filter(agreement=example, year=2026).exclude(stage="planned").delete()
    rows = {row.source: row for row in queries.means_of_year(example, 2026, final=True)}
    assert rows["Caf, par les actions"].planned is not None
    assert rows["Caf, par les actions"].actual is None


# --- On an agreement where nothing is typed ---------------------------------------------------
def test_dossier_without_a_meeting_says_what_to_do_first(agreement) -> None:
    with pytest.raises(DomainError, match="Aucune réunion n'est fixée"):
        content("dossier-copil", agreement)
    assert registry.get("dossier-copil").missing(request(agreement)) != ""


@pytest.mark.parametrize("name", DOCUMENTS)
def test_document_of_an_empty_agreement_reads_well(agreement, name) -> None:
    MeetingFactory(
        agreement=agreement,
        committee__kind__nature=CommitteeKind.Nature.STEERING,
        on=date(2026, 12, 8),
    )
    document = content(name, agreement)
    for fmt in registry.get(name).formats:
        assert render(document, fmt).data
    data = render(document, "pdf").data
    assert errors_of(data) == []
    whole = " ".join(pages(data))
    assert "None" not in whole
    assert "0,0 k€" not in whole


def test_year_outside_the_agreement_is_refused(agreement) -> None:
    with pytest.raises(DomainError, match="2031 n'est pas une année"):
        content("bilan-annuel", agreement, year=2031)


def test_meeting_of_another_agreement_is_not_taken(agreement, other_agreement) -> None:
    MeetingFactory(agreement=agreement, committee__kind__nature=CommitteeKind.Nature.STEERING)
    foreign = MeetingFactory(
        agreement=other_agreement, committee__kind__nature=CommitteeKind.Nature.STEERING
    )
    with pytest.raises(DomainError):
        content("dossier-copil", agreement, meeting_id=foreign.pk)
    assert Meeting.objects.filter(agreement=agreement).count() == 1


# --- Sums -----------------------------------------------------------------------------------
def test_unknown_start_is_not_an_opening(example, db) -> None:
    """A capacity not known before the agreement began is not zero: nothing was created."""
    for row in queries.offer(example, 2026):
        if row.start is None and not row.is_new:
            assert row.change != "créé"
        if row.change == "créé":
            assert row.start == 0 or row.is_new


@pytest.mark.parametrize("count", [1, 5])
def test_dossier_costs_the_same_whatever_the_number_of_actions(
    example, agreement, count, django_assert_num_queries
) -> None:
    """``example`` loads the catalogue: without indicators, no figure is looked for."""
    from tests.actionplan.factories import action as make_action

    MeetingFactory(
        agreement=agreement,
        committee__kind__nature=CommitteeKind.Nature.STEERING,
        on=date(2026, 12, 8),
    )
    for _ in range(count):
        make_action(agreement)
    with django_assert_num_queries(DOSSIER_QUERIES):
        content("dossier-copil", agreement)


DOSSIER_QUERIES = 18


@pytest.mark.parametrize("count", [1, 5])
def test_bilan_costs_the_same_whatever_the_number_of_actions(
    example, agreement, count, django_assert_num_queries
) -> None:
    """``example`` loads the catalogue: without indicators, no figure is looked for."""
    from tests.actionplan.factories import action as make_action

    for _ in range(count):
        make_action(agreement)
    with django_assert_num_queries(BILAN_QUERIES):
        content("bilan-annuel", agreement)


BILAN_QUERIES = 37
