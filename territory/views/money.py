"""« Ce que la Caf apporte au territoire », on the page and as a workbook."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse

from agreements.roles import Capability as C
from agreements.views.base import AgreementMixin, AgreementPageView
from core.charts.page import figure
from core.documents.declaration import render
from partners.models import AmountStage
from partners.queries import working_year
from territory import money
from territory.views.tabs import DiagnosisTabs


class _Year(AgreementMixin):
    capability = C.MONEY_VIEW

    def asked_year(self, known: tuple[int, ...]) -> int:
        """``?annee=``, when it is one of those known; else the working year."""
        asked = self.request.GET.get("annee", "")
        if asked.isascii() and asked.isdigit() and int(asked) in known:
            return int(asked)
        return working_year(self.agreement, date.today())


class MoneyView(DiagnosisTabs, _Year, AgreementPageView):
    template_name = "territory/money.html"
    tab = "territory:money"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = money.caf_money(self.agreement)
        year = self.asked_year(found.years)
        chart = money.money_chart(found, self.agreement.name)
        return super().get_context_data(
            money=found,
            sentence=money.money_sentence(found),
            year=year,
            year_text=str(year),
            years=found.years,
            stages=list(AmountStage),
            rows=[
                (
                    line,
                    [line.of(year, stage.value) for stage in AmountStage],
                    line.latest(year),
                    line.runs_in(year),
                )
                for line in found.lines
            ],
            total=found.total_of(year),
            total_stages=[
                (total, [total.by_stage[stage.value] for stage in AmountStage])
                for total in found.totals
            ],
            figure=figure(chart, self.request.COOKIES.get("theme", "")) if chart else None,
            estimates=[
                (row, money.rate_text(row.rate)) for row in money.estimates(self.agreement, year)
            ],
            can_change=self.access.can(C.PARTNERS_CHANGE),
            **kwargs,
        )


class MoneyWorkbook(_Year):
    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        found = money.caf_money(self.agreement)
        year = self.asked_year(found.years)
        estimated = money.estimates(self.agreement, year)
        content = money.money_document(self.agreement, found, estimated, year, date.today())
        file = render(content, "xlsx")
        return HttpResponse(
            file.data,
            content_type=file.mime,
            headers={"Content-Disposition": f'attachment; filename="{file.name}"'},
        )
