"""What an action costs, and who pays."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from accounts.models import User
from actionplan.models import (
    Action,
    BudgetLine,
    Funding,
)
from actionplan.services.common import UNSET, check_year, touch
from agreements.services import create_row, update_row
from partners.models import Organisation


@transaction.atomic
def set_budget_line(
    action: Action,
    *,
    actor: User | None,
    year: int,
    nature: str,
    planned: Decimal | None = UNSET,
    spent: Decimal | None = UNSET,
    label: str = "",
) -> BudgetLine:
    """What the action costs in one year, operating or investment; None is « not known »."""
    check_year(action.agreement, year)
    given = {
        name: value
        for name, value in (("planned", planned), ("spent", spent))
        if value is not UNSET
    }
    key = {"action": action, "year": year, "nature": nature, "label": label}
    sentence = f"a saisi le budget {year} de l'action {action.code}"
    line = BudgetLine.objects.filter(**key).first()
    if line is None:
        line = create_row(
            BudgetLine, action.agreement, actor=actor, fields={**key, **given}, sentence=sentence
        )
    else:
        line = update_row(line, actor=actor, fields=given, sentence=sentence)
    touch(action)
    return line


@transaction.atomic
def set_funding(
    action: Action,
    *,
    actor: User | None,
    funder: Organisation,
    year: int,
    stage: str,
    amount: Decimal,
    scheme: str = "",
    stated_on: date | None = None,
    is_estimate: bool = False,
    basis: str = "",
) -> Funding:
    """What a funder brings for one year at one stage; saying it again replaces it. An estimate says
    its ``basis``: quantity, rate, year of the rate."""
    check_year(action.agreement, year)
    key = {"action": action, "funder": funder, "scheme": scheme, "year": year, "stage": stage}
    fields = {
        "amount": amount,
        "stated_on": stated_on,
        "is_estimate": is_estimate,
        "basis": basis,
    }
    sentence = f"a saisi un financement {year} de l'action {action.code} ({funder})"
    funding = Funding.objects.filter(**key).first()
    if funding is None:
        funding = create_row(
            Funding, action.agreement, actor=actor, fields={**key, **fields}, sentence=sentence
        )
    else:
        funding = update_row(funding, actor=actor, fields=fields, sentence=sentence)
    touch(action)
    return funding


@transaction.atomic
def update_budget_line(line: BudgetLine, *, actor: User | None, **fields: Any) -> BudgetLine:
    check_year(line.agreement, fields.get("year", line.year))
    sentence = f"a modifié le budget {line.year} de l'action {line.action.code}"
    row = update_row(line, actor=actor, fields=fields, sentence=sentence)
    touch(line.action)
    return row


@transaction.atomic
def update_funding(funding: Funding, *, actor: User | None, **fields: Any) -> Funding:
    check_year(funding.agreement, fields.get("year", funding.year))
    sentence = f"a modifié un financement {funding.year} de l'action {funding.action.code}"
    row = update_row(funding, actor=actor, fields=fields, sentence=sentence)
    touch(funding.action)
    return row
