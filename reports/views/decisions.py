"""The register of decisions as a file, under the filters of its page: all its pages together."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse

from agreements.roles import Capability as C
from agreements.views.base import AgreementMixin
from committees import register
from committees.filters import DecisionFilter, asked_suite
from core.documents.declaration import render
from core.views.files import download
from reports.documents.decisions import register_content, with_parts

FORMATS = ("pdf", "docx", "xlsx")


class DecisionsFile(AgreementMixin):
    """Without amounts for whoever may not see money."""

    capability = C.COMMITTEES_VIEW

    def get(self, request: HttpRequest, fmt: str, **kwargs: object) -> HttpResponse:
        if fmt not in FORMATS:
            raise Http404(f"Ce registre n'existe pas au format {fmt}.")
        today = date.today()
        which = asked_suite(request.GET.get("suite", ""), today)
        filters = DecisionFilter(
            request.GET or None,
            queryset=register.decisions(self.agreement),
            agreement=self.agreement,
        )
        condition = register.register_filters(today)[which][1]
        found = with_parts(register.in_order(filters.qs.filter(condition), today))
        content = register_content(
            self.agreement,
            found,
            today,
            with_money=self.access.can(C.MONEY_VIEW),
            is_filtered=which != "toutes" or any(filters.form.changed_data),
        )
        file = render(content, fmt, watermark=False)
        return download(file.data, file.mime, file.name)
