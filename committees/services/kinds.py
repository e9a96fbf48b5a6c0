"""The kinds of committees that an agreement knows: a start, all of it editable."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max

from accounts.models import User
from agreements.models import Agreement, Theme
from agreements.services import create_row, delete_row, update_row
from committees.models import CommitteeKind
from core.errors import DomainError

N = CommitteeKind.Nature


@dataclass(frozen=True)
class StandardKind:
    nature: CommitteeKind.Nature
    name: str
    purpose: str
    meetings_per_year: int
    has_preparation: bool = False
    domains: tuple[str, ...] = ()
    """Keys of the national domains whose themes it deals with."""


STANDARD_KINDS = [
    StandardKind(
        N.STEERING,
        "Comité de pilotage (COPIL)",
        "Donne un avis, arbitre, valide le bilan et les orientations.",
        1,
        has_preparation=True,
    ),
    StandardKind(N.TECHNICAL, "Comité technique (COTECH)", "Prépare le COPIL et suit le plan.", 3),
    StandardKind(
        N.WORKING_GROUP,
        "Groupe petite enfance",
        "Met en œuvre les actions de la petite enfance.",
        3,
        domains=("petite-enfance",),
    ),
    StandardKind(
        N.WORKING_GROUP,
        "Groupe enfance et jeunesse",
        "Met en œuvre les actions de l'enfance et de la jeunesse.",
        3,
        domains=("enfance", "jeunesse"),
    ),
    StandardKind(
        N.WORKING_GROUP,
        "Groupe parentalité et vie sociale",
        "Met en œuvre les actions de la parentalité et de l'animation de la vie sociale.",
        3,
        domains=("parentalite", "animation-vie-sociale"),
    ),
    StandardKind(
        N.WORKING_GROUP,
        "Groupe accès aux droits",
        "Met en œuvre les actions d'accès aux droits.",
        3,
        domains=("acces-aux-droits",),
    ),
    StandardKind(
        N.EVALUATION,
        "Temps d'évaluation partagée",
        "Juge ensemble ce qui a marché et ce qui reste à faire.",
        1,
        has_preparation=True,
    ),
    StandardKind(
        N.CAF_POINT,
        "Point régulier avec la Caf",
        "Suivi courant entre la commune et la Caf.",
        4,
    ),
]
"""One COPIL a year at least (fiche de poste), three meetings a year and a theme for the working
groups (CTG du Sud-Avesnois), the rest by usage: domaine.md §1.3. The Caf's departmental network is
a date of the calendar, not a committee of the agreement."""


@transaction.atomic
def create_standard_kinds(agreement: Agreement, *, actor: User | None) -> list[CommitteeKind]:
    """Those that are missing by their name; what was changed stays as it is. Returns the standard
    kinds, in their order."""
    known = {kind.name: kind for kind in CommitteeKind.objects.filter(agreement=agreement)}
    themes = list(Theme.objects.filter(agreement=agreement).select_related("domain"))
    for position, standard in enumerate(STANDARD_KINDS):
        if standard.name not in known:
            known[standard.name] = create_row(
                CommitteeKind,
                agreement,
                actor=actor,
                fields={
                    "nature": standard.nature,
                    "name": standard.name,
                    "meetings_per_year": standard.meetings_per_year,
                    "has_preparation": standard.has_preparation,
                    "position": position,
                },
                links={"themes": [t for t in themes if t.domain.key in standard.domains]},
                sentence="",
            )
    return [known[standard.name] for standard in STANDARD_KINDS]


def _check_rhythm(nature: str, meetings_per_year: int | None) -> None:
    if nature == N.STEERING and meetings_per_year == 0:
        raise DomainError(
            "Un comité de pilotage se réunit au moins une fois par an.", field="meetings_per_year"
        )


def create_kind(
    agreement: Agreement, *, actor: User | None, themes: Iterable[Theme] = (), **fields: Any
) -> CommitteeKind:
    _check_rhythm(fields["nature"], fields.get("meetings_per_year"))
    if "position" not in fields:
        kinds = CommitteeKind.objects.filter(agreement=agreement)
        last = kinds.aggregate(last=Max("position"))["last"]
        fields["position"] = 0 if last is None else last + 1
    return create_row(
        CommitteeKind, agreement, actor=actor, fields=fields, links={"themes": themes}
    )


def update_kind(
    kind: CommitteeKind,
    *,
    actor: User | None,
    themes: Iterable[Theme] | None = None,
    **fields: Any,
) -> CommitteeKind:
    _check_rhythm(
        fields.get("nature", kind.nature), fields.get("meetings_per_year", kind.meetings_per_year)
    )
    links = None if themes is None else {"themes": themes}
    return update_row(kind, actor=actor, fields=fields, links=links)


def delete_kind(kind: CommitteeKind, *, actor: User | None) -> None:
    """Refused while a committee is of this kind: it is rather put aside (« utilisée » unticked)."""
    if kind.committees.exists():
        raise DomainError(
            "Une instance est de cette sorte : elle ne se supprime pas. Décochez « utilisée » pour "
            "ne plus la proposer."
        )
    delete_row(kind, actor=actor)


def check_own_rhythm(kind: CommitteeKind, meetings_per_year: int | None) -> None:
    """The rhythm that one committee has of its own."""
    _check_rhythm(kind.nature, meetings_per_year)
