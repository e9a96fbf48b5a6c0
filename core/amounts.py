"""Sums where what is unknown is not zero; texts that name money."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

MONEY = re.compile(r"€|\beuros?\b|\bEUR\b|\bk€", re.IGNORECASE)


def add(values: Iterable[Decimal | None]) -> Decimal | None:
    """The sum of what is known; None when nothing is."""
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) if known else None


def names_money(text: str) -> bool:
    """Does the text speak of an amount in euros? What it is of cannot be told by a program."""
    return bool(MONEY.search(text))
