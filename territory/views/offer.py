"""The register: three views of one list, and the sheet of a facility with its grids."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
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
from core.charts.page import figure
from core.formats import date_long
from territory import money, offer_forms, offer_queries, services
from territory.filters import FacilityFilter
from territory.geography import contour_of
from territory.models import Facility
from territory.views.change import Change
from territory.views.tabs import DiagnosisTabs

VIEWS = (
    ("En table", "territory:offer"),
    ("Sur la carte", "territory:offer_map"),
    ("En fiches", "territory:offer_cards"),
)


class OfferView(DiagnosisTabs, AgreementPageView):
    """The table; the map and the cards show the same list, with the same filters in the address."""

    template_name = "territory/offer.html"
    tab = "territory:offer"
    view_name = "territory:offer"
    capability = C.DIAGNOSIS_VIEW

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        register = offer_queries.register(self.agreement)
        found = FacilityFilter(self.request.GET or None, register, agreement=self.agreement)
        facilities = list(found.qs)
        return super().get_context_data(
            filter=found,
            lines=offer_queries.lines_of(facilities, date.today()),
            views=self.views(),
            can_change=self.access.can(C.DIAGNOSIS_CHANGE),
            **self.more(facilities),
            **kwargs,
        )

    def more(self, facilities: list[Facility]) -> dict[str, Any]:
        return {}

    def views(self) -> list[dict[str, Any]]:
        query = self.request.GET.urlencode()
        return [
            {
                "label": label,
                "url": reverse(name, args=[self.agreement.slug]) + (f"?{query}" if query else ""),
                "active": name == self.view_name,
            }
            for label, name in VIEWS
        ]


class OfferMap(OfferView):
    template_name = "territory/offer_map.html"
    view_name = "territory:offer_map"

    def more(self, facilities: list[Facility]) -> dict[str, Any]:
        chart = offer_queries.place_map(self.agreement, facilities, date.today())
        theme = self.request.COOKIES.get("theme", "")
        return {
            "map": figure(chart, theme) if chart else None,
            "unplaced": [f for f in facilities if f.latitude is None],
            "placed": any(f.latitude is not None for f in facilities),
        }


class OfferCards(OfferView):
    template_name = "territory/offer_cards.html"
    view_name = "territory:offer_cards"


class FacilityView(AgreementDetailView):
    template_name = "territory/facility.html"
    capability = C.DIAGNOSIS_VIEW
    context_object_name = "facility"

    def get_queryset(self) -> QuerySet[Facility]:
        return offer_queries.facility_sheets(self.agreement)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        facility: Facility = self.object
        with_money = self.access.can(C.MONEY_VIEW)
        point = (
            f"{facility.latitude} ; {facility.longitude}".replace(".", ",")
            if facility.latitude is not None
            else ""
        )
        return super().get_context_data(
            facts=[
                ("Type", str(facility.type)),
                ("Mode", facility.type.get_mode_display()),
                ("Gestionnaire", str(facility.manager)),
                ("Thème", str(facility.theme)),
                ("Âges accueillis", offer_queries.ages_of(facility)),
                ("Commune", str(facility.commune)),
                ("Quartier", str(facility.quarter) if facility.quarter else ""),
                ("Adresse", facility.address),
                ("Latitude et longitude", point),
                ("Ouverture", date_long(facility.opened_on) if facility.opened_on else ""),
                ("Fermeture", date_long(facility.closed_on) if facility.closed_on else ""),
            ],
            state=offer_queries.state_text(facility, date.today()),
            is_closed=offer_queries.is_closed(facility, date.today()),
            capacities=offer_queries.capacity_grid(facility),
            activities=offer_queries.activity_grid(facility),
            can_change=self.access.can(C.DIAGNOSIS_CHANGE),
            with_money=with_money,
            money_lines=[money.money_line(c) for c in facility.contracts.all()]
            if with_money
            else [],
            **kwargs,
        )


class _PlacedForm:
    """Says so when nothing could tell whether the point is near the commune."""

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        facility = getattr(self, "object", None)
        moved = {"latitude", "longitude", "commune"} & set(form.changed_data)
        if response.status_code == 302 and facility is not None and moved:
            unchecked = facility.latitude is not None and contour_of(facility.commune) is None
            if unchecked:
                messages.warning(
                    self.request,
                    f"Le contour de {facility.commune} n'est pas chargé : la position n'a pas pu être vérifiée.",
                )
        return response


class FacilityCreate(_PlacedForm, Change, ReturnToObject, AgreementCreateView):
    form_class = offer_forms.FacilityForm
    title = "Ajouter un équipement ou un service"
    page = "territory:facility"

    @property
    def cancel_url(self) -> str:
        return reverse("territory:offer", args=[self.agreement.slug])


class FacilityUpdate(_PlacedForm, Change, ReturnToObject, AgreementUpdateView):
    form_class = offer_forms.FacilityForm
    title = "Modifier l'équipement"
    page = "territory:facility"

    def get_queryset(self) -> QuerySet[Facility]:
        return offer_queries.facility_sheets(self.agreement)


class FacilityDelete(Change, ReturnToPage, AgreementDeleteView):
    title = "Supprimer l'équipement"
    page = "territory:offer"

    def get_queryset(self) -> QuerySet[Facility]:
        return offer_queries.register(self.agreement)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            question=f"Supprimer « {self.object} », ses capacités et son activité ?",
            consequences=["Un équipement qui ferme se garde : notez plutôt sa date de fermeture."],
            **kwargs,
        )

    def perform(self, form: Any) -> None:
        services.remove_facility(self.object, actor=self.access.user)


class _GridView(Change, ReturnToObject, AgreementFormView):
    """The figures of a facility typed as in a sheet."""

    template_name = "territory/facility_grid.html"
    page = "territory:facility"
    row_title = ""

    @cached_property
    def facility(self) -> Facility:
        facilities = offer_queries.facility_sheets(self.agreement)
        return get_object_or_404(facilities, pk=self.kwargs["pk"])

    def parent(self) -> Facility:
        return self.facility

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "facility": self.facility}

    @transaction.atomic
    def perform(self, form: Any) -> None:
        form.perform()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            lead=str(self.facility), facility=self.facility, row_title=self.row_title, **kwargs
        )


class CapacitiesView(_GridView):
    form_class = offer_forms.CapacitiesForm
    title = "Capacités"
    row_title = "Année"
    success_message = "Les capacités sont enregistrées."

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "asked": self.request.GET.get("unite", "")}


class ActivitiesView(_GridView):
    form_class = offer_forms.ActivitiesForm
    title = "Activité"
    row_title = "Mesure"
    success_message = "L'activité est enregistrée."
