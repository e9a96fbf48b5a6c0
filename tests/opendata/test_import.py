"""The import itself: whole or not at all, twice changes nothing, undone restores."""

from __future__ import annotations

import zipfile
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import DomainError
from opendata.imports.engine import undo
from opendata.imports.places import Part, put_together
from opendata.models import DatasetVersion, Observation, Reason, Territory
from tests.opendata.conftest import value_of

HEADER = "CODGEO;NBMENFISC21;MED21;TP6021;PIMPOT21\n"
FILE = "cc_filosofi_2021_COM.csv"
TEXT = HEADER + "10333;5600;21440;17;-16\n10387;29000;s;s;s\n10033;2400;19000;18;-13\n"


def tables() -> set[str]:
    return {name for name in connection.introspection.table_names() if "_v" in name}


# --- Nothing half-written -----------------------------------------------------------------------
def test_the_same_file_twice_changes_nothing(hand_over) -> None:
    first = hand_over(FILE, TEXT)
    second = hand_over("another_name_cc_filosofi_2021_COM.csv", TEXT)
    assert (first.state, second.state, second.version) == ("applied", "already", first.version)
    assert DatasetVersion.objects.count() == 1


def test_the_same_figures_in_another_file_write_no_version(hand_over) -> None:
    hand_over(FILE, TEXT)
    report = hand_over(FILE, TEXT.replace("\n", "\r\n"))
    assert (report.state, report.unchanged, report.changed) == ("unchanged", 12, 0)
    assert DatasetVersion.objects.count() == 1


def test_a_dry_run_tells_and_writes_nothing(hand_over) -> None:
    before = tables()
    report = hand_over(FILE, TEXT, dry_run=True)
    assert (report.state, report.created, report.secret) == ("checked", 12, 3)
    assert (Observation.objects.count(), tables()) == (0, before)


def test_a_later_file_replaces_and_undoing_puts_back(hand_over, figure) -> None:
    first = hand_over(FILE, TEXT)
    second = hand_over(FILE, TEXT.replace("21440", "21500").replace("10033;2400", "10033;s"))
    assert (second.replaces, second.changed, second.unchanged) == (first.version, 2, 10)
    assert value_of(figure("niveau_de_vie_median", "10333", 2021)) == 21500

    with pytest.raises(DomainError, match="annulez d'abord"):
        undo(DatasetVersion.objects.get(pk=first.version))
    assert undo(DatasetVersion.objects.get(pk=second.version), actor="Anne") == 12

    assert value_of(figure("niveau_de_vie_median", "10333", 2021)) == 21440
    undone = DatasetVersion.objects.get(pk=second.version)
    assert (undone.undone_by, undone.is_current) == ("Anne", False)
    with pytest.raises(DomainError, match="déjà été annulée"):
        undo(undone)
    assert hand_over(FILE, TEXT.replace("21440", "21500")).state == "applied"


def test_the_version_says_who_what_and_from_which_file(hand_over) -> None:
    report = hand_over(FILE, TEXT, actor="Anne")
    version = DatasetVersion.objects.get(pk=report.version)
    assert (version.loaded_by, version.file_name, version.level) == ("Anne", FILE, "commune")
    assert len(version.file_hash) == 64
    assert version.report["secret"] == 3
    assert version.consulted_on is not None


def test_a_failure_on_the_way_leaves_nothing(hand_over, monkeypatch) -> None:
    before = tables()

    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("opendata.imports.storage.attach", fail)
    with pytest.raises(KeyboardInterrupt):
        hand_over(FILE, TEXT)
    assert (DatasetVersion.objects.count(), Observation.objects.count()) == (0, 0)
    assert tables() == before


# --- Refusals -----------------------------------------------------------------------------------
def zipped(content: str, name: str = "a.csv") -> bytes:
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr(name, content)
    return archive.getvalue()


REFUSED: list[tuple[str, str | bytes, str]] = [
    (FILE, TEXT.replace("10333", "1033").replace("10387", "1038"), "zéro initial"),
    (FILE, TEXT + "10333;1;1;1;1\n", "toutes deux le code « 10333 »"),
    (FILE, TEXT + "10000;12", "coupée"),
    (FILE, HEADER + "98999;1;1;1;1\n98998;2;2;2;2\n", "inconnus"),
    (FILE, HEADER, "aucune ligne"),
    (FILE, "", "vide"),
    ("cc_filosofi_2021_EPCI.csv", TEXT, "sont ceux de communes"),
    ("FILO2021_DISP_COM.csv", TEXT.replace("TP6021", "TP6020"), "mêle les années"),
    ("fichier.csv", b"\x00\x01\x02" * 50, "pas du texte"),
    ("fichier.csv", "a;b\n" + "x" * 2_000_000, "million de caractères"),
    ("archive.zip", zipped(TEXT)[:-40], "incomplète ou abîmée"),
    ("archive.zip", zipped("0" * 200_000_000), "démesuré"),
    ("notes.csv", "Titre;Auteur\nUn plan;La ville\n", "aucun format connu"),
    ("classeur.xlsx", b"PK\x03\x04 abime", "abîmé|incomplète|ne s'ouvre pas|pas du texte"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    REFUSED,
    ids=[f"{name}, {sentence}" for name, _, sentence in REFUSED],
)
def test_bad_input_is_refused_in_french_and_writes_nothing(
    hand_over, name: str, content: str | bytes, sentence: str
) -> None:
    before = tables()
    with pytest.raises(DomainError, match=sentence):
        hand_over(name, content)
    assert (DatasetVersion.objects.count(), Observation.objects.count()) == (0, 0)
    assert tables() == before


def test_lost_zeros_come_back_on_a_persons_word(hand_over, figure, country) -> None:
    Territory.objects.create(level="commune", code="01001", name="L'Abergement-Clémenciat")
    hand_over(FILE, HEADER + "1001;300;25000;5;-17\n", repair_codes=True)
    assert value_of(figure("niveau_de_vie_median", "01001", 2021)) == 25000


def test_another_dataset_than_the_one_asked_for_is_refused(hand_over) -> None:
    with pytest.raises(DomainError, match="non comme « cnaf-qf-com »"):
        hand_over(FILE, TEXT, dataset="cnaf-qf-com")


def test_an_unreadable_cell_is_refused_with_line_and_column(hand_over, figure) -> None:
    report = hand_over(FILE, TEXT.replace("21440", "vingt mille"))
    assert report.refusals == [
        {"line": 2, "column": "MED21", "reason": "« vingt mille » n'est ni un nombre ni une marque connue"}
    ]  # fmt: skip
    assert figure("niveau_de_vie_median", "10333", 2021) is None
    assert value_of(figure("taux_pauvrete_60", "10333", 2021)) == 17


EQUIPMENT = "CODGEO;services;commerces;enseignement;sante;transport;sport_culture;tourisme;total\n"


def test_a_total_that_is_not_its_parts_is_refused(hand_over) -> None:
    with pytest.raises(DomainError, match="n'est pas la somme de ses parties"):
        hand_over("bpe2024.csv", EQUIPMENT + "10333;10;10;10;10;10;10;10;140\n")


def test_what_was_counted_three_times_is_refused(hand_over, country) -> None:
    communes = [
        Territory(level="commune", code=f"1{rank:04d}", name=f"Commune {rank}")
        for rank in range(1000, 1030)
    ]
    Territory.objects.bulk_create(communes)
    rows = "".join(
        f"{commune.code};{3 * rank};3;6;9;0;3;0;{3 * rank + 21}\n"
        for rank, commune in enumerate(communes)
    )
    with pytest.raises(DomainError, match="multiples de 3"):
        hand_over("bpe2024.csv", EQUIPMENT + rows)


def test_communes_that_do_not_make_their_departement_are_refused(hand_over) -> None:
    head = "GEO;GEO_OBJECT;TIME_PERIOD;OBS_VALUE\n"
    communes = "10333;COM;2022;120\n10387;COM;2022;800\n10033;COM;2022;40\n"
    name = "DS_ETAT_CIVIL_NAIS_COMMUNES_data.csv"
    with pytest.raises(DomainError, match="ne font pas leur département"):
        hand_over(name, head + communes + "10;DEP;2022;480\n")
    assert hand_over(name, head + communes + "10;DEP;2022;960\n").state == "applied"


# --- Communes that merged -----------------------------------------------------------------------
def test_counts_of_merged_communes_are_summed_and_medians_are_not(hand_over, figure) -> None:
    text = TEXT.replace("29000;s;s;s", "29000;17000;30;-10") + "10173;250;24000;6;-17\n"
    report = hand_over(FILE, text)
    assert (report.merged, report.geography) == (1, "2019")
    row = figure("menages_fiscaux", "10387", 2021)
    assert (row.value, row.lower_bound, row.note) == (
        29250, False, "Somme de 2 communes d'avant la fusion.",
    )  # fmt: skip
    assert value_of(figure("niveau_de_vie_median", "10387", 2021)) == "missing"


def test_a_hidden_part_makes_the_sum_a_lower_bound(hand_over, figure) -> None:
    hand_over(FILE, TEXT + "10173;s;24000;6;-17\n")
    row = figure("menages_fiscaux", "10387", 2021)
    assert (row.value, row.lower_bound) == (29000, True)


parts = st.dictionaries(
    st.sampled_from(["A", "B", "C", "D"]),
    st.one_of(
        st.builds(Part, st.decimals(0, 10_000, places=2), st.just(""), st.booleans()),
        st.builds(Part, st.none(), st.sampled_from(Reason.values), st.just(False)),
    ),
    min_size=1,
)


@settings(
    deadline=None, suppress_health_check=[HealthCheck.too_slow]
)  # a busy machine draws slowly
@given(parts, st.sets(st.sampled_from(["A", "B", "C", "D"]), min_size=1), st.booleans())
def test_a_merged_figure_is_a_value_or_a_reason_and_never_more_than_known(
    given_parts: dict[str, Part], expected: set[str], is_count: bool
) -> None:
    whole = put_together(given_parts, expected, is_count)
    known = [part for part in given_parts.values() if part.value is not None]
    assert (whole.value is None) == bool(whole.reason)
    assert not whole.lower_bound or whole.value is not None
    if not is_count or not known:
        assert whole.value is None
        return
    assert whole.value == sum((part.value for part in known), Decimal(0))
    surely_whole = (
        expected <= given_parts.keys()
        and len(known) == len(given_parts)
        and not any(part.lower_bound for part in known)
    )
    assert whole.lower_bound == (not surely_whole)


# --- Command ------------------------------------------------------------------------------------
def test_the_command_imports_and_reports(tmp_path: Path, country, capsys) -> None:
    path = tmp_path / FILE
    path.write_text(TEXT)
    call_command("import_data", str(path))
    told = capsys.readouterr().out
    assert "chargé" in told
    assert "12\u00a0chiffres lus" in told
    assert "3\u00a0secrets" in told
    call_command("import_data", str(path), "--json")
    assert '"state": "already"' in capsys.readouterr().out
    call_command("undo_import", str(DatasetVersion.objects.get().pk))
    assert Observation.objects.count() == 0


def test_the_command_goes_on_after_a_refusal_and_fails(tmp_path: Path, country, capsys) -> None:
    good, bad = tmp_path / FILE, tmp_path / "vide.csv"
    good.write_text(TEXT)
    bad.write_text("")
    with pytest.raises(CommandError, match="1 fichier"):
        call_command("import_data", str(bad), str(good))
    assert "est vide" in capsys.readouterr().err
    assert DatasetVersion.objects.count() == 1
