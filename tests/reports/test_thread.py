"""The red thread: both ways the same, breaks exact, nothing read by who may not, constant queries."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actionplan.models import Action, ActionStatus, Measure, MeasurePoint, Objective
from agreements.access import get_access
from agreements.models import Agreement, Role
from committees.models import Decision
from core.audience import Audience
from core.errors import DomainError
from evaluation.models import EvaluationQuestion
from evaluation.services import create_question
from reports.thread import Thread, load_thread, spine
from reports.thread.chart import ThreadChart
from reports.thread.lacks import BY_KEY, LACKS, broken
from reports.thread.mend import WRITERS, join
from reports.thread.overview import overview
from reports.thread.spine import Node, told
from territory.models import Challenge, Evidence, Finding, LocalObservation
from tests.actionplan import factories as plan
from tests.agreements.anything import make
from tests.agreements.test_leak import MARKER, build_everything, mark_every_text
from tests.committees.factories import DecisionFactory
from tests.factories import MembershipFactory

DAY = date(2026, 11, 23)


def thread_of(
    agreement: Agreement, audience: Audience = Audience.INTERNAL, questions: bool = True
) -> Thread:
    return load_thread(agreement, audience=audience, with_questions=questions, on=DAY)


def challenge(agreement: Agreement, **fields: Any) -> Challenge:
    return make("territory.Challenge", agreement, **fields)


def finding(agreement: Agreement, **fields: Any) -> Finding:
    return make("territory.Finding", agreement, **fields)


def measure(agreement: Agreement, action: Action, **fields: Any) -> Measure:
    return make("actionplan.Measure", agreement, action=action, **fields)


@pytest.fixture
def chain(agreement: Agreement) -> dict[str, Any]:
    """One object of each step, each tied to the next."""
    figure = make("territory.LocalObservation", agreement, audience="public")
    found = finding(agreement)
    make("territory.Evidence", agreement, finding=found, local_observation=figure)
    enjeu = challenge(agreement)
    enjeu.findings.through.objects.create(agreement=agreement, challenge=enjeu, finding=found)
    orientation = plan.orientation(agreement, challenges=[enjeu])
    objective = make("actionplan.Objective", agreement, orientation=orientation)
    action = plan.action(
        agreement, orientation=orientation, objective=objective, challenges=[enjeu]
    )
    followed = measure(agreement, action)
    question = create_question(
        agreement, actor=None, measures=[followed], criterion="relevance", text="Utile ?"
    )
    decision = DecisionFactory(agreement=agreement)
    decision.actions.through.objects.create(agreement=agreement, decision=decision, action=action)
    return {
        spine.LOCAL: figure, spine.FINDING: found, spine.CHALLENGE: enjeu,
        spine.ORIENTATION: orientation, spine.OBJECTIVE: objective, spine.ACTION: action,
        spine.MEASURE: followed, spine.QUESTION: question, spine.DECISION: decision,
    }  # fmt: skip


# --- Both ways ------------------------------------------------------------------------------
def node(rank: int, pk: int) -> Node:
    step = next(step for step in spine.STEPS.values() if step.rank == rank)
    return Node(step.key, pk, f"{step.word} {pk}", "s", rank, step.word)


@given(
    st.lists(st.sampled_from([0, 1, 2, 3, 4, 6, 7, 8, 9]), min_size=1, max_size=12),
    st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=40),
)
def test_what_rests_on_an_object_is_what_finds_it_under_itself(
    ranks: list[int], ties: list[tuple[int, int]]
) -> None:
    thread = Thread()
    nodes = [node(rank, pk) for pk, rank in enumerate(ranks)]
    for each in nodes:
        thread.add(each)
    for one, other in ties:
        if one < len(nodes) and other < len(nodes) and nodes[one].rank < nodes[other].rank:
            thread.tie(nodes[one].key, nodes[other].key)
    for one in nodes:
        for other in nodes:
            assert (other in thread.carries(one.key)) == (one in thread.rests_on(other.key))
        # The tree and the drawing tell every object that the closure holds, and no other.
        assert flat(thread.tree(one.key, up=False)) == {n.key for n in thread.carries(one.key)}
        assert flat(thread.tree(one.key, up=True)) == {n.key for n in thread.rests_on(one.key)}
        drawn = ThreadChart(thread, one.key)
        assert {key for box in drawn.boxes() for key in box.keys} == {n.key for n in drawn.shown}


def flat(branches: Any) -> set[Any]:
    return {key for b in branches for key in {b.node.key} | flat(b.branches)}


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
@pytest.mark.django_db
def test_any_little_agreement_is_told_alike_from_both_ends(
    agreement: Agreement, data: st.DataObject
) -> None:
    """Through the database: if A rests on B, B's page shows A."""
    challenges = [challenge(agreement) for _ in range(2)]
    orientation = plan.orientation(
        agreement, challenges=data.draw(st.sets(st.sampled_from(challenges)))
    )
    actions = [
        plan.action(
            agreement, orientation=orientation,
            challenges=data.draw(st.sets(st.sampled_from(challenges))),
        )
        for _ in range(data.draw(st.integers(1, 3)))
    ]  # fmt: skip
    measures = [measure(agreement, action) for action in actions]
    create_question(
        agreement, actor=None, criterion="relevance", text="Utile ?",
        measures=data.draw(st.sets(st.sampled_from(measures))),
    )  # fmt: skip
    thread = thread_of(agreement)
    for key in thread.nodes:
        for over in thread.rests_on(key):
            assert thread.nodes[key] in thread.carries(over.key)
    for action in actions:
        for enjeu in action.challenges.all():
            assert ("action", action.pk) in thread.below["enjeu", enjeu.pk]


def test_the_whole_chain_is_followed_from_either_end(agreement: Agreement, chain: Any) -> None:
    thread = thread_of(agreement)
    figure, decision = (spine.LOCAL, chain[spine.LOCAL].pk), (
        spine.DECISION, chain[spine.DECISION].pk,
    )  # fmt: skip
    assert {n.step for n in thread.carries(figure)} == set(chain) - {spine.LOCAL}
    over = {n.step for n in thread.rests_on(decision)}
    assert over == set(chain) - {spine.DECISION, spine.MEASURE, spine.QUESTION}
    assert told(thread.rests_on((spine.QUESTION, chain[spine.QUESTION].pk))).startswith(
        "1\u00a0chiffre local, 1\u00a0constat, 1\u00a0enjeu, 1\u00a0orientation"
    )


def test_decision_settling_an_arbitration_rests_on_its_action(agreement: Agreement) -> None:
    action = plan.action(agreement)
    point = make("committees.ArbitrationPoint", agreement, action=action)
    option = make("committees.ArbitrationOption", agreement, point=point)
    decision = DecisionFactory(agreement=agreement, item=point.item, chosen_option=option)
    below = thread_of(agreement).below[spine.ACTION, action.pk]
    assert below == [(spine.DECISION, decision.pk)]


def test_published_figure_cited_twice_is_one_figure(agreement: Agreement, client_as) -> None:
    indicator = make("opendata.Indicator", agreement, key="taux", label="Taux d'accueil")
    one, two = finding(agreement), finding(agreement)
    cited = [
        make("territory.Evidence", agreement, finding=each, indicator=indicator,
             territory=agreement.lead_commune, period=2022, local_observation=None,
             value_as_read=Decimal("41.5"))
        for each in (one, two)
    ]  # fmt: skip
    thread = thread_of(agreement)
    assert [n.pk for n in thread.of(spine.FIGURE)] == [cited[0].pk]
    assert len(thread.below[spine.FIGURE, cited[0].pk]) == 2
    second = reverse("reports:thread_of", args=[agreement.slug, "chiffre", cited[1].pk])
    page = client_as(Role.READER).get(second).content.decode()
    assert one.text in page
    assert two.text in page


def test_drawing_keeps_to_four_boxes_a_band_and_counts_the_rest(agreement: Agreement) -> None:
    orientation = plan.orientation(agreement)
    for _ in range(9):
        plan.action(agreement, orientation=orientation)
    chart = ThreadChart(thread_of(agreement), (spine.ORIENTATION, orientation.pk))
    band = [box for box in chart.boxes() if box.rank == 6]
    assert len(band) == 4
    assert "et 6 autres" in band[-1].text.replace("\n", " ")
    assert len(chart.rows()) == 10


# --- Breaks ---------------------------------------------------------------------------------
def keys_of(agreement: Agreement, lack: str, **options: Any) -> set[int]:
    return {n.pk for n in broken(thread_of(agreement, **options), BY_KEY[lack])}


def expected(agreement: Agreement) -> dict[str, set[int]]:
    """Each break said again, by a plain query of its own."""
    own = {"agreement": agreement}
    actions = Action.objects.filter(**own, is_archived=False)
    alive = actions.exclude(status=ActionStatus.DROPPED)
    begun = alive.exclude(status__in=[ActionStatus.TO_DISCUSS, ActionStatus.PLANNED])
    challenges = Challenge.objects.filter(**own, is_archived=False)
    findings = Finding.objects.filter(**own, is_archived=False)
    measures = Measure.objects.filter(**own, action__in=actions)
    decisions = Decision.objects.filter(**own)

    def pks(rows: Any, test: Any) -> set[int]:
        return {row.pk for row in rows if test(row)}

    levels = pks(
        plan.Orientation.objects.filter(**own),
        lambda row: not actions.filter(orientation=row).exists(),
    ) | pks(
        Objective.objects.filter(**own),
        lambda row: not actions.filter(objective=row).exists(),
    )
    return {
        "enjeu-sans-action": pks(challenges, lambda c: not c.actions.filter(is_archived=False)),
        "constat-sans-enjeu": pks(findings, lambda f: not f.challenges.filter(is_archived=False)),
        "action-sans-enjeu": pks(alive, lambda a: not a.challenges.filter(is_archived=False)),
        "orientation-sans-enjeu": pks(
            plan.Orientation.objects.filter(**own), lambda o: not o.challenges.all()
        ),
        "niveau-sans-action": levels,
        "action-sans-mesure": pks(begun, lambda a: not a.measures.all()),
        "mesure-sans-valeur": pks(
            measures.filter(action__in=begun), lambda m: not m.points.filter(value__isnull=False)
        ),
        "mesure-sans-question": pks(
            measures.filter(action__in=alive),
            lambda m: not m.evaluation_questions.filter(is_active=True),
        ),
        "question-sans-mesure": pks(
            EvaluationQuestion.objects.filter(**own, is_active=True), lambda q: not q.measures.all()
        ),
        "decision-sans-suite": pks(decisions.open(), lambda d: not d.follow_up),
        "decision-sans-action": pks(
            decisions.exclude(state="dropped"), lambda d: not d.actions.filter(is_archived=False)
        ),
        "chiffre-sans-constat": pks(
            LocalObservation.objects.filter(**own, value__isnull=False),
            lambda f: not f.evidence.filter(finding__is_archived=False),
        ),
        "constat-sans-chiffre": pks(findings, lambda f: not f.evidence.all()),
    }


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
@pytest.mark.django_db
def test_breaks_are_those_that_plain_queries_find(
    agreement: Agreement, data: st.DataObject
) -> None:
    flip = st.booleans()
    findings = [finding(agreement, is_archived=data.draw(flip)) for _ in range(2)]
    if data.draw(flip):
        make("territory.Evidence", agreement, finding=findings[0])
    make("territory.LocalObservation", agreement)
    challenges = [challenge(agreement, is_archived=data.draw(flip)) for _ in range(2)]
    for one in challenges:
        for other in data.draw(st.sets(st.sampled_from(findings))):
            one.findings.through.objects.create(agreement=agreement, challenge=one, finding=other)
    orientation = plan.orientation(
        agreement, challenges=data.draw(st.sets(st.sampled_from(challenges)))
    )
    make("actionplan.Objective", agreement, orientation=orientation)
    for status in data.draw(
        st.lists(st.sampled_from(["planned", "in_progress", "dropped", "done"]), max_size=4)
    ):
        action = plan.action(
            agreement, orientation=orientation, status=status,
            dropped_reason="Sans objet" if status == "dropped" else "",
            challenges=data.draw(st.sets(st.sampled_from(challenges))),
            is_archived=data.draw(flip),
        )  # fmt: skip
        if data.draw(flip):
            followed = measure(agreement, action)
            value = Decimal(3) if data.draw(flip) else None
            MeasurePoint.objects.create(
                agreement=agreement, measure=followed, year=2026, target=Decimal(4), value=value
            )
            create_question(
                agreement, actor=None, criterion="relevance", text="Utile ?",
                measures=[followed] if data.draw(flip) else [], is_active=data.draw(flip),
            )  # fmt: skip
        decision = DecisionFactory(
            agreement=agreement, state=data.draw(st.sampled_from(["to_do", "done", "dropped"])),
            follow_up=data.draw(st.sampled_from(["", "Fait en partie."])),
        )  # fmt: skip
        if data.draw(flip):
            decision.actions.through.objects.create(
                agreement=agreement, decision=decision, action=action
            )
    thread = thread_of(agreement)
    found = {lack.key: {n.pk for n in broken(thread, lack)} for lack in LACKS}
    wanted = expected(agreement)
    # A question reads the measures of archived actions no more.
    wanted["question-sans-mesure"] |= {
        q.pk
        for q in EvaluationQuestion.objects.filter(agreement=agreement, is_active=True)
        if not q.measures.filter(action__is_archived=False).exists()
    }
    wanted["orientation-sans-enjeu"] |= {
        o.pk
        for o in plan.Orientation.objects.filter(agreement=agreement)
        if not o.challenges.filter(is_archived=False).exists()
    }
    assert found == wanted


# --- One click to mend ----------------------------------------------------------------------
@pytest.mark.parametrize("lack", [lack for lack in LACKS if lack.target], ids=lambda lack: lack.key)
def test_each_break_is_mended_in_one_post(
    agreement: Agreement, chain: Any, client_as, lack
) -> None:
    new = {
        spine.LOCAL: lambda: make("territory.LocalObservation", agreement),
        spine.FINDING: lambda: finding(agreement),
        spine.CHALLENGE: lambda: challenge(agreement),
        spine.ORIENTATION: lambda: plan.orientation(agreement),
        spine.ACTION: lambda: plan.action(agreement, orientation=chain[spine.ORIENTATION]),
        spine.MEASURE: lambda: measure(agreement, chain[spine.ACTION]),
        spine.QUESTION: lambda: create_question(
            agreement, actor=None, criterion="relevance", text="Encore ?"
        ),
        spine.DECISION: lambda: DecisionFactory(agreement=agreement),
    }[lack.steps[0]]()
    assert new.pk in keys_of(agreement, lack.key)
    client = client_as(Role.COORDINATOR)
    home = client.get(reverse("reports:thread", args=[agreement.slug])).content.decode()
    url = reverse("reports:thread_join", args=[agreement.slug, lack.key, new.pk])
    assert url in home
    assert client.post(url, {"target": chain[lack.target].pk}).status_code == 302
    assert new.pk not in keys_of(agreement, lack.key)


def test_every_list_that_joins_has_its_writer() -> None:
    for lack in LACKS:
        assert lack.target or lack.form
        if lack.target:
            assert any((step, lack.target) in WRITERS for step in lack.steps)


def test_joining_keeps_what_was_joined(agreement: Agreement, chain: Any) -> None:
    other = challenge(agreement)
    join(
        agreement, BY_KEY["action-sans-enjeu"], chain[spine.ACTION].pk, other.pk, actor=None, on=DAY
    )
    assert set(chain[spine.ACTION].challenges.all()) == {chain[spine.CHALLENGE], other}


def test_joining_to_another_agreement_is_refused(
    agreement: Agreement, other_agreement: Agreement, chain: Any, client_as
) -> None:
    theirs = challenge(other_agreement)
    action = plan.action(agreement)
    with pytest.raises(DomainError):
        join(agreement, BY_KEY["action-sans-enjeu"], action.pk, theirs.pk, actor=None, on=DAY)
    url = reverse("reports:thread_join", args=[agreement.slug, "action-sans-enjeu", action.pk])
    answer = client_as(Role.COORDINATOR).post(url, {"target": theirs.pk})
    assert answer.status_code == 422
    assert not action.challenges.exists()


# --- Pages ----------------------------------------------------------------------------------
@pytest.mark.parametrize("role", list(Role))
def test_page_of_each_step_tells_its_neighbours(
    agreement: Agreement, chain: Any, client_as, role
) -> None:
    client = client_as(role)
    access = get_access(client.membership.user, agreement.slug)
    for step, thing in chain.items():
        answer = client.get(reverse("reports:thread_of", args=[agreement.slug, step, thing.pk]))
        if step == spine.QUESTION and not access.can("evaluation.view"):
            assert answer.status_code == 403
            continue
        page = answer.content.decode()
        assert answer.status_code == 200
        assert "data:image/svg+xml;base64," in page
        for other in answer.context["chart"].shown:
            assert other.thread_url in page or other.key == (step, thing.pk)


def test_own_pages_lead_to_the_thread(agreement: Agreement, chain: Any, client_as) -> None:
    client = client_as(Role.COORDINATOR)
    pages = {
        spine.FINDING: reverse("territory:finding", args=[agreement.slug, chain[spine.FINDING].pk]),
        spine.CHALLENGE: reverse(
            "territory:challenge", args=[agreement.slug, chain[spine.CHALLENGE].pk]
        ),
        spine.ACTION: reverse("actionplan:action", args=[agreement.slug, chain[spine.ACTION].pk]),
        spine.MEASURE: reverse(
            "actionplan:measure", args=[agreement.slug, chain[spine.MEASURE].pk]
        ),
        spine.ORIENTATION: reverse("actionplan:plan", args=[agreement.slug]),
        spine.QUESTION: reverse("evaluation:home", args=[agreement.slug]),
        spine.DECISION: reverse(
            "committees:decision", args=[agreement.slug, chain[spine.DECISION].pk]
        ),
        spine.LOCAL: reverse("territory:finding", args=[agreement.slug, chain[spine.FINDING].pk]),
    }
    for step, page in pages.items():
        link = reverse("reports:thread_of", args=[agreement.slug, step, chain[step].pk])
        assert link in client.get(page).content.decode(), step


def test_figure_kept_for_a_few_is_neither_shown_nor_counted(
    agreement: Agreement, chain: Any, client_as
) -> None:
    LocalObservation.objects.filter(pk=chain[spine.LOCAL].pk).update(
        audience="internal", label="CHIFFRE-CACHÉ"
    )
    make("territory.LocalObservation", agreement, audience="internal", label="CHIFFRE-CACHÉ")
    reader, author = client_as(Role.READER), client_as(Role.COORDINATOR)
    urls = [
        reverse("reports:thread", args=[agreement.slug]),
        *(
            reverse("reports:thread_of", args=[agreement.slug, step, chain[step].pk])
            for step in (spine.FINDING, spine.ACTION, spine.ORIENTATION)
        ),
    ]
    for url in urls:
        assert "CHIFFRE-CACHÉ" not in reader.get(url).content.decode()
        assert "CHIFFRE-CACHÉ" in author.get(url).content.decode()
    hidden = reverse("reports:thread_of", args=[agreement.slug, spine.LOCAL, chain[spine.LOCAL].pk])
    assert reader.get(hidden).status_code == 404
    assert overview(thread_of(agreement, Audience.PUBLIC))[0].figures == 0
    assert overview(thread_of(agreement))[0].figures == 1
    # And no list tells a reader that the finding has no figure: it has one.
    keys = {row["found"].lack.key for row in reader.get(urls[0]).context["sections"]}
    assert not keys & {"constat-sans-chiffre", "chiffre-sans-constat"}


def test_nothing_of_another_agreement_is_told(
    agreement: Agreement, other_agreement: Agreement, chain: Any, client_as
) -> None:
    build_everything(other_agreement)
    mark_every_text(other_agreement)
    client = client_as(Role.COORDINATOR)
    for step, thing in chain.items():
        page = client.get(reverse("reports:thread_of", args=[agreement.slug, step, thing.pk]))
        assert MARKER not in page.content.decode()
    theirs = thread_of(other_agreement)
    for step, pk in theirs.nodes:
        url = reverse("reports:thread_of", args=[agreement.slug, step, pk])
        assert client.get(url).status_code == 404


@pytest.mark.parametrize("address", ["thread", "thread_of"])
def test_pages_cost_the_same_for_one_action_and_for_a_hundred(
    agreement: Agreement, chain: Any, client_as, django_assert_num_queries, address
) -> None:
    client = client_as(Role.ELECTED)
    key = ["orientation", chain[spine.ORIENTATION].pk] if address == "thread_of" else []
    url = reverse(f"reports:{address}", args=[agreement.slug, *key])
    client.get(url)
    with django_assert_num_queries(13):
        client.get(url)
    lead = plan.organisation(agreement)
    for _ in range(100):
        action = plan.action(
            agreement, orientation=chain[spine.ORIENTATION], lead_organisation=lead,
            challenges=[chain[spine.CHALLENGE]],
        )  # fmt: skip
        measure(agreement, action)
    with django_assert_num_queries(13):
        answer = client.get(url)
    assert answer.status_code == 200


@pytest.mark.django_db
def test_unknown_kind_or_break_is_not_found(agreement: Agreement) -> None:
    from django.test import Client

    client = Client()
    client.force_login(MembershipFactory(agreement=agreement, role=Role.COORDINATOR).user)
    for url in (
        reverse("reports:thread_of", args=[agreement.slug, "licorne", 1]),
        reverse("reports:thread_of", args=[agreement.slug, "chiffre", 99]),
        reverse("reports:thread_join", args=[agreement.slug, "licorne", 1]),
        reverse("reports:thread_join", args=[agreement.slug, "mesure-sans-valeur", 1]),
    ):
        assert client.get(url).status_code == 404


def test_citation_of_an_archived_finding_is_out_of_the_chain(agreement: Agreement) -> None:
    archived = finding(agreement, is_archived=True)
    make("territory.Evidence", agreement, finding=archived)
    assert Evidence.objects.filter(agreement=agreement).exists()
    assert thread_of(agreement).of(spine.FINDING) == []
