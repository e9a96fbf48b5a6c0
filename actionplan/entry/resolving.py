"""What the words of the grid name: levels and organisations that exist, or that are to be created.

Nothing is written here. What is new is created only if somebody ticks it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches

from actionplan.entry.reading import code_and_title
from actionplan.models import Objective, Orientation
from core.formats import plain_key
from partners.models import Organisation

LONGEST_TITLE, LONGEST_CODE, LONGEST_NAME = 250, 10, 200


@dataclass(eq=False)
class Level:
    """A level named in the grid; ``row`` None: to be created, under ``above``."""

    kind: str
    code: str
    title: str
    above: Level | None = None
    row: Orientation | Objective | None = None
    below: list[Level] = field(default_factory=list)

    @property
    def key(self) -> str:
        """What a ticked box sends back."""
        own = plain_key(f"{self.code} {self.title}")
        return f"{self.above.key}/{own}" if self.above else f"{self.kind}:{own}"

    def __str__(self) -> str:
        dot = "." if self.code and self.kind == "orientation" else ""
        return f"{self.code}{dot} {self.title}".strip()


class Levels:
    """The tree of the plan, as it stands and as the grid completes it.

    ``labels``: what the agreement calls « orientation », « objective » and « below ».
    """

    def __init__(
        self,
        orientations: Iterable[Orientation],
        objectives: Iterable[Objective],
        labels: dict[str, str],
    ) -> None:
        self.labels = labels
        self.top: list[Level] = [
            Level("orientation", row.code, row.title, row=row) for row in orientations
        ]
        of = {level.row.pk: level for level in self.top if level.row is not None}
        rows = list(objectives)
        under: dict[int, Level] = {}
        for row in (row for row in rows if row.parent_id is None):
            under[row.pk] = self._known("objective", row, of[row.orientation_id])
        for row in (row for row in rows if row.parent_id is not None):
            self._known("below", row, under[row.parent_id])  # type: ignore[index]

    @staticmethod
    def _known(kind: str, row: Objective, above: Level) -> Level:
        level = Level(kind, row.code, row.title, above, row)
        above.below.append(level)
        return level

    def find(self, kind: str, text: str, above: Level | None = None) -> Level:
        """By number, by title or by both; a new one is remembered for the rows that follow.

        Raises ``ValueError`` in French.
        """
        code, title = code_and_title(text)
        siblings = self.top if above is None else above.below
        label = self.labels[kind]
        for level in siblings:
            if code and level.code == code:
                if title and plain_key(title) != plain_key(level.title):
                    raise ValueError(f"Le numéro {code} est déjà celui de « {level.title} ».")
                return level
        for level in siblings:
            if title and plain_key(level.title) == plain_key(title):
                if code:
                    raise ValueError(f"« {level.title} » porte le numéro {level.code}, pas {code}.")
                return level
        if not title:
            where = f" sous « {above} »" if above else ""
            raise ValueError(
                f"{label} : aucun niveau n'a le numéro {code}{where}. Écrivez aussi son intitulé "
                "pour le créer."
            )
        self._check(kind, code, title)
        level = Level(kind, code, title, above)
        siblings.append(level)
        return level

    def _check(self, kind: str, code: str, title: str) -> None:
        if len(title) > LONGEST_TITLE or len(code) > LONGEST_CODE:
            raise ValueError(f"{self.labels[kind]} : {LONGEST_TITLE} caractères au plus.")
        elsewhere = next(
            (
                level
                for level in self.all()
                if code and level.code == code and (level.kind == "orientation") == (kind == "orientation")
            ),
            None,
        )  # fmt: skip
        if elsewhere is not None:
            raise ValueError(f"Le numéro {code} est déjà pris par « {elsewhere.title} ».")

    def all(self) -> list[Level]:
        found: list[Level] = []
        waiting = list(self.top)
        while waiting:
            level = waiting.pop(0)
            found.append(level)
            waiting[:0] = level.below
        return found

    @property
    def new(self) -> list[Level]:
        return [level for level in self.all() if level.row is None]


@dataclass(eq=False)
class Lead:
    """An organisation named in the grid; ``row`` None: to be created."""

    name: str
    row: Organisation | None = None
    close: str = ""
    """The name of one that exists and is written almost so."""

    @property
    def key(self) -> str:
        return f"lead:{plain_key(self.name)}"


class Leads:
    def __init__(self, organisations: Iterable[Organisation]) -> None:
        rows = sorted(organisations, key=lambda row: row.is_archived)
        self.known: dict[str, Lead] = {}
        for row in rows:
            self.known.setdefault(plain_key(row.name), Lead(row.name, row))
        self.names = {plain_key(row.name): row.name for row in rows}
        for row in rows:
            if row.short_name:
                self.known.setdefault(plain_key(row.short_name), self.known[plain_key(row.name)])

    def find(self, text: str) -> Lead:
        """By its name or its short name. Raises ``ValueError`` in French."""
        key = plain_key(text)
        if key not in self.known:
            if len(text) > LONGEST_NAME:
                raise ValueError(f"Nom de structure : {LONGEST_NAME} caractères au plus.")
            close = get_close_matches(key, self.names, n=1, cutoff=0.82)
            self.known[key] = Lead(text, close=self.names[close[0]] if close else "")
        return self.known[key]

    @property
    def new(self) -> list[Lead]:
        return [lead for lead in dict.fromkeys(self.known.values()) if lead.row is None]
