"""A plan typed or pasted as a table: what each cell says, read as people write it.

No database here: ``resolving`` finds what the words name, ``actionplan.services.entry`` writes.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from actionplan.models import ActionStatus
from agreements.models import Agreement
from core.dates import last_day
from core.formats import MONTHS, plain_key

MOST_LINES = 100
BLANK_LINES = 24
MORE_LINES = 10


@dataclass(frozen=True)
class EntryColumn:
    """``name`` in the address of the form; ``also``: what the heading of a pasted table may say."""

    name: str
    title: str
    also: tuple[str, ...] = ()
    width: str = "normal"
    has_list: bool = False


def columns(agreement: Agreement) -> list[EntryColumn]:
    """Under the names that the agreement gives to its levels, and no more levels than it has."""
    found = [
        EntryColumn(
            "orientation",
            agreement.orientation_label,
            ("axe", "orientation", "enjeu"),
            "wide",
            True,
        )
    ]
    if agreement.uses_objectives:
        found.append(
            EntryColumn(
                "objective",
                agreement.objective_label,
                ("objectif", "objectif general"),
                "wide",
                True,
            )
        )
    if agreement.uses_sub_objectives:
        found.append(
            EntryColumn(
                "below",
                agreement.sub_objective_label,
                ("objectif operationnel", "sous objectif"),
                "wide",
                True,
            )
        )
    return [
        *found,
        EntryColumn("code", "N°", ("numero", "n", "code", "no"), "code"),
        EntryColumn("title", "Titre", ("action", "intitule", "fiche action", "nom de l'action"), "wide"),
        EntryColumn("summary", "En une phrase", ("description", "resume", "contenu"), "widest"),
        EntryColumn("lead", "Structure pilote", ("pilote", "porteur", "structure porteuse", "responsable"), "wide", True),
        EntryColumn("due", "Échéance", ("date", "date de fin", "fin", "calendrier", "delai"), "narrow"),
        EntryColumn("status", "Statut", ("etat", "avancement"), "narrow", True),
    ]  # fmt: skip


@dataclass
class EntryLine:
    """A row as it was typed, and what is wrong in each of its cells."""

    cells: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def is_blank(self) -> bool:
        return not any(self.cells.values())


# --- Pasting ----------------------------------------------------------------------------------
def pasted(text: str, shape: Sequence[EntryColumn]) -> list[dict[str, str]]:
    """Rows copied from a spreadsheet. With headings, columns go where their names say; without,
    they are taken in the order of the grid. Cells of several lines (between quotes) hold together."""
    rows = [[plain(cell) for cell in row] for row in _rows(text)]
    rows = [row for row in rows if any(row)]
    if not rows:
        return []
    order: list[str | None] = [column.name for column in shape]
    found = [_column(cell, shape) for cell in rows[0]]
    if sum(name is not None for name in found) >= 2:
        order, rows = found, rows[1:]
    return [
        {name: cell for name, cell in zip(order, row, strict=False) if name is not None}
        for row in rows
    ]


def plain(text: str) -> str:
    """On one line, without what a database refuses."""
    return " ".join(text.replace("\x00", "").split())


def _rows(text: str) -> list[list[str]]:
    separator = "\t" if "\t" in text else ";"
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    try:
        if text.count('"') % 2 == 0:
            return list(csv.reader([f"{line}\n" for line in lines], delimiter=separator))
    except csv.Error:
        pass  # a quote that is an ordinary character
    return [line.split(separator) for line in lines]


def _column(heading: str, shape: Sequence[EntryColumn]) -> str | None:
    key = plain_key(heading).rstrip(".:* ")
    for column in shape:
        if key in {plain_key(column.title), *column.also, column.name}:
            return column.name
    return None


# --- Levels -----------------------------------------------------------------------------------
NUMBERED = re.compile(r"^(?P<code>\d{1,3}(?:\.\d{1,3}){0,3})\s*(?:[.)°:–-]\s*|\s+|$)(?P<title>.*)$")
NAMED = re.compile(
    r"^(?:axe|orientation|objectif|enjeu|objectif operationnel)\s+(?=\d)", re.IGNORECASE
)


def code_and_title(text: str) -> tuple[str, str]:
    """« 1.2 – Développer l'offre » → (« 1.2 », « Développer l'offre »); no number gives « »."""
    bare = NAMED.sub("", " ".join(text.split()))
    match = NUMBERED.match(bare)
    if match is None:
        return "", bare
    return match["code"], match["title"].strip()


# --- Dates and statuses -----------------------------------------------------------------------
MONTH_RANKS = {plain_key(name): rank for rank, name in enumerate(MONTHS, start=1)} | {
    "janv": 1, "fevr": 2, "fev": 2, "avr": 4, "juil": 7, "sept": 9, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
UNREADABLE_DATE = (
    "« {text} » ne se lit pas comme une date : écrivez 30/06/2027, « juin 2027 » ou « 2027 »."
)


def read_date(text: str) -> date:
    """« 30/06/2027 », « 2027-06-30 », « 30 juin 2027 », « juin 2027 », « 06/2027 », « T2 2027 »,
    « 2027 ». A month, a quarter or a year is its last day: a due date is a term.
    Raises ``ValueError`` in French."""
    key = plain_key(text).replace("1er", "1").removeprefix("fin ").strip(" .")
    day, month, year = _parts(key)
    if year is None or not 1900 <= year <= 2200:
        raise ValueError(UNREADABLE_DATE.format(text=text.strip()[:40]))
    try:
        return date(year, month, day) if day else last_day(year, month)
    except ValueError:
        raise ValueError(UNREADABLE_DATE.format(text=text.strip()[:40])) from None


def _parts(key: str) -> tuple[int, int, int | None]:
    """Day (0: the last of the month), month, year (None: not a date)."""
    if match := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})(?: 00:00(?::00)?)?", key):
        return int(match[3]), int(match[2]), int(match[1])
    if match := re.fullmatch(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4}|\d{2})", key):
        year = int(match[3])
        return int(match[1]), int(match[2]), year + 2000 if year < 100 else year
    if match := re.fullmatch(r"(\d{1,2})[/.\-](\d{4})", key):
        return 0, int(match[1]), int(match[2])
    if match := re.fullmatch(r"(?:(\d{1,2}) )?([a-z]+)\.? (\d{4})", key):
        month = MONTH_RANKS.get(match[2], 0)
        return int(match[1] or 0), month, int(match[3]) if month else None
    if match := re.fullmatch(r"(?:t|trimestre )([1-4]) ?(\d{4})", key):
        return 0, 3 * int(match[1]), int(match[2])
    if match := re.fullmatch(r"(?:s|semestre )([12]) ?(\d{4})", key):
        return 0, 6 * int(match[1]), int(match[2])
    if re.fullmatch(r"\d{4}", key):
        return 0, 12, int(key)
    return 0, 0, None


STATUS_WORDS: dict[str, str] = {
    **{plain_key(label): value for value, label in ActionStatus.choices},
    "a faire": ActionStatus.PLANNED, "prevue": ActionStatus.PLANNED, "prevu": ActionStatus.PLANNED,
    "non commencee": ActionStatus.PLANNED, "a demarrer": ActionStatus.PLANNED, "a lancer": ActionStatus.PLANNED,
    "commencee": ActionStatus.IN_PROGRESS, "engagee": ActionStatus.IN_PROGRESS, "lancee": ActionStatus.IN_PROGRESS,
    "realise": ActionStatus.DONE, "faite": ActionStatus.DONE, "fait": ActionStatus.DONE,
    "terminee": ActionStatus.DONE, "termine": ActionStatus.DONE, "suspendue": ActionStatus.PAUSED,
    "a arbitrer": ActionStatus.TO_DISCUSS, "a l'etude": ActionStatus.TO_DISCUSS,
}  # fmt: skip
TO_EXPLAIN = {
    ActionStatus.BLOCKED: "Une action bloquée s'explique : saisissez-la « en cours », puis changez son statut sur sa fiche.",
    ActionStatus.DROPPED: "Un abandon s'explique : saisissez l'action « à discuter », puis changez son statut sur sa fiche.",
}  # fmt: skip


def read_status(text: str) -> str:
    """Empty is « à venir ». Raises ``ValueError`` in French."""
    if not text.strip():
        return ActionStatus.PLANNED
    status = STATUS_WORDS.get(plain_key(text))
    if status is None:
        known = ", ".join(s.label for s in ActionStatus if s not in TO_EXPLAIN)
        raise ValueError(f"« {text.strip()[:40]} » n'est pas un statut : {known}.")
    if status in TO_EXPLAIN:
        raise ValueError(TO_EXPLAIN[ActionStatus(status)])
    return status
