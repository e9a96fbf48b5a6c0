"""The register of decisions as a document and as the file of its page, read again."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse
from docx import Document as open_word
from openpyxl import load_workbook
from outloud import check
from pypdf import PdfReader

from actionplan import services as plan
from actionplan.versions.services import freeze_signed_plan
from agreements.models import Agreement, Role
from committees import services
from committees.models import Decision, MeetingRecord
from core.documents.declaration import registry, render
from core.formats import NBSP
from reports.documents.base import Request
from tests.actionplan.factories import action as make_action
from tests.committees.factories import DecisionFactory, MeetingFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def decision(agreement: Agreement) -> Decision:
    """Validated, half applied: its money waits for the vote."""
    meeting = MeetingFactory(agreement=agreement, on=date(2026, 11, 10), committee__name="COPIL")
    action = make_action(agreement, code="2.1.4", due_on=date(2027, 12, 31))
    row = services.take_decision(
        agreement, actor=None, meeting=meeting, decided_on=meeting.on,
        text="Reporter l'ouverture du relais.", institutional="council",
    )  # fmt: skip
    services.prepare_effect(
        row, actor=None, action=action, kind="due_on", new_date=date(2028, 6, 30)
    )
    services.prepare_effect(
        row, actor=None, action=action, kind="budget", amount=Decimal(4_000), year=2027,
        nature="operating",
    )  # fmt: skip
    agreement.signed_on = agreement.starts_on
    agreement.save()
    freeze_signed_plan(agreement, actor=None, on=agreement.starts_on, note="")
    with transaction.atomic():
        MeetingRecord.objects.create(
            agreement=agreement, meeting=meeting, state="validated", validated_on=date(2026, 11, 20)
        )
        services.apply_effects(meeting, actor=None, on=date(2026, 11, 20))
    return row


def file_of(client: Any, agreement: Agreement, fmt: str, query: str = "") -> bytes:
    url = reverse("reports:decisions_file", args=[agreement.slug, fmt])
    response = client.get(f"{url}?{query}")
    assert response.status_code == 200
    return response.content


def sheet(data: bytes) -> list[dict[str, Any]]:
    """The rows of the sheet « Registre », by the name of their column."""
    rows = [
        list(row) for row in load_workbook(io.BytesIO(data))["Registre"].iter_rows(values_only=True)
    ]
    head = next(rank for rank, row in enumerate(rows) if row[0] == "N°")
    return [
        dict(zip(rows[head], row, strict=True)) for row in rows[head + 1 :] if row[1] is not None
    ]


def test_workbook_reads_again_as_it_was_written(agreement, decision, client_as) -> None:
    DecisionFactory(agreement=agreement, number="BM 7", taken_by="Bureau", text="Ailleurs")
    rows = {row["N°"]: row for row in sheet(file_of(client_as(Role.CAF), agreement, "xlsx"))}
    assert rows["BM 7"]["Prise par"] == "Bureau"
    told = rows[decision.number]
    assert told["Date"].date() == date(2026, 11, 10)
    assert told["Décision"] == decision.text
    assert "2.1.4" in told["Actions"]
    assert "(appliqué au plan)" in told["Effets sur le plan"]
    assert f"+4{NBSP}000{NBSP}€ (sous réserve du vote)" in told["Effets sur le plan"]


def test_file_keeps_the_filters_of_the_page(agreement, decision, client_as) -> None:
    DecisionFactory(agreement=agreement, number="BM 7", taken_by="Bureau", text="Ailleurs")
    data = file_of(client_as(Role.CAF), agreement, "xlsx", "committee=ailleurs")
    assert [row["N°"] for row in sheet(data)] == ["BM 7"]
    data = file_of(client_as(Role.CAF), agreement, "xlsx", "suite=vote")
    assert [row["N°"] for row in sheet(data)] == [decision.number]


@pytest.mark.parametrize(("role", "sees"), [(Role.CAF, True), (Role.READER, False)])
def test_amounts_are_in_the_files_of_those_who_may_see_money(
    agreement, decision, client_as, role, sees
) -> None:
    client = client_as(role)
    pdf = PdfReader(io.BytesIO(file_of(client, agreement, "pdf")))
    printed = " ".join("".join(page.extract_text() for page in pdf.pages).split())
    word = open_word(io.BytesIO(file_of(client, agreement, "docx")))
    cells = " ".join(cell.text for table in word.tables for cell in table._cells)
    workbook = sheet(file_of(client, agreement, "xlsx"))[0]["Effets sur le plan"]
    for told in (printed, cells, workbook):
        assert ("+4" in told) is sees
        assert "2.1.4, échéance" in told
    assert (
        client.get(reverse("reports:decisions_file", args=[agreement.slug, "odt"])).status_code
        == 404
    )


def test_document_is_registered_and_its_pdf_is_read_aloud(agreement, decision) -> None:
    document = registry.get("registre-des-decisions")
    request = Request(agreement=agreement, on=date(2026, 11, 25), year=2026)
    data = render(document.content(request), "pdf").data
    report = check(io.BytesIO(data), layers=["conformance"])
    assert [found for found in report.findings if found.severity == "error"] == []


def test_document_without_a_decision_says_why(agreement) -> None:
    document = registry.get("registre-des-decisions")
    request = Request(agreement=agreement, on=date(2026, 11, 25), year=2026)
    assert "Aucune décision" in document.missing(request)  # type: ignore[attr-defined]


@pytest.mark.parametrize("others", [0, 6])
def test_file_costs_the_same_for_one_decision_and_for_many(
    agreement, decision, client_as, django_assert_num_queries, others
) -> None:
    for _ in range(others):
        row = DecisionFactory(agreement=agreement)
        services.prepare_effect(
            row, actor=None, action=make_action(agreement), kind="due_on",
            new_date=date(2030, 7, 1),
        )  # fmt: skip
    client = client_as(Role.READER)
    url = reverse("reports:decisions_file", args=[agreement.slug, "xlsx"])
    client.get(url)
    with django_assert_num_queries(9):
        client.get(url)


def test_what_changed_since_the_signed_plan_leads_to_the_decision(
    agreement, decision, client_as
) -> None:
    url = reverse("actionplan:versions", args=[agreement.slug])
    page = client_as(Role.COORDINATOR).get(url).content.decode()
    there = reverse("committees:decision", args=[agreement.slug, decision.pk])
    assert f'<a href="{there}">Décision n°{NBSP}{decision.number} du COPIL' in page
    assert plan.planned_of(decision.actions.get(), year=2027, nature="operating") is None
