"""A plan with something in every sheet, and what a person does to its workbook."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from typing import Any

from openpyxl import load_workbook

from actionplan import services
from actionplan.models import Action, ActionPartner, Orientation
from actionplan.services import set_staff_time
from actionplan.sheets.book import whole_book
from actionplan.sheets.kind import export
from agreements.models import Agreement, ImportRun
from agreements.services import imports
from core.sheets import Choices
from partners.models import Contact, Organisation
from tests.actionplan.factories import action as make_action
from tests.actionplan.factories import organisation
from tests.actionplan.factories import orientation as make_orientation
from tests.factories import ThemeFactory

DAY = date(2026, 11, 24)


def a_plan(agreement: Agreement) -> Action:
    """Two orientations, an objective, two actions; the first has something in every sheet."""
    first: Orientation = make_orientation(agreement, code="1", title="Petite enfance")
    make_orientation(agreement, code="2", title="Jeunesse ; autonomie", description="À écrire.")
    objective = services.create_objective(
        agreement, actor=None, orientation=first, code="1.1", title="Accueillir"
    )
    caf = organisation(agreement, name="Caf du Nord", short_name="Caf")
    crib: Organisation = organisation(agreement, name="Les Petits Pas")
    lea = Contact.objects.create(agreement=agreement, first_name="Léa", last_name="Martin")
    theme = ThemeFactory(agreement=agreement, name="Petite enfance")
    action = make_action(
        agreement, orientation=first, objective=objective, code="1.1.1", title="Ouvrir un relais",
        lead_organisation=crib, lead_contact=lea, starts_on=date(2026, 3, 1), progress=40,
        themes=[theme], progress_note="=Le local est trouvé",
    )  # fmt: skip
    make_action(
        agreement, orientation=first, code="1.2", title="Former", lead_organisation=crib,
        status="planned",
    )  # fmt: skip
    services.add_partner_role(action, actor=None, organisation=caf, role=ActionPartner.Role.FUNDER)
    services.add_step(action, actor=None, title="Signer le bail", due_on=date(2026, 6, 1))
    services.set_budget_line(
        action,
        actor=None,
        year=2026,
        nature="operating",
        planned=Decimal("12000.50"),
        label="Loyer",
    )
    set_staff_time(action, actor=None, year=2026, planned=Decimal("0.5"))
    services.set_funding(
        action, actor=None, funder=caf, year=2026, stage="planned", amount=Decimal(8000)
    )
    measure = services.create_measure(
        agreement, actor=None, action=action, label="Familles reçues", unit="familles",
        baseline=Decimal(0), baseline_year=2025,
    )  # fmt: skip
    services.set_measure_point(
        measure, actor=None, year=2026, target=Decimal(120), value=Decimal(95)
    )
    services.create_measure(agreement, actor=None, orientation=first, label="Places")
    return Action.objects.get(pk=action.pk)


def exported(agreement: Agreement) -> bytes:
    return export(whole_book(agreement), on=DAY)


def edited(data: bytes, cells: dict[tuple[str, int, str], Any]) -> bytes:
    """``cells``: (sheet, line, column title) → value."""
    book = load_workbook(io.BytesIO(data))
    for (page, line, title), value in cells.items():
        sheet = book[page]
        rank = next(cell.column for cell in sheet[1] if cell.value == title)
        sheet.cell(line, rank).value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def line_of(data: bytes, page: str, title: str, value: Any) -> int:
    """The line of a sheet that holds a value in the column of that title."""
    sheet = load_workbook(io.BytesIO(data))[page]
    rank = next(cell.column for cell in sheet[1] if cell.value == title)
    return next(row for row in range(2, sheet.max_row + 1) if sheet.cell(row, rank).value == value)


def received(
    agreement: Agreement, data: bytes, name: str = "plan.xlsx", **options: Any
) -> ImportRun:
    run = imports.receive(agreement, kind="plan", data=data, file_name=name, actor=None)
    imports.keep_options(run, options)
    return run


def looked(
    agreement: Agreement, data: bytes, name: str = "plan.xlsx", **options: Any
) -> imports.Preview:
    return imports.preview(received(agreement, data, name, **options), actor=None)


def applied(
    agreement: Agreement, data: bytes, choices: Choices | None = None, **options: Any
) -> imports.Preview:
    """Written whole, or refused."""
    return imports.apply(received(agreement, data, **options), actor=None, choices=choices)


def problems(found: imports.Preview) -> list[str]:
    return [str(refusal) for refusal in found.refused]


def cells(found: imports.Preview) -> list[tuple[str, str, str]]:
    """(column, old, new) of each cell announced as changed."""
    return [
        (cell.column, cell.old, cell.new)
        for change in found.report.changed
        for cell in change.differences
    ]
