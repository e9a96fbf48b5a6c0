"""What may be written on « L'élu en trois minutes » : how many sentences, how long, and no amount.

The page goes out by a link to people without an account: no amount of anybody stands on it
(docs/decisions/three-minutes.md).
"""

from __future__ import annotations

from committees.models.briefs import LONGEST, MOST

INDICATOR, MEASURE = "indicator:", "measure:"
"""How the key of a chosen figure begins."""

__all__ = ["INDICATOR", "LONGEST", "MEASURE", "MOST"]
