"""For whom a text, a figure or a document is meant; every output obeys it."""

from __future__ import annotations

from django.db.models import TextChoices


class Audience(TextChoices):
    PUBLIC = "public", "Publique"
    COMMITTEE = "committee", "Membres du COPIL"
    INTERNAL = "internal", "Interne"

    @property
    def rank(self) -> int:
        """0 for everybody, higher for fewer people."""
        return list(Audience).index(self)

    def allows(self, other: Audience | str) -> bool:
        """May somebody who reads at this level read what is marked ``other``?"""
        return Audience(other).rank <= self.rank

    @property
    def readable(self) -> list[Audience]:
        """The levels that this one may read, for ``filter(audience__in=…)``."""
        return [audience for audience in Audience if self.allows(audience)]
