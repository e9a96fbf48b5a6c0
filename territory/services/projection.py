"""Writing the hypotheses of the projection: one row an agreement, with its history."""

from __future__ import annotations

from typing import Any

from accounts.models import User
from agreements.models import Agreement
from agreements.services import create_row, delete_row, update_row
from core.errors import DomainError, StaleObject
from territory.models import Projection

LONGEST = 20
"""Years after the end of the agreement: nobody can argue a hypothesis beyond."""


def create_projection(agreement: Agreement, *, actor: User | None, **fields: Any) -> Projection:
    """Raises ``StaleObject`` when somebody wrote the hypotheses since the form was opened."""
    known = Projection.objects.filter(agreement=agreement).first()
    if known is not None:
        raise StaleObject(known)
    _check_horizon(agreement, fields)
    return create_row(
        Projection, agreement, actor=actor, fields=fields,
        sentence="a écrit les hypothèses de la projection des moins de trois ans",
    )  # fmt: skip


def update_projection(
    projection: Projection,
    *,
    actor: User | None,
    expected_version: int | None = None,
    **fields: Any,
) -> Projection:
    _check_horizon(projection.agreement, fields)
    return update_row(
        projection, actor=actor, fields=fields, expected_version=expected_version,
        sentence="a modifié les hypothèses de la projection des moins de trois ans",
    )  # fmt: skip


def reset_projection(projection: Projection, *, actor: User | None) -> None:
    """Back to the defaults. The history of what was supposed stays."""
    delete_row(projection, actor=actor, reason="Retour aux hypothèses par défaut.")


def _check_horizon(agreement: Agreement, fields: dict[str, Any]) -> None:
    horizon = fields.get("horizon")
    last = agreement.ends_on.year + LONGEST
    if horizon is not None and not agreement.starts_on.year <= horizon <= last:
        raise DomainError(
            f"L'horizon est une année entre {agreement.starts_on.year} et {last}.", field="horizon"
        )
