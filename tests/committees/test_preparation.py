"""The rétroplanning: its dates, its ticks, its advice."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreements.models import Agreement, JournalEntry, Role
from committees import retroplanning, services
from committees.models import Meeting, PreparationLine, PreparationStep, Step
from core.dates import holiday_name, working_day
from core.errors import DomainError
from tests.committees.factories import CommitteeFactory, KindFactory, MeetingFactory, add_meeting
from tests.committees.test_pages import address, text

pytestmark = pytest.mark.django_db
DAY = date(2026, 12, 8)


@pytest.fixture
def meeting(agreement: Agreement) -> Meeting:
    committee = CommitteeFactory(
        agreement=agreement, kind=KindFactory(agreement=agreement, has_preparation=True)
    )
    return add_meeting(committee, DAY)


def dates(meeting: Meeting) -> dict[str, date]:
    return dict(meeting.preparation.values_list("key", "due_on"))


# --- Dates ------------------------------------------------------------------------------------
def test_meeting_comes_with_its_steps(meeting: Meeting) -> None:
    assert list(dates(meeting).items()) == [
        ("date", date(2026, 10, 9)),
        ("collection", date(2026, 10, 23)),
        ("invitation", date(2026, 11, 6)),
        ("reading", date(2026, 11, 18)),
        ("pack", date(2026, 11, 30)),
        ("meeting", DAY),
        ("record", date(2026, 12, 18)),
        ("follow_up", date(2027, 1, 7)),
    ]


def test_kind_without_rétroplanning_brings_none(agreement: Agreement) -> None:
    meeting = add_meeting(CommitteeFactory(agreement=agreement), DAY)
    assert not meeting.preparation.exists()
    services.prepare_meeting(meeting, actor=None)
    services.prepare_meeting(meeting, actor=None)
    assert meeting.preparation.count() == len(retroplanning.USUAL_DELAYS)


@given(on=st.dates(date(2026, 1, 1), date(2045, 12, 31)), days=st.integers(-365, 365))
def test_no_step_falls_on_a_day_off_and_none_is_late_for_it(on, days) -> None:
    due, wanted = retroplanning.due_date(on, days), on + timedelta(days)
    if days == 0:
        assert due == wanted
    else:
        assert due.weekday() < 5
        assert not holiday_name(due)
        assert timedelta(0) <= wanted - due <= timedelta(5)
        skipped = [due + timedelta(n) for n in range(1, (wanted - due).days + 1)]
        assert all(day.weekday() >= 5 or holiday_name(day) for day in skipped)


@pytest.mark.parametrize(
    ("wanted", "due"),
    [
        (date(2026, 12, 25), date(2026, 12, 24)),  # Christmas, a Friday
        (date(2026, 12, 27), date(2026, 12, 24)),  # the Sunday after it
        (date(2027, 3, 29), date(2027, 3, 26)),  # Easter Monday
        (date(2026, 5, 17), date(2026, 5, 15)),  # the Sunday after Ascension: the Friday is worked
        (date(2026, 12, 26), date(2026, 12, 24)),
        (date(2026, 11, 12), date(2026, 11, 12)),
    ],
)
def test_public_holiday_is_no_working_day(wanted, due) -> None:
    assert working_day(wanted) == due


def test_what_is_not_done_follows_the_meeting(meeting: Meeting) -> None:
    before = dates(meeting)
    services.tick_line(meeting.preparation.get(key="date"), actor=None, on=date(2026, 10, 1))
    chosen = meeting.preparation.get(key="reading")
    services.update_line(chosen, actor=None, label=chosen.label, due_on=date(2026, 11, 17))
    own = services.add_line(meeting, actor=None, label="Réserver la salle", due_on=DAY)
    services.update_meeting(meeting, actor=None, on=DAY + timedelta(7))
    after = dates(meeting)
    assert after["date"] == before["date"]
    assert after["reading"] == date(2026, 11, 24)
    assert PreparationLine.objects.get(pk=own.pk).due_on == DAY + timedelta(7)
    for key in ("collection", "invitation", "pack", "meeting", "record", "follow_up"):
        assert after[key] == working_day(before[key] + timedelta(7))
    assert after["record"] == date(2026, 12, 24)  # the eve of Christmas


def test_delays_are_those_of_the_agreement(agreement, client_as) -> None:
    url, coordinator = address(agreement, "delays"), client_as(Role.COORDINATOR)
    data = {key: days for key, days in retroplanning.USUAL_DELAYS.items() if key != "meeting"}
    active = {f"{key}-active": "on" for key in data}
    del active["collection-active"]
    coordinator.post(url, {**data, **active, "pack": "-15"})
    known = {delay.key: delay for delay in retroplanning.delays(agreement)}
    assert known["pack"].days == -15
    assert not known["collection"].is_active
    assert PreparationStep.objects.filter(agreement=agreement).count() == 2
    meeting = services.prepare_meeting(MeetingFactory(agreement=agreement, on=DAY), actor=None)
    assert {line.key for line in meeting} == set(retroplanning.USUAL_DELAYS) - {"collection"}


@pytest.mark.parametrize(
    ("key", "days", "words"),
    [("pack", 8, "nombre négatif"), ("record", -1, "nombre positif"), ("pack", -400, "un an")],
)
def test_strange_delay_is_refused(agreement, key, days, words) -> None:
    with pytest.raises(DomainError, match=words):
        services.set_delays(agreement, actor=None, given={key: (days, True)})


def test_delay_reads_as_it_was_set_whatever_the_week_end(agreement, client_as, meeting) -> None:
    page = text(client_as(Role.COORDINATOR), address(agreement, "meeting", meeting.pk))
    assert "<strong>J-45</strong>" in page  # a Saturday: the Friday before
    line = meeting.preparation.get(key="pack")
    services.update_line(line, actor=None, label=line.label, due_on=DAY - timedelta(6))
    page = text(client_as(Role.COORDINATOR), address(agreement, "meeting", meeting.pk))
    assert "<strong>J-6</strong>" in page


# --- Ticks ------------------------------------------------------------------------------------
def test_line_is_ticked_and_opened_again(agreement, client_as, meeting) -> None:
    line = meeting.preparation.get(key="pack")
    url, coordinator = address(agreement, "line_tick", line.pk), client_as(Role.COORDINATOR)
    response = coordinator.post(url, {"fait": "oui"})
    line.refresh_from_db()
    assert line.done_on == date.today()
    assert "autofocus" in text(coordinator, response.url)
    coordinator.post(url, {"fait": "non"})
    line.refresh_from_db()
    assert line.done_on is None
    assert JournalEntry.objects.filter(agreement=agreement, verb="tick").count() == 2


def test_meeting_held_ticks_its_own_step(meeting: Meeting) -> None:
    services.hold_meeting(meeting, actor=None)
    assert meeting.preparation.get(key=Step.MEETING).done_on == DAY
    services.plan_meeting_again(meeting, actor=None)
    assert meeting.preparation.get(key=Step.MEETING).done_on is None


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        (Role.COORDINATOR, True),
        (Role.DIRECTION, True),
        (Role.CAF, True),
        (Role.ELECTED, False),
        (Role.PARTNER, False),
        (Role.READER, False),
    ],
)
def test_rétroplanning_is_for_those_who_prepare(agreement, client_as, meeting, role, sees) -> None:
    page = text(client_as(role), address(agreement, "meeting", meeting.pk))
    assert ("Transmettre le dossier de séance" in page) == sees
    assert ("Ajouter une étape" in page) == (role == Role.COORDINATOR)
    assert ("L&#x27;invitation</a>" in page) == sees  # the page of the sendings is theirs too


def test_late_line_is_advice(agreement, client_as, meeting) -> None:
    PreparationLine.objects.filter(meeting=meeting).update(due_on=date.today() + timedelta(1))
    coordinator, url = client_as(Role.COORDINATOR), address(agreement, "meeting", meeting.pk)
    assert "date passée" not in text(coordinator, url)
    meeting.preparation.filter(key="pack").update(due_on=date.today() - timedelta(1))
    assert text(coordinator, url).count("date passée") == 1
    services.cancel_meeting(meeting, actor=None)
    assert "date passée" not in text(coordinator, url)


def test_date_of_a_step_is_typed(agreement, client_as, meeting) -> None:
    line = meeting.preparation.get(key="pack")
    coordinator = client_as(Role.COORDINATOR)
    coordinator.post(
        address(agreement, "line_update", line.pk), {"label": line.label, "due_on": "28/11/2026"}
    )
    line.refresh_from_db()
    assert (line.due_on, line.is_adjusted) == (date(2026, 11, 28), True)
    coordinator.post(
        address(agreement, "line_create", meeting.pk),
        {"label": "Réserver la salle", "due_on": "2026-10-12"},
    )
    other = meeting.preparation.get(label="Réserver la salle")
    coordinator.post(address(agreement, "line_delete", other.pk))
    assert not PreparationLine.objects.filter(pk=other.pk).exists()


# --- Hours ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("start", "minutes", "words"),
    [
        (time(14), 0, "suivre son début"),
        (time(22), 180, "le jour où elle commence"),
        (time(1), 800, "douze heures"),
    ],
)
def test_strange_hours_are_refused(agreement, start, minutes, words) -> None:
    committee = CommitteeFactory(agreement=agreement)
    with pytest.raises(DomainError, match=words) as refused:
        add_meeting(committee, DAY, starts_at=start, duration_minutes=minutes)
    assert refused.value.field == "ends_at"


@pytest.mark.parametrize("end", ["14:00", "13:30"])
def test_end_before_the_start_stays_in_the_form(agreement, client_as, end) -> None:
    committee = CommitteeFactory(agreement=agreement)
    response = client_as(Role.COORDINATOR).post(
        address(agreement, "meeting_create"),
        {"committee": committee.pk, "on": "2026-12-08", "starts_at": "14:00", "ends_at": end},
    )
    assert response.status_code == 422
    assert "La fin de la réunion doit suivre son début" in response.content.decode()
