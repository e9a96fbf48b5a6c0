"""From the code that a file writes to the territory of today: mergers, districts of large cities."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from core.errors import DomainError
from opendata.imports.levels import CITIES, CITY_OF, FRANCE, FRANCE_CODES, LOST_ZERO, level_of_codes
from opendata.imports.values import MISSING, SECRET
from opendata.models import Movement, Territory
from opendata.services import GEOGRAPHY

Level = Territory.Level

UNKNOWN_SHARE: dict[str, Decimal] = {Level.COMMUNE: Decimal("0.01"), Level.EPCI: Decimal("0.10")}
"""Share of unknown codes that a good file may have: groupings change more than communes do."""
UNKNOWN_ALWAYS = 3
WIDTHS: dict[str, int] = {Level.COMMUNE: 5, Level.DEPARTEMENT: 2, Level.REGION: 2}
AMBIGUOUS = {Level.DEPARTEMENT, Level.REGION}
"""Both have codes of two digits: only the name of the file tells them apart."""


@dataclass
class Places:
    """Territories by (level, code), and what became of the codes that are no more."""

    _known: dict[str, dict[str, int]] = field(default_factory=dict)
    _became: dict[str, tuple[int, date | None]] = field(default_factory=dict)
    _code_of: dict[int, str] = field(default_factory=dict)
    _formers: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))

    @classmethod
    def load(cls) -> Places:
        places = cls()
        for former, commune, code, day in Movement.objects.values_list(
            "former_code", "commune_id", "commune__code", "effective_on"
        ):
            places._became[former] = (commune, day)
            places._formers[commune].add(former)
            places._code_of[commune] = code
        return places

    def of_level(self, level: str) -> dict[str, int]:
        """code → pk. Read at the first demand: some files bring their own districts."""
        if level not in self._known:
            self._known[level] = dict(
                Territory.objects.filter(level=level).values_list("code", "pk")
            )
        return self._known[level]

    def find(self, level: str, code: str) -> int | None:
        if level == Level.FRANCE and code in FRANCE_CODES:
            code = FRANCE
        return self.of_level(level).get(code)

    def merged_into(self, level: str, code: str) -> int | None:
        """The commune that a code is a part of, when it is none itself any more."""
        if level != Level.COMMUNE:
            return None
        if code in CITY_OF:
            return self.of_level(level).get(CITY_OF[code])
        found = self._became.get(code)
        return found[0] if found else None

    def has_formers(self, commune: int) -> bool:
        return commune in self._formers

    def parts_of(self, commune: int, geography: int | None) -> set[str]:
        """Codes whose sum is the commune in the geography of a year: itself and those that
        joined it since. A merger without a date counts: a sum may only be too cautious."""
        code = self._code_of.get(commune)
        for city in CITIES:
            if self.find(Level.COMMUNE, city.code) == commune:
                return set(city.arrondissements)
        if geography is not None and geography >= int(GEOGRAPHY):
            return {code} if code else set()
        return ({code} if code else set()) | {
            former
            for former in self._formers[commune]
            if (day := self._became[former][1]) is None or geography is None or day.year > geography
        }

    def geography(self, codes: Iterable[str]) -> int | None:
        """The year of the communes that a file lists: the latest that has all its former codes.

        None for a short list that tells nothing.
        """
        codes = set(codes)
        formers = codes & self._became.keys()
        dated = [day for code in formers if (day := self._became[code][1])]
        if dated:
            first = min(dated)
            return first.year - 1 if (first.month, first.day) == (1, 1) else first.year
        whole = len(self.of_level(Level.COMMUNE))
        if not formers and whole and len(codes) >= 0.85 * whole:
            return int(GEOGRAPHY)
        return None


def repair(level: str, code: str) -> str:
    """A code whose leading zero a spreadsheet ate: « 1001 » → « 01001 »."""
    return code.zfill(WIDTHS[level]) if level in WIDTHS and code.isdigit() else code


def lost_zeros(level: str, codes: Iterable[str]) -> int:
    """How many codes lack their leading zero."""
    if level == Level.COMMUNE:
        return sum(1 for code in codes if LOST_ZERO.fullmatch(code))
    if level in AMBIGUOUS:
        return sum(1 for code in codes if len(code) == 1 and code.isdigit())
    return 0


NAMES = {
    Level.COMMUNE: "communes",
    Level.EPCI: "intercommunalités",
    Level.DEPARTEMENT: "départements",
    Level.REGION: "régions",
    Level.FRANCE: "la France",
    Level.QPV: "quartiers prioritaires",
    Level.IRIS: "IRIS",
}


def check_level(level: str, codes: list[str], file: str) -> None:
    """Refuses a file named after a level whose codes are of another."""
    looks = level_of_codes(codes)
    if looks is None or looks == level or {looks, level} <= AMBIGUOUS:
        return
    if level == Level.FRANCE or looks == Level.FRANCE:
        return
    example = next(code for code in codes if code)
    raise DomainError(
        f"« {file} » s'annonce comme un fichier de {NAMES[Level(level)]}, mais ses codes"
        f" (« {example} ») sont ceux de {NAMES[Level(looks)]} : vérifiez le fichier et son nom."
    )


def check_unknown(level: str, unknown: int, read: int, example: str) -> None:
    """Refuses a file that has more strangers than the life of territories explains."""
    share = UNKNOWN_SHARE.get(level, Decimal("0.05"))
    if unknown == 0 or (unknown < read and unknown <= max(Decimal(UNKNOWN_ALWAYS), share * read)):
        return
    raise DomainError(
        f"{unknown} codes sur {read} sont inconnus (par exemple « {example} ») : ce fichier n'est"
        f" pas à la maille annoncée, ou sa géographie est trop ancienne. Rien n'est chargé."
    )


# --- Communes that merged --------------------------------------------------------------------
@dataclass(frozen=True)
class Part:
    """What one of the codes of a merged commune says: a number or a reason."""

    value: Decimal | None
    reason: str
    lower_bound: bool = False


@dataclass(frozen=True)
class Whole:
    value: Decimal | None
    reason: str
    lower_bound: bool
    note: str


def put_together(parts: Mapping[str, Part], expected: set[str], is_summable: bool) -> Whole:
    """The figure of a commune of today from those of the communes that it was made of.

    A count is their sum, a lower bound as long as one is hidden or absent. A median, a rate or an
    index cannot be had from its parts: there is no figure, and the note says why.
    """
    told = f"{len(expected | parts.keys())} communes d'avant la fusion"
    if not is_summable:
        return Whole(None, MISSING, False, f"Ne s'additionne pas : {told}.")
    known = [part for part in parts.values() if part.value is not None]
    if not known:
        reasons = {part.reason for part in parts.values()}
        return Whole(
            None, SECRET if SECRET in reasons else MISSING, False, f"Aucune des {told} connue."
        )
    complete = expected <= parts.keys() and len(known) == len(parts)
    bounded = not complete or any(part.lower_bound for part in known)
    total = sum((part.value for part in known if part.value is not None), Decimal(0))
    note = f"Somme de {told}." if complete else f"Somme de {len(known)} des {told}."
    return Whole(total, "", bounded, note)
