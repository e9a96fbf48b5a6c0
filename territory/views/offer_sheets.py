"""The register out as a workbook, and back in: look first, then write."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from agreements.roles import Capability as C
from agreements.views.base import AgreementMixin
from agreements.views.imports import ImportUpload
from core.documents.declaration import MIMES
from core.views.files import download
from territory import offer_sheets


class OfferWorkbook(AgreementMixin):
    capability = C.DIAGNOSIS_VIEW

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        name = f"registre-des-equipements-{self.agreement.slug}.xlsx"
        return download(offer_sheets.export(self.agreement), MIMES["xlsx"], name)


class OfferImport(ImportUpload):
    capability = C.DIAGNOSIS_CHANGE
    kind = offer_sheets.KIND
