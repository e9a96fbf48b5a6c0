"""What the author keeps of « L'élu en trois minutes », and the life of its links."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actionplan import services as plan
from agreements.models import AccessLink, Agreement, JournalEntry
from committees import services
from committees.brief_words import LONGEST, MEASURE
from committees.models import Meeting, MeetingBrief
from committees.services import briefs
from core.amounts import names_money
from core.errors import DomainError, StaleObject
from tests.actionplan.factories import action as make_action
from tests.committees.factories import MeetingFactory

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")


def at(*moment: int) -> Any:
    """The clock says this, in Paris."""
    return patch("django.utils.timezone.now", return_value=datetime(*moment, tzinfo=PARIS))  # type: ignore[arg-type]


@pytest.fixture
def meeting(agreement: Agreement) -> Meeting:
    return MeetingFactory(agreement=agreement, on=date(2026, 12, 8))


def write(
    meeting: Meeting, *sentences: str, figures: tuple[str, ...] = (), **more: object
) -> MeetingBrief:
    return briefs.write_brief(meeting, actor=None, sentences=sentences, figures=figures, **more)  # type: ignore[arg-type]


def measure_key(agreement: Agreement, **fields: object) -> str:
    given = {"label": "Places", "unit": "places", **fields}
    measure = plan.create_measure(
        agreement, actor=None, action=make_action(agreement, title="Ouvrir"), **given
    )
    return f"{MEASURE}{measure.pk}"


# --- Words ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "text", ["38 000 €", "38000€", "trois mille euros", "un Euro par repas", "20 k€", "EUR 300"]
)
def test_an_amount_is_seen_however_it_is_typed(text: str) -> None:
    assert names_money(text)


@pytest.mark.parametrize("text", ["42 places", "Europe", "les Eurocités", "neuroatypique", "17 %"])
def test_other_words_are_not_amounts(text: str) -> None:
    assert not names_money(text)


# --- Keeping ----------------------------------------------------------------------------------
def test_empty_sentences_are_left_out_and_spaces_tidied(meeting) -> None:
    brief = write(meeting, "  Une  phrase. ", "", "Deux ?")
    assert brief.sentences == ["Une phrase.", "Deux ?"] or brief.sentences == [
        "Une phrase.",
        "Deux\u00a0?",
    ]
    assert brief.figures == []


def test_longest_sentence_is_kept_and_one_more_letter_refused(meeting) -> None:
    assert write(meeting, "a" * LONGEST).sentences == ["a" * LONGEST]
    with pytest.raises(DomainError, match="281 caractères pour 280") as refusal:
        write(meeting, "ok", "a" * (LONGEST + 1))
    assert refusal.value.field == "sentence2"


def test_sentence_with_an_amount_is_refused(meeting) -> None:
    with pytest.raises(DomainError, match="aucun montant") as refusal:
        write(meeting, "La Caf apporte 20 900 €.")
    assert refusal.value.field == "sentence1"
    assert not MeetingBrief.objects.exists()


def test_figures_are_known_once_each_and_never_in_euros(
    agreement, other_agreement, meeting
) -> None:
    key = measure_key(agreement)
    assert write(meeting, figures=("", key)).figures == [key]
    for wrong, words in (
        ((key, key), "déjà choisi"),
        ((measure_key(other_agreement),), "n'existe plus"),
        (("measure:999999999999999999999",), "n'existe plus"),
        (("measure:x",), "n'existe plus"),
        (("indicator:inconnu",), "n'existe plus"),
        (("budget:1",), "n'existe plus"),
        ((measure_key(agreement, label="Coût par enfant", unit="€"),), "aucun montant"),
    ):
        with pytest.raises(DomainError, match=words):
            write(meeting, figures=wrong)


def test_two_people_writing_lose_nothing(meeting) -> None:
    brief = write(meeting, "Première version.")
    write(meeting, "Deuxième version.", expected_version=brief.version)
    with pytest.raises(StaleObject):
        write(meeting, "Troisième version.", expected_version=brief.version)
    assert MeetingBrief.objects.get().sentences == ["Deuxième version."]


# --- Links ------------------------------------------------------------------------------------
def test_link_is_kept_as_a_hash_and_told_in_the_journal(meeting) -> None:
    door, token = services.hand_over_brief_link(meeting, actor=None, label="Mme la maire")
    stored = AccessLink.objects.values().get(pk=door.link_id)
    assert token not in str(stored)
    assert briefs.find_brief_door(token) == door
    assert JournalEntry.objects.filter(sentence__contains="Mme la maire").exists()


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [((2026, 12, 23, 23, 59), True), ((2026, 12, 24, 0, 0), False)],
)
def test_link_dies_at_the_midnight_after_its_days(meeting, moment, is_open) -> None:
    with at(2026, 12, 1, 9):
        door, _ = services.hand_over_brief_link(meeting, actor=None, label="M. X", days=15)
    with at(*moment):
        assert (briefs.brief_door_problem(door) == "") is is_open
    assert door.last_day == date(2026, 12, 23)


def test_link_taken_back_opens_no_more_and_says_it(meeting) -> None:
    door, token = services.hand_over_brief_link(meeting, actor=None, label="M. X")
    services.revoke_brief_link(door, actor=None)
    found = briefs.find_brief_door(token)
    assert found is not None
    assert "retiré" in briefs.brief_door_problem(found)
    services.revoke_brief_link(found, actor=None)
    assert JournalEntry.objects.filter(verb="revoke").count() == 1


def test_link_follows_the_meeting_that_changes_day(meeting) -> None:
    door, _ = services.hand_over_brief_link(meeting, actor=None, label="M. X", days=10)
    services.update_meeting(meeting, actor=None, on=date(2027, 4, 1))
    door.link.refresh_from_db()
    assert door.last_day == date(2027, 4, 11)


@pytest.mark.parametrize("days", [-1, 91])
def test_days_out_of_bounds_are_refused(meeting, days) -> None:
    with pytest.raises(DomainError, match="entre 0 et 90"):
        services.hand_over_brief_link(meeting, actor=None, label="M. X", days=days)


def test_no_link_is_born_closed_nor_for_a_cancelled_meeting(agreement, meeting) -> None:
    with (
        at(2027, 2, 1),
        pytest.raises(DomainError, match="déjà fermé"),
    ):
        services.hand_over_brief_link(meeting, actor=None, label="M. X")
    services.cancel_meeting(meeting, actor=None)
    with pytest.raises(DomainError, match="annulée"):
        services.hand_over_brief_link(meeting, actor=None, label="M. X")


@given(
    days=st.integers(0, 90),
    moved=st.integers(-300, 300),
    start=st.dates(date(2026, 1, 1), date(2026, 12, 31)),
)
def test_last_day_is_the_day_of_the_meeting_and_its_days(
    days: int, moved: int, start: date
) -> None:
    """Summer time or not: midnight is that of Paris."""
    from committees.models import BriefLink
    from core.dates import end_of_day

    last = start + timedelta(days=days + moved)
    door = BriefLink(link=AccessLink(expires_at=end_of_day(last)))
    assert door.last_day == last
    assert end_of_day(last).timetz().replace(tzinfo=None) == time.min
