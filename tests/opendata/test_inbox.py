"""The administrators' pages: hand files over, answer, load, undo, describe a table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core import formats as fr
from core.models import Job
from opendata.imports import inbox
from opendata.models import (
    ColumnMapping,
    DatasetVersion,
    FundingRate,
    ImportFile,
    Indicator,
    Observation,
    Territory,
)
from tests.factories import UserFactory
from tests.opendata.conftest import value_of

FILOSOFI = (
    "CODGEO;NBMENFISC21;MED21;TP6021;PIMPOT21\n10333;5600;21440;17;-16\n10387;29000;s;s;s\n"
    "10033;2400;19000;18;-13\n"
)
NAME = "cc_filosofi_2021_COM.csv"


@pytest.fixture
def staff(country: dict[str, Territory], settings: Any, tmp_path: Path) -> Client:
    settings.MEDIA_ROOT = tmp_path
    client = Client()
    client.force_login(UserFactory(first_name="Anne", last_name="Prat", is_staff=True))
    return client


Upload = Callable[..., ImportFile]


@pytest.fixture
def upload(staff: Client) -> Upload:
    """``upload("name.csv", text, …)`` hands files over together; gives the first one's row."""

    def send(*pairs: str) -> ImportFile:
        files = [
            SimpleUploadedFile(name, text.encode())
            for name, text in zip(pairs[::2], pairs[1::2], strict=True)
        ]
        response = staff.post(reverse("opendata:upload"), {"files": files})
        assert response.status_code == 302, response.content.decode()
        return ImportFile.objects.get(name=pairs[0])

    return send


def page(client: Client, name: str, *args: Any) -> str:
    response = client.get(reverse(name, args=args))
    assert response.status_code == 200
    return response.content.decode()


def post(client: Client, name: str, *args: Any, **data: Any) -> str:
    response = client.post(reverse(name, args=args), data, follow=True)
    return response.content.decode()


# --- From arrival to effect ---------------------------------------------------------------------
def test_a_file_is_checked_then_loaded_then_undone(staff, upload, figure) -> None:
    row = upload(NAME, FILOSOFI)
    told = page(staff, "opendata:file", row.pk)
    assert "Filosofi" in told
    assert "Nouveaux" in told
    assert "Ne remplace rien" in told
    assert Observation.objects.count() == 0

    assert "Voir la version chargée" in post(staff, "opendata:file_apply", row.pk)
    assert value_of(figure("niveau_de_vie_median", "10333", 2021)) == 21440
    version = DatasetVersion.objects.get()
    assert version.loaded_by == "Anne Prat"
    row.refresh_from_db()
    assert (row.state, row.version, row.file.name) == ("applied", version, "")

    question = page(staff, "opendata:version_undo", version.pk)
    assert "12\u00a0chiffres quittent toutes les conventions" in question
    assert "12\u00a0chiffres retirés" in post(staff, "opendata:version_undo", version.pk)
    assert Observation.objects.count() == 0
    assert "annulée" in page(staff, "opendata:home")


def test_what_would_change_is_told_old_and_new(staff, upload) -> None:
    post(staff, "opendata:file_apply", upload(NAME, FILOSOFI).pk)
    row = upload("2_cc_filosofi_2021_COM.csv", FILOSOFI.replace("21440", "21500"))
    told = page(staff, "opendata:file", row.pk)
    assert "Remplacera" in told
    assert "21440" in told
    assert "21500" in told
    first = DatasetVersion.objects.get()
    post(staff, "opendata:file_apply", row.pk)
    assert "remplacée" in page(staff, "opendata:version", first.pk)


def test_the_same_file_again_has_nothing_to_load(staff, upload) -> None:
    post(staff, "opendata:file_apply", upload(NAME, FILOSOFI).pk)
    row = upload("copie_cc_filosofi_2021_COM.csv", FILOSOFI)
    assert row.state == "unchanged"
    assert "Rien à charger" in page(staff, "opendata:file", row.pk)
    assert "à charger" in post(staff, "opendata:file_apply", row.pk)
    assert DatasetVersion.objects.count() == 1


def test_a_refused_file_says_why_and_is_not_kept(staff, upload, tmp_path) -> None:
    row = upload(NAME, FILOSOFI + "10333;1;1;1;1\n")
    assert (row.state, row.file.name) == ("refused", "")
    assert "toutes deux le code « 10333 »" in page(staff, "opendata:file", row.pk)


def test_the_bytes_go_once_loaded(staff, upload, tmp_path, django_capture_on_commit_callbacks):
    row = upload(NAME, FILOSOFI)
    assert [path.name for path in tmp_path.rglob("*.csv")] == [NAME]
    with django_capture_on_commit_callbacks(execute=True):
        post(staff, "opendata:file_apply", row.pk)
    assert list(tmp_path.rglob("*.csv")) == []


def test_a_file_that_waits_too_long_is_put_away(staff, upload) -> None:
    row = upload(NAME, FILOSOFI)
    ImportFile.objects.update(received_at=timezone.now() - timedelta(days=31))
    assert inbox.put_old_away() == 1
    row.refresh_from_db()
    assert (row.state, row.file.name) == ("refused", "")
    assert "30 jours" in row.message


def test_a_file_received_can_be_taken_back(staff, upload) -> None:
    row = upload(NAME, FILOSOFI)
    assert "aucun chiffre ne change" in page(staff, "opendata:file_discard", row.pk)
    post(staff, "opendata:file_discard", row.pk)
    assert not ImportFile.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("plan.pdf", b"%PDF", "n&#x27;est pas un tableau"),
        ("vide.csv", b"", "est vide"),
        ("gros.csv", b"a;b\n" * 1000, "au plus"),
    ],
)
def test_what_cannot_be_a_table_is_refused_at_the_door(
    staff, settings, name, content, sentence
) -> None:
    settings.MAX_IMPORT_BYTES = 2000
    response = staff.post(
        reverse("opendata:upload"), {"files": [SimpleUploadedFile(name, content)]}
    )
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not ImportFile.objects.exists()


def test_no_file_chosen_is_told(staff) -> None:
    response = staff.post(reverse("opendata:upload"))
    assert response.status_code == 422
    assert "au moins un fichier" in response.content.decode()


def test_work_that_stopped_can_be_asked_again(staff, upload) -> None:
    row = upload(NAME, FILOSOFI)
    Job.objects.update(state=Job.State.FAILED, message="Interrompu trois fois.")
    told = page(staff, "opendata:file", row.pk)
    assert "Interrompu trois fois." in told
    post(staff, "opendata:file_check", row.pk)
    row.refresh_from_db()
    assert row.state == "checked"


# --- What only a person can answer --------------------------------------------------------------
def test_lost_zeros_are_asked(staff, upload, figure) -> None:
    Territory.objects.create(level="commune", code="01001", name="L'Abergement-Clémenciat")
    row = upload(NAME, "CODGEO;NBMENFISC21;MED21;TP6021;PIMPOT21\n1001;300;25000;5;-17\n")
    assert row.state == "asked"
    assert "Remettre les zéros perdus" in page(staff, "opendata:file", row.pk)
    assert "Cochez la case" in post(staff, "opendata:file_answer", row.pk)
    post(staff, "opendata:file_answer", row.pk, repair_codes="on")
    post(staff, "opendata:file_apply", row.pk)
    assert value_of(figure("niveau_de_vie_median", "01001", 2021)) == 25000


def test_names_without_codes_are_asked(staff, upload, figure) -> None:
    row = upload(
        "naissances.csv",
        "Géographie;Niveau Géo;Mesure état civil;Période;Valeur\n"
        "Troyes;Commune;Nombre de naissances vivantes;2022;800\n",
    )
    assert "par leur nom" in page(staff, "opendata:file", row.pk)
    post(staff, "opendata:file_answer", row.pk, match_names="on")
    post(staff, "opendata:file_apply", row.pk)
    assert value_of(figure("naissances_domiciliees", "10387", 2022)) == 800


def test_a_year_that_the_file_does_not_say_is_asked(staff, upload, figure) -> None:
    text = "COM;PMUN;PCAP;PTOT\n10333;12806;177;12983\n10173;1;0;1\n"
    row = upload("donnees_communes.csv", text)
    assert "Année des chiffres" in page(staff, "opendata:file", row.pk)
    assert "2023" in post(staff, "opendata:file_answer", row.pk, year="deux mille")
    post(staff, "opendata:file_answer", row.pk, year="2019")
    post(staff, "opendata:file_apply", row.pk)
    assert value_of(figure("population_municipale", "10333", 2019)) == 12806


def test_pupils_ask_for_the_directory(staff, upload, figure) -> None:
    row = upload(
        "effectifs.csv",
        "rentree_scolaire;numero_ecole;code_commune_insee;nombre_total_eleves\n"
        "2023;0100001A;10120;110\n",
    )
    assert "Fichier à joindre" in page(staff, "opendata:file", row.pk)
    directory = SimpleUploadedFile(
        "annuaire-2023.csv",
        b"Identifiant_de_l_etablissement;Type_etablissement;Code_commune;etat\n"
        b"0100001A;Ecole;10333;OUVERT\n",
    )
    post(staff, "opendata:file_join", row.pk, files=[directory])
    row.refresh_from_db()
    assert row.state == "checked"
    post(staff, "opendata:file_apply", row.pk)
    assert value_of(figure("eleves_ecoles", "10333", 2023)) == 110
    other = ImportFile.objects.get(name="annuaire-2023.csv")
    assert (other.state, bool(other.file)) == ("checked", True)


def test_a_dictionary_handed_over_beside_its_base_is_read_with_it(staff, upload) -> None:
    census = "CODGEO;P20_POP;P20_POP1564;P20_ACT1564;C20_POP15P_CS5\n10333;12806;7800;5600;1900\n"
    row = upload(
        "base-cc-emploi-pop-active-2020.csv", census,
        "meta_base-cc-emploi-pop-active-2020.csv",
        "COD_VAR;LIB_VAR;LIB_VAR_LONG\nC20_POP15P_CS5;Employés;Nombre d'employés en 2020\n",
    )  # fmt: skip
    assert row.report["new_indicators"] == ["rp_c_pop15p_cs5"]
    assert not Indicator.objects.filter(key="rp_c_pop15p_cs5").exists()
    assert ImportFile.objects.get(name__startswith="meta_").state == "unchanged"


# --- A table of unknown format ------------------------------------------------------------------
UNKNOWN = (
    "Tableau de la Msa\nCommune;Nom;Ressortissants 2022;Ressortissants 2023;Taux\n"
    "10333;Saint-André;120;125;3,5\n10387;Troyes;x;400;\n10033;Bar;50;52;4\n"
)


def describe(**changes: str) -> dict[str, str]:
    return {
        "title": "Ressortissants", "producer": "MSA", "licence": "Licence Ouverte 2.0",
        "level": "commune", "secret": "x", "blank": "not_applicable",
        "role_0": "code", "role_1": "ignore", "role_2": "new",
        "indicator_2": "Ressortissants de la MSA", "unit_2": "pers.", "sum_2": "on",
        "role_3": "ignore", **changes,
    }  # fmt: skip


def test_an_unknown_table_is_described_once_for_its_next_vintages(staff, upload, figure) -> None:
    row = upload("msa.csv", UNKNOWN)
    assert row.state == "to_describe"
    seen = page(staff, "opendata:file_describe", row.pk)
    assert "Ressortissants 2022, Ressortissants 2023" in seen
    assert "Saint-André" in seen

    post(staff, "opendata:file_describe", row.pk, **describe())
    row.refresh_from_db()
    assert (row.state, row.report["read"], row.report["secret"]) == ("checked", 6, 1)
    post(staff, "opendata:file_apply", row.pk)
    key = Indicator.objects.get(label="Ressortissants de la MSA").key
    assert value_of(figure(key, "10333", 2023)) == 125
    assert value_of(figure(key, "10387", 2022)) == "secret"
    assert DatasetVersion.objects.get().dataset.producer == "MSA"

    following = upload("msa-2.csv", UNKNOWN.replace("2022", "2024").replace("2023", "2025"))
    assert (following.state, following.report["vintage"]) == ("checked", "2024-2025")
    again = page(staff, "opendata:file_describe", following.pk)
    assert 'value="Ressortissants de la MSA"' in again


def test_an_indicator_of_the_catalogue_and_a_year_for_this_file(staff, upload, figure) -> None:
    row = upload("tableau.csv", "commune;alloc\n10333;3000\n10387;\n")
    data = describe(
        role_1="known", indicator_1=Indicator.objects.get(key="caf_foyers_allocataires").label
    )
    refused = staff.post(reverse("opendata:file_describe", args=[row.pk]), data)
    assert refused.status_code == 422
    assert "écrivez l&#x27;année" in refused.content.decode()
    post(staff, "opendata:file_describe", row.pk, **{**data, "year": "2024"})
    post(staff, "opendata:file_apply", row.pk)
    assert value_of(figure("caf_foyers_allocataires", "10333", 2024)) == 3000
    assert value_of(figure("caf_foyers_allocataires", "10387", 2024)) == "not_applicable"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"role_0": "ignore"}, "quelle colonne porte le code"),
        ({"role_1": "code"}, "une, et une seule"),
        ({"role_2": "ignore"}, "au moins d&#x27;une colonne"),
        ({"role_2": "known"}, "n&#x27;a pas d&#x27;indicateur"),
        ({"indicator_2": ""}, "donnez un libellé"),
        ({"role_3": "new", "indicator_3": "Autre"}, "Rien ne dit l&#x27;année"),
    ],
)
def test_a_description_that_would_not_read_is_refused(staff, upload, changes, sentence) -> None:
    row = upload("msa.csv", UNKNOWN)
    response = staff.post(reverse("opendata:file_describe", args=[row.pk]), describe(**changes))
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not ColumnMapping.objects.exists()
    assert not Indicator.objects.filter(label="Ressortissants de la MSA").exists()


def test_another_row_may_name_the_columns(staff, upload) -> None:
    row = upload("msa.csv", UNKNOWN)
    response = staff.get(reverse("opendata:file_describe", args=[row.pk]), {"header": "0"})
    assert response.status_code == 409
    assert "moins de deux colonnes" in response.content.decode()
    assert staff.get(reverse("opendata:file_describe", args=[row.pk]), {"header": "²"}).status_code


# --- Lists --------------------------------------------------------------------------------------
@pytest.mark.parametrize("count", [1, 5])
def test_the_list_costs_the_same_for_one_version_and_many(
    staff, upload, count, django_assert_num_queries
) -> None:
    for rank in range(count):
        header, _, rest = FILOSOFI.partition("\n")
        text = header.replace("21", f"1{rank}") + "\n" + rest
        row = upload(f"cc_filosofi_201{rank}_COM.csv", text)
        post(staff, "opendata:file_apply", row.pk)
    with django_assert_num_queries(5):
        told = page(staff, "opendata:home")
    assert fr.plural(count, "version") in told


def test_versions_are_searched_by_words(staff, upload) -> None:
    post(staff, "opendata:file_apply", upload(NAME, FILOSOFI).pk)
    assert "1\u00a0version" in staff.get(reverse("opendata:home"), {"q": "insee 2021"}).text
    assert "Aucune version" in staff.get(reverse("opendata:home"), {"q": "cnaf"}).text


# --- Rates --------------------------------------------------------------------------------------
def rate(**changes: str) -> dict[str, Any]:
    return {
        "scheme": "Bonus territoire CTG", "year": "2026", "unit": "places", "calculation": "per_unit",
        "amount": "1 500,5", "facility_keys": ["micro_creche_psu"], "source": "Circulaire 2026-001", **changes,
    }  # fmt: skip


def test_rates_are_added_changed_and_removed(staff) -> None:
    assert "Aucun barème" in page(staff, "opendata:rates")
    shown = post(staff, "opendata:rate_create", **rate())
    assert "1\u00a0500,50\u00a0€ par place" in shown
    assert "Micro-crèche (Psu)" in shown
    refused = staff.post(reverse("opendata:rate_create"), rate(amount="2"))
    assert "a déjà un barème en 2026" in refused.content.decode()
    row = FundingRate.objects.get()
    assert "1\u00a0600,00" in post(staff, "opendata:rate_edit", row.pk, **rate(amount="1600"))
    assert "1\u00a0600,00" in page(staff, "opendata:rate_delete", row.pk)
    post(staff, "opendata:rate_delete", row.pk)
    assert not FundingRate.objects.exists()


def test_a_share_is_a_percentage_of_a_cost_with_its_ceiling(staff) -> None:
    share = rate(scheme="PSU", unit="hours", calculation="share", amount="66", ceiling="10,05")
    told = "66,00\u00a0% du coût par heure, plafonné à 10,05\u00a0€"
    assert told in post(staff, "opendata:rate_create", **share)
    too_much = staff.post(
        reverse("opendata:rate_create"), {**share, "scheme": "Autre", "amount": "660"}
    )
    assert "100 au plus" in too_much.text
    assert FundingRate.objects.count() == 1


def test_rates_of_the_year_before_are_taken_up_once(staff) -> None:
    post(staff, "opendata:rate_create", **rate())
    post(staff, "opendata:rate_create", **rate(scheme="PSU"))
    post(staff, "opendata:rate_create", **rate(year="2027", amount="1550"))
    assert "1\u00a0barème repris" in post(staff, "opendata:rates_copy", 2027)
    taken = FundingRate.objects.get(scheme="PSU", year=2027)
    assert taken.source == "Repris de 2026, à vérifier"
    assert "a déjà tous les barèmes de 2026" in post(staff, "opendata:rates_copy", 2027)
    assert "antérieure à 2020" in post(staff, "opendata:rates_copy", 2020)
