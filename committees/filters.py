from __future__ import annotations

from datetime import date
from typing import Any

import django_filters
from django.db.models import QuerySet

from actionplan.models import Action
from agreements.models import Agreement
from committees.models import Committee, Decision
from committees.register import register_filters
from core.db import french_search
from partners.models import Contact
from territory.models import Challenge

ELSEWHERE = "ailleurs"


class DecisionFilter(django_filters.FilterSet):
    """Filters of the register; they live in the address, and so does ``suite`` (the tabs)."""

    q = django_filters.CharFilter(label="Rechercher", method="search")
    year = django_filters.ChoiceFilter(
        label="Année", field_name="decided_on__year", empty_label="Toutes"
    )
    committee = django_filters.ChoiceFilter(
        label="Prise par", method="taken_by", empty_label="Toutes les instances"
    )
    responsible = django_filters.ModelChoiceFilter(
        label="Responsable", queryset=Contact.objects.none(), empty_label="Tous"
    )
    action = django_filters.ModelChoiceFilter(
        label="Action", field_name="actions", queryset=Action.objects.none(), empty_label="Toutes"
    )
    challenge = django_filters.ModelChoiceFilter(
        label="Enjeu",
        field_name="challenges",
        queryset=Challenge.objects.none(),
        empty_label="Tous",
    )
    institutional = django_filters.ChoiceFilter(
        label="Suite institutionnelle",
        choices=Decision.InstitutionalFollowUp.choices,
        empty_label="Toutes",
    )

    class Meta:
        model = Decision
        fields: list[str] = []

    def __init__(self, *args: Any, agreement: Agreement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = Decision.objects.filter(agreement=agreement)
        years = known.order_by("-decided_on__year").values_list("decided_on__year", flat=True)
        self.filters["year"].extra["choices"] = [(year, str(year)) for year in years.distinct()]
        self.filters["committee"].extra["choices"] = [
            *((str(row.pk), str(row)) for row in Committee.objects.filter(agreement=agreement)),
            (ELSEWHERE, "Hors des instances de la convention"),
        ]
        people = Contact.objects.filter(agreement=agreement, decisions__in=known).distinct()
        self.filters["responsible"].queryset = people.order_by("last_name", "first_name")
        actions = Action.objects.filter(agreement=agreement, decisions__in=known)
        self.filters["action"].queryset = Action.objects.filter(
            pk__in=actions.values("pk")
        ).in_plan_order()
        self.filters["challenge"].queryset = Challenge.objects.filter(
            agreement=agreement, decisions__in=known
        ).distinct()

    def search(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return french_search(
            queryset, value, "number", "text", "follow_up", "institutional_reference", "taken_by"
        )

    def taken_by(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        if value == ELSEWHERE:
            return queryset.filter(meeting__isnull=True)
        return queryset.filter(meeting__committee=value)


def asked_suite(value: str, on: date) -> str:
    """The key of ``register_filters`` that the address asks, « toutes » for anything else."""
    return value if value in register_filters(on) else "toutes"
