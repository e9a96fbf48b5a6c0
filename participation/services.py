"""Writes of the register of consultations."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from accounts.models import User
from actionplan.models import Action
from agreements.models import Agreement
from agreements.services import create_row, delete_row, update_row
from participation.models import Consultation


def create_consultation(
    agreement: Agreement, *, actor: User | None, actions: Iterable[Action] = (), **fields: Any
) -> Consultation:
    return create_row(
        Consultation, agreement, actor=actor, fields=fields, links={"actions": actions}
    )


def update_consultation(
    consultation: Consultation,
    *,
    actor: User | None,
    expected_version: int | None = None,
    actions: Iterable[Action] | None = None,
    **fields: Any,
) -> Consultation:
    return update_row(
        consultation,
        actor=actor,
        fields=fields,
        links=None if actions is None else {"actions": actions},
        expected_version=expected_version,
    )


def remove_consultation(consultation: Consultation, *, actor: User | None) -> None:
    delete_row(consultation, actor=actor)
