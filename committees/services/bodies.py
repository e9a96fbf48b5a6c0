"""Committees and those who sit in them."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Max

from accounts.models import User
from agreements.models import Agreement
from agreements.services import create_row, delete_row, update_row
from committees.models import (
    Committee,
    CommitteeMember,
)
from core.errors import DomainError

K = Committee.Kind
STANDARD_COMMITTEES = [
    (
        K.STEERING,
        "Comité de pilotage (COPIL)",
        "Donne un avis, arbitre, valide le bilan et les orientations.",
        1,
    ),
    (K.TECHNICAL, "Comité technique (COTECH)", "Prépare le COPIL et suit le plan.", 3),
    (K.WORKING_GROUP, "Groupe petite enfance", "Met en œuvre les actions de la petite enfance.", 3),
    (
        K.WORKING_GROUP,
        "Groupe enfance et jeunesse",
        "Met en œuvre les actions de l'enfance et de la jeunesse.",
        3,
    ),
    (
        K.WORKING_GROUP,
        "Groupe parentalité et vie sociale",
        "Met en œuvre les actions de la parentalité.",
        3,
    ),
    (K.WORKING_GROUP, "Groupe accès aux droits", "Met en œuvre les actions d'accès aux droits.", 3),
    (
        K.EVALUATION,
        "Temps d'évaluation partagée",
        "Juge ensemble ce qui a marché et ce qui reste à faire.",
        1,
    ),
    (K.CAF_POINT, "Point régulier avec la Caf", "Suivi courant entre la commune et la Caf.", 4),
]


@transaction.atomic
def create_standard_committees(agreement: Agreement, *, actor: User | None) -> list[Committee]:
    """The usual bodies, editable afterwards. Does nothing where some already stand."""
    if Committee.objects.filter(agreement=agreement).exists():
        return []
    return [
        create_committee(
            agreement,
            actor=actor,
            kind=kind,
            name=name,
            purpose=purpose,
            meetings_per_year=rhythm,
            position=rank,
        )
        for rank, (kind, name, purpose, rhythm) in enumerate(STANDARD_COMMITTEES)
    ]


def create_committee(agreement: Agreement, *, actor: User | None, **fields: Any) -> Committee:
    """Last in the list, unless a place is given."""
    if "position" not in fields:
        last = Committee.objects.filter(agreement=agreement).aggregate(last=Max("position"))["last"]
        fields["position"] = 0 if last is None else last + 1
    return create_row(Committee, agreement, actor=actor, fields=fields)


def update_committee(
    committee: Committee, *, actor: User | None, expected_version: int | None = None, **fields: Any
) -> Committee:
    return update_row(committee, actor=actor, fields=fields, expected_version=expected_version)


def add_member(committee: Committee, *, actor: User | None, **fields: Any) -> CommitteeMember:
    return create_row(
        CommitteeMember, committee.agreement, actor=actor, fields={"committee": committee, **fields}
    )


def update_member(member: CommitteeMember, *, actor: User | None, **fields: Any) -> CommitteeMember:
    return update_row(member, actor=actor, fields=fields)


def remove_member(member: CommitteeMember, *, actor: User | None) -> None:
    delete_row(member, actor=actor)


def delete_committee(committee: Committee, *, actor: User | None) -> None:
    """Refused for a committee that met or is to meet: its meetings are evidence."""
    if committee.meetings.exists():
        raise DomainError("Cette instance a des réunions : elle ne se supprime plus.")
    delete_row(committee, actor=actor)
