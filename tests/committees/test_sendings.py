"""The sendings: prepared, sent once to each, followed; a change and a cancellation reach the same
people with the right number; the answers by personal link."""

from __future__ import annotations

import re
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings as django_settings
from django.core import mail as outbox
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from agreements.access import get_access
from agreements.models import AccessLink, DocumentState, JournalEntry, Role, Snapshot
from agreements.services import freeze, transition
from committees import sending_board, services
from committees import sending_texts as texts
from committees import sendings as reads
from committees.invitations import event_of
from committees.models import Attendance, Meeting, MeetingRecord, Sending, SendingRecipient
from committees.services import answers, deliveries
from core import mail
from core.documents.content import Content, Paragraph, Section
from core.documents.ics import Attendee, Method, calendar_file
from core.errors import DomainError
from core.models import OutgoingMail
from partners.services import ERASED, erase_contact, update_contact
from tests.committees.factories import AttendanceFactory, ContactFactory, MeetingFactory
from tests.committees.sending_factories import coming_meeting, mails, rows, send
from tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db
Kind, Channel = Sending.Kind, SendingRecipient.Channel
Answer, MailState = Attendance.Answer, OutgoingMail.State
example_settings = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
DOOR = re.compile(r"/reponse/([\w-]+)/")


def calendars() -> list[Calendar]:
    """The calendar file of each message that left, read again."""
    found = []
    for message in outbox.outbox:
        body = next(part for part in message.alternatives if "calendar" in part[1])
        found.append(Calendar.from_ical(body[0]))
    return found


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """The clock stands at this moment."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timezone, "now", lambda: moment)
        yield


def tokens() -> list[str]:
    return [DOOR.search(message.body)[1] for message in outbox.outbox if DOOR.search(message.body)]


@pytest.fixture
def meeting(agreement) -> Meeting:
    return coming_meeting(agreement, people=3)


@pytest.fixture
def coordinator(agreement):
    return MembershipFactory(agreement=agreement, role=Role.COORDINATOR).user


# --- Preparing ----------------------------------------------------------------------------------
def test_draft_proposes_texts_people_and_the_way_to_reach_each(meeting, coordinator) -> None:
    sending = services.prepare_sending(meeting, Kind.INVITATION, actor=coordinator)
    assert [row.channel for row in sending.recipients.all()] == ["mail", "mail", "paper"]
    assert texts.AGENDA in sending.letter
    assert sending.dated_on == date.today()
    again = services.prepare_sending(meeting, Kind.INVITATION, actor=coordinator)
    assert again.pk == sending.pk
    assert outbox.outbox == []


@pytest.mark.parametrize(
    ("state", "kind", "said"),
    [
        ("planned", Kind.CANCELLATION, "n'est pas annulée"),
        ("cancelled", Kind.INVITATION, "est annulée"),
        ("held", Kind.UPDATE, "est passée"),
        ("planned", Kind.RECORD, "une fois la réunion tenue"),
    ],
)
def test_what_the_state_of_the_meeting_does_not_allow(meeting, state, kind, said) -> None:
    Meeting.objects.filter(pk=meeting.pk).update(state=state)
    meeting.refresh_from_db()
    with pytest.raises(DomainError, match=said):
        services.prepare_sending(meeting, kind, actor=None)


def test_nobody_inscribed_is_said(agreement) -> None:
    with pytest.raises(DomainError, match="inscrivez d'abord les membres"):
        services.prepare_sending(MeetingFactory(agreement=agreement), Kind.INVITATION, actor=None)


def test_a_message_needs_an_address_and_somebody(meeting) -> None:
    sending = services.prepare_sending(meeting, Kind.INVITATION, actor=None)
    last = rows(meeting)[-1]
    with pytest.raises(DomainError, match="n'a pas d'adresse"):
        services.update_sending(sending, actor=None, channels={last: Channel.MAIL})
    with pytest.raises(DomainError, match="au moins une personne"):
        services.update_sending(sending, actor=None, channels={last: ""})


# --- Sending ------------------------------------------------------------------------------------
def test_invitation_leaves_once_for_each_with_its_calendar_and_its_door(
    meeting, coordinator
) -> None:
    services.prepare_meeting(meeting, actor=None)
    sending = send(meeting, actor=coordinator)
    assert sending.state == Sending.State.SENT
    assert len(outbox.outbox) == 2
    for message, calendar, row in zip(outbox.outbox, calendars(), rows(meeting), strict=False):
        assert "1. Bilan provisoire\n2. Ouvrir les places (arbitrage)" in message.body
        event = calendar.events[0]
        assert calendar["METHOD"] == "REQUEST"
        assert event["SEQUENCE"] == 0
        assert event["ATTENDEE"] == f"mailto:{row.contact.email}"
        assert event["ORGANIZER"] == f"mailto:{coordinator.email}"
        assert event["DTSTAMP"].dt.tzinfo is not None
    assert len({str(calendar.events[0]["UID"]) for calendar in calendars()}) == 1
    assert len(set(tokens())) == 2
    assert meeting.preparation.get(key="invitation").done_on == date.today()
    with pytest.raises(DomainError, match="déjà parti"):
        services.send(sending, actor=coordinator)
    assert len(outbox.outbox) == 2


def test_the_pack_never_travels_with_the_invitation(meeting) -> None:
    send(meeting)
    names = {name for message in outbox.outbox for name, _, _ in message.attachments}
    assert names == {"invitation.ics"}


def test_copy_of_a_message_does_not_keep_its_door(meeting) -> None:
    send(meeting)
    assert all(token not in row.body for token in tokens() for row in mails())
    link = SendingRecipient.objects.filter(link__isnull=False).first().link
    assert "Martin" not in link.label


def test_what_was_sent_is_what_stood_on_the_day(meeting) -> None:
    sending = send(meeting)
    assert "Bilan provisoire" in sending.letter
    assert texts.AGENDA not in sending.letter + sending.message + sending.subject
    with pytest.raises(DomainError, match="ne se modifie plus"):
        services.update_sending(sending, actor=None, subject="Autre")
    with pytest.raises(DomainError, match="ne se supprime pas"):
        services.delete_sending(sending, actor=None)
    with pytest.raises(DomainError, match="annulez la réunion"):
        services.delete_meeting(meeting, actor=None)


def test_who_left_the_list_receives_nothing_and_a_lost_address_becomes_a_letter(meeting) -> None:
    sending = services.prepare_sending(meeting, Kind.INVITATION, actor=None)
    first, second, _ = rows(meeting)
    services.remove_attendance(first, actor=None)
    update_contact(second.contact, actor=None, email="")
    services.send(sending, actor=None)
    assert outbox.outbox == []
    assert [row.channel for row in sending.recipients.all()] == ["paper", "paper"]


def test_own_mail_waits_in_a_draft_with_its_calendar(meeting) -> None:
    send(meeting, channels=dict.fromkeys(rows(meeting)[:2], Channel.OWN_MAIL))
    assert {row.state for row in mails()} == {MailState.DRAFT}
    assert DOOR.search(mails()[0].body)
    assert mails()[0].files.get().name == "invitation.ics"
    assert b'method="REQUEST"' in mail.as_eml(mails()[0])


def test_people_inscribed_later_are_invited_alone(agreement, meeting) -> None:
    send(meeting)
    AttendanceFactory(agreement=agreement, meeting=meeting)
    later = services.prepare_sending(meeting, Kind.INVITATION, actor=None)
    assert later.recipients.count() == 1


def test_failure_half_way_sends_to_each_once_or_says_unknown(meeting, monkeypatch) -> None:
    """The first is refused, on the second the line breaks: the rest of the act stands, nothing is
    sent again by itself, and the refused one is written to at a new address."""
    first, second, _ = rows(meeting)
    genuine = EmailMultiAlternatives.send

    def fail(self: EmailMultiAlternatives, *args: object, **kwargs: object) -> int:
        if first.contact.email in self.to[0]:
            raise smtplib.SMTPRecipientsRefused({self.to[0]: (550, b"inconnu")})
        raise smtplib.SMTPServerDisconnected("coupé")

    monkeypatch.setattr(EmailMultiAlternatives, "send", fail)
    sending = send(meeting)
    monkeypatch.setattr(EmailMultiAlternatives, "send", genuine)
    fates = {
        f.recipient.attendance_id: f
        for f in sending_board.board(meeting, date.today()).sent[0].fates
    }
    assert fates[first.pk].key == MailState.FAILED
    assert fates[second.pk].key == MailState.UNKNOWN
    for row in mails():
        mail.send_one.call(row.pk)
    assert outbox.outbox == []
    person = sending.recipients.get(attendance=first)
    update_contact(first.contact, actor=None, email="bonne@exemple.fr")
    deliveries.write_again(person, actor=None)
    assert [message.to[0][-17:] for message in outbox.outbox] == ["bonne@exemple.fr>"]
    assert "bonne@exemple.fr" in str(calendars()[0].events[0]["ATTENDEE"])
    with pytest.raises(DomainError, match="n'a pas été refusé"):
        deliveries.write_again(sending.recipients.get(attendance=second), actor=None)


# --- Following ----------------------------------------------------------------------------------
def test_letter_is_ticked_by_hand(meeting) -> None:
    sending = send(meeting)
    person = sending.recipients.get(channel=Channel.PAPER)
    assert reads.Fate(person, None).key == "to_hand"
    with pytest.raises(DomainError, match="pas encore venu"):
        deliveries.hand_over(person, actor=None, on=date.today() + timedelta(1))
    person = deliveries.hand_over(person, actor=None, on=date.today())
    assert reads.Fate(person, None).key == "handed"
    assert reads.Fate(deliveries.take_back(person, actor=None), None).key == "to_hand"


def test_new_link_replaces_the_former_one_and_revoking_closes(meeting) -> None:
    sending = send(meeting)
    person, (old, _) = sending.recipients.order_by("pk").first(), tokens()
    address = deliveries.new_link(person, actor=None)
    assert (
        "remplacé" in answers.door_problem(answers.find_door(old) or SendingRecipient())
        if (answers.find_door(old))
        else True
    )
    new = DOOR.search(address)[1]
    assert answers.door_problem(answers.find_door(new)) == ""
    assert AccessLink.objects.filter(revoked_at__isnull=False).count() == 1
    person.refresh_from_db()
    deliveries.revoke_link(person, actor=None)
    assert "retiré" in answers.door_problem(answers.find_door(new))


def test_merge_list_gives_new_links_once(meeting) -> None:
    sending = send(meeting, channels=dict.fromkeys(rows(meeting)[:2], Channel.OWN_MAIL))
    before = [DOOR.search(row.body)[1] for row in mails()]
    merged = deliveries.merge_rows(sending, actor=None)
    assert len(merged) == 2
    assert all(DOOR.search(address)[1] not in before for _, _, address in merged)
    assert {row.state for row in mails()} == {MailState.FAILED}
    assert {
        reads.Fate(row, None).key for row in sending.recipients.filter(channel=Channel.OWN_MAIL)
    } == {"handed"}
    with pytest.raises(DomainError, match="Personne ne reste"):
        deliveries.merge_rows(sending, actor=None)


# --- Changing and cancelling ---------------------------------------------------------------------
@pytest.mark.parametrize(
    "fields",
    [
        {"on": date.today() + timedelta(30)},
        {"starts_at": time(9, 0)},
        {"duration_minutes": 60},
        {"place": "Salle des fêtes"},
    ],
)
def test_a_change_raises_the_number_and_asks_again(meeting, fields) -> None:
    send(meeting)
    services.answer_invitation(rows(meeting)[0], answer=Answer.COMING)
    services.update_meeting(meeting, actor=None, **fields)
    assert meeting.calendar_sequence == 1
    board = sending_board.board(meeting, date.today())
    assert [row.kind for row in board.next if row.kind != Kind.PACK] == [Kind.UPDATE]
    assert [row.is_stale for row in board.answers].count(True) == 1
    outbox.outbox.clear()
    send(meeting, Kind.UPDATE)
    assert [c["METHOD"] for c in calendars()] == ["REQUEST", "REQUEST"]
    assert {c.events[0]["SEQUENCE"] for c in calendars()} == {1}
    services.answer_invitation(rows(meeting)[0], answer=Answer.EXCUSED)
    board = sending_board.board(meeting, date.today())
    assert board.stale == 0
    assert Kind.UPDATE not in [row.kind for row in board.next]


def test_nothing_rises_before_the_invitation_nor_for_another_field(meeting) -> None:
    services.update_meeting(meeting, actor=None, place="Ailleurs")
    assert meeting.calendar_sequence == 0
    send(meeting)
    services.update_meeting(meeting, actor=None, introduction="Une synthèse.")
    services.update_meeting(meeting, actor=None, place="Ailleurs")
    assert meeting.calendar_sequence == 0


def test_the_announced_day_is_told_in_the_change(meeting) -> None:
    before = meeting.on
    send(meeting)
    services.update_meeting(meeting, actor=None, on=before + timedelta(7))
    sending = services.prepare_sending(meeting, Kind.UPDATE, actor=None)
    assert texts.day_words(before) in sending.message


def test_cancelling_asks_why_and_tells_those_invited(meeting) -> None:
    send(meeting)
    uid = str(calendars()[0].events[0]["UID"])
    with pytest.raises(DomainError, match="Dites pourquoi"):
        services.cancel_meeting(meeting, actor=None)
    services.cancel_meeting(meeting, actor=None, reason="La salle est inondée.")
    outbox.outbox.clear()
    send(meeting, Kind.CANCELLATION)
    assert len(outbox.outbox) == 2
    assert "La salle est inondée." in outbox.outbox[0].body
    assert DOOR.search(outbox.outbox[0].body) is None
    calendar = calendars()[0]
    assert (calendar["METHOD"], calendar.events[0]["STATUS"]) == ("CANCEL", "CANCELLED")
    assert (str(calendar.events[0]["UID"]), calendar.events[0]["SEQUENCE"]) == (uid, 1)
    assert sending_board.board(meeting, date.today()).next == []


def test_planned_again_people_are_told_with_a_higher_number(meeting) -> None:
    send(meeting)
    services.cancel_meeting(meeting, actor=None, reason="Grève.")
    send(meeting, Kind.CANCELLATION)
    services.plan_meeting_again(meeting, actor=None)
    assert (meeting.calendar_sequence, meeting.cancel_reason) == (2, "")
    outbox.outbox.clear()
    send(meeting, Kind.UPDATE)
    assert {c.events[0]["SEQUENCE"] for c in calendars()} == {2}
    assert {str(c.events[0]["STATUS"]) for c in calendars()} == {"CONFIRMED"}


def test_meeting_that_nobody_knows_of_is_cancelled_without_a_word(meeting) -> None:
    services.cancel_meeting(meeting, actor=None)
    assert meeting.calendar_sequence == 0
    with pytest.raises(DomainError, match="déjà annulée"):
        services.cancel_meeting(meeting, actor=None, reason="Encore")


def test_messages_that_wait_do_not_invite_to_what_is_off(meeting) -> None:
    send(meeting, channels=dict.fromkeys(rows(meeting)[:2], Channel.OWN_MAIL))
    services.cancel_meeting(meeting, actor=None, reason="Grève.")
    assert {(row.state, row.error) for row in mails()} == {
        (MailState.FAILED, "La réunion est annulée : ce message ne part plus.")
    }


def test_messages_that_wait_give_way_to_the_change(meeting) -> None:
    send(meeting, channels=dict.fromkeys(rows(meeting)[:2], Channel.OWN_MAIL))
    services.update_meeting(meeting, actor=None, place="Ailleurs")
    send(meeting, Kind.UPDATE)
    assert [row.state for row in mails()] == [MailState.FAILED] * 2 + [MailState.DRAFT] * 2


@example_settings
@given(acts=st.lists(st.sampled_from(["move", "cancel", "again", "tell"]), max_size=12))
def test_the_number_only_rises_and_each_telling_bears_a_new_one(agreement, acts) -> None:
    """Whatever the order of the acts: no calendar ever receives two different facts under the same
    number."""
    meeting = coming_meeting(agreement, people=2)
    send(meeting)
    sent, last = [0], 0
    for rank, act in enumerate(acts):
        is_off = meeting.state == Meeting.State.CANCELLED
        if act == "move" and not is_off:
            services.update_meeting(meeting, actor=None, place=f"Salle {rank}")
        elif act == "cancel" and not is_off:
            services.cancel_meeting(meeting, actor=None, reason="Motif")
        elif act == "again" and is_off:
            services.plan_meeting_again(meeting, actor=None)
        elif act == "tell":
            kind = Kind.CANCELLATION if is_off else Kind.UPDATE
            if kind in [row.kind for row in sending_board.board(meeting, date.today()).next]:
                sent.append(send(meeting, kind).calendar_sequence)
        assert meeting.calendar_sequence >= last
        last = meeting.calendar_sequence
    assert sent == sorted(set(sent))


# --- Answers ------------------------------------------------------------------------------------
def test_answer_may_change_until_the_meeting(meeting) -> None:
    row = rows(meeting)[0]
    services.answer_invitation(row, answer=Answer.REPRESENTED, represented_by=" M.  Caron ")
    row.refresh_from_db()
    assert (row.answer, row.answer_represented_by) == ("represented", "M. Caron")
    services.answer_invitation(row, answer=Answer.COMING, note="Finalement, je viens.")
    row.refresh_from_db()
    assert (row.answer, row.answer_represented_by, row.status) == ("coming", "", "invited")
    said = JournalEntry.objects.filter(verb="answer").order_by("pk").last()
    assert said.sentence.startswith("a reçu la réponse de")


@pytest.mark.parametrize(
    ("given_answer", "said"),
    [
        ({"answer": "represented"}, "par qui"),
        ({"answer": "coming", "represented_by": "M. Caron"}, "videz le nom"),
        ({"answer": "excused", "note": "x" * 301}, "300 caractères"),
        ({"answer": "peut-être"}, "Choisissez une réponse"),
    ],
)
def test_answer_that_contradicts_itself_is_refused(meeting, given_answer, said) -> None:
    with pytest.raises(DomainError, match=said):
        services.answer_invitation(rows(meeting)[0], **given_answer)


def test_nobody_represents_themselves(meeting) -> None:
    row = rows(meeting)[0]
    with pytest.raises(DomainError, match="elle-même"):
        services.answer_invitation(
            row, answer=Answer.REPRESENTED, represented_by=str(row.contact).upper()
        )


def test_door_dies_after_the_day_on_cancellation_and_when_the_person_leaves(meeting) -> None:
    send(meeting)
    token = tokens()[0]
    assert answers.door_problem(answers.find_door(token)) == ""
    evening = datetime.combine(meeting.on, time(23, 30), ZoneInfo("Europe/Paris"))
    with at(evening):
        assert answers.door_problem(answers.find_door(token)) == ""
    with at(evening + timedelta(hours=1)):
        assert "lien est fermé" in answers.door_problem(answers.find_door(token))
    services.cancel_meeting(meeting, actor=None, reason="Grève.")
    assert "annulée" in answers.door_problem(answers.find_door(token))
    services.plan_meeting_again(meeting, actor=None)
    assert answers.door_problem(answers.find_door(token)) == ""
    services.remove_attendance(answers.find_door(token).attendance, actor=None)
    assert "plus rien" in answers.door_problem(answers.find_door(token))


def test_door_follows_the_new_day_and_the_update_opens_another(meeting) -> None:
    send(meeting)
    old = tokens()[0]
    services.update_meeting(meeting, actor=None, on=meeting.on + timedelta(60))
    late = datetime.combine(meeting.on, time(12, 0), ZoneInfo("Europe/Paris"))
    with at(late):
        assert answers.door_problem(answers.find_door(old)) == ""
    outbox.outbox.clear()
    send(meeting, Kind.UPDATE)
    new = tokens()[0]
    for token in (old, new):  # people answer from the first message they find
        assert answers.door_problem(answers.find_door(token)) == ""


def test_answer_through_a_door_closed_meanwhile_is_refused(meeting) -> None:
    send(meeting)
    door = answers.find_door(tokens()[0])
    services.cancel_meeting(meeting, actor=None, reason="Grève.")
    with pytest.raises(DomainError, match="annulée"):
        services.answer_invitation(door.attendance, answer=Answer.COMING, through=door)


# --- The documents --------------------------------------------------------------------------------
def pack(meeting: Meeting, audience: str = "committee") -> Snapshot:
    content = Content(
        identifier="dossier-copil", title="Dossier de séance", cover=False, audience=audience,
        sections=(Section("Ordre du jour", (Paragraph("Un point."),)),),
    )  # fmt: skip
    return freeze(
        meeting.agreement, actor=None, kind="dossier-copil", title=content.title, content=content,
        audience=audience, subject_id=meeting.pk,
    )  # fmt: skip


def approve(snapshot: Snapshot) -> None:
    member = MembershipFactory(agreement=snapshot.agreement, role=Role.DIRECTION)
    access = get_access(member.user, snapshot.agreement.slug)
    transition(
        snapshot, actor=member.user, access=access, state=DocumentState.APPROVED, on=date.today()
    )


def test_pack_waits_for_the_direction_then_leaves_and_is_transmitted(meeting, coordinator) -> None:
    services.prepare_meeting(meeting, actor=None)
    send(meeting)
    snapshot = pack(meeting)
    access = get_access(coordinator, meeting.agreement.slug)
    sending = services.prepare_sending(meeting, Kind.PACK, actor=coordinator)
    outbox.outbox.clear()
    with pytest.raises(DomainError, match="la direction doit le valider"):
        services.send(sending, actor=coordinator, access=access)
    assert outbox.outbox == []
    approve(snapshot)
    services.send(sending, actor=coordinator, access=access)
    snapshot.refresh_from_db()
    assert snapshot.state == DocumentState.SENT
    message = outbox.outbox[0]
    assert [name[-4:] for name, _, _ in message.attachments] == [".pdf"]
    assert message.attachments[0][1].startswith(b"%PDF")
    assert re.search(r"/lien/[\w-]+/", message.body)
    assert "jeton" not in mails()[-1].body
    assert re.search(r"/lien/[\w-]+/", mails()[-1].body) is None
    assert snapshot.links.count() == 2
    assert meeting.preparation.get(key="pack").done_on == date.today()


def test_heavy_pack_is_read_by_its_link_alone(meeting, coordinator, monkeypatch) -> None:
    monkeypatch.setattr(django_settings, "MAIL_ATTACHMENT_BYTES", 100)
    send(meeting)
    approve(pack(meeting))
    outbox.outbox.clear()
    sending = services.prepare_sending(meeting, Kind.PACK, actor=coordinator)
    services.send(
        sending, actor=coordinator, access=get_access(coordinator, meeting.agreement.slug)
    )
    assert outbox.outbox[0].attachments == []
    assert "est joint aussi" not in outbox.outbox[0].body


def test_internal_pack_does_not_leave(meeting) -> None:
    send(meeting)
    pack(meeting, audience="internal")
    sending = services.prepare_sending(meeting, Kind.PACK, actor=None)
    with pytest.raises(DomainError, match="produisez-le"):
        services.send(sending, actor=None)


def test_record_leaves_once_validated(meeting) -> None:
    services.hold_meeting(meeting, actor=None)
    board = sending_board.board(meeting, date.today())
    assert "pas encore validé" in board.next[0].problem


def test_validated_record_is_sent_and_transmitted(meeting, coordinator) -> None:
    services.hold_meeting(meeting, actor=None)
    snapshot = pack(meeting)
    Snapshot.objects.filter(pk=snapshot.pk).update(kind="releve-de-decisions", state="approved")
    MeetingRecord.objects.create(
        agreement=meeting.agreement, meeting=meeting, state="validated",
        validated_on=date.today(), snapshot=snapshot,
    )  # fmt: skip
    assert [row.kind for row in sending_board.board(meeting, date.today()).next] == [Kind.RECORD]
    services.prepare_meeting(meeting, actor=coordinator)
    sending = services.prepare_sending(meeting, Kind.RECORD, actor=coordinator)
    access = get_access(coordinator, meeting.agreement.slug)
    services.send(sending, actor=coordinator, access=access)
    assert meeting.preparation.get(key="record").done_on == date.today()
    snapshot.refresh_from_db()
    assert snapshot.state == DocumentState.SENT
    assert len(outbox.outbox) == 2
    assert sending_board.board(meeting, date.today()).next == []


# --- The calendar file ---------------------------------------------------------------------------
@pytest.mark.parametrize(("on", "hour_utc"), [(date(2027, 1, 14), 17), (date(2027, 7, 15), 16)])
def test_the_hour_holds_in_january_and_in_july(agreement, on, hour_utc) -> None:
    meeting = coming_meeting(agreement, on=on, starts_at=time(18, 0))
    with at(datetime(2026, 12, 1, 9, tzinfo=UTC)):
        send(meeting)
    start = calendars()[0].events[0]["DTSTART"].dt
    assert (start.hour, start.astimezone(UTC).hour) == (18, hour_utc)
    assert calendars()[0].events[0]["DTEND"].dt - start == timedelta(minutes=90)


@example_settings
@given(name=st.text(st.characters(categories=("L", "N", "P", "Zs")), min_size=1, max_size=120))
def test_long_accented_names_are_folded_and_read_again(agreement, name) -> None:
    meeting = MeetingFactory.build(agreement=agreement, pk=3, committee__name=name, place=name)
    meeting.created_at = datetime(2026, 10, 1, tzinfo=UTC)
    event = event_of(
        meeting, sequence=0, stamp=meeting.created_at, attendee=Attendee(name, "a@exemple.fr")
    )
    data = calendar_file([event], method=Method.REQUEST)
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    read = Calendar.from_ical(data).events[0]
    assert str(read["LOCATION"]) == name
    assert str(read["UID"]) == event.uid


# --- Erasing ------------------------------------------------------------------------------------
def test_erasing_a_person_leaves_nothing_of_them_in_the_sendings(agreement, meeting) -> None:
    first, second, _ = rows(meeting)
    update_contact(first.contact, actor=None, first_name="Zoé", last_name="Effacer")
    sending = send(meeting)
    token = tokens()[0]
    services.answer_invitation(
        second, answer=Answer.REPRESENTED, represented_by="Zoé Effacer, adjointe"
    )
    with pytest.raises(DomainError, match="archivez-la"):
        erase_contact(first.contact, actor=None)
    assert answers.door_problem(answers.find_door(token)) == ""
    services.remove_attendance(Attendance.objects.get(pk=first.pk), actor=None)
    erase_contact(first.contact, actor=None)
    second.refresh_from_db()
    assert second.answer_represented_by == f"{ERASED}, adjointe"
    assert answers.door_problem(answers.find_door(token)) != ""
    kept = [str(row) for row in sending.recipients.all()]
    assert "Personne effacée" in kept
    written = "".join(
        row.body + row.recipient + row.recipient_name
        + "".join(bytes(file.data).decode() for file in row.files.all())
        for row in mails()
    )  # fmt: skip
    assert "Effacer" not in written
    assert first.contact.email not in written
    told = JournalEntry.objects.filter(agreement=agreement)
    assert not any("Zoé" in f"{row.sentence}{row.target_label}{row.changes}" for row in told)


def test_erased_reader_of_a_pack_loses_the_link_and_its_label(meeting, coordinator) -> None:
    send(meeting)
    snapshot = pack(meeting)
    approve(snapshot)
    services.send(
        services.prepare_sending(meeting, Kind.PACK, actor=coordinator),
        actor=coordinator,
        access=get_access(coordinator, meeting.agreement.slug),
    )
    gone = rows(meeting)[0]
    contact = gone.contact
    services.remove_attendance(gone, actor=None)
    erase_contact(contact, actor=None)
    labels = {link.label: link.revoked_at for link in snapshot.links.all()}
    assert labels[ERASED] is not None
    assert str(contact) not in labels


# --- What it costs ------------------------------------------------------------------------------
@pytest.mark.parametrize("people", [2, 12])
def test_board_costs_the_same(agreement, people, django_assert_num_queries) -> None:
    meeting = coming_meeting(agreement, people=people)
    ContactFactory(agreement=agreement)
    send(meeting)
    services.update_meeting(meeting, actor=None, place="Ailleurs")
    with django_assert_num_queries(6):
        board = sending_board.board(meeting, date.today())
        assert len(board.answers) == people
        assert all(str(fate.recipient) for group in board.sent for fate in group.fates)
