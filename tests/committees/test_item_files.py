"""Documents of the points of an agenda: joined by whoever steers, read by whom they are for."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from agreements.models import Agreement, Attachment, Role
from agreements.services.attachments import add_attachment, hung_on, remove_attachment
from committees.models import AgendaItem, Meeting
from committees.services import delete_meeting, hold_meeting, remove_agenda_item
from core.audience import Audience
from tests.committees.factories import AgendaItemFactory, MeetingFactory

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 essai"


@pytest.fixture
def item(agreement: Agreement) -> AgendaItem:
    meeting = MeetingFactory(agreement=agreement, on=date(2026, 12, 9))
    return AgendaItemFactory(agreement=agreement, meeting=meeting, title="Le budget")


def hang(item: AgendaItem, title: str = "Note", audience: str = Audience.COMMITTEE) -> Attachment:
    return add_attachment(
        item, actor=None, file=ContentFile(PDF, name="note.pdf"), title=title, audience=audience
    )


def address(row: object, name: str) -> str:
    return reverse(f"committees:{name}", args=[row.agreement.slug, row.pk])  # type: ignore[attr-defined]


def test_coordinator_joins_a_document_to_a_point(item, client_as) -> None:
    client = client_as(Role.COORDINATOR)
    url = address(item, "item_file_create")
    assert client.get(url).context["form"].initial["audience"] == Audience.COMMITTEE
    file = SimpleUploadedFile("plan de financement.pdf", PDF)
    data = {"file": file, "title": "", "kind": "budget", "dated_on": "", "audience": "committee"}
    response = client.post(url, data)
    assert response["Location"].endswith("#ordre-du-jour")
    joined = hung_on(item).get()
    assert joined.title == "plan de financement"
    for page in ("meeting", "session"):
        told = client.get(address(item.meeting, page)).content.decode()
        assert "plan de financement" in told
        assert address(joined, "item_file") in told


def test_file_that_is_not_what_its_name_says_is_refused(item, client_as) -> None:
    file = SimpleUploadedFile("note.pdf", b"ceci n'est pas un PDF")
    response = client_as(Role.COORDINATOR).post(
        address(item, "item_file_create"),
        {"file": file, "title": "", "kind": "other", "dated_on": "", "audience": "public"},
    )
    assert response.status_code == 422
    assert not hung_on(item).exists()


@pytest.mark.parametrize(
    ("role", "readable"),
    [
        (Role.DIRECTION, {"public", "committee", "internal"}),
        (Role.ELECTED, {"public", "committee"}),
        (Role.CAF, {"public", "committee"}),
        (Role.READER, {"public"}),
    ],
)
def test_each_reads_what_is_meant_for_them(item, client_as, role, readable) -> None:
    rows = {audience: hang(item, f"Note {audience}", audience) for audience in Audience.values}
    client = client_as(role)
    told = client.get(address(item.meeting, "meeting")).content.decode()
    for audience, row in rows.items():
        assert (f"Note {audience}" in told) is (audience in readable)
        found = client.get(address(row, "item_file")).status_code
        assert found == (200 if audience in readable else 404)


@pytest.mark.parametrize("count", [1, 6])
def test_meeting_costs_the_same_whatever_its_documents(
    item, client_as, count, django_assert_num_queries
) -> None:
    for rank in range(count):
        other = AgendaItemFactory(agreement=item.agreement, meeting=item.meeting, title=f"P{rank}")
        hang(other, f"Note {rank}")
    client = client_as(Role.ELECTED)
    client.get(address(item.meeting, "meeting"))
    with django_assert_num_queries(MEETING_QUERIES):
        client.get(address(item.meeting, "meeting"))


MEETING_QUERIES = 11


def test_point_that_comes_back_brings_its_own_copy_of_its_documents(
    item, django_capture_on_commit_callbacks
) -> None:
    first = hang(item, "Note", Audience.PUBLIC)
    coming = MeetingFactory(
        agreement=item.agreement, committee=item.meeting.committee, on=date(2027, 6, 9)
    )
    hold_meeting(item.meeting, actor=None)
    copied = hung_on(coming.agenda.get()).get()
    assert (copied.title, copied.audience, copied.size) == ("Note", Audience.PUBLIC, len(PDF))
    assert copied.file.name != first.file.name
    with django_capture_on_commit_callbacks(execute=True):
        remove_attachment(first, actor=None)
    assert copied.file.read() == PDF


def test_copy_that_received_a_document_is_not_taken_back(item) -> None:
    from committees.services import set_outcomes

    coming = MeetingFactory(
        agreement=item.agreement, committee=item.meeting.committee, on=date(2027, 6, 9)
    )
    hold_meeting(item.meeting, actor=None)
    hang(coming.agenda.get())
    outcomes = {item: AgendaItem.Outcome.INFORMATION}
    set_outcomes(Meeting.objects.get(pk=item.meeting_id), actor=None, outcomes=outcomes)
    assert coming.agenda.count() == 1


@pytest.mark.parametrize("what", ["point", "meeting"])
def test_what_is_deleted_takes_its_documents_with_it(
    item, what, django_capture_on_commit_callbacks
) -> None:
    row = hang(item)
    storage, name = row.file.storage, row.file.name
    with django_capture_on_commit_callbacks(execute=True):
        if what == "point":
            remove_agenda_item(item, actor=None)
        else:
            delete_meeting(item.meeting, actor=None)
    assert not Attachment.objects.filter(pk=row.pk).exists()
    assert not storage.exists(name)
