"""A point of arbitration as it is read: its options side by side, criterion by criterion."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from math import ceil

from committees.models import AgendaItem, ArbitrationOption, ArbitrationPoint
from core.formats import euros

Amount = Callable[[Decimal | None], str]
CONTEXT_LINES = 5
LINE_LENGTH = 95
"""Characters in one line of the printed page (Source Sans, 10.5 pt, 17 cm)."""
NOT_SAID = "non renseigné"
CAF_REVENUE = "Recette Caf (estimation)"


@dataclass(frozen=True)
class Criterion:
    label: str
    values: list[str]


def criteria(
    options: list[ArbitrationOption], *, with_money: bool, amount: Amount = euros
) -> list[Criterion]:
    """The rows of the comparison; amounts only for whoever may see them, said by ``amount``.
    Unknown is not zero."""
    money = [
        Criterion("Coût pour la commune", [amount(option.cost) for option in options]),
        Criterion(CAF_REVENUE, [amount(option.caf_revenue) for option in options]),
    ]
    return [
        Criterion("Effets", [option.effects or NOT_SAID for option in options]),
        *(money if with_money else []),
        Criterion("Délai", [option.delay or NOT_SAID for option in options]),
        Criterion("Risque", [option.risk or NOT_SAID for option in options]),
    ]


@dataclass(frozen=True)
class Comparison:
    """Options in columns, criteria in rows; ``chosen`` are those that a decision took."""

    options: list[ArbitrationOption]
    criteria: list[Criterion]
    chosen: frozenset[int]

    @property
    def rows(self) -> list[tuple[str, list[tuple[ArbitrationOption, str]]]]:
        """Each value beside its option: on a phone, where the heading is out of sight, it is named."""
        return [
            (row.label, list(zip(self.options, row.values, strict=True))) for row in self.criteria
        ]


def comparison_of(item: AgendaItem, *, with_money: bool) -> Comparison:
    """``item`` has its arbitration, options and decisions at hand: no query here."""
    options = list(item.arbitration.options.all())
    chosen = frozenset(
        decision.chosen_option_id for decision in item.decisions.all() if decision.chosen_option_id
    )
    return Comparison(options, criteria(options, with_money=with_money), chosen)


def printed_lines(text: str) -> int:
    return sum(
        max(ceil(len(line) / LINE_LENGTH), 1) for line in text.strip().splitlines() if line.strip()
    )


def length_advice(point: ArbitrationPoint) -> str:
    """Said, never refused: a context of more than five lines is read less."""
    lines = printed_lines(point.context)
    if lines <= CONTEXT_LINES:
        return ""
    return f"Le contexte fait environ {lines} lignes pour cinq conseillées : les élus liront mieux un texte plus court."
