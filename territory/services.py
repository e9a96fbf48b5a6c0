"""Writes of the room: offer, figures typed by hand, findings and challenges."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from accounts.models import User
from agreements.models import Agreement
from agreements.services import create_row, delete_row, update_row
from core.errors import DomainError
from opendata.models import DatasetVersion, Indicator, Territory
from partners.models import Contract
from territory.models import (
    Capacity,
    Challenge,
    Diagnosis,
    Evidence,
    Facility,
    Finding,
    LocalObservation,
)


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


def create_finding(agreement: Agreement, *, actor: User | None, **fields: Any) -> Finding:
    return create_row(Finding, agreement, actor=actor, fields=fields)


def update_finding(
    finding: Finding, *, actor: User | None, expected_version: int | None = None, **fields: Any
) -> Finding:
    return update_row(finding, actor=actor, fields=fields, expected_version=expected_version)


def add_evidence(
    finding: Finding,
    *,
    actor: User | None,
    territory: Territory,
    period: int,
    value: Decimal,
    read_on: date,
    indicator: Indicator | None = None,
    local_observation: LocalObservation | None = None,
    version: DatasetVersion | None = None,
) -> Evidence:
    """Attach a figure to a finding **as read**: it never follows later versions."""
    return create_row(
        Evidence,
        finding.agreement,
        actor=actor,
        fields={
            "finding": finding,
            "indicator": indicator,
            "local_observation": local_observation,
            "territory": territory,
            "period": period,
            "version": version,
            "value_as_read": value,
            "read_on": read_on,
        },
        sentence=f"a appuyé le constat « {finding} » sur un chiffre",
    )


def create_challenge(
    agreement: Agreement, *, actor: User | None, findings: Iterable[Finding] = (), **fields: Any
) -> Challenge:
    return create_row(
        Challenge, agreement, actor=actor, fields=fields, links={"findings": findings}
    )


def update_challenge(
    challenge: Challenge,
    *,
    actor: User | None,
    expected_version: int | None = None,
    findings: Iterable[Finding] | None = None,
    **fields: Any,
) -> Challenge:
    return update_row(
        challenge,
        actor=actor,
        fields=fields,
        links=None if findings is None else {"findings": findings},
        expected_version=expected_version,
    )


def archive_finding(finding: Finding, *, actor: User | None) -> Finding:
    return update_row(
        finding,
        actor=actor,
        fields={"is_archived": True},
        verb="archive",
        sentence=f"a archivé le constat « {finding} »",
    )


@transaction.atomic
def archive_challenge(challenge: Challenge, *, actor: User | None) -> Challenge:
    """A challenge that actions still answer is not archived by mistake."""
    if challenge.actions.filter(is_archived=False).exists():  # type: ignore[attr-defined]
        raise DomainError("Des actions répondent encore à cet enjeu.")
    return update_row(
        challenge,
        actor=actor,
        fields={"is_archived": True},
        verb="archive",
        sentence=f"a archivé l'enjeu « {challenge} »",
    )


def remove_facility(facility: Facility, *, actor: User | None) -> None:
    delete_row(facility, actor=actor)


def remove_local_observation(observation: LocalObservation, *, actor: User | None) -> None:
    """A figure on which a finding rests is refused."""
    delete_row(observation, actor=actor)


def remove_evidence(evidence: Evidence, *, actor: User | None) -> None:
    delete_row(evidence, actor=actor)


@transaction.atomic
def take_up_diagnosis(
    agreement: Agreement,
    *,
    actor: User | None,
    findings: Iterable[dict[str, Any]],
    challenges: Iterable[dict[str, Any]],
    title: str = "",
    signed_on: date | None = None,
    author: str = "",
    file: Any = None,
) -> tuple[int, int]:
    """« Reprise d'un diagnostic signé » : write its findings and challenges, and keep its PDF.

    All of it or nothing; returns how many findings and challenges were written.
    """
    if title or file:
        create_row(
            Diagnosis,
            agreement,
            actor=actor,
            fields={
                "title": title or "Diagnostic repris",
                "ends_on": signed_on,
                "author": author,
                "file": file or "",
            },
        )
    written = [0, 0]
    for fields in findings:
        create_finding(agreement, actor=actor, origin=title, **fields)
        written[0] += 1
    for fields in challenges:
        create_challenge(agreement, actor=actor, **fields)
        written[1] += 1
    return written[0], written[1]
