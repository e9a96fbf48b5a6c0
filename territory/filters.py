"""Filters of the register and of the findings; they live in the address."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone

from agreements.models import Agreement, Theme
from core.db import french_search
from opendata.models import Territory
from partners.models import Organisation
from territory.models import Diagnosis, Facility, FacilityType, Finding

OPEN, CLOSED = "ouvert", "ferme"


class FacilityFilter(django_filters.FilterSet):
    """Filters of the register; they live in the address, whatever the view."""

    q = django_filters.CharFilter(label="Rechercher", method="search")
    mode = django_filters.ChoiceFilter(
        label="Mode", field_name="type__mode", choices=FacilityType.Mode.choices, empty_label="Tous"
    )
    type = django_filters.ModelChoiceFilter(
        label="Type", queryset=FacilityType.objects.none(), empty_label="Tous"
    )
    theme = django_filters.ModelChoiceFilter(
        label="Thème", queryset=Theme.objects.none(), empty_label="Tous"
    )
    gestionnaire = django_filters.ModelChoiceFilter(
        label="Gestionnaire", field_name="manager", queryset=Organisation.objects.none(), empty_label="Tous"
    )  # fmt: skip
    commune = django_filters.ModelChoiceFilter(
        label="Commune", queryset=Territory.objects.none(), empty_label="Toutes"
    )
    etat = django_filters.ChoiceFilter(
        label="Ouvert ou fermé", method="by_state", empty_label="Tous",
        choices=[(OPEN, "ouverts"), (CLOSED, "fermés")],
    )  # fmt: skip

    class Meta:
        model = Facility
        fields: list[str] = []

    def __init__(self, *args: Any, agreement: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        borne = Facility.objects.filter(agreement=agreement)
        self.filters["type"].queryset = FacilityType.objects.filter(
            agreement=agreement, pk__in=borne.values("type")
        )
        self.filters["theme"].queryset = Theme.objects.filter(agreement=agreement)
        self.filters["gestionnaire"].queryset = Organisation.objects.filter(
            agreement=agreement, pk__in=borne.values("manager")
        ).in_alphabetical_order()
        self.filters["commune"].queryset = agreement.communes.in_alphabetical_order()

    def search(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return french_search(queryset, value, "name", "address", "note")

    def by_state(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        closed = Q(closed_on__isnull=False, closed_on__lte=timezone.localdate())
        return queryset.filter(closed) if value == CLOSED else queryset.exclude(closed)


class FindingFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label="Rechercher", method="search")
    theme = django_filters.ModelChoiceFilter(
        label="Thème", queryset=Theme.objects.none(), empty_label="Tous"
    )
    diagnostic = django_filters.ModelChoiceFilter(
        label="Diagnostic",
        field_name="diagnosis",
        queryset=Diagnosis.objects.none(),
        empty_label="Tous",
    )
    sans_enjeu = django_filters.ChoiceFilter(
        label="Enjeu", method="orphans", choices=[("oui", "sans enjeu")], empty_label="Tous"
    )

    class Meta:
        model = Finding
        fields: list[str] = []

    def __init__(self, *args: Any, agreement: Agreement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["theme"].queryset = Theme.objects.filter(agreement=agreement, is_active=True)
        self.filters["diagnostic"].queryset = Diagnosis.objects.filter(agreement=agreement)

    def search(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return french_search(queryset, value, "text")

    def orphans(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        linked = Finding.objects.filter(challenges__is_archived=False)
        return queryset.exclude(pk__in=linked)
