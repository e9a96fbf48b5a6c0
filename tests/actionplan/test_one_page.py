"""The sheet in one page: what it says, and that it stays one page whatever was typed."""

from __future__ import annotations

import io
import shutil
import subprocess
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from outloud import check
from pypdf import PdfReader

from actionplan import queries, services
from actionplan.documents import ActionSheet, SheetRequest
from actionplan.models import Action, ActionStatus, Funding
from agreements.models import Agreement
from core.documents.content import Callout, KeyValues, Table
from core.documents.declaration import render
from tests.actionplan import factories as plan
from tests.agreements.anything import make
from tests.committees.factories import ContactFactory

DAY = date(2026, 11, 23)
SENTENCE = (
    "Œuvrer à l'accueil équitable des familles les plus éloignées des équipements de la ville ; "
)


def words(length: int) -> str:
    return (SENTENCE * (length // len(SENTENCE) + 1))[:length]


def sheet(action: Action, **options: Any) -> Any:
    full = queries.full_action(action.agreement, DAY).get(pk=action.pk)
    return ActionSheet().content(SheetRequest(full, DAY, **options))


def told(content: Any) -> dict[str, str]:
    values = next(b for b in content.sections[0].blocks if isinstance(b, KeyValues))
    return {label: str(value) for label, value in values.rows}


def pages(data: bytes) -> int:
    return len(PdfReader(io.BytesIO(data)).pages)


@pytest.fixture
def longest(agreement: Agreement) -> Action:
    """Every field as long as it may be, every list longer than a page."""
    contact = ContactFactory(agreement=agreement, first_name="Marie-Antoinette", last_name="D" * 60)
    action = plan.action(
        agreement, title=words(250), summary=words(400), context=words(3000),
        orientation=plan.orientation(agreement, title=words(250)),
        lead_organisation=plan.organisation(agreement, name=words(180)), lead_contact=contact,
        elected_sponsor=contact, starts_on=date(2026, 1, 1), progress=45, progress_note=words(3000),
        status=ActionStatus.BLOCKED, blocked_cause=words(300), unblock_condition="x" * 300,
        blocked_review_on=date(2027, 1, 4), expected_results=words(3000), awaited_decision=words(3000),
        challenges=[make("territory.Challenge", agreement, title=words(250)) for _ in range(6)],
    )  # fmt: skip
    for rank in range(20):
        services.add_step(action, actor=None, title=words(250), due_on=DAY - timedelta(rank))
        services.add_partner_role(
            action,
            actor=None,
            organisation=plan.organisation(agreement, name=words(170) + str(rank)),
        )
    for year in range(2020, 2035):
        make(
            "actionplan.BudgetLine",
            agreement,
            action=action,
            year=year,
            nature="operating",
            planned=Decimal("123456.78"),
            spent=Decimal("1234567.89"),
        )
        make("actionplan.Funding", agreement, action=action, year=year, amount=Decimal("98765.43"))
    for _ in range(5):
        measure = make(
            "actionplan.Measure",
            agreement,
            action=action,
            label=words(200),
            unit=words(60),
            baseline=Decimal("123456.7"),
            baseline_year=2025,
        )
        for year in (2026, 2030):
            make(
                "actionplan.MeasurePoint",
                agreement,
                measure=measure,
                year=year,
                target=Decimal("1234567.8"),
                value=Decimal("1234567.8"),
            )
    return action  # fmt: skip


def test_longest_action_is_one_page_in_pdf(longest: Action) -> None:
    data = render(sheet(longest), "pdf", watermark=False).data
    assert pages(data) == 1
    report = check(io.BytesIO(data), layers=["conformance"])
    assert [finding for finding in report.findings if finding.severity == "error"] == []
    assert "Texte abrégé" in PdfReader(io.BytesIO(data)).pages[0].extract_text()


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice draws the Word file")
def test_longest_action_is_one_page_in_word(longest: Action, tmp_path: Path) -> None:
    source = tmp_path / "fiche.docx"
    source.write_bytes(render(sheet(longest), "docx", watermark=False).data)
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/lo", "--headless", "--convert-to",
         "pdf", "--outdir", str(tmp_path), str(source)],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    assert pages((tmp_path / "fiche.pdf").read_bytes()) == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"status": ActionStatus.DROPPED, "dropped_reason": "x" * 300},
        {"title": "W" * 250, "summary": "W" * 400, "progress_note": "W" * 900},
        {"awaited_decision": "ligne\n" * 400, "expected_results": "ligne\n" * 400},
    ],
    ids=["dropped", "no space", "lines"],
)
def test_any_text_stays_on_one_page(longest: Action, fields: dict[str, Any]) -> None:
    Action.objects.filter(pk=longest.pk).update(**fields)
    assert pages(render(sheet(longest), "pdf", watermark=False).data) == 1


@pytest.mark.parametrize("length", [90, 150, 210, 280, 340])
def test_middling_texts_stay_on_one_page(longest: Action, length: int) -> None:
    """Where a longer scale is tried, the estimate of the lines holds."""
    Action.objects.filter(pk=longest.pk).update(
        **dict.fromkeys(["summary", "progress_note", "expected_results", "awaited_decision"], words(length)),
        blocked_cause=words(length)[:250], unblock_condition=words(length)[:250],
    )  # fmt: skip
    longest.steps.all().delete()
    longest.partners.all().delete()
    assert pages(render(sheet(longest), "pdf", watermark=False).data) == 1


def test_ordinary_texts_are_not_cut(agreement: Agreement) -> None:
    action = plan.action(agreement, progress_note=words(330), expected_results=words(250))
    blocks = sheet(action).sections[0].blocks
    assert not any("abrégé" in getattr(block, "text", "") for block in blocks)


def test_sheet_says_what_an_elected_official_asks(agreement: Agreement) -> None:
    action = plan.action(
        agreement, expected_results="Douze places de plus.", awaited_decision="Voter 20 000 €.",
        challenges=[make("territory.Challenge", agreement, title="Manque de places")],
    )  # fmt: skip
    services.add_step(
        action, actor=None, title="Permis déposé", due_on=date(2026, 3, 1), done_on=date(2026, 3, 2)
    )
    services.add_step(action, actor=None, title="Appel d'offres", due_on=date(2027, 2, 1))
    measure = make("actionplan.Measure", agreement, action=action, label="Places", unit="places",
                   baseline=Decimal(4), baseline_year=2025)  # fmt: skip
    services.set_measure_point(measure, actor=None, year=2026, target=Decimal(8), value=Decimal(6))
    services.set_measure_point(measure, actor=None, year=2030, target=Decimal(16))
    content = sheet(action)
    facts = told(content)
    assert facts["Pourquoi"] == "Manque de places"
    assert facts["Ce qui est attendu"] == "Douze places de plus."
    assert facts["Prochaine étape"] == "Appel d'offres (pour le 1er\u00a0février\u00a02027)"
    assert facts["Mesure"] == (
        "Places : 6\u00a0places en 2026 (cible 8 en 2026 ; départ 4 en 2025 ; cible 16 en 2030)"
    )
    decisions = [
        b for b in content.sections[0].blocks if isinstance(b, Callout) and b.kind == "decision"
    ]
    assert decisions[0].paragraphs == ("Voter 20 000 €.",)


def test_unknown_value_is_not_a_zero_and_later_steps_wait(agreement: Agreement) -> None:
    action = plan.action(agreement)
    measure = make("actionplan.Measure", agreement, action=action, label="Places")
    services.set_measure_point(measure, actor=None, year=2026, target=Decimal(8))
    facts = told(sheet(action))
    assert facts["Mesure"] == "Places : pas encore de valeur (cible 8 en 2026)"
    assert "Prochaine étape" not in facts


def test_money_by_year_keeps_its_total_and_is_left_out_for_who_may_not_see_it(
    longest: Action,
) -> None:
    table = next(b for b in sheet(longest).sections[0].blocks if isinstance(b, Table))
    assert [row[0] for row in table.rows][-1] == "autres années"
    total = queries.budget_total(
        queries.budget_years(queries.full_action(longest.agreement, DAY).get(pk=longest.pk))
    )
    assert table.totals[1:] == (total.planned, total.spent, total.funded)
    assert Funding.objects.filter(action=longest).exists()
    hidden = sheet(longest, with_money=False)
    assert not any(isinstance(b, Table) for b in hidden.sections[0].blocks)
