"""The register out as a workbook, and back in: look first, then write."""

from __future__ import annotations

import base64
import secrets
from typing import Any

from django import forms
from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from agreements.forms import AgreementForm
from agreements.roles import Capability as C
from agreements.views.base import AgreementFormView, AgreementMixin, ReturnToPage
from core.documents.declaration import MIMES
from core.formats import plural
from core.sheets import Choices, Unreadable
from core.sheets.opening import MAX_BYTES
from territory import offer_sheets

KEPT = 3600
"""Seconds during which the file that was looked at can be applied."""
SHOWN = 200
"""Lines of each kind that the preview lists; it counts them all."""


class OfferWorkbook(AgreementMixin):
    capability = C.DIAGNOSIS_VIEW

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        name = f"registre-des-equipements-{self.agreement.slug}.xlsx"
        return HttpResponse(
            offer_sheets.export(self.agreement),
            content_type=MIMES["xlsx"],
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )


class OfferImportForm(AgreementForm):
    file = forms.FileField(
        label="Classeur", help_text="Le classeur exporté et complété (.xlsx), ou un .ods ou .csv de mêmes colonnes."
    )  # fmt: skip

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError("Ce fichier dépasse 20 Mo.")
        return file


class OfferImport(ReturnToPage, AgreementFormView):
    """POST a file: what it would do. POST ``token``: do it."""

    template_name = "territory/offer_import.html"
    capability = C.DIAGNOSIS_CHANGE
    form_class = OfferImportForm
    title = "Importer le registre"
    lead = "Rien n'est écrit avant que vous ayez vu ce qui change."
    submit_label = "Regarder ce qui change"
    page = "territory:offer"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get("token"):
            return self.apply(request.POST["token"])
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        file = form.cleaned_data["file"]
        data = file.read()
        try:
            found = offer_sheets.preview(self.agreement, data, file.name, actor=self.access.user)
        except Unreadable as error:
            form.add_error("file", str(error))
            return self.form_invalid(form)
        token = self.keep(data, file.name) if found.can_apply else ""
        return self.show(form, found, token)

    def show(self, form: Any, found: offer_sheets.Preview, token: str) -> HttpResponse:
        report = found.report
        context = self.get_context_data(
            form=form, report=report, token=token, created=report.created[:SHOWN],
            changed=report.changed[:SHOWN], moved=report.both[:SHOWN],
            refused=[str(refusal) for refusal in report.refused[:SHOWN]],
        )  # fmt: skip
        return self.render_to_response(context, status=422 if report.refused else 200)

    def cache_key(self, token: str) -> str:
        """Whoever looked at the file, in this agreement, and nobody else."""
        return f"offer-import:{self.agreement.pk}:{self.access.user.pk}:{token}"

    def keep(self, data: bytes, name: str) -> str:
        token = secrets.token_urlsafe(16)
        cache.set(self.cache_key(token), [base64.b64encode(data).decode(), name], KEPT)
        return token

    def apply(self, token: str) -> HttpResponse:
        kept = cache.get(self.cache_key(token)) if len(token) < 60 else None
        if kept is None:
            form = OfferImportForm(access=self.access)
            messages.error(self.request, "Ce fichier n'est plus gardé : choisissez-le de nouveau.")
            return self.render_to_response(self.get_context_data(form=form), status=422)
        data, name = base64.b64decode(kept[0]), kept[1]
        found = offer_sheets.apply(
            self.agreement, data, name, actor=self.access.user,
            overwrite=self.request.POST.get("overwrite") == "on",
        )  # fmt: skip
        if found.refused:
            return self.show(OfferImportForm(access=self.access), found, "")
        cache.delete(self.cache_key(token))
        report = found.report
        side: Any = "file" if self.request.POST.get("overwrite") == "on" else "app"
        written = len(report.to_write(Choices(default=side)))
        messages.success(
            self.request, f"Registre importé : {plural(written, 'ligne écrite', 'lignes écrites')}."
        )
        return HttpResponseRedirect(reverse(self.page, args=[self.agreement.slug]))
