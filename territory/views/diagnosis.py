"""The diagnosis at a glance; findings, challenges, and the diagnosis taken up from paper."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest
from django.shortcuts import get_object_or_404
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
from core.formats import plural
from territory import comparison, forms, queries, services
from territory.models import Challenge, Diagnosis, Evidence, Finding
from territory.views.tabs import DiagnosisTabs


class DiagnosisHome(DiagnosisTabs, AgreementPageView):
    template_name = "territory/home.html"
    tab = "territory:home"
    capability = C.DIAGNOSIS_VIEW

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        findings = list(queries.findings(self.agreement))
        return super().get_context_data(
            challenges=list(queries.challenges(self.agreement)),
            groups=[
                (label, [finding for finding in findings if finding.quadrant == value])
                for value, label in Finding.Quadrant.choices
            ],
            finding_total=len(findings),
            figures=comparison.key_figures(self.agreement)[:5],
            offer_total=queries.facilities(self.agreement).count(),
            documents=list(Diagnosis.objects.filter(agreement=self.agreement)),
            can_change=self.access.can(C.DIAGNOSIS_CHANGE),
            **kwargs,
        )


class _Change:
    capability = C.DIAGNOSIS_CHANGE
    refusal = "modifier le diagnostic"


class FindingView(AgreementDetailView):
    template_name = "territory/finding.html"
    capability = C.DIAGNOSIS_VIEW
    context_object_name = "finding"

    def get_queryset(self) -> QuerySet[Finding]:
        return queries.findings(self.agreement)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        readable = [
            row
            for row in self.object.evidence.all()
            if row.local_observation is None
            or self.access.audience.allows(row.local_observation.audience)
        ]
        return super().get_context_data(
            lines=queries.evidence_lines(readable),
            can_change=self.access.can(C.DIAGNOSIS_CHANGE),
            **kwargs,
        )


class FindingCreate(_Change, ReturnToObject, AgreementCreateView):
    form_class = forms.FindingForm
    title = "Ajouter un constat"
    page = "territory:finding"
    cancel_url = ""


class FindingUpdate(_Change, ReturnToObject, AgreementUpdateView):
    form_class = forms.FindingForm
    title = "Modifier le constat"
    page = "territory:finding"

    def get_queryset(self) -> QuerySet[Finding]:
        return queries.findings(self.agreement)


class FindingArchive(_Change, ReturnToPage, AgreementDeleteView):
    title = "Archiver le constat"
    submit_label = "Archiver"
    page = "territory:home"

    def get_queryset(self) -> QuerySet[Finding]:
        return queries.findings(self.agreement)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(question=f"Archiver « {self.object} » ?", **kwargs)

    def perform(self, form: Any) -> None:
        services.archive_finding(self.object, actor=self.access.user)


class EvidenceCreate(_Change, ReturnToObject, AgreementFormView):
    form_class = forms.EvidenceForm
    title = "Appuyer le constat sur un chiffre"
    page = "territory:finding"
    success_message = "Le chiffre est gardé comme il se lit aujourd'hui."

    @cached_property
    def finding(self) -> Finding:
        return get_object_or_404(queries.findings(self.agreement), pk=self.kwargs["pk"])

    def parent(self) -> Finding:
        return self.finding

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "finding": self.finding}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(lead=str(self.finding), **kwargs)


class EvidenceDelete(_Change, ReturnToObject, AgreementDeleteView):
    title = "Retirer le chiffre"
    submit_label = "Retirer"
    page = "territory:finding"

    def get_queryset(self) -> QuerySet[Evidence]:
        return Evidence.objects.filter(agreement=self.agreement).select_related(
            "finding", "indicator", "local_observation__indicator", "agreement"
        )

    def parent(self) -> Finding:
        return self.object.finding

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            question=f"Retirer « {self.object} » du constat ?", **kwargs
        )

    def perform(self, form: Any) -> None:
        services.remove_evidence(self.object, actor=self.access.user)


class ChallengeView(AgreementDetailView):
    template_name = "territory/challenge.html"
    capability = C.DIAGNOSIS_VIEW
    context_object_name = "challenge"

    def get_queryset(self) -> QuerySet[Challenge]:
        return queries.challenges(self.agreement)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(can_change=self.access.can(C.DIAGNOSIS_CHANGE), **kwargs)


class ChallengeCreate(_Change, ReturnToObject, AgreementCreateView):
    form_class = forms.ChallengeForm
    title = "Ajouter un enjeu"
    page = "territory:challenge"
    cancel_url = ""


class ChallengeUpdate(_Change, ReturnToObject, AgreementUpdateView):
    form_class = forms.ChallengeForm
    title = "Modifier l'enjeu"
    page = "territory:challenge"

    def get_queryset(self) -> QuerySet[Challenge]:
        return queries.challenges(self.agreement)


class ChallengeArchive(_Change, ReturnToPage, AgreementDeleteView):
    title = "Archiver l'enjeu"
    submit_label = "Archiver"
    page = "territory:home"

    def get_queryset(self) -> QuerySet[Challenge]:
        return queries.challenges(self.agreement)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(question=f"Archiver « {self.object} » ?", **kwargs)

    def perform(self, form: Any) -> None:
        services.archive_challenge(self.object, actor=self.access.user)


class TakeUpView(_Change, ReturnToPage, AgreementFormView):
    """« Reprise d'un diagnostic signé » : look first (``apercu``), then write."""

    template_name = "territory/take_up.html"
    form_class = forms.TakeUpForm
    title = "Reprendre un diagnostic signé"
    submit_label = "Écrire dans le diagnostic"
    page = "territory:home"

    def form_valid(self, form: Any) -> Any:
        if "apercu" in self.request.POST:
            return self.render_to_response(self.get_context_data(form=form, preview=form))
        return super().form_valid(form)

    def perform(self, form: Any) -> None:
        findings, challenges = form.perform()
        told = f"{plural(findings, 'constat')} et {plural(challenges, 'enjeu', 'enjeux')} repris."
        messages.success(self.request, told)


class DiagnosisFile(AgreementMixin):
    capability = C.DIAGNOSIS_VIEW

    def get(self, request: HttpRequest, pk: int, **kwargs: Any) -> FileResponse:
        document = get_object_or_404(
            Diagnosis.objects.exclude(file=""), agreement=self.agreement, pk=pk
        )
        return FileResponse(
            document.file.open("rb"), as_attachment=True, filename=f"diagnostic-{pk}.pdf"
        )
