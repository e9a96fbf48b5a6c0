"""The plan as a workbook: out, back in, and what came in before."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from actionplan.sheets.book import Book, book_of
from actionplan.sheets.kind import OWN, WHOLE, export
from actionplan.views.tabs import PlanTabs
from agreements import import_kinds
from agreements.import_queries import runs_seen_by
from agreements.roles import Capability as C
from agreements.views.base import AgreementMixin, AgreementPageView
from agreements.views.imports import ImportUpload
from core.documents.declaration import MIMES
from core.views.files import download

RECENT = 10


class WorkbookView(PlanTabs, AgreementPageView):
    """Whoever changes the plan has it whole; a partner, the actions that they lead."""

    template_name = "actionplan/workbook.html"
    capability = (C.PLAN_CHANGE, C.PLAN_CHANGE_OWN)
    tab = "actionplan:workbook"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        whole = self.access.can(C.PLAN_CHANGE)
        kind = import_kinds.get(WHOLE if whole else OWN)
        kinds = (WHOLE, OWN) if whole else (OWN,)
        runs = runs_seen_by(self.access).filter(kind__in=kinds)
        return super().get_context_data(
            whole=whole,
            kind=kind,
            upload_url=reverse(kind.upload, args=[self.agreement.slug]),
            recent=list(runs[:RECENT]),
            **kwargs,
        )


class WorkbookExport(AgreementMixin):
    capability = (C.PLAN_CHANGE, C.PLAN_CHANGE_OWN)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        today = date.today()
        book: Book = book_of(self.access)
        subject = "plan" if book.whole else "vos-actions"
        name = f"{subject}-{self.agreement.slug}-{today:%Y-%m-%d}.xlsx"
        return download(export(book, on=today), MIMES["xlsx"], name)


class WorkbookImport(ImportUpload):
    capability = C.PLAN_CHANGE
    kind = import_kinds.get(WHOLE)


class OwnWorkbookImport(ImportUpload):
    capability = C.PLAN_CHANGE_OWN
    kind = import_kinds.get(OWN)
