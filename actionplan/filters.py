from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet

from actionplan.models import Action, ActionStatus, Orientation
from agreements.models import Theme
from core.db import french_search


class ActionFilter(django_filters.FilterSet):
    """Filters of the table of actions; they live in the address."""

    q = django_filters.CharFilter(label="Rechercher", method="search")
    status = django_filters.ChoiceFilter(
        label="Statut", choices=ActionStatus.choices, empty_label="Tous"
    )
    late = django_filters.BooleanFilter(label="En retard", field_name="is_late")
    orientation = django_filters.ModelChoiceFilter(
        label="Orientation", queryset=Orientation.objects.none(), empty_label="Toutes"
    )
    theme = django_filters.ModelChoiceFilter(
        label="Thème", queryset=Theme.objects.none(), field_name="themes", empty_label="Tous"
    )
    lead = django_filters.ChoiceFilter(
        label="Structure pilote", field_name="lead_organisation_id", empty_label="Toutes"
    )

    class Meta:
        model = Action
        fields: list[str] = []

    def __init__(
        self, *args: Any, agreement: Any, leads: list[tuple[int, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.filters["orientation"].queryset = Orientation.objects.filter(agreement=agreement)
        self.filters["orientation"].label = agreement.orientation_label
        self.filters["theme"].queryset = Theme.objects.filter(agreement=agreement, is_active=True)
        self.filters["lead"].extra["choices"] = leads

    def search(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return french_search(queryset, value, "title", "summary", "code")
