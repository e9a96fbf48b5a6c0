"""Reads: the whole page of the scheme."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from actionplan.models import SchemeAct, SchemeItem
from actionplan.scheme.content import SchemeContent, scheme_content
from actionplan.scheme.items import THRESHOLD
from actionplan.scheme.rules import COVERED, MISSING, PARTIAL, ItemState, item_states
from agreements.models import Agreement
from core import formats as fr
from core.audience import Audience


@dataclass(frozen=True)
class ActLine:
    """A line to tick: an act around the scheme, done or not."""

    act: SchemeAct.Act
    row: SchemeAct | None

    @property
    def done_on(self) -> date | None:
        return self.row.done_on if self.row else None

    @property
    def note(self) -> str:
        return self.row.note if self.row else ""


@dataclass(frozen=True)
class Scheme:
    content: SchemeContent
    items: list[ItemState]
    acts: list[ActLine]

    @property
    def counts(self) -> Counter[str]:
        return Counter(state.state for state in self.items)

    @property
    def sentence(self) -> str:
        """« 7 attendus sur 11 couverts, 3 en partie, 1 manquant. »"""
        counts = self.counts
        parts = [f"{counts[COVERED]} attendus sur {len(self.items)} couverts"]
        if counts[PARTIAL]:
            parts.append(f"{counts[PARTIAL]} en partie")
        if counts[MISSING]:
            parts.append(fr.plural(counts[MISSING], "manquant"))
        return f"{', '.join(parts)}."

    @property
    def owed_sentence(self) -> str:
        """Whether the scheme is owed, with the population that says so, its year and its source."""
        limit = fr.number(THRESHOLD)
        known = [row for row in self.content.populations if row.reading is not None]
        if not known:
            return f"La population de la commune n'est pas connue ici : le schéma est dû au-delà de {limit} habitants."
        told = " ; ".join(
            f"{row.commune.name} : {row.reading.text} ({row.reading.source})"  # type: ignore[union-attr]
            for row in known
        )
        if self.content.is_owed:
            return (
                f"{told}. Au-delà de {limit} habitants, la commune qui exerce la compétence doit un "
                "schéma pluriannuel ; une CTG qui répond aux onze attendus en tient lieu."
            )
        return (
            f"{told}. Jusqu'à {limit} habitants, le schéma pluriannuel n'est pas obligatoire : "
            "cette page est facultative, et reste une bonne liste de ce qu'un plan de petite enfance contient."
        )


def scheme_of(agreement: Agreement, on: date, *, with_money: bool, audience: Audience) -> Scheme:
    content = scheme_content(agreement, on, audience)
    said = {row.code: row for row in SchemeItem.objects.filter(agreement=agreement)}
    acts = {row.act: row for row in SchemeAct.objects.filter(agreement=agreement)}
    return Scheme(
        content,
        item_states(agreement, content, said, with_money=with_money),
        [ActLine(act, acts.get(act)) for act in SchemeAct.Act],
    )
