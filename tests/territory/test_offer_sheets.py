"""The register in a workbook: out, completed, and back in, whole or not at all."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from agreements.models import Agreement, ImportRun, JournalEntry
from agreements.services import imports
from core.sheets import Choices
from territory import offer_sheets
from territory.models import Activity, Capacity, Facility
from tests.territory.factories import capacity, facility


@pytest.fixture
def known(agreement: Agreement) -> Facility:
    where = facility(agreement, min_age_months=2, max_age_months=36)
    capacity(where, 2026, 40)
    Activity.objects.create(
        agreement=agreement, facility=where, year=2025, kind="occupancy", value=82
    )
    return where


def edited(data: bytes, cells: dict[tuple[str, str], Any]) -> bytes:
    book = load_workbook(io.BytesIO(data))
    for (page, place), value in cells.items():
        book[page][place] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def received(agreement: Agreement, data: bytes) -> ImportRun:
    return imports.receive(agreement, kind="facilities", data=data, file_name="r.xlsx", actor=None)


def preview(agreement: Agreement, data: bytes) -> imports.Preview:
    return imports.preview(received(agreement, data), actor=None)


def apply(agreement: Agreement, data: bytes, *, overwrite: bool = False) -> imports.Preview:
    choices = Choices(default="file" if overwrite else "app")
    return imports.apply(received(agreement, data), actor=None, choices=choices)


def test_register_leaves_in_three_sheets_with_ages_in_words(
    agreement: Agreement, known: Facility
) -> None:
    book = load_workbook(io.BytesIO(offer_sheets.export(agreement)))
    assert book.sheetnames[:4] == ["Équipements", "Capacités", "Activité", "Mode d'emploi"]
    page = book["Équipements"]
    titles = {cell.value: cell.column_letter for cell in page[1]}
    assert page[f"{titles['Âge maximal']}2"].value == "3\u00a0ans"
    assert [cell.value for cell in book["Capacités"][2]][2:] == [
        "Les Petits Pas", 2026, "places", "réelle", 40,
    ]  # fmt: skip


def test_register_given_back_untouched_changes_nothing(
    agreement: Agreement, known: Facility
) -> None:
    found = preview(agreement, offer_sheets.export(agreement))
    assert found.report.changes_nothing
    assert found.report.unchanged == 3
    assert not found.can_apply


def new_facility(line: int, name: str, known: Facility) -> dict[tuple[str, str], Any]:
    page = "Équipements"
    return {
        (page, f"C{line}"): name, (page, f"D{line}"): known.type.name,
        (page, f"E{line}"): known.manager.name, (page, f"F{line}"): known.theme.name,
        (page, f"G{line}"): known.commune.name,
    }  # fmt: skip


def test_new_facility_and_its_capacity_come_in_together(
    agreement: Agreement, known: Facility
) -> None:
    cells = new_facility(3, "Les Coccinelles", known)
    for letter, value in zip(
        "CDEFG", ["Les Coccinelles", 2026, "places", "réelle", 12], strict=True
    ):
        cells["Capacités", f"{letter}3"] = value
    found = apply(agreement, edited(offer_sheets.export(agreement), cells))
    assert [str(refusal) for refusal in found.refused] == []
    made = Facility.objects.get(agreement=agreement, name="Les Coccinelles")
    assert made.capacities.get().value == 12
    assert JournalEntry.objects.filter(agreement=agreement, verb="create").exists()


def test_preview_tries_the_rules_and_writes_nothing(agreement: Agreement, known: Facility) -> None:
    cells = new_facility(3, "Ailleurs", known) | {("Équipements", "J2"): 48.28}
    data = edited(offer_sheets.export(agreement), cells)
    found = preview(agreement, data)
    assert ["latitude et la longitude" in str(refusal) for refusal in found.refused] == [True]
    assert "ligne 2" in str(found.refused[0])
    assert Facility.objects.filter(agreement=agreement).count() == 1
    assert apply(agreement, data).refused
    assert Facility.objects.filter(agreement=agreement).count() == 1


def test_renamed_facility_keeps_its_figures(agreement: Agreement, known: Facility) -> None:
    data = edited(
        offer_sheets.export(agreement),
        {("Équipements", "C2"): "Les Grands Pas", ("Capacités", "G2"): 42},
    )
    assert apply(agreement, data).refused == []
    known.refresh_from_db()
    assert known.name == "Les Grands Pas"
    assert known.capacities.get().value == 42


def test_capacity_of_another_year_moves_and_is_not_doubled(
    agreement: Agreement, known: Facility
) -> None:
    data = edited(offer_sheets.export(agreement), {("Capacités", "D2"): 2025})
    assert apply(agreement, data).refused == []
    assert list(Capacity.objects.filter(facility=known).values_list("year", "value")) == [
        (2025, Decimal(40))
    ]


def test_line_changed_here_too_is_written_only_when_asked(
    agreement: Agreement, known: Facility
) -> None:
    data = edited(offer_sheets.export(agreement), {("Capacités", "G2"): 45})
    known.capacities.update(value=44)
    found = apply(agreement, data)
    assert len(found.report.both) == 1
    assert known.capacities.get().value == 44
    apply(agreement, data, overwrite=True)
    assert known.capacities.get().value == 45


def test_line_taken_out_of_the_workbook_is_not_deleted(
    agreement: Agreement, known: Facility
) -> None:
    book = load_workbook(io.BytesIO(offer_sheets.export(agreement)))
    book["Équipements"].delete_rows(2)
    out = io.BytesIO()
    book.save(out)
    assert apply(agreement, out.getvalue()).report.changes_nothing
    assert Facility.objects.filter(pk=known.pk).exists()


def test_workbook_of_another_agreement_changes_nothing_here(
    agreement: Agreement, other_agreement: Agreement, known: Facility
) -> None:
    theirs = facility(other_agreement, "Chez eux")
    found = apply(agreement, offer_sheets.export(other_agreement))
    assert found.refused
    theirs.refresh_from_db()
    assert theirs.agreement == other_agreement
    assert Facility.objects.filter(agreement=agreement).count() == 1


@pytest.mark.parametrize("count", [1, 20])
def test_export_costs_the_same_for_one_facility_and_many(
    agreement: Agreement, django_assert_num_queries, count: int
) -> None:
    for rank in range(count):
        capacity(facility(agreement, f"Crèche {rank}"), 2026, 10)
    with django_assert_num_queries(8):
        offer_sheets.export(agreement)


# --- Pages ------------------------------------------------------------------------------------
def upload(data: bytes, name: str = "r.xlsx") -> dict[str, Any]:
    return {"file": SimpleUploadedFile(name, data)}


def test_import_page_shows_applies_and_undoes(
    agreement: Agreement, known: Facility, client_as
) -> None:
    client = client_as("coordinator")
    address = reverse("territory:offer_import", args=[agreement.slug])
    data = edited(offer_sheets.export(agreement), {("Capacités", "G2"): 45})
    page = client.post(address, upload(data), follow=True)
    assert page.status_code == 200
    assert "1\u00a0ligne modifiée" in page.content.decode()
    assert known.capacities.get().value == 40
    run_address = page.redirect_chain[-1][0]
    done = client.post(run_address, {"shown": page.context["found"].shown}, follow=True)
    assert "1\u00a0ligne modifiée" in done.content.decode()
    assert known.capacities.get().value == 45
    again = client.post(run_address, {"shown": page.context["found"].shown})
    assert again.status_code == 422
    client.post(done.context["undo_url"])
    assert known.capacities.get().value == 40


def test_file_looked_at_by_one_person_is_not_applied_by_another(
    agreement: Agreement, known: Facility, client_as
) -> None:
    address = reverse("territory:offer_import", args=[agreement.slug])
    data = edited(offer_sheets.export(agreement), {("Capacités", "G2"): 45})
    page = client_as("coordinator").post(address, upload(data), follow=True)
    answer = client_as("coordinator").post(
        page.redirect_chain[-1][0], {"shown": page.context["found"].shown}
    )
    assert answer.status_code == 404
    assert known.capacities.get().value == 40


def test_refused_lines_are_listed_and_offer_no_button(
    agreement: Agreement, known: Facility, client_as
) -> None:
    data = edited(offer_sheets.export(agreement), {("Capacités", "G2"): "plein"})
    client = client_as("coordinator")
    page = client.post(
        reverse("territory:offer_import", args=[agreement.slug]), upload(data), follow=True
    )
    assert page.status_code == 422
    text = page.content.decode().replace("\u00a0", " ")
    assert "Feuille « Capacités », ligne 2, colonne « Capacité » : « plein »" in text
    assert "Appliquer" not in text
    handed_back = client.get(page.context["annotated_url"])
    book = load_workbook(io.BytesIO(handed_back.content))
    assert "n'est pas un nombre" in book["Capacités"]["G2"].comment.text


def test_file_that_is_no_workbook_is_refused_in_words(agreement: Agreement, client_as) -> None:
    page = client_as("coordinator").post(
        reverse("territory:offer_import", args=[agreement.slug]), upload(b"%PDF", "r.xlsx")
    )
    assert page.status_code == 422
    assert "ne s&#x27;ouvre pas" in page.content.decode()
    assert not ImportRun.objects.exists()


def test_years_shifted_by_one_lose_no_capacity(agreement: Agreement, known: Facility) -> None:
    capacity(known, 2025, 30)
    data = offer_sheets.export(agreement)
    page = load_workbook(io.BytesIO(data))["Capacités"]
    lines = {page[f"D{line}"].value: line for line in (2, 3)}
    cells = {("Capacités", f"D{line}"): year + 1 for year, line in lines.items()}
    assert apply(agreement, edited(data, cells)).refused == []
    kept = Capacity.objects.filter(facility=known).order_by("year").values_list("year", "value")
    assert list(kept) == [(2026, Decimal(30)), (2027, Decimal(40))]


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("Capacités", "G2"), 500_000_000_000),
        (("Capacités", "G2"), -4),
        (("Capacités", "D2"), 99_999),
        (("Équipements", "C2"), "x" * 300),
        (("Équipements", "I2"), "x" * 300),
        (("Équipements", "J2"), 4_828_123),
        (("Activité", "F2"), 10_000),
    ],
)
def test_value_out_of_bounds_is_refused_by_line_and_nothing_is_written(
    agreement: Agreement, known: Facility, place: tuple[str, str], value: Any
) -> None:
    cells = {place: value, ("Capacités", "G2"): 41} | {place: value}
    cells |= new_facility(3, "Les Coccinelles", known)
    data = edited(offer_sheets.export(agreement), cells)
    found = apply(agreement, data)
    assert found.refused
    assert "ligne 2" in str(found.refused[0])
    assert Facility.objects.filter(agreement=agreement).count() == 1
    assert known.capacities.get().value == 40


def test_line_that_moves_never_covers_a_figure_that_stays(
    agreement: Agreement, known: Facility
) -> None:
    capacity(known, 2025, 30)
    data = offer_sheets.export(agreement)
    page = load_workbook(io.BytesIO(data))["Capacités"]
    line = next(line for line in (2, 3) if page[f"D{line}"].value == 2025)
    found = apply(agreement, edited(data, {("Capacités", f"D{line}"): 2026}))
    assert "est déjà saisie à cet endroit" in str(found.refused[0])
    kept = Capacity.objects.filter(facility=known).order_by("year").values_list("year", "value")
    assert list(kept) == [(2025, Decimal(30)), (2026, Decimal(40))]


def test_two_lines_never_move_to_the_same_place(agreement: Agreement, known: Facility) -> None:
    capacity(known, 2025, 30)
    cells = {("Capacités", "D2"): 2028, ("Capacités", "D3"): 2028}
    found = apply(agreement, edited(offer_sheets.export(agreement), cells))
    assert ["ligne 3" in str(refusal) for refusal in found.refused] == [True]
    assert Capacity.objects.filter(facility=known, year=2028).count() == 0
