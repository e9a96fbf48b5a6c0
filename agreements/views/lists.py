"""Themes and competences: two short tables, each line with what can be done with it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from agreements import queries
from agreements.forms_convention import CompetenceForm, ThemeForm
from agreements.models import Agreement, Competence
from agreements.roles import Capability
from agreements.services import parties
from agreements.views.base import (
    AgreementCreateView,
    AgreementDeleteView,
    AgreementMixin,
    AgreementPageView,
    AgreementUpdateView,
)
from agreements.views.tabs import TabsMixin


class _Change:
    capability = Capability.AGREEMENT_CHANGE
    page = ""
    agreement: Agreement

    def get_default_url(self) -> str:
        return reverse(self.page, args=[self.agreement.slug])

    @property
    def cancel_url(self) -> str:
        return self.get_default_url()


class ThemesView(TabsMixin, AgreementPageView):
    template_name = "agreements/themes.html"
    capability = Capability.AGREEMENT_VIEW
    tab = "agreements:themes"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            themes=list(queries.themes_of(self.agreement)),
            can_change=self.access.can(Capability.AGREEMENT_CHANGE),
            **kwargs,
        )


class ThemeCreateView(_Change, AgreementCreateView):
    title = "Ajouter un thème"
    form_class = ThemeForm
    page = "agreements:themes"


class ThemeUpdateView(_Change, AgreementUpdateView):
    title = "Modifier un thème"
    form_class = ThemeForm
    page = "agreements:themes"

    def get_queryset(self) -> Any:
        return queries.themes_of(self.agreement)


class ThemeMoveView(_Change, AgreementMixin):
    """POST ``sens``: « haut » or « bas »."""

    page = "agreements:themes"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        theme = get_object_or_404(queries.themes_of(self.agreement), pk=pk)
        parties.move_theme(theme, actor=self.access.user, up=request.POST.get("sens") == "haut")
        return redirect(self.get_default_url())


class CompetencesView(TabsMixin, AgreementPageView):
    template_name = "agreements/competences.html"
    capability = Capability.AGREEMENT_VIEW
    tab = "agreements:competences"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            competences=list(queries.competences_of(self.agreement)),
            can_change=self.access.can(Capability.AGREEMENT_CHANGE),
            **kwargs,
        )


class CompetenceCreateView(_Change, AgreementCreateView):
    title = "Ajouter une compétence"
    form_class = CompetenceForm
    page = "agreements:competences"


class CompetenceUpdateView(_Change, AgreementUpdateView):
    title = "Modifier une compétence"
    form_class = CompetenceForm
    page = "agreements:competences"

    def get_queryset(self) -> Any:
        return queries.competences_of(self.agreement)


class CompetenceDeleteView(_Change, AgreementDeleteView):
    title = "Supprimer une compétence"
    page = "agreements:competences"

    def get_queryset(self) -> Any:
        return queries.competences_of(self.agreement)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(question=f"Supprimer « {self.object} » ?", **kwargs)

    def perform(self, form: Any) -> None:
        assert isinstance(self.object, Competence)
        parties.remove_competence(self.object, actor=self.access.user)
