"""Freezing the plan: at the signature, then by avenant. What is frozen is never rewritten."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction

from accounts.models import User
from actionplan.models import PlanVersion
from actionplan.versions import queries
from actionplan.versions.differences import changed_blocks, compose, with_needed
from actionplan.versions.facts import SCHEMA, Facts, current_facts, facts_hash
from agreements.models import Agreement, Amendment
from agreements.services import create_row, delete_row, update_row
from agreements.services.parties import add_amendment, update_amendment
from core.errors import DomainError
from core.formats import date_long

Kind, State = PlanVersion.Kind, PlanVersion.State


def _lock(agreement: Agreement) -> Agreement:
    """One version at a time: two people who freeze at once do not both succeed."""
    return Agreement.objects.select_for_update().get(pk=agreement.pk)


def _frozen_fields(facts: Facts, on: date) -> dict[str, Any]:
    data = facts.to_json()
    return {
        "state": State.FROZEN,
        "frozen_on": on,
        "facts": data,
        "facts_hash": facts_hash(data),
        "schema_version": SCHEMA,
    }


def _check_day(agreement: Agreement, on: date, after: PlanVersion | None = None) -> None:
    if on > date.today():
        raise DomainError("Cette date est à venir : on fige ce qui est signé.", field="on")
    if on > agreement.ends_on:
        raise DomainError("Cette date suit la fin de la convention.", field="on")
    if after is not None and after.frozen_on is not None and on < after.frozen_on:
        raise DomainError(
            f"Cette date précède la version {after.number}, du {date_long(after.frozen_on)}.",
            field="on",
        )


@transaction.atomic
def freeze_signed_plan(
    agreement: Agreement, *, actor: User | None, on: date, note: str = ""
) -> PlanVersion:
    """Keep the plan of today as « plan signé, annexe à la convention » (version 1), once."""
    stored = _lock(agreement)
    if PlanVersion.objects.filter(agreement=agreement, kind=Kind.SIGNED).exists():
        raise DomainError("Le plan signé est déjà figé. Un changement passe par un avenant.")
    if stored.signed_on is None:
        raise DomainError(
            "La convention n'est pas encore signée : donnez la date de signature dans son identité."
        )
    _check_day(stored, on)
    facts = current_facts(agreement)
    if not facts.blocks:
        raise DomainError("Le plan est vide : il n'y a rien à figer.")
    return create_row(
        PlanVersion,
        agreement,
        actor=actor,
        fields={"number": 1, "kind": Kind.SIGNED, "note": note, **_frozen_fields(facts, on)},
        sentence=f"a figé le plan signé le {date_long(on)} (version 1)",
        verb="freeze",
    )


@transaction.atomic
def prepare_amendment(
    agreement: Agreement,
    *,
    actor: User | None,
    note: str,
    blocks: Iterable[str],
    amendment: Amendment | None = None,
) -> PlanVersion:
    """Begin an avenant on the last frozen version. One at a time: they are signed in order."""
    _lock(agreement)
    last = queries.last_frozen(agreement)
    if last is None:
        raise DomainError("Figez d'abord le plan signé : un avenant le modifie.")
    if PlanVersion.objects.filter(agreement=agreement, state=State.PREPARED).exists():
        raise DomainError("Un avenant est déjà en préparation : terminez-le, ou abandonnez-le.")
    return create_row(
        PlanVersion,
        agreement,
        actor=actor,
        fields={
            "number": last.number + 1,
            "kind": Kind.AMENDED,
            "note": note,
            "blocks": _checked_blocks(agreement, last, blocks),
            "amendment": _checked_amendment(agreement, amendment),
        },
        sentence=f"a commencé l'avenant qui fera la version {last.number + 1} du plan",
    )


@transaction.atomic
def update_prepared(
    version: PlanVersion,
    *,
    actor: User | None,
    note: str,
    blocks: Iterable[str],
    amendment: Amendment | None,
    expected_version: int | None = None,
) -> PlanVersion:
    _lock(version.agreement)
    _check_prepared(version)
    last = queries.version_before(version)
    return update_row(
        version,
        actor=actor,
        fields={
            "note": note,
            "blocks": _checked_blocks(version.agreement, last, blocks),
            "amendment": _checked_amendment(version.agreement, amendment, version),
        },
        expected_version=expected_version,
        sentence=f"a modifié l'avenant qui fera la version {version.number} du plan",
    )


@transaction.atomic
def freeze_amendment(
    version: PlanVersion, *, actor: User | None, on: date, expected_version: int | None = None
) -> PlanVersion:
    """The avenant is signed: its version is the former's with its blocks as they are today.

    A prepared avenant without a number takes the next one; its signature is dated.
    """
    _lock(version.agreement)
    version = PlanVersion.objects.select_related("agreement", "amendment").get(pk=version.pk)
    _check_prepared(version)
    last = queries.version_before(version)
    _check_day(version.agreement, on, last)
    old, today = queries.facts_of(last), current_facts(version.agreement)
    taken = with_needed(old.blocks, today.blocks, version.blocks)
    if not taken:
        raise DomainError("Cet avenant ne change rien au plan : choisissez ce qu'il reprend.")
    amendment = version.amendment or add_amendment(
        version.agreement,
        actor=actor,
        fields={
            "number": next_amendment_number(version.agreement),
            "subject": version.note[:300],
            "signed_on": on,
        },
    )
    if amendment.signed_on is None:
        amendment = update_amendment(amendment, actor=actor, fields={"signed_on": on})
    return update_row(
        version,
        actor=actor,
        fields={
            **_frozen_fields(compose(old, today, taken), on),
            "blocks": taken,
            "amendment": amendment,
        },
        expected_version=expected_version,
        sentence=f"a figé la version {version.number} du plan ({amendment}, signé le {date_long(on)})",
        verb="freeze",
    )


@transaction.atomic
def abandon_prepared(version: PlanVersion, *, actor: User | None) -> None:
    """The plan stays as it is; only the preparation goes."""
    _lock(version.agreement)
    _check_prepared(version)
    delete_row(version, actor=actor)


def next_amendment_number(agreement: Agreement) -> int:
    numbers = Amendment.objects.filter(agreement=agreement).values_list("number", flat=True)
    return max(numbers, default=0) + 1


def _check_prepared(version: PlanVersion) -> None:
    """As the database holds it, under ``_lock``: it may have been frozen since it was read."""
    if PlanVersion.objects.get(pk=version.pk).state == State.FROZEN:
        raise DomainError("Cette version est figée : elle ne change plus.")


def _checked_blocks(agreement: Agreement, last: PlanVersion, blocks: Iterable[str]) -> list[str]:
    """Only what differs; what the plan needs to stand is added when it is previewed and frozen."""
    wanted = set(blocks)
    differing = changed_blocks(queries.facts_of(last).blocks, current_facts(agreement).blocks)
    kept = [block_key for block_key in differing if block_key in wanted]
    if not kept:
        raise DomainError("Choisissez au moins un changement à reprendre.", field="blocks")
    return kept


def _checked_amendment(
    agreement: Agreement, amendment: Amendment | None, version: PlanVersion | None = None
) -> Amendment | None:
    if amendment is None:
        return None
    used = PlanVersion.objects.filter(agreement=agreement, amendment=amendment)
    if version is not None:
        used = used.exclude(pk=version.pk)
    if used.exists():
        raise DomainError("Cet avenant porte déjà une autre version du plan.", field="amendment")
    return amendment
