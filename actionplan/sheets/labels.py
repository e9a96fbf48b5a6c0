"""How levels, actions and partners' roles are written in a cell, and read back."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Protocol

from actionplan.models import ActionPartner
from core.formats import plain_key

SEPARATOR = " ; "
LEVEL_WORD = r"(?:axe|enjeu|orientation|objectif|priorite|priorité|volet|chantier)s?"
NUMBERED = re.compile(
    rf"^(?:(?P<word>{LEVEL_WORD})\s+(?:n[°o]\s*)?)?"
    r"(?P<code>(?:[0-9]{1,3}|[A-Za-z]|[IVX]{1,4})(?:[.\-][0-9A-Za-z]{1,3}){0,4})"
    r"(?P<end>\s*[.:)\-\u2013\u2014]+\s+|\s+)(?P<title>\S.*)$",
    re.IGNORECASE | re.DOTALL,
)
ROLES = {plain_key(label): value for value, label in ActionPartner.Role.choices}


class Level(Protocol):
    code: str
    title: str


def level_label(level: Level) -> str:
    """« 1. Accueillir les tout-petits »: the number first, so that lists sort as the plan."""
    return f"{level.code}. {level.title}"


def split_level(text: str) -> tuple[str, str]:
    """Number and title of a level as somebody typed it; the number may be missing.

    « 1. Jeunesse », « Axe 2 : Jeunesse », « 1.2 Jeunesse » have one; « 3 communes ensemble » has none.
    """
    text = " ".join(text.split())
    match = NUMBERED.match(text)
    if match is None:
        return "", text
    code, end = match["code"], match["end"].strip()
    if not match["word"] and not end and "." not in code:
        return "", text
    if not match["word"] and code.isalpha() and end not in (".", ")", ":"):
        return "", text
    return code.rstrip(".-"), match["title"]


def looks_like_level(text: str) -> bool:
    """« Axe 1 – Petite enfance » alone on its line names a level, in whichever column it stands."""
    return re.match(rf"^{LEVEL_WORD}\s+(?:n[°o]\s*)?[0-9A-Z]", text.strip(), re.I) is not None


def action_label(code: str, title: str) -> str:
    return f"{code} {title}"


def role_label(name: str, role: str) -> str:
    """« MSA », « Caf (financeur) »: an associated partner needs no word, unless its own name ends
    like a role."""
    if role == ActionPartner.Role.ASSOCIATE and split_role(name)[0] == name:
        return name
    return f"{name} ({ActionPartner.Role(role).label})"


def split_role(text: str) -> tuple[str, str]:
    match = re.fullmatch(r"(?P<name>.+?)\s*\((?P<role>[^()]+)\)", text.strip(), re.DOTALL)
    role = ROLES.get(plain_key(match["role"])) if match else None
    if match is None or role is None:
        return text.strip(), ActionPartner.Role.ASSOCIATE
    return match["name"], role


def pieces(text: str, known: Iterable[str] = ()) -> list[str]:
    """The values of a cell that holds several, cut at « ; » and at line ends.

    A name of ours that holds a semicolon is not cut: the longest known one wins.
    """
    parts = [part.strip() for part in re.split(r"[;\n]", text)]
    names = {plain_key(name) for name in known if ";" in name or "\n" in name}
    found: list[str] = []
    rank = 0
    while rank < len(parts):
        for end in range(len(parts) if names else rank + 1, rank, -1):
            joined = ";".join(parts[rank:end])
            if end == rank + 1 or _same(joined, names):
                found.append(_known(joined, names) or joined)
                rank = end
                break
    return list(dict.fromkeys(part for part in found if part))


def _bare(text: str) -> str:
    return re.sub(r"\s*;\s*", ";", plain_key(text))


def _same(text: str, names: set[str]) -> bool:
    return _bare(text) in {_bare(name) for name in names}


def _known(text: str, names: set[str]) -> str:
    return next((name for name in names if _bare(name) == _bare(text)), "")
