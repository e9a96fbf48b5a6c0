"""Each published format, from a few lines written by hand in its shape."""

from __future__ import annotations

import zipfile
from decimal import Decimal
from io import BytesIO

import pytest
from openpyxl import Workbook

from core.errors import DomainError
from opendata.models import Contour, Indicator, Movement, Territory
from tests.opendata.conftest import value_of

FILOSOFI = (
    "\ufeffCODGEO;LIBGEO;NBMEN19;Q219;GI19;RD;PIMPOT19\r\n"
    "10333;Saint-André;5600;21440;,283;3,4;-15,2\r\n"
    "10387;Troyes;29000;;;;\r\n"
    "10033;Bar-sur-Aube;2400;18000;0,25;2,9;-12,0\r\n"
)


def test_filosofi_reads_the_year_in_the_columns_and_secret_in_the_blanks(hand_over, figure) -> None:
    report = hand_over("FILO2019_DISP_COM.csv", FILOSOFI)

    assert (report.state, report.level, report.vintage) == ("applied", "commune", "2019")
    assert value_of(figure("niveau_de_vie_median", "10333", 2019)) == 21440
    assert value_of(figure("indice_gini", "10333", 2019)) == Decimal("0.283")
    assert value_of(figure("rapport_interdecile", "10333", 2019)) == Decimal("3.4")
    assert value_of(figure("part_impots", "10333", 2019)) == Decimal("-15.2")
    assert value_of(figure("niveau_de_vie_median", "10387", 2019)) == "secret"
    assert (report.read, report.secret) == (15, 4)


def test_filosofi_of_the_country_bears_the_code_one(hand_over, figure) -> None:
    hand_over(
        "FILO2019_DISP_METROPOLE.csv",
        "CODGEO;NBMEN19;Q219;GI19;PIMPOT19\n1;28000000;21930;,289;-18\n",
    )
    assert value_of(figure("niveau_de_vie_median", "FR", 2019)) == 21930


@pytest.mark.parametrize("mark", ["s", "nd", ""])
def test_filosofi_comparateur_marks_of_secret(hand_over, figure, mark: str) -> None:
    text = f"CODGEO;NBMENFISC21;MED21;TP6021;PIMPOT21\n10333;{mark};{mark};12,0;-16\n"
    hand_over("cc_filosofi_2021_COM.csv", text)
    assert value_of(figure("menages_fiscaux", "10333", 2021)) == "secret"
    assert value_of(figure("taux_pauvrete_60", "10333", 2021)) == Decimal("12")


CENSUS = (
    "CODGEO;P20_POP;P20_POP1564;P20_ACT1564;P20_CHOM1564;P20_ACTOCC1564;C20_POP15P_CS5\n"
    "10333;12806,5;7800;5600;700;4900;1900,25\n"
    "10387;61000;40000;28000;5600;22400;s\n"
)
DICTIONARY = (
    "COD_VAR;LIB_VAR;LIB_VAR_LONG;COD_MOD;LIB_MOD\n"
    "P20_POP;Pop 2020;Nombre de personnes en 2020;;\n"
    "C20_POP15P_CS5;Employés;Nombre de personnes de 15 ans ou plus Employés en 2020;;\n"
)


def test_census_with_its_dictionary_in_the_archive(hand_over, figure) -> None:
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w") as out:
        out.writestr("base-cc-emploi-pop-active-2020.CSV", CENSUS)
        out.writestr("meta_base-cc-emploi-pop-active-2020.CSV", DICTIONARY)
    report = hand_over("base-cc-emploi-pop-active-2020_csv.zip", archive.getvalue())

    assert report.dataset == "insee-rp-emploi-pop-active"
    assert value_of(figure("population_municipale", "10333", 2020)) == Decimal("12806.5")
    assert value_of(figure("taux_chomage_rp_15_64", "10333", 2020)) == Decimal("12.5")
    assert value_of(figure("taux_emploi_15_64", "10387", 2020)) == 56
    assert value_of(figure("rp_c_pop15p_cs5", "10387", 2020)) == "secret"
    assert report.new_indicators == ["rp_c_pop15p_cs5"]
    label = Indicator.objects.get(key="rp_c_pop15p_cs5").label
    assert label == "Nombre de personnes de 15 ans ou plus Employés"


def test_census_without_dictionary_reads_what_the_catalogue_knows(hand_over) -> None:
    report = hand_over("base-cc-emploi-pop-active-2020.csv", CENSUS)
    assert "C20_POP15P_CS5" in report.ignored
    assert any("dictionnaire" in remark for remark in report.remarks)


def test_census_workbook_with_title_rows(hand_over, figure) -> None:
    book = Workbook()
    sheet = book.active
    sheet.append(["Population en 2021"])
    sheet.append(["Mise en ligne le 27 juin 2024"])
    sheet.append([])
    sheet.append(["Département", "Libellé", "Population"])
    sheet.append(["CODGEO", "P21_POP", "P21_POP0014", "P21_POPF"])
    sheet.append(["10333", 12900.0, 2300.5, 6800])
    content = BytesIO()
    book.save(content)
    hand_over("base-cc-evol-struct-pop-2021.xlsx", content.getvalue())
    assert value_of(figure("population_0_14", "10333", 2021)) == Decimal("2300.5")


def test_comparateur_mixes_its_decimal_marks(hand_over, figure) -> None:
    text = (
        "CODGEO;P22_POP;P22_RP;P22_RP_PROP;P22_LOG;P22_LOGVAC;MED21;PIMP21;SUPERF\n"
        "10333;12806;6000.5;2400,2;6500;520;21440;50.1;5,83\n"
    )
    hand_over("base_cc_comparateur.csv", text)
    assert value_of(figure("residences_principales", "10333", 2022)) == Decimal("6000.5")
    assert value_of(figure("rp_proprietaires", "10333", 2022)) == Decimal("2400.2")
    assert value_of(figure("part_logements_vacants", "10333", 2022)) == 8
    assert value_of(figure("superficie", "10333", 2022)) == Decimal("5.83")


MELODI = (
    "GEO;GEO_OBJECT;AGE;SEX;RP_MEASURE;TIME_PERIOD;OBS_VALUE;OBS_STATUS;CONF_STATUS\n"
    "10333;COM;_T;_T;POP;2021;12850;A;F\n"
    "10333;COM;Y_LT15;_T;POP;2021;2250;A;F\n"
    "10333;COM;Y_LT15;F;POP;2021;1100;A;F\n"
    "10387;COM;_T;_T;POP;2021;;A;C\n"
    "200069250;EPCI;_T;_T;POP;2021;175000;A;F\n"
    "FM;FRANCE;_T;_T;POP;2021;65000000;A;F\n"
)


def test_melodi_keeps_one_declared_cell_per_indicator(hand_over, figure) -> None:
    report = hand_over("DS_RP_POPULATION_PRINC_2021_data.csv", MELODI)
    assert value_of(figure("population_municipale", "10333", 2021)) == 12850
    assert value_of(figure("population_0_14", "10333", 2021)) == 2250
    assert value_of(figure("population_municipale", "10387", 2021)) == "secret"
    assert value_of(figure("population_municipale", "200069250", 2021)) == 175000
    assert figure("population_municipale", "FR", 2021).note == "France métropolitaine"
    assert report.read == 5


def test_a_cube_that_we_do_not_read_is_named(hand_over) -> None:
    with pytest.raises(DomainError, match="DS_TOURISME"):
        hand_over("DS_TOURISME_data.csv", MELODI)


LABELLED = (
    "Géographie;Niveau Géo;Mesure état civil;Période;Valeur\n"
    "Troyes;Commune;Nombre de naissances vivantes;2022;800\n"
)


def test_the_labelled_export_needs_a_persons_word(hand_over, figure) -> None:
    with pytest.raises(DomainError, match="sans donner leur code"):
        hand_over("naissances.csv", LABELLED)
    hand_over("naissances.csv", LABELLED, match_names=True)
    assert value_of(figure("naissances_domiciliees", "10387", 2022)) == 800


def test_a_name_of_two_communes_is_refused(hand_over, country) -> None:
    Territory.objects.create(level="commune", code="99001", name="Troyes")
    text = LABELLED + "Bar-sur-Aube;Commune;Nombre de naissances vivantes;2022;50\n"
    report = hand_over("naissances.csv", text, match_names=True)
    assert report.refusals[0]["line"] == 2
    assert "plusieurs territoires" in report.refusals[0]["reason"]


POPULATIONS = (
    "REG;DEP;CODCOM;COM;PMUN;PCAP;PTOT\n"
    "44;10;333;10333;12806;177;12983\n44;10;387;10387;61000;1000;62000\n"
    "44;10;033;10033;4800;100;4900\n"
)


def test_reference_populations_deduce_their_year_and_sum_up(hand_over, figure) -> None:
    report = hand_over("donnees_communes.csv", POPULATIONS)
    assert report.vintage == "2023"
    assert value_of(figure("population_municipale", "200069250", 2023)) == 73806
    assert figure("population_municipale", "200069250", 2023).note == "Somme de 2 communes."
    assert value_of(figure("population_municipale", "10", 2023)) == 78606
    assert value_of(figure("population_municipale", "FR", 2023)) == 78606


def test_nothing_is_summed_when_a_commune_is_absent(hand_over, figure) -> None:
    partial = "\n".join(POPULATIONS.splitlines()[:2]) + "\n"
    hand_over("donnees_communes.csv", partial, year=2023)
    assert figure("population_municipale", "200069250", 2023) is None


def test_populations_without_year_of_another_geography_ask_for_it(hand_over) -> None:
    with pytest.raises(DomainError, match="de quelle année"):
        hand_over("donnees_communes.csv", POPULATIONS.replace("10033", "10173"))


def test_local_statistics_export(hand_over, figure) -> None:
    text = (
        "Statistiques locales;;\nDonnées Insee;;\n"
        "Code;Libellé;Taux de pauvreté 2021;Population municipale 2022\n"
        "10333;Saint-André;N/A - secret statistique;12 806\n"
        "10387;Troyes;28,1;N/A - résultat non disponible\n"
    )
    hand_over("export.csv", text)
    assert value_of(figure("taux_pauvrete_60", "10333", 2021)) == "secret"
    assert value_of(figure("population_municipale", "10333", 2022)) == 12806
    assert value_of(figure("population_municipale", "10387", 2022)) == "missing"


def test_childcare_rates_may_exceed_a_hundred_and_fictitious_communes_go(hand_over, figure) -> None:
    text = (
        "annee;numcom;nomcom;txcouv_com;txcouv_eaje_com;txcouv_am_ind_com\n"
        "2023;10333;Saint-André;112,5;30,1;80\n"
        "2023;XXXXX;Non localisé;10;1;1\n"
    )
    report = hand_over("txcouv_pe_com.csv", text)
    assert value_of(figure("taux_couverture_pe", "10333", 2023)) == Decimal("112.5")
    assert report.refused == 0
    hand_over("txcouv_pe_com_hist.csv", text.replace("112,5", "99"))
    assert value_of(figure("taux_couverture_pe", "10333", 2023)) == Decimal("112.5")


def test_benefits_and_quotients_by_commune(hand_over, figure) -> None:
    benefits = (
        "dtreffre;numcomdo;nomcom;indfoy_ndur;indnbp_ndur;indfoy_rsa\n"
        "2024-12-31;10333;Saint-André;3000;6800;NS\n"
    )
    hand_over("s_ben_com_f.csv", benefits)
    assert value_of(figure("caf_foyers_allocataires", "10333", 2024)) == 3000
    quotients = (
        "dtreffre;numcomdo;qf_400;indfoy_ndur\n"
        "2024-12-31;10333;Moins de 400 euros;600\n"
        "2024-12-31;10333;Entre 2000 et 2399 euros;100\n"
        "2024-12-31;10333;Entre 2400 et 2799 euros;40\n"
    )
    hand_over("ndur_s_qf_400_com_f.csv", quotients)
    assert value_of(figure("caf_qf_moins_400", "10333", 2024)) == 600


def test_claimants_by_iris_are_a_lower_bound_when_one_hides(hand_over, figure) -> None:
    text = (
        "CODGEO;NOTE;A;PERCOU;ENF_2\n"
        "103330101;0;1 250;2 400;80\n"
        "103330102;2;;;\n"
        "103870101;0;500;900;20\n"
    )
    hand_over("data_CAF_2020_IRIS.csv", text)
    row = figure("caf_enfants_0_2", "10333", 2020)
    assert (row.value, row.lower_bound) == (80, True)
    assert value_of(figure("caf_foyers_allocataires", "10333", 2020)) == 1250
    assert not figure("caf_enfants_0_2", "10387", 2020).lower_bound


IPS = (
    "rentree_scolaire;uai;nom_de_l_etablissment;code_insee_de_la_commune;effectifs;ips\n"
    "2022-2023;0100001A;ECOLE A;10333;100;90,0\n"
    "2022-2023;0100002B;ECOLE B;10333;300;98,0\n"
    "2022-2023;0100003C;ECOLE C;10387;100;80,0\n"
)


def test_social_position_is_weighted_at_each_level(hand_over, figure) -> None:
    hand_over("fr-en-ips-ecoles-ap2022.csv", IPS)
    assert value_of(figure("ips_ecoles_moyenne_ponderee", "10333", 2022)) == 96
    assert value_of(figure("ips_ecoles_moyenne_ponderee", "200069250", 2022)) == Decimal("92.8")
    assert value_of(figure("ips_ecoles_effectifs", "FR", 2022)) == 500


def test_pupils_are_placed_by_school_number_not_by_postcode(hand_over, figure, tmp_path) -> None:
    pupils = (
        "rentree_scolaire;numero_ecole;code_commune_insee;nombre_total_eleves\n"
        "2023;0100001A;10120;110\n"
    )
    with pytest.raises(DomainError, match="annuaire"):
        hand_over("effectifs.csv", pupils)
    directory = tmp_path / "annuaire.csv"
    directory.write_text(
        "Identifiant_de_l_etablissement;Type_etablissement;Code_commune;etat\n"
        "0100001A;Ecole;10333;OUVERT\n"
    )
    hand_over("effectifs.csv", pupils, beside=[directory])
    assert value_of(figure("eleves_ecoles", "10333", 2023)) == 110


def test_districts_say_their_perimeter(hand_over, country) -> None:
    text = "CODGEO;LIBGEO;POP_MUN;TX_TOT_0A24;;;\nQP010005;Maugout;1\u202f650;38,1;;;\n"
    report = hand_over("DEMO_2022.csv", text)
    assert report.perimeter == "quartiers de 2015"
    assert Territory.objects.get(code="QP010005").name == "Maugout"


def test_two_perimeters_of_districts_are_not_mixed(hand_over) -> None:
    text = "CODGEO;LIBGEO;POP_MUN\nQP010005;Maugout;1650\nQN01003M;Maugout;1700\n"
    with pytest.raises(DomainError, match="périmètre"):
        hand_over("DEMO_2022.csv", text)


def test_movements_and_outlines(hand_over, country) -> None:
    movements = (
        "MOD,DATE_EFF,TYPECOM_AV,COM_AV,LIBELLE_AV,TYPECOM_AP,COM_AP,LIBELLE_AP\n"
        "32,2019-01-01,COM,10444,Ancienne,COM,10033,Bar-sur-Aube\n"
        "32,2019-01-01,COM,10444,Ancienne,COMD,10444,Ancienne\n"
    )
    report = hand_over("mvtcommune.csv", movements)
    assert (report.created, Movement.objects.get(former_code="10444").commune.code) == (1, "10033")
    outline = (
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":'
        '{"code":"10333","nom":"x"},"geometry":{"type":"Polygon","coordinates":'
        "[[[4.0,48.2],[4.1,48.2],[4.1,48.3],[4.0,48.2]]]}}]}"
    )
    hand_over("communes_2018.geojson", outline)
    assert Contour.objects.get().source.endswith("2018")
