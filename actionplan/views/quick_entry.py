"""Quick entry: a whole plan typed from the keyboard, or pasted, in one grid."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from actionplan.entry.reading import MOST_LINES
from actionplan.forms.entry import EntryForm
from agreements.roles import Capability as C
from agreements.views.base import AgreementFormView
from core.errors import DomainError
from core.formats import plural

WORDS = {
    "action": "action créée,actions créées",
    "orientation": "niveau créé,niveaux créés",
    "lead": "structure créée,structures créées",
}


class QuickEntryView(AgreementFormView):
    """POST « coller » spreads the pasted text, « lignes » adds rows; neither writes anything."""

    template_name = "actionplan/quick_entry.html"
    capability = C.PLAN_CHANGE
    form_class = EntryForm
    title = "Saisie rapide du plan"
    submit_label = "Enregistrer le plan"

    def get_default_url(self) -> str:
        return reverse("actionplan:plan", args=[self.agreement.slug])

    @property
    def cancel_url(self) -> str:
        return self.get_default_url()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "coller" in request.POST or "lignes" in request.POST:
            form = self.get_form()
            left = form.paste(request.POST.get("texte", "")) if "coller" in request.POST else 0
            if "lignes" in request.POST:
                form.more_lines()
            if left:
                messages.warning(
                    request,
                    f"{plural(left, 'ligne collée ne tient', 'lignes collées ne tiennent')} pas : "
                    f"{MOST_LINES} lignes à la fois. Enregistrez, puis collez la suite.",
                )
            return self.render_to_response(self.get_context_data(form=form, untouched=True))
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            counts = form.perform()
        except DomainError as refusal:
            form.add_error(None, refusal.message)
            return self.form_invalid(form)
        levels = sum(counts.get(kind, 0) for kind in ("orientation", "objective", "below"))
        told = {"action": counts["action"], "orientation": levels, "lead": counts.get("lead", 0)}
        words = [plural(n, *WORDS[kind].split(",")) for kind, n in told.items() if n]
        messages.success(self.request, f"{', '.join(words)}.")
        return redirect(self.get_success_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            is_bound=self.request.method == "POST" and "untouched" not in kwargs, **kwargs
        )
