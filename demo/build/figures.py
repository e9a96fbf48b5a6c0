"""The comparison set, the figures that were given, and how the authors read three indicators."""

from __future__ import annotations

from demo.build.context import Example
from demo.content.figures import COMPARED, FIGURES, NOTES
from opendata.models import Indicator, Territory
from territory.comparison import comparison
from territory.pasting import read_cell
from territory.services import save_indicator_note, set_comparison, set_local_figure
from territory.services.figures import Given


def build_figures(example: Example) -> None:
    agreement, actor = example.agreement, example.actor
    territories = [Territory.objects.get(level=level, code=code) for level, code in COMPARED]
    set_comparison(agreement, actor=actor, territories=territories)
    indicators = {row.key: row for row in Indicator.objects.all()}
    for fact in FIGURES:
        set_local_figure(
            agreement, actor=actor, indicator=indicators[fact.indicator],
            territory=agreement.lead_commune, period=fact.year, typed=read_cell(fact.typed),
            given=Given(fact.source, fact.audience, fact.is_from_caf),
        )  # fmt: skip
    for key, note in NOTES.items():
        row = comparison(agreement, [indicators[key]])[0]
        save_indicator_note(
            agreement, actor=actor, indicator=indicators[key], sentence=note.sentence,
            automatic_sentence=row.automatic_sentence, comment=note.comment,
            audience="public", keep_old=note.keep_old,
        )  # fmt: skip
