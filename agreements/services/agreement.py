"""The agreement itself: its birth, its dates and its status."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from accounts.models import User
from agreements.models import (
    Agreement,
    AgreementCommune,
    Competence,
    Membership,
    Role,
    Theme,
)
from agreements.services.defaults import DEFAULT_COMPETENCES, DEFAULT_THEMES
from agreements.services.journal import changes_between, record
from agreements.services.rows import check
from core.errors import DomainError
from opendata.models import Domain, Territory

Status = Agreement.Status

PRELOADS: list[Callable[[Agreement], None]] = []
"""What the rooms above give to a new agreement; each registers its own (``AppConfig.ready``)."""

CHECKS: list[Callable[[Agreement], None]] = []
"""What the rooms above refuse of a changed agreement, before it is saved (``DomainError``); each
registers its own."""

TRANSITIONS: dict[str, set[str]] = {
    Status.PREPARATION: {Status.SIGNED},
    Status.SIGNED: {Status.PREPARATION, Status.RUNNING},
    Status.RUNNING: {Status.SIGNED, Status.RENEWAL, Status.CLOSED},
    Status.RENEWAL: {Status.RUNNING, Status.CLOSED},
    Status.CLOSED: {Status.RENEWAL},
}
"""From → to. One step back is always open: a status is sometimes changed by mistake."""


def allowed_statuses(agreement: Agreement) -> list[str]:
    """The present status and those that may follow it."""
    return [s for s in Status.values if s == agreement.status or s in TRANSITIONS[agreement.status]]


def free_slug(name: str, starts_on: date) -> str:
    """« saint-andre-les-vergers », then « …-2026 », then « …-2026-2 »."""
    base = slugify(name)[:60] or "convention"
    candidates = [base, f"{base}-{starts_on.year}"]
    candidates += [f"{base}-{starts_on.year}-{rank}" for rank in range(2, 100)]
    taken = set(Agreement.objects.filter(slug__in=candidates).values_list("slug", flat=True))
    return next(slug for slug in candidates if slug not in taken)


@transaction.atomic
def create_agreement(
    *,
    name: str,
    lead_commune: Territory,
    starts_on: date,
    ends_on: date,
    actor: User | None,
    coordinator: User | None = None,
    communes: Iterable[Territory] = (),
    slug: str = "",
    status: str = Status.PREPARATION,
    details: Mapping[str, Any] | None = None,
) -> Agreement:
    """Open an agreement with its themes and its table of competences.

    ``communes`` need not hold the lead one. ``details`` are other fields of ``Agreement`` (dates,
    titles, names of the levels…). ``coordinator`` becomes its first member.

    Raises ``DomainError`` when a date, a slug or a commune is refused.
    """
    agreement = Agreement(
        name=name,
        slug=slug or free_slug(name, starts_on),
        lead_commune=lead_commune,
        starts_on=starts_on,
        ends_on=ends_on,
        status=status,
        **(details or {}),
    )
    _check_dates(agreement)
    check(agreement)
    agreement._history_user = actor  # type: ignore[attr-defined]
    agreement.save()
    _write_communes(agreement, communes)
    preload_themes(agreement)
    preload_competences(agreement)
    for preload in PRELOADS:
        preload(agreement)
    if coordinator is not None:
        Membership.objects.create(agreement=agreement, user=coordinator, role=Role.COORDINATOR)
    record(
        agreement,
        actor=actor,
        verb="create",
        target=agreement,
        sentence=f"a ouvert la convention « {agreement} »",
    )
    return agreement


def _check_dates(agreement: Agreement) -> None:
    if agreement.signed_on and agreement.signed_on > agreement.ends_on:
        raise DomainError(
            "La signature ne peut pas suivre la fin de la convention.", field="signed_on"
        )
    if agreement.status != Status.PREPARATION and not agreement.signed_on:
        raise DomainError(
            "Indiquez la date de signature : une convention non signée est « en préparation ».",
            field="signed_on",
        )


def _write_communes(agreement: Agreement, communes: Iterable[Territory]) -> None:
    wanted = {commune.pk: commune for commune in [agreement.lead_commune, *communes]}
    AgreementCommune.objects.filter(agreement=agreement).exclude(commune__in=wanted).delete()
    present = set(
        AgreementCommune.objects.filter(agreement=agreement).values_list("commune_id", flat=True)
    )
    for pk, commune in wanted.items():
        if pk in present:
            continue
        if commune.level != Territory.Level.COMMUNE:
            raise DomainError(f"« {commune} » n'est pas une commune.", field="communes")
        AgreementCommune.objects.create(agreement=agreement, commune=commune)


def preload_themes(agreement: Agreement) -> None:
    domains = {domain.key: domain for domain in Domain.objects.all()}
    missing = [key for _, key in DEFAULT_THEMES if key not in domains]
    if missing:
        raise DomainError(
            "Les domaines nationaux ne sont pas chargés dans l'application : "
            "demandez-le à la personne qui l'administre."
        )
    Theme.objects.bulk_create(
        Theme(agreement=agreement, name=name, domain=domains[key], position=position)
        for position, (name, key) in enumerate(DEFAULT_THEMES, start=1)
    )


def preload_competences(agreement: Agreement) -> None:
    Competence.objects.bulk_create(
        Competence(agreement=agreement, subject=subject, note=note, position=position)
        for position, (subject, note) in enumerate(DEFAULT_COMPETENCES, start=1)
    )


@transaction.atomic
def update_agreement(
    agreement: Agreement,
    *,
    actor: User | None,
    fields: Mapping[str, Any],
    communes: Iterable[Territory] | None = None,
    expected_version: int | None = None,
    reason: str = "",
) -> Agreement:
    """Change what the signed text says. Raises ``StaleObject`` when somebody saved meanwhile."""
    before = Agreement.objects.get(pk=agreement.pk)
    for name, value in fields.items():
        setattr(agreement, name, value)
    if agreement.status != before.status and agreement.status not in TRANSITIONS[before.status]:
        raise DomainError(
            f"Une convention {before.get_status_display()} ne peut pas passer à l'état "
            f"« {agreement.get_status_display()} ».",
            field="status",
        )
    _check_dates(agreement)
    for refuse in CHECKS:
        refuse(agreement)
    check(agreement)
    changes = changes_between(before, agreement)
    old_communes = _commune_names(agreement)
    agreement._history_user = actor  # type: ignore[attr-defined]
    agreement._change_reason = reason or None  # type: ignore[attr-defined]
    agreement.save_new_version(expected=expected_version)
    if communes is not None or agreement.lead_commune_id != before.lead_commune_id:
        _write_communes(agreement, agreement.communes.all() if communes is None else communes)
        changes += _commune_change(old_communes, _commune_names(agreement))
    if changes:
        record(
            agreement,
            actor=actor,
            verb="update",
            target=agreement,
            changes=changes,
            reason=reason,
            sentence="a modifié la convention",
        )
    return agreement


def _commune_names(agreement: Agreement) -> str:
    return ", ".join(
        Territory.objects.filter(agreements=agreement)
        .in_alphabetical_order()
        .values_list("name", flat=True)
    )


def _commune_change(old: str, new: str) -> list[dict[str, str]]:
    return [] if old == new else [{"field": "communes", "old": old, "new": new}]
