"""Committees and those who sit in them."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Max

from accounts.models import User
from agreements.models import Agreement
from agreements.services import create_row, delete_row, update_row
from committees.models import Committee, CommitteeMember
from committees.services.kinds import STANDARD_KINDS, check_own_rhythm, create_standard_kinds
from core.errors import DomainError


@transaction.atomic
def create_standard_committees(agreement: Agreement, *, actor: User | None) -> list[Committee]:
    """One committee of each usual kind, editable afterwards. Does nothing where some stand."""
    if Committee.objects.filter(agreement=agreement).exists():
        return []
    kinds = create_standard_kinds(agreement, actor=actor)
    return [
        create_committee(
            agreement,
            actor=actor,
            kind=kind,
            name=standard.name,
            purpose=standard.purpose,
            position=rank,
        )
        for rank, (standard, kind) in enumerate(zip(STANDARD_KINDS, kinds, strict=True))
    ]


def create_committee(agreement: Agreement, *, actor: User | None, **fields: Any) -> Committee:
    """Last in the list, unless a place is given."""
    check_own_rhythm(fields["kind"], fields.get("meetings_per_year"))
    if "position" not in fields:
        last = Committee.objects.filter(agreement=agreement).aggregate(last=Max("position"))["last"]
        fields["position"] = 0 if last is None else last + 1
    return create_row(Committee, agreement, actor=actor, fields=fields)


def update_committee(
    committee: Committee, *, actor: User | None, expected_version: int | None = None, **fields: Any
) -> Committee:
    check_own_rhythm(
        fields.get("kind", committee.kind),
        fields.get("meetings_per_year", committee.meetings_per_year),
    )
    return update_row(committee, actor=actor, fields=fields, expected_version=expected_version)


def add_member(committee: Committee, *, actor: User | None, **fields: Any) -> CommitteeMember:
    return create_row(
        CommitteeMember, committee.agreement, actor=actor, fields={"committee": committee, **fields}
    )


def update_member(member: CommitteeMember, *, actor: User | None, **fields: Any) -> CommitteeMember:
    return update_row(member, actor=actor, fields=fields)


def remove_member(member: CommitteeMember, *, actor: User | None) -> None:
    """For a seat typed by mistake; somebody who leaves has a mandate that ends."""
    delete_row(member, actor=actor)


def delete_committee(committee: Committee, *, actor: User | None) -> None:
    """Refused for a committee that met or is to meet: its meetings are evidence."""
    if committee.meetings.exists():
        raise DomainError("Cette instance a des réunions : elle ne se supprime plus.")
    delete_row(committee, actor=actor)
