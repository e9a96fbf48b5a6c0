"""The week says who has not answered the invitation of a COPIL that is near."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from agreements.models import Agreement
from committees.services import answer_invitation, update_meeting
from desk import committees
from desk.week import WeekLine
from tests.committees.sending_factories import coming_meeting, send

pytestmark = pytest.mark.django_db


def lines_of(agreement: Agreement) -> list[WeekLine]:
    facts = committees.read(agreement, date.today())
    return committees.answers_line(agreement, facts, date.today())


def test_silent_guests_are_counted_when_the_day_is_near(agreement) -> None:
    meeting = coming_meeting(agreement, people=3, on=date.today() + timedelta(10))
    assert lines_of(agreement) == []  # nobody is invited yet
    send(meeting)
    answer_invitation(meeting.attendances.first(), answer="coming")
    assert [line.title for line in lines_of(agreement)] == [
        "2\xa0personnes n'ont pas répondu à l'invitation"
    ]
    update_meeting(meeting, actor=None, on=date.today() + timedelta(40))
    assert lines_of(agreement) == []


def test_one_person_is_told_in_the_singular_and_nobody_not_at_all(agreement) -> None:
    meeting = coming_meeting(agreement, people=1, on=date.today() + timedelta(5))
    send(meeting)
    assert "1\xa0personne n'a pas répondu" in lines_of(agreement)[0].title
    answer_invitation(meeting.attendances.get(), answer="excused")
    assert lines_of(agreement) == []
