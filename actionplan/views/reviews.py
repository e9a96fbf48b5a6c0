"""The answers « à valider », and those that are typed or imported in a lead's name."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import slugify

from actionplan import campaign_queries as queries
from actionplan import campaign_sheets as sheets
from actionplan.forms import campaigns as forms
from actionplan.forms.news import NewsForm, orphan_words
from actionplan.models import CampaignLead, NewsAnswer
from actionplan.services import news, reviews
from actionplan.views.campaigns import OfCampaign, OfLead
from agreements.roles import Capability as C
from agreements.views.base import AgreementFormView, AgreementMixin, AgreementPageView
from core.documents.declaration import render
from core.errors import DomainError
from core.formats import plural
from core.keys import key_in, keys_in
from core.sheets import Unreadable
from core.views.files import download


class ReviewView(OfCampaign, AgreementPageView):
    """Old → new, field by field; accept one, or all that are ticked."""

    template_name = "actionplan/campaigns/review.html"
    capability = C.PLAN_CHANGE

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        refusals = kwargs.pop("refusals", None)
        return super().get_context_data(
            campaign=self.campaign, reviews=queries.reviews(self.campaign, refusals), **kwargs
        )

    def post(self, request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        one = request.POST.get("une", "")
        chosen = [one] if one else request.POST.getlist("reponse")
        wanted = keys_in(chosen)
        if request.POST.get("geste") == "renvoyer" and wanted:
            query = "&".join(f"r={answer}" for answer in sorted(wanted))
            return redirect(
                reverse("actionplan:campaign_return", args=[self.agreement.slug, pk]) + f"?{query}"
            )
        answers = list(queries.answers_of(self.campaign).filter(pk__in=wanted))
        versions = {}
        for answer in answers:
            seen = key_in(request.POST.get(f"v{answer.pk}", ""))
            if seen is not None:
                versions[answer.pk] = seen
        accepted, refused = reviews.accept_many(answers, actor=self.access.user, versions=versions)
        self.tell(len(accepted), len(refused), len(wanted))
        if refused:
            context = self.get_context_data(refusals=refused)
            return self.render_to_response(context, status=409)
        name = "campaign" if not queries.reviews(self.campaign) else "campaign_review"
        return redirect(f"actionplan:{name}", self.agreement.slug, pk)

    def tell(self, accepted: int, refused: int, wanted: int) -> None:
        if not wanted:
            messages.warning(self.request, "Cochez au moins une réponse.")
        if accepted:
            told = plural(accepted, "réponse est entrée", "réponses sont entrées")
            messages.success(self.request, f"{told} dans le plan.")
        if refused:
            told = plural(refused, "réponse n'a pas pu entrer", "réponses n'ont pas pu entrer")
            messages.error(self.request, f"{told} : la raison est à côté de chacune.")


class ReturnView(OfCampaign, AgreementFormView):
    """One reason for the answers chosen; each person is told once."""

    template_name = "actionplan/campaigns/return.html"
    capability = C.PLAN_CHANGE
    form_class = forms.ReturnForm
    title = "Renvoyer pour précision"
    submit_label = "Renvoyer"

    @cached_property
    def answers(self) -> list[NewsAnswer]:
        given = self.request.POST if self.request.method == "POST" else self.request.GET
        return list(
            queries.answers_of(self.campaign).filter(
                pk__in=keys_in(given.getlist("r")), state=NewsAnswer.State.TO_REVIEW
            )
        )

    def get_default_url(self) -> str:
        return reverse("actionplan:campaign_review", args=[self.agreement.slug, self.campaign.pk])

    @property
    def cancel_url(self) -> str:
        return self.get_default_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(campaign=self.campaign, answers=self.answers, **kwargs)

    def perform(self, form: Any) -> None:
        by_hand = reviews.return_answers(
            self.answers, actor=self.access.user, reason=form.cleaned_data["reason"]
        )
        told = plural(len(self.answers), "réponse renvoyée", "réponses renvoyées")
        messages.success(self.request, f"{told}, avec votre question.")
        for lead in by_hand:
            messages.warning(
                self.request, f"Prévenez {lead} vous-même : aucun message ne lui part."
            )


class AmendView(AgreementFormView):
    """Correct an answer, then accept it."""

    template_name = "actionplan/campaigns/amend.html"
    capability = C.PLAN_CHANGE
    form_class = NewsForm
    title = "Corriger puis accepter"
    submit_label = "Accepter ainsi corrigée"
    success_message = "La réponse corrigée est entrée dans le plan."

    @cached_property
    def answer(self) -> NewsAnswer:
        row = get_object_or_404(
            NewsAnswer.objects.filter(agreement=self.agreement).select_related("lead__campaign"),
            pk=self.kwargs["pk"],
        )
        return queries.answers_of(row.lead.campaign).get(pk=row.pk)

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        kwargs.pop("access")
        answer = self.answer
        return {
            **kwargs, "answers": [answer], "year": answer.lead.campaign.year, "is_sending": True,
            "beside_plan": True,
        }  # fmt: skip

    def get_default_url(self) -> str:
        return reverse(
            "actionplan:campaign_review", args=[self.agreement.slug, self.answer.lead.campaign_id]
        )

    @property
    def cancel_url(self) -> str:
        return self.get_default_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            review=queries.review(self.answer), lead=str(self.answer.action), **kwargs
        )

    def form_valid(self, form: Any) -> HttpResponse:
        """The version under the author's eyes becomes today's: saving again is a choice."""
        if not form.entries():
            form.add_error(None, "Cette action est archivée : rétablissez-la d'abord.")
            return self.form_invalid(form)
        return super().form_valid(form)

    def perform(self, form: Any) -> None:
        entry = form.entries()[0]
        try:
            reviews.amend(
                self.answer, entry, actor=self.access.user, action_version=entry.action_version
            )
        except DomainError as refusal:
            field = f"a{self.answer.pk}-{refusal.field}" if refusal.field else None
            self.renew_version(form)
            raise DomainError(refusal.message, field=field) from None

    def renew_version(self, form: Any) -> None:
        form.data = form.data.copy()
        form.data[f"a{self.answer.pk}-action_version"] = str(self.answer.action.version)


# --- In the name of a lead ------------------------------------------------------------------
class TypeView(OfLead, AgreementPageView):
    """What was told by telephone or on paper, typed by the coordinator."""

    template_name = "actionplan/campaigns/type.html"
    capability = C.PLAN_CHANGE

    @cached_property
    def answers(self) -> list[NewsAnswer]:
        return queries.answers_of_lead(self.person)

    @property
    def pending(self) -> list[NewsAnswer]:
        return [row for row in self.answers if row.state in queries.AWAITED]

    def form_of(self, *args: Any, **kwargs: Any) -> NewsForm:
        year = self.person.campaign.year
        return NewsForm(*args, answers=self.pending, year=year, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs.pop("form", None) or self.form_of()
        return super().get_context_data(
            person=self.person,
            campaign=self.person.campaign,
            form=form,
            file_form=kwargs.pop("file_form", None) or forms.FilledSheetForm(access=self.access),
            **kwargs,
        )

    def post(self, request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        is_sending = request.POST.get("geste") == "envoyer"
        form = self.form_of(request.POST, is_sending=is_sending)
        orphans = orphan_words(request.POST, self.pending)
        if not form.is_valid() or orphans:
            return self.again(form, status=422, orphans=orphans)
        act = news.send_answers if is_sending else news.save_answers
        try:
            act(self.person, form.entries(), typed_by=self.access.user)
        except news.StaleAnswers as stale:
            form.show_stale(stale.answers, stale.message)
            return self.again(form, status=409)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
            return self.again(form, status=422)
        if is_sending:
            messages.success(request, f"Les nouvelles de {self.person} sont à valider.")
            return redirect(
                "actionplan:campaign_review", self.agreement.slug, self.person.campaign_id
            )
        messages.success(request, "C'est enregistré ; ce n'est pas encore à valider.")
        return redirect(request.path)

    def again(self, form: NewsForm, status: int, **context: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form, **context), status=status)


class ImportSheetView(TypeView):
    """The filled workbook fills the form; nothing is kept before it was looked at."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        file_form = forms.FilledSheetForm(request.POST, request.FILES, access=self.access)
        person = self.person
        if not file_form.is_valid():
            return self.unread(file_form)
        file = file_form.cleaned_data["file"]
        try:
            entries, told = sheets.read_workbook(file.read(), file.name, person, self.pending)
        except Unreadable as refusal:
            file_form.add_error("file", str(refusal))
            return self.unread(file_form)
        context = self.get_context_data(
            form=self.form_of(prefilled=entries), read=len(entries), unread=told
        )
        return self.render_to_response(context)

    def unread(self, file_form: forms.FilledSheetForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(file_form=file_form), status=422)


class LeadSheet(OfLead, AgreementMixin):
    """The fiche de recueil of one person, in Word or as a workbook."""

    capability = C.PLAN_CHANGE

    def get(self, request: HttpRequest, pk: int, fmt: str, **kwargs: Any) -> HttpResponse:
        lead: CampaignLead = self.person
        answers = [row for row in queries.answers_of_lead(lead) if row.state in queries.AWAITED]
        name = slugify(f"fiche de recueil {lead}")
        if fmt == "xlsx":
            data, mime = sheets.workbook(lead, answers), sheets.MIME
        elif fmt == "docx":
            asked = sheets.PaperRequest(lead, answers, date.today(), str(self.access.user))
            file = render(sheets.PaperSheet().content(asked), "docx", watermark=False)
            data, mime = file.data, file.mime
        else:
            raise Http404("Format inconnu.")
        return download(data, mime, f"{name}.{fmt}")
