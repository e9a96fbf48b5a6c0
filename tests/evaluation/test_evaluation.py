"""The year's report: which questions, which gaps, what remains to do, who may write what."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from actionplan import services as plan
from actionplan.models import Measure, MeasurePoint
from agreements.models import Agreement, JournalEntry, Role
from core.errors import DomainError
from evaluation import queries, services
from evaluation.models import EvaluationAnswer, EvaluationQuestion, EvaluationYear, Gap
from evaluation.queries import MeasureYear
from tests.actionplan.factories import action as make_action

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 23)


def address(agreement: Agreement, name: str, *args: object) -> str:
    return reverse(f"evaluation:{name}", args=[agreement.slug, *args])


def text(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def held(client: Client, url: str) -> dict[str, object]:
    """What the browser holds: each cell, and what the cell showed."""
    form = client.get(url).context["form"]
    data: dict[str, object] = {}
    for name, field in form.fields.items():
        value = field.prepare_value(form[name].value())
        data[name] = "" if value is None else value
        if field.show_hidden_initial:
            data[f"initial-{name}"] = data[name]
    return data


@pytest.fixture
def campaign(agreement: Agreement) -> EvaluationYear:
    return services.open_year(agreement, actor=None, year=2026, opened_on=DAY)


@pytest.fixture
def measure(agreement: Agreement) -> Measure:
    measure = plan.create_measure(
        agreement, actor=None, action=make_action(agreement), label="Familles reçues",
        baseline=Decimal(30), baseline_year=2025,
    )  # fmt: skip
    plan.set_measure_point(measure, actor=None, year=2026, target=Decimal(45))
    return measure


# --- Questions ------------------------------------------------------------------------------
def test_first_year_asks_nothing_of_effects(agreement, campaign) -> None:
    asked = [question.text for question in queries.questions_for(agreement, 2026)]
    assert asked == [
        "Les instances ont-elles fonctionné ?",
        "Les valeurs de départ des mesures existent-elles ?",
        "L'offre est-elle maintenue ou développée ?",
        "Les élus et les habitants sont-ils associés ?",
    ]


@pytest.mark.parametrize(
    ("year", "count"), [(2026, 4), (2027, 9), (2028, 10), (2029, 11), (2030, 11)]
)
def test_questions_come_with_the_years(agreement, campaign, year, count) -> None:
    assert queries.questions_for(agreement, year).count() == count


def test_opening_the_next_year_keeps_the_questions_as_they_were_edited(agreement, campaign) -> None:
    first = EvaluationQuestion.objects.filter(agreement=agreement).first()
    services.update_question(first, actor=None, text="Notre question")
    services.open_year(agreement, actor=None, year=2027, opened_on=DAY)
    assert EvaluationQuestion.objects.filter(agreement=agreement).count() == 11
    assert EvaluationQuestion.objects.get(pk=first.pk).text == "Notre question"


def test_retired_question_is_asked_no_more_and_keeps_its_answers(agreement, campaign) -> None:
    question = queries.questions_for(agreement, 2026).first()
    services.answer_question(campaign, actor=None, question=question, judgement="yes")
    services.update_question(question, actor=None, is_active=False)
    assert question not in queries.questions_for(agreement, 2026)
    assert campaign.answers.count() == 1


# --- Measures and gaps ----------------------------------------------------------------------
numbers = st.one_of(st.none(), st.decimals(-1000, 1000, places=2))


@given(target=numbers, value=numbers, up=st.booleans())
def test_target_is_missed_only_when_both_are_known(target, value, up) -> None:
    direction = Measure.Direction.UP if up else Measure.Direction.DOWN
    row = MeasureYear(Measure(direction=direction), target, value, None, "")
    if target is None or value is None:
        assert row.gap is None
        assert not row.misses_target
    else:
        assert row.misses_target == ((value < target) if up else (value > target))


@pytest.mark.parametrize(
    ("planned", "spent", "found"),
    [
        (1000, 1100, False),
        (1000, 1101, True),
        (1000, 899, True),
        (1000, None, False),
        (None, 50, False),
        (0, 50, False),
    ],
)
def test_spending_is_explained_beyond_ten_per_cent(agreement, planned, spent, found) -> None:
    action = make_action(agreement)
    plan.set_budget_line(
        action, actor=None, year=2026, nature="operating",
        planned=None if planned is None else Decimal(planned), spent=None if spent is None else Decimal(spent),
    )  # fmt: skip
    over = date(2027, 1, 1)
    kinds = [gap.kind for gap in queries.gaps_of_year(agreement, 2026, over)]
    assert (Gap.Kind.BUDGET in kinds) == found


@pytest.mark.parametrize(("spent", "found"), [(200, False), (1101, True)])
def test_money_not_spent_yet_is_no_gap_before_the_year_is_over(agreement, spent, found) -> None:
    plan.set_budget_line(
        make_action(agreement), actor=None, year=2026, nature="operating", planned=Decimal(1000),
        spent=Decimal(spent),
    )  # fmt: skip
    kinds = [gap.kind for gap in queries.gaps_of_year(agreement, 2026, DAY)]
    assert (Gap.Kind.BUDGET in kinds) == found


def test_gap_is_explained_once_and_the_sentence_may_be_taken_back(
    agreement, client_as, campaign, measure
) -> None:
    plan.set_measure_point(measure, actor=None, year=2026, value=Decimal(40))
    client, url = client_as(Role.COORDINATOR), address(agreement, "gaps", 2026)
    name = f"explanation_target_m{measure.pk}"
    client.post(url, {**held(client, url), name: "Ouverture tardive."})
    assert Gap.objects.get(agreement=agreement).explanation == "Ouverture tardive."
    client.post(url, {**held(client, url), name: ""})
    assert not Gap.objects.filter(agreement=agreement).exists()


def test_same_gap_twice_is_refused_by_the_database(agreement) -> None:
    given = {"agreement": agreement, "year": 2026, "kind": Gap.Kind.OTHER, "explanation": "x"}
    Gap.objects.create(**given)
    with pytest.raises(IntegrityError), transaction.atomic():
        Gap.objects.create(**given)


# --- The grid -------------------------------------------------------------------------------
def test_values_are_typed_in_a_grid(agreement, client_as, campaign, measure) -> None:
    client, url = client_as(Role.COORDINATOR), address(agreement, "values", 2026)
    data = {**held(client, url), f"value_{measure.pk}": "1 234,5", f"comment_{measure.pk}": "Bien"}
    assert client.post(url, data).status_code == 302
    point = measure.points.get(year=2026)
    assert (point.target, point.value, point.comment) == (45, Decimal("1234.5"), "Bien")


def test_value_said_before_changes_with_a_reason_only(
    agreement, client_as, campaign, measure
) -> None:
    plan.set_measure_point(measure, actor=None, year=2026, value=Decimal(40))
    client, url = client_as(Role.COORDINATOR), address(agreement, "values", 2026)
    data = {**held(client, url), f"value_{measure.pk}": "41"}
    response = client.post(url, data)
    assert response.status_code == 422
    assert "Dites pourquoi" in response.context["form"].errors[f"value_{measure.pk}"][0]
    client.post(url, {**data, "reason": "Recomptage"})
    assert measure.points.get(year=2026).value == 41
    assert JournalEntry.objects.filter(agreement=agreement, reason="Recomptage").exists()


def test_two_people_filling_different_cells_lose_nothing(
    agreement, client_as, campaign, measure
) -> None:
    other = plan.create_measure(
        agreement, actor=None, action=make_action(agreement), label="Places"
    )
    client, url = client_as(Role.COORDINATOR), address(agreement, "values", 2026)
    mine = held(client, url)
    plan.set_measure_point(other, actor=None, year=2026, value=Decimal(9))
    assert client.post(url, {**mine, f"value_{measure.pk}": "50"}).status_code == 302
    values = dict(MeasurePoint.objects.filter(year=2026).values_list("measure", "value"))
    assert values == {measure.pk: 50, other.pk: 9}


def test_same_cell_twice_is_refused_with_what_stands(
    agreement, client_as, campaign, measure
) -> None:
    client, url = client_as(Role.COORDINATOR), address(agreement, "values", 2026)
    mine = held(client, url)
    plan.set_measure_point(measure, actor=None, year=2026, value=Decimal(9))
    response = client.post(url, {**mine, f"value_{measure.pk}": "50"})
    assert response.status_code == 422
    assert "entre-temps" in response.content.decode()
    assert measure.points.get(year=2026).value == 9


def test_one_bad_cell_writes_none(agreement, client_as, campaign, measure) -> None:
    other = plan.create_measure(
        agreement, actor=None, action=make_action(agreement), label="Places"
    )
    client, url = client_as(Role.COORDINATOR), address(agreement, "values", 2026)
    data = {**held(client, url), f"value_{measure.pk}": "50", f"value_{other.pk}": "beaucoup"}
    assert client.post(url, data).status_code == 422
    assert measure.points.get(year=2026).value is None


@pytest.mark.parametrize("count", [1, 8])
@pytest.mark.parametrize("name", ["home", "values", "questions", "gaps"])
def test_pages_cost_the_same(
    agreement, client_as, campaign, django_assert_num_queries, name, count
) -> None:
    for _ in range(count):
        measure = plan.create_measure(
            agreement, actor=None, action=make_action(agreement), label="Places"
        )
        plan.set_measure_point(measure, actor=None, year=2026, target=Decimal(9), value=Decimal(3))
    client = client_as(Role.COORDINATOR)
    url = address(agreement, name, *([] if name == "home" else [2026]))
    client.get(url)
    with django_assert_num_queries(PAGE_QUERIES[name]):
        client.get(url)


PAGE_QUERIES = {"home": 10, "values": 6, "questions": 8, "gaps": 9}


# --- Answers --------------------------------------------------------------------------------
def test_answers_are_typed_together(agreement, client_as, campaign) -> None:
    client, url = client_as(Role.COORDINATOR), address(agreement, "questions", 2026)
    first, second = queries.questions_for(agreement, 2026)[:2]
    data = {
        **held(client, url),
        f"judgement_{first.pk}": "yes",
        f"appreciation_{second.pk}": "À dire",
    }
    assert client.post(url, data).status_code == 302
    answered = {row.question.pk: row.is_answered for row in queries.answered_questions(campaign)}
    assert answered[first.pk]
    assert not answered[second.pk]
    assert EvaluationAnswer.objects.count() == 2


# --- What remains ---------------------------------------------------------------------------
def test_what_remains_is_counted_and_ends_complete(agreement, campaign, measure) -> None:
    details = {todo.label: todo.detail for todo in queries.readiness(campaign, DAY)}
    assert details["Valeurs de l'année"] == "1 mesure sans valeur"
    assert details["Questions évaluatives"] == "4 questions sans réponse"
    assert details["Textes du bilan"] == "4 textes à écrire"

    plan.set_measure_point(measure, actor=None, year=2026, value=Decimal(50))
    for question in queries.questions_for(agreement, 2026):
        services.answer_question(campaign, actor=None, question=question, judgement="yes")
    texts = dict.fromkeys(["summary", "context_changes", "adjustments", "priorities"], "Dit.")
    services.update_texts(campaign, actor=None, **texts)
    assert all(todo.is_done for todo in queries.readiness(campaign, DAY))


def test_measure_of_an_action_not_begun_is_not_missing(agreement, campaign) -> None:
    plan.create_measure(
        agreement, actor=None, action=make_action(agreement, status="planned"), label="Places"
    )
    details = {todo.label: todo.is_done for todo in queries.readiness(campaign, DAY)}
    assert details["Valeurs de l'année"]


# --- Closing --------------------------------------------------------------------------------
def test_closed_report_refuses_every_writing_until_it_is_reopened_with_a_reason(
    agreement, client_as, campaign, measure
) -> None:
    client = client_as(Role.COORDINATOR)
    pages = {
        name: address(agreement, name, 2026) for name in ("values", "questions", "gaps", "texts")
    }
    before = {name: held(client, url) for name, url in pages.items()}
    client.post(address(agreement, "close", 2026))

    before["values"][f"value_{measure.pk}"] = "50"
    for name, url in pages.items():
        response = client.post(url, before[name])
        assert response.status_code == 422
        assert "est clos" in response.content.decode()
    assert measure.points.get(year=2026).value is None

    assert client.post(address(agreement, "reopen", 2026), {"reason": " "}).status_code == 422
    client.post(address(agreement, "reopen", 2026), {"reason": "Chiffre de la Caf reçu"})
    assert client.post(pages["values"], before["values"]).status_code == 302
    assert JournalEntry.objects.filter(
        agreement=agreement, reason="Chiffre de la Caf reçu"
    ).exists()


def test_year_is_opened_once_and_within_the_agreement(agreement, client_as, campaign) -> None:
    client, url = client_as(Role.COORDINATOR), address(agreement, "open")
    assert "existe déjà" in client.post(url, {"year": "2026"}).content.decode()
    assert client.post(url, {"year": "2031"}).status_code == 422
    with pytest.raises(DomainError, match="2031"):
        services.open_year(agreement, actor=None, year=2031, opened_on=DAY)


def test_year_not_opened_is_not_found(agreement, client_as) -> None:
    assert client_as(Role.COORDINATOR).get(address(agreement, "values", 2027)).status_code == 404


@pytest.mark.parametrize("role", [Role.DIRECTION, Role.ELECTED, Role.CAF])
def test_readers_see_where_the_report_stands_and_write_nothing(
    agreement, client_as, campaign, role
) -> None:
    client = client_as(role)
    page = text(client, address(agreement, "home"))
    assert "Bilan 2026" in page
    assert address(agreement, "close", 2026) not in page
    assert client.get(address(agreement, "values", 2026)).status_code == 403


@pytest.mark.parametrize("role", [Role.PARTNER, Role.READER])
def test_evaluation_is_closed_to_partners_and_readers(agreement, client_as, role) -> None:
    assert client_as(role).get(address(agreement, "home")).status_code == 403
