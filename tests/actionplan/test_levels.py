"""Four levels at most, under the agreement's own words: what may stand where, and in which order."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from actionplan import queries, services
from actionplan.models import Action, Objective
from agreements.models import Agreement, JournalEntry, PlanDepth, Role
from agreements.services.agreement import update_agreement
from core.errors import DomainError
from tests.actionplan.factories import action as make_action
from tests.actionplan.factories import orientation as make_orientation

pytestmark = pytest.mark.django_db


@pytest.fixture
def four(agreement: Agreement) -> Agreement:
    agreement.plan_depth = PlanDepth.FOUR
    agreement.signed_on = date(2026, 3, 1)
    agreement.save()
    return agreement


def objective(agreement: Agreement, orientation, **fields) -> Objective:
    given = {"title": "Développer l'accueil", **fields}
    return services.create_objective(agreement, actor=None, orientation=orientation, **given)


# --- What may stand where -------------------------------------------------------------------
def test_numbers_follow_the_levels(four) -> None:
    level = make_orientation(four, code="1")
    first, second = objective(four, level), objective(four, level)
    below = objective(four, level, parent=second)
    action = make_action(four, orientation=level, objective=below)
    assert [first.code, second.code, below.code, action.code] == ["1.1", "1.2", "1.2.1", "1.2.1.1"]


def test_number_of_a_level_is_never_that_of_an_action(four) -> None:
    level = make_orientation(four, code="1")
    make_action(four, orientation=level)
    assert objective(four, level).code == "1.2"


def test_sub_objective_goes_no_lower(four) -> None:
    level = make_orientation(four)
    below = objective(four, level, parent=objective(four, level))
    with pytest.raises(DomainError, match="on ne descend pas plus bas"):
        objective(four, level, parent=below)


def test_sub_objective_stands_under_an_objective_of_its_orientation(four) -> None:
    elsewhere = objective(four, make_orientation(four))
    with pytest.raises(DomainError, match="d'une autre orientation"):
        objective(four, make_orientation(four), parent=elsewhere)


def test_objective_that_holds_others_does_not_go_under_one(four) -> None:
    level = make_orientation(four)
    one, two = objective(four, level), objective(four, level)
    objective(four, level, parent=one)
    with pytest.raises(DomainError, match="rangez-les ailleurs"):
        services.update_objective(one, actor=None, parent=two)
    with pytest.raises(DomainError, match="sous lui-même"):
        services.update_objective(two, actor=None, parent=two)


@pytest.mark.parametrize(
    ("depth", "with_parent", "words"),
    [
        (PlanDepth.TWO, False, "n'a que deux niveaux"),
        (PlanDepth.THREE, True, "n'a pas de niveau « Objectif opérationnel »"),
    ],
)
def test_level_that_the_plan_has_not_is_refused(four, depth, with_parent, words) -> None:
    level = make_orientation(four)
    parent = objective(four, level) if with_parent else None
    four.plan_depth = depth
    with pytest.raises(DomainError, match=words):
        objective(four, level, parent=parent)


def test_depth_that_hides_levels_is_refused_saying_how_many_and_where(four, client_as) -> None:
    level = make_orientation(four, code="1")
    top = objective(four, level)
    for _ in range(7):
        objective(four, level, parent=top)
    with pytest.raises(DomainError) as refusal:
        update_agreement(four, actor=None, fields={"plan_depth": PlanDepth.THREE})
    assert refusal.value.field == "plan_depth"
    assert (
        "7\u00a0sous-objectifs du plan (1.1.1, 1.1.2, 1.1.3, 1.1.4, 1.1.5 et 2\u00a0autres)"
        in str(refusal.value)
    )
    fresh = Agreement.objects.get(pk=four.pk)
    with pytest.raises(DomainError, match="8\u00a0objectifs"):
        update_agreement(fresh, actor=None, fields={"plan_depth": PlanDepth.TWO})


def test_depth_that_hides_nothing_is_accepted(four) -> None:
    make_action(four)
    update_agreement(four, actor=None, fields={"plan_depth": PlanDepth.TWO})
    assert not Agreement.objects.get(pk=four.pk).uses_objectives


def test_identity_form_says_the_refusal_beside_the_depth(four, client_as) -> None:
    objective(four, make_orientation(four))
    client = client_as(Role.COORDINATOR)
    url = reverse("agreements:identity_edit", args=[four.slug])
    form = client.get(url).context["form"]
    data = {name: form[name].value() for name in form.fields if "logo" not in name}
    data = {name: "" if value is None else value for name, value in data.items()}
    for name in ("lead_commune", "communes"):
        data[name] = form.fields[name].prepare_value(form.initial[name])
    response = client.post(url, {**data, "uses_weather": "", "plan_depth": 2})
    assert response.status_code == 422
    assert "cacherait 1\u00a0objectif" in response.context["form"].errors["plan_depth"][0]


# --- Moved ----------------------------------------------------------------------------------
def test_objective_takes_what_it_holds_to_another_orientation(four) -> None:
    one, two = make_orientation(four), make_orientation(four)
    top = objective(four, one)
    below = objective(four, one, parent=top)
    rows = [make_action(four, orientation=one, objective=level) for level in (top, below)]
    services.update_objective(top, actor=None, orientation=two)
    assert Objective.objects.get(pk=below.pk).orientation == two
    assert {Action.objects.get(pk=row.pk).orientation for row in rows} == {two}


def test_tree_and_lists_read_in_the_same_order(four) -> None:
    level = make_orientation(four, code="1")
    second, first = objective(four, level), objective(four, level)
    services.move_level(first, actor=None, up=True)
    below = objective(four, level, parent=first)
    for title, place in (("e", second), ("d", below), ("b", first), ("a", None), ("c", first)):
        make_action(four, orientation=level, objective=place, title=title)
    tree = [action.title for action in queries.plan_tree(four, date(2026, 6, 1))[0].actions]
    assert tree == ["a", "b", "c", "d", "e"]
    assert [row.title for row in queries.actions(four, date(2026, 6, 1))] == tree


def test_action_moves_among_those_of_its_level_only(four) -> None:
    level = make_orientation(four)
    top = objective(four, level)
    rows = [
        make_action(four, orientation=level, objective=place, title=title)
        for title, place in (("A", None), ("X", top), ("B", None))
    ]
    services.move_action(rows[2], actor=None, up=True)
    own = level.actions.filter(objective=None).order_by("position")
    assert [row.title for row in own] == ["B", "A"]


def test_placed_action_keeps_its_number_unless_asked(four) -> None:
    one, two = make_orientation(four, code="1"), make_orientation(four, code="2")
    action = make_action(four, orientation=one)
    services.place_action(action, actor=None, orientation=two)
    assert (action.orientation, action.code) == (two, "1.1")
    services.place_action(action, actor=None, orientation=one, renumber=True)
    told = JournalEntry.objects.filter(agreement=four).latest("pk").sentence
    assert told.startswith("a rangé l'action 1.1 sous « 1. ")


# --- Pages ----------------------------------------------------------------------------------
def test_sub_objective_is_asked_for_under_its_objective(four, client_as) -> None:
    level = make_orientation(four, code="1")
    top = objective(four, level)
    client = client_as(Role.COORDINATOR)
    url = reverse("actionplan:objective_create", args=[four.slug])
    response = client.get(f"{url}?objectif={top.pk}")
    assert response.context["title"] == "Ajouter : objectif opérationnel"
    form = response.context["form"]
    assert (form["parent"].value(), form["code"].value()) == (top.pk, "1.1.1")
    sent = {
        "orientation": level.pk,
        "parent": top.pk,
        "code": "",
        "title": "Former",
        "description": "",
    }
    assert client.post(url, sent).status_code == 302
    assert Objective.objects.get(parent=top).code == "1.1.1"


def test_move_by_button_comes_back_on_the_button(four, client_as) -> None:
    level = make_orientation(four)
    first, second = objective(four, level), objective(four, level)
    client = client_as(Role.COORDINATOR)
    url = reverse("actionplan:arrange_act", args=[four.slug])
    response = client.post(url, {"monter": f"objectif-{second.pk}"})
    page = reverse("actionplan:arrange", args=[four.slug])
    assert response["Location"] == f"{page}#monter-objectif-{second.pk}"
    assert f'id="monter-objectif-{second.pk}"' in client.get(page).content.decode()
    order = list(level.objectives.order_by("position").values_list("pk", flat=True))
    assert order == [second.pk, first.pk]


@pytest.mark.parametrize("sent", [{}, {"monter": "objectif-x"}, {"descendre": "theme-1"}])
def test_strange_move_leads_back_to_the_page(four, client_as, sent) -> None:
    url = reverse("actionplan:arrange_act", args=[four.slug])
    response = client_as(Role.COORDINATOR).post(url, sent)
    assert response["Location"] == reverse("actionplan:arrange", args=[four.slug])


def test_action_is_placed_from_its_page(four, client_as) -> None:
    level = make_orientation(four)
    top = objective(four, level)
    action = make_action(four, orientation=level)
    client = client_as(Role.COORDINATOR)
    url = reverse("actionplan:place", args=[four.slug, action.pk])
    assert client.get(url).context["form"]["level"].value() == f"o{level.pk}"
    response = client.post(url, {"level": f"b{top.pk}", "version": action.version})
    assert response["Location"].endswith(f"#action-{action.pk}")
    assert Action.objects.get(pk=action.pk).objective == top
