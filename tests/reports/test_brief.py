"""« L'élu en trois minutes »: its facts, its page by role and by link, its one sheet of paper."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from unittest.mock import patch

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from outloud import check
from pypdf import PdfReader

from actionplan import services as plan
from actionplan.models import Action, Measure
from agreements.models import AccessLink, Agreement, Role
from agreements.services.links import WRONG_TOKENS
from committees import services
from committees.brief_words import INDICATOR, LONGEST, MEASURE
from committees.models import AgendaItem, BriefLink, Meeting, MeetingBrief
from core.audience import Audience
from opendata.models import Indicator
from reports.brief.asked import Asked, asked_of
from reports.brief.document import brief_file, one_page
from reports.brief.figures import NO_START, BriefFigure, measure_figure
from reports.brief.page import BriefPage, brief_of
from reports.brief.sentences import proposed_sentences
from territory.models import LocalObservation
from tests.actionplan.factories import action as make_action
from tests.actionplan.factories import organisation
from tests.committees.factories import AgendaItemFactory, MeetingFactory, arbitration

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 25)
NBSP = "\u00a0"
K = AgendaItem.Kind
PAGE_QUERIES, SHARED_QUERIES = 12, 9


@pytest.fixture(autouse=True)
def nobody_is_blocked() -> None:
    cache.clear()


@pytest.fixture
def meeting(agreement: Agreement) -> Meeting:
    return MeetingFactory(agreement=agreement, on=date(2026, 12, 8), place="Hôtel de ville")


def measured(agreement: Agreement, title: str = "Ouvrir des places", **fields: Any) -> Measure:
    given = {"label": "Places ouvertes", "unit": "places", **fields}
    action = make_action(agreement, title=title)
    return plan.create_measure(agreement, actor=None, action=action, **given)


def point(measure: Measure, year: int, value: int | None) -> None:
    plan.set_measure_point(
        measure, actor=None, year=year, value=None if value is None else Decimal(value)
    )


def on_agenda(meeting: Meeting, *actions: Action, **fields: Any) -> AgendaItem:
    return services.add_agenda_item(
        meeting, actor=None, title="Un point", minutes=10, actions=actions, **fields
    )


def local(agreement: Agreement, indicator: Indicator, **fields: Any) -> LocalObservation:
    given = {"period": 2026, "value": Decimal(31), "source": "Comptage", **fields}
    return LocalObservation.objects.create(
        agreement=agreement, indicator=indicator, territory=agreement.lead_commune, **given
    )


def address(meeting: Meeting, name: str = "brief") -> str:
    return reverse(f"reports:{name}", args=[meeting.agreement.slug, meeting.pk])


def opened(meeting: Meeting, **fields: Any) -> tuple[BriefLink, str, str]:
    door, token = services.hand_over_brief_link(
        meeting, actor=None, **{"label": "Mme la maire", **fields}
    )
    return door, reverse("shared_brief", args=[token]), reverse("shared_brief_file", args=[token])


def words_of(data: bytes) -> str:
    pages = PdfReader(io.BytesIO(data)).pages
    assert len(pages) == 1
    return " ".join(pages[0].extract_text().split())


# --- Figures: starting value, former value, missing value -----------------------------------
def test_measure_stands_beside_its_starting_value(agreement) -> None:
    measure = measured(agreement, baseline=Decimal(36), baseline_year=2025)
    point(measure, 2026, 42)
    figure = measure_figure(Measure.objects.get(pk=measure.pk), 2026)
    assert figure.words == f"42{NBSP}places en 2026, 36 au départ (2025)"


def test_starting_value_of_zero_is_a_value(agreement) -> None:
    measure = measured(agreement, baseline=Decimal(0), baseline_year=2025)
    point(measure, 2026, 12)
    assert measure_figure(measure, 2026).before == "0 au départ (2025)"


def test_without_starting_value_last_year_stands_beside(agreement) -> None:
    measure = measured(agreement)
    point(measure, 2026, 40)
    point(measure, 2027, 44)
    figure = measure_figure(measure, 2027)
    assert figure.words == f"44{NBSP}places en 2027, 40 en 2026"


def test_missing_value_is_said_and_is_no_zero(agreement) -> None:
    measure = measured(agreement)
    point(measure, 2027, 50)
    figure = measure_figure(measure, 2026)
    assert not figure.is_known
    assert figure.words == f"pas encore renseigné pour 2026, {NO_START}"
    assert "0" not in figure.words.replace("2026", "")


def test_figure_typed_here_stands_beside_its_former_one(agreement, meeting) -> None:
    indicator = Indicator.objects.create(key="demandes", label="Demandes", unit="demandes")
    local(agreement, indicator, period=2025, value=Decimal(28))
    local(agreement, indicator)
    services.write_brief(meeting, actor=None, sentences=[], figures=[f"{INDICATOR}demandes"])
    (figure,) = brief_of(meeting, Audience.COMMITTEE, DAY).figures
    assert figure.words == f"31{NBSP}demandes en 2026, 28 en 2025"


def test_internal_figure_is_never_shown_whoever_reads(agreement, meeting) -> None:
    indicator = Indicator.objects.create(key="reserve", label="Réservé", unit="familles")
    local(agreement, indicator, audience=Audience.INTERNAL)
    services.write_brief(meeting, actor=None, sentences=[], figures=[f"{INDICATOR}reserve"])
    assert brief_of(meeting, Audience.INTERNAL, DAY).figures == ()


def test_figure_of_the_committee_is_hidden_from_the_public(agreement, meeting) -> None:
    indicator = Indicator.objects.create(key="copil", label="Pour le COPIL", unit="familles")
    local(agreement, indicator, audience=Audience.COMMITTEE)
    services.write_brief(meeting, actor=None, sentences=[], figures=[f"{INDICATOR}copil"])
    assert len(brief_of(meeting, Audience.COMMITTEE, DAY).figures) == 1
    assert brief_of(meeting, Audience.PUBLIC, DAY).figures == ()


def test_measures_of_the_agenda_are_proposed_first(agreement, meeting) -> None:
    mine, other = measured(agreement), measured(agreement, "Ailleurs", label="Autre")
    point(mine, 2026, 42)
    point(other, 2026, 1)
    on_agenda(meeting, mine.action)
    page = brief_of(meeting, Audience.COMMITTEE, DAY)
    assert [figure.label for figure in page.figures] == ["Places ouvertes"]
    assert page.figures_proposed


# --- Sentences --------------------------------------------------------------------------------
def test_sentences_are_proposed_from_the_facts_until_they_are_kept(agreement, meeting) -> None:
    make_action(agreement, title="Ouvrir", status="done")
    page = brief_of(meeting, Audience.COMMITTEE, DAY)
    assert page.sentences_proposed
    assert page.sentences[0] == f"Sur 1{NBSP}action du plan, 1 est réalisée."
    services.write_brief(meeting, actor=None, sentences=["Mes mots."], figures=[])
    page = brief_of(meeting, Audience.COMMITTEE, DAY)
    assert (page.sentences, page.sentences_proposed) == (("Mes mots.",), False)


def test_agreement_where_nothing_is_typed_still_says_something(meeting) -> None:
    page = brief_of(meeting, Audience.COMMITTEE, DAY)
    assert page.sentences[0].startswith("Le plan d'actions reste à écrire")
    assert page.figures == ()
    assert page.asked == ()


def test_success_with_an_amount_is_not_proposed(agreement, meeting) -> None:
    action = make_action(agreement, title="Ouvrir")
    plan.add_note(action, actor=None, kind="success", text="La Caf a versé 20 000 €", on=DAY)
    plan.add_note(action, actor=None, kind="internal", text="Tension avec l'école", on=DAY)
    told = " ".join(proposed_sentences(meeting, [], DAY))
    assert "Caf" not in told
    assert "Tension" not in told


@settings(
    max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    title=st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1, max_size=200)
    .map(str.strip)
    .filter(bool)
)
def test_proposed_sentences_can_always_be_kept(agreement, title: str) -> None:
    """Whatever the titles are, what is proposed is what the service accepts."""
    Action.objects.filter(agreement=agreement).delete()
    Meeting.objects.filter(agreement=agreement).delete()
    meeting = MeetingFactory(agreement=agreement)
    make_action(
        agreement, title=title[:200], status="blocked", blocked_cause="x", unblock_condition="x",
        blocked_review_on=DAY,
    )  # fmt: skip
    told = proposed_sentences(meeting, [], DAY)
    services.write_brief(meeting, actor=None, sentences=told, figures=[])


# --- What is asked ----------------------------------------------------------------------------
def test_amounts_of_a_question_and_of_options_are_not_told(agreement, meeting) -> None:
    item = on_agenda(meeting, kind=K.ARBITRATION)
    arbitration(
        agreement, item=item, question="Comment financer les 38 000 € ?",
        options=[{"title": "La Caf paie 20 900 €", "cost": Decimal(17100)}, {"title": "Renoncer"}],
    )  # fmt: skip
    on_agenda(meeting, kind=K.APPROVAL)
    on_agenda(meeting, kind=K.INFORMATION)
    first, second = asked_of(meeting)
    assert first == Asked(
        "Un point", ("Option 1, détaillée dans le dossier de séance", "Renoncer"), True
    )
    assert second == Asked("Valider : Un point")


def rich(agreement: Agreement, meeting: Meeting) -> Meeting:
    """A meeting around which money is everywhere."""
    measure = measured(agreement, baseline=Decimal(36), baseline_year=2025)
    point(measure, 2026, 42)
    costly = plan.create_measure(
        agreement, actor=None, action=measure.action, label="Coût par place", unit="€",
        baseline=Decimal(7654), baseline_year=2025,
    )  # fmt: skip
    point(costly, 2026, 8765)
    plan.set_budget_line(
        measure.action, actor=None, year=2026, nature="operating", planned=Decimal("98765.43")
    )
    plan.set_funding(
        measure.action, actor=None, funder=organisation(agreement, name="Caf de l'Aube"), year=2026,
        stage="planned", amount=Decimal(54321),
    )  # fmt: skip
    item = on_agenda(meeting, measure.action, kind=K.ARBITRATION, reason="Note de préparation")
    arbitration(
        agreement, item=item, question="Comment financer les 38 000 € ?", context="Contexte de 11 111 €",
        technical_opinion="Avis : 22 222 €", action=measure.action,
        options=[
            {"title": "Seule", "cost": Decimal(38000), "caf_revenue": Decimal(0)},
            {"title": "Avec la Caf", "cost": Decimal(17100), "caf_revenue": Decimal(20900)},
        ],
    )  # fmt: skip
    return meeting


AMOUNTS = ("98765", "98 765", "54321", "54 321", "38000", "38 000", "17 100", "20 900", "7 654",
           "8 765", "11 111", "22 222", "Note de préparation", "Contexte de", "Avis :")  # fmt: skip


def test_no_amount_leaves_by_the_page_nor_by_the_paper(agreement, meeting, client) -> None:
    rich(agreement, meeting)
    _, page, file = opened(meeting)
    shown = client.get(page).content.decode().replace(NBSP, " ")
    printed = words_of(client.get(file).content).replace(NBSP, " ")
    for text in (shown, printed):
        assert "Avec la Caf" in text
        assert "42 places" in text
        assert "€" not in text
        assert not re.search(r"\beuros?\b", text)
        for amount in AMOUNTS:
            assert amount not in text, amount


# --- The page by role -------------------------------------------------------------------------
@pytest.mark.parametrize("role", list(Role))
def test_everybody_reads_and_only_the_coordinator_sees_the_links(meeting, client_as, role) -> None:
    opened(meeting, label="Destinataire du lien")
    shown = client_as(role).get(address(meeting)).content.decode()
    assert "proposé, à relire" in shown
    assert ("Destinataire du lien" in shown) is (role == Role.COORDINATOR)
    assert (address(meeting, "brief_write") in shown) is (role == Role.COORDINATOR)


def typed(client: Client, meeting: Meeting, **changes: str) -> dict[str, str]:
    form = client.get(address(meeting, "brief_write")).context["form"]
    return {name: str(form[name].value() or "") for name in form.fields} | changes


def test_form_keeps_what_is_typed_and_the_mention_goes(meeting, client_as) -> None:
    client = client_as(Role.COORDINATOR)
    data = typed(client, meeting, sentence1="Mes propres mots.")
    response = client.post(address(meeting, "brief_write"), data)
    assert response["Location"] == address(meeting)
    shown = client.get(address(meeting)).content.decode()
    assert "Mes propres mots." in shown
    assert "proposé, à relire" not in shown


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("sentence2", "La Caf verse 300 €.", "aucun montant"),
        ("sentence1", "a" * (LONGEST + 1), "280 caractères"),
        ("figure1", "measure:0", "n’en fait pas partie"),
    ],
)
def test_bad_input_is_refused_in_french_and_nothing_is_lost(
    meeting, client_as, field, value, words
) -> None:
    client = client_as(Role.COORDINATOR)
    data = typed(client, meeting, **{"sentence3": "Gardez-moi.", field: value})
    response = client.post(address(meeting, "brief_write"), data)
    shown = response.content.decode()
    assert response.status_code == 422
    assert "Gardez-moi." in shown
    assert words in shown or "choix" in shown
    assert not MeetingBrief.objects.exists()


def test_page_written_meanwhile_shows_both_versions(meeting, client_as) -> None:
    client = client_as(Role.COORDINATOR)
    services.write_brief(meeting, actor=None, sentences=["Avant."], figures=[])
    data = typed(client, meeting, sentence1="Les miens.")
    services.write_brief(meeting, actor=None, sentences=["Les autres."], figures=[])
    response = client.post(address(meeting, "brief_write"), data)
    assert response.status_code == 409
    shown = response.content.decode()
    assert "Les miens." in shown
    assert "Les autres." in shown
    assert MeetingBrief.objects.get().sentences == ["Les autres."]


def test_address_is_shown_once_and_opens(meeting, client_as, client) -> None:
    coordinator = client_as(Role.COORDINATOR)
    response = coordinator.post(
        address(meeting, "brief_link"), {"label": "Mme la maire", "days": "10"}
    )
    shown = response.content.decode()
    (token,) = re.findall(r"/trois-minutes/([\w-]{40,})/", shown)
    assert "encore proposées" in shown
    assert token not in coordinator.get(address(meeting)).content.decode()
    assert client.get(reverse("shared_brief", args=[token])).status_code == 200
    assert "jamais ouvert" not in coordinator.get(address(meeting)).content.decode()


# --- By link ----------------------------------------------------------------------------------
def test_shared_page_needs_no_account_and_leaves_no_trace(agreement, meeting, client) -> None:
    door, page, _ = opened(meeting)
    response = client.get(page)
    shown = response.content.decode()
    assert response.status_code == 200
    assert not response.cookies
    assert "<script" not in shown
    assert response["Referrer-Policy"] == "no-referrer"
    assert "noindex" in response["X-Robots-Tag"]
    assert "no-store" in response["Cache-Control"]
    assert f"/ctg/{agreement.slug}" not in shown
    assert AccessLink.objects.get(pk=door.link_id).last_used_at is not None


def test_head_request_is_no_reading(meeting, client) -> None:
    door, page, _ = opened(meeting)
    client.head(page)
    assert AccessLink.objects.get(pk=door.link_id).last_used_at is None


def test_closed_links_say_why_on_the_page_and_on_the_file(meeting, client) -> None:
    for url in opened(meeting)[1:]:
        with patch("django.utils.timezone.now", return_value=datetime(2027, 6, 1, tzinfo=UTC)):
            response = client.get(url)
        assert response.status_code == 410
        assert "23\u00a0décembre\u00a02026" in response.content.decode()
    door, page, file = opened(meeting)
    services.revoke_brief_link(door, actor=None)
    for url in (page, file):
        assert "retiré" in client.get(url).content.decode()


def test_wrong_tokens_make_a_machine_wait(meeting, client) -> None:
    _, page, _ = opened(meeting)
    for rank in range(WRONG_TOKENS):
        assert client.get(reverse("shared_brief", args=[f"faux-{rank}"])).status_code == 404
    assert client.get(page).status_code == 429


def test_link_of_another_purpose_opens_nothing_here(meeting, client) -> None:
    door, page, _ = opened(meeting)
    AccessLink.objects.filter(pk=door.link_id).update(purpose="give_news")
    assert client.get(page).status_code == 404


def test_cancelled_meeting_says_it(meeting, client) -> None:
    _, page, file = opened(meeting)
    services.cancel_meeting(meeting, actor=None)
    assert "annulée" in client.get(page).content.decode()
    assert "annulée" in words_of(client.get(file).content)


def test_other_agreement_is_never_reached(meeting, other_agreement, client_as) -> None:
    stranger = client_as(Role.COORDINATOR, of=other_agreement)
    door, _, _ = opened(meeting)
    assert stranger.get(address(meeting)).status_code == 404
    theirs = reverse("reports:brief_link_revoke", args=[other_agreement.slug, door.pk])
    assert stranger.post(theirs).status_code == 404
    assert AccessLink.objects.get(pk=door.link_id).revoked_at is None


# --- One sheet of paper -----------------------------------------------------------------------
def extreme(meeting: Meeting, letter: str) -> BriefPage:
    """As much as may be typed of everything."""
    figure = BriefFigure(
        "measure:1", letter * 200, f"123{NBSP}456{NBSP}{letter * 60}", "en 2026",
        f"123{NBSP}456 au départ (2025)", letter * 200,
    )  # fmt: skip
    asked = Asked(letter * 300, (letter * 200,) * 3)
    meeting.place, meeting.committee.name = letter * 200, letter * 150
    page = brief_of(meeting, Audience.COMMITTEE, DAY)
    return replace(
        page, sentences=(letter * LONGEST,) * 5, figures=(figure,) * 5, asked=(asked,) * 8,
        words=(("ABC", letter * 80),) * 4,
    )  # fmt: skip


@pytest.mark.parametrize("letter", ["W", "mot ", "i", "Œ ", "longue phrase de mots, "])
def test_one_page_exactly_whatever_is_typed(meeting, letter) -> None:
    file = brief_file(extreme(meeting, letter))
    assert "abrégé" in words_of(file.data)


def test_sentences_of_full_length_are_printed_whole_before_anything_else(meeting) -> None:
    """The author's words are cut last."""
    page = extreme(meeting, "mot ")
    figures = tuple(replace(figure, value=f"123{NBSP}456 places") for figure in page.figures)
    sentence = ("Une phrase de longueur ordinaire avec des mots de tous les jours. " * 5)[:LONGEST]
    text = words_of(
        brief_file(replace(page, sentences=(sentence.strip(),) * 5, figures=figures)).data
    )
    assert "".join(text.split()).count("".join(sentence.split())) == 5


@settings(
    max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    sentences=st.lists(
        st.text(st.characters(codec="latin-1", exclude_categories=["C"]), max_size=LONGEST),
        max_size=5,
    ),
    count=st.integers(0, 12),
)
def test_one_page_exactly_for_any_words(meeting, sentences: list[str], count: int) -> None:
    page = brief_of(meeting, Audience.COMMITTEE, DAY)
    page = replace(
        page,
        sentences=tuple(sentences),
        asked=tuple(Asked("Une question ?", ("Oui", "Non")) for _ in range(count)),
    )
    assert words_of(brief_file(page).data)


def test_ordinary_page_is_whole_in_large_type_and_conformant(example, db) -> None:
    meeting = Meeting.objects.filter(
        agreement=example, on__gt=DAY, committee__kind__nature="steering"
    ).order_by("on").first()  # fmt: skip
    page = brief_of(meeting, Audience.COMMITTEE, DAY)
    assert not page.sentences_proposed
    assert len(page.sentences) == len(page.figures) == 5
    file = brief_file(page)
    text = words_of(file.data)
    for sentence in page.sentences:
        assert "".join(sentence.split()) in "".join(text.split())
    assert "abrégé" not in text
    report = check(io.BytesIO(file.data), layers=["conformance"])
    assert [finding for finding in report.findings if finding.severity == "error"] == []
    assert smallest_of_sentences(file.data) >= 14


def smallest_of_sentences(data: bytes) -> float:
    """In points, of the text of the list of sentences (sources and footers are smaller)."""
    sizes: list[float] = []

    def visit(text: str, _cm: Any, matrix: list[float], _font: Any, size: float) -> None:
        if "première année" in text or "actions" in text:
            sizes.append(abs(size * matrix[0]))

    PdfReader(io.BytesIO(data)).pages[0].extract_text(visitor_text=visit)
    return round(min(sizes), 2)


def test_paper_of_an_empty_agreement_is_one_page_too(meeting) -> None:
    page = brief_of(meeting, Audience.COMMITTEE, DAY)
    content = one_page(page)
    assert "Aucune décision n'est demandée" in words_of(brief_file(page).data)
    assert content.audience == Audience.COMMITTEE


# --- Cost -------------------------------------------------------------------------------------
@pytest.mark.parametrize("count", [1, 6])
def test_page_costs_the_same_for_one_row_and_many(
    agreement, meeting, client_as, client, django_assert_num_queries, count
) -> None:
    for rank in range(count):
        measure = measured(agreement, f"Action {rank}", baseline=Decimal(1), baseline_year=2025)
        point(measure, 2026, 42)
        on_agenda(meeting, measure.action, kind=K.APPROVAL)
        item = AgendaItemFactory(agreement=agreement, meeting=meeting, kind=K.ARBITRATION)
        arbitration(agreement, item=item)
        _, page, _ = opened(meeting)
    keys = [
        f"{MEASURE}{pk}"
        for pk in Measure.objects.filter(agreement=agreement).values_list("pk", flat=True)[:5]
    ]
    services.write_brief(meeting, actor=None, sentences=["Une phrase."], figures=keys)
    coordinator = client_as(Role.COORDINATOR)
    coordinator.get(address(meeting))
    with django_assert_num_queries(PAGE_QUERIES):
        coordinator.get(address(meeting))
    with django_assert_num_queries(SHARED_QUERIES):
        client.get(page)
