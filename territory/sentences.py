"""The automatic sentence of an indicator: ours beside the reference territories, in neutral French.

« 14,2 % à Saint-André en 2022, 4,1 points de plus que l'Aube (10,1 %). » Rates are told apart by
points, amounts by a percentage, counts by the share of what holds them. It judges only where the
indicator says that a rise or a fall is favourable, and names a year whenever two years differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from core import formats as fr
from opendata.models import Indicator, Territory
from opendata.names import at, of, that, with_article
from opendata.queries import Reading, amount

CLOSE = Decimal("0.05")
"""A gap within 5 % is told and not judged."""
IN_POINTS = ("%", "pour 100", "places pour 100")
"""Units whose gaps are told in points; the others in percent of the reference."""


@dataclass(frozen=True)
class Compared:
    """A figure with its territory."""

    territory: Territory
    reading: Reading

    @property
    def value(self) -> Decimal | None:
        return self.reading.value

    @property
    def is_comparable(self) -> bool:
        """A lower bound is neither above nor below anything."""
        return self.reading.value is not None and not self.reading.lower_bound


def sentence(
    indicator: Indicator,
    territory: Territory,
    own: Reading | None,
    references: Sequence[Compared],
    containers: Sequence[Compared] = (),
) -> str:
    """``references``: what a rate is compared with; ``containers``: what a count is a share of."""
    if own is None:
        return f"{indicator.label} : aucun chiffre n'est publié pour {territory.name}."
    if own.value is None:
        return f"{indicator.label} : {own.text} pour {territory.name} en {own.period}."
    ours = Compared(territory, own)
    mark = ", estimation" if own.estimated else ""
    told = f"{own.text} {at(territory)} en {own.period}{mark}"
    if not ours.is_comparable:
        return f"{told}."
    if indicator.is_summable:
        share = share_of(ours, containers)
        return f"{told}, soit {share}." if share else f"{told}."
    comparable = [reference for reference in references if reference.is_comparable]
    gaps = [gap(indicator, ours, reference) for reference in comparable]
    if not gaps:
        return f"{told}."
    return f"{told}, {' et '.join(gaps)}{judgement(indicator, ours, comparable)}."


def gap(indicator: Indicator, ours: Compared, other: Compared) -> str:
    """« 4,1 points de plus que l'Aube (10,1 % en 2019) »."""
    mine, theirs = _written(indicator, ours), _written(indicator, other)
    year = f" en {other.reading.period}" if other.reading.period != ours.reading.period else ""
    held = f"({other.reading.text}{year})"
    if mine == theirs:
        return f"comme {with_article(other.territory)} {held}"
    side = "plus" if mine > theirs else "moins"
    distance = _distance(indicator, mine, theirs)
    return f"{f'{distance} de {side}' if distance else f'à peine {side}'} {that(other.territory)} {held}"


def _written(indicator: Indicator, compared: Compared) -> Decimal:
    """The figure as it is printed, so that the gap agrees with what is read."""
    assert compared.value is not None
    return fr.rounded(compared.value, indicator.decimals)


def _distance(indicator: Indicator, mine: Decimal, theirs: Decimal) -> str:
    """« 4,1 points », « 5,2 % »; empty when it is too small to be written."""
    distance = abs(mine - theirs)
    if not indicator.unit or indicator.unit.startswith(IN_POINTS):
        return fr.with_unit(distance, "point" if distance < 2 else "points", indicator.decimals)
    if theirs == 0:
        return amount(indicator, distance)
    share = fr.rounded(distance / abs(theirs) * 100, 1)
    return fr.percent(share) if share else ""


def judgement(indicator: Indicator, ours: Compared, others: Sequence[Compared]) -> str:
    """Only when the direction is favourable by definition, and every gap goes the same way."""
    if indicator.direction == Indicator.Direction.NEUTRAL:
        return ""
    sides = {_side(indicator, ours, other) for other in others}
    if len(sides) != 1 or 0 in sides:
        return ""
    above = sides == {1}
    favourable = above == (indicator.direction == Indicator.Direction.UP)
    return f", ce qui est {'plus' if favourable else 'moins'} favorable"


def _side(indicator: Indicator, ours: Compared, other: Compared) -> int:
    """1 above, -1 below, 0 within 5 %."""
    mine, theirs = _written(indicator, ours), _written(indicator, other)
    scale = max(abs(mine), abs(theirs)) or Decimal(1)
    if abs(mine - theirs) / scale <= CLOSE:
        return 0
    return 1 if mine > theirs else -1


def share_of(ours: Compared, containers: Sequence[Compared]) -> str:
    """« 7,3 % de Troyes Champagne Métropole », by the nearest that has the same year."""
    for container in containers:
        if not container.is_comparable or not container.value:
            continue
        if container.reading.period == ours.reading.period and ours.value is not None:
            return f"{fr.percent(ours.value / container.value * 100)} {of(container.territory)}"
    return ""
