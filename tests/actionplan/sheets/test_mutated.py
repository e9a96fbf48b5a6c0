"""Five hundred workbooks that somebody, or a disk, has damaged: a sentence, and nothing half-written."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.models import Count, Sum
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from agreements.models import Agreement, Role
from agreements.services import imports
from core.errors import DomainError
from core.sheets import Choices, Unreadable
from tests.actionplan.sheets.helpers import a_plan, exported

pytestmark = pytest.mark.django_db
COUNT = 520
BY_THE_PAGE = 20
"""One in so many goes through the pages too."""
Pages = dict[str, list[list[Any]]]
NASTY = (
    "", " ", "=1/0", "=Plan!A1", "-1", "+33", "@SUM(A1)", "'=x", "12 000 €", "1.250", "1e400", "NaN",
    "inf", "100 %", "150 %", "bloquée", "réalisée", "en retard", "abandonnée", "à discuter", "Inconnue",
    "31/02/2027", "31/12/2099", "01/01/1900", "2027", "mars 2027", "1. Petite enfance", "9. Nouveau",
    "1.1.1", "1.1.1 Ouvrir un relais", "Former", "x" * 500, "é" * 40_000, "a;b;;c ; ", ";", "\n\n",
    "\u202e\u0301\U0001f600", "_x0000_", "_x0041_", "{{ 7*7 }}", "<script>", "oui", "non", "Caf", "Les Petits Pas (financeur)",
    0, -1, 1, 0.5, 3.14159265358979, 1e15, 10**20, -0.0, True, False, date(1, 1, 1), date(2028, 2, 29),
    datetime(2027, 5, 1, 12, 30), date(9999, 12, 31), 2026, 1990, None,
)  # fmt: skip


def pages_of(data: bytes) -> Pages:
    book = load_workbook(io.BytesIO(data))
    return {
        page.title: [[_plain(cell) for cell in row] for row in page.iter_rows()]
        for page in book
        if page.title not in ("Mode d'emploi", "Listes")
    }


def _plain(cell: Any) -> Any:
    """Looks are not copied: a share is written with its sign."""
    is_share = isinstance(cell.value, float) and "%" in cell.number_format
    return f"{cell.value:.0%}" if is_share else cell.value


def page_of(draw: random.Random, pages: Pages) -> list[list[Any]]:
    return pages[draw.choice([name for name, rows in pages.items() if len(rows) > 1])]


def set_cells(draw: random.Random, pages: Pages) -> None:
    for _ in range(draw.randint(1, 6)):
        row = draw.choice(page_of(draw, pages)[1:])
        row[draw.randrange(len(row))] = draw.choice(NASTY)


def type_texts(draw: random.Random, pages: Pages) -> None:
    """What people do most: words in columns that take any."""
    for name, title in (("Plan", "Où en est-on"), ("Plan", "Description"), ("Étapes", "Étape")):
        rows = pages[name]
        rank = rows[0].index(title)
        for row in rows[1:]:
            if (
                draw.random() < 0.6
                and row[2]
                and (title == "Étape" or row[rows[0].index("Action")])
            ):
                row[rank] = draw.choice([text for text in NASTY if isinstance(text, str) and 0 < len(text.strip()) < 200 and not text.startswith("=")])  # fmt: skip


def add_rows(draw: random.Random, pages: Pages) -> None:
    rows = page_of(draw, pages)
    for _ in range(draw.randint(1, 3)):
        rows.append([None, None, *(draw.choice(NASTY) if draw.random() < 0.5 else None for _ in rows[0][2:])])  # fmt: skip


def repeat_rows(draw: random.Random, pages: Pages) -> None:
    rows = page_of(draw, pages)
    rows.insert(draw.randint(1, len(rows)), list(draw.choice(rows)))


def swap_keys(draw: random.Random, pages: Pages) -> None:
    one, other = draw.choice(page_of(draw, pages)[1:]), draw.choice(page_of(draw, pages)[1:])
    one[0], other[0] = other[0], one[0]


def spoil_keys(draw: random.Random, pages: Pages) -> None:
    row = draw.choice(page_of(draw, pages)[1:])
    told = str(row[0] or "")
    row[0] = draw.choice([None, "x", "1.", ".a1", "999.a1", told[:-1], f"{told}9", "1.z5", "1.a", "1.a-1", 12, "a" * 300])  # fmt: skip
    row[1] = draw.choice([None, "p1:", "p1:x=,y", "c1:title=00000000", "=", 3, "é"])


def drop_columns(draw: random.Random, pages: Pages) -> None:
    rows = page_of(draw, pages)
    rank = draw.randrange(len(rows[0]))
    for row in rows:
        if rank < len(row):
            del row[rank]


def spoil_titles(draw: random.Random, pages: Pages) -> None:
    rows = page_of(draw, pages)
    for _ in range(draw.randint(1, 4)):
        rows[0][draw.randrange(len(rows[0]))] = draw.choice([None, "", "Action", "Titre", "x", 3, rows[0][-1]])  # fmt: skip


def move_rows(draw: random.Random, pages: Pages) -> None:
    rows = page_of(draw, pages)
    if draw.random() < 0.5:
        rows[1:] = draw.sample(rows[1:], len(rows) - 1)
    else:
        rows.insert(0, [None])


def drop_pages(draw: random.Random, pages: Pages) -> None:
    del pages[draw.choice(list(pages))]


MUTATIONS: tuple[Callable[[random.Random, Pages], None], ...] = (
    set_cells, set_cells, set_cells, add_rows, add_rows, repeat_rows, swap_keys, spoil_keys,
    drop_columns, spoil_titles, move_rows, drop_pages,
)  # fmt: skip


def mutated(seed: int, pages: Pages) -> bytes:
    draw = random.Random(seed)
    copy = {name: [list(row) for row in rows] for name, rows in pages.items()}
    if seed % 4 == 1:
        type_texts(draw, copy)
    for _ in range(0 if seed % 4 == 1 else draw.randint(1, 3)):
        if any(len(rows) > 1 for rows in copy.values()):
            draw.choice(MUTATIONS)(draw, copy)
    book = Workbook(write_only=True)
    for name, rows in copy.items() or {"vide": []}.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append([str(cell) if isinstance(cell, date) and cell.year < 1900 else _short(cell) for cell in row])  # fmt: skip
    out = io.BytesIO()
    book.save(out)
    data = out.getvalue()
    return _broken(draw, data) if seed % 10 == 3 else data


def _short(cell: Any) -> Any:
    return cell[:32_000] if isinstance(cell, str) else cell


def _broken(draw: random.Random, data: bytes) -> bytes:
    if draw.random() < 0.3:
        return data[: draw.randrange(len(data))]
    spoilt = bytearray(data)
    for _ in range(draw.randint(1, 20)):
        spoilt[draw.randrange(len(spoilt))] = draw.randrange(256)
    return bytes(spoilt)


CLOSE = (
    "Orientation", "Objective", "Action", "Step", "BudgetLine", "StaffTime", "Funding", "Measure",
    "MeasurePoint", "ActionPartner",
)  # fmt: skip


def glance(agreement: Agreement) -> list[Any]:
    """How many rows of the plan, and at which versions: cheap enough for every workbook."""
    found = []
    for name in CLOSE:
        rows = apps.get_model("actionplan", name)._base_manager.filter(agreement=agreement)
        versioned = "version" in {field.name for field in rows.model._meta.fields}
        found.append(rows.aggregate(Count("pk"), told=Sum("version" if versioned else "pk")))
    return found


def state(agreement: Agreement) -> dict[str, Any]:
    """Every row of the plan and of the partners, whole."""
    labels = ("actionplan", "partners")
    return {
        model._meta.label: list(
            model._base_manager.filter(agreement=agreement).order_by("pk").values_list()
        )
        for label in labels
        for model in apps.get_app_config(label).get_models()
        if hasattr(model, "agreement_id") or "agreement" in {f.name for f in model._meta.fields}
    }


def test_five_hundred_damaged_workbooks_are_sentences_and_leave_nothing_half_written(
    agreement, client_as
) -> None:
    a_plan(agreement)
    pages = pages_of(exported(agreement))
    before, glanced = state(agreement), glance(agreement)
    client = client_as(Role.COORDINATOR)
    told = {"unreadable": 0, "refused": 0, "applied": 0}
    for seed in range(COUNT):
        data = mutated(seed, pages)
        with transaction.atomic():
            if seed % BY_THE_PAGE == 0:
                through_the_page(client, agreement, data)
            else:
                told[outcome(agreement, data, glanced, seed)] += 1
            transaction.set_rollback(True)
        if seed % 50 == 0:
            assert state(agreement) == before, seed
    assert state(agreement) == before
    assert min(told.values()) >= 15, told


def outcome(agreement: Agreement, data: bytes, before: list[Any], seed: int) -> str:
    try:
        run = imports.receive(agreement, kind="plan", data=data, file_name="p.xlsx", actor=None)
        found = imports.preview(run, actor=None)
    except Unreadable:
        return "unreadable"
    create = frozenset(name.identifier for name in found.report.unknown)
    try:
        done = imports.apply(run, actor=None, choices=Choices(create=create, default="file"))
    except DomainError:
        return "refused"
    if not done.refused:
        return "applied"
    assert all(str(refusal) for refusal in done.refused)
    assert glance(agreement) == before, seed
    return "refused"


def through_the_page(client: Client, agreement: Agreement, data: bytes) -> None:
    url = reverse("actionplan:workbook_import", args=[agreement.slug])
    page = client.post(url, {"file": SimpleUploadedFile("p.xlsx", data)}, follow=True)
    assert page.status_code in (200, 422), page.status_code
    found = (page.context or {}).get("found")
    if found is not None and found.can_apply:
        ticks = {f"create-{name.identifier}": "on" for name in found.report.unknown}
        given = {"shown": found.shown, "default": "file", **ticks}
        done = client.post(page.request["PATH_INFO"], given, follow=True)
        assert done.status_code in (200, 409, 422)
