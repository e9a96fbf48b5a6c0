"""The types of facilities: the agreement's own list."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from agreements.roles import Capability as C
from agreements.views.base import (
    AgreementCreateView,
    AgreementDeleteView,
    AgreementMixin,
    AgreementPageView,
    AgreementUpdateView,
    ReturnToPage,
)
from territory import offer_forms, offer_queries
from territory.models import FacilityType
from territory.services import register
from territory.views.change import Change


class _Types(Change, ReturnToPage):
    page = "territory:facility_types"

    def get_queryset(self) -> QuerySet[FacilityType]:
        return offer_queries.facility_types(self.agreement)


class FacilityTypesView(AgreementPageView):
    template_name = "territory/facility_types.html"
    capability = C.DIAGNOSIS_CHANGE

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            types=list(offer_queries.facility_types(self.agreement)), **kwargs
        )


class FacilityTypeCreate(_Types, AgreementCreateView):
    title = "Ajouter un type d'équipement"
    form_class = offer_forms.FacilityTypeForm


class FacilityTypeUpdate(_Types, AgreementUpdateView):
    title = "Modifier le type d'équipement"
    form_class = offer_forms.FacilityTypeForm


class FacilityTypeMove(_Types, AgreementMixin):
    """POST ``sens``: « haut » or « bas »."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        kind = get_object_or_404(self.get_queryset(), pk=pk)
        register.move_type(kind, actor=self.access.user, up=request.POST.get("sens") == "haut")
        return redirect(self.get_default_url())


class FacilityTypeDelete(_Types, AgreementDeleteView):
    title = "Supprimer le type d'équipement"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            question=f"Supprimer le type « {self.object} » ?",
            consequences=["Un type porté par un équipement ne se supprime pas : masquez-le."],
            **kwargs,
        )

    def perform(self, form: Any) -> None:
        register.remove_type(self.object, actor=self.access.user)
