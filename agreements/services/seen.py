"""Two people on one small row that carries no version: what each had under the eyes is a mark of
the row's values, and a save over another mark is refused like a save over another version."""

from __future__ import annotations

import hashlib

from django.db import models

from core.errors import StaleObject


def mark_of(row: models.Model) -> str:
    """A short fingerprint of what a person may change in the row."""
    values = [
        f"{field.attname}={field.value_to_string(row)}"
        for field in row._meta.concrete_fields
        if field.editable and not field.primary_key
    ]
    return hashlib.sha256("\n".join(values).encode()).hexdigest()[:16]


def check_seen(row: models.Model, seen: str | None) -> None:
    """Lock the row, and raise ``StaleObject`` when it is not what was ``seen``. None: nobody read
    it before. The object raised carries the present mark as its ``version``, for the form."""
    if seen is None:
        return
    current = type(row)._base_manager.select_for_update(of=("self",)).get(pk=row.pk)
    mark = mark_of(current)
    if mark != seen:
        current.version = mark  # type: ignore[attr-defined]
        raise StaleObject(current)
