"""The diagnosis: comparison in words, figures as read, the pasted diagnosis."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from agreements.models import Agreement, Theme
from core.audience import Audience
from opendata.models import Observation
from territory import comparison, queries
from territory.models import Challenge, Diagnosis, Finding, LocalObservation
from territory.reprise import read_challenges, read_findings
from territory.services import archive_challenge
from tests.factories import ThemeFactory

DAY = date(2026, 1, 1)


# --- The example's real figures --------------------------------------------------------------
def test_comparison_tells_the_poverty_rate_beside_the_others(example: Agreement, db: None) -> None:
    row = next(r for r in comparison.comparison(example) if r.indicator.key == "taux_pauvrete_60")

    assert row.value_text == "17,0\u00a0%"
    assert row.sentence == (
        "17,0\u00a0% à Saint-André-les-Vergers en 2021, 0,1\u00a0point de plus que l'Aube (16,9\u00a0%)"
        " et 2,1\u00a0points de plus que la France (14,9\u00a0%)."
    )
    assert row.source.startswith("Insee, Filosofi")


def test_summed_figures_are_told_as_a_share_and_not_against_france(
    example: Agreement, db: None
) -> None:
    row = next(
        r for r in comparison.comparison(example) if r.indicator.key == "population_municipale"
    )
    assert "12\u00a0806\u00a0hab." in row.sentence
    assert "de Troyes Champagne Métropole" in row.sentence
    assert "France" not in row.sentence


def test_secret_of_the_commune_is_said_in_words(example: Agreement, db: None) -> None:
    from opendata.models import Indicator

    indicator = Indicator.objects.get(key="taux_pauvrete_75ans_plus")
    row = comparison.comparison(example, [indicator])[0]
    assert row.value_text == "secret statistique"
    assert "secret statistique" in row.sentence


def test_district_figures_say_their_perimeter(example: Agreement, db: None) -> None:
    district = Observation.objects.filter(territory__level="qpv")
    assert district.count() == 10
    assert all("2015" in row.version.perimeter for row in district.select_related("version"))


def test_chart_and_table_hold_the_same_rows(example: Agreement, db: None) -> None:
    row = next(r for r in comparison.comparison(example) if r.indicator.key == "taux_pauvrete_60")
    block = row.chart.freeze()
    assert [cells[0] for cells in block.rows] == [t.name for t in row.territories]
    assert row.sentence in block.alt


@pytest.mark.parametrize("count", [1, 23])
def test_comparison_costs_the_same_for_one_indicator_and_many(
    example: Agreement, db: None, django_assert_num_queries, count: int
) -> None:
    from opendata.queries import usual_indicators

    indicators = usual_indicators()[:count]
    with django_assert_num_queries(5):
        comparison.comparison(example, indicators)


def test_evidence_keeps_the_figure_as_read_and_warns(example: Agreement, db: None) -> None:
    finding = Finding.objects.filter(agreement=example, evidence__isnull=False).first()
    evidence = finding.evidence.first()
    line = queries.evidence_lines([evidence])[0]
    assert not line.has_changed
    evidence.value_as_read += 1
    assert queries.evidence_lines([evidence])[0].has_changed


# --- Audience --------------------------------------------------------------------------------
def test_committee_figure_is_not_shown_to_partners(example: Agreement, db: None) -> None:
    public = set(
        queries.local_observations(example, Audience.PUBLIC).values_list("audience", flat=True)
    )
    assert public == {"public"}
    assert queries.local_observations(example, Audience.COMMITTEE).count() > len(public)


def test_missing_local_figure_needs_its_reason(agreement: Agreement, client_as) -> None:
    client = client_as("coordinator")
    response = client.post(
        reverse("territory:figure_create", args=[agreement.slug]),
        {
            "label": "Demandes de place", "territory": agreement.lead_commune_id, "period": "2026",
            "source": "Commission", "audience": "committee",
        },
    )  # fmt: skip
    assert response.status_code == 422
    assert "dites pourquoi elle manque" in response.content.decode()
    assert not LocalObservation.objects.filter(agreement=agreement).exists()


def test_caf_adds_a_figure_and_it_is_marked_as_its_own(agreement: Agreement, client_as) -> None:
    client = client_as("caf")
    address = reverse("territory:figure_create", args=[agreement.slug])
    assert client.get(address).context["form"].initial["is_from_caf"] is True


# --- Taking up a signed diagnosis ------------------------------------------------------------
def themes() -> list[Theme]:
    return [Theme(name="Petite enfance"), Theme(name="Accès aux droits et numérique")]


def test_pasted_lines_become_findings_whatever_the_case_and_accents() -> None:
    read = read_findings(
        "petite enfance ; Faiblesse ; Peu de places le soir\nACCES AUX DROITS ET NUMERIQUE\tmenace\tNon-recours",
        themes(),
        DAY,
    )
    assert read.errors == []
    assert [row["quadrant"] for row in read.rows] == ["weakness", "threat"]
    assert read.rows[0]["text"] == "Peu de places le soir"


def test_every_unclear_line_is_told_at_once() -> None:
    read = read_challenges(
        "Petite enfance ; urgent ; Ouvrir\nSport ; prioritaire ; Courir\nseul", themes(), DAY
    )
    assert len(read.errors) == 3
    assert [
        "ligne 1" in read.errors[0],
        "ligne 2" in read.errors[1],
        "ligne 3" in read.errors[2],
    ] == [True] * 3


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused_line_by_line(text: str) -> None:
    read = read_findings(text, themes(), DAY)
    lines = [line for line in text.splitlines() if line.strip()]
    assert len(read.rows) + len(read.errors) == len(lines)


def test_preview_writes_nothing_and_the_second_click_writes_all(
    agreement: Agreement, client_as
) -> None:
    ThemeFactory(agreement=agreement, name="Petite enfance")
    client = client_as("coordinator")
    address = reverse("territory:take_up", args=[agreement.slug])
    data = {
        "title": "Diagnostic 2025",
        "findings": "Petite enfance ; atout ; Un relais connu",
        "challenges": "Petite enfance ; prioritaire ; Garder les places",
    }

    preview = client.post(address, {**data, "apercu": "1"})
    assert "1\u00a0constat" in preview.content.decode()
    assert not Finding.objects.filter(agreement=agreement).exists()
    client.post(address, data)
    assert Finding.objects.get(agreement=agreement).diagnosis.title == "Diagnostic 2025"
    assert Challenge.objects.get(agreement=agreement).priority == 1
    assert Diagnosis.objects.get(agreement=agreement).title == "Diagnostic 2025"


def test_one_bad_line_writes_nothing(agreement: Agreement, client_as) -> None:
    ThemeFactory(agreement=agreement, name="Petite enfance")
    client = client_as("coordinator")
    response = client.post(
        reverse("territory:take_up", args=[agreement.slug]),
        {"title": "D", "findings": "Petite enfance ; atout ; Bien\nPetite enfance ; ? ; Mal"},
    )
    assert response.status_code == 422
    assert "ligne 2" in response.content.decode()
    assert not Finding.objects.filter(agreement=agreement).exists()


def test_challenge_that_actions_answer_is_not_archived(example: Agreement, db: None) -> None:
    from core.errors import DomainError

    challenge = Challenge.objects.filter(agreement=example, actions__isnull=False).first()
    with pytest.raises(DomainError, match="répondent encore"):
        archive_challenge(challenge, actor=None)


def test_capacity_emptied_is_unknown_again(example: Agreement, db: None) -> None:
    from territory.models import Facility
    from territory.services import set_capacity

    facility = Facility.objects.filter(agreement=example, capacities__isnull=False).first()
    row = facility.capacities.first()
    set_capacity(
        facility, actor=None, year=row.year, unit=row.unit, value=None, is_planned=row.is_planned
    )
    assert not facility.capacities.filter(pk=row.pk).exists()
    kept = set_capacity(
        facility,
        actor=None,
        year=row.year,
        unit=row.unit,
        value=Decimal(0),
        is_planned=row.is_planned,
    )
    assert kept.value == 0
