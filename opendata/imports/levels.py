"""Which level the codes of a table are, and what a spreadsheet may have done to them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from opendata.models import Territory

Level = Territory.Level

PATTERNS: list[tuple[str, re.Pattern[str]]] = [
    (Level.QPV, re.compile(r"Q[PN][0-9A-Z]{6}")),
    (Level.EPCI, re.compile(r"\d{9}")),
    (Level.IRIS, re.compile(r"(\d{2}|2[AB])\d{7}")),
    (Level.COMMUNE, re.compile(r"(\d{2}|2[AB])\d{3}")),
    (Level.DEPARTEMENT, re.compile(r"\d{2}|2[AB]|97\d")),
]
LOST_ZERO = re.compile(r"\d{4}")

SUFFIXES = {
    "COM": Level.COMMUNE,
    "EPCI": Level.EPCI,
    "DEP": Level.DEPARTEMENT,
    "REG": Level.REGION,
    "METROPOLE": Level.FRANCE,
    "FRANCE": Level.FRANCE,
    "NAT": Level.FRANCE,
}
"""How producers name a level at the end of a file's name."""

FRANCE_CODES = {"1": "France métropolitaine", "M": "France métropolitaine", "FM": "France métropolitaine",
                "F": "", "FR": "", "FE": "", "FRANCE": ""}  # fmt: skip
"""Codes of the country → the perimeter that they mean."""

FRANCE = "FR"


@dataclass(frozen=True)
class City:
    """A commune that files may give by arrondissement (code général des collectivités
    territoriales, art. L2511-3)."""

    code: str
    arrondissements: tuple[str, ...]


def _numbered(first: int, count: int) -> tuple[str, ...]:
    return tuple(str(first + rank) for rank in range(count))


CITIES = [
    City("75056", _numbered(75101, 20)),
    City("13055", _numbered(13201, 16)),
    City("69123", _numbered(69381, 9)),
]
CITY_OF = {code: city.code for city in CITIES for code in city.arrondissements}
"""Code of an arrondissement → code of its commune: Paris, Marseille, Lyon."""

NO_EPCI = "ZZZZZZZZZ"
"""What Insee writes for the four islands that belong to no grouping."""


def is_siren(code: str) -> bool:
    """Nine digits with the control key of Insee's SIREN (Luhn): an IRIS has nine digits too."""
    if len(code) != 9 or not code.isdigit():
        return False
    doubled = [int(digit) * (2 if rank % 2 else 1) for rank, digit in enumerate(reversed(code))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def level_of_name(stem: str) -> str | None:
    """« FILO2019_DISP_EPCI » → epci."""
    parts = re.split(r"[_\-.]", stem.upper())
    return next((SUFFIXES[part] for part in reversed(parts) if part in SUFFIXES), None)


def level_of_codes(codes: Iterable[str]) -> str | None:
    """The level that nine codes in ten look like. Two digits: département, unless told otherwise."""
    sample = [code.strip() for code in codes if code.strip()]
    if not sample:
        return None
    if all(code in FRANCE_CODES for code in sample):
        return Level.FRANCE
    for level, pattern in PATTERNS:
        matching = sum(1 for code in sample if pattern.fullmatch(code))
        if level == Level.EPCI:
            matching = sum(1 for code in sample if code == NO_EPCI or is_siren(code))
        if level == Level.COMMUNE:
            matching += sum(1 for code in sample if LOST_ZERO.fullmatch(code))
        if matching >= 0.9 * len(sample):
            return level
    return None
