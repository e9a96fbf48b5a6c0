"""The relevé de décisions: who validates, what is locked, how it is corrected, who reads it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from agreements.access import Access
from agreements.models import AccessLink, Agreement, Attachment, DocumentState, Role, Snapshot
from agreements.services.links import WRONG_TOKENS
from committees import records, services
from committees.models import (
    AgendaItem,
    Attendance,
    Decision,
    DecisionEffect,
    Meeting,
    MeetingRecord,
    RecordLink,
    SessionNote,
)
from committees.record_document import (
    draft_content,
    fingerprint,
    readable_by,
    validated_content,
)
from committees.services import record_doors
from committees.services.session import TypedNote
from core.audience import Audience
from core.documents.declaration import registry
from core.errors import DomainError
from core.models import OutgoingMail
from reports.services import content_of
from tests.actionplan.factories import action as make_action
from tests.committees.factories import (
    AgendaItemFactory,
    AttendanceFactory,
    ContactFactory,
    MeetingFactory,
    MemberFactory,
    arbitration,
)
from tests.factories import MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db
S = Attendance.Status
HELD = date(2026, 6, 12)
VALIDATED = date(2026, 6, 20)
NBSP = "\u00a0"


def address(agreement: Agreement, name: str, *args: object) -> str:
    return reverse(f"committees:{name}", args=[agreement.slug, *args])


def text(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def scan(name: str = "releve.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"%PDF-1.7 signed", content_type="application/pdf")


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def chair_client(agreement: Agreement, client_as: Any) -> Client:
    return client_as(Role.ELECTED)


@pytest.fixture
def chair_access(chair_client: Client) -> Access:
    membership = chair_client.membership  # type: ignore[attr-defined]
    return Access(membership.agreement, membership)


@pytest.fixture
def meeting(agreement: Agreement, chair_access: Access) -> Meeting:
    """Held, presided by the élue of ``chair_client``, with one point, one decision, one presence."""
    meeting = MeetingFactory(
        agreement=agreement,
        on=HELD,
        chair=ContactFactory(
            agreement=agreement, first_name="Hélène", last_name="Vauthier", user=chair_access.user,
            email="maire@example.org",
        ),
    )  # fmt: skip
    item = AgendaItemFactory(agreement=agreement, meeting=meeting, title="Multi-accueil")
    AttendanceFactory(agreement=agreement, meeting=meeting, contact=meeting.chair, status=S.PRESENT)
    services.save_notes(meeting, actor=None, typed={item.pk: TypedNote("Débat vif.", 0)})
    services.decide(item, actor=None, text="Le comité est favorable aux cinq places.")
    return services.close_session(meeting, actor=None, at=time(15, 40))


@pytest.fixture
def record(meeting: Meeting) -> MeetingRecord:
    return services.submit_record(meeting, actor=None, introduction="Le comité a tranché.")


def seen_of(record: MeetingRecord) -> str:
    return fingerprint(draft_content(record.meeting, record, on=None))


def validate(record: MeetingRecord, access: Access, on: date = VALIDATED) -> MeetingRecord:
    return services.validate_record(record, access=access, seen=seen_of(record), on=on)


@pytest.fixture
def validated(record: MeetingRecord, chair_access: Access) -> MeetingRecord:
    return validate(record, chair_access)


# --- Who validates ----------------------------------------------------------------------------------
def test_chair_validates_in_the_application(agreement, record, chair_client, meeting) -> None:
    page = text(chair_client, address(agreement, "record", meeting.pk))
    assert "attend votre validation" in page
    seen = re.search(r'name="vu" value="(\w+)"', page)[1]  # type: ignore[index]
    chair_client.post(address(agreement, "record_validate", meeting.pk), {"vu": seen})
    record.refresh_from_db()
    assert record.state == MeetingRecord.State.VALIDATED
    assert (record.validated_by, record.validation_means) == (meeting.chair, "account")
    assert record.snapshot.state == DocumentState.APPROVED
    assert record.snapshot.audience == Audience.COMMITTEE
    assert record.snapshot.subject_id == meeting.pk


@pytest.mark.parametrize("role", list(Role))
def test_nobody_else_validates(agreement, record, client_as, meeting, role) -> None:
    """An élu who does not preside as well as every other role."""
    client = client_as(role)
    answer = client.post(address(agreement, "record_validate", meeting.pk), {"vu": seen_of(record)})
    assert answer.status_code == 403
    if role == Role.ELECTED:
        assert (
            "Seule la présidence de la réunion (Hélène Vauthier) valide le relevé"
            in answer.content.decode()
        )
    membership = client.membership
    with pytest.raises(PermissionDenied, match="Hélène Vauthier"):
        validate(record, Access(agreement, membership))
    record.refresh_from_db()
    assert record.state == MeetingRecord.State.DRAFT


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ELECTED])
def test_presiding_is_not_enough_without_the_right(agreement, record, meeting, role) -> None:
    """The coordinator who presides has the relevé signed on paper."""
    membership = MembershipFactory(agreement=agreement, role=role)
    meeting.chair.user = membership.user
    meeting.chair.save()
    with pytest.raises(PermissionDenied):
        validate(record, Access(agreement, membership))


def test_chair_of_another_agreement_validates_nothing(record, other_agreement, meeting) -> None:
    user = UserFactory()
    MembershipFactory(agreement=other_agreement, role=Role.ELECTED, user=user)
    meeting.chair.user = user
    meeting.chair.save()
    client = Client()
    client.force_login(user)
    url = address(record.agreement, "record_validate", meeting.pk)
    assert client.post(url, {"vu": seen_of(record)}).status_code == 404


def may_validate(
    *, role: Role, is_named: bool, names_other: bool, is_seated: bool, in_mandate: bool
) -> bool:
    """The rule, said a second time: the person named; where nobody is, the chair in mandate."""
    presides = is_named if is_named or names_other else is_seated and in_mandate
    return presides and role == Role.ELECTED


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    role=st.sampled_from(list(Role)),
    named=st.sampled_from(["self", "other", "nobody"]),
    is_seated=st.booleans(),
    starts=st.one_of(st.none(), st.integers(-40, 40)),
    lasts=st.one_of(st.none(), st.integers(0, 60)),
)
def test_who_may_validate(
    agreement: Agreement,
    role: Role,
    named: str,
    is_seated: bool,
    starts: int | None,
    lasts: int | None,
) -> None:
    with transaction.atomic():
        membership = MembershipFactory(agreement=agreement, role=role)
        person = ContactFactory(agreement=agreement, user=membership.user)
        other = ContactFactory(agreement=agreement)
        meeting = MeetingFactory(
            agreement=agreement, on=HELD, state=Meeting.State.HELD,
            chair={"self": person, "other": other, "nobody": None}[named],
        )  # fmt: skip
        begins = None if starts is None else HELD + timedelta(starts)
        ends = None if lasts is None else (begins or HELD - timedelta(30)) + timedelta(lasts)
        MemberFactory(
            agreement=agreement, committee=meeting.committee, is_chair=True, contact=other
        )
        if is_seated:
            MemberFactory(
                agreement=agreement, committee=meeting.committee, is_chair=True, contact=person,
                starts_on=begins, ends_on=ends,
            )  # fmt: skip
        in_mandate = (begins is None or begins <= HELD) and (ends is None or ends >= HELD)
        wanted = may_validate(
            role=role, is_named=named == "self", names_other=named == "other",
            is_seated=is_seated, in_mandate=in_mandate,
        )  # fmt: skip
        row = services.submit_record(meeting, actor=None)
        access = Access(agreement, membership)
        assert records.may_validate(access, row) == wanted
        assert bool(records.awaiting_validation(access)) == wanted
        if wanted:
            assert validate(row, access).is_locked
        else:
            with pytest.raises(PermissionDenied):
                validate(row, access)
        transaction.set_rollback(True)


def test_record_that_moved_is_read_again(record, chair_access, meeting) -> None:
    seen = seen_of(record)
    services.update_decision(Decision.objects.get(), actor=None, text="Le comité est défavorable.")
    with pytest.raises(DomainError, match="relisez-le"):
        services.validate_record(record, access=chair_access, seen=seen, on=VALIDATED)
    assert not MeetingRecord.objects.get().is_locked


def test_record_is_validated_once(validated, chair_access, meeting) -> None:
    with pytest.raises(DomainError, match="déjà validé"):
        validate(validated, chair_access)
    with pytest.raises(DomainError, match="déjà validé"):
        services.validate_on_paper(
            validated, actor=None, chair=meeting.chair, file=scan(), on=VALIDATED
        )
    assert Snapshot.objects.count() == 1


def test_meeting_that_was_not_held_has_no_record(agreement) -> None:
    planned = MeetingFactory(agreement=agreement, chair=ContactFactory(agreement=agreement))
    with pytest.raises(DomainError, match="s'est tenue"):
        services.submit_record(planned, actor=None)


def test_meeting_without_a_chair_says_what_to_do(agreement, client_as) -> None:
    meeting = MeetingFactory(agreement=agreement, on=HELD, state=Meeting.State.HELD)
    with pytest.raises(DomainError, match="pas de présidence"):
        services.submit_record(meeting, actor=None)
    page = text(client_as(Role.COORDINATOR), address(agreement, "record", meeting.pk))
    assert "indiquez sa présidence" in page


def test_two_chairs_either_validates(agreement, chair_access) -> None:
    """The commune and the Caf preside together."""
    meeting = MeetingFactory(agreement=agreement, on=HELD, state=Meeting.State.HELD)
    person = ContactFactory(agreement=agreement, user=chair_access.user)
    for contact in (person, ContactFactory(agreement=agreement, last_name="Diallo")):
        MemberFactory(
            agreement=agreement, committee=meeting.committee, contact=contact, is_chair=True
        )
    record = services.submit_record(meeting, actor=None)
    assert " ou " in records.chair_words(meeting)
    assert validate(record, chair_access).validated_by == person


# --- On paper -----------------------------------------------------------------------------------------
def test_paper_needs_the_signed_scan(record, meeting) -> None:
    with pytest.raises(DomainError, match="signé numérisé") as refused:
        services.validate_on_paper(record, actor=None, chair=meeting.chair, file=None, on=VALIDATED)
    assert refused.value.field == "file"
    services.validate_on_paper(record, actor=None, chair=meeting.chair, file=scan(), on=VALIDATED)
    attachment = Attachment.objects.get()
    assert (attachment.kind, attachment.target_type, attachment.target_id) == (
        Attachment.Kind.SIGNED, "committees.meetingrecord", record.pk,
    )  # fmt: skip
    assert (attachment.dated_on, attachment.audience) == (VALIDATED, Audience.COMMITTEE)
    stored = MeetingRecord.objects.get()
    assert (stored.validated_on, stored.validation_means) == (VALIDATED, "paper")


@pytest.mark.parametrize(
    ("on", "words"), [(HELD - timedelta(1), "suit la réunion"), (None, "pas encore venue")]
)
def test_signature_has_a_possible_date(record, meeting, on, words) -> None:
    day = on or timezone.localdate() + timedelta(1)
    with pytest.raises(DomainError, match=words):
        services.validate_on_paper(record, actor=None, chair=meeting.chair, file=scan(), on=day)


def test_paper_signed_by_somebody_else_is_refused(agreement, record) -> None:
    with pytest.raises(DomainError, match="Seule la présidence"):
        services.validate_on_paper(
            record, actor=None, chair=ContactFactory(agreement=agreement), file=scan(), on=VALIDATED
        )


def test_false_scan_validates_nothing(record, meeting) -> None:
    file = SimpleUploadedFile("releve.pdf", b"<html>", content_type="application/pdf")
    with pytest.raises(DomainError, match="contenu"):
        services.validate_on_paper(record, actor=None, chair=meeting.chair, file=file, on=VALIDATED)
    assert not MeetingRecord.objects.get().is_locked
    assert not Snapshot.objects.exists()


def test_paper_page(agreement, client_as, record, meeting) -> None:
    client, url = client_as(Role.COORDINATOR), address(agreement, "record_paper", meeting.pk)
    refused = client.post(url, {"chair": meeting.chair.pk, "on": "2026-06-20"})
    assert refused.status_code == 422
    assert "signé numérisé" in refused.content.decode()
    done = client.post(url, {"chair": meeting.chair.pk, "on": "2026-06-20", "file": scan()})
    assert done["Location"] == address(agreement, "record", meeting.pk)
    assert "sur papier signé" in text(client, done["Location"])


# --- By a personal link -----------------------------------------------------------------------------------
@pytest.fixture
def mayor(agreement: Agreement, meeting: Meeting) -> Meeting:
    """The same meeting, presided by somebody without an account."""
    meeting.chair.user = None
    meeting.chair.save()
    return meeting


def path_of(link: str) -> str:
    return link[link.index(record_doors.PATH) :]


def test_chair_without_account_validates_by_a_link(agreement, mayor, record, client) -> None:
    url = path_of(services.hand_over_link(record, actor=None, contact=mayor.chair))
    page = client.get(url)
    body = page.content.decode()
    assert "Bonjour Hélène Vauthier" in body
    assert "Le comité est favorable aux cinq places." in body
    assert page["Referrer-Policy"] == "no-referrer"
    seen = re.search(r'name="vu" value="(\w+)"', body)[1]  # type: ignore[index]
    done = client.post(url, {"vu": seen})
    assert "le relevé est validé" in done.content.decode()
    record.refresh_from_db()
    assert (record.validated_by, record.validation_means) == (mayor.chair, "link")
    again = client.get(url)
    assert again.status_code == 410
    assert "est validé depuis" in again.content.decode()
    assert client.post(url, {"vu": seen}).status_code == 410


def test_reading_a_link_validates_nothing(mayor, record, client) -> None:
    url = path_of(services.hand_over_link(record, actor=None, contact=mayor.chair))
    client.get(url)
    client.head(url)
    record.refresh_from_db()
    assert not record.is_locked


def test_link_asks_to_read_again_what_moved(mayor, record, client) -> None:
    url = path_of(services.hand_over_link(record, actor=None, contact=mayor.chair))
    seen = re.search(r'name="vu" value="(\w+)"', client.get(url).content.decode())[1]  # type: ignore[index]
    services.update_decision(Decision.objects.get(), actor=None, text="Le comité est défavorable.")
    answer = client.post(url, {"vu": seen})
    assert answer.status_code == 409
    assert "Le comité est défavorable." in answer.content.decode()
    assert not MeetingRecord.objects.get().is_locked


def test_link_dies_when_it_expires_or_is_withdrawn(mayor, record, client) -> None:
    url = path_of(services.hand_over_link(record, actor=None, contact=mayor.chair))
    AccessLink.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    assert client.get(url).status_code == 410
    AccessLink.objects.update(expires_at=timezone.now() + timedelta(days=1))
    assert client.get(url).status_code == 200
    services.revoke_links(record, actor=None)
    answer = client.get(url)
    assert answer.status_code == 410
    assert "retiré" in answer.content.decode()


def test_link_dies_with_the_presidency(agreement, mayor, record, client) -> None:
    url = path_of(services.hand_over_link(record, actor=None, contact=mayor.chair))
    services.update_meeting(mayor, actor=None, chair=ContactFactory(agreement=agreement))
    assert client.get(url).status_code == 410


def test_link_is_for_the_chair_alone(agreement, mayor, record) -> None:
    with pytest.raises(DomainError, match="Seule la présidence"):
        services.hand_over_link(record, actor=None, contact=ContactFactory(agreement=agreement))


def test_nobody_hands_a_link_to_themselves(agreement, record, meeting) -> None:
    coordinator = MembershipFactory(agreement=agreement, role=Role.COORDINATOR).user
    meeting.chair.user = coordinator
    meeting.chair.save()
    with pytest.raises(DomainError, match="à soi-même"):
        services.hand_over_link(record, actor=coordinator, contact=meeting.chair)


def test_wrong_tokens_make_wait(client) -> None:
    url = f"{record_doors.PATH}jeton/"
    for _ in range(WRONG_TOKENS):
        assert client.get(url).status_code == 404
    assert client.get(url).status_code == 429


def test_link_sent_by_mail_is_forgotten_by_the_copy(
    mayor, record, mailoutbox, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        services.send_link(record, actor=None, contact=mayor.chair)
    (message,) = mailoutbox
    assert record_doors.PATH in message.body
    assert record_doors.PATH not in OutgoingMail.objects.get().body
    mayor.chair.email = ""
    with pytest.raises(DomainError, match="pas d'adresse"):
        services.send_link(record, actor=None, contact=mayor.chair)


def test_links_page(agreement, client_as, record, meeting) -> None:
    client, url = client_as(Role.COORDINATOR), address(agreement, "record_links", meeting.pk)
    client.post(url, {"acte": "remettre", "presidence": meeting.chair.pk})
    assert RecordLink.objects.count() == 1
    page = text(client, address(agreement, "record", meeting.pk))
    assert record_doors.PATH in page  # shown once
    assert record_doors.PATH not in text(client, address(agreement, "record", meeting.pk))
    client.post(url, {"acte": "retirer"})
    assert record_doors.open_links(record) == 0
    assert client.post(url, {"acte": "remettre", "presidence": "0"}).status_code == 409


def refusal_of(act: Callable[[], object]) -> bool:
    """Whether the act is refused because the record is validated."""
    try:
        act()
    except DomainError as error:
        return re.search(r"rectificatif|déjà validé", error.message) is not None
    return False


# --- What the validation locks ------------------------------------------------------------------------------
def test_what_the_record_holds_moves_no_more(agreement, validated, meeting) -> None:
    item, row, decision = AgendaItem.objects.get(), Attendance.objects.get(), Decision.objects.get()
    free = Decision.objects.create(
        agreement=agreement, number="2026-90", decided_on=HELD, text="Ailleurs.", taken_by="Bureau"
    )
    contact = ContactFactory(agreement=agreement)
    refused = {
        "a presence": lambda: services.record_attendance(row, actor=None, status=S.ABSENT),
        "a person": lambda: services.add_attendance(
            meeting, actor=None, contact=contact, organisation=row.organisation
        ),
        "an arrival": lambda: services.welcome(
            meeting, actor=None, contact=contact, organisation=row.organisation
        ),
        "no person": lambda: services.remove_attendance(row, actor=None),
        "members": lambda: services.invite_members(meeting, actor=None),
        "notes": lambda: services.save_notes(
            meeting, actor=None, typed={item.pk: TypedNote("Autre", 1)}
        ),
        "an outcome": lambda: services.set_outcome(item, actor=None, outcome="to_review"),
        "outcomes": lambda: services.set_outcomes(meeting, actor=None, outcomes={item: ""}),
        "a point": lambda: services.add_agenda_item(meeting, actor=None, title="Neuf"),
        "its title": lambda: services.update_agenda_item(item, actor=None, title="Autre"),
        "no point": lambda: services.remove_agenda_item(item, actor=None),
        "its place": lambda: services.move_agenda_item(item, actor=None, up=True),
        "a question": lambda: arbitration(agreement, item=item),
        "a decision": lambda: services.decide(item, actor=None, text="Encore."),
        "a decision come from elsewhere": lambda: services.update_decision(
            free, actor=None, meeting=meeting
        ),
        "hours": lambda: services.set_hours(
            meeting, actor=None, opened_at=time(9), closed_at=time(10)
        ),
        "the day": lambda: services.update_meeting(meeting, actor=None, on=date(2026, 7, 1)),
        "the place": lambda: services.update_meeting(meeting, actor=None, place="Ailleurs"),
        "the chair": lambda: services.update_meeting(meeting, actor=None, chair=contact),
        "its tenure": lambda: services.plan_meeting_again(meeting, actor=None),
        "the introduction": lambda: services.write_introduction(
            validated, actor=None, introduction="Autre."
        ),
        **{
            name: lambda name=name, value=value: services.update_decision(
                Decision.objects.get(pk=decision.pk), actor=None, **{name: value}
            )
            for name, value in {
                "text": "Autre.", "number": "2026-77", "decided_on": date(2026, 6, 1), "item": None,
            }.items()
        },
    }  # fmt: skip
    assert {what: refusal_of(act) for what, act in refused.items() if not refusal_of(act)} == {}
    assert SessionNote.objects.get().text == "Débat vif."


def test_what_follows_a_decision_lives_on(agreement, validated) -> None:
    decision = Decision.objects.get()
    person = ContactFactory(agreement=agreement)
    services.update_decision(
        decision, actor=None, text=decision.text, state="done", follow_up="Fait.",
        responsible=person, due_on=date(2026, 12, 31),
    )  # fmt: skip
    decision.refresh_from_db()
    assert (decision.state, decision.responsible) == ("done", person)


def test_texts_of_the_pack_live_on(validated, meeting) -> None:
    services.update_meeting(meeting, actor=None, perspectives="Ouvrir cinq places.")
    assert Meeting.objects.get().perspectives == "Ouvrir cinq places."


def test_frozen_words_stay_when_the_plan_moves(agreement, validated) -> None:
    before = validated_content(validated).content_hash
    services.update_decision(
        Decision.objects.get(), actor=None, due_on=date(2026, 12, 31), follow_up="Plus tard."
    )
    meeting = validated.meeting
    meeting.committee.name = "Autre nom"
    meeting.committee.save()
    assert validated_content(MeetingRecord.objects.get()).content_hash == before


def test_validated_record_is_still_to_be_sent(record, chair_access, meeting) -> None:
    services.prepare_meeting(meeting, actor=None)
    validate(record, chair_access)
    assert meeting.preparation.get(key="record").done_on is None


def test_validation_applies_what_the_decisions_prepared(
    agreement, record, chair_access, chair_client, meeting
) -> None:
    sheet = make_action(agreement, due_on=date(2026, 12, 31))
    decision = Decision.objects.get()
    services.prepare_effect(
        decision, actor=None, action=sheet, kind="due_on", new_date=date(2027, 6, 30)
    )
    url = address(agreement, "record_validate", meeting.pk)
    answer = chair_client.post(url, {"vu": seen_of(record)}, follow=True)
    sheet.refresh_from_db()
    assert sheet.due_on == date(2027, 6, 30)
    assert f"1{NBSP}changement appliqué au plan" in answer.content.decode()
    words = json.dumps(validated_content(MeetingRecord.objects.get()).to_json(), ensure_ascii=False)
    assert "31 décembre 2026" in words.replace(NBSP, " ")
    assert "30 juin 2027" in words.replace(NBSP, " ")


def test_failure_leaves_the_record_as_it_was(record, chair_access, monkeypatch) -> None:
    def fails(*args: Any, **kwargs: Any) -> None:
        raise DomainError("Le plan refuse.")

    monkeypatch.setattr("committees.services.records.apply_effects", fails)
    with pytest.raises(DomainError, match="Le plan refuse"):
        validate(record, chair_access)
    assert not MeetingRecord.objects.get().is_locked
    assert not Snapshot.objects.exists()


# --- Addenda ------------------------------------------------------------------------------------------------
@pytest.fixture
def writer(agreement: Agreement) -> User:
    return MembershipFactory(agreement=agreement, role=Role.COORDINATOR).user


def test_corrections_are_numbered_and_printed_at_the_end(validated, writer) -> None:
    for rank in (1, 2):
        row = services.add_addendum(
            validated, actor=writer, on=VALIDATED + timedelta(rank), text=f"Lire {rank}."
        )
        assert row.number == rank
    last = validated_content(validated).sections[-1]
    assert last.title == "Rectificatifs"
    assert [block.title.replace(NBSP, " ") for block in last.blocks] == [
        "Rectificatif n° 1 du 21 juin 2026",
        "Rectificatif n° 2 du 22 juin 2026",
    ]
    assert "Lire 1." not in str(validated.snapshot.content)  # what was frozen stays
    assert "Lire 1." in repr(content_of(validated.snapshot))  # whoever opens the copy reads it


@pytest.mark.parametrize(
    ("on", "words"), [(VALIDATED - timedelta(1), "suit la validation"), (None, "pas encore venue")]
)
def test_correction_has_a_possible_date(validated, writer, on, words) -> None:
    day = on or timezone.localdate() + timedelta(1)
    with pytest.raises(DomainError, match=words):
        services.add_addendum(validated, actor=writer, on=day, text="Lire autrement.")


def test_draft_is_corrected_directly(record, writer) -> None:
    with pytest.raises(DomainError, match="n'est pas validé"):
        services.add_addendum(record, actor=writer, on=VALIDATED, text="Lire autrement.")


def test_correction_says_something(agreement, client_as, validated, meeting) -> None:
    client, url = client_as(Role.COORDINATOR), address(agreement, "addendum_create", meeting.pk)
    assert client.post(url, {"on": "2026-06-21", "text": "  "}).status_code == 422
    done = client.post(url, {"on": "2026-06-21", "text": "Lire 13 h."})
    assert "Lire 13 h." in text(client, done["Location"])


def test_signed_copy_is_attached_whenever(agreement, client_as, validated, meeting) -> None:
    client = client_as(Role.COORDINATOR)
    client.post(address(agreement, "signed_copy", meeting.pk), {"file": scan()})
    attachment = Attachment.objects.get()
    url = address(agreement, "signed_file", attachment.pk)
    for role, status in [(Role.ELECTED, 200), (Role.CAF, 200), (Role.PARTNER, 404)]:
        assert client_as(role).get(url).status_code == status


# --- Who reads ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("role", "reads"),
    [
        (Role.COORDINATOR, True), (Role.DIRECTION, True), (Role.CAF, True),
        (Role.ELECTED, False), (Role.PARTNER, False), (Role.READER, False),
    ],
)  # fmt: skip
def test_draft_is_for_who_prepares_and_for_the_chair(
    agreement, client_as, chair_client, record, meeting, role, reads
) -> None:
    page, file = address(agreement, "record", meeting.pk), ("record_file", meeting.pk, "pdf")
    client = client_as(role)
    assert ("cinq places" in text(client, page)) == reads
    assert client.get(address(agreement, *file)).status_code == (200 if reads else 403)
    assert "cinq places" in text(chair_client, page)


def test_draft_waits_for_its_submission_to_be_read_by_the_chair(
    agreement, chair_client, meeting
) -> None:
    assert "cinq places" not in text(chair_client, address(agreement, "record", meeting.pk))


@pytest.mark.parametrize("role", list(Role))
def test_everybody_reads_the_validated_record(
    agreement, client_as, validated, meeting, role
) -> None:
    client = client_as(role)
    page = text(client, address(agreement, "record", meeting.pk))
    assert "Le comité est favorable aux cinq places." in page
    assert "Hélène Vauthier" in page
    assert ("Ajouter un rectificatif" in page) == (role == Role.COORDINATOR)
    file = client.get(address(agreement, "record_file", meeting.pk, "docx"))
    assert file.status_code == 200
    frozen = reverse("reports:snapshot", args=[agreement.slug, validated.snapshot_id])
    allowed = role not in (Role.PARTNER, Role.READER)
    assert client.get(frozen).status_code == (200 if allowed else 404)


def test_money_of_a_decision_is_for_the_members_of_the_committee(
    agreement, client_as, record, chair_access, meeting
) -> None:
    DecisionEffect.objects.create(
        agreement=agreement, decision=Decision.objects.get(), action=make_action(agreement),
        kind="budget", amount=4000, year=2027, nature="operating", old_words="10 000 €",
        new_words="14 000 €", state="pending_vote",
    )  # fmt: skip
    validate(record, chair_access)
    url = address(agreement, "record", meeting.pk)
    for role, sees in [(Role.ELECTED, True), (Role.CAF, True), (Role.PARTNER, False)]:
        page = text(client_as(role), url)
        assert ("14 000 €" in page) == sees
        assert ("sous réserve du vote" in page) == sees
    whole = validated_content(MeetingRecord.objects.get())
    assert "14 000 €" not in repr(readable_by(whole, Audience.PUBLIC))


def test_chair_is_told_on_the_pages_where_they_arrive(
    agreement, chair_client, client_as, record, meeting
) -> None:
    words = "Un relevé attend votre validation"
    pages = [
        reverse("reports:documents", args=[agreement.slug]),
        address(agreement, "home"),
        address(agreement, "meeting", meeting.pk),
    ]
    other = client_as(Role.ELECTED)
    for page in pages:
        assert words in text(chair_client, page)
        assert words not in text(other, page)


def test_record_page_costs_a_fixed_number_of_queries(
    agreement, client_as, validated, meeting, django_assert_num_queries
) -> None:
    client, url = client_as(Role.COORDINATOR), address(agreement, "record", meeting.pk)
    client.get(url)
    with django_assert_num_queries(9):
        client.get(url)


def test_draft_page_costs_the_same_for_one_decision_and_for_many(
    agreement, client_as, record, meeting, django_assert_num_queries
) -> None:
    client, url = client_as(Role.COORDINATOR), address(agreement, "record", meeting.pk)
    client.get(url)
    with django_assert_num_queries(15):
        client.get(url)
    for _ in range(5):
        item = AgendaItemFactory(agreement=agreement, meeting=meeting)
        services.decide(item, actor=None, text="Oui.")
        AttendanceFactory(agreement=agreement, meeting=meeting)
    with django_assert_num_queries(15):
        client.get(url)


def test_planned_meeting_offers_the_session(agreement, client_as) -> None:
    meeting = MeetingFactory(agreement=agreement)
    url = address(agreement, "record", meeting.pk)
    assert "Ouvrir la séance" in text(client_as(Role.COORDINATOR), url)
    assert "Ouvrir la séance" not in text(client_as(Role.ELECTED), url)


def test_locked_meeting_offers_no_change(agreement, client_as, validated, meeting) -> None:
    client = client_as(Role.COORDINATOR)
    page = text(client, address(agreement, "meeting", meeting.pk))
    for words in ("Ajouter un point", "Noter une décision", "Noter les présences", "Retirer"):
        assert words not in page
    session = text(client, address(agreement, "session", meeting.pk))
    assert "Le relevé de cette réunion est validé" in session
    assert "Clore la réunion" not in session


def test_unknown_format_is_not_found(agreement, client_as, validated, meeting) -> None:
    client = client_as(Role.COORDINATOR)
    assert client.get(address(agreement, "record_file", meeting.pk, "xlsx")).status_code == 404


def test_record_is_no_document_to_produce(agreement, client_as) -> None:
    url = reverse("reports:produce", args=[agreement.slug, "releve-de-decisions"])
    assert client_as(Role.COORDINATOR).post(url).status_code == 404
    assert registry.get("releve-de-decisions").formats == ("pdf", "docx")


# --- Full minutes -----------------------------------------------------------------------------------------
@pytest.fixture
def following(agreement: Agreement, meeting: Meeting) -> Meeting:
    return MeetingFactory(agreement=agreement, committee=meeting.committee, on=date(2026, 10, 8))


def test_minutes_begin_with_the_notes(agreement, client_as, meeting) -> None:
    page = text(client_as(Role.COORDINATOR), address(agreement, "minutes_update", meeting.pk))
    assert "**1. Multi-accueil**" in page
    assert "Débat vif." in page
    assert "Le comité est favorable aux cinq places." in page


def test_minutes_are_internal_until_they_are_approved(
    agreement, client_as, validated, meeting, following
) -> None:
    services.write_minutes(meeting, actor=None, minutes="**1. Multi-accueil**\nDébat vif.")
    url = address(agreement, "minutes", meeting.pk)
    before = {role: client_as(role).get(url).status_code for role in Role}
    assert before == {
        Role.COORDINATOR: 200, Role.DIRECTION: 200, Role.ELECTED: 403, Role.CAF: 403,
        Role.PARTNER: 403, Role.READER: 403,
    }  # fmt: skip
    record = services.approve_minutes(
        meeting, actor=None, approved_in=following, remarks="Le Département était représenté."
    )
    assert record.minutes_approved_in == following
    after = {role: client_as(role).get(url).status_code for role in Role}
    assert after == {
        **before, Role.ELECTED: 200, Role.CAF: 200,
    }  # fmt: skip
    page = text(client_as(Role.CAF), url)
    assert "Débat vif." in page
    assert "Le Département était représenté." in page
    file = client_as(Role.PARTNER).get(address(agreement, "minutes_file", meeting.pk, "pdf"))
    assert file.status_code == 403


def test_approved_minutes_move_no_more(validated, meeting, following) -> None:
    services.write_minutes(meeting, actor=None, minutes="Débat vif.")
    services.approve_minutes(meeting, actor=None, approved_in=following)
    with pytest.raises(DomainError, match="est approuvé"):
        services.write_minutes(meeting, actor=None, minutes="Débat calme.")
    with pytest.raises(DomainError, match="déjà approuvé"):
        services.approve_minutes(meeting, actor=None, approved_in=following)
    assert Snapshot.objects.get(kind="compte-rendu").state == DocumentState.APPROVED


def test_minutes_are_approved_by_a_later_meeting_of_the_committee(
    agreement, validated, meeting, following
) -> None:
    with pytest.raises(DomainError, match="rien à approuver"):
        services.approve_minutes(meeting, actor=None, approved_in=following)
    services.write_minutes(meeting, actor=None, minutes="Débat vif.")
    elsewhere = MeetingFactory(agreement=agreement, on=date(2026, 10, 1))
    to_come = MeetingFactory(
        agreement=agreement, committee=meeting.committee, on=timezone.localdate() + timedelta(9)
    )
    for wrong in (elsewhere, meeting, to_come):
        with pytest.raises(DomainError, match=r"réunion suivante|pas encore tenue"):
            services.approve_minutes(meeting, actor=None, approved_in=wrong)


def test_minutes_wait_for_the_record(meeting, following) -> None:
    services.write_minutes(meeting, actor=None, minutes="Débat vif.")
    with pytest.raises(DomainError, match="valider le relevé"):
        services.approve_minutes(meeting, actor=None, approved_in=following)


def test_agenda_of_the_next_meeting_proposes_the_approval(
    agreement, client_as, validated, meeting, following
) -> None:
    from committees.suggestions import proposals

    def proposed() -> list[str]:
        return [row.title for row in proposals(following, following.on)]

    title = "Approbation du compte rendu du 12 juin 2026"
    assert title not in [words.replace(NBSP, " ") for words in proposed()]
    services.write_minutes(meeting, actor=None, minutes="Débat vif.")
    (found,) = [
        row for row in proposals(following, following.on) if row.title.replace(NBSP, " ") == title
    ]
    services.add_proposals(following, actor=None, values=[found.value], on=following.on)
    page = text(client_as(Role.COORDINATOR), address(agreement, "session", following.pk))
    assert "noter son approbation" in page
    client = client_as(Role.COORDINATOR)
    url = address(agreement, "minutes_approve", meeting.pk)
    assert f'value="{following.pk}" selected' in text(client, f"{url}?reunion={following.pk}")
    client.post(url, {"approved_in": following.pk, "remarks": ""})
    assert MeetingRecord.objects.get().minutes_approved_in == following
    assert title not in [words.replace(NBSP, " ") for words in proposed()]
