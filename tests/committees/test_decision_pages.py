"""Pages of decisions: the register, one decision, what it changes in the plan; who sees amounts."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from actionplan import services as plan
from actionplan.models import Action
from agreements.models import Agreement, Role
from committees import register, services
from committees.models import Decision, DecisionEffect, Meeting, MeetingRecord
from committees.reason_links import number_in
from core.formats import NBSP
from territory.models import Challenge
from tests.actionplan.factories import action as make_action
from tests.agreements.anything import make
from tests.committees.factories import (
    AgendaItemFactory,
    CommitteeFactory,
    ContactFactory,
    DecisionFactory,
    MeetingFactory,
    arbitration,
)

pytestmark = pytest.mark.django_db
S = DecisionEffect.State
SHOWN = f"+4{NBSP}000"


def address(agreement: Agreement, name: str, *args: Any) -> str:
    return reverse(f"committees:{name}", args=[agreement.slug, *args])


def text(client: Any, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def action(agreement: Agreement) -> Action:
    row = make_action(agreement, title="Ouvrir un relais", due_on=date(2027, 12, 31))
    plan.set_budget_line(row, actor=None, year=2027, nature="operating", planned=Decimal(10_000))
    return row


@pytest.fixture
def meeting(agreement: Agreement) -> Meeting:
    return MeetingFactory(agreement=agreement, on=date(2026, 11, 10), committee__name="COPIL")


@pytest.fixture
def decision(meeting: Meeting) -> Decision:
    return services.take_decision(
        meeting.agreement, actor=None, meeting=meeting, decided_on=meeting.on,
        text="Le COPIL est favorable.", institutional="council",
    )  # fmt: skip


def more(decision: Decision, action: Action) -> DecisionEffect:
    return services.prepare_effect(
        decision, actor=None, action=action, kind="budget", amount=Decimal(4_000), year=2027,
        nature="operating",
    )  # fmt: skip


def validate(meeting: Meeting) -> None:
    with transaction.atomic():
        MeetingRecord.objects.create(
            agreement=meeting.agreement, meeting=meeting, state="validated",
            validated_on=date(2026, 11, 20),
        )  # fmt: skip
        services.apply_effects(meeting, actor=None, on=date(2026, 11, 20))


def rows(*lines: dict[str, Any], initial: int = 0) -> dict[str, str]:
    """The rows as a browser sends them back; ``was`` is what the row showed."""
    data = {"effets-TOTAL_FORMS": str(len(lines)), "effets-INITIAL_FORMS": str(initial)}
    for rank, line in enumerate(lines):
        was = line.pop("was", {})
        for name, value in line.items():
            data[f"effets-{rank}-{name}"] = str(value)
        for name in ("action", "kind", "value", "year"):
            data[f"initial-effets-{rank}-{name}"] = str(was.get(name, ""))
    return data


# --- Typing what it changes -------------------------------------------------------------------
def test_a_decision_and_what_it_changes_are_noted_in_one_go(
    agreement, meeting, action, client_as
) -> None:
    url = f"{address(agreement, 'decision_create')}?reunion={meeting.pk}"
    lines = rows(
        {"action": action.pk, "kind": "due_on", "value": "30/06/2028"},
        {"action": action.pk, "kind": "budget:operating", "value": "+4 000", "year": 2027},
        {"action": "", "kind": "", "value": ""},
    )
    client_as(Role.COORDINATOR).post(
        url,
        {"text": "Reporter.", "decided_on": "2026-11-10", "institutional": "none", **lines},
    )
    decision = Decision.objects.get()
    assert list(decision.actions.all()) == [action]
    assert [(e.kind, e.new_date, e.amount) for e in decision.effects.all()] == [
        ("due_on", date(2028, 6, 30), None),
        ("budget", None, Decimal(4_000)),
    ]


def test_a_refused_row_writes_neither_the_decision_nor_the_others(
    agreement, meeting, action, client_as
) -> None:
    url = f"{address(agreement, 'decision_create')}?reunion={meeting.pk}"
    lines = rows(
        {"action": action.pk, "kind": "due_on", "value": "30/06/2028"},
        {"action": action.pk, "kind": "budget:operating", "value": "-12 000", "year": 2027},
    )
    response = client_as(Role.COORDINATOR).post(
        url, {"text": "Reporter.", "decided_on": "2026-11-10", "institutional": "none", **lines}
    )
    assert response.status_code == 422
    assert "passerait sous zéro" in response.content.decode()
    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    ("kind", "value", "sentence"),
    [
        ("due_on", "bientôt", "ne se lit pas comme une date"),
        ("status", "presque", "n&#x27;est pas un statut"),
        ("lead", "Personne Inconnue", "n&#x27;est pas parmi les personnes"),
        ("budget:operating", "4000", "avec son signe"),
        ("budget:operating", "+beaucoup", "pas un montant"),
        ("budget:operating", "+4000", "pour quelle année"),
        ("due_on", "", "la nouvelle valeur"),
        ("", "30/06/2028", "ce qui change"),
        ("status", "à discuter", "ne passe pas directement"),
    ],
)
def test_a_row_that_does_not_read_says_what_to_write(
    agreement, decision, action, client_as, kind, value, sentence
) -> None:
    url = address(agreement, "decision_effects", decision.pk)
    line = {"action": action.pk, "kind": kind, "value": value}
    response = client_as(Role.COORDINATOR).post(url, rows(line))
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not DecisionEffect.objects.exists()


def test_rows_are_changed_removed_and_added(agreement, decision, action, client_as) -> None:
    first = more(decision, action)
    url = address(agreement, "decision_effects", decision.pk)
    coordinator = client_as(Role.COORDINATOR)
    assert f"10{NBSP}000{NBSP}€ → 14{NBSP}000{NBSP}€" in text(coordinator, url)
    shown = {"action": action.pk, "kind": "budget:operating", "value": SHOWN, "year": 2027}
    changed = {**shown, "value": "+5 000", "effect": first.pk, "was": shown}
    person = ContactFactory(agreement=agreement, first_name="Aïcha", last_name="Diallo")
    added = {"action": action.pk, "kind": "lead", "value": "diallo aicha"}
    coordinator.post(url, rows(changed, added, initial=1))
    assert {(e.kind, e.amount, e.new_lead) for e in decision.effects.all()} == {
        ("budget", Decimal(5_000), None),
        ("lead", None, person),
    }
    now = {**shown, "value": f"+5{NBSP}000"}
    coordinator.post(url, rows({**now, "effect": first.pk, "remove": "on", "was": now}, initial=1))
    assert [e.kind for e in decision.effects.all()] == ["lead"]


def test_a_row_that_somebody_else_changed_is_not_written_over(
    agreement, decision, action, client_as
) -> None:
    effect = more(decision, action)
    shown = {"action": action.pk, "kind": "budget:operating", "value": SHOWN, "year": 2027}
    services.update_effect(effect, actor=None, amount=Decimal(6_000))
    url = address(agreement, "decision_effects", decision.pk)
    line = {**shown, "value": "+5 000", "effect": effect.pk, "was": shown}
    response = client_as(Role.COORDINATOR).post(url, rows(line, initial=1))
    assert response.status_code == 422
    assert "entre-temps" in response.content.decode()
    assert decision.effects.get().amount == Decimal(6_000)


def test_an_untouched_row_leaves_what_somebody_else_wrote(
    agreement, decision, action, client_as
) -> None:
    effect = more(decision, action)
    shown = {"action": action.pk, "kind": "budget:operating", "value": SHOWN, "year": 2027}
    services.update_effect(effect, actor=None, amount=Decimal(6_000))
    url = address(agreement, "decision_effects", decision.pk)
    client_as(Role.COORDINATOR).post(
        url, rows({**shown, "effect": effect.pk, "was": shown}, initial=1)
    )
    assert decision.effects.get().amount == Decimal(6_000)


def test_a_row_that_is_gone_is_not_prepared_again(agreement, decision, action, client_as) -> None:
    effect = more(decision, action)
    pk = effect.pk
    services.remove_effect(effect, actor=None)
    url = address(agreement, "decision_effects", decision.pk)
    line = {"action": action.pk, "kind": "due_on", "value": "30/06/2028", "effect": pk}
    assert client_as(Role.COORDINATOR).post(url, rows(line)).status_code == 422
    assert not DecisionEffect.objects.exists()


def test_cost_of_the_chosen_option_is_proposed_to_tick(
    agreement, meeting, action, client_as
) -> None:
    item = AgendaItemFactory(agreement=agreement, meeting=meeting)
    point = arbitration(
        agreement, item=item, action=action,
        options=[{"title": "Seule", "cost": Decimal(12_000)}, {"title": "Rien"}],
    )  # fmt: skip
    coordinator = client_as(Role.COORDINATOR)
    response = coordinator.post(
        f"{address(agreement, 'decision_create')}?reunion={meeting.pk}",
        {
            "item": item.pk, "chosen_option": point.options.first().pk, "text": "Option A.",
            "decided_on": "2026-11-10", "institutional": "council",
        },
    )  # fmt: skip
    decision = Decision.objects.get()
    url = address(agreement, "decision_effects", decision.pk)
    assert response.url == url
    page = text(coordinator, url)
    assert f'value="+12{NBSP}000"' in page
    assert "Proposé d'après l'option retenue" in page
    line = {
        "action": action.pk, "kind": "budget:operating", "value": "+12000", "year": 2027,
        "proposed": "True",
    }  # fmt: skip
    coordinator.post(url, rows(line, initial=1))
    assert not decision.effects.exists(), "nothing was ticked"
    coordinator.post(url, rows({**line, "take": "on"}, initial=1))
    assert decision.effects.get().amount == Decimal(12_000)


def test_after_the_validation_nothing_is_prepared_any_more(
    agreement, decision, action, client_as
) -> None:
    validate(decision.meeting)
    coordinator = client_as(Role.COORDINATOR)
    for name in ("decision_effects", "decision_update"):
        response = coordinator.get(address(agreement, name, decision.pk), follow=True)
        assert "rectificatif" in response.content.decode()
    line = {"action": action.pk, "kind": "due_on", "value": "30/06/2028"}
    response = coordinator.post(address(agreement, "decision_effects", decision.pk), rows(line))
    assert "ajoutez un rectificatif" in response.content.decode()
    assert not DecisionEffect.objects.exists()


# --- The page of a decision -------------------------------------------------------------------
@pytest.mark.parametrize(
    ("role", "sees"), [(Role.ELECTED, True), (Role.CAF, True), (Role.READER, False)]
)
def test_amounts_are_shown_to_whoever_may_see_money(
    agreement, decision, action, client_as, role, sees
) -> None:
    challenge = make(Challenge, agreement)
    plan.update_action(action, actor=None, challenges=[challenge])
    more(decision, action)
    services.prepare_effect(
        decision, actor=None, action=Action.objects.get(), kind="due_on", new_date=date(2028, 6, 30)
    )
    validate(decision.meeting)
    client = client_as(role)
    pages = [
        address(agreement, "decision", decision.pk),
        reverse("actionplan:action", args=[agreement.slug, action.pk]),
        reverse("territory:challenge", args=[agreement.slug, challenge.pk]),
    ]
    for url in pages:
        page = text(client, url)
        assert (f"+4{NBSP}000{NBSP}€" in page) is sees, url
        assert ("sous réserve du vote" in page) is sees, url
        assert decision.number in page
    assert f"30{NBSP}juin{NBSP}2028" in text(client, pages[0])


def test_whoever_leads_the_action_sees_its_amounts(agreement, decision, action, client_as) -> None:
    client = client_as(Role.PARTNER)
    person = ContactFactory(agreement=agreement, user=client.membership.user)
    plan.update_action(action, actor=None, lead_contact=person)
    more(decision, action)
    url = reverse("actionplan:action", args=[agreement.slug, action.pk])
    assert f"+4{NBSP}000{NBSP}€" in text(client, url)
    other = client_as(Role.PARTNER)
    assert f"+4{NBSP}000{NBSP}€" not in text(other, url)


def test_the_act_lets_the_money_in_and_the_plan_leads_back_to_the_decision(
    agreement, decision, action, client_as
) -> None:
    more(decision, action)
    validate(decision.meeting)
    coordinator = client_as(Role.COORDINATOR)
    decision.refresh_from_db()
    response = coordinator.post(
        address(agreement, "decision_follow_up", decision.pk),
        {
            "state": "in_progress", "institutional": "council", "version": decision.version,
            "institutional_reference": "2026-61", "institutional_on": "2026-11-19",
            "legality_on": "2026-11-23", "actions": [action.pk],
        },
    )  # fmt: skip
    page = text(coordinator, response.url)
    assert "appliqué au plan" in page
    assert f"délibération n°{NBSP}2026-61 du 19{NBSP}novembre{NBSP}2026" in page
    assert f"reçue le 23{NBSP}novembre{NBSP}2026" in page
    assert plan.planned_of(action, year=2027, nature="operating") == Decimal(14_000)


def test_money_without_any_follow_up_asks_who_votes_it(
    agreement, meeting, action, client_as
) -> None:
    decision = services.take_decision(
        agreement, actor=None, meeting=meeting, decided_on=meeting.on, text="Oui."
    )
    url = address(agreement, "decision", decision.pk)
    assert "n'attend le vote" in text(client_as(Role.COORDINATOR), url)
    more(decision, action)
    page = text(client_as(Role.COORDINATOR), url)
    assert "puis du vote" in page
    assert "alors que des crédits attendent un vote" in page
    assert "n'attend le vote" in text(client_as(Role.PARTNER), url)


def test_dates_of_the_act_that_do_not_follow_are_refused(agreement, decision, client_as) -> None:
    response = client_as(Role.COORDINATOR).post(
        address(agreement, "decision_follow_up", decision.pk),
        {
            "state": "to_do", "institutional": "council", "institutional_reference": "2026-61",
            "institutional_on": "2026-11-19", "legality_on": "2026-11-12",
        },
    )  # fmt: skip
    assert response.status_code == 422
    assert "vérifiez les deux dates" in response.content.decode()


def test_conflict_is_read_then_confirmed_or_set_aside(
    agreement, meeting, action, client_as
) -> None:
    decision = services.take_decision(
        agreement, actor=None, meeting=meeting, decided_on=meeting.on, text="Oui.",
        institutional="council", institutional_reference="2026-61",
        institutional_on=date(2026, 11, 18),
    )  # fmt: skip
    effect = more(decision, action)
    plan.set_budget_line(action, actor=None, year=2027, nature="operating", planned=Decimal(12_000))
    validate(meeting)
    coordinator = client_as(Role.COORDINATOR)
    url = address(agreement, "effect_confirm", effect.pk)
    page = text(coordinator, url)
    for amount in ("10", "+4", "12", "16"):
        assert f"{amount}{NBSP}000{NBSP}€" in page
    response = coordinator.post(url, {"vu": "11000.00"})
    assert "encore changé" in response.content.decode()
    coordinator.post(url, {"vu": "12000.00"})
    assert plan.planned_of(action, year=2027, nature="operating") == Decimal(16_000)
    assert coordinator.get(url).status_code == 404, "it is applied"
    DecisionEffect.objects.update(state="conflict")
    aside = address(agreement, "effect_set_aside", effect.pk)
    assert coordinator.post(aside, {"reason": " "}).status_code == 422
    coordinator.post(aside, {"reason": "Le plan le dit mieux."})
    effect.refresh_from_db()
    assert (effect.state, effect.state_reason) == (S.SET_ASIDE, "Le plan le dit mieux.")


# --- Elsewhere --------------------------------------------------------------------------------
def elsewhere(**changes: Any) -> dict[str, Any]:
    return {
        "taken_by": "Bureau municipal", "decided_on": "2026-11-03", "number": "BM 2026-7",
        "text": "Le bureau reporte les travaux.", "institutional": "none", **changes,
    }  # fmt: skip


def test_decision_taken_elsewhere_is_registered_with_its_source_and_applied_on_demand(
    agreement, action, client_as
) -> None:
    coordinator = client_as(Role.COORDINATOR)
    line = {"action": action.pk, "kind": "due_on", "value": "juin 2028"}
    coordinator.post(address(agreement, "decision_create"), {**elsewhere(), **rows(line)})
    decision = Decision.objects.get()
    page = text(coordinator, address(agreement, "decisions"))
    assert "BM 2026-7" in page
    assert "Bureau municipal" in page
    apply = address(agreement, "decision_apply", decision.pk)
    response = coordinator.post(apply, follow=True)
    assert "Donnez d&#x27;abord la référence" in response.content.decode()
    services.update_decision(decision, actor=None, institutional_reference="relevé du 3 novembre")
    response = coordinator.post(apply, follow=True)
    assert f"1{NBSP}effet appliqué au plan" in response.content.decode()
    action.refresh_from_db()
    assert action.due_on == date(2028, 6, 30)


def test_number_taken_is_told_beside_its_box(agreement, client_as) -> None:
    DecisionFactory(agreement=agreement, number="BM 2026-7", text="Déjà là.")
    response = client_as(Role.COORDINATOR).post(address(agreement, "decision_create"), elsewhere())
    assert response.status_code == 422
    assert "Déjà là." in response.context["form"].errors["number"][0]


# --- The register -----------------------------------------------------------------------------
def test_overdue_first_then_open_by_due_date_then_closed(agreement) -> None:
    today, old = date.today(), date(2026, 2, 1)
    for name, due, state in [
        ("faite récente", None, "done"),
        ("sans échéance", None, "to_do"),
        ("bientôt", today + timedelta(5), "to_do"),
        ("échue", today - timedelta(5), "in_progress"),
        ("plus tard", today + timedelta(50), "to_do"),
        ("très échue", today - timedelta(50), "to_do"),
    ]:
        DecisionFactory(agreement=agreement, text=name, due_on=due, state=state, decided_on=old)
    DecisionFactory(
        agreement=agreement, text="faite ancienne", state="done", decided_on=date(2025, 1, 1)
    )
    assert [row.text for row in register.register(agreement, "toutes", today)] == [
        "très échue", "échue", "bientôt", "plus tard", "sans échéance", "faite récente",
        "faite ancienne",
    ]  # fmt: skip


def filled(agreement: Agreement, action: Action) -> dict[str, Any]:
    committee = CommitteeFactory(agreement=agreement, name="COTECH")
    meeting = MeetingFactory(agreement=agreement, committee=committee, state="held")
    person, challenge = ContactFactory(agreement=agreement), make(Challenge, agreement)
    wanted = DecisionFactory(
        agreement=agreement, meeting=meeting, text="Les crèches ouvriront plus tôt",
        responsible=person, institutional="caf", decided_on=date(2027, 2, 1),
    )  # fmt: skip
    make("committees.DecisionAction", agreement, decision=wanted, action=action)
    make("committees.DecisionChallenge", agreement, decision=wanted, challenge=challenge)
    DecisionFactory(agreement=agreement, text="Autre chose", taken_by="Bureau")
    return {
        "q": "creche", "year": 2027, "committee": committee.pk, "responsible": person.pk,
        "action": action.pk, "challenge": challenge.pk, "institutional": "caf",
    }  # fmt: skip


@pytest.mark.parametrize(
    "name", ["q", "year", "committee", "responsible", "action", "challenge", "institutional"]
)
def test_register_is_filtered_and_the_tabs_keep_the_filter(
    agreement, action, client_as, name
) -> None:
    value = filled(agreement, action)[name]
    page = text(client_as(Role.READER), f"{address(agreement, 'decisions')}?{name}={value}")
    assert "Les crèches ouvriront" in page
    assert "Autre chose" not in page
    assert f"?{name}={value}&amp;suite=ouvertes" in page


def test_decisions_taken_elsewhere_have_their_filter(agreement, action, client_as) -> None:
    filled(agreement, action)
    page = text(client_as(Role.READER), f"{address(agreement, 'decisions')}?committee=ailleurs")
    assert "Autre chose" in page
    assert "Les crèches" not in page


@pytest.mark.parametrize("query", ["year=x", "committee=99999", "action=²", "suite=x&page=-4"])
def test_a_filter_that_does_not_read_breaks_nothing(agreement, decision, client_as, query) -> None:
    url = f"{address(agreement, 'decisions')}?{query}"
    assert client_as(Role.READER).get(url).status_code == 200


def test_money_that_waits_and_points_put_off_are_in_sight(
    agreement, decision, action, client_as
) -> None:
    more(decision, action)
    validate(decision.meeting)
    Meeting.objects.update(state="held")
    AgendaItemFactory(
        agreement=agreement, meeting=decision.meeting, title="La ludothèque", outcome="to_review"
    )
    AgendaItemFactory(
        agreement=agreement, meeting=decision.meeting, title="Treated", outcome="information"
    )
    page = text(client_as(Role.COORDINATOR), address(agreement, "decisions"))
    assert "La ludothèque" in page
    assert "Treated" not in page
    assert decision.text in text(
        client_as(Role.COORDINATOR), f"{address(agreement, 'decisions')}?suite=vote"
    )


# --- Whoever reads the history ------------------------------------------------------------------
@pytest.mark.parametrize(
    ("reason", "number"),
    [
        (f"Décision n°{NBSP}2026-04 du COPIL du 8 décembre 2026", "2026-04"),
        ("Décision n° 2026-02 du COPIL : le dossier décale l'ouverture.", "2026-02"),
        (f"Décision n°{NBSP}2026-04 de l'équipe projet du 8 décembre 2026", "2026-04"),
        (f"Décision n°{NBSP}BM 2026-7 (Bureau, 3 novembre 2026){NBSP}; relevé", "BM 2026-7"),
        ("Comité technique : trop peu de volontaires.", ""),
        ("Décision n°", ""),
    ],
)
def test_decision_named_by_a_reason(reason: str, number: str) -> None:
    assert number_in(reason) == number


@pytest.mark.parametrize("count", [1, 8])
def test_page_of_a_decision_costs_the_same_for_one_effect_and_for_many(
    agreement, decision, client_as, django_assert_num_queries, count
) -> None:
    for rank in range(count):
        row = make_action(agreement, due_on=date(2027, 12, 31))
        services.prepare_effect(
            decision, actor=None, action=row, kind="due_on", new_date=date(2028, 1, 1 + rank)
        )
    client = client_as(Role.READER)
    url = address(agreement, "decision", decision.pk)
    client.get(url)
    with django_assert_num_queries(8):
        text(client, url)
