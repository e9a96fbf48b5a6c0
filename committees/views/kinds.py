"""The kinds of committees, and the delays of the rétroplanning: how this CTG works."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from agreements.views.base import (
    AgreementCreateView,
    AgreementDeleteView,
    AgreementFormView,
    AgreementMixin,
    AgreementPageView,
    AgreementUpdateView,
    ReturnToPage,
)
from committees import forms, queries, retroplanning, services
from committees.models import CommitteeKind
from committees.views.committees import Change


class KindsView(Change, AgreementPageView):
    template_name = "committees/kinds.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(rows=queries.kind_rows(self.agreement), **kwargs)


class StandardKinds(Change, AgreementMixin):
    """POST only: the usual kinds that are missing."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        services.create_standard_kinds(self.agreement, actor=self.access.user)
        messages.success(request, "Les sortes habituelles sont là : adaptez-les.")
        return redirect("committees:kinds", self.agreement.slug)


class _OfKind(Change, ReturnToPage):
    page = "committees:kinds"
    agreement: Any

    def get_queryset(self) -> QuerySet[CommitteeKind]:
        return queries.kinds(self.agreement)


class KindCreate(_OfKind, AgreementCreateView):
    form_class = forms.KindForm
    title = "Ajouter une sorte d'instance"


class KindUpdate(_OfKind, AgreementUpdateView):
    form_class = forms.KindForm
    title = "Modifier une sorte d'instance"


class KindDelete(_OfKind, AgreementDeleteView):
    title = "Supprimer une sorte d'instance"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(question=f"Supprimer « {self.object} » ?", **kwargs)

    def perform(self, form: Any) -> None:
        services.delete_kind(self.object, actor=self.access.user)  # type: ignore[arg-type]


class DelaysView(Change, ReturnToPage, AgreementFormView):
    template_name = "committees/delays.html"
    form_class = forms.DelaysForm
    title = "Délais du rétroplanning"
    lead = "Combien de jours avant ou après la réunion. Des repères : rien n'est bloqué."
    success_message = "Les délais sont enregistrés ; ils serviront aux prochaines réunions."
    page = "committees:kinds"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "delays": retroplanning.delays(self.agreement)}
