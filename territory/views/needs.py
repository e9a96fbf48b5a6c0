"""« Adéquation offre / besoins »: the table, the projection and its hypotheses, the areas."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet

from agreements.roles import Capability as C
from agreements.views.base import (
    AgreementCreateView,
    AgreementDeleteView,
    AgreementPageView,
    AgreementUpdateView,
    ReturnToPage,
)
from core import formats as fr
from core.charts.page import figure
from territory import adequacy, charts, offer_forms, offer_queries, projection
from territory.models import Projection, UnderServedArea
from territory.services import projection as projection_services
from territory.services import register
from territory.views.change import Change
from territory.views.tabs import DiagnosisTabs


class AdequacyView(DiagnosisTabs, AgreementPageView):
    template_name = "territory/adequacy.html"
    tab = "territory:adequacy"
    capability = C.DIAGNOSIS_VIEW

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        audience = self.access.audience
        found = adequacy.adequacy(self.agreement, audience)
        projected = projection.projected(self.agreement, audience, date.today())
        theme = self.request.COOKIES.get("theme", "")
        drawn = [
            charts.coverage_chart(found),
            charts.rate_chart(found),
        ]
        chart = charts.projection_chart(projected, self.agreement.name)
        return super().get_context_data(
            adequacy=found,
            figures=[figure(each, theme) for each in drawn if each],
            projected=projected,
            projection_figure=figure(chart, theme) if chart else None,
            projection_rows=[
                [
                    str(year.year), fr.number(year.births_total, 1), year.nature,
                    fr.number(fr.rounded(year.children)),
                ]
                for year in projected.years
            ],
            hypotheses=projection.projection_of(self.agreement),
            past_hypotheses=projection.past_hypotheses(self.agreement),
            areas=list(offer_queries.areas(self.agreement)),
            can_change=self.access.can(C.DIAGNOSIS_CHANGE),
            **kwargs,
        )  # fmt: skip


class _Needs(Change, ReturnToPage):
    page = "territory:adequacy"


class ProjectionEdit(_Needs, AgreementUpdateView):
    """The hypotheses: written for the first time, or changed."""

    title = "Hypothèses de la projection"
    lead = "Chacune est écrite sur la page : elle doit pouvoir être discutée."
    form_class = offer_forms.ProjectionForm

    def load_object(self) -> Projection | None:
        return projection.projection_of(self.agreement)

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        if kwargs.get("instance") is None:
            kwargs.pop("instance", None)
        return kwargs


class ProjectionReset(_Needs, AgreementDeleteView):
    title = "Revenir aux hypothèses par défaut"
    submit_label = "Revenir aux hypothèses par défaut"

    def get_queryset(self) -> QuerySet[Projection]:
        return projection.projections(self.agreement)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            question="Oublier les hypothèses écrites ?",
            consequences=["Leur historique est gardé."],
            **kwargs,
        )

    def perform(self, form: Any) -> None:
        projection_services.reset_projection(self.object, actor=self.access.user)


class AreaCreate(_Needs, AgreementCreateView):
    title = "Ajouter une zone mal desservie"
    form_class = offer_forms.AreaForm


class AreaUpdate(_Needs, AgreementUpdateView):
    title = "Modifier une zone mal desservie"
    form_class = offer_forms.AreaForm

    def get_queryset(self) -> QuerySet[UnderServedArea]:
        return offer_queries.areas(self.agreement)


class AreaDelete(_Needs, AgreementDeleteView):
    title = "Supprimer une zone mal desservie"

    def get_queryset(self) -> QuerySet[UnderServedArea]:
        return offer_queries.areas(self.agreement)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(question=f"Supprimer « {self.object} » ?", **kwargs)

    def perform(self, form: Any) -> None:
        register.remove_area(self.object, actor=self.access.user)
