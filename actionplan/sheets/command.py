"""The import of a plan without a browser: the same steps as on the page, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from actionplan.sheets.kind import WHOLE
from actionplan.sheets.known import ORGANISATION, PERSON
from agreements.models import Agreement, ImportRun
from agreements.services import imports
from core.errors import DomainError
from core.formats import plain_key
from core.sheets import Choices, Columns, Page, Report, propose
from core.sheets.declaration import KEY_TITLE

WORDS = {"organisations": ORGANISATION, "people": PERSON}
UNDECIDED = (
    "Des cellules ont changé dans le fichier et dans l'application : dites laquelle garder"
    " (--both file ou --both app). Rien n'est écrit."
)


@dataclass(frozen=True)
class Asked:
    """What the command was told. ``columns``: title → our column, empty to leave it out."""

    dry_run: bool = False
    create: frozenset[str] = frozenset()
    both: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class Outcome:
    """What was done, or would be; ``reason`` says why it was not."""

    report: Report
    columns: dict[str, dict[str, Any]]
    dry_run: bool
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    names: tuple[str, ...] = ()
    reason: str = ""

    @property
    def left_out(self) -> list[str]:
        return [name.label for name in self.report.unknown if name.label not in self.names]

    def left_out_sentences(self) -> list[str]:
        names = ", ".join(f"« {name} »" for name in self.left_out)
        return [f"Noms inconnus, laissés de côté (voir --create) : {names}."] if names else []

    def as_json(self) -> dict[str, Any]:
        report = self.report
        return {
            "created": self.created,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "refused": len(report.refused),
            "columns": self.columns,
            "dry_run": self.dry_run,
            "changes": [
                {
                    "sheet": change.sheet.name, "line": change.line, "label": change.label,
                    "new": change.is_new,
                    "cells": [
                        {"column": c.column, "old": c.old, "new": c.new, "both": c.both}
                        for c in change.differences
                    ],
                }
                for change in [*report.created, *report.changed, *report.both]
            ],
            "refusals": [
                {"sheet": r.place, "line": r.line, "column": r.column, "message": r.message}
                for r in report.refused
            ],
            "left_out": self.left_out,
            "created_names": list(self.names),
            "notes": report.notes,
            **({"reason": self.reason} if self.reason else {}),
        }  # fmt: skip


@transaction.atomic
def import_plan(agreement: Agreement, data: bytes, file_name: str, asked: Asked) -> Outcome:
    """Raises ``core.sheets.Unreadable`` and ``DomainError`` for a file that is none of a plan."""
    run = imports.receive(agreement, kind=WHOLE, data=data, file_name=file_name, actor=None)
    if not _is_ours(imports.pages_of(run)):
        imports.choose_columns(run, _columns(run, asked), actor=None)
    imports.keep_options(run, asked.options)
    looked = imports.compared(run, actor=None)
    create = frozenset(
        name.identifier
        for name in looked.report.unknown
        if name.kind in {WORDS[word] for word in asked.create}
    )
    outcome = Outcome(looked.report, _told(looked), asked.dry_run)
    if looked.report.both and asked.both is None and not looked.refused:
        outcome.reason = UNDECIDED
        transaction.set_rollback(True)
        return outcome
    choices = Choices(default="file" if asked.both == "file" else "app", create=create)
    found = imports.apply(run, actor=None, choices=choices)
    outcome.report = found.report
    if found.refused:
        outcome.reason = "Rien n'est écrit : corrigez le fichier, puis relancez."
        outcome.created, outcome.changed = len(found.report.created), len(found.report.changed)
        outcome.unchanged = found.report.unchanged
    else:
        counts = found.run.counts
        outcome.created, outcome.changed = counts["created"], counts["changed"]
        outcome.names = tuple(counts["names"])
        standing = {(c.sheet.name, c.key) for c in [*found.report.changed, *found.report.both]}
        outcome.unchanged = found.report.unchanged + len(standing) - outcome.changed
    if found.refused or asked.dry_run:
        transaction.set_rollback(True)
    return outcome


def _is_ours(pages: list[Page]) -> bool:
    key = plain_key(KEY_TITLE)
    return any(plain_key(title) == key for page in pages for title in page.titles.values())


def _columns(run: ImportRun, asked: Asked) -> Columns:
    """The page that looks most like the plan, and those that look like its other sheets."""
    sheets = imports.sheets_for_columns(run, actor=None)
    memory = imports.remembered(run.agreement, run.kind)
    memory |= {plain_key(title): key for title, key in asked.columns.items()}
    found: dict[str, tuple[str, dict[int, str]]] = {}
    taken: set[str] = set()
    for page in imports.pages_of(run):
        proposed = [(sheet, propose(page, sheet, memory)) for sheet in sheets]
        fitting = [
            (len(columns), -rank, sheet.name, columns)
            for rank, (sheet, columns) in enumerate(proposed)
            if set(sheet.identity) <= set(columns.values()) and sheet.name not in taken
        ]
        if fitting:
            _, _, name, columns = max(fitting, key=lambda one: one[:2])
            found[page.name] = (name, columns)
            taken.add(name)
    if not found:
        raise DomainError(
            "Aucune colonne ne dit le titre des actions : nommez-la (--column TITRE=title)."
        )
    return found


def _told(looked: imports.Preview) -> dict[str, dict[str, Any]]:
    """Page → the sheet that it feeds, and for each of its titles the column that it is, or null."""
    pages = {page.name: page for page in imports.pages_of(looked.run)}
    found = {}
    for table in looked.tables:
        by_rank = {rank: table.sheet.column(key).title for key, rank in table.ranks.items()}
        titles = pages[table.name].titles if table.name in pages else {}
        found[table.name] = {
            "sheet": table.sheet.name,
            "columns": {title: by_rank.get(rank) for rank, title in titles.items()},
        }
    return found
