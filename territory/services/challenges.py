"""Writes about challenges, and the findings gathered under them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction

from accounts.models import User
from agreements.models import Agreement, Theme
from agreements.services import create_row, update_row
from core.errors import DomainError
from core.formats import plural
from territory.models import Challenge, Finding


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


@transaction.atomic
def group_findings(
    agreement: Agreement,
    findings: Sequence[Finding],
    *,
    actor: User | None,
    challenge: Challenge | None = None,
    title: str = "",
    theme: Theme | None = None,
    priority: int = Challenge.Priority.MEDIUM,
) -> Challenge:
    """Gather findings under a challenge, known or new; those it already had stay.

    A new one without a theme takes that of its first finding.
    """
    if not findings:
        raise DomainError("Cochez au moins un constat à regrouper.", field="findings")
    if challenge is None:
        if not title.strip():
            raise DomainError("Choisissez un enjeu ou écrivez-en un nouveau.", field="challenge")
        return create_challenge(
            agreement,
            actor=actor,
            title=title.strip(),
            theme=theme or findings[0].theme,
            priority=priority,
            findings=findings,
        )
    count = plural(len(findings), "constat")
    return update_row(
        challenge,
        actor=actor,
        fields={},
        links={"findings": {*challenge.findings.all(), *findings}},
        sentence=f"a regroupé {count} sous l'enjeu « {challenge} »",
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
