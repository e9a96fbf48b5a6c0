"""Reads of the room: the directory, the sheet of an organisation, contracts and their amounts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Prefetch, Q, QuerySet

from agreements.models import Agreement
from core.db import fr_order
from partners.models import AmountStage, Contact, Contract, ContractAmount, Organisation, Position


def organisations(agreement: Agreement) -> QuerySet[Organisation]:
    """The directory, in alphabetical order, with how many people and contracts each has."""
    return (
        Organisation.objects.filter(agreement=agreement, is_archived=False)
        .annotate(
            people=Count(
                "positions__contact", filter=Q(positions__ends_on__isnull=True), distinct=True
            ),
            contract_count=Count("received_contracts", distinct=True),
        )
        .prefetch_related("themes")
        .in_alphabetical_order()
    )


def positions_of(organisation: Organisation) -> list[Position]:
    return list(organisation.positions.select_related("contact").order_by("ends_on", "pk"))


def contacts(agreement: Agreement) -> QuerySet[Contact]:
    return (
        Contact.objects.filter(agreement=agreement, is_archived=False)
        .prefetch_related(Prefetch("positions", Position.objects.select_related("organisation")))
        .in_alphabetical_order()
    )


def contracts(agreement: Agreement) -> QuerySet[Contract]:
    return (
        Contract.objects.filter(agreement=agreement)
        .select_related("funder", "beneficiary")
        .prefetch_related("amounts")
        .order_by(*fr_order("title"), "pk")
    )


@dataclass(frozen=True)
class ContractLine:
    """A contract in one year: planned, and the amount at the most advanced stage."""

    contract: Contract
    planned: Decimal | None
    known: ContractAmount | None


STAGES = list(AmountStage)


def most_advanced(amounts: Iterable[ContractAmount]) -> ContractAmount | None:
    """What is known today of one contract and year: the amount of the furthest stage."""
    return max(amounts, key=lambda a: STAGES.index(AmountStage(a.stage)), default=None)


def contract_lines(agreement: Agreement, year: int) -> list[ContractLine]:
    lines = []
    for contract in contracts(agreement):
        amounts = [amount for amount in contract.amounts.all() if amount.year == year]
        planned = next((a.amount for a in amounts if a.stage == AmountStage.PLANNED), None)
        lines.append(ContractLine(contract, planned, most_advanced(amounts)))
    return lines


def working_year(agreement: Agreement, on: date) -> int:
    """The year to show first: this one, or the nearest of the agreement."""
    return min(max(on.year, agreement.starts_on.year), agreement.ends_on.year)
