"""« Plan signé / plan aujourd'hui »: the versions, what changed between them, and the avenants."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property

from actionplan.forms.versions import AmendmentFreezeForm, AmendmentPlanForm, FreezeForm
from actionplan.models import PlanVersion
from actionplan.versions import queries, services
from actionplan.versions.documents import AmendmentDraft, AmendmentRequest, PlanChanges
from actionplan.versions.documents import ChangesRequest as Asked
from actionplan.views.tabs import PlanTabs
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
from core.documents.declaration import render
from core.errors import DomainError
from core.formats import plural
from core.views.files import download

FORMATS = ("pdf", "docx", "xlsx")


def asked_version(rows: list[PlanVersion], number: str) -> PlanVersion | None:
    return next((row for row in rows if str(row.number) == number), None)


class VersionsView(PlanTabs, AgreementPageView):
    """``de`` and ``a`` name two versions; without them, the last one frozen and today."""

    template_name = "actionplan/versions.html"
    tab = "actionplan:versions"
    capability = C.PLAN_VIEW

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = list(queries.versions(self.agreement))
        frozen = [row for row in rows if row.state == PlanVersion.State.FROZEN]
        prepared = next((row for row in rows if row.state == PlanVersion.State.PREPARED), None)
        comparison, refusal = self.comparison(frozen)
        asked = self.request.GET.copy()
        asked.pop("orientation", None)
        return super().get_context_data(
            versions=rows,
            frozen=frozen,
            prepared=prepared,
            comparison=comparison,
            refusal=refusal,
            asked=asked.urlencode(),
            labels=[(row.number, queries.label_of(row)) for row in frozen],
            formats=FORMATS,
            with_money=self.access.can(C.MONEY_VIEW),
            can_change=self.access.can(C.PLAN_CHANGE),
            is_signed=self.agreement.signed_on is not None,
            **kwargs,
        )

    def comparison(self, frozen: list[PlanVersion]) -> tuple[queries.Comparison | None, str]:
        if not frozen:
            return None, ""
        given = self.request.GET
        old = asked_version(frozen, given.get("de", "")) or frozen[-1]
        new = asked_version(frozen, given.get("a", ""))
        if new is not None and new.number < old.number:
            old, new = new, old
        try:
            return queries.compare(
                self.agreement, queries.Reader.of(self.access), old, new,
                orientation=given.get("orientation", ""),
            ), ""  # fmt: skip
        except DomainError as error:
            return None, error.message


class ChangesFile(AgreementMixin):
    """The changes as a working document: PDF, Word or workbook."""

    capability = C.PLAN_VIEW

    def get(self, request: HttpRequest, fmt: str, **kwargs: Any) -> HttpResponse:
        frozen = queries.frozen(self.agreement)
        if fmt not in FORMATS or not frozen:
            raise Http404("Ce document n'existe pas.")
        content = PlanChanges().content(
            Asked(
                agreement=self.agreement,
                reader=queries.Reader.of(self.access),
                old=asked_version(frozen, request.GET.get("de", "")) or frozen[-1],
                new=asked_version(frozen, request.GET.get("a", "")),
            )
        )
        return as_file(content, fmt)


def as_file(content: Any, fmt: str) -> HttpResponse:
    file = render(content, fmt, watermark=False)
    return download(file.data, file.mime, file.name)


class FreezeView(ReturnToPage, AgreementFormView):
    capability = C.PLAN_CHANGE
    refusal = "figer le plan"
    form_class = FreezeForm
    title = "Figer le plan signé"
    lead = (
        "Le plan d'aujourd'hui devient la version 1, annexe à la convention. Elle ne changera plus."
    )
    submit_label = "Figer le plan"
    page = "actionplan:versions"
    success_message = "Le plan signé est figé : c'est la version 1."


class _Versions:
    agreement: Any

    def get_queryset(self) -> QuerySet[PlanVersion]:
        return queries.versions(self.agreement)


class _Prepared(_Versions):
    def get_queryset(self) -> QuerySet[PlanVersion]:
        return super().get_queryset().filter(state=PlanVersion.State.PREPARED)


class VersionView(_Versions, AgreementDetailView):
    """A frozen version lists its plan; an avenant in preparation shows what it would change."""

    template_name = "actionplan/version.html"
    capability = C.PLAN_VIEW
    context_object_name = "version"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        version: PlanVersion = self.object
        reader = queries.Reader.of(self.access)
        context: dict[str, Any] = {"refusal": ""}
        try:
            if version.state == PlanVersion.State.PREPARED:
                context["preview"] = queries.preview(version, reader)
            else:
                context["plan"] = queries.plan_lines(
                    queries.facts_of(version), with_money=reader.with_money
                )
        except DomainError as error:
            context["refusal"] = error.message
        return super().get_context_data(
            **context,
            label=queries.label_of(version),
            formats=FORMATS,
            with_money=reader.with_money,
            can_change=self.access.can(C.PLAN_CHANGE),
            **kwargs,
        )


class AmendmentFile(_Prepared, AgreementMixin):
    capability = C.PLAN_VIEW

    def get(self, request: HttpRequest, pk: int, fmt: str, **kwargs: Any) -> HttpResponse:
        version = get_object_or_404(self.get_queryset(), pk=pk)
        if fmt not in FORMATS:
            raise Http404("Ce document n'existe pas.")
        reader = queries.Reader.of(self.access)
        try:
            content = AmendmentDraft().content(AmendmentRequest(version=version, reader=reader))
        except DomainError as error:
            raise Http404(error.message) from error
        return as_file(content, fmt)


class _OnFormer:
    """What is done on a former version cannot be, once that version is no longer as it was frozen:
    the page of the versions says so."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        except DomainError as error:
            messages.error(request, error.message)
            return redirect("actionplan:versions", kwargs["slug"])


class _AmendmentForm(_OnFormer):
    template_name = "actionplan/amendment_form.html"
    capability = C.PLAN_CHANGE
    refusal = "préparer un avenant"
    form_class = AmendmentPlanForm
    title = "Préparer un avenant"
    page = "actionplan:version"
    agreement: Any

    @cached_property
    def base(self) -> PlanVersion:
        base = queries.last_frozen(self.agreement)
        if base is None:
            raise Http404("Figez d'abord le plan signé.")
        return base

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "base": self.base}  # type: ignore[misc]

    @property
    def lead(self) -> str:
        return f"À partir du {queries.label_of(self.base)} : choisissez les changements que l'avenant reprend."


class AmendmentCreate(_AmendmentForm, ReturnToObject, AgreementCreateView):
    success_message = "L'avenant est en préparation."

    @property
    def cancel_url(self) -> str:
        return reverse("actionplan:versions", args=[self.agreement.slug])


class AmendmentUpdate(_AmendmentForm, _Prepared, ReturnToObject, AgreementUpdateView):
    title = "Modifier l'avenant en préparation"


class AmendmentFreeze(_OnFormer, _Prepared, ReturnToObject, AgreementUpdateView):
    template_name = "layouts/confirm.html"
    capability = C.PLAN_CHANGE
    refusal = "figer le plan"
    form_class = AmendmentFreezeForm
    title = "Figer l'avenant signé"
    submit_label = "Figer la version"
    page = "actionplan:version"
    success_message = "L'avenant est figé : c'est la nouvelle version du plan."

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        version: PlanVersion = self.object
        shown = queries.preview(version, queries.Reader.of(self.access))
        return super().get_context_data(
            submit_variant="primary",
            submit_icon="lock",
            question=f"Figer la version {version.number} du plan : {version.note}",
            consequences=[
                f"Elle reprend {plural(len(shown.all_taken), 'changement')}, dans leur état d'aujourd'hui.",
                f"Hors avenant : {plural(len(shown.left_out), 'changement')}.",
                "Une version figée ne change plus.",
            ],
            **kwargs,
        )


class AmendmentAbandon(_Prepared, ReturnToPage, AgreementDeleteView):
    capability = C.PLAN_CHANGE
    title = "Abandonner la préparation de l'avenant"
    submit_label = "Abandonner"
    page = "actionplan:versions"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            question=f"Abandonner « {self.object.note} » ?",
            consequences=["Le plan d'aujourd'hui et les versions figées ne changent pas."],
            **kwargs,
        )

    def perform(self, form: Any) -> None:
        services.abandon_prepared(self.object, actor=self.access.user)
