"""The diagnoses that live side by side, and the one taken up from paper."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

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
from core.formats import date_long, plural
from territory import afom, forms_diagnosis, queries, services
from territory.models import Diagnosis
from territory.views.change import Change
from territory.views.tabs import DiagnosisTabs


class DiagnosesView(DiagnosisTabs, AgreementPageView):
    template_name = "territory/diagnoses.html"
    tab = "territory:afom"
    capability = C.DIAGNOSIS_VIEW

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = list(queries.diagnoses(self.agreement))
        return super().get_context_data(
            diagnoses=rows,
            can_change=self.access.can(C.DIAGNOSIS_CHANGE),
            **kwargs,
        )


class DiagnosisView(AgreementDetailView):
    template_name = "territory/diagnosis.html"
    capability = C.DIAGNOSIS_VIEW
    context_object_name = "diagnosis"

    def get_queryset(self) -> QuerySet[Diagnosis]:
        return queries.diagnoses(self.agreement)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        findings = queries.findings(self.agreement).filter(diagnosis=self.object)
        return super().get_context_data(
            afom=afom.arrange(findings),
            facts=facts(self.object),
            can_change=self.access.can(C.DIAGNOSIS_CHANGE),
            **kwargs,
        )


def facts(diagnosis: Diagnosis) -> list[tuple[str, str]]:
    """What the method chapter of a report asks of a study."""
    return [
        ("Nature", diagnosis.get_kind_display()),
        ("Thème", str(diagnosis.theme or "tous les thèmes")),
        ("Commencé le", date_long(diagnosis.starts_on) if diagnosis.starts_on else ""),
        ("Daté du", date_long(diagnosis.ends_on) if diagnosis.ends_on else ""),
        ("Auteur", diagnosis.author),
        ("Organisme", str(diagnosis.organisation or "")),
        ("Périmètre", diagnosis.scope),
        ("Méthode", diagnosis.method),
        ("Participants", diagnosis.participants),
    ]


class DiagnosisCreate(Change, ReturnToObject, AgreementCreateView):
    form_class = forms_diagnosis.DiagnosisForm
    title = "Ajouter un diagnostic"
    lead = (
        "Une étude du territoire : la vôtre, celle d'un partenaire, l'analyse des besoins sociaux."
    )
    page = "territory:diagnosis"
    cancel_url = ""


class DiagnosisUpdate(Change, ReturnToObject, AgreementUpdateView):
    form_class = forms_diagnosis.DiagnosisForm
    title = "Modifier le diagnostic"
    page = "territory:diagnosis"

    def get_queryset(self) -> QuerySet[Diagnosis]:
        return queries.diagnoses(self.agreement)


class DiagnosisArchive(Change, ReturnToPage, AgreementDeleteView):
    title = "Archiver le diagnostic"
    submit_label = "Archiver"
    page = "territory:diagnoses"

    def get_queryset(self) -> QuerySet[Diagnosis]:
        return queries.diagnoses(self.agreement).filter(is_archived=False)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            question=f"Archiver « {self.object} » ?",
            consequences=[
                "Ses constats restent, et disent encore d'où ils viennent.",
                "Il n'est plus proposé quand on écrit un constat. Vous pourrez le remettre en cours.",
            ],
            submit_icon="archive",
            submit_variant="primary",
            **kwargs,
        )

    def perform(self, form: Any) -> None:
        services.archive_diagnosis(self.object, actor=self.access.user)


class DiagnosisRestore(Change, AgreementMixin):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        diagnosis = get_object_or_404(queries.diagnoses(self.agreement), pk=pk)
        services.reopen_diagnosis(diagnosis, actor=self.access.user)
        return redirect("territory:diagnosis", self.agreement.slug, pk)


class DiagnosisFile(AgreementMixin):
    capability = C.DIAGNOSIS_VIEW

    def get(self, request: HttpRequest, pk: int, **kwargs: Any) -> FileResponse:
        document = get_object_or_404(
            Diagnosis.objects.exclude(file=""), agreement=self.agreement, pk=pk
        )
        return FileResponse(
            document.file.open("rb"), as_attachment=True, filename=f"diagnostic-{pk}.pdf"
        )


class TakeUpView(Change, ReturnToPage, AgreementFormView):
    """« Reprise d'un diagnostic signé » : look first (``apercu``), then write."""

    template_name = "territory/take_up.html"
    form_class = forms_diagnosis.TakeUpForm
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
