"""What may be asked of the catalogue of indicators; it lives in the address."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet

from opendata.models import Domain, Indicator
from opendata.queries import family_policy


class CatalogueFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label="Rechercher", method="search")
    domaine = django_filters.ModelChoiceFilter(
        label="Domaine",
        queryset=Domain.objects.all(),
        field_name="domain",
        to_field_name="key",
        empty_label="Tous",
    )
    connu = django_filters.ChoiceFilter(
        label="Chiffre connu ici",
        choices=[("oui", "oui"), ("non", "non")],
        empty_label="Indifférent",
        method="leave",
    )

    class Meta:
        model = Indicator
        fields: list[str] = []

    def search(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(pk__in=family_policy(value).values("pk"))

    def leave(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Whether a figure is known depends on the agreement: the view does it."""
        return queryset
