"""Typing many figures: the grid of years and indicators, and the pasted table."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse

from agreements.roles import Capability as C
from agreements.views.base import AgreementFormView
from core import formats as fr
from territory import figure_forms
from territory.views.tabs import DiagnosisTabs


class _Typing(DiagnosisTabs, AgreementFormView):
    """The Caf adds its figures; only who changes the diagnosis writes over one."""

    tab = "territory:compare"
    capability = (C.DIAGNOSIS_CHANGE, C.FIGURES_ADD)

    @property
    def can_overwrite(self) -> bool:
        return self.access.can(C.DIAGNOSIS_CHANGE)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "can_overwrite": self.can_overwrite}

    def get_initial(self) -> dict[str, Any]:
        return {"is_from_caf": not self.can_overwrite}

    def get_default_url(self) -> str:
        return reverse("territory:figures", args=[self.agreement.slug])

    @property
    def cancel_url(self) -> str:
        return self.get_default_url()


class GridView(_Typing):
    """The grid is that of the address. With htmx, one cell is saved as soon as it is left
    (``cellule`` names it); without, everything is saved by the button."""

    template_name = "territory/figures_grid.html"
    form_class = figure_forms.GridForm
    title = "Saisir des chiffres"

    def choice(self) -> figure_forms.GridChoiceForm:
        if not hasattr(self, "_choice"):
            asked = self.request.GET or None
            self._choice = figure_forms.GridChoiceForm(
                asked, access=self.access, today=date.today()
            )
        return self._choice

    def get_form_kwargs(self) -> dict[str, Any]:
        choice = self.choice()
        return {
            **super().get_form_kwargs(),
            "indicators": choice.indicators,
            "years": choice.years,
            "territory": choice.territory,
            "only": self.cell,
        }

    @property
    def cell(self) -> str:
        """The one cell that htmx sends; empty for the whole grid."""
        is_alone = getattr(self.request, "htmx", False)
        return self.request.POST.get("cellule", "") if is_alone else ""

    def form_valid(self, form: Any) -> HttpResponse:
        if not self.cell:
            response = super().form_valid(form)
            if response.status_code == 302:
                count = len(form.typed)
                told = f"{fr.plural(count, 'cellule enregistrée', 'cellules enregistrées')}."
                messages.success(self.request, told if count else "Rien n'avait changé.")
            return response
        response = super().form_valid(form)
        if response.status_code != 302:
            return response
        saved = self.get_form_class()(**{**self.get_form_kwargs(), "data": None, "files": None})
        return self.one_cell(saved, "enregistré")

    def form_invalid(self, form: Any) -> HttpResponse:
        if self.cell:
            return self.one_cell(form, "")
        return super().form_invalid(form)

    def one_cell(self, form: Any, state: str) -> HttpResponse:
        """The cell alone, with what stands now or why it is refused."""
        problem = "" if state else " ".join(form.errors.get("source", []))
        if self.cell not in form.fields:
            return HttpResponse(status=204)
        return HttpResponse(
            render_to_string(
                "territory/_grid_cell.html",
                {"cell": form[self.cell], "state": state, "problem": problem},
                request=self.request,
            )
        )

    def get_success_url(self) -> str:
        return self.request.get_full_path()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        choice = self.choice()
        return super().get_context_data(
            choice=choice, years=choice.years, territory=choice.territory, **kwargs
        )


class PasteView(_Typing):
    template_name = "territory/figures_paste.html"
    form_class = figure_forms.PasteForm
    title = "Coller un tableau de chiffres"
    success_message = "C'est enregistré."

    def form_valid(self, form: Any) -> HttpResponse:
        if "apercu" in self.request.POST:
            return self.render_to_response(self.get_context_data(form=form, preview=form.lines))
        return super().form_valid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"preview": None, **kwargs})
