"""Facilities, and their capacity typed as in a sheet."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property

from agreements.roles import Capability as C
from agreements.views.base import (
    AgreementCreateView,
    AgreementDeleteView,
    AgreementDetailView,
    AgreementFormView,
    AgreementPageView,
    AgreementUpdateView,
    ReturnToObject,
    ReturnToPage,
)
from core.formats import date_long
from territory import forms, queries, services
from territory.models import Facility
from territory.views.tabs import DiagnosisTabs


class OfferView(DiagnosisTabs, AgreementPageView):
    template_name = "territory/offer.html"
    tab = "territory:offer"
    capability = C.DIAGNOSIS_VIEW

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            lines=queries.offer_lines(self.agreement),
            can_change=self.access.can(C.DIAGNOSIS_CHANGE),
            **kwargs,
        )


class FacilityView(AgreementDetailView):
    template_name = "territory/facility.html"
    capability = C.DIAGNOSIS_VIEW
    context_object_name = "facility"

    def get_queryset(self) -> QuerySet[Facility]:
        return queries.facilities(self.agreement)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        facility: Facility = self.object
        return super().get_context_data(
            facts=[
                ("Type", str(facility.type)),
                ("Gestionnaire", str(facility.manager)),
                ("Thème", str(facility.theme)),
                ("Commune", str(facility.commune)),
                ("Adresse", facility.address),
                ("Ouverture", date_long(facility.opened_on) if facility.opened_on else ""),
                ("Fermeture", date_long(facility.closed_on) if facility.closed_on else ""),
            ],
            can_change=self.access.can(C.DIAGNOSIS_CHANGE),
            with_money=self.access.can(C.MONEY_VIEW),
            **kwargs,
        )


class _Change:
    capability = C.DIAGNOSIS_CHANGE
    refusal = "modifier le diagnostic"


class FacilityCreate(_Change, ReturnToObject, AgreementCreateView):
    form_class = forms.FacilityForm
    title = "Ajouter un équipement ou un service"
    page = "territory:facility"

    @property
    def cancel_url(self) -> str:
        return reverse("territory:offer", args=[self.agreement.slug])


class FacilityUpdate(_Change, ReturnToObject, AgreementUpdateView):
    form_class = forms.FacilityForm
    title = "Modifier l'équipement"
    page = "territory:facility"

    def get_queryset(self) -> QuerySet[Facility]:
        return queries.facilities(self.agreement)


class FacilityDelete(_Change, ReturnToPage, AgreementDeleteView):
    title = "Supprimer l'équipement"
    page = "territory:offer"

    def get_queryset(self) -> QuerySet[Facility]:
        return queries.facilities(self.agreement)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            question=f"Supprimer « {self.object} » et ses capacités ?",
            consequences=["Un équipement qui ferme se garde : notez plutôt sa date de fermeture."],
            **kwargs,
        )

    def perform(self, form: Any) -> None:
        services.remove_facility(self.object, actor=self.access.user)


class CapacitiesView(_Change, ReturnToObject, AgreementFormView):
    template_name = "territory/capacities.html"
    form_class = forms.CapacitiesForm
    title = "Capacités"
    page = "territory:facility"
    success_message = "Les capacités sont enregistrées."

    @cached_property
    def facility(self) -> Facility:
        return get_object_or_404(queries.facilities(self.agreement), pk=self.kwargs["pk"])

    def parent(self) -> Facility:
        return self.facility

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "facility": self.facility}

    @transaction.atomic
    def perform(self, form: Any) -> None:
        form.perform()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(lead=str(self.facility), **kwargs)
