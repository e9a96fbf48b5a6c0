"""A point of arbitration as it is read: its options side by side, criterion by criterion."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from decimal import Decimal
from math import ceil

from committees.models import AgendaItem, ArbitrationOption, ArbitrationPoint
from core.amounts import names_money
from core.formats import euros

Amount = Callable[[Decimal | None], str]
CONTEXT_LINES = 5
LINE_LENGTH = 95
"""Characters in one line of the printed page (Source Sans, 10.5 pt, 17 cm)."""
NOT_SAID = "non renseigné"
WITHHELD = "Réservé : ce texte cite un montant."
A_POINT = "Un point à décider, détaillé dans le dossier de séance"
CAF_REVENUE = "Recette Caf (estimation)"


@dataclass(frozen=True)
class PointWords:
    """What a reader may read of a point of arbitration."""

    question: str
    context: str
    technical_opinion: str


def words_of(item: AgendaItem, *, with_money: bool) -> PointWords:
    """Typed words that name an amount are for whoever may see the amounts of the options."""
    point = item.arbitration
    if with_money:
        return PointWords(point.question, point.context, point.technical_opinion)
    return PointWords(
        without_money(point.question, item.title),
        _told(point.context, with_money=False),
        _told(point.technical_opinion, with_money=False),
    )


def options_of(point: ArbitrationPoint, *, with_money: bool) -> list[ArbitrationOption]:
    """Its options; one whose title names an amount goes by its rank, for who sees no amount."""
    options = list(point.options.all())
    if with_money:
        return options
    return [
        _renamed(option, f"Option {rank}") if names_money(option.title) else option
        for rank, option in enumerate(options, start=1)
    ]


def _renamed(option: ArbitrationOption, title: str) -> ArbitrationOption:
    shown = copy(option)
    shown.title = title
    return shown


def without_money(*wanted: str) -> str:
    """The first of these texts that names no amount; else that there is a point to decide."""
    return next((text for text in wanted if not names_money(text)), A_POINT)


def _told(text: str, *, with_money: bool) -> str:
    return WITHHELD if not with_money and names_money(text) else text


@dataclass(frozen=True)
class Criterion:
    label: str
    values: list[str]


def criteria(
    options: list[ArbitrationOption], *, with_money: bool, amount: Amount = euros
) -> list[Criterion]:
    """The rows of the comparison; amounts only for whoever may see them, said by ``amount``.
    Unknown is not zero."""

    def said(texts: list[str]) -> list[str]:
        return [_told(text, with_money=with_money) or NOT_SAID for text in texts]

    money = [
        Criterion("Coût pour la commune", [amount(option.cost) for option in options]),
        Criterion(CAF_REVENUE, [amount(option.caf_revenue) for option in options]),
    ]
    return [
        Criterion("Effets", said([option.effects for option in options])),
        *(money if with_money else []),
        Criterion("Délai", said([option.delay for option in options])),
        Criterion("Risque", said([option.risk for option in options])),
    ]


@dataclass(frozen=True)
class Comparison:
    """Options in columns, criteria in rows; ``chosen`` are those that a decision took."""

    options: list[ArbitrationOption]
    criteria: list[Criterion]
    chosen: frozenset[int]
    words: PointWords

    @property
    def rows(self) -> list[tuple[str, list[tuple[ArbitrationOption, str]]]]:
        """Each value beside its option: on a phone, where the heading is out of sight, it is named."""
        return [
            (row.label, list(zip(self.options, row.values, strict=True))) for row in self.criteria
        ]


def comparison_of(item: AgendaItem, *, with_money: bool) -> Comparison:
    """``item`` has its arbitration, options and decisions at hand: no query here."""
    options = options_of(item.arbitration, with_money=with_money)
    chosen = frozenset(
        decision.chosen_option_id for decision in item.decisions.all() if decision.chosen_option_id
    )
    words = words_of(item, with_money=with_money)
    return Comparison(options, criteria(options, with_money=with_money), chosen, words)


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
