"""Filters of the findings; they live in the address."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet

from agreements.models import Agreement, Theme
from core.db import french_search
from territory.models import Diagnosis, Finding


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
