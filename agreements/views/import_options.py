"""What a kind of import asks once, on the preview, of a file that does not say it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from agreements.models import ImportRun
from agreements.services import imports
from agreements.views.imports import ImportView


class ImportOptionsView(ImportView):
    """POST keeps the answers; the preview that follows obeys them. Wrong ones are shown there."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.kind.options is None:
            raise Http404
        if self.run.state != ImportRun.State.WAITING:
            messages.error(request, "Ce fichier n'est plus à confirmer.")
            return HttpResponseRedirect(self.address("import"))
        form = self.options_form(request.POST)
        if not form.is_valid():
            return self.show(options_form=form, status=422)
        imports.keep_options(self.run, form.as_json())
        messages.success(request, "L'aperçu suit vos réponses.")
        return HttpResponseRedirect(self.address("import"))
