"""One-click acts on the parts of an action, its attachments, its estimate, and the archived actions."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from actionplan import forms, queries, services
from actionplan.models import Action
from actionplan.permissions import change_action
from actionplan.views.grids import OfAction
from agreements.models import Attachment
from agreements.roles import Capability as C
from agreements.views import attachments
from agreements.views.base import AgreementFormView, AgreementMixin, AgreementPageView
from core.views.base import safe_next

BOTH = (C.PLAN_CHANGE, C.PLAN_CHANGE_OWN)


class StepAct(AgreementMixin):
    """POST ``geste``: « faire » (today) or « rouvrir »."""

    capability = BOTH
    rule = change_action
    refusal = "modifier cette action"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        step = get_object_or_404(queries.steps_of_actions(self.agreement), pk=pk)
        self.check_rule(step.action)
        act = request.POST.get("geste")
        if act in ("faire", "rouvrir"):
            done_on = date.today() if act == "faire" else None
            services.complete_step(step, actor=self.access.user, on=done_on)
        url = reverse("actionplan:action", args=[self.agreement.slug, step.action_id])
        return redirect(safe_next(request) or f"{url}#etapes")


class ArchivedView(AgreementPageView):
    template_name = "actionplan/archived.html"
    capability = C.PLAN_CHANGE

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(actions=queries.archived(self.agreement), **kwargs)


class ActionRestore(AgreementMixin):
    capability = C.PLAN_CHANGE
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        action = get_object_or_404(Action, agreement=self.agreement, pk=pk)
        if action.is_archived:
            services.restore_action(action, actor=self.access.user)
            messages.success(request, f"L'action {action.code} est de nouveau dans le plan.")
        return redirect("actionplan:action", self.agreement.slug, action.pk)


# --- Attachments ------------------------------------------------------------------------------
class _OfActionFiles:
    target_model = Action
    change_rule = change_action
    change_refusal = "modifier les pièces de cette action"
    access: Any

    def target_url(self, target: Action) -> str:
        return f"{target.get_absolute_url()}#pieces"

    def may_touch(self, attachment: Attachment) -> bool:
        return self.access.can(C.PLAN_CHANGE) or attachment.added_by_id == self.access.user.pk


class _ChangesFiles(_OfActionFiles):
    """An archived action takes no more files; what it has stays readable."""

    capability = BOTH

    def targets(self) -> QuerySet[Action]:
        return queries.actions(self.agreement, date.today())  # type: ignore[attr-defined]


class AttachmentCreate(_ChangesFiles, attachments.AttachmentCreate):
    pass


class AttachmentDownload(_OfActionFiles, attachments.AttachmentDownload):
    capability = C.PLAN_VIEW


class AttachmentUpdate(_ChangesFiles, attachments.AttachmentUpdate):
    pass


class AttachmentDelete(_ChangesFiles, attachments.AttachmentDelete):
    pass


# --- Estimate ---------------------------------------------------------------------------------
class EstimateView(OfAction, AgreementFormView):
    """« Calculer » shows the amount and writes nothing; « Enregistrer » writes the funding."""

    template_name = "actionplan/estimate.html"
    capability = C.PLAN_CHANGE
    form_class = forms.EstimateForm
    title = "Estimer un financement"
    submit_label = "Enregistrer cette estimation"
    success_message = "L'estimation est enregistrée parmi les financements."

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "action": self.action}

    def form_valid(self, form: Any) -> HttpResponse:
        if "calculer" in self.request.POST:
            return self.render_to_response(self.get_context_data(form=form, computed=True))
        return super().form_valid(form)

    def perform(self, form: Any) -> None:
        form.perform()

    def get_default_url(self) -> str:
        return reverse("actionplan:funding", args=[self.agreement.slug, self.action.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(lead=str(self.action), **kwargs)
