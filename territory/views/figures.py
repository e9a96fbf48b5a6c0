"""Figures typed here: given by the Caf, a service, a count."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest
from django.shortcuts import get_object_or_404

from agreements.roles import Capability as C
from agreements.views.base import (
    AgreementCreateView,
    AgreementDeleteView,
    AgreementMixin,
    AgreementPageView,
    AgreementUpdateView,
    ReturnToPage,
)
from opendata.models import Indicator
from territory import forms, queries, services
from territory.models import LocalObservation
from territory.views.tabs import DiagnosisTabs


class FiguresView(DiagnosisTabs, AgreementPageView):
    template_name = "territory/figures.html"
    tab = "territory:compare"
    capability = C.DIAGNOSIS_VIEW

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            figures=list(queries.local_observations(self.agreement, self.access.audience)),
            can_add=self.access.can_any(C.DIAGNOSIS_CHANGE, C.FIGURES_ADD),
            can_change=self.access.can(C.DIAGNOSIS_CHANGE),
            **kwargs,
        )


class FigureCreate(ReturnToPage, AgreementCreateView):
    """The Caf enters its own figures: they are marked as coming from it."""

    capability = (C.DIAGNOSIS_CHANGE, C.FIGURES_ADD)
    form_class = forms.LocalObservationForm
    title = "Ajouter un chiffre"
    page = "territory:figures"

    def get_initial(self) -> dict[str, Any]:
        """« Saisir » of an indicator leads here: it is then already chosen."""
        asked = Indicator.objects.filter(key=self.request.GET.get("indicateur", "")).first()
        return {
            "is_from_caf": not self.access.can(C.DIAGNOSIS_CHANGE)
            or bool(asked and asked.ask_to == Indicator.AskTo.CAF),
            **({"indicator": asked.pk} if asked else {}),
        }


class FigureUpdate(ReturnToPage, AgreementUpdateView):
    capability = C.DIAGNOSIS_CHANGE
    form_class = forms.LocalObservationForm
    title = "Modifier le chiffre"
    page = "territory:figures"

    def get_queryset(self) -> QuerySet[LocalObservation]:
        return queries.local_observations(self.agreement, self.access.audience)


class FigureDelete(ReturnToPage, AgreementDeleteView):
    capability = C.DIAGNOSIS_CHANGE
    title = "Supprimer le chiffre"
    page = "territory:figures"

    def get_queryset(self) -> QuerySet[LocalObservation]:
        return queries.local_observations(self.agreement, self.access.audience)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(question=f"Supprimer « {self.object} » ?", **kwargs)

    def perform(self, form: Any) -> None:
        services.remove_local_observation(self.object, actor=self.access.user)


class FigureFile(AgreementMixin):
    """The file of a figure obeys the figure's audience."""

    capability = C.DIAGNOSIS_VIEW

    def get(self, request: HttpRequest, pk: int, **kwargs: Any) -> FileResponse:
        rows = queries.local_observations(self.agreement, self.access.audience).exclude(file="")
        figure = get_object_or_404(rows, pk=pk)
        return FileResponse(figure.file.open("rb"), as_attachment=True)
