"""Writes of the room: organisations, people and their functions, contracts and their amounts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import RestrictedError

from accounts.models import User
from agreements.models import Agreement, JournalEntry, Theme
from agreements.services import create_row, delete_row, record, update_row
from core.errors import DomainError
from partners.models import (
    AmountStage,
    Contact,
    Contract,
    ContractAmount,
    Exchange,
    Organisation,
    Position,
)


def create_organisation(
    agreement: Agreement, *, actor: User | None, themes: Iterable[Theme] = (), **fields: Any
) -> Organisation:
    return create_row(Organisation, agreement, actor=actor, fields=fields, links={"themes": themes})


def update_organisation(
    organisation: Organisation,
    *,
    actor: User | None,
    expected_version: int | None = None,
    themes: Iterable[Theme] | None = None,
    **fields: Any,
) -> Organisation:
    return update_row(
        organisation,
        actor=actor,
        fields=fields,
        links=None if themes is None else {"themes": themes},
        expected_version=expected_version,
    )


def archive_organisation(organisation: Organisation, *, actor: User | None) -> Organisation:
    return update_row(
        organisation,
        actor=actor,
        fields={"is_archived": True},
        verb="archive",
        sentence=f"a archivé l'organisation « {organisation} »",
    )


def create_contact(agreement: Agreement, *, actor: User | None, **fields: Any) -> Contact:
    return create_row(Contact, agreement, actor=actor, fields=fields)


def update_contact(
    contact: Contact, *, actor: User | None, expected_version: int | None = None, **fields: Any
) -> Contact:
    return update_row(contact, actor=actor, fields=fields, expected_version=expected_version)


def set_position(
    contact: Contact,
    *,
    actor: User | None,
    organisation: Organisation,
    function: str,
    **fields: Any,
) -> Position:
    """Give a person a dated function: the person changes, the function stays."""
    return create_row(
        Position,
        contact.agreement,
        actor=actor,
        fields={"contact": contact, "organisation": organisation, "function": function, **fields},
        sentence=f"a noté la fonction de {contact} : {function}, {organisation}",
    )


def end_position(position: Position, *, actor: User | None, on: date) -> Position:
    return update_row(
        position,
        actor=actor,
        fields={"ends_on": on},
        sentence=f"a noté la fin de la fonction de {position.contact} ({position})",
    )


def create_contract(agreement: Agreement, *, actor: User | None, **fields: Any) -> Contract:
    return create_row(Contract, agreement, actor=actor, fields=fields)


def update_contract(
    contract: Contract, *, actor: User | None, expected_version: int | None = None, **fields: Any
) -> Contract:
    return update_row(contract, actor=actor, fields=fields, expected_version=expected_version)


@transaction.atomic
def set_contract_amount(
    contract: Contract,
    *,
    actor: User | None,
    year: int,
    stage: str,
    amount: Decimal,
    stated_on: date,
    is_estimate: bool = False,
) -> ContractAmount:
    """What the contract brings in one year at one stage; saying it again replaces it."""
    if year not in contract.agreement.years:
        raise DomainError(f"{year} n'est pas une année de la convention.", field="year")
    label = AmountStage(stage).label
    sentence = f"a saisi le montant {label} {year} de « {contract} »"
    fields = {"amount": amount, "stated_on": stated_on, "is_estimate": is_estimate}
    known = ContractAmount.objects.filter(contract=contract, year=year, stage=stage).first()
    if known is not None:
        return update_row(known, actor=actor, fields=fields, sentence=sentence)
    return create_row(
        ContractAmount,
        contract.agreement,
        actor=actor,
        fields={"contract": contract, "year": year, "stage": stage, **fields},
        sentence=sentence,
    )


@transaction.atomic
def log_exchange(
    organisation: Organisation, *, actor: User | None, on: date, **fields: Any
) -> Exchange:
    """Note an exchange; the last contact of the organisation follows."""
    exchange = create_row(
        Exchange,
        organisation.agreement,
        actor=actor,
        fields={"organisation": organisation, "on": on, **fields},
        sentence=f"a noté un échange avec « {organisation} »",
    )
    if organisation.last_contact_on is None or organisation.last_contact_on < on:
        update_row(organisation, actor=actor, fields={"last_contact_on": on}, sentence="")
    return exchange


def remove_contract(contract: Contract, *, actor: User | None) -> None:
    delete_row(contract, actor=actor)


@transaction.atomic
def clear_contract_amount(amount: ContractAmount, *, actor: User | None) -> None:
    """Unsay an amount typed by mistake: unknown is not zero."""
    delete_row(amount, actor=actor, reason="Montant retiré.")


@transaction.atomic
def erase_contact(contact: Contact, *, actor: User | None) -> None:
    """Erase a person for good, at their request (RGPD, art. 17): name, address, functions, seats.

    Raises ``DomainError`` while the person sits in a committee or appears on an attendance list,
    which evidence the agreement: archive the person then.
    """
    agreement = contact.agreement
    try:
        Position.objects.filter(contact=contact).delete()
        contact.delete()
    except RestrictedError:
        raise DomainError(
            "Cette personne figure sur une liste de membres ou de présence : archivez-la plutôt."
        ) from None
    # The journal keeps the act and forgets the name.
    JournalEntry.objects.filter(
        agreement=agreement, target_type="partners.contact", target_id=contact.pk
    ).update(
        target_label="personne effacée",
        sentence="a modifié une personne, effacée depuis",
        changes=[],
    )
    record(agreement, actor=actor, verb="erase", sentence="a effacé une personne à sa demande")
