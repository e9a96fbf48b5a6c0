"""What other people's tables put in one cell of the plan: a total, funders, indicators, a period."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from actionplan.models import ActionPartner, BudgetLine, FundingStage
from actionplan.sheets.book import Book
from actionplan.sheets.cells import cell_text
from actionplan.sheets.columns import BUDGET, FUNDINGS, MEASURES, PLAN
from actionplan.sheets.labels import SEPARATOR, pieces, role_label
from actionplan.sheets.options import Options
from core.formats import date_long, parse_amount
from core.sheets import Line, Refusal, Table

if TYPE_CHECKING:
    from actionplan.sheets.adapt import Adapted

TOTAL_LABEL = "total à répartir par année"
WITH_AMOUNT = re.compile(
    r"^(?P<name>.+?)\s*[:(\u2013-]\s*(?P<amount>\d[\d\s\u00a0\u202f.,]*)\s*(?:€|euros?)\s*\)?$",
    re.I,
)


class Foreign:
    """Deals the cells of the lines, then gives the tables that they make."""

    def __init__(self, book: Book, options: Options, found: Adapted) -> None:
        self.book, self.options, self.found = book, options, found
        self.lines: dict[str, list[tuple[str, Line]]] = {}
        self.periods: set[str] = set()

    def deal(
        self, cells: dict[str, Any], label: str, number: int, *, is_new: bool, page: str
    ) -> None:
        if not label:
            return
        self._measures(cells, label, number, page)
        self._funders(cells, label, number, page, is_new=is_new)
        self._total(cells, label, number, page)

    def tables(self) -> list[Table]:
        """One for each page and sheet: refusals keep the line of the file."""
        found = []
        for name, lines in self.lines.items():
            sheet = self.book.sheet(name)
            for page in dict.fromkeys(page for page, _ in lines):
                own = tuple(line for where, line in lines if where == page)
                found.append(Table(sheet, page, (), own))
        return found

    def _add(self, sheet: str, page: str, number: int, cells: dict[str, Any]) -> None:
        """A row that stands already is found by what identifies it, and gains nothing."""
        self.lines.setdefault(sheet, []).append((page, Line(number, "", "", cells)))

    def _measures(self, cells: dict[str, Any], label: str, number: int, page: str) -> None:
        for piece in pieces(cell_text(cells, "measures")):
            self._add(MEASURES, page, number, {"action": label, "label": piece.lstrip("•-– ")})

    def _funders(
        self, cells: dict[str, Any], label: str, number: int, page: str, *, is_new: bool
    ) -> None:
        """With an amount, a funding of the year chosen; without, a partner who is a funder."""
        known = self.book.known.organisations.holding_separators
        names = []
        for piece in pieces(cell_text(cells, "funders"), known):
            match = WITH_AMOUNT.match(piece)
            if match is None:
                names.append(role_label(piece, ActionPartner.Role.FUNDER))
                continue
            self._add(FUNDINGS, page, number, {
                "action": label, "funder": match["name"], "scheme": None,
                "year": self._year(cells), "stage": FundingStage.PLANNED.label,
                "amount": match["amount"],
            })  # fmt: skip
            self.found.tell(f"financement noté en {self._year(cells)}, prévisionnel", number)
        if names and is_new:
            partners = [cell_text(cells, "partners"), *names]
            cells["partners"] = SEPARATOR.join(part for part in partners if part)

    def _total(self, cells: dict[str, Any], label: str, number: int, page: str) -> None:
        """A total says no year: it is noted in one, under a name that says that it is to be dealt."""
        text = cell_text(cells, "budget_total")
        if not text:
            return
        cell = cells["budget_total"]
        amount: Any = cell if isinstance(cell, int | float | Decimal) else None
        if amount is None:
            try:
                amount = parse_amount(text)
            except ValueError as error:
                self.found.refused.append(
                    Refusal(PLAN, number, "Budget en un seul total", str(error).rstrip("."), page)
                )
                return
        year = self._year(cells)
        self._add(BUDGET, page, number, {
            "action": label, "year": year, "nature": BudgetLine.Nature.OPERATING.label,
            "label": TOTAL_LABEL, "planned": amount,
        })  # fmt: skip
        self.found.tell(
            f"budget donné en un seul total, noté en {year} (« {TOTAL_LABEL} »)", number
        )

    def _year(self, cells: dict[str, Any]) -> int:
        """That of the start when the line gives one, else the year chosen for the whole file."""
        starts_on = self._date(cells, "starts_on")
        if starts_on is not None and starts_on.year in self.book.agreement.years:
            return starts_on.year
        return self.options.budget_year

    def _date(self, cells: dict[str, Any], key: str) -> date | None:
        try:
            value = self.book.sheet(PLAN).column(key).read(cells.get(key))
        except ValueError:
            return None
        return value if isinstance(value, date) else None

    def clamp(self, cells: dict[str, Any], number: int) -> None:
        agreement = self.book.agreement
        for key in ("starts_on", "due_on"):
            day = self._date(cells, key)
            if day is not None and not agreement.covers(day):
                cells[key] = agreement.starts_on if day < agreement.starts_on else agreement.ends_on
                self.found.tell(
                    f"date hors de la convention ({date_long(day)}), ramenée au {date_long(cells[key])}",
                    number,
                )

    def note_period(self, cells: dict[str, Any], number: int) -> None:
        """The period that the file says of itself, when it is another CTG's."""
        told = [cell_text(cells, key)[:10] for key in ("period_start", "period_end")]
        years = [found[0] for text in told if (found := re.findall(r"(?:19|20)\d\d", text))]
        agreement = self.book.agreement
        if len(years) < 2 or "-".join(years) in self.periods:
            return
        self.periods.add("-".join(years))
        if years != [str(agreement.starts_on.year), str(agreement.ends_on.year)]:
            self.found.notes.append(
                f"Ce plan est de {years[0]}-{years[1]}, la convention va de {agreement.starts_on.year}"
                f" à {agreement.ends_on.year} : une date hors de la convention n'est pas acceptée telle quelle"
            )
