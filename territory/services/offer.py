"""Writes about the offer and the figures typed by hand."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db import transaction

from accounts.models import User
from agreements.models import Agreement
from agreements.services import create_row, delete_row, update_row
from partners.models import Contract
from territory.models import Capacity, Facility, LocalObservation


def create_facility(
    agreement: Agreement, *, actor: User | None, contracts: Iterable[Contract] = (), **fields: Any
) -> Facility:
    return create_row(
        Facility, agreement, actor=actor, fields=fields, links={"contracts": contracts}
    )


def update_facility(
    facility: Facility,
    *,
    actor: User | None,
    expected_version: int | None = None,
    contracts: Iterable[Contract] | None = None,
    **fields: Any,
) -> Facility:
    return update_row(
        facility,
        actor=actor,
        fields=fields,
        links=None if contracts is None else {"contracts": contracts},
        expected_version=expected_version,
    )


@transaction.atomic
def set_capacity(
    facility: Facility,
    *,
    actor: User | None,
    year: int,
    unit: str,
    value: Decimal | None,
    is_planned: bool = False,
) -> Capacity | None:
    """What the facility offers in one year. None removes the value: unknown is not zero."""
    key = {"facility": facility, "year": year, "unit": unit, "is_planned": is_planned}
    known = Capacity.objects.filter(**key).first()
    sentence = f"a saisi la capacité {year} de « {facility} »"
    if value is None:
        if known is not None:
            delete_row(known, actor=actor)
        return None
    if known is not None:
        return update_row(known, actor=actor, fields={"value": value}, sentence=sentence)
    return create_row(
        Capacity, facility.agreement, actor=actor, fields={**key, "value": value}, sentence=sentence
    )


def create_local_observation(
    agreement: Agreement, *, actor: User | None, **fields: Any
) -> LocalObservation:
    return create_row(LocalObservation, agreement, actor=actor, fields=fields)


def update_local_observation(
    observation: LocalObservation,
    *,
    actor: User | None,
    expected_version: int | None = None,
    **fields: Any,
) -> LocalObservation:
    return update_row(observation, actor=actor, fields=fields, expected_version=expected_version)


def remove_facility(facility: Facility, *, actor: User | None) -> None:
    delete_row(facility, actor=actor)


def remove_local_observation(observation: LocalObservation, *, actor: User | None) -> None:
    """A figure on which a finding rests is refused."""
    delete_row(observation, actor=actor)
