"""Refusals that a user can act upon. Their text is French and is shown as it is."""

from __future__ import annotations

from typing import Any


class DomainError(Exception):
    """A rule of the domain refuses what was asked.

    ``field`` names the form field beside which the sentence belongs, if there is one.
    """

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class StaleObject(DomainError):
    """Somebody saved the same object since it was read; ``current`` is what stands now."""

    def __init__(self, current: Any) -> None:
        super().__init__(
            "Quelqu'un a enregistré cette fiche pendant que vous la modifiiez. "
            "Comparez les deux versions, puis enregistrez celle que vous voulez garder."
        )
        self.current = current
