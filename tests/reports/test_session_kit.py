"""The session kit: its sheets, its workbook, what is internal, and an agreement where nothing is."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from docx import Document as open_word
from openpyxl import load_workbook
from outloud import check
from pypdf import PdfReader

from agreements.models import Agreement, Attachment, Role, Snapshot
from committees import services
from committees.models import AgendaItem, Attendance, Meeting
from core.audience import Audience
from core.documents.content import Content, Table, TickBoxes
from core.documents.declaration import registry, render
from core.errors import DomainError
from reports.documents.base import Request
from tests.committees.factories import (
    AgendaItemFactory,
    AttendanceFactory,
    DecisionFactory,
    MeetingFactory,
    MemberFactory,
    arbitration,
)

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 25)
K = AgendaItem.Kind
KIT_QUERIES = 12


@pytest.fixture
def meeting(agreement: Agreement) -> Meeting:
    return MeetingFactory(agreement=agreement, on=date(2026, 12, 8), starts_at=time(14, 0))


def kit(meeting: Meeting, **changes: Any) -> Content:
    asked = Request(agreement=meeting.agreement, on=DAY, year=2026, meeting_id=meeting.pk)
    return registry.get("kit-seance").content(replace(asked, **changes))


def words_of(content: Content) -> str:
    data = render(content, "pdf").data
    pages = PdfReader(io.BytesIO(data)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def table_of(content: Content, caption: str) -> Table:
    return next(
        block
        for section in content.sections
        for block in section.blocks
        if isinstance(block, Table) and block.caption.startswith(caption)
    )


def book_of(content: Content) -> Any:
    return load_workbook(io.BytesIO(render(content, "xlsx").data))


def guest(meeting: Meeting, **fields: Any) -> Attendance:
    return AttendanceFactory(agreement=meeting.agreement, meeting=meeting, **fields)


# --- Attendance -------------------------------------------------------------------------------
def test_sheet_to_sign_says_quality_and_answer_by_organisation(agreement, meeting) -> None:
    row = guest(meeting, answer="represented", answer_represented_by="M. Caron")
    MemberFactory(
        agreement=agreement, committee=meeting.committee, contact=row.contact,
        organisation=row.organisation, role="présidente",
    )  # fmt: skip
    table = table_of(kit(meeting), "Personnes attendues")
    assert table.rows == (
        (str(row.organisation), str(row.contact), "présidente", "sera représenté par M. Caron", ""),
    )
    assert table.group_by == 0
    assert table.row_height >= 10
    assert len(table_of(kit(meeting), "Personnes venues").rows) == 6


def test_former_quality_is_not_told(agreement, meeting) -> None:
    row = guest(meeting)
    MemberFactory(
        agreement=agreement, committee=meeting.committee, contact=row.contact,
        organisation=row.organisation, role="ancien rôle", ends_on=date(2026, 12, 7),
    )  # fmt: skip
    assert table_of(kit(meeting), "Personnes attendues").rows[0][2] == ""


def test_members_stand_in_while_nobody_is_on_the_list(agreement, meeting) -> None:
    member = MemberFactory(agreement=agreement, committee=meeting.committee, role="maire")
    assert table_of(kit(meeting), "Personnes attendues").rows == (
        (str(member.organisation), str(member.contact), "maire", "", ""),
    )


def test_answers_are_counted_in_words(meeting) -> None:
    for answer in ("coming", "coming", "excused", ""):
        guest(meeting, answer=answer)
    told = words_of(kit(meeting)).replace("\u00a0", " ")
    assert "4 personnes sur la liste : 2 annoncées présentes, 1 excusée, 1 sans réponse" in told


# --- Agenda, notes, decisions -----------------------------------------------------------------
def test_points_are_timed_and_each_has_its_notes(agreement, meeting) -> None:
    for rank, kind in enumerate((K.INFORMATION, K.APPROVAL)):
        AgendaItemFactory(
            agreement=agreement, meeting=meeting, kind=kind, position=rank, title=f"Sujet {rank}"
        )
    AgendaItemFactory(
        agreement=agreement, meeting=meeting, title="Proposé par la Caf", is_confirmed=False
    )
    content = kit(meeting)
    assert [row[1:3] for row in table_of(content, "Déroulé").rows] == [
        (time(14, 0), 20),
        (time(14, 20), 20),
    ]
    assert table_of(content, "Déroulé").totals[1:3] == (time(14, 40), 40)
    titles = [section.title for section in content.sections]
    assert "1. Sujet 0" in titles
    assert "2. Sujet 1" in titles
    assert not any("Proposé par la Caf" in title for title in titles)
    boxes = [
        b
        for s in content.sections
        for b in s.blocks
        if isinstance(b, TickBoxes) and b.title == "Issue"
    ]
    assert {box.choices for box in boxes} == {("information donnée", "décision", "à revoir")}


def test_agenda_that_overflows_says_by_how_much(agreement, meeting) -> None:
    AgendaItemFactory(agreement=agreement, meeting=meeting, minutes=100)
    told = words_of(kit(meeting)).replace("\u00a0", " ")
    assert "Fin prévue à 15 h 40. C'est 10 min de plus" in told


def test_conductor_says_what_to_hold_and_what_must_come_out(agreement, meeting) -> None:
    item = AgendaItemFactory(
        agreement=agreement, meeting=meeting, kind=K.ARBITRATION, presenter="Claire Hubert"
    )
    arbitration(agreement, item=item)
    (row,) = table_of(kit(meeting), "Conducteur").rows
    assert "Claire Hubert" in row[1]
    assert "Comment financer le surcoût ?" in row[2]
    assert "Page d'arbitrage" in row[3]
    assert "Un choix entre les options" in row[4]
    assert "Avec la Caf" in row[4]


def test_decisions_past_due_on_the_day_of_the_meeting_are_recalled(agreement, meeting) -> None:
    DecisionFactory(agreement=agreement, text="Écrire la charte", due_on=date(2026, 12, 7))
    DecisionFactory(agreement=agreement, text="Pas encore due", due_on=date(2026, 12, 8))
    DecisionFactory(agreement=agreement, text="Déjà faite", due_on=date(2026, 7, 1), state="done")
    assert [row[1] for row in table_of(kit(meeting), "Décisions échues").rows] == [
        "Écrire la charte"
    ]


# --- What is internal -------------------------------------------------------------------------
def test_notes_of_the_preparation_stay_with_those_who_prepare(agreement, meeting) -> None:
    item = AgendaItemFactory(
        agreement=agreement, meeting=meeting, reason="Ne pas céder sur le poste"
    )
    Attachment.objects.create(
        agreement=agreement, target_type="committees.agendaitem", target_id=item.pk,
        title="Note au directeur", file="pieces/note.pdf",
    )  # fmt: skip
    internal, shared = kit(meeting), kit(meeting, audience="committee")
    assert internal.audience == Audience.INTERNAL
    assert shared.audience == Audience.COMMITTEE
    for secret in ("Ne pas céder sur le poste", "Note au directeur"):
        assert secret in words_of(internal)
        assert secret not in words_of(shared)
        assert secret not in str(shared.to_json())


def test_kit_is_for_any_committee_and_one_click_away(agreement, client_as) -> None:
    meeting = MeetingFactory(agreement=agreement, committee__kind__nature="working_group")
    client = client_as(Role.COORDINATOR)
    assert (
        "Kit de séance"
        in client.get(reverse("reports:documents", args=[agreement.slug])).content.decode()
    )
    response = client.post(
        reverse("reports:produce", args=[agreement.slug, "kit-seance"]),
        {"meeting": meeting.pk, "readers": "committee"},
    )
    made = Snapshot.objects.get(agreement=agreement, kind="kit-seance")
    assert response["Location"] == reverse("reports:snapshot", args=[agreement.slug, made.pk])
    assert made.audience == Audience.COMMITTEE
    elected = client_as(Role.ELECTED)
    assert elected.get(response["Location"]).status_code == 200
    client.post(
        reverse("reports:produce", args=[agreement.slug, "kit-seance"]),
        {"meeting": meeting.pk, "readers": "internal"},
    )
    kept = Snapshot.objects.filter(agreement=agreement, kind="kit-seance").latest("pk")
    assert (
        elected.get(reverse("reports:snapshot", args=[agreement.slug, kept.pk])).status_code == 404
    )


def test_kit_is_produced_from_the_page_of_the_pack(agreement, client_as) -> None:
    """By each form as it stands there: nothing else is asked."""
    meeting = MeetingFactory(agreement=agreement)
    client = client_as(Role.COORDINATOR)
    url = reverse("reports:produce", args=[agreement.slug, "kit-seance"])
    page = client.get(reverse("reports:pack", args=[agreement.slug, meeting.pk])).content.decode()
    assert f'action="{url}"' in page
    assert client.post(url, {"meeting": meeting.pk}).status_code == 302
    assert Snapshot.objects.get(kind="kit-seance").audience == Audience.INTERNAL


def test_meeting_of_another_agreement_is_not_offered(agreement, other_agreement, client_as) -> None:
    meeting = MeetingFactory(agreement=other_agreement)
    MeetingFactory(agreement=agreement)
    response = client_as(Role.COORDINATOR).post(
        reverse("reports:produce", args=[agreement.slug, "kit-seance"]),
        {"meeting": meeting.pk, "readers": "internal"},
    )
    assert response.status_code == 422


def test_without_any_meeting_the_page_says_what_to_do(agreement) -> None:
    asked = Request(agreement=agreement, on=DAY, year=2026)
    document = registry.get("kit-seance")
    assert document.missing(asked) == "Fixez d'abord une réunion."  # type: ignore[attr-defined]
    with pytest.raises(DomainError, match="créez-la"):
        document.content(asked)


# --- Files ------------------------------------------------------------------------------------
def errors_of(data: bytes) -> list[object]:
    report = check(io.BytesIO(data), layers=["conformance"])
    return [finding for finding in report.findings if finding.severity == "error"]


@pytest.mark.parametrize("filled", [True, False])
def test_pdf_is_conformant_and_bears_no_watermark(agreement, meeting, filled) -> None:
    if filled:
        guest(meeting)
        arbitration(
            agreement,
            item=AgendaItemFactory(agreement=agreement, meeting=meeting, kind=K.ARBITRATION),
        )
    data = render(kit(meeting), "pdf").data
    assert errors_of(data) == []
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(data)).pages]
    assert not any("PROJET" in page for page in pages)
    for page in pages:
        assert meeting.committee.name in page  # whose sheet it is, on each page
        assert "décembre" in page


def test_word_file_keeps_the_sheets(agreement, meeting) -> None:
    AgendaItemFactory(agreement=agreement, meeting=meeting, title="Un seul sujet")
    word = open_word(io.BytesIO(render(kit(meeting), "docx").data))
    headings = [p.text for p in word.paragraphs if p.style.name.startswith("Heading")]
    assert "Feuille d'émargement" in headings
    assert "1. Un seul sujet" in headings
    assert "Décisions" not in headings  # the workbook's own


def test_workbook_runs_the_meeting_without_fil_rouge(agreement, meeting) -> None:
    guest(meeting)
    for rank in range(3):
        AgendaItemFactory(agreement=agreement, meeting=meeting, position=rank, minutes=15)
    book = book_of(kit(meeting))
    assert book.sheetnames[1:] == ["Décisions à rappeler", "Présences", "Déroulé", "Décisions"]
    sheet = book["Déroulé"]
    assert sheet["B6"].value == time(14, 0)
    assert [sheet[f"B{row}"].value for row in (7, 8, 9)] == [
        "=B6+C6/1440",
        "=B7+C7/1440",
        "=B8+C8/1440",
    ]
    assert sheet["C9"].value == "=SUM(C6:C8)"
    for name in book.sheetnames[1:]:
        assert book[name].freeze_panes == "A6"
        assert book[name].print_area
        assert book[name].page_setup.paperSize == 9
        assert book[name].page_setup.fitToWidth == 1
    offered = {str(rule.formula1) for rule in book["Présences"].data_validations.dataValidation}
    assert offered == {'"présent,excusé,absent,représenté"'}
    head = [cell.value for cell in book["Décisions"][5]]
    assert head[:2] == ["Numéro", "Décision"]
    assert "Suite institutionnelle" in head


def test_title_like_a_formula_stays_a_text_in_the_workbook(agreement, meeting) -> None:
    AgendaItemFactory(agreement=agreement, meeting=meeting, title='=HYPERLINK("x")')
    assert book_of(kit(meeting))["Déroulé"]["A6"].value.startswith("'=")


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_spreadsheet_works_out_the_hours_when_the_minutes_change(
    agreement, meeting, tmp_path: Path
) -> None:
    for rank in range(2):
        AgendaItemFactory(agreement=agreement, meeting=meeting, position=rank, minutes=20)
    book = book_of(kit(meeting))
    book["Déroulé"]["C6"].value = 50
    book.save(tmp_path / "kit.xlsx")
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to",
         'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,4', "--outdir",
         str(tmp_path), str(tmp_path / "kit.xlsx")],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    (made,) = tmp_path.glob("*.csv")
    text = made.read_text()
    assert re.search(r"14 h 50|14:50|0?2:50:00 PM", text)
    assert re.search(r"15 h 10|15:10|0?3:10:00 PM", text)
    assert "#" not in text
    assert "Err:" not in text


@pytest.mark.parametrize("count", [1, 6])
def test_kit_costs_the_same_for_one_row_and_many(
    agreement, meeting, django_assert_num_queries, count
) -> None:
    for rank in range(count):
        guest(meeting)
        item = AgendaItemFactory(
            agreement=agreement, meeting=meeting, kind=K.ARBITRATION, position=rank
        )
        arbitration(agreement, item=item)
        DecisionFactory(agreement=agreement, due_on=date(2026, 7, 1))
    services.invite_members(meeting, actor=None)
    kit(meeting)
    with django_assert_num_queries(KIT_QUERIES):
        kit(meeting)
