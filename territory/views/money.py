"""« Ce que la Caf apporte au territoire », on the page and as a workbook."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse

from agreements.roles import Capability as C
from agreements.views.base import AgreementMixin, AgreementPageView
from core.charts.page import figure
from core.documents.declaration import render
from core.formats import parse_amount
from core.views.files import download
from opendata import rates
from partners.models import AmountStage
from partners.queries import working_year
from territory import money
from territory.views.tabs import DiagnosisTabs

UNIT_COST = re.compile(r"cout-(\d{1,9})-(\d{1,9})")


class _Year(AgreementMixin):
    capability = C.MONEY_VIEW

    def asked_year(self, known: tuple[int, ...]) -> int:
        """``?annee=``, when it is one of those known; else the working year."""
        asked = self.request.GET.get("annee", "")
        if asked.isascii() and asked.isdigit() and int(asked) in known:
            return int(asked)
        return working_year(self.agreement, date.today())

    def asked_unit_costs(self) -> tuple[dict[tuple[int, int], Decimal], list[str]]:
        """``?cout-<équipement>-<barème>=``: what a unit costs, typed for this reading and kept
        nowhere; and the sentences for what is no amount."""
        costs, refused = {}, []
        for name, typed in self.request.GET.items():
            match = UNIT_COST.fullmatch(name)
            if match is None or not typed.strip():
                continue
            try:
                value = parse_amount(typed)
            except ValueError as error:
                refused.append(str(error))
                continue
            if value < 0:
                refused.append("Un prix de revient ne peut pas être négatif.")
            elif value >= 10**6:
                refused.append("Ce prix de revient par unité est trop grand.")
            else:
                costs[int(match[1]), int(match[2])] = value
        return costs, refused


class MoneyView(DiagnosisTabs, _Year, AgreementPageView):
    template_name = "territory/money.html"
    tab = "territory:money"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = money.caf_money(self.agreement)
        year = self.asked_year(found.years)
        chart = money.money_chart(found, self.agreement.name)
        costs, refused = self.asked_unit_costs()
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
                (row, rates.text(row.rate), self.request.GET.get(row.field, ""))
                for row in money.estimates(self.agreement, year, costs)
            ],
            refused=refused,
            query=self.request.GET.urlencode(),
            can_change=self.access.can(C.PARTNERS_CHANGE),
            **kwargs,
        )


class MoneyWorkbook(_Year):
    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        found = money.caf_money(self.agreement)
        year = self.asked_year(found.years)
        estimated = money.estimates(self.agreement, year, self.asked_unit_costs()[0])
        content = money.money_document(self.agreement, found, estimated, year, date.today())
        file = render(content, "xlsx")
        return download(file.data, file.mime, file.name)
