"""A workbook from its upload to its undoing: looked at, applied in one transaction, undone whole.

What the preview shows is what is written: the file is compared anew when it is applied, and shown
again if anything has moved since. What was written is kept for thirty days, so that it can be undone
as long as nobody has changed it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from agreements import import_kinds
from agreements.import_kinds import Filled, ImportKind, SheetsOf
from agreements.models import Agreement, ColumnMemory, ImportRun
from agreements.services.journal import record
from agreements.services.recording import Recorder, recording
from agreements.services.undoing import UNDO_DAYS, can_still_undo, undo
from core.errors import DomainError
from core.formats import plain_key, plural
from core.sheets import (
    Change,
    Choices,
    Columns,
    NotOurs,
    Page,
    Refusal,
    Report,
    Sheet,
    Table,
    attempt,
    compare,
    inspect,
    read,
)

WAITS = timedelta(days=7)
"""How long the file of an import that nobody confirms is kept."""
NOT_WAITING = "Ce fichier n'est plus à confirmer : il a été importé ou abandonné."
LONGEST_NAME = 200
LONGEST_TITLE = 200


class PreviewMoved(DomainError):
    """What would be written is no longer what was shown."""

    def __init__(self) -> None:
        super().__init__(
            "Des données ont changé depuis l'aperçu : voici ce que ferait le fichier maintenant."
            " Rien n'est encore écrit."
        )


@dataclass
class Preview:
    """What the file would do. ``refused`` empty: it can be applied."""

    run: ImportRun
    kind: ImportKind
    report: Report
    filled: Filled
    tables: list[Table]
    shown: str
    """Print of the report, services apart: given back when applying."""
    tried: int = 0
    untried: int = 0
    """Lines too many to be tried now: they are when the file is applied."""
    writes_levels: bool = False

    @property
    def refused(self) -> list[Refusal]:
        return self.report.refused

    @property
    def can_apply(self) -> bool:
        return not self.refused and (self.writes_levels or not self.report.changes_nothing)

    @property
    def is_ours(self) -> bool:
        """The workbook left the application, or has its columns and no other."""
        return any(table.has_keys for table in self.tables) or not self.report.ignored


# --- Receiving --------------------------------------------------------------------------------
@transaction.atomic
def receive(
    agreement: Agreement, *, kind: str, data: bytes, file_name: str, actor: User | None
) -> ImportRun:
    """Keep the file while a person decides. Raises ``core.sheets.Unreadable`` for none of a table."""
    import_kinds.get(kind)
    inspect(data, file_name)
    purge(agreement)
    return ImportRun.objects.create(
        agreement=agreement, kind=kind, file_name=_short(file_name), data=data,
        sha256=hashlib.sha256(data).hexdigest(), created_by=actor,
    )  # fmt: skip


def _short(file_name: str) -> str:
    """The end of a name says what the file is."""
    name = file_name.rpartition("/")[2].rpartition("\\")[2].replace("\x00", "")
    return name if len(name) <= LONGEST_NAME else f"{name[:180]}…{name[-18:]}"


def set_aside(run: ImportRun) -> None:
    """Forget a file that nobody applied. Raises ``DomainError`` for one that was."""
    waiting = ImportRun.objects.filter(pk=run.pk, state=ImportRun.State.WAITING)
    if not waiting.update(state=ImportRun.State.SET_ASIDE, data=b"", choices={}):
        raise DomainError(NOT_WAITING)


def purge(agreement: Agreement | None = None) -> int:
    """Forget the files that nobody confirmed in a week, and what can no longer be undone: what was
    there before may name people. Returns how many imports were touched."""
    runs = (
        ImportRun.objects.all()
        if agreement is None
        else ImportRun.objects.filter(agreement=agreement)
    )
    now = timezone.now()
    forgotten = runs.filter(state=ImportRun.State.WAITING, created_at__lt=now - WAITS).update(
        state=ImportRun.State.SET_ASIDE, data=b"", choices={}
    )
    old = runs.filter(applied_at__lt=now - timedelta(days=UNDO_DAYS + 1)).exclude(written=[])
    return forgotten + old.update(written=[])


# --- Columns ----------------------------------------------------------------------------------
def remembered(agreement: Agreement, kind: str) -> dict[str, str]:
    """Title of a column, without accents → our column, empty for one to leave out."""
    memories = ColumnMemory.objects.filter(agreement=agreement, kind=kind)
    return dict(memories.values_list("title_key", "column"))


def remember(agreement: Agreement, kind: str, mapping: Mapping[str, str]) -> None:
    """Keep what a person chose for each title; the last choice wins."""
    kept = {plain_key(title)[:LONGEST_TITLE]: column for title, column in mapping.items()}
    ColumnMemory.objects.bulk_create(
        [
            ColumnMemory(agreement=agreement, kind=kind, title_key=title, column=column)
            for title, column in kept.items()
            if title
        ],
        update_conflicts=True,
        unique_fields=["agreement", "kind", "title_key"],
        update_fields=["column"],
    )


def pages_of(run: ImportRun) -> list[Page]:
    return inspect(bytes(run.data), run.file_name)


def sheets_for_columns(run: ImportRun, *, actor: User | None) -> list[Sheet]:
    """The sheets that the columns of someone else's workbook may feed."""
    kind = import_kinds.get(run.kind)
    return list((kind.foreign or kind.sheets)(run.agreement, {}, actor=actor).sheets)


@transaction.atomic
def choose_columns(run: ImportRun, columns: Columns, *, actor: User | None) -> None:
    """Keep which column is which, for this file and for the next ones of the same titles.

    Raises ``DomainError`` when a required column, or what identifies a line, is not there.
    """
    sheets = {sheet.name: sheet for sheet in sheets_for_columns(run, actor=actor)}
    if not columns:
        raise DomainError("Choisissez au moins une feuille à lire.")
    for page, (name, chosen) in columns.items():
        _check_columns(page, sheets[name], chosen)
    titles = {page.name: page.titles for page in pages_of(run)}
    told: dict[str, str] = {}
    for page, (_, chosen) in columns.items():
        for rank, title in titles.get(page, {}).items():
            told[title] = chosen.get(rank, "")
    remember(run.agreement, run.kind, told)
    run.columns = {
        page: [name, {str(rank): key for rank, key in chosen.items()}]
        for page, (name, chosen) in columns.items()
    }
    run.save(update_fields=["columns"])


def _check_columns(page: str, sheet: Sheet, chosen: Mapping[int, str]) -> None:
    keys = list(chosen.values())
    missing = [column.title for column in sheet.columns if column.key in sheet.identity and column.key not in keys]  # fmt: skip
    if missing:
        words = " et ".join(f"« {title} »" for title in missing)
        raise DomainError(f"Feuille « {page} » : choisissez la colonne {words}.")
    twice = sorted(
        {
            sheet.column(key).title
            for key in keys
            if keys.count(key) > 1 and not sheet.column(key).many
        }
    )
    if twice:
        raise DomainError(f"Feuille « {page} » : « {twice[0]} » est choisi pour deux colonnes.")


def columns_of(run: ImportRun) -> Columns | None:
    if not run.columns:
        return None
    return {
        page: (name, {int(rank): key for rank, key in chosen.items()})
        for page, (name, chosen) in run.columns.items()
    }


# --- Options ----------------------------------------------------------------------------------
def options_of(run: ImportRun) -> dict[str, Any]:
    """What was answered of ``ImportKind.options``, as JSON holds it."""
    return dict(run.choices.get("options", {}))


def keep_options(run: ImportRun, options: Mapping[str, Any]) -> None:
    """Keep the answers beside the file: the preview that follows obeys them."""
    run.choices = {**run.choices, "options": dict(options)}
    run.save(update_fields=["choices"])


# --- Looking ----------------------------------------------------------------------------------
def preview(run: ImportRun, *, actor: User | None) -> Preview:
    """Read, compare, and try each line against the rules; nothing stays written.

    Raises ``core.sheets.NotOurs`` when a person has to say which column is which, and
    ``core.sheets.Unreadable`` for a file that holds none of our tables.
    """
    found = compared(run, actor=actor)
    with transaction.atomic():
        names = frozenset(name.identifier for name in found.report.unknown)
        _try(found, Choices(default="file", create=names), actor=actor)
        transaction.set_rollback(True)
    return found


def compared(run: ImportRun, *, actor: User | None) -> Preview:
    """The file beside what stands; no line is tried."""
    columns = columns_of(run)
    filled = _sheets_of(run)(run.agreement, {}, actor=actor)
    tables = read(bytes(run.data), run.file_name, filled.sheets, columns)
    if any(column.list_from for sheet in filled.sheets for column in sheet.columns):
        return _compared_anew(run, tables, actor=actor)
    return _compared(run, tables, filled)


def _sheets_of(run: ImportRun) -> SheetsOf:
    kind = import_kinds.get(run.kind)
    return kind.foreign if run.columns and kind.foreign is not None else kind.sheets


def _compared_anew(run: ImportRun, tables: list[Table], *, actor: User | None) -> Preview:
    """The lines already read, beside the sheets as they stand by now."""
    new = {table.sheet.name: tuple(table.texts(table.sheet.identity[0])) for table in tables}
    filled = _sheets_of(run)(run.agreement, new, actor=actor)
    by_name = {sheet.name: sheet for sheet in filled.sheets}
    bound = [replace(table, sheet=by_name[table.sheet.name]) for table in tables]
    return _compared(run, bound, filled)


def _compared(run: ImportRun, tables: list[Table], filled: Filled) -> Preview:
    kind = import_kinds.get(run.kind)
    order = [sheet.name for sheet in filled.sheets]
    if kind.adapt is None:
        report = compare(tables, order)
    else:
        adapted = kind.adapt(filled, tables, options_of(run))
        filled = adapted.filled
        report = compare(adapted.tables, order)
        report.refused = [*adapted.refused, *report.refused]
        report.notes += adapted.notes
    if kind.check is not None:
        kind.check(filled, report)
    return Preview(run, kind, report, filled, tables, report.fingerprint())


def _try(found: Preview, choices: Choices, *, actor: User | None) -> None:
    """Write what ``choices`` gives, in the transaction of the caller, who undoes it."""
    only_known = bool(found.refused)  # a new line may rest on one that is refused
    with recording() as recorder:
        written = _write(
            found, choices, actor=actor, limit=found.kind.trial, recorder=recorder,
            only_known=only_known,
        )  # fmt: skip
    found.tried, found.untried = len(written), 0
    if not found.refused:
        found.untried = max(0, len(found.report.to_write(choices)) - len(written))


def _write(
    found: Preview,
    choices: Choices,
    *,
    actor: User | None,
    recorder: Recorder,
    limit: int | None,
    only_known: bool = False,
) -> list[Change]:
    """Names, then levels, then lines. What is refused is added to the report; the caller undoes.

    ``only_known``: a preview of a file refused already tries the rows that stand, so that all its
    errors are told at once.
    """
    current = found
    named = [name for name in found.report.unknown if name.identifier in choices.create]
    try:
        for name in named:
            creator = found.kind.creates[name.kind]
            creator.create(found.run.agreement, name.label, actor=actor)
    except DomainError as error:
        page, line = name.places[0]
        found.report.refused.append(
            Refusal(
                page, line, name.column, f"« {name.label} » : {error.message.rstrip('.')}", page
            )
        )
        return []
    if named:
        current = _compared_anew(found.run, found.tables, actor=actor)
    if found.report.level_only and found.kind.write_levels is not None and not only_known:
        before = len(recorder.entries)
        try:
            found.kind.write_levels(current.filled, current.report.level_only, actor)
        except DomainError as error:
            row = found.report.level_only[0]
            found.report.refused.append(
                Refusal(row.sheet.name, row.line, "", error.message.rstrip("."), row.page)
            )
            return []
        found.writes_levels = len(recorder.entries) > before
    found.report.refused += current.report.missing(choices)
    if found.refused and not only_known:
        return []
    changes = [
        change for change in current.report.to_write(choices) if change.key or not only_known
    ]
    writer = found.kind.writer(current.filled, changes, actor=actor)
    tried = changes if limit is None else changes[:limit]
    found.report.refused += attempt(tried, writer, dry_run=False)
    return tried


# --- Writing ----------------------------------------------------------------------------------
@transaction.atomic
def apply(
    run: ImportRun, *, actor: User | None, choices: Choices | None = None, shown: str | None = None
) -> Preview:
    """Write the file, all or nothing; ``refused`` of what is returned tells why nothing was.

    ``shown``: the print of the preview that the person read; raises ``PreviewMoved`` when what would
    be written is another thing by now. Raises ``DomainError`` for a file already applied.
    """
    choices = choices or Choices()
    run = ImportRun.objects.select_for_update().get(pk=run.pk)
    if run.state != ImportRun.State.WAITING:
        raise DomainError(NOT_WAITING)
    kind = import_kinds.get(run.kind)
    if kind.lock is not None:
        kind.lock(run.agreement)
    found = compared(run, actor=actor)
    if shown is not None and shown != found.shown:
        raise PreviewMoved
    if found.refused:
        return found
    with recording() as recorder:
        written = _write(found, choices, actor=actor, recorder=recorder, limit=None)
        if found.refused:
            transaction.set_rollback(True)
            return found
        run.written = recorder.finish()
    _close(run, found, written, choices, actor)
    return found


def _close(
    run: ImportRun, found: Preview, written: list[Change], choices: Choices, actor: User | None
) -> None:
    created = sum(change.is_new for change in written)
    run.counts = {
        "created": created,
        "changed": len(written) - created,
        "unchanged": found.report.unchanged,
        "kept": sum(
            not choices.takes_file(difference)
            for change in found.report.both
            for difference in change.differences
        ),
        "names": [n.label for n in found.report.unknown if n.identifier in choices.create],
        "ignored": found.report.ignored,
        "lines": [f"{change.label} ({change.place})" for change in written[:LISTED]],
    }
    run.choices |= {"cells": dict(choices.cells), "default": choices.default, "create": sorted(choices.create)}  # fmt: skip
    run.state, run.data, run.applied_at = ImportRun.State.APPLIED, b"", timezone.now()
    run.save()
    found.run = run
    record(
        run.agreement, actor=actor, verb="import", target=run,
        sentence=f"a importé le fichier « {run.file_name} » ({found.kind.label}) : {tally_words(run.counts)}",
    )  # fmt: skip


LISTED = 50


def tally_words(counts: Mapping[str, Any]) -> str:
    """« 3 lignes créées, 1 ligne modifiée »."""
    return (
        f"{plural(counts.get('created', 0), 'ligne créée', 'lignes créées')},"
        f" {plural(counts.get('changed', 0), 'ligne modifiée', 'lignes modifiées')}"
    )


__all__ = [
    "NotOurs",
    "Preview",
    "PreviewMoved",
    "apply",
    "can_still_undo",
    "choose_columns",
    "columns_of",
    "compared",
    "keep_options",
    "options_of",
    "pages_of",
    "preview",
    "purge",
    "receive",
    "recording",
    "remember",
    "remembered",
    "set_aside",
    "sheets_for_columns",
    "undo",
]  # fmt: skip
