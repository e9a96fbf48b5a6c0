"""The territory beside those that hold it."""

from __future__ import annotations

from typing import Any

from agreements.roles import Capability as C
from agreements.views.base import AgreementPageView
from core.charts.base import Chart
from core.charts.render import img_data_uri
from core.documents.page import cell_text
from territory import comparison
from territory.forms import CompareForm
from territory.views.tabs import DiagnosisTabs

DEFAULT = "taux_pauvrete_60"


def figure(chart: Chart, theme: str) -> dict[str, Any]:
    """What ``{% chart_figure %}`` takes: the drawing, its sentence, and the rows beneath it."""
    block = chart.freeze()
    return {
        "title": block.title,
        "image_url": img_data_uri(block.spec, "dark" if theme == "dark" else "light"),
        "sentence": block.sentence,
        "alt": block.alt,
        "headers": [
            (column.title, "num") if column.numeric else column.title for column in block.columns
        ],
        "rows": [
            [cell_text(column, cell) for column, cell in zip(block.columns, row, strict=True)]
            for row in block.rows
        ],
        "source": block.source,
    }


class CompareView(DiagnosisTabs, AgreementPageView):
    """One indicator drawn, then all the usual ones, a sentence each."""

    template_name = "territory/compare.html"
    tab = "territory:compare"
    capability = C.DIAGNOSIS_VIEW

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = comparison.comparison(self.agreement)
        asked = self.request.GET.get("indicateur", DEFAULT)
        chosen = next(
            (row for row in rows if row.indicator.key == asked), rows[0] if rows else None
        )
        communes, shares = comparison.communes_comparison(self.agreement)
        theme = self.request.COOKIES.get("theme", "")
        population = comparison.population_chart(self.agreement)
        return super().get_context_data(
            form=CompareForm(initial={"indicateur": chosen.indicator.key} if chosen else None),
            rows=rows,
            territories=rows[0].territories if rows else [],
            chosen=chosen,
            chart=figure(chosen.chart, theme) if chosen else None,
            population=figure(population, theme) if population else None,
            communes=communes,
            shares=shares,
            **kwargs,
        )
