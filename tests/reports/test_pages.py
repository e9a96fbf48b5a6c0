"""From « Produire » to « transmis »: each role does its part, and what was sent stays as it was."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from actionplan.models import Orientation
from agreements.models import AccessLink, Agreement, DocumentState, Role, Snapshot, SnapshotFile
from agreements.services.links import create_link
from committees.models import CommitteeKind
from core import jobs
from core.models import Job
from reports.documents.base import Request
from reports.services import produce_document
from tests.actionplan.factories import action as make_action
from tests.committees.factories import MeetingFactory

pytestmark = pytest.mark.django_db
S = DocumentState


def address(agreement: Agreement, name: str, *args: object) -> str:
    return reverse(f"reports:{name}", args=[agreement.slug, *args])


def text(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def snapshot(agreement: Agreement) -> Snapshot:
    make_action(agreement, title="Ouvrir un relais")
    request = Request(agreement=agreement, on=date(2026, 11, 23), year=2026)
    return produce_document(request, "ctg-en-deux-pages", actor=None)


def pass_to(client: Client, snapshot: Snapshot, state: str, on: date | None = None) -> object:
    return client.post(
        address(snapshot.agreement, "transition", snapshot.pk),
        {"state": state, "on": (on or date.today()).isoformat(), "note": ""},
    )


def printed(client: Client, snapshot: Snapshot) -> str:
    response = client.get(address(snapshot.agreement, "download", snapshot.pk, "pdf"))
    assert response["Content-Type"] == "application/pdf"
    pages = PdfReader(io.BytesIO(response.content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


# --- Produce --------------------------------------------------------------------------------
def test_one_click_freezes_the_document_under_its_number(agreement, client_as) -> None:
    client = client_as(Role.COORDINATOR)
    for number in (1, 2):
        response = client.post(
            address(agreement, "produce", "bilan-annuel"),
            {"year": "2026", "edition": "provisional"},
        )
        made = Snapshot.objects.filter(agreement=agreement).latest("pk")
        assert response["Location"] == address(agreement, "snapshot", made.pk)
        assert (made.number, made.edition, made.state) == (number, "provisional", S.DRAFT)
    assert Job.objects.filter(kind="reports.draw").count() == 2


def test_page_of_the_document_reads_like_the_document(agreement, client_as, snapshot) -> None:
    page = text(client_as(Role.ELECTED), address(agreement, "snapshot", snapshot.pk))
    assert "Ouvrir un relais" in page or "Accueillir les tout-petits" in page
    assert "projet" in page
    assert "sans objet" not in page


def test_dossier_without_a_meeting_is_refused_in_words(agreement, client_as) -> None:
    client = client_as(Role.COORDINATOR)
    assert "Fixez d&#x27;abord une réunion" in text(client, address(agreement, "documents"))
    response = client.post(address(agreement, "produce", "dossier-copil"), {})
    assert response.status_code == 422
    assert not Snapshot.objects.filter(agreement=agreement).exists()


@pytest.mark.parametrize("role", [Role.ELECTED, Role.CAF, Role.PARTNER, Role.READER])
def test_who_may_not_produce_is_told_so(agreement, client_as, role) -> None:
    client = client_as(role)
    assert "Produire" not in text(client, address(agreement, "documents"))
    response = client.post(address(agreement, "produce", "ctg-en-deux-pages"), {})
    assert response.status_code == 403
    assert "ne permet pas de produire un document" in response.content.decode()


def test_unknown_document_is_not_found(agreement, client_as) -> None:
    client = client_as(Role.COORDINATOR)
    assert client.get(address(agreement, "produce", "rapport-secret")).status_code == 404


def test_committee_document_is_not_listed_for_partners(agreement, client_as, snapshot) -> None:
    bilan = produce_document(
        Request(agreement=agreement, on=date.today(), year=2026), "bilan-annuel", actor=None
    )
    for role, found in (
        (Role.CAF, 200),
        (Role.ELECTED, 200),
        (Role.PARTNER, 404),
        (Role.READER, 404),
    ):
        client = client_as(role)
        assert client.get(address(agreement, "snapshot", bilan.pk)).status_code == found
        assert client.get(address(agreement, "download", bilan.pk, "pdf")).status_code == found
        listed = address(agreement, "snapshot", bilan.pk) in text(
            client, address(agreement, "documents")
        )
        assert listed == (found == 200)


@pytest.mark.parametrize("count", [1, 6])
def test_documents_page_costs_the_same(
    agreement, client_as, snapshot, django_assert_num_queries, count
) -> None:
    for _ in range(count):
        produce_document(
            Request(agreement=agreement, on=date.today(), year=2026), "bilan-annuel", actor=None
        )
    client = client_as(Role.COORDINATOR)
    client.get(address(agreement, "documents"))
    with django_assert_num_queries(DOCUMENTS_QUERIES):
        client.get(address(agreement, "documents"))


DOCUMENTS_QUERIES = 13


def test_reader_sees_what_is_awaited_and_the_next_meeting(agreement, client_as, snapshot) -> None:
    MeetingFactory(
        agreement=agreement,
        committee__kind__nature=CommitteeKind.Nature.STEERING,
        on=date.today() + timedelta(9),
    )
    caf = client_as(Role.CAF).get(address(agreement, "documents")).text
    elected = client_as(Role.ELECTED).get(address(agreement, "documents")).text
    assert "Votre relecture ou votre accord est attendu" in caf
    assert "Votre relecture ou votre accord est attendu" not in elected
    assert "Prochaine réunion" in elected
    assert (
        "Prochaine réunion"
        not in client_as(Role.COORDINATOR).get(address(agreement, "documents")).text
    )


# --- States ---------------------------------------------------------------------------------
def test_each_state_is_declared_by_its_own_role_and_printed_on_the_pages(
    agreement, client_as, snapshot
) -> None:
    coordinator, caf = client_as(Role.COORDINATOR), client_as(Role.CAF)
    direction = client_as(Role.DIRECTION)
    assert "projet" in printed(coordinator, snapshot)

    for client, state, words in (
        (caf, S.READ_BY_CAF, "relu par la Caf le"),
        (coordinator, S.PRESENTED, "présenté au COPIL le"),
        (direction, S.APPROVED, "validé le"),
        (coordinator, S.SENT, "transmis le"),
    ):
        assert pass_to(client, snapshot, state).status_code == 302
        assert words in printed(coordinator, snapshot)
    assert list(snapshot.transitions.values_list("state", flat=True)) == [
        S.READ_BY_CAF, S.PRESENTED, S.APPROVED, S.SENT,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("role", "state"),
    [
        (Role.COORDINATOR, S.READ_BY_CAF),
        (Role.COORDINATOR, S.APPROVED),
        (Role.COORDINATOR, S.SENT),
        (Role.CAF, S.PRESENTED),
        (Role.CAF, S.APPROVED),
        (Role.DIRECTION, S.READ_BY_CAF),
    ],
)
def test_state_that_is_not_ones_own_is_refused(agreement, client_as, snapshot, role, state) -> None:
    """Nothing is sent that the direction has not approved, whoever asks."""
    assert pass_to(client_as(role), snapshot, state).status_code == 422
    snapshot.refresh_from_db()
    assert snapshot.state == S.DRAFT


@pytest.mark.parametrize("role", [Role.ELECTED, Role.PARTNER, Role.READER])
def test_reader_changes_no_state(agreement, client_as, snapshot, role) -> None:
    assert pass_to(client_as(role), snapshot, S.PRESENTED).status_code == 403


def test_date_before_the_step_before_is_refused_beside_the_date(
    agreement, client_as, snapshot
) -> None:
    client = client_as(Role.DIRECTION)
    pass_to(client, snapshot, S.PRESENTED, on=date.today())
    response = pass_to(client, snapshot, S.APPROVED, on=date.today() - timedelta(1))
    assert response.status_code == 422
    assert "précède l'étape d'avant" in response.context["form"].errors["on"][0]


def test_what_was_sent_is_had_again_as_it_was(agreement, client_as, snapshot) -> None:
    direction = client_as(Role.DIRECTION)
    pass_to(direction, snapshot, S.APPROVED)
    pass_to(direction, snapshot, S.SENT)
    url = address(agreement, "download", snapshot.pk, "pdf")
    sent = direction.get(url).content
    Agreement.objects.filter(pk=agreement.pk).update(name="Un autre nom")
    Orientation.objects.filter(agreement=agreement).update(title="Un titre changé depuis")
    assert direction.get(url).content == sent
    assert SnapshotFile.objects.filter(snapshot=snapshot, format="pdf").count() == 1


def test_draft_keeps_its_words_when_the_plan_changes(agreement, client_as, snapshot) -> None:
    Orientation.objects.filter(agreement=agreement).update(title="Un titre changé depuis")
    assert "Un titre changé depuis" not in printed(client_as(Role.COORDINATOR), snapshot)


def test_format_that_does_not_exist_is_not_found(agreement, client_as, snapshot) -> None:
    client = client_as(Role.COORDINATOR)
    assert client.get(address(agreement, "download", snapshot.pk, "exe")).status_code == 404


# --- The background -------------------------------------------------------------------------
def test_drawing_in_the_background_ends_well(agreement, snapshot) -> None:
    job = Job.objects.get(kind="reports.draw")
    jobs.run_job.func(job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.DONE


# --- Links ----------------------------------------------------------------------------------
@pytest.fixture
def link(snapshot: Snapshot) -> tuple[AccessLink, str]:
    return create_link(snapshot, actor=None, label="Mme la sénatrice")


def test_bearer_of_a_link_reads_one_document_and_nothing_else(
    agreement, client, snapshot, link
) -> None:
    url = reverse("shared_document", args=[link[1]])
    page = text(client, url)
    assert snapshot.title in page
    assert address(agreement, "documents") not in page
    assert client.get(reverse("shared_file", args=[link[1], "pdf"])).status_code == 200
    assert client.get(address(agreement, "snapshot", snapshot.pk)).status_code == 302


def test_link_is_shown_once_and_closes_when_taken_back(
    agreement, client, client_as, snapshot
) -> None:
    coordinator = client_as(Role.COORDINATOR)
    url = address(agreement, "share", snapshot.pk)
    page = coordinator.post(url, {"label": "M. Roux", "days": "10"}, follow=True).content.decode()
    token = re.search(r"/lien/([\w-]+)/", page)[1]
    assert client.get(reverse("shared_document", args=[token])).status_code == 200
    assert token not in text(coordinator, address(agreement, "snapshot", snapshot.pk))

    coordinator.post(address(agreement, "link_revoke", AccessLink.objects.get().pk))
    response = client.get(reverse("shared_document", args=[token]))
    assert response.status_code == 404
    assert snapshot.title not in response.content.decode()


def test_link_expires(client, link) -> None:
    AccessLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    for name, args in (("shared_document", [link[1]]), ("shared_file", [link[1], "pdf"])):
        assert client.get(reverse(name, args=args)).status_code == 404


@pytest.mark.parametrize("role", [Role.ELECTED, Role.CAF, Role.PARTNER, Role.READER])
def test_link_is_not_given_by_who_only_reads(agreement, client_as, snapshot, role) -> None:
    url = address(agreement, "share", snapshot.pk)
    assert client_as(role).post(url, {"label": "x", "days": 3}).status_code == 403
    assert not AccessLink.objects.exists()
