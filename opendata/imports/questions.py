"""What a file does not say and only a person can: the reason, and the option that answers it."""

from __future__ import annotations

from core.errors import DomainError

YEAR, REPAIR_CODES, MATCH_NAMES, BESIDE = "year", "repair_codes", "match_names", "beside"

FLAGS = {
    YEAR: "Donnez l'année : « --year 2023 ».",
    REPAIR_CODES: "Si les zéros peuvent être remis : « --repair-codes ».",
    MATCH_NAMES: "Si les noms suffisent : « --match-names ».",
    BESIDE: "Donnez les deux fichiers : « import_data effectifs.csv annuaire.csv ».",
}
"""How the command answers; the page asks the same as plain choices."""


class Question(DomainError):
    """The file is refused as long as nobody has answered. ``option`` is a key of ``FLAGS``."""

    def __init__(self, reason: str, option: str) -> None:
        super().__init__(reason)
        self.option = option

    @property
    def for_the_command(self) -> str:
        return f"{self.message} {FLAGS[self.option]}"
