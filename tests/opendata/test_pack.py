"""The pack: what one instance imported, in another; nothing the second time; nothing when altered."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from core.errors import DomainError
from opendata.imports.engine import undo
from opendata.models import (
    ColumnMapping,
    Contour,
    Dataset,
    DatasetVersion,
    FundingRate,
    ImportFile,
    Indicator,
    Movement,
    Observation,
    Territory,
)
from opendata.pack.archive import MANIFEST, hash_of
from opendata.pack.build import build
from opendata.pack.load import load
from opendata.services import load_catalogue
from tests.opendata.conftest import value_of

FILE = "cc_filosofi_2021_COM.csv"
TEXT = (
    "CODGEO;NBMENFISC21;MED21;TP6021;PIMPOT21\n10333;5600;21440;17;-16\n10387;29000;s;s;s\n"
    "10033;2400;19000;18;-13\n"
)


def all_figures() -> set[tuple[object, ...]]:
    return set(
        Observation.objects.current().values_list(
            "version__dataset__key", "indicator__key", "territory__level", "territory__code",
            "period", "value", "reason", "estimated", "lower_bound", "note",
        )
    )  # fmt: skip


def tables() -> set[str]:
    return {name for name in connection.introspection.table_names() if "_v" in name}


def state() -> dict[str, object]:
    models = (Indicator, Dataset, DatasetVersion, Movement, Contour, ColumnMapping, FundingRate,
              Territory)  # fmt: skip
    return {model.__name__: model._default_manager.count() for model in models} | {
        "figures": all_figures(), "tables": tables(),
    }  # fmt: skip


@pytest.fixture
def full(hand_over, country) -> None:
    """An instance with a little of everything."""
    hand_over(FILE, TEXT.replace("21440", "20000"))
    hand_over(FILE, TEXT)
    hand_over("DEMO_2022.csv", "CODGEO;LIBGEO;POP_MUN;TX_TOT_0A24\nQP010005;Maugout;1650;38,1\n")
    Indicator.objects.create(key="rp_x", label="Une variable", source="Insee")
    mapped = Dataset.objects.create(key="tableau-msa", title="Msa", producer="MSA")
    ColumnMapping.objects.create(
        dataset=mapped, header="abc", level="commune",
        columns={"code": "c", "year": "", "values": {"v": "rp_x"}},
    )  # fmt: skip
    Contour.objects.create(
        territory=country["10333"], source="IGN", geometry={"type": "Polygon", "coordinates": []}
    )
    FundingRate.objects.create(
        scheme="PSU", year=2026, unit="hours", amount=Decimal("6.25"), source="Circulaire"
    )


def empty_the_instance() -> None:
    """Another instance: the same territories under other keys, and nothing imported."""
    for version in DatasetVersion.objects.filter(is_current=True):
        undo(version)
    for version in DatasetVersion.objects.filter(is_current=True):
        undo(version)
    for model in (ImportFile, Movement, Contour, ColumnMapping, FundingRate):
        model._default_manager.all().delete()
    DatasetVersion.objects.update(replaces=None)
    DatasetVersion.objects.all().delete()
    Dataset.objects.all().delete()
    Indicator.objects.all().delete()
    Territory.objects.filter(level__in=["qpv", "iris"]).delete()
    with connection.cursor() as cursor:
        cursor.execute("ALTER SEQUENCE opendata_indicator_id_seq RESTART WITH 90000")
    load_catalogue()
    france = Territory.objects.get(level="commune", code="10333")
    above = {"epci": france.epci, "departement": france.departement, "region": france.region}
    france.delete()
    Territory.objects.create(level="commune", code="10333", name="Saint-André", **above)


@pytest.fixture
def pack(full: None, tmp_path: Path) -> Path:
    path = tmp_path / "national.frpack"
    build(path)
    return path


def test_another_instance_gets_the_same_figures_and_all_that_they_rest_on(
    pack: Path, figure: Callable
) -> None:
    before = state()
    empty_the_instance()
    assert all_figures() == set()
    loaded = load(pack, actor="Anne")
    after = state()
    assert after["figures"] == before["figures"]
    assert (loaded.versions, loaded.figures) == (2, len(after["figures"]))  # type: ignore[arg-type]
    assert {
        name: after[name] for name in ("Indicator", "Movement", "Contour", "ColumnMapping")
    } == {name: before[name] for name in ("Indicator", "Movement", "Contour", "ColumnMapping")}
    assert value_of(figure("niveau_de_vie_median", "10333", 2021)) == 21440
    assert FundingRate.objects.get().amount == Decimal("6.25")
    assert Territory.objects.get(code="QP010005").name == "Maugout"
    version = DatasetVersion.objects.get(file_name=FILE)
    assert version.loaded_by == "Anne, paquet national"
    assert version.file_name == FILE
    assert version.report["version"] == version.pk
    undo(version)
    assert figure("niveau_de_vie_median", "10333", 2021) is None


def test_loading_twice_changes_nothing(pack: Path) -> None:
    empty_the_instance()
    load(pack)
    before = state()
    again = load(pack)
    assert (again.is_nothing, again.already) == (True, 2)
    assert state() == before


def test_the_instance_that_built_it_loads_nothing(pack: Path) -> None:
    before = state()
    assert load(pack).is_nothing
    assert state() == before


def test_a_pack_replaces_an_older_version_and_undoing_puts_it_back(
    pack: Path, hand_over: Callable, figure: Callable
) -> None:
    empty_the_instance()
    hand_over(FILE, TEXT.replace("21440", "19999"))
    DatasetVersion.objects.update(consulted_on="2020-01-01")
    load(pack)
    assert value_of(figure("niveau_de_vie_median", "10333", 2021)) == 21440
    undo(DatasetVersion.objects.get(file_name=FILE, is_current=True))
    assert value_of(figure("niveau_de_vie_median", "10333", 2021)) == 19999


def test_a_more_recent_version_and_a_corrected_rate_stay(
    pack: Path, hand_over: Callable, figure: Callable
) -> None:
    empty_the_instance()
    hand_over(FILE, TEXT.replace("21440", "19999"))
    DatasetVersion.objects.update(consulted_on="2999-01-01")
    FundingRate.objects.create(
        scheme="PSU", year=2026, unit="hours", amount=Decimal("6.30"), source="Caf"
    )
    assert load(pack).kept == 1
    assert value_of(figure("niveau_de_vie_median", "10333", 2021)) == 19999
    assert FundingRate.objects.get().amount == Decimal("6.30")


# --- Refusals -----------------------------------------------------------------------------------
def rewritten(pack: Path, *, sign: bool, **changes: Callable[[bytes], bytes]) -> Path:
    """The pack with members changed by their first letters; ``sign``: hashes made again."""
    path = pack.with_name("autre.frpack")
    with zipfile.ZipFile(pack) as source, zipfile.ZipFile(path, "w") as out:
        manifest = json.loads(source.read(MANIFEST))
        for name in source.namelist():
            if name == MANIFEST:
                continue
            data = source.read(name)
            for start, change in changes.items():
                if name.startswith(start):
                    data = change(data)
            if sign:
                import hashlib

                manifest["members"][name] = {
                    "sha256": hashlib.sha256(data).hexdigest(), "size": len(data),
                }  # fmt: skip
            out.writestr(name, data)
        if "manifest" in changes:
            manifest = json.loads(changes["manifest"](json.dumps(manifest).encode()))
        if sign:
            manifest["whole"] = hash_of(manifest)
        out.writestr(MANIFEST, json.dumps(manifest))
    return path


def flip(path: Path) -> Path:
    data = bytearray(path.read_bytes())
    data[len(data) // 3] ^= 0xFF
    path.write_bytes(data)
    return path


def cut(path: Path) -> Path:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    return path


def not_a_pack(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as out:
        out.writestr("a.csv", "a;b\n")
    return path


def plain(path: Path) -> Path:
    path.write_text("bonjour")
    return path


DAMAGES: list[tuple[Callable[[Path], Path], str]] = [
    (cut, "incomplet ou abîmé"),
    (flip, "abîmé|modifié"),
    (plain, "incomplet ou abîmé"),
    (not_a_pack, "pas un paquet"),
    (lambda p: rewritten(p, sign=False, rates=lambda d: d.replace(b"6.25", b"9.99")), "modifié"),
    (lambda p: rewritten(p, sign=False, manifest=lambda d: d.replace(b'"2026"', b'"2027"')), "modifié"),
    (lambda p: rewritten(p, sign=True, manifest=lambda d: d.replace(b'"schema": 1', b'"schema": 2')),
     "plus récente de Fil rouge"),
    (lambda p: rewritten(p, sign=True, figures=lambda d: d.replace(b"21440", b"vingt")), "modifié"),
    (lambda p: rewritten(p, sign=True, figures=lambda d: b"1\t2\n"), "modifié"),
    (lambda p: rewritten(p, sign=True, figures=lambda d: d + d), "modifié"),
    (lambda p: rewritten(p, sign=True, figures=lambda d: d[:-1]), "abîmé"),
    (lambda p: rewritten(p, sign=True, versions=lambda d: b"[]\n"), "modifié"),
    (lambda p: rewritten(p, sign=True, datasets=lambda d: b""), "modifié"),
    (lambda p: rewritten(p, sign=True, territories=lambda d: d.replace(b'"10387"', b'"99999"')),
     "territoire inconnu ici .commune 99999"),
]  # fmt: skip


@pytest.mark.parametrize(("damage", "sentence"), DAMAGES)
def test_a_bad_pack_is_refused_and_nothing_is_written(
    pack: Path, damage: Callable[[Path], Path], sentence: str
) -> None:
    empty_the_instance()
    before = state()
    with pytest.raises(DomainError, match=sentence), transaction.atomic():
        load(damage(pack))
    assert state() == before


def test_the_hash_told_apart_is_compared(pack: Path) -> None:
    whole = json.loads(zipfile.ZipFile(pack).read(MANIFEST))["whole"]
    load(pack, expected=whole.upper())
    with pytest.raises(DomainError, match="pas le paquet annoncé"):
        load(pack, expected="0" * 64)


def test_nothing_imported_makes_no_pack(country: object, tmp_path: Path) -> None:
    with pytest.raises(DomainError, match="rien à mettre en paquet"):
        build(tmp_path / "vide.frpack")
    assert list(tmp_path.iterdir()) == []


def test_the_command_builds_loads_and_refuses(full: None, tmp_path: Path) -> None:
    path, out = tmp_path / "national.frpack", StringIO()
    call_command("data_pack", "build", str(path), stdout=out)
    whole = out.getvalue().split()[-1]
    assert len(whole) == 64
    empty_the_instance()
    call_command("data_pack", "load", str(path), "--expect", whole, stdout=out)
    assert "Chargé : 2\u00a0versions" in out.getvalue()
    assert "1\u00a0barème" in out.getvalue()
    call_command("data_pack", "load", str(path), stdout=out)
    assert "rien ne change" in out.getvalue()
    told = StringIO()
    call_command("data_pack", "load", str(path), "--json", stdout=told)
    assert json.loads(told.getvalue())["already"] == 2
    with pytest.raises(CommandError, match="introuvable"):
        call_command("data_pack", "load", str(tmp_path / "absent"))
