"""The balance of an action's money, year by year, and the working time beside it. What is not known
is said in words and never counted as zero."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from actionplan.models import Action, BudgetLine
from actionplan.queries import BudgetYear, budget_total, budget_years
from core import formats as fr
from core.amounts import add


@dataclass(frozen=True)
class Balance:
    """The money of one year (``year`` 0: of all those known) and what is left to find.

    ``operating`` and ``investment`` are the parts of what is planned; ``by_estimate`` tells that an
    estimate is among the fundings.
    """

    money: BudgetYear
    operating: Decimal | None
    investment: Decimal | None
    by_estimate: bool = False

    @property
    def year(self) -> int:
        return self.money.year

    @property
    def left(self) -> Decimal | None:
        """Planned minus funded; None when either is unknown."""
        if self.money.planned is None or self.money.funded is None:
            return None
        return self.money.planned - self.money.funded

    @property
    def words(self) -> str:
        """« reste 12 000 € à financer », « équilibré », « dépense prévue non saisie »."""
        if self.money.planned is None:
            return "inconnu : dépense prévue non saisie"
        if self.money.funded is None:
            return "inconnu : aucun financement saisi"
        told = _left_words(self.left or Decimal(0))
        return f"{told} (avec une estimation)" if self.by_estimate else told


def _left_words(left: Decimal) -> str:
    if left > 0:
        return f"reste {fr.euros(left)} à financer"
    if left < 0:
        return f"{fr.euros(-left)} de plus que la dépense prévue"
    return "équilibré"


def _parts(lines: Sequence[BudgetLine]) -> tuple[Decimal | None, Decimal | None]:
    def of(nature: str) -> Decimal | None:
        return add(line.planned for line in lines if line.nature == nature)

    return of(BudgetLine.Nature.OPERATING), of(BudgetLine.Nature.INVESTMENT)


def balances(action: Action) -> tuple[list[Balance], Balance | None]:
    """Each year, and the total when there are several. An action whose lines are prefetched costs
    no query."""
    lines = list(action.budget_lines.all())
    estimated = {row.year for row in action.fundings.all() if row.is_estimate}
    years = budget_years(action)
    rows = [
        Balance(
            row,
            *_parts([line for line in lines if line.year == row.year]),
            by_estimate=row.year in estimated,
        )
        for row in years
    ]
    total = Balance(budget_total(years), *_parts(lines), by_estimate=bool(estimated))
    return rows, total if len(rows) > 1 else None


@dataclass(frozen=True)
class TimeYear:
    """The working time of one year, in ETP; None is « not said »."""

    year: int
    planned: Decimal | None
    spent: Decimal | None


def staff_time(action: Action) -> list[TimeYear]:
    return [TimeYear(row.year, row.planned, row.spent) for row in action.staff_times.all()]


def fte(value: Decimal | None) -> str:
    """« 0,20 ETP »."""
    return fr.with_unit(value, "ETP", 2)


def staff_words(action: Action) -> str:
    """« 2026 : 0,20 ETP prévu, 0,15 ETP réalisé ; 2027 : 0,20 ETP prévu »; empty when unsaid."""
    told = []
    for row in staff_time(action):
        parts = [
            f"{fte(value)} {word}"
            for value, word in ((row.planned, "prévu"), (row.spent, "réalisé"))
            if value is not None
        ]
        told.append(f"{row.year} : {', '.join(parts)}")
    return " ; ".join(told)
