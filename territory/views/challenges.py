"""Challenges, and the screen that gathers findings under them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property

from agreements.panels import panels_of
from agreements.roles import Capability as C
from agreements.views.base import (
    AgreementCreateView,
    AgreementDeleteView,
    AgreementDetailView,
    AgreementFormView,
    AgreementUpdateView,
    ReturnToObject,
    ReturnToPage,
)
from core.formats import plural
from territory import convergence, forms_diagnosis, queries, services
from territory.filters import FindingFilter
from territory.models import Challenge, Finding
from territory.views.change import Change
from territory.views.findings import number
from territory.views.tabs import DiagnosisTabs


class ChallengeView(AgreementDetailView):
    template_name = "territory/challenge.html"
    capability = C.DIAGNOSIS_VIEW
    context_object_name = "challenge"

    def get_queryset(self) -> QuerySet[Challenge]:
        return queries.challenges(self.agreement)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            findings=queries.findings(self.agreement).filter(challenges=self.object),
            can_change=self.access.can(C.DIAGNOSIS_CHANGE),
            panels=panels_of(self.object, self.access),
            **kwargs,
        )


class ChallengeCreate(Change, ReturnToObject, AgreementCreateView):
    form_class = forms_diagnosis.ChallengeForm
    title = "Ajouter un enjeu"
    page = "territory:challenge"
    cancel_url = ""


class ChallengeUpdate(Change, ReturnToObject, AgreementUpdateView):
    form_class = forms_diagnosis.ChallengeForm
    title = "Modifier l'enjeu"
    page = "territory:challenge"

    def get_queryset(self) -> QuerySet[Challenge]:
        return queries.challenges(self.agreement)


class ChallengeArchive(Change, ReturnToPage, AgreementDeleteView):
    title = "Archiver l'enjeu"
    submit_label = "Archiver"
    page = "territory:home"

    def get_queryset(self) -> QuerySet[Challenge]:
        return queries.challenges(self.agreement)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(question=f"Archiver « {self.object} » ?", **kwargs)

    def perform(self, form: Any) -> None:
        services.archive_challenge(self.object, actor=self.access.user)


class ConvergenceView(Change, DiagnosisTabs, AgreementFormView):
    """Findings of every diagnosis by theme; tick some, gather them under a challenge.

    Filters as on the page of the quadrants; ``?constat=`` and ``?enjeu=`` come from a page that
    sends here to mend, and arrive ticked.
    """

    template_name = "territory/convergence.html"
    tab = "territory:afom"
    form_class = forms_diagnosis.GroupForm
    title = "Rapprocher et regrouper"

    def get_initial(self) -> dict[str, Any]:
        asked = self.request.GET
        ticked = [pk for text in asked.getlist("constat") if (pk := number(text))]
        return {"findings": ticked, "challenge": number(asked.get("enjeu", ""))}

    def get_default_url(self) -> str:
        return self.request.get_full_path()

    def perform(self, form: Any) -> None:
        challenge = form.perform()
        count = plural(len(form.cleaned_data["findings"]), "constat")
        messages.success(self.request, f"{count} sous l'enjeu « {challenge} ».")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        filterset = FindingFilter(
            self.request.GET or None,
            queryset=queries.findings(self.agreement),
            agreement=self.agreement,
        )
        findings = list(filterset.qs)
        return super().get_context_data(
            filter=filterset,
            groups=convergence.by_theme(findings),
            pairs=convergence.near_duplicates(self.agreement, findings),
            total=len(findings),
            filtered=bool(self.request.GET),
            **kwargs,
        )


class FindingsMerge(Change, ReturnToPage, AgreementFormView):
    """Two findings side by side: which one stays."""

    template_name = "territory/merge.html"
    form_class = forms_diagnosis.MergeForm
    title = "Fusionner deux constats"
    submit_label = "Fusionner"
    page = "territory:convergence"
    success_message = "Un seul constat reste ; chiffres et enjeux l'ont suivi."

    @cached_property
    def pair(self) -> tuple[Finding, Finding]:
        rows = queries.findings(self.agreement)
        return (
            get_object_or_404(rows, pk=self.kwargs["pk"]),
            get_object_or_404(rows.exclude(pk=self.kwargs["pk"]), pk=self.kwargs["other"]),
        )

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "pair": self.pair}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(pair=self.pair, **kwargs)
