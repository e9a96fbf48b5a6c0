"""Names that a workbook brings: what becomes of them once a person has ticked their creation."""

from __future__ import annotations

import re

from accounts.models import User
from agreements.models import Agreement
from core.formats import plain_key
from partners.models import Contact, Organisation
from partners.services import create_contact, create_organisation

KINDS = (
    (r"caf|caisse d.allocations familiales", Organisation.Kind.CAF),
    (r"msa|cpam|carsat|mutualite sociale agricole", Organisation.Kind.SOCIAL_SECURITY),
    (r"etat|prefecture|sdjes|education nationale|dsden", Organisation.Kind.STATE),
    (r"departement|conseil departemental", Organisation.Kind.DEPARTMENT),
    (r"communaute|agglomeration|metropole|cc|ca", Organisation.Kind.INTERCOMMUNALITY),
    (r"ville|mairie|commune|communes|ccas", Organisation.Kind.MUNICIPALITY),
    (r"college|lycee|ecole", Organisation.Kind.SCHOOL),
    (r"association|mjc|centre social", Organisation.Kind.ASSOCIATION),
)


def kind_of(name: str) -> str:
    """What the name of an organisation says of it; « autre » when it says nothing."""
    words = plain_key(name)
    for pattern, kind in KINDS:
        if re.search(rf"\b(?:{pattern})\b", words):
            return kind
    return Organisation.Kind.OTHER


def create_organisation_named(
    agreement: Agreement, label: str, *, actor: User | None
) -> Organisation:
    return create_organisation(agreement, actor=actor, name=label, kind=kind_of(label))


def create_person_named(agreement: Agreement, label: str, *, actor: User | None) -> Contact:
    """« Léa Martin »: the first word is taken for the first name."""
    first, _, last = label.partition(" ")
    names = {"first_name": first, "last_name": last} if last else {"last_name": first}
    return create_contact(agreement, actor=actor, **names)
