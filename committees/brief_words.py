"""What may be written on « L'élu en trois minutes » : how many sentences, how long, and no amount.

The page goes out by a link to people without an account: no amount of anybody stands on it
(docs/decisions/three-minutes.md).
"""

from __future__ import annotations

import re

from committees.models.briefs import LONGEST, MOST

MONEY = re.compile(r"€|\beuros?\b|\bEUR\b|\bk€", re.IGNORECASE)
INDICATOR, MEASURE = "indicator:", "measure:"
"""How the key of a chosen figure begins."""

__all__ = ["INDICATOR", "LONGEST", "MEASURE", "MOST", "names_money"]


def names_money(text: str) -> bool:
    """Does the text speak of an amount in euros? What it is of cannot be told by a program."""
    return bool(MONEY.search(text))
