"""Every other file that issue 3 names, from a few lines written by hand in its shape."""

from __future__ import annotations

import zipfile
from decimal import Decimal
from io import BytesIO

import pytest

from core.errors import DomainError
from opendata.models import Dataset, Observation
from tests.opendata.conftest import value_of


def archive(**members: str) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in members.items():
            archive.writestr(f"{name}.CSV", text)
    return out.getvalue()


# --- Census, theme by theme ---------------------------------------------------------------------
CENSUS = [
    (
        "base-cc-evol-struct-pop-2021",
        "CODGEO;P21_POP;P21_POP0002;P21_POP0305;P21_POP0610;P21_POP1117;P21_POP7589;P21_POP90P;P15_POP\n"
        "10333;12806;300.5;320;500;800;1200;150;12500\n",
        {("population_0_2", 2021): "300.5", ("population_municipale", 2015): "12500",
         ("population_75_plus", 2021): "1350", ("part_75ans_plus", 2021): "10.5419"},
    ),
    (
        "base-cc-coupl-fam-men-2021",
        "CODGEO;C21_MEN;C21_MENFAMMONO;C21_MENCOUPAENF;C21_FAM;C21_FAMMONO;C21_COUPAENF;C21_NE24F0\n"
        "10333;6000;900;1500;3600;900;1500;1800\n",
        {("familles_monoparentales", 2021): "900", ("menages", 2021): "6000",
         ("part_menages_monoparentaux", 2021): "15",
         ("part_menages_couples_avec_enfants", 2021): "25"},
    ),
    (
        "base-cc-logement-2021",
        "CODGEO;P21_LOG;P21_RP;P21_RSECOCC;P21_LOGVAC;P21_RP_PROP;P21_RP_LOC;P21_RP_LOCHLMV\n"
        "10333;6500;6000;100;400;2400;3500;2100\n",
        {("logements", 2021): "6500", ("part_rp_hlm", 2021): "35",
         ("part_logements_vacants", 2021): "6.1538", ("part_proprietaires", 2021): "40"},
    ),
    (
        "base-cc-emploi-pop-active-2020_v2",
        "CODGEO;P20_POP1564;P20_ACT1564;P20_ACTOCC1564;P20_CHOM1564;P20_FACTOCC2554;P20_F2554\n"
        "10333;7800;5600;4900;700;1800;2400\n",
        {("taux_chomage_rp_15_64", 2020): "12.5", ("taux_emploi_femmes_25_54", 2020): "75"},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("stem", "text", "expected"), CENSUS)
def test_census_themes_as_the_archive_that_insee_publishes(
    hand_over, figure, stem: str, text: str, expected: dict[tuple[str, int], str]
) -> None:
    labels = "COD_VAR;LIB_VAR;LIB_VAR_LONG\nC21_NE24F0;Sans enfant;Nombre de familles en 2021\n"
    report = hand_over(f"{stem}_csv.zip", archive(**{stem: text, f"meta_{stem}": labels}))
    assert report.dataset.startswith("insee-rp-")
    assert {(key, year): value_of(figure(key, "10333", year)) for key, year in expected} == {
        wanted: Decimal(value) for wanted, value in expected.items()
    }


def test_census_diplomas_are_read_by_their_dictionary(hand_over, figure) -> None:
    stem = "base-cc-diplomes-formation-2021"
    text = "CODGEO;P21_NSCOL15P;P21_NSCOL15P_DIPLMIN;P21_SCOL0205\n10333;9000;2500;310\n"
    labels = (
        "COD_VAR;LIB_VAR;LIB_VAR_LONG\n"
        "P21_NSCOL15P;x;Nombre de personnes non scolarisées de 15 ans ou plus en 2021\n"
        "P21_NSCOL15P_DIPLMIN;x;Nombre de personnes sans diplôme en 2021\n"
        "P21_SCOL0205;x;Nombre d'enfants scolarisés de 2 à 5 ans en 2021\n"
    )
    report = hand_over(f"{stem}_csv.zip", archive(**{stem: text, f"meta_{stem}": labels}))
    assert (report.dataset, report.vintage) == ("insee-rp-diplomes-formation", "2021")
    assert value_of(figure("rp_p_scol0205", "10333", 2021)) == 310


def test_old_census_files_are_in_latin_1(hand_over, figure) -> None:
    text = "CODGEO;LIBGEO;P15_POP;P15_POP0014;P15_POPF\n10333;Saint-André;12500;2200;6600\n"
    hand_over("base-cc-evol-struct-pop-2015.csv", text, encoding="latin-1")
    assert value_of(figure("population_0_14", "10333", 2015)) == 2200


# --- Melodi -------------------------------------------------------------------------------------
CUBES = [
    (
        "DS_POPULATIONS_REFERENCE",
        '"GEO";"GEO_OBJECT";"FREQ";"POPREF_MEASURE";"TIME_PERIOD";"OBS_VALUE"\n'
        '"10333";"COM";"A";"PMUN";"2022";12806\n"10333";"COM";"A";"PTOT";"2022";12983\n'
        '"10387";"ARM";"A";"PMUN";"2022";1\n',
        {("population_municipale", 2022): "12806", ("population_totale", 2022): "12983"},
    ),
    (
        "DS_POPULATIONS_HISTORIQUES",
        "FREQ;GEO;GEO_OBJECT;POPREF_MEASURE;TIME_PERIOD;OBS_VALUE\n"
        "A;10333;COM;PMUN;1968;9000\nA;10333;COM;PMUN;2022;12806\n",
        {("population_municipale", 1968): "9000", ("population_municipale", 2022): "12806"},
    ),
    (
        "DS_RP_LOGEMENT_PRINC",
        "GEO;GEO_OBJECT;OCS;TDW;RP_MEASURE;FREQ;OBS_STATUS;TIME_PERIOD;OBS_VALUE\n"
        "10333;COM;_T;_T;DWELLINGS;A;A;2021;6500\n10333;COM;DW_VAC;_T;DWELLINGS;A;A;2021;400.25\n"
        "10333;COM;DW_MAIN;1;DWELLINGS;A;A;2021;3000\n10333;COM;DW_MAIN;_T;DWELLINGS;A;W;2021;6000\n",
        {("logements", 2021): "6500", ("logements_vacants", 2021): "400.25",
         ("residences_principales", 2021): "6000"},
    ),
    (
        "DS_RP_FAMILLE_COMP",
        "NCH;GEO_OBJECT;GEO;TFN;TIME_PERIOD;OBS_VALUE\n"
        "_T;COM;10333;_T;2021;3600\n_T;COM;10333;1;2021;900\n_T;COM;10333;11;2021;150\n"
        "CH0;COM;10333;_T;2021;1700\n",
        {("familles", 2021): "3600", ("familles_monoparentales", 2021): "900"},
    ),
    (
        "DS_FILOSOFI_CC",
        "GEO;GEO_OBJECT;FILOSOFI_MEASURE;UNIT_MEASURE;UNIT_MULT;CONF_STATUS;OBS_STATUS;TIME_PERIOD;OBS_VALUE\n"
        "10333;COM;MED_SL;EUR;0;F;A;2021;21440\n10333;COM;PR_MD60;PT;0;C;A;2021;\n"
        "10333;COM;NUM_HH;HH;3;F;A;2021;5.6\n",
        {("niveau_de_vie_median", 2021): "21440", ("taux_pauvrete_60", 2021): "secret",
         ("menages_fiscaux", 2021): "5600"},
    ),
    (
        "DS_BPE",
        "GEO;GEO_OBJECT;FACILITY_DOM;FACILITY_SDOM;FACILITY_TYPE;BPE_MEASURE;TIME_PERIOD;OBS_VALUE\n"
        "10333;COM;_T;_T;_T;FACILITIES;2024;370\n10333;COM;C;_T;_T;FACILITIES;2024;20\n"
        "10333;COM;D;D5;D502;FACILITIES;2024;3\n",
        {("bpe_equipements_total", 2024): "370", ("bpe_enseignement", 2024): "20"},
    ),
    (
        "DS_ETAT_CIVIL_NAIS_COMMUNES",
        "GEO;GEO_OBJECT;FREQ;EC_MEASURE;OBS_STATUS;TIME_PERIOD;OBS_VALUE\n"
        "2025-COM-10333;;A;LVB;A;2023;120\n10387;COM;A;LVB;K;2023;\n",
        {("naissances_domiciliees", 2023): "120"},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("cube", "text", "expected"), CUBES)
def test_melodi_cubes_zipped_with_their_metadata(
    hand_over, figure, cube: str, text: str, expected: dict[tuple[str, int], str]
) -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr(f"{cube}_2025_data.csv", text)
        packed.writestr(f"{cube}_2025_metadata.csv", "COD_VAR;LIB_VAR\nGEO;Territoire\n")
    hand_over(f"{cube}_2025_CSV_FR.zip", out.getvalue())
    found = {(key, year): value_of(figure(key, "10333", year)) for key, year in expected}
    assert {wanted: str(value).rstrip("0").rstrip(".") if isinstance(value, Decimal) and "." in
            str(value) else str(value) for wanted, value in found.items()} == expected  # fmt: skip


def test_melodi_statuses_say_what_a_figure_counts(hand_over, figure) -> None:
    text = (
        "GEO;GEO_OBJECT;OBS_STATUS;TIME_PERIOD;OBS_VALUE\n"
        "10333;COM;W;2022;120\n10387;COM;K;2022;\n10033;COM;;2022;40\n"
    )
    hand_over("DS_ETAT_CIVIL_DECES_COMMUNES_data.csv", text)
    assert figure("deces_domicilies", "10333", 2022).note == "Compte aussi d'autres communes."
    hidden = figure("deces_domicilies", "10387", 2022)
    assert (hidden.reason, hidden.note) == ("missing", "Comptée dans une autre commune.")
    assert value_of(figure("deces_domicilies", "10033", 2022)) == 40


def test_levels_that_the_diagnosis_does_not_use_are_left_out(hand_over) -> None:
    text = (
        "GEO;GEO_OBJECT;TIME_PERIOD;OBS_VALUE\n10333;COM;2022;120\n10387;BV2022;2022;900\n"
        "0056;ZE2020;2022;5000\n"
    )
    assert hand_over("DS_ETAT_CIVIL_NAIS_COMMUNES_data.csv", text).read == 1


# --- Cnaf, level by level -----------------------------------------------------------------------
CHILDCARE = [
    ("epci", "annee;numepci;nomepci;txcouv_epci;txcouv_eaje_epci\n2023;200069250;Troyes;61,2;19\n",
     "200069250", "61.2"),
    ("dep", "annee;numdep;nomdep;txcouv_dep;txcouv_eaje_dep\n2023;10;Aube;58,4;17\n2023;XX;?;195,8;1\n",
     "10", "58.4"),
    ("reg", "annee;numregi;nomregi;txcouv_regi;txcouv_eaje_regi\n2023;44;Grand Est;57;18\n",
     "44", "57"),
    ("nat", "annee;national;txcouv_nat;txcouv_eaje_nat\n2023-01-01;France entière;60,9;22\n",
     "FR", "60.9"),
]  # fmt: skip


@pytest.mark.parametrize("history", ["", "_hist"])
@pytest.mark.parametrize(("level", "text", "code", "expected"), CHILDCARE)
def test_childcare_coverage_at_each_level(
    hand_over, figure, level: str, text: str, code: str, expected: str, history: str
) -> None:
    report = hand_over(f"txcouv_pe_{level}{history}.csv", text)
    assert value_of(figure("taux_couverture_pe", code, 2023)) == Decimal(expected)
    assert report.refused == 0
    assert (report.perimeter == "hors Mayotte") == (level == "nat")


def test_places_and_labelled_headers(hand_over, figure) -> None:
    hand_over(
        "nbpla_pe_dep.csv", "annee;numdep;nomdep;pl_eaje_dep;pl_am_ind_dep;tot_offre_dep\n"
        "2023;10;Aube;1200;5400;6900\n",
    )  # fmt: skip
    assert Observation.objects.current().filter(territory__code="10", value=1200).exists()
    hand_over(
        "txcouv_pe_com.csv",
        "Date référence;Numéro commune;Nom commune;Taux de couv EAJE - ensemble;Taux de couv global\n"
        "2023;10333;Saint-André;30,1;112,5\n",
    )
    assert value_of(figure("taux_couverture_pe", "10333", 2023)) == Decimal("112.5")


def test_the_current_series_wins_over_the_historic_one_whatever_the_order(
    hand_over, figure
) -> None:
    current = "annee;numcom;nomcom;txcouv_com\n2022;10333;Saint-André;55\n"
    hand_over("txcouv_pe_com.csv", current)
    hand_over("txcouv_pe_com_hist.csv", current.replace("55", "54"))
    assert value_of(figure("taux_couverture_pe", "10333", 2022)) == 55
    assert Dataset.objects.get(key="cnaf-txcouv-pe-hist").precedence < 0


def test_benefits_of_several_years_and_of_nowhere(hand_over, figure) -> None:
    text = (
        "dtreffre;numcomdo;nomcom;indfoy_ndur;indnbp_ndur;indmtt_rsa\n"
        "2023-12;10333;Saint-André;3000;6800;1000\n2024-12;10333;Saint-André;3100;6900;1000\n"
        "2024-12;;Non localisé;50;90;0\n"
    )
    report = hand_over("s_ben_com_f.csv", text)
    assert report.vintage == "2023-2024"
    assert value_of(figure("caf_foyers_allocataires", "10333", 2024)) == 3100
    assert "indmtt_rsa" in report.ignored


def test_all_bands_of_quotients(hand_over, figure) -> None:
    bands = ["Moins de 400 euros", "Entre 400 et 799 euros", "Entre 3600 et 3999 euros",
             "4000 euros ou plus", "Inconnu"]  # fmt: skip
    rows = "".join(f"2024-12;10333;{band};10\n" for band in bands)
    report = hand_over("ndur_s_qf_400_com_f.csv", "dtreffre;numcomdo;qf_400;indfoy_ndur\n" + rows)
    assert report.refused == 0
    assert value_of(figure("caf_qf_2000_plus", "10333", 2024)) == 20
    assert value_of(figure("caf_qf_inconnu", "10333", 2024)) == 10


# --- Schools and quarters -----------------------------------------------------------------------
def test_pupils_and_directory_in_one_archive(hand_over, figure) -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr(
            "fr-en-ecoles-effectifs-nb_classes.csv",
            "rentree_scolaire;numero_ecole;nombre_total_classes;nombre_total_eleves;code_commune_insee\n"
            "2023;0100001A;5;110;10120\n",
        )
        packed.writestr(
            "fr-en-annuaire-education.csv",
            "Identifiant_de_l_etablissement;Type_etablissement;Code_commune;etat;date_maj_ligne\n"
            "0100001A;Ecole;10333;OUVERT;2024-05-01\n",
        )
    hand_over("ecoles.zip", out.getvalue())
    assert value_of(figure("eleves_ecoles", "10333", 2023)) == 110


def test_the_directory_counts_open_schools(hand_over, figure) -> None:
    text = (
        "Identifiant_de_l_etablissement;Type_etablissement;Code_commune;etat;date_maj_ligne\n"
        "0100001A;Ecole;10333;OUVERT;2024-05-01\n0100002B;Collège;10333;OUVERT;2024-05-01\n"
        "0100003C;Ecole;10333;FERME;2024-05-01\n"
    )
    hand_over("fr-en-annuaire-education.csv", text)
    assert value_of(figure("etablissements_scolaires", "10333", 2024)) == 2


def test_quarters_of_2024_say_so(hand_over) -> None:
    text = "CODGEO;LIBGEO;POP_MUN\nQN01003M;Les Vergers;1700\n"
    assert hand_over("DEMO_2024.csv", text).perimeter == "quartiers de 2024"


def test_merged_communes_of_paris_are_counted_once(hand_over, country, figure) -> None:
    from opendata.models import Territory

    Territory.objects.create(level="commune", code="75056", name="Paris")
    text = "dtreffre;numcomdo;nomcom;indfoy_ndur;indnbp_ndur;indmtt_rsa\n"
    text += "".join(f"2024-12;{75101 + rank};Paris {rank + 1};10;20;0\n" for rank in range(20))
    hand_over("s_ben_com_f.csv", text)
    row = figure("caf_foyers_allocataires", "75056", 2024)
    assert (row.value, row.lower_bound) == (200, False)


# --- Any other sheet ----------------------------------------------------------------------------
ODS = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2">'
    '<office:body><office:spreadsheet><table:table table:name="Feuille1">{rows}</table:table>'
    "</office:spreadsheet></office:body></office:document-content>"
)


def ods(rows: list[list[str]]) -> bytes:
    drawn = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
            for text in row
        )
        + "</table:table-row>"
        for row in rows
    )
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            '<manifest:file-entry manifest:full-path="/" manifest:media-type='
            '"application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>',
        )
        packed.writestr("content.xml", ODS.format(rows=drawn))
    return out.getvalue()


def test_an_ods_sheet_is_a_table_like_another(hand_over, figure) -> None:
    content = ods([["Code", "Libellé", "Population municipale 2022"], ["10333", "x", "12806"]])
    hand_over("export.ods", content)
    assert value_of(figure("population_municipale", "10333", 2022)) == 12806


def test_a_cube_read_at_a_wrong_level_is_refused(hand_over) -> None:
    with pytest.raises(DomainError, match="ceux de"):
        hand_over(
            "FILO2019_DISP_EPCI.csv",
            "CODGEO;NBMEN19;Q219;GI19;PIMPOT19\n10333;5600;21440;,283;-15\n",
        )
