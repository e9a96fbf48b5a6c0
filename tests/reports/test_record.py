"""The relevé de décisions and the minutes as files: one page or two, read aloud, in Word."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from docx import Document as Word
from outloud import check
from pypdf import PdfReader

from agreements.models import Agreement
from committees import records, services
from committees.minutes_document import current_minutes
from committees.models import Attendance, Decision, DecisionEffect, Meeting, MeetingRecord
from committees.record_document import current_content, draft_content
from core.documents.content import Content
from core.documents.declaration import registry, render
from core.errors import DomainError
from reports.documents.base import Request
from tests.actionplan.factories import action as make_action
from tests.committees.factories import (
    AgendaItemFactory,
    AttendanceFactory,
    ContactFactory,
    MeetingFactory,
    OrganisationFactory,
    arbitration,
)

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 14)
SENTENCE = (
    "Le comité est favorable à la création d'un poste d'animation jeunesse à temps plein, à parts "
    "égales entre la commune et la Caf, sous réserve de l'accord du conseil municipal."
)


def pages(content: Content) -> list[str]:
    reader = PdfReader(io.BytesIO(render(content, "pdf").data))
    return [page.extract_text() for page in reader.pages]


def errors_of(content: Content) -> list[Any]:
    report = check(io.BytesIO(render(content, "pdf").data), layers=["conformance"])
    return [finding for finding in report.findings if finding.severity == "error"]


def heavy(agreement: Agreement) -> Meeting:
    """Twelve decisions, six points, twenty people, four changes to the plan."""
    meeting = MeetingFactory(
        agreement=agreement, on=date(2026, 6, 12), place="Hôtel de ville, salle du conseil",
        chair=ContactFactory(agreement=agreement, first_name="Hélène", last_name="Vauthier"),
    )  # fmt: skip
    place = OrganisationFactory(agreement=agreement, name="Troyes Champagne Métropole")
    for rank in range(20):
        AttendanceFactory(
            agreement=agreement, meeting=meeting, organisation=place,
            contact=ContactFactory(agreement=agreement, first_name="Marie-Christine"),
            status=[Attendance.Status.PRESENT, Attendance.Status.EXCUSED][rank % 5 == 0],
        )  # fmt: skip
    point = arbitration(agreement, item=AgendaItemFactory(agreement=agreement, meeting=meeting))
    items = [
        AgendaItemFactory(
            agreement=agreement, meeting=meeting, title=f"Point {rank} : avancement et arbitrages"
        )
        for rank in range(6)
    ]
    for rank in range(11):
        decision = services.decide(
            items[rank % 5], actor=None, text=SENTENCE, due_on=date(2026, 12, 31),
            responsible=ContactFactory(agreement=agreement), institutional="council",
        )  # fmt: skip
        if rank < 4:
            DecisionEffect.objects.create(
                agreement=agreement, decision=decision, action=make_action(agreement),
                kind="due_on", new_date=date(2027, 6, 30), old_words="échéance le 31 décembre 2026",
                new_words="échéance le 30 juin 2027",
            )  # fmt: skip
    services.decide(point.item, actor=None, text=SENTENCE, chosen_option=point.options.last())
    return services.hold_meeting(meeting, actor=None)


def test_twelve_decisions_stand_on_two_pages(agreement: Agreement) -> None:
    content = draft_content(heavy(agreement), None, on=DAY)
    assert Decision.objects.count() == 12
    told = pages(content)
    assert len(told) <= 2
    assert errors_of(content) == []
    whole = " ".join(" ".join(told).split())
    assert "2026-12" in whole
    assert "Option retenue : Avec la Caf" in whole.replace("\u00a0", " ")
    assert "None" not in whole


def test_record_of_the_example_stands_on_two_pages(example, db) -> None:
    for record in MeetingRecord.objects.filter(agreement=example):
        content = current_content(record.meeting, record, on=DAY)
        assert len(pages(content)) <= 2
        assert errors_of(content) == []


def test_draft_says_so_on_each_page(agreement: Agreement) -> None:
    meeting = heavy(agreement)
    draft = draft_content(meeting, None, on=DAY)
    assert all("projet" in page.lower() for page in pages(draft))
    word = Word(io.BytesIO(render(draft, "docx").data))
    assert all(
        "PROJET" in "".join(paragraph.text for paragraph in section.header.paragraphs)
        for section in word.sections
    )


def test_validated_record_of_the_example_is_no_draft(example, db) -> None:
    record = MeetingRecord.objects.get(agreement=example, state="validated")
    told = pages(current_content(record.meeting, record, on=DAY))
    assert all("projet" not in page.lower() for page in told)
    assert "Rectificatif n° 1" in " ".join(told)
    assert "Hélène Vauthier" in " ".join(told)
    word = Word(io.BytesIO(render(current_content(record.meeting, record, on=DAY), "docx").data))
    assert any("2026-03" in cell.text for table in word.tables for cell in table._cells)


def test_command_writes_the_record_of_a_meeting(example, db) -> None:
    record = MeetingRecord.objects.get(agreement=example, state="validated")
    request = Request(agreement=example, on=DAY, year=2026, meeting_id=record.meeting_id)
    document = registry.get("releve-de-decisions")
    assert document.content(request).meta.number == 1
    with pytest.raises(DomainError, match="n'existe pas ici"):
        document.content(Request(agreement=example, on=DAY, year=2026, meeting_id=None))


def test_minutes_of_the_example_are_read_aloud(example, db) -> None:
    record = MeetingRecord.objects.get(agreement=example, state="validated")
    content = current_minutes(record.meeting, record, on=DAY)
    assert errors_of(content) == []
    told = " ".join(pages(content))
    assert "Le diagnostic et les treize enjeux" in told
    assert "**" not in told


def test_meeting_where_nothing_happened_reads_well(agreement: Agreement) -> None:
    meeting = MeetingFactory(agreement=agreement, state=Meeting.State.HELD)
    content = draft_content(meeting, records.record_of(meeting), on=DAY)
    assert errors_of(content) == []
    told = " ".join(pages(content))
    assert "Aucune décision n'a été prise" in told
    assert "None" not in told
