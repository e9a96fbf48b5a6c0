"""The parts of an action, typed as in a sheet: steps, budget, funding, partners, measures."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property

from actionplan import forms, queries, services
from actionplan.models import Action, Measure
from actionplan.permissions import change_action
from agreements.roles import Capability as C
from agreements.views.base import (
    AgreementCreateView,
    AgreementDeleteView,
    AgreementFormView,
    AgreementUpdateView,
    ReturnToObject,
)


class _OfAction(ReturnToObject):
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


class GridView(_OfAction, AgreementFormView):
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

    capability = (C.PLAN_CHANGE, C.PLAN_CHANGE_OWN)
    rule = change_action
    form_class = forms.StepsForm
    title = "Étapes"


class BudgetView(GridView):
    form_class = forms.BudgetForm
    title = "Budget"


class FundingView(GridView):
    form_class = forms.FundingForm
    title = "Financements"


class PartnersView(GridView):
    form_class = forms.PartnersForm
    title = "Partenaires de l'action"


class MeasureCreate(_OfAction, AgreementCreateView):
    template_name = "actionplan/measure_form.html"
    capability = C.PLAN_CHANGE
    form_class = forms.MeasureForm
    title = "Ajouter une mesure"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "action": self.action}

    @transaction.atomic
    def perform(self, form: Any) -> Any:
        return form.perform()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(lead=str(self.action), **kwargs)


class _OfMeasure(ReturnToObject):
    page = "actionplan:action"
    capability = C.PLAN_CHANGE
    agreement: Any
    object: Any

    def get_queryset(self) -> QuerySet[Measure]:
        return (
            Measure.objects.filter(agreement=self.agreement, action__isnull=False)
            .select_related("action__agreement", "agreement")
            .prefetch_related("points")
        )

    def parent(self) -> Action:
        return self.object.action


class MeasureUpdate(_OfMeasure, AgreementUpdateView):
    template_name = "actionplan/measure_form.html"
    form_class = forms.MeasureForm
    title = "Modifier la mesure"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "action": self.object.action}

    @transaction.atomic
    def perform(self, form: Any) -> Any:
        return form.perform()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(lead=str(self.object.action), **kwargs)


class MeasureDelete(_OfMeasure, AgreementDeleteView):
    title = "Supprimer la mesure"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            question=f"Supprimer « {self.object} » et ses valeurs ?",
            consequences=["Les documents déjà produits la gardent."],
            **kwargs,
        )

    def perform(self, form: Any) -> None:
        services.delete_part(self.object, actor=self.access.user)
