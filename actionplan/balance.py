"""The balance of an action's money, year by year, and the working time beside it. What is not known
is said in words and never counted as zero."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from actionplan.models import Action, BudgetLine, Funding, FundingStage
from actionplan.queries import BudgetYear, budget_years, latest_fundings
from core import formats as fr
from core.amounts import add

EXPECTED = {FundingStage.REQUESTED, FundingStage.PLANNED, FundingStage.GRANTED}
"""The stages that stand beside a planned expense. An amount « actualisé », « réel » or « versé »
follows what was spent: beside the plan it would make a hole that nobody has to fill."""


@dataclass(frozen=True)
class Balance:
    """The money of one year (``year`` 0: of all those known).

    ``investment`` is a part of what is planned; ``expected`` what funders are to bring for it;
    ``requested`` and ``estimated`` the parts of it that are only asked for, or computed.
    ``money.funded`` is what is known today, whatever the stage.
    """

    money: BudgetYear
    investment: Decimal | None
    expected: Decimal | None
    requested: Decimal | None
    estimated: Decimal | None

    @property
    def year(self) -> int:
        return self.money.year

    @property
    def left(self) -> Decimal | None:
        """Planned minus expected; None when either is unknown."""
        if self.money.planned is None or self.expected is None:
            return None
        return self.money.planned - self.expected

    @property
    def words(self) -> str:
        """« reste 12 000 € à trouver », « équilibré », « inconnu : dépense prévue non saisie »."""
        if self.money.planned is None:
            return "inconnu : dépense prévue non saisie"
        if self.expected is None:
            return "inconnu : aucun financement saisi"
        return _left_words(self.money.planned - self.expected)

    @property
    def caution(self) -> str:
        """« dont 12 000 € sollicités, 3 000 € estimés »; empty when all of it is planned or granted."""
        parts = [
            f"{fr.euros(value)} {word}"
            for value, word in ((self.requested, "sollicités"), (self.estimated, "estimés"))
            if value
        ]
        return f"dont {', '.join(parts)}" if parts else ""


def _left_words(left: Decimal) -> str:
    if left > 0:
        return f"reste {fr.euros(left)} à trouver"
    if left < 0:
        return f"{fr.euros(-left)} de plus que la dépense prévue"
    return "équilibré"


def expected_fundings(fundings: Iterable[Funding]) -> list[Funding]:
    """One line an amount: its most advanced stage among ``EXPECTED``, or, when it has none of them,
    the latest known."""
    rows = list(fundings)
    found = {_amount_of(row): row for row in latest_fundings(rows)}
    found |= {_amount_of(row): row for row in latest_fundings(rows, EXPECTED)}
    return list(found.values())


def _amount_of(row: Funding) -> tuple[int, str, int]:
    return row.funder_id, row.scheme, row.year


def balances(action: Action) -> tuple[list[Balance], Balance | None]:
    """Each year, and the total when there are several. An action whose lines are prefetched costs
    no query."""
    lines = list(action.budget_lines.all())
    fundings = expected_fundings(action.fundings.all())
    years = budget_years(action)
    rows = [
        _balance(
            row,
            [line for line in lines if line.year == row.year],
            [funding for funding in fundings if funding.year == row.year],
        )
        for row in years
    ]
    if len(rows) < 2:
        return rows, None
    total = BudgetYear(
        year=0,
        planned=add(row.planned for row in years),
        spent=add(row.spent for row in years),
        funded=add(row.funded for row in years),
    )
    return rows, _balance(total, lines, fundings)


def _balance(money: BudgetYear, lines: list[BudgetLine], fundings: list[Funding]) -> Balance:
    investment = BudgetLine.Nature.INVESTMENT
    return Balance(
        money,
        investment=add(line.planned for line in lines if line.nature == investment),
        expected=add(row.amount for row in fundings),
        requested=add(row.amount for row in fundings if row.stage == FundingStage.REQUESTED),
        estimated=add(row.amount for row in fundings if row.is_estimate),
    )


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
    """« prévu : 0,20 ETP (2026-2030) ; réalisé : 0,15 ETP (2026) »; empty when unsaid. Years that
    follow one another with the same time are told together."""
    rows = staff_time(action)
    told = []
    for label, name in (("prévu", "planned"), ("réalisé", "spent")):
        spans = _spans([(row.year, getattr(row, name)) for row in rows])
        if spans:
            written = ", ".join(f"{fte(value)} ({fr.period(a, b)})" for a, b, value in spans)
            told.append(f"{label} : {written}")
    return " ; ".join(told)


def _spans(values: list[tuple[int, Decimal | None]]) -> list[tuple[int, int, Decimal]]:
    """(first year, last year, value) of each run of equal known values."""
    spans: list[tuple[int, int, Decimal]] = []
    for year, value in values:
        if value is None:
            continue
        if spans and spans[-1][2] == value and spans[-1][1] == year - 1:
            spans[-1] = (spans[-1][0], year, value)
        else:
            spans.append((year, year, value))
    return spans
