"""The feed: what it shows, to whom, until when; what it never tells."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar, Event

from agreements.access import get_access
from agreements.models import AccessLink, Agreement, JournalEntry, Membership, Role
from agreements.services.links import WRONG_TOKENS
from core.documents.ics import event_uid
from core.errors import DomainError
from desk.calendar import feeds
from desk.calendar.entries import Kind
from desk.models import CalendarFeed
from desk.services import create_deadline, delete_deadline, update_deadline
from tests.actionplan.factories import action as make_action
from tests.agreements.anything import make
from tests.committees.factories import AttendanceFactory, ContactFactory, MeetingFactory
from tests.desk.conftest import TODAY
from tests.desk.test_calendar import DAY, fill
from tests.desk.test_week import address, text
from tests.factories import MembershipFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture(autouse=True)
def no_wrong_address_yet() -> None:
    cache.clear()


@pytest.fixture
def member(agreement: Agreement) -> Membership:
    return MembershipFactory(agreement=agreement, role=Role.COORDINATOR)


def subscribed(member: Membership, *kinds: Kind) -> str:
    """The address, as a path."""
    access = get_access(member.user, member.agreement.slug)
    return reverse("calendar_feed", args=[feeds.subscribe(access, kinds=kinds)[1]])


def events(url: str) -> list[Event]:
    answer = Client().get(url)
    assert answer.status_code == 200, answer.content
    return list(Calendar.from_ical(answer.content).walk("VEVENT"))


def titles(url: str) -> set[str]:
    return {str(event["SUMMARY"]) for event in events(url)}


# --- Contents ---------------------------------------------------------------------------------
def test_feed_is_a_calendar_of_what_the_person_may_see(agreement, member) -> None:
    fill(agreement)
    answer = Client().get(subscribed(member))
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    calendar = Calendar.from_ical(answer.content)
    assert calendar["METHOD"] == "PUBLISH"
    assert calendar["X-WR-CALNAME"] == str(agreement)
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT6H\r\n" in answer.content
    assert b"X-PUBLISHED-TTL:PT6H\r\n" in answer.content
    found = calendar.walk("VEVENT")
    assert len({event["UID"] for event in found}) == len(found)
    for event in found:
        assert event["DTSTAMP"].dt.tzinfo is not None
        assert event["URL"].startswith("http")
    assert all(len(line) <= 75 for line in answer.content.split(b"\r\n"))


def test_role_that_changes_changes_the_feed(agreement, member) -> None:
    fill(agreement)
    create_deadline(agreement, actor=None, title="Pour nous", on=DAY, audience="internal")
    url = subscribed(member)
    assert {"Envoyer le dossier", "Pour nous", "Fin du contrat : PSU"} <= titles(url)
    Membership.objects.filter(pk=member.pk).update(role=Role.READER)
    after = titles(url)
    assert not {"Envoyer le dossier", "Pour nous", "Fin du contrat : PSU"} & after
    assert "Échéance caf" in after


def test_feed_gives_the_kinds_that_were_chosen(agreement, member) -> None:
    fill(agreement)
    assert titles(subscribed(member, Kind.CAF, Kind.STEP)) == {"Échéance caf", "Trouver un local"}


def test_kind_that_is_no_more_opens_nothing_else(agreement, member) -> None:
    fill(agreement)
    url = subscribed(member, Kind.PREPARATION)
    Membership.objects.filter(pk=member.pk).update(role=Role.READER)
    assert titles(url) == set()
    CalendarFeed.objects.update(kinds=["disparue"])
    assert titles(url) == set()


def test_another_agreement_is_never_told(agreement, other_agreement, member) -> None:
    MembershipFactory(agreement=other_agreement, user=member.user, role=Role.COORDINATOR)
    create_deadline(other_agreement, actor=None, title="À eux", on=DAY)
    create_deadline(agreement, actor=None, title="À nous", on=DAY)
    told = titles(subscribed(member))
    assert "À nous" in told
    assert "À eux" not in told


def test_feed_tells_titles_hours_and_places_only(agreement, member) -> None:
    fill(agreement)
    person = ContactFactory(agreement=agreement, first_name="Odile", last_name="Ferrand")
    meeting = MeetingFactory(
        agreement=agreement, on=DAY, chair=person, place="Mairie", minutes="Secret"
    )
    AttendanceFactory(agreement=agreement, meeting=meeting, contact=person)
    create_deadline(agreement, actor=None, title="Dépôt", on=DAY, note="Appeler Mme Garnier")
    make_action(
        agreement, title="Ludothèque", due_on=DAY, lead_contact=person, progress_note="Tendu"
    )
    body = Client().get(subscribed(member)).content.decode().replace("\r\n ", "")
    for words in ("Ferrand", "Secret", "Garnier", "Tendu", "Verser", "€", "ATTENDEE", "ORGANIZER"):
        assert words not in body
    assert "LOCATION:Mairie" in body


def test_done_and_cancelled_are_told_in_words(agreement, member) -> None:
    meeting = MeetingFactory(agreement=agreement, on=DAY, state="cancelled")
    create_deadline(agreement, actor=None, title="Bilan", on=TODAY, done_on=TODAY)
    found = {str(event["SUMMARY"]): event for event in events(subscribed(member))}
    assert found[f"Annulée : {meeting.committee}"]["STATUS"] == "CANCELLED"
    assert "Bilan (fait)" in found


def test_feed_looks_back_one_year(agreement, member) -> None:
    Agreement.objects.filter(pk=agreement.pk).update(starts_on=date(2024, 1, 1))
    for title, days in [("Récente", 365), ("Ancienne", 366)]:
        make("desk.Deadline", agreement, title=title, on=TODAY - timedelta(days), audience="public")
    told = titles(subscribed(member))
    assert "Récente" in told
    assert "Ancienne" not in told


# --- Hours ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("on", "utc_hour"),
    [
        (date(2027, 3, 27), 13),  # the eve of the change: UTC+1
        (date(2027, 3, 28), 12),  # the day itself, after it: UTC+2
        (date(2026, 10, 24), 12),
        (date(2026, 10, 25), 13),
    ],
)
def test_meeting_keeps_its_hour_through_the_change_of_time(agreement, member, on, utc_hour) -> None:
    meeting = MeetingFactory(agreement=agreement, on=on, starts_at=time(14), duration_minutes=90)
    (event,) = events(subscribed(member, Kind.MEETING))
    start, end = event["DTSTART"].dt, event["DTEND"].dt
    assert start.replace(tzinfo=None) == datetime.combine(on, time(14))
    assert start.astimezone(UTC) == datetime.combine(on, time(utc_hour), UTC)
    assert end - start == timedelta(minutes=90)
    assert event["UID"] == event_uid("reunion", meeting.pk, meeting.created_at)


def test_date_without_hour_takes_whole_days(agreement, member) -> None:
    create_deadline(agreement, actor=None, title="Un jour", on=DAY)
    create_deadline(agreement, actor=None, title="Cinq jours", on=DAY, ends_on=DAY + timedelta(4))
    create_deadline(agreement, actor=None, title="Une heure", on=DAY, starts_at=time(9, 30))
    create_deadline(agreement, actor=None, title="Tard", on=DAY, starts_at=time(23, 30))
    found = {str(event["SUMMARY"]): event for event in events(subscribed(member, Kind.CAF))}
    one, five, hour = (found[title] for title in ("Un jour", "Cinq jours", "Une heure"))
    assert (one["DTSTART"].dt, one["DTEND"].dt) == (DAY, DAY + timedelta(1))
    assert (five["DTSTART"].dt, five["DTEND"].dt) == (DAY, DAY + timedelta(5))
    assert hour["DTEND"].dt - hour["DTSTART"].dt == timedelta(hours=1)
    assert found["Tard"]["DTEND"].dt.date() == DAY


def test_change_keeps_the_uid_and_raises_the_stamp(agreement, member, clock) -> None:
    row = create_deadline(agreement, actor=None, title="Bilan", on=DAY)
    url = subscribed(member, Kind.CAF)
    (before,) = events(url)
    clock.shift(timedelta(hours=2))
    update_deadline(row, actor=None, on=DAY + timedelta(7))
    (after,) = events(url)
    assert after["UID"] == before["UID"]
    assert after["DTSTAMP"].dt - before["DTSTAMP"].dt == timedelta(hours=2)
    assert after["SEQUENCE"] == before["SEQUENCE"] + 1


def test_meeting_carries_the_sequence_of_its_invitation(agreement, member) -> None:
    MeetingFactory(agreement=agreement, on=DAY, calendar_sequence=4)
    (event,) = events(subscribed(member, Kind.MEETING))
    assert event["SEQUENCE"] == 4


# --- Until when -------------------------------------------------------------------------------
def close_membership(feed: CalendarFeed) -> None:
    Membership.objects.filter(user=feed.user).update(is_active=False)


def remove_membership(feed: CalendarFeed) -> None:
    Membership.objects.filter(user=feed.user).delete()


def close_account(feed: CalendarFeed) -> None:
    feed.user.is_active = False
    feed.user.save()


def revoke(feed: CalendarFeed) -> None:
    feeds.unsubscribe(get_access(feed.user, feed.agreement.slug), feed.pk)


def expire(feed: CalendarFeed) -> None:
    AccessLink.objects.filter(pk=feed.link_id).update(expires_at=timezone.now())


@pytest.mark.parametrize(
    "end", [close_membership, remove_membership, close_account, revoke, expire]
)
def test_feed_dies(agreement, member, end) -> None:
    create_deadline(agreement, actor=None, title="Bilan", on=DAY)
    url = subscribed(member)
    assert "Bilan" in titles(url)
    end(CalendarFeed.objects.get())
    answer = Client().get(url)
    assert answer.status_code == 410
    assert b"Bilan" not in answer.content
    assert "n'existe plus" in answer.content.decode()


def test_account_erased_takes_its_feeds_away(member) -> None:
    url = subscribed(member)
    member.user.delete()
    assert Client().get(url).status_code == 404


def test_feed_outlives_the_agreement_by_six_months_and_lasts_a_year_at_least(member) -> None:
    subscribed(member)
    assert CalendarFeed.objects.get().link.expires_at.astimezone(PARIS).date() == date(2031, 6, 30)
    Agreement.objects.update(starts_on=date(2020, 1, 1), ends_on=date(2024, 12, 31))
    member.refresh_from_db()
    subscribed(member)
    latest = CalendarFeed.objects.order_by("pk").last()
    assert latest.link.expires_at.astimezone(PARIS).date() == date(2027, 6, 15)


# --- The protocol -----------------------------------------------------------------------------
def test_answer_is_private_without_cookie_and_conditional(agreement, member, clock) -> None:
    row = create_deadline(agreement, actor=None, title="Bilan", on=DAY)
    url, client = subscribed(member), Client()
    first = client.get(url)
    assert "private" in first["Cache-Control"]
    assert not first.cookies
    assert "Cookie" not in first.get("Vary", "")
    clock.shift(timedelta(minutes=10))
    same = client.get(url, headers={"if-none-match": first["ETag"]})
    assert same.status_code == 304
    assert not same.content
    assert "private" in same["Cache-Control"]
    since = {"if-modified-since": first["Last-Modified"]}
    assert client.get(url, headers=since).status_code == 304
    delete_deadline(row, actor=None)  # leaves no row to date the change
    assert client.get(url, headers=since).status_code == 200
    assert client.get(url, headers={"if-none-match": first["ETag"]}).status_code == 200


def test_same_dates_give_the_same_file(agreement, member, clock) -> None:
    fill(agreement)
    url = subscribed(member)
    first = Client().get(url).content
    clock.shift(timedelta(hours=3))
    assert Client().get(url).content == first


def test_reading_leaves_its_date(member) -> None:
    url = subscribed(member)
    assert CalendarFeed.objects.get().link.last_used_at is None
    Client().get(url)
    assert CalendarFeed.objects.get().link.last_used_at == timezone.now()


def test_feed_is_only_read(member) -> None:
    url = subscribed(member)
    client = Client()
    assert client.head(url).status_code == 200
    for method in ("POST", "PUT", "DELETE"):
        assert client.generic(method, url).status_code == 405


def test_wrong_addresses_are_counted_and_make_wait(member) -> None:
    url, client = subscribed(member), Client()
    for number in range(WRONG_TOKENS):
        assert client.get(reverse("calendar_feed", args=[f"faux{number}"])).status_code == 404
    assert client.get(url).status_code == 429


def test_address_for_something_else_opens_no_calendar(agreement, member) -> None:
    url = subscribed(member)
    AccessLink.objects.update(purpose=AccessLink.Purpose.READ_DOCUMENT)
    assert Client().get(url).status_code == 404


def test_calendar_address_opens_no_document(member) -> None:
    token = subscribed(member).rsplit("/", 1)[1].removesuffix(".ics")
    answer = Client().get(reverse("shared_document", args=[token]))
    assert answer.status_code in (404, 410)


FEED_QUERIES = 11


@pytest.mark.parametrize("count", [1, 6])
def test_feed_costs_the_same(agreement, member, django_assert_num_queries, count) -> None:
    for number in range(count):
        fill(agreement, DAY + timedelta(number % 5))
    url, client = subscribed(member), Client()
    client.get(url)
    with django_assert_num_queries(FEED_QUERIES):
        client.get(url)


# --- The page ---------------------------------------------------------------------------------
def test_address_is_shown_once_and_only_its_hash_is_kept(agreement, client_as) -> None:
    client, url = client_as(Role.ELECTED), address(agreement, "subscribe")
    page = client.post(url, {"label": "Téléphone", "kinds": ["reunions"]})
    body = page.content.decode()
    assert page["Cache-Control"] == "no-store"
    start = body.index("webcal://")
    token = body[start:].split("/calendrier/")[1].split(".ics")[0]
    link = CalendarFeed.objects.get().link
    assert token not in link.token_hash
    assert Client().get(reverse("calendar_feed", args=[token])).status_code == 200
    again = text(client, url)
    assert token not in again
    assert "webcal://" not in again
    for words in ("Téléphone", "Réunions", "30\u00a0juin\u00a02031"):
        assert words in again
    assert not JournalEntry.objects.filter(sentence__contains=token).exists()


def test_one_chooses_among_what_one_may_read(agreement, client_as) -> None:
    client, url = client_as(Role.READER), address(agreement, "subscribe")
    assert "Rétroplanning" not in text(client, url)
    assert client.post(url, {"kinds": ["retroplanning"]}).status_code == 422
    assert not CalendarFeed.objects.exists()


def test_one_lists_and_takes_away_ones_own_only(agreement, member, client_as) -> None:
    url = subscribed(member)
    feed = CalendarFeed.objects.get()
    AccessLink.objects.update(label="À quelqu'un d'autre")
    other, page = client_as(Role.COORDINATOR), address(agreement, "subscribe")
    assert "quelqu" not in text(other, page)
    for key in (str(feed.pk), "x", "9" * 30, ""):
        answer = other.post(page, {"retirer": key})
        assert answer.status_code in (409, 422)
    assert Client().get(url).status_code == 200
    own = Client()
    own.force_login(member.user)
    own.post(page, {"retirer": str(feed.pk)})
    assert Client().get(url).status_code == 410


def test_too_many_subscriptions_are_refused(agreement, member) -> None:
    for _ in range(feeds.MOST):
        subscribed(member)
    with pytest.raises(DomainError, match="retirez ceux"):
        subscribed(member)
    client = Client()
    client.force_login(member.user)
    answer = client.post(address(agreement, "subscribe"))
    assert answer.status_code == 422
    assert "retirez ceux" in answer.content.decode()
