"""Budget variants: only what differs is kept, one alone enters the plan, nothing is half written."""

from __future__ import annotations

import re
import threading
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from actionplan import services as plan
from actionplan.models import Action, BudgetLine, BudgetVariant, Funding
from actionplan.variants import services
from actionplan.variants.cells import planned_money
from actionplan.variants.comparison import effects, fingerprint, side_by_side
from actionplan.variants.queries import at_study
from agreements.models import Agreement, JournalEntry, Role
from core.documents.declaration import registry, render
from core.errors import DomainError
from partners.models import Organisation
from reports.documents.base import Request
from tests.actionplan.factories import action as make_action
from tests.actionplan.factories import organisation

AMOUNTS = st.decimals(min_value=0, max_value=10**6, places=2, allow_nan=False)


@given(AMOUNTS, st.lists(st.none() | AMOUNTS, min_size=1, max_size=6))
def test_shares_add_up_to_the_cent_and_are_never_negative(
    total: Decimal, parts: list[Decimal | None]
) -> None:
    shared = plan.shares(total, parts)
    assert sum(part for part in shared if part is not None) == total
    assert all(part is None or part >= 0 for part in shared)
    assert len(shared) == len(parts)
    # Nothing known to share by: the first part takes all.
    kept = (
        zip(parts, shared, strict=True) if any(parts) else zip(parts[1:], shared[1:], strict=True)
    )
    assert all(new == old for old, new in kept if not old)


pytestmark = pytest.mark.django_db


@pytest.fixture
def caf(agreement: Agreement) -> Organisation:
    return organisation(agreement, name="Caf de l'Aube", kind="caf")


@pytest.fixture
def action(agreement: Agreement, caf: Organisation) -> Action:
    """10 000 € in 2027, of which the Caf brings 4 000 and the commune 6 000."""
    row = make_action(agreement, title="Ouvrir un relais")
    plan.set_budget_line(row, actor=None, year=2027, nature="operating", planned=Decimal(10_000))
    for funder, amount in ((caf, 4_000), (organisation(agreement, kind="municipality"), 6_000)):
        plan.set_funding(
            row, actor=None, funder=funder, year=2027, stage="planned", amount=Decimal(amount)
        )
    return row


@pytest.fixture
def variant(agreement: Agreement) -> BudgetVariant:
    return services.create_variant(agreement, actor=None, title="Ouvrir plus tôt")


def spend(variant: BudgetVariant, action: Action, amount: int | None, year: int = 2027) -> int:
    value = None if amount is None else Decimal(amount)
    return services.set_cells(
        variant, actor=None, expenses={(action.pk, year, "operating"): value}, fundings={}
    )


def choose(variant: BudgetVariant, **fields: Any) -> BudgetVariant:
    given = {"on": date.today(), "reason": "Décision n° 2026-04 du COPIL", **fields}
    return services.choose_variant(variant, actor=None, **given)


# --- Cells -----------------------------------------------------------------------------------
def test_only_what_differs_is_kept(action, variant) -> None:
    assert spend(variant, action, 10_000) == 0
    assert variant.lines.count() == 0
    assert spend(variant, action, 12_000) == 1
    assert variant.lines.get().base == Decimal(10_000)
    assert spend(variant, action, 12_000) == 0
    assert spend(variant, action, 10_000) == 1
    assert variant.lines.count() == 0


def test_preparing_a_variant_leaves_the_plan_alone(agreement, action, variant) -> None:
    before = planned_money(agreement)
    spend(variant, action, 50_000)
    assert planned_money(agreement) == before


def test_year_outside_and_another_agreement_are_refused(action, variant, other_agreement) -> None:
    with pytest.raises(DomainError, match="2040"):
        spend(variant, action, 1, year=2040)
    with pytest.raises(DomainError, match="convention"):
        spend(variant, make_action(other_agreement), 1)


def test_granted_funding_is_not_a_forecast(action, caf, variant) -> None:
    plan.set_funding(
        action, actor=None, funder=caf, year=2027, stage="granted", amount=Decimal(4_500)
    )
    with pytest.raises(DomainError, match="accordé"):
        services.set_cells(
            variant, actor=None, expenses={},
            fundings={(action.pk, 2027, caf.pk, ""): Decimal(9_000)},
        )  # fmt: skip


def test_three_variants_at_most(agreement, variant) -> None:
    for rank in range(2):
        services.create_variant(agreement, actor=None, title=f"Variante {rank}")
    with pytest.raises(DomainError, match="3 variantes"):
        services.create_variant(agreement, actor=None, title="Une de trop")


# --- Comparison ------------------------------------------------------------------------------
def test_reste_a_charge_counts_what_others_bring(agreement, action, caf, variant) -> None:
    services.set_cells(
        variant, actor=None,
        expenses={(action.pk, 2027, "operating"): Decimal(13_000)},
        fundings={(action.pk, 2027, caf.pk, ""): Decimal(5_000)},
    )  # fmt: skip
    side = side_by_side(agreement, [variant])
    assert side.plan.years[2027].remaining == Decimal(6_000)
    assert side.variants[0].years[2027].remaining == Decimal(8_000)
    assert side.difference(side.variants[0]) == Decimal(2_000)
    assert side.plan.years[2028].remaining is None
    (row,) = side.actions
    assert row.expenses == (Decimal(10_000), Decimal(13_000))
    assert row.fundings == (Decimal(4_000), Decimal(5_000))
    assert "2\u00a0000\u00a0€ de plus" in side.sentence


def test_dropped_action_is_in_no_column(agreement, action, variant) -> None:
    spend(variant, action, 13_000)
    plan.change_status(
        Action.objects.get(pk=action.pk), actor=None, status="dropped", dropped_reason="Arrêt"
    )
    side = side_by_side(agreement, [variant])
    assert side.plan.total.expense is None
    assert side.variants[0].total.expense is None
    assert effects(variant) == []


def test_page_warns_when_no_expense_differs(agreement, action, variant, client_as) -> None:
    url = reverse("actionplan:variants", args=[agreement.slug])
    client = client_as(Role.COORDINATOR)
    assert "Aucune dépense ne diffère" in client.get(url).content.decode()
    spend(variant, action, 11_000)
    assert "Aucune dépense ne diffère" not in client.get(url).content.decode()


# --- Choosing --------------------------------------------------------------------------------
def test_chosen_variant_enters_the_plan_and_the_others_are_put_aside(
    agreement, action, caf, variant
) -> None:
    other = services.create_variant(agreement, actor=None, title="Plus tard")
    new = organisation(agreement, name="Département", kind="department")
    services.set_cells(
        variant, actor=None,
        expenses={
            (action.pk, 2027, "operating"): Decimal(13_000),
            (action.pk, 2028, "investment"): Decimal(2_000),
        },
        fundings={
            (action.pk, 2027, caf.pk, ""): None,
            (action.pk, 2027, new.pk, "Aide"): Decimal(700),
        },
    )  # fmt: skip
    version = Action.objects.get(pk=action.pk).version
    choose(variant)
    money = planned_money(agreement)
    assert money.expenses[action.pk, 2027, "operating"] == Decimal(13_000)
    assert money.expenses[action.pk, 2028, "investment"] == Decimal(2_000)
    assert (action.pk, 2027, caf.pk, "") not in money.fundings
    assert money.fundings[action.pk, 2027, new.pk, "Aide"] == Decimal(700)
    variant.refresh_from_db()
    other.refresh_from_db()
    assert (variant.state, other.state) == ("chosen", "set_aside")
    assert variant.reason == "Décision n° 2026-04 du COPIL"
    assert Action.objects.get(pk=action.pk).version > version
    told = JournalEntry.objects.filter(agreement=agreement, reason__contains="2026-04")
    assert told.filter(target_type="actionplan.budgetline").count() == 2


def test_several_lines_of_one_year_keep_their_shares(agreement, action, variant) -> None:
    plan.set_budget_line(
        action, actor=None, year=2027, nature="operating", label="Loyer", planned=Decimal(30_000)
    )
    spend(variant, action, 60_000)
    choose(variant)
    amounts = BudgetLine.objects.filter(action=action, year=2027).values_list("label", "planned")
    assert dict(amounts) == {"": Decimal(15_000), "Loyer": Decimal(45_000)}


def test_what_the_plan_said_since_is_shown_before_choosing(action, variant, client_as) -> None:
    spend(variant, action, 13_000)
    plan.set_budget_line(action, actor=None, year=2027, nature="operating", planned=Decimal(11_111))
    (effect,) = effects(variant)
    assert (effect.base, effect.current, effect.new) == (10_000, 11_111, 13_000)
    assert effect.has_moved
    url = reverse("actionplan:variant_choose", args=[action.agreement.slug, variant.pk])
    page = client_as(Role.COORDINATOR).get(url).content.decode()
    assert "Le plan a changé depuis" in page
    assert "11\u00a0111\u00a0€" in page


def test_choice_of_something_else_than_what_was_shown_is_refused(
    agreement, action, variant, client_as
) -> None:
    spend(variant, action, 13_000)
    client = client_as(Role.COORDINATOR)
    url = reverse("actionplan:variant_choose", args=[agreement.slug, variant.pk])
    page = client.get(url).content.decode()
    seen = re.search(r'name="seen" value="(\w+)"', page)
    assert seen
    data = {"on": date.today().isoformat(), "reason": "COPIL", "seen": seen[1]}
    plan.set_budget_line(action, actor=None, year=2027, nature="operating", planned=Decimal(11_111))
    refused = client.post(url, data)
    assert refused.status_code == 422
    assert "ont changé depuis" in refused.content.decode()
    assert planned_money(agreement).expenses[action.pk, 2027, "operating"] == Decimal(11_111)
    again = re.search(r'name="seen" value="(\w+)"', refused.content.decode())
    assert again
    assert client.post(url, {**data, "seen": again[1]}).status_code == 302
    assert planned_money(agreement).expenses[action.pk, 2027, "operating"] == Decimal(13_000)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"reason": "  "}, "par quelle décision"),
        ({"on": date.today() + timedelta(1)}, "à venir"),
        ({"seen": "autre"}, "ont changé"),
    ],
)
def test_refused_choice_writes_nothing(agreement, action, variant, fields, words) -> None:
    spend(variant, action, 13_000)
    with pytest.raises(DomainError, match=words):
        choose(variant, **fields)
    variant.refresh_from_db()
    assert variant.state == "prepared"
    assert planned_money(agreement).expenses[action.pk, 2027, "operating"] == Decimal(10_000)


def test_variant_that_changes_nothing_cannot_be_chosen(variant) -> None:
    with pytest.raises(DomainError, match="ne change rien"):
        choose(variant)


def test_fault_in_the_middle_leaves_the_plan_whole(agreement, action, variant, monkeypatch) -> None:
    spend(variant, action, 13_000)
    monkeypatch.setattr(services, "_decide", lambda *args, **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        choose(variant)
    assert planned_money(agreement).expenses[action.pk, 2027, "operating"] == Decimal(10_000)


def test_decided_variant_changes_no_more(agreement, action, variant, client_as) -> None:
    spend(variant, action, 13_000)
    choose(variant)
    for act in (
        lambda: choose(variant),
        lambda: spend(variant, action, 1),
        lambda: services.delete_variant(variant, actor=None),
        lambda: services.update_variant(variant, actor=None, title="Autre"),
    ):
        with pytest.raises(DomainError, match="retenue"):
            act()
    client = client_as(Role.COORDINATOR)
    for name in ("variant_update", "variant_grid", "variant_choose", "variant_delete"):
        url = reverse(f"actionplan:{name}", args=[agreement.slug, variant.pk])
        assert client.get(url).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_of_two_choices_at_once_one_alone_enters_the_plan(agreement, action, variant) -> None:
    """The second waits for the first, then finds its own variant put aside."""
    other = services.create_variant(agreement, actor=None, title="Plus tard")
    spend(variant, action, 13_000)
    spend(other, action, 20_000)
    start, answers = threading.Barrier(2), []

    def run(chosen: BudgetVariant) -> None:
        start.wait()
        try:
            choose(chosen)
            answers.append("chosen")
        except DomainError as refusal:
            answers.append(refusal.message)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[row]) for row in (variant, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers.count("chosen") == 1
    (chosen,) = BudgetVariant.objects.filter(state="chosen")
    assert BudgetVariant.objects.filter(state="set_aside").count() == 1
    expected = Decimal(13_000) if chosen.pk == variant.pk else Decimal(20_000)
    assert planned_money(agreement).expenses[action.pk, 2027, "operating"] == expected


# --- Pages -----------------------------------------------------------------------------------
def grid(client: Any, variant: BudgetVariant) -> tuple[str, dict[str, str]]:
    """The address of the grid and what the browser would send back untouched."""
    url = reverse("actionplan:variant_grid", args=[variant.agreement.slug, variant.pk])
    form = client.get(url).context["form"]
    data = {}
    for name in form.fields:
        value = form[name].value()
        shown = form.fields[name].prepare_value(value)
        data[name] = "" if shown is None else str(shown)
        if form.fields[name].show_hidden_initial:
            data[f"initial-{name}"] = data[name]
    return url, data


def test_grid_writes_what_was_typed_and_a_new_funder(agreement, action, variant, client_as) -> None:
    client = client_as(Role.COORDINATOR)
    state = organisation(agreement, name="Préfecture", kind="state")
    url, data = grid(client, variant)
    data[f"d-{action.pk}-operating-2027"] = "12 500,50 €"
    data |= {f"n-{action.pk}-funder": str(state.pk), f"n-{action.pk}-2028": "900"}
    response = client.post(url, data)
    assert response.status_code == 302
    assert variant.lines.get().planned == Decimal("12500.50")
    assert (variant.fundings.get().funder, variant.fundings.get().amount) == (state, Decimal(900))


def test_blank_line_never_covers_a_funding_that_stands(
    agreement, action, variant, client_as
) -> None:
    client = client_as(Role.COORDINATOR)
    state = organisation(agreement, name="Préfecture", kind="state")
    url, data = grid(client, variant)
    data |= {f"n-{action.pk}-funder": str(state.pk), f"n-{action.pk}-2028": "900"}
    assert client.post(url, data).status_code == 302
    url, data = grid(client, variant)
    data |= {f"n-{action.pk}-funder": str(state.pk), f"n-{action.pk}-2028": "5"}
    refused = client.post(url, data)
    assert refused.status_code == 422
    assert "a déjà sa ligne pour 2028" in refused.content.decode()
    assert variant.fundings.get().amount == Decimal(900)


def test_two_people_fill_different_cells_of_the_grid(action, variant, client_as) -> None:
    client = client_as(Role.COORDINATOR)
    url, mine = grid(client, variant)
    spend(variant, action, 7_000, year=2028)
    mine[f"d-{action.pk}-operating-2027"] = "12000"
    assert client.post(url, mine).status_code == 302
    assert dict(variant.lines.values_list("year", "planned")) == {2027: 12_000, 2028: 7_000}


def test_same_cell_twice_is_refused_with_what_stands(action, variant, client_as) -> None:
    client = client_as(Role.COORDINATOR)
    url, mine = grid(client, variant)
    spend(variant, action, 7_000)
    mine[f"d-{action.pk}-operating-2027"] = "12000"
    refused = client.post(url, mine)
    assert refused.status_code == 422
    assert "entre-temps" in refused.content.decode()
    assert variant.lines.get().planned == Decimal(7_000)


def test_a_zero_written_meanwhile_is_told_from_an_empty_cell(action, variant, client_as) -> None:
    client = client_as(Role.COORDINATOR)
    url, mine = grid(client, variant)
    name = f"d-{action.pk}-operating-2029"
    assert mine[name] == ""
    spend(variant, action, 0, year=2029)
    refused = client.post(url, mine | {name: "12000"})
    assert refused.status_code == 422
    assert variant.lines.get().planned == 0


@pytest.mark.parametrize("typed", ["-5", "douze", "1e400", "9" * 30])
def test_grid_refuses_what_is_no_amount_in_words(action, variant, client_as, typed) -> None:
    client = client_as(Role.COORDINATOR)
    url, data = grid(client, variant)
    data[f"d-{action.pk}-operating-2027"] = typed
    assert client.post(url, data).status_code == 422
    assert variant.lines.count() == 0


def test_readers_of_money_see_the_variants_and_no_button(
    agreement, action, variant, client_as
) -> None:
    spend(variant, action, 13_000)
    url = reverse("actionplan:variants", args=[agreement.slug])
    for role in (Role.DIRECTION, Role.ELECTED, Role.CAF):
        page = client_as(role).get(url).content.decode()
        assert "13\u00a0000\u00a0€" in page
        assert "Saisir les montants" not in page
    for role in (Role.PARTNER, Role.READER):
        client = client_as(role)
        assert client.get(url).status_code == 403
        plan_page = client.get(reverse("actionplan:scheme", args=[agreement.slug]))
        assert url not in plan_page.content.decode()


VARIANTS_QUERIES = 10


def test_page_costs_the_same_for_one_action_and_many(
    agreement, action, variant, client_as, django_assert_num_queries
) -> None:
    client = client_as(Role.COORDINATOR)
    url = reverse("actionplan:variants", args=[agreement.slug])
    spend(variant, action, 13_000)
    client.get(url)
    with django_assert_num_queries(VARIANTS_QUERIES):
        client.get(url)
    other = services.create_variant(agreement, actor=None, title="Plus tard")
    for _ in range(6):
        more = make_action(agreement)
        plan.set_budget_line(more, actor=None, year=2027, nature="operating", planned=Decimal(5))
        spend(other, more, 8)
    with django_assert_num_queries(VARIANTS_QUERIES):
        client.get(url)


def test_document_holds_the_figures_of_the_page(agreement, action, variant) -> None:
    document = registry.get("variantes-budget")
    request = Request(agreement=agreement, on=date.today(), year=2026)
    spend(variant, action, 13_000)
    content = document.content(request)
    assert "13000" in str(content.to_json())
    for fmt in document.formats:
        assert render(content, fmt).data
    choose(variant)
    assert at_study(agreement) == []
    with pytest.raises(DomainError, match="Aucune variante"):
        document.content(request)


def test_confirmed_figures_are_named_by_their_fingerprint(action, variant) -> None:
    spend(variant, action, 13_000)
    before = fingerprint(effects(variant))
    assert fingerprint(effects(variant)) == before
    spend(variant, action, 13_001)
    assert fingerprint(effects(variant)) != before
    assert Funding.objects.filter(action=action).count() == 2
