"""Which column of a workbook made by someone else is which of ours: proposed, a person decides."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import SequenceMatcher

from core.formats import plain_key
from core.sheets.declaration import Sheet
from core.sheets.reader import Page

CLOSE = 0.82
SMALL_WORDS = frozenset(
    "a au aux d de des du en et l la le les ou par pour s sur un une".split()  # noqa: SIM905
)
"""Words that say nothing of what a column holds."""


def propose(page: Page, sheet: Sheet, remembered: Mapping[str, str]) -> dict[int, str]:
    """Column index → column key, for the columns that can be guessed.

    By what was chosen the last time (``remembered``: title without accents → key, empty for a column
    to leave out), then by exact title or alias, then by close name. A column of ours is proposed
    once, save one of several values.
    """
    titles = {rank: plain_key(title) for rank, title in page.titles.items()}
    found: dict[int, str] = {}
    left_out = {rank for rank, title in titles.items() if remembered.get(title) == ""}

    def take(rank: int, key: str | None) -> None:
        if key not in sheet.keys or rank in found or rank in left_out:
            return
        if key in found.values() and not sheet.column(key).many:
            return
        found[rank] = key

    for known in (remembered, sheet.by_title):
        for rank, title in titles.items():
            take(rank, known.get(title) or None)
    close = [
        (likeness(title, other), rank, key)
        for rank, title in titles.items()
        if rank not in found and rank not in left_out
        for other, key in sheet.by_title.items()
    ]
    for score, rank, key in sorted(close, key=lambda one: (-one[0], one[1])):
        if score >= CLOSE and key not in found.values():
            take(rank, key)
    return found


def likeness(title: str, other: str) -> float:
    """From 0 to 1: letters in common, or all the words of the shorter within the longer."""
    one, two = _words(title), _words(other)
    if not one or not two:
        return 0.0
    letters = SequenceMatcher(None, " ".join(one), " ".join(two)).ratio()
    short, long = sorted((set(one), set(two)), key=len)
    # The fewer the other words, the surer: « pilote de l'action » is « pilote ».
    words = 0.97 - 0.04 * (len(long) - len(short)) if short <= long else 0.0
    return max(letters, words)


def _words(text: str) -> list[str]:
    """Without small words, plural marks and punctuation."""
    found = re.findall(r"[a-z0-9]+", text)
    return [word.rstrip("s") or word for word in found if word not in SMALL_WORDS]
