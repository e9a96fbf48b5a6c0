"""The slide deck of a meeting: on the example, on hard cases, for each audience."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from agreements.models import Agreement, Snapshot
from committees.models import AgendaItem, CommitteeKind, Decision, Meeting
from committees.services import add_agenda_item, set_arbitration, take_decision
from core.audience import Audience
from core.documents.content import Content
from core.documents.declaration import registry, render
from core.errors import DomainError
from demo.bench import deck as bench
from demo.content import agreement as demo
from reports.documents.base import Request
from tests.committees.factories import MeetingFactory
from tests.core import slides

DAY = date(2026, 11, 23)
STEERING = {"committee__kind__nature": CommitteeKind.Nature.STEERING}
LONG = (
    "Faut-il, compte tenu du retard pris par le chantier, mutualiser les relais petite enfance des trois "
    "communes voisines, ou maintenir un relais par commune jusqu'au prochain renouvellement ? "
)
PARAGRAPH = (
    "Le projet prévoit une ouverture échelonnée sur trois années. L'avis de la PMI est réservé sur la cour. "
    "Les familles concernées habitent majoritairement le quartier prioritaire. "
) * 4


def content(agreement: Agreement, **changes: object) -> Content:
    request = replace(Request(agreement=agreement, on=DAY, year=2026), **changes)  # type: ignore[arg-type]
    return registry.get("deck-copil").content(request)


def deck(agreement: Agreement, **changes: object):
    return slides.opened(render(content(agreement, **changes), "pptx").data)


def notes_by_title(built) -> dict[str, str]:
    return dict(zip(slides.titles(built), slides.notes(built), strict=True))


# --- On the example -----------------------------------------------------------------------------
@pytest.fixture(scope="module")
def shown(example: Agreement, django_db_blocker):
    with django_db_blocker.unblock():
        return deck(example)


def test_deck_follows_the_order_of_the_meeting(shown) -> None:
    titles = slides.titles(shown)
    wanted = [
        "Comité de pilotage (COPIL)", "Ordre du jour", "Depuis la dernière fois", "Le plan en une image",
        "Arbitrage n°\u00a01 : les options", "Les moyens en 2026", "Ce qui est demandé aujourd'hui",
        "Perspectives et prochaines dates", "Sources",
    ]  # fmt: skip
    places = [titles.index(title) for title in wanted]
    assert places == sorted(places)
    assert len(set(titles)) == len(titles)
    assert len(titles) <= 20, "a room does not follow more"


def test_nothing_overflows_on_the_example(shown) -> None:
    assert slides.overflows(shown) == []


def test_agenda_has_the_hour_of_each_point(shown, example, db) -> None:
    meeting = Meeting.objects.get(agreement=example, on__gt=DAY, agenda__arbitration__isnull=False, agenda__position=2)  # fmt: skip
    agenda = next(shape.table for shape in shown.slides[1].shapes if shape.has_table)
    rows = [[cell.text for cell in row.cells] for row in list(agenda.rows)[1:]]
    assert rows[0][0] == "14\u00a0h"
    assert rows[1][0] == "14\u00a0h\u00a010"
    assert [row[1] for row in rows] == [
        item.title for item in meeting.agenda.filter(is_confirmed=True)
    ]


def test_options_stand_side_by_side_and_the_opinion_is_in_the_notes(shown) -> None:
    titles = slides.titles(shown)
    rank = titles.index("Arbitrage n°\u00a01 : les options")
    table = next(shape.table for shape in shown.slides[rank].shapes if shape.has_table)
    heads = [cell.text for cell in table.rows[0].cells]
    assert [head[:2] for head in heads[1:]] == ["A.", "B.", "C."]
    criteria = [row.cells[0].text for row in list(table.rows)[1:]]
    assert criteria == [
        "Effets",
        "Coût pour la commune",
        "Recette Caf (estimation)",
        "Délai",
        "Risque",
    ]
    notes = slides.notes(shown)[rank]
    assert "L'option B garde l'ouverture en 2027" in notes
    assert "soumis au vote du conseil municipal" in notes
    assert "L'option B garde" not in slides.texts(shown)


def test_notes_say_producer_year_and_day_of_the_plan(shown) -> None:
    notes = notes_by_title(shown)
    assert "état au 23\u00a0novembre\u00a02026" in notes["Le plan en une image"]
    assert (
        "Insee, Recensement de la population, 2022" in notes["Le territoire en quelques chiffres"]
    )
    assert "état au 23\u00a0novembre\u00a02026" in notes["Les moyens en 2026"]
    assert all(note.strip() for note in slides.notes(shown))


def test_plan_is_drawn_by_a_chart_that_powerpoint_edits(shown, example, db) -> None:
    rank = slides.titles(shown).index("Le plan en une image")
    chart = next(shape.chart for shape in shown.slides[rank].shapes if shape.has_chart)
    total = sum(v for series in chart.plots[0].series for v in series.values if v)
    figures = [s.text_frame.text for s in shown.slides[rank].shapes if s.name.startswith("Chiffre")]
    assert figures[0].startswith(f"{int(total)}\n")


def test_no_hole_shows_through(shown) -> None:
    whole = slides.everything(shown)
    for trace in ("None", "Decimal", "**", "True", "False", "{{"):
        assert trace not in whole


def test_deck_holds_nothing_of_another_agreement(shown, example, db) -> None:
    other = Agreement.objects.get(slug=demo.OTHER_SLUG)
    assert other.name not in slides.everything(shown)


# --- Who reads it ---------------------------------------------------------------------------------
def test_public_deck_has_no_amount_no_name_and_no_difficulty(example, db) -> None:
    committee, public = deck(example), deck(example, audience=Audience.PUBLIC)
    told = slides.everything(public)
    assert "k€" in slides.everything(committee)
    assert "k€" not in told
    assert "Les moyens en 2026" not in slides.titles(public)
    people = {
        str(row.responsible)
        for row in Decision.objects.filter(agreement=example)
        if row.responsible
    } | {item.presenter for item in AgendaItem.objects.filter(agreement=example) if item.presenter}
    assert people
    assert not [name for name in people if name in told]
    assert any(name in slides.everything(committee) for name in people)
    assert "Ce qui a été difficile" not in told
    assert slides.overflows(public) == []


def test_audience_is_that_of_the_pack_unless_another_is_asked(agreement) -> None:
    meeting = MeetingFactory(
        agreement=agreement, on=date(2026, 12, 8), pack_audience=Audience.PUBLIC, **STEERING
    )
    assert content(agreement, meeting_id=meeting.pk).audience == Audience.PUBLIC
    asked = content(agreement, meeting_id=meeting.pk, audience=Audience.COMMITTEE)
    assert asked.audience == Audience.COMMITTEE


def test_point_proposed_by_the_caf_and_not_kept_is_not_shown(agreement) -> None:
    meeting = MeetingFactory(agreement=agreement, on=date(2026, 12, 8), **STEERING)
    AgendaItem.objects.create(
        agreement=agreement, meeting=meeting, title="Point en attente", is_confirmed=False
    )
    assert "Point en attente" not in slides.everything(deck(agreement))


# --- Hard cases -------------------------------------------------------------------------------------
def test_agreement_without_a_meeting_is_told_what_to_do(agreement) -> None:
    with pytest.raises(DomainError, match="Aucune réunion"):
        content(agreement)
    declaration = registry.get("deck-copil")
    assert (
        declaration.missing(Request(agreement=agreement, on=DAY, year=2026))
        == "Fixez d'abord une réunion."
    )


def test_nearly_empty_agreement_has_a_deck_without_an_empty_slide(agreement) -> None:
    MeetingFactory(agreement=agreement, on=date(2026, 12, 8), **STEERING)
    built = deck(agreement)
    titles = slides.titles(built)
    assert "L'ordre du jour n'est pas encore écrit." in slides.texts(built)
    for absent in (
        "Depuis la dernière fois",
        "Les moyens en 2026",
        "Ce qui est demandé aujourd'hui",
    ):
        assert absent not in titles
    assert slides.overflows(built) == []
    for slide in list(built.slides)[1:]:
        assert len(slide.shapes) > 3 or slide.shapes[1].text_frame.text.strip()


def test_long_agenda_long_titles_long_arbitrations_and_decisions_hold(agreement) -> None:
    held = MeetingFactory(
        agreement=agreement, on=date(2026, 6, 8), state=Meeting.State.HELD, **STEERING
    )
    meeting = MeetingFactory(
        agreement=agreement, on=date(2026, 12, 8), starts_at=time(8, 30), duration_minutes=90,
        place=LONG[:190], perspectives="\n".join([PARAGRAPH] * 6), committee=held.committee,
    )  # fmt: skip
    held.committee.name = ("Comité de pilotage élargi " * 6)[:150]
    held.committee.save()
    for rank in range(20):
        add_agenda_item(
            meeting, actor=None, title=f"{rank}. {LONG * 2}"[: 30 + 8 * rank], kind="information",
            minutes=15, presenter="Une personne", actions=[],
        )  # fmt: skip
    for _ in range(3):
        item = add_agenda_item(
            meeting, actor=None, title=(LONG * 2)[:200], kind="arbitration", minutes=20, presenter="", actions=[],
        )  # fmt: skip
        set_arbitration(
            item, actor=None, question=(LONG * 2)[:300], context=PARAGRAPH, technical_opinion=PARAGRAPH,
            action=None,
            options=[
                {"title": (LONG * 2)[:190], "effects": PARAGRAPH, "cost": Decimal(123456), "caf_revenue": None,
                 "delay": LONG[:150], "risk": PARAGRAPH[:300]}
                for _ in range(3)
            ],
        )  # fmt: skip
    for _ in range(9):
        take_decision(
            agreement, actor=None, meeting=held, decided_on=held.on, text=PARAGRAPH, responsible=None,
            due_on=None, state="to_do", follow_up=PARAGRAPH, institutional="none",
            institutional_reference="", actions=[],
        )  # fmt: skip
    built = deck(agreement, meeting_id=meeting.pk)
    assert slides.overflows(built) == []
    titles = slides.titles(built)
    assert len(set(titles)) == len(titles)
    assert sum("les options" in title for title in titles) == 3
    notes = notes_by_title(built)
    assert PARAGRAPH.strip() in notes["Depuis la dernière fois"]
    assert "de trop" in notes["Ordre du jour"]


def test_working_group_has_its_deck_too(example, db) -> None:
    meeting = (
        Meeting.objects.filter(agreement=example)
        .exclude(committee__kind__nature=CommitteeKind.Nature.STEERING)
        .first()
    )
    built = deck(example, meeting_id=meeting.pk)
    assert slides.titles(built)[0] == meeting.committee.name
    assert slides.overflows(built) == []


# --- The documents page --------------------------------------------------------------------------
def test_deck_is_produced_from_the_documents_page_and_downloaded(example, client, db) -> None:
    client.force_login(User.objects.get(email="coordination@exemple.fr"))
    page = client.get(reverse("reports:documents", args=[example.slug])).content.decode()
    assert "Diaporama de séance" in page
    assert "Public : ni montants, ni noms" in page
    meeting = Meeting.objects.filter(
        agreement=example, on__gt=DAY, state=Meeting.State.PLANNED
    ).first()
    answer = client.post(
        reverse("reports:produce", args=[example.slug, "deck-copil"]),
        {"meeting": meeting.pk, "audience": "public"},
    )
    assert answer.status_code == 302
    snapshot = Snapshot.objects.get(agreement=example, kind="deck-copil", number=1)
    assert snapshot.audience == Audience.PUBLIC
    assert snapshot.subject_id == meeting.pk
    file = client.get(reverse("reports:download", args=[example.slug, snapshot.pk, "pptx"]))
    assert file["Content-Type"].endswith("presentationml.presentation")
    built = slides.opened(file.content)
    assert "figé n°\u00a01" in slides.texts(built)
    reading = client.get(
        reverse("reports:snapshot", args=[example.slug, snapshot.pk])
    ).content.decode()
    assert "À dire" in reading
    assert (
        client.get(reverse("reports:download", args=[example.slug, snapshot.pk, "pdf"])).status_code
        == 404
    )


def test_meeting_of_another_agreement_is_refused(example, client, db) -> None:
    other = MeetingFactory(on=date(2026, 12, 8), **STEERING)
    client.force_login(User.objects.get(email="coordination@exemple.fr"))
    answer = client.post(
        reverse("reports:produce", args=[example.slug, "deck-copil"]),
        {"meeting": other.pk, "audience": ""},
    )
    assert answer.status_code == 422
    assert not Snapshot.objects.filter(agreement=example, kind="deck-copil").exists()


def test_deck_costs_the_same_queries_for_one_point_and_for_ten(
    agreement, django_assert_num_queries
) -> None:
    meeting = MeetingFactory(agreement=agreement, on=date(2026, 12, 8), **STEERING)
    counts = []
    for more in (1, 9):
        for rank in range(more):
            item = add_agenda_item(
                meeting, actor=None, title=f"Point {rank}", kind="arbitration", minutes=5, presenter="", actions=[],
            )  # fmt: skip
            set_arbitration(
                item, actor=None, question="Oui ?", context="Parce que.", technical_opinion="", action=None,
                options=[{"title": "A", "effects": "x", "cost": None, "caf_revenue": None, "delay": "", "risk": ""}] * 2,
            )  # fmt: skip
        with CaptureQueriesContext(connection) as queries:
            content(agreement, meeting_id=meeting.pk)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[1] <= 40


def test_floor_of_the_benchmark_writes_what_the_deck_holds(shown, example, db) -> None:
    bare = bench.bare_slides(render(content(example), "pptx").data)
    assert len(bare) == len(shown.slides)
    assert sum(len(slide.charts) for slide in bare) == 1
    bench.write(bare)
