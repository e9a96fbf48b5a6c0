"""Prioritisation workshops: prepare, print, count, rank, keep."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property

from agreements.roles import Capability as C
from agreements.views.base import (
    AgreementCreateView,
    AgreementDeleteView,
    AgreementDetailView,
    AgreementFormView,
    AgreementMixin,
    AgreementPageView,
    AgreementUpdateView,
    ReturnToObject,
    ReturnToPage,
)
from core.charts.page import figure
from core.documents.declaration import RenderedFile, render
from core.errors import StaleObject
from territory import forms_workshop, services, workshops
from territory.documents import CARDS_PER_PAGE, VotingSheet, workshop_cards
from territory.models import Workshop
from territory.views.change import Change
from territory.views.findings import number
from territory.views.tabs import DiagnosisTabs


class WorkshopsView(DiagnosisTabs, AgreementPageView):
    template_name = "territory/workshops.html"
    tab = "territory:workshops"
    capability = C.DIAGNOSIS_VIEW

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            workshops=list(workshops.workshops(self.agreement)),
            can_change=self.access.can(C.DIAGNOSIS_CHANGE),
            **kwargs,
        )


class WorkshopView(AgreementDetailView):
    template_name = "territory/workshop.html"
    capability = C.DIAGNOSIS_VIEW
    context_object_name = "workshop"

    def get_queryset(self) -> QuerySet[Workshop]:
        return workshops.workshops(self.agreement)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        result = workshops.result(self.object)
        theme = self.request.COOKIES.get("theme", "")
        return super().get_context_data(
            result=result,
            chart=figure(result.chart, theme) if result.lines else None,
            facts=[
                ("Lieu", self.object.place),
                ("Participants", self.object.participants),
                ("Nombre de participants", self.object.participant_count),
                ("Gommettes par personne", self.object.dots_each),
                ("Ce qui s'est dit", self.object.note),
            ],
            can_change=self.access.can(C.DIAGNOSIS_CHANGE),
            **kwargs,
        )


class WorkshopCreate(Change, ReturnToObject, AgreementCreateView):
    form_class = forms_workshop.WorkshopForm
    title = "Préparer un atelier de priorisation"
    lead = "Les cartes et la feuille de vote s'impriment ensuite ; les gommettes se saisissent en un écran."
    page = "territory:workshop"
    cancel_url = ""


class _OfWorkshop(Change, ReturnToObject):
    page = "territory:workshop"
    agreement: Any
    kwargs: dict[str, Any]

    @cached_property
    def workshop(self) -> Workshop:
        return get_object_or_404(workshops.workshops(self.agreement), pk=self.kwargs["pk"])

    def parent(self) -> Workshop:
        return self.workshop


class WorkshopUpdate(_OfWorkshop, AgreementUpdateView):
    form_class = forms_workshop.WorkshopForm
    title = "Modifier l'atelier"

    def get_queryset(self) -> QuerySet[Workshop]:
        return workshops.workshops(self.agreement)


class WorkshopDelete(Change, ReturnToPage, AgreementDeleteView):
    title = "Supprimer l'atelier"
    page = "territory:workshops"

    def get_queryset(self) -> QuerySet[Workshop]:
        return workshops.workshops(self.agreement)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            question=f"Supprimer « {self.object} » ?",
            consequences=["Les gommettes saisies sont perdues."],
            **kwargs,
        )

    def perform(self, form: Any) -> None:
        services.remove_workshop(self.object, actor=self.access.user)


class VotesView(_OfWorkshop, AgreementFormView):
    template_name = "territory/workshop_votes.html"
    form_class = forms_workshop.VotesForm
    title = "Saisir les gommettes"
    success_message = "Les gommettes sont enregistrées."

    def get_form_kwargs(self) -> dict[str, Any]:
        return {
            **super().get_form_kwargs(),
            "workshop": self.workshop,
            "ballot": workshops.ballot(self.workshop),
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            workshop=self.workshop, count=workshops.result(self.workshop).count, **kwargs
        )


class ApplyView(_OfWorkshop, AgreementFormView):
    template_name = "territory/workshop_apply.html"
    form_class = forms_workshop.ApplyForm
    title = "Retenir ce classement"
    submit_label = "Retenir ce classement"
    success_message = "Le classement est retenu : chaque enjeu soumis a son rang et sa priorité."

    @cached_property
    def result(self) -> workshops.Result:
        return workshops.result(self.workshop)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "workshop": self.workshop, "result": self.result}

    def show_both_versions(self, form: Any, stale: StaleObject) -> HttpResponse:
        """The ranking moved under the reader's eyes: there is no version to choose, only to read."""
        messages.warning(
            self.request,
            "L'atelier a été modifié entre-temps : voici le classement à jour, relisez-le.",
        )
        return redirect("territory:workshop_apply", self.agreement.slug, self.workshop.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(workshop=self.workshop, result=self.result, **kwargs)


class ReopenView(_OfWorkshop, AgreementFormView):
    form_class = forms_workshop.ReopenForm
    title = "Rouvrir l'atelier"
    lead = "Le rang et la priorité des enjeux restent tels quels jusqu'à ce qu'un classement soit de nouveau retenu."
    submit_label = "Rouvrir"
    success_message = "L'atelier est rouvert."

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "workshop": self.workshop}


class _Pdf(AgreementMixin):
    capability = C.DIAGNOSIS_VIEW

    def draw(self, workshop: Workshop) -> RenderedFile:
        raise NotImplementedError

    def get(self, request: HttpRequest, pk: int, **kwargs: Any) -> FileResponse:
        workshop = get_object_or_404(workshops.workshops(self.agreement), pk=pk)
        file = self.draw(workshop)
        return FileResponse([file.data], filename=file.name, content_type=file.mime)


class CardsPdf(_Pdf):
    """``?par_page=4`` for smaller cards."""

    def draw(self, workshop: Workshop) -> RenderedFile:
        asked = number(self.request.GET.get("par_page", ""))
        per_page = asked if asked in CARDS_PER_PAGE else CARDS_PER_PAGE[0]
        return workshop_cards(workshop, per_page, date.today())


class SheetPdf(_Pdf):
    def draw(self, workshop: Workshop) -> RenderedFile:
        return render(VotingSheet().content(workshop), "pdf", watermark=False)
