"""One point of arbitration as a file: a page for whoever carries the question."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from agreements.roles import Capability as C
from agreements.views.base import AgreementMixin
from committees import queries
from core.documents.declaration import render
from core.views.files import download
from reports.documents.arbitration import arbitration_page

FORMATS = ("pdf", "docx")


class ArbitrationFile(AgreementMixin):
    """Without its amounts for whoever may not see money."""

    capability = C.COMMITTEES_VIEW

    def get(self, request: HttpRequest, pk: int, fmt: str, **kwargs: object) -> HttpResponse:
        if fmt not in FORMATS:
            raise Http404(f"Ce document n'existe pas au format {fmt}.")
        items = queries.agenda_items(self.agreement).filter(
            arbitration__isnull=False, is_confirmed=True
        )
        item = get_object_or_404(items, pk=pk)
        content = arbitration_page(
            self.agreement, item, on=date.today(), with_money=self.access.can(C.MONEY_VIEW)
        )
        file = render(content, fmt, watermark=False)
        return download(file.data, file.mime, file.name)
