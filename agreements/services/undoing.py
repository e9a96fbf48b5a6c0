"""An import undone: rows and links as they were, in reverse order, or nothing and the reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError, RestrictedError
from django.utils import timezone

from accounts.models import User
from agreements.models import ImportRun
from agreements.services.journal import record
from agreements.services.recording import collected, print_of, rows_now, values_from
from core.errors import DomainError
from core.formats import datetime_long
from core.models import Versioned

UNDO_DAYS = 30
NAMED = 4
"""Rows that a refusal names."""
Place = tuple[str, Any]


@transaction.atomic
def undo(run: ImportRun, *, actor: User | None) -> ImportRun:
    """Put back what the import wrote, within thirty days, if nothing of it was changed since.

    Raises ``DomainError`` with a sentence that names what was.
    """
    run = ImportRun.objects.select_for_update().get(pk=run.pk)
    if run.state != ImportRun.State.APPLIED or run.applied_at is None:
        raise DomainError(
            "Cet import n'est pas à annuler : il n'a pas été appliqué, ou l'a déjà été."
        )
    if not can_still_undo(run):
        raise DomainError(f"Un import s'annule pendant {UNDO_DAYS} jours : ce délai est passé.")
    _refuse_what_moved(run.written)
    try:
        with transaction.atomic():
            for entry in reversed(run.written):
                _put_back(entry, actor, f"Annulation de l'import « {run.file_name} »"[:100])
    except (IntegrityError, ProtectedError, RestrictedError) as error:
        raise DomainError(
            "Impossible d'annuler cet import : ce qu'il a écrit sert ailleurs maintenant."
        ) from error
    run.state, run.undone_at, run.written = ImportRun.State.UNDONE, timezone.now(), []
    run.save(update_fields=["state", "undone_at", "written"])
    record(
        run.agreement, actor=actor, verb="undo_import", target=run,
        sentence=f"a annulé l'import « {run.file_name} » du {datetime_long(run.applied_at)}",
    )  # fmt: skip
    return run


def can_still_undo(run: ImportRun) -> bool:
    return (
        run.state == ImportRun.State.APPLIED
        and run.applied_at is not None
        and timezone.now() - run.applied_at <= timedelta(days=UNDO_DAYS)
    )


def _refuse_what_moved(written: Sequence[dict[str, Any]]) -> None:
    """Each row must be as the import left it, and nothing hang on what it created."""
    left: dict[Place, str | None] = {}
    first: dict[Place, Any] = {}
    for entry in written:
        place = (entry["model"], entry["pk"])
        left[place] = entry["after"]
        first.setdefault(place, entry["before"])
    now = rows_now(list(left), lock=True)
    moved = []
    for place, told in left.items():
        row = now.get(place)
        if row is None and told is not None:
            moved.append(f"{_noun(place[0])} supprimé depuis")
        elif row is not None and (told is None or print_of(row) != told):
            moved.append(f"{_noun(place[0])} « {row} »")
    if moved:
        raise DomainError(_sentence("a changé depuis", moved))
    created = {place for place, before in first.items() if before is None}
    try:
        hanging = collected([row for place, row in now.items() if place in created])
    except (ProtectedError, RestrictedError) as error:
        users = getattr(error, "restricted_objects", None) or getattr(
            error, "protected_objects", []
        )
        hanging = list(users)
    added = [
        f"{row._meta.verbose_name} « {row} »"
        for row in hanging
        if (row._meta.label_lower, row.pk) not in created
    ]
    if added:
        raise DomainError(_sentence("a été ajouté depuis à ce qu'il avait créé", added))


def _sentence(words: str, things: Sequence[str]) -> str:
    named = ", ".join(things[:NAMED])
    others = f" et {len(things) - NAMED} autres" if len(things) > NAMED else ""
    return f"Impossible d'annuler cet import, car ceci {words} : {named}{others}."


def _noun(label: str) -> str:
    return str(apps.get_model(label)._meta.verbose_name)


def _put_back(entry: dict[str, Any], actor: User | None, reason: str) -> None:
    model = apps.get_model(entry["model"])
    row = model._base_manager.filter(pk=entry["pk"]).first()
    if entry["before"] is None:
        if row is not None:
            _remember(row, actor, reason)
            row.delete()
        return
    fields = values_from(model, entry["before"])
    if row is None:
        row = model(**fields)
        _remember(row, actor, reason)
        row.save(force_insert=True)
        return
    if isinstance(row, Versioned):
        # Whoever has the row open must see that it moved.
        fields["version"] = row.version + 1
    for name, value in fields.items():
        setattr(row, name, value)
    _remember(row, actor, reason)
    row.save()


def _remember(row: models.Model, actor: User | None, reason: str) -> None:
    """What django-simple-history writes beside the change."""
    row._history_user = actor  # type: ignore[attr-defined]
    row._change_reason = reason  # type: ignore[attr-defined]
