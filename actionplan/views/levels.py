"""Orientations and objectives, under the names that the agreement gives them."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from actionplan import forms, queries, services
from actionplan.models import Objective, Orientation
from agreements.roles import Capability as C
from agreements.views.base import (
    AgreementCreateView,
    AgreementDeleteView,
    AgreementMixin,
    AgreementUpdateView,
    ReturnToPage,
)


class _Level(ReturnToPage):
    capability = C.PLAN_CHANGE
    page = "actionplan:plan"
    agreement: Any
    object: Any

    def get_queryset(self) -> QuerySet[Any]:
        return queries.orientations(self.agreement)

    @property
    def level_name(self) -> str:
        return self.agreement.orientation_label

    @property
    def title(self) -> str:
        act = "Modifier" if getattr(self, "object", None) else "Ajouter"
        return f"{act} : {self.level_name.lower()}"


class OrientationCreate(_Level, AgreementCreateView):
    form_class = forms.OrientationForm

    def get_initial(self) -> dict[str, Any]:
        return {"code": services.next_code(self.agreement)}


class OrientationUpdate(_Level, AgreementUpdateView):
    form_class = forms.OrientationForm


class OrientationDelete(_Level, AgreementDeleteView):
    title = "Supprimer ce niveau"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            question=f"Supprimer « {self.object} » ?",
            consequences=["Ce n'est possible que s'il ne contient plus rien."],
            **kwargs,
        )

    def perform(self, form: Any) -> None:
        services.delete_level(self.object, actor=self.access.user)


class _Objective:
    agreement: Any

    def get_queryset(self) -> QuerySet[Objective]:
        return queries.objectives(self.agreement)

    @property
    def level_name(self) -> str:
        return self.agreement.objective_label


class ObjectiveCreate(_Objective, _Level, AgreementCreateView):
    form_class = forms.ObjectiveForm

    def get_initial(self) -> dict[str, Any]:
        asked = self.request.GET.get("orientation", "")
        orientation = (
            queries.orientations(self.agreement).filter(pk=asked).first()
            if asked.isdigit()
            else None
        )
        if orientation is None:
            return {}
        return {
            "orientation": orientation.pk,
            "code": services.next_code(self.agreement, orientation),
        }


class ObjectiveUpdate(_Objective, _Level, AgreementUpdateView):
    form_class = forms.ObjectiveForm


class ObjectiveDelete(_Objective, OrientationDelete):
    pass


class LevelMove(AgreementMixin):
    """POST ``sens``: « haut » or « bas »."""

    capability = C.PLAN_CHANGE
    http_method_names = ["post"]
    model: Any = Orientation

    def post(self, request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        level = get_object_or_404(self.model, agreement=self.agreement, pk=pk)
        services.move_level(level, actor=self.access.user, up=request.POST.get("sens") == "haut")
        return redirect("actionplan:plan", self.agreement.slug)
