"""Findings: the four quadrants, one finding and its figures, and lines typed in one go."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property

from agreements.models import Theme
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
from opendata.models import Observation
from opendata.queries import amount
from territory import afom, forms_diagnosis, queries, services
from territory.filters import FindingFilter
from territory.models import Evidence, Finding
from territory.secrecy import withheld_totals
from territory.views.change import Change
from territory.views.tabs import DiagnosisTabs


class AfomView(DiagnosisTabs, AgreementPageView):
    template_name = "territory/afom.html"
    tab = "territory:afom"
    capability = C.DIAGNOSIS_VIEW

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        filterset = FindingFilter(
            self.request.GET or None,
            queryset=queries.findings(self.agreement),
            agreement=self.agreement,
        )
        return super().get_context_data(
            filter=filterset,
            afom=afom.arrange(filterset.qs),
            filtered=bool(self.request.GET),
            can_change=self.access.can(C.DIAGNOSIS_CHANGE),
            **kwargs,
        )


class FindingView(AgreementDetailView):
    template_name = "territory/finding.html"
    capability = C.DIAGNOSIS_VIEW
    context_object_name = "finding"

    def get_queryset(self) -> QuerySet[Finding]:
        return queries.findings(self.agreement)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        lines = queries.evidence_lines(
            queries.readable_evidence(
                self.object.evidence.all(),
                self.access.audience,
                withheld_totals(self.agreement, self.access.audience),
            )
        )
        return super().get_context_data(
            lines=lines,
            has_changed=any(line.has_changed for line in lines),
            can_change=self.access.can(C.DIAGNOSIS_CHANGE),
            **kwargs,
        )


def number(text: str) -> int | None:
    """A number of the address, or None: an address is typed by anybody."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


class FindingCreate(Change, ReturnToObject, AgreementCreateView):
    """``?indicateur=<key>&territoire=<code>`` writes it from a published figure, kept as evidence;
    ``?diagnostic=``, ``?theme=`` and ``?lecture=`` fill the form."""

    template_name = "territory/finding_form.html"
    form_class = forms_diagnosis.FindingForm
    title = "Ajouter un constat"
    page = "territory:finding"
    cancel_url = ""

    @cached_property
    def figure(self) -> Observation | None:
        asked = self.request.GET
        if "indicateur" not in asked:
            return None
        code = asked.get("territoire") or self.agreement.lead_commune.code
        period = number(asked.get("annee", ""))
        return queries.published_figure(self.agreement, asked["indicateur"], code, period)

    def get_initial(self) -> dict[str, Any]:
        asked = self.request.GET
        initial = {
            "diagnosis": number(asked.get("diagnostic", "")),
            "theme": number(asked.get("theme", "")) or self.theme_of_figure(),
            "quadrant": asked.get("lecture", ""),
        }
        return {name: value for name, value in initial.items() if value}

    def theme_of_figure(self) -> int | None:
        """The agreement's own theme in the field of the indicator."""
        if self.figure is None:
            return None
        themes = Theme.objects.filter(
            agreement=self.agreement, is_active=True, domain=self.figure.indicator.domain_id
        )
        theme = themes.first()
        return theme.pk if theme else None

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "figure": self.figure}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        figure = self.figure
        text = amount(figure.indicator, figure.value) if figure and figure.value is not None else ""
        return super().get_context_data(
            figure=figure,
            figure_text=text,
            figure_wanted="indicateur" in self.request.GET,
            **kwargs,
        )


class FindingUpdate(Change, ReturnToObject, AgreementUpdateView):
    form_class = forms_diagnosis.FindingForm
    title = "Modifier le constat"
    page = "territory:finding"

    def get_queryset(self) -> QuerySet[Finding]:
        return queries.findings(self.agreement)


class FindingArchive(Change, ReturnToPage, AgreementDeleteView):
    title = "Archiver le constat"
    submit_label = "Archiver"
    page = "territory:afom"

    def get_queryset(self) -> QuerySet[Finding]:
        return queries.findings(self.agreement)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(question=f"Archiver « {self.object} » ?", **kwargs)

    def perform(self, form: Any) -> None:
        services.archive_finding(self.object, actor=self.access.user)


class FindingsEntry(Change, ReturnToPage, AgreementFormView):
    """Several findings in one go: look first (``apercu``), then write."""

    template_name = "territory/findings_entry.html"
    form_class = forms_diagnosis.FindingsEntryForm
    title = "Saisir plusieurs constats"
    submit_label = "Écrire ces constats"
    page = "territory:afom"

    def get_initial(self) -> dict[str, Any]:
        chosen = number(self.request.GET.get("diagnostic", ""))
        return {"diagnosis": chosen} if chosen else {}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        themes = Theme.objects.filter(agreement=self.agreement, is_active=True)
        return super().get_context_data(themes=themes, **kwargs)

    def form_valid(self, form: Any) -> Any:
        if "apercu" in self.request.POST:
            return self.render_to_response(self.get_context_data(form=form, preview=form))
        return super().form_valid(form)

    def perform(self, form: Any) -> None:
        written = form.perform()
        messages.success(self.request, f"{plural(len(written), 'constat')} de plus.")


class EvidenceCreate(Change, ReturnToObject, AgreementFormView):
    form_class = forms_diagnosis.EvidenceForm
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


def _evidence(agreement: Any) -> QuerySet[Evidence]:
    return Evidence.objects.filter(agreement=agreement).select_related(
        "finding__agreement", "indicator", "local_observation__indicator", "territory", "agreement"
    )


class EvidenceReread(Change, AgreementMixin):
    """« Mettre à jour la preuve » : the figure as it stands today, beside the former reading."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        evidence = get_object_or_404(_evidence(self.agreement), pk=pk)
        audience = self.access.audience
        withheld = withheld_totals(self.agreement, audience)
        if not queries.readable_evidence([evidence], audience, withheld):
            return redirect("territory:finding", self.agreement.slug, evidence.finding_id)
        try:
            services.read_evidence_again(evidence, actor=self.access.user, on=date.today())
        except DomainError as refusal:
            messages.warning(request, refusal.message)
        else:
            messages.success(
                request, "La valeur d'aujourd'hui est ajoutée ; la lecture d'alors reste."
            )
        return redirect("territory:finding", self.agreement.slug, evidence.finding_id)


class EvidenceDelete(Change, ReturnToObject, AgreementDeleteView):
    title = "Retirer le chiffre"
    submit_label = "Retirer"
    page = "territory:finding"

    def get_queryset(self) -> QuerySet[Evidence]:
        return _evidence(self.agreement)

    def parent(self) -> Finding:
        return self.object.finding

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            question=f"Retirer « {self.object} » du constat ?", **kwargs
        )

    def perform(self, form: Any) -> None:
        services.remove_evidence(self.object, actor=self.access.user)
