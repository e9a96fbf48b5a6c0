"""Writes of the room: organisations, people and their functions, contracts and their amounts."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Q, RestrictedError, TextField, Value
from django.db.models.functions import Cast, Replace

from accounts.models import User
from agreements.models import Agreement, JournalEntry, Theme
from agreements.services import create_row, delete_row, record, update_row
from core.errors import DomainError
from core.models import OutgoingMail
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


def archive_contact(contact: Contact, *, actor: User | None) -> Contact:
    """The person leaves the lists; the attendance lists that evidence the agreement stay."""
    return update_row(
        contact,
        actor=actor,
        fields={"is_archived": True},
        verb="archive",
        sentence=f"a archivé la fiche de {contact}",
    )


ERASED = "une personne effacée"
FORGETTERS: list[Callable[[Contact], None]] = []
"""What rooms above forget of a person before they are erased; each adds its own when it is ready."""
NOBODY = "personne-effacee@exemple.invalid"
"""An address that can reach nobody (RFC 2606)."""


@transaction.atomic
def erase_contact(contact: Contact, *, actor: User | None) -> None:
    """Erase a person for good, at their request (RGPD, art. 17): name, address, functions, seats.

    Raises ``DomainError`` while the person sits in a committee or appears on an attendance list,
    which evidence the agreement: archive the person then.
    """
    agreement, name, email = contact.agreement, str(contact), contact.email
    for forget in FORGETTERS:
        forget(contact)
    JournalEntry.objects.filter(
        agreement=agreement, target_type=Contact._meta.label_lower, target_id=contact.pk
    ).update(changes=[])  # a first name alone, an address: old and new values of their record
    try:
        Position.objects.filter(contact=contact).delete()
        contact.delete()
    except RestrictedError:
        raise DomainError(
            "Cette personne figure sur une liste de membres ou de présence : archivez-la plutôt."
        ) from None
    _forget_name(agreement, name)
    _forget_reasons(agreement, name)
    _forget_mails(agreement, name, email)
    record(agreement, actor=actor, verb="erase", sentence="a effacé une personne à sa demande")


def _forget_name(agreement: Agreement, name: str) -> None:
    """The journal keeps the acts and forgets the person, wherever a sentence names them."""
    in_json = json.dumps(name, ensure_ascii=False)[1:-1]
    told = JournalEntry.objects.filter(agreement=agreement).annotate(
        changes_text=Cast("changes", TextField())
    )
    for entry in told.filter(
        Q(sentence__contains=name)
        | Q(target_label__contains=name)
        | Q(reason__contains=name)
        | Q(changes_text__contains=in_json)
    ):
        entry.sentence = entry.sentence.replace(name, ERASED)
        entry.target_label = entry.target_label.replace(name, ERASED)
        entry.reason = entry.reason.replace(name, ERASED)
        changes = json.dumps(entry.changes, ensure_ascii=False)
        entry.changes = json.loads(changes.replace(in_json, ERASED))
        entry.save(update_fields=["sentence", "target_label", "changes", "reason"])


def _forget_reasons(agreement: Agreement, name: str) -> None:
    """The field histories give reasons in words (« nouvelles de Mme X ») in every room."""
    for model in apps.get_models():
        names = {field.name for field in model._meta.fields}
        if {"history_change_reason", "agreement"} <= names:
            model._base_manager.filter(
                agreement=agreement, history_change_reason__contains=name
            ).update(
                history_change_reason=Replace("history_change_reason", Value(name), Value(ERASED))
            )


def _forget_mails(agreement: Agreement, name: str, email: str) -> None:
    """What was written to them names them no more; what had not left will not leave."""
    written = Q(body__contains=name) | Q(recipient_name__contains=name)
    if email:
        written |= Q(recipient__iexact=email)
    states = OutgoingMail.State
    for message in OutgoingMail.objects.select_for_update().filter(written, realm=agreement.realm):
        if email and message.recipient.lower() == email.lower():
            message.recipient, message.recipient_name = NOBODY, ""
            message.files.all().delete()  # a calendar file names the person
            if message.state not in (states.SENT, states.SENDING):
                message.state, message.error = states.FAILED, "Personne effacée à sa demande."
        message.recipient_name = message.recipient_name.replace(name, ERASED)
        message.body = message.body.replace(name, ERASED)
        message.save()
