"""The year's report, step by step."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse

from agreements.roles import Capability as C
from agreements.views.base import (
    AgreementCreateView,
    AgreementDeleteView,
    AgreementFormView,
    AgreementPageView,
    AgreementUpdateView,
)
from evaluation import forms, queries, services
from evaluation.models import EvaluationQuestion, EvaluationYear


class EvaluationHome(AgreementPageView):
    """The year in progress: what remains to do, in the order in which one does it."""

    capability = C.EVALUATION_VIEW
    template_name = "evaluation/home.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = date.today()
        campaign = queries.current_campaign(self.agreement, today)
        todo = queries.readiness(campaign, today) if campaign else []
        return super().get_context_data(
            campaign=campaign,
            campaigns=queries.campaigns(self.agreement),
            todo=[
                (line, reverse(line.url_name, args=[self.agreement.slug, campaign.year]))
                for line in todo
                if campaign
            ],
            percent=round(100 * sum(line.is_done for line in todo) / len(todo)) if todo else None,
            can_change=self.access.can(C.EVALUATION_CHANGE),
            questions=queries.questions_for(
                self.agreement, campaign.year if campaign else self.agreement.starts_on.year
            ),
            **kwargs,
        )


class CampaignMixin:
    """The campaign of the year in the URL, or a 404."""

    kwargs: dict[str, Any]
    agreement: Any

    @property
    def campaign(self) -> EvaluationYear:
        campaign = queries.campaign_of(self.agreement, self.kwargs["year"])
        if campaign is None:
            raise Http404("Le bilan de cette année n'est pas ouvert.")
        return campaign

    def get_default_url(self) -> str:
        return reverse("evaluation:home", args=[self.agreement.slug])

    @property
    def cancel_url(self) -> str:
        return self.get_default_url()


class OpenYear(CampaignMixin, AgreementFormView):
    capability = C.EVALUATION_CHANGE
    form_class = forms.OpenYearForm
    title = "Ouvrir le bilan d'une année"
    submit_label = "Ouvrir le bilan"
    success_message = "Le bilan est ouvert."

    def get_initial(self) -> dict[str, Any]:
        return {"year": date.today().year}


class GridView(CampaignMixin, AgreementFormView):
    """A page of many cells, written all together or not at all."""

    capability = C.EVALUATION_CHANGE
    success_message = "C'est enregistré."

    def perform(self, form: Any) -> None:
        services.refuse_if_closed(self.campaign)
        with transaction.atomic():
            form.perform()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(campaign=self.campaign, **kwargs)


class ValuesView(GridView):
    template_name = "evaluation/values.html"
    form_class = forms.ValuesForm

    @property
    def title(self) -> str:
        return f"Valeurs de l'année {self.kwargs['year']}"

    def get_form_kwargs(self) -> dict[str, Any]:
        year = self.campaign.year
        rows = queries.measures_of_year(self.agreement, year)
        return {**super().get_form_kwargs(), "year": year, "rows": rows}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_first_year = self.agreement.year_rank(self.kwargs["year"]) == 1
        return super().get_context_data(is_first_year=is_first_year, **kwargs)


class AnswersView(GridView):
    template_name = "evaluation/answers.html"
    form_class = forms.AnswersForm

    @property
    def title(self) -> str:
        return f"Questions évaluatives {self.kwargs['year']}"

    def get_form_kwargs(self) -> dict[str, Any]:
        campaign = self.campaign
        rows = queries.answered_questions(campaign)
        return {**super().get_form_kwargs(), "campaign": campaign, "rows": rows}


class GapsView(GridView):
    template_name = "evaluation/gaps.html"
    form_class = forms.GapsForm

    @property
    def title(self) -> str:
        return f"Écarts de l'année {self.kwargs['year']}"

    def get_form_kwargs(self) -> dict[str, Any]:
        year = self.campaign.year
        rows = queries.gaps_of_year(self.agreement, year, date.today())
        return {**super().get_form_kwargs(), "year": year, "rows": rows}


class TextsView(CampaignMixin, AgreementUpdateView):
    capability = C.EVALUATION_CHANGE
    form_class = forms.TextsForm

    @property
    def title(self) -> str:
        return f"Textes du bilan {self.kwargs['year']}"

    lead = "Ce que seule une personne peut écrire. Quelques phrases suffisent."

    def load_object(self) -> EvaluationYear:
        return self.campaign


class CloseYear(CampaignMixin, AgreementDeleteView):
    """Closing is a POST that asks confirmation, as a deletion does; nothing is deleted."""

    capability = C.EVALUATION_CHANGE
    submit_label = "Clore le bilan"
    success_message = "Le bilan est clos."

    @property
    def title(self) -> str:
        return f"Clore le bilan {self.kwargs['year']}"

    def load_object(self) -> EvaluationYear:
        return self.campaign

    def perform(self, form: Any) -> EvaluationYear:
        return services.close_year(self.campaign, actor=self.access.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            question=f"Voulez-vous clore le bilan {self.kwargs['year']} ?",
            consequences=[
                "Les valeurs, réponses et textes ne pourront plus être modifiés.",
                "Il pourra être rouvert, en disant pourquoi.",
            ],
            submit_variant="primary",
            submit_icon="lock",
            **kwargs,
        )


class ReopenYear(CampaignMixin, AgreementFormView):
    capability = C.EVALUATION_CHANGE
    form_class = forms.ReopenForm
    submit_label = "Rouvrir le bilan"
    success_message = "Le bilan est rouvert."

    @property
    def title(self) -> str:
        return f"Rouvrir le bilan {self.kwargs['year']}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(campaign=self.campaign, **kwargs)

    def perform(self, form: Any) -> EvaluationYear:
        return services.reopen_year(
            self.campaign, actor=self.access.user, reason=form.cleaned_data["reason"]
        )


class QuestionCreate(CampaignMixin, AgreementCreateView):
    capability = C.EVALUATION_CHANGE
    form_class = forms.QuestionForm
    title = "Ajouter une question évaluative"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": EvaluationQuestion()}


class QuestionUpdate(CampaignMixin, AgreementUpdateView):
    capability = C.EVALUATION_CHANGE
    form_class = forms.QuestionForm
    title = "Modifier la question évaluative"

    def get_queryset(self) -> QuerySet[EvaluationQuestion]:
        return EvaluationQuestion.objects.filter(agreement=self.agreement)
