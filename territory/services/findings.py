"""Writes about findings and the figures they rest on."""

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
from core.formats import plural
from opendata.models import DatasetVersion, Indicator, Observation, Territory
from territory.models import ChallengeFinding, Diagnosis, Evidence, Finding, LocalObservation

ORIGIN_LENGTH = 200


@transaction.atomic
def create_finding(
    agreement: Agreement, *, actor: User | None, figure: Observation | None = None, **fields: Any
) -> Finding:
    """Write a finding; ``figure`` is the published figure it was written from, kept as read."""
    finding = create_row(Finding, agreement, actor=actor, fields=fields)
    if figure is not None and figure.value is not None:
        add_evidence(
            finding,
            actor=actor,
            indicator=figure.indicator,
            territory=figure.territory,
            period=figure.period,
            version=figure.version,
            value=figure.value,
            read_on=date.today(),
        )
    return finding


@transaction.atomic
def create_findings(
    agreement: Agreement,
    *,
    actor: User | None,
    findings: Iterable[dict[str, Any]],
    diagnosis: Diagnosis | None,
    origin: str = "",
) -> list[Finding]:
    """Several findings typed in one go: all of them, or none."""
    return [
        create_finding(agreement, actor=actor, diagnosis=diagnosis, origin=origin, **fields)
        for fields in findings
    ]


def update_finding(
    finding: Finding, *, actor: User | None, expected_version: int | None = None, **fields: Any
) -> Finding:
    return update_row(finding, actor=actor, fields=fields, expected_version=expected_version)


def archive_finding(finding: Finding, *, actor: User | None) -> Finding:
    return update_row(
        finding,
        actor=actor,
        fields={"is_archived": True},
        verb="archive",
        sentence=f"a archivé le constat « {finding} »",
    )


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


@transaction.atomic
def read_evidence_again(evidence: Evidence, *, actor: User | None, on: date) -> Evidence:
    """Add the figure as it stands now beside the former reading, which stays.

    Refused when the figure has not moved, or is not known any more: nothing would be learnt.
    """
    value, version = _current_reading(evidence)
    if value is None:
        raise DomainError("Ce chiffre n'a plus de valeur connue : la lecture d'alors reste seule.")
    if value == evidence.value_as_read:
        raise DomainError("Ce chiffre n'a pas changé depuis sa lecture.")
    return add_evidence(
        evidence.finding,
        actor=actor,
        indicator=evidence.indicator,
        local_observation=evidence.local_observation,
        territory=evidence.territory,
        period=evidence.period,
        version=version,
        value=value,
        read_on=on,
    )


def _current_reading(evidence: Evidence) -> tuple[Decimal | None, DatasetVersion | None]:
    if evidence.local_observation is not None:
        return evidence.local_observation.value, None
    row = (
        Observation.objects.current()
        .filter(indicator=evidence.indicator, territory=evidence.territory, period=evidence.period)
        .select_related("version")
        .order_by("-version_id")
        .first()
    )
    return (row.value, row.version) if row else (None, None)


def remove_evidence(evidence: Evidence, *, actor: User | None) -> None:
    delete_row(evidence, actor=actor)


@transaction.atomic
def merge_findings(kept: Finding, absorbed: Finding, *, actor: User | None) -> Finding:
    """Two findings that say the same become one: evidence and challenges follow the one kept.

    The other is archived, not deleted: its text, its diagnosis and its history can still be read.
    """
    if kept.pk == absorbed.pk or kept.agreement_id != absorbed.agreement_id:
        raise DomainError("Choisissez deux constats différents de cette convention.")
    moved = absorbed.evidence.update(finding=kept)
    linked = set(
        ChallengeFinding.objects.filter(finding=kept).values_list("challenge_id", flat=True)
    )
    links = ChallengeFinding.objects.filter(finding=absorbed)
    links.filter(challenge_id__in=linked).delete()
    followed = links.update(finding=kept)
    update_row(
        absorbed,
        actor=actor,
        fields={"is_archived": True},
        reason=f"fusionné avec le constat n° {kept.pk}",
        sentence="",
    )
    told = f"{plural(moved, 'chiffre')} et {plural(followed, 'enjeu', 'enjeux')} repris"
    return update_row(
        kept,
        actor=actor,
        fields={"origin": _joint_origin(kept, absorbed)},
        reason=f"fusion avec le constat n° {absorbed.pk}",
        verb="merge",
        sentence=f"a fusionné le constat « {absorbed} » dans « {kept} » ({told})",
    )


def _joint_origin(kept: Finding, absorbed: Finding) -> str:
    """Where it was also found: two diagnoses that agree are worth saying."""
    same = absorbed.diagnosis_id is not None and absorbed.diagnosis_id == kept.diagnosis_id
    also = str(absorbed.diagnosis) if absorbed.diagnosis else absorbed.origin
    if same or not also or also in kept.origin:
        return kept.origin
    joined = " ; ".join(part for part in (kept.origin, f"aussi : {also}") if part)
    return joined if len(joined) <= ORIGIN_LENGTH else f"{joined[: ORIGIN_LENGTH - 1]}…"
