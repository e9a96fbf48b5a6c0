"""Writes about the offer and the figures typed by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction

from accounts.models import User
from agreements.models import Agreement
from agreements.services import create_row, delete_row, update_row
from core import formats as fr
from core.errors import DomainError
from partners.models import Contract
from territory.geography import FARTHEST_KM, contour_of, distance_to
from territory.models import Capacity, Facility, LocalObservation


def create_facility(
    agreement: Agreement, *, actor: User | None, contracts: Iterable[Contract] = (), **fields: Any
) -> Facility:
    check_place(agreement, Facility(agreement=agreement), fields)
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
    check_place(facility.agreement, facility, fields)
    return update_row(
        facility,
        actor=actor,
        fields=fields,
        links=None if contracts is None else {"contracts": contracts},
        expected_version=expected_version,
    )


def check_place(agreement: Agreement, facility: Facility, fields: Mapping[str, Any]) -> None:
    """What the constraints cannot hold: the commune is the agreement's, the quarter is the
    commune's, and the point is near the commune when an outline can tell.

    Raises ``DomainError`` beside the field.
    """
    commune = fields.get("commune") or (facility.commune if facility.commune_id else None)
    quarter = fields.get("quarter", facility.quarter if facility.quarter_id else None)
    if commune is None:
        return
    if "commune" in fields and not agreement.communes.filter(pk=commune.pk).exists():
        raise DomainError("Cette commune n'est pas de la convention.", field="commune")
    if quarter is not None and quarter.commune_id != commune.pk:
        raise DomainError(f"Ce quartier n'est pas de {commune}.", field="quarter")
    latitude, longitude = fields.get("latitude"), fields.get("longitude")
    contour = contour_of(commune) if latitude is not None and longitude is not None else None
    if contour is None or latitude is None or longitude is None:
        return
    away = distance_to(contour.geometry, longitude, latitude)
    if away > FARTHEST_KM:
        raise DomainError(
            f"Ce point est à {fr.with_unit(away, 'km')} de {commune} : vérifiez la latitude et la"
            " longitude, en degrés décimaux.",
            field="latitude",
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
