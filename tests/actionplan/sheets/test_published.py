"""The published plans handed to the project: through the page, and through the command."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from actionplan.models import Action, ActionPartner, Orientation
from agreements.models import ColumnMemory, ImportRun, Role
from partners.models import Organisation

SHARED = Path(os.environ.get("CTG_SHARED_DATA", settings.BASE_DIR.parent / "shared" / "data"))
PLANS = SHARED / "plans"
pytestmark = [
    pytest.mark.skipif(not PLANS.is_dir(), reason=f"{PLANS} is not there"),
    pytest.mark.django_db,
]
NORTH, WEST = "sud-avesnois_2026-2030.csv", "sevremoine_2023-2026.csv"


def run(capsys: Any, name: str, slug: str, *arguments: str) -> dict[str, Any]:
    call_command("import_plan", str(PLANS / name), "--agreement", slug, "--json", *arguments)
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


@pytest.mark.parametrize(("name", "count", "levels"), [(NORTH, 14, 5), (WEST, 4, 1)])
def test_command_imports_a_published_plan_with_nothing_typed(
    agreement, capsys, name: str, count: int, levels: int
) -> None:
    found = run(capsys, name, agreement.slug)
    assert (found["created"], found["changed"], found["refused"]) == (count, 0, 0)
    columns = found["columns"][name]["columns"]
    assert columns["axe"] == agreement.orientation_label
    assert columns["action"] == "Action"
    assert columns["constat_ou_public"] == "Constat et contexte"
    assert columns["plan_id"] is None
    assert Action.objects.filter(agreement=agreement).count() == count
    assert Orientation.objects.filter(agreement=agreement).count() == levels


def test_command_says_what_it_supposed_and_what_it_left_out(agreement, capsys) -> None:
    found = run(capsys, NORTH, agreement.slug)
    assert sorted(found["left_out"]) == ["12 communes", "Caf du Nord", "MSA", "État"]
    told = " ".join(found["notes"])
    assert "sans échéance, mise au 31/12/2030" in told
    assert "à compléter" in told
    action = Action.objects.get(agreement=agreement, code="8")
    assert action.title == "Redynamiser le réseau enfance-jeunesse"
    assert action.summary.endswith("(à compléter)")
    assert action.lead_organisation.kind == Organisation.Kind.MUNICIPALITY
    assert action.steering_body == "GAT Enfance-jeunesse et parentalité"
    assert str(action.orientation) == "4. Enfance-jeunesse et parentalité"


def test_command_creates_the_partners_when_told_to(agreement, capsys) -> None:
    found = run(capsys, NORTH, agreement.slug, "--create", "organisations")
    assert found["left_out"] == []
    assert ActionPartner.objects.filter(agreement=agreement).count() == 14 * 4
    assert Organisation.objects.get(agreement=agreement, name="Caf du Nord").kind == "caf"


def test_second_import_changes_nothing_and_erases_nothing(agreement, capsys) -> None:
    run(capsys, NORTH, agreement.slug)
    Action.objects.filter(agreement=agreement, code="8").update(summary="Une vraie phrase.")
    found = run(capsys, NORTH, agreement.slug)
    assert (found["created"], found["changed"], found["unchanged"]) == (0, 0, 14)
    assert Action.objects.get(agreement=agreement, code="8").summary == "Une vraie phrase."


def test_plan_of_another_ctg_joins_one_that_stands_without_covering_it(agreement, capsys) -> None:
    run(capsys, NORTH, agreement.slug)
    found = run(capsys, WEST, agreement.slug)
    assert (found["created"], found["changed"]) == (4, 0)
    told = " ".join(found["notes"])
    assert "Ce plan est de 2023-2026, la convention va de 2026 à 2030" in told
    assert "le numéro 1 est déjà celui de « Gouvernance »" in told
    made = Action.objects.get(agreement=agreement, title="Animer le réseau d'assistants maternels")
    assert made.orientation.code == "6"
    assert Orientation.objects.get(agreement=agreement, code="1").title == "Gouvernance"


def test_dry_run_writes_nothing(agreement, capsys) -> None:
    found = run(capsys, NORTH, agreement.slug, "--dry-run")
    assert found["created"] == 14
    assert not Action.objects.filter(agreement=agreement).exists()
    assert not ImportRun.objects.filter(agreement=agreement).exists()
    assert not ColumnMemory.objects.filter(agreement=agreement).exists()


def test_command_tells_people_too(agreement, capsys) -> None:
    call_command("import_plan", str(PLANS / WEST), "--agreement", agreement.slug)
    told = capsys.readouterr().out.replace("\u00a0", " ")
    assert "4 lignes créées" in told
    assert "axe_code → Numéro du premier niveau" in told
    assert "Le plan est importé." in told


def test_unknown_agreement_and_file_are_sentences(agreement, tmp_path) -> None:
    with pytest.raises(CommandError, match="Aucune convention"):
        call_command("import_plan", str(PLANS / WEST), "--agreement", "nulle-part")
    with pytest.raises(CommandError, match="ne se lit pas"):
        call_command("import_plan", str(tmp_path / "rien.csv"), "--agreement", agreement.slug)


def test_failure_is_json_too(agreement, tmp_path, capsys) -> None:
    path = tmp_path / "rien.csv"
    path.write_text("a;b\n1;2\n")
    with pytest.raises(CommandError):
        call_command("import_plan", str(path), "--agreement", agreement.slug, "--json")
    found = json.loads(capsys.readouterr().out)
    assert found["created"] == 0
    assert "titre des actions" in found["reason"]


@pytest.mark.parametrize(("name", "count"), [(NORTH, 14), (WEST, 4)])
def test_page_imports_a_published_plan_by_choosing_columns_and_ticks(
    agreement, client_as, name: str, count: int
) -> None:
    client = client_as(Role.COORDINATOR)
    upload = SimpleUploadedFile(name, (PLANS / name).read_bytes())
    url = reverse("actionplan:workbook_import", args=[agreement.slug])
    first = client.post(url, {"file": upload})
    page = client.get(first.url, follow=True)
    assert page.templates[0].name == "agreements/import_columns.html"
    form = page.context["form"]
    proposed = {
        bound.html_name: bound.value() or "" for bound in [form[field] for field in form.fields]
    }
    preview = client.post(page.request["PATH_INFO"], proposed, follow=True)
    assert preview.templates[0].name == "agreements/import_preview.html"
    assert not Action.objects.filter(agreement=agreement).exists()
    found = preview.context["found"]
    assert len(found.report.created) == count
    ticks = {f"create-{name.identifier}": "on" for name in found.report.unknown}
    done = client.post(preview.request["PATH_INFO"], {"shown": found.shown, **ticks}, follow=True)
    assert "Import terminé" in done.content.decode()
    assert Action.objects.filter(agreement=agreement).count() == count
