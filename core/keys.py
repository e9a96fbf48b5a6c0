"""Keys of rows that an address or a form sends back as text."""

from __future__ import annotations

from collections.abc import Iterable

LONGEST = 18
"""Figures that any key holds; one more, and the database could refuse the number."""


def key_in(text: str) -> int | None:
    """The key that ``text`` writes in plain figures (« ² » is none); None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST else None


def keys_in(texts: Iterable[str]) -> set[int]:
    """Those of ``texts`` that are keys; what is not one is left out."""
    return {key for text in texts if (key := key_in(text)) is not None}
