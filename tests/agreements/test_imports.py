"""A file from its upload to its undoing, on the register of facilities."""

from __future__ import annotations

import io
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from agreements.models import Agreement, ColumnMemory, ImportRun, JournalEntry, Role
from agreements.services import create_row, delete_row, imports, set_links, update_row
from agreements.services.recording import recording
from core.errors import DomainError
from core.sheets import Choices, NotOurs, Unreadable
from partners.models import Organisation
from territory import offer_sheets
from territory.models import Capacity, Facility
from territory.services import set_capacity
from tests.agreements.anything import make
from tests.factories import ThemeFactory
from tests.territory.factories import capacity, facility


@pytest.fixture
def known(agreement: Agreement) -> Facility:
    where = facility(agreement, note="Une note")
    capacity(where, 2026, 40)
    return where


def edited(data: bytes, cells: dict[tuple[str, str], Any]) -> bytes:
    book = load_workbook(io.BytesIO(data))
    for (page, place), value in cells.items():
        book[page][place] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def receive(agreement: Agreement, data: bytes, name: str = "registre.xlsx") -> ImportRun:
    return imports.receive(agreement, kind="facilities", data=data, file_name=name, actor=None)


def changed(agreement: Agreement, cells: dict[tuple[str, str], Any]) -> ImportRun:
    return receive(agreement, edited(offer_sheets.export(agreement), cells))


NAME, CAPACITY, NOTE = ("Équipements", "C2"), ("Capacités", "G2"), ("Équipements", "P2")
PAGE = "Équipements"


def new_line(known: Facility, line: int = 3, name: str = "Les Coccinelles", **given: str) -> dict[tuple[str, str], Any]:  # fmt: skip
    return {
        (PAGE, f"C{line}"): name, (PAGE, f"D{line}"): known.type.name,
        (PAGE, f"E{line}"): given.get("manager", known.manager.name),
        (PAGE, f"F{line}"): known.theme.name, (PAGE, f"G{line}"): known.commune.name,
    }  # fmt: skip


# --- Writing ----------------------------------------------------------------------------------
def test_import_writes_once_keeps_no_file_and_is_told(
    agreement: Agreement, known: Facility
) -> None:
    run = changed(agreement, {CAPACITY: 45, NAME: "Les Grands Pas"})
    found = imports.apply(run, actor=None)
    assert found.refused == []
    run.refresh_from_db()
    assert (run.state, bytes(run.data), run.counts["changed"]) == ("applied", b"", 2)
    entry = JournalEntry.objects.get(agreement=agreement, verb="import")
    assert "a importé le fichier « registre.xlsx » (registre des équipements)" in entry.sentence
    assert "2\u00a0lignes modifiées" in entry.sentence
    with pytest.raises(DomainError, match="n'est plus à confirmer"):
        imports.apply(run, actor=None)


def test_preview_that_has_moved_is_shown_again_and_writes_nothing(
    agreement: Agreement, known: Facility
) -> None:
    run = changed(agreement, {CAPACITY: 45})
    shown = imports.preview(run, actor=None).shown
    known.capacities.update(value=41)
    with pytest.raises(imports.PreviewMoved):
        imports.apply(run, actor=None, shown=shown)
    assert known.capacities.get().value == 41
    again = imports.preview(run, actor=None)
    assert [d.both for c in again.report.both for d in c.differences] == [True]
    identifier = again.report.both[0].differences[0].identifier
    imports.apply(run, actor=None, shown=again.shown, choices=Choices(cells={identifier: "file"}))
    assert known.capacities.get().value == 45


def test_nothing_is_written_when_one_line_is_refused(agreement: Agreement, known: Facility) -> None:
    cells = {**new_line(known), ("Équipements", "J2"): 48.28, CAPACITY: 45}
    run = changed(agreement, cells)
    assert imports.apply(run, actor=None).refused
    run.refresh_from_db()
    assert run.state == "waiting"
    assert Facility.objects.filter(agreement=agreement).count() == 1
    assert known.capacities.get().value == 40
    assert not JournalEntry.objects.filter(agreement=agreement).exists()


def test_edit_of_somebody_else_between_look_and_write_is_not_covered(
    agreement: Agreement, known: Facility
) -> None:
    """The workbook changes the name, the page the note: both stand."""
    run = changed(agreement, {NAME: "Les Grands Pas"})
    update_row(known, actor=None, fields={"note": "Écrite ici"})
    imports.apply(run, actor=None)
    known.refresh_from_db()
    assert (known.name, known.note) == ("Les Grands Pas", "Écrite ici")


def test_unknown_organisation_is_created_only_when_ticked(
    agreement: Agreement, known: Facility
) -> None:
    run = changed(agreement, new_line(known, manager="ADMR"))
    found = imports.preview(run, actor=None)
    assert [(name.label, name.where) for name in found.report.unknown] == [
        ("ADMR", "Équipements, ligne 3")
    ]
    assert found.can_apply
    assert not Organisation.objects.filter(name="ADMR").exists()
    refused = imports.apply(run, actor=None).refused
    assert "« ADMR » n'est pas connu : cochez-le" in str(refused[0])
    choices = Choices(create=frozenset({found.report.unknown[0].identifier}))
    assert imports.apply(run, actor=None, choices=choices).refused == []
    assert Facility.objects.get(name="Les Coccinelles").manager.name == "ADMR"
    run.refresh_from_db()
    imports.undo(run, actor=None)
    assert not Organisation.objects.filter(name="ADMR").exists()


def test_lines_beyond_the_trial_are_told_and_tried_when_written(
    agreement: Agreement, known: Facility, monkeypatch: Any
) -> None:
    from dataclasses import replace

    from agreements import import_kinds

    monkeypatch.setitem(import_kinds._KINDS, "facilities", replace(offer_sheets.KIND, trial=1))
    cells = {**new_line(known, 3, "Une"), **new_line(known, 4, "Deux"), (PAGE, "J4"): 48.28}
    run = changed(agreement, cells)
    found = imports.preview(run, actor=None)
    assert (found.tried, found.untried, found.refused) == (1, 1, [])
    assert "ligne 4" in str(imports.apply(run, actor=None).refused[0])
    assert Facility.objects.count() == 1


# --- Undoing ----------------------------------------------------------------------------------
def test_undo_puts_back_rows_and_links_as_they_were(agreement: Agreement, known: Facility) -> None:
    before = list(Capacity.objects.values("pk", "facility", "year", "unit", "value"))
    cells = {**new_line(known), NAME: "Les Grands Pas", CAPACITY: 45, ("Capacités", "D2"): 2027}
    for letter, value in zip(
        "CDEFG", ["Les Coccinelles", 2026, "places", "réelle", 12], strict=True
    ):
        cells["Capacités", f"{letter}3"] = value
    run = changed(agreement, cells)
    assert imports.apply(run, actor=None).refused == []
    assert Facility.objects.count() == 2
    run.refresh_from_db()
    version = Facility.objects.get(pk=known.pk).version
    imports.undo(run, actor=None)
    known.refresh_from_db()
    assert known.name == "Les Petits Pas"
    assert known.version > version  # whoever has the sheet open must see that it moved
    assert Facility.objects.count() == 1
    assert list(Capacity.objects.values("pk", "facility", "year", "unit", "value")) == before
    entry = JournalEntry.objects.get(verb="undo_import")
    assert "a annulé l'import « registre.xlsx »" in entry.sentence
    run.refresh_from_db()
    assert (run.state, run.written) == ("undone", [])
    with pytest.raises(DomainError, match="l'a déjà été"):
        imports.undo(run, actor=None)


def test_undo_is_refused_naming_what_changed_since(agreement: Agreement, known: Facility) -> None:
    run = changed(agreement, {CAPACITY: 45, NAME: "Les Grands Pas"})
    imports.apply(run, actor=None)
    run.refresh_from_db()
    set_capacity(known, actor=None, year=2026, unit="places", value=Decimal(50))
    with pytest.raises(DomainError, match=r"ceci a changé depuis : capacité"):
        imports.undo(run, actor=None)
    assert known.capacities.get().value == 50
    assert Facility.objects.get().name == "Les Grands Pas"


def test_undo_is_refused_when_something_hangs_on_what_was_created(
    agreement: Agreement, known: Facility
) -> None:
    run = changed(agreement, new_line(known))
    imports.apply(run, actor=None)
    run.refresh_from_db()
    capacity(Facility.objects.get(name="Les Coccinelles"), 2026, 10)
    with pytest.raises(DomainError, match="ajouté depuis à ce qu'il avait créé"):
        imports.undo(run, actor=None)
    assert Facility.objects.filter(name="Les Coccinelles").exists()


def test_undo_is_refused_when_what_was_created_is_used_elsewhere(
    agreement: Agreement, known: Facility
) -> None:
    found = changed(agreement, new_line(known, manager="ADMR"))
    names = imports.preview(found, actor=None).report.unknown
    imports.apply(found, actor=None, choices=Choices(create=frozenset(n.identifier for n in names)))
    found.refresh_from_db()
    facility(agreement, "Une autre")
    Facility.objects.filter(name="Une autre").update(manager=Organisation.objects.get(name="ADMR"))
    with pytest.raises(DomainError, match="« Une autre »"):
        imports.undo(found, actor=None)


def test_undo_after_thirty_days_is_refused(agreement: Agreement, known: Facility) -> None:
    run = changed(agreement, {CAPACITY: 45})
    imports.apply(run, actor=None)
    run.refresh_from_db()
    ImportRun.objects.update(applied_at=timezone.now() - timedelta(days=31))
    with pytest.raises(DomainError, match="30 jours"):
        imports.undo(run, actor=None)


def test_row_taken_since_is_named(agreement: Agreement, known: Facility) -> None:
    run = changed(agreement, new_line(known))
    imports.apply(run, actor=None)
    run.refresh_from_db()
    delete_row(Facility.objects.get(name="Les Coccinelles"), actor=None)
    with pytest.raises(DomainError, match="supprimé depuis"):
        imports.undo(run, actor=None)


def test_recorder_notes_links_and_what_goes_with_a_deleted_row(
    agreement: Agreement, known: Facility
) -> None:
    theme, other = ThemeFactory(agreement=agreement), ThemeFactory(agreement=agreement)
    with recording() as recorder:
        made = create_row(
            Organisation, agreement, actor=None, fields={"name": "ADMR"}, links={"themes": [theme]}
        )
        set_links(made, "themes", [other])
        delete_row(known, actor=None)
    told = [(e["model"], e["before"] is None, e["after"] is None) for e in recorder.finish()]
    assert told == [
        ("partners.organisation", True, False),
        ("partners.organisationtheme", True, True),
        ("partners.organisationtheme", False, True),
        ("partners.organisationtheme", True, False),
        ("territory.capacity", False, True),
        ("territory.facility", False, True),
    ]
    outside = create_row(Organisation, agreement, actor=None, fields={"name": "Dehors"})
    assert outside.pk not in [entry["pk"] for entry in recorder.entries if entry["model"] == "partners.organisation"]  # fmt: skip


# --- Columns of someone else ------------------------------------------------------------------
THEIRS = "Structure;Qui gère;Sorte;Thématique;Ville;Truc\nLa Ruche;{manager};{type};{theme};{commune};?\n"


def theirs(known: Facility) -> bytes:
    return THEIRS.format(
        manager=known.manager, type=known.type, theme=known.theme, commune=known.commune
    ).encode()


CHOSEN = {0: "name", 1: "manager", 2: "type", 3: "theme", 4: "commune"}


def test_columns_chosen_once_are_remembered(agreement: Agreement, known: Facility) -> None:
    run = receive(agreement, theirs(known), "liste.csv")
    with pytest.raises(NotOurs):
        imports.preview(run, actor=None)
    imports.choose_columns(run, {"liste.csv": ("Équipements", CHOSEN)}, actor=None)
    assert imports.remembered(agreement, "facilities")["structure"] == "name"
    assert imports.remembered(agreement, "facilities")["truc"] == ""
    assert imports.apply(run, actor=None).refused == []
    assert Facility.objects.filter(name="La Ruche").exists()
    imports.remember(agreement, "facilities", {"STRUCTURE": "address"})
    assert ColumnMemory.objects.filter(title_key="structure").get().column == "address"


@pytest.mark.parametrize(
    ("chosen", "words"),
    [({1: "manager"}, "choisissez la colonne « Nom »"), ({0: "name", 1: "name"}, "deux colonnes")],
)
def test_columns_that_cannot_do_are_refused(
    agreement: Agreement, known: Facility, chosen: dict[int, str], words: str
) -> None:
    run = receive(agreement, theirs(known), "liste.csv")
    with pytest.raises(DomainError, match=words):
        imports.choose_columns(run, {"liste.csv": ("Équipements", chosen)}, actor=None)


# --- Keeping ----------------------------------------------------------------------------------
def test_file_of_no_table_is_not_kept(agreement: Agreement) -> None:
    with pytest.raises(Unreadable):
        receive(agreement, b"\x00\x01", "a.xlsx")
    assert not ImportRun.objects.exists()


def test_files_that_nobody_confirms_are_forgotten(agreement: Agreement, known: Facility) -> None:
    old, done = receive(agreement, theirs(known), "l.csv"), changed(agreement, {CAPACITY: 45})
    imports.apply(done, actor=None)
    ImportRun.objects.update(created_at=timezone.now() - timedelta(days=8))
    call_command("purge_imports")
    old.refresh_from_db()
    done.refresh_from_db()
    assert (old.state, bytes(old.data)) == ("set_aside", b"")
    assert done.written
    ImportRun.objects.filter(pk=done.pk).update(applied_at=timezone.now() - timedelta(days=32))
    call_command("purge_imports")
    done.refresh_from_db()
    assert (done.state, done.written) == ("applied", [])


# --- Pages ------------------------------------------------------------------------------------
def upload(client: Any, agreement: Agreement, data: bytes, name: str = "registre.xlsx") -> Any:
    return client.post(
        reverse("territory:offer_import", args=[agreement.slug]),
        {"file": SimpleUploadedFile(name, data)},
        follow=True,
    )


def words(page: Any) -> str:
    return (
        page.content.decode().replace("\u00a0", " ").replace("&#x27;", "'").replace("&nbsp;", " ")
    )


def test_someone_elses_file_goes_by_the_page_of_columns(
    agreement: Agreement, known: Facility, client_as: Any
) -> None:
    client = client_as("coordinator")
    page = upload(client, agreement, theirs(known), "liste.csv")
    address = page.redirect_chain[-1][0]
    assert address.endswith("/colonnes/")
    assert "La Ruche" in words(page)
    chosen = {"sheet-0": "Équipements"} | {f"column-0-{rank}": key for rank, key in CHOSEN.items()}
    empty = client.post(address, {"sheet-0": "Équipements"})
    assert "choisissez la colonne « Nom »" in words(empty)
    shown = client.post(address, chosen, follow=True)
    assert "1 ligne créée" in words(shown)
    assert "liste.csv : Truc" in words(shown)
    second = upload(client, agreement, theirs(known), "liste.csv")
    form = second.context["form"]
    assert {rank: form[f"column-0-{rank}"].value() for rank in range(6)} == {**CHOSEN, 5: ""}


def test_person_chooses_cell_by_cell_what_changed_on_both_sides(
    agreement: Agreement, known: Facility, client_as: Any
) -> None:
    data = edited(offer_sheets.export(agreement), {NAME: "Ici et là", NOTE: "Du fichier"})
    update_row(known, actor=None, fields={"name": "D'ici", "note": "D'ici aussi"})
    client = client_as("coordinator")
    page = upload(client, agreement, data)
    names = {cell.difference.key: cell.name for cell in page.context["shown"].both}
    done = client.post(
        page.redirect_chain[-1][0],
        {"shown": page.context["found"].shown, names["note"]: "file", names["name"]: "app"},
        follow=True,
    )
    assert done.status_code == 200, done.context["not_written"]
    known.refresh_from_db()
    assert (known.name, known.note) == ("D'ici", "Du fichier")


def test_preview_moved_under_the_person_is_shown_again(
    agreement: Agreement, known: Facility, client_as: Any
) -> None:
    client = client_as("coordinator")
    page = upload(client, agreement, edited(offer_sheets.export(agreement), {CAPACITY: 45}))
    known.capacities.update(value=41)
    again = client.post(page.redirect_chain[-1][0], {"shown": page.context["found"].shown})
    assert again.status_code == 409
    assert "Des données ont changé depuis l'aperçu" in words(again)
    assert known.capacities.get().value == 41


def test_unticked_name_that_a_line_needs_leaves_the_page_to_tick_it(
    agreement: Agreement, known: Facility, client_as: Any
) -> None:
    client = client_as("coordinator")
    data = edited(offer_sheets.export(agreement), new_line(known, manager="ADMR"))
    page = upload(client, agreement, data)
    given = {"shown": page.context["found"].shown}
    again = client.post(page.redirect_chain[-1][0], given)
    assert again.status_code == 422
    assert "cochez-le pour le créer" in words(again)
    name = page.context["shown"].names[0].unknown.identifier
    done = client.post(page.redirect_chain[-1][0], {**given, f"create-{name}": "on"}, follow=True)
    assert "Noms créés : ADMR" in words(done)


def test_list_shows_imports_of_the_kinds_that_the_role_may_do(
    agreement: Agreement, known: Facility, client_as: Any, django_assert_max_num_queries: Any
) -> None:
    for _ in range(3):
        imports.apply(changed(agreement, {CAPACITY: 45}), actor=None)
    address = reverse("agreements:imports", args=[agreement.slug])
    client = client_as("coordinator")
    client.get(address)
    with django_assert_max_num_queries(8):
        assert words(client.get(address)).count("registre.xlsx") == 3
    assert "registre.xlsx" not in words(client_as("partner").get(address))
    assert client_as("reader").get(address).status_code == 403


def test_file_set_aside_writes_nothing(
    agreement: Agreement, known: Facility, client_as: Any
) -> None:
    client = client_as("coordinator")
    page = upload(client, agreement, edited(offer_sheets.export(agreement), {CAPACITY: 45}))
    client.post(page.context["set_aside_url"])
    late = client.post(page.redirect_chain[-1][0], {"shown": page.context["found"].shown})
    assert late.status_code == 422
    assert known.capacities.get().value == 40
    assert bytes(ImportRun.objects.get().data) == b""


def test_applied_file_is_not_set_aside(agreement: Agreement, known: Facility, client_as) -> None:
    run = changed(agreement, {CAPACITY: 45})
    imports.apply(run, actor=None)
    address = reverse("agreements:import_set_aside", args=[agreement.slug, run.pk])
    told = client_as(Role.COORDINATOR).post(address, follow=True).content.decode()
    assert "plus à confirmer" in told
    assert "rien n&#x27;a été écrit" not in told
    run.refresh_from_db()
    assert run.state == "applied"


def test_undo_locks_what_it_puts_back(agreement: Agreement, known: Facility) -> None:
    """Whoever saves one of the rows between the look and the writing waits."""
    run = changed(agreement, {CAPACITY: 45})
    imports.apply(run, actor=None)
    with CaptureQueriesContext(connection) as queries:
        imports.undo(run, actor=None)
    locks = [query["sql"] for query in queries if "FOR UPDATE" in query["sql"]]
    assert any(Capacity._meta.db_table in sql for sql in locks)


def test_page_of_an_import_is_of_the_room_that_it_completes(agreement, client_as) -> None:
    run = make("agreements.ImportRun", agreement, kind="plan", state="set_aside")
    page = client_as(Role.COORDINATOR).get(
        reverse("agreements:import", args=[agreement.slug, run.pk])
    )
    assert [item.label for item in page.context["nav"] if item.active] == ["Plan d'actions"]
