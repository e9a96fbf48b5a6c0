"""The plan as a tree, and as a table to filter."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from actionplan import queries
from actionplan.filters import ActionFilter
from actionplan.models import Action
from actionplan.permissions import led_by
from actionplan.tables import ActionTable
from agreements.roles import Capability as C
from agreements.views.base import AgreementListView, AgreementPageView


def tabs(slug: str, active: str) -> list[dict[str, Any]]:
    return [
        {"label": label, "url": reverse(name, args=[slug]), "active": name == active}
        for label, name in (
            ("Par orientation", "actionplan:plan"),
            ("En table", "actionplan:table"),
        )
    ]


class PlanView(AgreementPageView):
    template_name = "actionplan/plan.html"
    capability = C.PLAN_VIEW

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        branches = queries.plan_tree(self.agreement, date.today())
        actions = [action for branch in branches for action in branch.actions]
        can_change = self.access.can(C.PLAN_CHANGE)
        has_own = self.access.can(C.PLAN_CHANGE_OWN) and not can_change
        return super().get_context_data(
            branches=branches,
            total=len(actions),
            late=sum(branch.late for branch in branches),
            blocked=sum(branch.blocked for branch in branches),
            tabs=tabs(self.agreement.slug, "actionplan:plan"),
            can_change=can_change,
            own=list(led_by(self.access, queries.actions(self.agreement, date.today())))
            if has_own
            else [],
            **kwargs,
        )


class TableView(AgreementListView):
    template_name = "actionplan/table.html"
    capability = C.PLAN_VIEW
    table_class = ActionTable
    filterset_class = ActionFilter
    title = "Plan d'actions"
    lead = "Toutes les actions ; les filtres restent dans l'adresse de la page."
    empty_title = "Aucune action"
    empty_text = "Ajoutez une action depuis le plan."

    def get_queryset(self) -> QuerySet[Action]:
        return queries.actions(self.agreement, date.today())

    def get_filterset_kwargs(self, filterset_class: Any) -> dict[str, Any]:
        return {
            **super().get_filterset_kwargs(filterset_class),
            "agreement": self.agreement,
            "leads": queries.lead_organisations(self.agreement),
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            tabs=tabs(self.agreement.slug, "actionplan:table"), **kwargs
        )
