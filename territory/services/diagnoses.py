"""Writes about the diagnoses themselves."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction

from accounts.models import User
from agreements.models import Agreement
from agreements.services import create_row, update_row
from territory.models import Diagnosis
from territory.services.challenges import create_challenge
from territory.services.findings import create_findings


def create_diagnosis(agreement: Agreement, *, actor: User | None, **fields: Any) -> Diagnosis:
    return create_row(Diagnosis, agreement, actor=actor, fields=fields)


def update_diagnosis(
    diagnosis: Diagnosis, *, actor: User | None, expected_version: int | None = None, **fields: Any
) -> Diagnosis:
    return update_row(diagnosis, actor=actor, fields=fields, expected_version=expected_version)


def archive_diagnosis(diagnosis: Diagnosis, *, actor: User | None) -> Diagnosis:
    """Out of the lists of choice; its findings stay where they are, and say from where they come."""
    return update_row(
        diagnosis,
        actor=actor,
        fields={"is_archived": True},
        verb="archive",
        sentence=f"a archivé le diagnostic « {diagnosis} »",
    )


def reopen_diagnosis(diagnosis: Diagnosis, *, actor: User | None) -> Diagnosis:
    return update_row(
        diagnosis,
        actor=actor,
        fields={"is_archived": False},
        verb="restore",
        sentence=f"a remis en cours le diagnostic « {diagnosis} »",
    )


@transaction.atomic
def take_up_diagnosis(
    agreement: Agreement,
    *,
    actor: User | None,
    findings: Iterable[dict[str, Any]],
    challenges: Iterable[dict[str, Any]],
    title: str = "",
    signed_on: date | None = None,
    **fields: Any,
) -> tuple[int, int]:
    """« Reprise d'un diagnostic signé » : a diagnosis, its findings, its challenges and its PDF.

    All of it or nothing; returns how many findings and challenges were written.
    """
    diagnosis = create_diagnosis(
        agreement, actor=actor, title=title or "Diagnostic repris", ends_on=signed_on, **fields
    )
    written = create_findings(agreement, actor=actor, findings=findings, diagnosis=diagnosis)
    rows = list(challenges)
    for row in rows:
        create_challenge(agreement, actor=actor, **row)
    return len(written), len(rows)
