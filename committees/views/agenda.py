"""The agenda: points, the Caf's proposals, points of arbitration."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property

from agreements.roles import Capability as C
from agreements.views.base import (
    AgreementCreateView,
    AgreementDeleteView,
    AgreementDetailView,
    AgreementFormView,
    AgreementMixin,
    AgreementUpdateView,
    ReturnToObject,
)
from committees import forms, queries, services
from committees.arbitration import comparison_of, length_advice
from committees.files import with_files
from committees.models import AgendaItem, Meeting
from committees.views.committees import Change
from committees.views.meetings import OfMeeting
from committees.views.trail import OnMeeting


class AgendaItemCreate(OfMeeting, AgreementCreateView):
    form_class: Any = forms.AgendaItemForm
    title = "Ajouter un point à l'ordre du jour"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "fixed": {"meeting": self.meeting}}


class ProposalCreate(AgendaItemCreate):
    capability = C.AGENDA_PROPOSE
    form_class = forms.ProposalForm
    title = "Proposer un point à l'ordre du jour"
    submit_label = "Proposer ce point"
    success_message = "Votre proposition attend la réponse de la personne qui pilote la CTG."


class OfItem(Change, ReturnToObject, OnMeeting):
    page = "committees:meeting"
    agreement: Any
    object: Any

    def get_queryset(self) -> QuerySet[AgendaItem]:
        return queries.agenda_items(self.agreement)

    def parent(self) -> Meeting:
        return self.object.meeting


class AgendaItemUpdate(OfItem, AgreementUpdateView):
    form_class = forms.AgendaItemForm
    title = "Modifier le point"


class AgendaItemDelete(OfItem, AgreementDeleteView):
    title = "Retirer le point"
    submit_label = "Retirer"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        question = f"Retirer « {self.object} » de l'ordre du jour ?"
        lost = (
            ["Son point d'arbitrage est supprimé avec lui."]
            if hasattr(self.object, "arbitration")
            else []
        )
        return super().get_context_data(question=question, consequences=lost, **kwargs)

    def perform(self, form: Any) -> None:
        services.remove_agenda_item(self.object, actor=self.access.user)


class AgendaItemMove(Change, AgreementMixin):
    """POST ``sens``: « haut » or « bas ». The keyboard comes back to the button that was pressed:
    no fragment in the address, since browsers then ignore ``autofocus``."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        item = get_object_or_404(queries.agenda_items(self.agreement), pk=pk)
        services.move_agenda_item(
            item, actor=self.access.user, up=request.POST.get("sens") == "haut"
        )
        page = reverse("committees:meeting", args=[self.agreement.slug, item.meeting_id])
        way = "haut" if request.POST.get("sens") == "haut" else "bas"
        return redirect(f"{page}?point={item.pk}&sens={way}")


class AgendaItemAccept(Change, AgreementMixin):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        item = get_object_or_404(queries.agenda_items(self.agreement), pk=pk)
        services.accept_agenda_item(item, actor=self.access.user)
        messages.success(request, f"« {item} » est à l'ordre du jour.")
        return redirect(item.meeting)


class _AboutItem(Change, ReturnToObject, OnMeeting, AgreementFormView):
    page = "committees:meeting"

    @cached_property
    def item(self) -> AgendaItem:
        return get_object_or_404(queries.agenda_items(self.agreement), pk=self.kwargs["pk"])

    def parent(self) -> Meeting:
        return self.item.meeting

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "item": self.item}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(lead=self.item.title, item=self.item, **kwargs)


class AgendaItemDecline(_AboutItem):
    form_class = forms.DeclineForm
    title = "Ne pas retenir le point"
    submit_label = "Ne pas retenir"
    success_message = "La réponse est notée sur la page de la réunion."


class ArbitrationPage(OnMeeting, AgreementDetailView):
    """What elected officials read: the question, its options side by side."""

    template_name = "committees/arbitration_page.html"
    capability = C.COMMITTEES_VIEW
    context_object_name = "item"
    trail_page = "Point d'arbitrage"

    def trail_meeting(self) -> Meeting:
        return self.object.meeting

    def get_queryset(self) -> QuerySet[AgendaItem]:
        return (
            queries.agenda_items(self.agreement)
            .filter(arbitration__isnull=False, is_confirmed=True)
            .select_related("arbitration__action")
            .prefetch_related("arbitration__options", "decisions")
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        item = self.object
        can_see_money = self.access.can(C.MONEY_VIEW)
        with_files([item], self.access)
        return super().get_context_data(
            meeting=item.meeting,
            point=item.arbitration,
            comparison=comparison_of(item, with_money=can_see_money),
            advice=length_advice(item.arbitration),
            can_see_money=can_see_money,
            can_change=self.access.can(C.COMMITTEES_CHANGE),
            **kwargs,
        )


class ArbitrationView(_AboutItem):
    template_name = "committees/arbitration.html"
    form_class = forms.ArbitrationForm
    title = "Point d'arbitrage"
    success_message = "Le point d'arbitrage est enregistré."

    def perform(self, form: Any) -> None:
        advice = length_advice(form.perform())
        if advice:
            messages.info(self.request, advice)


class ArbitrationDelete(OfItem, AgreementDeleteView):
    title = "Supprimer le point d'arbitrage"

    def get_queryset(self) -> QuerySet[AgendaItem]:
        return super().get_queryset().filter(arbitration__isnull=False)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            question=f"Supprimer la question « {self.object.arbitration} » et ses options ?",
            consequences=["Le point reste à l'ordre du jour."],
            **kwargs,
        )

    def perform(self, form: Any) -> None:
        services.remove_arbitration(self.object.arbitration, actor=self.access.user)
