"""The workbook in the hands of LibreOffice: saved again by it, then ten cells changed in it."""

from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.actionplan.sheets.helpers import (
    a_plan,
    cells,
    exported,
    line_of,
    looked,
    problems,
)

SOFFICE = shutil.which("soffice")
pytestmark = [
    pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed"),
    pytest.mark.django_db,
]

MACRO = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1" script:language="StarBasic">
Sub Edit(source As String, target As String, edits As String)
  Dim load(0) As New com.sun.star.beans.PropertyValue
  load(0).Name = "Hidden" : load(0).Value = True
  book = StarDesktop.loadComponentFromURL(ConvertToURL(source), "_blank", 0, load())
  number = FreeFile
  Open edits For Input As #number
  Do While Not Eof(number)
    Line Input #number, told
    parts = Split(told, Chr(9))
    page = book.Sheets.getByName(parts(0))
    cell = page.getCellByPosition(CLng(parts(1)), CLng(parts(2)))
    If parts(3) = "number" Then
      cell.Value = Val(parts(4))
    Else
      cell.String = parts(4)
    End If
  Loop
  Close #number
  Dim save(0) As New com.sun.star.beans.PropertyValue
  save(0).Name = "FilterName" : save(0).Value = "Calc MS Excel 2007 XML"
  book.storeToURL(ConvertToURL(target), save())
  book.close(True)
End Sub
</script:module>
"""
LIBRARY = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard" library:readonly="false" library:passwordprotected="false">
 <library:element library:name="Module1"/>
</library:library>
"""


@pytest.fixture(scope="module")
def profile(tmp_path_factory: Any) -> Path:
    """A profile of LibreOffice of this test's own, with the macro that types in cells."""
    folder: Path = tmp_path_factory.mktemp("libreoffice")
    basic = folder / "user" / "basic" / "Standard"
    run(folder, "--terminate_after_init")
    basic.mkdir(parents=True, exist_ok=True)
    (basic / "Module1.xba").write_text(MACRO)
    (basic / "script.xlb").write_text(LIBRARY)
    return folder


def run(profile: Path, *arguments: str) -> None:
    assert SOFFICE is not None
    subprocess.run(
        [SOFFICE, f"-env:UserInstallation=file://{profile}", "--headless", "--norestore", *arguments],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip


@pytest.mark.parametrize("extension", ["xlsx", "ods"])
def test_workbook_saved_again_by_libreoffice_changes_nothing(
    agreement, profile, tmp_path, extension
) -> None:
    a_plan(agreement)
    source = tmp_path / "plan.xlsx"
    source.write_bytes(exported(agreement))
    out = tmp_path / "out"
    run(profile, "--convert-to", extension, "--outdir", str(out), str(source))
    found = looked(agreement, (out / f"plan.{extension}").read_bytes(), f"plan.{extension}")
    assert problems(found) == []
    assert found.report.changes_nothing, cells(found)
    assert found.report.unchanged == 11


def test_ten_cells_changed_in_libreoffice_are_ten_changes(agreement, profile, tmp_path) -> None:
    a_plan(agreement)
    data = exported(agreement)
    line = line_of(data, "Plan", "Action", "Ouvrir un relais")
    other = line_of(data, "Plan", "Action", "Former")
    edits = [
        ("Plan", "Statut", line, "text", "en pause"),
        ("Plan", "Avancement", line, "number", "0.6"),
        ("Plan", "Échéance", line, "number", "47118"),  # 31/12/2028, as a spreadsheet counts days
        ("Plan", "Où en est-on", line, "text", "Le bail est signé, « enfin »."),
        ("Plan", "En une phrase", other, "text", "Former les équipes."),
        ("Étapes", "Étape", 2, "text", "Signer le bail de trois ans"),
        ("Budget", "Prévu (€)", 2, "number", "13000"),
        ("Temps de travail", "Réalisé (ETP)", 2, "number", "0.35"),
        ("Financements", "Dispositif", 2, "text", "Bonus territoire"),
        ("Indicateurs de suivi", "Valeur 2027", 2, "number", "101.5"),
    ]
    source, target, told = (tmp_path / name for name in ("plan.xlsx", "back.xlsx", "edits.txt"))
    source.write_bytes(data)
    told.write_text("\n".join(
        "\t".join([page, str(column_of(data, page, title)), str(row - 1), kind, value])
        for page, title, row, kind, value in edits
    ), encoding="utf-8")  # fmt: skip
    run(profile, f"macro:///Standard.Module1.Edit({source},{target},{told})")
    found = looked(agreement, target.read_bytes())
    assert problems(found) == []
    assert sorted(column for column, _, _ in cells(found)) == sorted(
        title for _, title, *_ in edits
    )
    assert len(cells(found)) == 10
    assert not found.report.created
    assert not found.report.both


def column_of(data: bytes, page: str, title: str) -> int:
    sheet = load_workbook(io.BytesIO(data))[page]
    return next(cell.column - 1 for cell in sheet[1] if cell.value == title)
