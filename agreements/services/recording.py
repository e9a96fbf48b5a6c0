"""What services write, noted as they do, so that an import can be undone.

``rows`` tells every row that it creates, changes or deletes to the recorder of the moment, if there
is one: writers need no care. A row is kept as the text of its fields, so that JSON holds it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models.deletion import Collector

from core.models import Versioned

Fields = dict[str, Any]
Entry = dict[str, Any]
"""``{"model", "pk", "before", "after"}``, as ``ImportRun.written`` holds it."""


class Recorder:
    """The rows written, in order, each as it was before."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    def note(self, row: models.Model, before: Fields | None) -> None:
        self.entries.append(
            {"model": row._meta.label_lower, "pk": row.pk, "before": before, "after": None}
        )

    def finish(self) -> list[Entry]:
        """Each entry with the print of its row as it stands at the end: services also raise
        versions and positions outside of ``rows``."""
        left = prints_now([(entry["model"], entry["pk"]) for entry in self.entries])
        for entry in self.entries:
            entry["after"] = left.get((entry["model"], entry["pk"]))
        return self.entries


_current: ContextVar[Recorder | None] = ContextVar("recorder", default=None)


@contextmanager
def recording() -> Iterator[Recorder]:
    """Note every row that services write inside."""
    recorder = Recorder()
    token = _current.set(recorder)
    try:
        yield recorder
    finally:
        _current.reset(token)


def note_created(row: models.Model) -> None:
    if recorder := _current.get():
        recorder.note(row, None)


def note_changed(before: models.Model) -> None:
    """``before`` is the row as the database holds it, before the change."""
    if recorder := _current.get():
        recorder.note(before, fields_of(before))


def note_deleting(rows: Iterable[models.Model]) -> None:
    """The rows and what goes with them, before they are deleted; a row after what hangs on it.

    ``rows`` may be a queryset: it is read only while something records.
    """
    recorder = _current.get()
    if recorder is None:
        return
    for gone in reversed(collected(list(rows))):
        recorder.note(gone, fields_of(gone))


def collected(rows: list[Any]) -> list[models.Model]:
    """The rows, then all that the database deletes with them. Raises what a protected row raises."""
    found: list[models.Model] = []
    by_model: dict[type[models.Model], list[Any]] = {}
    for row in rows:
        by_model.setdefault(type(row), []).append(row)
    for model, same in by_model.items():
        collector = Collector(using=model._base_manager.db)
        collector.collect(same)
        found += [row for held in collector.data.values() for row in held]
        found += [row for held in collector.fast_deletes for row in held]
    return list({(row._meta.label_lower, row.pk): row for row in [*rows, *found]}.values())


def fields_of(row: models.Model) -> Fields:
    """The stored fields as JSON holds them."""
    found = {}
    for field in row._meta.concrete_fields:
        value = field.value_from_object(row)
        plain = value is None or isinstance(value, bool | int | str | list | dict)
        found[field.attname] = value if plain else field.value_to_string(row)
    return found


def values_from(model: type[models.Model], fields: Fields) -> Fields:
    """The fields of ``fields_of``, as the model wants them; columns that are gone are left out."""
    known = {field.attname: field for field in model._meta.concrete_fields}
    return {
        name: known[name].to_python(value) if value is not None else None
        for name, value in fields.items()
        if name in known
    }


def print_of(row: models.Model) -> str:
    """Another print: the row is another one. Neither its version nor its date of change count: they
    move with what hangs on it."""
    told = fields_of(row)
    for field in row._meta.concrete_fields:
        if getattr(field, "auto_now", False) or (
            isinstance(row, Versioned) and field.name == "version"
        ):
            del told[field.attname]
    text = json.dumps(told, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


def prints_now(wanted: list[tuple[str, Any]]) -> dict[tuple[str, Any], str]:
    """(model, pk) → print of the row as it stands; one query a model. Rows that are gone are not in."""
    return {place: print_of(row) for place, row in rows_now(wanted).items()}


def rows_now(
    wanted: list[tuple[str, Any]], *, lock: bool = False
) -> dict[tuple[str, Any], models.Model]:
    """``lock``: nobody else writes them until the transaction ends."""
    by_model: dict[str, set[Any]] = {}
    for label, pk in wanted:
        by_model.setdefault(label, set()).add(pk)
    found: dict[tuple[str, Any], models.Model] = {}
    for label, pks in by_model.items():
        rows = apps.get_model(label)._base_manager.filter(pk__in=pks)
        for row in rows.select_for_update().order_by("pk") if lock else rows:
            found[label, row.pk] = row
    return found
