"""The prioritisation workshop: ranking, dots typed back, ranking kept, lock and correction."""

from __future__ import annotations

import io
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from agreements.models import Agreement, JournalEntry
from core.errors import DomainError, StaleObject
from territory import services, workshops
from territory.models import Challenge, Workshop
from territory.ranking import count, ranking
from tests.agreements.anything import make
from tests.factories import ThemeFactory

DAY = date(2026, 5, 12)
P = Challenge.Priority
VOTES = st.dictionaries(st.integers(1, 500), st.integers(0, 60), max_size=30)


# --- The ranking ----------------------------------------------------------------------------
@given(VOTES)
def test_more_dots_is_a_better_rank_and_equal_dots_share_it(votes: dict[int, int]) -> None:
    rows = ranking(votes)
    for one in rows:
        for other in rows:
            assert (one.votes > other.votes) == (one.rank < other.rank)
            assert (one.votes == other.votes) == (one.rank == other.rank)
        assert one.is_tied == (list(votes.values()).count(one.votes) > 1)
        assert one.rank == 1 + sum(value > one.votes for value in votes.values())


@given(VOTES, st.randoms())
def test_order_of_typing_changes_nothing(votes: dict[int, int], random: Any) -> None:
    items = list(votes.items())
    random.shuffle(items)
    assert ranking(dict(items)) == ranking(votes)


@given(VOTES)
def test_no_challenge_is_lost_nor_made_up(votes: dict[int, int]) -> None:
    assert {row.key: row.votes for row in ranking(votes)} == votes


@given(VOTES)
def test_priority_never_contradicts_the_rank(votes: dict[int, int]) -> None:
    rows = ranking(votes)
    assert [row.proposal for row in rows] == sorted(row.proposal for row in rows)
    for row in rows:
        assert (row.proposal == P.LOW) or row.votes
    by_rank: dict[int, set[int]] = {}
    for row in rows:
        by_rank.setdefault(row.rank, set()).add(row.proposal)
    assert all(len(proposals) == 1 for proposals in by_rank.values())


@given(VOTES, st.integers(0, 60), st.integers(1, 10))
def test_count_says_the_truth_about_the_sum(votes: dict[int, int], people: int, dots: int) -> None:
    told = count(votes.values(), people, dots)
    assert told.is_right == (sum(votes.values()) == people * dots)
    assert ("de trop" in told.sentence) == (sum(votes.values()) > people * dots)


def test_thirds_are_proposed_and_ties_share_the_better_one() -> None:
    rows = ranking({1: 9, 2: 9, 3: 9, 4: 4, 5: 2, 6: 0})
    assert [(row.rank, row.proposal) for row in rows] == [
        (1, P.HIGH), (1, P.HIGH), (1, P.HIGH), (4, P.MEDIUM), (5, P.LOW), (6, P.LOW),
    ]  # fmt: skip


def test_total_is_not_checked_without_participants() -> None:
    told = count([3, 4], None, 5)
    assert told.is_right
    assert "pas vérifié" in told.sentence


# --- Writing --------------------------------------------------------------------------------
@pytest.fixture
def challenges(agreement: Agreement) -> list[Challenge]:
    theme = ThemeFactory(agreement=agreement)
    return [
        make("territory.Challenge", agreement, theme=theme, title=f"Enjeu {letter}")
        for letter in "ABC"
    ]


@pytest.fixture
def workshop(agreement: Agreement) -> Workshop:
    return services.create_workshop(
        agreement, actor=None, held_on=DAY, participant_count=4, dots_each=3
    )


def test_empty_cell_is_not_submitted_and_zero_is(
    workshop: Workshop, challenges: list[Challenge]
) -> None:
    a, b, c = challenges
    services.set_votes(workshop, actor=None, votes={a: 5, b: 0, c: None})
    assert {row.challenge_id: row.votes for row in workshop.votes.all()} == {a.pk: 5, b.pk: 0}
    services.set_votes(workshop, actor=None, votes={b: None})
    assert [row.challenge_id for row in workshop.votes.all()] == [a.pk]


def test_ranking_kept_gives_rank_priority_date_and_reason(
    workshop: Workshop, challenges: list[Challenge], agreement: Agreement
) -> None:
    a, b, c = challenges
    services.set_votes(workshop, actor=None, votes={a: 2, b: 7, c: 2})
    services.apply_ranking(workshop, actor=None, priorities={a.pk: P.HIGH}, on=DAY)

    rows = {row.pk: row for row in Challenge.objects.filter(agreement=agreement)}
    assert [rows[x.pk].rank for x in challenges] == [2, 1, 2]
    assert [rows[x.pk].priority for x in challenges] == [P.HIGH, P.HIGH, P.MEDIUM]
    assert {row.prioritised_on for row in rows.values()} == {DAY}
    assert {row.workshop_id for row in rows.values()} == {workshop.pk}
    assert rows[a.pk].history.first().history_change_reason == "atelier du 12\u00a0mai\u00a02026"
    workshop.refresh_from_db()
    assert workshop.applied_on == DAY
    assert JournalEntry.objects.filter(agreement=agreement, verb="apply").count() == 1


def test_locked_workshop_refuses_changes_until_reopened_with_a_reason(
    workshop: Workshop, challenges: list[Challenge]
) -> None:
    a = challenges[0]
    services.set_votes(workshop, actor=None, votes={a: 2})
    services.apply_ranking(workshop, actor=None, priorities={}, on=DAY)
    for act in (
        lambda: services.set_votes(workshop, actor=None, votes={a: 3}),
        lambda: services.apply_ranking(workshop, actor=None, priorities={}, on=DAY),
    ):
        with pytest.raises(DomainError, match="rouvrez l'atelier"):
            act()
    with pytest.raises(DomainError, match="Dites pourquoi"):
        services.reopen_workshop(workshop, actor=None, reason="  ")
    reopened = services.reopen_workshop(workshop, actor=None, reason="carte mal comptée")
    assert reopened.history.first().history_change_reason == "carte mal comptée"
    assert services.set_votes(reopened, actor=None, votes={a: 3}) == 1


def test_title_stays_as_it_was_voted(workshop: Workshop, challenges: list[Challenge]) -> None:
    a = challenges[0]
    services.set_votes(workshop, actor=None, votes={a: 2})
    services.update_challenge(a, actor=None, title="Enjeu reformulé")
    services.set_votes(workshop, actor=None, votes={a: 4})
    line = workshops.result(workshop).lines[0]
    assert (line.title, line.challenge.title, line.was_renamed) == (
        "Enjeu A", "Enjeu reformulé", True,
    )  # fmt: skip


def test_one_ranking_is_in_force_and_an_older_one_cannot_come_back(
    workshop: Workshop, challenges: list[Challenge], agreement: Agreement
) -> None:
    a, b, c = challenges
    services.set_votes(workshop, actor=None, votes={a: 2, b: 1})
    services.apply_ranking(workshop, actor=None, priorities={}, on=DAY)
    later = services.create_workshop(agreement, actor=None, held_on=date(2027, 5, 12))
    services.set_votes(later, actor=None, votes={b: 4, c: 1})
    services.apply_ranking(later, actor=None, priorities={}, on=date(2027, 5, 13))

    ranks = dict(Challenge.objects.filter(agreement=agreement).values_list("pk", "rank"))
    assert ranks == {a.pk: None, b.pk: 1, c.pk: 2}
    assert len(workshops.result(workshop).lines) == 2
    with pytest.raises(DomainError, match="12\u00a0mai\u00a02027"):
        services.reopen_workshop(workshop, actor=None, reason="erreur")


def test_ranking_that_moved_under_the_eyes_is_not_kept(
    workshop: Workshop, challenges: list[Challenge]
) -> None:
    read = workshop.version
    services.set_votes(workshop, actor=None, votes={challenges[0]: 2})
    with pytest.raises(StaleObject):
        services.apply_ranking(workshop, actor=None, priorities={}, on=DAY, expected_version=read)
    assert not Challenge.objects.filter(agreement=workshop.agreement, rank__isnull=False).exists()


def test_nothing_to_keep_without_dots(workshop: Workshop) -> None:
    with pytest.raises(DomainError, match="Saisissez d'abord"):
        services.apply_ranking(workshop, actor=None, priorities={}, on=DAY)


def test_workshop_that_ranked_is_not_deleted(
    workshop: Workshop, challenges: list[Challenge]
) -> None:
    services.set_votes(workshop, actor=None, votes={challenges[0]: 2})
    services.apply_ranking(workshop, actor=None, priorities={}, on=DAY)
    reopened = services.reopen_workshop(workshop, actor=None, reason="erreur")
    with pytest.raises(DomainError, match="reste dans l'historique"):
        services.remove_workshop(reopened, actor=None)


def read(answer: Any) -> str:
    return unescape(answer.content.decode())


# --- Pages ----------------------------------------------------------------------------------
def page(name: str, workshop: Workshop) -> str:
    return reverse(f"territory:{name}", args=[workshop.agreement.slug, workshop.pk])


def test_votes_are_typed_on_one_screen_and_the_count_is_said(
    workshop: Workshop, challenges: list[Challenge], client_as: Any
) -> None:
    client = client_as("coordinator")
    data = {f"votes-{challenges[0].pk}": "9", f"votes-{challenges[1].pk}": ""}
    assert client.post(page("workshop_votes", workshop), data).status_code == 302
    assert workshop.votes.get().votes == 9
    told = read(client.get(page("workshop", workshop)))
    assert "9\u00a0gommettes comptées sur 12 distribuées" in told
    assert "Le compte n'y est pas" in told


@pytest.mark.parametrize("typed", ["beaucoup", "-1", "99999"])
def test_unreadable_count_is_refused_in_words(
    workshop: Workshop, challenges: list[Challenge], client_as: Any, typed: str
) -> None:
    answer = client_as("coordinator").post(
        page("workshop_votes", workshop), {f"votes-{challenges[0].pk}": typed}
    )
    assert answer.status_code == 422
    assert not workshop.votes.exists()


def test_cell_that_somebody_else_wrote_meanwhile_is_refused(
    workshop: Workshop, challenges: list[Challenge], client_as: Any
) -> None:
    a = challenges[0]
    services.set_votes(workshop, actor=None, votes={a: 0})
    answer = client_as("coordinator").post(
        page("workshop_votes", workshop),
        {f"votes-{a.pk}": "4", f"initial-votes-{a.pk}": ""},
    )
    assert answer.status_code == 422
    assert "quelqu'un a enregistré « 0 »" in read(answer)


def test_ranking_is_kept_from_its_page(
    workshop: Workshop, challenges: list[Challenge], client_as: Any
) -> None:
    a, b, _ = challenges
    services.set_votes(workshop, actor=None, votes={a: 2, b: 7})
    workshop.refresh_from_db()
    client = client_as("coordinator")
    data = {"version": workshop.version, f"priority-{a.pk}": "3", f"priority-{b.pk}": "1"}
    stale = client.post(page("workshop_apply", workshop), {**data, "version": 1})
    assert stale["Location"] == page("workshop_apply", workshop)
    assert client.post(page("workshop_apply", workshop), data).status_code == 302
    a.refresh_from_db()
    assert (a.rank, a.priority) == (2, 3)
    assert "classement retenu" in read(client.get(page("workshop", workshop)))
    assert client.post(page("workshop_apply", workshop), data).status_code == 422
    assert client.post(page("workshop_reopen", workshop), {}).status_code == 422


@pytest.mark.parametrize("many", [1, 6])
def test_workshop_page_costs_the_same_for_one_challenge_and_many(
    workshop: Workshop, client_as: Any, django_assert_num_queries: Any, many: int
) -> None:
    theme = ThemeFactory(agreement=workshop.agreement)
    votes = {
        make("territory.Challenge", workshop.agreement, theme=theme): number
        for number in range(many)
    }
    services.set_votes(workshop, actor=None, votes=votes)
    client = client_as("reader")
    with django_assert_num_queries(WORKSHOP_QUERIES):
        assert client.get(page("workshop", workshop)).status_code == 200


WORKSHOP_QUERIES = 5


# --- On paper -------------------------------------------------------------------------------
def text_of(data: bytes) -> str:
    return " ".join(" ".join(p.extract_text() for p in PdfReader(io.BytesIO(data)).pages).split())


def test_cards_print_every_challenge_and_only_public_figures(
    workshop: Workshop, challenges: list[Challenge], client_as: Any
) -> None:
    agreement = workshop.agreement
    finding = make(
        "territory.Finding", agreement, theme=challenges[0].theme, text="Peu de places le soir"
    )
    services.group_findings(agreement, [finding], actor=None, challenge=challenges[0])
    for audience, label in (("internal", "Chiffre interne"), ("public", "Chiffre public")):
        figure = make(
            "territory.LocalObservation", agreement, audience=audience, label=label, value=61
        )
        make("territory.Evidence", agreement, finding=finding, local_observation=figure)
    for per_page, pages in ((2, 2), (4, 1)):
        answer = client_as("reader").get(page("workshop_cards", workshop), {"par_page": per_page})
        data = b"".join(answer.streaming_content)
        reader = PdfReader(io.BytesIO(data))
        assert len(reader.pages) == pages
        assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
        told = text_of(data)
        assert "Enjeu A" in told
        assert "Enjeu C" in told
        assert "Peu de places le soir" in told
        assert "Chiffre public" in told
        assert "Chiffre interne" not in told


def test_voting_sheet_lists_the_challenges(
    workshop: Workshop, challenges: list[Challenge], client_as: Any
) -> None:
    answer = client_as("reader").get(page("workshop_sheet", workshop))
    told = text_of(b"".join(answer.streaming_content))
    assert "Feuille de vote" in told
    assert "Enjeu B" in told
    assert "3 gommettes" in told
