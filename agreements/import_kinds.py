"""What can be imported: each room declares its kinds here, as it is loaded."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from accounts.models import User
from agreements.access import Access
from agreements.models import Agreement, ImportRun
from agreements.roles import Capability
from core.sheets import Change, LevelRow, Refusal, Report, Sheet, Table


class Filled(Protocol):
    """The sheets as they stand now, and whatever the room's writer needs beside."""

    @property
    def sheets(self) -> Sequence[Sheet]: ...


NewNames = Mapping[str, tuple[str, ...]]
"""Sheet name → what the first identity column of the file's lines holds: a line may name a row that
another line of the same file creates (``SheetColumn.list_from``)."""


class SheetsOf(Protocol):
    def __call__(self, agreement: Agreement, new: NewNames, *, actor: User | None) -> Filled: ...


class WriterOf(Protocol):
    """Builds what writes one line through the room's services, raising ``DomainError``."""

    def __call__(
        self, filled: Any, changes: Sequence[Change], /, *, actor: User | None
    ) -> Callable[[Change], None]: ...


class CreateNamed(Protocol):
    """Creates what an unknown name stands for; called only when a person ticked it."""

    def __call__(self, agreement: Agreement, label: str, *, actor: User | None) -> object: ...


@dataclass(frozen=True)
class Named:
    """A kind of thing that an import may create from its name."""

    words: str
    """« organisation », « personne »."""
    create: CreateNamed


@dataclass(frozen=True)
class Adaptation:
    """The lines of a file made comparable with what stands, before they are compared.

    ``filled`` goes to the writer; ``notes`` say what was understood, ``refused`` what cannot be.
    """

    filled: Any
    tables: Sequence[Table]
    refused: Sequence[Refusal] = ()
    notes: Sequence[str] = ()


class Adapt(Protocol):
    """``options`` are the answers to ``ImportKind.options``, empty before they are given."""

    def __call__(
        self, filled: Any, tables: Sequence[Table], options: Mapping[str, Any]
    ) -> Adaptation: ...


@dataclass(frozen=True)
class ImportKind:
    """A list that goes out as a workbook and comes back."""

    key: str
    label: str
    """« le registre des équipements », as a sentence says it."""
    title: str
    """« Importer le registre »."""
    capability: Capability
    sheets: SheetsOf
    writer: WriterOf
    page: str
    """URL name of the page that the import completes; the agreement's slug is its argument."""
    upload: str
    """URL name of the page that takes the file."""
    download: str = ""
    """URL name of the export, told as the place to start from."""
    foreign: SheetsOf | None = None
    """The sheets offered for a workbook made by someone else, when they are not the same ones."""
    creates: Mapping[str, Named] = field(default_factory=dict)
    """By ``SheetColumn.creates``."""
    write_levels: Callable[[Any, Sequence[LevelRow], User | None], None] | None = None
    """Creates the levels that lines name alone, before any line is written."""
    check: Callable[[Any, Report], None] | None = None
    """The room's last word on the report, before it is shown: adds refusals or notes."""
    supervised_by: Capability | None = None
    """Set for a kind that shows each person's own rows: an import is then seen by its author only,
    and by whoever has this capability."""
    adapt: Adapt | None = None
    """The room's own manner of reading lines, when a column alone cannot say what a cell means."""
    options: Callable[..., Any] | None = None
    """A form class (``data``, ``agreement``, ``saved``, ``is_ours``) shown on the preview: what is asked once of a
    file that does not say it. Its ``as_json`` is kept, and given back as ``saved``."""
    lock: Callable[[Agreement], None] | None = None
    """Keeps the rows from being written by others until the import is, inside its transaction."""
    may_undo: Callable[[Access, ImportRun], bool] | None = None
    """The room's own rule, beside the capability: what one no longer leads is not one's to put back."""
    trial: int = 400
    """Lines that the preview tries through the services; the others are tried when applied."""
    help: str = ""


_KINDS: dict[str, ImportKind] = {}


def register(kind: ImportKind) -> ImportKind:
    """Add a kind; registering twice replaces the first."""
    _KINDS[kind.key] = kind
    return kind


def get(key: str) -> ImportKind:
    """Raises ``KeyError`` for a kind that no room declares."""
    return _KINDS[key]


def all_kinds() -> list[ImportKind]:
    return list(_KINDS.values())
