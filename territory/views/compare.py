"""The territory beside those that hold it."""

from __future__ import annotations

from datetime import date
from typing import Any

from agreements.roles import Capability as C
from agreements.views.base import AgreementPageView
from core.charts.page import figure
from territory import comparison
from territory.views.tabs import DiagnosisTabs


class CompareView(DiagnosisTabs, AgreementPageView):
    """The usual indicators: filled, sourced, compared; and those to ask, each ready to be typed."""

    template_name = "territory/compare.html"
    tab = "territory:compare"
    capability = C.DIAGNOSIS_VIEW

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = comparison.comparison(self.agreement, audience=self.access.audience)
        communes, shares = comparison.communes_comparison(self.agreement, self.access.audience)
        theme = self.request.COOKIES.get("theme", "")
        population = comparison.population_chart(self.agreement)
        year = date.today().year
        told = [row for row in rows if row.has_figure]
        return super().get_context_data(
            lines=[(row, row.is_old(year)) for row in told],
            told=told,
            territories=rows[0].territories if rows else [],
            to_ask=[row for row in rows if row.is_to_ask],
            not_loaded=[row for row in rows if not row.has_figure and not row.is_to_ask],
            nothing_loaded=not any(reading for row in rows for reading in row.readings),
            no_catalogue=not rows,
            population=figure(population, theme) if population else None,
            communes=communes,
            shares=shares,
            this_year=year,
            can_add=self.access.can_any(C.DIAGNOSIS_CHANGE, C.FIGURES_ADD),
            can_change=self.access.can(C.DIAGNOSIS_CHANGE),
            **kwargs,
        )
