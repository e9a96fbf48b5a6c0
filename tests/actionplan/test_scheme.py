"""Does the CTG stand in for the scheme? Each item follows what the CTG holds, and says what is
missing and where to write it."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from actionplan import services as plan
from actionplan.models import Action, SchemeItem
from actionplan.scheme import services
from actionplan.scheme.items import ASKS, BY_SLUG, slug_of
from actionplan.scheme.queries import Scheme, scheme_of
from actionplan.scheme.rules import RULES, ItemState
from actionplan.scheme_items import LEGAL_ITEMS
from agreements.models import Agreement, Role
from core.audience import Audience
from core.documents.declaration import registry, render
from core.errors import DomainError
from opendata.models import Dataset, DatasetVersion, Indicator, Observation
from reports.documents.base import Request
from tests.actionplan.factories import action as make_action
from tests.actionplan.factories import organisation
from tests.agreements.anything import make
from tests.factories import DomainFactory, ThemeFactory

pytestmark = pytest.mark.django_db
CODES = [item.code for item in LEGAL_ITEMS]


def scheme(agreement: Agreement, audience: Audience = Audience.COMMITTEE) -> Scheme:
    return scheme_of(agreement, date.today(), with_money=True, audience=audience)


def item(agreement: Agreement, code: str) -> ItemState:
    return next(state for state in scheme(agreement).items if state.item.code == code)


@pytest.fixture
def early(agreement: Agreement) -> Any:
    domain = DomainFactory(key="petite-enfance")
    return ThemeFactory(agreement=agreement, name="Petite enfance", domain=domain)


def test_each_item_has_its_rule_its_words_and_its_address() -> None:
    assert list(RULES) == list(ASKS) == CODES
    assert {slug_of(code) for code in CODES} == set(BY_SLUG)
    assert len(CODES) == 11


def test_empty_agreement_covers_nothing_and_says_where_to_write(agreement) -> None:
    found = scheme(agreement)
    assert {state.state for state in found.items} == {"missing"}
    for state in found.items:
        assert state.lacks, state.item.code
        assert any(lack.url or lack.links for lack in state.lacks), state.item.code


# --- The diagnosis ---------------------------------------------------------------------------
def facility(agreement: Agreement, theme: Any, *, mode: str, ages: int | None = 2) -> Any:
    kind = make("territory.FacilityType", agreement, mode=mode, min_age_months=ages)
    return make("territory.Facility", agreement, type=kind, theme=theme)


def test_register_wants_capacities_and_individual_care(agreement, early) -> None:
    crib = facility(agreement, early, mode="collective")
    state = item(agreement, "1°")
    assert state.state == "partial"
    assert "sans capacité" in state.lacks[0].words
    assert state.lacks[0].links[0][0] == crib.name
    make("territory.Capacity", agreement, facility=crib)
    minders = facility(agreement, early, mode="individual")
    make("territory.Capacity", agreement, facility=minders)
    assert item(agreement, "1°").state == "covered"


def test_register_leaves_out_what_is_closed_or_for_older_children(agreement, early) -> None:
    facility(agreement, early, mode="holidays", ages=36)
    closed = facility(agreement, early, mode="collective")
    closed.closed_on = date.today()
    closed.save()
    assert item(agreement, "1°").state == "missing"


def test_needs_want_figures_a_projection_and_findings(agreement, early) -> None:
    make("territory.Finding", agreement, theme=early)
    state = item(agreement, "2°")
    assert state.state == "partial"
    assert "les naissances" in state.lacks[0].words
    for key in ("naissances_domiciliees", "population_0_2", "taux_couverture_pe"):
        indicator, _ = Indicator.objects.get_or_create(key=key, defaults={"label": key})
        make(
            "territory.LocalObservation", agreement, indicator=indicator, label="",
            audience="committee", territory=agreement.lead_commune,
        )  # fmt: skip
    make("territory.Projection", agreement)
    assert item(agreement, "2°").state == "covered"
    public = scheme(agreement, Audience.PUBLIC)
    assert public.items[1].state == "partial"


def test_areas_are_those_of_early_childhood(agreement, early) -> None:
    other = ThemeFactory(agreement=agreement, name="Logement", domain=DomainFactory(key="logement"))
    make("territory.UnderServedArea", agreement, theme=other)
    assert item(agreement, "3°").state == "missing"
    make("territory.UnderServedArea", agreement, theme=early)
    assert item(agreement, "3°").state == "covered"


# --- Actions ---------------------------------------------------------------------------------
@pytest.mark.parametrize("code", ["4° a", "4° b", "4° c", "4° d"])
def test_action_that_names_an_item_answers_it(agreement, code) -> None:
    action = make_action(agreement, legal_codes=code, title="Former les équipes")
    state = item(agreement, code)
    assert state.state == "covered"
    assert state.answers[0].label == str(action)
    plan.change_status(action, actor=None, status="dropped", dropped_reason="Arrêt")
    assert item(agreement, code).state == "missing"


def test_what_is_only_discussed_covers_in_part(agreement) -> None:
    make_action(agreement, legal_codes="4° a", status="to_discuss")
    state = item(agreement, "4° a")
    assert (state.state, "à discuter" in state.lacks[0].words) == ("partial", True)


def test_investment_wants_its_amount(agreement) -> None:
    action = make_action(agreement, legal_codes="4° e")
    assert item(agreement, "4° e").state == "partial"
    plan.set_budget_line(
        action, actor=None, year=2027, nature="investment", planned=Decimal(45_321)
    )
    state = item(agreement, "4° e")
    assert state.state == "covered"
    assert "45\u00a0321\u00a0€" in state.answers[0].detail


def complete(agreement: Agreement, early: Any) -> Action:
    action = make_action(
        agreement, themes=[early], starts_on=date(2026, 3, 1), human_means="Une animatrice",
        difficulties="Le recrutement", due_on=date(2030, 6, 30),
    )  # fmt: skip
    plan.add_step(action, actor=None, title="Recruter", due_on=date(2026, 6, 1))
    plan.set_budget_line(action, actor=None, year=2027, nature="operating", planned=Decimal(100))
    plan.set_funding(
        action, actor=None, funder=organisation(agreement), year=2027, stage="planned",
        amount=Decimal(60),
    )  # fmt: skip
    measure = plan.create_measure(agreement, actor=None, action=action, label="Familles")
    plan.set_measure_point(measure, actor=None, year=2027, target=Decimal(10))
    return action


def test_means_calendar_and_measures_are_asked_of_every_early_action(agreement, early) -> None:
    complete(agreement, early)
    services.set_item(
        agreement, actor=None, code="4° h", text="Un bilan chaque année.", judgement="",
        checked_on=None,
    )  # fmt: skip
    for code in ("4° f", "4° g", "4° h"):
        assert item(agreement, code).state == "covered", code
    bare = make_action(agreement, themes=[early], title="Créer une commission")
    for code in ("4° f", "4° g", "4° h"):
        state = item(agreement, code)
        assert state.state == "partial", code
        assert all(name == str(bare) for lack in state.lacks for name, _ in lack.links)


def test_actions_of_other_fields_are_not_asked(agreement, early) -> None:
    complete(agreement, early)
    make_action(agreement, title="Permanence logement")
    assert item(agreement, "4° g").state == "covered"


# --- What the author says --------------------------------------------------------------------
def test_author_may_judge_otherwise_with_a_text(agreement) -> None:
    with pytest.raises(DomainError, match="pourquoi"):
        services.set_item(
            agreement, actor=None, code="3°", text=" ", judgement="covered", checked_on=None
        )
    row = services.set_item(
        agreement, actor=None, code="3°", text="Aucune zone : l'offre est à dix minutes.",
        judgement="covered", checked_on=date.today(),
    )  # fmt: skip
    state = item(agreement, "3°")
    assert (state.state, state.computed, state.is_overridden) == ("covered", "partial", True)
    services.set_item(
        agreement, actor=None, code="3°", text="Une zone au nord.", judgement="", checked_on=None
    )
    assert item(agreement, "3°").state == "partial"
    assert row.history.count() == 2  # type: ignore[attr-defined]


def test_unknown_items_and_dates_to_come_are_refused(agreement) -> None:
    with pytest.raises(DomainError, match="n'est pas dans"):
        services.set_item(agreement, actor=None, code="9°", text="x", judgement="", checked_on=None)
    with pytest.raises(DomainError, match="à venir"):
        services.set_act(
            agreement, actor=None, act="cdsf", done_on=date.today() + timedelta(1), note=""
        )


def test_two_authors_of_one_item_see_both_versions(agreement, client_as) -> None:
    services.set_item(
        agreement, actor=None, code="4° b", text="Deux postes.", judgement="", checked_on=None
    )
    client = client_as(Role.COORDINATOR)
    url = reverse("actionplan:scheme_item", args=[agreement.slug, "4b"])
    version = client.get(url).context["form"]["version"].value()
    services.set_item(
        agreement, actor=None, code="4° b", text="Trois postes.", judgement="", checked_on=None
    )
    data = {"text": "Quatre postes.", "judgement": "", "checked_on": "", "version": version}
    both = client.post(url, data)
    assert both.status_code == 409
    assert "Trois postes." in both.content.decode()
    assert "Quatre postes." in both.content.decode()
    assert SchemeItem.objects.get(agreement=agreement).text == "Trois postes."


def test_acts_are_ticked_with_their_date_from_the_page(agreement, client_as) -> None:
    client = client_as(Role.COORDINATOR)
    url = reverse("actionplan:scheme_act", args=[agreement.slug, "cdsf"])
    assert client.post(url, {"done_on": "2026-03-12", "note": "Par courriel"}).status_code == 302
    page = client.get(reverse("actionplan:scheme", args=[agreement.slug])).content.decode()
    assert "12\u00a0mars\u00a02026" in page
    assert "Par courriel" in page
    for bad in ("inconnu", "4a"):
        wrong = reverse("actionplan:scheme_act", args=[agreement.slug, bad])
        assert client.get(wrong).status_code == 404


# --- Is it owed? -----------------------------------------------------------------------------
def publish(agreement: Agreement, population: int) -> None:
    indicator, _ = Indicator.objects.get_or_create(
        key="population_municipale", defaults={"label": "Population", "unit": "hab."}
    )
    dataset, _ = Dataset.objects.get_or_create(
        key="rp", defaults={"title": "Populations de référence", "producer": "Insee"}
    )
    version = DatasetVersion.objects.create(dataset=dataset, vintage="2023", is_current=True)
    Observation.objects.create(
        version=version, indicator=indicator, territory=agreement.lead_commune, period=2023,
        value=Decimal(population),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("population", "owed"), [(9_999, False), (10_000, False), (10_001, True), (None, None)]
)
def test_threshold_is_told_with_the_population_its_year_and_its_source(
    agreement, population, owed
) -> None:
    if population:
        publish(agreement, population)
    found = scheme(agreement)
    assert found.content.is_owed is owed
    sentence = found.owed_sentence
    if population:
        assert "Insee, Populations de référence, 2023" in sentence
        assert ("facultative" in sentence) == (not owed)
    else:
        assert "pas connue" in sentence


# --- Pages and annex -------------------------------------------------------------------------
@pytest.mark.parametrize("role", list(Role))
def test_every_role_reads_the_page_and_one_writes(agreement, client_as, role) -> None:
    action = make_action(agreement, legal_codes="4° e")
    plan.set_budget_line(
        action, actor=None, year=2027, nature="investment", planned=Decimal(45_321)
    )
    client = client_as(role)
    page = client.get(reverse("actionplan:scheme", args=[agreement.slug])).content.decode()
    assert "À vérifier par le service juridique" in page
    assert "20\u00a0mars\u00a02025" in page
    assert ("Écrire ce qu'en dit" in page) == (role == Role.COORDINATOR)
    assert ("45\u00a0321" in page) == (role not in (Role.PARTNER, Role.READER))
    for fmt in ("pdf", "docx"):
        url = reverse("actionplan:scheme_file", args=[agreement.slug, fmt])
        assert client.get(url).status_code == 200
    unknown = reverse("actionplan:scheme_file", args=[agreement.slug, "xlsx"])
    assert client.get(unknown).status_code == 404


SCHEME_QUERIES = 13


def test_page_costs_the_same_for_one_action_and_many(
    agreement, early, client_as, django_assert_num_queries
) -> None:
    client = client_as(Role.COORDINATOR)
    url = reverse("actionplan:scheme", args=[agreement.slug])
    complete(agreement, early)
    facility(agreement, early, mode="collective")
    client.get(url)
    with django_assert_num_queries(SCHEME_QUERIES):
        client.get(url)
    for _ in range(5):
        complete(agreement, early)
        facility(agreement, early, mode="collective")
        make("territory.UnderServedArea", agreement, theme=early)
    with django_assert_num_queries(SCHEME_QUERIES):
        client.get(url)


def test_annex_has_the_items_in_order_with_what_is_missing(agreement) -> None:
    document = registry.get("schema-petite-enfance")
    request = Request(agreement=agreement, on=date(2026, 11, 23), year=2026)
    content = document.content(request)
    titles = [section.title for section in content.sections]
    assert [title.split(" – ")[0] for title in titles[1:12]] == CODES
    words = json.dumps(content.to_json(), ensure_ascii=False)
    assert "23\u00a0novembre\u00a02026" in words
    assert "service juridique" in words
    assert "Aucune zone mal desservie" in words
    for fmt in document.formats:
        assert render(content, fmt).data
