"""The parts of an action, typed as in a sheet: steps, budget, funding, partners."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property

from actionplan import forms, queries
from actionplan.models import Action
from actionplan.permissions import change_action
from agreements.roles import Capability as C
from agreements.views.base import (
    AgreementFormView,
    ReturnToObject,
)


class OfAction(ReturnToObject):
    page = "actionplan:action"
    refusal = "modifier cette action"
    agreement: Any
    kwargs: dict[str, Any]

    @cached_property
    def action(self) -> Action:
        action = get_object_or_404(
            queries.actions(self.agreement, date.today()), pk=self.kwargs["pk"]
        )
        self.check_rule(action)  # type: ignore[attr-defined]
        return action

    def parent(self) -> Action:
        return self.action


class GridView(OfAction, AgreementFormView):
    template_name = "actionplan/grid.html"
    capability: Any = C.PLAN_CHANGE
    success_message = "C'est enregistré."

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "action": self.action}

    @transaction.atomic
    def perform(self, form: Any) -> None:
        form.perform()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(lead=str(self.action), **kwargs)


class StepsView(GridView):
    """The lead partner keeps the steps of its own actions."""

    template_name = "actionplan/steps.html"
    capability = (C.PLAN_CHANGE, C.PLAN_CHANGE_OWN)
    rule = change_action
    form_class = forms.StepsForm
    title = "Étapes"


class BudgetView(GridView):
    template_name = "actionplan/budget.html"
    form_class = forms.BudgetForm
    title = "Budget"


class FundingView(GridView):
    template_name = "actionplan/funding.html"
    form_class = forms.FundingForm
    title = "Financements"


class PartnersView(GridView):
    form_class = forms.PartnersForm
    title = "Partenaires de l'action"
