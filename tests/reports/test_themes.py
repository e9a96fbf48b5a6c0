"""The thematic pages, and the page that prepares the report."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from agreements.models import Agreement, Role, Snapshot, Theme
from core.errors import StaleObject
from opendata.models import Dataset, DatasetVersion, Indicator, Observation
from participation.models import Consultation
from territory.models import IndicatorNote, LocalObservation, ReportText, UnderServedArea
from territory.services import keep_old_figures, write_report_text
from tests.agreements.anything import make
from tests.factories import ThemeFactory

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 1)
THEME_QUERIES, THEMES_QUERIES = 15, 8


def address(agreement: Agreement, name: str, *args: object) -> str:
    return reverse(f"reports:{name}", args=[agreement.slug, *args])


def text(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def theme(agreement: Agreement) -> Theme:
    return ThemeFactory(agreement=agreement, name="Petite enfance")


def indicator(theme: Theme, key: str, **fields: object) -> Indicator:
    return Indicator.objects.create(
        key=key, label=f"Indicateur {key}", domain=theme.domain, is_family_policy=True, **fields
    )


def observe(agreement: Agreement, row: Indicator, period: int, value: int) -> None:
    dataset, _ = Dataset.objects.get_or_create(
        key="essai", defaults={"title": "Essai", "producer": "Insee"}
    )
    version, _ = DatasetVersion.objects.get_or_create(dataset=dataset, vintage="2026")
    Observation.objects.create(
        indicator=row, territory=agreement.lead_commune, period=period, version=version, value=value
    )  # fmt: skip


# --- The thematic page ------------------------------------------------------------------------
def test_page_gathers_what_every_room_knows_of_the_theme(agreement, theme, client_as) -> None:
    observe(agreement, indicator(theme, "taux", unit="%"), 2024, 42)
    facility = make("territory.Facility", agreement, theme=theme, name="Les Pommiers")
    make(
        "territory.Capacity",
        agreement,
        facility=facility,
        value=Decimal(40),
        unit="places",
        year=2026,
    )
    finding = make(
        "territory.Finding",
        agreement,
        theme=theme,
        text="Les horaires manquent",
        quadrant="weakness",
    )
    challenge = make("territory.Challenge", agreement, theme=theme, title="Adapter les horaires")
    make("territory.ChallengeFinding", agreement, challenge=challenge, finding=finding)
    UnderServedArea.objects.create(
        agreement=agreement,
        theme=theme,
        name="Les Écrevolles",
        reason="Aucun accueil",
        observed_on=DAY,
    )
    Consultation.objects.create(
        agreement=agreement,
        theme=theme,
        title="Café des parents",
        method="cafe",
        starts_on=DAY,
        lessons="Ouvrir le samedi",
        answer="Un samedi sur deux",
    )
    write_report_text(
        agreement,
        actor=None,
        section="theme",
        theme=theme,
        text="Le mot qui ouvre",
        audience="public",
    )
    page = text(client_as(Role.READER), address(agreement, "theme", theme.pk))
    for words in (
        "Indicateur taux",
        "Les Pommiers",
        "40\u00a0places en 2026",
        "Les horaires manquent",
        "Adapter les horaires",
        "Les Écrevolles",
        "Aucun accueil",
        "Café des parents",
        "Ouvrir le samedi",
        "Un samedi sur deux",
        "Le mot qui ouvre",
    ):
        assert words in page  # fmt: skip


def test_empty_theme_says_so_in_words(agreement, theme, client_as) -> None:
    page = text(client_as(Role.READER), address(agreement, "theme", theme.pk))
    for words in (
        "Aucun équipement ni service",
        "Aucun constat",
        "Aucun enjeu",
        "Aucune concertation",
    ):
        assert words in page  # fmt: skip


def test_reader_sees_neither_the_words_nor_the_figures_of_the_committee(
    agreement, theme, client_as
) -> None:
    row = indicator(theme, "demandes", unit="demandes", ask_to="service")
    LocalObservation.objects.create(
        agreement=agreement,
        indicator=row,
        territory=agreement.lead_commune,
        period=2026,
        value=Decimal(654),
        source="Commission",
        audience="committee",
    )
    IndicatorNote.objects.create(
        agreement=agreement, indicator=row, comment="Réservé au comité", audience="committee"
    )
    write_report_text(agreement, actor=None, section="theme", theme=theme, text="Mot du comité")
    url = address(agreement, "theme", theme.pk)
    for words in ("654", "Réservé au comité", "Mot du comité"):
        assert words in text(client_as(Role.CAF), url)
        assert words not in text(client_as(Role.READER), url)


def test_theme_of_another_agreement_is_not_found(agreement, other_agreement, client_as) -> None:
    foreign = ThemeFactory(agreement=other_agreement)
    client = client_as(Role.COORDINATOR)
    assert client.get(address(agreement, "theme", foreign.pk)).status_code == 404
    assert client.get(address(agreement, "theme_text", foreign.pk)).status_code == 404


@pytest.mark.parametrize("count", [1, 8])
@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.READER])
def test_theme_page_costs_the_same(
    agreement, theme, client_as, django_assert_num_queries, count, role
) -> None:
    for rank in range(count):
        row = indicator(theme, f"chiffre-{rank}", unit="%")
        for year in range(2020, 2020 + count):
            observe(agreement, row, year, rank)
        facility = make("territory.Facility", agreement, theme=theme)
        make("territory.Capacity", agreement, facility=facility)
        make("territory.Finding", agreement, theme=theme)
        make("territory.Challenge", agreement, theme=theme)
        make("participation.Consultation", agreement, theme=theme)
    client, url = client_as(role), address(agreement, "theme", theme.pk)
    client.get(url)
    with django_assert_num_queries(THEME_QUERIES):
        client.get(url)


@pytest.mark.parametrize("count", [1, 8])
def test_index_of_themes_costs_the_same(
    agreement, client_as, django_assert_num_queries, count
) -> None:
    for _ in range(count):
        make("territory.Finding", agreement, theme=ThemeFactory(agreement=agreement))
    client, url = client_as(Role.READER), address(agreement, "themes")
    client.get(url)
    with django_assert_num_queries(THEMES_QUERIES):
        client.get(url)


def test_diagnosis_stays_lit_in_the_navigation(agreement, theme, client_as) -> None:
    page = text(client_as(Role.COORDINATOR), address(agreement, "theme", theme.pk))
    lit = [part for part in page.split("<a ") if 'aria-current="page"' in part.split(">")[0]]
    assert any("Diagnostic" in part for part in lit)
    assert not any("Documents" in part for part in lit)


# --- The author's words -----------------------------------------------------------------------
def test_words_of_a_chapter_are_written_then_emptied(agreement, client_as) -> None:
    client = client_as(Role.COORDINATOR)
    url = address(agreement, "section_text", "population")
    answer = client.post(
        url, {"text": "Une commune qui change", "audience": "public", "version": ""}
    )
    assert answer["Location"] == address(agreement, "prepare")
    known = ReportText.objects.get(agreement=agreement)
    assert (known.section, known.theme, known.audience) == ("population", None, "public")
    client.post(url, {"text": "", "audience": "public", "version": known.version})
    assert not ReportText.objects.filter(agreement=agreement).exists()


def test_two_authors_at_once_see_both_versions(agreement, client_as) -> None:
    first = write_report_text(agreement, actor=None, section="population", text="Le premier")
    client = client_as(Role.COORDINATOR)
    url = address(agreement, "section_text", "population")
    write_report_text(
        agreement,
        actor=None,
        section="population",
        text="Le deuxième",
        expected_version=first.version,
    )
    answer = client.post(
        url, {"text": "Le troisième", "audience": "public", "version": first.version}
    )
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Le deuxième" in page
    assert "Le troisième" in page
    assert ReportText.objects.get(agreement=agreement).text == "Le deuxième"


def test_two_authors_who_both_begin_do_not_overwrite_each_other(agreement) -> None:
    write_report_text(agreement, actor=None, section="population", text="Le premier")
    with pytest.raises(StaleObject):
        write_report_text(agreement, actor=None, section="population", text="Le second")


@pytest.mark.parametrize("section", ["glossaire", "annexes"])
def test_chapter_that_is_not_written_by_hand_is_not_found(agreement, client_as, section) -> None:
    client = client_as(Role.COORDINATOR)
    assert client.get(address(agreement, "section_text", section)).status_code == 404


# --- Prepare the report -----------------------------------------------------------------------
def test_page_says_chapter_by_chapter_what_is_there(agreement, theme, client_as) -> None:
    make("territory.Challenge", agreement, theme=theme)
    page = text(client_as(Role.COORDINATOR), address(agreement, "prepare"))
    assert "1\u00a0enjeu" in page
    assert "rien encore" in page
    assert "Produire le rapport" in page


def test_direction_produces_and_does_not_write(agreement, client_as) -> None:
    page = text(client_as(Role.DIRECTION), address(agreement, "prepare"))
    assert "Produire le rapport" in page
    assert address(agreement, "section_text", "population") not in page


def test_old_figures_are_ticked_and_unticked(agreement, theme, client_as) -> None:
    row = indicator(theme, "ancien", unit="%")
    observe(agreement, row, 2015, 12)
    client = client_as(Role.COORDINATOR)
    assert "Indicateur ancien" in text(client, address(agreement, "prepare"))
    url = address(agreement, "old_figures")
    client.post(url, {"kept": ["ancien"]})
    assert IndicatorNote.objects.get(agreement=agreement, indicator=row).keep_old
    client.post(url, {})
    assert not IndicatorNote.objects.get(agreement=agreement, indicator=row).keep_old


def test_indicator_that_is_not_old_cannot_be_ticked(agreement, theme, client_as) -> None:
    observe(agreement, indicator(theme, "recent", unit="%"), 2026, 12)
    answer = client_as(Role.COORDINATOR).post(
        address(agreement, "old_figures"), {"kept": ["recent"]}
    )
    assert answer.status_code == 422


def test_ticking_tells_the_journal_once(agreement, theme) -> None:
    from agreements.models import JournalEntry

    row = indicator(theme, "ancien")
    for _ in range(2):
        keep_old_figures(agreement, actor=None, shown=[row], kept=[row])
    entries = JournalEntry.objects.filter(agreement=agreement, sentence__contains="chiffre ancien")
    assert entries.count() == 1


def test_choices_are_frozen_with_the_report(agreement, theme, client_as) -> None:
    client = client_as(Role.COORDINATOR)
    client.post(
        address(agreement, "produce", "diagnostic"),
        {"theme": theme.pk, "audience": "public", "sections": ["offre", "methodes"]},
    )
    snapshot = Snapshot.objects.get(agreement=agreement, kind="diagnostic")
    assert (snapshot.audience, snapshot.subject_id) == ("public", theme.pk)
    assert "Extrait" in str(snapshot.content)


def test_theme_of_another_agreement_is_not_produced(agreement, other_agreement, client_as) -> None:
    foreign = ThemeFactory(agreement=other_agreement)
    answer = client_as(Role.COORDINATOR).post(
        address(agreement, "produce", "diagnostic"), {"theme": foreign.pk, "audience": "public"}
    )
    assert answer.status_code == 422
    assert not Snapshot.objects.filter(agreement=agreement).exists()
