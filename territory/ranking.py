"""From dots to a ranking: pure arithmetic, so that any workshop can be checked by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from core.formats import plural
from territory.models import Challenge

Priority = Challenge.Priority


@dataclass(frozen=True)
class Ranked:
    """One challenge: its dots, its rank (1 is first), whether it shares it, the priority proposed."""

    key: int
    votes: int
    rank: int
    is_tied: bool
    proposal: Priority


def ranking(votes: Mapping[int, int]) -> list[Ranked]:
    """Challenges by dots. Equal dots share a rank, and the next rank is skipped (1, 2, 2, 4).

    Only what was submitted is here: a challenge without a count has no rank.
    """
    ordered = sorted(votes.items(), key=lambda item: (-item[1], item[0]))
    rows = []
    for key, count in ordered:
        rank = 1 + sum(other > count for other in votes.values())
        tied = sum(other == count for other in votes.values()) > 1
        rows.append(Ranked(key, count, rank, tied, proposal(rank, count, len(votes))))
    return rows


def proposal(rank: int, votes: int, submitted: int) -> Priority:
    """The first third is « prioritaire », the second « important », the rest « à suivre ».

    A tie goes to the better third, and a challenge that nobody chose is « à suivre ». It is only a
    proposal: the coordinator changes it, challenge by challenge, before it is kept.
    """
    if votes == 0 or 3 * (rank - 1) >= 2 * submitted:
        return Priority.LOW
    return Priority.HIGH if 3 * (rank - 1) < submitted else Priority.MEDIUM


@dataclass(frozen=True)
class Count:
    """The dots counted, beside those that were handed out (None: not known)."""

    counted: int
    expected: int | None

    @property
    def is_right(self) -> bool:
        return self.expected is None or self.counted == self.expected

    @property
    def sentence(self) -> str:
        told = f"{plural(self.counted, 'gommette comptée', 'gommettes comptées')}"
        if self.expected is None:
            return (
                f"{told}. Le total n'est pas vérifié : indiquez le nombre de participants et de "
                "gommettes par personne."
            )
        told = f"{told} sur {self.expected} distribuées"
        if self.counted < self.expected:
            missing = plural(self.expected - self.counted, "gommette")
            return (
                f"{told} : {missing} n'ont pas été posées ou pas été comptées."
                if (self.expected - self.counted > 1)
                else f"{told} : {missing} n'a pas été posée ou pas été comptée."
            )
        if self.counted > self.expected:
            extra = plural(self.counted - self.expected, "gommette")
            return f"{told} : {extra} de trop, recomptez les cartes ou le nombre de participants."
        return f"{told} : le compte est juste."


def count(votes: Iterable[int], participants: int | None, dots_each: int | None) -> Count:
    known = participants is not None and dots_each is not None
    return Count(sum(votes), participants * dots_each if known else None)  # type: ignore[operator]
