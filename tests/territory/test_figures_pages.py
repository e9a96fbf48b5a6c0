"""The pages of the figures: first run, catalogue, indicator, comparison set, grid, pasted table."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from agreements.models import Agreement
from core.audience import Audience
from core.errors import DomainError, StaleObject
from opendata.models import Contour, Dataset, DatasetVersion, Indicator, Observation, Territory
from opendata.services import load_catalogue
from territory import comparison
from territory.indicator import indicator_page
from territory.models import ComparedTerritory, IndicatorNote, LocalObservation
from territory.services import save_indicator_note, set_comparison
from tests.factories import TerritoryFactory


@pytest.fixture
def catalogue(db: None) -> None:
    load_catalogue()


@pytest.fixture
def ladder(agreement: Agreement, catalogue: None) -> dict[str, Territory]:
    """The lead commune with what holds it."""
    found = {
        level: TerritoryFactory(level=level, code=code, name=name)
        for level, code, name in (
            ("epci", "200069250", "Troyes Métropole"), ("departement", "10", "Aube"),
            ("region", "44", "Grand Est"), ("france", "FR", "France"),
        )
    }  # fmt: skip
    home = agreement.lead_commune
    home.epci, home.departement, home.region = found["epci"], found["departement"], found["region"]
    home.save()
    return {"commune": home, **found}


@pytest.fixture
def publish(ladder: dict[str, Territory]):
    def make(key: str, level: str, period: int, value: Any, reason: str = "", **more: Any) -> None:
        dataset, _ = Dataset.objects.get_or_create(
            key="essai", defaults={"title": "Filosofi", "producer": "Insee"}
        )
        version, _ = DatasetVersion.objects.get_or_create(dataset=dataset, vintage=str(period))
        Observation.objects.create(
            indicator=Indicator.objects.get(key=key), territory=more.pop("at", ladder.get(level)),
            period=period, version=version, value=None if value is None else Decimal(value),
            reason=reason, **more,
        )  # fmt: skip

    return make


def words(response: Any) -> str:
    return response.content.decode().replace("\u00a0", " ").replace("&#x27;", "'")


def address(name: str, agreement: Agreement, *args: Any) -> str:
    return reverse(f"territory:{name}", args=[agreement.slug, *args])


# --- First run -------------------------------------------------------------------------------
def test_first_run_compares_what_is_loaded_and_lists_what_to_ask(
    agreement: Agreement, publish, client_as
) -> None:
    publish("taux_pauvrete_60", "commune", 2021, 17)
    publish("taux_pauvrete_60", "departement", 2021, "16.9")
    publish("naissances_domiciliees", "departement", 2024, 3000)

    page = words(client_as("coordinator").get(address("compare", agreement)))
    assert "0,1 point de plus que l'Aube (16,9 %)" in page
    assert "ancien" in page
    assert "À demander à la Caf" in page
    assert "À demander au service" in page
    assert f"{address('figure_create', agreement)}?indicateur=aeeh_enfants" in page
    assert "fichier national non chargé" in page
    assert "absent du fichier chargé pour ce territoire" in page


def test_first_run_with_nothing_loaded_says_who_must_do_what(
    agreement: Agreement, ladder, client_as
) -> None:
    page = words(client_as("reader").get(address("compare", agreement)))
    assert "La personne qui administre l'application doit charger les fichiers nationaux" in page
    assert "Saisir" not in page


def test_saisir_leads_to_the_form_already_filled(agreement: Agreement, ladder, client_as) -> None:
    response = client_as("coordinator").get(
        address("figure_create", agreement), {"indicateur": "aeeh_enfants"}
    )
    initial = response.context["form"].initial
    assert initial["indicator"] == Indicator.objects.get(key="aeeh_enfants").pk
    assert initial["is_from_caf"] is True


@pytest.mark.parametrize("figures", [1, 12])
def test_first_run_costs_the_same_for_one_figure_and_many(
    agreement: Agreement, publish, client_as, django_assert_num_queries, figures: int
) -> None:
    keys = list(Indicator.objects.filter(position__isnull=False).values_list("key", flat=True))
    for key in keys[:figures]:
        publish(key, "commune", 2023, 10)
    with django_assert_num_queries(5):
        comparison.comparison(agreement, audience=Audience.PUBLIC)


# --- Catalogue -------------------------------------------------------------------------------
def test_catalogue_is_filtered_in_the_address(agreement: Agreement, publish, client_as) -> None:
    publish("taux_pauvrete_60", "commune", 2021, 17)
    client = client_as("reader")
    page = words(client.get(address("indicators", agreement), {"q": "pauvreté"}))
    assert "Taux de pauvreté" in page
    assert "17,0 % (2021)" in page
    assert "AEEH" not in page
    known = client.get(address("indicators", agreement), {"connu": "oui"})
    assert known.context["total"] == 1
    one = client.get(address("indicators", agreement), {"domaine": "handicap"})
    assert {domain.key for domain, _ in one.context["groups"]} == {"handicap"}
    assert client.get(address("indicators", agreement), {"domaine": "?"}).status_code == 200


@pytest.mark.parametrize("figures", [1, 12])
def test_catalogue_costs_the_same_for_one_figure_and_many(
    agreement: Agreement, publish, client_as, django_assert_num_queries, figures: int
) -> None:
    for key in Indicator.objects.filter(is_family_policy=True).values_list("key", flat=True)[
        :figures
    ]:
        publish(key, "commune", 2023, 10)
    client = client_as("reader")
    client.get(address("indicators", agreement))
    with django_assert_num_queries(8):
        client.get(address("indicators", agreement))


# --- The page of an indicator ----------------------------------------------------------------
def test_indicator_page_says_all_that_a_figure_is(agreement: Agreement, publish, client_as) -> None:
    publish("taux_pauvrete_60", "commune", 2019, "16.0")
    publish("taux_pauvrete_60", "commune", 2021, 17, estimated=True)
    publish("taux_pauvrete_60", "epci", 2021, None, "secret")
    publish("taux_pauvrete_60", "departement", 2019, "16.3")
    page = words(client_as("reader").get(address("indicator", agreement, "taux_pauvrete_60")))
    for told in (
        "secret statistique", "estimé", "plus de quatre ans", "Licence Ouverte 2.0",
        "Insee, Filosofi", "Ce à quoi il ne doit pas servir", "16,3 % en 2019",
        "16,0 % en 2019, 17,0 % en 2021",
    ):  # fmt: skip
        assert told in page, told
    assert "Commenter" not in page


def test_indicator_page_draws_the_communes_of_the_epci(
    agreement: Agreement, publish, ladder
) -> None:
    square = {"type": "Polygon", "coordinates": [[[4, 48], [4.1, 48], [4.1, 48.1], [4, 48]]]}
    other = TerritoryFactory(name="Voisine", epci=ladder["epci"])
    hidden = TerritoryFactory(name="Cachée", epci=ladder["epci"])
    for territory in (ladder["commune"], other, hidden):
        Contour.objects.create(territory=territory, geometry=square, source="IGN")
    publish("taux_pauvrete_60", "commune", 2021, 17)
    publish("taux_pauvrete_60", "", 2021, 12, at=other)
    publish("taux_pauvrete_60", "", 2021, None, "secret", at=hidden)
    rate = Indicator.objects.get(key="taux_pauvrete_60")

    drawn = indicator_page(agreement, rate, Audience.PUBLIC).map
    assert drawn is not None
    assert drawn.sentence() == "2 communes sur 3 ont un chiffre, une est sous secret statistique."
    assert {row["label"] for row in drawn.rows()} >= {"Voisine", "Cachée"}


@pytest.mark.parametrize("years", [1, 8])
def test_indicator_page_costs_the_same_for_one_year_and_many(
    agreement: Agreement, publish, django_assert_num_queries, years: int
) -> None:
    for year in range(years):
        publish("taux_pauvrete_60", "commune", 2010 + year, 17)
    rate = Indicator.objects.get(key="taux_pauvrete_60")
    with django_assert_num_queries(9):
        page = indicator_page(agreement, rate, Audience.PUBLIC)
        _ = page.figures, page.grid, page.sources, page.chart, page.map


def test_local_figures_are_labelled_and_obey_their_audience(
    agreement: Agreement, ladder, client_as
) -> None:
    indicator = Indicator.objects.get(key="aeeh_enfants")
    LocalObservation.objects.create(
        agreement=agreement, indicator=indicator, territory=ladder["commune"], period=2025,
        value=62, source="Portrait Caf", audience="internal", is_from_caf=True,
    )  # fmt: skip
    for role, seen in (("coordinator", True), ("caf", False), ("reader", False)):
        client = client_as(role)
        for name in ("indicator", "indicators", "compare"):
            args = [indicator.key] if name == "indicator" else []
            page = words(client.get(address(name, agreement, *args)))
            assert ("62 enfants" in page) is seen, (role, name)
        for fmt in ("csv", "xlsx"):
            response = client.get(address("indicator_download", agreement, indicator.key, fmt))
            assert (b"62" in response.content) is seen or fmt == "xlsx"


def test_download_holds_each_figure_with_its_source(
    agreement: Agreement, publish, client_as
) -> None:
    publish("taux_pauvrete_60", "commune", 2021, "17.5")
    publish("taux_pauvrete_60", "epci", 2021, None, "secret")
    client = client_as("reader")
    text = client.get(
        address("indicator_download", agreement, "taux_pauvrete_60", "csv")
    ).content.decode("utf-8-sig")
    assert "17,5" in text
    assert "secret statistique" in text
    assert "Licence Ouverte 2.0" in text
    book = load_workbook(
        io.BytesIO(
            client.get(address("indicator_download", agreement, "taux_pauvrete_60", "xlsx")).content
        )
    )
    cells = [cell.value for row in book["Chiffres"].iter_rows() for cell in row]
    assert 17.5 in cells
    assert (
        client.get(address("indicator_download", agreement, "taux_pauvrete_60", "exe")).status_code
        == 404
    )


def test_unknown_indicator_is_not_found(agreement: Agreement, catalogue, client_as) -> None:
    assert client_as("reader").get(address("indicator", agreement, "inconnu")).status_code == 404


# --- The author's sentence and comment -------------------------------------------------------
def test_sentence_rewritten_stays_apart_and_warns_when_figures_change(
    agreement: Agreement, publish, client_as
) -> None:
    publish("taux_pauvrete_60", "commune", 2021, 17)
    client = client_as("coordinator")
    form = client.get(address("indicator_note", agreement, "taux_pauvrete_60")).context["form"]
    automatic = form.initial["sentence"]
    assert automatic.startswith("17,0")
    client.post(
        address("indicator_note", agreement, "taux_pauvrete_60"),
        {
            "sentence": "Un habitant sur six.", "comment": "À suivre.", "audience": "public",
            "keep_old": "on",
        },
    )  # fmt: skip
    page = words(client.get(address("indicator", agreement, "taux_pauvrete_60")))
    assert "Un habitant sur six." in page
    assert "À suivre." in page
    assert "Les chiffres ont changé" not in page

    publish("taux_pauvrete_60", "commune", 2023, 19)
    page = words(client.get(address("indicator", agreement, "taux_pauvrete_60")))
    assert "Les chiffres ont changé depuis que cette phrase a été réécrite" in page


def test_automatic_sentence_left_as_it_is_is_not_kept(agreement: Agreement, catalogue) -> None:
    indicator = Indicator.objects.get(key="taux_pauvrete_60")
    note = save_indicator_note(
        agreement, actor=None, indicator=indicator, sentence="Phrase.",
        automatic_sentence="Phrase.", comment="Mon avis.",
    )  # fmt: skip
    assert note.sentence == ""
    with pytest.raises(StaleObject):
        save_indicator_note(agreement, actor=None, indicator=indicator, comment="Autre avis.")


def test_second_of_two_authors_sees_both_versions(agreement: Agreement, publish, client_as) -> None:
    publish("taux_pauvrete_60", "commune", 2021, 17)
    target = address("indicator_note", agreement, "taux_pauvrete_60")
    client = client_as("coordinator")
    first = {"sentence": "", "comment": "Premier.", "audience": "public"}
    assert client.post(target, first).status_code == 302
    second = client.post(target, {**first, "comment": "Second.", "version": "0"})
    assert second.status_code == 409
    assert "Premier." in words(second)
    assert "Second." in words(second)


def test_note_of_narrower_audience_is_not_shown(agreement: Agreement, publish, client_as) -> None:
    publish("taux_pauvrete_60", "commune", 2021, 17)
    IndicatorNote.objects.create(
        agreement=agreement, indicator=Indicator.objects.get(key="taux_pauvrete_60"),
        comment="Entre nous.", audience="internal",
    )  # fmt: skip
    page = words(client_as("caf").get(address("indicator", agreement, "taux_pauvrete_60")))
    assert "Entre nous" not in page


def test_old_figure_enters_a_document_only_when_ticked(agreement: Agreement, publish) -> None:
    publish("taux_pauvrete_60", "commune", 2021, 17)
    publish("part_menages_monoparentaux", "commune", 2022, 11)
    day = date(2026, 11, 23)
    assert [row.indicator.key for row in comparison.key_figures(agreement, day)] == [
        "part_menages_monoparentaux"
    ]
    IndicatorNote.objects.create(
        agreement=agreement, indicator=Indicator.objects.get(key="taux_pauvrete_60"), keep_old=True
    )
    assert len(comparison.key_figures(agreement, day)) == 2


# --- The comparison set ----------------------------------------------------------------------
def test_comparison_set_is_chosen_once_for_every_table(
    agreement: Agreement, ladder, client_as
) -> None:
    other = TerritoryFactory(name="Sainte-Savine", code="10362")
    client, target = client_as("coordinator"), address("compared", agreement)
    assert "Sainte-Savine" in words(client.get(target, {"q": "sainte savine"}))
    client.post(target, {"geste": f"ajouter:{other.pk}"})
    client.post(target, {"geste": f"monter:{other.pk}"})
    client.post(target, {"geste": f"retirer:{ladder['region'].pk}"})

    names = [territory.name for territory in comparison.territories_of(agreement)]
    assert names[1:] == ["Troyes Métropole", "Aube", "Sainte-Savine", "France"]
    client.post(target, {"geste": "proposer"})
    assert not ComparedTerritory.objects.filter(agreement=agreement).exists()


def test_comparison_set_has_a_limit_told_in_french(agreement: Agreement, ladder) -> None:
    many = [TerritoryFactory() for _ in range(8)]
    with pytest.raises(DomainError, match="au plus"):
        set_comparison(agreement, actor=None, territories=many)


@pytest.mark.parametrize(
    "act", ["", "ajouter:", "ajouter:x", "monter:999999", "voler:1", f"retirer:{10**30}"]
)
def test_strange_act_changes_nothing(agreement: Agreement, ladder, client_as, act: str) -> None:
    response = client_as("coordinator").post(address("compared", agreement), {"geste": act})
    assert response.status_code == 302
    assert not ComparedTerritory.objects.filter(agreement=agreement).exists()


# --- The grid --------------------------------------------------------------------------------
def cell(key: str, year: int) -> str:
    return f"c-{Indicator.objects.get(key=key).pk}-{year}"


GIVEN = {"source": "Commission", "audience": "committee"}


def grid(agreement: Agreement) -> str:
    return f"{address('figures_grid', agreement)}?indicateurs=demandes_admission&indicateurs=heures_alsh&de=2024&a=2025"


def test_grid_writes_what_changed_and_keeps_reasons(
    agreement: Agreement, ladder, client_as
) -> None:
    client = client_as("coordinator")
    response = client.post(
        grid(agreement),
        {
            **GIVEN, cell("demandes_admission", 2024): "131",
            cell("demandes_admission", 2025): "s", cell("heures_alsh", 2025): "121 950,5",
        },
    )  # fmt: skip
    assert response.status_code == 302
    rows = LocalObservation.objects.filter(agreement=agreement).order_by("period", "value")
    assert [(row.period, row.value, row.reason) for row in rows] == [
        (2024, 131, ""), (2025, Decimal("121950.5"), ""), (2025, None, "secret"),
    ]  # fmt: skip
    assert {row.audience for row in rows} == {"committee"}


def test_bad_cell_is_told_beside_it_and_nothing_is_lost(
    agreement: Agreement, ladder, client_as
) -> None:
    response = client_as("coordinator").post(
        grid(agreement),
        {
            **GIVEN, cell("demandes_admission", 2024): "131",
            cell("heures_alsh", 2025): "beaucoup",
        },
    )  # fmt: skip
    assert response.status_code == 422
    assert "« beaucoup » ne se lit pas" in words(response)
    assert 'value="131"' in words(response)
    assert not LocalObservation.objects.filter(agreement=agreement).exists()


def test_figures_without_source_are_refused(agreement: Agreement, ladder, client_as) -> None:
    response = client_as("coordinator").post(
        grid(agreement),
        {"audience": "committee", "source": " ", cell("heures_alsh", 2025): "12"},
    )
    assert response.status_code == 422
    assert "Dites d'où viennent ces chiffres" in words(response)


def test_second_of_two_people_sees_both_values(agreement: Agreement, ladder, client_as) -> None:
    client, name = client_as("coordinator"), cell("heures_alsh", 2025)
    client.post(grid(agreement), {**GIVEN, name: "100"})
    late = client.post(grid(agreement), {**GIVEN, name: "200", f"initial-{name}": ""})
    assert late.status_code == 422
    assert "Quelqu'un a enregistré « 100 » entre-temps" in words(late)
    assert "« 200 »" in words(late)
    assert LocalObservation.objects.get(agreement=agreement).value == 100


def test_one_cell_is_saved_as_it_is_left_with_htmx(agreement: Agreement, ladder, client_as) -> None:
    client, name = client_as("coordinator"), cell("heures_alsh", 2025)
    sent = {**GIVEN, name: "100", cell("heures_alsh", 2024): "illisible", "cellule": name}
    response = client.post(grid(agreement), sent, headers={"HX-Request": "true"})
    assert response.status_code == 200
    assert "enregistré" in words(response)
    assert "<html" not in words(response)
    assert LocalObservation.objects.get(agreement=agreement).value == 100
    wrong = client.post(
        grid(agreement),
        {**sent, name: "x", f"initial-{name}": "100"},
        headers={"HX-Request": "true"},
    )
    assert "« x » ne se lit pas" in words(wrong)


def test_emptied_cell_removes_the_figure(agreement: Agreement, ladder, client_as) -> None:
    client, name = client_as("coordinator"), cell("heures_alsh", 2025)
    client.post(grid(agreement), {**GIVEN, name: "100"})
    client.post(grid(agreement), {**GIVEN, name: "", f"initial-{name}": "100"})
    assert not LocalObservation.objects.filter(agreement=agreement).exists()


def test_caf_adds_and_does_not_write_over(agreement: Agreement, ladder, client_as) -> None:
    name = cell("heures_alsh", 2025)
    client_as("coordinator").post(grid(agreement), {**GIVEN, name: "100"})
    client_as("caf").post(
        grid(agreement), {**GIVEN, name: "999", cell("heures_alsh", 2024): "7", "is_from_caf": "on"}
    )
    values = dict(
        LocalObservation.objects.filter(agreement=agreement).values_list("period", "value")
    )
    assert values == {2024: 7, 2025: 100}


@pytest.mark.parametrize("query", ["de=2020&a=1999", "de=1900&a=2100", "indicateurs=rien", "de=x"])
def test_strange_grid_is_told_and_never_fails(
    agreement: Agreement, ladder, client_as, query: str
) -> None:
    response = client_as("coordinator").get(f"{address('figures_grid', agreement)}?{query}")
    assert response.status_code == 200
    assert response.context["choice"].errors


# --- The pasted table ------------------------------------------------------------------------
def test_pasted_table_is_previewed_then_written(agreement: Agreement, ladder, client_as) -> None:
    client, target = client_as("coordinator"), address("figures_paste", agreement)
    table = "Indicateur\t2024\t2025\nDemandes d'admission en accueil du jeune enfant\t131\tnd"
    data = {**GIVEN, "territory": agreement.lead_commune_id, "table": table}
    preview = client.post(target, {**data, "apercu": "1"})
    assert "créé" in words(preview)
    assert not LocalObservation.objects.filter(agreement=agreement).exists()
    client.post(target, data)
    assert LocalObservation.objects.filter(agreement=agreement).count() == 2
    again = client.post(target, {**data, "table": table.replace("131", "132"), "apercu": "1"})
    assert "changé" in words(again)
    assert "inchangé" in words(again)


def test_pasted_faults_are_all_told_and_nothing_is_written(
    agreement: Agreement, ladder, client_as
) -> None:
    response = client_as("coordinator").post(
        address("figures_paste", agreement),
        {
            **GIVEN, "territory": agreement.lead_commune_id,
            "table": "I\t2024\nInconnu\t1\nheures_alsh\tbeaucoup",
        },
    )  # fmt: skip
    assert response.status_code == 422
    assert "ligne 2 : « Inconnu »" in words(response)
    assert "ligne 3, colonne 2" in words(response)
    assert not LocalObservation.objects.filter(agreement=agreement).exists()
