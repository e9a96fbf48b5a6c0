"""Whatever is handed over, and whenever the process dies: a French sentence, and nothing written."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import textwrap
import tracemalloc
import zipfile
from io import BytesIO
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection
from openpyxl import Workbook

from core.errors import DomainError
from opendata.imports.engine import import_file, undo
from opendata.imports.tables import open_tables
from opendata.models import Dataset, DatasetVersion, Observation

FILE = "cc_filosofi_2021_COM.csv"
HEADER = "CODGEO;NBMENFISC21;MED21;TP6021;PIMPOT21\n"
TEXT = HEADER + "10333;5600;21440;17;-16\n10387;29000;s;s;s\n10033;2400;19000;18;-13\n"


def tables() -> set[str]:
    return {name for name in connection.introspection.table_names() if "_v" in name}


# --- Killed on the way --------------------------------------------------------------------------
DYING = """
import os, signal, sys
import django
django.setup()
from pathlib import Path
from opendata.imports import engine, lines, storage

def die(*arguments, **keywords):
    os.kill(os.getpid(), signal.SIGKILL)

moment = sys.argv[2]
if moment == "while figures are copied":
    storage.BATCH = 1
    class Dying(lines.Tally):
        def count(self, text):
            if self.rows == 3:
                die()
    engine.Tally = Dying
elif moment == "before the table is attached":
    storage.attach = die
else:
    attach = storage.attach
    storage.attach = lambda version: (attach(version), die())
engine.import_file(Path(sys.argv[1]))
"""


def database_url() -> str:
    given = connection.settings_dict
    password = f":{quote(given['PASSWORD'], safe='')}" if given["PASSWORD"] else ""
    where = f"{given['HOST']}:{given['PORT']}" if given["PORT"] else given["HOST"]
    return f"postgresql://{quote(given['USER'], safe='')}{password}@{where}/{given['NAME']}"


@pytest.mark.django_db(transaction=True)
def test_a_killed_process_leaves_the_figures_as_they_were(country, tmp_path: Path) -> None:
    path = tmp_path / FILE
    path.write_text(TEXT)
    before = tables()
    environment = {
        **os.environ, "DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "ctg.settings",
    }  # fmt: skip
    for moment in (
        "while figures are copied", "before the table is attached", "before the end",
    ):  # fmt: skip
        killed = subprocess.run(
            [sys.executable, "-c", textwrap.dedent(DYING), str(path), moment],
            cwd=settings.BASE_DIR, env=environment, check=False, capture_output=True, text=True,
        )  # fmt: skip
        assert killed.returncode == -9, killed.stderr
        assert (DatasetVersion.objects.count(), Dataset.objects.count()) == (0, 0), moment
        assert (Observation.objects.count(), tables()) == (0, before), moment
    report = import_file(path)  # nobody holds the lock
    assert (report.state, Observation.objects.count()) == ("applied", 12)
    undo(DatasetVersion.objects.get())
    assert tables() == before


# --- Out of measure -----------------------------------------------------------------------------
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_line_of_200_megabytes_is_refused_before_it_is_read(
    tmp_path: Path, encoding: str
) -> None:
    path = tmp_path / "ligne.csv"
    with path.open("wb") as out:
        out.write((HEADER + "10333;").encode(encoding))
        block = ("7" * (1 << 19)).encode("utf-16-le" if encoding == "utf-16" else "utf-8")
        for _ in range(200 * (1 << 20) // len(block)):
            out.write(block)
    tracemalloc.start()
    try:
        with pytest.raises(DomainError, match="million de caractères"), open_tables(path):
            pass
        assert tracemalloc.get_traced_memory()[1] < 20 << 20
    finally:
        tracemalloc.stop()
        path.unlink()


def zipped(members: dict[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w", method) as out:
        for name, content in members.items():
            out.writestr(name, content)
    return archive.getvalue()


def encrypted() -> bytes:
    """An archive whose member says that it is encrypted, as password protection writes it."""
    data = bytearray(zipped({FILE: TEXT}))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.index(signature) + offset
        data[at : at + 2] = struct.pack("<H", struct.unpack("<H", data[at : at + 2])[0] | 1)
    return bytes(data)


def damaged() -> bytes:
    """An archive whose directory is whole and whose bytes are not."""
    data = bytearray(zipped({FILE: TEXT * 50}))
    middle = len(data) // 3
    data[middle : middle + 20] = b"\xff" * 20
    return bytes(data)


def bomb_of_a_workbook() -> bytes:
    return zipped({"[Content_Types].xml": "<a/>", "xl/worksheets/sheet1.xml": b" " * (200 << 20)})


def far_cell() -> bytes:
    """Two cells, one of them at the last place that a spreadsheet has."""
    book = Workbook()
    book.active["A1"], book.active["XFD1048576"] = "CODGEO", 1
    out = BytesIO()
    book.save(out)
    return out.getvalue()


BAD: list[tuple[str, bytes | str, str]] = [
    ("archive.zip", encrypted(), "mot de passe"),
    ("archive.zip", zipped({FILE: TEXT})[:60], "incomplète ou abîmée"),
    ("archive.zip", damaged(), "abîmée"),
    ("archive.zip", zipped({"dedans.zip": zipped({FILE: TEXT})}), "pas un tableau"),
    ("archive.zip", zipped({"lisez-moi.pdf": b"%PDF", "b.pdf": b"%PDF"}), "aucun tableau"),
    ("archive.zip", zipped({}), "aucun fichier"),
    ("classeur.xlsx", bomb_of_a_workbook(), "démesuré"),
    ("classeur.xlsx", far_cell(), "trop loin"),
    ("classeur.xlsx", bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 2000, "ne s'ouvre pas"),
    ("classeur.ods", zipped({"mimetype": "x"}), "ne s'ouvre pas"),
    (FILE, "\x89PNG\r\n\x1a\n" + "\0" * 50, "pas du texte"),
    (FILE, b"\xff\xfe" + b"\x00\xd8" * 50, "pas du texte"),
    (FILE, HEADER + '10333;"5600;1;1;1\n' + "10387;1;1;1;1\n" * 100_000, "guillemet"),
    (FILE, TEXT + "10333;5600;21440;17;-16\n", "toutes deux"),
    ("contours.geojson", '{"type":"FeatureCollection","features":[', "GeoJSON lisible"),
    ("contours.geojson", '{"type":"FeatureCollection","features":[]}', "est vide"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "content", "sentence"), BAD, ids=[f"{name}, {sentence}" for name, _, sentence in BAD]
)
def test_bad_files_are_refused_in_french(hand_over, name, content, sentence) -> None:
    before = tables()
    with pytest.raises(DomainError, match=sentence):
        hand_over(name, content)
    assert (DatasetVersion.objects.count(), Observation.objects.count()) == (0, 0)
    assert tables() == before


def test_figures_given_twice_in_a_long_table_are_refused_with_their_lines(hand_over) -> None:
    text = "GEO;GEO_OBJECT;TIME_PERIOD;OBS_VALUE\n10333;COM;2022;120\n10333;COM;2022;130\n"
    with pytest.raises(DomainError, match="lignes 2 et 3"):
        hand_over("DS_ETAT_CIVIL_NAIS_COMMUNES_data.csv", text)
    assert DatasetVersion.objects.count() == 0


def test_text_of_a_spreadsheet_in_utf_16_is_read(hand_over) -> None:
    assert hand_over(FILE, TEXT.replace(";", "\t"), encoding="utf-16").read == 12


def test_lines_are_counted_as_the_file_has_them(hand_over) -> None:
    """A cell on two lines does not shift the numbers that are told."""
    text = TEXT.replace("CODGEO;", "CODGEO;NOTE;").replace("10333;", '10333;"deux\nlignes";')
    text = text.replace("10387;", "10387;;").replace("10033;", "10033;;")
    report = hand_over(FILE, text.replace("19000", "beaucoup"))
    assert [row["line"] for row in report.refusals] == [5]
