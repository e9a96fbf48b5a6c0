"""The printed plan and its budget: the figures of the queries, in every format, for each reader."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from actionplan.models import Action, ActionStatus, BudgetLine, Funding, FundingStage
from agreements.models import Agreement, Role, Snapshot
from core.audience import Audience
from core.documents.content import Content, Table
from core.documents.declaration import registry, render
from core.errors import DomainError
from partners.models import Organisation
from reports import queries
from reports.budget import PlanMoney, plan_money
from reports.documents.base import Request
from reports.documents.money_blocks import dropped_sentence
from reports.plan_sections import KEYS
from tests.actionplan import factories as plan
from tests.agreements.anything import make
from tests.reports.test_documents import bookmarks, errors_of, pages

DAY = date(2026, 11, 23)
PLAN_QUERIES = 17


def content(identifier: str, agreement: Agreement, **changes: object) -> Content:
    request = replace(Request(agreement=agreement, on=DAY, year=2026), **changes)  # type: ignore[arg-type]
    return registry.get(identifier).content(request)


def tables(document: Content) -> dict[str, Table]:
    blocks = (block for section in document.sections for block in section.blocks)
    return {block.caption: block for block in blocks if isinstance(block, Table)}


def line(action: Action, year: int, **fields: object) -> BudgetLine:
    return make("actionplan.BudgetLine", action.agreement, action=action, year=year, **fields)


def fund(action: Action, funder: Organisation, year: int, amount: int, **fields: object) -> Funding:
    return make(
        "actionplan.Funding", action.agreement, action=action, funder=funder, year=year,
        amount=Decimal(amount), **fields,
    )  # fmt: skip


@pytest.fixture
def small(agreement: Agreement) -> dict[str, object]:
    """Two orientations, three actions: one costed, one partly, one not at all."""
    caf = plan.organisation(agreement, name="Caf")
    city = plan.organisation(agreement, name="Ville")
    first, second = plan.orientation(agreement), plan.orientation(agreement)
    full = plan.action(agreement, orientation=first, code="A")
    part = plan.action(agreement, orientation=second, code="B")
    plan.action(agreement, orientation=second, code="C")
    make(
        "actionplan.MeasurePoint",
        agreement,
        measure=make("actionplan.Measure", agreement, action=full),
    )
    line(full, 2026, nature="operating", planned=Decimal(1000), spent=Decimal(900))
    line(full, 2026, nature="investment", planned=Decimal(5000))
    line(full, 2027, nature="operating", planned=Decimal(1200))
    line(part, 2027, nature="operating", planned=Decimal(300))
    fund(full, caf, 2026, 4000, stage=FundingStage.PLANNED)
    fund(full, caf, 2026, 3500, stage=FundingStage.NOTIFIED)
    fund(full, city, 2026, 700, stage=FundingStage.PLANNED, is_estimate=True)
    return {"caf": caf, "city": city, "first": first, "second": second, "full": full}


@pytest.fixture(scope="module")
def drawn(example: Agreement, django_db_blocker: object) -> dict[str, bytes]:
    """The PDF of the example, drawn once."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        return {
            name: render(content(name, example), "pdf").data
            for name in ("plan-actions", "budget-plan")
        }


# --- The money ------------------------------------------------------------------------------
def test_stages_are_not_added_and_estimates_stand_apart(agreement: Agreement, small) -> None:
    money = plan_money(agreement)
    assert money.brought(funder=small["caf"]) == 3500
    assert money.brought(estimated=False) == 3500
    assert money.brought(estimated=True) == 700
    assert [(row.stage, row.firm, row.estimated) for row in money.stages] == [
        (FundingStage.PLANNED, 4000, None),
        (FundingStage.NOTIFIED, 3500, None),
        (FundingStage.PLANNED, None, 700),
    ]


def test_unknown_is_never_zero_and_totals_say_what_they_cover(agreement: Agreement, small) -> None:
    money = plan_money(agreement)
    assert money.cost(year=2028) is None
    assert money.left(2028) is None
    assert money.left(2026) == 6000 - 3500 - 700
    assert [action.code for action in money.uncosted] == ["C"]
    whole = " ".join(pages(render(content("budget-plan", agreement), "pdf").data))
    assert "Les totaux portent sur 2\u00a0actions chiffrées sur 3" in whole.replace(
        "2 actions", "2\u00a0actions"
    )
    assert "n'entre dans aucun total : C" in whole
    table = tables(content("budget-plan", agreement))["Coût et financements par année"]
    assert [row[1] for row in table.rows][:2] == ["1 sur 3", "2 sur 3"]


def test_an_abandoned_action_is_named_with_what_it_weighs(agreement: Agreement, small) -> None:
    def told() -> str:
        return dropped_sentence(plan_money(agreement)).replace("\u00a0", " ").replace("\u202f", " ")

    plan.action(agreement, code="D", status=ActionStatus.DROPPED, dropped_reason="Coût")
    assert told() == ""  # it has no cost
    gone = plan.action(agreement, code="E", status=ActionStatus.DROPPED, dropped_reason="Coût")
    line(gone, 2026, planned=Decimal(2300))
    assert "l'action abandonnée E : 2,3 k€ prévus" in told()


def test_orientation_chosen_leaves_the_others_out(agreement: Agreement, small) -> None:
    money = plan_money(agreement, [small["second"].pk])
    assert money.cost() == 300
    assert {action.code for action in money.actions} == {"B", "C"}
    foreign = 10**6
    with pytest.raises(DomainError):
        content("budget-plan", agreement, orientations=(foreign,))


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["2026", "2027"]),
            st.sampled_from(list(FundingStage)),
            st.none() | st.integers(0, 1000),
            st.booleans(),
        ),
        max_size=8,
    )
)
def test_sums_by_year_and_by_kind_make_the_whole(rows: list) -> None:
    """Without a database: any set of amounts is parted without loss."""
    action, funder = Action(pk=1, orientation_id=1), Organisation(pk=1, name="Caf")
    seen, fundings = set(), []
    for year, stage, amount, estimate in rows:
        if amount is None or (year, stage) in seen:
            continue
        seen.add((year, stage))
        fundings.append(
            Funding(
                pk=len(fundings) + 1, action_id=1, funder=funder, year=int(year), stage=stage,
                amount=Decimal(amount), is_estimate=estimate,
            )
        )  # fmt: skip
    agreement = Agreement(starts_on=date(2026, 1, 1), ends_on=date(2027, 12, 31))
    money = PlanMoney(agreement, [], [action], [], fundings, [])
    parted = [money.brought(estimated=True), money.brought(estimated=False)]
    by_year = [money.brought(year=year) for year in (2026, 2027)]
    known = [value for value in parted if value is not None]
    assert money.brought() == (sum(known) if known else None)
    assert money.brought() == (
        sum(v for v in by_year if v is not None) if any(v is not None for v in by_year) else None
    )
    assert len(money.latest) == len({row.year for row in fundings})


# --- The document and the queries -----------------------------------------------------------
def test_facts_are_those_of_the_queries(example: Agreement, db) -> None:
    found = tables(content("plan-actions", example))
    actions = Action.objects.filter(agreement=example).active()
    rows = found["Les actions, par orientation"].rows
    assert [row[1] for row in rows] == [a.code for a in actions.in_plan_order()]
    late = {action.code for action in queries.late_actions(example, DAY)}
    assert {row[1] for row in rows if row[5].key == "late"} == late
    progress = queries.progress_by_orientation(example, DAY)
    told = found["Actions par orientation et par statut"].rows
    assert [(row[-2], row[-1]) for row in told] == [(p.late, p.total) for p in progress]
    planned = sum(
        row.planned or 0
        for row in BudgetLine.objects.filter(agreement=example, action__is_archived=False)
    )
    assert found["Les actions, par orientation"].totals[-1] == planned
    assert found["Coût prévu par orientation et par année"].totals[-1] == planned


def sheets_of(data: bytes) -> Iterator[list[list[object]]]:
    book = load_workbook(io.BytesIO(data))
    for sheet in book:
        yield [list(row) for row in sheet.iter_rows(values_only=True)]


@pytest.mark.parametrize("identifier", ["plan-actions", "budget-plan"])
def test_totals_of_the_workbook_are_those_of_the_pdf(
    example: Agreement, db, drawn, identifier
) -> None:
    """Euros in the workbook, thousands on paper: the same amounts."""
    document = content(identifier, example)
    printed = " ".join(pages(drawn[identifier])).replace("\u00a0", " ")
    lines = [row for sheet in sheets_of(render(document, "xlsx").data) for row in sheet]
    checked = 0
    for table in tables(document).values():
        on_a_sheet = not table.caption.startswith("L'argent, année")  # of an action: on paper only
        if not table.has_total or table.workbook_only or not on_a_sheet:
            continue
        wanted = [cell for cell in table.totals if isinstance(cell, Decimal)]
        assert any(
            row[0] in (table.total_label, "") or table.total_label in row
            for row in lines
            if [v for v in row if isinstance(v, (int, float))][: len(wanted)]
            == [pytest.approx(float(v)) for v in wanted]
        ), table.caption
        for column, cell in zip(table.columns, table.totals, strict=True):
            if column.kind == "keuros" and isinstance(cell, Decimal):
                text = f"{cell / 1000:,.1f}".replace(",", " ").replace(".", ",")
                assert f"{text} k€" in printed, (table.caption, column.title)
                checked += 1
    assert checked > 5


def test_pdf_is_conformant_numbered_sourced_and_dated(drawn) -> None:
    for data in drawn.values():
        assert errors_of(data) == []
        for page in pages(data)[1:]:
            assert "23 novembre 2026" in page.replace("\u00a0", " ")
            assert "Source" in page
            assert re.search(r"page \d+ sur \d+", page.replace("\u00a0", " "))
        whole = " ".join(pages(data))
        for trace in ("None", "Decimal", "{{", "&amp;", "**", "True", "False"):
            assert trace not in whole


def test_contents_name_every_chapter_and_each_sheet_is_a_page(
    example: Agreement, db, drawn
) -> None:
    data = drawn["plan-actions"]
    marks = bookmarks(data)
    total = Action.objects.filter(agreement=example).active().count()
    sheets = [page for title, page in marks.items() if re.match(r"\d\.\d\.\d ", title)]
    assert len(set(sheets)) == total
    assert max(sheets) - min(sheets) == total - 1
    assert len(pages(data)) == max(sheets)


def test_wide_table_is_printed_in_landscape(example: Agreement, db) -> None:
    section = next(
        s for s in content("plan-actions", example).sections if s.identifier == "tableau"
    )
    assert section.landscape


@pytest.mark.parametrize("key", KEYS)
def test_one_chapter_alone(example: Agreement, db, key) -> None:
    document = content("plan-actions", example, sections=(key,))
    first = [s.identifier for s in document.sections if s.level == 1]
    assert first == ["sommaire", key]
    assert any("Extrait" in text for text in document.meta.extra_lines)
    for fmt in ("docx", "xlsx"):
        assert render(document, fmt).data.startswith(b"PK")


def test_unknown_chapter_is_refused(agreement: Agreement) -> None:
    with pytest.raises(DomainError, match="Chapitre inconnu"):
        content("plan-actions", agreement, sections=("licorne",))
    with pytest.raises(DomainError, match="montants"):
        content("plan-actions", agreement, sections=("budget",), with_money=False)


# --- Who reads ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "changes", [{"with_money": False}, {"audience": Audience.PUBLIC.value}], ids=["asked", "public"]
)
def test_no_amount_where_it_must_not_be_read(example: Agreement, db, changes) -> None:
    document = content("plan-actions", example, **changes)
    whole = " ".join(pages(render(document, "pdf").data))
    assert "k€" not in whole
    amounts = [c.kind for t in tables(document).values() for c in t.columns]
    assert "keuros" not in amounts
    assert "euros" not in amounts


def test_public_edition_names_no_professional(agreement: Agreement) -> None:
    from tests.committees.factories import ContactFactory

    contact = ContactFactory(agreement=agreement, first_name="Zoé", last_name="Professionnelle")
    action = plan.action(agreement, lead_contact=contact)
    make("actionplan.FollowUpNote", agreement, action=action, kind="internal", text="SECRET")
    public = repr(content("plan-actions", agreement, audience=Audience.PUBLIC.value))
    assert "Professionnelle" not in public
    assert "SECRET" not in repr(content("plan-actions", agreement))
    assert "Professionnelle" in repr(content("plan-actions", agreement))


def test_empty_plan_says_what_to_do_first(agreement: Agreement, client_as) -> None:
    page = client_as(Role.COORDINATOR).get(reverse("reports:plan_prepare", args=[agreement.slug]))
    assert "Écrivez d'abord une action" in page.content.decode().replace("&#x27;", "'")
    for identifier in ("plan-actions", "budget-plan"):
        document = content(identifier, agreement)
        for fmt in registry.get(identifier).formats:
            assert render(document, fmt).data


def test_archived_actions_are_left_out_and_dropped_ones_are_told(agreement: Agreement) -> None:
    plan.action(agreement, title="ARCHIVÉE", is_archived=True)
    plan.action(agreement, title="LAISSÉE", status=ActionStatus.DROPPED, dropped_reason="Coût")
    told = repr(content("plan-actions", agreement))
    assert "ARCHIVÉE" not in told
    assert "LAISSÉE" in told


# --- Produced from the page -----------------------------------------------------------------
def test_plan_is_produced_with_the_choices_of_its_page(
    agreement: Agreement, small, client_as
) -> None:
    client = client_as(Role.COORDINATOR)
    page = client.get(reverse("reports:plan_prepare", args=[agreement.slug]))
    assert page.status_code == 200
    url = reverse("reports:produce", args=[agreement.slug, "plan-actions"])
    chosen = {
        "readers": "public",
        "sections": ["tableau", "fiches"],
        "orientations": [small["first"].pk],
    }
    assert client.post(url, chosen).status_code == 302
    snapshot = Snapshot.objects.get(agreement=agreement, kind="plan-actions")
    assert snapshot.audience == Audience.PUBLIC
    kept = Content.from_json(snapshot.content)
    assert [s.identifier for s in kept.sections if s.level == 1] == [
        "sommaire",
        "tableau",
        "fiches",
    ]
    assert {row[1] for row in tables(kept)["Les actions, par orientation"].rows} == {"A"}
    reader = client_as(Role.READER)
    assert (
        reader.get(reverse("reports:snapshot", args=[agreement.slug, snapshot.pk])).status_code
        == 200
    )
    assert client.post(url, {"readers": "comite"}).status_code == 302
    inner = Snapshot.objects.filter(agreement=agreement, kind="plan-actions").latest("pk")
    assert (
        reader.get(reverse("reports:snapshot", args=[agreement.slug, inner.pk])).status_code == 404
    )


def test_choices_of_another_agreement_are_refused(
    agreement: Agreement, other_agreement: Agreement, client_as
) -> None:
    theirs = plan.orientation(other_agreement)
    url = reverse("reports:produce", args=[agreement.slug, "plan-actions"])
    answer = client_as(Role.COORDINATOR).post(
        url, {"readers": "comite", "orientations": [theirs.pk]}
    )
    assert answer.status_code == 422


def test_building_costs_the_same_for_few_and_many(
    agreement: Agreement, small, django_assert_num_queries
) -> None:
    with django_assert_num_queries(PLAN_QUERIES):
        content("plan-actions", agreement)
    for rank in range(30):
        action = plan.action(agreement, orientation=small["first"], code=f"Z{rank}")
        line(action, 2026, planned=Decimal(10))
        make("actionplan.Measure", agreement, action=action)
    with django_assert_num_queries(PLAN_QUERIES):
        content("plan-actions", agreement)
