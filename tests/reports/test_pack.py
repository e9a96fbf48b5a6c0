"""The pack of a meeting: chosen parts, stated readers, pages, what has changed since."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from docx import Document as open_word
from hypothesis import given
from hypothesis import strategies as st
from outloud import check
from pypdf import PdfReader

from agreements.models import Agreement, DocumentState, Role, Snapshot
from agreements.services.attachments import add_attachment
from committees.models import AgendaItem, CommitteeKind, Decision, Meeting
from committees.services import choose_pack, set_arbitration
from core.audience import Audience
from core.documents.content import Content
from core.documents.declaration import registry, render
from core.errors import DomainError
from core.models import Job
from reports import pack, pack_sections
from reports.documents.base import Request
from reports.services import produce_document
from tests.actionplan.factories import action as make_action
from tests.committees.factories import AgendaItemFactory, DecisionFactory, MeetingFactory

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 25)
N = CommitteeKind.Nature


@pytest.fixture
def meeting(agreement: Agreement) -> Meeting:
    return MeetingFactory(
        agreement=agreement, committee__kind__nature=N.STEERING, on=date(2026, 12, 9)
    )


@pytest.fixture
def item(meeting: Meeting) -> AgendaItem:
    return AgendaItemFactory(
        agreement=meeting.agreement, meeting=meeting, title="Financer la crèche",
        kind=AgendaItem.Kind.ARBITRATION, presenter="Mme Presteau", reason="Motif gardé entre nous",
    )  # fmt: skip


def question(item: AgendaItem) -> None:
    set_arbitration(
        item, actor=None, question="Qui paie la crèche ?", context="Un contexte.",
        technical_opinion="L'option A.", action=None,
        options=[
            {"title": title, "effects": "", "cost": Decimal("45678"), "caf_revenue": None,
             "delay": "", "risk": ""}
            for title in ("A. La commune", "B. La Caf")
        ],
    )  # fmt: skip


def content(meeting: Meeting, *sections: str, audience: str = "") -> Content:
    request = replace(pack.request_of(meeting, DAY), sections=sections)
    if audience:
        request = replace(request, audience=audience)
    return registry.get("dossier-copil").content(request)


def printed(document: Content) -> dict[str, str]:
    """The words of each format."""
    pdf = PdfReader(io.BytesIO(render(document, "pdf").data))
    word = open_word(io.BytesIO(render(document, "docx").data))
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    return {
        "pdf": " ".join(" ".join(page.extract_text() for page in pdf.pages).split()),
        "docx": " ".join([*(row.text for row in word.paragraphs), *cells]),
    }


def address(meeting: Meeting, name: str = "reports:pack") -> str:
    return reverse(name, args=[meeting.agreement.slug, meeting.pk])


def page(client: Client, meeting: Meeting) -> str:
    response = client.get(address(meeting))
    assert response.status_code == 200
    return response.content.decode()


# --- Parts ----------------------------------------------------------------------------------
@pytest.mark.parametrize("key", [key for key in pack_sections.KEYS if key not in ("pieces", "fiches", "chiffres", "arbitrages", "glossaire")])  # fmt: skip
def test_a_part_alone_is_the_only_one_printed(meeting, key) -> None:
    make_action(meeting.agreement)
    found = [part.identifier for part in content(meeting, key).sections]
    assert [identifier for identifier in found if identifier in pack_sections.KEYS] == [key]


@given(st.sets(st.sampled_from(pack_sections.KEYS), min_size=1))
def test_parts_keep_the_order_of_reading_whatever_the_choice(keys) -> None:
    meeting = Meeting()
    chosen = pack_sections.chosen(meeting, tuple(keys))
    assert set(chosen) == keys
    assert list(chosen) == sorted(chosen, key=pack_sections.KEYS.index)


def test_arbitrations_stand_before_every_statistic(meeting, item) -> None:
    question(item)
    make_action(meeting.agreement)
    keys = [part.identifier for part in content(meeting, *pack_sections.KEYS).sections]
    for after in ("enjeux", "avancement", "mesures", "moyens", "annexes"):
        assert keys.index("arbitrage-1") < keys.index(after)


def test_nothing_is_an_annex_before_the_divide(meeting, item) -> None:
    make_action(meeting.agreement)
    sections = content(meeting, *pack_sections.KEYS).sections
    divide = [part.identifier for part in sections].index("annexes")
    assert [part.annex for part in sections] == [rank >= divide for rank in range(len(sections))]


@pytest.mark.parametrize(
    ("nature", "holds", "leaves_out"),
    [
        (N.TECHNICAL, "arbitrages", "synthese"),
        (N.WORKING_GROUP, "fiches", "moyens"),
        (N.EVALUATION, "mesures", "fiches"),
        (N.CAF_POINT, "moyens", "reussites"),
    ],
)
def test_each_kind_of_meeting_has_its_usual_parts(agreement, nature, holds, leaves_out) -> None:
    meeting = MeetingFactory(agreement=agreement, committee__kind__nature=nature)
    proposed = pack_sections.chosen(meeting)
    assert holds in proposed
    assert leaves_out not in proposed


def test_first_steering_meeting_is_a_launch_and_the_next_ones_are_not(meeting) -> None:
    assert "enjeux" in pack_sections.chosen(meeting)
    MeetingFactory(
        agreement=meeting.agreement, committee=meeting.committee, on=date(2026, 6, 1),
        state=Meeting.State.HELD,
    )  # fmt: skip
    assert "enjeux" not in pack_sections.chosen(meeting)
    assert "decisions" in pack_sections.chosen(meeting)


def test_choice_is_remembered_and_unknown_or_empty_refused(meeting) -> None:
    choose_pack(meeting, actor=None, sections=["moyens"], audience="public")
    meeting.refresh_from_db()
    assert pack_sections.chosen(meeting) == ("moyens",)
    with pytest.raises(DomainError, match="Cochez au moins une partie"):
        choose_pack(meeting, actor=None, sections=[], audience="public")
    with pytest.raises(DomainError, match="Partie inconnue"):
        pack_sections.chosen(meeting, ("recettes",))


def test_pack_of_a_working_group_tells_its_themes_alone(agreement) -> None:
    from tests.agreements.anything import make

    meeting = MeetingFactory(agreement=agreement, committee__kind__nature=N.WORKING_GROUP)
    kept, other = make_action(agreement, title="Ouvrir le relais"), make_action(agreement, title="Fermer le stade")  # fmt: skip
    theme = make("agreements.Theme", agreement)
    make("committees.CommitteeKindTheme", agreement, kind=meeting.committee.kind, theme=theme)
    make("actionplan.ActionTheme", agreement, action=kept, theme=theme)
    for row in (kept, other):
        row.due_on, row.status, row.starts_on = date(2026, 3, 1), "in_progress", date(2026, 1, 1)
        row.save()
    told = repr(content(meeting, "avancement"))
    assert "Ouvrir le relais" in told
    assert "Fermer le stade" not in told


def test_long_agenda_leaves_the_cover(meeting) -> None:
    assert content(meeting, "moyens").sections[0].identifier == "moyens"
    for rank in range(14):
        AgendaItemFactory(agreement=meeting.agreement, meeting=meeting, title=f"Point {rank}")
    document = content(meeting, "moyens")
    assert document.sections[0].identifier == "ordre-du-jour"
    assert "Point 13" in repr(document.sections[0])
    assert "Point 13" not in repr(document.cover_blocks)


def test_overdue_decisions_come_first_and_are_said(meeting) -> None:
    days = {"due_on": date(2026, 7, 1), "decided_on": date(2026, 6, 1), "agreement": meeting.agreement}  # fmt: skip
    DecisionFactory(**{**days, "due_on": date(2027, 7, 1)}, number="2026-01", text="Pas encore due")
    DecisionFactory(**days, number="2026-02", text="Bien due", state=Decision.State.TO_DO)
    part = content(meeting, "decisions").sections[0]
    sentence, table = part.blocks
    assert "1 a dépassé son échéance" in sentence.text
    assert [row[0] for row in table.rows] == ["2026-02", "2026-01"]
    assert "échue" in repr(table.rows[0])
    assert "échue" not in repr(table.rows[1])


# --- Readers --------------------------------------------------------------------------------
def hang(item: AgendaItem, title: str, audience: str) -> None:
    add_attachment(
        item, actor=None, file=ContentFile(b"%PDF-1.7", name="a.pdf"), title=title,
        dated_on=date(2026, 10, 2), audience=audience,
    )  # fmt: skip


def test_public_pack_has_no_amount_no_person_and_no_reserved_paper(meeting, item) -> None:
    question(item)
    hang(item, "Note publique", Audience.PUBLIC)
    hang(item, "Note du comité", Audience.COMMITTEE)
    hang(item, "Note interne", Audience.INTERNAL)
    action = make_action(meeting.agreement, title="Bâtir la crèche")
    item.actions.add(action, through_defaults={"agreement": meeting.agreement})
    DecisionFactory(agreement=meeting.agreement, decided_on=date(2026, 6, 1))
    keys = pack_sections.KEYS
    for words in printed(content(meeting, *keys, audience="public")).values():
        for hidden in ("45,7", "k€ prévus", "Mme Presteau", "Note du comité", "Note interne",
                       "Motif gardé entre nous", "Responsable", "Présidence"):  # fmt: skip
            assert hidden not in words, hidden
        for shown in ("Note publique", "2 octobre 2026".replace("2 octobre 2026", "02/10/2026"), "Qui paie la crèche ?",
                      "sans aucun montant"):  # fmt: skip
            assert shown in words, shown
    for words in printed(content(meeting, *keys, audience="committee")).values():
        assert "45,7" in words
        assert "Mme Presteau" in words
        assert "Note du comité" in words
        assert "Note interne" not in words
        assert "Motif gardé entre nous" not in words
    for words in printed(content(meeting, *keys, audience="internal")).values():
        assert "Note interne" in words
        assert "Motif gardé entre nous" in words


def test_page_is_shown_to_those_whom_the_pack_is_for(meeting, client_as) -> None:
    made = produce_document(pack.request_of(meeting, DAY), "dossier-copil", actor=None)
    assert made.audience == Audience.COMMITTEE
    url = reverse("reports:snapshot", args=[meeting.agreement.slug, made.pk])
    assert url in page(client_as(Role.CAF), meeting)
    for role in (Role.PARTNER, Role.READER):
        told = page(client_as(role), meeting)
        assert url not in told
        assert "pas encore fait" in told
        assert "Produire" not in told


# --- The page -------------------------------------------------------------------------------
def test_one_button_keeps_the_choice_freezes_and_draws(meeting, item, client_as) -> None:
    client = client_as(Role.COORDINATOR)
    response = client.post(
        address(meeting), {"sections": ["synthese", "moyens"], "audience": "public", "produire": "1"}
    )  # fmt: skip
    assert response["Location"] == address(meeting)
    made = Snapshot.objects.get(kind="dossier-copil")
    meeting.refresh_from_db()
    assert (meeting.pack_sections, meeting.pack_audience) == (["synthese", "moyens"], "public")
    assert (made.subject_id, made.audience) == (meeting.pk, "public")
    assert made.details["sections"] == ["synthese", "moyens"]
    assert Job.objects.get(kind="reports.draw").result_url == address(meeting)
    told = page(client, meeting)
    assert "Longueur" in told
    assert "2 pages (au plus 8)".replace(" ", "\u00a0", 1) in told
    assert "fichier.docx" in told
    assert "fichier.pdf" in told


def test_keeping_the_choice_produces_nothing(meeting, client_as) -> None:
    client_as(Role.COORDINATOR).post(
        address(meeting), {"sections": ["moyens"], "audience": "internal", "garder": "1"}
    )
    meeting.refresh_from_db()
    assert meeting.pack_audience == "internal"
    assert not Snapshot.objects.exists()


def test_bad_choice_is_said_and_what_was_ticked_stays(meeting, client_as) -> None:
    client = client_as(Role.COORDINATOR)
    response = client.post(address(meeting), {"audience": "tous", "sections": ["moyens"]})
    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {"audience"}
    assert list(response.context["form"]["sections"].value()) == ["moyens"]
    response = client.post(address(meeting), {"audience": "public"})
    assert "Cochez au moins une partie" in response.content.decode()
    assert not Snapshot.objects.exists()


@pytest.mark.parametrize("role", [Role.ELECTED, Role.CAF, Role.PARTNER, Role.READER])
def test_who_only_reads_produces_nothing(meeting, client_as, role) -> None:
    data = {"sections": ["moyens"], "audience": "public", "produire": "1"}
    assert client_as(role).post(address(meeting), data).status_code == 403
    assert not Snapshot.objects.exists()


def test_meeting_of_another_agreement_is_not_found(agreement, other_agreement, client_as) -> None:
    foreign = MeetingFactory(agreement=other_agreement)
    url = reverse("reports:pack", args=[agreement.slug, foreign.pk])
    client = client_as(Role.COORDINATOR)
    assert client.get(url).status_code == 404
    assert client.post(url, {"sections": ["moyens"], "audience": "public"}).status_code == 404


def test_page_says_what_is_ready_and_where_to_mend(meeting, item, client_as) -> None:
    told = page(client_as(Role.COORDINATOR), meeting)
    assert "La synthèse est proposée, à relire" in told
    assert "1 sans question ni options" in told
    assert reverse("committees:arbitration", args=[meeting.agreement.slug, item.pk]) in told
    question(item)
    assert "sans question" not in page(client_as(Role.COORDINATOR), meeting)


def test_direction_is_not_sent_to_pages_that_refuse_it(meeting, item, client_as) -> None:
    client = client_as(Role.DIRECTION)
    lines = client.get(address(meeting)).context["lines"]
    urls = [line.url for line in lines if line.url]
    assert urls
    for url in urls:
        assert client.get(url).status_code == 200


def test_work_under_way_shows_its_progress_without_javascript(meeting, client_as) -> None:
    made = produce_document(pack.request_of(meeting, DAY), "dossier-copil", actor=None)
    Job.objects.update(state=Job.State.RUNNING, done=1, total=2, message="PDF prêt")
    told = page(client_as(Role.COORDINATOR), meeting)
    assert "<progress" in told
    assert "PDF prêt" in told
    assert "Actualiser" in told
    Job.objects.update(state=Job.State.FAILED, message="Le dessin a échoué.")
    assert "Le dessin a échoué." in page(client_as(Role.COORDINATOR), meeting)
    assert made.number == 1


@pytest.mark.parametrize("count", [1, 5])
def test_page_costs_the_same_whatever_the_size(
    example, meeting, client_as, count, django_assert_num_queries
) -> None:
    for rank in range(count):
        row = AgendaItemFactory(agreement=meeting.agreement, meeting=meeting, title=f"Point {rank}")
        question(row)
        hang(row, f"Note {rank}", Audience.PUBLIC)
        DecisionFactory(
            agreement=meeting.agreement, decided_on=date(2026, 6, 1), number=f"2026-{rank:02d}"
        )
        make_action(meeting.agreement)
    for _ in range(count):
        produce_document(pack.request_of(meeting, date.today()), "dossier-copil", actor=None)
    client = client_as(Role.COORDINATOR)
    client.get(address(meeting))
    with django_assert_num_queries(PACK_QUERIES):
        client.get(address(meeting))


PACK_QUERIES = 55
"""Two readings of the plan: where each part is today, and what has changed since the last pack."""


# --- What has changed since -----------------------------------------------------------------
def test_nothing_has_changed_the_same_day(meeting, item, client_as) -> None:
    question(item)
    make_action(meeting.agreement)
    choose_pack(meeting, actor=None, sections=pack_sections.KEYS, audience="committee")
    produce_document(pack.request_of(meeting, date.today()), "dossier-copil", actor=None)
    assert "différerait" not in page(client_as(Role.COORDINATOR), meeting)


def test_pack_sent_keeps_its_bytes_and_the_page_says_that_the_plan_moved(
    meeting, item, client_as
) -> None:
    question(item)
    choose_pack(meeting, actor=None, sections=["arbitrages", "moyens"], audience="committee")
    made = produce_document(pack.request_of(meeting, date.today()), "dossier-copil", actor=None)
    direction = client_as(Role.DIRECTION)
    transition = reverse("reports:transition", args=[meeting.agreement.slug, made.pk])
    for state in (DocumentState.APPROVED, DocumentState.SENT):
        direction.post(transition, {"state": state, "on": date.today().isoformat(), "note": ""})
    url = reverse("reports:download", args=[meeting.agreement.slug, made.pk, "pdf"])
    sent = direction.get(url).content

    point = item.arbitration
    point.question = "Qui paie vraiment ?"
    point.save()
    told = page(direction, meeting)
    assert "n'est plus celui du plan" in told.replace("&#x27;", "'")
    assert "Arbitrage" in told.split("différerait")[1].split("</p>")[0]
    assert "Moyens" not in told.split("différerait")[1].split("</p>")[0]
    assert direction.get(url).content == sent

    produce_document(pack.request_of(meeting, date.today()), "dossier-copil", actor=None)
    told = page(direction, meeting)
    assert "Le dossier transmis est le n°" in told
    assert "différerait du n°" in told
    assert told.index("N° 2") < told.index("N° 1")


# --- Pages ----------------------------------------------------------------------------------
def test_too_long_a_pack_says_what_to_drop() -> None:
    first = {"synthese": 2, "arbitrage-1": 3, "avancement": 4, "moyens": 9, "annexes": 11, "action-1": 12, "chiffres": 22}  # fmt: skip
    counted = pack.page_count(Snapshot(details={"pages": {"total": 23, "first": first}}))
    assert (counted.core, counted.annexes) == (10, 13)
    core, annexes = counted.advice
    assert "fait 10 pages, pour 8 au plus" in core
    assert "Moyens" in core
    assert "Avancement" in core
    assert "Arbitrage" not in core
    assert "font 13 pages, pour 10 au plus" in annexes
    assert "Chiffres clés" in annexes
    assert "Fiches des actions" in annexes


def test_pack_not_drawn_yet_has_no_page_count() -> None:
    assert pack.page_count(Snapshot(details={})) is None


def test_pack_of_the_demonstration_holds_its_pages_and_reads_aloud(example) -> None:
    meeting = Meeting.objects.get(agreement=example, committee__kind__nature=N.STEERING, on__gt=DAY, on__year=2026)  # fmt: skip
    made = produce_document(pack.request_of(meeting, DAY), "dossier-copil", actor=None)
    made.refresh_from_db()
    counted = pack.page_count(made)
    assert counted.advice == ()
    assert counted.core <= 8
    assert 1 <= counted.annexes <= 10

    whole = content(meeting, *pack_sections.KEYS)
    assert {part.identifier for part in whole.sections} >= {"pieces", "enjeux", "mesures", "glossaire"}  # fmt: skip
    data = render(whole, "pdf").data
    report = check(io.BytesIO(data), layers=["conformance"])
    assert [finding for finding in report.findings if finding.severity == "error"] == []
    words = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    assert "Note technique : le lot ventilation" in " ".join(words.split())
    assert "Remarques de la direction" not in words


@pytest.mark.parametrize("count", [1, 5])
def test_building_costs_the_same_whatever_the_number_of_points(
    example, meeting, count, django_assert_num_queries
) -> None:
    for rank in range(count):
        row = AgendaItemFactory(agreement=meeting.agreement, meeting=meeting, title=f"Point {rank}")
        question(row)
        hang(row, f"Note {rank}", Audience.PUBLIC)
        action = make_action(meeting.agreement)
        row.actions.add(action, through_defaults={"agreement": meeting.agreement})
    request = Request(
        agreement=meeting.agreement, on=DAY, year=2026, meeting_id=meeting.pk,
        sections=pack_sections.KEYS,
    )  # fmt: skip
    with django_assert_num_queries(BUILD_QUERIES):
        registry.get("dossier-copil").content(request)


BUILD_QUERIES = 36
