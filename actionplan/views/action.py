"""The sheet of an action, its forms, and its one-page PDF."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property

from actionplan import forms, queries, services
from actionplan.documents import ActionSheet, SheetRequest
from actionplan.models import Action
from actionplan.permissions import change_action
from agreements.roles import Capability as C
from agreements.views.base import (
    AgreementCreateView,
    AgreementDeleteView,
    AgreementDetailView,
    AgreementMixin,
    AgreementUpdateView,
    ReturnToObject,
    ReturnToPage,
)
from core.documents.declaration import render
from core.formats import date_long


class ActionView(AgreementDetailView):
    template_name = "actionplan/action.html"
    capability = C.PLAN_VIEW
    context_object_name = "action"

    def get_queryset(self) -> QuerySet[Action]:
        return queries.full_action(self.agreement, date.today())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        action: Action = self.object
        with_money = self.access.can(C.MONEY_VIEW) or self.access.test(change_action, action)
        budget = queries.budget_years(action) if with_money else []
        return super().get_context_data(
            completeness=queries.completeness(action),
            budget=budget,
            total=queries.budget_total(budget),
            fundings=queries.latest_fundings(action.fundings.all()) if with_money else [],
            with_money=with_money,
            notes=queries.visible_notes(action, internal=self.access.can(C.INTERNAL_VIEW)),
            measures=[(measure, list(measure.points.all())) for measure in action.measures.all()],
            facts=facts(action),
            texts=texts(action),
            today=date.today(),
            can_change=self.access.can(C.PLAN_CHANGE),
            can_update=self.access.test(change_action, action),
            **kwargs,
        )


def facts(action: Action) -> list[tuple[str, str]]:
    return [
        ("Structure pilote", str(action.lead_organisation)),
        ("Personne pilote", str(action.lead_contact or "")),
        ("Élu référent", str(action.elected_sponsor or "")),
        ("Début", date_long(action.starts_on) if action.starts_on else ""),
        ("Échéance", date_long(action.due_on)),
        ("Thèmes", ", ".join(theme.name for theme in action.themes.all())),
        ("Enjeux", " ; ".join(challenge.title for challenge in action.challenges.all())),
        (
            "Partenaires",
            ", ".join(
                f"{row.organisation} ({row.get_role_display()})" for row in action.partners.all()
            ),
        ),
        ("Instance de suivi", action.steering_body),
        ("Attendus de l'article D. 214-10-1", action.legal_codes),
    ]


def texts(action: Action) -> list[tuple[str, str]]:
    """The long texts that are written; an empty one is not shown."""
    names = (
        "context", "target_public", "area", "expected_results", "description", "human_means",
        "material_means", "participation", "difficulties", "awaited_decision",
    )  # fmt: skip
    fields = {name: Action._meta.get_field(name).verbose_name for name in names}
    return [
        (str(label).capitalize(), getattr(action, name))
        for name, label in fields.items()
        if getattr(action, name)
    ]


class _OfPlan:
    page = "actionplan:action"
    refusal = "modifier cette action"
    agreement: Any

    def get_queryset(self) -> QuerySet[Action]:
        return queries.actions(self.agreement, date.today())


class ActionCreate(ReturnToObject, AgreementCreateView):
    template_name = "actionplan/action_form.html"
    capability = C.PLAN_CHANGE
    form_class = forms.ActionForm
    title = "Ajouter une action"
    page = "actionplan:action"

    @property
    def cancel_url(self) -> str:
        return reverse("actionplan:plan", args=[self.agreement.slug])

    def get_initial(self) -> dict[str, Any]:
        """From the tree, the level under which the action was asked for; from the diagnosis, the
        challenge that no action answers yet."""
        asked = {name: self.request.GET.get(name, "") for name in ("orientation", "objective")}
        initial: dict[str, Any] = {name: value for name, value in asked.items() if value.isdigit()}
        challenge = self.request.GET.get("enjeu", "")
        return initial | ({"challenges": [challenge]} if challenge.isdigit() else {})


class ActionUpdate(_OfPlan, ReturnToObject, AgreementUpdateView):
    """The whole sheet for whoever changes the plan; where it stands, for the lead partner."""

    template_name = "actionplan/action_form.html"
    capability = (C.PLAN_CHANGE, C.PLAN_CHANGE_OWN)
    rule = change_action
    title = "Modifier l'action"

    def get_form_class(self) -> Any:
        return forms.ActionForm if self.access.can(C.PLAN_CHANGE) else forms.PartnerActionForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(lead=str(self.object), **kwargs)


class StatusUpdate(_OfPlan, ReturnToObject, AgreementUpdateView):
    capability = (C.PLAN_CHANGE, C.PLAN_CHANGE_OWN)
    rule = change_action
    form_class = forms.StatusForm
    title = "Changer le statut"
    success_message = "Le statut est changé."

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(lead=str(self.object), **kwargs)


class NoteCreate(ReturnToObject, AgreementCreateView):
    capability = (C.PLAN_CHANGE, C.PLAN_CHANGE_OWN)
    rule = change_action
    refusal = "modifier cette action"
    form_class = forms.NoteForm
    title = "Ajouter une note de suivi"
    page = "actionplan:action"

    @cached_property
    def action(self) -> Action:
        return get_object_or_404(
            queries.actions(self.agreement, date.today()), pk=self.kwargs["pk"]
        )

    def parent(self) -> Action:
        return self.action

    def get_form_kwargs(self) -> dict[str, Any]:
        self.check_rule(self.action)
        with_internal = self.access.can(C.INTERNAL_VIEW)
        return {**super().get_form_kwargs(), "action": self.action, "with_internal": with_internal}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(lead=str(self.action), **kwargs)


class ActionArchive(_OfPlan, ReturnToPage, AgreementDeleteView):
    capability = C.PLAN_CHANGE
    title = "Archiver l'action"
    submit_label = "Archiver"
    page = "actionplan:plan"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            question=f"Archiver « {self.object} » ?",
            consequences=[
                "Elle quitte le plan et les documents à venir.",
                "Les documents déjà produits la gardent.",
            ],
            **kwargs,
        )

    def perform(self, form: Any) -> None:
        services.archive_action(self.object, actor=self.access.user)


class ActionAct(AgreementMixin):
    """POST ``geste``: « monter », « descendre », « copier »."""

    capability = C.PLAN_CHANGE
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        action = get_object_or_404(queries.actions(self.agreement, date.today()), pk=pk)
        act = request.POST.get("geste")
        if act == "copier":
            copy = services.duplicate_action(action, actor=self.access.user)
            return redirect("actionplan:update", self.agreement.slug, copy.pk)
        services.move_action(action, actor=self.access.user, up=act == "monter")
        return redirect(reverse("actionplan:plan", args=[self.agreement.slug]) + f"#action-{pk}")


class ActionPdf(AgreementMixin):
    """The sheet in one page, as ``fmt``."""

    capability = C.PLAN_VIEW
    fmt = "pdf"

    def get(self, request: HttpRequest, pk: int, **kwargs: Any) -> FileResponse:
        action = get_object_or_404(queries.full_action(self.agreement, date.today()), pk=pk)
        with_money = self.access.can(C.MONEY_VIEW) or self.access.test(change_action, action)
        content = ActionSheet().content(SheetRequest(action, date.today(), with_money))
        file = render(content, self.fmt, watermark=False)
        return FileResponse([file.data], filename=file.name, content_type=file.mime)
