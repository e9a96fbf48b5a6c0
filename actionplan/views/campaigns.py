"""« Demander des nouvelles »: prepare, preview, send, follow, remind, prolong, close."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.text import slugify
from django.views.decorators.cache import never_cache

from actionplan import campaign_messages as words
from actionplan import campaign_queries as queries
from actionplan.forms import campaigns as forms
from actionplan.models import Campaign, CampaignLead
from actionplan.services import campaigns as services
from actionplan.services import doors
from actionplan.views.tabs import PlanTabs
from agreements.exports import to_csv
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
from core.errors import DomainError
from core.formats import plural
from core.jobs import worker_is_listening
from core.keys import key_in
from core.views.files import download

State = Campaign.State


class CampaignsView(PlanTabs, AgreementPageView):
    template_name = "actionplan/campaigns/list.html"
    capability = C.PLAN_CHANGE
    tab = "actionplan:campaigns"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            campaigns=list(queries.campaigns(self.agreement)), today=date.today(), **kwargs
        )


class _FormOfCampaign:
    template_name = "actionplan/campaigns/form.html"
    capability = C.PLAN_CHANGE
    form_class = forms.CampaignForm
    submit_label = "Voir le message avant l'envoi"
    success_message = ""
    lead = "Chacun reçoit un seul message, avec un lien personnel vers ses actions. Rien ne part avant que vous l'ayez relu."


class CampaignCreate(_FormOfCampaign, ReturnToObject, AgreementCreateView):
    title = "Demander des nouvelles"
    page = "actionplan:campaign"

    @property
    def cancel_url(self) -> str:
        return reverse("actionplan:campaigns", args=[self.agreement.slug])


class OfCampaign:
    """The campaigns of the agreement; the object of the page."""

    page = "actionplan:campaign"
    agreement: Any
    kwargs: dict[str, Any]

    def get_queryset(self) -> QuerySet[Campaign]:
        return Campaign.objects.filter(agreement=self.agreement).select_related("agreement")

    @cached_property
    def campaign(self) -> Campaign:
        return get_object_or_404(self.get_queryset(), pk=self.kwargs["pk"])

    def parent(self) -> Campaign:
        return self.campaign


class CampaignUpdate(_FormOfCampaign, OfCampaign, ReturnToObject, AgreementUpdateView):
    title = "Modifier la campagne"


class CampaignDelete(OfCampaign, ReturnToPage, AgreementDeleteView):
    capability = C.PLAN_CHANGE
    title = "Supprimer la campagne en préparation"
    page = "actionplan:campaigns"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            question=f"Supprimer « {self.object} » ?", consequences=["Personne n'a encore rien reçu."],
            **kwargs,
        )  # fmt: skip

    def perform(self, form: Any) -> None:
        services.delete_campaign(self.object, actor=self.access.user)


class CampaignView(OfCampaign, PlanTabs, AgreementDetailView):
    """A draft shows what will leave; a campaign under way, who answered."""

    capability = C.PLAN_CHANGE
    context_object_name = "campaign"
    tab = "actionplan:campaigns"

    def get_template_names(self) -> list[str]:
        name = "preview" if self.object.state == State.DRAFT else "campaign"
        return [f"actionplan/campaigns/{name}.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        campaign: Campaign = self.object
        extra = self.preview(campaign) if campaign.state == State.DRAFT else self.follow(campaign)
        return super().get_context_data(
            today=date.today(), worker_listens=worker_is_listening(), **extra, **kwargs
        )

    def preview(self, campaign: Campaign) -> dict[str, Any]:
        proposed = queries.proposals(self.agreement)
        actions = {person.contact.pk: person.actions for person in proposed.people}
        leads = list(campaign.leads.select_related("contact", "campaign__agreement"))
        rows = [
            {
                "lead": lead,
                "actions": actions.get(lead.contact_id or 0, []),
                "body": words.invitation(
                    lead, actions.get(lead.contact_id or 0, []), words.LINK_TO_COME,
                    actor=self.access.user,
                ),
            }
            for lead in leads
        ]  # fmt: skip
        written = [row for row in rows if row["actions"]]
        by_mail = sum(row["lead"].channel == CampaignLead.Channel.MAIL for row in written)  # type: ignore[attr-defined]
        return {
            "subject": words.subject(campaign),
            "rows": written,
            "gone": [row["lead"] for row in rows if not row["actions"]],
            "by_mail": by_mail,
        }

    def follow(self, campaign: Campaign) -> dict[str, Any]:
        progress = queries.progress(campaign)
        already = [row.lead.contact_id for row in progress.rows]
        return {
            "progress": progress,
            "answered_words": f"{progress.answered} sur {len(progress.rows)}",
            "review_words": str(progress.to_review),
            "median_words": progress.median_words or "aucune réponse",
            "is_open": campaign.state == State.OPEN,
            "is_past": queries.is_past(campaign, date.today()),
            "newcomers": [
                proposal
                for proposal in queries.proposals(self.agreement, besides=already).people
                if proposal.contact.user_id != self.access.user.pk  # nobody asks oneself
            ],
            "reviewed": list(queries.reviewed(campaign)[:30]),
        }


class CampaignSend(OfCampaign, AgreementMixin):
    capability = C.PLAN_CHANGE
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        try:
            services.open_campaign(self.campaign, actor=self.access.user)
        except DomainError as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, "La campagne est partie. Les réponses arriveront ici.")
        return redirect(self.page, self.agreement.slug, pk)


class CampaignClose(OfCampaign, ReturnToObject, AgreementDeleteView):
    capability = C.PLAN_CHANGE
    title = "Terminer la campagne"
    submit_label = "Terminer"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            question=f"Terminer « {self.object} » ?",
            consequences=[
                "Les liens ne s'ouvrent plus ; les messages en attente ne partent pas.",
                "Les réponses reçues restent à valider.",
                "Vous pourrez la rouvrir avec une nouvelle date.",
            ],
            **kwargs,
        )

    def perform(self, form: Any) -> Campaign:
        return services.close_campaign(self.object, actor=self.access.user)


class CampaignExtend(OfCampaign, ReturnToObject, AgreementFormView):
    capability = C.PLAN_CHANGE
    form_class = forms.ExtendForm
    success_message = "La nouvelle date est notée ; les liens déjà remis la suivent."

    @property
    def title(self) -> str:
        return "Rouvrir la campagne" if self.campaign.state == State.CLOSED else "Prolonger"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "campaign": self.campaign}


class AddLeads(OfCampaign, ReturnToObject, AgreementFormView):
    template_name = "actionplan/campaigns/add_leads.html"
    capability = C.PLAN_CHANGE
    form_class = forms.AddLeadsForm
    title = "Ajouter des personnes à la campagne"
    submit_label = "Leur écrire maintenant"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "campaign": self.campaign}

    def perform(self, form: Any) -> None:
        added = form.perform()
        messages.success(
            self.request, f"{plural(len(added), 'personne')} de plus dans la campagne."
        )

    def get_default_url(self) -> str:
        return reverse(self.page, args=[self.agreement.slug, self.campaign.pk])


class RemindView(OfCampaign, AgreementPageView):
    """Who will be reminded, who will not and why; then one button."""

    template_name = "actionplan/campaigns/remind.html"
    capability = C.PLAN_CHANGE

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            campaign=self.campaign, reminders=queries.reminders(self.campaign), **kwargs
        )

    def post(self, request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        shown = {}
        for item in request.POST.getlist("personne"):
            lead, count = map(key_in, item.partition(":")[::2])
            if lead is not None and count is not None:
                shown[lead] = count
        try:
            reminded = services.remind(self.campaign, actor=self.access.user, shown=shown)
        except DomainError as refusal:
            messages.error(request, refusal.message)
        else:
            told = (
                f"{plural(len(reminded), 'relance')} en route."
                if reminded
                else "Personne à relancer."
            )
            messages.success(request, told)
        return redirect(self.page, self.agreement.slug, pk)


@method_decorator(never_cache, name="dispatch")
class MergeView(OfCampaign, AgreementPageView):
    """The mail-merge list. Only hashes of links are kept: each file holds new links."""

    template_name = "actionplan/campaigns/merge.html"
    capability = C.PLAN_CHANGE

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = queries.progress(self.campaign).rows
        waiting = [r for r in rows if not r.has_answered and r.lead.channel != "paper"]
        return super().get_context_data(
            campaign=self.campaign, subject=words.subject(self.campaign), waiting=waiting, **kwargs
        )

    def post(self, request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponseBase:
        try:
            rows = doors.merge_rows(self.campaign, actor=self.access.user)
        except DomainError as refusal:
            messages.error(request, refusal.message)
            return redirect(self.page, self.agreement.slug, pk)
        data = to_csv(["nom", "adresse électronique", "lien personnel"], rows)
        name = slugify(f"publipostage {self.campaign}")[:80]
        return download(data, "text/csv; charset=utf-8", f"{name}.csv")


class OfLead:
    page = "actionplan:campaign"
    agreement: Any
    kwargs: dict[str, Any]

    @cached_property
    def person(self) -> CampaignLead:
        return get_object_or_404(
            CampaignLead.objects.filter(agreement=self.agreement).select_related(
                "contact", "campaign__agreement", "agreement"
            ),
            pk=self.kwargs["pk"],
        )


@method_decorator(never_cache, name="dispatch")
class LeadLink(OfLead, AgreementMixin):
    """A new link and the text to copy, shown once."""

    capability = C.PLAN_CHANGE
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        lead, actor = self.person, self.access.user
        try:
            address = doors.hand_over_link(lead, actor=actor)
        except DomainError as refusal:
            messages.error(request, refusal.message)
            return redirect(self.page, self.agreement.slug, lead.campaign_id)
        actions = queries.actions_of(queries.answers_of_lead(lead))
        context = {
            "access": self.access,
            "campaign": lead.campaign,
            "lead": lead,
            "address": address,
            "body": words.invitation(lead, actions, address, actor=actor),
            "subject": words.subject(lead.campaign),
        }
        return render(request, "actionplan/campaigns/link.html", context)


class LeadAct(OfLead, AgreementMixin):
    """POST ``geste``: « muet », « parlant », « retirer » (the links), « reecrire »."""

    capability = C.PLAN_CHANGE
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        lead, act, actor = self.person, request.POST.get("geste"), self.access.user
        if act == "retirer":
            doors.revoke_links(lead, actor=actor)
            messages.success(request, f"Les liens de {lead} n'ouvrent plus rien.")
        elif act == "reecrire":
            self.write_again(lead)
        elif act in ("muet", "parlant"):
            services.mute(lead, actor=actor, is_muted=act == "muet")
            again = (
                "ne sera plus relancé(e)" if act == "muet" else "peut être relancé(e) de nouveau"
            )
            messages.success(request, f"{lead} {again}.")
        return redirect(self.page, self.agreement.slug, lead.campaign_id)

    def write_again(self, lead: CampaignLead) -> None:
        try:
            services.write_again(lead, actor=self.access.user)
        except DomainError as refusal:
            messages.error(self.request, refusal.message)
        else:
            messages.success(self.request, f"Un nouveau message part vers {lead}.")
