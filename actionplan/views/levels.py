"""Orientations and objectives, under the names that the agreement gives them."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from actionplan import forms, queries, services
from actionplan.models import Objective
from agreements.roles import Capability as C
from agreements.views.base import (
    AgreementCreateView,
    AgreementDeleteView,
    AgreementUpdateView,
    ReturnToPage,
)
from core.keys import key_in


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

    def get_default_url(self) -> str:
        """Back in the tree, where the level stands."""
        page = super().get_default_url()
        level = getattr(self, "object", None)
        return f"{page}#{level._meta.model_name}-{level.pk}" if level and level.pk else page


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
    request: HttpRequest

    def get_queryset(self) -> QuerySet[Objective]:
        return queries.objectives(self.agreement)

    @property
    def level_name(self) -> str:
        level = getattr(self, "object", None)
        is_below = level.parent_id is not None if level else self.asked_parent is not None
        return self.agreement.sub_objective_label if is_below else self.agreement.objective_label

    @property
    def asked_parent(self) -> Objective | None:
        """The objective under which a sub-objective was asked for (« ?objectif=12 »)."""
        asked = key_in(self.request.GET.get("objectif", ""))
        if not self.agreement.uses_sub_objectives or asked is None:
            return None
        return self.get_queryset().filter(pk=asked, parent__isnull=True).first()


class ObjectiveCreate(_Objective, _Level, AgreementCreateView):
    form_class = forms.ObjectiveForm

    def get_initial(self) -> dict[str, Any]:
        parent = self.asked_parent
        asked = key_in(self.request.GET.get("orientation", ""))
        orientation = (
            parent.orientation
            if parent
            else queries.orientations(self.agreement).filter(pk=asked or 0).first()
        )
        if orientation is None:
            return {}
        return {
            "orientation": orientation.pk,
            "parent": parent.pk if parent else None,
            "code": services.next_code(self.agreement, orientation, parent),
        }


class ObjectiveUpdate(_Objective, _Level, AgreementUpdateView):
    form_class = forms.ObjectiveForm


class ObjectiveDelete(_Objective, OrientationDelete):
    pass
