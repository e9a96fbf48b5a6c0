"""Sums where what is unknown is not zero."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal


def add(values: Iterable[Decimal | None]) -> Decimal | None:
    """The sum of what is known; None when nothing is."""
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) if known else None
