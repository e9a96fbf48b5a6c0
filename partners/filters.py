from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet

from core.db import french_search
from partners.models import Organisation


class OrganisationFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label="Rechercher", method="search")
    kind = django_filters.ChoiceFilter(
        label="Nature", choices=Organisation.Kind.choices, empty_label="Toutes"
    )

    class Meta:
        model = Organisation
        fields: list[str] = []

    def search(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return french_search(queryset, value, "name", "short_name", "note")
