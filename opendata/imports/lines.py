"""From the rows of a recognised table to lines of COPY, one an observation.

A wide table is read twice: once for its codes (what is wrong with them is told before anything is
written), once for its figures. The second reading is the hot loop of every import.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from math import gcd

from core.errors import DomainError
from opendata.imports.levels import CITY_OF
from opendata.imports.places import (
    Part,
    Places,
    check_level,
    check_unknown,
    lost_zeros,
    put_together,
    repair,
)
from opendata.imports.publication import (
    Column,
    Figure,
    Long,
    Options,
    Recognised,
    Refusal,
    Wide,
)
from opendata.imports.questions import REPAIR_CODES, Question
from opendata.imports.rows import cell
from opendata.imports.values import MISSING, NOT_APPLICABLE, SECRET, read_value
from opendata.models import Territory

Level = Territory.Level
Progress = Callable[[int], None]

STEP = 1000
"""Rows between two words on progress."""
MAX_REFUSALS = 2000
"""Refused cells or lines kept for the report; beyond, they are only counted."""
ENOUGH_COUNTS = 60
"""Counts that share a divisor by chance below that number."""
PLAIN = re.compile(r"-?\d{1,14}(?:\.\d{1,12})?")
"""What most cells are: read as they stand, without looking at marks and spaces."""
CALCULATED = "Calculé à partir des effectifs du fichier."


@dataclass(frozen=True)
class Catalogue:
    """Indicators by key: their pk, and whether they are counts."""

    pk: Mapping[str, int]
    summable: Mapping[str, bool]


@dataclass
class Tally:
    """What was seen while reading: for the report, and for the checks that need the whole file."""

    rows: int = 0
    refused: int = 0
    refusals: list[Refusal] = field(default_factory=list)
    unknown: int = 0
    codes: int = 0
    example: str = ""
    merged: int = 0
    geography: int | None = None
    divisor: int = 0
    counts: int = 0

    def refuse(self, refusal: Refusal) -> None:
        self.refused += 1
        if len(self.refusals) < MAX_REFUSALS:
            self.refusals.append(refusal)

    def stranger(self, line: int, code: str, column: str) -> None:
        self.unknown += 1
        self.example = self.example or code
        self.refuse(Refusal(line, f"code inconnu « {code} »", column))

    def count(self, text: str) -> None:
        """Keep the greatest common divisor of the counts: what was counted several times has one."""
        if self.divisor == 1 and self.counts >= ENOUGH_COUNTS:
            return
        number = Decimal(text)
        if number == 0:
            return
        self.counts += 1
        self.divisor = gcd(self.divisor, int(number)) if number == int(number) else 1


def line_of(
    territory: int,
    indicator: int,
    period: int,
    value: str,
    reason: str,
    estimated: bool = False,
    lower_bound: bool = False,
    note: str = "",
) -> str:
    """A line of COPY's text format, columns as in ``storage.COLUMNS``."""
    return (
        f"{territory}\t{indicator}\t{period}\t{_tail(value, reason, estimated, lower_bound, note)}"
    )


NO_REASON = "\t\tf\tf\t\n"


def _tail(value: str, reason: str, estimated: bool, lower_bound: bool, note: str) -> str:
    flags = f"{'t' if estimated else 'f'}\t{'t' if lower_bound else 'f'}"
    return f"{value or chr(92) + 'N'}\t{reason}\t{flags}\t{_escaped(note)}\n"


def _escaped(text: str) -> str:
    text = text.replace("\\", "\\\\").replace("\t", " ").replace("\n", " ").replace("\r", " ")
    return text[:300]


def lines_of(
    found: Recognised,
    catalogue: Catalogue,
    places: Places,
    options: Options,
    tally: Tally,
    progress: Progress,
) -> Iterator[str]:
    """Raises ``DomainError`` for what makes the whole file unfit; the rest goes to the tally."""
    if isinstance(found.reading, Wide):
        return WideReader(found, found.reading, catalogue, places, options, tally, progress).lines()
    if isinstance(found.reading, Long):
        return _long_lines(found, found.reading, catalogue, places, options, tally, progress)
    raise TypeError(f"{found.publication.key} brings no figure")


# --- Wide tables ------------------------------------------------------------------------------
class WideReader:
    def __init__(
        self,
        found: Recognised,
        wide: Wide,
        catalogue: Catalogue,
        places: Places,
        options: Options,
        tally: Tally,
        progress: Progress,
    ) -> None:
        self.found, self.wide, self.catalogue = found, wide, catalogue
        self.places, self.options, self.tally, self.progress = places, options, tally, progress
        self.level = found.publication.level
        self.code_name = found.names[wide.code] if wide.code < len(found.names) else ""
        self.width = len(found.names)
        self.columns = _once(wide.columns)
        given = {(column.indicator, column.period) for column in self.columns}
        self.ratios = [
            ratio for ratio in wide.ratios if (ratio.indicator, ratio.period) not in given
        ]
        self.pk_of: dict[str, int] = {}
        """Codes written as they are → territory."""
        self.part_of: dict[str, int] = {}
        """Codes that are only a part → the commune."""
        self.expected: dict[int, set[str]] = {}
        """Commune to put together → the codes that make it up."""

    # First reading ------------------------------------------------------------------------
    def survey(self) -> None:
        """Codes of the file, checked before a figure is read."""
        first: dict[str, int] = {}
        odd_lines = 0
        for line, cells in self.found.table.rows(self.found.header):
            odd_lines += self._is_odd(cells)
            code = self._code(cells)
            if code in first:
                raise DomainError(
                    f"Les lignes {first[code]} et {line} portent toutes deux le code « {code} » :"
                    " rien ne dit laquelle est la bonne. Corrigez le fichier ou téléchargez-le de"
                    " nouveau."
                )
            first[code] = line
        if not first:
            raise DomainError(
                f"« {self.found.table.name} » n'a aucune ligne de chiffres sous son en-tête."
            )
        if odd_lines * 2 > len(first):
            raise DomainError(
                f"{odd_lines} lignes n'ont pas les {self.width} colonnes de l'en-tête :"
                " le séparateur ou les guillemets ont été perdus. Téléchargez le fichier d'origine."
            )
        self._check_codes(list(first))
        self._find_parts(set(first))

    def _is_odd(self, cells: Sequence[str]) -> bool:
        return len(cells) < self.width or any(text.strip() for text in cells[self.width :])

    def _code(self, cells: Sequence[str]) -> str:
        if self.wide.fixed_code:
            return self.wide.fixed_code
        code = cell(cells, self.wide.code)
        return repair(self.level, code) if self.options.repair_codes else code

    def _check_codes(self, codes: list[str]) -> None:
        shortened = 0 if self.options.repair_codes else lost_zeros(self.level, codes)
        if shortened:
            raise Question(
                f"{shortened} codes ont perdu leur zéro initial (« {_shortest(codes)} ») : un"
                " tableur a réenregistré le fichier. Prenez plutôt le fichier d'origine.",
                REPAIR_CODES,
            )
        check_level(self.level, codes[:200], self.found.table.name)
        known = self.places.of_level(self.level)
        self.tally.codes = len(codes)
        strangers = [
            code
            for code in codes
            if code not in known
            and self.places.find(self.level, code) is None
            and self.places.merged_into(self.level, code) is None
        ]
        check_unknown(self.level, len(strangers), len(codes), strangers[0] if strangers else "")

    def _find_parts(self, codes: set[str]) -> None:
        geography = self.places.geography(codes) if self.level == Level.COMMUNE else None
        self.tally.geography = geography
        code_of: dict[int, str] = {}
        for code in codes:
            pk = self.places.find(self.level, code)
            if pk is not None:
                if code_of.setdefault(pk, code) != code:
                    raise DomainError(
                        f"Les codes « {code_of[pk]} » et « {code} » nomment le même territoire :"
                        " rien ne dit lequel est le bon. Gardez-en une ligne."
                    )
                self.pk_of[code] = pk
                continue
            target = self.places.merged_into(self.level, code)
            if target is None:
                continue
            if CITY_OF.get(code) in codes:
                self.part_of[code] = 0  # the city is there whole: its arrondissements are left out
                continue
            self.part_of[code] = target
            self.expected.setdefault(target, self.places.parts_of(target, geography))
        if geography is not None:
            for pk in self.pk_of.values():
                if self.places.has_formers(pk):
                    expected = self.places.parts_of(pk, geography)
                    if len(expected) > 1:  # a part that the file does not list
                        self.expected.setdefault(pk, expected)
        for code in [code for code, pk in self.pk_of.items() if pk in self.expected]:
            self.part_of[code] = self.pk_of.pop(code)
        self.tally.merged = len(self.expected)

    # Second reading -----------------------------------------------------------------------
    def lines(self) -> Iterator[str]:
        self.survey()
        columns = [
            (
                column.index,
                f"\t{self.catalogue.pk[column.indicator]}\t{column.period}\t",
                self.catalogue.summable[column.indicator],
            )
            for column in self.columns
        ]
        tails = {
            mark: _tail("", reason, False, False, "") for mark, reason in self.wide.marks.items()
        }
        self.tails = tails
        totals = self.wide.parts_of
        wrong: list[tuple[int, str, Decimal, Decimal]] = []
        gathered: dict[int, dict[str, Sequence[str]]] = defaultdict(dict)
        tally, watching = self.tally, True
        for rank, (line, cells) in enumerate(self.found.table.rows(self.found.header), start=1):
            if rank % STEP == 0:
                self.progress(rank)
                watching = tally.divisor != 1 or tally.counts < ENOUGH_COUNTS
            tally.rows += 1
            code = self._code(cells)
            if self._is_odd(cells):
                tally.refuse(
                    Refusal(line, f"la ligne a {len(cells)} colonnes au lieu de {self.width}")
                )
                continue
            if totals and (gap := self._wrong_total(line, cells)):
                wrong.append(gap)
            pk = self.pk_of.get(code)
            if pk is None:
                if code in self.part_of:
                    if self.part_of[code]:
                        gathered[self.part_of[code]][code] = cells
                else:
                    tally.stranger(line, code, self.code_name)
                continue
            start = str(pk)
            try:  # every cell was already met: most rows, where secret is frequent
                row = [start + middle + tails[cells[index]] for index, middle, _ in columns]
            except KeyError:
                row = [
                    start + middle + tail
                    for index, middle, _ in columns
                    if (
                        tail := tails.get(cells[index]) or self._new_tail(cells[index], line, index)
                    )
                ]
            if watching:
                self._watch(cells, columns)
            yield "".join(row)
            if self.ratios:
                yield from self._ratios(pk, cells)
        self._refuse_totals(wrong)
        for target, parts in gathered.items():
            yield from self._merged(target, parts)

    MAX_TAILS = 50_000

    def _watch(self, cells: Sequence[str], columns: Sequence[tuple[int, str, bool]]) -> None:
        for index, _, is_count in columns:
            tail = self.tails.get(cells[index], "\\") if is_count else "\\"
            if tail[0] != "\\":
                self.tally.count(tail[: tail.index("\t")])

    def _new_tail(self, text: str, line: int, index: int) -> str | None:
        if PLAIN.fullmatch(text):
            tail = f"{text}{NO_REASON}"
            if len(self.tails) < self.MAX_TAILS:
                self.tails[text] = tail
            return tail
        try:
            value, reason = read_value(text, self.wide.marks)
        except ValueError as error:
            self.tally.refuse(Refusal(line, str(error), self.found.names[index]))
            return None
        tail = _tail(value, reason, False, False, "")
        if len(self.tails) < self.MAX_TAILS:
            self.tails[text] = tail
        return tail

    def _number(self, cells: Sequence[str], index: int) -> tuple[Decimal | None, str]:
        try:
            value, reason = read_value(cells[index], self.wide.marks)
        except ValueError:
            return None, MISSING  # already refused where the cell is a column of its own
        return (Decimal(value), "") if value else (None, reason)

    def _wrong_total(
        self, line: int, cells: Sequence[str]
    ) -> tuple[int, str, Decimal, Decimal] | None:
        for total, parts in self.wide.parts_of.items():
            whole, _ = self._number(cells, total)
            pieces = [self._number(cells, index)[0] for index in parts]
            if whole is None or any(piece is None for piece in pieces):
                continue
            added = sum((piece for piece in pieces if piece is not None), Decimal(0))
            if abs(whole - added) > self.found.publication.rounded_to * len(pieces) / 2:
                return line, self.found.names[total], whole, added
        return None

    def _refuse_totals(self, wrong: list[tuple[int, str, Decimal, Decimal]]) -> None:
        if not wrong:
            return
        line, name, whole, added = wrong[0]
        raise DomainError(
            f"{len(wrong)} lignes ont un total qui n'est pas la somme de ses parties (ligne {line} :"
            f" « {name} » vaut {whole:f} et ses parties {added:f}) : des lignes ont été comptées"
            " plusieurs fois. Rien n'est chargé."
        )

    def _ratios(self, pk: int, cells: Sequence[str]) -> Iterator[str]:
        numbers = _Numbers(lambda index: self._number(cells, index))
        for ratio in self.ratios:
            value, reason = _ratio(numbers, ratio.parts, ratio.wholes)
            yield line_of(
                pk, self.catalogue.pk[ratio.indicator], ratio.period, value, reason,
                note=CALCULATED,
            )  # fmt: skip

    def _merged(self, target: int, rows: dict[str, Sequence[str]]) -> Iterator[str]:
        expected = self.expected[target]

        def whole(index: int, is_count: bool) -> tuple[str, str, bool, str]:
            parts = {}
            for code, cells in rows.items():
                value, reason = self._number(cells, index)
                parts[code] = Part(value, reason)
            found = put_together(parts, expected, is_count)
            text = "" if found.value is None else f"{found.value:f}"
            return text, found.reason, found.lower_bound, found.note

        for column in self.columns:
            value, reason, bounded, note = whole(
                column.index, self.catalogue.summable[column.indicator]
            )
            yield line_of(
                target, self.catalogue.pk[column.indicator], column.period, value, reason,
                lower_bound=bounded, note=note,
            )  # fmt: skip

        def summed(index: int) -> tuple[Decimal | None, str]:
            text, reason, bounded, _ = whole(index, True)
            return (None, reason or MISSING) if bounded or not text else (Decimal(text), "")

        numbers = _Numbers(summed)
        for ratio in self.ratios:
            text, reason = _ratio(numbers, ratio.parts, ratio.wholes)
            yield line_of(
                target, self.catalogue.pk[ratio.indicator], ratio.period, text, reason,
                note=CALCULATED,
            )  # fmt: skip


def _once(columns: Sequence[Column]) -> list[Column]:
    """The first column of each indicator and year: a published file may repeat one."""
    kept: dict[tuple[str, int], Column] = {}
    for column in columns:
        kept.setdefault((column.indicator, column.period), column)
    return list(kept.values())


class _Numbers:
    """Numbers of a row by column, each read once."""

    def __init__(self, read: Callable[[int], tuple[Decimal | None, str]]) -> None:
        self._read = read
        self._known: dict[int, tuple[Decimal | None, str]] = {}

    def __call__(self, index: int) -> tuple[Decimal | None, str]:
        if index not in self._known:
            self._known[index] = self._read(index)
        return self._known[index]


def _ratio(numbers: _Numbers, parts: Sequence[int], wholes: Sequence[int]) -> tuple[str, str]:
    """(« 13.4 », "") or ("", reason): 100 × parts / wholes, or the sum of the parts."""
    read = [numbers(index) for index in (*parts, *wholes)]
    reasons = [reason for value, reason in read if value is None]
    if reasons:
        return "", SECRET if SECRET in reasons else reasons[0]
    values = [value for value, _ in read if value is not None]
    part = sum(values[: len(parts)], Decimal(0))
    if not wholes:
        return f"{part:f}", ""
    whole = sum(values[len(parts) :], Decimal(0))
    if whole == 0:
        return "", NOT_APPLICABLE
    return f"{(100 * part / whole).quantize(Decimal('0.0001')):f}", ""


def _shortest(codes: list[str]) -> str:
    return min((code for code in codes if code), key=len)


# --- Figures one by one -----------------------------------------------------------------------
def _long_lines(
    found: Recognised,
    long: Long,
    catalogue: Catalogue,
    places: Places,
    options: Options,
    tally: Tally,
    progress: Progress,
) -> Iterator[str]:
    held: dict[tuple[int, str, int], dict[str, Figure]] = defaultdict(dict)
    """Figures of communes that others may have joined, until the file is read."""
    resolved: dict[tuple[str, str], int | None] = {}
    strangers: set[tuple[str, str]] = set()
    formers: set[str] = set()
    for rank, figure in enumerate(long.figures(), start=1):
        if rank % STEP == 0:
            progress(rank)
        if isinstance(figure, Refusal):
            tally.refuse(figure)
            continue
        tally.rows += 1
        code = repair(figure.level, figure.code) if options.repair_codes else figure.code
        where = (figure.level, code)
        if where not in resolved:
            resolved[where] = places.find(*where)
        pk = resolved[where]
        target = pk if pk is not None else places.merged_into(*where)
        if target is None:
            if where not in strangers:
                strangers.add(where)
                tally.stranger(figure.line, code, "")
            continue
        if figure.value and catalogue.summable[figure.indicator] and not figure.lower_bound:
            tally.count(figure.value)
        if pk is None or (figure.level == Level.COMMUNE and places.has_formers(pk)):
            same = held[(target, figure.indicator, figure.period)]
            if code in same:
                raise _given_twice(same[code].line, figure.line, code)
            same[code] = figure
            if pk is None and code not in CITY_OF:
                formers.add(code)
            continue
        yield _line_of_figure(pk, figure, catalogue)
    tally.codes = len(resolved)
    level = found.publication.level
    check_unknown(level, len(strangers), len(resolved), tally.example)
    tally.geography = places.geography(formers) if formers else None
    for (target, indicator, period), parts in held.items():
        yield _held_line(target, indicator, period, parts, catalogue, places, tally)


def _held_line(
    target: int,
    indicator: str,
    period: int,
    parts: dict[str, Figure],
    catalogue: Catalogue,
    places: Places,
    tally: Tally,
) -> str:
    own = next((code for code in parts if places.find(Level.COMMUNE, code) == target), None)
    others = [code for code in parts if code != own]
    expected = places.parts_of(target, tally.geography)
    is_whole = tally.geography is None or len(expected) == 1 or own in CITY_OF.values()
    if own is not None and is_whole and all(code in CITY_OF for code in others):
        return _line_of_figure(target, parts[own], catalogue)
    tally.merged += 1
    whole = put_together(
        {
            code: Part(
                Decimal(figure.value) if figure.value else None, figure.reason, figure.lower_bound
            )
            for code, figure in parts.items()
        },
        expected,
        catalogue.summable[indicator],
    )
    value = "" if whole.value is None else f"{whole.value:f}"
    estimated = any(figure.estimated for figure in parts.values())
    return line_of(
        target, catalogue.pk[indicator], period, value, whole.reason, estimated,
        whole.lower_bound, whole.note,
    )  # fmt: skip


def _line_of_figure(pk: int, figure: Figure, catalogue: Catalogue) -> str:
    return line_of(
        pk, catalogue.pk[figure.indicator], figure.period, figure.value, figure.reason,
        figure.estimated, figure.lower_bound, figure.note,
    )  # fmt: skip


def _given_twice(first: int, second: int, code: str) -> DomainError:
    return DomainError(
        f"Les lignes {first} et {second} donnent le même chiffre de « {code} » : rien ne dit lequel"
        " est le bon. Corrigez le fichier ou téléchargez-le de nouveau."
    )


def duplicate_lines(
    found: Recognised, catalogue: Catalogue, places: Places, wanted: tuple[int, int, int]
) -> DomainError:
    """The sentence that names the lines of a figure given twice, read again to find them.

    ``wanted``: (territory pk, indicator pk, year), as the database saw them twice.
    """
    lines: list[int] = []
    code = ""
    if isinstance(found.reading, Long):
        for figure in found.reading.figures():
            if isinstance(figure, Refusal):
                continue
            pk = places.find(figure.level, figure.code)
            if pk and (pk, catalogue.pk[figure.indicator], figure.period) == wanted:
                lines.append(figure.line)
                code = figure.code
    if len(lines) > 1:
        return _given_twice(lines[0], lines[1], code)
    return DomainError(
        "Deux lignes donnent le même chiffre du même territoire : rien ne dit lequel est le bon."
        " Corrigez le fichier ou téléchargez-le de nouveau."
    )
