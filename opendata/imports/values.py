"""A cell of a published table: a number or the reason why there is none."""

from __future__ import annotations

import re
from collections.abc import Mapping

from opendata.models import Reason

SECRET, MISSING, NOT_APPLICABLE = (
    Reason.SECRET.value,
    Reason.MISSING.value,
    Reason.NOT_APPLICABLE.value,
)

SPACES = " \u00a0\u202f\u2009"
NUMBER = re.compile(
    rf"(?P<sign>[+\-\u2212]?)(?P<whole>\d{{1,3}}(?:[{SPACES}]\d{{3}})+|\d+|(?=[.,]\d))"
    r"(?:[.,](?P<decimals>\d+))?(?P<exponent>[eE][+-]?\d{1,2})?"
)
MAX_DIGITS = 14
"""Digits before the decimal mark that the column of values holds."""

MARKS: dict[str, str] = {
    "": MISSING,
    "s": SECRET,
    "c": SECRET,
    "secret": SECRET,
    "secret statistique": SECRET,
    "n/a - secret statistique": SECRET,
    "n/a - résultat non disponible": MISSING,
    "n/a - resultat non disponible": MISSING,
    "n/a - division par 0": NOT_APPLICABLE,
    "n/a - sans objet": NOT_APPLICABLE,
    "n/a": MISSING,
    "na": MISSING,
    "nan": MISSING,
    "nd": MISSING,
    "n.d.": MISSING,
    "n.d": MISSING,
    "nc": MISSING,
    "ns": MISSING,
    "-": MISSING,
    "…": MISSING,
    "...": MISSING,
    ":": MISSING,
    "null": MISSING,
    "so": NOT_APPLICABLE,
    "sans objet": NOT_APPLICABLE,
}
"""Marks that producers write where there is no figure (Insee, Cnaf, DEPP), in lower case."""

Marks = Mapping[str, str]


def marks_with(**changes: str) -> dict[str, str]:
    """The usual marks, with some read otherwise: ``marks_with(empty="secret")``."""
    special = dict(MARKS)
    if "empty" in changes:
        special[""] = changes.pop("empty")
    special.update(changes)
    return special


def read_value(cell: str, marks: Marks = MARKS) -> tuple[str, str]:
    """(« 1234.5 », "") or ("", reason). Raises ``ValueError`` with the sentence to show."""
    text = cell.strip()
    found = NUMBER.fullmatch(text)
    if found is None:
        reason = marks.get(text.lower())
        if reason is None:
            raise ValueError(f"« {text[:40]} » n'est ni un nombre ni une marque connue")
        return "", reason
    whole = re.sub(rf"[{SPACES}]", "", found["whole"]) or "0"
    if len(whole.lstrip("0")) + _raised(found["exponent"]) > MAX_DIGITS:
        raise ValueError(f"« {text[:40]} » est trop grand pour être un chiffre publié")
    sign = "-" if found["sign"] in ("-", "\u2212") else ""
    decimals = f".{found['decimals']}" if found["decimals"] else ""
    return f"{sign}{whole}{decimals}{found['exponent'] or ''}", ""


def _raised(exponent: str | None) -> int:
    return max(int(exponent[1:]), 0) if exponent else 0
