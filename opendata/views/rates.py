"""Caf rates of the instance, year by year."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from core import formats as fr
from core.errors import DomainError
from opendata import rates
from opendata.facility_types import NAMES
from opendata.forms import RateForm
from opendata.models import FundingRate, Unit
from opendata.views.base import ActView, FormView, PageView

ONE = {
    Unit.PLACES: "place",
    Unit.HOURS: "heure",
    Unit.FTE: "ETP",
    Unit.SESSIONS: "séance",
    Unit.GROUPS: "groupe",
}


def address(year: int) -> str:
    return f"{reverse('opendata:rates')}?annee={year}"


def _year(text: str | None, known: list[int]) -> int:
    if text and text.isascii() and text.isdigit() and 2000 <= int(text[:5]) <= 2100:
        return int(text[:5])
    return known[0] if known else timezone.localdate().year


def _number(amount: Decimal) -> str:
    """As many decimals as there are, two at least."""
    exponent = amount.normalize().as_tuple().exponent
    return fr.number(amount, max(2, -exponent if isinstance(exponent, int) else 2))


def written(rate: FundingRate) -> str:
    """« 2 600,00 € par place », « 66,00 % du coût de l'heure, plafonné à 10,05 € »."""
    unit = ONE[Unit(rate.unit)]
    if rate.calculation == FundingRate.Calculation.PER_UNIT:
        return f"{_number(rate.amount)}\u00a0€ par {unit}"
    ceiling = f", plafonné à {_number(rate.ceiling)}\u00a0€" if rate.ceiling is not None else ""
    return f"{_number(rate.amount)}\u00a0% du coût par {unit}{ceiling}"


def concerned(rate: FundingRate) -> str:
    return ", ".join(NAMES[key] for key in rate.facility_keys if key in NAMES)


class RatesView(PageView):
    template_name = "opendata/rates.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        known = rates.years()
        year = _year(self.request.GET.get("annee"), known)
        shown = sorted({*known, year, max([year, *known]) + 1}, reverse=True)
        previous = max((other for other in known if other < year), default=None)
        return super().get_context_data(
            year=year,
            create_url=f"{reverse('opendata:rate_create')}?annee={year}",
            heading=f"Exercice {year}",
            empty_title=f"Aucun barème pour {year}",
            rates=[(rate, written(rate), concerned(rate)) for rate in rates.of_year(year)],
            previous=previous,
            copy_label=f"Reprendre les barèmes de {previous}",
            tabs=[
                {"label": str(other), "url": address(other), "active": other == year}
                for other in shown
            ],
            **kwargs,
        )


class RateFormView(FormView):
    form_class = RateForm
    success_message = "Le barème est enregistré."

    def get_default_url(self) -> str:
        assert isinstance(self.object, FundingRate)
        return address(self.object.year)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"cancel_url": reverse("opendata:rates"), **kwargs})


class RateCreateView(RateFormView):
    title = "Ajouter un barème"

    def get_initial(self) -> dict[str, Any]:
        return {"year": _year(self.request.GET.get("annee"), rates.years())}


class RateEditView(RateFormView):
    title = "Modifier un barème"

    def get_form_kwargs(self) -> dict[str, Any]:
        rate = get_object_or_404(FundingRate, pk=self.kwargs["pk"])
        return {**super().get_form_kwargs(), "instance": rate}


class RateDeleteView(FormView):
    template_name = "core/confirm.html"
    form_class = Form
    title = "Supprimer un barème"
    submit_label = "Supprimer"
    success_message = "Le barème est supprimé."

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.rate = get_object_or_404(FundingRate, pk=kwargs["pk"])
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.rate = get_object_or_404(FundingRate, pk=kwargs["pk"])
        return super().post(request, *args, **kwargs)

    def perform(self, form: Any) -> None:
        rates.delete_rate(self.rate)

    def get_success_url(self) -> str:
        return address(self.rate.year)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rate = self.rate
        return super().get_context_data(
            question=f"Supprimer « {rate.scheme} », {rate.year}, {written(rate)} ?",
            consequences=["Les estimations qui s'en servaient ne seront plus calculées."],
            **{"cancel_url": address(rate.year), **kwargs},
        )


class RatesCopyView(ActView):
    def post(self, request: HttpRequest, year: int) -> HttpResponse:
        try:
            added = rates.copy_from_previous_year(year)
        except DomainError as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(
                request,
                f"{fr.plural(added, 'barème repris', 'barèmes repris')} : vérifiez-les avec la"
                " circulaire de l'année.",
            )
        return redirect(address(year))
