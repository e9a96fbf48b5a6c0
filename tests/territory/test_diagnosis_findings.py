"""Diagnoses side by side, findings in the quadrants, convergence, merging, coverage."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from agreements.models import Agreement, JournalEntry, Theme
from core.errors import DomainError
from opendata.models import Indicator, Observation
from territory import afom, convergence, coverage, queries, services
from territory.models import Challenge, Diagnosis, Evidence, Finding
from tests.agreements.anything import make
from tests.factories import ThemeFactory

DAY = date(2026, 5, 12)
TEXT = "Les horaires décalés restent sans réponse collective"


def url(name: str, agreement: Agreement, *args: Any) -> str:
    return reverse(f"territory:{name}", args=[agreement.slug, *args])


def read(answer: Any) -> str:
    return unescape(answer.content.decode())


def finding(agreement: Agreement, text: str = TEXT, **fields: Any) -> Finding:
    return make("territory.Finding", agreement, text=text, **fields)


# --- Diagnoses ------------------------------------------------------------------------------
def test_diagnosis_is_written_and_says_how_many_findings_came_of_it(
    agreement: Agreement, client_as: Any
) -> None:
    client = client_as("coordinator")
    answer = client.post(
        url("diagnosis_create", agreement),
        {"title": "Analyse des besoins sociaux", "kind": "social_needs", "ends_on": "2025-05-16"},
    )
    diagnosis = Diagnosis.objects.get(agreement=agreement)
    assert answer["Location"] == url("diagnosis", agreement, diagnosis.pk)
    finding(agreement, diagnosis=diagnosis)
    finding(agreement, diagnosis=diagnosis, is_archived=True)
    assert queries.diagnoses(agreement).get().finding_count == 1
    assert TEXT in read(client.get(url("diagnosis", agreement, diagnosis.pk)))


def test_only_a_pdf_is_kept_and_the_end_follows_the_start(
    agreement: Agreement, client_as: Any
) -> None:
    answer = client_as("coordinator").post(
        url("diagnosis_create", agreement),
        {"title": "D", "kind": "other", "file": SimpleUploadedFile("d.exe", b"MZ")},
    )
    assert "n'est pas accepté" in read(answer)
    answer = client_as("coordinator").post(
        url("diagnosis_create", agreement),
        {"title": "D", "kind": "other", "starts_on": "2026-05-01", "ends_on": "2026-04-01"},
    )
    assert answer.status_code == 422
    assert not Diagnosis.objects.filter(agreement=agreement).exists()


def test_archived_diagnosis_is_no_longer_offered_but_its_findings_stay(
    agreement: Agreement, client_as: Any
) -> None:
    diagnosis = make("territory.Diagnosis", agreement, title="Étude close")
    kept = finding(agreement, diagnosis=diagnosis)
    client = client_as("coordinator")
    client.post(url("diagnosis_archive", agreement, diagnosis.pk))
    offered = client.get(url("finding_create", agreement)).context["form"].fields["diagnosis"]
    assert list(offered.queryset) == []
    edited = client.get(url("finding_update", agreement, kept.pk)).context["form"]
    assert list(edited.fields["diagnosis"].queryset) == [diagnosis]
    client.post(url("diagnosis_restore", agreement, diagnosis.pk))
    diagnosis.refresh_from_db()
    assert not diagnosis.is_archived


# --- The quadrants --------------------------------------------------------------------------
def test_quadrants_hold_each_finding_once_and_the_matrix_adds_up(agreement: Agreement) -> None:
    theme, other = ThemeFactory(agreement=agreement), ThemeFactory(agreement=agreement)
    for quadrant, where in (("strength", theme), ("threat", theme), ("threat", other)):
        finding(agreement, quadrant=quadrant, theme=where)
    placed = afom.arrange(queries.findings(agreement))
    assert [box.total for box in placed.boxes] == [1, 0, 0, 2]
    assert placed.total == sum(row.total for row in placed.matrix) == 3
    assert {row.theme: row.counts for row in placed.matrix} == {
        theme: (1, 0, 0, 1), other: (0, 0, 0, 1),
    }  # fmt: skip


def test_filters_live_in_the_address(agreement: Agreement, client_as: Any) -> None:
    diagnosis = make("territory.Diagnosis", agreement)
    finding(agreement, "Vient de l'étude", diagnosis=diagnosis)
    linked = finding(agreement, "Vient d'ailleurs")
    services.group_findings(agreement, [linked], actor=None, title="Un enjeu")
    client = client_as("reader")

    def shown(**query: Any) -> str:
        return read(client.get(url("afom", agreement), query))

    assert "Vient d'ailleurs" not in shown(diagnostic=diagnosis.pk)
    assert "Vient d'ailleurs" not in shown(sans_enjeu="oui")
    assert "Vient de l'étude" in shown(q="etude")
    assert "Tout afficher" in shown(q="introuvable")
    assert client.get(url("afom", agreement), {"theme": "rien"}).status_code == 200


@pytest.mark.parametrize("many", [1, 5])
def test_quadrants_cost_the_same_for_one_finding_and_many(
    agreement: Agreement, client_as: Any, django_assert_num_queries: Any, many: int
) -> None:
    for _ in range(many):
        row = finding(agreement, diagnosis=make("territory.Diagnosis", agreement))
        make("territory.Evidence", agreement, finding=row)
        services.group_findings(agreement, [row], actor=None, title="Un enjeu")
    client = client_as("reader")
    with django_assert_num_queries(AFOM_QUERIES):
        client.get(url("afom", agreement))


@pytest.mark.parametrize("many", [1, 5])
def test_convergence_costs_the_same_for_one_finding_and_many(
    agreement: Agreement, client_as: Any, django_assert_num_queries: Any, many: int
) -> None:
    for number in range(many):
        row = finding(agreement, f"Constat {number}")
        services.group_findings(agreement, [row], actor=None, title="Un enjeu")
    client = client_as("coordinator")
    with django_assert_num_queries(CONVERGENCE_QUERIES):
        client.get(url("convergence", agreement))


@pytest.mark.parametrize("many", [1, 5])
def test_home_costs_the_same_for_one_row_of_each_and_many(
    agreement: Agreement, client_as: Any, django_assert_num_queries: Any, many: int
) -> None:
    for number in range(many):
        row = finding(agreement, f"Constat {number}")
        services.group_findings(agreement, [row], actor=None, title="Un enjeu")
        make("territory.Diagnosis", agreement)
        make("territory.Workshop", agreement)
    client = client_as("coordinator")
    with django_assert_num_queries(HOME_QUERIES):
        client.get(url("home", agreement))


AFOM_QUERIES, CONVERGENCE_QUERIES, HOME_QUERIES = 8, 11, 14


# --- Findings typed in one go ---------------------------------------------------------------
def test_lines_become_findings_of_the_diagnosis_after_a_preview(
    agreement: Agreement, client_as: Any
) -> None:
    ThemeFactory(agreement=agreement, name="Petite enfance")
    diagnosis = make("territory.Diagnosis", agreement)
    data = {
        "diagnosis": diagnosis.pk, "found_on": "2026-05-12",
        "findings": "petite enfance ; F ; Peu de places\nPetite enfance ; atout ; Un relais connu",
    }  # fmt: skip
    client = client_as("coordinator")
    preview = client.post(url("findings_entry", agreement), {**data, "apercu": "1"})
    assert "2\u00a0constats seront écrits" in read(preview)
    assert not Finding.objects.filter(agreement=agreement).exists()
    client.post(url("findings_entry", agreement), data)
    rows = Finding.objects.filter(agreement=agreement).order_by("pk")
    assert [(row.quadrant, row.diagnosis) for row in rows] == [
        ("weakness", diagnosis), ("strength", diagnosis),
    ]  # fmt: skip


# --- Evidence -------------------------------------------------------------------------------
def test_finding_is_written_from_a_published_figure(
    example: Agreement, db: None, client_as: Any
) -> None:
    client = client_as("coordinator", of=example)
    address = url("finding_create", example) + "?indicateur=taux_pauvrete_60&territoire=10333"
    form = client.get(address)
    assert "Ce constat s'appuiera sur ce chiffre" in read(form)
    theme = Theme.objects.filter(agreement=example).first()
    assert theme is not None
    client.post(
        address,
        {"theme": theme.pk, "quadrant": "weakness", "text": "Pauvreté", "found_on": "2026-05-12"},
    )
    evidence = Evidence.objects.get(finding__text="Pauvreté")
    assert (evidence.indicator.key, evidence.value_as_read) == ("taux_pauvrete_60", Decimal(17))


@pytest.mark.parametrize(
    "query", ["indicateur=inconnu", "indicateur=taux_pauvrete_60&territoire=75056", "theme=x"]
)
def test_unknown_figure_is_said_and_the_form_still_opens(
    example: Agreement, db: None, client_as: Any, query: str
) -> None:
    answer = client_as("coordinator", of=example).get(f"{url('finding_create', example)}?{query}")
    assert answer.status_code == 200
    assert ("pas été trouvé" in read(answer)) == ("indicateur" in query)


def test_revised_figure_is_read_again_and_the_former_reading_stays(
    agreement: Agreement, client_as: Any
) -> None:
    figure = make("territory.LocalObservation", agreement, value=Decimal(12), audience="public")
    row = finding(agreement)
    former = services.add_evidence(
        row, actor=None, local_observation=figure, territory=figure.territory,
        period=figure.period, value=Decimal(12), read_on=DAY,
    )  # fmt: skip
    client = client_as("coordinator")
    again = url("evidence_reread", agreement, former.pk)
    client.post(again)
    assert row.evidence.count() == 1  # nothing had changed

    services.update_local_observation(figure, actor=None, value=Decimal(15))
    assert "Mettre à jour la preuve" in read(client.get(url("finding", agreement, row.pk)))
    client.post(again)
    values = [line.evidence.value_as_read for line in queries.evidence_lines(row.evidence.all())]
    assert values == [12, 15]
    lines = queries.evidence_lines(row.evidence.all())
    assert [(line.is_superseded, line.has_changed) for line in lines] == [
        (True, False), (False, False),
    ]  # fmt: skip


def test_figure_of_another_audience_is_neither_shown_nor_reread(
    agreement: Agreement, client_as: Any
) -> None:
    figure = make(
        "territory.LocalObservation", agreement, value=Decimal(987), audience="internal",
        label="Chiffre réservé",
    )  # fmt: skip
    row = finding(agreement)
    make(
        "territory.Evidence", agreement, finding=row, local_observation=figure,
        value_as_read=Decimal(986),
    )  # fmt: skip
    client = client_as("reader")
    for name, args in (("finding", [row.pk]), ("home", []), ("coverage", [])):
        told = read(client.get(url(name, agreement, *args)))
        assert "Chiffre réservé" not in told
        assert "révisé" not in told


# --- Convergence ----------------------------------------------------------------------------
def test_near_duplicates_are_pointed_out_whatever_the_accents(agreement: Agreement) -> None:
    first = finding(agreement, "Les démarches en ligne découragent les allocataires")
    second = finding(agreement, "LES DEMARCHES EN LIGNE découragent beaucoup d'allocataires")
    finding(agreement, "La commune vieillit")
    finding(agreement, "Les démarches en ligne découragent les allocataires", is_archived=True)
    pairs = convergence.near_duplicates(agreement, queries.findings(agreement))
    assert [(pair.first, pair.second) for pair in pairs] == [(first, second)]


def test_ticked_findings_are_grouped_under_a_new_challenge_then_a_known_one(
    agreement: Agreement, client_as: Any
) -> None:
    one, two, three = (finding(agreement, f"Constat {n}") for n in range(3))
    client = client_as("coordinator")
    page = url("convergence", agreement)
    client.post(page, {"findings": [one.pk, two.pk], "title": "Ouvrir le soir"})
    challenge = Challenge.objects.get(agreement=agreement)
    assert (set(challenge.findings.all()), challenge.theme) == ({one, two}, one.theme)
    client.post(page, {"findings": [three.pk], "challenge": challenge.pk})
    assert set(challenge.findings.all()) == {one, two, three}
    client.post(page, {"findings": [one.pk], "title": "Un autre enjeu"})
    assert one.challenges.count() == 2


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"title": "Sans constat"}, "Cochez au moins un constat"),
        ({"findings": "first"}, "Choisissez un enjeu ou écrivez-en un nouveau"),
        ({"findings": "999999", "title": "T"}, "Sélectionnez un choix valide"),
    ],
)
def test_incomplete_grouping_is_refused_in_words(
    agreement: Agreement, client_as: Any, data: dict[str, str], words: str
) -> None:
    row = finding(agreement)
    data = {key: str(row.pk) if value == "first" else value for key, value in data.items()}
    answer = client_as("coordinator").post(url("convergence", agreement), data)
    assert answer.status_code == 422
    assert words in read(answer)
    assert not Challenge.objects.filter(agreement=agreement).exists()


def test_merging_moves_evidence_and_challenges_and_archives_the_other(
    agreement: Agreement, client_as: Any
) -> None:
    kept = finding(agreement, "Le même constat")
    other = finding(
        agreement, "Le meme constat", diagnosis=make("territory.Diagnosis", agreement, title="ABS")
    )
    make("territory.Evidence", agreement, finding=other)
    shared = services.group_findings(agreement, [kept, other], actor=None, title="Partagé")
    own = services.group_findings(agreement, [other], actor=None, title="À l'autre")

    client_as("coordinator").post(
        url("findings_merge", agreement, kept.pk, other.pk), {"keep": kept.pk}
    )
    kept.refresh_from_db()
    other.refresh_from_db()
    assert other.is_archived
    assert (kept.evidence.count(), other.evidence.count()) == (1, 0)
    assert set(kept.challenges.all()) == {shared, own}
    assert kept.origin == "aussi : ABS"
    entry = JournalEntry.objects.get(agreement=agreement, verb="merge")
    assert "1\u00a0chiffre et 1\u00a0enjeu repris" in entry.sentence


def test_merging_with_itself_or_elsewhere_is_refused(
    agreement: Agreement, other_agreement: Agreement, client_as: Any
) -> None:
    row, stranger = finding(agreement), finding(other_agreement)
    for second in (row, stranger):
        with pytest.raises(DomainError, match="deux constats différents"):
            services.merge_findings(row, second, actor=None)
        page = url("findings_merge", agreement, row.pk, second.pk)
        assert client_as("coordinator").get(page).status_code == 404


# --- Coverage -------------------------------------------------------------------------------
def test_orphans_are_listed_and_archived_rows_do_not_count(agreement: Agreement) -> None:
    alone = finding(agreement)
    bare = make("territory.Challenge", agreement)
    empty = make("territory.Diagnosis", agreement)
    make("territory.Diagnosis", agreement, is_archived=True)
    linked = finding(agreement, "Relié à un enjeu archivé")
    gone = services.group_findings(agreement, [linked], actor=None, title="Archivé")
    services.archive_challenge(gone, actor=None)

    found = coverage.coverage(agreement)
    assert set(found.findings_without_challenge) == {alone, linked}
    assert found.challenges_without_finding == [bare]
    assert found.challenges_without_action == [bare]
    assert found.diagnoses_without_finding == [empty]
    assert found.total == 5


def test_next_steps_follow_the_order_of_a_diagnosis(agreement: Agreement) -> None:
    def steps() -> list[str]:
        findings = list(queries.findings(agreement))
        challenges = list(queries.challenges(agreement))
        orphans = coverage.coverage(agreement)
        return [row.key for row in coverage.next_steps(findings, challenges, orphans, [], 0)]

    assert steps() == ["take_up"]
    row = finding(agreement)
    assert steps() == ["convergence"]
    services.group_findings(agreement, [row], actor=None, title="Un enjeu")
    assert steps() == ["workshop_create", "plan"]


def test_home_says_what_to_do_and_leads_there(agreement: Agreement, client_as: Any) -> None:
    finding(agreement)
    make("territory.Workshop", agreement, held_on=DAY)
    told = read(client_as("coordinator").get(url("home", agreement)))
    assert "Rattacher 1\u00a0constat à un enjeu" in told
    assert "Préparer l'atelier du 12\u00a0mai\u00a02026" in told
    assert "À faire maintenant" not in read(client_as("reader").get(url("home", agreement)))


def test_mending_links_arrive_ready(agreement: Agreement, client_as: Any) -> None:
    row = finding(agreement)
    challenge = make("territory.Challenge", agreement)
    client = client_as("coordinator")
    told = read(client.get(url("coverage", agreement)))
    page = url("convergence", agreement)
    assert f"{page}?constat={row.pk}" in told
    assert f"{page}?enjeu={challenge.pk}" in told
    form = client.get(page, {"constat": row.pk, "enjeu": challenge.pk}).context["form"]
    assert form.ticked == {row.pk}
    plan = reverse("actionplan:create", args=[agreement.slug])
    assert f"{plan}?enjeu={challenge.pk}" in told
    action = client.get(plan, {"enjeu": challenge.pk}).context["form"]
    assert [str(value) for value in action["challenges"].value()] == [str(challenge.pk)]


def test_example_has_several_diagnoses_a_kept_workshop_and_one_to_come(
    example: Agreement, db: None
) -> None:
    assert Diagnosis.objects.filter(agreement=example).count() == 3
    pairs = convergence.near_duplicates(example, queries.findings(example))
    assert len(pairs) == 2
    assert all(pair.first.diagnosis != pair.second.diagnosis for pair in pairs)
    assert Challenge.objects.filter(agreement=example, rank=1).count() == 1
    from territory.workshops import workshops

    assert [bool(row.applied_on) for row in workshops(example)] == [False, True]


def test_indicator_precedence_decides_the_current_figure(example: Agreement, db: None) -> None:
    indicator = Indicator.objects.get(key="taux_pauvrete_60")
    figure = queries.published_figure(example, indicator.key, example.lead_commune.code)
    assert figure is not None
    latest = Observation.objects.current().filter(
        indicator=indicator, territory=example.lead_commune, value__isnull=False
    )
    assert figure.period == max(latest.values_list("period", flat=True))
