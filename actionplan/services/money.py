"""What an action costs, and who pays."""

from datetime import date
from decimal import ROUND_DOWN, Decimal
from typing import Any

from django.db import transaction

from accounts.models import User
from actionplan.models import (
    Action,
    BudgetLine,
    Funding,
)
from actionplan.services.common import UNSET, check_year, touch
from agreements.services import create_row, record, update_row
from core.errors import DomainError
from core.formats import euros
from partners.models import Organisation

CENT = Decimal("0.01")


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


def planned_of(action: Action, *, year: int, nature: str) -> Decimal | None:
    """What is planned in one year, all « postes » together; None when none says anything."""
    known = [
        line.planned
        for line in BudgetLine.objects.filter(action=action, year=year, nature=nature)
        if line.planned is not None
    ]
    return sum(known, Decimal(0)) if known else None


def shares(total: Decimal | None, parts: list[Decimal | None]) -> list[Decimal | None]:
    """``total`` shared as ``parts`` are, to the cent; the last one takes the rest. A part that is
    zero or not known stays so. Nothing to share by: the first part takes all."""
    if total is None:
        return [None] * len(parts)
    sharing = [rank for rank, part in enumerate(parts) if part]
    found = list(parts)
    whole = sum((parts[rank] or Decimal(0) for rank in sharing), Decimal(0))
    left = total
    for rank in sharing[:-1]:
        share = (total * (parts[rank] or Decimal(0)) / whole).quantize(CENT, rounding=ROUND_DOWN)
        found[rank] = share
        left -= share
    found[sharing[-1] if sharing else 0] = left
    return found


@transaction.atomic
def set_planned(
    action: Action,
    *,
    actor: User | None,
    year: int,
    nature: str,
    planned: Decimal | None,
    reason: str,
    sentence: str,
) -> None:
    """What is planned in one year, as somebody decided it. Several « postes » keep their shares of
    the new sum. Raises ``DomainError`` for a year out of the agreement or an amount under zero."""
    check_year(action.agreement, year)
    if planned is not None and planned < 0:
        raise DomainError(
            f"Le budget {year} de l'action {action.code} passerait sous zéro ({euros(planned)}).",
            field="amount",
        )
    where = {"action": action, "year": year, "nature": nature}
    lines = list(
        BudgetLine.objects.filter(**where)
        .select_for_update(of=("self",))
        .select_related("agreement")
        .order_by("pk")
    )
    if lines:
        parts = shares(planned, [row.planned for row in lines])
        for line, part in zip(lines, parts, strict=True):
            update_row(
                line, actor=actor, fields={"planned": part}, reason=reason, sentence=sentence
            )
    else:
        line = create_row(
            BudgetLine,
            action.agreement,
            actor=actor,
            fields={**where, "planned": planned},
            sentence="",
        )
        record(
            action.agreement, actor=actor, verb="create", target=line, sentence=sentence,
            reason=reason,
        )  # fmt: skip
    touch(action)


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
