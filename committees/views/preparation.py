"""Before the meeting: its rétroplanning, what its agenda could hold; after it, each point's outcome."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property

from agreements.views.base import (
    AgreementCreateView,
    AgreementDeleteView,
    AgreementFormView,
    AgreementMixin,
    AgreementPageView,
    AgreementUpdateView,
    ReturnToObject,
)
from committees import forms, queries, services, suggestions
from committees.agenda_models import AgendaModel, models_for
from committees.models import AgendaItem, Meeting, PreparationLine
from committees.views.committees import Change
from committees.views.meetings import OfMeeting
from committees.views.trail import OnMeeting
from core.errors import DomainError
from core.formats import plural


# --- Rétroplanning ------------------------------------------------------------------------------
class Prepare(Change, AgreementMixin):
    """POST only: the usual steps that the meeting does not have yet."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        meeting = get_object_or_404(queries.meetings(self.agreement), pk=pk)
        services.prepare_meeting(meeting, actor=self.access.user)
        return HttpResponseRedirect(f"{meeting.get_absolute_url()}#retroplanning")


class TickLine(Change, AgreementMixin):
    """POST ``fait``: « oui » or « non ». The keyboard comes back to the line."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        line = get_object_or_404(queries.preparation_lines(self.agreement), pk=pk)
        if request.POST.get("fait") == "non":
            services.untick_line(line, actor=self.access.user)
        else:
            services.tick_line(line, actor=self.access.user, on=date.today())
        return redirect(f"{line.meeting.get_absolute_url()}?etape={line.pk}")


class LineCreate(OfMeeting, AgreementCreateView):
    form_class: Any = forms.LineForm
    title = "Ajouter une étape au rétroplanning"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "fixed": {"meeting": self.meeting}}


class _OfLine(Change, ReturnToObject, OnMeeting):
    page = "committees:meeting"
    agreement: Any
    object: Any

    def get_queryset(self) -> QuerySet[PreparationLine]:
        return queries.preparation_lines(self.agreement)

    def parent(self) -> Meeting:
        return self.object.meeting

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(lead=str(self.object.meeting), **kwargs)  # type: ignore[misc]


class LineUpdate(_OfLine, AgreementUpdateView):
    form_class = forms.LineForm
    title = "Modifier l'étape"


class LineDelete(_OfLine, AgreementDeleteView):
    title = "Retirer l'étape"
    submit_label = "Retirer"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        question = f"Retirer « {self.object} » du rétroplanning de cette réunion ?"
        return super().get_context_data(question=question, **kwargs)

    def perform(self, form: Any) -> None:
        services.remove_line(self.object, actor=self.access.user)


# --- Agenda -------------------------------------------------------------------------------------
class ProposalsView(OfMeeting, AgreementPageView):
    """What the tool proposes; POST ``proposition`` (several) and ``acte``: « ajouter » or « ecarter »."""

    template_name = "committees/proposals.html"
    trail_page = "Points proposés"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        agenda = queries.agenda_of(self.meeting)
        found = suggestions.proposals(self.meeting, date.today())
        return super().get_context_data(
            proposals=found,
            agenda=agenda,
            left=max(self.meeting.duration_minutes - agenda.minutes, 0),
            wanted=sum(proposal.minutes for proposal in found),
            is_planned=self.meeting.state == Meeting.State.PLANNED,
            **kwargs,
        )

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        values, actor, today = request.POST.getlist("proposition"), self.access.user, date.today()
        try:
            if request.POST.get("acte") == "ecarter":
                count = services.decline_proposals(
                    self.meeting, actor=actor, values=values, on=today
                )
                words = plural(count, "proposition écartée", "propositions écartées")
                messages.success(request, f"{words} : de retour seulement si quelque chose change.")
                return redirect("committees:proposals", self.agreement.slug, self.meeting.pk)
            added = services.add_proposals(self.meeting, actor=actor, values=values, on=today)
        except DomainError as refusal:
            context = self.get_context_data(refusal=refusal.message, chosen=set(values))
            return self.render_to_response(context, status=422)
        messages.success(
            request, f"{plural(len(added), 'point ajouté', 'points ajoutés')} à l'ordre du jour."
        )
        page = reverse("committees:meeting", args=[self.agreement.slug, self.meeting.pk])
        return redirect(f"{page}#ordre-du-jour")


class InsertModel(OfMeeting, AgreementFormView):
    template_name = "committees/insert_model.html"
    form_class = forms.InsertModelForm
    title = "Partir d'un modèle d'ordre du jour"
    submit_label = "Insérer ce modèle"
    success_message = "Les points sont à l'ordre du jour : adaptez-les."

    @cached_property
    def models(self) -> list[AgendaModel]:
        committee = self.meeting.committee
        has_met = committee.meetings.filter(state=Meeting.State.HELD).exists()
        return models_for(committee.kind.nature, has_met=has_met)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "meeting": self.meeting, "models": self.models}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(models=self.models, **kwargs)


class OutcomesView(OfMeeting, AgreementFormView):
    template_name = "committees/outcomes.html"
    form_class = forms.OutcomesForm
    title = "Ce que chaque point est devenu"
    success_message = "C'est noté. Les points non traités reviennent à la prochaine réunion."

    def get_form_kwargs(self) -> dict[str, Any]:
        items: list[AgendaItem] = list(self.meeting.agenda.filter(is_confirmed=True))
        return {**super().get_form_kwargs(), "meeting": self.meeting, "items": items}
