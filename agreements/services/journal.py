"""The journal: one sentence per act, with old and new values."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models

from accounts.models import User
from agreements.models import Agreement, JournalEntry


def actor_label(actor: User | None) -> str:
    return str(actor) if actor else "Fil rouge"


def record(
    agreement: Agreement,
    *,
    actor: User | None,
    verb: str,
    sentence: str,
    target: models.Model | None = None,
    changes: list[dict[str, str]] | None = None,
    reason: str = "",
    is_internal: bool = False,
) -> JournalEntry:
    """Write one act. ``sentence`` has no subject: « a reporté l'action 2.1.4 au 30 juin 2027 ».

    ``changes`` comes from ``changes_between``. ``actor`` None is the application itself.
    """
    return JournalEntry.objects.create(
        agreement=agreement,
        actor=actor,
        actor_label=actor_label(actor),
        verb=verb,
        sentence=sentence,
        reason=reason,
        target_type=target._meta.label_lower if target is not None else "",
        target_id=target.pk if target is not None else None,
        target_label=str(target)[:300] if target is not None else "",
        changes=changes or [],
        is_internal=is_internal,
    )


def readable(value: Any) -> str:
    """A field's value as a person would say it; empty for nothing."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, datetime):
        return value.strftime("%d/%m/%Y %H:%M")
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    if isinstance(value, Decimal):
        return f"{value.normalize():f}".replace(".", ",")
    return str(value)


def changes_between(
    before: models.Model, after: models.Model, fields: list[str] | None = None
) -> list[dict[str, str]]:
    """``[{"field": "échéance", "old": "30/06/2026", "new": "30/06/2027"}]``, labels in French."""
    found = []
    for field in after._meta.concrete_fields:
        if not field.editable or field.primary_key or (fields and field.name not in fields):
            continue
        old, new = (getattr(thing, field.attname) for thing in (before, after))
        if old == new:
            continue
        if field.choices:
            labels = dict(field.flatchoices)
            old, new = labels.get(old, old), labels.get(new, new)
        elif field.is_relation:
            old, new = (getattr(thing, field.name) for thing in (before, after))
        found.append({"field": str(field.verbose_name), "old": readable(old), "new": readable(new)})
    return found
